#include "store/engagement_labels.hpp"

#include <iterator>

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

}  // namespace

bool EngagementLabels::find(Oid value, core::Engagement* engagement) {
  const int label = remembered(value);
  if (label == kUnknown) return false;
  *engagement = static_cast<core::Engagement>(label);
  return true;
}

uint64 EngagementLabels::changes() {
  watch();
  AcceptInvalidationMessages();    // they come from other sessions in the middle of a transaction, too
  return known.changes;
}

core::Engagement EngagementLabels::of(Oid value) {
  core::Engagement engagement;
  if (find(value, &engagement)) return engagement;
  const NameData label = label_of(value);
  pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "engagement type \"%s\" has no meaning here", NameStr(label)),
                          "Known are view, save, share, click, skip, complete, impression and progress."));
}

}  // namespace ea::rollup
