// GCRA against a bucket of tokens kept in exact fractions, and the table of levels.
#include "core/limit/rate_limit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

namespace ea::core {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1000 * kSecond;

struct Table {
  explicit Table(std::size_t slots = RateSlots::kWays) : memory(slots, RateSlot{}), slots(memory) {}
  std::vector<RateSlot> memory;
  RateSlots slots;
};

std::uint64_t session_key(std::uint64_t id) { return rate_key(7, 1, RateScope::session, id); }
std::uint64_t role_key(std::uint64_t id) { return rate_key(7, 1, RateScope::role, id); }

TEST(RateLimit, BurstAtOnceThenOneInEachInterval) {
  const RateLimit limit = make_rate_limit(10, 5, 1);
  EXPECT_EQ(limit.interval_ns, kSecond / 10);
  Table table;
  const std::uint64_t key = session_key(1);
  for (int i = 0; i < 5; i++) EXPECT_EQ(table.slots.charge(key, limit, kStart, 1).wait_ns, 0) << i;
  EXPECT_EQ(table.slots.charge(key, limit, kStart, 1).wait_ns, kSecond / 10);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + kSecond / 10 - 1, 1).wait_ns, 1);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + kSecond / 10, 1).wait_ns, 0);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + kSecond / 10, 1).wait_ns, kSecond / 10);
  // A long silence fills it to the burst and no further.
  EXPECT_EQ(table.slots.charge(key, limit, kStart + 1000 * kSecond, 5).wait_ns, 0);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + 1000 * kSecond, 5).wait_ns, kSecond / 2);
}

TEST(RateLimit, ABatchIsChargedWholeOrNotAtAll) {
  const RateLimit limit = make_rate_limit(100, 50, 1);
  Table table;
  const std::uint64_t key = role_key(1);
  EXPECT_EQ(table.slots.charge(key, limit, kStart, 30).wait_ns, 0);
  EXPECT_EQ(table.slots.charge(key, limit, kStart, 30).wait_ns, kSecond / 10);
  EXPECT_EQ(table.slots.charge(key, limit, kStart, 20).wait_ns, 0) << "a refused batch has cost nothing";
  EXPECT_EQ(table.slots.charge(key, limit, kStart, 51).wait_ns, kNever);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + kSecond, 51).wait_ns, kNever);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + kSecond, 50).wait_ns, 0);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + kSecond, 0).wait_ns, 0) << "nothing is always let through";
}

TEST(RateLimit, TheWaitIsWhatItSays) {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 20000; trial++) {
    const RateLimit limit = make_rate_limit(std::pow(10.0, (double)(random() % 120) / 10 - 6), (std::int64_t)(random() % 1000 + 1), (int)(random() % 9));
    const std::int64_t now = (std::int64_t)(random() % (1ull << 50)), events = (std::int64_t)(random() % 1000 + 1);
    const std::int64_t level = now + (std::int64_t)(random() % (std::uint64_t)(limit.largest * limit.interval_ns + 1));
    const RateVerdict verdict = judge(limit, level, now, events);
    if (verdict.wait_ns == kNever) {
      ASSERT_GT(events, limit.largest);
      continue;
    }
    ASSERT_LE(events, limit.largest);
    ASSERT_EQ(judge(limit, level, now + verdict.wait_ns, events).wait_ns, 0);
    if (verdict.wait_ns > 0) {
      ASSERT_GT(judge(limit, level, now + verdict.wait_ns - 1, events).wait_ns, 0);
    }
  }
}

// Over any stretch of time no more passes than the burst and what came in meanwhile; and whoever always
// asks gets all of that.
TEST(RateLimit, LongRunIsTheRate) {
  std::mt19937_64 random(2);
  for (const double rate : {0.5, 3.0, 50.0, 7777.0, 1e6}) {
    const std::int64_t burst = 40;
    const RateLimit limit = make_rate_limit(rate, burst, 1);
    Table table;
    std::int64_t now = kStart, passed = 0;
    for (int i = 0; i < 200000; i++) {
      now += (std::int64_t)(random() % (std::uint64_t)(limit.interval_ns * 4));
      const std::int64_t events = (std::int64_t)(random() % 10 + 1);
      if (table.slots.charge(session_key(1), limit, now, events).wait_ns == 0) passed += events;
    }
    const double due = (double)(now - kStart) / (double)kSecond * rate;
    EXPECT_LE((double)passed, due * 1.0001 + (double)burst);
    EXPECT_GE((double)passed, due * 0.9999 - (double)burst);
  }
}

