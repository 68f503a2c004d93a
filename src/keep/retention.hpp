// Retention: dropping partitions of raw events whose numbers rollups hold. The steps, each a transaction of the
// caller's; readers are right after each of them, however old their snapshot is.
//   take_over()   under the watermark's lock: proves rollups against the partition, folds its sessions, and notes
//                 it in dropped_partitions. From then on nobody who sees the note needs its rows up to the
//                 watermark. The caller waits until everybody sees it.
//   drop()        the DROP, unless later events have come in: these are taken over first.
//   clear_late()  events of dropped months came into the default partition: a plain DELETE.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

struct Partition {
  Oid relation;
  TimestampTz from, to;
  char name[2 * NAMEDATALEN + 8];
};

struct Partitions {
  Partition* list = nullptr;
  int count = 0;
};

// 55000 where explore_engagements is not partitioned by created_at.
void require_partitions(const pg::Home& home);

// Partitions that end before the cutoff, oldest first, allocated by the caller: those not taken over yet, or
// those that are.
Partitions partitions_to_take(const pg::Home& home, TimestampTz cutoff);
Partitions partitions_to_drop(const pg::Home& home, TimestampTz cutoff);

// XX001 when rollups and raw events differ. `summaries`: prove every stored summary too.
void take_over(const pg::Home& home, const Partition& partition, bool summaries);

// False when it has events that are not taken over. `role` is who asked, for the audit log.
bool drop(const pg::Home& home, const Partition& partition, const char* role);

// Returns how many.
int64 clear_late(const pg::Home& home, const char* role);

}  // namespace ea::rollup
