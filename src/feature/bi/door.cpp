// What the daily views are made of. The views put them together; each asks at the door by itself. Who sees
// nothing gets no days, and so no rows.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "access/ownership.hpp"
#include "ask/days.hpp"
#include "pg/barrier.hpp"

namespace {

using namespace ea;

rollup::ScopeKind scope_argument(FunctionCallInfo fcinfo) {
  const int16 scope = PG_ARGISNULL(0) ? -1 : PG_GETARG_INT16(0);
  if (scope < 0 || scope > 2)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "unknown scope %d", scope),
                            "0 is the platform, 1 a creator, 2 a content."));
  return (rollup::ScopeKind)scope;
}

// Kept for all calls of a query: where the tables are, who asks, and contents that were found to be theirs.
class DayDoor {
 public:
  static DayDoor& of(FunctionCallInfo fcinfo) {
    if (!fcinfo->flinfo->fn_extra) {
      MemoryContext outside = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
      fcinfo->flinfo->fn_extra = new (palloc0(sizeof(DayDoor))) DayDoor(access::installed_home(fcinfo));
      MemoryContextSwitchTo(outside);
    }
    return *static_cast<DayDoor*>(fcinfo->flinfo->fn_extra);
  }

  const pg::Home& home() const { return home_; }

  // No error: the days of others are none, and an error would name whose they are.
  bool may_see(const rollup::Key& key) {
    // A cursor may be read on after SET ROLE.
    if (const access::Caller now = access::caller(); !asked_ || !(now == caller_)) {
      me_ = access::held_to(home_);
      memset(theirs_, 0, sizeof theirs_);
      caller_ = now;
      asked_ = true;
    }
    if (!me_.given) return true;
    if (key.scope == rollup::ScopeKind::platform) return false;
    if (key.scope == rollup::ScopeKind::creator) return key.id == me_.value && key.id != 0;
    int64& place = theirs_[(uint64)key.id % lengthof(theirs_)];
    if (place == key.id && key.id != 0) return true;
    if (me_.value == 0 || access::creator_of_content(home_, key.id) != me_.value) return false;
    place = key.id;
    return true;
  }

 private:
  explicit DayDoor(const pg::Home& home) : home_(home) {}

  pg::Home home_;
  bool asked_ = false;
  access::Caller caller_;
  pg::Optional<int64> me_;
  int64 theirs_[256] = {};
};

}  // namespace

EA_FUNCTION(ea_active_days) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Optional<int64> me = access::held_to(home);
  pg::Rows rows(fcinfo);
  rollup::add_active_days(home, me.given ? rollup::Key{rollup::ScopeKind::creator, me.value} : rollup::Key{rollup::ScopeKind::platform, 0}, rows);
  return (Datum)0;
}

EA_FUNCTION(ea_tail_days) {
  const pg::Home home = access::installed_home(fcinfo);
  pg::Rows rows(fcinfo);
  rollup::add_tail_days(home, scope_argument(fcinfo), access::held_to(home), rows);
  return (Datum)0;
}

// NULL when there was nothing on that day, or nothing that the caller may see.
EA_FUNCTION(ea_day_summary) {
  DayDoor& door = DayDoor::of(fcinfo);
  const rollup::Key key{scope_argument(fcinfo), PG_ARGISNULL(1) ? 0 : PG_GETARG_INT64(1)};
  if (!door.may_see(key) || PG_ARGISNULL(2) || TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(2))) PG_RETURN_NULL();
  rollup::SummarySink sink;
  rollup::read_day(door.home(), key, PG_GETARG_TIMESTAMPTZ(2), sink);
  if (!PG_ARGISNULL(3)) sink.summary(PG_GETARG_DATUM(3));
  if (sink.empty()) PG_RETURN_NULL();
  return sink.finish();
}
