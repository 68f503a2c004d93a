// The named numbers one can ask of a summary: name, unit and formula in one place.
#pragma once

#include <limits>
#include <optional>
#include <string_view>

#include "core/value/score.hpp"
#include "core/value/summary.hpp"

namespace ea::core {

enum class Metric {
  views,
  unique_viewers,
  unidentified_views,
  completions,
  saves,
  shares,
  clicks,
  skips,
  impressions,
  total_engagements,
  total_watch_time,
  average_watch_time,
  completion_rate,
  engagement_rate,
  save_rate,
  share_rate,
  click_rate,
  skip_rate,
  engagement_score,
};

std::optional<Metric> find_metric(std::string_view name);

double metric_value(Metric metric, const Header& header);

// The names, in the order of Metric.
inline constexpr int kMetrics = static_cast<int>(Metric::engagement_score) + 1;
std::string_view metric_name(Metric metric);

// The exact count behind a metric that is one: everything up to total_engagements.
int64_t metric_count(Metric metric, const Header& header);

// The events that a rate counts: the metric is their percentage of the views. None for what is no rate.
std::optional<int64_t> rate_events(Metric metric, const Header& header);

// Whether a metric is a mean or a score over views, which says nothing where there are none.
bool is_of_views(Metric metric);

// In percent; NaN from 0, from which nothing is a part.
inline double change_percent(double value, double from) {
  return from == 0 ? std::numeric_limits<double>::quiet_NaN() : 100 * (value - from) / from;
}

inline double seconds(int64_t milliseconds) { return static_cast<double>(milliseconds) / 1000.0; }

// Seconds a view; 0 without views.
inline double average_watch_time(const Counters& c) {
  return c.views == 0 ? 0.0 : seconds(c.watch_time_ms) / static_cast<double>(c.views);
}

inline double engagement_score(const Counters& c) {
  return engagement_score(c.views, c.completions, c.saves, c.shares, c.clicks, c.skips);
}

}  // namespace ea::core
