// Sorted raw events into rollups, key by key.
#pragma once

#include "keep/stored_buckets.hpp"
#include "store/raw_events.hpp"

namespace ea::rollup {

// Stores all events of a source for one kind of scope and returns their number. `command` and `expected`
// are for showing progress; 0 events are expected when it is not known how many.
int64 store_events(const char* command, StoredBuckets& stored, ScopeKind scope, EventSource& events, int64 expected);
int64 store_events(const char* command, pg::Query& query, StoredBuckets& stored, ScopeKind scope, const RawSelection& selection);

// Fewer new events of a key that has buckets are not worth a change of them, whatever it would write.
inline constexpr int64 kWorthBuckets = 4000;

// So many events of a key are held in memory at most, or wait for their buckets.
inline constexpr int64 kMaxGroup = 1 << 18;

}  // namespace ea::rollup
