// Counts how many bits of signals change from one clock cycle to the next: their Hamming distances, summed up.
#ifndef SMX_TOGGLES_H
#define SMX_TOGGLES_H

#include "verilated.h"

#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <type_traits>

namespace smx {

inline int bits_changed(uint64_t before, uint64_t now) { return __builtin_popcountll(before ^ now); }
template <std::size_t N> int bits_changed(const VlWide<N>& before, const VlWide<N>& now) {
    int changed = 0;
    for (std::size_t i = 0; i < N; i++) changed += __builtin_popcount(before[i] ^ now[i]);
    return changed;
}

// The ports of a model are members in some versions of Verilator, references in others.
template <typename T> using Signal = std::remove_reference_t<T>;

// One signal, of any width.
template <typename T> class ToggleCounter {
public:
    void look(const T& now) {
        if (seen_) count_ += bits_changed(before_, now);
        before_ = now;
        seen_ = true;
    }
    uint64_t count() const { return count_; }

private:
    T before_{};
    uint64_t count_ = 0;
    bool seen_ = false;   // what it was before the reset says nothing
};

// All that is counted; the names are those of the summary.
template <typename Dut> class Toggles {
public:
    void look(const Dut& dut) {
#ifdef SMX_TOGGLES
        accumulators_.look(dut.toggle_accumulators);
        plane_accumulators_.look(dut.toggle_plane_accumulators);
        weights_.look(dut.toggle_weights);
        plane_weights_.look(dut.toggle_plane_weights);
        spikes_.look(dut.toggle_spikes);
        currents_.look(dut.current_data);
#else
        (void)dut;
#endif
    }

    void print() const {
#ifdef SMX_TOGGLES
        std::printf(",\"toggles\":{\"accumulators\":%" PRIu64 ",\"planeAccumulators\":%" PRIu64 ",\"weights\":%" PRIu64
                    ",\"planeWeights\":%" PRIu64 ",\"spikes\":%" PRIu64 ",\"currents\":%" PRIu64 "}",
                    accumulators_.count(), plane_accumulators_.count(), weights_.count(), plane_weights_.count(),
                    spikes_.count(), currents_.count());
#endif
    }

#ifdef SMX_TOGGLES
private:
    ToggleCounter<Signal<decltype(Dut::toggle_accumulators)>> accumulators_;
    ToggleCounter<Signal<decltype(Dut::toggle_plane_accumulators)>> plane_accumulators_;
    ToggleCounter<Signal<decltype(Dut::toggle_weights)>> weights_;
    ToggleCounter<Signal<decltype(Dut::toggle_plane_weights)>> plane_weights_;
    ToggleCounter<Signal<decltype(Dut::toggle_spikes)>> spikes_;
    ToggleCounter<Signal<decltype(Dut::current_data)>> currents_;
#endif
};

}  // namespace smx

#endif
