// A settled set: keys of sparse ranges as one sorted sequence, dense ranges as chunks; no key of the
// sequence lies in a chunk's range. In memory a key costs at most about 8 bytes, and between two
// chunks every operation is a plain merge of sorted numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "core/set/chunk.hpp"

namespace ea::core {

using Keys = std::span<const std::int64_t>;

struct SetView {
  Keys loose;
  std::span<const Chunk> chunks;
  std::uint64_t cardinality = 0;
};

// The keys a set has in one range: in a chunk, or loose, or none.
struct Group {
  std::int64_t high = 0;
  const Chunk* chunk = nullptr;
  Keys loose;

  bool empty() const noexcept { return chunk == nullptr && loose.empty(); }
  bool is_dense() const noexcept { return chunk != nullptr; }
  std::uint32_t count() const noexcept {
    return chunk != nullptr ? chunk->count() : static_cast<std::uint32_t>(loose.size());
  }
  BitStats stats() const noexcept;
  // There are not more runs; counted without looking at the keys.
  std::size_t max_runs() const noexcept;
  void or_into(std::uint64_t* words) const noexcept;
  // The keys in one of both forms, made in the room given unless they lie ready. Runs only if there
  // are fewer than kMaxRuns.
  const std::uint64_t* bitmap(Bits& room) const noexcept;
  Runs runs(RunList& room) const noexcept;

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
      f(std::uint32_t{low_of(loose[start])}, std::uint32_t{low_of(loose[i - 1])});
    }
  }

  template <class F>
  void for_each_key(F&& f) const {
    for (const std::int64_t key : loose) f(key);
    if (chunk == nullptr) return;
    chunk->for_each_run([&](std::uint32_t first, std::uint32_t last) {
      for (std::uint32_t low = first; low <= last; ++low) f(key_of(high, low));
    });
  }
};

// Copies a group that is a chunk.
inline void append_chunk(std::pmr::vector<Chunk>& chunks, const Group& group) {
  chunks.emplace_back(*group.chunk, chunks.get_allocator().resource());
}

// Length of the leading stretch of keys in the range of the first one.
inline std::size_t group_length(Keys keys) noexcept {
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
    const Keys loose = set.loose.subspan(i, group_length(set.loose.subspan(i)));
    f(Group{high_of(loose[0]), nullptr, loose});
    i += loose.size();
  }
}

template <class F>
void for_each_key(SetView set, F&& f) {
  std::size_t i = 0;
  for (const Chunk& chunk : set.chunks) {
    for (; i < set.loose.size() && high_of(set.loose[i]) < chunk.high(); ++i) f(set.loose[i]);
    Group{chunk.high(), &chunk, {}}.for_each_key(f);
  }
  for (; i < set.loose.size(); ++i) f(set.loose[i]);
}

struct SetParts {
  explicit SetParts(std::pmr::memory_resource* memory) : loose(memory), chunks(memory) {}

  std::pmr::memory_resource* memory() const { return loose.get_allocator().resource(); }
  SetView view() const noexcept { return {loose, chunks, loose.size() + dense}; }

  // Each adds a range above all ranges so far, in the form that suits it.
  void append(std::int64_t high, const Bits& bits);
  void append(std::int64_t high, const RunList& runs);
  void append(const Group& group);

  Chunk* find_chunk(std::int64_t high) noexcept;
  // Brings chunks in between the others, and the loose keys of their ranges into them.
  void add_chunks(std::pmr::vector<Chunk>& fresh);
  // Brings in sorted keys, each once; some may be known. What it is given is used up.
  void add_keys(std::pmr::vector<std::int64_t>& keys);
  // Counts the keys of all chunks that have changed.
  void measure() noexcept;
  // Turns ranges with so many loose keys that a bitmap is smaller into chunks.
  void promote();

  std::pmr::vector<std::int64_t> loose;
  std::pmr::vector<Chunk> chunks;
  std::uint64_t dense = 0;  // keys in chunks
};

}  // namespace ea::core
