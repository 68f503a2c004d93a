// The named numbers of a summary.
#include "core/value/metric.hpp"

#include <gtest/gtest.h>

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

TEST(Metric, UnknownNames) {
  EXPECT_FALSE(find_metric(""));
  EXPECT_FALSE(find_metric("Views"));
  EXPECT_FALSE(find_metric("sessions"));
}

}  // namespace
}  // namespace ea::core
