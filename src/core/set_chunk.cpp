#include "core/set_chunk.hpp"

#include <algorithm>

namespace ea::core {

Chunk::Chunk(std::int64_t high, const Bits& bits, BitStats stats, std::pmr::memory_resource* memory)
    : high_(high), words_(memory) {
  assign(bits, stats);
}

Chunk::Chunk(const Chunk& other, std::pmr::memory_resource* memory)
    : high_(other.high_), count_(other.count_), words_(other.words_, memory) {}

bool Chunk::contains(std::uint16_t low) const noexcept {
  if (is_bitmap()) return (words_[low / 64] >> (low % 64) & 1) != 0;
  const std::size_t i = run_at(low);
  return i < words_.size() && first_of(words_[i]) <= low;
}

void Chunk::append_run(std::uint16_t first, std::uint16_t last) {
  words_.push_back(std::uint64_t{first} | std::uint64_t{last} << 16);
  count_ += std::uint32_t{last} - first + 1;
}

void Chunk::or_into(Bits& bits) const noexcept {
  if (is_bitmap()) {
    for (std::size_t i = 0; i < kWords; ++i) bits.words[i] |= words_[i];
  } else {
    for (const std::uint64_t run : words_) bits.set_run(first_of(run), last_of(run));
  }
}

void Chunk::or_bits(const std::uint64_t* words) {
  for (std::size_t i = 0; i < kWords; ++i) words_[i] |= words[i];
  count_ = measure_bits(words_.data()).count;
}

void Chunk::assign(const Bits& bits, BitStats stats) {
  if (stats.runs < kWords) {
    std::pmr::vector<std::uint64_t> runs(words_.get_allocator());
    runs.reserve(stats.runs);
    for_each_bit_run(bits.words.data(), [&](std::uint16_t first, std::uint16_t last) {
      runs.push_back(std::uint64_t{first} | std::uint64_t{last} << 16);
    });
    words_ = std::move(runs);
  } else {
    words_.assign(bits.words.begin(), bits.words.end());
  }
  count_ = stats.count;
}

BitStats Chunk::stats() const noexcept {
  if (is_bitmap()) return measure_bits(words_.data());
  return {count_, static_cast<std::uint32_t>(words_.size())};
}

std::uint32_t Chunk::next(std::uint32_t at) const noexcept {
  if (is_bitmap()) return find_bit(words_.data(), at, true);
  const std::size_t i = run_at(at);
  return i == words_.size() ? kRange : std::max<std::uint32_t>(at, first_of(words_[i]));
}

std::size_t Chunk::run_at(std::uint32_t low) const noexcept {
  const auto found = std::partition_point(words_.begin(), words_.end(), [low](std::uint64_t run) {
    return last_of(run) < low;
  });
  return static_cast<std::size_t>(found - words_.begin());
}

void Chunk::become_bitmap() {
  Bits bits;
  bits.clear();
  or_into(bits);
  // A copy with exact room, made before anything changes.
  std::pmr::vector<std::uint64_t> words(bits.words.begin(), bits.words.end(),
                                        words_.get_allocator());
  words_ = std::move(words);
}

}  // namespace ea::core
