// Signals of a verilated design, whatever their width, and what this process has used.
#ifndef SMX_SIGNALS_H
#define SMX_SIGNALS_H

#include "verilated.h"

#include <sys/resource.h>

#include <cstdint>
#include <string>

namespace smx::signals {

template <typename T> uint8_t signal_byte(const T& signal, size_t i) { return static_cast<uint8_t>(signal >> (8 * i)); }
template <std::size_t N> uint8_t signal_byte(const VlWide<N>& signal, size_t i) {
    return static_cast<uint8_t>(signal[i / 4] >> (8 * (i % 4)));
}
template <typename T> int32_t signal_word(const T& signal, size_t i) { return static_cast<int32_t>(signal >> (32 * i)); }
template <std::size_t N> int32_t signal_word(const VlWide<N>& signal, size_t i) { return static_cast<int32_t>(signal[i]); }

template <typename T> bool signal_bit(const T& signal, size_t i) { return signal >> i & 1; }

// The bits of a word as Verilog prints them, the most significant first.
inline std::string binary(const uint8_t* bytes, size_t count) {
    std::string text;
    for (size_t bit = 8 * count; bit-- > 0;) text += bytes[bit / 8] >> bit % 8 & 1 ? '1' : '0';
    return text;
}

// What this process has used so far.
inline uint64_t cpu_milliseconds() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const auto milliseconds = [](const timeval& t) { return 1000 * static_cast<uint64_t>(t.tv_sec) + t.tv_usec / 1000; };
    return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
}
inline uint64_t peak_kilobytes() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<uint64_t>(usage.ru_maxrss);
}

}  // namespace smx::signals

#endif
