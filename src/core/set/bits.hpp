// 65,536 bits, one for each key of a range: bitmaps, and the scratch paper of set operations. A
// bitmap is kWords words wherever it lies, so that chunks and scratch paper share these functions.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/bytes/codec.hpp"

namespace ea::core {

inline constexpr std::uint32_t kRange = 65536;
inline constexpr std::size_t kWords = kRange / 64;

// From here on runs take no less room than a bitmap and nobody needs their exact number.
inline constexpr std::uint32_t kManyRuns = kRange / 32;

struct BitStats {
  std::uint32_t count = 0;  // bits set
  std::uint32_t runs = 0;   // maximal stretches of set bits; exact below kManyRuns
};

// A bitmap in foreign bytes: at any address, in the order of bytes in which it was stored.
struct StoredBits {
  const std::byte* bytes;

  std::uint64_t operator[](std::size_t i) const noexcept {
    return load_le<std::uint64_t>(bytes + 8 * i);
  }
};

BitStats measure_bits(const std::uint64_t* words) noexcept;
BitStats measure_bits(StoredBits words) noexcept;
// The bits that are set in both.
std::uint32_t count_common_bits(const std::uint64_t* a, const std::uint64_t* b) noexcept;
// The bits that are set from one place to another, both included.
std::uint32_t count_bits(const std::uint64_t* words, std::uint32_t first, std::uint32_t last) noexcept;

// A set operation is a function of two bits: whether a key is in the one set and in the other. It is
// the same for single keys, for the edges of runs and for 64 keys of two bitmaps at once.
struct Union {
  static constexpr std::uint64_t of(std::uint64_t a, std::uint64_t b) noexcept { return a | b; }
};
struct Intersection {
  static constexpr std::uint64_t of(std::uint64_t a, std::uint64_t b) noexcept { return a & b; }
};
struct Difference {
  static constexpr std::uint64_t of(std::uint64_t a, std::uint64_t b) noexcept { return a & ~b; }
};
template <class Operation>
constexpr bool keeps(bool in_a, bool in_b) noexcept {
  return Operation::of(in_a ? 1 : 0, in_b ? 1 : 0) != 0;
}

// Here and below what is written must not overlap what is read: the compiler then takes many words
// at a time.
template <class Operation>
void combine_bits(const std::uint64_t* a, const std::uint64_t* b,
                  std::uint64_t* __restrict to) noexcept {
  for (std::size_t i = 0; i < kWords; ++i) to[i] = Operation::of(a[i], b[i]);
}

// Words are those of a bitmap in memory or of StoredBits.
template <class Words>
void add_bits(Words from, std::uint64_t* __restrict to) noexcept {
  for (std::size_t i = 0; i < kWords; ++i) to[i] |= from[i];
}

struct Bits {
  alignas(64) std::array<std::uint64_t, kWords> words;  // left as it is: users clear or fill it

  std::uint64_t* data() noexcept { return words.data(); }
  void clear() noexcept { words.fill(0); }
};

inline void set_bit(std::uint64_t* words, std::uint16_t bit) noexcept {
  words[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

inline void set_bits(std::uint64_t* words, std::uint32_t first, std::uint32_t last) noexcept {
  const std::size_t from = first / 64, to = last / 64;
  const std::uint64_t head = ~std::uint64_t{0} << (first % 64);
  const std::uint64_t tail = ~std::uint64_t{0} >> (63 - last % 64);
  if (from == to) {
    words[from] |= head & tail;
    return;
  }
  words[from] |= head;
  for (std::size_t i = from + 1; i < to; ++i) words[i] = ~std::uint64_t{0};
  words[to] |= tail;
}

// First position at or after `at` whose bit equals `wanted`; kRange if there is none.
inline std::uint32_t find_bit(const std::uint64_t* words, std::uint32_t at, bool wanted) noexcept {
  if (at >= kRange) return kRange;
  const std::uint64_t flip = wanted ? 0 : ~std::uint64_t{0};
  std::size_t i = at / 64;
  std::uint64_t word = (words[i] ^ flip) & (~std::uint64_t{0} << (at % 64));
  while (word == 0) {
    if (++i == kWords) return kRange;
    word = words[i] ^ flip;
  }
  return static_cast<std::uint32_t>(i * 64) + static_cast<std::uint32_t>(std::countr_zero(word));
}

// Calls f(first, last) for every maximal run, ascending.
template <class F>
void for_each_bit_run(const std::uint64_t* words, F&& f) {
  for (std::uint32_t at = find_bit(words, 0, true); at < kRange;) {
    const std::uint32_t end = find_bit(words, at, false);
    f(at, end - 1);
    at = find_bit(words, end, true);
  }
}

}  // namespace ea::core
