// Identity and rights as SQL functions, and the settings of the library.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "pg/barrier.hpp"
#include "pg/launcher.hpp"
#include "pg/row_number_order.hpp"
#include "pg/row_stream.hpp"

using namespace ea;

extern "C" {
PG_MODULE_MAGIC;
PGDLLEXPORT void _PG_init(void);
}

// define_settings() last: behind it no setting of the prefix can be defined.
void _PG_init(void) {
  pg::launch_workers("explore_analytics.refresh_interval", "Time between two refreshes by the background worker of a database.",
                     "explore_analytics refresh", "ea_refresh_worker_main");
  pg::order_by_row_number("explore_leaderboard");
  pg::plan_streams();
  access::define_settings();
}

EA_FUNCTION(ea_current_creator_id) {
  const pg::Optional<int64> me = access::current_identity();
  if (!me.given) PG_RETURN_NULL();
  PG_RETURN_INT64(me.value);
}

// Planner support that has nothing to say: to be asked, the library has been loaded.
EA_FUNCTION(ea_load_while_planning) { PG_RETURN_POINTER(nullptr); }

EA_FUNCTION(ea_sees_all) { PG_RETURN_BOOL(access::sees_all(access::find_home(fcinfo))); }

// Whoever may call it has the right that it stands for.
EA_FUNCTION(ea_right) { PG_RETURN_BOOL(true); }
