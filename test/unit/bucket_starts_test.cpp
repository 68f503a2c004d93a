// Starts of local hours, days, weeks and months: beside a clock that is looked at every minute.
#include "core/series/bucket_starts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <vector>

namespace ea::core {
namespace {

constexpr std::int64_t kMinute = 60'000'000, kHours = 60 * kMinute, kDays = 24 * kHours;
constexpr LocalUnit kUnits[] = {LocalUnit::hour, LocalUnit::day, LocalUnit::week, LocalUnit::month};

using Starts = std::vector<std::int64_t>;

// A number that is the same for all times of one unit, and greater in later ones.
std::int64_t label(LocalUnit unit, std::int64_t local) {
  using namespace std::chrono;
  const sys_time<microseconds> at = sys_days(year(2000) / 1 / 1) + microseconds(local);
  const sys_days day = floor<days>(at);
  const year_month_day date(day);
  switch (unit) {
    case LocalUnit::hour: return floor<hours>(at).time_since_epoch().count();
    case LocalUnit::day: return day.time_since_epoch().count();
    case LocalUnit::week: return (day - (weekday(day) - Monday)).time_since_epoch().count();
    case LocalUnit::month: break;
  }
  return int(date.year()) * 12 + int(unsigned(date.month()));
}

std::int64_t shown(const std::vector<ClockChange>& changes, std::int64_t at) {
  std::int64_t ahead = changes[0].ahead;
  for (const ClockChange& c : changes)
    if (c.at <= at) ahead = c.ahead;
  return at + ahead;
}

// By looking at the clock every minute: changes must be whole minutes.
Starts by_looking(LocalUnit unit, const std::vector<ClockChange>& changes, std::int64_t to) {
  Starts starts;
  std::int64_t before = shown(changes, changes[0].at - kMinute), latest = label(unit, before);
  for (std::int64_t at = changes[0].at; at < to; at += kMinute) {
    const std::int64_t now = shown(changes, at);
    if (unit == LocalUnit::hour) {
      if (((now % kHours) + kHours) % kHours == 0 || label(unit, now) > label(unit, before)) starts.push_back(at);
    } else if (label(unit, now) > latest) {
      starts.push_back(at);
    }
    latest = std::max(latest, label(unit, now));
    before = now;
  }
  return starts;
}

Starts given(LocalUnit unit, const std::vector<ClockChange>& changes, std::int64_t to) {
  BucketStarts starts(unit, changes);
  Starts result;
  for (std::int64_t start = starts.next(); start < to; start = starts.next()) result.push_back(start);
  return result;
}

TEST(BucketStarts, FollowAClockThatIsNeverSet) {
  for (LocalUnit unit : kUnits)
    for (std::int64_t ahead : {std::int64_t{0}, 330 * kMinute, -570 * kMinute})
      for (std::int64_t from : {std::int64_t{0}, -40'000 * kDays + 7 * kMinute, 30'000 * kDays}) {
        const std::vector<ClockChange> changes = {{from, ahead}};
        EXPECT_EQ(given(unit, changes, from + 100 * kDays), by_looking(unit, changes, from + 100 * kDays));
      }
}

TEST(BucketStarts, FollowAClockThatIsSetByAnything) {
  std::mt19937 random(20230308);
  for (int trial = 0; trial < 20; trial++) {
    std::vector<ClockChange> changes = {{(std::int64_t)(random() % 100'000) * kMinute, (std::int64_t)(random() % 1440) * kMinute - 12 * kHours}};
    std::int64_t at = changes[0].at;
    // By whole hours, by anything up to a day, within minutes of the change before: forward and back.
    for (int i = 0; i < 12; i++) {
      at += (std::int64_t)(1 + random() % (trial % 3 == 0 ? 90 : 10'000)) * kMinute;
      std::int64_t by = trial % 2 == 0 ? (std::int64_t)(random() % 49) * kHours - kDays : (std::int64_t)(random() % 2881) * kMinute - kDays;
      if (by != 0) changes.push_back({at, changes.back().ahead + by});
    }
    for (LocalUnit unit : kUnits) EXPECT_EQ(given(unit, changes, at + 45 * kDays), by_looking(unit, changes, at + 45 * kDays)) << trial;
  }
}

TEST(BucketStarts, RepeatAnHourThatTheClockShowsTwice) {
  const std::int64_t change = 10 * kDays;
  const auto hours = [&](std::int64_t before, std::int64_t after) {
    Starts lengths;
    Starts starts = given(LocalUnit::hour, {{change - 3 * kHours, before}, {change, after}}, change + 5 * kHours);
    for (std::size_t i = 0; i + 1 < starts.size(); i++) lengths.push_back((starts[i + 1] - starts[i]) / kMinute);
    return lengths;
  };
  EXPECT_EQ(hours(0, -3 * kHours), Starts(7, 60));
  EXPECT_EQ(hours(0, 0 - kHours), Starts(7, 60));
  // By half an hour: the hour before it lasts longer; forward: the hour after it is shorter.
  EXPECT_EQ(hours(0, -30 * kMinute), (Starts{60, 60, 90, 60, 60, 60, 60}));
  EXPECT_EQ(hours(0, 30 * kMinute), (Starts{60, 60, 60, 30, 60, 60, 60, 60}));
}

TEST(BucketStarts, AreMonthsOfTheCalendar) {
  // From the start of the server's calendar on.
  for (std::int64_t day : {-2'450'000, -730'426, -730'425, -146'098, -1, 0, 59, 60, 146'097, 11'000'000}) {
    const ClockChange utc[] = {{day * kDays, 0}};
    BucketStarts months(LocalUnit::month, utc);
    std::int64_t before = label(LocalUnit::month, day * kDays - 1);
    for (int i = 0; i < 60; i++) {
      const std::int64_t start = months.next();
      EXPECT_EQ(label(LocalUnit::month, start), before + 1);
      EXPECT_EQ(label(LocalUnit::month, start - 1), before);
      before++;
    }
  }
}

TEST(BucketStarts, KnowUnitsByName) {
  EXPECT_EQ(find_local_unit("hour"), LocalUnit::hour);
  EXPECT_EQ(find_local_unit("month"), LocalUnit::month);
  for (const char* name : {"", "Day", "days", "year", "1 day"}) EXPECT_FALSE(find_local_unit(name));
}

}  // namespace
}  // namespace ea::core
