// For what ends transactions itself: procedures, and background workers, which have no statement around them.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// Whether a procedure may not end transactions: it was called in a transaction block or by a function.
bool is_atomic_call(FunctionCallInfo fcinfo);

class Transactions {
 public:
  enum Of { procedure, worker };
  explicit Transactions(Of of = procedure);
  void commit();
  void rollback();
  // Does a transaction's work without ending it. When the work raises, the transaction is rolled back and the error
  // returned; nullptr when all is well.
  template <class Work>
  ErrorData* attempt(Work&& work) {
    return attempt_call([](void* it) { (*static_cast<std::remove_reference_t<Work>*>(it))(); }, &work);
  }
  // Outside any transaction's work; may be interrupted. Between commands a session hands over its statistics, without
  // which autovacuum does not know of the rows, and reads the server's settings anew: a command without end does so here.
  void wait(int64 milliseconds);
  void finish();

 private:
  void begin();
  ErrorData* attempt_call(void (*call)(void*), void* work);

  Of of_;
  MemoryContext context_;
};

// Until then, or until something happens. True when the server's settings were to be read anew, and have been.
bool sleep(int64 milliseconds);

// 22008 when it does not fit; months count 30 days.
int64 interval_milliseconds(const Interval* interval);

}  // namespace ea::pg
