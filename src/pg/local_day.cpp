#include "pg/local_day.hpp"

namespace ea::pg {

DateADT local_day(TimestampTz at, const char* zone) {
  pg_tz* tz = pg_tzset(zone);
  if (!tz) raise(with_hint(failure(ERRCODE_INVALID_PARAMETER_VALUE, "time zone \"%s\" is unknown", zone), "The time zones of the server have changed."));
  struct pg_tm local;
  fsec_t fraction;
  int offset;
  if (timestamp2tm(at, &offset, &local, &fraction, nullptr, tz) != 0) raise(failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range"));
  return date2j(local.tm_year, local.tm_mon, local.tm_mday) - POSTGRES_EPOCH_JDATE;
}

}  // namespace ea::pg
