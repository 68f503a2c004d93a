#include "pg/enum_labels.hpp"

namespace ea::pg {

namespace {

constexpr int kLabels = 7;
constexpr const char* kLabel[kLabels] = {"view", "save", "share", "click", "skip", "complete", "impression"};

struct Labels {
  Oid oid[kLabels];
};

const Labels* look_up(FunctionCallInfo fcinfo, int i) {
  auto* labels = static_cast<Labels*>(MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(Labels)));
  Oid type = get_fn_expr_argtype(fcinfo->flinfo, i);
  for (int label = 0; label < kLabels; label++)
    labels->oid[label] = GetSysCacheOid2(ENUMTYPOIDNAME, Anum_pg_enum_oid, ObjectIdGetDatum(type),
                                         CStringGetDatum(kLabel[label]));
  return labels;
}

[[noreturn]] void unknown_label(Oid value) {
  HeapTuple tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
  NameData label = {};
  if (HeapTupleIsValid(tuple)) {
    label = ((Form_pg_enum)GETSTRUCT(tuple))->enumlabel;
    ReleaseSysCache(tuple);
  }
  raise(with_hint(failure(ERRCODE_INVALID_PARAMETER_VALUE, "engagement type \"%s\" has no meaning here",
                          NameStr(label)),
                  "Known are view, save, share, click, skip, complete and impression."));
}

}  // namespace

core::Engagement engagement_of(FunctionCallInfo fcinfo, int i) {
  auto* labels = static_cast<const Labels*>(fcinfo->flinfo->fn_extra);
  if (!labels) fcinfo->flinfo->fn_extra = const_cast<Labels*>(labels = look_up(fcinfo, i));
  Oid value = PG_GETARG_OID(i);
  for (int label = 0; label < kLabels; label++)
    if (labels->oid[label] == value) return static_cast<core::Engagement>(label);
  unknown_label(value);
}

}  // namespace ea::pg
