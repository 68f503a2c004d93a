// viewer_retention, viewer_lifecycle and stickiness: who comes back.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/series_arguments.hpp"
#include "core/stat/tests.hpp"
#include "feature/viewer_retention/question.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

constexpr int kMostPeriods = 1000;
constexpr double kLevel = 0.95;

// A creator or the platform; who is held to an identity asks about the own contents.
rollup::Key key_argument(FunctionCallInfo fcinfo, const pg::Home& home, int i) {
  pg::Optional<int64> creator = pg::optional_id(fcinfo, i, "creator_id");
  if (const pg::Optional<int64> me = access::restricted_to(home); me.given) {
    if (creator.given) access::authorize_creator(home, creator.value);
    creator = me;
  }
  return rollup::Scope{{}, creator}.key();
}

int periods_argument(FunctionCallInfo fcinfo, int i) {
  const int32 periods = PG_ARGISNULL(i) ? 12 : PG_GETARG_INT32(i);
  if (periods < 1 || periods > kMostPeriods)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "periods must be from 1 to %d, not %d", kMostPeriods, periods),
                            "It is the number of columns of the matrix, the cohort's own bucket among them."));
  return periods;
}

viewers::Cohorts cohorts_argument(FunctionCallInfo fcinfo, int i) {
  const char* kind = pg::text_argument(fcinfo, i, "first_time");
  if (strcmp(kind, "first_time") == 0) return viewers::Cohorts::first_time;
  if (strcmp(kind, "recurring") == 0) return viewers::Cohorts::recurring;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "kind", kind), "kind is first_time or recurring."));
}

void add_cell(pg::Rows& rows, Datum cohort, int period, int64 size, int64 retained) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  rows.add(cohort).add(Int32GetDatum(period)).int64_value(size);
  if (retained == viewers::Matrix::kNotOver) {
    rows.null().null().null().null().end_row();
    return;
  }
  const core::Interval bounds = size > 0 ? core::wilson_interval({retained, size}, kLevel) : core::Interval{kNan, kNan};
  rows.int64_value(retained)
      .float8_value(size > 0 ? 100.0 * (double)retained / (double)size : 0)
      .float8_or_null(100 * bounds.lower)
      .float8_or_null(100 * bounds.upper)
      .end_row();
}

}  // namespace

EA_FUNCTION(ea_viewer_retention) {
  const pg::Home home = access::installed_home(fcinfo);
  viewers::BucketQuestion question;
  question.range = pg::range_argument(fcinfo, 0);
  question.unit = rollup::unit_argument(fcinfo, 2, "week");
  question.zone = rollup::zone_argument(fcinfo, 3);
  const int periods = periods_argument(fcinfo, 4);
  const viewers::Cohorts kind = cohorts_argument(fcinfo, 5);
  question.key = key_argument(fcinfo, home, 6);
  question.as_of = rollup::as_of_argument(fcinfo, 7);
  question.bounded = !PG_ARGISNULL(7);
  pg::Rows rows(fcinfo);
  const viewers::Matrix matrix = viewers::retention_matrix(home, question, periods, kind);
  for (int cohort = 0; cohort < matrix.buckets.count; cohort++)
    for (int period = 0; period < periods; period++)
      add_cell(rows, matrix.buckets.bounds[cohort], period, matrix.sizes[cohort], matrix.retained[(int64)cohort * periods + period]);
  return (Datum)0;
}

EA_FUNCTION(ea_viewer_lifecycle) {
  const pg::Home home = access::installed_home(fcinfo);
  viewers::BucketQuestion question;
  question.range = pg::range_argument(fcinfo, 0);
  question.unit = rollup::unit_argument(fcinfo, 2);
  question.zone = rollup::zone_argument(fcinfo, 3);
  question.key = key_argument(fcinfo, home, 4);
  question.as_of = {GetCurrentTransactionStartTimestamp(), true};
  question.bounded = false;
  pg::Rows rows(fcinfo);
  const viewers::Buckets buckets = viewers::buckets_of(home, question);
  const viewers::Lifecycle* states = viewers::lifecycle(home, question.key, buckets);
  for (int i = 0; i < buckets.count; i++)
    rows.add(buckets.bounds[i])
        .int64_value(states[i].fresh)
        .int64_value(states[i].returning)
        .int64_value(states[i].resurrecting)
        .int64_value(states[i].dormant)
        .end_row();
  return (Datum)0;
}

EA_FUNCTION(ea_stickiness) {
  const pg::Home home = access::installed_home(fcinfo);
  viewers::BucketQuestion question;
  question.as_of = rollup::as_of_argument(fcinfo, 0);
  question.bounded = !PG_ARGISNULL(0);
  question.zone = rollup::zone_argument(fcinfo, 1);
  question.key = key_argument(fcinfo, home, 2);
  pg::Rows rows(fcinfo);
  const viewers::Stickiness found = viewers::stickiness(home, question);
  rows.int64_value(found.day)
      .int64_value(found.week)
      .int64_value(found.month)
      .float8_value(found.month > 0 ? (double)found.day / (double)found.month : 0)
      .end_row();
  return (Datum)0;
}
