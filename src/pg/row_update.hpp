// Rows changed straight, as an UPDATE of a few columns does it, without planner and executor. It waits for nobody: a row that
// somebody else is changing stays as it is.
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

class RowUpdate {
 public:
  static constexpr int kMostColumns = 8;

  // The first column of the list tells rows apart, the others are what is changed; all are of 8 bytes and stored by value.
  // False, and nothing done but locking the table, where an UPDATE would do more than store rows, check them and keep indexes
  // up. Triggers for rows that call `idle` do nothing as long as no other column changes.
  bool open(const Table& table, Oid idle);

  Oid index() const;    // that finds rows by the first column, or invalid

  // Whether the first `count` changed columns of a row that a scan has found differ from these values.
  bool differs(TupleTableSlot* row, const Datum* values, int count);
  // Gives a row that was found in the active snapshot new values. Who has changed it since then, and committed, keeps what
  // other columns were given. False where somebody is changing it, or it is gone, or is another one by its first column.
  bool write(TupleTableSlot* row, const Datum* values);
  void flush();    // gives the indexes their entries, which must be before the command counter moves on
  void close();    // makes the changes visible to snapshots taken from now on

 private:
  static constexpr int kAtOnce = 5000;

  TM_Result put(TupleTableSlot* row, const Datum* values, bool wait);
  bool lock(TupleTableSlot* row);
  TupleTableSlot* changed_row(TupleTableSlot* row, const Datum* values);
  void insert_entries(TupleTableSlot** rows, int count, bool of_summaries);

  Relation table_ = nullptr;
  EState* state_ = nullptr;
  ResultRelInfo* info_ = nullptr;
  bool* changed_indexes_ = nullptr;    // whose keys depend on the changed columns
  bool checked_ = false;
  bool written_ = false;
  AttrNumber places_[kMostColumns] = {};
  bool floats_[kMostColumns] = {};
  int columns_ = 0;
  TupleTableSlot* found_ = nullptr;
  // New versions whose entries are not in the indexes yet. Nobody misses them: they are seen by nobody, and whoever looks
  // for their keys finds the versions before them.
  TupleTableSlot** slots_ = nullptr;
  int count_ = 0;
  CommandId command_ = InvalidCommandId;    // that has written them
  Datum* values_ = nullptr;
  bool* nulls_ = nullptr;
};

}  // namespace ea::pg
