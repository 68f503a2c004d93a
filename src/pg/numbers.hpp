// Numbers in and out of functions that compute with nothing else.
#pragma once

#include "pg/args.hpp"

namespace ea::pg {

inline double float8_argument(FunctionCallInfo fcinfo, int i, double otherwise) {
  return PG_ARGISNULL(i) ? otherwise : PG_GETARG_FLOAT8(i);
}

inline bool any_null(FunctionCallInfo fcinfo, std::initializer_list<int> arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [&](int i) { return PG_ARGISNULL(i); });
}

// An array argument that is not NULL: of one dimension, or empty; error 22023 otherwise. `name` is as the user knows it.
ArrayType* list_argument(FunctionCallInfo fcinfo, int i, const char* name);

// The elements, where they stand: none of them NULL, error 22023 otherwise.
std::span<const double> float8_list(FunctionCallInfo fcinfo, int i, const char* name);
std::span<const int64> int8_list(FunctionCallInfo fcinfo, int i, const char* name);

// The result of a function whose OUT arguments are all double precision; NaN is NULL.
Datum float8_row(FunctionCallInfo fcinfo, std::initializer_list<double> values);

// Runs `work`; what core refuses is refused with this hint.
template <class Work>
void with_advice(const char* hint, Work&& work) {
  Failure refused;
  try {
    work();
    return;
  } catch (const core::Error& error) {
    refused = from_core(error);
  }
  raise(with_hint(refused, "%s", hint));
}

}  // namespace ea::pg
