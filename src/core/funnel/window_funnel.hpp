// How far a row of steps was got within a window of time: the aggregate window_funnel.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/loop/pulse.hpp"

namespace ea::core {

inline constexpr int kMostSteps = 32;

// Steps are numbered from 1. A chain of k steps is a row for each of the steps 1 to k, in the order of time, the last one at
// most `within` after the first; a row may serve several of its steps, which then follow one another at one moment.
enum class FunnelMode : std::uint8_t {
  any,         // and nothing else
  once,        // each row serves one step at most
  order,       // a chain goes on only as long as each row inside of it, later than its first, has one of the steps up to the next
  increase,    // each step is later than the one before
  dedup        // each step is served by the earliest row that can; a row with a step that the chain has, but the first, ends it
};
inline constexpr int kFunnelModes = 5;

bool find_funnel_mode(std::string_view name, FunnelMode* mode);    // '': any

struct FunnelRow {
  std::int64_t at;
  std::uint32_t steps;    // bit k - 1: it may serve step k
};

// Whether a row without steps can make a difference.
inline bool needs_every_row(FunnelMode mode) { return mode == FunnelMode::order; }

// The steps of the longest chain, from rows in the order of their times; rows of one time stand in no order. What
// the pulse throws ends it.
int window_funnel(std::span<const FunnelRow> rows, std::int64_t within, FunnelMode mode, Pulse& pulse);

}  // namespace ea::core
