// The vector stream that the harness reads; src/vector-file.ts writes it and describes the format.
#ifndef SMX_VECTORS_H
#define SMX_VECTORS_H

#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace smx {

// Where a word of spikes goes, and which of its bits belong to a neuron. The same for every image.
struct SpikePlace {
    uint32_t pass, row, word;
    std::vector<uint8_t> mask;
};

// The share of one engine in the events of an image, each kind numbered over all engines.
struct SegmentSchedule {
    uint32_t first_pass;             // passes are numbered over all engines, too
    uint32_t spikes_begin, spikes_end;
    uint32_t steps_begin, steps_end;
    uint32_t cycles;                 // that its cycle counter must show; 0: that of the image alone counts
};

// What the design must do with every image.
struct Schedule {
    uint32_t images = 0, first_image = 0, pixels = 0;
    uint32_t beats = 0;                  // of the result of an image; 0: there is none
    uint32_t spike_bytes = 0;            // bytes of a spike word
    std::vector<SegmentSchedule> segments;   // in the order of the images' way
    std::vector<SpikePlace> spikes;
    uint32_t current_words = 0;          // currents of a step; 0: currents are not compared
    uint32_t current_steps = 0;
    std::vector<uint8_t> current_mask;   // per step and word, 1 where a current belongs to a neuron
};

using WeightFrame = std::shared_ptr<const std::vector<int32_t>>;

struct Image {
    uint32_t number;                 // within the image file
    WeightFrame weights;             // beats of the frame that must have been loaded; null: part of the design
    std::vector<uint8_t> pixels;
    std::vector<uint8_t> spikes;     // one word behind the other
    std::vector<int32_t> currents;   // current_words values a step
    uint32_t cycles = 0;             // that the cycle counters must show, over all engines
    uint64_t counted = 0;            // so far, over all engines that are done
    std::vector<int32_t> result;     // class, logits; or nothing
};

// Reads the stream from a file, or from standard input if the path is "-".
class VectorReader {
public:
    explicit VectorReader(const std::string& path) : file_(path == "-" ? stdin : std::fopen(path.c_str(), "rb")) {
        if (!file_) throw std::runtime_error("cannot open " + path);
    }
    VectorReader(const VectorReader&) = delete;
    VectorReader& operator=(const VectorReader&) = delete;
    ~VectorReader() { std::fclose(file_); }

    const Schedule& read_schedule() {
        if (word() != Magic) throw std::runtime_error("this is no vector stream");
        auto& s = schedule_;
        s.images = word();
        s.first_image = word();
        s.pixels = word();
        s.beats = word();
        s.spike_bytes = word();
        s.spikes.resize(word());
        s.current_words = word();
        s.current_steps = word();
        s.segments.resize(word());
        uint32_t spikes = 0, steps = 0;
        for (auto& segment : s.segments) {
            segment.first_pass = word();
            segment.spikes_begin = spikes;
            segment.spikes_end = spikes += word();
            segment.steps_begin = steps;
            segment.steps_end = steps += word();
            segment.cycles = word();
        }
        for (auto& place : s.spikes) {
            place.pass = word();
            place.row = word();
            place.word = word();
            place.mask = bytes(s.spike_bytes);
        }
        s.current_mask = bytes(static_cast<size_t>(s.current_steps) * s.current_words);
        return s;
    }

    // The stream goes on with a later image.
    void skip(uint32_t images) { images_read_ = images; }

    std::shared_ptr<Image> read_image() {
        auto image = std::make_shared<Image>();
        image->number = schedule_.first_image + images_read_++;
        if (const uint32_t beats = word()) weights_ = std::make_shared<const std::vector<int32_t>>(words(beats));
        image->weights = weights_;
        image->pixels = bytes(schedule_.pixels);
        image->spikes = bytes(schedule_.spikes.size() * schedule_.spike_bytes);
        image->currents = words(schedule_.current_mask.size());
        image->cycles = word();
        image->result = words(schedule_.beats);
        return image;
    }

private:
    static constexpr uint32_t Magic = 0x33584d53;   // "SMX3"

    std::vector<uint8_t> bytes(size_t count) {
        std::vector<uint8_t> data(count);
        if (count && std::fread(data.data(), 1, count, file_) != count) throw std::runtime_error("the vector stream is cut");
        return data;
    }
    std::vector<int32_t> words(size_t count) {
        const auto data = bytes(4 * count);
        std::vector<int32_t> values(count);
        for (size_t i = 0; i < count; i++) values[i] = little_endian(&data[4 * i]);
        return values;
    }
    uint32_t word() { return static_cast<uint32_t>(little_endian(bytes(4).data())); }
    static int32_t little_endian(const uint8_t* b) {
        return static_cast<int32_t>(b[0] | b[1] << 8 | b[2] << 16 | static_cast<uint32_t>(b[3]) << 24);
    }

    FILE* file_;
    Schedule schedule_;
    uint32_t images_read_ = 0;
    WeightFrame weights_;   // of the image before
};

}  // namespace smx

#endif
