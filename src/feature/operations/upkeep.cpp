// Partitions ahead and pruning of keys: jobs that work as the owner of the tables.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"

namespace {

using namespace ea;

pg::Statement make_partitions("SELECT explore_analytics.make_partitions($1, $2)", {DATEOID, DATEOID});

// Keys that somebody holds are left for the next time: who waits with others in hand can be part of a deadlock.
pg::Statement prune_events(
    "/* explore_analytics: prune_keys */ WITH old AS MATERIALIZED ("
    "  SELECT k.event_id FROM explore_analytics.event_keys k WHERE k.seen < now() - make_interval(mins => $1) FOR UPDATE SKIP LOCKED"
    ") DELETE FROM explore_analytics.event_keys k USING old WHERE k.event_id = old.event_id",
    {INT4OID});
pg::Statement prune_viewings(
    "/* explore_analytics: prune_keys */ WITH old AS MATERIALIZED ("
    "  SELECT v.session_id, v.content_id, v.viewer_key FROM explore_analytics.viewing_keys v"
    "  WHERE v.seen < now() - make_interval(mins => $1) FOR UPDATE SKIP LOCKED"
    ") DELETE FROM explore_analytics.viewing_keys v USING old"
    " WHERE (v.session_id, v.content_id, v.viewer_key) = (old.session_id, old.content_id, old.viewer_key)",
    {INT4OID});

}  // namespace

EA_FUNCTION(ea_ensure_partitions) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::JobLog log;
  pg::Query query(home);
  query.write(make_partitions, pg::Parameters()
                                   .add(!PG_ARGISNULL(0), PG_GETARG_DATUM(0))
                                   .add(!PG_ARGISNULL(1), PG_GETARG_DATUM(1)));
  const int32 made = DatumGetInt32(query.value(0, 1));
  query.finish();
  log.write("ensure_partitions made=%d", made);
  PG_RETURN_INT32(made);
}

EA_FUNCTION(ea_prune_keys) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::JobLog log;
  pg::Query query(home);
  const Datum horizon = Int32GetDatum(access::dedup_horizon_minutes());
  const uint64 events = query.write(prune_events, pg::Parameters().add(horizon));
  const uint64 viewings = query.write(prune_viewings, pg::Parameters().add(horizon));
  query.finish();
  log.write("prune_keys events=%llu viewings=%llu", (unsigned long long)events, (unsigned long long)viewings);
  PG_RETURN_INT64((int64)(events + viewings));
}
