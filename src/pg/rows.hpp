// Result rows of a set-returning function, kept in a tuplestore.
#pragma once

#include "pg/statement.hpp"

namespace ea::pg {

class Rows {
 public:
  explicit Rows(FunctionCallInfo fcinfo) : info_(prepare(fcinfo)) {}

  Rows& add(Datum value) { values_[column_] = value; nulls_[column_++] = false; return *this; }
  Rows& null() { values_[column_] = 0; nulls_[column_++] = true; return *this; }
  Rows& add(bool given, Datum value) { return given ? add(value) : null(); }
  Rows& int64_value(int64 value) { return add(Int64GetDatum(value)); }
  Rows& float8_value(double value) { return add(Float8GetDatum(value)); }
  Rows& float8_or_null(double value) { return add(!std::isnan(value), Float8GetDatum(value)); }    // NaN is NULL
  Rows& text_value(const char* value) { return add(CStringGetTextDatum(value)); }
  // Every row and column of the query's last result, as they are.
  void add_all(const Query& query, uint64 rows) {
    for (uint64 row = 0; row < rows; row++) {
      for (int column = 1; column <= info_->setDesc->natts; column++)
        add(!query.is_null(row, column), query.value(row, column));
      end_row();
    }
  }
  void end_row() {
    Assert(column_ == info_->setDesc->natts);
    tuplestore_putvalues(info_->setResult, info_->setDesc, values_, nulls_);
    column_ = 0;
  }

 private:
  static constexpr int kMaxColumns = 32;
  static ReturnSetInfo* prepare(FunctionCallInfo fcinfo) {
    InitMaterializedSRF(fcinfo, 0);
    return (ReturnSetInfo*)fcinfo->resultinfo;
  }

  ReturnSetInfo* info_;
  Datum values_[kMaxColumns];
  bool nulls_[kMaxColumns];
  int column_ = 0;
};

}  // namespace ea::pg
