// Arguments that all doors of attribution take.
#pragma once

#include "core/attribution/model.hpp"
#include "pg/args.hpp"

namespace ea {

inline constexpr const char* kModels = "model is first, last, linear, position, time_decay, shapley or markov.";

inline core::AttributionModel attribution_model_named(const char* name) {
  const std::optional<core::AttributionModel> model = core::find_attribution_model(name);
  if (!model) pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "model", name), "%s", kModels));
  return *model;
}

inline int64 half_life_argument(FunctionCallInfo fcinfo, int i) { return pg::span_argument(fcinfo, i, 7 * USECS_PER_DAY, "half_life"); }

}  // namespace ea
