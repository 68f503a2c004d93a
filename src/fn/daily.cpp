// What the daily views are made of. The views put them together; each asks at the door by itself. Who sees
// nothing gets no days, and so no rows.
#include "pg/barrier.hpp"
#include "pg/identity.hpp"
#include "rollup/days.hpp"

namespace {

using namespace ea;

rollup::ScopeKind scope_argument(FunctionCallInfo fcinfo) {
  const int16 scope = PG_ARGISNULL(0) ? -1 : PG_GETARG_INT16(0);
  if (scope < 0 || scope > 2)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "unknown scope %d", scope),
                            "0 is the platform, 1 a creator, 2 a content."));
  return (rollup::ScopeKind)scope;
}

// Looked up once for all calls of a query.
const pg::Home& home_of(FunctionCallInfo fcinfo) {
  if (!fcinfo->flinfo->fn_extra) {
    MemoryContext outside = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    fcinfo->flinfo->fn_extra = new (palloc(sizeof(pg::Home))) pg::Home(pg::installed_home(fcinfo));
    MemoryContextSwitchTo(outside);
  }
  return *static_cast<const pg::Home*>(fcinfo->flinfo->fn_extra);
}

}  // namespace

EA_FUNCTION(ea_active_days) {
  const pg::Home home = pg::installed_home(fcinfo);
  const pg::Optional<int64> me = pg::held_to(home);
  pg::Rows rows(fcinfo);
  rollup::add_active_days(home, me.given ? rollup::Key{rollup::ScopeKind::creator, me.value} : rollup::Key{rollup::ScopeKind::platform, 0}, rows);
  return (Datum)0;
}

EA_FUNCTION(ea_tail_days) {
  const pg::Home home = pg::installed_home(fcinfo);
  pg::Rows rows(fcinfo);
  rollup::add_tail_days(home, scope_argument(fcinfo), pg::held_to(home), rows);
  return (Datum)0;
}

// NULL when there was nothing on that day.
EA_FUNCTION(ea_day_summary) {
  const pg::Home& home = home_of(fcinfo);
  const rollup::Key key{scope_argument(fcinfo), PG_ARGISNULL(1) ? 0 : PG_GETARG_INT64(1)};
  if (key.scope == rollup::ScopeKind::content)
    pg::authorize_content(home, key.id);
  else if (key.scope == rollup::ScopeKind::creator)
    pg::authorize_creator(home, key.id);
  else
    pg::authorize_platform(home);
  if (PG_ARGISNULL(2) || TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(2))) PG_RETURN_NULL();
  rollup::SummarySink sink;
  rollup::read_day(home, key, PG_GETARG_TIMESTAMPTZ(2), sink);
  if (!PG_ARGISNULL(3)) sink.summary(PG_GETARG_DATUM(3));
  if (sink.empty()) PG_RETURN_NULL();
  return sink.finish();
}
