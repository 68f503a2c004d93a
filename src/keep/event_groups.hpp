// Sorted raw events into rollups, key by key.
#pragma once

#include "keep/stored_buckets.hpp"
#include "store/raw_events.hpp"

namespace ea::rollup {

// Stores all events of a source for one kind of scope and returns their number. `command` and `expected`
// are for showing progress; 0 events are expected when it is not known how many.
int64 store_events(const char* command, StoredBuckets& stored, ScopeKind scope, EventSource& events, int64 expected);
int64 store_events(const char* command, pg::Query& query, StoredBuckets& stored, ScopeKind scope, const RawSelection& selection);

// Whether it pays to bring so many events into the buckets of a key: what that writes anew, which is mostly sets of viewers,
// must be little for each of them, or no more than `free_bytes`; or they must be as many as may wait. `events`, in order of
// time, are these or some of them.
bool worth_buckets(StoredBuckets& stored, const Key& key, core::TimedEvents events, int64 count, int64 free_bytes = 0);

// Fewer new events of a key that has buckets are not worth a change of them, whatever it would write.
inline constexpr int64 kWorthBuckets = 4000;

// So many events of a key are held in memory at most, or wait for their buckets.
inline constexpr int64 kMaxGroup = 1 << 18;

}  // namespace ea::rollup
