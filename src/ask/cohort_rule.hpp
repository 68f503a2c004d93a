// The rule of a cohort as define_cohort() takes it (docs/cohort.md), checked and made a tree.
#pragma once

#include <algorithm>
#include <tuple>

#include "core/cohort/rule.hpp"
#include "core/value/counters.hpp"
#include "pg/array.hpp"
#include "store/tables.hpp"

namespace ea::rollup {

// The columns of explore_viewers that a rule may look at, in this order.
inline constexpr const char* kProfileTexts[] = {"gender", "country", "region", "city", "language"};
inline constexpr int kBirthYear = lengthof(kProfileTexts);

struct CohortCondition {
  // What viewers did: so many events of a type, of a content or of a creator's, or of all.
  bool did;
  core::Engagement type;
  Key of;
  uint32 at_least;
  int64 within;                 // microseconds before now; 0: ever

  // What is known about them: one of the values, in ascending order, or a year from .. to.
  int column;
  const std::string_view* values;
  int value_count;
  int64 from, to;

  bool operator==(const CohortCondition& other) const {
    return std::tie(did, type, of.scope, of.id, at_least, within, column, from, to) ==
               std::tie(other.did, other.type, other.of.scope, other.of.id, other.at_least, other.within, other.column, other.from, other.to) &&
           std::equal(values, values + value_count, other.values, other.values + other.value_count);
  }
};

struct CohortRule {
  pg::Array<core::RuleNode> nodes;
  pg::Array<CohortCondition> conditions;

  core::Rule tree() const { return {nodes.begin(), (size_t)nodes.size()}; }
};

// Error 22023 for what is no rule, 54000 for one too large, with a JSON pointer to the place.
CohortRule read_cohort_rule(Jsonb* rule);

}  // namespace ea::rollup
