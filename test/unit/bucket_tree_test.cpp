#include "core/tree/bucket_tree.hpp"

#include "expected_tree.hpp"
#include "failing_memory.hpp"

namespace ea::core {
namespace {

using test::Buckets;
using test::Events;
using test::expect_same;
using test::expected;
using test::MapStore;
using test::memory;
using test::Random;
using test::view;

// Each portion in one insert.
Buckets insert_all(const std::vector<Events>& portions) {
  MapStore store;
  for (const Events& portion : portions) store.insert(portion, memory());
  EXPECT_EQ(store.misuse(), nullptr) << store.misuse();
  return store.buckets();
}

std::vector<Events> random_portions(Random& random, const Events& events) {
  std::vector<Events> portions;
  const std::size_t largest = 1 + random() % (random() % 2 == 0 ? 2000 : 100);
  for (std::size_t i = 0; i < events.size();) {
    const std::size_t n = std::min(events.size() - i, random() % (largest + 1));
    const auto from = events.begin() + static_cast<std::ptrdiff_t>(i);
    portions.emplace_back(from, from + static_cast<std::ptrdiff_t>(n));
    i += n;
  }
  return portions;
}

TEST(BucketTree, NothingStoresNothing) {
  EXPECT_TRUE(insert_all({{}}).empty());
}

TEST(BucketTree, TheSameEventsAreTheSameTree) {
  Random random(1);
  for (int trial = 0; trial < 42; ++trial) {
    SCOPED_TRACE(trial);
    Events events = test::random_events(random, trial % test::kTimeShapes, 1 + random() % 3000);
    const Buckets wanted = expected(events);
    ASSERT_NO_FATAL_FAILURE(expect_same(insert_all({events}), wanted));
    for (int way = 0; way < 3; ++way) {
      // As they came, in order of time, and in none.
      if (way == 1) events = test::sorted(events);
      if (way == 2) std::shuffle(events.begin(), events.end(), random);
      std::vector<Events> portions = random_portions(random, events);
      ASSERT_NO_FATAL_FAILURE(expect_same(insert_all(portions), wanted));
      std::shuffle(portions.begin(), portions.end(), random);
      ASSERT_NO_FATAL_FAILURE(expect_same(insert_all(portions), wanted));
    }
  }
}

TEST(BucketTree, ManyInAFewMinutesReachTheLastLevel) {
  Random random(2);
  Events events;
  for (int i = 0; i < 6000; ++i) {
    // Everything from one log of thousands to logs of one.
    const auto at = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(random() % 2 == 0 ? kMinute : 3 * kHour));
    events.push_back(test::random_timed(random, at - 40 * kMinute));
  }
  const Buckets wanted = expected(events);
  ASSERT_NO_FATAL_FAILURE(expect_same(insert_all({events}), wanted));
  ASSERT_NO_FATAL_FAILURE(expect_same(insert_all(random_portions(random, events)), wanted));
  std::size_t largest = 0;
  for (const auto& [bucket, stored] : wanted) {
    if (bucket.level == kLevels - 1) largest = std::max(largest, EventLogReader(stored.bytes).count());
  }
  EXPECT_GT(largest, 10 * kMaxLogEvents);
}

TEST(BucketTree, TheHundredTwentyNinthEventMakesASummary) {
  for (int level = 0; level < kLevels; ++level) {
    // All within one bucket of the level and each in another of the next, so that it decides.
    Events events;
    const std::int64_t step = level + 1 < kLevels ? kWidths[level + 1] : 1;
    const std::int64_t room = level == 0 ? 1000 : level + 1 < kLevels ? kWidths[level] / step : 1000;
    for (std::int64_t i = 0; i < 129; ++i) events.push_back(view(i % room * step, i, 1));
    const Bucket bucket{level, 0};
    for (const bool at_once : {true, false}) {
      MapStore store;
      // What makes all levels above it summaries: as many events again, far away but next to each other.
      for (std::int64_t above = 1; above <= level; ++above) {
        Events crowd(129, view(above == 1 ? 1000 * kDay * 64 : kWidths[above - 1] - 1));
        store.insert(crowd, memory());
      }
      const Events first(events.begin(), events.begin() + 128);
      store.insert(at_once ? events : first, memory());
      if (!at_once) {
        ASSERT_TRUE(store.buckets().contains(bucket));
        EXPECT_TRUE(store.buckets().at(bucket).is_log);
        EXPECT_EQ(test::events_of(store.buckets().at(bucket).bytes), test::sorted(first));
        store.insert({events[128]}, memory());
      }
      ASSERT_TRUE(store.buckets().contains(bucket));
      EXPECT_EQ(store.buckets().at(bucket).is_log, level == kLevels - 1) << level;
      EXPECT_EQ(store.buckets().at(bucket).counters.views, 129);
      EXPECT_EQ(store.misuse(), nullptr) << store.misuse();
    }
  }
}

TEST(BucketTree, AncestorsAreSummariesAndCountersAreThoseOfTheBytes) {
  Random random(3);
  MapStore store;
  for (int portion = 0; portion < 40; ++portion) {
    store.insert(test::random_events(random, portion % test::kTimeShapes, random() % 500), memory());
    ASSERT_EQ(store.misuse(), nullptr) << store.misuse();
    for (const auto& [bucket, stored] : store.buckets()) {
      if (bucket.level > 0) {
        const Span span = span_of(bucket);
        const Bucket parent{bucket.level - 1, bucket_number(bucket.level - 1, span.from)};
        ASSERT_TRUE(store.buckets().contains(parent));
        ASSERT_FALSE(store.buckets().at(parent).is_log);
      }
      Counters counters;
      if (stored.is_log) {
        for (const TimedEvent& e : test::events_of(stored.bytes)) {
          counters.add(e.event);
          ASSERT_EQ(bucket_number(bucket.level, e.at), bucket.number);
        }
      } else {
        validate_summary(stored.bytes);
        counters = read_header(stored.bytes).counters;
      }
      ASSERT_EQ(stored.counters, counters);
    }
  }
}

// Of a dense key only the buckets on the way to new events are written again.
TEST(BucketTree, OnlyBucketsOfNewEventsAreTouched) {
  Random random(4);
  Events events;
  for (int i = 0; i < 20000; ++i) events.push_back(test::random_timed(random, static_cast<std::int64_t>(random() % (30 * kDay))));
  MapStore store;
  store.insert(events, memory());
  const Buckets before = store.buckets();
  const std::int64_t at = 5 * kDay + kHour;
  store.insert({view(at)}, memory());
  std::size_t changed = 0;
  for (const auto& [bucket, stored] : store.buckets()) {
    const auto old = before.find(bucket);
    if (old != before.end() && old->second == stored) continue;
    ++changed;
    EXPECT_TRUE(span_of(bucket).contains(at));
  }
  EXPECT_GE(changed, 2U);
  EXPECT_LE(changed, static_cast<std::size_t>(kLevels));
}

// Each question is a look into an index.
TEST(BucketTree, TheStoreIsNotAskedForBucketsItCannotHave) {
  Random random(7);
  const Events events = test::random_events(random, 2, 3000);
  MapStore store;
  store.insert(events, memory());
  EXPECT_GT(store.buckets().size(), 1U);
  EXPECT_EQ(store.takes(), 1U) << "below a bucket that is not there";

  MapStore of_log;
  of_log.insert(Events(events.begin(), events.begin() + 128), memory());
  of_log.insert(Events(events.begin() + 128, events.end()), memory());
  EXPECT_GT(of_log.buckets().size(), 1U);
  EXPECT_EQ(of_log.takes(), 2U) << "below a log";
}

TEST(BucketTree, AStoredBucketThatIsMalformedIsRefused) {
  Events events(130, view(7));
  class Broken final : public BucketStore {
   public:
    explicit Broken(bool is_log) : is_log_(is_log), bytes_(test::bytes({0xE7, 1, 0})) {}
    bool take(const Bucket&, BucketValue* value) override {
      *value = {is_log_, bytes_};
      return true;
    }
    bool look(const Bucket& bucket, BucketValue* value) override { return take(bucket, value); }
    void put(const Bucket&, const BucketValue&, const Counters&) override { ADD_FAILURE(); }
    void children(const Bucket&, std::pmr::vector<std::int64_t>*) override { ADD_FAILURE(); }
    std::size_t log_events(const Bucket&) override { return 0; }

   private:
    bool is_log_;
    test::Buffer bytes_;
  };
  for (const bool is_log : {true, false}) {
    Broken store(is_log);
    EXPECT_EQ(test::code_of([&] { BucketTree(store, memory()).insert(events); }), Errc::invalid_binary);
  }
}

// A store that refuses, as the server's does when a statement is cancelled.
TEST(BucketTree, AStoreThatThrowsLeavesNothingHeld) {
  class Refusing final : public BucketStore {
   public:
    Refusing(MapStore& inner, int left) : inner_(inner), left_(left) {}
    bool take(const Bucket& bucket, BucketValue* value) override {
      step();
      return inner_.take(bucket, value);
    }
    bool look(const Bucket& bucket, BucketValue* value) override {
      step();
      return inner_.look(bucket, value);
    }
    void put(const Bucket& bucket, const BucketValue& value, const Counters& counters) override {
      step();
      inner_.put(bucket, value, counters);
    }
    void children(const Bucket& bucket, std::pmr::vector<std::int64_t>* numbers) override { inner_.children(bucket, numbers); }
    std::size_t log_events(const Bucket& bucket) override { return inner_.log_events(bucket); }

   private:
    void step() {
      if (left_-- == 0) throw Error(Errc::too_large, "no more");
    }
    MapStore& inner_;
    int left_;
  };
  Random random(5);
  const Events events = test::sorted(test::random_events(random, 2, 2000));
  for (int n = 0;; ++n) {
    MapStore inner;
    inner.insert(test::random_events(random, 1, 300), memory());
    test::Meter meter;
    Refusing store(inner, n);
    bool done = true;
    try {
      BucketTree(store, &meter).insert(events);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::too_large);
      done = false;
    }
    ASSERT_EQ(meter.held(), 0U) << n;
    if (done) break;
    ASSERT_LT(n, 1000);
  }
}

