// Drives the accelerator and compares it with the golden model in lockstep.
//
// Reads a vector file (see src/vector-file.ts): per image the pixels, every word that must go to the spike memory in
// the order of the schedule, optionally every current, and the logits. Streams the images in with random idles and
// takes the results with random back-pressure. Every difference is counted; the first of each image is described in
// one JSON line on stdout, the last line is the summary. The interpretation of addresses is left to the caller.
#include "Vsmx_harness.h"
#include "verilated.h"

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

// ---- input

class Reader {
public:
    explicit Reader(const char* path) : file_(std::fopen(path, "rb")) {
        if (!file_) throw std::runtime_error(std::string("cannot open ") + path);
    }
    ~Reader() { std::fclose(file_); }
    std::vector<uint8_t> bytes(size_t count) {
        std::vector<uint8_t> data(count);
        if (count && std::fread(data.data(), 1, count, file_) != count) throw std::runtime_error("vector file is cut");
        return data;
    }
    uint32_t word() {
        const auto b = bytes(4);
        return b[0] | b[1] << 8 | b[2] << 16 | static_cast<uint32_t>(b[3]) << 24;
    }

private:
    FILE* file_;
};

struct Header {
    uint32_t images, pixels, spike_bits, current_words, classes;
};

struct SpikeWord {
    uint32_t pass, row, word;
    std::vector<uint8_t> data, mask;
};

struct Image {
    std::vector<uint8_t> pixels;
    std::vector<SpikeWord> spikes;
    std::vector<int32_t> currents;        // current_words values a step
    std::vector<uint8_t> current_mask;    // 1 where a current belongs to a neuron
    std::vector<int32_t> result;          // class, logits
};

Image read_image(Reader& in, const Header& h) {
    Image image;
    const size_t bytes = (h.spike_bits + 7) / 8;
    image.pixels = in.bytes(h.pixels);
    image.spikes.resize(in.word());
    for (auto& s : image.spikes) {
        s.pass = in.word();
        s.row = in.word();
        s.word = in.word();
        s.data = in.bytes(bytes);
        s.mask = in.bytes(bytes);
    }
    const size_t steps = in.word();
    image.currents.resize(steps * h.current_words);
    for (auto& c : image.currents) c = static_cast<int32_t>(in.word());
    image.current_mask = in.bytes(steps * h.current_words);
    for (uint32_t i = 0; i <= h.classes; i++) image.result.push_back(static_cast<int32_t>(in.word()));
    return image;
}

// ---- signals of any width as bytes

template <typename T> uint8_t signal_byte(const T& signal, size_t i) { return static_cast<uint8_t>(signal >> (8 * i)); }
template <std::size_t N> uint8_t signal_byte(const VlWide<N>& signal, size_t i) {
    return static_cast<uint8_t>(signal[i / 4] >> (8 * (i % 4)));
}
template <typename T> int32_t signal_word(const T& signal, size_t i) { return static_cast<int32_t>(signal >> (32 * i)); }
template <std::size_t N> int32_t signal_word(const VlWide<N>& signal, size_t i) { return static_cast<int32_t>(signal[i]); }

std::string hex(const std::vector<uint8_t>& bytes) {
    std::string text;
    char digits[3];
    for (const uint8_t b : bytes) {
        std::snprintf(digits, sizeof digits, "%02x", b);
        text += digits;
    }
    return text;
}

// ---- options

