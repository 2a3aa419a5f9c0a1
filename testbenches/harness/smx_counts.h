// What is counted beside the comparison, if the simulator was compiled to count.
#ifndef SMX_COUNTS_H
#define SMX_COUNTS_H

#include "smx_toggles.h"
#include "smx_utilisation.h"

namespace smx {

template <typename Dut> class Counts {
public:
    void look(const Dut& dut) {
        toggles_.look(dut);
        utilisation_.look(dut);
    }

    // Goes on with the summary.
    void print() const {
        toggles_.print();
        utilisation_.print();
    }

private:
    Toggles<Dut> toggles_;
    Utilisation utilisation_;
};

}  // namespace smx

#endif
