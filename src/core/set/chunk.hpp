// The keys of one dense range of 2^16, as a bitmap or as runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "core/set/bits.hpp"
#include "core/set/runs.hpp"

namespace ea::core {

// A key is its range (signed) and its place in the range.
constexpr std::int64_t high_of(std::int64_t key) noexcept { return key >> 16; }
constexpr std::uint16_t low_of(std::int64_t key) noexcept {
  return static_cast<std::uint16_t>(key & 0xFFFF);
}
constexpr std::int64_t key_of(std::int64_t high, std::uint32_t low) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(high) << 16) | low;
}

// How the result of an operation is held in memory. A chunk never takes much more memory than the
// bytes it was read from: hostile values are full of runs of 65,536 keys.
enum class Form { loose, bitmap, runs };

constexpr Form form_of(BitStats stats) noexcept {
  constexpr std::uint32_t kChunkWords = 8;  // what a chunk costs besides its data
  const std::uint32_t plain = stats.count < kWords ? stats.count : std::uint32_t{kWords};
  if (stats.runs < kMaxRuns && stats.runs + kChunkWords < plain) return Form::runs;
  return stats.count < kWords ? Form::loose : Form::bitmap;
}

class Chunk {
 public:
  Chunk(std::int64_t high, std::pmr::memory_resource* memory) : high_(high), words_(memory) {}
  Chunk(const Chunk& other, std::pmr::memory_resource* memory)
      : high_(other.high_), stats_(other.stats_), words_(other.words_, memory) {}
  Chunk(Chunk&&) noexcept = default;
  Chunk& operator=(Chunk&&) = default;
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  ~Chunk() = default;

  std::int64_t high() const noexcept { return high_; }
  bool is_bitmap() const noexcept { return words_.size() == kWords; }
  const std::uint64_t* bitmap() const noexcept { return words_.data(); }
  Runs runs() const noexcept { return words_; }

  // A bitmap is not counted at every change but once after many: measure() comes before the others.
  BitStats stats() const noexcept { return stats_; }
  std::uint32_t count() const noexcept { return stats_.count; }
  void measure() noexcept {
    if (stats_.runs == 0 && is_bitmap()) stats_ = measure_bits(bitmap());
  }

  void assign(const RunList& runs);  // held as a bitmap if there are many
  void assign(const std::uint64_t* words, BitStats stats);
  // The bitmap, made of the runs if need be, for changes.
  std::uint64_t* edit_bitmap();
  void insert(std::uint16_t low) noexcept {  // this must be a bitmap
    set_bit(words_.data(), low);
    stats_.runs = 0;
  }

  // Adds the keys of a Group or Container of the same range.
  template <class Source>
  void unite(const Source& keys);

  bool contains(std::uint16_t low) const noexcept;
  // First key at or after `at`, kRange if there is none.
  std::uint32_t next(std::uint32_t at) const noexcept;
  void or_into(std::uint64_t* words) const noexcept;

  template <class F>
  void for_each_run(F&& f) const {
    if (is_bitmap()) {
      for_each_bit_run(bitmap(), f);
      return;
    }
    for (const std::uint64_t word : words_) {
      const Run run = unpack(word);
      f(run.first, run.end - 1);
    }
  }

 private:
  // The first run that ends behind `low`, as an index.
  std::size_t run_at(std::uint32_t low) const noexcept;

  std::int64_t high_;
  BitStats stats_;  // no runs: not measured since the last change
  std::pmr::vector<std::uint64_t> words_;  // a bitmap; or packed runs, always fewer
};

template <class Source>
void Chunk::unite(const Source& keys) {
  if (is_bitmap() || keys.max_runs() >= kMaxRuns) {
    keys.or_into(edit_bitmap());
    return;
  }
  RunList room, sum;
  combine_runs<Union>(runs(), keys.runs(room), sum);
  assign(sum);
}

}  // namespace ea::core
