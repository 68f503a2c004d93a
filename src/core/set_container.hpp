// The keys of one range as stored bytes: the containers our own form and portable Roaring share.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/codec.hpp"
#include "core/set_parts.hpp"

namespace ea::core {

enum class Kind : std::uint8_t { array = 0, bitmap = 1, runs = 2 };

inline constexpr std::uint32_t kMaxArray = 4096;

// The smallest container; on a tie runs lose. Portable Roaring's writers make the same choice.
constexpr Kind kind_of(BitStats stats) noexcept {
  const std::uint32_t plain = stats.count <= kMaxArray ? 2 * stats.count : kRange / 8;
  if (4 * stats.runs < plain) return Kind::runs;
  return stats.count <= kMaxArray ? Kind::array : Kind::bitmap;
}

// Size of a container's data alone.
constexpr std::size_t data_size(Kind kind, BitStats stats) noexcept {
  return kind == Kind::array    ? std::size_t{2} * stats.count
         : kind == Kind::bitmap ? std::size_t{kRange / 8}
                                : std::size_t{4} * stats.runs;
}
void write_data(Kind kind, const Group& group, Writer& writer);

// Points into foreign bytes.
struct Container {
  std::int64_t high;
  Kind kind;
  BitStats stats;  // until measured: the count of an array or bitmap, the runs of runs, as claimed
  Bytes data;

  // Checks the data against the claim and fills in the rest of the stats; throws invalid_binary.
  void measure();

  std::uint16_t number(std::size_t i) const noexcept {
    return load_le<std::uint16_t>(data.data() + 2 * i);
  }
  void read_bitmap(Bits& bits) const noexcept;

  template <class F>
  void for_each_run(F&& f) const {
    for (std::size_t i = 0; i < stats.runs; ++i) {
      const std::uint16_t first = number(2 * i);
      f(first, static_cast<std::uint16_t>(first + number(2 * i + 1)));
    }
  }

  template <class F>
  void for_each_key(F&& f) const {
    const auto run = [&](std::uint32_t first, std::uint32_t last) {
      for (std::uint32_t low = first; low <= last; ++low) f(key_of(high, low));
    };
    if (kind == Kind::array) {
      for (std::size_t i = 0; i < stats.count; ++i) f(key_of(high, number(i)));
    } else if (kind == Kind::runs) {
      for_each_run(run);
    } else {
      Bits bits;
      read_bitmap(bits);
      for_each_bit_run(bits.words.data(), run);
    }
  }
};

// What a set read from containers will take.
struct Tally {
  std::size_t loose = 0;
  std::size_t chunks = 0;

  void add(const Container& container) noexcept;
  void reserve(SetParts& parts) const;
};

// Adds a measured container above all ranges so far.
void append(SetParts& parts, const Container& container);

}  // namespace ea::core
