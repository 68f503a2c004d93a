// A row locked as SELECT ... FOR NO KEY UPDATE locks it, without planner and executor.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// Waits for whoever changes the row that a scan has found at `tid` in the active snapshot, and puts its newest version into
// `row`. False where the row is gone. Where a transaction has one snapshot for all of its statements, a row that has changed
// since then is error 40001.
bool lock_row(Relation table, const ItemPointerData& tid, TupleTableSlot* row);

// 40001, in the server's words.
[[noreturn]] void serialization_failure(const char* what);

}  // namespace ea::pg
