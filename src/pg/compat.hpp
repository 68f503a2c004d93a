// What differs between PostgreSQL 15 and 18, and nowhere else.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg::compat {

// Reads a timestamp with time zone without raising: false when the text is not a finite one.
inline bool timestamptz_from_text(char* text, TimestampTz* result) {
#if PG_VERSION_NUM >= 160000
  ErrorSaveContext failure = {T_ErrorSaveContext};
  Datum value;
  if (!DirectInputFunctionCallSafe(timestamptz_in, text, InvalidOid, -1, (Node*)&failure, &value))
    return false;
  *result = DatumGetTimestampTz(value);
  return !TIMESTAMP_NOT_FINITE(*result);
#else
  char work[MAXDATELEN + MAXDATEFIELDS];
  char* field[MAXDATEFIELDS];
  int type[MAXDATEFIELDS];
  int fields, kind, zone;
  struct pg_tm parts;
  fsec_t fraction;
  if (ParseDateTime(text, work, sizeof work, field, type, MAXDATEFIELDS, &fields) != 0) return false;
  if (DecodeDateTime(field, type, fields, &kind, &parts, &fraction, &zone) != 0) return false;
  return kind == DTK_DATE && tm2timestamp(&parts, fraction, &zone, result) == 0;
#endif
}

}  // namespace ea::pg::compat
