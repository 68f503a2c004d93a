#include "core/cohort/rule.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <random>
#include <set>

#include "core/cohort/viewer_counts.hpp"
#include "support.hpp"

namespace ea::core {
namespace {

using Keys = std::set<std::int64_t>;

ViewerSet set_of(const Keys& keys) {
  ViewerSet set(test::memory());
  for (const std::int64_t key : keys) set.insert(key);
  set.settle();
  return set;
}

Keys keys_of(const ViewerSet& set) {
  Keys keys;
  set.for_each([&](std::int64_t key) { keys.insert(key); });
  EXPECT_EQ(keys.size(), set.cardinality());
  return keys;
}

struct Part {
  const ViewerSet* set;
  bool others;
};

// Who meets a rule: everybody is who is asked about where it is open.
Keys members_of(Rule rule, const std::vector<ViewerSet>& conditions, const ViewerSet& everybody) {
  std::deque<ViewerSet> made;
  std::vector<Part> parts(parts_at_once(rule));
  const Part result = reduce(
      rule, parts.data(), [&](std::int32_t i) { return Part{&conditions[i], false}; },
      [&](RuleKind kind, const Part& a, const Part& b) {
        Part part{};
        made.push_back(joined(kind, {a.set, a.others}, {b.set, b.others}, &part.others, test::memory()));
        part.set = &made.back();
        return part;
      });
  EXPECT_EQ(result.others, holds_without_conditions(rule, test::memory()));
  return keys_of(result.others ? ViewerSet::subtract(everybody, *result.set, test::memory()) : ViewerSet::unite(*result.set, ViewerSet(test::memory()), test::memory()));
}

// A rule of at most so many levels, in postfix order.
void add_rule(std::mt19937& random, int levels, int conditions, std::vector<RuleNode>* rule) {
  const int kind = levels == 0 ? 0 : static_cast<int>(random() % 5);
  if (kind == 0) {
    rule->push_back({RuleKind::condition, static_cast<std::int32_t>(random() % conditions)});
  } else if (kind == 1) {
    add_rule(random, levels - 1, conditions, rule);
    rule->push_back({RuleKind::negation, 0});
  } else {
    const std::int32_t rules = 1 + static_cast<std::int32_t>(random() % 3);
    for (std::int32_t i = 0; i < rules; ++i) add_rule(random, levels - 1, conditions, rule);
    rule->push_back({kind == 2 ? RuleKind::all : RuleKind::any, rules});
  }
}

// As it reads, from the end.
bool means(const std::vector<RuleNode>& rule, std::size_t* end, const std::vector<Keys>& conditions, std::int64_t key) {
  const RuleNode node = rule[--*end];
  if (node.kind == RuleKind::condition) return conditions[node.number].contains(key);
  if (node.kind == RuleKind::negation) return !means(rule, end, conditions, key);
  int holding = 0;
  for (std::int32_t i = 0; i < node.number; ++i) holding += means(rule, end, conditions, key);
  return node.kind == RuleKind::all ? holding == node.number : holding > 0;
}

TEST(CohortRule, has_those_for_whom_it_holds) {
  std::mt19937 random(11);
  int open = 0, empty = 0, full = 0;
  for (int round = 0; round < 3000; ++round) {
    const int count = 1 + static_cast<int>(random() % 4);
    std::vector<Keys> conditions(count);
    Keys everybody, known;
    for (std::int64_t key = -20; key < 20; ++key) {
      for (Keys& condition : conditions)
        if (random() % 3 == 0) condition.insert(key);
      if (random() % 2 == 0) everybody.insert(key);
    }
    known = everybody;
    for (const Keys& condition : conditions) known.insert(condition.begin(), condition.end());
    std::vector<RuleNode> rule;
    add_rule(random, 5, count, &rule);

    std::vector<ViewerSet> sets;
    for (const Keys& condition : conditions) sets.push_back(set_of(condition));
    const bool is_open = holds_without_conditions(rule, test::memory());
    // Everybody is asked for where that makes a difference, and nowhere else.
    const Keys members = members_of(rule, sets, set_of(is_open ? known : Keys{}));
    Keys expected;
    for (const std::int64_t key : known) {
      std::size_t end = rule.size();
      const bool holds = means(rule, &end, conditions, key);
      EXPECT_EQ(end, 0u);
      if (holds) expected.insert(key);
      EXPECT_EQ(holds, rule_holds(rule, test::memory(), [&](std::int32_t i) { return conditions[i].contains(key); }));
    }
    EXPECT_EQ(members, expected) << "round " << round;
    open += is_open;
    empty += expected.empty();
    full += expected == known;
  }
  EXPECT_GT(open, 500);
  EXPECT_GT(empty, 50);
  EXPECT_GT(full, 50);
}

TEST(CohortRule, twice_not_is_nothing) {
  std::vector<ViewerSet> conditions;
  conditions.push_back(set_of({1, 2, 3}));
  const ViewerSet everybody = set_of({1, 2, 3, 4});
  const std::vector<RuleNode> once = {{RuleKind::condition, 0}, {RuleKind::negation, 0}};
  std::vector<RuleNode> twice = once;
  twice.push_back({RuleKind::negation, 0});
  EXPECT_EQ(members_of(once, conditions, everybody), Keys({4}));
  EXPECT_EQ(members_of(twice, conditions, everybody), Keys({1, 2, 3}));
}

// As many parts as rules that are not joined yet.
TEST(CohortRule, parts_wait_for_one_another) {
  const RuleNode condition{RuleKind::condition, 0};
  EXPECT_EQ(parts_at_once(std::vector<RuleNode>{condition}), 1u);
  EXPECT_EQ(parts_at_once(std::vector<RuleNode>{condition, {RuleKind::negation, 0}, condition, {RuleKind::all, 2}, condition, {RuleKind::any, 2}}), 2u);
  EXPECT_EQ(parts_at_once(std::vector<RuleNode>{condition, condition, condition, {RuleKind::all, 2}, condition, {RuleKind::any, 3}}), 3u);
}

// Whoever was seen so often, by so many, whatever memory there is: who finds no place is counted another time.
TEST(ViewerCounts, are_right_in_any_memory) {
  struct Seen {
    std::int32_t counter;
    std::int64_t viewer;
    auto operator<=>(const Seen&) const = default;
  };
  std::mt19937_64 random(5);
  std::size_t most_times = 0;
  for (int round = 0; round < 60; ++round) {
    const int kind = round % 3;
    const std::size_t viewers = 1 + random() % 20000;
    const int counters = 1 + static_cast<int>(random() % 3);
    std::vector<Seen> events;
    std::map<Seen, std::uint32_t> expected, found;
    for (std::size_t i = 0; i < viewers * 3; ++i) {
      const auto n = static_cast<std::int64_t>(random() % viewers);
      // Neighbours on both sides of 0, multiples of a large power of two, and any.
      const std::int64_t viewer = kind == 0 ? n - 50 : kind == 1 ? static_cast<std::int64_t>(static_cast<std::uint64_t>(n) << 40) : static_cast<std::int64_t>(static_cast<std::uint64_t>(n) * 0xBF58476D1CE4E5B9u);
      events.push_back({static_cast<std::int32_t>(random() % counters), viewer});
      ++expected[events.back()];
    }
    const std::size_t most = round % 4 == 0 ? 1 << 20 : round % 4 == 1 ? 0 : random() % viewers;
    ViewerCounts counts(test::memory(), most);
    std::size_t times = 0;
    while (!events.empty()) {
      ++times;
      std::vector<Seen> aside;
      for (const Seen& e : events)
        if (!counts.see(e.counter, e.viewer, ViewerCounts::hash(e.counter, e.viewer))) aside.push_back(e);
      const std::size_t before = found.size();
      counts.for_each([&](std::int32_t counter, std::int64_t viewer, std::uint32_t count) { EXPECT_TRUE((found.insert({{counter, viewer}, count}).second)); });
      EXPECT_LE(found.size() - before, std::max(most, ViewerCounts::kFewest));
      ASSERT_GT(found.size(), before);
      counts.clear();
      events = aside;
    }
    EXPECT_EQ(found, expected) << "round " << round;
    if (most == 1 << 20) {
      EXPECT_EQ(times, 1u);
    }
    most_times = std::max(most_times, times);
  }
  EXPECT_GT(most_times, 50u);
}

// Keys are spread over the parts that the first bits of their hashes tell, however they are made.
TEST(ViewerCounts, parts_are_alike) {
  for (const int shift : {0, 7, 32, 40}) {
    std::array<int, 64> parts{};
    for (std::uint64_t n = 0; n < 64000; ++n) ++parts[ViewerCounts::hash(static_cast<std::int32_t>(n % 3), static_cast<std::int64_t>((n - 5) << shift)) >> 58];
    EXPECT_GT(*std::min_element(parts.begin(), parts.end()), 800) << shift;
    EXPECT_LT(*std::max_element(parts.begin(), parts.end()), 1200) << shift;
  }
}

// What it takes does not grow with the viewers, until it must.
TEST(ViewerCounts, stay_within_their_memory) {
  test::Meter memory;
  constexpr std::size_t kMost = 4096;
  ViewerCounts counts(&memory, kMost);
  const auto see = [&](std::int64_t viewer) { return counts.see(0, viewer, ViewerCounts::hash(0, viewer)); };
  int placed = 0;
  for (std::int64_t viewer = 1; viewer < 300000; ++viewer) placed += see(viewer);
  EXPECT_EQ(placed, static_cast<int>(kMost));
  EXPECT_LE(memory.peak(), 3 * 16 * kMost);    // places before and after it has made room
  EXPECT_TRUE(see(1));
  EXPECT_FALSE(see(299999));
  counts.lift_limit();
  EXPECT_TRUE(see(299999));
}

}  // namespace
}  // namespace ea::core
