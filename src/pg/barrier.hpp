// Every SQL-callable function is defined with EA_FUNCTION: C linkage, exported, and one barrier that
// no C++ exception crosses.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

using Body = Datum (*)(FunctionCallInfo);

// Runs `body`; what it throws becomes a server error after the handler has been left.
Datum barrier(FunctionCallInfo fcinfo, Body body);

// The same for work inside a door or a callback that is not an SQL function.
template <class Work>
void contained(Work&& work) {
  Failure caught;
  ErrorData* server_error = nullptr;
  try {
    work();
    return;
  } catch (const ServerError& error) {
    server_error = error.data;
  } catch (const core::Error& error) {
    caught = from_core(error);
  } catch (const std::bad_alloc&) {
    caught = failure(ERRCODE_OUT_OF_MEMORY, "out of memory");
  } catch (...) {
    caught = failure(ERRCODE_INTERNAL_ERROR, "unexpected C++ exception");
  }
  if (server_error) rethrow(server_error);
  raise(caught);
}

// Runs `work`, and when it raises, `cleanup` before anything else, which must raise nothing.
template <class Work, class Cleanup>
void cleaned_up(Work&& work, Cleanup&& cleanup) {
  PG_TRY();
  {
    contained(work);
  }
  PG_CATCH();
  {
    cleanup();
    PG_RE_THROW();
  }
  PG_END_TRY();
}

}  // namespace ea::pg

#define EA_FUNCTION(name)                                                                  \
  static Datum name##_inside(FunctionCallInfo fcinfo);                                       \
  extern "C" {                                                                             \
  PG_FUNCTION_INFO_V1(name);                                                               \
  PGDLLEXPORT Datum name(PG_FUNCTION_ARGS) { return ea::pg::barrier(fcinfo, name##_inside); } \
  }                                                                                        \
  static Datum name##_inside(FunctionCallInfo fcinfo)
