#include <set>

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
using test::sorted;
using test::view;

ViewerSet set_of(const std::set<std::int64_t>& viewers) {
  ViewerSet set(memory());
  for (const std::int64_t viewer : viewers) set.insert(viewer);
  set.settle();
  return set;
}

TimedEvent anonymous(TimedEvent e) {
  e.event.has_viewer = false;
  e.event.viewer = 0;
  return e;
}

TimedEvent other(Engagement type, std::int64_t at) { return {at, {type, false, 0, 0, false}}; }

// A change of some events, and what must be left.
struct Case {
  Events removed, added, left;
};

Case in_order(Case one) {
  one.removed = sorted(one.removed);
  one.added = sorted(one.added);
  return one;
}

// All views of the viewers go, or stay without them before `horizon`; of other events `also` in a hundred.
Case forgetting(Random& random, const Events& events, const std::set<std::int64_t>& viewers, std::int64_t horizon, std::uint64_t also) {
  Case result;
  for (const TimedEvent& e : events) {
    const bool theirs = e.event.counts_viewer() && viewers.contains(e.event.viewer);
    if (!theirs && (e.event.counts_viewer() || random() % 100 >= also)) {
      result.left.push_back(e);
      continue;
    }
    result.removed.push_back(e);
    if (!theirs || e.at >= horizon) continue;
    result.added.push_back(anonymous(e));
    result.left.push_back(anonymous(e));
  }
  return in_order(result);
}

// Any of the events go, `share` in a hundred, and others come.
Case replacing(Random& random, const Events& events, const Events& added, std::uint64_t share) {
  Case result;
  for (const TimedEvent& e : events) (random() % 100 < share ? result.removed : result.left).push_back(e);
  result.added = added;
  result.left.insert(result.left.end(), added.begin(), added.end());
  return in_order(result);
}

MapStore stored(const Events& events) {
  MapStore store;
  store.insert(events, memory());
  return store;
}

void change(MapStore& store, const Case& one, const ViewerSet* gone = nullptr) {
  store.change(one.removed, one.added, memory(), gone);
  ASSERT_EQ(store.misuse(), nullptr) << store.misuse();
  ASSERT_NO_FATAL_FAILURE(expect_same(store.buckets(), expected(one.left)));
}

// Whoever has another view stays in the set, whoever has none goes, in every bucket: after any number of changes.
TEST(BucketChange, WhatIsLeftIsTheTreeOfWhatIsLeft) {
  Random random(31);
  for (int trial = 0; trial < 84; ++trial) {
    SCOPED_TRACE(trial);
    const int shape = trial % test::kTimeShapes;
    Events events = test::random_events(random, shape, 1 + random() % (random() % 3 == 0 ? 300 : 3000));
    MapStore store = stored(events);
    for (int step = 0; step < 4; ++step) {
      const std::uint64_t shares[] = {0, 1, 10, 50, 97, 100};
      const std::size_t most = random() % 2 == 0 ? 3 : 2000;
      Events added = random() % 3 == 0 ? Events{} : test::random_events(random, random() % 2 == 0 ? shape : static_cast<int>(random() % test::kTimeShapes), random() % most);
      // Near the others, as those of a creator's contents are.
      for (TimedEvent& e : added) {
        if (!events.empty() && random() % 2 == 0) e.at = events[random() % events.size()].at;
      }
      const Case one = replacing(random, events, added, shares[random() % 6]);
      ASSERT_NO_FATAL_FAILURE(change(store, one));
      events = one.left;
    }
  }
}

