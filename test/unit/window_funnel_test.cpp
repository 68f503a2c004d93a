// window_funnel against the results that ClickHouse publishes for windowFunnel (its test 00632_aggregation_window_funnel,
// Apache License 2.0: inputs and results, retold), and against every chain there is of small inputs.
#include "core/funnel/window_funnel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/funnel/chain.hpp"

namespace ea::core {
namespace {

using Rows = std::vector<FunnelRow>;

int level(Rows rows, std::int64_t within, FunnelMode mode) {
  std::stable_sort(rows.begin(), rows.end(), [](const FunnelRow& a, const FunnelRow& b) { return a.at < b.at; });
  Pulse pulse([] {});
  return window_funnel(rows, within, mode, pulse);
}

// Events of the published tests by their numbers, each step being one number.
Rows numbered(const std::vector<std::pair<int, int>>& events, const std::vector<int>& steps) {
  Rows rows;
  for (const auto& [at, event] : events) {
    FunnelRow row{at, 0};
    for (std::size_t i = 0; i < steps.size(); i++)
      if (steps[i] == event) row.steps |= 1u << i;
    rows.push_back(row);
  }
  return rows;
}

// The same by letters, one a second.
Rows lettered(const std::string& events, const std::string& steps) {
  Rows rows;
  for (std::size_t at = 0; at < events.size(); at++) {
    FunnelRow row{static_cast<std::int64_t>(at) + 1, 0};
    for (std::size_t i = 0; i < steps.size(); i++)
      if (steps[i] == events[at]) row.steps |= 1u << i;
    rows.push_back(row);
  }
  return rows;
}

constexpr auto any = FunnelMode::any, once = FunnelMode::once, order = FunnelMode::order, increase = FunnelMode::increase, dedup = FunnelMode::dedup;

TEST(WindowFunnel, PublishedOfNumbers) {
  std::vector<std::pair<int, int>> events;
  for (int i = 0; i <= 8; i++) events.push_back({i, 1000 + i});
  EXPECT_EQ(level(numbered(events, {1000}), 10000, any), 1);
  EXPECT_EQ(level(numbered(events, {1000, 1001}), 10000, any), 2);
  EXPECT_EQ(level(numbered(events, {1000, 1001, 1002}), 10000, any), 3);
  EXPECT_EQ(level(numbered(events, {1000, 1001, 1002, 1008}), 10000, any), 4);
  EXPECT_EQ(level(numbered(events, {1000}), 1, any), 1);
  for (int within = 2; within <= 4; within++) EXPECT_EQ(level(numbered(events, {1003, 1004, 1005, 1006, 1007}), within, any), within + 1);
  EXPECT_EQ(level(numbered(events, {1001, 1008}), 10000, any), 2);
  EXPECT_EQ(level(numbered(events, {1008, 1001}), 10000, any), 1);
}

TEST(WindowFunnel, PublishedOfConditionsThatOverlap) {
  Rows rows;
  for (int event = 1001; event <= 1008; event++)
    rows.push_back({event - 1000, (event <= 1007 ? 1u : 0) | (event >= 1002 ? 2u : 0) | (event <= 1006 ? 4u : 0) | (event >= 1004 ? 8u : 0)});
  EXPECT_EQ(level(rows, 4, any), 4);
}

TEST(WindowFunnel, PublishedOfRepeats) {
  const std::vector<std::pair<int, int>> events{{0, 1000}, {10, 1001}, {20, 1002}, {30, 1003}, {40, 1004}, {50, 1005}, {51, 1005}, {60, 1006}, {70, 1007}, {80, 1008}};
  const std::vector<int> steps{1000, 1001, 1002, 1003, 1004, 1005, 1006};
  EXPECT_EQ(level(numbered(events, steps), 10000, dedup), 6);
  EXPECT_EQ(level(numbered(events, steps), 10000, any), 7);
  EXPECT_EQ(level(lettered("abcbd", "abcd"), 86400, dedup), 3);
}

TEST(WindowFunnel, PublishedOfLetters) {
  const struct { const char* events; int in_any, in_order; } cases[] = {
      {"abc", 3, 3}, {"adbc", 3, 1}, {"aabbcc", 3, 3}, {"aaaabbcc", 3, 3}, {"aabbdcc", 3, 2}, {"ccbbaa", 1, 1}, {"acb", 2, 1}};
  for (const auto& c : cases) {
    EXPECT_EQ(level(lettered(c.events, "abc"), 86400, any), c.in_any) << c.events;
    EXPECT_EQ(level(lettered(c.events, "abc"), 86400, order), c.in_order) << c.events;
  }
  EXPECT_EQ(level(lettered("abcbd", "abcd"), 86400, order), 4);
  EXPECT_EQ(level(lettered("acb", "abcd"), 86400, order), 1);
}

// Where rows begin anew, or have two steps at once, the published results stop at the first row that interferes; the best
// chain over all starts goes on from the next.
TEST(WindowFunnel, OtherThanPublishedWhereALaterStartIsBetter) {
  EXPECT_EQ(level(lettered("ababc", "abc"), 86400, order), 3);       // 2
  EXPECT_EQ(level(lettered("abcabcd", "abcd"), 86400, order), 4);    // 3
  EXPECT_EQ(level({{1, 1}, {2, 0}, {3, 3}}, 86400, order), 2);       // 1
}

TEST(WindowFunnel, PublishedOfTimes) {
  const std::vector<std::pair<int, int>> events{{0, 1000}, {1, 1001}, {1, 1002}, {1, 1003}, {2, 1004}};
  EXPECT_EQ(level(numbered(events, {1000, 1001, 1002, 1003, 1004}), 10000, any), 5);
  EXPECT_EQ(level(numbered(events, {1000, 1001, 1002, 1003, 1004}), 10000, increase), 2);
  EXPECT_EQ(level(numbered(events, {1004, 1004, 1004}), 10000, any), 3);
  EXPECT_EQ(level(numbered(events, {1004, 1004, 1004}), 10000, once), 1);
  EXPECT_EQ(level(numbered(events, {1004, 1004, 1004}), 10000, increase), 1);
}

TEST(WindowFunnel, PublishedOfOnce) {
  const std::vector<int> steps{0, 0, 1};    // failure, failure, success
  EXPECT_EQ(level(numbered({{180, 0}, {220, 0}, {250, 1}}, steps), 200, once), 3);
  EXPECT_EQ(level(numbered({{100, 0}, {250, 0}}, steps), 200, once), 2);
  EXPECT_EQ(level(numbered({{200, 1}, {210, 0}, {230, 1}}, steps), 200, once), 1);
}

TEST(WindowFunnel, OfSteps) {
  EXPECT_EQ(level({}, 5, any), 0);
  EXPECT_EQ(level({{1, 0}}, 5, any), 0);
  EXPECT_EQ(level({{1, 2}}, 5, any), 0);
  EXPECT_EQ(level({{1, ~0u}}, 5, any), 32);
  EXPECT_EQ(level(Rows(32, {7, ~0u}), 5, once), 32);
  EXPECT_EQ(level(Rows(31, {7, ~0u}), 5, once), 31);
  EXPECT_EQ(level(Rows(2000, {7, 1}), 5, once), 1);
  EXPECT_EQ(level({{1, ~0u}}, 5, dedup), 32);
  Rows rows;
  for (int i = 0; i < 32; i++) rows.push_back({i, 1u << i});
  for (const FunnelMode mode : {any, once, order, increase, dedup}) {
    EXPECT_EQ(level(rows, 31, mode), 32);
    EXPECT_EQ(level(rows, 30, mode), 31);
  }
}

TEST(WindowFunnel, OfTimesFarApart) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  for (const FunnelMode mode : {any, once, order, increase, dedup}) {
    EXPECT_EQ(level({{least, 1}, {most, 2}}, most, mode), 1);
    EXPECT_EQ(level({{0, 1}, {most, 2}}, most, mode), 2);
  }
}

TEST(WindowFunnel, Names) {
  FunnelMode found;
  for (const auto& [name, mode] : std::vector<std::pair<const char*, FunnelMode>>{{"", any}, {"once", once}, {"order", order}, {"increase", increase}, {"dedup", dedup}}) {
    ASSERT_TRUE(find_funnel_mode(name, &found)) << name;
    EXPECT_EQ(found, mode) << name;
  }
  EXPECT_FALSE(find_funnel_mode("strict", &found));
}

// ------------------------------------------------------------------------------------------------------------------------
// Every chain there is
// ------------------------------------------------------------------------------------------------------------------------

bool is_in_order(const Rows& rows, const std::vector<std::size_t>& chain) {
  for (const FunnelRow& row : rows) {
    if (row.at <= rows[chain.front()].at || row.at >= rows[chain.back()].at) continue;
    std::size_t had = 0;
    for (const std::size_t i : chain) had += rows[i].at <= row.at;
    bool fits = false;
    for (std::size_t step = 0; step <= had; step++) fits |= row.steps >> step & 1;
    if (!fits) return false;
  }
  return true;
}

int best_of_all(const Rows& rows, std::int64_t within, FunnelMode mode, int steps) {
  int best = 0;
  std::vector<std::size_t> chain;
  std::function<void()> go_on = [&] {
    if (!chain.empty() && (mode != order || is_in_order(rows, chain))) best = std::max(best, static_cast<int>(chain.size()));
    if (static_cast<int>(chain.size()) == steps) return;
    for (std::size_t i = 0; i < rows.size(); i++) {
      if (!(rows[i].steps >> chain.size() & 1)) continue;
      if (!chain.empty()) {
        const std::int64_t last = rows[chain.back()].at;
        if (rows[i].at < last || (mode == increase && rows[i].at == last) || rows[i].at - rows[chain.front()].at > within) continue;
      }
      if (mode == once && std::find(chain.begin(), chain.end(), i) != chain.end()) continue;
      chain.push_back(i);
      go_on();
      chain.pop_back();
    }
  };
  go_on();
  return best;
}

// Each step of each row as an event of its own, by time and step, taken from each first step on.
int best_without_repeats(const Rows& rows, std::int64_t within, int steps) {
  std::vector<std::pair<std::int64_t, int>> events;
  for (const FunnelRow& row : rows)
    for (int step = 0; step < steps; step++)
      if (row.steps >> step & 1) events.push_back({row.at, step});
  std::sort(events.begin(), events.end());
  int best = 0;
  for (std::size_t first = 0; first < events.size(); first++) {
    if (events[first].second != 0) continue;
    int had = 1;
    for (std::size_t i = first + 1; i < events.size(); i++) {
      if (events[i].second == 0) continue;
      if (events[i].second < had) break;
      if (events[i].second == had && events[i].first - events[first].first <= within) had++;
    }
    best = std::max(best, had);
  }
  return best;
}

TEST(WindowFunnel, EveryChainOfSmallInputs) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 60000; trial++) {
    const int steps = 1 + random() % 4, span = 1 + random() % 9;
    Rows rows(random() % 8);
    for (FunnelRow& row : rows) {
      row.at = random() % span;
      row.steps = random() & random() & ((1u << steps) - 1);
      if (random() % 3) row.steps = random() % 5 ? 1u << random() % steps : 0;
    }
    std::sort(rows.begin(), rows.end(), [](const FunnelRow& a, const FunnelRow& b) { return a.at < b.at; });
    const std::int64_t within = random() % 8;
    for (const FunnelMode mode : {any, once, order, increase})
      ASSERT_EQ(level(rows, within, mode), best_of_all(rows, within, mode, steps)) << "trial " << trial << " mode " << static_cast<int>(mode);
    ASSERT_EQ(level(rows, within, dedup), best_without_repeats(rows, within, steps)) << "trial " << trial;
  }
}

