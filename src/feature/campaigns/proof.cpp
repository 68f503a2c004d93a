// boost_faults, and the day by which it proves a daily budget.
#include "access/home.hpp"
#include "keep/boost_proof.hpp"
#include "pg/barrier.hpp"
#include "pg/local_day.hpp"
#include "pg/rows.hpp"

using namespace ea;

EA_FUNCTION(ea_boost_faults) {
  const pg::Home home = access::installed_home(fcinfo);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  rows.add_all(query, rollup::find_boost_faults(query, {!PG_ARGISNULL(0), PG_ARGISNULL(0) ? 0 : PG_GETARG_TIMESTAMPTZ(0)}));
  query.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_local_day) {
  const char* zone = text_to_cstring(PG_GETARG_TEXT_PP(1));
  if (!pg::is_time_zone(zone)) PG_RETURN_NULL();
  PG_RETURN_DATEADT(pg::local_day(PG_GETARG_TIMESTAMPTZ(0), zone));
}