// Crowds of few viewers in a few hours, of which one content's events go.
TEST(BucketChange, AContentGoesAndComes) {
  Random random(32);
  for (int trial = 0; trial < 12; ++trial) {
    SCOPED_TRACE(trial);
    std::vector<Events> contents(4);
    const std::uint64_t viewers = trial % 3 == 0 ? 3 : trial % 3 == 1 ? 200 : 5000;
    for (std::size_t c = 0; c < contents.size(); ++c) {
      for (int i = 0; i < 1500; ++i) {
        const std::int64_t reach = i % 3 == 0 ? 90 * kDay : i % 3 == 1 ? 6 * kHour : 3 * kMinute;
        contents[c].push_back(view(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(reach)), static_cast<std::int64_t>(random() % viewers)));
      }
    }
    Case one;
    for (std::size_t c = 0; c < 3; ++c) one.left.insert(one.left.end(), contents[c].begin(), contents[c].end());
    MapStore store = stored(one.left);
    // The fourth comes for the first, which returns for it.
    one.removed = contents[0];
    one.added = contents[3];
    one.left.erase(one.left.begin(), one.left.begin() + 1500);
    one.left.insert(one.left.end(), contents[3].begin(), contents[3].end());
    ASSERT_NO_FATAL_FAILURE(change(store, in_order(one)));
    std::swap(one.removed, one.added);
    one.left.resize(3000);
    one.left.insert(one.left.end(), contents[0].begin(), contents[0].end());
    ASSERT_NO_FATAL_FAILURE(change(store, in_order(one)));
  }
}

TEST(BucketChange, OfForgottenViewersNothingIsLeft) {
  Random random(21);
  for (int trial = 0; trial < 84; ++trial) {
    SCOPED_TRACE(trial);
    const Events events = test::random_events(random, trial % test::kTimeShapes, 1 + random() % (random() % 3 == 0 ? 300 : 3000));
    std::set<std::int64_t> viewers;
    for (std::uint64_t n = random() % 4 == 0 ? 400 : 1 + random() % 5; n > 0; --n) viewers.insert(1 + static_cast<std::int64_t>(random() % 500));
    const std::int64_t horizons[] = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), events[0].at};
    const Case one = forgetting(random, events, viewers, horizons[random() % 3], random() % 2 == 0 ? 0 : random() % 101);
    const ViewerSet gone = set_of(viewers);
    MapStore store = stored(events);
    ASSERT_NO_FATAL_FAILURE(change(store, one, &gone));
    EXPECT_EQ(store.looks(), 0U) << "for views that nobody has";
  }
}

TEST(BucketChange, NothingLeftIsNothingStored) {
  Random random(22);
  for (const std::size_t n : {1U, 128U, 129U, 5000U}) {
    Events events;
    for (std::size_t i = 0; i < n; ++i) events.push_back(view(static_cast<std::int64_t>(random() % (90 * kDay)), 7));
    MapStore store = stored(events);
    ASSERT_NO_FATAL_FAILURE(change(store, replacing(random, events, {}, 100)));
    EXPECT_TRUE(store.buckets().empty()) << n;
  }
}

