// Where the extension lives and who owns its tables.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

struct Home {
  Oid schema = InvalidOid;      // of types, functions and tables
  const char* name = nullptr;   // the same, unquoted, in the caller's context
  Oid events = InvalidOid;      // explore_engagements; invalid before install()
  Oid owner = InvalidOid;       // of explore_engagements
};

// The home of the function being called, whether or not install() has been called.
Home find_home(FunctionCallInfo fcinfo);

// The first table that install() would have to make, with its schema; null when all is there.
const char* missing_table(const Home& home);

// The home as above; 55000 when one of the tables is missing.
Home installed_home(FunctionCallInfo fcinfo);

}  // namespace ea::pg
