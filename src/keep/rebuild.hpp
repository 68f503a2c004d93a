// Rebuild: rollups made anew from raw rows, after those were corrected.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Makes the rollups of the range what the raw rows say, in the caller's transaction; an unbounded range
// makes all of them anew. What is older than the raw horizon comes from the rollups: 22023 when nothing else
// is asked for, said otherwise. Returns the number of rollup rows written.
int64 rebuild(const pg::Home& home, const pg::Range& range);

}  // namespace ea::rollup
