#include "core/set/algebra.hpp"

#include <algorithm>
#include <limits>

namespace ea::core {

namespace {

// Takes the keys up to and including `last` off the front.
Keys take_until(Keys& keys, std::int64_t last) {
  const auto end = std::upper_bound(keys.begin(), keys.end(), last);
  const auto n = static_cast<std::size_t>(end - keys.begin());
  const Keys taken = keys.first(n);
  keys = keys.subspan(n);
  return taken;
}

Group take_group(std::int64_t high, Keys& loose, std::span<const Chunk>& chunks) {
  Group group{high, nullptr, {}};
  if (!chunks.empty() && chunks.front().high() == high) {
    group.chunk = &chunks.front();
    chunks = chunks.subspan(1);
  } else {
    group.loose = take_until(loose, key_of(high, kRange - 1));
  }
  return group;
}

// Walks both sets in step: `between` gets the loose keys that lie between chunks of either set,
// `at` what both have in a range where one of them has a chunk. Stops when one returns false.
template <class Between, class At>
bool walk(SetView a, SetView b, Between&& between, At&& at) {
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
  while (!a.chunks.empty() || !b.chunks.empty()) {
    const std::int64_t high = std::min(a.chunks.empty() ? kNone : a.chunks.front().high(),
                                       b.chunks.empty() ? kNone : b.chunks.front().high());
    const std::int64_t first = key_of(high, 0);
    if (first != std::numeric_limits<std::int64_t>::min()) {
      const Keys loose_a = take_until(a.loose, first - 1);
      const Keys loose_b = take_until(b.loose, first - 1);
      if (!between(loose_a, loose_b)) return false;
    }
    const Group group_a = take_group(high, a.loose, a.chunks);
    const Group group_b = take_group(high, b.loose, b.chunks);
    if (!at(group_a, group_b)) return false;
  }
  return between(a.loose, b.loose);
}

template <class Operation>
class Combination {
 public:
  Combination(SetView a, SetView b, std::pmr::memory_resource* memory) : out_(memory) {
    out_.loose.reserve(room_for(a.loose, b.loose));
    out_.chunks.reserve(std::max(a.chunks.size(), b.chunks.size()));
  }

  // Without a branch that depends on the keys: processors cannot guess it.
  void between(Keys a, Keys b) {
    if (a.empty() && b.empty()) return;
    const std::size_t size = out_.loose.size();
    out_.loose.resize(size + room_for(a, b));
    std::int64_t* to = out_.loose.data() + size;
    auto x = a.begin(), y = b.begin();
    while (x != a.end() && y != b.end()) {
      const std::int64_t key_a = *x, key_b = *y;
      const bool in_a = key_a <= key_b, in_b = key_b <= key_a;
      *to = in_a ? key_a : key_b;
      to += keeps<Operation>(in_a, in_b) ? 1 : 0;
      x += in_a ? 1 : 0;
      y += in_b ? 1 : 0;
    }
    if (kKeepsA) to = std::copy(x, a.end(), to);
    if (kKeepsB) to = std::copy(y, b.end(), to);
    out_.loose.resize(static_cast<std::size_t>(to - out_.loose.data()));
  }

  void at(const Group& a, const Group& b) {
    if (a.empty() || b.empty()) {
      if (a.empty() ? kKeepsB : kKeepsA) out_.append(a.empty() ? b : a);
    } else if (!kKeepsB && a.chunk == nullptr) {
      filter(a, b);
    } else if (!kKeepsA && b.chunk == nullptr) {
      filter(b, a);
    } else if (a.max_runs() < kMaxRuns && b.max_runs() < kMaxRuns) {
      RunList list_a, list_b, runs;
      combine_runs<Operation>(a.runs(list_a), b.runs(list_b), runs);
      out_.append(a.high, runs);
    } else {
      Bits bits_a, bits_b, bits;
      combine_bits<Operation>(a.bitmap(bits_a), b.bitmap(bits_b), bits.data());
      out_.append(a.high, bits);
    }
  }

  SetParts result() {
    if (kKeepsB) {
      out_.promote();
      out_.measure();
    }
    return std::move(out_);
  }

 private:
  static constexpr bool kKeepsA = keeps<Operation>(true, false);
  static constexpr bool kKeepsB = keeps<Operation>(false, true);

  // One more than the keys: the last one is written before it is known not to be kept.
  static std::size_t room_for(Keys a, Keys b) noexcept {
    return 1 + (kKeepsB ? a.size() + b.size() : kKeepsA ? a.size() : std::min(a.size(), b.size()));
  }

  // What the operation leaves of loose keys, when it keeps nothing that only the others have.
  void filter(const Group& keys, const Group& others) {
    for (const std::int64_t key : keys.loose) {
      if (keeps<Operation>(true, others.chunk->contains(low_of(key)))) out_.loose.push_back(key);
    }
  }

