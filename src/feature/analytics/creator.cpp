// creator_analytics, aggregated_metrics and the dashboards.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/period.hpp"
#include "ask/read_path.hpp"
#include "ask/sessions.hpp"
#include "core/value/metric.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "store/summary_header.hpp"

namespace {

using namespace ea;

// An id inside jsonb: a number as long as every client can hold it.
#define EA_JSON_ID(id) \
  "CASE WHEN " id " <= 9007199254740991 THEN to_jsonb(" id ") ELSE to_jsonb(" id "::text) END"

// The ten best contents of creator $1 in [$2, $3) as jsonb, best first.
#define EA_TOP_PERFORMING                                                                          \
  "(SELECT coalesce(jsonb_agg(jsonb_build_object("                                                 \
  "   'videoId', " EA_JSON_ID("t.video_id") ", 'contentId', " EA_JSON_ID("t.content_id")           \
  "   , 'title', t.title, 'views', t.views, 'completionRate', t.completion_rate,"                  \
  "   'engagementScore', t.score) ORDER BY t.score DESC, t.views DESC, t.content_id), '[]')"       \
  " FROM (SELECT v.id AS video_id, c.id AS content_id, c.title,"                                   \
  "         coalesce(s.views, 0) AS views, coalesce(s.completion_rate, 0) AS completion_rate,"      \
  "         coalesce(s.engagement_score, 0) AS score"                                              \
  "       FROM {s}.explore_content c"                                                              \
  "       LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id"                         \
  "       LEFT JOIN explore_analytics.content_counters("                                           \
  "         ARRAY(SELECT o.id FROM {s}.explore_content o WHERE o.creator_id = $1), $2, $3) s"      \
  "         ON s.content_id = c.id"                                                                \
  "       WHERE c.creator_id = $1 ORDER BY score DESC, views DESC, c.id LIMIT 10) t)"

pg::Statement creator_numbers(
    "/* explore_analytics: creator_analytics */ "
    "SELECT $1, (SELECT count(*) FROM {s}.explore_content c WHERE c.creator_id = $1),"
    "  {s}.views(n.summary), {s}.unique_viewers(n.summary), {s}.total_watch_time(n.summary),"
    "  {s}.completion_rate(n.summary), {s}.saves(n.summary), {s}.shares(n.summary), {s}.clicks(n.summary),"
    "  {s}.engagement_rate(n.summary), " EA_TOP_PERFORMING
    " FROM (SELECT {s}.creator_summary($1, $2, $3) AS summary OFFSET 0) n",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

#define EA_PERIOD_METRICS(m)                                                                        \
  "jsonb_build_object('period', " m ".period, 'totalViews', " m ".total_views,"                     \
  " 'totalUniqueViewers', " m ".total_unique_viewers, 'totalWatchTime', " m ".total_watch_time,"    \
  " 'averageSessionDuration', " m ".average_session_duration, 'totalSessions', " m ".total_sessions," \
  " 'averageCompletionRate', " m ".average_completion_rate,"                                        \
  " 'totalEngagements', " m ".total_engagements, 'engagementRate', " m ".engagement_rate)"

// $1 creator, $2 and $3 the period's range, $4 its name, $5 as_of, $6 the end of the period before.
pg::Statement dashboard(
    "/* explore_analytics: creator_dashboard */ "
    "SELECT jsonb_build_object("
    "  'overview', jsonb_build_object("
    "    'totalVideos', (SELECT count(*) FROM {s}.explore_content c WHERE c.creator_id = $1),"
    "    'totalViews', {s}.views(o.summary), 'totalWatchTime', {s}.total_watch_time(o.summary),"
    "    'averageCompletionRate', {s}.completion_rate(o.summary), 'engagementRate', {s}.engagement_rate(o.summary)),"
    "  'periodMetrics', " EA_PERIOD_METRICS("m") " || jsonb_build_object('previous',"
    "    CASE WHEN $6 IS NOT NULL THEN (SELECT " EA_PERIOD_METRICS("b")
    "      FROM {s}.aggregated_metrics($4, $1, $6) b) END),"
    "  'topPerformingVideos', " EA_TOP_PERFORMING ","
    "  'engagementBreakdown', jsonb_build_object('totalSaves', {s}.saves(p.summary), 'totalShares', {s}.shares(p.summary),"
    "    'totalClicks', {s}.clicks(p.summary), 'totalSkips', {s}.skips(p.summary), 'totalCompletions', {s}.completions(p.summary)))"
    " FROM (SELECT {s}.creator_summary($1, NULL::timestamptz, NULL::timestamptz) AS summary OFFSET 0) o,"
    "      (SELECT {s}.creator_summary($1, $2, $3) AS summary OFFSET 0) p,"
    "      {s}.aggregated_metrics($4, $1, $5) m",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

// The creator asked about: the argument, else who is asking.
int64 creator_or_me(const pg::Home& home, pg::Optional<int64> creator) {
  if (!creator.given) creator = access::current_identity();
  if (!creator.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "no creator given and no current creator"),
                            "Pass creator_id, or set explore_analytics.user_id."));
  access::authorize_creator(home, creator.value);
  return creator.value;
}

Datum show_dashboard(FunctionCallInfo fcinfo, pg::Optional<int64> asked, int period_argument) {
  const pg::Home home = access::installed_home(fcinfo);
  const rollup::Period period = rollup::period_argument(fcinfo, period_argument, "month");
  const pg::Range range = rollup::period_range(fcinfo, period_argument + 1, period);
  const int64 creator = creator_or_me(home, asked);
  pg::Query query(home);
  query.read(dashboard, pg::Parameters()
                            .id(creator)
                            .open_range(range)
                            .text(period.name)
                            .add(!PG_ARGISNULL(period_argument + 1), PG_GETARG_DATUM(period_argument + 1))
                            .add(period.microseconds != 0, TimestampTzGetDatum(range.from)));
  const Datum result = query.copy_out(query.value(0, 1));
  query.finish();
  return result;
}

}  // namespace

