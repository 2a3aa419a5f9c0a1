// The state of a simulation in a file, so that an interrupted run goes on where it was.
//
// A checkpoint is 8 bytes of magic, the key of the run (64 hexadecimal digits), u64 bytes of the state, u64 FNV-1a of
// the state, and the state. It is written under another name and renamed: a file that is there is whole. It is read
// only if key and sum are right, so that a run never goes on from the state of another one.
#ifndef SMX_CHECKPOINT_H
#define SMX_CHECKPOINT_H

#include "verilated_save.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace smx {

// Collects what Verilator's << writes.
class StateWriter final : public VerilatedSerialize {
public:
    void flush() override {
        bytes_.insert(bytes_.end(), m_bufp, m_cp);
        m_cp = m_bufp;
    }
    const std::vector<char>& finish() {
        flush();
        return bytes_;
    }

private:
    std::vector<char> bytes_;
};

// Gives back what StateWriter has collected.
class StateReader final : public VerilatedDeserialize {
public:
    explicit StateReader(std::vector<char> bytes) : bytes_(std::move(bytes)) { m_endp = m_cp; }
    void fill() override {
        const size_t left = m_endp - m_cp;
        std::memmove(m_bufp, m_cp, left);
        const size_t count = std::min(bufferSize() - left, bytes_.size() - at_);
        std::memcpy(m_bufp + left, bytes_.data() + at_, count);
        // a reader looks ahead: behind the end there are zeros
        std::memset(m_bufp + left + count, 0, bufferSize() - left - count);
        at_ += count;
        m_cp = m_bufp;
        m_endp = m_bufp + bufferSize();
    }

private:
    const std::vector<char> bytes_;
    size_t at_ = 0;
};

constexpr char CheckpointMagic[] = "SMXSTAT1";

inline uint64_t state_sum(const std::vector<char>& state) {
    uint64_t sum = 0xcbf29ce484222325u;
    for (const char byte : state) sum = (sum ^ static_cast<uint8_t>(byte)) * 0x100000001b3u;
    return sum;
}

// The file does not hold the state of this run.
struct ForeignCheckpoint : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void write_checkpoint(const std::string& path, const std::string& key, const std::vector<char>& state) {
    const std::string temporary = path + ".new";
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    const uint64_t numbers[] = {state.size(), state_sum(state)};
    file.write(CheckpointMagic, 8);
    file.write(key.data(), static_cast<std::streamsize>(key.size()));
    file.write(reinterpret_cast<const char*>(numbers), sizeof numbers);
    file.write(state.data(), static_cast<std::streamsize>(state.size()));
    file.close();
    if (!file || std::rename(temporary.c_str(), path.c_str()) != 0) throw std::runtime_error("cannot write " + path);
}

inline std::vector<char> read_checkpoint(const std::string& path, const std::string& key) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw ForeignCheckpoint("it cannot be read");
    const std::vector<char> all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    uint64_t numbers[2];
    const size_t head = 8 + key.size();
    if (all.size() < head + sizeof numbers || std::memcmp(all.data(), CheckpointMagic, 8) != 0)
        throw ForeignCheckpoint("it is no checkpoint");
    if (std::memcmp(all.data() + 8, key.data(), key.size()) != 0)
        throw ForeignCheckpoint("it is the checkpoint of another run: build, images or options differ");
    std::memcpy(numbers, all.data() + head, sizeof numbers);
    std::vector<char> state(all.begin() + static_cast<std::ptrdiff_t>(head + sizeof numbers), all.end());
    if (state.size() != numbers[0] || state_sum(state) != numbers[1]) throw ForeignCheckpoint("it is damaged");
    return state;
}

}  // namespace smx

#endif
