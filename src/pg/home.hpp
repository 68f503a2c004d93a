// What a statement works on: the schema that {s} stands for, and the owner it runs as.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

struct Home {
  Oid schema = InvalidOid;      // of types, functions and tables
  const char* name = nullptr;   // the same, unquoted, in the caller's context
  Oid events = InvalidOid;      // explore_engagements; invalid before install()
  Oid owner = InvalidOid;       // of explore_engagements
};

}  // namespace ea::pg
