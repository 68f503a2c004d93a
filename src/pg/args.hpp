// Access to arguments: NULL means the documented default.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

template <class T>
struct Optional {
  bool given = false;
  T value{};
};

inline Optional<int64> int64_argument(FunctionCallInfo fcinfo, int i) {
  if (PG_ARGISNULL(i)) return {};
  return {true, PG_GETARG_INT64(i)};
}

inline bool bool_argument(FunctionCallInfo fcinfo, int i, bool otherwise) {
  return PG_ARGISNULL(i) ? otherwise : PG_GETARG_BOOL(i);
}

// An id: positive. `name` is the argument as the user knows it.
inline void check_id(int64 id, const char* name) {
  if (id <= 0)
    raise(with_hint(failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s must be positive, not %lld", name,
                            (long long)id),
                    "Ids start at 1."));
}

inline int64 required_id(FunctionCallInfo fcinfo, int i, const char* name) {
  if (PG_ARGISNULL(i))
    raise(with_hint(failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "%s must not be null", name),
                    "Pass the id as a bigint."));
  check_id(PG_GETARG_INT64(i), name);
  return PG_GETARG_INT64(i);
}

inline Optional<int64> optional_id(FunctionCallInfo fcinfo, int i, const char* name) {
  Optional<int64> id = int64_argument(fcinfo, i);
  if (id.given) check_id(id.value, name);
  return id;
}

// A text argument, copied; `otherwise` when NULL.
inline const char* text_argument(FunctionCallInfo fcinfo, int i, const char* otherwise) {
  return PG_ARGISNULL(i) ? otherwise : text_to_cstring(PG_GETARG_TEXT_PP(i));
}

// An interval as the microseconds of its extract(epoch ...), a month as 30 days and a year as 365.25. What 64 bits do not hold
// is their most, or least.
int64 microseconds_of(const Interval* interval);
// The same of an argument, more than zero, else error 22023.
int64 span_argument(FunctionCallInfo fcinfo, int i, int64 otherwise, const char* name);

// Whether this is the name of an IANA time zone: the server also takes POSIX strings such as FOO+3.
bool is_time_zone(const char* name);

// [from, to): unbounded ends are the infinities, which no event carries.
struct Range {
  TimestampTz from = DT_NOBEGIN;
  TimestampTz to = DT_NOEND;
};

// Arguments i and i+1 as a range; NULL is unbounded, an explicit infinity is error 22008.
Range range_argument(FunctionCallInfo fcinfo, int i);

}  // namespace ea::pg
