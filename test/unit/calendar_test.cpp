// ISO 8601 times against the calendar of <chrono>.
#include "core/intake/calendar.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

namespace ea::core {
namespace {

std::int64_t good(const char* text) {
  std::int64_t value = -1;
  EXPECT_TRUE(read_iso_time(text, &value)) << text;
  return value;
}

TEST(Calendar, SpellingsOfOneMoment) {
  const std::int64_t expected = good("2026-11-22T10:20:30.5Z");
  EXPECT_EQ(expected, 848'658'030'500'000);
  for (const char* text : {"2026-11-22 10:20:30.5", "2026-11-22T10:20:30.500000+00:00", "2026-11-22t10:20:30.5z",
                           "2026-11-22T14:20:30.5+04", "2026-11-22T15:50:30.5+0530", "2026-11-22T15:50:30.5+05:30",
                           "2026-11-22T00:20:30.5-10:00", "2026-11-22 12:50:00.5+02:29:30"})
    EXPECT_EQ(good(text), expected) << text;
  EXPECT_EQ(good("2026-11-22T10:20Z"), expected - 30'500'000);
}

TEST(Calendar, FractionsRoundToMicroseconds) {
  EXPECT_EQ(good("2000-01-01T00:00:00.0000005Z"), 1);
  EXPECT_EQ(good("2000-01-01T00:00:00.00000049999Z"), 0);
  EXPECT_EQ(good("2000-01-01T00:00:00.1234567899999999999999Z"), 123'457);
  EXPECT_EQ(good("2000-01-01T00:00:00.9999999Z"), 1'000'000);
  EXPECT_EQ(good("2000-01-01T00:00:00.00000009Z"), 0);
}

TEST(Calendar, EveryDayOfManyYears) {
  using namespace std::chrono;
  const sys_days epoch = year{2000} / 1 / 1;
  for (sys_days day = year{1} / 1 / 1; day < sys_days{year{2500} / 1 / 1}; day += days{7}) {
    const year_month_day date{day};
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT00:00:00Z", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    ASSERT_EQ(good(text), (day - epoch).count() * 86'400'000'000) << text;
  }
  EXPECT_EQ(good("2024-02-29T00:00:00Z") + 86'400'000'000, good("2024-03-01T00:00:00Z"));
}

TEST(Calendar, WhatIsNoTime) {
  std::int64_t value;
  for (const char* text :
       {"", "now", "infinity", "2026", "2026-11-22", "2026-11-22T", "2026-11-22T10", "2026-11-22T1:20Z", "26-11-22T10:20Z",
        "2026-13-01T00:00Z", "2026-00-01T00:00Z", "2026-01-00T00:00Z", "2026-02-29T00:00Z", "1900-02-29T00:00Z",
        "2026-01-32T00:00Z", "2026-01-01T24:00Z", "2026-01-01T00:60Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00,5Z", "2026-01-01T00:00ZZ", "2026-01-01T00:00Z ", " 2026-01-01T00:00Z", "2026-01-01T00:00+16",
        "2026-01-01T00:00+1", "2026-01-01T00:00+05:60", "2026-01-01T00:00 Mars/Phobos", "01/02/2026 10:00",
        "0000-01-01T00:00Z", "294277-01-01T00:00Z", "1000000-01-01T00:00Z", "294276-12-31T23:59:59-15", "2026-01-01T00:00 BC"})
    EXPECT_FALSE(read_iso_time(text, &value)) << text;
  EXPECT_TRUE(read_iso_time("294276-12-31T23:59:59.999999Z", &value));
}

}  // namespace
}  // namespace ea::core