struct Options {
    std::string vectors;
    uint32_t seed = 1;
    uint32_t idle_percent = 0;       // chance of an idle cycle before a pixel
    uint32_t stall_percent = 0;      // chance of a cycle in which the result is not taken
    uint64_t timeout_cycles = 0;     // without progress
    int64_t reset_at = -1;           // cycle in which the design is reset once, in mid-image
    uint32_t bad_frames = 0;         // frames with a misplaced tlast in front of the images
};

Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i < argc; i++) {
        const std::string name = argv[i];
        if (name[0] == '+') continue;   // for Verilator
        if (i + 1 == argc) throw std::runtime_error("no value for option " + name);
        const char* value = argv[++i];
        if (name == "--vectors") o.vectors = value;
        else if (name == "--seed") o.seed = std::strtoul(value, nullptr, 10);
        else if (name == "--idle") o.idle_percent = std::strtoul(value, nullptr, 10);
        else if (name == "--stall") o.stall_percent = std::strtoul(value, nullptr, 10);
        else if (name == "--timeout") o.timeout_cycles = std::strtoull(value, nullptr, 10);
        else if (name == "--reset-at") o.reset_at = std::strtoll(value, nullptr, 10);
        else if (name == "--bad-frames") o.bad_frames = std::strtoul(value, nullptr, 10);
        else throw std::runtime_error("unknown option " + name);
    }
    return o;
}

class Random {   // xorshift32: the same sequence on every machine
public:
    explicit Random(uint32_t seed) : state_(seed * 2654435761u | 1u) {}
    bool chance(uint32_t percent) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_ % 100 < percent;
    }

private:
    uint32_t state_;
};

// ---- the bench

class Bench {
public:
    explicit Bench(const Options& options)
        : options_(options), in_(options.vectors.c_str()), random_(options.seed), dut_(new Vsmx_harness) {
        header_.images = in_.word();
        header_.pixels = in_.word();
        header_.spike_bits = in_.word();
        header_.current_words = in_.word();
        header_.classes = in_.word();
    }

