// The table of the rules that cohorts have.
#pragma once

#include "pg/columns.hpp"

namespace ea::rollup {

// False where it is missing, as before install() has brought a database over; error 55000 where a column is not what it was.
bool has_cohort_table();
// 55000 also where it is missing.
void require_cohort_table();

}  // namespace ea::rollup
