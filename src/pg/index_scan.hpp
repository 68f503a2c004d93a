// Reading a table straight through an index: no planning, no executor, in a given snapshot. Server
// resources in it are the resource owner's, so an error needs no destructor.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// A valid btree index of the table whose first columns are these; invalid when there is none.
Oid find_index(Relation table, std::initializer_list<AttrNumber> columns);

class IndexScan {
 public:
  static constexpr int kMaxKeys = 6;

  // A plain scan of the whole table when `index` is invalid.
  void open(Oid table, Oid index, Snapshot snapshot);
  void open(Relation table, Oid index, Snapshot snapshot);   // the table stays the caller's
  bool is_open() const { return table_ != nullptr; }

  // Conditions, ANDed: `column` counts from 1 in the index, or in the table for a plain scan.
  IndexScan& where(int column, StrategyNumber strategy, RegProcedure procedure, Datum value);
  IndexScan& equal(int column, int64 value) { return where(column, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(value)); }
  IndexScan& equal_int2(int column, int16 value) { return where(column, BTEqualStrategyNumber, F_INT2EQ, Int16GetDatum(value)); }
  IndexScan& at_least(int column, int64 value) { return where(column, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(value)); }
  IndexScan& at_most(int column, int64 value) { return where(column, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(value)); }
  IndexScan& above(int column, int64 value) { return where(column, BTGreaterStrategyNumber, F_INT8GT, Int64GetDatum(value)); }
  void start(bool backward = false);     // with the conditions given since the last start
  bool next();      // to the next row
  void close();

  Relation table() const { return table_; }
  Datum value(AttrNumber column, bool* null) const { return slot_getattr(slot_, column, null); }
  int64 int64_at(AttrNumber column) const;      // of a column that is never null
  int16 int16_at(AttrNumber column) const;
  const ItemPointerData& tid() const { return slot_->tts_tid; }

 private:
  Relation table_ = nullptr;
  Relation index_ = nullptr;
  bool own_table_ = false;
  Snapshot snapshot_ = nullptr;
  MemoryContext context_ = nullptr;      // that was current at open(): scans live as long
  TupleTableSlot* slot_ = nullptr;
  IndexScanDesc index_scan_ = nullptr;
  TableScanDesc table_scan_ = nullptr;
  ScanKeyData keys_[kMaxKeys];
  int key_count_ = 0;
  bool backward_ = false;
  int open_keys_ = -1;     // how many keys the running index scan was made for
};

}  // namespace ea::pg
