// Who is told when a relation has changed. The server has room for ten callbacks in a process, for all extensions together
// and its own; ours share one.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

// For good: call(argument, relation) at every change; InvalidOid stands for all relations. Must not raise.
void on_relation_change(void (*call)(Datum argument, Oid relation), Datum argument = 0);

}  // namespace ea::pg
