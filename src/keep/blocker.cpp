#include "keep/blocker.hpp"

namespace ea::rollup {

namespace {

pg::Statement holders(
    "/* explore_analytics: refresh */ SELECT pid, gid, extract(epoch FROM clock_timestamp() - since)::bigint"
    " FROM explore_analytics.epoch_holders WHERE epoch <= $1 ORDER BY since LIMIT 1",
    {INT8OID});

}  // namespace

pg::Failure blocked_by_writer(pg::Query& query, int64 high, const char* what, const char* hint) {
  pg::Failure failure = pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "a transaction that began before this %s is still writing", what);
  if (query.read(holders, pg::Parameters().id(high)) > 0) {
    char age[64] = "";
    if (!query.is_null(0, 3)) snprintf(age, sizeof age, ", open for %lld s", (long long)query.int64_at(0, 3));
    if (!query.is_null(0, 2))
      snprintf(failure.detail, sizeof failure.detail, "Prepared transaction \"%.100s\"%s.", TextDatumGetCString(query.value(0, 2)), age);
    else
      snprintf(failure.detail, sizeof failure.detail, "Process %d%s.", DatumGetInt32(query.value(0, 1)), age);
  }
  return pg::with_hint(failure, "%s", hint);
}

}  // namespace ea::rollup
