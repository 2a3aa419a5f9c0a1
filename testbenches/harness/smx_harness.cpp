// Drives the accelerator and compares it with the golden model in lockstep.
//
// Reads a vector stream (src/vector-file.ts): what must be written to the spike memory in the order of the schedule,
// optionally every current, and the results of every image. Streams the images in with random idles and takes the
// results with random back-pressure; both are functions of the seed and the number of the image, so that an image
// alone meets the same. Every difference is counted. The first one is described in a JSON line on stdout, the last
// line is the summary. What events and addresses mean is left to the caller.
#include "Vsmx_harness.h"
#include "smx_vectors.h"
#include "verilated.h"

#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <deque>

namespace {

using smx::Image;
using smx::Schedule;
using smx::SpikePlace;

// ---- signals of any width

template <typename T> uint8_t signal_byte(const T& signal, size_t i) { return static_cast<uint8_t>(signal >> (8 * i)); }
template <std::size_t N> uint8_t signal_byte(const VlWide<N>& signal, size_t i) {
    return static_cast<uint8_t>(signal[i / 4] >> (8 * (i % 4)));
}
template <typename T> int32_t signal_word(const T& signal, size_t i) { return static_cast<int32_t>(signal >> (32 * i)); }
template <std::size_t N> int32_t signal_word(const VlWide<N>& signal, size_t i) { return static_cast<int32_t>(signal[i]); }

// The bits of a word as Verilog prints them, the most significant first.
std::string binary(const uint8_t* bytes, size_t count) {
    std::string text;
    for (size_t bit = 8 * count; bit-- > 0;) text += bytes[bit / 8] >> bit % 8 & 1 ? '1' : '0';
    return text;
}

// ---- options

struct Options {
    std::string vectors = "-";
    uint32_t seed = 1;
    uint32_t idle_percent = 0;      // chance of an idle cycle before a pixel
    uint32_t stall_percent = 0;     // chance of a cycle in which the result is not taken
    uint32_t bad_frames = 0;        // frames with a misplaced tlast in front of every image
    int64_t reset_at = -1;          // cycle in which the design is reset once
    uint64_t timeout_cycles = 0;    // without progress; 0: none
    uint64_t image_cycles = 0;      // closed form that the cycle counter must meet; 0: unchecked
};

Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i < argc; i++) {
        const std::string name = argv[i];
        if (name[0] == '+') continue;   // for Verilator
        if (i + 1 == argc) throw std::runtime_error("no value for option " + name);
        const char* value = argv[++i];
        const auto number = [value] { return std::strtoull(value, nullptr, 10); };
        if (name == "--vectors") o.vectors = value;
        else if (name == "--seed") o.seed = static_cast<uint32_t>(number());
        else if (name == "--idle") o.idle_percent = static_cast<uint32_t>(number());
        else if (name == "--stall") o.stall_percent = static_cast<uint32_t>(number());
        else if (name == "--bad-frames") o.bad_frames = static_cast<uint32_t>(number());
        else if (name == "--reset-at") o.reset_at = static_cast<int64_t>(number());
        else if (name == "--timeout") o.timeout_cycles = number();
        else if (name == "--cycles") o.image_cycles = number();
        else throw std::runtime_error("unknown option " + name);
    }
    return o;
}

// xorshift64*, seeded by (seed, image, stream): the same sequence on every machine.
class Random {
public:
    Random(uint32_t seed, uint32_t image, uint32_t stream)
        : state_((uint64_t{seed} << 32 | image) * 0x9e3779b97f4a7c15u ^ (uint64_t{stream} + 1) * 0xbf58476d1ce4e5b9u) {
        if (state_ == 0) state_ = 1;
        for (int i = 0; i < 8; i++) next();
    }
    uint32_t below(uint32_t limit) { return next() % limit; }
    bool chance(uint32_t percent) { return below(100) < percent; }

private:
    uint32_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return static_cast<uint32_t>(state_ * 0x2545f4914f6cdd1du >> 32);
    }
    uint64_t state_;
};

constexpr uint32_t ImageStream = 0, ResultStream = 1;

// ---- the bench

class Bench {
public:
    explicit Bench(const Options& options)
        : options_(options), reader_(options.vectors), schedule_(reader_.read_schedule()),
          image_random_(options.seed, schedule_.first_image, ImageStream),
          result_random_(options.seed, schedule_.first_image, ResultStream), dut_(new Vsmx_harness) {}

