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

// Counts and rates of a period as arrays, in the order of PeriodNumbers.
#define EA_PERIOD_METRICS(counts, rates)                                                            \
  "jsonb_build_object('period', $4, 'totalViews', " counts "[1],"                                  \
  " 'totalUniqueViewers', " counts "[2], 'totalWatchTime', " rates "[1],"                           \
  " 'averageSessionDuration', " rates "[2], 'totalSessions', " counts "[3],"                        \
  " 'averageCompletionRate', " rates "[3],"                                                        \
  " 'totalEngagements', " counts "[4], 'engagementRate', " rates "[4])"

// $1 creator, $2 and $3 the period's range, $4 its name; then numbers: $5 and $6 of all time, $7 and $8 of the period, $9 and
// $10 of the one before, NULL where there is none.
pg::Statement dashboard(
    "/* explore_analytics: creator_dashboard */ "
    "SELECT jsonb_build_object("
    "  'overview', jsonb_build_object("
    "    'totalVideos', (SELECT count(*) FROM {s}.explore_content c WHERE c.creator_id = $1),"
    "    'totalViews', $5[1], 'totalWatchTime', $6[1],"
    "    'averageCompletionRate', $6[3], 'engagementRate', $6[4]),"
    "  'periodMetrics', " EA_PERIOD_METRICS("$7", "$8") " || jsonb_build_object('previous',"
    "    CASE WHEN $9 IS NOT NULL THEN " EA_PERIOD_METRICS("$9", "$10") " END),"
    "  'topPerformingVideos', " EA_TOP_PERFORMING ","
    "  'engagementBreakdown', jsonb_build_object('totalSaves', $7[5], 'totalShares', $7[6],"
    "    'totalClicks', $7[7], 'totalSkips', $7[8], 'totalCompletions', $7[9]))",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, INT8ARRAYOID, FLOAT8ARRAYOID, INT8ARRAYOID, FLOAT8ARRAYOID, INT8ARRAYOID, FLOAT8ARRAYOID},
    CURSOR_OPT_CUSTOM_PLAN);

struct PeriodNumbers {
  core::Header events;
  rollup::SessionMetrics sessions;

  Datum counts() const {
    const core::Counters& c = events.counters;
    Datum values[] = {Int64GetDatum(c.views), Int64GetDatum((int64)events.unique_viewers), Int64GetDatum(sessions.sessions),
                      Int64GetDatum(c.total_engagements()), Int64GetDatum(c.saves), Int64GetDatum(c.shares), Int64GetDatum(c.clicks),
                      Int64GetDatum(c.skips), Int64GetDatum(c.completions)};
    return PointerGetDatum(construct_array(values, lengthof(values), INT8OID, sizeof(int64), true, TYPALIGN_DOUBLE));
  }
  Datum rates() const {
    const core::Counters& c = events.counters;
    Datum values[] = {Float8GetDatum(core::seconds(c.watch_time_ms)), Float8GetDatum(sessions.average_seconds),
                      Float8GetDatum(core::rate(c.completions, c.views)), Float8GetDatum(core::rate(c.total_engagements(), c.views))};
    return PointerGetDatum(construct_array(values, lengthof(values), FLOAT8OID, sizeof(float8), true, TYPALIGN_DOUBLE));
  }
};

Datum show_dashboard(FunctionCallInfo fcinfo, pg::Optional<int64> asked, int period_argument) {
  const pg::Home home = access::installed_home(fcinfo);
  const rollup::Period period = rollup::period_argument(fcinfo, period_argument, "month");
  const pg::Range range = rollup::period_range(fcinfo, period_argument + 1, period);
  const int64 creator = access::creator_or_me(home, asked);
  // One question for all: the tail, the deltas and what is noted of sessions are looked at once.
  const bool has_before = period.microseconds != 0;
  const pg::Range before = has_before ? rollup::period_before(period, range.from) : pg::Range{};
  PeriodNumbers all{}, now{}, earlier{};
  rollup::CounterSink all_events;
  rollup::SummarySink now_events, earlier_events;
  rollup::Question question(home, {rollup::ScopeKind::creator, creator}, {}, has_before ? 3 : 2);
  question.add_to(all_events, {});
  question.add_to(now_events, rollup::span_of(range));
  if (has_before) question.add_to(earlier_events, rollup::span_of(before));
  question.close();
  all.events.counters = all_events.counters();
  now.events = now_events.header();
  earlier.events = earlier_events.header();
  const pg::Range ranges[] = {range, before};
  rollup::SessionMetrics sessions[lengthof(ranges)] = {};
  rollup::session_metrics(home, {true, creator}, {ranges, has_before ? 2u : 1u}, sessions);
  now.sessions = sessions[0];
  earlier.sessions = sessions[1];
  pg::Query query(home);
  query.read(dashboard, pg::Parameters()
                            .id(creator)
                            .open_range(range)
                            .text(period.name)
                            .add(all.counts()).add(all.rates())
                            .add(now.counts()).add(now.rates())
                            .add(has_before, earlier.counts()).add(has_before, earlier.rates()));
  const Datum result = query.copy_out(query.value(0, 1));
  query.finish();
  return result;
}

}  // namespace

EA_FUNCTION(ea_creator_analytics) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  const int64 creator = access::creator_or_me(home, pg::optional_id(fcinfo, 0, "creator_id"));
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
  rollup::SessionMetrics sessions;
  rollup::session_metrics(home, creator, {&range, 1}, &sessions);
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
