// guard(): server calls from a frame that holds C++ objects. A server error is copied whole
// (SQLSTATE, detail, hint, cancellation) and thrown as ServerError, so that destructors run; the
// barrier raises the very same error again.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// `work` itself must hold no object with a destructor: a server error leaves it by longjmp.
template <class Work>
void guard(Work&& work) {
  MemoryContext context = CurrentMemoryContext;
  ErrorData* volatile error = nullptr;   // set on the way out of a longjmp
  PG_TRY();
  {
    work();
  }
  PG_CATCH();
  {
    MemoryContextSwitchTo(context);
    error = CopyErrorData();
    FlushErrorState();
  }
  PG_END_TRY();
  if (error) throw ServerError{error};
}

// For frames of core to call, which a server error must not jump over.
inline void poll() {
  if (INTERRUPTS_PENDING_CONDITION()) guard([] { CHECK_FOR_INTERRUPTS(); });
}

}  // namespace ea::pg
