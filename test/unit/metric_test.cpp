// The named numbers of a summary.
#include "core/value/metric.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ea::core {
namespace {

Header example() {
  Header header{};
  header.counters.views = 8;
  header.counters.unidentified_views = 1;
  header.counters.completions = 4;
  header.counters.saves = 2;
  header.counters.shares = 1;
  header.counters.clicks = 3;
  header.counters.skips = 2;
  header.counters.impressions = 50;
  header.counters.watch_time_ms = 90'500;
  header.unique_viewers = 5;
  return header;
}

double value(const char* name, const Header& header) { return metric_value(find_metric(name).value(), header); }

TEST(Metric, EveryNameByItsFormula) {
  const Header h = example();
  EXPECT_EQ(value("views", h), 8);
  EXPECT_EQ(value("unique_viewers", h), 5);
  EXPECT_EQ(value("unidentified_views", h), 1);
  EXPECT_EQ(value("completions", h), 4);
  EXPECT_EQ(value("saves", h), 2);
  EXPECT_EQ(value("shares", h), 1);
  EXPECT_EQ(value("clicks", h), 3);
  EXPECT_EQ(value("skips", h), 2);
  EXPECT_EQ(value("impressions", h), 50);
  EXPECT_EQ(value("total_engagements", h), 6);
  EXPECT_EQ(value("total_watch_time", h), 90.5);
  EXPECT_EQ(value("average_watch_time", h), 90.5 / 8);
  EXPECT_EQ(value("completion_rate", h), 50);
  EXPECT_EQ(value("engagement_rate", h), 75);
  EXPECT_EQ(value("save_rate", h), 25);
  EXPECT_EQ(value("share_rate", h), 12.5);
  EXPECT_EQ(value("click_rate", h), 37.5);
  EXPECT_EQ(value("skip_rate", h), 25);
  // (40*4 + 30*2 + 20*1 + 10*3 - 20*2) / 8
  EXPECT_EQ(value("engagement_score", h), 28.75);
}

TEST(Metric, WithoutViewsEverythingDividedIsZero) {
  Header h = example();
  h.counters.views = h.counters.unidentified_views = 0;
  h.unique_viewers = 0;
  for (const char* name : {"average_watch_time", "completion_rate", "engagement_rate", "save_rate", "share_rate",
                           "click_rate", "skip_rate", "engagement_score"})
    EXPECT_EQ(value(name, h), 0) << name;
}

TEST(Metric, NamesAreFoundAgain) {
  for (int i = 0; i < kMetrics; i++) {
    const Metric metric = static_cast<Metric>(i);
    EXPECT_EQ(find_metric(metric_name(metric)), metric) << metric_name(metric);
  }
  EXPECT_EQ(metric_name(Metric::views), "views");
  EXPECT_EQ(metric_name(Metric::skip_rate), "skip_rate");
  EXPECT_EQ(metric_name(Metric::engagement_score), "engagement_score");
}

TEST(Metric, RatesCountEventsAndOthersNone) {
  const Header h = example();
  EXPECT_EQ(rate_events(Metric::completion_rate, h), 4);
  EXPECT_EQ(rate_events(Metric::engagement_rate, h), 6);
  EXPECT_EQ(rate_events(Metric::save_rate, h), 2);
  EXPECT_EQ(rate_events(Metric::share_rate, h), 1);
  EXPECT_EQ(rate_events(Metric::click_rate, h), 3);
  EXPECT_EQ(rate_events(Metric::skip_rate, h), 2);
  EXPECT_EQ(rate_events(Metric::share_rate, Header{}), 0);
  int rates = 0;
  for (int i = 0; i < kMetrics; i++) {
    const Metric metric = static_cast<Metric>(i);
    const std::optional<int64_t> events = rate_events(metric, h);
    if (!events) continue;
    rates++;
    EXPECT_EQ(metric_value(metric, h), 100.0 * static_cast<double>(*events) / 8) << metric_name(metric);
  }
  EXPECT_EQ(rates, 6);
}

TEST(Metric, OfViewsAreMeansRatesAndTheScore) {
  for (int i = 0; i < kMetrics; i++) {
    const Metric metric = static_cast<Metric>(i);
    const std::string_view name = metric_name(metric);
    const bool wanted = name.ends_with("_rate") || name == "average_watch_time" || name == "engagement_score";
    EXPECT_EQ(is_of_views(metric), wanted) << name;
  }
}

TEST(Metric, ChangeInPercent) {
  EXPECT_EQ(change_percent(3, 2), 50);
  EXPECT_EQ(change_percent(1, 2), -50);
  EXPECT_EQ(change_percent(2, 2), 0);
  EXPECT_EQ(change_percent(0, 2), -100);
  EXPECT_TRUE(std::isnan(change_percent(5, 0)));
  EXPECT_TRUE(std::isnan(change_percent(0, 0)));
}

TEST(Metric, UnknownNames) {
  EXPECT_FALSE(find_metric(""));
  EXPECT_FALSE(find_metric("Views"));
  EXPECT_FALSE(find_metric("sessions"));
}

}  // namespace
}  // namespace ea::core
