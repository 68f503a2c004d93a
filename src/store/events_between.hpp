// Raw events by when they happened, whatever they are of and whether or not they are in the rollups.
#pragma once

#include "access/raw_tables.hpp"
#include "pg/args.hpp"
#include "pg/block_scan.hpp"
#include "pg/served.hpp"

namespace ea::rollup {

// Whose a row is, as EA_VIEWER_KEY says it; false: nobody's.
inline bool find_viewer(const pg::BlockScan& event, int64* viewer) {
  bool no_user, no_session = true;
  const int64 user = DatumGetInt64(event.value(access::events::user_id, &no_user));
  *viewer = no_user ? -DatumGetInt64(event.value(access::events::session_id, &no_session)) : user;
  return !no_user || !no_session;
}

class EventsBetween {
 public:
  EventsBetween(const pg::Home& home, Snapshot snapshot, const pg::Range& range) : events_(access::events_table(home)), snapshot_(snapshot), range_(range) {}

  // Calls f(scan) for each row, in no order, until f calls stop().
  template <class F>
  void for_each(F&& f) {
    Relation relation = table_open(events_.oid, AccessShareLock);
    each_below(relation, f);
    table_close(relation, AccessShareLock);
  }
  void stop() { stopped_ = true; }

 private:
  template <class F>
  void each_below(Relation relation, F&& f) {
    if (relation->rd_rel->relkind != RELKIND_PARTITIONED_TABLE) {
      each_row(relation, f);
      return;
    }
    pg::require_partitions_readable(relation);
    PartitionDesc partitions = RelationGetPartitionDesc(relation, true);
    for (int i = 0; i < partitions->nparts && !stopped_; i++) {
      if (!pg::partition_may_hold(relation, partitions, i, "created_at", range_.from, range_.to)) continue;
      Relation partition = table_open(partitions->oids[i], AccessShareLock);
      each_below(partition, f);
      table_close(partition, AccessShareLock);
    }
  }

  template <class F>
  void each_row(Relation relation, F&& f) {
    pg::BlockScan scan;
    scan.open(relation, {RelationGetRelid(relation), events_.columns, events_.own_type}, access::events::created_at, range_.from, range_.to, snapshot_);
    while (!stopped_ && scan.next()) f(scan);
    scan.close();
  }

  pg::Table events_;
  Snapshot snapshot_;
  pg::Range range_;
  bool stopped_ = false;
};

}  // namespace ea::rollup
