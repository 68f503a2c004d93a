#include "feature/record/store_batch.hpp"

#include "access/identity.hpp"
#include "pg/statement.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/visitors.hpp"

namespace ea::record {

namespace {

// The label progress; NULL as long as the type has none, which ALTER EXTENSION UPDATE gives it.
#define EA_PROGRESS                                              \
  "SELECT e.enumlabel::text::{s}.engagement_type FROM pg_catalog.pg_enum e" \
  " WHERE e.enumtypid = pg_typeof(NULL::{s}.engagement_type) AND e.enumlabel = 'progress'"

// Stores a batch and returns the items that were not stored: (ordinal, 'c' unknown content,
// 's' unknown session, 'd' duplicate). Keys are taken in sorted order, event ids before viewings, so
// that concurrent batches cannot deadlock; a concurrent batch with the same keys waits here.
//   event:   event ids not seen before; of equal ids in the batch the first storable item counts
//   viewing: one row a viewing with a completion in this batch; tells how it was found, as 1 new, 2 completed
//            before, or 3 completed by a complete for which the batch brings the first completed view
//   saved:   a property saved before is left out unless this save was earlier: ON CONFLICT would lock its row, also where
//            nothing is to be changed, and transactions that save the same again could deadlock
// With V completed views and C completes a viewing has greatest(V, least(C, 1)) completions, in whatever order
// they come: a complete counts only for a new viewing, and the first completed view after it takes its place.
// What the key tables answer is looked up by IN, which the server hashes: a join of two CTEs, whose
// sizes it cannot know, would be a nested loop and quadratic in the batch. (CASE keeps NULLs out of IN:
// a NULL would be compared with every row.)
pg::Statement store_batch(
    "/* explore_analytics: record */ "
    "WITH item AS ("
    "  SELECT i.ord, i.content_id, coalesce(i.user_id, s.user_id, $10) AS user_id, i.session_id,"
    "         i.type::{s}.engagement_type AS type, i.watch_time_ms, i.completed, i.created_at, i.event_id, i.metadata,"
    "         CASE WHEN c.id IS NULL THEN 'c' WHEN i.session_id IS NOT NULL AND s.id IS NULL THEN 's' END AS fault"
    "  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY"
    "    AS i(content_id, user_id, session_id, type, watch_time_ms, completed, created_at, event_id, metadata, ord)"
    "  LEFT JOIN {s}.explore_content c ON c.id = i.content_id"
    "  LEFT JOIN {s}.explore_feed_sessions s ON s.id = i.session_id"
    "), identified AS MATERIALIZED ("
    "  SELECT item.*, row_number() OVER (PARTITION BY event_id, fault IS NULL ORDER BY ord) = 1 AS first_of_id FROM item"
    "), event AS ("
    "  INSERT INTO explore_analytics.event_keys (event_id, seen)"
    "  SELECT event_id, now() FROM identified WHERE fault IS NULL AND event_id IS NOT NULL AND first_of_id ORDER BY event_id"
    "  ON CONFLICT (event_id) DO NOTHING RETURNING event_id"
    "), fresh AS ("
    "  SELECT identified.*, coalesce(user_id, -session_id) AS viewer_key,"
    "         session_id IS NOT NULL AND (type = 'complete' OR completed) AS completes"
    "  FROM identified WHERE fault IS NULL"
    "    AND (event_id IS NULL OR (first_of_id AND event_id IN (SELECT event_id FROM event)))"
    "), ordered AS MATERIALIZED ("
    "  SELECT fresh.*, row_number() OVER viewing = 1 AS first_completion,"
    "         completed AND count(*) FILTER (WHERE completed) OVER (viewing ROWS UNBOUNDED PRECEDING) = 1 AS first_view,"
    "         count(*) FILTER (WHERE completed) OVER (viewing ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) > 0 AS any_view,"
    "         first_value(type = 'complete') OVER viewing AS from_complete"
    "  FROM fresh WINDOW viewing AS (PARTITION BY session_id, content_id, viewer_key, completes ORDER BY ord)"
    "), viewing AS ("
    "  INSERT INTO explore_analytics.viewing_keys AS v (session_id, content_id, viewer_key, by_complete, completions, seen)"
    "  SELECT session_id, content_id, viewer_key, NOT any_view, 1, now() FROM ordered WHERE completes AND first_completion"
    "  ORDER BY session_id, content_id, viewer_key"
    "  ON CONFLICT (session_id, content_id, viewer_key) DO UPDATE SET by_complete = v.by_complete AND excluded.by_complete,"
    "    completions = CASE WHEN v.by_complete AND NOT excluded.by_complete THEN 3 ELSE 2 END"
    "  RETURNING session_id, content_id, viewer_key, completions AS found"
    "), decided AS MATERIALIZED ("
    "  SELECT ordered.*,"
    "    CASE WHEN completes AND from_complete THEN (session_id, content_id, viewer_key) IN ("
    "      SELECT session_id, content_id, viewer_key FROM viewing WHERE found = 1) ELSE false END AS began_here,"
    "    CASE WHEN first_view AND completes THEN (session_id, content_id, viewer_key) IN ("
    "      SELECT session_id, content_id, viewer_key FROM viewing WHERE found = 3) ELSE false END AS began_before"
    "  FROM ordered"
    "), stored AS MATERIALIZED ("
    "  SELECT ord, content_id, user_id, session_id, stored_as AS type, watch_time_ms,"
    "         completed AND NOT (first_view AND (began_here OR began_before)) AS completed, created_at, event_id, metadata"
    "  FROM (SELECT decided.*, CASE WHEN NOT completes OR type <> 'complete' OR (first_completion AND began_here) THEN type"
    "                               WHEN watch_time_ms > 0 THEN (" EA_PROGRESS ") END AS stored_as FROM decided) d"
    "  WHERE stored_as IS NOT NULL"
    "), events AS ("
    "  INSERT INTO {s}.explore_engagements"
    "    (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata)"
    "  SELECT content_id, user_id, session_id, type, watch_time_ms, completed, created_at, event_id, metadata"
    "  FROM stored ORDER BY ord"
    "), saved AS ("
    "  INSERT INTO {s}.explore_saved_properties AS s (user_id, content_id, saved_at)"
    "  SELECT user_id, content_id, created_at FROM ("
    "    SELECT DISTINCT ON (user_id, content_id) user_id, content_id, created_at FROM stored"
    "    WHERE type = 'save' AND user_id IS NOT NULL ORDER BY user_id, content_id, created_at) n"
    "  WHERE coalesce((SELECT k.saved_at > n.created_at FROM {s}.explore_saved_properties k"
    "    WHERE k.user_id = n.user_id AND k.content_id = n.content_id), true)"
    "  ORDER BY user_id, content_id"
    "  ON CONFLICT (user_id, content_id) DO UPDATE SET saved_at = excluded.saved_at WHERE s.saved_at > excluded.saved_at"
    ") "
    "SELECT ord, coalesce(fault, 'd')::\"char\" FROM identified"
    " WHERE ord NOT IN (SELECT ord FROM stored) ORDER BY ord",
    {INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, BOOLARRAYOID,
     TIMESTAMPTZARRAYOID, UUIDARRAYOID, JSONBARRAYOID, INT8OID},
    CURSOR_OPT_GENERIC_PLAN);

pg::Statement with_user(
    "/* explore_analytics: record */ SELECT coalesce(array_agg(s.id), '{}') FROM {s}.explore_feed_sessions s WHERE s.id = ANY ($1) AND s.user_id IS NOT NULL",
    {INT8ARRAYOID});

rollup::AscendingIds with_user_in(Snapshot snapshot, pg::Query& query, const rollup::AscendingIds& sessions) {
  PushActiveSnapshot(snapshot);
  query.read(with_user, pg::Parameters().add(rollup::id_array(sessions)));
  const rollup::AscendingIds found = rollup::sorted_ids(query.value(0, 1));
  PopActiveSnapshot();
  return found;
}

// Sessions whose user, if they have one, is that of their items.
void hold_sessions(const pg::Home& home, const Items& items) {
  rollup::AscendingIds sessions;
  for (int i = 0; i < items.count; i++)
    if (items.rows[i].session_id != 0 && items.rows[i].user_id == 0) sessions.append(items.rows[i].session_id);
  if (sessions.empty()) return;
  rollup::make_ascending(&sessions);
  rollup::hold_visitors(sessions);
  if (!IsolationUsesXactSnapshot()) return;
  // Its snapshot may be older than what others have made of these sessions. That some are gone since is no reason to fail.
  pg::Query query(home);
  const rollup::AscendingIds now = with_user_in(GetLatestSnapshot(), query, sessions);
  const bool outdated = !now.empty() && with_user_in(GetTransactionSnapshot(), query, now).size() < now.size();
  query.finish();
  if (outdated)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_T_R_SERIALIZATION_FAILURE, "could not serialize access: a session was given its user meanwhile"),
                            "Nothing was recorded. Run the transaction again."));
}

