#include "store/foreign_labels.hpp"

#include "pg/error.hpp"
#include "store/engagement_labels.hpp"

namespace ea::rollup {

bool has_foreign_labels(const pg::Home& home) {
  const Oid type = get_atttype(home.events, get_attnum(home.events, "engagement_type"));
  CatCList* labels = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
  bool found = false;
  core::Engagement engagement;
  for (int i = 0; i < labels->n_members; i++)
    found = found || !EngagementLabels::find(((Form_pg_enum)GETSTRUCT(&labels->members[i]->tuple))->oid, &engagement);
  ReleaseCatCacheList(labels);
  return found;
}

}  // namespace ea::rollup
