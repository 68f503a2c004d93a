// Rows in ascending order of a column that tells them apart or nearly so, some of which are wanted: neighbours are stepped to,
// others are looked up, so that it costs neither the rows in between nor a search for each.
#pragma once

#include "pg/index_scan.hpp"

namespace ea::pg {

class Ascending {
 public:
  // The scan has to be opened through an index that begins with the column.
  Ascending(IndexScan& scan, int column) : scan_(scan), column_(column) {}

  // To the first row that has this value, or a larger one where there is none; values do not descend.
  bool seek(int64 value) {
    if (!scan_.index()) raise(failure(ERRCODE_INTERNAL_ERROR, "rows without an index are in no order"));
    constexpr int kSteps = 8;
    for (int step = 0; found_ && value_ < value && step < kSteps; step++) next();
    if (ended_ || (found_ && value_ >= value)) return found_;
    scan_.at_least(1, value).start();
    return next();
  }
  bool next() {
    found_ = scan_.next();
    ended_ = !found_;
    if (found_) value_ = scan_.int64_at(column_);
    return found_;
  }
  // Whether it is at a row with that value.
  bool at(int64 value) const { return found_ && value_ == value; }
  int64 value() const { return value_; }

 private:
  IndexScan& scan_;
  int column_;
  bool found_ = false, ended_ = false;
  int64 value_ = 0;
};

}  // namespace ea::pg