TEST(BucketChange, ALargeTreeBecomesALog) {
  Random random(23);
  Events events;
  for (int i = 0; i < 4000; ++i) events.push_back(view(static_cast<std::int64_t>(random() % (90 * kDay)), i < 100 ? i : 10'000 + i % 3));
  MapStore store = stored(events);
  ASSERT_NO_FATAL_FAILURE(change(store, forgetting(random, events, {10'000, 10'001, 10'002}, std::numeric_limits<std::int64_t>::min(), 0)));
  ASSERT_EQ(store.buckets().size(), 1U);
  EXPECT_TRUE(store.buckets().begin()->second.is_log);
}

TEST(BucketChange, ALogBecomesALargeTree) {
  Random random(33);
  const Events events(100, view(5 * kDay, 7));
  Events added;
  for (int i = 0; i < 3000; ++i) added.push_back(test::random_timed(random, static_cast<std::int64_t>(random() % (90 * kDay))));
  MapStore store = stored(events);
  ASSERT_NO_FATAL_FAILURE(change(store, replacing(random, events, added, 50)));
  EXPECT_GT(store.buckets().size(), 20U);
}

// A hundred thousand completions without views stay cut into buckets.
TEST(BucketChange, CompletionsCountAsEvents) {
  Random random(24);
  Events events = {view(5 * kDay, 7), view(6 * kDay, 8)};
  for (int i = 0; i < 5000; ++i) events.push_back(other(Engagement::complete, static_cast<std::int64_t>(random() % (10 * kDay))));
  MapStore store = stored(events);
  ASSERT_NO_FATAL_FAILURE(change(store, forgetting(random, events, {7}, std::numeric_limits<std::int64_t>::min(), 0)));
}

// Progress is in no counter but that of watch time: however much there is of it, it is not read.
TEST(BucketChange, ProgressIsNotGathered) {
  Random random(28);
  Events events = {view(5 * kDay, 7), view(6 * kDay, 8)};
  for (int i = 0; i < 50000; ++i) events.push_back({static_cast<std::int64_t>(random() % (60 * kDay)), {Engagement::progress, false, 0, 1000, false}});
  MapStore store = stored(events);
  const std::size_t before = store.takes();
  const ViewerSet gone = set_of({7});
  ASSERT_NO_FATAL_FAILURE(change(store, forgetting(random, events, {7}, std::numeric_limits<std::int64_t>::min(), 0), &gone));
  EXPECT_LE(store.takes() - before, static_cast<std::size_t>(kLevels));
}

// One event comes, goes, or does both: the buckets on its way are written, and those beside it looked at if it goes.
TEST(BucketChange, OnlyBucketsOfItsEventsAreTouched) {
  Random random(25);
  Events events;
  for (int i = 0; i < 20000; ++i) events.push_back(test::random_timed(random, static_cast<std::int64_t>(random() % (30 * kDay))));
  const std::int64_t at = 5 * kDay + kHour;
  events.push_back(view(at, 100'000));
  for (const bool known : {true, false}) {
    for (const std::int64_t viewer : {100'000, 1}) {
      MapStore store = stored(events);
      if (viewer == 1) store.insert({view(at, viewer)}, memory());
      const Buckets before = store.buckets();
      const std::size_t takes = store.takes();
      const Events one = {view(at, viewer)};
      const ViewerSet gone = set_of(known && viewer == 100'000 ? std::set<std::int64_t>{viewer} : std::set<std::int64_t>{});
      store.change(one, {}, memory(), &gone);
      std::size_t changed = 0;
      for (const auto& [bucket, old] : before) {
        const auto now = store.buckets().find(bucket);
        if (now != store.buckets().end() && now->second == old) continue;
        ++changed;
        EXPECT_TRUE(span_of(bucket).contains(at));
      }
      EXPECT_GE(changed, 2U);
      EXPECT_LE(changed, static_cast<std::size_t>(kLevels));
      EXPECT_LE(store.takes() - takes, static_cast<std::size_t>(kLevels));
      // At most the siblings of each.
      EXPECT_LE(store.looks(), known && viewer == 100'000 ? 0U : 40U);
    }
  }
}

TEST(BucketChange, AnEventThatIsNotThereIsAnError) {
  Random random(26);
  for (const std::size_t n : {0U, 50U, 500U}) {
    const Events events = n == 0 ? Events{} : test::random_events(random, 2, n);
    MapStore store = stored(events);
    const Events one = {view(n == 0 ? 0 : events[0].at, 100'000)};
    EXPECT_EQ(test::code_of([&] { store.change(one, {}, memory()); }), Errc::inconsistent) << n;
    EXPECT_EQ(test::code_of([&] { store.change(one, one, memory()); }), Errc::inconsistent) << n;
  }
  // The right number of the wrong kind.
  MapStore store = stored(Events(200, view(0, 1)));
  const Events save = {other(Engagement::save, 0)};
  EXPECT_EQ(test::code_of([&] { store.change(save, {}, memory()); }), Errc::inconsistent);
}

TEST(BucketChange, AllocationThatFailsLeavesNothingHeld) {
  Random random(27);
  const Events events = test::random_events(random, 1, 900);
  const Case some = replacing(random, events, test::random_events(random, 1, 200), 30);
  std::size_t failures = 0;
  for (std::size_t n = 0;; n += 1 + n / 100) {
    MapStore store = stored(events);
    test::FailingMemory failing(n);
    try {
      store.change(some.removed, some.added, &failing);
      ASSERT_FALSE(failing.failed()) << "bad_alloc was swallowed at allocation " << n;
    } catch (const std::bad_alloc&) {
      ++failures;
    }
    ASSERT_EQ(failing.held(), 0U) << "kept after a failure at allocation " << n;
    if (!failing.failed()) break;
  }
  EXPECT_GT(failures, 20U);
}

}  // namespace
}  // namespace ea::core
