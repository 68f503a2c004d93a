// What the doors of experiments share.
#pragma once

#include "access/identity.hpp"
#include "core/experiments/bucket.hpp"
#include "pg/args.hpp"
#include "pg/encoding.hpp"
#include "store/experiments.hpp"

namespace ea::experiments {

// The name of an experiment, known or not; NULL: 22004.
inline const char* name_argument(FunctionCallInfo fcinfo, int i, const char* what) {
  if (PG_ARGISNULL(i))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "%s must not be null", what), "Pass the name that define_experiment() was given."));
  return text_to_cstring(PG_GETARG_TEXT_PP(i));
}

inline void require_all_viewers(const pg::Home& home) {
  if (access::sees_all(home)) return;
  pg::raise(pg::with_hint(pg::failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for experiments"),
                          "Experiments are of everybody's viewers. explore_analytics.grant_access(role, 'analyse') lets a role ask for results, 'define' define some."));
}

inline core::UnitHash seeded(const char* seed) { return core::UnitHash().add(pg::as_utf8(seed)); }

// -1: none.
inline int assigned(const core::UnitHash& seeded, std::string_view unit, std::span<const double> weights, double coverage) {
  return core::choose_variant(core::experiment_bucket(seeded, pg::as_utf8(unit)), weights, coverage);
}

inline std::span<const double> weights_of(const rollup::Experiment& experiment) { return {experiment.weights, (size_t)experiment.count}; }

}  // namespace ea::experiments