    // Runs all images; true if there was no difference.
    bool run() {
        for (int i = 0; i < ResetCycles; i++) step(false);
        start_image();
        while (images_done_ < schedule_.images && !hung_) step(true);
        // nothing may come behind the last result
        for (int i = 0; i < DrainCycles && !hung_; i++) step(true);
        return report();
    }

private:
    static constexpr int ResetCycles = 4, DrainCycles = 64;

    // One clock cycle: inputs settle, the cycle's outputs are looked at, then the clock rises.
    void step(bool active) {
        if (active && static_cast<int64_t>(cycle_) == options_.reset_at) {
            reset_hold_ = ResetCycles;
            restart();
        }
        const bool running = active && reset_hold_ == 0;
        if (reset_hold_) reset_hold_--;
        dut_->aresetn = running;
        drive(running);
        dut_->aclk = 0;
        dut_->eval();
        if (running) observe();
        dut_->aclk = 1;
        dut_->eval();
        if (active) cycle_++;
    }

    // ---- images in

    // The next image to send: one that a reset has interrupted, or a new one; null behind the last.
    std::shared_ptr<Image> next_image() {
        if (resend_.empty()) {
            if (images_read_ == schedule_.images) return nullptr;
            images_read_++;
            return reader_.read_image();
        }
        auto image = resend_.front();
        resend_.pop_front();
        return image;
    }

    void start_image() {
        sending_ = next_image();
        if (!sending_) return;
        image_random_ = Random(options_.seed, sending_->number, ImageStream);
        bad_frames_left_ = options_.bad_frames;
        start_frame();
    }

    // A bad frame ends early or goes on behind the last pixel.
    void start_frame() {
        sent_ = 0;
        frame_beats_ = schedule_.pixels;
        if (bad_frames_left_ == 0) return;
        const bool early = schedule_.pixels > 1 && image_random_.chance(50);
        frame_beats_ = early ? 1 + image_random_.below(schedule_.pixels - 1) : schedule_.pixels + 1 + image_random_.below(3);
    }

    // A reset loses all images whose results have not come out: they are sent again from their first pixel.
    void restart() {
        if (sending_) backlog_.push_back(sending_);
        resend_.insert(resend_.begin(), backlog_.begin(), backlog_.end());
        backlog_.clear();
        working_ = spike_ = current_ = beat_ = 0;
        image_offered_ = result_held_ = false;
        progress_cycle_ = cycle_;
        start_image();
    }

    void drive(bool running) {
        // a valid offer stands until it is taken, as AXI4-Stream asks
        if (!running) image_offered_ = false;
        else if (!image_offered_) image_offered_ = sending_ && !image_random_.chance(options_.idle_percent);
        dut_->image_tvalid = image_offered_;
        // pixels of bad frames and idle cycles must not be seen by anyone: they differ from those of the image
        uint8_t pixel = static_cast<uint8_t>(cycle_);
        if (image_offered_) {
            pixel = sending_->pixels[sent_ % schedule_.pixels];
            if (bad_frames_left_) pixel = static_cast<uint8_t>(~pixel);
        }
        dut_->image_tdata = pixel;
        dut_->image_tlast = image_offered_ ? sent_ + 1 == frame_beats_ : cycle_ & 1;
        dut_->result_tready = running && !result_random_.chance(options_.stall_percent);
    }

    void take_pixel() {
        const bool last = sent_ + 1 == frame_beats_;
        const bool image_end = sent_ + 1 == schedule_.pixels;
        const bool error = sent_ < schedule_.pixels && last != image_end;
        if (dut_->frame_error != error) mismatch("frame-error", sending_->number, sent_, 0, error, dut_->frame_error);
        frame_errors_ += dut_->frame_error;
        image_offered_ = false;
        progress_cycle_ = cycle_;
        sent_++;
        if (!last) return;
        if (bad_frames_left_) {
            bad_frames_left_--;
            start_frame();
            return;
        }
        backlog_.push_back(sending_);
        start_image();
    }

    // ---- what comes out

