#include "ask/cohort_conditions.hpp"

#include "ask/period.hpp"

namespace ea::rollup {

TimestampTz began(const CohortCondition& condition) {
  return condition.within == 0 ? DT_NOBEGIN : before(GetCurrentTransactionStartTimestamp(), condition.within);
}

const AscendingIds& CreatorContents::of(const pg::Home& home, Snapshot snapshot, int64 creator) {
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.creator == creator; });
  return found != known_.end() ? found->contents : known_.append({creator, contents_of_creator(home, snapshot, creator)}).contents;
}

DoneCondition done_condition(const pg::Home& home, Snapshot snapshot, const CohortRule& rule, int number, CreatorContents* creators) {
  const CohortCondition& condition = rule.conditions[number];
  DoneCondition done{&condition, number, began(condition), {}};
  if (condition.of.scope == ScopeKind::creator)
    done.contents = creators->of(home, snapshot, condition.of.id);
  else if (condition.of.scope == ScopeKind::content && content_exists(home, snapshot, condition.of.id))
    done.contents.append(condition.of.id);
  return done;
}

bool meets(const CohortCondition& condition, std::string_view text) {
  return text.data() && std::binary_search(condition.values, condition.values + condition.value_count, text);
}

bool meets(const CohortCondition& condition, bool known, int64 birth_year) {
  return known && condition.from <= birth_year && birth_year <= condition.to;
}

}  // namespace ea::rollup
