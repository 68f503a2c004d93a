// Keys of which most others are told apart, in a memory that does not grow with them: a Bloom filter of one word a key
// (Putze, Sanders and Singler 2007). No key is ever lost; the fewer bits there are for each, the more others pass.
#pragma once

#include <bit>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "core/set/key_hash.hpp"

namespace ea::core {

class KeyFilter {
 public:
  // Of so many bytes at most, as a power of two.
  KeyFilter(std::pmr::memory_resource* memory, std::size_t bytes) : words_(std::bit_floor(bytes < kFewest * 8 ? kFewest * 8 : bytes) / 8, memory) {}

  void add(std::int64_t key) {
    const std::uint64_t h = hash_of(key);
    words_[h & (words_.size() - 1)] |= bits(h);
    keys_++;
  }
  // When all are in: folded to what so many keys need, so that it stays in the processor's cache.
  void settle() {
    while (words_.size() > kFewest && keys_ <= words_.size() / 2 * 64 / kBitsForKey) {
      const std::size_t half = words_.size() / 2;
      for (std::size_t i = 0; i < half; i++) words_[i] |= words_[half + i];
      words_.resize(half);
    }
    words_.shrink_to_fit();
  }
  // True for every key that was added, and for some of the others.
  bool may_hold(std::int64_t key) const {
    const std::uint64_t h = hash_of(key), wanted = bits(h);
    return (words_[h & (words_.size() - 1)] & wanted) == wanted;
  }
  std::size_t bytes() const { return words_.size() * 8; }

 private:
  static constexpr std::size_t kFewest = 64, kBitsForKey = 16;

  // Four of the word's, by the first bits of the hash: the last ones choose the word.
  static std::uint64_t bits(std::uint64_t h) {
    return std::uint64_t{1} << (h >> 58) | std::uint64_t{1} << (h >> 52 & 63) | std::uint64_t{1} << (h >> 46 & 63) | std::uint64_t{1} << (h >> 40 & 63);
  }

  std::pmr::vector<std::uint64_t> words_;
  std::uint64_t keys_ = 0;
};

}  // namespace ea::core
