// current_epoch, and the procedures refresh, compact and run_forever, which end transactions themselves.
#include "keep/refresh.hpp"

#include "access/home.hpp"
#include "keep/end_epoch.hpp"
#include "keep/procedure.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"
#include "store/epoch.hpp"

namespace {

using namespace ea;

constexpr int64 kKeysPerTransaction = 5000;

// run_forever: milliseconds between looks for deltas to compact, and so many events in one refresh that the
// next one should come sooner, because every question reads what is not refreshed.
constexpr int kCompactEvery = 5000;
constexpr int64 kManyRows = 200;

// run_forever looks often and finds little: it logs what it did only.
ErrorData* compact_all(FunctionCallInfo fcinfo, pg::Transactions& transactions, bool everything) {
  const pg::JobLog log;
  int64 keys = 0, taken;
  rollup::Key after{rollup::ScopeKind::platform, std::numeric_limits<int64>::min()};
  do {
    taken = 0;
    ErrorData* error = rollup::attempt(fcinfo, transactions, {"compact", "CALL explore_analytics.compact();"}, [&] {
      const pg::Home home = access::installed_home(fcinfo);
      taken = rollup::compact(home, kKeysPerTransaction, everything, &after);
      if (taken < 0 || taken == kKeysPerTransaction) return;
      pg::Query query(home);
      rollup::note_success(query, "compact");
      query.finish();
    });
    if (error) return error;
    transactions.commit();
    keys += Max(taken, 0);
  } while (taken == kKeysPerTransaction);
  if (taken < 0) pg::notice(pg::failure(0, "busy: another session is refreshing, compacting or rebuilding"));
  if (everything || keys > 0) log.write("compact keys=%lld", (long long)keys);
  return nullptr;
}

// A stuck writer is a matter of patience; any other error ends it.
[[noreturn]] void run(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64 pause_ms) {
  TimestampTz compacted = 0;
  for (;;) {
    rollup::Refreshed refreshed;
    if (ErrorData* error = rollup::refresh_once(fcinfo, transactions, 1, &refreshed)) {
      if (error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE) pg::rethrow(error);
      pg::warn_of(error);
    }
    if (TimestampDifferenceExceeds(compacted, GetCurrentTimestamp(), kCompactEvery)) {
      if (ErrorData* error = compact_all(fcinfo, transactions, false)) pg::rethrow(error);
      compacted = GetCurrentTimestamp();
    }
    transactions.wait(refreshed.rows < kManyRows ? pause_ms : Max(pause_ms / 5, 1));
  }
}

}  // namespace

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
  if (ErrorData* error = compact_all(fcinfo, transactions, true)) pg::rethrow(error);
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
  rollup::Runner runner;
  if (!runner.begin()) {
    transactions.finish();
    pg::notice(pg::failure(0, "another session runs run_forever() already"));
    return (Datum)0;
  }
  pg::cleaned_up([&] { run(fcinfo, transactions, pause_ms); }, [&] { runner.end(); });
  pg_unreachable();
}