    bool run() {
        dut_->aresetn = 0;
        for (int i = 0; i < 4; i++) step(false);
        if (header_.images == 0) return report();
        bad_frames_left_ = options_.bad_frames;
        sending_ = next_image();
        while (images_done_ < header_.images && !hung_) step(true);
        return report();
    }

private:
    // One clock cycle: inputs settle, the cycle's outputs are looked at, then the clock rises.
    void step(bool active) {
        if (active && static_cast<int64_t>(cycle_) == options_.reset_at) {
            reset_hold_ = 4;
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

    // The next image to send: one that a reset has interrupted, or a new one; null behind the last.
    std::shared_ptr<Image> next_image() {
        if (resend_.empty()) {
            if (images_read_ == header_.images) return nullptr;
            images_read_++;
            return std::make_shared<Image>(read_image(in_, header_));
        }
        auto image = resend_.front();
        resend_.pop_front();
        return image;
    }

    // A reset loses all images whose results have not come out: they are sent again from their first pixel.
    void restart() {
        if (sending_) backlog_.push_back(sending_);
        resend_.insert(resend_.begin(), backlog_.begin(), backlog_.end());
        backlog_.clear();
        sending_ = next_image();
        working_ = pixel_ = spike_ = current_ = beat_ = 0;
        image_offered_ = false;
        progress_cycle_ = cycle_;
    }

    void drive(bool running) {
        // a valid offer stands until it is taken, as AXI4-Stream asks
        if (!image_offered_) image_offered_ = running && sending_ && !random_.chance(options_.idle_percent);
        if (!running) image_offered_ = false;
        dut_->image_tvalid = image_offered_;
        dut_->image_tdata = image_offered_ ? sending_->pixels[pixel_] : static_cast<uint8_t>(cycle_);
        const bool last = pixel_ + 1 == header_.pixels;
        // a bad frame ends early (odd) or late (even): its tlast is not where the image ends
        const bool early = bad_frames_left_ % 2 == 1;
        dut_->image_tlast = image_offered_ && (bad_frames_left_ == 0 ? last : early ? pixel_ == header_.pixels / 2 : bad_tail_);
        dut_->result_tready = running && !random_.chance(options_.stall_percent);
    }

    void observe() {
        if (dut_->image_tvalid && dut_->image_tready) take_pixel();
        if (dut_->spike_write) compare_spikes();
        if (dut_->current_valid && header_.current_words) compare_currents();
        if (dut_->image_done) note_cycles();
        if (dut_->result_tvalid && dut_->result_tready) compare_result();
        frame_errors_ += dut_->frame_error;
        if (options_.timeout_cycles && cycle_ - progress_cycle_ > options_.timeout_cycles) hang();
    }

    void take_pixel() {
        image_offered_ = false;
        progress_cycle_ = cycle_;
        if (bad_frames_left_) {
            const bool was_last = dut_->image_tlast;
            if (!was_last && pixel_ + 1 == header_.pixels) {
                bad_tail_ = true;   // one pixel too many, with tlast
                return;
            }
            pixel_ = was_last ? 0 : pixel_ + 1;
            if (was_last) {
                bad_frames_left_--;
                bad_tail_ = false;
            }
            return;
        }
        if (++pixel_ < header_.pixels) return;
        pixel_ = 0;
        backlog_.push_back(sending_);
        sending_ = next_image();
    }

    // The image whose spikes come next; it has been sent whole before its first spike.
    const Image* current_image() const { return working_ < backlog_.size() ? backlog_[working_].get() : nullptr; }

    void compare_spikes() {
        progress_cycle_ = cycle_;
        const size_t bytes = (header_.spike_bits + 7) / 8;
        std::vector<uint8_t> got(bytes);
        for (size_t i = 0; i < bytes; i++) got[i] = signal_byte(dut_->spike_data, i);
        const Image* image = current_image();
        if (!image || spike_ >= image->spikes.size()) {
            mismatch_word("extra", SpikeWord{dut_->spike_pass, dut_->spike_row, dut_->spike_word, {}, {}}, got);
            return;
        }
        const SpikeWord& want = image->spikes[spike_];
        if (want.pass != dut_->spike_pass || want.row != dut_->spike_row || want.word != dut_->spike_word) {
            mismatch_word("address", want, got);
        } else {
            uint32_t wrong = 0;
            for (size_t i = 0; i < bytes; i++) {
                wrong += __builtin_popcount((got[i] ^ want.data[i]) & want.mask[i]);
                compared_spikes_ += __builtin_popcount(want.mask[i]);
            }
            if (wrong) mismatch_word("spikes", want, got, wrong);
        }
        spike_++;
    }

    void compare_currents() {
        const Image* image = current_image();
        const size_t base = current_ * header_.current_words;
        if (!image || base >= image->currents.size()) {
            mismatch("extra-current", current_, 0, 0, 0);
            return;
        }
        for (size_t u = 0; u < header_.current_words; u++) {
            if (!image->current_mask[base + u]) continue;
            compared_currents_++;
            const int32_t got = signal_word(dut_->current_data, u), want = image->currents[base + u];
            if (got != want) mismatch("currents", current_, u, want, got);
        }
        current_++;
    }

    void note_cycles() {
        const Image* image = current_image();
        if (image && spike_ < image->spikes.size()) mismatch("missing", spike_, 0, image->spikes.size(), spike_);
        if (image && header_.current_words && current_ * header_.current_words < image->currents.size())
            mismatch("missing-current", current_, 0, image->currents.size() / header_.current_words, current_);
        cycles_.push_back(dut_->cycles);
        stalls_ += dut_->stalls;
        spike_ = current_ = 0;
        working_++;
    }

    void compare_result() {
        progress_cycle_ = cycle_;
        if (backlog_.empty()) {
            mismatch("extra-result", beat_, 0, 0, static_cast<int32_t>(dut_->result_tdata));
            return;
        }
        const auto& want = backlog_.front()->result;
        const bool last = beat_ + 1 == want.size();
        const int32_t got = static_cast<int32_t>(dut_->result_tdata);
        compared_results_++;
        if (got != want[beat_]) mismatch(beat_ == 0 ? "class" : "logits", beat_, 0, want[beat_], got, images_done_);
        if (dut_->result_tlast != last) mismatch("tlast", beat_, 0, last, dut_->result_tlast, images_done_);
        beat_++;
        if (!last) return;
        beat_ = 0;
        images_done_++;
        backlog_.pop_front();
        if (working_) working_--;
        std::fprintf(stderr, "image %u/%u\n", images_done_, header_.images);
    }

    void hang() {
        hung_ = true;
        const Image* image = current_image();
        const size_t events = image ? image->spikes.size() : 0;
        mismatch("timeout", spike_, 0, static_cast<int32_t>(events), static_cast<int32_t>(spike_));
    }

    void mismatch_word(const char* kind, const SpikeWord& want, const std::vector<uint8_t>& got, uint32_t count = 1) {
        mismatches_ += count;
        if (!first_of_image()) return;
        std::printf("{\"kind\":\"%s\",\"image\":%zu,\"cycle\":%" PRIu64 ",\"event\":%zu,\"pass\":%u,\"row\":%u,\"word\":%u,"
                    "\"gotPass\":%u,\"gotRow\":%u,\"gotWord\":%u,\"expected\":\"%s\",\"got\":\"%s\"}\n",
                    kind, image_number(), cycle_, spike_, want.pass, want.row, want.word, dut_->spike_pass, dut_->spike_row,
                    dut_->spike_word, hex(want.data).c_str(), hex(got).c_str());
        std::fflush(stdout);
    }

    void mismatch(const char* kind, size_t event, size_t index, int64_t want, int64_t got, int64_t image = -1) {
        mismatches_++;
        if (!first_of_image()) return;
        std::printf("{\"kind\":\"%s\",\"image\":%zu,\"cycle\":%" PRIu64 ",\"event\":%zu,\"index\":%zu,\"expected\":%" PRId64
                    ",\"got\":%" PRId64 "}\n",
                    kind, image < 0 ? image_number() : static_cast<size_t>(image), cycle_, event, index, want, got);
        std::fflush(stdout);
    }

    size_t image_number() const { return images_done_ + working_; }

    bool first_of_image() {
        if (described_ == static_cast<int64_t>(image_number())) return false;
        described_ = static_cast<int64_t>(image_number());
        return true;
    }

    bool report() const {
        std::string cycles;
        for (const uint32_t c : cycles_) cycles += (cycles.empty() ? "" : ",") + std::to_string(c);
        std::printf("{\"kind\":\"summary\",\"images\":%u,\"comparedSpikes\":%" PRIu64 ",\"comparedCurrents\":%" PRIu64
                    ",\"comparedResults\":%" PRIu64 ",\"mismatches\":%" PRIu64 ",\"frameErrors\":%u,\"stalls\":%" PRIu64
                    ",\"totalCycles\":%" PRIu64 ",\"cycles\":[%s]}\n",
                    images_done_, compared_spikes_, compared_currents_, compared_results_, mismatches_, frame_errors_, stalls_,
                    cycle_, cycles.c_str());
        return mismatches_ == 0 && !hung_;
    }

    Options options_;
    Reader in_;
    Header header_{};
    Random random_;
    std::unique_ptr<Vsmx_harness> dut_;
    uint64_t cycle_ = 0, progress_cycle_ = 0;
    uint32_t reset_hold_ = 0;

    std::shared_ptr<Image> sending_;
    std::deque<std::shared_ptr<Image>> resend_;
    std::deque<std::shared_ptr<Image>> backlog_;   // sent, result not yet received whole
    size_t working_ = 0;                            // the one of them that is worked on
    size_t pixel_ = 0, spike_ = 0, current_ = 0, beat_ = 0;
    bool image_offered_ = false, hung_ = false, bad_tail_ = false;
    uint32_t images_read_ = 0, images_done_ = 0, bad_frames_left_ = 0;

    uint64_t compared_spikes_ = 0, compared_currents_ = 0, compared_results_ = 0, mismatches_ = 0, stalls_ = 0;
    uint32_t frame_errors_ = 0;
    int64_t described_ = -1;
    std::vector<uint32_t> cycles_;
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
