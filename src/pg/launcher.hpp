// Background workers, one for each database whose setting asks for one. Which these are only somebody who is connected
// to a database can tell: a launcher, which is not, starts a worker in every one now and then, and it leaves if it is not
// wanted.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// In _PG_init: defines the setting, milliseconds between two rounds of the worker, 0 for none. Where the library is
// preloaded it registers the launcher, too. `main` is an entry point of the library.
void launch_workers(const char* setting, const char* description, const char* name, const char* main);

// In the worker: connects, as the superuser that made the server, with settings under which nothing of a database's ends
// it.
void begin_worker(Datum argument);

// Between them is a transaction of the worker; its statistics are handed over behind it. Returns the setting as of now,
// and ends the worker where that is 0.
int begin_round();
void end_round();

// Shorter where settings are read anew. Ends the worker when somebody waits for the database to be left, as DROP DATABASE and CREATE DATABASE ... TEMPLATE do.
void wait_between_rounds(int64 milliseconds);

// The launcher looks again after a while.
[[noreturn]] void end_worker(const char* why);

}  // namespace ea::pg