  SetParts out_;
};

template <class Operation>
SetParts combine(SetView a, SetView b, std::pmr::memory_resource* memory) {
  Combination<Operation> combination(a, b, memory);
  walk(
      a, b, [&](Keys x, Keys y) { return combination.between(x, y), true; },
      [&](const Group& x, const Group& y) { return combination.at(x, y), true; });
  return combination.result();
}

bool contains_group(const Group& whole, const Group& part) {
  if (part.count() > whole.count()) return false;
  if (part.chunk == nullptr) {
    return std::all_of(part.loose.begin(), part.loose.end(),
                       [&](std::int64_t key) { return whole.chunk->contains(low_of(key)); });
  }
  if (part.max_runs() < kMaxRuns && whole.max_runs() < kMaxRuns) {
    RunList list_part, list_whole, missing;
    combine_runs<Difference>(part.runs(list_part), whole.runs(list_whole), missing);
    return missing.stats().count == 0;
  }
  Bits bits_whole, bits_part;
  const std::uint64_t *const w = whole.bitmap(bits_whole), *const p = part.bitmap(bits_part);
  for (std::size_t i = 0; i < kWords; ++i) {
    if ((p[i] & ~w[i]) != 0) return false;
  }
  return true;
}

// A sequence so many times shorter than the other is looked up in it.
constexpr std::size_t kMuchLonger = 16;

std::uint64_t count_found(Keys few, Keys many) {
  std::uint64_t count = 0;
  auto from = many.begin();
  for (const std::int64_t key : few) {
    from = std::lower_bound(from, many.end(), key);
    if (from == many.end()) break;
    count += *from == key ? 1 : 0;
  }
  return count;
}

std::uint64_t count_common(Keys a, Keys b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return 0;
  if (b.size() / a.size() >= kMuchLonger) return count_found(a, b);
  std::uint64_t count = 0;
  auto x = a.begin(), y = b.begin();
  while (x != a.end() && y != b.end()) {
    const std::int64_t key_a = *x, key_b = *y;
    count += key_a == key_b ? 1 : 0;
    x += key_a <= key_b ? 1 : 0;
    y += key_b <= key_a ? 1 : 0;
  }
  return count;
}

std::uint64_t count_common(Runs a, Runs b) {
  std::uint64_t count = 0;
  auto x = a.begin(), y = b.begin();
  while (x != a.end() && y != b.end()) {
    const Run run_a = unpack(*x), run_b = unpack(*y);
    const std::uint32_t first = std::max(run_a.first, run_b.first);
    const std::uint32_t end = std::min(run_a.end, run_b.end);
    if (first < end) count += end - first;
    (run_a.end < run_b.end ? x : y)++;
  }
  return count;
}

// One of both groups has a chunk.
std::uint64_t count_common(const Group& a, const Group& b) {
  if (a.empty() || b.empty()) return 0;
  if (a.chunk == nullptr || b.chunk == nullptr) {
    const Chunk& chunk = a.chunk != nullptr ? *a.chunk : *b.chunk;
    std::uint64_t count = 0;
    for (const std::int64_t key : a.chunk != nullptr ? b.loose : a.loose) {
      count += chunk.contains(low_of(key)) ? 1 : 0;
    }
    return count;
  }
  if (a.chunk->is_bitmap() && b.chunk->is_bitmap()) {
    return count_common_bits(a.chunk->bitmap(), b.chunk->bitmap());
  }
  if (!a.chunk->is_bitmap() && !b.chunk->is_bitmap()) {
    return count_common(a.chunk->runs(), b.chunk->runs());
  }
  const Chunk& bitmap = a.chunk->is_bitmap() ? *a.chunk : *b.chunk;
  const Chunk& runs = a.chunk->is_bitmap() ? *b.chunk : *a.chunk;
  std::uint64_t count = 0;
  runs.for_each_run([&](std::uint32_t first, std::uint32_t last) {
    count += count_bits(bitmap.bitmap(), first, last);
  });
  return count;
}

}  // namespace

SetParts unite_sets(SetView a, SetView b, std::pmr::memory_resource* memory) {
  return combine<Union>(a, b, memory);
}

SetParts intersect_sets(SetView a, SetView b, std::pmr::memory_resource* memory) {
  return combine<Intersection>(a, b, memory);
}

SetParts subtract_sets(SetView a, SetView b, std::pmr::memory_resource* memory) {
  return combine<Difference>(a, b, memory);
}

bool contains_set(SetView whole, SetView part) {
  if (part.cardinality > whole.cardinality) return false;
  return walk(
      whole, part,
      [](Keys x, Keys y) { return std::includes(x.begin(), x.end(), y.begin(), y.end()); },
      contains_group);
}

std::uint64_t intersection_count(SetView a, SetView b) {
  std::uint64_t count = 0;
  walk(
      a, b, [&](Keys x, Keys y) { return count += count_common(x, y), true; },
      [&](const Group& x, const Group& y) { return count += count_common(x, y), true; });
  return count;
}

}  // namespace ea::core
