// The tail: events above the watermark, read from the raw table through its index on epoch.
#pragma once

#include "core/tree/bucket.hpp"
#include "core/tree/timed_event.hpp"
#include "pg/home.hpp"

namespace ea::rollup {

struct TailEvent {
  int64 content;
  int64 session;     // 0: none
  core::TimedEvent event;
};

// Whose events are wanted.
struct TailFilter {
  bool all = false;               // contents do not matter
  const int64* contents = nullptr;   // ascending
  int count = 0;
  core::Span range;
  int64 upto = std::numeric_limits<int64>::max();   // epochs no higher than this

  bool takes(int64 content) const;
};

// Events of epochs above `low`, in no order; null when more than `limit` rows had to be looked at.
struct Tail {
  TailEvent* events = nullptr;
  int64 count = 0;
  bool complete = true;
};
Tail read_tail(const pg::Home& home, Snapshot snapshot, int64 low, const TailFilter& filter, int64 limit);

// The same of the contents that a creator has now.
Tail read_tail_of_creator(const pg::Home& home, Snapshot snapshot, int64 low, int64 creator, const core::Span& range, int64 limit);

// Whether the tail has at least so many rows.
bool tail_has(const pg::Home& home, Snapshot snapshot, int64 low, int64 rows);

}  // namespace ea::rollup
