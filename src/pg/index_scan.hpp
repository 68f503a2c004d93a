// Reading a table straight, through an index or from end to end: no planning, no executor, in a given snapshot. Server
// resources in it are the resource owner's, so an error needs no destructor.
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

// An index of ours, a btree: what it stands on decides what a scan of it means. Columns are numbers of the table's list;
// negative ones descend.
struct Index {
  static constexpr int kMostColumns = 4;
  const char* name;
  int columns[kMostColumns];    // ends at 0
  bool partial = false;
};

// Whether an index, given by its row, was built over rows that had been changed in place: it knows their last versions alone,
// and our snapshots may see older ones.
bool is_too_young(const FormData_pg_index* form, const HeapTupleData* tuple);

// A valid btree index of all rows of the table whose first columns are these, ascending; invalid when there is none.
Oid find_index(Relation table, std::initializer_list<AttrNumber> columns);
// The same for one column, of all rows where it is not null.
Oid find_index_without_nulls(Relation table, AttrNumber column);

class IndexScan {
 public:
  static constexpr int kMaxKeys = 6;

  // Every open() leaves the columns of `table` where their numbers find them, or raises 55000.
  void open(const Table& table, Snapshot snapshot);     // from end to end
  // In the order of the index, which is looked up when the table is locked; 55000 where it is not what it should be.
  void open(const Table& table, const Index& index, Snapshot snapshot);
  // Through any index that begins with the column, or else from end to end: conditions are on key(column).
  void open_by(const Table& table, int column, Snapshot snapshot);
  // Through an index that find_index() has found in this transaction, with the table locked against its end ever since: one
  // that is being dropped concurrently is kept up until then, and holds every row, though it is called invalid.
  void open_found(const Table& table, Oid index, Snapshot snapshot);
  void open_by(Relation table, const Table& wanted, int column, Snapshot snapshot);   // the relation stays the caller's
  bool is_open() const { return table_ != nullptr; }

  // Conditions, ANDed: `column` counts from 1 in the index, or in the table's list for a plain scan.
  IndexScan& where(int column, StrategyNumber strategy, RegProcedure procedure, Datum value);
  IndexScan& equal(int column, int64 value) { return where(column, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(value)); }
  IndexScan& equal_int2(int column, int16 value) { return where(column, BTEqualStrategyNumber, F_INT2EQ, Int16GetDatum(value)); }
  IndexScan& at_least(int column, int64 value) { return where(column, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(value)); }
  IndexScan& at_most(int column, int64 value) { return where(column, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(value)); }
  IndexScan& above(int column, int64 value) { return where(column, BTGreaterStrategyNumber, F_INT8GT, Int64GetDatum(value)); }
  int key(int column) const { return index_ ? 1 : column; }
  Relation index() const { return index_; }     // null of a plain scan
  void start(bool backward = false);     // with the conditions given since the last start
  bool next();      // to the next row
  // Of an index that begins with a bigint that is never null, when said before start(): to the next entry, with its key. Its
  // row is looked at by fetch() alone, which tells whether the snapshot sees it.
  void want_entries() { entries_ = true; }
  bool next_entry(int64* key);
  bool fetch() { return index_fetch_heap(index_scan_, slot_); }
  bool any();       // whether there is one: its columns may be unread, where the visibility map tells
  void close();

  // Of the row, by the number in the table's list.
  Datum value(int column, bool* null) const { return slot_getattr(slot_, places_[column], null); }
  int64 int64_at(int column) const;      // of a column that is never null
  int32 int32_at(int column) const;
  int16 int16_at(int column) const;
  const ItemPointerData& tid() const { return slot_->tts_tid; }
  TupleTableSlot* row() const { return slot_; }

 private:
  void begin(Relation table, const Table& wanted, Snapshot snapshot);
  void begin_own(const Table& table, Snapshot snapshot);
  void use(Oid index);
  void check(const Index& wanted) const;

  Relation table_ = nullptr;
  Relation index_ = nullptr;
  bool own_table_ = false;
  Places places_;
  Snapshot snapshot_ = nullptr;
  MemoryContext context_ = nullptr;      // that was current at open(): scans live as long
  TupleTableSlot* slot_ = nullptr;
  IndexScanDesc index_scan_ = nullptr;
  TableScanDesc table_scan_ = nullptr;
  ScanKeyData keys_[kMaxKeys];
  int key_count_ = 0;
  bool backward_ = false;
  bool entries_ = false;    // are wanted
  Buffer map_ = InvalidBuffer;      // of the visibility map
  int open_keys_ = -1;     // how many keys the running index scan was made for
};

}  // namespace ea::pg
