#include "store/tail.hpp"

#include <algorithm>

#include "pg/index_scan.hpp"
#include "store/engagement_labels.hpp"

namespace ea::rollup {

namespace {

// Where the columns are, in one partition.
struct Columns {
  AttrNumber content, user, session, type, watch_time, completed, created_at, epoch;

  explicit Columns(Oid table)
      : content(get_attnum(table, "content_id")), user(get_attnum(table, "user_id")),
        session(get_attnum(table, "session_id")), type(get_attnum(table, "engagement_type")),
        watch_time(get_attnum(table, "watch_time_ms")), completed(get_attnum(table, "completed")),
        created_at(get_attnum(table, "created_at")), epoch(get_attnum(table, "epoch")) {}
};

// Calls f(scan, columns) for each row above the watermark until it returns false.
template <class F>
bool for_each_row(Oid table_oid, Snapshot snapshot, int64 low, F&& f) {
  Relation table = table_open(table_oid, AccessShareLock);
  bool more = true;
  if (table->rd_rel->relkind == RELKIND_PARTITIONED_TABLE) {
    PartitionDesc partitions = RelationGetPartitionDesc(table, true);
    for (int i = 0; more && i < partitions->nparts; i++) more = for_each_row(partitions->oids[i], snapshot, low, f);
  } else {
    const Columns columns(table_oid);
    const Oid index = pg::find_index(table, {columns.epoch});
    pg::IndexScan scan;
    scan.open(table, index, snapshot);
    scan.above(OidIsValid(index) ? 1 : columns.epoch, low).start();
    while (more && scan.next()) more = f(scan, columns);
    scan.close();
  }
  table_close(table, AccessShareLock);
  return more;
}

}  // namespace

bool TailFilter::takes(int64 content) const {
  return all || std::binary_search(contents, contents + count, content);
}

Tail read_tail(const pg::Home& home, Snapshot snapshot, int64 low, const TailFilter& filter, int64 limit) {
  Tail tail;
  int64 room = 0, seen = 0;
  for_each_row(home.events, snapshot, low, [&](const pg::IndexScan& scan, const Columns& c) {
    if (++seen > limit) {
      tail.complete = false;
      return false;
    }
    if ((seen & 0x3FF) == 0) CHECK_FOR_INTERRUPTS();
    const int64 content = scan.int64_at(c.content);
    const int64 at = scan.int64_at(c.created_at);
    if (!filter.range.contains(at) || !filter.takes(content)) return true;
    if (filter.upto != std::numeric_limits<int64>::max() && scan.int64_at(c.epoch) > filter.upto) return true;
    bool null_user, null_session, null;
    const int64 user = DatumGetInt64(scan.value(c.user, &null_user));
    const int64 session = DatumGetInt64(scan.value(c.session, &null_session));
    core::TimedEvent e{};
    e.at = at;
    e.event.type = EngagementLabels::of(DatumGetObjectId(scan.value(c.type, &null)));
    e.event.has_viewer = !null_user || !null_session;
    e.event.viewer = !null_user ? user : !null_session ? -session : 0;
    e.event.watch_time_ms = DatumGetInt32(scan.value(c.watch_time, &null));
    e.event.completed = DatumGetBool(scan.value(c.completed, &null));
    if (tail.count == room) {
      room = room ? room * 2 : 64;
      const Size bytes = (Size)room * sizeof(TailEvent);
      tail.events = (TailEvent*)(tail.events ? repalloc_huge(tail.events, bytes) : palloc(bytes));
    }
    tail.events[tail.count++] = {content, core::normalized(e)};
    return true;
  });
  return tail;
}

bool tail_has(const pg::Home& home, Snapshot snapshot, int64 low, int64 rows) {
  int64 seen = 0;
  for_each_row(home.events, snapshot, low, [&](const pg::IndexScan&, const Columns&) { return ++seen < rows; });
  return seen >= rows;
}

}  // namespace ea::rollup
