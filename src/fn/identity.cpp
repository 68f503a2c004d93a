// Identity and the state of the installation, as SQL functions.
#include "pg/barrier.hpp"
#include "pg/identity.hpp"

using namespace ea;

extern "C" {
PG_MODULE_MAGIC;
PGDLLEXPORT void _PG_init(void);
}

void _PG_init(void) { pg::define_settings(); }

EA_FUNCTION(ea_current_creator_id) {
  const pg::Optional<int64> me = pg::current_identity();
  if (!me.given) PG_RETURN_NULL();
  PG_RETURN_INT64(me.value);
}

EA_FUNCTION(ea_sees_all) { PG_RETURN_BOOL(pg::sees_all(pg::find_home(fcinfo))); }

EA_FUNCTION(ea_require_installed) {
  pg::installed_home(fcinfo);
  PG_RETURN_VOID();
}

EA_FUNCTION(ea_version) { PG_RETURN_TEXT_P(cstring_to_text(EA_VERSION)); }

// Whoever may call it has the right that it stands for.
EA_FUNCTION(ea_right) { PG_RETURN_BOOL(true); }
