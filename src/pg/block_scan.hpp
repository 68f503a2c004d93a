// The rows of a table whose time is in a range, in no order, a page at a time: straight from the blocks that a BRIN index
// names, or from all of them where there is none. Many rows at a third of what the executor takes for them.
#pragma once

#include "pg/array.hpp"
#include "pg/columns.hpp"

namespace ea::pg {

class BlockScan {
 public:
  // `column` is a timestamptz that is never null. The relation stays the caller's.
  void open(Relation table, const Table& wanted, int column, TimestampTz from, TimestampTz to, Snapshot snapshot);
  bool next();
  void close();

  // Of the row, by the number in the table's list.
  Datum value(int column, bool* null) const { return slot_getattr(slot_, places_[column], null); }
  int64 int64_at(int column) const {
    bool null;
    return DatumGetInt64(value(column, &null));
  }

 private:
  struct Run {
    BlockNumber first, last;
  };
  void find_blocks(Oid index);
  bool next_row();

  Relation table_ = nullptr;
  Snapshot snapshot_ = nullptr;
  MemoryContext context_ = nullptr;
  Places places_;
  int column_ = 0;
  TimestampTz from_ = 0, to_ = 0;
  bool by_blocks_ = true;    // other kinds of storage than heaps need not have any
  TupleTableSlot* slot_ = nullptr;
  TableScanDesc scan_ = nullptr;
  Array<Run> runs_;
  int64 next_run_ = 0;
  uint32 rows_ = 0;
};

// Which partitions of a table that is partitioned by ranges of one column may hold such times; all, where it is not.
bool partition_may_hold(Relation parent, PartitionDesc partitions, int partition, const char* column, TimestampTz from, TimestampTz to);

}  // namespace ea::pg
