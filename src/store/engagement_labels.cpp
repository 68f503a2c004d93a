#include "store/engagement_labels.hpp"

namespace ea::rollup {

namespace {

constexpr int kLabels = 7;
constexpr const char* kLabel[kLabels] = {"view", "save", "share", "click", "skip", "complete", "impression"};

[[noreturn]] void unknown_label(Oid value) {
  HeapTuple tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
  NameData label = {};
  if (HeapTupleIsValid(tuple)) {
    label = ((Form_pg_enum)GETSTRUCT(tuple))->enumlabel;
    ReleaseSysCache(tuple);
  }
  pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "engagement type \"%s\" has no meaning here",
                          NameStr(label)),
                  "Known are view, save, share, click, skip, complete and impression."));
}

}  // namespace

void EngagementLabels::look_up(Oid type) {
  for (int label = 0; label < kLabels; label++)
    oids_[label] = GetSysCacheOid2(ENUMTYPOIDNAME, Anum_pg_enum_oid, ObjectIdGetDatum(type), CStringGetDatum(kLabel[label]));
}

core::Engagement EngagementLabels::of(Oid value) const {
  for (int label = 0; label < kLabels; label++)
    if (oids_[label] == value) return static_cast<core::Engagement>(label);
  unknown_label(value);
}

core::Engagement engagement_of(FunctionCallInfo fcinfo, int i) {
  auto* labels = static_cast<EngagementLabels*>(fcinfo->flinfo->fn_extra);
  if (!labels) {
    labels = static_cast<EngagementLabels*>(MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(EngagementLabels)));
    labels->look_up(get_fn_expr_argtype(fcinfo->flinfo, i));
    fcinfo->flinfo->fn_extra = labels;
  }
  return labels->of(PG_GETARG_OID(i));
}

}  // namespace ea::rollup
