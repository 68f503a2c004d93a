// verify, rebuild and check_ledger.
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "rollup/rebuild.hpp"
#include "rollup/verify.hpp"

using namespace ea;

namespace {

pg::Statement differing_epochs(
    "/* explore_analytics: check_ledger */ SELECT l.low, l.high, l.event_count, c.found"
    " FROM explore_analytics.rollup_ledger l, LATERAL ("
    "   SELECT count(*) AS found FROM {s}.explore_engagements e WHERE e.epoch > l.low AND e.epoch <= l.high) c"
    " WHERE c.found <> l.event_count ORDER BY l.high",
    {});

}  // namespace

EA_FUNCTION(ea_verify) {
  const pg::Home home = pg::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  pg::Rows rows(fcinfo);
  rollup::verify(home, range, rows);
  return (Datum)0;
}

EA_FUNCTION(ea_rebuild) {
  const pg::Home home = pg::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  PG_RETURN_INT64(rollup::rebuild(home, range));
}

EA_FUNCTION(ea_check_ledger) {
  const pg::Home home = pg::installed_home(fcinfo);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  rows.add_all(query, query.read(differing_epochs, pg::Parameters()));
  query.finish();
  return (Datum)0;
}
