// What the harness is told on its command line, and the random pace that follows from it.
#ifndef SMX_OPTIONS_H
#define SMX_OPTIONS_H

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace smx {

struct Options {
    std::string vectors = "-";
    uint32_t seed = 1;
    uint32_t idle_percent = 0;      // chance of an idle cycle before a pixel
    uint32_t stall_percent = 0;     // chance of a cycle in which the result is not taken
    uint32_t bad_frames = 0;        // frames with a misplaced tlast in front of every image, bad weight frames likewise
    uint32_t memory_latency = 0;    // cycles from the acceptance of a burst to its first beat, at least 1
    uint32_t memory_bandwidth = 0;  // bytes of weights a cycle; 0: a beat in every cycle
    uint32_t memory_gaps = 0;       // chance of a cycle in which the memory takes or gives nothing
    int64_t reset_at = -1;          // cycle in which the design is reset once
    uint64_t timeout_cycles = 0;    // without progress; 0: none
    bool partial = false;           // the program is a part of the whole: it starts again behind its end, unwatched
    std::string checkpoint;         // file for the state; empty: none
    std::string checkpoint_key;     // 64 digits that say which run this is
    uint32_t checkpoint_seconds = 0;   // from one to the next
    bool resume = false;            // go on from the checkpoint
};

inline Options parse_options(int argc, char** argv) {
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
        else if (name == "--memory-latency") o.memory_latency = static_cast<uint32_t>(number());
        else if (name == "--memory-bandwidth") o.memory_bandwidth = static_cast<uint32_t>(number());
        else if (name == "--memory-gaps") o.memory_gaps = static_cast<uint32_t>(number());
        else if (name == "--reset-at") o.reset_at = static_cast<int64_t>(number());
        else if (name == "--timeout") o.timeout_cycles = number();
        else if (name == "--partial") o.partial = number() != 0;
        else if (name == "--checkpoint") o.checkpoint = value;
        else if (name == "--checkpoint-key") o.checkpoint_key = value;
        else if (name == "--checkpoint-seconds") o.checkpoint_seconds = static_cast<uint32_t>(number());
        else if (name == "--resume") o.resume = number() != 0;
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

}  // namespace smx

#endif
