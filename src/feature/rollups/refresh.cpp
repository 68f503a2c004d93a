// current_epoch, and the procedures refresh, compact and run_forever, which end transactions themselves.
#include "keep/run_forever.hpp"
#include "pg/barrier.hpp"
#include "store/epoch.hpp"

using namespace ea;

EA_FUNCTION(ea_current_epoch) { PG_RETURN_INT64(rollup::current_epoch()); }

EA_FUNCTION(ea_refresh) {
  rollup::require_top_level(fcinfo, "refresh()");
  const int64 min_rows = PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0);
  if (min_rows < 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "min_rows must not be negative, not %lld", (long long)min_rows),
                            "With fewer new events than that, refresh does nothing."));
  pg::Transactions transactions;
  rollup::Refreshed refreshed;
  if (ErrorData* error = rollup::refresh_once(fcinfo, transactions, min_rows, &refreshed)) pg::rethrow(error);
  transactions.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_compact) {
  rollup::require_top_level(fcinfo, "compact()");
  pg::Transactions transactions;
  if (ErrorData* error = rollup::compact_all(fcinfo, transactions, true)) pg::rethrow(error);
  transactions.finish();
  return (Datum)0;
}

EA_FUNCTION(ea_run_forever) {
  rollup::require_top_level(fcinfo, "run_forever()");
  const int64 pause_ms = PG_ARGISNULL(0) ? 1000 : pg::interval_milliseconds(PG_GETARG_INTERVAL_P(0));
  if (pause_ms <= 0 || pause_ms > 86400000)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "pause must be more than 0 and at most a day"),
                            "It is the time between two refreshes, for example '1 second'."));
  pg::Transactions transactions;
  if (rollup::run_forever(fcinfo, transactions, pause_ms)) pg_unreachable();
  transactions.finish();
  pg::notice(pg::failure(0, "another session runs run_forever() already"));
  return (Datum)0;
}
