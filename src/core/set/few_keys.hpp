// The distinct keys of a few events, without memory of its own: what most contents have is counted here, and needs no set.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace ea::core {

class FewKeys {
 public:
  static constexpr std::size_t kMost = 128;

  std::size_t size() const noexcept { return size_; }

  // False where there is no room for one more; it is not in then.
  bool insert(std::int64_t key) noexcept {
    // 2^64 over the golden ratio: neighbours lie far apart.
    std::size_t at = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u >> 56;
    for (; used(at); at = (at + 1) % kPlaces)
      if (keys_[at] == key) return true;
    if (size_ == kMost) return false;
    used_[at / 64] |= std::uint64_t{1} << at % 64;
    keys_[at] = key;
    ++size_;
    return true;
  }

  template <class F>
  void for_each(F&& f) const {
    for (std::size_t word = 0; word < kPlaces / 64; ++word)
      for (std::uint64_t rest = used_[word]; rest != 0; rest &= rest - 1)
        f(keys_[word * 64 + static_cast<std::size_t>(std::countr_zero(rest))]);
  }

 private:
  static constexpr std::size_t kPlaces = 256;
  static_assert(kPlaces == 2 * kMost);

  bool used(std::size_t at) const noexcept { return (used_[at / 64] >> at % 64 & 1) != 0; }

  std::size_t size_ = 0;
  std::uint64_t used_[kPlaces / 64] = {};
  std::int64_t keys_[kPlaces];
};

}  // namespace ea::core
