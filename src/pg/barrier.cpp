#include "pg/barrier.hpp"

namespace ea::pg {

Datum barrier(FunctionCallInfo fcinfo, Body body) {
  Datum result = 0;
  contained([&] { result = body(fcinfo); });
  return result;
}

}  // namespace ea::pg