// The order in which rows of one time are given is none.
TEST(WindowFunnel, OrderOfRowsIsNone) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 5000; trial++) {
    Rows rows(2 + random() % 7);
    for (FunnelRow& row : rows) row = {static_cast<std::int64_t>(random() % 3), static_cast<std::uint32_t>(random() % 16)};
    Rows others = rows;
    std::shuffle(others.begin(), others.end(), random);
    for (const FunnelMode mode : {any, once, order, increase, dedup}) ASSERT_EQ(level(rows, 2, mode), level(others, 2, mode)) << "trial " << trial;
  }
}

// ------------------------------------------------------------------------------------------------------------------------
// The chain of the function funnel
// ------------------------------------------------------------------------------------------------------------------------

TEST(FunnelChain, EveryChainOfSmallInputs) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 60000; trial++) {
    const int steps = 1 + random() % 4;
    Rows rows(random() % 9);
    for (FunnelRow& row : rows) row = {static_cast<std::int64_t>(random() % 10), static_cast<std::uint32_t>(random() % (1u << steps))};
    std::sort(rows.begin(), rows.end(), [](const FunnelRow& a, const FunnelRow& b) { return a.at < b.at; });
    const std::int64_t within = random() % 8, before = random() % 12;
    // The longest, of these the one that comes first row by row.
    std::vector<std::size_t> best, chain;
    std::function<void()> go_on = [&] {
      if (chain.size() > best.size() || (chain.size() == best.size() && chain < best)) best = chain;
      if (static_cast<int>(chain.size()) == steps) return;
      for (std::size_t i = chain.empty() ? 0 : chain.back() + 1; i < rows.size(); i++) {
        if (!(rows[i].steps >> chain.size() & 1) || (chain.empty() ? rows[i].at >= before : rows[i].at - rows[chain.front()].at > within)) continue;
        chain.push_back(i);
        go_on();
        chain.pop_back();
      }
    };
    go_on();
    Pulse pulse([] {});
    const FunnelChain found = furthest_chain(rows, before, within, steps, pulse);
    ASSERT_EQ(found.steps, static_cast<int>(best.size())) << "trial " << trial;
    for (int i = 0; i < found.steps; i++) ASSERT_EQ(found.at[i], rows[best[i]].at) << "trial " << trial << " step " << i;
    if (!best.empty()) {
      ASSERT_EQ(found.first, best.front());
    }
  }
}

