// Cycles in which the parts of a design work, by the pass under way.
#ifndef SMX_UTILISATION_H
#define SMX_UTILISATION_H

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace smx {

class Utilisation {
public:
    template <typename Dut> void look(const Dut& dut) {
#ifdef SMX_UTILISATION
        if (!dut.use_working) return;   // between images, or waiting for the result stream
        if (passes_.size() <= dut.spike_pass) passes_.resize(dut.spike_pass + 1);
        Pass& pass = passes_[dut.spike_pass];
        pass.cycles++;
        pass.array += dut.use_array;
        pass.neurons += dut.use_neurons;
        pass.either += dut.use_array || dut.use_neurons;
#else
        (void)dut;
#endif
    }

    // Goes on with the summary.
    void print() const {
#ifdef SMX_UTILISATION
        const char* separator = ",\"passUse\":[";
        for (const Pass& pass : passes_) {
            std::printf("%s{\"cycles\":%" PRIu64 ",\"array\":%" PRIu64 ",\"neurons\":%" PRIu64 ",\"either\":%" PRIu64 "}",
                        separator, pass.cycles, pass.array, pass.neurons, pass.either);
            separator = ",";
        }
        if (passes_.empty()) std::printf("%s", separator);
        std::printf("]");
#endif
    }

private:
    struct Pass {
        uint64_t cycles = 0, array = 0, neurons = 0, either = 0;
    };
    std::vector<Pass> passes_;   // by number
};

}  // namespace smx

#endif
