#include "core/set/parts.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace ea::core {

namespace {

bool is_below(const Chunk& chunk, std::int64_t high) noexcept { return chunk.high() < high; }

// Moves the keys of ranges that have a chunk into it; the others stay in order.
void absorb(std::pmr::vector<std::int64_t>& keys, std::span<Chunk> chunks) {
  auto at = keys.begin(), kept = keys.begin();
  while (at != keys.end()) {
    // Each side is searched for where the other goes on, so that a short one makes it short.
    const auto chunk = std::lower_bound(chunks.begin(), chunks.end(), high_of(*at), is_below);
    if (chunk == chunks.end()) break;
    const auto begin = std::lower_bound(at, keys.end(), key_of(chunk->high(), 0));
    const auto end = std::upper_bound(begin, keys.end(), key_of(chunk->high(), kRange - 1));
    kept = kept == at ? begin : std::copy(at, begin, kept);
    if (begin != end) chunk->unite(Group{chunk->high(), nullptr, Keys(begin, end)});
    at = end;
    chunks = chunks.subspan(static_cast<std::size_t>(chunk - chunks.begin()) + 1);
  }
  if (kept != at) keys.erase(std::copy(at, keys.end(), kept), keys.end());
}

// Merges two ascending sequences from the back, so that nothing moves twice; the first one stands
// at the front of the room for both.
template <class T, class Less>
void merge_from_back(T* room, std::size_t n, T* other, std::size_t left, Less&& less) {
  for (std::size_t to = n + left; left != 0;) {
    const bool take_own = n != 0 && less(other[left - 1], room[n - 1]);
    room[--to] = std::move(take_own ? room[--n] : other[--left]);
  }
}

}  // namespace

BitStats Group::stats() const noexcept {
  if (chunk != nullptr) return chunk->stats();
  BitStats stats{static_cast<std::uint32_t>(loose.size()), loose.empty() ? 0U : 1U};
  for (std::size_t i = 1; i < loose.size(); ++i) {
    stats.runs += loose[i] != loose[i - 1] + 1 ? 1 : 0;
  }
  return stats;
}

std::size_t Group::max_runs() const noexcept {
  if (chunk == nullptr) return loose.size();
  return chunk->is_bitmap() ? std::size_t{kManyRuns} : chunk->runs().size();
}

void Group::or_into(std::uint64_t* words) const noexcept {
  if (chunk != nullptr) {
    chunk->or_into(words);
  } else {
    for (const std::int64_t key : loose) set_bit(words, low_of(key));
  }
}

const std::uint64_t* Group::bitmap(Bits& room) const noexcept {
  if (chunk != nullptr && chunk->is_bitmap()) return chunk->bitmap();
  room.clear();
  or_into(room.data());
  return room.data();
}

Runs Group::runs(RunList& room) const noexcept {
  if (chunk != nullptr && !chunk->is_bitmap()) return chunk->runs();
  for_each_run([&](std::uint32_t first, std::uint32_t last) { room.append({first, last + 1}); });
  return room.runs();
}

void SetParts::append(std::int64_t high, const Bits& bits) {
  const BitStats stats = measure_bits(bits.words.data());
  switch (form_of(stats)) {
    case Form::bitmap:
      chunks.emplace_back(high, memory()).assign(bits.words.data(), stats);
      dense += stats.count;
      break;
    case Form::runs: {
      RunList runs;
      for_each_bit_run(bits.words.data(), [&](std::uint32_t first, std::uint32_t last) {
        runs.append({first, last + 1});
      });
      append(high, runs);
      break;
    }
    case Form::loose:
      for_each_bit_run(bits.words.data(), [&](std::uint32_t first, std::uint32_t last) {
        for (std::uint32_t low = first; low <= last; ++low) loose.push_back(key_of(high, low));
      });
  }
}

void SetParts::append(std::int64_t high, const RunList& runs) {
  if (form_of(runs.stats()) != Form::loose) {
    chunks.emplace_back(high, memory()).assign(runs);
    dense += runs.stats().count;
    return;
  }
  for (const std::uint64_t word : runs.runs()) {
    const Run run = unpack(word);
    for (std::uint32_t low = run.first; low < run.end; ++low) loose.push_back(key_of(high, low));
  }
}

void SetParts::append(const Group& group) {
  if (group.chunk != nullptr) {
    append_chunk(chunks, group);
    dense += group.count();
  } else {
    loose.insert(loose.end(), group.loose.begin(), group.loose.end());
  }
}

Chunk* SetParts::find_chunk(std::int64_t high) noexcept {
  if (chunks.empty()) return nullptr;
  // Where ids are dense the chunks lie side by side, and the place is known without a search.
  const auto guess = static_cast<std::uint64_t>(high - chunks.front().high());
  if (guess < chunks.size() && chunks[guess].high() == high) return &chunks[guess];
  const auto found = std::lower_bound(chunks.begin(), chunks.end(), high, is_below);
  return found != chunks.end() && found->high() == high ? &*found : nullptr;
}

void SetParts::add_chunks(std::pmr::vector<Chunk>& fresh) {
  absorb(loose, fresh);
  const std::size_t n = chunks.size();
  for (const Chunk& chunk : fresh) chunks.emplace_back(chunk.high(), memory());
  merge_from_back(chunks.data(), n, fresh.data(), fresh.size(),
                  [](const Chunk& a, const Chunk& b) { return a.high() < b.high(); });
}

void SetParts::add_keys(std::pmr::vector<std::int64_t>& keys) {
  absorb(keys, chunks);
  // Keep only what is new, so that the room needed is known before anything moves.
  auto known = loose.cbegin();
  const auto end = std::remove_if(keys.begin(), keys.end(), [&](std::int64_t key) {
    while (known != loose.cend() && *known < key) ++known;
    return known != loose.cend() && *known == key;
  });
  const std::size_t n = loose.size(), fresh = static_cast<std::size_t>(end - keys.begin());
  loose.resize(n + fresh);
  merge_from_back(loose.data(), n, keys.data(), fresh, std::less<>());
  keys.clear();
  promote();
}

void SetParts::measure() noexcept {
  dense = 0;
  for (Chunk& chunk : chunks) {
    chunk.measure();
    dense += chunk.count();
  }
}

void SetParts::promote() {
  // A stretch of kWords keys covers a whole block of half as many, which is seen by its ends.
  constexpr std::size_t kBlock = kWords / 2;
  std::pmr::vector<Chunk> fresh(memory());
  for (std::size_t i = 0; i + kBlock <= loose.size(); i += kBlock) {
    const std::int64_t high = high_of(loose[i]);
    if (high_of(loose[i + kBlock - 1]) != high) continue;
    if (!fresh.empty() && fresh.back().high() == high) continue;
    const auto begin = std::lower_bound(loose.begin(), loose.end(), key_of(high, 0));
    const auto end = std::upper_bound(begin, loose.end(), key_of(high, kRange - 1));
    if (static_cast<std::size_t>(end - begin) < kWords) continue;
    fresh.emplace_back(high, memory());
  }
  add_chunks(fresh);
}

}  // namespace ea::core
