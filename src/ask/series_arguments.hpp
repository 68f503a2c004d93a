// Arguments that questions about a metric share: each is refused with what may be given.
#pragma once

#include "ask/series.hpp"

namespace ea::rollup {

core::Metric metric_argument(FunctionCallInfo fcinfo, int i, const char* otherwise);    // of summaries
SeriesMetric series_metric_argument(FunctionCallInfo fcinfo, int i);
core::LocalUnit unit_argument(FunctionCallInfo fcinfo, int i, const char* otherwise = "day");
const char* zone_argument(FunctionCallInfo fcinfo, int i);           // NULL: UTC

// One content, one creator, or the platform when neither is given; 42501 unless the caller may ask about it.
Scope scope_argument(FunctionCallInfo fcinfo, const pg::Home& home, int content, int creator);
Scope scope_argument(FunctionCallInfo fcinfo, const pg::Home& home, int creator);

}  // namespace ea::rollup
