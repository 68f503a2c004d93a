// metric_series and top_videos: one metric, by time or by video.
#include "core/metric.hpp"
#include "pg/barrier.hpp"
#include "pg/identity.hpp"
#include "pg/rows.hpp"
#include "pg/summary_header.hpp"
#include "rollup/read_path.hpp"

namespace {

using namespace ea;

// First and last moment of a scope: of its events, or of its sessions. $1 content, $2 creator, $3 and $4 the range asked for.
#define EA_SCOPE                                                                     \
  "($1 IS NULL OR e.content_id IN (SELECT c.id FROM {s}.explore_content c WHERE c.id = $1))" \
  " AND ($2 IS NULL OR e.content_id IN (SELECT c.id FROM {s}.explore_content c WHERE c.creator_id = $2))"
#define EA_SESSIONS                                                                  \
  "{s}.explore_feed_sessions s WHERE s.session_start >= $3 AND s.session_start < $4" \
  " AND (($1 IS NULL AND $2 IS NULL) OR s.id IN ("                                   \
  "SELECT e.session_id FROM {s}.explore_engagements e WHERE " EA_SCOPE "))"

pg::Statement event_extent(
    "/* explore_analytics: metric_series */ SELECT min(e.created_at), max(e.created_at)"
    " FROM {s}.explore_engagements e WHERE e.created_at >= $3 AND e.created_at < $4 AND " EA_SCOPE,
    {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement session_extent(
    "/* explore_analytics: metric_series */ SELECT min(s.session_start), max(s.session_start) FROM " EA_SESSIONS,
    {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement bucket_bounds(
    "/* explore_analytics: metric_series */ SELECT explore_analytics.bucket_bounds($1, $2, $3)",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID}, CURSOR_OPT_CUSTOM_PLAN);

// Rows (bucket, number); bucket i begins at bound i of $5, from 1.
pg::Statement session_series(
    "/* explore_analytics: metric_series */ SELECT width_bucket(s.session_start, $5), count(*) FROM " EA_SESSIONS " GROUP BY 1",
    {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

// A viewer is new in the bucket of their first view ever in the scope.
pg::Statement new_viewer_series(
    "/* explore_analytics: metric_series */ SELECT width_bucket(f.first_view, $5), count(*)"
    " FROM (SELECT min(e.created_at) AS first_view FROM {s}.explore_engagements e"
    "       WHERE e.engagement_type = 'view' AND coalesce(e.user_id, -e.session_id) IS NOT NULL AND " EA_SCOPE
    "       GROUP BY coalesce(e.user_id, -e.session_id)) f"
    " WHERE f.first_view >= $3 AND f.first_view < $4 GROUP BY 1",
    {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

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
  const pg::Home home = pg::installed_home(fcinfo);
  const char* metric = pg::text_argument(fcinfo, 0, "NULL");
  const bool sessions = strcmp(metric, "sessions") == 0, new_viewers = strcmp(metric, "new_viewers") == 0;
  const std::optional<core::Metric> of_summary = core::find_metric(metric);
  if (!sessions && !new_viewers && !of_summary) unknown_metric(metric, ", sessions, new_viewers");
  pg::Range range = pg::range_argument(fcinfo, 1);
  const char* bucket = pg::text_argument(fcinfo, 3, "day");
  bool known = false;
  for (const char* name : {"hour", "day", "week", "month"}) known |= strcmp(bucket, name) == 0;
  if (!known)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "bucket", bucket),
                            "bucket is hour, day, week or month."));
  const char* zone = pg::text_argument(fcinfo, 4, "UTC");
  if (!pg::is_time_zone(zone))
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "time zone", zone),
                            "Use an IANA name such as Asia/Dubai; pg_timezone_names lists them."));
  const pg::Optional<int64> content = pg::optional_id(fcinfo, 5, "content_id");
  const pg::Optional<int64> creator = pg::optional_id(fcinfo, 6, "creator_id");
  if (content.given && creator.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "content_id and creator_id exclude each other"),
                            "Pass one of them, or neither for the platform."));
  if (content.given)
    pg::authorize_content(home, content.value);
  else if (creator.given)
    pg::authorize_creator(home, creator.value);
  else
    pg::authorize_platform(home);

  pg::Rows rows(fcinfo);
  pg::Query query(home);
  query.set_time_zone(zone);
  const auto scope = [&] { return pg::Parameters().id(content).id(creator).range(range); };
  if (TIMESTAMP_IS_NOBEGIN(range.from) || TIMESTAMP_IS_NOEND(range.to)) {
    query.read(sessions ? session_extent : event_extent, scope());
    if (query.is_null(0, 1)) {
      query.finish();
      return (Datum)0;
    }
    if (TIMESTAMP_IS_NOBEGIN(range.from)) range.from = DatumGetTimestampTz(query.value(0, 1));
    if (TIMESTAMP_IS_NOEND(range.to)) range.to = DatumGetTimestampTz(query.value(0, 2)) + 1;
  }
  if (range.from < range.to) {
    query.read(bucket_bounds, pg::Parameters().range(range).text(bucket));
    const Datum bounds = query.copy_out(query.value(0, 1));
    Datum* bound;
    int bound_count;
    deconstruct_array(DatumGetArrayTypeP(bounds), TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
                      &bound, nullptr, &bound_count);
    double* values = static_cast<double*>(palloc0(sizeof(double) * bound_count));
    const uint64 found = of_summary ? rollup::bucket_summaries(query, bounds, range, content, creator)
                                    : query.read(sessions ? session_series : new_viewer_series, scope().add(bounds));
    for (uint64 i = 0; i < found; i++)
      values[DatumGetInt32(query.value(i, 1)) - 1] =
          of_summary ? core::metric_value(*of_summary, pg::header_of(query.value(i, 2))) : (double)query.int64_at(i, 2);
    for (int i = 0; i + 1 < bound_count; i++) rows.add(bound[i]).add(bound[i + 1]).float8_value(values[i]).end_row();
  }
  query.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_top_videos) {
  const pg::Home home = pg::installed_home(fcinfo);
  const char* metric = pg::text_argument(fcinfo, 0, "engagement_score");
  if (!core::find_metric(metric)) unknown_metric(metric, "");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  pg::Optional<int64> creator = pg::optional_id(fcinfo, 3, "creator_id");
  const pg::Optional<int64> me = pg::restricted_to(home);
  if (me.given) {
    if (creator.given) pg::authorize_creator(home, creator.value);
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
  rows.add_all(query, query.read(best_videos, pg::Parameters()
                                                  .text(metric)
                                                  .open_range(range)
                                                  .id(creator)
                                                  .add(Int32GetDatum(n))
                                                  .id(min_views)));
  query.finish();
  return (Datum)0;
}
