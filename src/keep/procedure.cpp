#include "keep/procedure.hpp"

#include "access/home.hpp"
#include "store/epoch.hpp"

namespace ea::rollup {

void require_top_level(FunctionCallInfo fcinfo, const char* name) {
  PreventCommandIfReadOnly(name);
  const bool own = IsolationUsesXactSnapshot() || TransactionIdIsValid(GetTopTransactionIdIfAny()) || epoch_in_use();
  if (pg::is_atomic_call(fcinfo) || own)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_ACTIVE_SQL_TRANSACTION, "%s must be the only command of its transaction%s", name,
                                        IsolationUsesXactSnapshot() ? ", which must be READ COMMITTED" : ""),
                            "CALL it outside BEGIN, with default_transaction_isolation = 'read committed'."));
  (void)access::installed_home(fcinfo);
}

ErrorData* refresh_once(FunctionCallInfo fcinfo, pg::Transactions& transactions, int64 min_rows, Refreshed* refreshed) {
  ErrorData* error = attempt(fcinfo, transactions, {"refresh", "CALL explore_analytics.refresh();"}, [&] { *refreshed = refresh(access::installed_home(fcinfo), min_rows); });
  if (error) return error;
  transactions.commit();
  if (refreshed->outcome == Outcome::busy)
    pg::notice(pg::failure(0, "busy: another session is refreshing, compacting or rebuilding"));
  return nullptr;
}

}  // namespace ea::rollup
