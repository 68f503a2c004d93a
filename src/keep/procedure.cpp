#include "keep/procedure.hpp"

#include "access/home.hpp"
#include "keep/blocker.hpp"
#include "store/epoch.hpp"

namespace ea::rollup {

namespace {

pg::Statement record_failure(
    "/* explore_analytics: refresh */ UPDATE explore_analytics.rollup_state"
    " SET failed_at = clock_timestamp(), failure = $1, failure_code = $2",
    {TEXTOID, TEXTOID});

void record(FunctionCallInfo fcinfo, const pg::Failure& failure) {
  const pg::Home home = access::installed_home(fcinfo);
  pg::Query query(home);
  query.write(record_failure, pg::Parameters().text(failure.detail).text("55P03"));
  query.finish();
}

}  // namespace

void require_top_level(FunctionCallInfo fcinfo, const char* name) {
  PreventCommandIfReadOnly(name);
  const bool own = IsolationUsesXactSnapshot() || TransactionIdIsValid(GetTopTransactionIdIfAny()) || epoch_in_use();
  if (pg::is_atomic_call(fcinfo) || own)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_ACTIVE_SQL_TRANSACTION, "%s must be the only command of its transaction%s", name,
                                        IsolationUsesXactSnapshot() ? ", which must be READ COMMITTED" : ""),
                            "CALL it outside BEGIN, with default_transaction_isolation = 'read committed'."));
}

Outcome refresh_once(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64 min_rows, pg::Failure* blocked, int64* rows) {
  const pg::Home home = access::installed_home(fcinfo);
  const Refreshed refreshed = refresh(home, min_rows);
  *rows = refreshed.rows;
  if (refreshed.outcome == Outcome::busy)
    pg::notice(pg::failure(0, "busy: another session is refreshing, compacting or rebuilding"));
  if (refreshed.outcome == Outcome::blocked) {
    // In the transaction that waited in vain: it is gone after the rollback.
    pg::Query query(home);
    *blocked = blocked_by_writer(query, refreshed.high, "refresh",
                                         "Answers stay exact. End that transaction, or refresh again later; lock_timeout says how long to wait.");
    query.finish();
    transactions.rollback();
    record(fcinfo, *blocked);
    transactions.commit();
  }
  return refreshed.outcome;
}

}  // namespace ea::rollup
