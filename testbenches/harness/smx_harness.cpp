// Drives the accelerator and compares it with the golden model in lockstep.
//
// Reads a vector stream (src/vector-file.ts): what must be written to the spike memory in the order of the schedule,
// optionally every current, and the results. Idles in front of pixels and back-pressure are functions of the seed and
// the number of the image, so that an image alone meets the same. The first difference is a JSON line on stdout, the
// last line is the summary. What events and addresses mean is left to the caller. smx_checkpoint.h keeps the state.
#include "Vsmx_harness.h"
#include "smx_checkpoint.h"
#include "smx_counts.h"
#include "smx_memory.h"
#include "smx_options.h"
#include "smx_signals.h"
#include "smx_vectors.h"
#include "smx_weights.h"
#include "verilated.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdarg>
#include <deque>
#include <utility>

namespace {

using smx::Image;
using smx::Options;
using smx::Random;
using smx::Schedule;
using smx::SpikePlace;
using namespace smx::signals;

constexpr uint32_t ImageStream = 0, ResultStream = 1, WeightStream = 2;

class Bench {
public:
    explicit Bench(const Options& options)
        : options_(options), reader_(options.vectors), schedule_(reader_.read_schedule()),
          image_random_(options.seed, schedule_.first_image, ImageStream),
          result_random_(options.seed, schedule_.first_image, ResultStream), dut_(new Vsmx_harness), memory_(options_) {}

    // Runs all images; true if there was no difference.
    bool run() {
        if (options_.resume) {
            resume();
        } else {
            for (int i = 0; i < ResetCycles; i++) step(false);
            start_image();
        }
        while (images_done_ < schedule_.images && !hung_) {
            if (cycle_ % LookAroundCycles == 0) look_around();
            step(true);
        }
        // nothing may come behind the last result
        if (!options_.partial)
            for (int i = 0; i < DrainCycles && !hung_; i++) step(true);
        return report();
    }

private:
    static constexpr int ResetCycles = 4, DrainCycles = 64;
    static constexpr uint64_t LookAroundCycles = 4096;   // so rarely that the clock costs nothing
    using Clock = std::chrono::steady_clock;

    // ---- progress and checkpoints

    // Tells the progress every second and writes a checkpoint when it is time.
    void look_around() {
        const auto now = Clock::now();
        if (now - told_ >= std::chrono::seconds(1)) {
            // the counter belongs to the image under way once that has written something
            std::fprintf(stderr, "at %zu %u\n", images_done_ + at_[0].working, at_[0].spike ? signal_word(dut_->cycles, 0) : 0);
            told_ = now;
        }
        if (options_.checkpoint.empty() || cycle_ == resumed_ || now - saved_ < std::chrono::seconds(options_.checkpoint_seconds))
            return;
        save();
        saved_ = now;
    }

    // Everything that changes, but the design and the images: those behind the results are in the stream again.
    template <typename Visit> void each_field(Visit visit) {
        visit(image_random_), visit(result_random_), visit(cycle_), visit(progress_cycle_), visit(reset_hold_);
        visit(bad_frames_left_), visit(frame_beats_), visit(sent_), visit(image_offered_);
        visit(at_), visit(beat_), visit(images_done_), visit(last_end_), visit(interval_);
        visit(held_data_), visit(result_held_), visit(held_last_), visit(described_);
        visit(compared_spikes_), visit(compared_currents_), visit(compared_results_), visit(mismatches_);
        visit(frame_errors_), visit(stalls_), visit(min_cycles_), visit(max_cycles_), visit(cpu_before_), visit(memory_.state());
    }

    void save() {
        smx::StateWriter state;
        const uint64_t cpu_here = cpu_before_;
        cpu_before_ += cpu_milliseconds();
        each_field([&state](const auto& field) { state.write(&field, sizeof field); });
        cpu_before_ = cpu_here;
        state << story_;
        const uint64_t queues[] = {backlog_.size(), sending_ ? 1u : 0u, resend_.size()};
        state.write(queues, sizeof queues);
        state << *dut_;
        smx::write_checkpoint(options_.checkpoint, options_.checkpoint_key, state.finish());
    }

