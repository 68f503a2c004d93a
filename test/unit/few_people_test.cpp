// What two answers tell by their difference, beside every run of days tried one by one.
#include "core/audience/few_people.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace ea::core {
namespace {

using A = GroupActivity;
using Activities = std::vector<A>;
constexpr std::uint8_t kView = A::kViews | A::kAny;

bool told(const Activities& activities, std::int64_t fewest) { return tells_of_few(activities, fewest, std::pmr::new_delete_resource()); }

bool told_by_hand(const Activities& activities, std::int64_t fewest) {
  const auto few = [&](std::int64_t people) { return people > 0 && people < fewest; };
  int people = 0, days = 0;
  for (const A& a : activities) people = std::max(people, a.person + 1), days = std::max(days, a.day + 1);
  const auto count = [&](auto&& counts) {
    std::int64_t n = 0;
    for (int person = 0; person < people; ++person) n += counts(person);
    return n;
  };
  const auto did = [&](int person, std::uint8_t what, auto&& on) {
    return std::any_of(activities.begin(), activities.end(), [&](const A& a) { return a.person == person && (a.did & what) && on(a.day); });
  };
  for (int from = 0; from <= days; ++from) {
    for (int to = from; to <= days; ++to) {
      const auto inside = [&](int day) { return day >= from && day < to; };
      const auto outside = [&](int day) { return !inside(day); };
      if (few(count([&](int p) { return did(p, A::kViews, outside); }))) return true;
      if (few(count([&](int p) { return did(p, A::kAny, outside); }))) return true;
      if (few(count([&](int p) { return did(p, A::kViews, outside) && !did(p, A::kViews, inside); }))) return true;
    }
  }
  const auto always = [](int) { return true; };
  return few(count([&](int p) { return did(p, A::kViewsElsewhere, always); })) || few(count([&](int p) { return did(p, A::kAnyElsewhere, always); })) ||
         few(count([&](int p) { return did(p, A::kViewsElsewhere, always) && !did(p, A::kViews, always); }));
}

// Each of some people on each of some days.
Activities of(std::vector<int> days, int people, std::uint8_t did) {
  Activities all;
  for (int p = 0; p < people; ++p)
    for (const int day : days) all.push_back({p, day, did});
  return all;
}

TEST(FewPeople, Nobody) {
  EXPECT_FALSE(told({}, 5));
  EXPECT_FALSE(told({{0, 3, 0}, {1, 3, 0}}, 5));
}

TEST(FewPeople, OneDay) {
  EXPECT_FALSE(told(of({7}, 5, kView), 5));
  EXPECT_TRUE(told(of({7}, 4, kView), 5));
  EXPECT_FALSE(told(of({7}, 1, kView), 1));
}

TEST(FewPeople, TheLastDayAndTheFirst) {
  Activities late = of({1, 2}, 9, kView);
  late.push_back({8, 5, kView});
  EXPECT_TRUE(told(late, 5));
  Activities early = of({1, 2}, 9, kView);
  early.insert(early.begin(), {0, 0, kView});
  EXPECT_TRUE(told(early, 5));
  Activities between = of({1, 5}, 9, kView);
  between.insert(between.begin() + 1, {0, 3, kView});
  EXPECT_FALSE(told(between, 5));
}

TEST(FewPeople, WhatIsNoView) {
  // Nine saw it, one of whom went on the next day, without another view; then five, of whom four did not view.
  Activities activities = of({1}, 9, kView);
  activities.push_back({8, 2, A::kAny});
  EXPECT_TRUE(told(activities, 5));
  Activities five;
  for (int p = 0; p < 9; ++p) {
    five.push_back({p, 1, kView});
    if (p < 5) five.push_back({p, 2, static_cast<std::uint8_t>(p == 0 ? kView : A::kAny)});
  }
  EXPECT_TRUE(told(five, 5));
  for (A& a : five)
    if (a.day == 2) a.did = A::kAny;
  EXPECT_FALSE(told(five, 5));
}

TEST(FewPeople, WhoseViewsAreAllBesideARun) {
  // Ten on the first day and ten on the last; of these three on no other.
  Activities activities;
  for (int p = 0; p < 20; ++p) {
    if (p < 10) activities.push_back({p, 0, kView});
    if (p != 17 && p != 18 && p != 19) activities.push_back({p, 1, kView});
    if (p >= 10) activities.push_back({p, 2, kView});
  }
  EXPECT_TRUE(told(activities, 5));
  activities.push_back({20, 2, kView});
  activities.push_back({21, 2, kView});
  EXPECT_FALSE(told(activities, 5));
}

TEST(FewPeople, Elsewhere) {
  constexpr std::uint8_t kThere = A::kViewsElsewhere | A::kAnyElsewhere;
  for (const int people : {0, 1, 4, 5}) {
    Activities both = of({1}, 12, kView), only = both, other = both;
    for (int p = 0; p < people; ++p) {
      both[p].did |= kThere;
      other[p].did |= A::kAnyElsewhere;
      only.push_back({12 + p, 1, kThere});
    }
    const bool few = people > 0 && people < 5;
    EXPECT_EQ(told(both, 5), few) << people;
    EXPECT_EQ(told(other, 5), few) << people;
    EXPECT_EQ(told(only, 5), few) << people;
  }
}

TEST(FewPeople, AsByHand) {
  std::mt19937 random(20261130);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  int yes = 0, no = 0;
  for (int round = 0; round < 4000; ++round) {
    const int people = 1 + below(14), days = 1 + below(7), often = 1 + below(9), elsewhere = below(3);
    Activities activities;
    for (int p = 0; p < people; ++p) {
      for (int day = 0; day < days; ++day) {
        if (below(10) >= often) continue;
        std::uint8_t did = below(3) > 0 ? kView : below(2) > 0 ? A::kAny : 0;
        if (elsewhere == 2 && below(3) > 0) did |= below(2) > 0 ? A::kViewsElsewhere | A::kAnyElsewhere : A::kAnyElsewhere;
        activities.push_back({p, day, did});
      }
    }
    int last = -1, number = -1;    // people are numbered without gaps
    for (A& a : activities) {
      if (a.person != last) last = a.person, ++number;
      a.person = number;
    }
    const int fewest = 1 + below(5);
    const bool wanted = told_by_hand(activities, fewest);
    ASSERT_EQ(told(activities, fewest), wanted) << round;
    (wanted ? yes : no)++;
  }
  EXPECT_GT(yes, 500);
  EXPECT_GT(no, 500);
}

}  // namespace
}  // namespace ea::core
