#include "store/cohort_table.hpp"

namespace ea::rollup {

namespace {

constexpr pg::Column kCohorts[] = {{"name", TEXTOID}, {"owner", NAMEOID}, {"rule", JSONBOID}, {"defined_at", TIMESTAMPTZOID}};

}  // namespace

bool has_cohort_table() {
  const Oid table = get_relname_relid("cohorts", get_namespace_oid("explore_analytics", false));
  if (!OidIsValid(table)) return false;
  pg::require_columns({table, kCohorts, InvalidOid, true});
  return true;
}

void require_cohort_table() {
  if (!has_cohort_table())
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "table explore_analytics.cohorts does not exist"),
                            "The tables are not those of this version. Run: CALL explore_analytics.install();"));
}

}  // namespace ea::rollup
