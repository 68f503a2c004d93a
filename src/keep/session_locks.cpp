#include "keep/session_locks.hpp"

namespace ea::rollup {

namespace {

// A database of 0.1.0 has no such function, and between ALTER EXTENSION UPDATE and install() the owner has not been handed
// it: erasures go on without.
pg::Statement may_lock(
    "/* explore_analytics: sessions */ SELECT WHERE has_function_privilege(to_regprocedure('explore_analytics.lock_sessions(bigint[])'), 'EXECUTE')", {});
pg::Statement lock("/* explore_analytics: sessions */ SELECT explore_analytics.lock_sessions($1)", {INT8ARRAYOID});

}  // namespace

void lock_sessions(pg::Query& query, Datum ids) {
  if (query.read(may_lock, pg::Parameters()) > 0) query.write(lock, pg::Parameters().add(ids));
}

}  // namespace ea::rollup
