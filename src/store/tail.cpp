#include "store/tail.hpp"

#include <algorithm>

#include "access/raw_tables.hpp"
#include "pg/index_scan.hpp"
#include "pg/last_keys.hpp"
#include "pg/served.hpp"
#include "store/contents.hpp"
#include "store/engagement_labels.hpp"

namespace ea::rollup {

namespace {

namespace events = access::events;

// The rows above a watermark. Partitions that have none are passed by.
class Rows {
 public:
  Rows(const pg::Home& home, Snapshot snapshot, int64 low) : events_(access::events_table(home)), snapshot_(snapshot), low_(low) {
    ends.begin(snapshot);
  }

  // Calls f(scan) for each row until it returns false.
  template <class F>
  void for_each(F&& f) {
    Relation relation = table_open(events_.oid, AccessShareLock);
    if (relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
      each_partition(relation, f);
    else
      each_row(relation, events_, f);
    table_close(relation, AccessShareLock);
  }

 private:
  template <class F>
  bool each_partition(Relation parent, F&& f) {
    pg::require_partitions_readable(parent);
    PartitionDesc partitions = RelationGetPartitionDesc(parent, true);
    bool more = true;
    for (int i = 0; more && i < partitions->nparts; i++) {
      const Oid oid = partitions->oids[i];
      if (partitions->is_leaf[i] && ends.none_above(place_, oid, low_)) {
        place_++;
        continue;
      }
      Relation relation = table_open(oid, AccessShareLock);
      more = partitions->is_leaf[i] ? each_row(relation, {oid, events_.columns, events_.own_type}, f, place_++) : each_partition(relation, f);
      table_close(relation, AccessShareLock);
    }
    return more;
  }

  template <class F>
  bool each_row(Relation relation, const pg::Table& table, F&& f, int place = -1) {
    bool more = true;
    pg::IndexScan scan;
    scan.open_by(relation, table, events::epoch, snapshot_);
    scan.above(scan.key(events::epoch), low_).start();
    while (more && scan.next()) more = f(scan);
    if (place >= 0 && scan.index()) ends.remember(place, relation, scan.index());
    scan.close();
    return more;
  }

  static pg::LastKeys ends;    // of the index on epoch
  pg::Table events_;
  Snapshot snapshot_;
  int64 low_;
  int place_ = 0;              // of the next partition, wherever it is below the table
};

pg::LastKeys Rows::ends;

}  // namespace

bool TailFilter::takes(int64 content) const {
  return all || std::binary_search(contents, contents + count, content);
}

Tail read_tail(const pg::Home& home, Snapshot snapshot, int64 low, const TailFilter& filter, int64 limit) {
  Tail tail;
  int64 room = 0, seen = 0;
  Rows(home, snapshot, low).for_each([&](const pg::IndexScan& scan) {
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

// The creator's contents are listed, or the owners of those in the tail looked up, whichever are fewer.
Tail read_tail_of_creator(const pg::Home& home, Snapshot snapshot, int64 low, int64 creator, const core::Span& range, int64 limit) {
  TailFilter filter;
  filter.range = range;
  filter.all = true;
  Tail tail = read_tail(home, snapshot, low, filter, limit);
  if (tail.count == 0) return tail;
  const AscendingIds own = contents_of_creator(home, snapshot, creator, tail.count);
  const bool listed = own.size() <= tail.count;
  Owners owners;
  if (!listed) {
    AscendingIds fresh;
    for (int64 i = 0; i < tail.count; i++) fresh.append(tail.events[i].content);
    make_ascending(&fresh);
    owners = owners_of(home, snapshot, fresh);
  }
  int64 kept = 0;
  for (int64 i = 0; i < tail.count; i++) {
    const int64 content = tail.events[i].content;
    if (listed ? std::binary_search(own.begin(), own.end(), content) : owners.creator_of(content) == creator)
      tail.events[kept++] = tail.events[i];
  }
  tail.count = kept;
  return tail;
}

bool tail_has(const pg::Home& home, Snapshot snapshot, int64 low, int64 rows) {
  int64 seen = 0;
  Rows(home, snapshot, low).for_each([&](const pg::IndexScan&) { return ++seen < rows; });
  return seen >= rows;
}

}  // namespace ea::rollup
