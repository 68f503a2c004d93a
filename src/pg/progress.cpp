#include "pg/progress.hpp"

namespace ea::rollup {

void show_progress(const char* what, const char* phase, int64 done, int64 total) {
  char name[NAMEDATALEN];
  if (total > 0)
    snprintf(name, sizeof name, "explore_analytics %s: %s %lld/%lld", what, phase, (long long)done, (long long)total);
  else
    snprintf(name, sizeof name, "explore_analytics %s: %s", what, phase);
  set_config_option("application_name", name, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

}  // namespace ea::rollup
