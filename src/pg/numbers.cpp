#include "pg/numbers.hpp"

namespace ea::pg {

namespace {

template <class T>
std::span<const T> list(FunctionCallInfo fcinfo, int i, const char* name) {
  static_assert(sizeof(T) == 8);
  ArrayType* array = list_argument(fcinfo, i, name);
  if (array_contains_nulls(array))
    raise(with_hint(failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must not have null elements", name),
                    "array_remove(array, NULL) leaves them out, array_agg(coalesce(x, 0)) makes zeros of them."));
  return {reinterpret_cast<const T*>(ARR_DATA_PTR(array)), (size_t)ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array))};
}

}  // namespace

ArrayType* list_argument(FunctionCallInfo fcinfo, int i, const char* name) {
  ArrayType* array = PG_GETARG_ARRAYTYPE_P(i);
  if (ARR_NDIM(array) > 1)
    raise(with_hint(failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must have one dimension, not %d", name, ARR_NDIM(array)),
                    "Pass an array such as ARRAY[1, 2, 3]."));
  return array;
}

std::span<const double> float8_list(FunctionCallInfo fcinfo, int i, const char* name) { return list<double>(fcinfo, i, name); }
std::span<const int64> int8_list(FunctionCallInfo fcinfo, int i, const char* name) { return list<int64>(fcinfo, i, name); }

Datum float8_row(FunctionCallInfo fcinfo, std::initializer_list<double> values) {
  constexpr size_t kMost = 8;
  TupleDesc columns;
  if (get_call_result_type(fcinfo, nullptr, &columns) != TYPEFUNC_COMPOSITE || values.size() > kMost || (size_t)columns->natts != values.size())
    raise(failure(ERRCODE_DATATYPE_MISMATCH, "the function must return a row of %zu numbers", values.size()));
  Datum datums[kMost];
  bool nulls[kMost];
  int column = 0;
  for (double value : values) {
    nulls[column] = std::isnan(value);
    datums[column++] = Float8GetDatum(value);
  }
  return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), datums, nulls));
}

}  // namespace ea::pg
