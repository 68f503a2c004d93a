#include "core/cohort/rule.hpp"

#include <algorithm>

namespace ea::core {

bool holds_without_conditions(Rule rule, std::pmr::memory_resource* memory) {
  return rule_holds(rule, memory, [](std::int32_t) { return false; });
}

std::size_t parts_at_once(Rule rule) {
  std::size_t parts = 0, most = 0;
  for (const RuleNode& node : rule) {
    if (node.kind == RuleKind::condition) most = std::max(most, ++parts);
    else if (node.kind != RuleKind::negation) parts -= static_cast<std::size_t>(node.number - 1);
  }
  return most;
}

// Any of some is not all of their opposites.
ViewerSet joined(RuleKind kind, const RulePart& a, const RulePart& b, bool* others, std::pmr::memory_resource* memory) {
  const bool any = kind == RuleKind::any;
  const bool not_a = a.others != any, not_b = b.others != any;
  *others = (not_a && not_b) != any;
  if (not_a && not_b) return ViewerSet::unite(*a.set, *b.set, memory);
  if (not_a) return ViewerSet::subtract(*b.set, *a.set, memory);
  if (not_b) return ViewerSet::subtract(*a.set, *b.set, memory);
  return ViewerSet::intersect(*a.set, *b.set, memory);
}

}  // namespace ea::core