// The items as arrays, in the current context.
class Columns {
 public:
  static constexpr int kColumns = 9;

  explicit Columns(const Items& items) : count_(items.count) {
    for (int c = 0; c < kColumns; c++) {
      value_[c] = static_cast<Datum*>(palloc(sizeof(Datum) * (Size)count_));
      null_[c] = static_cast<bool*>(palloc((Size)count_));
    }
    for (int i = 0; i < count_; i++) {
      core::EventRow& row = items.rows[i];
      set(0, i, true, Int64GetDatum(row.content_id));
      set(1, i, row.user_id != 0, Int64GetDatum(row.user_id));
      set(2, i, row.session_id != 0, Int64GetDatum(row.session_id));
      set(3, i, true, PointerGetDatum(cstring_to_text(core::engagement_label(row.type))));
      set(4, i, true, Int32GetDatum(row.watch_time_ms));
      set(5, i, true, BoolGetDatum(row.completed));
      set(6, i, true, TimestampTzGetDatum(row.created_at));
      set(7, i, row.has_event_id, PointerGetDatum(row.event_id));
      set(8, i, items.has_metadata[i], items.metadata[i]);
    }
  }

  Datum array(int column) {
    static constexpr Oid kElements[kColumns] = {INT8OID, INT8OID, INT8OID, TEXTOID, INT4OID, BOOLOID, TIMESTAMPTZOID, UUIDOID, JSONBOID};
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(kElements[column], &length, &by_value, &alignment);
    int lower = 1;
    return PointerGetDatum(construct_md_array(value_[column], null_[column], 1, &count_, &lower, kElements[column], length, by_value, alignment));
  }

