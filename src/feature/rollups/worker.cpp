// Where the background worker begins, which the launcher starts in databases with explore_analytics.refresh_interval.
#include "keep/run_forever.hpp"
#include "pg/barrier.hpp"
#include "pg/launcher.hpp"

extern "C" PGDLLEXPORT void ea_refresh_worker_main(Datum argument) {
  ea::pg::begin_worker(argument);
  ea::pg::contained([] { ea::rollup::work_forever(); });
}
