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

// What is forgotten of some events, and what must be left.
struct Case {
  std::vector<ForgottenEvent> forgotten;
  Events left;
};

// All views of the viewers go, or stay without them before `horizon`; of other events `also` in a hundred.
Case make_case(Random& random, const Events& events, const std::set<std::int64_t>& viewers, std::int64_t horizon, std::uint64_t also) {
  Case result;
  for (const TimedEvent& e : events) {
    const bool theirs = e.event.counts_viewer() && viewers.contains(e.event.viewer);
    const bool stays = theirs && e.at < horizon;
    if (!theirs && (e.event.counts_viewer() || random() % 100 >= also)) {
      result.left.push_back(e);
      continue;
    }
    result.forgotten.push_back({e, stays});
    if (stays) result.left.push_back(anonymous(e));
  }
  std::sort(result.forgotten.begin(), result.forgotten.end(),
            [](const ForgottenEvent& a, const ForgottenEvent& b) { return a.event < b.event; });
  return result;
}

MapStore stored(const Events& events) {
  MapStore store;
  store.insert(events, memory());
  return store;
}

TEST(BucketForget, WhatIsLeftIsTheTreeOfWhatIsLeft) {
  Random random(21);
  for (int trial = 0; trial < 84; ++trial) {
    SCOPED_TRACE(trial);
    const Events events = test::random_events(random, trial % test::kTimeShapes, 1 + random() % (random() % 3 == 0 ? 300 : 3000));
    std::set<std::int64_t> viewers;
    for (std::uint64_t n = random() % 4 == 0 ? 400 : 1 + random() % 5; n > 0; --n) viewers.insert(1 + static_cast<std::int64_t>(random() % 500));
    const std::int64_t horizons[] = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), events[0].at};
    const Case wanted = make_case(random, events, viewers, horizons[random() % 3], random() % 2 == 0 ? 0 : random() % 101);
    MapStore store = stored(events);
    store.forget(wanted.forgotten, set_of(viewers), memory());
    ASSERT_EQ(store.misuse(), nullptr) << store.misuse();
    ASSERT_NO_FATAL_FAILURE(expect_same(store.buckets(), expected(wanted.left)));
  }
}

TEST(BucketForget, NothingLeftIsNothingStored) {
  Random random(22);
  for (const std::size_t n : {1U, 128U, 129U, 5000U}) {
    Events events;
    for (std::size_t i = 0; i < n; ++i) events.push_back(view(static_cast<std::int64_t>(random() % (90 * kDay)), 7));
    MapStore store = stored(events);
    const Case all = make_case(random, events, {7}, std::numeric_limits<std::int64_t>::min(), 0);
    store.forget(all.forgotten, set_of({7}), memory());
    EXPECT_TRUE(store.buckets().empty()) << n;
  }
}

TEST(BucketForget, ALargeTreeBecomesALog) {
  Random random(23);
  Events events;
  for (int i = 0; i < 4000; ++i) events.push_back(view(static_cast<std::int64_t>(random() % (90 * kDay)), i < 100 ? i : 10'000 + i % 3));
  MapStore store = stored(events);
  const Case most = make_case(random, events, {10'000, 10'001, 10'002}, std::numeric_limits<std::int64_t>::min(), 0);
  store.forget(most.forgotten, set_of({10'000, 10'001, 10'002}), memory());
  ASSERT_EQ(store.buckets().size(), 1U);
  EXPECT_TRUE(store.buckets().begin()->second.is_log);
  ASSERT_NO_FATAL_FAILURE(expect_same(store.buckets(), expected(most.left)));
}

// A hundred thousand completions without views stay cut into buckets.
TEST(BucketForget, CompletionsCountAsEvents) {
  Random random(24);
  Events events = {view(5 * kDay, 7), view(6 * kDay, 8)};
  for (int i = 0; i < 5000; ++i) events.push_back({static_cast<std::int64_t>(random() % (10 * kDay)), {Engagement::complete, false, 0, 0, false}});
  MapStore store = stored(events);
  const Case one = make_case(random, events, {7}, std::numeric_limits<std::int64_t>::min(), 0);
  store.forget(one.forgotten, set_of({7}), memory());
  ASSERT_NO_FATAL_FAILURE(expect_same(store.buckets(), expected(one.left)));
}

// Progress is in no counter but that of watch time: however much there is of it, it is not read.
TEST(BucketForget, ProgressIsNotGathered) {
  Random random(28);
  Events events = {view(5 * kDay, 7), view(6 * kDay, 8)};
  for (int i = 0; i < 50000; ++i) events.push_back({static_cast<std::int64_t>(random() % (60 * kDay)), {Engagement::progress, false, 0, 1000, false}});
  MapStore store = stored(events);
  const std::size_t before = store.takes();
  const Case one = make_case(random, events, {7}, std::numeric_limits<std::int64_t>::min(), 0);
  store.forget(one.forgotten, set_of({7}), memory());
  EXPECT_LE(store.takes() - before, static_cast<std::size_t>(kLevels));
  ASSERT_NO_FATAL_FAILURE(expect_same(store.buckets(), expected(one.left)));
}

TEST(BucketForget, OnlyBucketsOfItsEventsAreTouched) {
  Random random(25);
  Events events;
  for (int i = 0; i < 20000; ++i) events.push_back(test::random_timed(random, static_cast<std::int64_t>(random() % (30 * kDay))));
  const std::int64_t at = 5 * kDay + kHour;
  events.push_back(view(at, 100'000));
  MapStore store = stored(events);
  const Buckets before = store.buckets();
  const std::vector<ForgottenEvent> one = {{view(at, 100'000), false}};
  store.forget(one, set_of({100'000}), memory());
  std::size_t changed = 0;
  for (const auto& [bucket, old] : before) {
    const auto now = store.buckets().find(bucket);
    if (now != store.buckets().end() && now->second == old) continue;
    ++changed;
    EXPECT_TRUE(span_of(bucket).contains(at));
  }
  EXPECT_GE(changed, 2U);
  EXPECT_LE(changed, static_cast<std::size_t>(kLevels));
}

TEST(BucketForget, AnEventThatIsNotThereIsAnError) {
  Random random(26);
  for (const std::size_t n : {0U, 50U, 500U}) {
    const Events events = n == 0 ? Events{} : test::random_events(random, 2, n);
    MapStore store = stored(events);
    const std::vector<ForgottenEvent> one = {{view(n == 0 ? 0 : events[0].at, 100'000), false}};
    EXPECT_EQ(test::code_of([&] { store.forget(one, set_of({100'000}), memory()); }), Errc::inconsistent) << n;
  }
  // The right number of the wrong kind.
  MapStore store = stored(Events(200, view(0, 1)));
  const std::vector<ForgottenEvent> saves(1, {{0, {Engagement::save, false, 0, 0, false}}, false});
  EXPECT_EQ(test::code_of([&] { store.forget(saves, set_of({1}), memory()); }), Errc::inconsistent);
}

TEST(BucketForget, AllocationThatFailsLeavesNothingHeld) {
  Random random(27);
  const Events events = test::random_events(random, 1, 900);
  std::set<std::int64_t> viewers;
  for (std::int64_t v = 1; v < 200; ++v) viewers.insert(v);
  const Case some = make_case(random, events, viewers, 0, 10);
  const ViewerSet set = set_of(viewers);
  std::size_t failures = 0;
  for (std::size_t n = 0;; n += 1 + n / 100) {
    MapStore store = stored(events);
    test::FailingMemory failing(n);
    try {
      store.forget(some.forgotten, set, &failing);
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
