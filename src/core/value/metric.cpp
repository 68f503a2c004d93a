#include "core/value/metric.hpp"

namespace ea::core {

namespace {

struct Entry {
  std::string_view name;
  int64_t (*count)(const Header&);   // null: the metric is not a count
  double (*value)(const Header&);    // null: the count itself
};

// In the order of Metric.
constexpr Entry kMetrics[] = {
    {"views", [](const Header& h) { return h.counters.views; }, nullptr},
    {"unique_viewers", [](const Header& h) { return static_cast<int64_t>(h.unique_viewers); }, nullptr},
    {"unidentified_views", [](const Header& h) { return h.counters.unidentified_views; }, nullptr},
    {"completions", [](const Header& h) { return h.counters.completions; }, nullptr},
    {"saves", [](const Header& h) { return h.counters.saves; }, nullptr},
    {"shares", [](const Header& h) { return h.counters.shares; }, nullptr},
    {"clicks", [](const Header& h) { return h.counters.clicks; }, nullptr},
    {"skips", [](const Header& h) { return h.counters.skips; }, nullptr},
    {"impressions", [](const Header& h) { return h.counters.impressions; }, nullptr},
    {"total_engagements", [](const Header& h) { return h.counters.total_engagements(); }, nullptr},
    {"total_watch_time", nullptr, [](const Header& h) { return seconds(h.counters.watch_time_ms); }},
    {"average_watch_time", nullptr, [](const Header& h) { return average_watch_time(h.counters); }},
    {"completion_rate", nullptr,
     [](const Header& h) { return rate(h.counters.completions, h.counters.views); }},
    {"engagement_rate", nullptr,
     [](const Header& h) { return rate(h.counters.total_engagements(), h.counters.views); }},
    {"save_rate", nullptr, [](const Header& h) { return rate(h.counters.saves, h.counters.views); }},
    {"share_rate", nullptr, [](const Header& h) { return rate(h.counters.shares, h.counters.views); }},
    {"click_rate", nullptr, [](const Header& h) { return rate(h.counters.clicks, h.counters.views); }},
    {"skip_rate", nullptr, [](const Header& h) { return rate(h.counters.skips, h.counters.views); }},
    {"engagement_score", nullptr, [](const Header& h) { return engagement_score(h.counters); }},
};

const Entry& entry(Metric metric) { return kMetrics[static_cast<size_t>(metric)]; }

}  // namespace

std::optional<Metric> find_metric(std::string_view name) {
  for (size_t i = 0; i < std::size(kMetrics); i++)
    if (kMetrics[i].name == name) return static_cast<Metric>(i);
  return std::nullopt;
}

int64_t metric_count(Metric metric, const Header& header) { return entry(metric).count(header); }

double metric_value(Metric metric, const Header& header) {
  const Entry& found = entry(metric);
  return found.count ? static_cast<double>(found.count(header)) : found.value(header);
}

}  // namespace ea::core
