#include "store/tail.hpp"

#include <algorithm>

#include "access/raw_tables.hpp"
#include "pg/index_scan.hpp"
#include "pg/served.hpp"
#include "store/engagement_labels.hpp"

namespace ea::rollup {

namespace {

namespace events = access::events;

// Calls f(scan) for each row above the watermark until it returns false.
template <class F>
bool for_each_row(const pg::Table& table, Snapshot snapshot, int64 low, F&& f) {
  Relation relation = table_open(table.oid, AccessShareLock);
  bool more = true;
  if (relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE) {
    pg::require_partitions_readable(relation);
    PartitionDesc partitions = RelationGetPartitionDesc(relation, true);
    for (int i = 0; more && i < partitions->nparts; i++)
      more = for_each_row({partitions->oids[i], table.columns, table.own_type}, snapshot, low, f);
  } else {
    pg::IndexScan scan;
    scan.open_by(relation, table, events::epoch, snapshot);
    scan.above(scan.key(events::epoch), low).start();
    while (more && scan.next()) more = f(scan);
    scan.close();
  }
  table_close(relation, AccessShareLock);
  return more;
}

}  // namespace

bool TailFilter::takes(int64 content) const {
  return all || std::binary_search(contents, contents + count, content);
}

Tail read_tail(const pg::Home& home, Snapshot snapshot, int64 low, const TailFilter& filter, int64 limit) {
  Tail tail;
  int64 room = 0, seen = 0;
  for_each_row(access::events_table(home), snapshot, low, [&](const pg::IndexScan& scan) {
    if (++seen > limit) {
      tail.complete = false;
      return false;
    }
    if ((seen & 0x3FF) == 0) CHECK_FOR_INTERRUPTS();
    const int64 content = scan.int64_at(events::content_id);
    const int64 at = scan.int64_at(events::created_at);
    if (!filter.range.contains(at) || !filter.takes(content)) return true;
    if (filter.upto != std::numeric_limits<int64>::max() && scan.int64_at(events::epoch) > filter.upto) return true;
    bool null_user, null_session, null;
    core::TimedEvent e{};
    if (!EngagementLabels::find(DatumGetObjectId(scan.value(events::type, &null)), &e.event.type)) return true;
    const int64 user = DatumGetInt64(scan.value(events::user_id, &null_user));
    const int64 session = DatumGetInt64(scan.value(events::session_id, &null_session));
    e.at = at;
    e.event.has_viewer = !null_user || !null_session;
    e.event.viewer = !null_user ? user : !null_session ? -session : 0;
    e.event.watch_time_ms = DatumGetInt32(scan.value(events::watch_time_ms, &null));
    e.event.completed = DatumGetBool(scan.value(events::completed, &null));
    if (tail.count == room) {
      room = room ? room * 2 : 64;
      const Size bytes = (Size)room * sizeof(TailEvent);
      tail.events = (TailEvent*)(tail.events ? repalloc_huge(tail.events, bytes) : palloc(bytes));
    }
    tail.events[tail.count++] = {content, null_session ? 0 : session, core::normalized(e)};
    return true;
  });
  return tail;
}

bool tail_has(const pg::Home& home, Snapshot snapshot, int64 low, int64 rows) {
  int64 seen = 0;
  for_each_row(access::events_table(home), snapshot, low, [&](const pg::IndexScan&) { return ++seen < rows; });
  return seen >= rows;
}

}  // namespace ea::rollup
