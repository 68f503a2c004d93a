// Rows inserted into a partitioned table many at a time, without planner and executor: partitions are found by the
// executor's own routing, rows of one are stored together, and each index gets its entries in the order of its keys.
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

class BatchInsert {
 public:
  static constexpr int kMostColumns = 12;

  // What is known of the columns, by their numbers in the table's list.
  struct Target {
    Table table;
    int routed_by;         // of this column alone the partition depends
    int identity;          // takes the next number of the table's sequence
    int computed;          // is given the value of that function, which is its default
    Oid (*default_function)();
  };

  // False, and nothing done but locking it, where an INSERT would do more than that, or where a row may have no partition.
  bool open(const Target& target);
  // The partition of a row, by the column that decides; -1 where that one is not as plain.
  int route(Datum key);

  BatchInsert& set(int column, Datum value);
  BatchInsert& null(int column);
  void add(int partition);    // the row that was set; what its values point to must last until close()
  void close();               // stores what was added

 private:
  static constexpr int kAtOnce = 1000;
  struct Partition {
    ResultRelInfo* info;
    TupleConversionMap* map;
    TupleDesc descriptor;
    bool checked;
    TupleTableSlot** slots;
    int count;
    int made;
  };

  void flush(Partition& partition);

  Target target_;
  Relation table_ = nullptr;
  EState* state_ = nullptr;
  ModifyTableState* node_ = nullptr;
  PartitionTupleRouting* routing_ = nullptr;
  AttrNumber places_[kMostColumns] = {};
  Oid sequence_ = InvalidOid;
  TupleTableSlot* row_ = nullptr;
  Partition* partitions_ = nullptr;
  int count_ = 0, room_ = 0;
};

}  // namespace ea::pg
