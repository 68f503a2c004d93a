// What the conditions of a rule need to be told by events: contents looked up, times made moments.
#pragma once

#include "ask/cohort_rule.hpp"
#include "pg/home.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

struct DoneCondition {
  const CohortCondition* rule;
  int number;                // of the condition
  TimestampTz from;
  AscendingIds contents;     // unless all of the platform

  bool of_all() const { return rule->of.scope == ScopeKind::platform; }
  // An event of the right type.
  bool takes(int64 content, TimestampTz at) const {
    return at >= from && (of_all() || std::binary_search(contents.begin(), contents.end(), content));
  }
};

// The contents of creators, each looked up once.
class CreatorContents {
 public:
  const AscendingIds& of(const pg::Home& home, Snapshot snapshot, int64 creator);

 private:
  struct Known {
    int64 creator;
    AscendingIds contents;
  };
  pg::Array<Known> known_;
};

// Views, if only whether there are any, are in the sets of the rollups.
inline bool told_by_rollups(const CohortCondition& condition) { return condition.type == core::Engagement::view && condition.at_least == 1; }

// When what counts began, for the running transaction; there is no end, so that its own events count.
TimestampTz began(const CohortCondition& condition);

DoneCondition done_condition(const pg::Home& home, Snapshot snapshot, const CohortRule& rule, int number, CreatorContents* creators);

// Before the horizon the rollups know who viewed, and nothing of who did anything else.
inline bool needs_lost_events(const CohortCondition& condition, TimestampTz horizon) {
  return condition.did && condition.type != core::Engagement::view && began(condition) < horizon;
}

// Whether a profile meets a condition about it. `text` is the value of the column, its data null where that is NULL.
bool meets(const CohortCondition& condition, std::string_view text);
bool meets(const CohortCondition& condition, bool known, int64 birth_year);

}  // namespace ea::rollup
