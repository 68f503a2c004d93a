// Numbers by UTC day, one by one: days with events, what rollups hold of a day, and the tail by day. Together they are
// all events, each once. The views of 0.1.0 are made of them until install() has replaced them; ours take all in one pass
// (daily.hpp).
#pragma once

#include "ask/read_path.hpp"
#include "pg/rows.hpp"

namespace ea::rollup {

// Rows (day, first instant) of the days on which the key has events, ascending; the tail's days too.
void add_active_days(const pg::Home& home, const Key& key, pg::Rows& rows);

// What rollups hold of a key on one day, added to the sink.
void read_day(const pg::Home& home, const Key& key, TimestampTz day, Sink& sink);

// Rows (day, id, summary) of the tail: by content, by creator, or of the platform (id 0). With an owner
// only that creator's contents.
uint64 read_tail_days(pg::Query& query, ScopeKind scope, pg::Optional<int64> owner);
void add_tail_days(const pg::Home& home, ScopeKind scope, pg::Optional<int64> owner, pg::Rows& rows);

}  // namespace ea::rollup
