#include "ask/days.hpp"

#include <algorithm>

#include "store/epoch.hpp"
#include "store/scope.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

namespace {

#define EA_DAY "date_trunc('day', e.created_at, 'UTC')"

// As a constant, so that the planner sees how short the tail is.
#define EA_TAIL(id, joined, condition, grouping)                                                              \
  "/* explore_analytics: daily views */ SELECT " EA_DAY ", " id ", " EA_SUMMARY                                \
  " FROM {s}.explore_engagements e " joined " WHERE e.epoch > $1 AND " EA_COUNTED " AND " condition " GROUP BY " grouping

constexpr std::initializer_list<Oid> kTypes = {INT8OID, INT8OID};
pg::Statement by_content(
    EA_TAIL("e.content_id", "", "($2 IS NULL OR e.content_id IN (SELECT c.id FROM {s}.explore_content c WHERE c.creator_id = $2))", "1, 2"),
    kTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement by_creator(
    EA_TAIL("c.creator_id", "JOIN {s}.explore_content c ON c.id = e.content_id", "($2 IS NULL OR c.creator_id = $2)", "1, 2"),
    kTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement of_platform(EA_TAIL("0::bigint", "", "$2 IS NULL", "1"), kTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement days_of_tail(
    "/* explore_analytics: daily views */ SELECT DISTINCT " EA_DAY " FROM {s}.explore_engagements e WHERE e.epoch > $1 AND " EA_COUNTED
    " AND ($2 IS NULL OR e.content_id IN (SELECT c.id FROM {s}.explore_content c WHERE c.creator_id = $2))",
    kTypes, CURSOR_OPT_CUSTOM_PLAN);

void add_day_of(pg::Array<int64>& days, int64 at) {
  const int64 day = core::floor_divide(at, core::kDay);
  // Logs come in order of time, mostly: few repeats get this far.
  if (days.empty() || days[days.size() - 1] != day) days.append(day);
}

void append_days(Snapshot snapshot, const Key& key, int64 low, pg::Array<int64>& days) {
  pg::IndexScan scan;
  scan.open(tables().totals, tables().totals_key, snapshot);
  scan.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
  if (scan.next()) check_epoch(scan.int64_at(totals::epoch), low);
  scan.close();
  scan.open(tables().buckets, tables().buckets_key, snapshot);
  scan.equal(buckets::key::id, key.id).equal_int2(buckets::key::scope, (int16)key.scope)
      .equal_int2(buckets::key::level, kDayLevel).start();
  while (scan.next()) days.append(scan.int64_at(buckets::number));
  scan.close();
  StoredEvents stored(snapshot);
  stored.for_each_above(key, kDayLevel, [&](const core::TimedEvent& e) { add_day_of(days, e.at); });
  stored.close();
}

}  // namespace

void add_active_days(const pg::Home& home, const Key& key, pg::Rows& rows) {
  Snapshot snapshot = GetActiveSnapshot();
  const int64 low = watermark(snapshot);
  pg::Array<int64> days;
  Reader reader(snapshot, low);
  StoredParts parts(home, snapshot, reader, key, {});
  parts.find_other_days();
  for (const Key& part : parts.keys()) {
    append_days(snapshot, part, low, days);
    if (part.scope != key.scope) continue;
    AscendingIds empty;
    for (const StoredParts::OtherDay& other : parts.other_days())
      if (!other.summary) empty.append(other.day);
    days.shorten(std::remove_if(days.begin(), days.end(), [&](int64 day) { return std::binary_search(empty.begin(), empty.end(), day); }) - days.begin());
  }
  parts.close();
  reader.close();
  pg::Query query(home);
  const uint64 found = query.read(days_of_tail, pg::Parameters().id(low).add(key.scope != ScopeKind::platform, Int64GetDatum(key.id)));
  for (uint64 i = 0; i < found; i++) add_day_of(days, query.int64_at(i, 1));
  make_ascending(&days);
  for (const int64 day : days)
    rows.add(DateADTGetDatum((DateADT)day)).add(TimestampTzGetDatum(Max(day * core::kDay, MIN_TIMESTAMP))).end_row();
  query.finish();    // the days may be in its memory
}

void read_day(const pg::Home& home, const Key& key, TimestampTz day, Sink& sink) {
  Snapshot snapshot = GetActiveSnapshot();
  const int64 number = core::floor_divide(day, core::kDay);
  const core::Span span{number * core::kDay, (number + 1) * core::kDay};
  Reader reader(snapshot, std::numeric_limits<int64>::max());    // checked with the days
  StoredParts parts(home, snapshot, reader, key, span);
  parts.add_to(sink, span);
  parts.close();
  reader.close();
}

uint64 read_tail_days(pg::Query& query, ScopeKind scope, pg::Optional<int64> owner) {
  pg::Statement& statement = scope == ScopeKind::content ? by_content : scope == ScopeKind::creator ? by_creator : of_platform;
  return query.read(statement, pg::Parameters().id(watermark(GetActiveSnapshot())).id(owner));
}

void add_tail_days(const pg::Home& home, ScopeKind scope, pg::Optional<int64> owner, pg::Rows& rows) {
  pg::Query query(home);
  rows.add_all(query, read_tail_days(query, scope, owner));
  query.finish();
}

}  // namespace ea::rollup
