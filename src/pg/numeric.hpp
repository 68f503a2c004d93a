// Numeric values as C++ computes with them: exact, of any size.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

inline Numeric operate(PGFunction f, Numeric a, Numeric b) { return DatumGetNumeric(DirectFunctionCall2(f, NumericGetDatum(a), NumericGetDatum(b))); }
inline Numeric plus(Numeric a, Numeric b) { return operate(numeric_add, a, b); }
inline Numeric minus(Numeric a, Numeric b) { return operate(numeric_sub, a, b); }
inline bool is_more(Numeric a, Numeric b) { return DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(a), NumericGetDatum(b))); }
inline const char* text_of(Numeric a) { return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(a))); }

}  // namespace ea::pg
