// What {counted} in statements stands for.
#include "store/scope.hpp"

#include "pg/statement.hpp"
#include "store/engagement_labels.hpp"

namespace ea::rollup {

namespace {

struct {
  char* text = nullptr;
  uint64 changes = 0;      // of labels, that it knows of
  uint64 revision = 0;     // how often it has become another text
} counted;

// Labels are named one by one where there are some. One that is not committed yet cannot be named, nor stored.
char* condition(const pg::Home& home) {
  StringInfoData foreign;
  initStringInfo(&foreign);
  CatCList* labels = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(get_atttype(home.events, get_attnum(home.events, "engagement_type"))));
  for (int i = 0; i < labels->n_members; i++) {
    const Form_pg_enum label = (Form_pg_enum)GETSTRUCT(&labels->members[i]->tuple);
    core::Engagement engagement;
    if (!EngagementLabels::find(label->oid, &engagement) && !EnumUncommitted(label->oid))
      appendStringInfo(&foreign, "%s%s", foreign.len ? ", " : "", quote_literal_cstr(NameStr(label->enumlabel)));
  }
  ReleaseCatCacheList(labels);
  return foreign.len ? psprintf("e.engagement_type <> ALL (ARRAY[%s]::{s}.engagement_type[])", foreign.data) : pstrdup("true");
}

uint64 revision(const pg::Home& home) {
  const uint64 changes = EngagementLabels::changes();
  if (counted.text && counted.changes == changes) return counted.revision;
  const char* text = condition(home);
  if (!counted.text || strcmp(counted.text, text) != 0) {
    char* kept = MemoryContextStrdup(TopMemoryContext, text);
    if (counted.text) pfree(counted.text);
    counted.text = kept;
    counted.revision++;
  }
  counted.changes = changes;
  return counted.revision;
}

const char* text() { return counted.text; }

const pg::Fragment fragment("{counted}", revision, text);

}  // namespace

}  // namespace ea::rollup
