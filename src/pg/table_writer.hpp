// Writing rows straight into one of our own tables: buffered, many at a time, indexes kept up. For tables
// without triggers, defaults or constraints besides their keys, and for a caller who alone writes them.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

class TableWriter {
 public:
  void open(Oid table);
  // The row is complete when the last column has been added; values are copied.
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

  Relation table_ = nullptr;
  EState* state_ = nullptr;
  ResultRelInfo* info_ = nullptr;
  MemoryContext context_ = nullptr;           // that was current at open()
  MemoryContext buffer_context_ = nullptr;    // of the rows not yet written
  TupleTableSlot* slots_[kBuffered] = {};
  int buffered_ = 0;
  Size buffered_bytes_ = 0;
  int column_ = 0;
  bool changed_ = false;
  int64 rows_ = 0;
  int64 bytes_ = 0;
};

}  // namespace ea::pg
