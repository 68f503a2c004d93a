#include "pg/barrier.hpp"

namespace ea::pg {

Datum barrier(FunctionCallInfo fcinfo, Body body) {
  Failure caught;
  ErrorData* server_error = nullptr;
  try {
    return body(fcinfo);
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

}  // namespace ea::pg
