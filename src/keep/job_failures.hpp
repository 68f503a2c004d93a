// What is known of jobs that fail: explore_analytics.job_failures, which rollup_status and health_check() read. Only
// procedures can write down that they failed, because they end transactions themselves.
#pragma once

#include "pg/args.hpp"
#include "pg/statement.hpp"
#include "pg/transactions.hpp"

namespace ea::rollup {

struct Job {
  const char* name;
  const char* call;     // to be made again by hand
};

// One transaction of a job. When the work raises, nothing of it stays, the failure is written down in a transaction of
// its own, and the error is returned, for the caller to raise again; nullptr: all is well, and the caller commits.
template <class Work>
ErrorData* attempt(FunctionCallInfo fcinfo, pg::Transactions& transactions, const Job& job, Work&& work);

void note_failure(FunctionCallInfo fcinfo, pg::Transactions& transactions, const Job& job, const ErrorData* error);

// The job has done its work: what failed before is over. Before install() has brought tables of 0.1.0 over, there is
// nowhere to write either down.
void note_success(pg::Query& query, const char* name);

template <class Work>
ErrorData* attempt(FunctionCallInfo fcinfo, pg::Transactions& transactions, const Job& job, Work&& work) {
  ErrorData* error = transactions.attempt(work);
  if (error) note_failure(fcinfo, transactions, job, error);
  return error;
}

}  // namespace ea::rollup
