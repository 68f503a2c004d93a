// The keys of one range as stored bytes: the containers our own form and portable Roaring share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes/codec.hpp"
#include "core/set/parts.hpp"

namespace ea::core {

enum class Kind : std::uint8_t { array = 0, bitmap = 1, runs = 2 };

inline constexpr std::uint32_t kMaxArray = 4096;
inline constexpr std::size_t kBitmapSize = kRange / 8;

// The smallest container; on a tie runs lose. Portable Roaring's writers make the same choice.
constexpr Kind kind_of(BitStats stats) noexcept {
  const std::uint32_t plain =
      stats.count <= kMaxArray ? 2 * stats.count : std::uint32_t{kBitmapSize};
  if (4 * stats.runs < plain) return Kind::runs;
  return stats.count <= kMaxArray ? Kind::array : Kind::bitmap;
}

// Size of the data alone, of n keys, or n runs.
constexpr std::size_t data_size(Kind kind, std::size_t n) noexcept {
  return kind == Kind::bitmap ? kBitmapSize : n * (kind == Kind::array ? 2 : 4);
}
constexpr std::size_t data_size(Kind kind, BitStats stats) noexcept {
  return data_size(kind, kind == Kind::runs ? stats.runs : stats.count);
}
void write_data(Kind kind, const Group& group, Writer& writer);

// Points into foreign bytes, which are believed once they were measured without complaint.
struct Container {
  std::int64_t high;
  Kind kind;
  std::uint32_t n;  // keys, or the runs of runs, as claimed
  Bytes data;       // of the size these say

  // Checks the data and throws invalid_binary. What a bitmap claims is left to the caller.
  BitStats measure() const;

  // What can be asked of a Group, too.
  bool is_dense() const noexcept { return kind != Kind::array || n >= kWords; }
  std::size_t max_runs() const noexcept { return kind == Kind::bitmap ? kManyRuns : n; }
  void or_into(std::uint64_t* words) const noexcept;
  Runs runs(RunList& room) const noexcept;

  std::uint16_t number(std::size_t i) const noexcept {
    return load_le<std::uint16_t>(data.data() + 2 * i);
  }

  template <class F>
  void for_each_run(F&& f) const {
    switch (kind) {
      case Kind::runs:
        for (std::size_t i = 0; i < n; ++i) {
          const std::uint32_t first = number(2 * i);
          f(first, first + number(2 * i + 1));
        }
        break;
      case Kind::array:
        for (std::size_t i = 0; i < n; ++i) {
          const std::uint32_t first = number(i);
          std::uint32_t last = first;
          for (; i + 1 < n && number(i + 1) == last + 1; ++i) ++last;
          f(first, last);
        }
        break;
      case Kind::bitmap: {
        Bits bits;
        bits.clear();
        or_into(bits.data());
        for_each_bit_run(bits.data(), f);
      }
    }
  }

  template <class F>
  void for_each_key(F&& f) const {
    for_each_run([&](std::uint32_t first, std::uint32_t last) {
      for (std::uint32_t low = first; low <= last; ++low) f(key_of(high, low));
    });
  }
};

// Room for what is read from containers. They are held as they are stored, except that long arrays
// and many runs become bitmaps, so that this is known before their data is looked at.
struct Tally {
  std::size_t loose = 0;
  std::size_t chunks = 0;

  void add(const Container& container) noexcept {
    if (container.is_dense()) {
      ++chunks;
    } else {
      loose += container.n;
    }
  }
  void reserve(SetParts& parts) const;
};

// Both add a container above all ranges so far, and measure it; the second takes a dense one.
BitStats append(SetParts& parts, const Container& container);
BitStats append_chunk(std::pmr::vector<Chunk>& chunks, const Container& container);

}  // namespace ea::core
