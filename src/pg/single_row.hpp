// One row inserted into a table, or one changed, as a statement does it, without planner and executor: for what a call does
// once, and the next call again. What checks and indexes need is prepared once, and kept until the table changes.
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

// One for a table and what is done to it, for as long as the process lives, as a Statement is.
class SingleRow {
 public:
  SingleRow();
  SingleRow(const SingleRow&) = delete;
  SingleRow& operator=(const SingleRow&) = delete;

  // False, and nothing done but locking it, where a statement would do more than store rows, check them and keep btrees up.
  // For insert(): column `now` of the list takes the time of the transaction, which must be its default.
  bool open_to_insert(const Table& table, int now) { return open(table, now); }
  bool open_to_change(const Table& table) { return open(table, 0); }

  // The columns of the list in its order; null where `nulls` says so.
  void insert(const Datum* values, const bool* nulls);
  // A row that this transaction has locked is given another value of one column.
  void change(TupleTableSlot* row, int column, Datum value);
  void close();    // what was done is seen by the next command

 private:
  static void forget(Datum, Oid relation);
  bool open(const Table& table, int now);
  bool fits(const Table& wanted, int now);
  bool prepare(const Table& wanted, int now);
  void set(int column, Datum value, bool null);
  void check();

  // Kept. `of_` is invalid while it is in use: if an error ends that, what is prepared may be half of it.
  Oid of_ = InvalidOid;
  EState* state_ = nullptr;
  ResultRelInfo* info_ = nullptr;
  Oid* indexes_ = nullptr;
  AttrNumber places_[Places::kMost] = {};
  SingleRow* next_;

  // From open() to close().
  Relation table_ = nullptr;
  TupleTableSlot* slot_ = nullptr;
  int columns_ = 0;
  uint64 changes_ = 0;    // of relations, by then
};

}  // namespace ea::pg
