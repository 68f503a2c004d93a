// experiment_results: each variant against the control, metric by metric.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/exposed_units.hpp"
#include "ask/period.hpp"
#include "core/stat/decision.hpp"
#include "feature/experiments/definition.hpp"
#include "feature/experiments/result_moments.hpp"
#include "feature/experiments/verdict.hpp"
#include "pg/barrier.hpp"
#include "pg/memory.hpp"
#include "pg/numbers.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;
using experiments::Verdict;

constexpr double kDoubtfulSplit = 0.001;    // p value of a sample ratio mismatch
constexpr double kManySeveral = 0.01;       // of all who were exposed

struct Question {
  const char* name;
  pg::Array<core::UnitMetric> metrics;
  pg::Array<const char*> metric_names;
  experiments::Method method;
  bool cuped;
  double winsorize;
  core::Correction correction;
  rollup::UnitWindows windows;
};

void read_metrics(FunctionCallInfo fcinfo, int i, Question& question) {
  constexpr const char* kHint = "Pass metrics such as ARRAY['any_save', 'total_watch_time', 'completion_rate'].";
  if (PG_ARGISNULL(i)) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "metrics must not be null"), kHint));
  Datum* names;
  bool* nulls;
  int count;
  deconstruct_array(pg::list_argument(fcinfo, i, "metrics"), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
  if (count == 0) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "metrics must not be empty"), kHint));
  for (int n = 0; n < count; n++) {
    if (nulls[n]) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "metric %d is null", n + 1), kHint));
    const char* name = TextDatumGetCString(names[n]);
    const std::optional<core::UnitMetric> metric = core::find_unit_metric(name);
    if (!metric) pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "metric", name), "Known are %s.", core::kUnitMetricNames));
    for (const char* other : question.metric_names)
      if (strcmp(other, name) == 0)
        pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "metric \"%s\" is given twice", name),
                                "p values are adjusted for the number of questions: ask each once."));
    question.metrics.append(*metric);
    question.metric_names.append(name);
  }
}

experiments::Method method_named(const char* name) {
  if (strcmp(name, "sequential") == 0) return experiments::Method::sequential;
  if (strcmp(name, "welch") == 0) return experiments::Method::welch;
  if (strcmp(name, "bayes") == 0) return experiments::Method::bayes;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "method", name),
                          "method is sequential, welch or bayes. Of these only sequential holds at every look."));
}

core::Correction correction_named(const char* name) {
  if (const std::optional<core::Correction> correction = core::find_correction(name)) return *correction;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "correction", name), "correction is holm, bh, bonferroni or none."));
}

double winsorize_argument(FunctionCallInfo fcinfo, int i) {
  if (PG_ARGISNULL(i)) return Verdict::kNan;
  const double fraction = PG_GETARG_FLOAT8(i);
  if (!(fraction > 0 && fraction <= 1))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "winsorize must be over 0 and at most 1, not %g", fraction),
                            "0.999 takes the highest thousandth of the positive values for the value below which the others are."));
  return fraction;
}

rollup::UnitWindows windows_argument(FunctionCallInfo fcinfo, bool cuped) {
  rollup::UnitWindows windows;
  const int64 lookback = pg::span_argument(fcinfo, 4, 14 * USECS_PER_DAY, "lookback");
  if (cuped) windows.lookback = lookback;
  if (!PG_ARGISNULL(5)) windows.within = pg::span_argument(fcinfo, 5, 0, "within");
  const rollup::Moment as_of = rollup::as_of_argument(fcinfo, 8);
  windows.over_by = as_of.at;
  if (!PG_ARGISNULL(8)) windows.as_of = as_of.at;
  return windows;
}

Question question_of(FunctionCallInfo fcinfo) {
  Question question;
  question.name = experiments::name_argument(fcinfo, 0, "name");
  read_metrics(fcinfo, 1, question);
  question.method = method_named(pg::text_argument(fcinfo, 2, "sequential"));
  question.cuped = pg::bool_argument(fcinfo, 3, true);
  question.winsorize = winsorize_argument(fcinfo, 6);
  question.correction = correction_named(pg::text_argument(fcinfo, 7, "holm"));
  question.windows = windows_argument(fcinfo, question.cuped);
  return question;
}

// What is the same for the whole experiment.
struct Split {
  double srm_p_value;
  int64 several;
  bool is_doubtful, has_many_several;

