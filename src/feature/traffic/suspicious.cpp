// suspicious_viewers: whose events look as if nobody had sat there. It proposes, and takes nothing away.
#include <algorithm>
#include <tuple>

#include "access/home.hpp"
#include "ask/viewer_walk.hpp"
#include "core/traffic/suspicion.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr int32 kViewsPerMinute = 30, kSameContentPerDay = 50;

struct Suspect {
  int64 viewer;
  core::ViewerTraffic traffic;
};

int32 limit_argument(FunctionCallInfo fcinfo, int i, int32 otherwise, const char* name) {
  const int32 limit = PG_ARGISNULL(i) ? otherwise : PG_GETARG_INT32(i);
  if (limit < 1)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must be at least 1, not %d", name, limit), "Leave it out for %d.", otherwise));
  return limit;
}

core::ViewerTraffic traffic_of(std::span<rollup::WalkEvent> events, const core::TrafficLimits& limits, core::Pulse& pulse) {
  core::ViewerTraffic traffic(limits);
  for (const rollup::WalkEvent& event : events) {
    pulse();
    traffic.add(event.at, event.type, event.watch_time_ms);
  }
  core::sort(events, pulse, [](const rollup::WalkEvent& a, const rollup::WalkEvent& b) { return std::tie(a.content, a.at) < std::tie(b.content, b.at); });
  for (const rollup::WalkEvent& event : events) {
    pulse();
    traffic.add_again(event.content, event.at, event.type);
  }
  return traffic;
}

Datum reasons_of(const core::ViewerTraffic& traffic) {
  Datum reasons[core::kSuspicions];
  int count = 0;
  for (int reason = 0; reason < core::kSuspicions; reason++)
    if (traffic.has((core::Suspicion)reason)) reasons[count++] = CStringGetTextDatum(core::kSuspicionNames[reason]);
  return PointerGetDatum(construct_array(reasons, count, TEXTOID, -1, false, TYPALIGN_INT));
}

}  // namespace

EA_FUNCTION(ea_suspicious_viewers) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  const pg::Optional<int64> creator = pg::optional_id(fcinfo, 2, "creator_id");
  const core::TrafficLimits limits{limit_argument(fcinfo, 3, kViewsPerMinute, "max_views_per_minute"),
                                   limit_argument(fcinfo, 4, kSameContentPerDay, "max_same_content_per_day")};
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  rollup::AscendingIds contents;
  if (creator.given) contents = rollup::contents_of_creator(home, GetActiveSnapshot(), creator.value);
  rollup::WalkFilter filter;
  filter.range = range;
  if (creator.given) filter.contents = &contents;
  pg::Array<Suspect> suspects;
  core::Pulse pulse(pg::poll);
  rollup::ViewerWalk(query, filter).for_each([&](int64 viewer, std::span<rollup::WalkEvent> events) {
    const core::ViewerTraffic traffic = traffic_of(events, limits, pulse);
    if (traffic.is_suspicious()) suspects.append({viewer, traffic});
  });
  std::sort(suspects.begin(), suspects.end(), [](const Suspect& a, const Suspect& b) {
    return std::make_tuple(-a.traffic.events(), a.viewer) < std::make_tuple(-b.traffic.events(), b.viewer);
  });
  for (const Suspect& suspect : suspects)
    rows.int64_value(suspect.viewer)
        .add(suspect.viewer > 0, Int64GetDatum(suspect.viewer))
        .add(suspect.viewer < 0, Int64GetDatum(-suspect.viewer))
        .add(reasons_of(suspect.traffic))
        .int64_value(suspect.traffic.events())
        .int64_value(suspect.traffic.views())
        .int64_value(suspect.traffic.peak_per_minute())
        .int64_value(suspect.traffic.contents())
        .end_row();
  query.finish();
  return (Datum)0;
}
