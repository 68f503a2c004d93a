// What administrators' functions do to the tables, with the rights of the tables' owner.
#include "access/home.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/statement.hpp"

namespace {

using namespace ea;

struct Step {
  const char* name;
  pg::Statement statement;
};

Step steps[] = {
    {"adopt_table", {"/* explore_analytics: install */ SELECT explore_analytics.adopt_table($1)", {TEXTOID}}},
    {"begin_rollups", {"/* explore_analytics: install */ SELECT explore_analytics.begin_rollups($1::boolean)", {TEXTOID}}},
    {"empty_rollups", {"/* explore_analytics: install */ SELECT explore_analytics.empty_rollups($1)", {TEXTOID}}},
    // Of install() in 0.1.0.
    {"fill_leaderboard", {"/* explore_analytics: install */ SELECT explore_analytics.fill_leaderboard() WHERE $1 IS NULL", {TEXTOID}}},
    {"install_partitions", {"/* explore_analytics: install */ SELECT explore_analytics.install_partitions() WHERE $1 IS NULL", {TEXTOID}}},
    {"make_partitions", {"/* explore_analytics: install */ SELECT explore_analytics.make_partitions(NULL, NULL) WHERE $1 IS NULL", {TEXTOID}}},
    {"put_aside", {"/* explore_analytics: uninstall */ SELECT explore_analytics.put_aside() WHERE $1 IS NULL", {TEXTOID}}},
    {"put_identity", {"/* explore_analytics: set_identity */ SELECT explore_analytics.put_identity($1::jsonb)", {TEXTOID}}},
    {"write_audit", {"/* explore_analytics: audit */ SELECT explore_analytics.write_audit($1::jsonb)", {TEXTOID}}},
    {"take_back", {"/* explore_analytics: install */ SELECT explore_analytics.take_back() WHERE $1 IS NULL", {TEXTOID}}},
    {"release_type", {"/* explore_analytics: uninstall */ SELECT explore_analytics.release_type() WHERE $1 IS NULL", {TEXTOID}}},
};

}  // namespace

EA_FUNCTION(ea_as_owner) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "owner and step must not be null"),
                            "It is a part of install(), uninstall(), grant_access() and their kin; call these."));
  const char* owner = NameStr(*PG_GETARG_NAME(0));
  const char* name = pg::text_argument(fcinfo, 1, "");
  pg::Home home = access::find_home(fcinfo);
  home.owner = get_role_oid(owner, false);
  if (!has_privs_of_role(GetUserId(), home.owner))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to act as role \"%s\"", owner),
                            "Only a superuser, or a member of that role, may."));
  for (Step& step : steps) {
    if (strcmp(step.name, name) != 0) continue;
    pg::Query query(home, home.owner != GetUserId());
    query.write(step.statement, pg::Parameters().add(!PG_ARGISNULL(2), PG_GETARG_DATUM(2)));
    query.finish();
    PG_RETURN_VOID();
  }
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "step", name),
                          "It is a part of install(), uninstall(), grant_access() and their kin; call these."));
}

EA_FUNCTION(ea_require_installed) {
  access::installed_home(fcinfo);
  PG_RETURN_VOID();
}

// For functions of older versions, which are there for the sake of dumps.
EA_FUNCTION(ea_retired) {
  pg::raise(pg::failure(ERRCODE_FEATURE_NOT_SUPPORTED, "function %s() is of an older version of explore_analytics",
                        get_func_name(fcinfo->flinfo->fn_oid)));
}

EA_FUNCTION(ea_version) { PG_RETURN_TEXT_P(cstring_to_text(EA_VERSION)); }