  Split(const rollup::ExposedUnits& units, const rollup::Experiment& experiment)
      : srm_p_value(core::srm_test(units.assigned(), {experiment.weights, (size_t)experiment.count}).p_value), several(units.several()) {
    int64 exposed = several;
    for (int64 count : units.assigned()) exposed += count;
    is_doubtful = srm_p_value < kDoubtfulSplit;
    has_many_several = (double)several > kManySeveral * (double)exposed;
  }
};

// The family is the call.
void adjust(std::span<const Verdict> verdicts, core::Correction correction, std::span<double> adjusted) {
  pg::Array<double> known;
  for (const Verdict& verdict : verdicts)
    if (!std::isnan(verdict.p_value)) known.append(verdict.p_value);
  pg::Resource memory(CurrentMemoryContext);
  core::p_adjust({known.begin(), (size_t)known.size()}, correction, &memory);
  for (size_t i = 0, next = 0; i < verdicts.size(); i++) adjusted[i] = std::isnan(verdicts[i].p_value) ? Verdict::kNan : known[(int64)next++];
}

Datum warnings_of(const Split& split, const Verdict& verdict) {
  Datum names[6];
  int count = 0;
  const auto warn = [&](bool holds, const char* name) {
    if (holds) names[count++] = CStringGetTextDatum(name);
  };
  warn(split.has_many_several, "multiple_exposures");
  warn(verdict.no_history, "no_history");
  warn(verdict.small_sample, "small_sample");
  warn(split.is_doubtful, "srm");
  warn(verdict.too_few_units, "too_few_units");
  warn(verdict.zero_variance, "zero_variance");
  return PointerGetDatum(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

void show(pg::Rows& rows, const Verdict& v, double adjusted, const Split& split) {
  rows.float8_or_null(v.diff).float8_or_null(v.bounds.lower).float8_or_null(v.bounds.upper).float8_or_null(v.p_value).float8_or_null(adjusted);
  rows.float8_or_null(100 * v.lift).float8_or_null(100 * v.lift_bounds.lower).float8_or_null(100 * v.lift_bounds.upper);
  rows.float8_or_null(v.chance).float8_or_null(v.expected_loss).float8_or_null(v.theta).float8_or_null(100 * v.variance_reduction);
  rows.float8_value(split.srm_p_value).int64_value(split.several).add(warnings_of(split, v)).end_row();
}

}  // namespace

EA_FUNCTION(ea_experiment_results) {
  const pg::Home home = access::installed_home(fcinfo);
  const Question question = question_of(fcinfo);
  experiments::require_all_viewers(home);
  const rollup::Experiment experiment = rollup::find_experiment(question.name, GetActiveSnapshot());
  (void)rollup::exposures_table(home);    // is there, and has its columns
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  rollup::ExposedUnits units(query, question.name, experiment, question.windows);
  experiments::ResultMoments moments({question.metrics.begin(), (size_t)question.metrics.size()}, experiment.count, question.winsorize);
  units.for_each([&](const rollup::UnitEvents& unit) { moments.add(unit); });
  moments.finish();

  const Split split(units, experiment);
  const experiments::Inference how{question.method, question.cuped, experiment.alpha, experiment.tuning};
  pg::Array<Verdict> verdicts;    // of the control: nothing
  pg::Array<double> adjusted;
  for (int i = 0; i < question.metrics.size(); i++) {
    for (int v = 0; v < experiment.count; v++) {
      verdicts.append(v == 0 ? Verdict{} : experiments::judge(question.metrics[i], moments.of(i, 0), moments.of(i, v), how));
      adjusted.append(Verdict::kNan);
    }
  }
  adjust({verdicts.begin(), (size_t)verdicts.size()}, question.correction, {adjusted.begin(), (size_t)adjusted.size()});
  for (int i = 0; i < question.metrics.size(); i++) {
    for (int v = 0; v < experiment.count; v++) {
      const int row = i * experiment.count + v;
      rows.text_value(question.metric_names[i]).text_value(experiment.variants[v]).int64_value(moments.of(i, v).units());
      rows.float8_or_null(core::mean_of(question.metrics[i], moments.of(i, v)));
      show(rows, verdicts[row], adjusted[row], split);
    }
  }
  query.finish();
  return (Datum)0;
}
