// A board made of software: the simulated top of a board with its serial line on a pseudo-terminal.
//
// Opens a pseudo-terminal, prints its path as the first line on stdout, and plays the host's end of the line: bytes
// that are written to the terminal go into the design as bits, bits that come out are read from the terminal as bytes.
// Ends when stdin ends, so that it never outlives who started it. Names of ports that differ from board to board come
// as macros: SMX_CLOCK and, where there is a button, SMX_RESET with its level SMX_RELEASED.
#include "Vsmx_board.h"
#include "verilated.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <termios.h>
#include <unistd.h>
#include <vector>

namespace {

[[noreturn]] void fail(const char* what) { throw std::runtime_error(std::string(what) + ": " + std::strerror(errno)); }

// The master end. The slave stays open here, too: reads would fail while no host has it open.
class Terminal {
public:
    Terminal() {
        master_ = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
        if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) fail("cannot open a pseudo-terminal");
        path_ = ptsname(master_);
        slave_ = open(path_.c_str(), O_RDWR | O_NOCTTY);
        termios settings;
        if (slave_ < 0 || tcgetattr(slave_, &settings) != 0) fail("cannot set up the pseudo-terminal");
        cfmakeraw(&settings);
        if (tcsetattr(slave_, TCSANOW, &settings) != 0) fail("cannot set up the pseudo-terminal");
    }
    ~Terminal() {
        close(slave_);
        close(master_);
    }
    const std::string& path() const { return path_; }
    int descriptor() const { return master_; }
    std::vector<uint8_t> take() {
        std::vector<uint8_t> bytes(4096);
        const ssize_t count = ::read(master_, bytes.data(), bytes.size());
        bytes.resize(count > 0 ? static_cast<size_t>(count) : 0);
        return bytes;
    }
    // A host that does not read loses bytes, as with a real line.
    void give(uint8_t byte) { if (::write(master_, &byte, 1) < 0 && errno != EAGAIN) fail("cannot write to the pseudo-terminal"); }

private:
    int master_ = -1, slave_ = -1;
    std::string path_;
};

// Bytes to bits, 8N1.
class Sender {
public:
    explicit Sender(uint32_t clocks) : clocks_(clocks) {}
    bool idle() const { return bits_ == 0 && next_ == bytes_.size(); }
    void add(const std::vector<uint8_t>& bytes) {
        if (next_ == bytes_.size()) {
            bytes_.clear();
            next_ = 0;
        }
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    bool line() {   // level of the line in this clock
        if (bits_ == 0) {
            if (next_ == bytes_.size()) return true;
            shift_ = 0x200u | static_cast<uint32_t>(bytes_[next_++]) << 1;
            bits_ = 10;
            left_ = clocks_;
        }
        const bool level = shift_ & 1u;
        if (--left_ == 0) {
            left_ = clocks_;
            shift_ >>= 1;
            bits_--;
        }
        return level;
    }

private:
    uint32_t clocks_, shift_ = 0, bits_ = 0, left_ = 0;
    std::vector<uint8_t> bytes_;
    size_t next_ = 0;
};

// Bits to bytes, 8N1; a byte without its stop bit is dropped.
class Receiver {
public:
    explicit Receiver(uint32_t clocks) : clocks_(clocks) {}
    bool idle() const { return bit_ < 0; }
    bool sample(bool level, uint8_t& byte) {   // true: a byte is complete
        if (bit_ < 0) {
            if (last_ && !level) {
                bit_ = 0;
                left_ = clocks_ / 2;
            }
            last_ = level;
            return false;
        }
        last_ = level;
        if (--left_ != 0) return false;
        left_ = clocks_;
        if (bit_ == 0 && level) bit_ = -1;   // a glitch
        else if (bit_ == 9) {
            bit_ = -1;
            byte = shift_;
            return level;
        } else {
            if (bit_ > 0) shift_ = static_cast<uint8_t>(shift_ >> 1 | (level ? 0x80 : 0));
            bit_++;
        }
        return false;
    }

private:
    uint32_t clocks_, left_ = 0;
    int bit_ = -1;
    uint8_t shift_ = 0;
    bool last_ = true;
};

class Board {
public:
    Board(uint32_t clocks_per_bit, uint64_t busy_clocks)
        : busy_clocks_(busy_clocks), sender_(clocks_per_bit), receiver_(clocks_per_bit), dut_(new Vsmx_board) {
#ifdef SMX_RESET
        dut_->SMX_RESET = SMX_RELEASED;
#endif
    }

    void run() {
        std::printf("%s\n", terminal_.path().c_str());
        std::fflush(stdout);
        while (!ended_) {
            // Nothing moves on the line, and the last image is long done: simulated time may pass slowly.
            const bool resting = sender_.idle() && receiver_.idle() && quiet_ > busy_clocks_;
            for (int i = resting ? IdleClocks : BusyClocks; i > 0; i--) clock();
            look(resting ? 1 : 0);
        }
    }

private:
    static constexpr int IdleClocks = 500, BusyClocks = 2000;

    void clock() {
        const bool moving = !sender_.idle() || !receiver_.idle();
        dut_->uart_rx = sender_.line();
        dut_->SMX_CLOCK = 0;
        dut_->eval();
        dut_->SMX_CLOCK = 1;
        dut_->eval();
        uint8_t byte = 0;
        if (receiver_.sample(dut_->uart_tx, byte)) terminal_.give(byte);
        quiet_ = moving ? 0 : quiet_ + 1;
    }

    // Looks for new bytes of the host and for the end of stdin.
    void look(int milliseconds) {
        pollfd events[2] = {{terminal_.descriptor(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
        if (sender_.idle()) sender_.add(terminal_.take());
        if (poll(events, 2, sender_.idle() ? milliseconds : 0) <= 0 || events[1].revents == 0) return;
        char ignored[64];
        ended_ = ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
    }

    uint64_t busy_clocks_, quiet_ = 0;
    bool ended_ = false;
    Terminal terminal_;
    Sender sender_;
    Receiver receiver_;
    std::unique_ptr<Vsmx_board> dut_;
};

}  // namespace

int main(int argc, char** argv) {
    try {
        Verilated::commandArgs(argc, argv);
        if (argc < 3) throw std::runtime_error("usage: CLOCKS_PER_BIT BUSY_CLOCKS");
        Board(std::strtoul(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10)).run();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