 private:
  void set(int column, int item, bool given, Datum datum) {
    value_[column][item] = datum;
    null_[column][item] = !given;
  }

  int count_;
  Datum* value_[kColumns];
  bool* null_[kColumns];
};

}  // namespace

Items::Items(int capacity)
    : rows(static_cast<core::EventRow*>(palloc(sizeof(core::EventRow) * ((Size)capacity + 1)))),
      metadata(static_cast<Datum*>(palloc(sizeof(Datum) * ((Size)capacity + 1)))), has_metadata(static_cast<bool*>(palloc((Size)capacity + 1))) {}

void Items::add(const core::EventRow& row, Datum value, bool has_value) {
  rows[count] = row;
  metadata[count] = value;
  has_metadata[count] = has_value;
  count++;
}

void store_by_statement(const pg::Home& home, const Items& items, pg::Optional<int64> me, Verdict* verdicts) {
  Columns columns(items);
  pg::Parameters parameters;
  for (int c = 0; c < Columns::kColumns; c++) parameters.add(columns.array(c));
  parameters.add(me.given, Int64GetDatum(me.value));
  pg::Query query(home);
  // The plan is kept while the table of saved properties grows: made for an empty one it would read all of it for each save.
  const uint64 left_out = query.write_by_indexes(store_batch, parameters);
  for (int i = 0; i < items.count; i++) verdicts[i] = kStored;
  for (uint64 i = 0; i < left_out; i++) verdicts[query.int64_at(i, 1) - 1] = DatumGetChar(query.value(i, 2));
  query.finish();
}

int store(const pg::Home& home, const Items& items, Verdict* verdicts) {
  const pg::Optional<int64> me = access::current_identity();
  // First: who waits here for a login keeps no refresh from ending, which the login may be waiting for.
  if (!me.given) hold_sessions(home, items);
  // From here on an erasure waits for this transaction, or this transaction comes after it.
  const int64 epoch = rollup::current_epoch();
  if (!store_straight(home, items, me, epoch, verdicts)) store_by_statement(home, items, me, verdicts);
  int left_out = 0;
  for (int i = 0; i < items.count; i++) left_out += verdicts[i] != kStored;
  return left_out;
}

}  // namespace ea::record
