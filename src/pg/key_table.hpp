// Rows of a table with a unique key, inserted unless the key is there, as INSERT ... ON CONFLICT does it in READ COMMITTED
// mode, without planner and executor. Whoever takes several keys takes them in ascending order, so that nobody deadlocks.
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

class KeyTable {
 public:
  static constexpr int kMostColumns = 8;

  // The first `keys` columns of the list are those of its one unique index; none of the list is ever null. False, and
  // nothing done but locking it, if the table wants more than that.
  bool open(const Table& table, int keys);
  bool is_open() const { return table_ != nullptr; }

  // Keys that are about to be claimed, as pg/look_ahead takes them.
  void look_ahead(const Datum* first, const Datum* second, int count);

  // Rows are the values of the columns in the list's order.
  // Inserts the row unless its key is there; waits for whoever is about to insert or delete the same key. False if it is
  // there, and then it can be looked at. Who expects it to be new saves a look, and where it is not, leaves a dead row.
  bool claim(const Datum* row, bool expected_new = false);
  // After a run of claims, which share one token of speculative insertion.
  void end_claims();

  // Whether the row is there for the present snapshot, waiting for nobody; then it can be looked at.
  bool see(const Datum* row);

  Datum found(int column);
  // Locks the row that was found; false if it is another by now, and the key is to be claimed again.
  bool lock_found();
  void replace_found(const Datum* row);

  void close();

 private:
  struct Index {
    Relation relation;
    IndexInfo* info;
  };

  bool look_for(const Datum* row);
  void set_keys(ScanKeyData* keys, const Datum* row) const;
  bool insert(const Datum* row);
  void fill(const Datum* row);
  void check();
  bool insert_entries(IndexUniqueCheck unique, bool of_summaries = false);
  void end_scan();

  Relation table_ = nullptr;
  ResultRelInfo* info_ = nullptr;
  EState* state_ = nullptr;
  bool checked_ = false;
  AttrNumber places_[kMostColumns] = {};
  int columns_ = 0;
  int keys_ = 0;
  uint32 token_ = 0;                      // of rows being inserted; kept while the next row is checked, not while another transaction is waited for
  int unique_ = -1;                       // which index
  int key_of_[kMostColumns] = {};         // columns of that index, by the list
  RegProcedure equal_[kMostColumns] = {};
  SnapshotData dirty_;
  IndexScanDesc scan_ = nullptr;
  TupleTableSlot* found_ = nullptr;
  TupleTableSlot* slot_ = nullptr;
};

}  // namespace ea::pg
