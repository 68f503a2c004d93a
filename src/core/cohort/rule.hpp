// A rule about viewers: conditions, joined by all, any and not, in postfix order. Who meets it follows from the sets of those
// who meet each condition, and nobody else need be known as long as the rule fails for whoever meets none of them.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "core/set/viewer_set.hpp"

namespace ea::core {

enum class RuleKind : std::uint8_t { condition, negation, all, any };

struct RuleNode {
  RuleKind kind;
  std::int32_t number;    // of a condition: which one; of all and any: of how many rules before it, at least one
};

using Rule = std::span<const RuleNode>;

// Whether the rule holds for somebody, where holds(number) tells of each condition whether it does.
template <class F>
bool rule_holds(Rule rule, std::pmr::memory_resource* memory, F&& holds) {
  std::pmr::vector<char> stack(memory);
  for (const RuleNode& node : rule) {
    switch (node.kind) {
      case RuleKind::condition: stack.push_back(holds(node.number)); break;
      case RuleKind::negation: stack.back() = !stack.back(); break;
      case RuleKind::all:
      case RuleKind::any: {
        const bool all = node.kind == RuleKind::all;
        char result = all;
        for (std::int32_t i = 0; i < node.number; ++i) {
          result = all ? result && stack.back() : result || stack.back();
          stack.pop_back();
        }
        stack.push_back(result);
        break;
      }
    }
  }
  return stack.back();
}

// Whether it holds for those for whom no condition does, so that everybody must be known.
bool holds_without_conditions(Rule rule, std::pmr::memory_resource* memory);

// How many parts wait at once to be joined, at the most.
std::size_t parts_at_once(Rule rule);

// Joins the parts of a rule, so that no more than parts_at_once() are there at a time: take(number) is the part of a
// condition, and join(kind, a, b) makes one part of two, where kind is all or any. A part has a bool `others`: it is all but
// what it holds.
template <class Part, class Take, class Join>
Part reduce(Rule rule, Part* parts, Take&& take, Join&& join) {
  for (const RuleNode& node : rule) {
    switch (node.kind) {
      case RuleKind::condition: *parts++ = take(node.number); break;
      case RuleKind::negation: parts[-1].others = !parts[-1].others; break;
      case RuleKind::all:
      case RuleKind::any:
        for (std::int32_t i = 1; i < node.number; ++i, --parts) parts[-2] = join(node.kind, parts[-2], parts[-1]);
        break;
    }
  }
  return parts[-1];
}

// A settled set, or all but that.
struct RulePart {
  const ViewerSet* set;
  bool others;
};
// Of two parts: a set, and whether all but that is meant.
ViewerSet joined(RuleKind kind, const RulePart& a, const RulePart& b, bool* others, std::pmr::memory_resource* memory);

}  // namespace ea::core
