// The way of one viewer through a funnel: the chain that got furthest, of these the one that began first, with its earliest
// continuation.
#pragma once

#include "core/funnel/window_funnel.hpp"
#include "core/loop/pulse.hpp"

namespace ea::core {

struct FunnelChain {
  int steps = 0;
  std::size_t first = 0;            // its first row
  std::int64_t at[kMostSteps];      // when each step was done
};

// Of rows that stand in their order, in which each step is a later row than the one before. The first step is before
// `starts_before`, the last at most `within` after it. `wanted` is the number of steps there are.
// What the pulse throws ends it.
FunnelChain furthest_chain(std::span<const FunnelRow> rows, std::int64_t starts_before, std::int64_t within, int wanted, Pulse& pulse);

}  // namespace ea::core
