#include "core/set/chunk.hpp"

#include <algorithm>

namespace ea::core {

void Chunk::assign(const RunList& list) {
  const Runs runs = list.runs();
  if (runs.size() < kMaxRuns) {
    words_.assign(runs.begin(), runs.end());
  } else {
    words_.assign(kWords, 0);
    for (const std::uint64_t word : runs) {
      const Run run = unpack(word);
      set_bits(words_.data(), run.first, run.end - 1);
    }
  }
  stats_ = list.stats();
}

void Chunk::assign(const std::uint64_t* words, BitStats stats) {
  words_.assign(words, words + kWords);
  stats_ = stats;
}

std::uint64_t* Chunk::edit_bitmap() {
  if (!is_bitmap()) {
    std::pmr::vector<std::uint64_t> words(kWords, 0, words_.get_allocator());
    or_into(words.data());
    words_.swap(words);
  }
  stats_.runs = 0;
  return words_.data();
}

bool Chunk::contains(std::uint16_t low) const noexcept {
  if (is_bitmap()) return (words_[low / 64] >> (low % 64) & 1) != 0;
  const std::size_t i = run_at(low);
  return i < words_.size() && unpack(words_[i]).first <= low;
}

std::uint32_t Chunk::next(std::uint32_t at) const noexcept {
  if (is_bitmap()) return find_bit(bitmap(), at, true);
  const std::size_t i = run_at(at);
  return i == words_.size() ? kRange : std::max(at, unpack(words_[i]).first);
}

void Chunk::or_into(std::uint64_t* words) const noexcept {
  if (is_bitmap()) {
    add_bits(bitmap(), words);
  } else {
    for_each_run([words](std::uint32_t first, std::uint32_t last) { set_bits(words, first, last); });
  }
}

std::size_t Chunk::run_at(std::uint32_t low) const noexcept {
  const auto found = std::partition_point(words_.begin(), words_.end(), [low](std::uint64_t word) {
    return unpack(word).end <= low;
  });
  return static_cast<std::size_t>(found - words_.begin());
}

}  // namespace ea::core
