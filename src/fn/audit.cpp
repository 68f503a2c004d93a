// verify and rebuild.
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "rollup/rebuild.hpp"
#include "rollup/verify.hpp"

using namespace ea;

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