// Each row is a step of the pulse at least, so that long rows are ended by it, whether or not they stand at one time.
TEST(WindowFunnel, EndsWithItsPulse) {
  constexpr auto end = [] { throw std::runtime_error("ended"); };
  for (const int moments : {1, 1000, 100000})
    for (const FunnelMode mode : {any, once, order, increase, dedup}) {
      Rows rows(100000);
      for (std::size_t i = 0; i < rows.size(); i++) rows[i] = {static_cast<std::int64_t>(i * moments / rows.size()), 3};
      Pulse pulse(end);
      EXPECT_THROW(window_funnel(rows, 5, mode, pulse), std::runtime_error) << moments;
    }
  // Rows of which many have many steps take long, few as they are.
  const Rows few(40, {1, ~0u});
  Pulse pulse(end);
  EXPECT_THROW(window_funnel(few, 5, once, pulse), std::runtime_error);
}

TEST(FunnelChain, EndsWithItsPulse) {
  constexpr auto end = [] { throw std::runtime_error("ended"); };
  Rows starts(100000, {1, 1}), one_start(100000, {1, 4});
  one_start[0].steps = 1;
  for (const Rows& rows : {starts, one_start}) {
    Pulse pulse(end);
    EXPECT_THROW(furthest_chain(rows, 5, 5, 3, pulse), std::runtime_error);
  }
}

TEST(Pulse, EndsASort) {
  std::vector<int> items(100000);
  for (std::size_t i = 0; i < items.size(); i++) items[i] = static_cast<int>(i * 7919 % items.size());
  Pulse pulse([] { throw std::runtime_error("ended"); });
  EXPECT_THROW(sort(std::span(items), pulse, std::less<>()), std::runtime_error);
  Pulse never([] {});
  for (std::size_t i = 0; i < items.size(); i++) items[i] = static_cast<int>(i * 7919 % items.size());
  sort(std::span(items), never, std::less<>());
  for (std::size_t i = 0; i < items.size(); i++) ASSERT_EQ(items[i], static_cast<int>(i));
}

}  // namespace
}  // namespace ea::core
