#include "feature/benchmark/disclosure.hpp"

#include <algorithm>

#include "ask/daily.hpp"
#include "core/stat/rounding.hpp"

namespace ea::benchmark {

namespace {

// What marks are at least apart: so that a count is never alone between two of them, nor nothing to be told from little.
constexpr double kBetweenCounts = 5, kBetweenOthers = 0.1;
constexpr int kDigits = 3;

bool has_size_of(double other, double own) { return 2 * other >= own && other <= 2 * own; }

// Whether some event of these numbers moves the metric.
bool moves(core::Metric metric, const core::Header& day) {
  const core::Counters& c = day.counters;
  switch (metric) {
    case core::Metric::unique_viewers: return c.views > c.unidentified_views;
    case core::Metric::average_watch_time: return c.views > 0 || c.watch_time_ms > 0;
    case core::Metric::engagement_score: return c.views > 0 || c.completions > 0 || c.total_engagements() > 0 || c.skips > 0;
    default: return core::rate_events(metric, day).value_or(0) > 0 || (core::is_of_views(metric) && c.views > 0) || core::metric_value(metric, day) > 0;
  }
}

// Two ranges of which one ends where the other goes on for a day differ by who did something on that day.
bool one_has_a_day_alone(const pg::Home& home, const pg::Array<Creator>& peers, core::Metric metric, const pg::Range& range) {
  rollup::AscendingIds ids;
  for (const Creator& peer : peers) ids.append(peer.id);
  pg::Array<int64> days;
  days.reserve(64);
  rollup::DailyPass* pass = rollup::begin_days(home, rollup::ScopeKind::creator, {rollup::span_of(range), &ids, false});
  for (rollup::DayOfKey row; pass->next(&row);)
    if (moves(metric, row.numbers)) days.append(row.day);
  pass->close();
  std::sort(days.begin(), days.end());
  for (int64 i = 0; i < days.size(); i++)
    if ((i == 0 || days[i - 1] != days[i]) && (i + 1 == days.size() || days[i + 1] != days[i])) return true;
  return false;
}

// The one creator whom all groups leave out that are told of, as they are by whoever belongs to them; 0 where they leave out
// none or several.
int64 left_out_by(const pg::Array<Creator>& others, int64 Creator::*group) {
  pg::Array<int64> groups;
  for (const Creator& creator : others)
    if (creator.*group != 0) groups.append(creator.*group);
  std::sort(groups.begin(), groups.end());
  int64 left_out = 0, who = 0;
  for (const Creator& creator : others) {
    const auto alike = std::equal_range(groups.begin(), groups.end(), creator.*group);
    if (alike.second - alike.first >= kFewestPeers) continue;
    left_out++;
    who = creator.id;
  }
  return left_out == 1 ? who : 0;
}

// The one by whom one's category and area differ.
int64 between_groups(const Creators& creators) {
  const Creator& own = creators.own();
  int64 between = 0, who = 0;
  for (const Creator& other : creators.others()) {
    if ((own.category != 0 && other.category == own.category) == (own.area != 0 && other.area == own.area)) continue;
    between++;
    who = other.id;
  }
  return between == 1 ? who : 0;
}

// Views as they decide who is compared, and whether.
double deciding_views(const Creator& creator, bool held) { return held ? mark_of(core::Metric::views, (double)creator.views) : (double)creator.views; }

}  // namespace

pg::Array<Creator> peers_of(const Creators& creators, PeerKind kind, bool held) {
  const Creator& own = creators.own();
  pg::Array<Creator> peers;
  for (const Creator& other : creators.others()) {
    const bool is_peer = kind == PeerKind::platform || (kind == PeerKind::category && own.category != 0 && other.category == own.category) ||
                         (kind == PeerKind::area && own.area != 0 && other.area == own.area) ||
                         (kind == PeerKind::size && has_size_of(deciding_views(other, held), deciding_views(own, held)));
    if (is_peer) peers.append(other);
  }
  return peers;
}

bool one_has_most_views(const pg::Array<Creator>& peers, bool held) {
  double most = 0, all = 0;
  for (const Creator& peer : peers) {
    most = Max(most, deciding_views(peer, held));
    all += deciding_views(peer, held);
  }
  return most > all - most;
}

double mark_of(core::Metric metric, double value) {
  return core::to_mark(value, metric <= core::Metric::total_engagements ? kBetweenCounts : kBetweenOthers);
}

double told(double quartile) { return core::to_digits(quartile, kDigits); }

bool tells_one_apart(const pg::Home& home, const Creators& creators, const pg::Array<Creator>& peers, core::Metric metric, PeerKind kind,
                     const pg::Range& range) {
  if (kind == PeerKind::size) return true;    // one's own views move its bounds
  for (const int64 who : {left_out_by(creators.others(), &Creator::category), left_out_by(creators.others(), &Creator::area), between_groups(creators)})
    if (std::any_of(peers.begin(), peers.end(), [&](const Creator& peer) { return peer.id == who; })) return true;
  return one_has_a_day_alone(home, peers, metric, range);
}

}  // namespace ea::benchmark
