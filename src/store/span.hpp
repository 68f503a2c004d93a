// A range of arguments as core's span of time.
#pragma once

#include "core/tree/bucket.hpp"
#include "pg/args.hpp"

namespace ea::rollup {

inline core::Span span_of(const pg::Range& range) { return {range.from, range.to}; }

}  // namespace ea::rollup
