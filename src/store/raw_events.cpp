#include "store/raw_events.hpp"

#include "store/engagement_labels.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

constexpr long kFetch = 5000;

#define EA_RAW_EVENTS(id, joined, condition, order)                                                       \
  "/* explore_analytics: raw events */ SELECT " id ", e.created_at, e.engagement_type, " EA_VIEWER_KEY     \
  ", e.watch_time_ms, e.completed FROM {s}.explore_engagements e " joined                                  \
  " WHERE e.epoch > $1 AND e.epoch <= $2 AND " EA_COUNTED " AND ($3 IS NULL OR e.created_at >= $3)"                           \
  " AND ($4 IS NULL OR e.created_at < $4)" condition " ORDER BY " order

#define EA_CHOSEN(id) " AND ($5 IS NULL OR " id " = ANY ($5)) AND ($6 IS NULL OR " id " <> ALL ($6))"

constexpr std::initializer_list<Oid> kTypes = {INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8ARRAYOID, INT8ARRAYOID};

pg::Statement by_content(EA_RAW_EVENTS("e.content_id", "", EA_CHOSEN("e.content_id"), "1, 2"), kTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement by_creator(
    EA_RAW_EVENTS("c.creator_id", "JOIN {s}.explore_content c ON c.id = e.content_id", EA_CHOSEN("c.creator_id"), "1, 2"),
    kTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement by_time(EA_RAW_EVENTS("0::bigint", "", EA_CHOSEN("0::bigint"), "2"), kTypes, CURSOR_OPT_CUSTOM_PLAN);

}  // namespace

RawEvents::RawEvents(pg::Query& query, ScopeKind scope, const RawSelection& selection) {
  pg::Statement& statement = scope == ScopeKind::content ? by_content : scope == ScopeKind::creator ? by_creator : by_time;
  cursor_.open(query, statement,
               pg::Parameters().id(selection.above).id(selection.upto).open_range(selection.range)
                   .add(selection.only.given, selection.only.value)
                   .add(selection.without.given, selection.without.value));
}

bool RawEvents::next(int64* id, core::TimedEvent* event) {
  if (row_ == rows_) {
    CHECK_FOR_INTERRUPTS();
    rows_ = cursor_.fetch(kFetch);
    row_ = 0;
    if (rows_ == 0) return false;
  }
  bool null;
  *id = DatumGetInt64(cursor_.value(row_, 1, &null));
  core::TimedEvent e{};
  e.at = DatumGetTimestampTz(cursor_.value(row_, 2, &null));
  e.event.type = EngagementLabels::of(DatumGetObjectId(cursor_.value(row_, 3, &null)));
  e.event.viewer = DatumGetInt64(cursor_.value(row_, 4, &null));
  e.event.has_viewer = !null;
  e.event.watch_time_ms = DatumGetInt32(cursor_.value(row_, 5, &null));
  e.event.completed = DatumGetBool(cursor_.value(row_, 6, &null));
  *event = core::normalized(e);
  row_++;
  return true;
}

void RawEvents::close() { cursor_.close(); }

}  // namespace ea::rollup
