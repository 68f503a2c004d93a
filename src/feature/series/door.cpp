// metric_series and top_videos: one metric, by time or by video.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/ranking.hpp"
#include "ask/series_arguments.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

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

}  // namespace

EA_FUNCTION(ea_metric_series) {
  const pg::Home home = access::installed_home(fcinfo);
  rollup::SeriesQuestion question;
  question.metric = rollup::series_metric_argument(fcinfo, 0);
  question.range = pg::range_argument(fcinfo, 1);
  question.unit = rollup::unit_argument(fcinfo, 3);
  question.zone = rollup::zone_argument(fcinfo, 4);
  question.scope = rollup::scope_argument(fcinfo, home, 5, 6);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const auto [buckets, values] = rollup::series(query, question);
  for (int i = 0; i < buckets.buckets(); i++) rows.add(buckets.bounds[i]).add(buckets.bounds[i + 1]).float8_value(values[i]).end_row();
  query.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_top_videos) {
  const pg::Home home = access::installed_home(fcinfo);
  const core::Metric metric = rollup::metric_argument(fcinfo, 0, "engagement_score");
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
  if (metric == core::Metric::engagement_score && !creator.given && rollup::span_of(range).contains(core::Span{})) {
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
                                                  .text(core::metric_name(metric).data())
                                                  .open_range(range)
                                                  .id(creator)
                                                  .add(Int32GetDatum(n))
                                                  .id(min_views)));
  query.finish();
  return (Datum)0;
}
