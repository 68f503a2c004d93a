// What is asked of the units of an experiment: the name, and the whole numbers of a unit that are behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/value/metric.hpp"

namespace ea::core {

enum class UnitMetricKind {
  any,      // whether the unit did it, 0 or 1
  value,    // how often or how long
  ratio,    // what all units did over the views of all
};

struct UnitMetric {
  UnitMetricKind kind;
  Metric of;                // a count, a rate or a watch time
  double times, over;       // by which it is shown: percent, seconds
};

// any_view and its like; counts, watch time and rates by the names that they have everywhere. None for what is of viewers,
// of sessions, or a score.
std::optional<UnitMetric> find_unit_metric(std::string_view name);
inline constexpr const char* kUnitMetricNames =
    "any_view, any_save, any_share, any_click, any_completion, views, unidentified_views, completions, saves, shares, clicks, skips, "
    "impressions, total_engagements, total_watch_time, average_watch_time, completion_rate, engagement_rate, save_rate, share_rate, "
    "click_rate and skip_rate";

struct UnitValue {
  std::int64_t value, base;    // base: the views of a ratio, else 0
};
UnitValue unit_value(const UnitMetric& metric, const Counters& counters);

}  // namespace ea::core
