// External memory with the weights of a build: the other end of its AXI4 reads. A beat comes at the earliest `latency`
// cycles behind the acceptance of its burst, beats are paced to `bandwidth` bytes a cycle, and random gaps come on top.
// Bursts are answered in order. Compiled in with SMX_EXTERNAL, the bytes of a beat.
#ifndef SMX_MEMORY_H
#define SMX_MEMORY_H

#include "smx_options.h"
#include "verilated.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

namespace smx {

#ifdef SMX_EXTERNAL

template <typename T> uint8_t* bytes_of(T& signal) { return reinterpret_cast<uint8_t*>(&signal); }
template <std::size_t N> uint8_t* bytes_of(VlWide<N>& signal) { return reinterpret_cast<uint8_t*>(&signal[0]); }

class Memory {
public:
    static constexpr uint64_t BeatBytes = SMX_EXTERNAL, PageBytes = 4096;
    // What is wrong with a read; the numbers are those of a mismatch.
    enum Fault { None, Withdrawn, Shape, Alignment, Page, Region, Error };

    explicit Memory(const Options& o) : options_(o) {
        std::ifstream file("weights-external.bin", std::ios::binary);
        data_.assign(std::istreambuf_iterator<char>(file), {});
        if (data_.empty()) throw std::runtime_error("cannot read weights-external.bin");
        bandwidth_ = o.memory_bandwidth ? std::min<uint64_t>(o.memory_bandwidth, BeatBytes) : BeatBytes;
        base_ = PageBytes * (0x123456 + o.seed % 1024);
        reset();
    }
    // Everything that is under way is lost.
    void reset() {
        s_.count = s_.head = 0;
        s_.asked = s_.offered = false;
        s_.start = options_.seed % 50;   // the memory is filled some cycles later
    }
    auto& state() { return s_; }

    template <typename Dut> void drive(Dut& dut, bool running) {
        const bool filled = running && s_.start == 0;
        if (running && s_.start) s_.start--;
        s_.cycle++;
        s_.credit = std::min(s_.credit + bandwidth_, BeatBytes + bandwidth_ - 1);
        dut.weights_valid = filled;
        dut.weights_base = base_;
        dut.memory_arready = filled && s_.count < MaxBursts && !gap();
        if (!running) s_.offered = false;
        else if (!s_.offered) s_.offered = s_.count && s_.cycle >= burst().due && s_.credit >= BeatBytes && !gap();
        dut.memory_rvalid = s_.offered;
        dut.memory_rlast = s_.offered ? burst().beats == 1 : s_.cycle & 1;
        dut.memory_rresp = 0;
        uint8_t* const to = bytes_of(dut.memory_rdata);
        if (s_.offered) std::memcpy(to, &data_[burst().offset], BeatBytes);
        else std::memset(to, static_cast<int>(s_.cycle * 37), BeatBytes);
    }

    // Looks at a cycle; what is wrong with it.
    template <typename Dut> Fault observe(const Dut& dut) {
        const bool was_asked = s_.asked;
        const uint64_t address = dut.memory_araddr;
        s_.asked = dut.memory_arvalid && !dut.memory_arready;
        const bool changed = address != s_.address || dut.memory_arlen != s_.length;
        s_.address = address;
        s_.length = dut.memory_arlen;
        s_.moved = s_.offered && dut.memory_rready;
        if (s_.moved) take();
        if (dut.weights_error) return Error;
        if (was_asked && (!dut.memory_arvalid || changed)) return Withdrawn;
        if (!dut.memory_arvalid) return None;
        const uint64_t bytes = (uint64_t{dut.memory_arlen} + 1) * BeatBytes;
        if (1u << dut.memory_arsize != BeatBytes || dut.memory_arburst != 1) return Shape;
        if (address % BeatBytes) return Alignment;
        if (address / PageBytes != (address + bytes - 1) / PageBytes) return Page;
        if (address < base_ || address + bytes > base_ + data_.size()) return Region;
        if (dut.memory_arready) {
            const uint64_t due = s_.cycle + std::max<uint64_t>(1, options_.memory_latency);
            s_.bursts[(s_.head + s_.count++) % MaxBursts] = {address - base_, uint64_t{dut.memory_arlen} + 1, due};
        }
        return None;
    }
    // A beat was taken in this cycle.
    bool moved() const { return s_.moved; }

    template <typename Dut> void finish_image(const Dut& dut) {
        s_.stalls += dut.weight_stalls;
        s_.most_stalls = std::max<uint64_t>(s_.most_stalls, dut.weight_stalls);
    }
    void print() const {
        std::printf(",\"weightStallCycles\":%" PRIu64 ",\"mostWeightStalls\":%" PRIu64 ",\"weightBytes\":%" PRIu64, s_.stalls,
                    s_.most_stalls, s_.beats * BeatBytes);
    }

private:
    static constexpr uint64_t MaxBursts = 16;
    struct Burst {
        uint64_t offset, beats, due;
    };
    struct State {
        Burst bursts[MaxBursts];
        uint64_t head, count, cycle, credit, start, address, beats, stalls, most_stalls;
        uint32_t length;
        bool asked, offered, moved;
        Random random;
    };

    Burst& burst() { return s_.bursts[s_.head]; }
    bool gap() { return options_.memory_gaps && s_.random.chance(options_.memory_gaps); }
    void take() {
        s_.offered = false;
        s_.credit -= BeatBytes;
        s_.beats++;
        burst().offset += BeatBytes;
        if (--burst().beats) return;
        s_.head = (s_.head + 1) % MaxBursts;
        s_.count--;
    }

    const Options& options_;
    std::vector<char> data_;
    uint64_t bandwidth_, base_;
    State s_{{}, 0, 0, 0, BeatBytes, 0, 0, 0, 0, 0, 0, false, false, false, Random(options_.seed, 0, 3)};
};

#else

// All weights are on chip.
struct Memory {
    enum Fault { None };
    explicit Memory(const Options&) {}
    void reset() {}
    Memory& state() { return *this; }
    template <typename Dut> void drive(Dut&, bool) {}
    template <typename Dut> Fault observe(const Dut&) { return None; }
    bool moved() const { return false; }
    template <typename Dut> void finish_image(const Dut&) {}
    void print() const {}
};

#endif

}  // namespace smx

#endif
