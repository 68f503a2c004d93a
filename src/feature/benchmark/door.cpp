// benchmark_creator: a creator among others.
#include <algorithm>

#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/series_arguments.hpp"
#include "ask/whole_days.hpp"
#include "core/stat/quantiles.hpp"
#include "feature/benchmark/creators.hpp"
#include "feature/benchmark/disclosure.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;
using benchmark::Creator;
using benchmark::Creators;
using benchmark::Group;
using benchmark::PeerKind;

constexpr int kFewestDays = 7;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

PeerKind peers_argument(FunctionCallInfo fcinfo, int i) {
  constexpr const char* kNames[] = {"category", "platform", "area", "size"};    // in the order of PeerKind
  const char* name = pg::text_argument(fcinfo, i, kNames[0]);
  for (const char* const& known : kNames)
    if (strcmp(name, known) == 0) return (PeerKind)(&known - kNames);
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "peers", name), "peers is platform, category, area or size."));
}

int32 min_peers_argument(FunctionCallInfo fcinfo, int i, bool held) {
  const int32 fewest = PG_ARGISNULL(i) ? benchmark::kFewestPeers : PG_GETARG_INT32(i);
  const int32 least = held ? benchmark::kFewestPeers : 1;
  if (fewest < least)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "min_peers must be at least %d, not %d", least, fewest),
                            held ? "Fewer are for who sees every creator." : "Leave it out for 5."));
  return fewest;
}

// What a question with these peers looks at, and for readers what others could be subtracted from it.
void find_groups(pg::Query& query, Creators& creators, PeerKind kind, bool held) {
  if (held && kind != PeerKind::size) {
    creators.find_all_groups(query);
  } else if (kind == PeerKind::category || kind == PeerKind::area) {
    creators.find_group(query, kind == PeerKind::category ? Group::category : Group::area);
  }
}

struct Place {
  double percentile = kNan, rank = kNan, p25 = kNan, median = kNan, p75 = kNan, share = kNan;
};

// By the numbers that are to be compared, and those of quartiles, which it reorders.
Place place_among(double value, std::span<double> values, std::span<double> quartiles_of) {
  Place place;
  place.percentile = core::percentile(values, value);
  place.rank = 1.0 + (double)std::count_if(values.begin(), values.end(), [&](double other) { return other > value; });
  place.p25 = core::quantile(quartiles_of, 0.25);
  place.median = core::quantile(quartiles_of, 0.5);
  place.p75 = core::quantile(quartiles_of, 0.75);
  return place;
}

// Of what can be added up: viewers cannot, who are the viewers of several.
double share_percent(core::Metric metric, double own, std::span<const double> values) {
  const bool adds_up = metric == core::Metric::total_watch_time || (metric <= core::Metric::total_engagements && metric != core::Metric::unique_viewers);
  if (!adds_up) return kNan;
  double all = own;
  for (const double value : values) all += value;
  return all > 0 ? 100 * own / all : kNan;
}

Place place_of(const pg::Home& home, const Creators& creators, const pg::Array<Creator>& peers, core::Metric metric, PeerKind kind, const pg::Range& range, bool held) {
  pg::Array<double> exact, marks;
  for (const Creator& peer : peers) {
    exact.append(peer.value);
    marks.append(benchmark::mark_of(metric, peer.value));
  }
  const std::span<double> exact_values(exact.begin(), (size_t)exact.size()), mark_values(marks.begin(), (size_t)marks.size());
  const double own = creators.own().value;
  if (!held) {
    const double share = share_percent(metric, own, exact_values);
    Place place = place_among(own, exact_values, exact_values);
    place.share = share;
    return place;
  }
  const bool tells_one_apart = benchmark::tells_one_apart(home, creators, peers, metric, kind, range);
  const double share = share_percent(metric, own, mark_values);
  Place place = place_among(benchmark::mark_of(metric, own), mark_values, tells_one_apart ? mark_values : exact_values);
  place.share = share;
  for (double* quartile : {&place.p25, &place.median, &place.p75}) *quartile = benchmark::told(*quartile);
  return place;
}

}  // namespace

EA_FUNCTION(ea_benchmark_creator) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Optional<int64> asked = pg::optional_id(fcinfo, 0, "creator_id");
  const core::Metric metric = rollup::metric_argument(fcinfo, 1, "engagement_rate");
  const pg::Range range = pg::range_argument(fcinfo, 2);
  const PeerKind kind = peers_argument(fcinfo, 4);
  const int64 creator = access::creator_or_me(home, asked);
  const bool held = access::held_to(home).given;
  const int32 min_peers = min_peers_argument(fcinfo, 5, held);
  if (held) rollup::check_whole_days(range, kFewestDays);

  pg::Rows rows(fcinfo);
  pg::Query query(home);
  Creators creators(home, range, creator, metric);
  find_groups(query, creators, kind, held);
  const pg::Array<Creator> peers = benchmark::peers_of(creators, kind, held);
  Place place;
  if (creators.own().views >= benchmark::kFewestViews && peers.size() >= min_peers && !benchmark::one_has_most_views(peers, held))
    place = place_of(home, creators, peers, metric, kind, range, held);
  rows.text_value(core::metric_name(metric).data())
      .float8_value(creators.own().value)
      .float8_or_null(place.percentile)
      .add(!std::isnan(place.rank), Int64GetDatum(std::isnan(place.rank) ? 0 : (int64)place.rank))
      .float8_or_null(place.p25).float8_or_null(place.median).float8_or_null(place.p75)
      .float8_or_null(place.share)
      .int64_value(peers.size())
      .end_row();
  query.finish();
  return (Datum)0;
}
