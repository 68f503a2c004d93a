#include "core/value/metric.hpp"

namespace ea::core {

namespace {

using Count = int64_t (*)(const Header&);

// One of the three says what the metric is.
struct Entry {
  std::string_view name;
  Count count;
  Count of_views;                    // events whose percentage of the views it is
  double (*value)(const Header&);
};

// In the order of Metric.
constexpr Entry kEntries[] = {
    {"views", [](const Header& h) { return h.counters.views; }, nullptr, nullptr},
    {"unique_viewers", [](const Header& h) { return static_cast<int64_t>(h.unique_viewers); }, nullptr, nullptr},
    {"unidentified_views", [](const Header& h) { return h.counters.unidentified_views; }, nullptr, nullptr},
    {"completions", [](const Header& h) { return h.counters.completions; }, nullptr, nullptr},
    {"saves", [](const Header& h) { return h.counters.saves; }, nullptr, nullptr},
    {"shares", [](const Header& h) { return h.counters.shares; }, nullptr, nullptr},
    {"clicks", [](const Header& h) { return h.counters.clicks; }, nullptr, nullptr},
    {"skips", [](const Header& h) { return h.counters.skips; }, nullptr, nullptr},
    {"impressions", [](const Header& h) { return h.counters.impressions; }, nullptr, nullptr},
    {"total_engagements", [](const Header& h) { return h.counters.total_engagements(); }, nullptr, nullptr},
    {"total_watch_time", nullptr, nullptr, [](const Header& h) { return seconds(h.counters.watch_time_ms); }},
    {"average_watch_time", nullptr, nullptr, [](const Header& h) { return average_watch_time(h.counters); }},
    {"completion_rate", nullptr, [](const Header& h) { return h.counters.completions; }, nullptr},
    {"engagement_rate", nullptr, [](const Header& h) { return h.counters.total_engagements(); }, nullptr},
    {"save_rate", nullptr, [](const Header& h) { return h.counters.saves; }, nullptr},
    {"share_rate", nullptr, [](const Header& h) { return h.counters.shares; }, nullptr},
    {"click_rate", nullptr, [](const Header& h) { return h.counters.clicks; }, nullptr},
    {"skip_rate", nullptr, [](const Header& h) { return h.counters.skips; }, nullptr},
    {"engagement_score", nullptr, nullptr, [](const Header& h) { return engagement_score(h.counters); }},
};
static_assert(std::size(kEntries) == kMetrics);

const Entry& entry(Metric metric) { return kEntries[static_cast<size_t>(metric)]; }

}  // namespace

std::optional<Metric> find_metric(std::string_view name) {
  for (size_t i = 0; i < std::size(kEntries); i++)
    if (kEntries[i].name == name) return static_cast<Metric>(i);
  return std::nullopt;
}

std::string_view metric_name(Metric metric) { return entry(metric).name; }

int64_t metric_count(Metric metric, const Header& header) { return entry(metric).count(header); }

std::optional<int64_t> rate_events(Metric metric, const Header& header) {
  if (!entry(metric).of_views) return std::nullopt;
  return entry(metric).of_views(header);
}

bool is_of_views(Metric metric) { return entry(metric).of_views || metric == Metric::average_watch_time || metric == Metric::engagement_score; }

double metric_value(Metric metric, const Header& header) {
  const Entry& found = entry(metric);
  if (found.of_views) return rate(found.of_views(header), header.counters.views);
  return found.count ? static_cast<double>(found.count(header)) : found.value(header);
}

}  // namespace ea::core
