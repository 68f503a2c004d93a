// Forgets a viewer: raw rows, excluded ones too, keys, sessions, exposures and profile go, and rollups become what they would be had
// there been no such viewer. Of months whose raw rows are gone the events stay, without the viewer.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

struct Forgotten {
  int64 events = 0;        // raw rows removed, and excluded ones
  int64 sessions = 0;
  int64 exposures = 0;
  int64 boosts = 0;    // entries of the ledger that stay without a viewer
  int64 kept_views = 0;    // views of months without raw rows, now anonymous
};

// In the caller's transaction, which is READ COMMITTED. Waits for transactions that are recording.
Forgotten forget(pg::Query& query, int64 user);

}  // namespace ea::rollup
