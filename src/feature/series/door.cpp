// metric_series and top_videos: one metric, by time or by video.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/local_buckets.hpp"
#include "ask/ranking.hpp"
#include "ask/series.hpp"
#include "core/value/metric.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "store/summary_header.hpp"

namespace {

using namespace ea;

// By what contents score now: of some contents, or of all when $1 is NULL. Those without events are missing,
// which does not matter as long as n of them score above 0.
pg::Statement best_candidates(
    "/* explore_analytics: top_videos */ "
    "SELECT (row_number() OVER (ORDER BY n.engagement_score DESC, n.views DESC, n.content_id))::bigint AS rank,"
    "  v.id, n.content_id, c.title, n.engagement_score, n.views, n.completion_rate"
    " FROM explore_analytics.content_counters($1, NULL, NULL) n"
    " JOIN {s}.explore_content c ON c.id = n.content_id"
    " LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = n.content_id"
    " WHERE n.views >= $3 ORDER BY rank LIMIT $2",
    {INT8ARRAYOID, INT4OID, INT8OID});

pg::Statement best_videos(
    "/* explore_analytics: top_videos */ "
    "WITH number AS ("
    "  SELECT v.id AS video_id, c.id AS content_id, c.title, explore_analytics.metric_value($1, s.summary) AS value,"
    "         coalesce({s}.views(s.summary), 0) AS views, coalesce({s}.completion_rate(s.summary), 0) AS completion_rate"
    "  FROM {s}.explore_content c"
    "  LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id"
    "  LEFT JOIN explore_analytics.content_summaries("
    "    CASE WHEN $4 IS NOT NULL THEN ARRAY(SELECT o.id FROM {s}.explore_content o WHERE o.creator_id = $4) END, $2, $3) s"
    "    ON s.content_id = c.id"
    "  WHERE $4 IS NULL OR c.creator_id = $4) "
    "SELECT (row_number() OVER (ORDER BY value DESC, views DESC, content_id))::bigint AS rank,"
    "  video_id, content_id, title, value, views, completion_rate"
    " FROM number WHERE views >= $6 ORDER BY rank LIMIT $5",
    {TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT4OID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

constexpr const char* kMetricHint =
    "Known are views, unique_viewers, unidentified_views, completions, saves, shares, clicks, skips, impressions, "
    "total_engagements, total_watch_time, average_watch_time, completion_rate, engagement_rate, save_rate, share_rate, "
    "click_rate, skip_rate, engagement_score";

[[noreturn]] void unknown_metric(const char* name, const char* more) {
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "metric", name), "%s%s.",
                          kMetricHint, more));
}

}  // namespace

EA_FUNCTION(ea_metric_series) {
  const pg::Home home = access::installed_home(fcinfo);
  const char* metric = pg::text_argument(fcinfo, 0, "NULL");
  const bool sessions = strcmp(metric, "sessions") == 0, new_viewers = strcmp(metric, "new_viewers") == 0;
  const std::optional<core::Metric> of_summary = core::find_metric(metric);
  if (!sessions && !new_viewers && !of_summary) unknown_metric(metric, ", sessions, new_viewers");
  pg::Range range = pg::range_argument(fcinfo, 1);
  const char* bucket = pg::text_argument(fcinfo, 3, "day");
  const std::optional<core::LocalUnit> unit = core::find_local_unit(bucket);
  if (!unit)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "bucket", bucket),
                            "bucket is hour, day, week or month."));
  const char* zone = pg::text_argument(fcinfo, 4, "UTC");
  if (!pg::is_time_zone(zone))
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "time zone", zone),
                            "Use an IANA name such as Asia/Dubai; pg_timezone_names lists them."));
  const rollup::Scope scope{pg::optional_id(fcinfo, 5, "content_id"), pg::optional_id(fcinfo, 6, "creator_id")};
  if (scope.content.given && scope.creator.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "content_id and creator_id exclude each other"),
                            "Pass one of them, or neither for the platform."));
  if (scope.content.given)
    access::authorize_content(home, scope.content.value);
  else if (scope.creator.given)
    access::authorize_creator(home, scope.creator.value);
  else
    access::authorize_platform(home);

  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const rollup::Key key{scope.content.given ? rollup::ScopeKind::content
                        : scope.creator.given ? rollup::ScopeKind::creator
                                              : rollup::ScopeKind::platform,
                        scope.content.given ? scope.content.value : scope.creator.value};
  bool found_any = true;
  if (TIMESTAMP_IS_NOBEGIN(range.from) || TIMESTAMP_IS_NOEND(range.to))
    found_any = sessions ? rollup::close_range_by_sessions(query, scope, &range)
                         : rollup::close_range_by_events(home, key, &range);
  if (found_any && range.from < range.to) {
    pg::Array<Datum> bounds = rollup::local_buckets(zone, *unit, range);
    const rollup::Bounds buckets{bounds.begin(), (int)bounds.size(), range};
    double* values = static_cast<double*>(palloc0(sizeof(double) * buckets.count));
    if (of_summary)
      rollup::bucket_metrics(home, key, *of_summary, buckets, values);
    else if (sessions)
      rollup::bucket_sessions(query, scope, buckets, values);
    else
      rollup::bucket_new_viewers(home, key, buckets, values);
    for (int i = 0; i + 1 < buckets.count; i++) rows.add(bounds[i]).add(bounds[i + 1]).float8_value(values[i]).end_row();
  }
  query.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_top_videos) {
  const pg::Home home = access::installed_home(fcinfo);
  const char* metric = pg::text_argument(fcinfo, 0, "engagement_score");
  if (!core::find_metric(metric)) unknown_metric(metric, "");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  pg::Optional<int64> creator = pg::optional_id(fcinfo, 3, "creator_id");
  const pg::Optional<int64> me = access::restricted_to(home);
  if (me.given) {
    if (creator.given) access::authorize_creator(home, creator.value);
    creator = me;
  }
  const int32 n = PG_ARGISNULL(4) ? 10 : PG_GETARG_INT32(4);
  if (n <= 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "n must be positive, not %d", n),
                            "It is the number of rows wanted."));
  const int64 min_views = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT64(5);
  if (min_views < 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "min_views must not be negative, not %lld", (long long)min_views),
                            "0 lets videos without views take part."));
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  if (strcmp(metric, "engagement_score") == 0 && !creator.given && rollup::span_of(range).contains(core::Span{})) {
    rollup::AscendingIds candidates;
    const bool known = rollup::candidates_by_score(home, n, min_views, &candidates);
    const uint64 found = query.read(best_candidates, pg::Parameters().add(known, known ? rollup::id_array(candidates) : 0)
                                                         .add(Int32GetDatum(n)).id(min_views));
    if (found == (uint64)n && DatumGetFloat8(query.value(found - 1, 5)) > 0) {
      rows.add_all(query, found);
      query.finish();
      return (Datum)0;
    }
  }
  rows.add_all(query, query.read(best_videos, pg::Parameters()
                                                  .text(metric)
                                                  .open_range(range)
                                                  .id(creator)
                                                  .add(Int32GetDatum(n))
                                                  .id(min_views)));
  query.finish();
  return (Datum)0;
}
