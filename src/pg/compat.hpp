// What differs between PostgreSQL 15 and 18: the only place that asks for the version. Included by
// postgres.hpp alone.
#pragma once

#if PG_VERSION_NUM >= 160000
extern "C" {
#include "varatt.h"   // split off from postgres.h
}
#else
// 15 exports nothing by itself when symbols are hidden.
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif
