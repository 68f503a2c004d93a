#include "store/raw_horizon.hpp"

#include "pg/index_scan.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

TimestampTz raw_horizon(Snapshot snapshot) {
  TimestampTz horizon = DT_NOBEGIN;
  pg::IndexScan scan;
  scan.open(tables().dropped, snapshot);
  scan.start();
  while (scan.next()) horizon = Max(horizon, scan.int64_at(dropped::range_end));
  scan.close();
  return horizon;
}

void require_raw_events(const pg::Range& range, const char* hint) {
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  if (range.from >= horizon || range.from >= range.to) return;
  pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "raw events before %s are gone", timestamptz_to_str(horizon)),
                          "%s", hint));
}

bool has_session_rollups() {
  pg::IndexScan scan;
  scan.open(tables().sessions, GetActiveSnapshot());
  scan.start();
  const bool some = scan.next();
  scan.close();
  return some;
}

}  // namespace ea::rollup
