// Long work shows where it is through application_name, which other sessions see at once;
// explore_analytics.refresh_progress reads it.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// Until the query is finished. A total of 0 is left out.
void show_progress(const char* what, const char* phase, int64 done, int64 total);

}  // namespace ea::rollup
