// Tables to which an INSERT does nothing but store rows, check them and keep indexes up: for these it can be done without
// planner and executor. Whether a table is one is asked of its descriptor, and remembered until that changes.
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

// Not so where anything of somebody's would run, or more is to be done: rules, row level security, generated columns, exclusion
// constraints, checks and indexes by functions that are not the server's own, storage other than a heap.
bool is_plain(Relation table, int* unique_indexes);

// Besides: no triggers.
struct PlainInsert {
  bool possible = false;
  bool checked = false;        // it has constraints
  int unique_indexes = 0;
};
PlainInsert plain_insert(Relation table);

// Whether the present user has these privileges on the whole table. Otherwise the executor says what is wrong.
bool is_granted(Relation table, AclMode privileges);

// Whether what a column is given by itself is what that function returns.
bool has_default(Relation table, AttrNumber column, Oid function);

// Where the columns of the list stand; false where one is not there as it is listed, or where another one wants a value of a
// new row.
bool find_places(Relation table, const Table& wanted, AttrNumber* places, bool new_row = true);

}  // namespace ea::pg
