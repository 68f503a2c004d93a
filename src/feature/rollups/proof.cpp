// verify, rebuild, check_ledger, and the job that calls it.
#include "access/home.hpp"
#include "keep/rebuild.hpp"
#include "keep/boost_proof.hpp"
#include "keep/verify.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"
#include "pg/rows.hpp"
#include "store/scope.hpp"
#include "store/campaigns.hpp"

using namespace ea;

namespace {

// Ledger rows and how many of their events the raw table has. The ledger counts neither events of partitions that are
// taken over and not yet dropped, nor those of types that count as nothing; where there are such, rows must be looked at.
// One pass from the last epoch down: each number of events belongs to the row of the ledger that came last.
#define EA_LEDGER(condition)                                                                                          \
  "/* explore_analytics: check_ledger */ SELECT max(s.low), s.high, max(s.recorded),"                                 \
  "   coalesce(sum(s.found) FILTER (WHERE s.at > s.low), 0)::bigint"                                                  \
  " FROM (SELECT m.at, m.found, m.recorded, min(m.low) OVER down AS low, min(m.high) OVER down AS high FROM ("        \
  "     SELECT e.epoch AS at, count(*) AS found, NULL::bigint AS recorded, NULL::bigint AS low, NULL::bigint AS high" \
  "     FROM {s}.explore_engagements e WHERE e.epoch <= (SELECT max(t.high) FROM explore_analytics.rollup_ledger t)"  \
  condition "     GROUP BY e.epoch"                                                                                   \
  "     UNION ALL SELECT l.high, 0, l.event_count, l.low, l.high FROM explore_analytics.rollup_ledger l) m"           \
  "   WINDOW down AS (ORDER BY m.at DESC, m.high ROWS UNBOUNDED PRECEDING)) s"                                        \
  " GROUP BY s.high HAVING max(s.recorded) <> coalesce(sum(s.found) FILTER (WHERE s.at > s.low), 0) ORDER BY s.high"

pg::Statement differing_epochs(EA_LEDGER(" AND " EA_COUNTED), {});
pg::Statement differing_epochs_of_some(EA_LEDGER(EA_NOT_TAKEN_OVER " AND " EA_COUNTED), {});
pg::Statement half_dropped(
    "/* explore_analytics: check_ledger */ SELECT FROM explore_analytics.dropped_partitions d WHERE d.dropped_at IS NULL LIMIT 1", {});

// Epochs of which ledger and raw table differ: the one choice of what is counted.
uint64 read_differing_epochs(pg::Query& query) {
  const bool some = query.read(half_dropped, pg::Parameters()) > 0;
  return query.read(some ? differing_epochs_of_some : differing_epochs, pg::Parameters());
}

class FindingRows final : public rollup::Findings {
 public:
  explicit FindingRows(pg::Rows& rows) : rows_(rows) {}
  void add(const char* scope, int64 id, const core::Span& span, const char* problem, pg::Optional<int64> stored, int64 raw) override {
    const core::Span all;
    rows_.text_value(scope).int64_value(id)
        .add(span.from != all.from, TimestampTzGetDatum(span.from)).add(span.to != all.to, TimestampTzGetDatum(span.to))
        .text_value(problem).add(stored.given, Int64GetDatum(stored.value)).int64_value(raw).end_row();
  }

 private:
  pg::Rows& rows_;
};

}  // namespace

EA_FUNCTION(ea_verify) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  pg::Rows rows(fcinfo);
  FindingRows findings(rows);
  rollup::verify(home, range, true, findings);
  rollup::verify_sessions(home, range, findings);
  if (rollup::has_ledger_table(home)) {
    pg::Query query(home);
    const uint64 faults = rollup::find_boost_faults(query, {});
    for (uint64 i = 0; i < faults; i++) findings.add("campaign", query.int64_at(i, 1), core::Span(), text_to_cstring(DatumGetTextPP(query.value(i, 2))), {}, query.int64_at(i, 3));
    query.finish();
  }
  return (Datum)0;
}

EA_FUNCTION(ea_rebuild) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 0);
  PG_RETURN_INT64(rollup::rebuild(home, range));
}

EA_FUNCTION(ea_check_ledger) {
  const pg::Home home = access::installed_home(fcinfo);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  rows.add_all(query, read_differing_epochs(query));
  query.finish();
  return (Datum)0;
}

// For a job: differences are an error, so that whoever runs it sees it fail.
EA_FUNCTION(ea_require_good_ledger) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::JobLog log;
  pg::Query query(home);
  const uint64 differences = read_differing_epochs(query);
  log.write("check_ledger differences=%llu", (unsigned long long)differences);
  if (differences > 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATA_CORRUPTED, "rollups hold %lld events of epochs %lld to %lld, the raw table %lld",
                                        (long long)query.int64_at(0, 3), (long long)query.int64_at(0, 1) + 1,
                                        (long long)query.int64_at(0, 2), (long long)query.int64_at(0, 4)),
                            "Raw rows came or went behind the rollups' back. SELECT * FROM explore_analytics.verify() shows where,"
                            " SELECT explore_analytics.rebuild() cures it."));
  query.finish();
  PG_RETURN_VOID();
}
