// The numbers of every key by UTC day, for the daily views: all days and keys of a scope in one pass.
#pragma once

#include <algorithm>

#include "ask/read_path.hpp"

namespace ea::rollup {

// Which days and keys are wanted, and of the numbers whether the viewers, which are dear to count.
struct DaysWanted {
  core::Span range;                      // of whole days
  const AscendingIds* ids = nullptr;     // null: all
  bool viewers = true;                   // else unique_viewers means nothing

  bool has(int64 id) const { return !ids || std::binary_search(ids->begin(), ids->end(), id); }
};

struct DayOfKey {
  int64 id, day;    // days count from 2000-01-01
  core::Header numbers;
};

// The days with events of each key, ascending; keys in no order. Contents need not have a row. What it holds is the resource
// owner's and the memory context's that were current when it began.
class DailyPass {
 public:
  virtual bool next(DayOfKey* row) = 0;    // false: there is none, now or later
  virtual void close() = 0;

 protected:
  ~DailyPass() = default;
};

// In the active snapshot, which must last as long as the pass; so must the ids.
DailyPass* begin_days(const pg::Home& home, ScopeKind scope, const DaysWanted& wanted);

}  // namespace ea::rollup
