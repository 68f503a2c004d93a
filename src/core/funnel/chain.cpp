#include "core/funnel/chain.hpp"

namespace ea::core {

// The earliest continuation of a start gets as far as any, and of a later start none of its rows is earlier: so all starts
// together pass each row once for each step.
FunnelChain furthest_chain(std::span<const FunnelRow> rows, std::int64_t starts_before, std::int64_t within, int wanted, Pulse& pulse) {
  FunnelChain best;
  std::size_t row_of[kMostSteps] = {};    // of each step: for the start at hand, or where to look from
  for (std::size_t first = 0; first < rows.size() && rows[first].at < starts_before; first++) {
    pulse();
    if (!(rows[first].steps & 1)) continue;
    row_of[0] = first;
    int steps = 1;
    for (; steps < wanted; steps++) {
      std::size_t& row = row_of[steps];
      if (row <= row_of[steps - 1]) row = row_of[steps - 1] + 1;
      for (; row < rows.size() && !(rows[row].steps >> steps & 1); row++) pulse();
      if (row == rows.size() || static_cast<std::uint64_t>(rows[row].at) - static_cast<std::uint64_t>(rows[first].at) > static_cast<std::uint64_t>(within)) break;
    }
    if (steps <= best.steps) continue;
    best.steps = steps;
    best.first = first;
    for (int step = 0; step < steps; step++) best.at[step] = rows[row_of[step]].at;
    if (steps == wanted) break;
  }
  return best;
}

}  // namespace ea::core
