#include "core/set_parts.hpp"

#include <algorithm>

namespace ea::core {

BitStats Group::stats() const noexcept {
  if (chunk != nullptr) return chunk->stats();
  BitStats stats{static_cast<std::uint32_t>(loose.size()), loose.empty() ? 0U : 1U};
  for (std::size_t i = 1; i < loose.size(); ++i) {
    stats.runs += loose[i] != loose[i - 1] + 1 ? 1 : 0;
  }
  return stats;
}

void Group::or_into(Bits& bits) const noexcept {
  if (chunk != nullptr) {
    chunk->or_into(bits);
  } else {
    for (const std::int64_t key : loose) bits.set(low_of(key));
  }
}

void SetParts::append(std::int64_t high, const Bits& bits) {
  const BitStats stats = measure_bits(bits.words.data());
  if (stats.count == 0) return;
  if (form_of(stats) == Form::loose) {
    for_each_bit_run(bits.words.data(), [&](std::uint32_t first, std::uint32_t last) {
      for (std::uint32_t low = first; low <= last; ++low) loose.push_back(key_of(high, low));
    });
  } else {
    chunks.emplace_back(high, bits, stats, memory());
    dense += stats.count;
  }
}

void SetParts::append(const Group& group) {
  if (group.chunk != nullptr) {
    chunks.emplace_back(*group.chunk, memory());
    dense += group.count();
  } else {
    loose.insert(loose.end(), group.loose.begin(), group.loose.end());
  }
}

void SetParts::promote() {
  // Nothing to do is the common case, and then nothing is touched.
  std::size_t kept = 0;
  bool moved = false;
  for (std::size_t i = 0; i < loose.size();) {
    const std::size_t length = group_length(std::span(loose).subspan(i));
    if (length >= kWords) {
      const Group group{high_of(loose[i]), nullptr, std::span(loose).subspan(i, length)};
      Bits bits;
      bits.clear();
      group.or_into(bits);
      chunks.emplace_back(group.high, bits, group.stats(), memory());
      dense += length;
      moved = true;
    } else {
      if (moved) std::copy_n(loose.begin() + static_cast<std::ptrdiff_t>(i), length,
                             loose.begin() + static_cast<std::ptrdiff_t>(kept));
      kept += length;
    }
    i += length;
  }
  if (!moved) return;
  loose.resize(kept);
  sort_chunks();
}

void SetParts::sort_chunks() {
  std::sort(chunks.begin(), chunks.end(),
            [](const Chunk& a, const Chunk& b) { return a.high() < b.high(); });
}

}  // namespace ea::core
