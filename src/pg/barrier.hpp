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
  try {
    work();
    return;
  } catch (const core::Error& error) {
    caught = from_core(error);
  } catch (const std::bad_alloc&) {
    caught = failure(ERRCODE_OUT_OF_MEMORY, "out of memory");
  } catch (...) {
    caught = failure(ERRCODE_INTERNAL_ERROR, "unexpected C++ exception");
  }
  raise(caught);
}

}  // namespace ea::pg

#define EA_FUNCTION(name)                                                                  \
  static Datum name##_body(FunctionCallInfo fcinfo);                                       \
  extern "C" {                                                                             \
  PG_FUNCTION_INFO_V1(name);                                                               \
  PGDLLEXPORT Datum name(PG_FUNCTION_ARGS) { return ea::pg::barrier(fcinfo, name##_body); } \
  }                                                                                        \
  static Datum name##_body(FunctionCallInfo fcinfo)
