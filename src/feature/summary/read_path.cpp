// The read path as SQL functions: summaries of a content, a creator, the platform.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/many_contents.hpp"
#include "ask/read_path.hpp"
#include "core/value/metric.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "store/summary_header.hpp"

using namespace ea;

namespace {

// (content_id, summary), the summary as it is stored if that is all of it.
class SummaryRows final : public rollup::ContentVisitor {
 public:
  explicit SummaryRows(pg::Rows& rows) : rows_(rows) {}
  rollup::Sink& begin() override { return *new (&sink_) rollup::SummarySink(); }
  void end(int64 content) override { rows_.int64_value(content).add(sink_.finish_stored()).end_row(); }

 private:
  pg::Rows& rows_;
  rollup::SummarySink sink_;
};

// Counters alone, which needs no set of viewers to be opened.
class CounterRows final : public rollup::ContentVisitor {
 public:
  explicit CounterRows(pg::Rows& rows) : rows_(rows) {}
  rollup::Sink& begin() override { return *new (&sink_) rollup::CounterSink(); }
  void end(int64 content) override {
    const core::Counters& c = sink_.counters();
    rows_.int64_value(content).int64_value(c.views).int64_value(c.completions).int64_value(c.saves)
        .int64_value(c.shares).int64_value(c.clicks).int64_value(c.skips).int64_value(c.watch_time_ms)
        .float8_value(core::rate(c.completions, c.views)).float8_value(core::engagement_score(c)).end_row();
  }

 private:
  pg::Rows& rows_;
  rollup::CounterSink sink_;
};

// The arguments (bigint[] contents, start, end) and one of the visitors above.
template <class Visitor>
Datum many_contents(FunctionCallInfo fcinfo) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  access::authorize_platform(home);
  pg::Rows rows(fcinfo);
  rollup::AscendingIds ids;
  if (!PG_ARGISNULL(0)) ids = rollup::sorted_ids(PG_GETARG_DATUM(0));
  Visitor visitor(rows);
  rollup::visit_contents(home, PG_ARGISNULL(0) ? nullptr : &ids, rollup::span_of(range), visitor);
  return (Datum)0;
}

}  // namespace

EA_FUNCTION(ea_content_summary) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 content = pg::required_id(fcinfo, 0, "content_id");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  access::authorize_content(home, content);
  return rollup::summary(home, {rollup::ScopeKind::content, content}, range);
}

EA_FUNCTION(ea_creator_summary) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 creator = pg::required_id(fcinfo, 0, "creator_id");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  access::authorize_creator(home, creator);
  return rollup::summary(home, {rollup::ScopeKind::creator, creator}, range);
}

EA_FUNCTION(ea_platform_summary) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  access::authorize_platform(home);
  return rollup::summary(home, {rollup::ScopeKind::platform, 0}, range);
}

// For our own statements.
EA_FUNCTION(ea_content_summaries) { return many_contents<SummaryRows>(fcinfo); }
EA_FUNCTION(ea_content_counters) { return many_contents<CounterRows>(fcinfo); }

EA_FUNCTION(ea_contents_to_rescore) {
  const pg::Home home = access::installed_home(fcinfo);
  access::authorize_platform(home);
  rollup::AscendingIds ids;
  if (!rollup::contents_to_rescore(home, &ids)) PG_RETURN_NULL();
  return rollup::id_array(ids);
}

// A metric by name; of a NULL summary, that of the empty one.
EA_FUNCTION(ea_metric_value) {
  const char* name = pg::text_argument(fcinfo, 0, "");
  const std::optional<core::Metric> metric = core::find_metric(name);
  if (!metric)
    pg::raise(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "metric", name));
  PG_RETURN_FLOAT8(core::metric_value(*metric, PG_ARGISNULL(1) ? core::Header{} : rollup::header_of(PG_GETARG_DATUM(1))));
}
