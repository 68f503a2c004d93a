// exclude_traffic and restore_traffic: viewers who do not count. Both leave an entry in the audit log.
#include "access/home.hpp"
#include "keep/exclude.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"

namespace {

using namespace ea;

constexpr int kLongestReason = 1000;

pg::Statement write_log(
    "/* explore_analytics: audit */ INSERT INTO explore_analytics.audit_log (role, action, subject, row_count, detail)"
    " VALUES ($1, $2, explore_analytics.viewer_digest($3), $4, $5)",
    {NAMEOID, TEXTOID, INT8OID, INT8OID, TEXTOID});

void audit(pg::Query& query, const char* role, const char* action, int64 viewer, int64 rows) {
  pg::Parameters parameters;
  parameters.add(DirectFunctionCall1(namein, CStringGetDatum(role)));
  query.write(write_log, parameters.text(action).id(viewer).id(rows).text(viewer > 0 ? "a user" : "a visitor"));
}

// A user, or minus a session.
int64 viewer_argument(FunctionCallInfo fcinfo, const char* function) {
  const pg::Optional<int64> user = pg::optional_id(fcinfo, 0, "user_id"), session = pg::optional_id(fcinfo, 1, "session_id");
  if (user.given == session.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, user.given ? "user_id and session_id are both given" : "neither user_id nor session_id is given"),
                            "Pass one of them: a user, or the session of an anonymous visitor."));
  if (IsolationUsesXactSnapshot())
    pg::raise(pg::with_hint(pg::failure(ERRCODE_ACTIVE_SQL_TRANSACTION, "%s() must run in a READ COMMITTED transaction", function),
                            "An older snapshot would not see, and not move, what was recorded meanwhile."));
  PreventCommandIfReadOnly(function);
  return user.given ? user.value : -session.value;
}

}  // namespace

EA_FUNCTION(ea_exclude_traffic) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 viewer = viewer_argument(fcinfo, "exclude_traffic");
  const char* reason = PG_ARGISNULL(2) ? nullptr : pg::text_argument(fcinfo, 2, "");
  if (const int length = reason ? pg_mbstrlen(reason) : 0; length > kLongestReason)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "reason is %d characters long", length), "At most %d are kept with each event.", kLongestReason));
  const char* role = GetUserNameFromId(GetUserId(), false);
  const pg::JobLog log;
  pg::Query query(home);
  const rollup::Excluded excluded = rollup::exclude(query, viewer, reason);
  audit(query, role, "exclude_traffic", viewer, excluded.events);
  query.finish();
  log.write("exclude_traffic events=%lld", (long long)excluded.events);
  if (!TIMESTAMP_IS_NOBEGIN(excluded.horizon))
    pg::notice(pg::with_hint(pg::failure(ERRCODE_SUCCESSFUL_COMPLETION, "what happened before %s stays counted", timestamptz_to_str(excluded.horizon)),
                             "Raw events of that time are gone, and rollups do not tell whose everything was."));
  PG_RETURN_INT64(excluded.events);
}

EA_FUNCTION(ea_restore_traffic) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 viewer = viewer_argument(fcinfo, "restore_traffic");
  const char* role = GetUserNameFromId(GetUserId(), false);
  const pg::JobLog log;
  pg::Query query(home);
  const int64 events = rollup::restore(query, viewer);
  audit(query, role, "restore_traffic", viewer, events);
  query.finish();
  log.write("restore_traffic events=%lld", (long long)events);
  PG_RETURN_INT64(events);
}
