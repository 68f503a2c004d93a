// Views of some viewers in the rollups, whether or not their raw rows are still there.
#pragma once

#include "core/tree/timed_event.hpp"
#include "pg/array.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

struct StoredView {
  int64 content;
  core::TimedEvent event;
};

// Appends the views of these viewers (ascending keys) before a time, by content and in order. Looks into
// every content's set of viewers, and opens the logs of those that have one of them.
void find_stored_views(Snapshot snapshot, const pg::Array<int64>& viewers, TimestampTz before, pg::Array<StoredView>* views);

// The same of one viewer, who is known to have been on some contents (ascending).
void find_views_of(Snapshot snapshot, int64 viewer, const pg::Array<int64>& contents, TimestampTz before, pg::Array<StoredView>* views);

}  // namespace ea::rollup
