// The numbers of every key by UTC day, for the daily views: all days and keys of a scope in one pass.
#pragma once

#include "ask/read_path.hpp"

namespace ea::rollup {

// Which days and keys are wanted, and of the numbers whether the viewers, which are dear to count.
struct DaysWanted {
  core::Span range;                      // of whole days
  const AscendingIds* ids = nullptr;     // null: all
  bool viewers = true;                   // else unique_viewers means nothing
};

class DayVisitor {
 public:
  virtual void day(int64 id, int64 day, const core::Header& numbers) = 0;    // days count from 2000-01-01

 protected:
  ~DayVisitor() = default;
};

// The days with events of each key, ascending; keys in no order. Contents need not have a row.
void visit_days(const pg::Home& home, ScopeKind scope, const DaysWanted& wanted, DayVisitor& visitor);

}  // namespace ea::rollup
