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