TEST(BucketTree, AllocationThatFailsLeavesNothingHeld) {
  Random random(6);
  // Into an empty store, into logs, logs that become summaries, and summaries.
  const std::vector<Events> portions = {
      test::random_events(random, 1, 100), test::random_events(random, 2, 300), test::random_events(random, 0, 500),
      test::random_events(random, 1, 900), test::random_events(random, 3, 50)};
  std::size_t failures = 0;
  for (std::size_t n = 0;; n += 1 + n / 400) {
    test::FailingMemory failing(n);
    try {
      MapStore store;
      for (const Events& portion : portions) store.insert(portion, &failing);
      ASSERT_FALSE(failing.failed()) << "bad_alloc was swallowed at allocation " << n;
    } catch (const std::bad_alloc&) {
      ++failures;
    }
    ASSERT_EQ(failing.held(), 0U) << "kept after a failure at allocation " << n;
    if (!failing.failed()) break;
  }
  EXPECT_GT(failures, 100U);
}

// Memory is that of a few buckets on the way down, and not of the whole tree.
TEST(BucketTree, MemoryIsThatOfAFewLevels) {
  Events events;
  for (std::int64_t i = 0; i < 200'000; ++i) events.push_back(view(i * 20'000'000, i * 2654435761 % 1'000'000'007, 1));
  MapStore store;
  test::Meter meter;
  store.insert(events, &meter);
  EXPECT_EQ(meter.held(), 0U);
  // 8 bytes a viewer, buffers of the same size, the level below and the encoded value.
  EXPECT_LT(meter.peak(), 200'000U * 8 * 12);
}

}  // namespace
}  // namespace ea::core
