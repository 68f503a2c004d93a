#include "core/set_bits.hpp"

namespace ea::core {

namespace {

// Written once and compiled twice: counting bits is most of the work here, and processors since
// 2008 do it in one instruction that the baseline instruction set lacks.
[[gnu::always_inline]] inline BitStats measure(const std::uint64_t* words) noexcept {
  BitStats stats;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < kWords; ++i) {
    const std::uint64_t word = words[i];
    stats.count += static_cast<std::uint32_t>(__builtin_popcountll(word));
    // A run starts where a bit is set and the one before is not.
    stats.runs += static_cast<std::uint32_t>(__builtin_popcountll(word & ~(word << 1 | carry)));
    carry = word >> 63;
  }
  return stats;
}

#if defined(__x86_64__)
[[gnu::target("popcnt")]] BitStats measure_popcnt(const std::uint64_t* words) noexcept {
  return measure(words);
}
#endif

}  // namespace

BitStats measure_bits(const std::uint64_t* words) noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return measure_popcnt(words);
#endif
  return measure(words);
}

}  // namespace ea::core
