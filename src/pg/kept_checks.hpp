// Constraints of tables to which single rows are added again and again: to parse and prepare the checks costs more than the row.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

// As ExecConstraints, with what it has prepared kept until the table changes. Only for tables of which plain_insert() says that
// their checks are the server's own.
void check_constraints(Relation table, TupleTableSlot* row);

}  // namespace ea::pg
