// What tables the direct scans and the writer can serve. What SQL would do and they do not is refused when a table is opened,
// with 0A000 and a hint, rather than left undone.
#pragma once

#include "pg/columns.hpp"

namespace ea::pg {

// Not distributed over other nodes by Citus.
void require_here(Oid table);

// A table whose rows are all in it, on this node, and visible to its owner; 42809 for what is no ordinary table.
void require_readable(Relation table, bool rollup);

// The same of a partitioned table, whose rows are in its partitions.
void require_partitions_readable(Relation table);

// Besides: nothing happens when rows are inserted or deleted but that its indexes are kept up.
void require_writable(Relation table);

}  // namespace ea::pg
