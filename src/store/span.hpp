// A range of arguments as core's span of time, and days.
#pragma once

#include "core/tree/bucket.hpp"
#include "pg/args.hpp"

namespace ea::rollup {

inline constexpr int kDayLevel = 4;
static_assert(core::kWidths[kDayLevel] == core::kDay);

inline core::Span span_of(const pg::Range& range) { return {range.from, range.to}; }

}  // namespace ea::rollup
