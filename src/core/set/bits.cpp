#include "core/set/bits.hpp"

namespace ea::core {

namespace {

// Written once and compiled for several processors: counting bits is most of the work here, and
// what the baseline instruction set lacks others do in one instruction, for one word or for eight.
template <class Words>
[[gnu::always_inline]] inline BitStats measure(Words words) noexcept {
  BitStats stats;
  std::uint64_t carry = 0;
  // A run starts where a bit is set and the one before is not.
  for (std::size_t i = 0; i < kWords && stats.runs < kManyRuns; ++i) {
    const std::uint64_t word = words[i];
    stats.runs += static_cast<std::uint32_t>(__builtin_popcountll(word & ~(word << 1 | carry)));
    carry = word >> 63;
  }
  std::uint64_t count = 0;  // as wide as the words, for the sake of vectors
  for (std::size_t i = 0; i < kWords; ++i) {
    count += static_cast<std::uint64_t>(__builtin_popcountll(words[i]));
  }
  stats.count = static_cast<std::uint32_t>(count);
  return stats;
}

[[gnu::always_inline]] inline std::uint32_t count_common(const std::uint64_t* a,
                                                         const std::uint64_t* b) noexcept {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < kWords; ++i) {
    count += static_cast<std::uint64_t>(__builtin_popcountll(a[i] & b[i]));
  }
  return static_cast<std::uint32_t>(count);
}

#if defined(__x86_64__)
[[gnu::target("popcnt")]] std::uint32_t count_common_popcnt(const std::uint64_t* a,
                                                            const std::uint64_t* b) noexcept {
  return count_common(a, b);
}
[[gnu::target("avx512vpopcntdq")]] std::uint32_t count_common_avx512(
    const std::uint64_t* a, const std::uint64_t* b) noexcept {
  return count_common(a, b);
}

template <class Words>
[[gnu::target("popcnt")]] BitStats measure_popcnt(Words words) noexcept {
  return measure(words);
}
template <class Words>
[[gnu::target("avx512vpopcntdq")]] BitStats measure_avx512(Words words) noexcept {
  return measure(words);
}
#endif

template <class Words>
BitStats measure_at_best(Words words) noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vpopcntdq")) return measure_avx512(words);
  if (__builtin_cpu_supports("popcnt")) return measure_popcnt(words);
#endif
  return measure(words);
}

}  // namespace

BitStats measure_bits(const std::uint64_t* words) noexcept { return measure_at_best(words); }
BitStats measure_bits(StoredBits words) noexcept { return measure_at_best(words); }

std::uint32_t count_common_bits(const std::uint64_t* a, const std::uint64_t* b) noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vpopcntdq")) return count_common_avx512(a, b);
  if (__builtin_cpu_supports("popcnt")) return count_common_popcnt(a, b);
#endif
  return count_common(a, b);
}

std::uint32_t count_bits(const std::uint64_t* words, std::uint32_t first, std::uint32_t last) noexcept {
  const std::size_t from = first / 64, to = last / 64;
  const std::uint64_t head = ~std::uint64_t{0} << (first % 64);
  const std::uint64_t tail = ~std::uint64_t{0} >> (63 - last % 64);
  const auto count = [](std::uint64_t word) {
    return static_cast<std::uint32_t>(__builtin_popcountll(word));
  };
  if (from == to) return count(words[from] & head & tail);
  std::uint32_t sum = count(words[from] & head) + count(words[to] & tail);
  for (std::size_t i = from + 1; i < to; ++i) sum += count(words[i]);
  return sum;
}

}  // namespace ea::core
