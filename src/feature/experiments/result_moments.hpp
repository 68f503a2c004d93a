// Units added up for each metric and variant; with winsorizing, once what is too large is known.
#pragma once

#include "ask/exposed_units.hpp"
#include "core/experiments/moments.hpp"
#include "pg/numbers_sort.hpp"

namespace ea::experiments {

class ResultMoments {
 public:
  // `winsorize`: above which part of the positive values each is taken for the last of these; NaN: none.
  ResultMoments(std::span<const core::UnitMetric> metrics, int variants, double winsorize);

  void add(const rollup::UnitEvents& unit);
  // When all are in.
  void finish();
  const core::Moments& of(int metric, int variant) const { return moments_[metric * variants_ + variant]; }

 private:
  // Of a metric's numbers: each has its own.
  struct Caps {
    int64 value = PG_INT64_MAX, base = PG_INT64_MAX;

    core::UnitValue cap(const core::UnitValue& of) const { return {Min(of.value, value), Min(of.base, base)}; }
  };
  struct MetricCaps {
    Caps after, before;
  };

  bool is_winsorized() const { return file_ != nullptr; }
  core::UnitValues values(int metric, const rollup::UnitEvents& unit) const;
  void add_up(const rollup::UnitEvents& unit);
  int64 cap(int metric, int64 (*number)(const core::UnitValues&));
  template <class F>
  void each_kept(F&& f);

  std::span<const core::UnitMetric> metrics_;
  int variants_;
  double winsorize_;
  pg::Array<core::Moments> moments_;    // metric by metric
  pg::Array<MetricCaps> caps_;
  BufFile* file_ = nullptr;             // units, until caps are known
  int64 kept_ = 0;
};

}  // namespace ea::experiments
