#include "keep/job_failures.hpp"

#include "access/home.hpp"

namespace ea::rollup {

namespace {

pg::Statement write_down(
    "/* explore_analytics: jobs */ INSERT INTO explore_analytics.job_failures VALUES ($1, clock_timestamp(), $2, $3, $4)"
    " ON CONFLICT (job) DO UPDATE SET failed_at = excluded.failed_at, failure = excluded.failure, failure_code = excluded.failure_code, call = excluded.call",
    {TEXTOID, TEXTOID, TEXTOID, TEXTOID});
pg::Statement strike_out("/* explore_analytics: jobs */ DELETE FROM explore_analytics.job_failures WHERE job = $1", {TEXTOID});

// Of one that waited in vain, for whom; else the message. Other details may tell what rows hold.
const char* words(const ErrorData* error) {
  if (error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE && error->detail) return error->detail;
  return error->message ? error->message : "unknown";
}

bool can_be_noted() {
  return OidIsValid(get_relname_relid("job_failures", get_namespace_oid("explore_analytics", true)));
}

}  // namespace

void note_failure(FunctionCallInfo fcinfo, pg::Transactions& transactions, const Job& job, const ErrorData* error) {
  // The first error is the one to be raised, whatever keeps it from being written down.
  const char* code = unpack_sql_state(error->sqlerrcode);
  if (!can_be_noted()) return;
  ErrorData* second = transactions.attempt([&] {
    const pg::Home home = access::installed_home(fcinfo);
    pg::Query query(home, true);
    query.write(write_down, pg::Parameters().text(job.name).text(words(error)).text(code).text(job.call));
    query.finish();
  });
  if (second)
    pg::warning(pg::failure(second->sqlerrcode, "the failure of %s could not be written down: %s", job.name, second->message));
  else
    transactions.commit();
}

void note_success(pg::Query& query, const char* name) {
  if (can_be_noted()) query.write(strike_out, pg::Parameters().text(name));
}

}  // namespace ea::rollup
