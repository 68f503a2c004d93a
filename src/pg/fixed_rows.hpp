// Result rows of a set-returning function whose columns are all of a fixed size, of which only some are wanted: a row is
// made once, and then only written over. The others are NULL.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

static_assert(FLOAT8PASSBYVAL, "values of 8 bytes are written where they stand");

class FixedRows {
 public:
  // `count`: the columns that there should be. `wanted`: a bit for each, from 0.
  FixedRows(FunctionCallInfo fcinfo, int count, uint32 wanted) {
    InitMaterializedSRF(fcinfo, 0);
    info_ = (ReturnSetInfo*)fcinfo->resultinfo;
    TupleDesc columns = info_->setDesc;
    Assert(count <= kMaxColumns);
    if (columns->natts != count) unfit();
    Datum values[kMaxColumns] = {};
    bool nulls[kMaxColumns];
    Size end = 0;
    for (int i = 0; i < columns->natts; i++) {
      const auto* column = TupleDescAttr(columns, i);
      nulls[i] = !(wanted & (uint32)1 << i);
      if (nulls[i]) continue;
      if (!column->attbyval) unfit();
      end = att_align_nominal(end, column->attalign);
      places_[count_++] = {i, column->attlen, end};
      end += column->attlen;
    }
    row_ = heap_form_tuple(columns, values, nulls);
    values_ = (char*)row_->t_data + row_->t_data->t_hoff;
  }

  // Calls value_of(column) for each column that is wanted.
  template <class F>
  void add(F&& value_of) {
    for (int i = 0; i < count_; i++) store_att_byval(values_ + places_[i].at, value_of(places_[i].column), places_[i].size);
    tuplestore_puttuple(info_->setResult, row_);
  }

 private:
  [[noreturn]] static void unfit() { raise(failure(ERRCODE_INTERNAL_ERROR, "a function does not have the columns that the library fills")); }

  static constexpr int kMaxColumns = 32;
  struct Place {
    int column, size;
    Size at;
  };

  ReturnSetInfo* info_;
  HeapTuple row_;
  char* values_;
  Place places_[kMaxColumns];
  int count_ = 0;
};

}  // namespace ea::pg
