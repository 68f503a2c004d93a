// Verify: compares rollups with raw rows, event by event, and every stored summary with the events below it.
#pragma once

#include "core/tree/bucket.hpp"
#include "pg/statement.hpp"

namespace ea::rollup {

// Takes what is wrong: in the span of one content ("content"), creator or the platform (0).
class Findings {
 public:
  virtual void add(const char* scope, int64 id, const core::Span& span, const char* problem, pg::Optional<int64> stored, int64 raw) = 0;

 protected:
  ~Findings() = default;
};

// In the active snapshot. What is older than the raw horizon is proved as far as raw rows are left: each
// must be among the stored events. `summaries`: look at every stored summary too, of all time.
void verify(const pg::Home& home, const pg::Range& range, bool summaries, Findings& findings);

// The same of sessions, which have other raw rows.
void verify_sessions(const pg::Home& home, const pg::Range& range, Findings& findings);

}  // namespace ea::rollup
