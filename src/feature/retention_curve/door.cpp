// retention_curve: how far views of a video got.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "access/raw_tables.hpp"
#include "ask/videos.hpp"
#include "core/curve/watch_curve.hpp"
#include "pg/barrier.hpp"
#include "pg/index_scan.hpp"
#include "pg/rows.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/scope.hpp"
#include "store/span.hpp"
#include "store/stored_events.hpp"
#include "store/tail.hpp"

namespace {

using namespace ea;

constexpr int kMostBins = 10000;
// Above so many rows that nobody has refreshed, the planner does better than we do.
constexpr int64 kLongTail = 20000;

pg::Statement long_tail(
    "/* explore_analytics: retention_curve */ SELECT e.watch_time_ms FROM {s}.explore_engagements e"
    " WHERE e.content_id = $1 AND " EA_IN_RANGE("$2", "$3") " AND e.epoch > $4 AND e.engagement_type = 'view'",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

struct Video {
  int64 content;
  int32 duration_ms;
};

int32 duration_of(const pg::Home& home, int64 id) {
  namespace durations = access::durations;
  bool unknown = true;
  int32 duration_ms = 0;
  pg::IndexScan scan;
  scan.open_by(access::durations_table(home), durations::id, GetActiveSnapshot());
  scan.equal(scan.key(durations::id), id).start();
  if (scan.next()) duration_ms = DatumGetInt32(scan.value(durations::duration_ms, &unknown));
  scan.close();
  if (unknown)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "the duration of video %lld is unknown", (long long)id),
                            "Set duration_ms of its row in explore_discovery_videos."));
  if (duration_ms <= 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "the duration of video %lld is %d ms", (long long)id, duration_ms),
                            "Set duration_ms of its row in explore_discovery_videos, and put the constraint back that keeps it positive."));
  return duration_ms;
}

Video read_video(const pg::Home& home, pg::Query& query, int64 id) {
  const int64 content = rollup::content_of_video(query, id);
  return {content, duration_of(home, id)};
}

// Each view of the content in the range: from the logs of the rollups, which retention leaves alone, and what has come since.
// Views that are a microsecond apart may lie in several logs, and no watch time is in a sum of theirs.
void add_views(const pg::Home& home, pg::Query& query, int64 content, const pg::Range& range, core::WatchCurve& curve) {
  const Snapshot snapshot = GetActiveSnapshot();
  const int64 low = rollup::watermark(snapshot);
  const auto add = [&](const core::TimedEvent& e) {
    if (e.event.type == core::Engagement::view) curve.add((uint64)e.event.watch_time_ms);
  };
  rollup::TailFilter filter;
  filter.contents = &content;
  filter.count = 1;
  filter.range = rollup::span_of(range);
  const rollup::Tail tail = rollup::read_tail(home, snapshot, low, filter, kLongTail);
  if (tail.complete) {
    for (int64 i = 0; i < tail.count; i++) add(tail.events[i].event);
  } else {
    query.each_row(long_tail, pg::Parameters().id(content).range(range).id(low), [&](TupleTableSlot* row) {
      slot_getallattrs(row);
      curve.add((uint64)DatumGetInt32(row->tts_values[0]));
    });
  }
  rollup::StoredEvents stored(snapshot);
  stored.for_each({rollup::ScopeKind::content, content}, rollup::span_of(range), add);
  stored.close();
}

}  // namespace

EA_FUNCTION(ea_retention_curve) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 id = pg::required_id(fcinfo, 0, "video_id");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  const int32 bins = PG_ARGISNULL(3) ? 100 : PG_GETARG_INT32(3);
  if (bins < 1 || bins > kMostBins)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "bins must be from 1 to %d, not %d", kMostBins, bins),
                            "It is the number of rows wanted, each for an equal part of the video."));
  access::authorize_video(home, id);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const Video video = read_video(home, query, id);
  core::WatchCurve curve(video.duration_ms, {static_cast<core::WatchCurve::Bin*>(palloc0(sizeof(core::WatchCurve::Bin) * bins)), (size_t)bins});
  if (range.from < range.to && rollup::content_exists(home, GetActiveSnapshot(), video.content)) add_views(home, query, video.content, range, curve);
  const auto seconds = [&](int64 bin) { return (double)(bin * video.duration_ms) / (1000.0 * bins); };
  curve.for_each([&](int64 bin, double ratio) {
    rows.add(Int32GetDatum(bin + 1))
        .float8_value(seconds(bin))
        .float8_value(seconds(bin + 1))
        .float8_value((double)(bin + 1) / bins)
        .float8_value(ratio)
        .end_row();
  });
  query.finish();
  return (Datum)0;
}
