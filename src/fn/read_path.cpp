// The read path as SQL functions: summaries of a content, a creator, the platform.
#include "core/metric.hpp"
#include "pg/barrier.hpp"
#include "pg/identity.hpp"
#include "pg/rows.hpp"
#include "pg/summary_header.hpp"
#include "rollup/read_path.hpp"

using namespace ea;

EA_FUNCTION(ea_content_summary) {
  const pg::Home home = pg::installed_home(fcinfo);
  const int64 content = pg::required_id(fcinfo, 0, "content_id");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  pg::authorize_content(home, content);
  pg::Query query(home);
  const Datum summary = rollup::content_summary(query, content, range);
  query.finish();
  return summary;
}

EA_FUNCTION(ea_creator_summary) {
  const pg::Home home = pg::installed_home(fcinfo);
  const int64 creator = pg::required_id(fcinfo, 0, "creator_id");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  pg::authorize_creator(home, creator);
  pg::Query query(home);
  const Datum summary = rollup::creator_summary(query, creator, range);
  query.finish();
  return summary;
}

EA_FUNCTION(ea_platform_summary) {
  const pg::Home home = pg::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  pg::authorize_platform(home);
  pg::Query query(home);
  const Datum summary = rollup::platform_summary(query, range);
  query.finish();
  return summary;
}

// For our own statements: (content_id, summary) of many contents.
EA_FUNCTION(ea_content_summaries) {
  const pg::Home home = pg::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  pg::authorize_platform(home);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  rows.add_all(query, rollup::content_summaries(query, !PG_ARGISNULL(0), PG_GETARG_DATUM(0), range));
  query.finish();
  return (Datum)0;
}

// A metric by name; of a NULL summary, that of the empty one.
EA_FUNCTION(ea_metric_value) {
  const char* name = pg::text_argument(fcinfo, 0, "");
  const std::optional<core::Metric> metric = core::find_metric(name);
  if (!metric)
    pg::raise(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "metric", name));
  PG_RETURN_FLOAT8(core::metric_value(*metric, PG_ARGISNULL(1) ? core::Header{} : pg::header_of(PG_GETARG_DATUM(1))));
}
