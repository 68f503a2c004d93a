// experiment_bucket and assign_variant.
#include "access/home.hpp"
#include "feature/experiments/definition.hpp"
#include "pg/barrier.hpp"
#include "pg/sight.hpp"

namespace {

using namespace ea;

std::string_view view_of(const text* value) { return {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)}; }

// The definition by which a call has assigned, kept from row to row: for as long as the same is visible, and the experiment the
// same.
class Assigner {
 public:
  static Assigner& of(FunctionCallInfo fcinfo) {
    if (!fcinfo->flinfo->fn_extra) {
      MemoryContext memory = fcinfo->flinfo->fn_mcxt;
      auto* fresh = new (MemoryContextAlloc(memory, sizeof(Assigner))) Assigner();
      fresh->kept_in_ = memory;
      fresh->memory_ = AllocSetContextCreate(memory, "explore_analytics experiment", ALLOCSET_SMALL_SIZES);
      fcinfo->flinfo->fn_extra = fresh;
    }
    return *static_cast<Assigner*>(fcinfo->flinfo->fn_extra);
  }

  // For the experiment that argument 0 names.
  void look_up(FunctionCallInfo fcinfo) {
    const std::string_view name = view_of(PG_GETARG_TEXT_PP(0));
    const bool same_sight = sight_.is_unchanged(kept_in_);
    if (known_ && same_sight && name == std::string_view(name_)) return;
    known_ = false;
    access::installed_home(fcinfo);
    MemoryContextReset(memory_);
    MemoryContext outside = MemoryContextSwitchTo(memory_);
    name_ = pnstrdup(name.data(), name.size());
    experiment_ = rollup::find_experiment(name_, GetActiveSnapshot());
    seeded_ = experiments::seeded(experiment_.seed);
    MemoryContextSwitchTo(outside);
    known_ = true;
  }

  // Null where the unit is in none of them.
  const char* variant_of(std::string_view unit) const {
    const int chosen = experiments::assigned(seeded_, unit, experiments::weights_of(experiment_), experiment_.coverage);
    return chosen < 0 ? nullptr : experiment_.variants[chosen];
  }

 private:
  MemoryContext kept_in_ = nullptr, memory_ = nullptr;
  pg::Sight sight_;
  bool known_ = false;
  const char* name_ = nullptr;
  rollup::Experiment experiment_{};
  core::UnitHash seeded_;
};

constexpr const char* kUnitHint = "Pass the id of the user as text, or that of the session.";

[[noreturn]] void refuse_nulls(FunctionCallInfo fcinfo) {
  access::installed_home(fcinfo);
  (void)experiments::name_argument(fcinfo, 0, "name");
  pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "unit must not be null"), kUnitHint));
}

}  // namespace

EA_FUNCTION(ea_experiment_bucket) {
  const std::string_view seed = pg::as_utf8(view_of(PG_GETARG_TEXT_PP(0))), unit = pg::as_utf8(view_of(PG_GETARG_TEXT_PP(1)));
  PG_RETURN_FLOAT8(core::experiment_bucket(core::UnitHash().add(seed), unit));
}

EA_FUNCTION(ea_assign_variant) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) refuse_nulls(fcinfo);
  const std::string_view unit = view_of(PG_GETARG_TEXT_PP(1));
  Assigner& assigner = Assigner::of(fcinfo);
  assigner.look_up(fcinfo);
  if (unit.empty()) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "unit must not be empty"), kUnitHint));
  const char* variant = assigner.variant_of(unit);
  if (!variant) PG_RETURN_NULL();
  PG_RETURN_TEXT_P(cstring_to_text(variant));
}