    // The caller waits for the line that says how many images need not be sent again.
    void resume() {
        smx::StateReader state(smx::read_checkpoint(options_.checkpoint, options_.checkpoint_key));
        each_field([&state](auto& field) { state.read(&field, sizeof field); });
        state >> story_;
        uint64_t queues[3];
        state.read(queues, sizeof queues);
        dut_->eval();   // whatever happens at the start of a simulation must not happen later
        state >> *dut_;
        std::fprintf(stderr, "resume %u %" PRIu64 "\n", images_done_, cycle_);
        std::fputs(story_.c_str(), stdout);
        reader_.skip(images_done_);
        images_read_ = images_done_;
        const auto read = [this] { return images_read_++, reader_.read_image(); };
        while (backlog_.size() < queues[0]) backlog_.push_back(read());
        if (queues[1]) sending_ = read();
        while (resend_.size() < queues[2]) resend_.push_back(read());
        resumed_ = cycle_;
    }

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
        if (running) {
            observe();
            counts_.look(*dut_);
        }
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
        sending_->counted = 0;
        image_random_ = Random(options_.seed, sending_->number, ImageStream);
        bad_frames_left_ = options_.bad_frames;
        weights_.request(sending_->weights, options_.bad_frames, Random(options_.seed, sending_->number, WeightStream));
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
        at_ = {};
        beat_ = last_end_ = interval_ = 0;
        image_offered_ = result_held_ = false;
        weights_.reset();
        memory_.reset();
        progress_cycle_ = cycle_;
        start_image();
    }

    void drive(bool running) {
        // a valid offer stands until it is taken, as AXI4-Stream asks
        if (!running) image_offered_ = false;
        else if (!image_offered_) image_offered_ = sending_ && weights_.idle() && !image_random_.chance(options_.idle_percent);
        dut_->image_tvalid = image_offered_;
        // pixels of bad frames and idle cycles must not be seen by anyone: they differ from those of the image
        const uint8_t pixel = image_offered_ ? sending_->pixels[sent_ % schedule_.pixels] : static_cast<uint8_t>(cycle_);
        dut_->image_tdata = image_offered_ && bad_frames_left_ ? static_cast<uint8_t>(~pixel) : pixel;
        dut_->image_tlast = image_offered_ ? sent_ + 1 == frame_beats_ : cycle_ & 1;
        if (running) weights_.drive(options_.idle_percent);
        dut_->weights_tvalid = running && weights_.offered();
        dut_->weights_tdata = weights_.offered() ? weights_.data() : static_cast<uint32_t>(cycle_);
        dut_->weights_tlast = weights_.offered() ? weights_.last() : cycle_ & 1;
        memory_.drive(*dut_, running);
        dut_->result_tready = running && !result_random_.chance(options_.stall_percent);
    }

    void take_pixel() {
        const bool last = sent_ + 1 == frame_beats_, image_end = sent_ + 1 == schedule_.pixels;
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
        observe_weights();
        if (const auto fault = memory_.observe(*dut_)) mismatch("memory", image_number(), 0, 0, 0, fault);
        if (memory_.moved()) progress_cycle_ = cycle_;
        if (dut_->image_tvalid && dut_->image_tready) take_pixel();
        else if (dut_->frame_error) mismatch("frame-error", image_number(), sent_, 0, 0, 1);
        for (size_t k = 0; k < schedule_.segments.size(); k++)
            if (!options_.partial || at_[k].working == 0) observe_engine(k);
        observe_result();
        if (options_.timeout_cycles && cycle_ - progress_cycle_ > options_.timeout_cycles) hang();
    }

    void observe_engine(size_t k) {
        if (signal_bit(dut_->spike_write, k)) compare_spikes(k);
        if (signal_bit(dut_->current_valid, k) && schedule_.current_words) compare_currents(k);
        if (signal_bit(dut_->image_done, k)) finish_image(k);
    }

    // No image may be taken before its weights are there.
    void observe_weights() {
        if (dut_->weights_tvalid && dut_->weights_tready) progress_cycle_ = cycle_;
        const bool right = weights_.observe(dut_->weights_tready, dut_->weights_loaded, dut_->weights_error);
        if (!right || (dut_->image_tready && !dut_->weights_loaded))
            mismatch("weights", image_number(), 0, 0, right, dut_->weights_loaded);
    }

    // The image whose spikes come next from an engine; it has been sent whole before its first spike.
    Image* current_image(size_t k) const {
        const size_t place = at_[k].working;
        return place < backlog_.size() ? backlog_[place].get() : nullptr;
    }

    uint32_t image_number(size_t k = 0) const {
        if (const Image* image = current_image(k)) return image->number;
        if (sending_) return sending_->number;
        return schedule_.first_image + schedule_.images - 1;
    }