TEST(RateLimit, DividedAmongTables) {
  const RateLimit limit = make_rate_limit(80, 40, 8);
  EXPECT_EQ(limit.interval_ns, kSecond / 10);
  EXPECT_EQ(limit.burst, 5);
  EXPECT_EQ(limit.largest, 40);
  Table table;
  const std::uint64_t key = role_key(1);
  // What fits the whole burst passes when nothing is owed, and is paid for.
  EXPECT_EQ(table.slots.charge(key, limit, kStart, 40).wait_ns, 0);
  EXPECT_EQ(table.slots.charge(key, limit, kStart, 1).wait_ns, 36 * kSecond / 10);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + kSecond, 40).wait_ns, 3 * kSecond);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + 4 * kSecond, 40).wait_ns, 0);
  EXPECT_EQ(table.slots.charge(key, limit, kStart + 100 * kSecond, 41).wait_ns, kNever);
  // Fewer than tables: one at a time.
  EXPECT_EQ(make_rate_limit(80, 3, 8).burst, 1);
}

TEST(RateLimit, AStricterLimitLeavesNoOldDebt) {
  Table table;
  const std::uint64_t key = role_key(1);
  const RateLimit hourly = make_rate_limit(1.0 / 3600, 1, 1), quick = make_rate_limit(100, 10, 1);
  EXPECT_EQ(table.slots.charge(key, hourly, kStart, 1).wait_ns, 0);
  EXPECT_EQ(table.slots.charge(key, hourly, kStart, 1).wait_ns, 3600 * kSecond);
  EXPECT_EQ(table.slots.charge(key, quick, kStart, 1).wait_ns, kSecond / 100) << "not an hour";
}

TEST(RateLimit, ExtremesStayFinite) {
  for (const double rate : {5e-324, 1e-300, 1e-9, 1.0, 1e9, 1e300, std::numeric_limits<double>::infinity(),
                            std::numeric_limits<double>::quiet_NaN(), 0.0, -1.0})
    for (const std::int64_t burst : {std::int64_t{1}, std::int64_t{1000}, std::numeric_limits<std::int64_t>::max(), std::int64_t{0}, std::int64_t{-5}})
      for (const int share : {1, 8, std::numeric_limits<int>::max(), 0}) {
        const RateLimit limit = make_rate_limit(rate, burst, share);
        ASSERT_GE(limit.interval_ns, 1);
        ASSERT_GE(limit.burst, 1);
        ASSERT_GE(limit.largest, limit.burst);
        for (const std::int64_t now : {std::int64_t{0}, kStart, std::int64_t{1} << 61}) {
          Table table;
          ASSERT_EQ(table.slots.charge(session_key(1), limit, now, limit.largest).wait_ns, 0);
          ASSERT_GT(table.slots.look(session_key(1), limit, now, 1), 0);
          ASSERT_GT(table.slots.look(session_key(1), limit, now, limit.largest), 0);
        }
      }
}

TEST(RateSlots, KeysDifferByEverything) {
  std::map<std::uint64_t, int> seen;
  for (const std::uint64_t seed : {0ull, 1ull, 1ull << 40})
    for (std::uint32_t database = 0; database < 3; database++)
      for (const RateScope scope : {RateScope::session, RateScope::role})
        for (std::uint64_t id = 0; id < 500; id++) seen[rate_key(seed, database, scope, id)]++;
  EXPECT_EQ(seen.size(), 3u * 3 * 2 * 500);
  EXPECT_EQ(seen.count(0), 0u);
}

