// For procedures that end transactions themselves.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// Whether a procedure may not end transactions: it was called in a transaction block or by a function.
bool is_atomic_call(FunctionCallInfo fcinfo);

class Transactions {
 public:
  Transactions();
  void commit();
  void rollback();
  // Does a transaction's work without ending it. When the work raises, the transaction is rolled back and the error
  // returned; nullptr when all is well.
  template <class Work>
  ErrorData* attempt(Work&& work) {
    return attempt_call([](void* it) { (*static_cast<std::remove_reference_t<Work>*>(it))(); }, &work);
  }
  void wait(int64 milliseconds);    // outside any transaction's work; may be interrupted
  void finish();

 private:
  ErrorData* attempt_call(void (*call)(void*), void* work);
};

// 22008 when it does not fit; months count 30 days.
int64 interval_milliseconds(const Interval* interval);

}  // namespace ea::pg
