// compare_video: a video among its peers, or beside itself before.
#include <algorithm>

#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/many_contents.hpp"
#include "ask/period.hpp"
#include "ask/videos.hpp"
#include "ask/whole_days.hpp"
#include "core/stat/distributions.hpp"
#include "core/stat/quantiles.hpp"
#include "core/stat/tests.hpp"
#include "core/value/metric.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int64 kFewestPeers = 3;
constexpr int64 kFewestOfOthers = 5;    // for a caller who does not see their numbers

pg::Statement find_content(
    "/* explore_analytics: compare_video */ SELECT c.creator_id, c.category, c.area FROM {s}.explore_content c WHERE c.id = $1", {INT8OID});

// Of creator $2, category $3, area $4: NULL is any.
pg::Statement find_peers(
    "/* explore_analytics: compare_video */ "
    "SELECT c.id FROM {s}.explore_content c JOIN {s}.explore_discovery_videos v ON v.content_id = c.id"
    " WHERE c.id <> $1 AND ($2 IS NULL OR c.creator_id = $2) AND ($3 IS NULL OR c.category = $3) AND ($4 IS NULL OR c.area = $4)"
    " ORDER BY c.id",
    {INT8OID, INT8OID, TEXTOID, TEXTOID}, CURSOR_OPT_CUSTOM_PLAN);

enum class Baseline { creator, platform, category, area, previous };

Baseline baseline_argument(FunctionCallInfo fcinfo, int i) {
  constexpr const char* kNames[] = {"creator", "platform", "category", "area", "previous"};
  const char* name = pg::text_argument(fcinfo, i, kNames[0]);
  for (const char* const& known : kNames)
    if (strcmp(name, known) == 0) return (Baseline)(&known - kNames);
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "baseline", name),
                          "baseline is creator, platform, category, area or previous."));
}

struct Video {
  int64 content;
  pg::Optional<Datum> creator{}, category{}, area{};
};

Video read_video(pg::Query& query, int64 id) {
  Video video{rollup::content_of_video(query, id)};
  if (query.read(find_content, pg::Parameters().id(video.content)) == 0) return video;
  const auto value = [&](int column) { return pg::Optional<Datum>{!query.is_null(0, column), query.is_null(0, column) ? 0 : query.value(0, column)}; };
  const auto text = [&](int column) {
    const pg::Optional<Datum> found = value(column);
    return found.given ? pg::Optional<Datum>{true, datumCopy(found.value, false, -1)} : found;
  };
  video.creator = value(1);
  video.category = text(2);
  video.area = text(3);
  return video;
}

// Ascending; none where the video has nothing to be alike in.
rollup::AscendingIds peers_of(pg::Query& query, const Video& video, Baseline baseline) {
  rollup::AscendingIds peers;
  pg::Parameters parameters = pg::Parameters().id(video.content);
  const auto any_or = [&](Baseline wanted, const pg::Optional<Datum>& value) {
    if (baseline == wanted) parameters.add(value.given, value.value);
    else parameters.null();
    return baseline != wanted || value.given;
  };
  const bool known = any_or(Baseline::creator, video.creator) & any_or(Baseline::category, video.category) & any_or(Baseline::area, video.area);
  if (!known) return peers;
  const uint64 found = query.read(find_peers, parameters);
  for (uint64 i = 0; i < found; i++) peers.append(query.int64_at(i, 1));
  return peers;
}

// Own contents among the peers would move the median of others to whichever of their numbers one likes.
void leave_out_own(const pg::Home& home, int64 creator, rollup::AscendingIds* peers) {
  const rollup::AscendingIds own = rollup::contents_of_creator(home, GetActiveSnapshot(), creator);
  peers->shorten(std::remove_if(peers->begin(), peers->end(), [&](int64 id) { return std::binary_search(own.begin(), own.end(), id); }) - peers->begin());
}

