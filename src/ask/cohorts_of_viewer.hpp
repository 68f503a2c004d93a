// Which cohorts somebody is in now, whoever defined them: from what there is about this viewer, and without the others.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Names as text[], ascending: of cohorts with the user in them, or one of the user's sessions as an anonymous visitor. Cohorts
// whose rule can no longer be answered, because retention has dropped what it asks for, have nobody in them.
Datum cohorts_of_viewer(pg::Query& query, int64 user);

}  // namespace ea::rollup
