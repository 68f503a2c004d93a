#include "store/engagement_labels.hpp"

#include <iterator>

#include "pg/statement.hpp"

namespace ea::rollup {

namespace {

// In the order of core::Engagement.
constexpr const char* kLabels[] = {"view", "save", "share", "click", "skip", "complete", "impression", "progress"};
constexpr int kUnknown = -1;

// What was looked up since an enum last changed; when it is full it begins anew.
struct {
  struct {
    Oid value;
    int label;
  } list[16];
  int count = 0;
  uint64 changes = 0;
  bool watched = false;
} known;

void forget(Datum, int, uint32) {
  known.count = 0;
  known.changes++;
}

NameData label_of(Oid value) {
  NameData label = {};
  HeapTuple tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
  if (HeapTupleIsValid(tuple)) {
    label = ((Form_pg_enum)GETSTRUCT(tuple))->enumlabel;
    ReleaseSysCache(tuple);
  }
  return label;
}

void watch() {
  if (known.watched) return;
  CacheRegisterSyscacheCallback(ENUMOID, forget, (Datum)0);
  known.watched = true;
}

int look_up(Oid value) {
  watch();
  const uint64 changes = known.changes;
  const NameData name = label_of(value);
  int label = kUnknown;
  for (int i = 0; i < (int)std::size(kLabels); i++)
    if (strcmp(NameStr(name), kLabels[i]) == 0) label = i;
  // What changed while it was looked up is looked up the next time.
  if (changes == known.changes) {
    if (known.count == (int)std::size(known.list)) known.count = 0;
    known.list[known.count++] = {value, label};
  }
  return label;
}

int remembered(Oid value) {
  for (int i = 0; i < known.count; i++)
    if (known.list[i].value == value) return known.list[i].label;
  return look_up(value);
}

// The condition that statements have, and how often it has become another one.
struct {
  char* text = nullptr;
  uint64 changes = 0;      // those of labels that it knows of
  uint64 revision = 0;
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

// The server tells of changes of any enum, and now and then of none. Labels come from other sessions in the middle of a
// transaction, too.
uint64 revision_of_counted(const pg::Home& home) {
  watch();
  AcceptInvalidationMessages();
  const uint64 changes = known.changes;
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

const char* text_of_counted() { return counted.text; }

const pg::Fragment fragment("{counted}", revision_of_counted, text_of_counted);

}  // namespace

bool EngagementLabels::find(Oid value, core::Engagement* engagement) {
  const int label = remembered(value);
  if (label == kUnknown) return false;
  *engagement = static_cast<core::Engagement>(label);
  return true;
}

core::Engagement EngagementLabels::of(Oid value) {
  core::Engagement engagement;
  if (find(value, &engagement)) return engagement;
  const NameData label = label_of(value);
  pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "engagement type \"%s\" has no meaning here", NameStr(label)),
                          "Known are view, save, share, click, skip, complete, impression and progress."));
}

}  // namespace ea::rollup
