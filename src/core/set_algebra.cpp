#include "core/set_algebra.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace ea::core {

namespace {

using Keys = std::span<const std::int64_t>;

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

void fill(Bits& bits, const Group& group) {
  bits.clear();
  group.or_into(bits);
}

// Copies those loose keys of a whose presence in b is as wanted.
void filter(const Group& a, const Group& b, bool wanted, SetParts& out) {
  for (const std::int64_t key : a.loose) {
    if (b.chunk->contains(low_of(key)) == wanted) out.loose.push_back(key);
  }
}

}  // namespace

SetParts unite_sets(SetView a, SetView b, std::pmr::memory_resource* memory) {
  SetParts out(memory);
  out.loose.reserve(a.loose.size() + b.loose.size());
  walk(
      a, b,
      [&](Keys x, Keys y) {
        std::set_union(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(out.loose));
        return true;
      },
      [&](const Group& x, const Group& y) {
        if (x.empty() || y.empty()) {
          out.append(x.empty() ? y : x);
        } else {
          Bits bits;
          fill(bits, x);
          y.or_into(bits);
          out.append(x.high, bits);
        }
        return true;
      });
  out.promote();
  return out;
}

SetParts intersect_sets(SetView a, SetView b, std::pmr::memory_resource* memory) {
  SetParts out(memory);
  walk(
      a, b,
      [&](Keys x, Keys y) {
        std::set_intersection(x.begin(), x.end(), y.begin(), y.end(),
                              std::back_inserter(out.loose));
        return true;
      },
      [&](const Group& x, const Group& y) {
        if (x.chunk == nullptr) {
          filter(x, y, true, out);
        } else if (y.chunk == nullptr) {
          filter(y, x, true, out);
        } else {
          Bits bits, other;
          fill(bits, x);
          fill(other, y);
          for (std::size_t i = 0; i < kWords; ++i) bits.words[i] &= other.words[i];
          out.append(x.high, bits);
        }
        return true;
      });
  return out;
}

SetParts subtract_sets(SetView a, SetView b, std::pmr::memory_resource* memory) {
  SetParts out(memory);
  walk(
      a, b,
      [&](Keys x, Keys y) {
        std::set_difference(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(out.loose));
        return true;
      },
      [&](const Group& x, const Group& y) {
        if (x.empty() || y.empty()) {
          out.append(x);
        } else if (x.chunk == nullptr) {
          filter(x, y, false, out);
        } else {
          Bits bits, other;
          fill(bits, x);
          fill(other, y);
          for (std::size_t i = 0; i < kWords; ++i) bits.words[i] &= ~other.words[i];
          out.append(x.high, bits);
        }
        return true;
      });
  return out;
}

bool contains_set(SetView whole, SetView part) {
  if (part.cardinality > whole.cardinality) return false;
  return walk(
      whole, part,
      [](Keys x, Keys y) { return std::includes(x.begin(), x.end(), y.begin(), y.end()); },
      [](const Group& x, const Group& y) {
        if (y.empty()) return true;
        if (y.count() > x.count()) return false;
        if (y.chunk == nullptr) {
          return std::all_of(y.loose.begin(), y.loose.end(),
                             [&](std::int64_t key) { return x.chunk->contains(low_of(key)); });
        }
        Bits bits, other;
        fill(bits, x);
        fill(other, y);
        for (std::size_t i = 0; i < kWords; ++i) {
          if ((other.words[i] & ~bits.words[i]) != 0) return false;
        }
        return true;
      });
}

}  // namespace ea::core
