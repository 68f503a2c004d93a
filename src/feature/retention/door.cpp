// apply_retention: drops old partitions of raw events, step by step, each step a transaction.
#include "access/home.hpp"
#include "keep/procedure.hpp"
#include "keep/retention.hpp"
#include "pg/barrier.hpp"
#include "pg/older_snapshots.hpp"
#include "pg/progress.hpp"

namespace {

using namespace ea;

// Milliseconds to wait for older snapshots where lock_timeout is off, and how often late events may come in
// between.
constexpr int kDefaultTimeout = 30000;
constexpr int kRounds = 10;

TimestampTz cutoff_argument(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(0))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "keep must not be null"), "For example interval '13 months'."));
  const TimestampTz now = GetCurrentTransactionStartTimestamp();
  const TimestampTz cutoff = DatumGetTimestampTz(DirectFunctionCall2(timestamptz_mi_interval, TimestampTzGetDatum(now), PG_GETARG_DATUM(0)));
  if (pg::interval_milliseconds(PG_GETARG_INTERVAL_P(0)) <= 0 || cutoff >= now)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "keep must be positive"), "For example interval '13 months'."));
  return cutoff;
}

// Until nobody's snapshot is older than what was committed before. No more than a look when there is none.
void wait_for_readers(FunctionCallInfo fcinfo, pg::Transactions& transactions) {
  const pg::Home home = access::installed_home(fcinfo);
  pg::OlderSnapshots older;
  pg::Query query(home);
  rollup::show_progress("retention", "waiting for readers", 0, 0);
  const bool good = older.wait(LockTimeout > 0 ? LockTimeout : kDefaultTimeout);
  query.finish();
  if (!good) {
    pg::Failure failure = pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "a transaction that began before its raw events could be dropped is still reading");
    older.describe(failure.detail, sizeof failure.detail);
    pg::raise(pg::with_hint(failure, "Answers stay exact. End that transaction, or call apply_retention() again later; lock_timeout says how long to wait."));
  }
  transactions.commit();
}

}  // namespace

EA_FUNCTION(ea_apply_retention) {
  rollup::require_top_level(fcinfo, "apply_retention()");
  const TimestampTz cutoff = cutoff_argument(fcinfo);
  const char* role = GetUserNameFromId(GetUserId(), false);
  rollup::require_partitions(access::installed_home(fcinfo));
  pg::Transactions transactions;
  bool proved = false;
  for (int round = 0;; round++) {
    pg::Failure failure;
    int64 rows;
    const rollup::Outcome outcome = rollup::refresh_once(fcinfo, transactions, 0, &failure, &rows);
    if (outcome != rollup::Outcome::done) {
      transactions.finish();
      if (outcome == rollup::Outcome::blocked) pg::raise(failure);
      return (Datum)0;
    }
    transactions.commit();
    const rollup::Partitions fresh = rollup::partitions_to_take(access::installed_home(fcinfo), cutoff);
    transactions.commit();
    // A reader who stays too long is found here, before anything is changed.
    if (fresh.count > 0) wait_for_readers(fcinfo, transactions);
    for (int i = 0; i < fresh.count; i++) {
      rollup::take_over(access::installed_home(fcinfo), fresh.list[i], !proved);
      proved = true;
      transactions.commit();
    }
    const rollup::Partitions taken = rollup::partitions_to_drop(access::installed_home(fcinfo), cutoff);
    transactions.commit();
    if (taken.count == 0) break;
    wait_for_readers(fcinfo, transactions);
    int dropped = 0;
    for (int i = 0; i < taken.count; i++) {
      if (!rollup::drop(access::installed_home(fcinfo), taken.list[i], role)) break;
      dropped++;
      transactions.commit();
    }
    if (dropped == taken.count) break;
    transactions.rollback();
    if (round == kRounds)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "events keep coming into partition %s", taken.list[dropped].name),
                              "Answers stay exact. Call apply_retention() again later."));
  }
  rollup::clear_late(access::installed_home(fcinfo), role);
  transactions.commit();
  transactions.finish();
  return (Datum)0;
}
