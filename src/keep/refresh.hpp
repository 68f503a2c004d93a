// Refresh: brings events that no transaction can add to any more from the raw table into the rollups, and what is noted of
// sessions, and moves the watermark, in one transaction.
#pragma once

#include "pg/statement.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

enum class Outcome {
  done,
  nothing,      // fewer rows than asked for
  busy,         // another session refreshes, compacts or rebuilds
};

struct Refreshed {
  Outcome outcome = Outcome::nothing;
  int64 low = 0, high = 0;      // epochs (low, high] were brought in
  int64 rows = 0;
  int64 waited_ms = 0, took_ms = 0;
};

// 55P03 when a transaction with an old epoch does not end in time.
Refreshed refresh(const pg::Home& home, int64 min_rows);

// How far a compaction has come that takes several transactions.
struct Compaction {
  Key after{ScopeKind::platform, std::numeric_limits<int64>::min()};    // the last key it has looked at
  bool shelves_done = false;
  int64 keys = 0;      // of which something was to be done
  bool busy = false, more = false;
};

// First moves what lies on shelves, then brings the deltas of the next keys, at most so many, into their buckets where that
// pays; of those with few events only with `everything`.
void compact(const pg::Home& home, int64 keys, bool everything, Compaction* compaction);

// Takes the row lock that makes a session the only one to write rollups; false when another has it.
// Waits for it if told so.
bool lock_rollups(pg::Query& query, bool wait, int64* low);

}  // namespace ea::rollup