    void compare_spikes(size_t k) {
        const size_t bytes = schedule_.spike_bytes;
        const smx::SegmentSchedule& segment = schedule_.segments[k];
        const size_t event = segment.spikes_begin + at_[k].spike;
        std::vector<uint8_t> got(bytes);
        for (size_t i = 0; i < bytes; i++) got[i] = signal_byte(dut_->spike_data, k * bytes + i);
        const Image* image = current_image(k);
        if (!image || event >= segment.spikes_end) {
            mismatch_word("extra", k, nullptr, got, 1);
            return;
        }
        progress_cycle_ = cycle_;
        const SpikePlace& place = schedule_.spikes[event];
        const uint8_t* want = &image->spikes[event * bytes];
        const auto is = [k](const auto& signal, uint32_t value) { return static_cast<uint32_t>(signal_word(signal, k)) == value; };
        const bool in_pass = is(dut_->spike_pass, place.pass - segment.first_pass);
        if (!in_pass || !is(dut_->spike_row, place.row) || !is(dut_->spike_word, place.word)) {
            mismatch_word("address", k, want, got, 1);
        } else {
            uint32_t wrong = 0;
            for (size_t i = 0; i < bytes; i++) {
                wrong += __builtin_popcount((got[i] ^ want[i]) & place.mask[i]);
                compared_spikes_ += __builtin_popcount(place.mask[i]);
            }
            if (wrong) mismatch_word("spikes", k, want, got, wrong);
        }
        at_[k].spike++;
    }

    void compare_currents(size_t k) {
        const Image* image = current_image(k);
        const size_t words = schedule_.current_words;
        const size_t event = schedule_.segments[k].steps_begin + at_[k].current;
        if (!image || event >= schedule_.segments[k].steps_end) {
            mismatch("extra-current", image_number(k), event, 0, 0, 1);
            return;
        }
        for (size_t u = 0; u < words; u++) {
            const size_t at = event * words + u;
            if (!schedule_.current_mask[at]) continue;
            compared_currents_++;
            const int32_t got = signal_word(dut_->current_data, k * words + u), want = image->currents[at];
            if (got != want) mismatch("currents", image->number, event, u, want, got);
        }
        at_[k].current++;
    }

    void finish_image(size_t k) {
        Image* image = current_image(k);
        if (!image) {
            mismatch("extra-image", image_number(k), 0, 0, 0, 1);
            return;
        }
        const smx::SegmentSchedule& segment = schedule_.segments[k];
        const size_t spike = segment.spikes_begin + at_[k].spike, current = segment.steps_begin + at_[k].current;
        if (spike < segment.spikes_end) mismatch("missing", image->number, spike, 0, segment.spikes_end, spike);
        if (current < segment.steps_end) mismatch("missing-current", image->number, current, 0, segment.steps_end, current);
        const auto cycles = static_cast<uint32_t>(signal_word(dut_->cycles, k));
        if (segment.cycles && cycles != segment.cycles) mismatch("cycles", image->number, 0, 0, segment.cycles, cycles);
        image->counted += cycles;
        stalls_ += static_cast<uint32_t>(signal_word(dut_->stalls, k));
        memory_.finish_image(*dut_);
        at_[k] = {at_[k].working + 1, 0, 0};
        if (k + 1 == schedule_.segments.size()) leave_engines(*image);
    }

    // The last engine is done with an image.
    void leave_engines(const Image& image) {
        if (image.counted != image.cycles) mismatch("cycles", image.number, 0, 0, image.cycles, image.counted);
        min_cycles_ = std::min(min_cycles_, image.counted);
        max_cycles_ = std::max(max_cycles_, image.counted);
        interval_ = last_end_ ? cycle_ - std::exchange(last_end_, cycle_) : (last_end_ = cycle_, 0);
        if (schedule_.beats == 0) finish_result();
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
        if (want_last) finish_result();
    }

    void finish_result() {
        beat_ = 0;
        images_done_++;
        backlog_.pop_front();
        for (auto& at : at_) at.working -= at.working > 0;
        result_random_ = Random(options_.seed, schedule_.first_image + images_done_, ResultStream);
        std::fprintf(stderr, "image %u/%u\n", images_done_, schedule_.images);
    }

    void hang() {
        hung_ = true;
        // the engine that stands in the midst of an image, else the last that has one
        size_t stuck = 0;
        for (size_t k = 0; k < schedule_.segments.size(); k++)
            if (at_[k].spike || (current_image(k) && !at_[stuck].spike)) stuck = k;
        const size_t event = schedule_.segments[stuck].spikes_begin + at_[stuck].spike;
        mismatch("timeout", image_number(stuck), event, 0, schedule_.segments[stuck].spikes_end, event);
    }

    // ---- the story

    bool first_mismatch(const char* kind, uint32_t image, size_t event) {
        if (described_) return false;
        described_ = true;
        tell("{\"kind\":\"%s\",\"image\":%u,\"imagesSent\":%u,\"cycle\":%" PRIu64 ",\"event\":%zu,", kind, image,
             images_read_, cycle_, event);
        return true;
    }

    // Prints a part of the story, and keeps it: who goes on from a checkpoint has not seen it.
    __attribute__((format(printf, 2, 3))) void tell(const char* format, ...) {
        char text[256];
        va_list arguments;
        va_start(arguments, format);
        std::vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        tell_text(text);
    }
    void tell_text(const std::string& text) {
        story_ += text;
        std::fputs(text.c_str(), stdout);
        std::fflush(stdout);
    }