EA_FUNCTION(ea_creator_analytics) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  const int64 creator = creator_or_me(home, pg::optional_id(fcinfo, 0, "creator_id"));
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  rows.add_all(query, query.read(creator_numbers, pg::Parameters().id(creator).open_range(range)));
  query.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_aggregated_metrics) {
  const pg::Home home = access::installed_home(fcinfo);
  const rollup::Period period = rollup::period_argument(fcinfo, 0, nullptr);
  const pg::Optional<int64> creator = pg::optional_id(fcinfo, 1, "creator_id");
  const pg::Range range = rollup::period_range(fcinfo, 2, period);
  if (creator.given)
    access::authorize_creator(home, creator.value);
  else
    access::authorize_platform(home);
  pg::Rows rows(fcinfo);
  const rollup::Key key{creator.given ? rollup::ScopeKind::creator : rollup::ScopeKind::platform, creator.value};
  const core::Header header = rollup::header(home, key, range);
  const rollup::SessionMetrics sessions = rollup::session_metrics(home, creator, range);
  const core::Counters& c = header.counters;
  rows.text_value(period.name)
      .int64_value(c.views)
      .int64_value((int64)header.unique_viewers)
      .float8_value(core::seconds(c.watch_time_ms))
      .float8_value(sessions.average_seconds)
      .int64_value(sessions.sessions)
      .float8_value(core::rate(c.completions, c.views))
      .int64_value(c.total_engagements())
      .float8_value(core::rate(c.total_engagements(), c.views))
      .end_row();
  return (Datum)0;
}

EA_FUNCTION(ea_creator_dashboard) {
  return show_dashboard(fcinfo, pg::optional_id(fcinfo, 0, "creator_id"), 1);
}

EA_FUNCTION(ea_my_analytics_dashboard) { return show_dashboard(fcinfo, {}, 0); }
