// Sends weight frames: the good ones that images need, and bad ones that must be dropped in front of them.
#ifndef SMX_WEIGHTS_H
#define SMX_WEIGHTS_H

#include "smx_options.h"
#include "smx_vectors.h"

namespace smx {

class WeightSender {
public:
    // Begins with what an image needs; nothing if it is already in the design.
    void request(const WeightFrame& frame, uint32_t bad_frames, Random random) {
        random_ = random;
        if (!frame || frame == loaded_) return;
        wanted_ = frame;
        bad_left_ = bad_frames;
        start();
    }
    // The design has been reset: it has no weights.
    void reset() {
        loaded_ = wanted_ = nullptr;
        rest_ = 0;
        offered_ = false;
        errors_ = expected_errors_ = 0;
        stuck_ = false;
    }
    // Images may be sent.
    bool idle() const { return !wanted_; }
    bool offered() const { return offered_; }
    uint32_t data() const { return static_cast<uint32_t>(beats_[sent_]); }
    bool last() const { return sent_ + 1 == beats_.size(); }

    // Inputs of a cycle; a valid offer stands until it is taken.
    void drive(uint32_t idle_percent) {
        if (!wanted_ || rest_ || stuck_) offered_ = false;
        else if (!offered_) offered_ = !random_.chance(idle_percent);
    }
    // Outputs of the cycle; false if they are wrong.
    bool observe(bool ready, bool loaded, bool error) {
        errors_ += error;
        if (rest_ && --rest_ == 0) {
            stuck_ = errors_ != expected_errors_ || loaded != good_;
            if (stuck_) return false;
            if (good_) {
                loaded_ = wanted_;
                wanted_ = nullptr;
            } else {
                start();
            }
        }
        if (!offered_ || !ready) return wanted_ || loaded == bool(loaded_) || !any_;
        const bool ends = last();
        offered_ = false;
        sent_++;
        // the outcome of a frame is seen a cycle behind its end
        if (ends) rest_ = 2;
        return true;
    }

private:
    enum Fault { Early, Late, Header, Crc, Faults };

    void start() {
        any_ = true;
        sent_ = 0;
        beats_ = *wanted_;
        good_ = bad_left_ == 0;
        if (good_) return;
        bad_left_--;
        expected_errors_++;
        switch (random_.below(Faults)) {
            case Early: beats_.resize(1 + random_.below(static_cast<uint32_t>(beats_.size() - 1))); break;
            case Late: beats_.resize(beats_.size() + 1 + random_.below(5)); break;
            case Header: beats_[0] ^= 1 << random_.below(31); break;
            default: beats_[1 + random_.below(static_cast<uint32_t>(beats_.size() - 1))] ^= 1 << random_.below(31);
        }
    }

    WeightFrame loaded_, wanted_;
    std::vector<int32_t> beats_;   // of the frame under way
    size_t sent_ = 0;
    uint32_t bad_left_ = 0, errors_ = 0, expected_errors_ = 0;
    int rest_ = 0;                 // cycles until the outcome of a frame is looked at
    bool stuck_ = false;           // a frame had another outcome: nothing follows
    bool good_ = true, offered_ = false, any_ = false;
    Random random_{0, 0, 0};
};

}  // namespace smx

#endif
