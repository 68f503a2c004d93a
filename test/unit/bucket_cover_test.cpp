#include "core/tree/bucket_cover.hpp"

#include "timed_events.hpp"

namespace ea::core {
namespace {

using test::Buckets;
using test::Events;
using test::kMax;
using test::kMin;
using test::Look;
using test::MapStore;
using test::memory;
using test::Random;
using test::Reading;

TEST(Bucket, EachWidthIsAMultipleOfTheNext) {
  for (int level = 2; level < kLevels; ++level) {
    EXPECT_GT(kWidths[level - 1], kWidths[level]);
    EXPECT_EQ(kWidths[level - 1] % kWidths[level], 0) << level;
  }
  // A day of any time zone is made of these.
  EXPECT_NE(std::find(std::begin(kWidths), std::end(kWidths), 15 * kMinute), std::end(kWidths));
}

TEST(Bucket, NumbersGrowThroughTheYear2000) {
  for (int level = 1; level < kLevels; ++level) {
    const std::int64_t width = kWidths[level];
    EXPECT_EQ(bucket_number(level, 0), 0);
    EXPECT_EQ(bucket_number(level, width - 1), 0);
    EXPECT_EQ(bucket_number(level, width), 1);
    EXPECT_EQ(bucket_number(level, -1), -1);
    EXPECT_EQ(bucket_number(level, -width), -1);
    EXPECT_EQ(bucket_number(level, -width - 1), -2);
  }
  EXPECT_EQ(bucket_number(0, kMin), 0);
  EXPECT_EQ(bucket_number(0, kMax), 0);
}

TEST(Bucket, SpansAreWhereTheNumbersPointAndMeet) {
  Random random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    const auto at = static_cast<std::int64_t>(random()) >> random() % 63;
    Span outer = span_of({0, 0});
    EXPECT_EQ(outer.from, kMin);
    EXPECT_EQ(outer.to, kMax);
    for (int level = 1; level < kLevels; ++level) {
      const Bucket bucket{level, bucket_number(level, at)};
      const Span span = span_of(bucket);
      ASSERT_TRUE(span.contains(at)) << level << " " << at;
      ASSERT_TRUE(outer.contains(span)) << level << " " << at;
      ASSERT_EQ(span.to - span.from, kWidths[level]);
      ASSERT_EQ(span_of({level, bucket.number + 1}).from, span.to);
      ASSERT_FALSE(span.meets(span_of({level, bucket.number + 1})));
      outer = span;
    }
  }
}

TEST(Bucket, SpansThatOnlyTouchDoNotMeet) {
  const Span span{10, 20};
  for (const Span& other : {Span{0, 10}, Span{20, 30}, Span{kMin, 10}, Span{20, kMax}}) {
    EXPECT_FALSE(span.meets(other));
    EXPECT_FALSE(other.meets(span));
  }
  for (const Span& other : {Span{0, 11}, Span{19, 30}, Span{12, 13}, Span{10, 20}, Span{}}) {
    EXPECT_TRUE(span.meets(other));
    EXPECT_TRUE(other.meets(span));
  }
  for (const Span& other : {Span{9, 20}, Span{10, 21}, Span{}}) {
    EXPECT_FALSE(span.contains(other));
    EXPECT_TRUE(other.contains(span));
  }
  EXPECT_TRUE(span.contains(span));
  EXPECT_TRUE(span.contains(10));
  EXPECT_FALSE(span.contains(20));
}

TEST(Bucket, SpansEndWithTime) {
  for (int level = 1; level < kLevels; ++level) {
    const Bucket first{level, bucket_number(level, kMin)}, last{level, bucket_number(level, kMax)};
    EXPECT_EQ(span_of(first).from, kMin);
    EXPECT_EQ(span_of(first).to, span_of({level, first.number + 1}).from);
    EXPECT_EQ(span_of(last).from, span_of({level, last.number - 1}).to);
    EXPECT_EQ(span_of(last).to, kMax);
    // Beyond it there is nothing.
    EXPECT_EQ(span_of({level, first.number - 1}).from, span_of({level, first.number - 1}).to);
    EXPECT_EQ(span_of({level, last.number + 1}).from, span_of({level, last.number + 1}).to);
  }
}

// Compares what the cover reads with the raw events themselves.
void expect_exact(const Buckets& buckets, const Events& events, const Span& range) {
  Counters counters;
  test::Model viewers;
  for (const TimedEvent& e : events) {
    if (e.at < range.from || e.at >= range.to) continue;
    counters.add(e.event);
    if (e.event.counts_viewer()) viewers.insert(e.event.viewer);
  }
  Reading reading(memory());
  read_range(buckets, range, &reading);
  ASSERT_EQ(reading.summary.counters(), counters);
  ASSERT_EQ(test::model_of(reading.summary.viewers()), viewers);

  std::set<Bucket, test::BucketOrder> found(reading.found.begin(), reading.found.end());
  ASSERT_EQ(found.size(), reading.found.size()) << "a bucket is looked at twice";
}

// The places a level looks at are those of the comment in bucket_cover.hpp, and no others.
void expect_economical(const Buckets& buckets, const Span& range) {
  Reading reading(memory());
  read_range(buckets, range, &reading);
  const auto bounded = [&](std::int64_t limit) { return limit != kMin && limit != kMax; };
  for (std::size_t i = 0; i < reading.looks.size(); ++i) {
    const auto [level, part] = reading.looks[i];
    ASSERT_LE(part.first, part.last);
    if (i > 0 && reading.looks[i - 1].level == level) {
      ASSERT_LT(reading.looks[i - 1].range.last, part.first) << "ranges of a level overlap";
    }
    if (level > 1) {
      // At most a parent on each side.
      const std::int64_t children = kWidths[level - 1] / kWidths[level];
      ASSERT_LT(static_cast<std::uint64_t>(part.last) - static_cast<std::uint64_t>(part.first), static_cast<std::uint64_t>(2 * children));
      for (std::int64_t number = part.first; number <= part.last; ++number) {
        const Span span = span_of({level, number});
        if (span.from == span.to) continue;  // before the beginning or behind the end of time
        ASSERT_TRUE(range.meets(span));
        ASSERT_FALSE(range.contains(span_of({level - 1, bucket_number(level - 1, span.from)})));
      }
    } else if (bounded(range.from) && bounded(range.to)) {
      ASSERT_EQ(part.first, bucket_number(1, range.from));
      ASSERT_EQ(part.last, bucket_number(1, range.to - 1));
    }
  }
  // Below a log there is nothing to look at: each level is entered because of a summary at an edge.
  for (const Look& look : reading.looks) {
    if (look.level < 2) continue;
    ASSERT_TRUE(std::any_of(reading.found.begin(), reading.found.end(), [&](const Bucket& bucket) {
      return bucket.level == look.level - 1 && !buckets.at(bucket).is_log && !range.contains(span_of(bucket)) &&
             bucket.number >= bucket_number(look.level - 1, span_of({look.level, look.range.first}).from) &&
             bucket.number <= bucket_number(look.level - 1, span_of({look.level, look.range.last}).from);
    })) << "level " << look.level << " is looked at for nothing";
  }
}

// Times at which a range may well begin or end: events, borders of their buckets, the limits.
std::int64_t random_limit(Random& random, const Events& events) {
  const std::int64_t at = events[random() % events.size()].at;
  const std::int64_t shift = static_cast<std::int64_t>(random() % 3) - 1;
  const int level = 1 + static_cast<int>(random() % (kLevels - 1));
  std::int64_t limit = at;
  switch (random() % 8) {
    case 0: return random() % 2 == 0 ? kMin : kMax;
    case 1: return static_cast<std::int64_t>(random());
    case 2:
    case 3: limit = span_of({level, bucket_number(level, at)}).from; break;
    case 4: limit = span_of({level, bucket_number(level, at)}).to; break;
    case 5: return span_of({level, bucket_number(level, at) - 1}).from;
    default: break;
  }
  if (random() % 2 == 0 || limit == kMin || limit == kMax) return limit;
  return limit + shift;
}

Buckets tree_of(const Events& events) {
  MapStore store;
  store.insert(events, memory());
  EXPECT_EQ(store.misuse(), nullptr) << store.misuse();
  return store.buckets();
}

TEST(BucketCover, AnyRangeOfAnyTreeIsCountedExactly) {
  Random random(2);
  for (int trial = 0; trial < 84; ++trial) {
    const Events events = test::random_events(random, trial % test::kTimeShapes, 1 + random() % 3000);
    const Buckets buckets = tree_of(events);
    for (int i = 0; i < 60; ++i) {
      Span range{random_limit(random, events), random_limit(random, events)};
      if (range.from > range.to) std::swap(range.from, range.to);
      if (i % 6 == 0 && range.from < kMax - 1) range.to = range.from + 1;
      if (i == 1) range.from = kMin;
      if (i == 2) range.to = kMax;
      if (i == 3) range = {};
      SCOPED_TRACE(::testing::Message() << "trial " << trial << " [" << range.from << ", " << range.to << ")");
      ASSERT_NO_FATAL_FAILURE(expect_exact(buckets, events, range));
      ASSERT_NO_FATAL_FAILURE(expect_economical(buckets, range));
    }
  }
}

// Dense everywhere, so that every level is entered on both sides.
TEST(BucketCover, EveryPairOfBordersOfADenseTree) {
  Random random(3);
  for (const std::int64_t center : {std::int64_t{0}, -200 * kDay, 9'000 * kDay + 7 * kHour}) {
    Events events;
    for (int level = 1; level < kLevels; ++level) {
      for (int i = 0; i < 1000; ++i) {
        const auto width = static_cast<std::uint64_t>(kWidths[level]);
        events.push_back(test::random_timed(random, center + static_cast<std::int64_t>(random() % (2 * width)) - kWidths[level]));
      }
    }
    const Buckets buckets = tree_of(events);
    ASSERT_EQ(buckets.rbegin()->first.level, kLevels - 1);
    std::vector<std::int64_t> limits = {kMin, kMax};
    for (int level = 1; level < kLevels; ++level) {
      for (const std::int64_t step : {-1, 0, 1, 2}) {
        const std::int64_t border = (bucket_number(level, center) + step) * kWidths[level];
        limits.insert(limits.end(), {border - 1, border, border + 1});
      }
    }
    for (std::size_t i = 0; i < limits.size(); ++i) {
      for (std::size_t k = 0; k < limits.size(); k += 1 + (i + k) % 3) {
        const Span range{limits[i], limits[k]};
        if (range.from >= range.to) continue;
        SCOPED_TRACE(::testing::Message() << "[" << range.from << ", " << range.to << ")");
        ASSERT_NO_FATAL_FAILURE(expect_exact(buckets, events, range));
        ASSERT_NO_FATAL_FAILURE(expect_economical(buckets, range));
      }
    }
  }
}

TEST(BucketCover, WholeBucketsAreReadFromTheLevelThatHasThem) {
  Random random(4);
  Events events;
  for (int i = 0; i < 30000; ++i) events.push_back(test::random_timed(random, static_cast<std::int64_t>(random() % (64 * kDay)) - 32 * kDay));
  const Buckets buckets = tree_of(events);
  int level = 1;
  for (; level < kLevels; ++level) {
    const Bucket bucket{level, bucket_number(level, -3 * kDay)};
    if (!buckets.contains(bucket)) break;
    Reading reading(memory());
    read_range(buckets, span_of(bucket), &reading);
    // Its ancestors on the way down and nothing else.
    ASSERT_EQ(reading.found.size(), static_cast<std::size_t>(level) + 1);
    EXPECT_EQ(reading.found.back(), bucket);
    EXPECT_EQ(reading.looks.size(), static_cast<std::size_t>(level));
    EXPECT_EQ(reading.looks.back().level, level);
  }
  EXPECT_GT(level, 4);
}

TEST(BucketCover, AnEdgeThatEndsIsNotFollowed) {
  const std::int64_t wide = kWidths[1];
  const Span range{-3 * wide + 1, 3 * wide - 1};
  const auto start = [&] {
    BucketCover cover(range);
    EXPECT_EQ(cover.level(), 0);
    EXPECT_EQ(cover.range_count(), 1);
    cover.descend({0, 0});
    EXPECT_TRUE(cover.next_level());
    EXPECT_EQ(cover.level(), 1);
    EXPECT_EQ(cover.range_count(), 1);
    EXPECT_EQ(cover.range(0).first, -3);
    EXPECT_EQ(cover.range(0).last, 2);
    return cover;
  };
  {
    BucketCover cover = start();
    EXPECT_FALSE(cover.next_level());
  }
  {
    BucketCover cover = start();
    cover.descend({1, -3});
    ASSERT_TRUE(cover.next_level());
    ASSERT_EQ(cover.range_count(), 1);
    EXPECT_EQ(cover.range(0).first, -12);
    EXPECT_EQ(cover.range(0).last, -9);
    EXPECT_FALSE(cover.next_level());
  }
  {
    BucketCover cover = start();
    cover.descend({1, 2});
    ASSERT_TRUE(cover.next_level());
    ASSERT_EQ(cover.range_count(), 1);
    EXPECT_EQ(cover.range(0).first, 8);
    EXPECT_EQ(cover.range(0).last, 11);
  }
  {
    BucketCover cover = start();
    cover.descend({1, -3});
    cover.descend({1, 2});
    ASSERT_TRUE(cover.next_level());
    ASSERT_EQ(cover.range_count(), 2);
    EXPECT_EQ(cover.range(1).first, 8);
    // From here on only the left edge.
    cover.descend({2, -12});
    ASSERT_TRUE(cover.next_level());
    ASSERT_EQ(cover.range_count(), 1);
    EXPECT_EQ(cover.range(0).first, -48);
    EXPECT_EQ(cover.range(0).last, -45);
  }
}

TEST(BucketCover, LevelsComeToAnEnd) {
  BucketCover cover({1, kMinute - 1});
  for (int level = 0; level < kLevels; ++level) {
    EXPECT_EQ(cover.level(), level);
    ASSERT_EQ(cover.range_count(), 1);
    EXPECT_EQ(cover.range(0).first, 0);
    EXPECT_EQ(cover.range(0).last, 0);
    EXPECT_FALSE(cover.inside({level, 0}));
    cover.descend({level, 0});
    EXPECT_EQ(cover.next_level(), level + 1 < kLevels);
  }
}

}  // namespace
}  // namespace ea::core
