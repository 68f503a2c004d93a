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

// The same for who wants one row of a value and nothing of those in between: steps go from entry to entry of the index, and a
// row is looked at only where the value is the one.
class AscendingEntries {
 public:
  // The scan has to be opened through an index that begins with a bigint that is never null.
  explicit AscendingEntries(IndexScan& scan) : scan_(scan) {
    if (!scan_.index()) raise(failure(ERRCODE_INTERNAL_ERROR, "there are no entries without an index"));
    scan_.want_entries();
  }

  // Whether the snapshot sees a row that has this value, and fits: the scan is at it. Values ascend.
  bool find(int64 value) {
    return find(value, [] { return true; });
  }
  template <class F>
  bool find(int64 value, F&& fits) {
    for (bool there = has(value); there; step(), there = found_ && value_ == value)
      if (scan_.fetch() && fits()) return true;
    return false;
  }
  // Whether there is an entry, be it of a row that nobody sees.
  bool has(int64 value) {
    // No more entries than this are passed instead of a search, where values are as good as unique.
    constexpr uint64 kNear = 64;
    while (found_ && value_ < value && (uint64)value - (uint64)value_ <= kNear) step();
    if (found_ ? value_ < value : !ended_) {
      scan_.at_least(1, value).start();
      step();
    }
    return found_ && value_ == value;
  }

 private:
  void step() {
    found_ = scan_.next_entry(&value_);
    ended_ = !found_;
  }

  IndexScan& scan_;
  bool found_ = false, ended_ = false;
  int64 value_ = 0;
};

}  // namespace ea::pg
