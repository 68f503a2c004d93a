// What the daily views are made of, and what those of 0.1.0 are, which put parts together; each asks at the door by
// itself. Who sees nothing gets no days, and so no rows.
#include <algorithm>

#include "access/home.hpp"
#include "access/identity.hpp"
#include "access/ownership.hpp"
#include "ask/daily.hpp"
#include "ask/days.hpp"
#include "core/value/metric.hpp"
#include "feature/bi/daily_columns.hpp"
#include "pg/barrier.hpp"
#include "pg/fixed_rows.hpp"
#include "pg/row_stream.hpp"
#include "pg/rows.hpp"

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

  // The creator that the caller is held to.
  const pg::Optional<int64>& me() {
    // A cursor may be read on after SET ROLE.
    if (const access::Caller now = access::caller(); !asked_ || !(now == caller_)) {
      me_ = access::held_to(home_);
      memset(theirs_, 0, sizeof theirs_);
      caller_ = now;
      asked_ = true;
    }
    return me_;
  }

  // No error: the days of others are none, and an error would name whose they are.
  bool may_see(const rollup::Key& key) {
    if (!me().given) return true;
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

using namespace bi;
constexpr int32 kAllColumns = (1 << kDailyColumns) - 1;

// The days and keys that the arguments of daily_numbers() leave.
class Bounds {
 public:
  void from_day(int64 day) { range_.from = Max(range_.from, core::border_of(rollup::kDayLevel, day)); }
  void to_day(int64 day) { range_.to = Min(range_.to, core::border_of(rollup::kDayLevel, day + 1)); }
  void only(const rollup::AscendingIds& ids) {
    if (!bounded_) {
      ids_ = ids;
      bounded_ = true;
      return;
    }
    int64 kept = 0;
    for (const int64 id : ids_)
      if (std::binary_search(ids.begin(), ids.end(), id)) ids_[kept++] = id;
    ids_.shorten(kept);
  }
  void only(int64 id) {
    rollup::AscendingIds ids;
    ids.append(id);
    only(ids);
  }
  bool any() const { return range_.from < range_.to; }
  rollup::DaysWanted wanted(bool viewers) const { return {range_, bounded_ ? &ids_ : nullptr, viewers}; }

 private:
  core::Span range_;
  rollup::AscendingIds ids_;
  bool bounded_ = false;
};

void bound_days(Bounds& bounds, Datum array) {
  Datum* days;
  bool* nulls;
  int count;
  deconstruct_array(DatumGetArrayTypeP(array), DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &days, &nulls, &count);
  int64 first = PG_INT32_MAX, last = PG_INT32_MIN;
  for (int i = 0; i < count; i++) {
    if (nulls[i]) continue;
    first = Min(first, DatumGetDateADT(days[i]));
    last = Max(last, DatumGetDateADT(days[i]));
  }
  bounds.from_day(first);
  bounds.to_day(last);
}

// A row of numbers for each day that a call of daily_numbers() asks for.
class DailyRows final : public pg::RowStream {
 public:
  DailyRows(FunctionCallInfo fcinfo) : wanted_(PG_ARGISNULL(9) ? kAllColumns : PG_GETARG_INT32(9) & kAllColumns) {
    for (int column = 0; column < kDailyColumns; column++)
      if (wanted_ & 1 << column) columns_[count_++] = column;
    const pg::Home home = access::installed_home(fcinfo);
    const rollup::ScopeKind scope = scope_argument(fcinfo);
    const pg::Optional<int64> me = access::held_to(home);
    if (me.given && (me.value == 0 || scope == rollup::ScopeKind::platform)) return;
    if (!PG_ARGISNULL(1)) bounds_.from_day(PG_GETARG_DATEADT(1));
    if (!PG_ARGISNULL(2)) bounds_.to_day(PG_GETARG_DATEADT(2));
    if (!PG_ARGISNULL(3)) bounds_.from_day(core::floor_divide(PG_GETARG_TIMESTAMPTZ(3), core::kDay));
    if (!PG_ARGISNULL(4)) bounds_.to_day(core::floor_divide(PG_GETARG_TIMESTAMPTZ(4), core::kDay));
    if (!PG_ARGISNULL(5)) bound_days(bounds_, PG_GETARG_DATUM(5));
    if (!PG_ARGISNULL(6)) bounds_.only(PG_GETARG_INT64(6));
    if (!PG_ARGISNULL(7)) bounds_.only(rollup::sorted_ids(PG_GETARG_DATUM(7)));
    const auto only_of = [&](int64 creator) {
      if (scope == rollup::ScopeKind::content)
        bounds_.only(rollup::contents_of_creator(home, GetActiveSnapshot(), creator));
      else
        bounds_.only(creator);
    };
    if (!PG_ARGISNULL(8)) only_of(PG_GETARG_INT64(8));
    if (me.given) only_of(me.value);
    if (bounds_.any()) pass_ = rollup::begin_days(home, scope, bounds_.wanted(wanted_ & 1 << kUniqueViewers));
  }

  uint32 wanted() const { return (uint32)wanted_; }

  bool next(Datum* values) override {
    rollup::DayOfKey row;
    if (!pass_ || !pass_->next(&row)) return false;
    for (int i = 0; i < count_; i++) values[columns_[i]] = value(columns_[i], row);
    return true;
  }
  void close() override {
    if (pass_) pass_->close();
  }

 private:
  static Datum value(int column, const rollup::DayOfKey& row) {
    const core::Header& numbers = row.numbers;
    const core::Counters& c = numbers.counters;
    switch ((DailyColumn)column) {
      case kDay: return DateADTGetDatum((DateADT)row.day);
      case kBucket: return TimestampTzGetDatum(Max(row.day * core::kDay, MIN_TIMESTAMP));
      case kId: return Int64GetDatum(row.id);
      case kViews: return Int64GetDatum(c.views);
      case kUniqueViewers: return Int64GetDatum((int64)numbers.unique_viewers);
      case kWatchTime: return Float8GetDatum(core::seconds(c.watch_time_ms));
      case kCompletions: return Int64GetDatum(c.completions);
      case kCompletionRate: return Float8GetDatum(core::metric_value(core::Metric::completion_rate, numbers));
      case kSaves: return Int64GetDatum(c.saves);
      case kSaveRate: return Float8GetDatum(core::metric_value(core::Metric::save_rate, numbers));
      case kShares: return Int64GetDatum(c.shares);
      case kClicks: return Int64GetDatum(c.clicks);
      case kSkips: return Int64GetDatum(c.skips);
      case kImpressions: return Int64GetDatum(c.impressions);
      case kEngagementRate: return Float8GetDatum(core::metric_value(core::Metric::engagement_rate, numbers));
      case kEngagementScore: return Float8GetDatum(core::engagement_score(c));
      case kNone:
      case kDailyColumns: break;
    }
    return (Datum)0;
  }

  const int32 wanted_;
  int columns_[kDailyColumns], count_ = 0;
  Bounds bounds_;
  rollup::DailyPass* pass_ = nullptr;    // null: nothing can be there
};

}  // namespace

EA_FUNCTION(ea_daily_numbers) {
  DailyRows rows(fcinfo);
  pg::FixedRows kept(fcinfo, kDailyColumns, rows.wanted());
  for (Datum values[kDailyColumns]; rows.next(values);) kept.add([&](int column) { return values[column]; });
  rows.close();
  return (Datum)0;
}

static pg::RowStream* stream_daily_numbers(FunctionCallInfo fcinfo, bool* nulls) {
  DailyRows* rows = new (palloc(sizeof(DailyRows))) DailyRows(fcinfo);
  for (int column = 0; column < kDailyColumns; column++) nulls[column] = !(rows->wanted() & 1u << column);
  return rows;
}
static const pg::StreamedFunction streamed("daily_numbers", ea_daily_numbers, kDailyColumns, stream_daily_numbers);

EA_FUNCTION(ea_may_read) {
  const pg::Optional<int64>& me = DayDoor::of(fcinfo).me();
  PG_RETURN_BOOL(!me.given || (me.value != 0 && !PG_ARGISNULL(0) && PG_GETARG_INT64(0) == me.value));
}

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
