// What the ways of changing a tree of buckets have in common.
#pragma once

#include <algorithm>

#include "core/tree/bucket_tree.hpp"

namespace ea::core {

inline bool stays_log(const Bucket& bucket, std::size_t events) {
  return events <= kMaxLogEvents || bucket.level + 1 == kLevels;
}

inline Counters counters_of(TimedEvents events) {
  Counters counters;
  for (const TimedEvent& e : events) counters.add(e.event);
  return counters;
}

// At least so many events have these counters: enough for most buckets to be seen as large without a look below. A
// completion may be one of its own, or belong to a view, and progress is not counted.
inline std::uint64_t least_events(const Counters& c) {
  return static_cast<std::uint64_t>(c.views) + static_cast<std::uint64_t>(c.saves) + static_cast<std::uint64_t>(c.shares) +
         static_cast<std::uint64_t>(c.clicks) + static_cast<std::uint64_t>(c.skips) + static_cast<std::uint64_t>(c.impressions);
}

// Moves what is left of events in order without others to the front, and returns the end of it. Equal events leave one by one.
template <class Iterator>
Iterator without(Iterator first, Iterator end, TimedEvents others) {
  Iterator out = first;
  auto next = others.begin();
  for (; first != end; ++first) {
    while (next != others.end() && *next < *first) ++next;
    if (next != others.end() && *next == *first)
      ++next;
    else
      *out++ = *first;
  }
  return out;
}

// Cuts a list in order of time, whose items have the time `at(item)`, at the borders of the next level.
template <class Items, class At, class F>
void for_each_child(const Bucket& bucket, Items items, At&& at, F&& f) {
  const int level = level_below(bucket);
  while (!items.empty()) {
    const Bucket child{level, bucket_number(level, at(items.front()))};
    const auto end = std::partition_point(items.begin(), items.end(), [&](const auto& item) {
      return bucket_number(level, at(item)) == child.number;
    });
    const std::size_t n = static_cast<std::size_t>(end - items.begin());
    f(child, items.first(n));
    items = items.subspan(n);
  }
}

inline std::int64_t time_of(const TimedEvent& e) noexcept { return e.at; }

}  // namespace ea::core