TEST(RateSlots, RefundIsExactWhateverCameBetween) {
  const RateLimit limit = make_rate_limit(10, 100, 1);
  Table refunded, never;
  const std::uint64_t key = session_key(1);
  for (Table* table : {&refunded, &never}) EXPECT_EQ(table->slots.charge(key, limit, kStart, 20).wait_ns, 0);
  EXPECT_EQ(refunded.slots.charge(key, limit, kStart, 30).wait_ns, 0);
  for (Table* table : {&refunded, &never}) EXPECT_EQ(table->slots.charge(key, limit, kStart + 5, 40).wait_ns, 0);
  refunded.slots.refund(key, limit, 30);
  EXPECT_EQ(refunded.slots.look(key, limit, kStart + 9, 50), never.slots.look(key, limit, kStart + 9, 50));
  refunded.slots.refund(session_key(2), limit, 30);   // one that is not there
}

TEST(RateSlots, FreeFirstThenTheOneThatIsFreeSoonest) {
  Table table;
  const RateLimit limit = make_rate_limit(1, 100, 1);
  for (std::uint64_t id = 1; id <= 8; id++)
    EXPECT_FALSE(table.slots.charge(session_key(id), limit, kStart, (std::int64_t)id * 10).evicted);
  EXPECT_EQ(table.slots.used(kStart), 8u);
  // After 15 seconds the first has paid; its place is taken, nothing is lost.
  EXPECT_EQ(table.slots.used(kStart + 15 * kSecond), 7u);
  EXPECT_FALSE(table.slots.charge(session_key(9), limit, kStart + 15 * kSecond, 100).evicted);
  EXPECT_TRUE(table.slots.charge(session_key(10), limit, kStart + 15 * kSecond, 100).evicted);
  EXPECT_EQ(table.slots.look(session_key(2), limit, kStart + 15 * kSecond, 100), 0) << "the second was free soonest";
  for (std::uint64_t id = 3; id <= 10; id++)
    EXPECT_GT(table.slots.look(session_key(id), limit, kStart + 15 * kSecond, 100), 0) << id;
}

TEST(RateSlots, SessionsNeverPushOutARole) {
  Table table;
  const RateLimit limit = make_rate_limit(1, 100, 1);
  table.slots.charge(role_key(1), limit, kStart, 1);
  for (std::uint64_t id = 1; id <= 1000; id++) table.slots.charge(session_key(id), limit, kStart, 100);
  EXPECT_GT(table.slots.look(role_key(1), limit, kStart, 100), 0);
  // Roles push out sessions, then roles.
  int evicted = 0;
  for (std::uint64_t id = 2; id <= 8; id++) evicted += table.slots.charge(role_key(id), limit, kStart, 50).evicted;
  EXPECT_EQ(evicted, 7);
  EXPECT_GT(table.slots.look(role_key(1), limit, kStart, 100), 0) << "there were sessions to push out";
  const RateSlots::Charge charge = table.slots.charge(session_key(1), limit, kStart, 1);
  EXPECT_TRUE(charge.untracked && !charge.evicted && charge.wait_ns == 0);
  EXPECT_TRUE(table.slots.charge(role_key(9), limit, kStart, 50).evicted);
  EXPECT_EQ(table.slots.look(role_key(1), limit, kStart, 100), 0);
}

TEST(RateSlots, ManyKeysKeepLevelsOfTheirOwn) {
  Table table(RateSlots::kWays * 512);
  const RateLimit limit = make_rate_limit(1, 1000, 1);
  for (std::uint64_t id = 1; id <= 500; id++)
    ASSERT_FALSE(table.slots.charge(session_key(id), limit, kStart, (std::int64_t)id).evicted);
  for (std::uint64_t id = 1; id <= 500; id++) {
    ASSERT_EQ(table.slots.look(session_key(id), limit, kStart, 1000 - (std::int64_t)id), 0);
    ASSERT_EQ(table.slots.look(session_key(id), limit, kStart, 1001 - (std::int64_t)id), kSecond);
  }
  EXPECT_EQ(table.slots.used(kStart), 500u);
}

}  // namespace
}  // namespace ea::core
