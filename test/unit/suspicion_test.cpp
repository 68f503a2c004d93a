// What is suspicious of a viewer's events, beside counts by minute, day and hour.
#include "core/traffic/suspicion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <vector>

namespace ea::core {
namespace {

constexpr std::int64_t kMinute = 60'000'000, kHour = 60 * kMinute, kDay = 24 * kHour;

struct Deed {
  std::int64_t at;
  Engagement type = Engagement::view;
  std::int64_t content = 1;
  std::int32_t watch_time_ms = 1000;
};

ViewerTraffic traffic_of(std::vector<Deed> deeds, TrafficLimits limits = {30, 50}) {
  ViewerTraffic traffic(limits);
  std::stable_sort(deeds.begin(), deeds.end(), [](const Deed& a, const Deed& b) { return a.at < b.at; });
  for (const Deed& deed : deeds) traffic.add(deed.at, deed.type, deed.watch_time_ms);
  std::sort(deeds.begin(), deeds.end(), [](const Deed& a, const Deed& b) { return std::tie(a.content, a.at) < std::tie(b.content, b.at); });
  for (const Deed& deed : deeds) traffic.add_again(deed.content, deed.at, deed.type);
  return traffic;
}

std::vector<Deed> repeated(int times, std::int64_t from, std::int64_t step, Deed like = {0}) {
  std::vector<Deed> deeds;
  for (int i = 0; i < times; ++i) {
    like.at = from + i * step;
    deeds.push_back(like);
  }
  return deeds;
}

std::vector<Deed> operator+(std::vector<Deed> a, const std::vector<Deed>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(ViewerTraffic, NobodyIsNotSuspicious) {
  EXPECT_FALSE(traffic_of({}).is_suspicious());
  EXPECT_EQ(traffic_of({}).contents(), 0);
}

TEST(ViewerTraffic, ViewsInAMinute) {
  for (const std::int64_t from : {std::int64_t{0}, 100 * kDay, -3 * kDay}) {
    EXPECT_FALSE(traffic_of(repeated(30, from, kMinute / 31)).has(Suspicion::rate));
    const ViewerTraffic many = traffic_of(repeated(31, from, kMinute / 31));
    EXPECT_TRUE(many.has(Suspicion::rate));
    EXPECT_EQ(many.peak_per_minute(), 31);
    // Two minutes, though less than one lies between.
    EXPECT_FALSE(traffic_of(repeated(30, from, 1000) + repeated(30, from + kMinute, 1000)).has(Suspicion::rate));
    EXPECT_EQ(traffic_of({{from + kMinute - 1}, {from + kMinute}}).peak_per_minute(), 1);
  }
  EXPECT_FALSE(traffic_of(repeated(500, 0, 1, {0, Engagement::impression})).has(Suspicion::rate));
}

TEST(ViewerTraffic, ViewsOfAContentInADay) {
  EXPECT_FALSE(traffic_of(repeated(50, kDay, 10 * kMinute)).has(Suspicion::repeat));
  EXPECT_TRUE(traffic_of(repeated(51, kDay, 10 * kMinute)).has(Suspicion::repeat));
  EXPECT_FALSE(traffic_of(repeated(50, kDay, 10 * kMinute) + repeated(50, 2 * kDay, 10 * kMinute)).has(Suspicion::repeat));
  EXPECT_FALSE(traffic_of(repeated(50, kDay, 10 * kMinute) + repeated(50, kDay, 10 * kMinute, {0, Engagement::view, 2})).has(Suspicion::repeat));
  // On either side of midnight, and before the calendar's first day.
  EXPECT_FALSE(traffic_of(repeated(50, -50 * kMinute, kMinute) + repeated(50, 0, kMinute)).has(Suspicion::repeat));
  EXPECT_TRUE(traffic_of(repeated(51, -51 * kMinute, kMinute)).has(Suspicion::repeat));
  EXPECT_FALSE(traffic_of(repeated(500, kDay, kMinute, {0, Engagement::progress})).has(Suspicion::repeat));
}

TEST(ViewerTraffic, NoWatchTime) {
  const Deed unwatched{0, Engagement::view, 1, 0};
  EXPECT_FALSE(traffic_of(repeated(99, 0, kHour, unwatched)).has(Suspicion::no_watch_time));
  EXPECT_TRUE(traffic_of(repeated(100, 0, kHour, unwatched)).has(Suspicion::no_watch_time));
  EXPECT_FALSE(traffic_of(repeated(100, 0, kHour, unwatched) + repeated(1, 0, 1, {0, Engagement::view, 1, 1})).has(Suspicion::no_watch_time));
  EXPECT_FALSE(traffic_of(repeated(100, 0, kHour, {0, Engagement::skip, 1, 0})).has(Suspicion::no_watch_time));
}

TEST(ViewerTraffic, AlwaysOn) {
  EXPECT_FALSE(traffic_of(repeated(19, kDay, kHour, {0, Engagement::save})).has(Suspicion::always_on));
  EXPECT_TRUE(traffic_of(repeated(20, kDay, kHour, {0, Engagement::save})).has(Suspicion::always_on));
  EXPECT_TRUE(traffic_of(repeated(20, -kDay, kHour)).has(Suspicion::always_on));
  EXPECT_FALSE(traffic_of(repeated(24, kDay + 12 * kHour, kHour)).has(Suspicion::always_on));    // of two days
  EXPECT_FALSE(traffic_of(repeated(100, kDay, 11 * kMinute)).has(Suspicion::always_on));         // in 19 hours
}

TEST(ViewerTraffic, BesideCounts) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 400; ++round) {
    const TrafficLimits limits{1 + (std::int64_t)(random() % 4), 1 + (std::int64_t)(random() % 6)};
    const std::int64_t span = round % 2 == 0 ? kDay : 5 * kMinute;
    std::vector<Deed> deeds;
    for (std::size_t n = random() % 150; n > 0; --n) {
      deeds.push_back({(std::int64_t)(random() % (std::uint64_t)(3 * span)) - span, random() % 3 == 0 ? Engagement::save : Engagement::view, 1 + (std::int64_t)(random() % 5),
                       round % 3 == 0 ? 0 : (std::int32_t)(random() % 2)});
    }
    const auto number = [](std::int64_t at, std::int64_t width) { return (at + 1000 * kDay) / width; };
    std::map<std::int64_t, std::int64_t> minutes;
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> days;
    std::map<std::int64_t, std::set<std::int64_t>> hours;
    std::set<std::int64_t> contents;
    std::int64_t views = 0, peak = 0, repeat = 0, watched = 0, most_hours = 0;
    for (const Deed& deed : deeds) {
      contents.insert(deed.content);
      std::set<std::int64_t>& day = hours[number(deed.at, kDay)];
      day.insert(number(deed.at, kHour));
      most_hours = std::max(most_hours, (std::int64_t)day.size());
      if (deed.type != Engagement::view) continue;
      ++views;
      watched += deed.watch_time_ms;
      peak = std::max(peak, ++minutes[number(deed.at, kMinute)]);
      repeat = std::max(repeat, ++days[{deed.content, number(deed.at, kDay)}]);
    }
    const ViewerTraffic traffic = traffic_of(deeds, limits);
    EXPECT_EQ(traffic.events(), (std::int64_t)deeds.size());
    EXPECT_EQ(traffic.views(), views);
    EXPECT_EQ(traffic.peak_per_minute(), peak);
    EXPECT_EQ(traffic.contents(), (std::int64_t)contents.size());
    EXPECT_EQ(traffic.has(Suspicion::rate), peak > limits.views_per_minute);
    EXPECT_EQ(traffic.has(Suspicion::repeat), repeat > limits.views_of_content_per_day);
    EXPECT_EQ(traffic.has(Suspicion::no_watch_time), views >= 100 && watched == 0);
    EXPECT_EQ(traffic.has(Suspicion::always_on), most_hours >= 20);
  }
}

}  // namespace
}  // namespace ea::core
