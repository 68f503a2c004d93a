// 65,536 bits, one for each key of a range: the scratch paper of set operations.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ea::core {

inline constexpr std::uint32_t kRange = 65536;
inline constexpr std::size_t kWords = kRange / 64;

struct BitStats {
  std::uint32_t count = 0;  // bits set
  std::uint32_t runs = 0;   // maximal stretches of set bits
};

// Of kWords words.
BitStats measure_bits(const std::uint64_t* words) noexcept;

struct Bits {
  std::array<std::uint64_t, kWords> words;  // left as it is: users clear or fill it

  void clear() noexcept { words.fill(0); }
  void set(std::uint16_t bit) noexcept { words[bit / 64] |= std::uint64_t{1} << (bit % 64); }
  void set_run(std::uint16_t first, std::uint16_t last) noexcept {
    const std::size_t from = first / 64U, to = last / 64U;
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
};

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
    f(static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(end - 1));
    at = find_bit(words, end, true);
  }
}

}  // namespace ea::core