    void observe() {
        if (dut_->image_tvalid && dut_->image_tready) take_pixel();
        else if (dut_->frame_error) mismatch("frame-error", image_number(), sent_, 0, 0, 1);
        if (dut_->spike_write) compare_spikes();
        if (dut_->current_valid && schedule_.current_words) compare_currents();
        if (dut_->image_done) finish_image();
        observe_result();
        if (options_.timeout_cycles && cycle_ - progress_cycle_ > options_.timeout_cycles) hang();
    }

    // The image whose spikes come next; it has been sent whole before its first spike.
    const Image* current_image() const { return working_ < backlog_.size() ? backlog_[working_].get() : nullptr; }

    uint32_t image_number() const {
        if (const Image* image = current_image()) return image->number;
        if (sending_) return sending_->number;
        return schedule_.first_image + schedule_.images - 1;
    }

    void compare_spikes() {
        const size_t bytes = schedule_.spike_bytes;
        std::vector<uint8_t> got(bytes);
        for (size_t i = 0; i < bytes; i++) got[i] = signal_byte(dut_->spike_data, i);
        const Image* image = current_image();
        if (!image || spike_ >= schedule_.spikes.size()) {
            mismatch_word("extra", nullptr, got, 1);
            return;
        }
        progress_cycle_ = cycle_;
        const SpikePlace& place = schedule_.spikes[spike_];
        const uint8_t* want = &image->spikes[spike_ * bytes];
        if (place.pass != dut_->spike_pass || place.row != dut_->spike_row || place.word != dut_->spike_word) {
            mismatch_word("address", want, got, 1);
        } else {
            uint32_t wrong = 0;
            for (size_t i = 0; i < bytes; i++) {
                wrong += __builtin_popcount((got[i] ^ want[i]) & place.mask[i]);
                compared_spikes_ += __builtin_popcount(place.mask[i]);
            }
            if (wrong) mismatch_word("spikes", want, got, wrong);
        }
        spike_++;
    }

    void compare_currents() {
        const Image* image = current_image();
        const size_t words = schedule_.current_words;
        if (!image || current_ >= schedule_.current_steps) {
            mismatch("extra-current", image_number(), current_, 0, 0, 1);
            return;
        }
        for (size_t u = 0; u < words; u++) {
            const size_t at = current_ * words + u;
            if (!schedule_.current_mask[at]) continue;
            compared_currents_++;
            const int32_t got = signal_word(dut_->current_data, u), want = image->currents[at];
            if (got != want) mismatch("currents", image->number, current_, u, want, got);
        }
        current_++;
    }

    void finish_image() {
        const Image* image = current_image();
        if (!image) {
            mismatch("extra-image", image_number(), 0, 0, 0, 1);
            return;
        }
        if (spike_ < schedule_.spikes.size())
            mismatch("missing", image->number, spike_, 0, schedule_.spikes.size(), spike_);
        if (current_ < schedule_.current_steps)
            mismatch("missing-current", image->number, current_, 0, schedule_.current_steps, current_);
        if (options_.image_cycles && dut_->cycles != options_.image_cycles)
            mismatch("cycles", image->number, 0, 0, options_.image_cycles, dut_->cycles);
        min_cycles_ = std::min<uint64_t>(min_cycles_, dut_->cycles);
        max_cycles_ = std::max<uint64_t>(max_cycles_, dut_->cycles);
        stalls_ += dut_->stalls;
        spike_ = current_ = 0;
        working_++;
    }

    void observe_result() {
        const bool valid = dut_->result_tvalid, last = dut_->result_tlast;
        const uint32_t data = dut_->result_tdata;
        // an offer may neither be withdrawn nor changed before it is taken
        if (result_held_ && (!valid || data != held_data_ || last != held_last_))
            mismatch("protocol", result_number(), beat_, 0, static_cast<int32_t>(held_data_), valid ? static_cast<int32_t>(data) : 0);
        result_held_ = valid && !dut_->result_tready;
        held_data_ = data;
        held_last_ = last;
        if (valid && dut_->result_tready) compare_result(static_cast<int32_t>(data), last);
    }

    uint32_t result_number() const { return backlog_.empty() ? image_number() : backlog_.front()->number; }

