// Series over time: what a scope (one content, one creator, or the platform when neither is given) holds
// in each bucket. Bucket i, from 1, begins at the i-th of the bounds, a timestamptz[].
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

struct Scope {
  pg::Optional<int64> content;
  pg::Optional<int64> creator;
};

// Narrows open ends of a range to the first and last event of the scope; false when there is none.
bool close_range_by_events(pg::Query& query, const Scope& scope, pg::Range* range);
// The same by the starts of sessions.
bool close_range_by_sessions(pg::Query& query, const Scope& scope, pg::Range* range);

// Each leaves rows (bucket, ...) in the query and returns how many; empty buckets have none.
uint64 bucket_summaries(pg::Query& query, Datum bounds, const Scope& scope, pg::Range range);     // summary
uint64 bucket_sessions(pg::Query& query, Datum bounds, const Scope& scope, pg::Range range);      // sessions started
uint64 bucket_new_viewers(pg::Query& query, Datum bounds, const Scope& scope, pg::Range range);   // first view ever

}  // namespace ea::rollup
