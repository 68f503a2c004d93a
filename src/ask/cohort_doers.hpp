// Who did so much as the conditions of a rule want, told by events.
#pragma once

#include "ask/cohort_conditions.hpp"
#include "ask/counted_viewers.hpp"
#include "ask/viewer_sets.hpp"
#include "pg/args.hpp"

namespace ea::rollup {

class CohortDoers {
 public:
  CohortDoers(const pg::Home& home, const CohortRule& rule, ViewerSets& sets);

  // A condition. 55000 where it asks for events that are lost.
  void add(int number);
  // Those who meet the conditions, into their sets: in one walk over the events, however many conditions there are.
  void find();

 private:
  [[noreturn]] void lost(const CohortCondition& condition) const;
  void see(const DoneCondition& one, int64 viewer) {
    if (one.rule->at_least > 1) counts_.see(one.number, viewer);
    else sets_.insert(one.number, viewer);
  }
  void see(int64 content, core::Engagement type, int64 viewer, TimestampTz at);
  void each_raw();
  void each_of_all(const pg::Range& range);
  void each_stored();

  const pg::Home& home_;
  const CohortRule& rule_;
  ViewerSets& sets_;
  Snapshot snapshot_;
  CountedViewers counts_;
  CreatorContents creators_;
  TimestampTz horizon_, first_ = DT_NOEND;
  pg::Array<DoneCondition> conditions_;
  pg::Array<const DoneCondition*> by_type_[core::kEngagements];
};

}  // namespace ea::rollup
