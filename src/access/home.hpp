// Finding where the extension lives and who owns its tables.
#pragma once

#include "pg/home.hpp"

namespace ea::access {

// The home of the function being called, or the extension's where none is, as in a background worker; whether or not
// install() has been called.
pg::Home find_home(FunctionCallInfo fcinfo);

// The first table that install() would have to make, with its schema; null when all is there.
const char* missing_table(const pg::Home& home);

// The home as above; 55000 when one of the tables is missing, or a column that numbers are made from is not what it was;
// 0A000 when their rows are on other nodes.
pg::Home installed_home(FunctionCallInfo fcinfo);

Oid extension_schema();    // the one that CREATE EXTENSION chose
Oid own_type(Oid schema, const char* name);

}  // namespace ea::access
