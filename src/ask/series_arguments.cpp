#include "ask/series_arguments.hpp"

#include "access/identity.hpp"

namespace ea::rollup {

namespace {

[[noreturn]] void unknown_metric(const char* name, const char* more) {
  StringInfoData known;
  initStringInfo(&known);
  for (int i = 0; i < core::kMetrics; i++) {
    const std::string_view metric = core::metric_name((core::Metric)i);
    appendStringInfo(&known, "%s%.*s", i ? ", " : "", (int)metric.size(), metric.data());
  }
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "metric", name), "Known are %s%s.", known.data, more));
}

}  // namespace

core::Metric metric_argument(FunctionCallInfo fcinfo, int i, const char* otherwise) {
  const char* name = pg::text_argument(fcinfo, i, otherwise);
  const std::optional<core::Metric> metric = core::find_metric(name);
  if (!metric) unknown_metric(name, "");
  return *metric;
}

SeriesMetric series_metric_argument(FunctionCallInfo fcinfo, int i) {
  const char* name = pg::text_argument(fcinfo, i, "NULL");
  if (strcmp(name, "sessions") == 0) return {SeriesMetric::sessions, {}};
  if (strcmp(name, "new_viewers") == 0) return {SeriesMetric::new_viewers, {}};
  const std::optional<core::Metric> metric = core::find_metric(name);
  if (!metric) unknown_metric(name, ", sessions, new_viewers");
  return {SeriesMetric::of_summary, *metric};
}

core::LocalUnit unit_argument(FunctionCallInfo fcinfo, int i, const char* otherwise) {
  const char* bucket = pg::text_argument(fcinfo, i, otherwise);
  const std::optional<core::LocalUnit> unit = core::find_local_unit(bucket);
  if (!unit)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "bucket", bucket), "bucket is hour, day, week or month."));
  return *unit;
}

const char* zone_argument(FunctionCallInfo fcinfo, int i) {
  const char* zone = pg::text_argument(fcinfo, i, "UTC");
  if (!pg::is_time_zone(zone))
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "time zone", zone),
                            "Use an IANA name such as Asia/Dubai; pg_timezone_names lists them."));
  return zone;
}

namespace {

Scope authorized(const pg::Home& home, const Scope& scope) {
  if (scope.content.given)
    access::authorize_content(home, scope.content.value);
  else if (scope.creator.given)
    access::authorize_creator(home, scope.creator.value);
  else
    access::authorize_platform(home);
  return scope;
}

}  // namespace

Scope scope_argument(FunctionCallInfo fcinfo, const pg::Home& home, int content, int creator) {
  const Scope scope{pg::optional_id(fcinfo, content, "content_id"), pg::optional_id(fcinfo, creator, "creator_id")};
  if (scope.content.given && scope.creator.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "content_id and creator_id exclude each other"),
                            "Pass one of them, or neither for the platform."));
  return authorized(home, scope);
}

Scope scope_argument(FunctionCallInfo fcinfo, const pg::Home& home, int creator) {
  return authorized(home, {{}, pg::optional_id(fcinfo, creator, "creator_id")});
}

}  // namespace ea::rollup
