// Entries of rows in the indexes of their table, as the executor makes them.
#pragma once

#include "pg/postgres.hpp"

namespace ea::pg {

// False where the row has none, or, with of_summaries, where the index keeps entries of rows.
bool form_entry(ResultRelInfo* table, int index, bool of_summaries, TupleTableSlot* row, EState* state, Datum* values, bool* nulls);

// The entries of stored rows in one index, in the order of its first column: neighbours are inserted one after the other,
// while their page is at hand. Nobody looks whether they are unique. `unchanged`: versions before these had the same keys.
void insert_entries(ResultRelInfo* table, int index, bool of_summaries, bool unchanged, TupleTableSlot** rows, int count, EState* state);

}  // namespace ea::pg
