// Verify: compares rollups with raw rows, event by event, and every stored summary with the events below it.
#pragma once

#include "pg/rows.hpp"

namespace ea::rollup {

// Adds a row (scope, id, range_start, range_end, problem, stored, raw) for each difference in the range,
// in the active snapshot.
void verify(const pg::Home& home, const pg::Range& range, pg::Rows& rows);

}  // namespace ea::rollup
