// The keys of one dense range of 2^16, as a bitmap or as runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "core/set_bits.hpp"

namespace ea::core {

// A key is its range (signed) and its place in the range.
constexpr std::int64_t high_of(std::int64_t key) noexcept { return key >> 16; }
constexpr std::uint16_t low_of(std::int64_t key) noexcept {
  return static_cast<std::uint16_t>(key & 0xFFFF);
}
constexpr std::int64_t key_of(std::int64_t high, std::uint32_t low) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(high) << 16) | low;
}

// How the keys of a range are held in memory. A chunk never takes much more memory than the bytes
// it was read from: hostile values are full of runs of 65,536 keys.
enum class Form { loose, bitmap, runs };

constexpr Form form_of(BitStats stats) noexcept {
  constexpr std::uint32_t kChunkWords = 8;  // what a chunk costs besides its data
  const std::uint32_t plain = stats.count < kWords ? stats.count : std::uint32_t{kWords};
  if (stats.runs + kChunkWords < plain) return Form::runs;
  return stats.count < kWords ? Form::loose : Form::bitmap;
}

class Chunk {
 public:
  Chunk(std::int64_t high, std::pmr::memory_resource* memory) : high_(high), words_(memory) {}
  // Holds the bits as a bitmap or as runs, whichever is smaller.
  Chunk(std::int64_t high, const Bits& bits, BitStats stats, std::pmr::memory_resource* memory);
  Chunk(const Chunk& other, std::pmr::memory_resource* memory);
  Chunk(Chunk&&) noexcept = default;
  Chunk& operator=(Chunk&&) = default;
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  ~Chunk() = default;

  std::int64_t high() const noexcept { return high_; }
  std::uint32_t count() const noexcept { return count_; }
  bool is_bitmap() const noexcept { return words_.size() == kWords; }
  const std::uint64_t* bitmap() const noexcept { return words_.data(); }

  // True if the key is new. A chunk of runs becomes a bitmap: one insert announces more.
  bool insert(std::uint16_t low) {
    if (!is_bitmap()) [[unlikely]] become_bitmap();
    std::uint64_t& word = words_[low / 64];
    const std::uint64_t before = word;
    word |= std::uint64_t{1} << (low % 64);
    const bool added = word != before;
    count_ += added ? 1 : 0;
    return added;
  }
  bool contains(std::uint16_t low) const noexcept;

  // For readers of stored bytes, into an empty chunk: runs ascending and apart, fewer than kWords.
  void reserve_runs(std::size_t runs) { words_.reserve(runs); }
  void append_run(std::uint16_t first, std::uint16_t last);

  void or_into(Bits& bits) const noexcept;
  void or_bits(const std::uint64_t* words);  // this must be a bitmap
  void assign(const Bits& bits, BitStats stats);

  BitStats stats() const noexcept;

  // First key at or after `at`, kRange if there is none.
  std::uint32_t next(std::uint32_t at) const noexcept;

  template <class F>
  void for_each_run(F&& f) const {
    if (is_bitmap()) {
      for_each_bit_run(words_.data(), f);
    } else {
      for (const std::uint64_t run : words_) f(first_of(run), last_of(run));
    }
  }

 private:
  static std::uint16_t first_of(std::uint64_t run) noexcept {
    return static_cast<std::uint16_t>(run & 0xFFFF);
  }
  static std::uint16_t last_of(std::uint64_t run) noexcept {
    return static_cast<std::uint16_t>(run >> 16);
  }
  // Index of the first run that ends at or after `low`.
  std::size_t run_at(std::uint32_t low) const noexcept;
  void become_bitmap();

  std::int64_t high_;
  std::uint32_t count_ = 0;
  std::pmr::vector<std::uint64_t> words_;  // kWords words of bits; else one word first | last << 16
                                           // for each run, always fewer
};

}  // namespace ea::core