// The values of peers that have views, metric by metric.
class PeerValues final : public rollup::ContentVisitor {
 public:
  PeerValues() {
    for (auto& values : values_) {
      values.append(0);    // begins to grow here
      values.clear();
    }
  }
  rollup::Sink& begin() override { return *new (&sink_) rollup::SummarySink(); }
  void end(int64) override {
    const core::Header header = sink_.header();
    if (header.counters.views == 0) return;
    for (int i = 0; i < core::kMetrics; i++) values_[i].append(core::metric_value((core::Metric)i, header));
  }

  int64 peers() const { return values_[0].size(); }
  std::span<double> values(int metric) { return {values_[metric].begin(), (size_t)values_[metric].size()}; }

 private:
  rollup::SummarySink sink_;
  pg::Array<double> values_[core::kMetrics];
};

struct Comparison {
  double mean = kNan, median = kNan, delta = kNan, percentile = kNan, z = kNan, p_value = kNan;
};

// A video without views has a place among none.
Comparison compare(double value, std::span<double> peers, bool has_views) {
  Comparison result;
  const core::Sample sample = core::sample_of(peers);
  result.mean = sample.mean;
  result.median = core::median(peers);
  result.delta = core::change_percent(value, sample.mean);
  if (!has_views) return result;
  result.percentile = core::percentile(peers, value);
  if (!(sample.variance > 0)) return result;
  result.z = (value - sample.mean) / std::sqrt(sample.variance);
  result.p_value = core::normal_two_sided(result.z);
  return result;
}

void add_row(pg::Rows& rows, int metric, double value, const Comparison& to, pg::Optional<int64> peers) {
  rows.text_value(core::metric_name((core::Metric)metric).data())
      .float8_value(value)
      .float8_or_null(to.mean).float8_or_null(to.median).float8_or_null(to.delta)
      .float8_or_null(to.percentile).float8_or_null(to.z).float8_or_null(to.p_value)
      .add(peers.given, Int64GetDatum(peers.value))
      .end_row();
}

}  // namespace

EA_FUNCTION(ea_compare_video) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 id = pg::required_id(fcinfo, 0, "video_id");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  const Baseline baseline = baseline_argument(fcinfo, 3);
  access::authorize_video(home, id);
  const bool among_own = baseline == Baseline::creator || baseline == Baseline::previous;
  const pg::Optional<int64> me = among_own ? pg::Optional<int64>{} : access::restricted_to(home);
  if (me.given) rollup::check_whole_days(range);
  const pg::Range before = baseline == Baseline::previous ? rollup::range_before(range) : pg::Range{};

  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const Video video = read_video(query, id);
  const rollup::Key key{rollup::ScopeKind::content, video.content};
  const core::Header header = rollup::header(home, key, range);
  if (baseline == Baseline::previous) {
    const core::Header earlier = rollup::header(home, key, before);
    for (int i = 0; i < core::kMetrics; i++) {
      const double value = core::metric_value((core::Metric)i, header);
      Comparison to;
      to.mean = core::metric_value((core::Metric)i, earlier);
      to.delta = core::change_percent(value, to.mean);
      add_row(rows, i, value, to, {});
    }
    query.finish();
    return (Datum)0;
  }

  rollup::AscendingIds ids = peers_of(query, video, baseline);
  if (me.given) leave_out_own(home, me.value, &ids);
  PeerValues peers;
  rollup::visit_contents(home, &ids, rollup::span_of(range), peers);
  const bool enough = peers.peers() >= (me.given ? kFewestOfOthers : kFewestPeers);
  for (int i = 0; i < core::kMetrics; i++) {
    const double value = core::metric_value((core::Metric)i, header);
    Comparison to;
    if (enough) to = compare(value, peers.values(i), header.counters.views > 0);
    if (me.given) to.mean = to.delta = to.z = to.p_value = kNan;
    // Of one other video alone its number would say on which days it was watched at all.
    add_row(rows, i, value, to, {enough || !me.given, peers.peers()});
  }
  query.finish();
  return (Datum)0;
}
