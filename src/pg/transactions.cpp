#include "pg/transactions.hpp"

#include "pg/barrier.hpp"

namespace ea::pg {

bool is_atomic_call(FunctionCallInfo fcinfo) {
  return !fcinfo->context || !IsA(fcinfo->context, CallContext) || ((CallContext*)fcinfo->context)->atomic;
}

Transactions::Transactions(Of of) : of_(of), context_(CurrentMemoryContext) {
  if (of_ == procedure)
    SPI_connect_ext(SPI_OPT_NONATOMIC);
  else
    PushActiveSnapshot(GetTransactionSnapshot());
}

void Transactions::begin() {
  StartTransactionCommand();
  PushActiveSnapshot(GetTransactionSnapshot());
  MemoryContextSwitchTo(context_);
}

void Transactions::commit() {
  if (of_ == procedure) return SPI_commit();
  PopActiveSnapshot();
  CommitTransactionCommand();
  begin();
}

void Transactions::rollback() {
  if (of_ == procedure) return SPI_rollback();
  AbortCurrentTransaction();
  begin();
}

// In a subtransaction, which is how the server cleans up after an error that does not end what goes on around it.
ErrorData* Transactions::attempt_call(void (*call)(void*), void* work) {
  MemoryContext context = CurrentMemoryContext;
  ResourceOwner owner = CurrentResourceOwner;
  ErrorData* volatile error = nullptr;
  BeginInternalSubTransaction(nullptr);
  PG_TRY();
  {
    MemoryContextSwitchTo(context);
    contained([&] { call(work); });
    ReleaseCurrentSubTransaction();
  }
  PG_CATCH();
  {
    MemoryContextSwitchTo(context);
    error = CopyErrorData();
    FlushErrorState();
    RollbackAndReleaseCurrentSubTransaction();
  }
  PG_END_TRY();
  MemoryContextSwitchTo(context);
  CurrentResourceOwner = owner;
  if (error) rollback();
  return error;
}

void Transactions::wait(int64 milliseconds) {
  hand_over_statistics();
  pgstat_report_activity(STATE_IDLE, nullptr);
  sleep(milliseconds);
  pgstat_report_activity(STATE_RUNNING, "CALL explore_analytics.run_forever()");
}

bool sleep(int64 milliseconds) {
  (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, (long)milliseconds, PG_WAIT_EXTENSION);
  ResetLatch(MyLatch);
  CHECK_FOR_INTERRUPTS();
  if (!ConfigReloadPending) return false;
  ConfigReloadPending = false;
  ProcessConfigFile(PGC_SIGHUP);
  return true;
}

void Transactions::finish() {
  if (of_ == procedure)
    SPI_finish();
  else
    PopActiveSnapshot();
}

int64 interval_milliseconds(const Interval* interval) {
  int64 days, microseconds;
  if (__builtin_mul_overflow((int64)interval->month, (int64)DAYS_PER_MONTH, &days) ||
      __builtin_add_overflow(days, (int64)interval->day, &days) ||
      __builtin_mul_overflow(days, USECS_PER_DAY, &microseconds) ||
      __builtin_add_overflow(microseconds, interval->time, &microseconds))
    raise(failure(ERRCODE_DATETIME_FIELD_OVERFLOW, "interval is too long"));
  return microseconds / 1000;
}

}  // namespace ea::pg
