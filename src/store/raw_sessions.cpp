#include "store/raw_sessions.hpp"

#include "store/scope.hpp"

namespace ea::rollup {

namespace {

constexpr long kFetch = 5000;

pg::Statement of_platform(
    "/* explore_analytics: sessions */ SELECT 0::bigint, s.id, s.session_start, s.session_end FROM {s}.explore_feed_sessions s ORDER BY 3", {});

// Events up to $1, of the creators $2 or of all.
pg::Statement of_creators(
    "/* explore_analytics: sessions */ SELECT p.creator_id, p.session_id, s.session_start, s.session_end FROM ("
    "  SELECT c.creator_id, e.session_id FROM {s}.explore_engagements e JOIN {s}.explore_content c ON c.id = e.content_id"
    "  WHERE e.epoch <= $1 AND e.session_id IS NOT NULL AND " EA_COUNTED " AND ($2 IS NULL OR e.content_id = ANY (ARRAY("
    "    SELECT o.id FROM {s}.explore_content o WHERE o.creator_id = ANY ($2))))"
    "  UNION SELECT c.creator_id, r.session_id FROM explore_analytics.session_rollups r CROSS JOIN LATERAL unnest(r.touched) t(content_id)"
    "  JOIN {s}.explore_content c ON c.id = t.content_id WHERE $2 IS NULL OR c.creator_id = ANY ($2)"
    ") p LEFT JOIN {s}.explore_feed_sessions s ON s.id = p.session_id ORDER BY 1, 3",
    {INT8OID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement touches(
    "/* explore_analytics: sessions */ SELECT e.content_id, e.session_id FROM {s}.explore_engagements e"
    " WHERE e.content_id = ANY ($1) AND e.epoch + 0 <= $2 AND e.session_id IS NOT NULL AND " EA_COUNTED
    " UNION SELECT t.content_id, r.session_id FROM explore_analytics.session_rollups r CROSS JOIN LATERAL unnest(r.touched) t(content_id)"
    " WHERE r.touched && $1 AND t.content_id = ANY ($1)",
    {INT8ARRAYOID, INT8OID}, CURSOR_OPT_GENERIC_PLAN);

// Without a step that reads all before the first row is out.
pg::Statement touching_events(
    "/* explore_analytics: sessions */ SELECT e.session_id FROM {s}.explore_engagements e"
    " WHERE e.content_id = ANY ($1) AND e.epoch + 0 <= $2 AND e.session_id IS NOT NULL AND " EA_COUNTED
    " UNION ALL SELECT r.session_id FROM explore_analytics.session_rollups r WHERE r.touched && $1",
    {INT8ARRAYOID, INT8OID}, CURSOR_OPT_GENERIC_PLAN);

// Planned once, and always through indexes, whoever is the first to ask.
pg::Cursor open_by_indexes(pg::Query& query, pg::Statement& statement, const AscendingIds& contents, int64 upto) {
  pg::Cursor cursor;
  cursor.open_by_indexes(query, statement, pg::Parameters().add(id_array(contents)).id(upto));
  return cursor;
}

}  // namespace

pg::Cursor open_touching_events(pg::Query& query, const AscendingIds& contents, int64 upto) { return open_by_indexes(query, touching_events, contents, upto); }
pg::Cursor open_touches(pg::Query& query, const AscendingIds& contents, int64 upto) {
  return open_by_indexes(query, touches, contents, upto);
}

RawSessions::RawSessions(pg::Query& query) { cursor_.open(query, of_platform, pg::Parameters()); }

RawSessions::RawSessions(pg::Query& query, int64 upto, const AscendingIds* only) {
  cursor_.open(query, of_creators, pg::Parameters().id(upto).add(only != nullptr, only ? id_array(*only) : 0));
}

bool RawSessions::next(int64* creator, int64* session, SessionState* state) {
  if (row_ == rows_) {
    CHECK_FOR_INTERRUPTS();
    rows_ = cursor_.fetch(kFetch);
    row_ = 0;
    if (rows_ == 0) return false;
  }
  bool null, missing, open;
  *creator = DatumGetInt64(cursor_.value(row_, 1, &null));
  *session = DatumGetInt64(cursor_.value(row_, 2, &null));
  const Datum start = cursor_.value(row_, 3, &missing), end = cursor_.value(row_, 4, &open);
  *state = missing ? SessionState{} : SessionState::of(DatumGetTimestampTz(start), !open, open ? 0 : DatumGetTimestampTz(end));
  row_++;
  return true;
}

}  // namespace ea::rollup
