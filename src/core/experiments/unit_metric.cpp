#include "core/experiments/unit_metric.hpp"

namespace ea::core {

namespace {

struct Any {
  std::string_view name;
  Metric of;
};
constexpr Any kAny[] = {{"any_view", Metric::views}, {"any_save", Metric::saves}, {"any_share", Metric::shares},
                        {"any_click", Metric::clicks}, {"any_completion", Metric::completions}};

}  // namespace

std::optional<UnitMetric> find_unit_metric(std::string_view name) {
  for (const Any& any : kAny)
    if (any.name == name) return UnitMetric{UnitMetricKind::any, any.of, 100, 1};
  const std::optional<Metric> metric = find_metric(name);
  if (!metric) return std::nullopt;
  switch (*metric) {
    case Metric::unique_viewers:
    case Metric::engagement_score: return std::nullopt;
    case Metric::total_watch_time: return UnitMetric{UnitMetricKind::value, *metric, 1, 1000};
    case Metric::average_watch_time: return UnitMetric{UnitMetricKind::ratio, *metric, 1, 1000};
    default: break;
  }
  if (rate_events(*metric, Header{})) return UnitMetric{UnitMetricKind::ratio, *metric, 100, 1};
  return UnitMetric{UnitMetricKind::value, *metric, 1, 1};
}

UnitValue unit_value(const UnitMetric& metric, const Counters& counters) {
  const Header header{counters, 0};
  switch (metric.kind) {
    case UnitMetricKind::any: return {metric_count(metric.of, header) > 0, 0};
    case UnitMetricKind::value: return {metric.of == Metric::total_watch_time ? counters.watch_time_ms : metric_count(metric.of, header), 0};
    case UnitMetricKind::ratio: break;
  }
  return {metric.of == Metric::average_watch_time ? counters.watch_time_ms : *rate_events(metric.of, header), counters.views};
}

}  // namespace ea::core