    void compare_result(int32_t got, bool last) {
        if (backlog_.empty()) {
            mismatch("extra-result", image_number(), beat_, 0, 0, got);
            return;
        }
        progress_cycle_ = cycle_;
        const Image& image = *backlog_.front();
        const int32_t want = image.result[beat_];
        const bool want_last = beat_ + 1 == image.result.size();
        compared_results_++;
        if (got != want) mismatch(beat_ == 0 ? "class" : "logits", image.number, beat_, 0, want, got);
        if (last != want_last) mismatch("tlast", image.number, beat_, 0, want_last, last);
        beat_++;
        if (!want_last) return;
        beat_ = 0;
        images_done_++;
        backlog_.pop_front();
        if (working_) working_--;
        result_random_ = Random(options_.seed, schedule_.first_image + images_done_, ResultStream);
        std::fprintf(stderr, "image %u/%u\n", images_done_, schedule_.images);
    }

    void hang() {
        hung_ = true;
        mismatch("timeout", image_number(), spike_, 0, schedule_.spikes.size(), spike_);
    }

    // ---- the story

    bool first_mismatch(const char* kind, uint32_t image, size_t event) {
        if (described_) return false;
        described_ = true;
        std::printf("{\"kind\":\"%s\",\"image\":%u,\"imagesSent\":%u,\"cycle\":%" PRIu64 ",\"event\":%zu,", kind, image,
                    images_read_, cycle_, event);
        return true;
    }

    void mismatch_word(const char* kind, const uint8_t* want, const std::vector<uint8_t>& got, uint32_t count) {
        mismatches_ += count;
        if (!first_mismatch(kind, image_number(), spike_)) return;
        std::printf("\"pass\":%u,\"row\":%u,\"word\":%u,\"expectedWord\":\"%s\",\"gotWord\":\"%s\"}\n", dut_->spike_pass,
                    dut_->spike_row, dut_->spike_word, want ? binary(want, got.size()).c_str() : "", binary(got.data(), got.size()).c_str());
        std::fflush(stdout);
    }

    void mismatch(const char* kind, uint32_t image, size_t event, size_t index, int64_t want, int64_t got) {
        mismatches_++;
        if (!first_mismatch(kind, image, event)) return;
        std::printf("\"index\":%zu,\"expected\":%" PRId64 ",\"got\":%" PRId64 "}\n", index, want, got);
        std::fflush(stdout);
    }

    bool report() const {
        std::printf("{\"kind\":\"summary\",\"images\":%u,\"comparedSpikes\":%" PRIu64 ",\"comparedCurrents\":%" PRIu64
                    ",\"comparedResults\":%" PRIu64 ",\"mismatches\":%" PRIu64 ",\"frameErrors\":%" PRIu64
                    ",\"stallCycles\":%" PRIu64 ",\"totalCycles\":%" PRIu64 ",\"minCycles\":%" PRIu64
                    ",\"maxCycles\":%" PRIu64 "}\n",
                    images_done_, compared_spikes_, compared_currents_, compared_results_, mismatches_, frame_errors_,
                    stalls_, cycle_, max_cycles_ ? min_cycles_ : 0, max_cycles_);
        return mismatches_ == 0;
    }

    const Options options_;
    smx::VectorReader reader_;
    const Schedule& schedule_;
    Random image_random_, result_random_;
    std::unique_ptr<Vsmx_harness> dut_;
    uint64_t cycle_ = 0, progress_cycle_ = 0;
    int reset_hold_ = 0;

    std::shared_ptr<Image> sending_;
    std::deque<std::shared_ptr<Image>> resend_;
    uint32_t images_read_ = 0, bad_frames_left_ = 0, frame_beats_ = 0, sent_ = 0;
    bool image_offered_ = false;

    std::deque<std::shared_ptr<Image>> backlog_;   // sent, result not yet received whole
    size_t working_ = 0;                            // the one of them that is worked on
    size_t spike_ = 0, current_ = 0, beat_ = 0;     // next event of each kind
    uint32_t images_done_ = 0, held_data_ = 0;
    bool result_held_ = false, held_last_ = false, hung_ = false, described_ = false;

    uint64_t compared_spikes_ = 0, compared_currents_ = 0, compared_results_ = 0, mismatches_ = 0, frame_errors_ = 0;
    uint64_t stalls_ = 0, min_cycles_ = UINT64_MAX, max_cycles_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    try {
        Verilated::commandArgs(argc, argv);
        return Bench(parse(argc, argv)).run() ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
