// A settled set: keys of sparse ranges as one sorted sequence, dense ranges as chunks; no key of the
// sequence lies in a chunk's range. In memory a key costs at most about 8 bytes, and between two
// chunks every operation is a plain merge of sorted numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "core/set_chunk.hpp"

namespace ea::core {

struct SetView {
  std::span<const std::int64_t> loose;
  std::span<const Chunk> chunks;
  std::uint64_t cardinality = 0;
};

// The keys a set has in one range: in a chunk, or loose, or none.
struct Group {
  std::int64_t high = 0;
  const Chunk* chunk = nullptr;
  std::span<const std::int64_t> loose;

  bool empty() const noexcept { return chunk == nullptr && loose.empty(); }
  std::uint32_t count() const noexcept {
    return chunk != nullptr ? chunk->count() : static_cast<std::uint32_t>(loose.size());
  }
  BitStats stats() const noexcept;
  void or_into(Bits& bits) const noexcept;

  template <class F>
  void for_each_run(F&& f) const {
    if (chunk != nullptr) {
      chunk->for_each_run(f);
      return;
    }
    for (std::size_t i = 0; i < loose.size();) {
      const std::size_t start = i;
      while (++i < loose.size() && loose[i] == loose[i - 1] + 1) {
      }
      f(low_of(loose[start]), low_of(loose[i - 1]));
    }
  }
};

// Length of the leading stretch of keys in the range of the first one.
inline std::size_t group_length(std::span<const std::int64_t> keys) noexcept {
  std::size_t n = 1;
  while (n < keys.size() && high_of(keys[n]) == high_of(keys[0])) ++n;
  return n;
}

// Calls f(Group) for every range with keys, ascending.
template <class F>
void for_each_group(SetView set, F&& f) {
  std::size_t chunk = 0;
  for (std::size_t i = 0; i < set.loose.size() || chunk < set.chunks.size();) {
    if (chunk < set.chunks.size() &&
        (i == set.loose.size() || set.chunks[chunk].high() < high_of(set.loose[i]))) {
      f(Group{set.chunks[chunk].high(), &set.chunks[chunk], {}});
      ++chunk;
      continue;
    }
    const auto loose = set.loose.subspan(i, group_length(set.loose.subspan(i)));
    f(Group{high_of(loose[0]), nullptr, loose});
    i += loose.size();
  }
}

template <class F>
void for_each_key(SetView set, F&& f) {
  std::size_t i = 0;
  for (const Chunk& chunk : set.chunks) {
    for (; i < set.loose.size() && high_of(set.loose[i]) < chunk.high(); ++i) f(set.loose[i]);
    chunk.for_each_run([&](std::uint32_t first, std::uint32_t last) {
      for (std::uint32_t low = first; low <= last; ++low) f(key_of(chunk.high(), low));
    });
  }
  for (; i < set.loose.size(); ++i) f(set.loose[i]);
}

struct SetParts {
  explicit SetParts(std::pmr::memory_resource* memory) : loose(memory), chunks(memory) {}

  std::pmr::memory_resource* memory() const { return loose.get_allocator().resource(); }
  SetView view() const noexcept { return {loose, chunks, loose.size() + dense}; }

  // Adds a range above all ranges so far, in the form that takes the least memory.
  void append(std::int64_t high, const Bits& bits);
  void append(const Group& group);

  // Turns ranges with so many loose keys that a bitmap is smaller into chunks.
  void promote();
  // Restores the order of the chunks after some were put at the end.
  void sort_chunks();

  std::pmr::vector<std::int64_t> loose;
  std::pmr::vector<Chunk> chunks;
  std::uint64_t dense = 0;  // keys in chunks
};

}  // namespace ea::core
