// Writing rows straight into one of our own tables: buffered, many at a time, indexes kept up. For a caller who alone writes
// them; a table that wants more than that for its rows is refused (served.hpp).
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

class TableWriter {
 public:
  void open(const Table& table);
  // The columns of the table's list one after another, then the end of the row; values are copied. Columns that somebody
  // else has added stay null.
  TableWriter& add(Datum value);
  TableWriter& null();
  void end_row();
  void remove(const ItemPointerData& tid);
  void flush();    // makes everything so far visible to snapshots taken from now on
  void close();    // flushes

  int64 rows() const { return rows_; }
  int64 bytes() const { return bytes_; }

 private:
  static constexpr int kBuffered = 500;
  static constexpr Size kBufferedBytes = 4 << 20;

  TupleTableSlot* row();      // being filled
  int place();                // of the next column in it

  Relation table_ = nullptr;
  EState* state_ = nullptr;
  ResultRelInfo* info_ = nullptr;
  MemoryContext context_ = nullptr;           // that was current at open()
  MemoryContext buffer_context_ = nullptr;    // of the rows not yet written
  TupleTableSlot* slots_[kBuffered] = {};
  int buffered_ = 0;
  Size buffered_bytes_ = 0;
  Places places_;
  int columns_ = 0;
  int column_ = 0;      // how many of them the row being filled has
  bool changed_ = false;
  int64 rows_ = 0;
  int64 bytes_ = 0;
};

}  // namespace ea::pg
