// The tree that some events must make, spelled out level by level.
#pragma once

#include <gtest/gtest.h>

#include "timed_events.hpp"

namespace ea::test {

using namespace core;

inline StoredBucket log_of(const Events& events) {
  StoredBucket bucket{true, encode(sorted(events)), {}};
  for (const TimedEvent& e : events) bucket.counters.add(e.event);
  return bucket;
}

inline StoredBucket summary_of(const Events& events) {
  Summary summary(memory());
  for (const TimedEvent& e : events) summary.add(e.event);
  summary.settle();
  return {false, encode(summary), summary.counters()};
}

// The tree as it is described: a bucket of more than 128 events has a summary and children, if there is
// a next level, and any other has a log.
inline Buckets expected(const Events& events) {
  Buckets buckets;
  std::map<std::int64_t, Events> level = {{0, events}};
  if (events.empty()) return buckets;
  for (int n = 0; n < kLevels; ++n) {
    std::map<std::int64_t, Events> below;
    for (const auto& [number, part] : level) {
      if (part.size() <= 128 || n == kLevels - 1) {
        buckets[{n, number}] = log_of(part);
        continue;
      }
      buckets[{n, number}] = summary_of(part);
      for (const TimedEvent& e : part) below[floor_divide(e.at, kWidths[n + 1])].push_back(e);
    }
    level = std::move(below);
  }
  return buckets;
}

// Not ASSERT_EQ of the maps, which would print them.
inline void expect_same(const Buckets& actual, const Buckets& wanted) {
  ASSERT_EQ(actual.size(), wanted.size());
  for (auto a = actual.begin(), b = wanted.begin(); a != actual.end(); ++a, ++b) {
    SCOPED_TRACE(::testing::Message() << "level " << b->first.level << " number " << b->first.number);
    ASSERT_EQ(a->first, b->first);
    ASSERT_EQ(a->second.is_log, b->second.is_log);
    ASSERT_TRUE(a->second.bytes == b->second.bytes);
    ASSERT_EQ(a->second.counters, b->second.counters);
  }
}

}  // namespace ea::test
