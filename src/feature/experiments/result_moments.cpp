#include "feature/experiments/result_moments.hpp"

#include "pg/compat.hpp"
#include "pg/temporary_file.hpp"

namespace ea::experiments {

ResultMoments::ResultMoments(std::span<const core::UnitMetric> metrics, int variants, double winsorize)
    : metrics_(metrics), variants_(variants), winsorize_(winsorize) {
  for (size_t i = 0; i < metrics.size(); i++) {
    caps_.append({});
    for (int v = 0; v < variants; v++) moments_.append({});
  }
  if (!std::isnan(winsorize)) file_ = BufFileCreateTemp(false);
}

core::UnitValues ResultMoments::values(int metric, const rollup::UnitEvents& unit) const {
  const MetricCaps& caps = caps_[metric];
  return {caps.after.cap(core::unit_value(metrics_[metric], unit.after)), caps.before.cap(core::unit_value(metrics_[metric], unit.before))};
}

void ResultMoments::add_up(const rollup::UnitEvents& unit) {
  for (int i = 0; i < (int)metrics_.size(); i++) moments_[i * variants_ + unit.variant].add(values(i, unit));
}

void ResultMoments::add(const rollup::UnitEvents& unit) {
  if (!is_winsorized()) {
    add_up(unit);
    return;
  }
  BufFileWrite(file_, const_cast<rollup::UnitEvents*>(&unit), sizeof(unit));    // the server's before 16 takes no const
  kept_++;
}

template <class F>
void ResultMoments::each_kept(F&& f) {
  pg::rewind(file_);
  for (int64 i = 0; i < kept_; i++) {
    if ((i & 0x3FFF) == 0) CHECK_FOR_INTERRUPTS();
    rollup::UnitEvents unit;
    pg::read_exactly(file_, &unit, sizeof(unit));
    f(unit);
  }
}

// Of all variants; zeros would make a cap of 0 of what is rare.
int64 ResultMoments::cap(int metric, int64 (*number)(const core::UnitValues&)) {
  pg::NumbersSort sort(work_mem);
  each_kept([&](const rollup::UnitEvents& unit) {
    const int64 n = number(values(metric, unit));
    if (n > 0) sort.add(n);
  });
  return sort.count() == 0 ? PG_INT64_MAX : sort.quantile(winsorize_);
}

void ResultMoments::finish() {
  if (!is_winsorized()) return;
  for (int i = 0; i < (int)metrics_.size(); i++) {
    if (metrics_[i].kind == core::UnitMetricKind::any) continue;
    caps_[i].after.value = cap(i, [](const core::UnitValues& v) { return v.after.value; });
    caps_[i].before.value = cap(i, [](const core::UnitValues& v) { return v.before.value; });
    if (metrics_[i].kind != core::UnitMetricKind::ratio) continue;
    caps_[i].after.base = cap(i, [](const core::UnitValues& v) { return v.after.base; });
    caps_[i].before.base = cap(i, [](const core::UnitValues& v) { return v.before.base; });
  }
  each_kept([&](const rollup::UnitEvents& unit) { add_up(unit); });
  BufFileClose(file_);
  file_ = nullptr;
}

}  // namespace ea::experiments