    void mismatch_word(const char* kind, size_t k, const uint8_t* want, const std::vector<uint8_t>& got, uint32_t count) {
        mismatches_ += count;
        const smx::SegmentSchedule& segment = schedule_.segments[k];
        if (!first_mismatch(kind, image_number(k), segment.spikes_begin + at_[k].spike)) return;
        const auto value = [k](const auto& signal) { return static_cast<uint32_t>(signal_word(signal, k)); };
        tell("\"pass\":%u,\"row\":%u,\"word\":%u,", segment.first_pass + value(dut_->spike_pass), value(dut_->spike_row),
             value(dut_->spike_word));
        const auto bits = [&got](const uint8_t* data) { return data ? binary(data, got.size()) : ""; };
        tell_text("\"expectedWord\":\"" + bits(want) + "\",\"gotWord\":\"" + bits(got.data()) + "\"}\n");
    }

    void mismatch(const char* kind, uint32_t image, size_t event, size_t index, int64_t want, int64_t got) {
        mismatches_++;
        if (!first_mismatch(kind, image, event)) return;
        tell("\"index\":%zu,\"expected\":%" PRId64 ",\"got\":%" PRId64 "}\n", index, want, got);
    }

    bool report() const {
        std::printf("{\"kind\":\"summary\",\"images\":%u,\"comparedSpikes\":%" PRIu64 ",\"comparedCurrents\":%" PRIu64
                    ",\"comparedResults\":%" PRIu64 ",\"mismatches\":%" PRIu64 ",\"frameErrors\":%" PRIu64
                    ",\"stallCycles\":%" PRIu64 ",\"totalCycles\":%" PRIu64 ",\"minCycles\":%" PRIu64
                    ",\"maxCycles\":%" PRIu64 ",\"cpuMilliseconds\":%" PRIu64 ",\"peakKilobytes\":%" PRIu64
                    ",\"resumedAtCycle\":%" PRIu64 ",\"intervalCycles\":%" PRIu64,
                    images_done_, compared_spikes_, compared_currents_, compared_results_, mismatches_, frame_errors_,
                    stalls_, cycle_, max_cycles_ ? min_cycles_ : 0, max_cycles_, cpu_before_ + cpu_milliseconds(),
                    peak_kilobytes(), resumed_, interval_);
        counts_.print();
        memory_.print();
        std::printf("}\n");
        return mismatches_ == 0;
    }

    const Options options_;
    smx::VectorReader reader_;
    const Schedule& schedule_;
    Random image_random_, result_random_;
    std::unique_ptr<Vsmx_harness> dut_;
    uint64_t cycle_ = 0, progress_cycle_ = 0;
    int reset_hold_ = 0;
    smx::Counts<Vsmx_harness> counts_;
    smx::WeightSender weights_;
    smx::Memory memory_;
    std::shared_ptr<Image> sending_;
    std::deque<std::shared_ptr<Image>> resend_;
    uint32_t images_read_ = 0, bad_frames_left_ = 0, frame_beats_ = 0, sent_ = 0;
    bool image_offered_ = false;

    std::deque<std::shared_ptr<Image>> backlog_;   // sent, result not yet received whole
    // Of an engine: the one of them that it works on, and its next event of each kind.
    struct Progress {
        size_t working, spike, current;
    };
    static constexpr size_t MaxSegments = 32;
    std::array<Progress, MaxSegments> at_{};
    size_t beat_ = 0;
    uint64_t last_end_ = 0, interval_ = 0;          // cycle in which the last engine was done, and since the time before
    uint32_t images_done_ = 0, held_data_ = 0;
    bool result_held_ = false, held_last_ = false, hung_ = false, described_ = false;

    uint64_t compared_spikes_ = 0, compared_currents_ = 0, compared_results_ = 0, mismatches_ = 0, frame_errors_ = 0;
    uint64_t stalls_ = 0, min_cycles_ = UINT64_MAX, max_cycles_ = 0;
    uint64_t cpu_before_ = 0;                       // of the processes that the checkpoint comes from
    uint64_t resumed_ = 0;                          // cycle of that checkpoint
    std::string story_;                             // the first difference as it was told
    Clock::time_point told_ = Clock::now(), saved_ = Clock::now();
};

}  // namespace

// Exit codes: 0 equal, 1 different, 2 something else is wrong, and this.
constexpr int ForeignCheckpointCode = 3;

int main(int argc, char** argv) {
    try {
        Verilated::commandArgs(argc, argv);
        return Bench(smx::parse_options(argc, argv)).run() ? 0 : 1;
    } catch (const smx::ForeignCheckpoint& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return ForeignCheckpointCode;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
