// The one read path: every number comes from a summary that is made here. Callers hold an open
// Query (as the owner, in the caller's snapshot) and have been through the door.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// One summary, copied into the context of whoever opened the query. An unknown id: the empty one.
Datum content_summary(pg::Query& query, int64 content, pg::Range range);
Datum creator_summary(pg::Query& query, int64 creator, pg::Range range);
Datum platform_summary(pg::Query& query, pg::Range range);

// Rows (content_id, summary) of contents with events in the range; `contents` is a bigint[], NULL
// for all contents.
uint64 content_summaries(pg::Query& query, bool given, Datum contents, pg::Range range);

}  // namespace ea::rollup
