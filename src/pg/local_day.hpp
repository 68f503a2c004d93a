// The day that a clock of some zone shows.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// The zone by its IANA name alone. AT TIME ZONE takes an abbreviation first: CET is to it an hour ahead of UTC in summer, too.
DateADT local_day(TimestampTz at, const char* zone);

}  // namespace ea::pg
