#include "store/raw_horizon.hpp"

#include "pg/index_scan.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

namespace {

pg::Statement horizon("/* explore_analytics: retention */ SELECT max(d.range_end) FROM explore_analytics.dropped_partitions d", {});

}  // namespace

TimestampTz raw_horizon(pg::Query& query) {
  (void)tables();    // 55000 where an installation is older than this
  query.read(horizon, pg::Parameters());
  return query.is_null(0, 1) ? DT_NOBEGIN : DatumGetTimestampTz(query.value(0, 1));
}

bool has_session_rollups() {
  pg::IndexScan scan;
  scan.open(tables().sessions, InvalidOid, GetActiveSnapshot());
  scan.start();
  const bool some = scan.next();
  scan.close();
  return some;
}

}  // namespace ea::rollup
