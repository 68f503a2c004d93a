#include "feature/record/store_batch.hpp"

#include <algorithm>

#include "access/identity.hpp"
#include "pg/statement.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/excluded_viewers.hpp"
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
#define EA_STORE_BATCH(more_items, more_columns, more_of_item, counted, more_events)                                                                  \
    "/* explore_analytics: record */ "                                                                                                                \
    "WITH item AS ("                                                                                                                                  \
    "  SELECT i.ord, i.content_id, coalesce(i.user_id, s.user_id, $10) AS user_id, i.session_id,"                                                     \
    "         i.type::{s}.engagement_type AS type, i.watch_time_ms, i.completed, i.created_at, i.event_id, i.metadata" more_of_item ","               \
    "         CASE WHEN c.id IS NULL THEN 'c' WHEN i.session_id IS NOT NULL AND s.id IS NULL THEN 's' END AS fault"                                   \
    "  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9" more_items ") WITH ORDINALITY"                                                                 \
    "    AS i(content_id, user_id, session_id, type, watch_time_ms, completed, created_at, event_id, metadata" more_columns ", ord)"                  \
    "  LEFT JOIN {s}.explore_content c ON c.id = i.content_id"                                                                                        \
    "  LEFT JOIN {s}.explore_feed_sessions s ON s.id = i.session_id"                                                                                  \
    "), identified AS MATERIALIZED ("                                                                                                                 \
    "  SELECT item.*, row_number() OVER (PARTITION BY event_id, fault IS NULL ORDER BY ord) = 1 AS first_of_id FROM item"                             \
    "), event AS ("                                                                                                                                   \
    "  INSERT INTO explore_analytics.event_keys (event_id, seen)"                                                                                     \
    "  SELECT event_id, now() FROM identified WHERE fault IS NULL AND event_id IS NOT NULL AND first_of_id ORDER BY event_id"                         \
    "  ON CONFLICT (event_id) DO NOTHING RETURNING event_id"                                                                                          \
    "), fresh AS ("                                                                                                                                   \
    "  SELECT identified.*, coalesce(user_id, -session_id) AS viewer_key,"                                                                            \
    "         session_id IS NOT NULL AND (type = 'complete' OR completed) AS completes"                                                               \
    "  FROM identified WHERE fault IS NULL"                                                                                                           \
    "    AND (event_id IS NULL OR (first_of_id AND event_id IN (SELECT event_id FROM event)))"                                                        \
    "), ordered AS MATERIALIZED ("                                                                                                                    \
    "  SELECT fresh.*, row_number() OVER viewing = 1 AS first_completion,"                                                                            \
    "         completed AND count(*) FILTER (WHERE completed) OVER (viewing ROWS UNBOUNDED PRECEDING) = 1 AS first_view,"                             \
    "         count(*) FILTER (WHERE completed) OVER (viewing ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) > 0 AS any_view,"             \
    "         first_value(type = 'complete') OVER viewing AS from_complete"                                                                           \
    "  FROM fresh WINDOW viewing AS (PARTITION BY session_id, content_id, viewer_key, completes ORDER BY ord)"                                        \
    "), viewing AS ("                                                                                                                                 \
    "  INSERT INTO explore_analytics.viewing_keys AS v (session_id, content_id, viewer_key, by_complete, completions, seen)"                          \
    "  SELECT session_id, content_id, viewer_key, NOT any_view, 1, now() FROM ordered WHERE completes AND first_completion"                           \
    "  ORDER BY session_id, content_id, viewer_key"                                                                                                   \
    "  ON CONFLICT (session_id, content_id, viewer_key) DO UPDATE SET by_complete = v.by_complete AND excluded.by_complete,"                          \
    "    completions = CASE WHEN v.by_complete AND NOT excluded.by_complete THEN 3 ELSE 2 END"                                                        \
    "  RETURNING session_id, content_id, viewer_key, completions AS found"                                                                            \
    "), decided AS MATERIALIZED ("                                                                                                                    \
    "  SELECT ordered.*,"                                                                                                                             \
    "    CASE WHEN completes AND from_complete THEN (session_id, content_id, viewer_key) IN ("                                                        \
    "      SELECT session_id, content_id, viewer_key FROM viewing WHERE found = 1) ELSE false END AS began_here,"                                     \
    "    CASE WHEN first_view AND completes THEN (session_id, content_id, viewer_key) IN ("                                                           \
    "      SELECT session_id, content_id, viewer_key FROM viewing WHERE found = 3) ELSE false END AS began_before"                                    \
    "  FROM ordered"                                                                                                                                  \
    "), stored AS MATERIALIZED ("                                                                                                                     \
    "  SELECT ord, content_id, user_id, session_id, stored_as AS type, watch_time_ms,"                                                                \
    "         completed AND NOT (first_view AND (began_here OR began_before)) AS completed, created_at, event_id, metadata" more_columns              \
    "  FROM (SELECT decided.*, CASE WHEN NOT completes OR type <> 'complete' OR (first_completion AND began_here) THEN type"                          \
    "                               WHEN watch_time_ms > 0 THEN (" EA_PROGRESS ") END AS stored_as FROM decided) d"                                   \
    "  WHERE stored_as IS NOT NULL"                                                                                                                   \
    "), events AS ("                                                                                                                                  \
    "  INSERT INTO {s}.explore_engagements"                                                                                                           \
    "    (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata)"                                \
    "  SELECT content_id, user_id, session_id, type, watch_time_ms, completed, created_at, event_id, metadata"                                        \
    "  FROM stored" counted " ORDER BY ord"                                                                                                           \
    "), " more_events "saved AS ("                                                                                                                    \
    "  INSERT INTO {s}.explore_saved_properties AS s (user_id, content_id, saved_at)"                                                                 \
    "  SELECT user_id, content_id, created_at FROM ("                                                                                                 \
    "    SELECT DISTINCT ON (user_id, content_id) user_id, content_id, created_at FROM stored"                                                        \
    "    WHERE type = 'save' AND user_id IS NOT NULL ORDER BY user_id, content_id, created_at) n"                                                     \
    "  WHERE coalesce((SELECT k.saved_at > n.created_at FROM {s}.explore_saved_properties k"                                                          \
    "    WHERE k.user_id = n.user_id AND k.content_id = n.content_id), true)"                                                                         \
    "  ORDER BY user_id, content_id"                                                                                                                  \
    "  ON CONFLICT (user_id, content_id) DO UPDATE SET saved_at = excluded.saved_at WHERE s.saved_at > excluded.saved_at"                             \
    ") "                                                                                                                                              \
    "SELECT ord, coalesce(fault, 'd')::\"char\" FROM identified"                                                                                      \
    " WHERE ord NOT IN (SELECT ord FROM stored) ORDER BY ord"

pg::Statement store_batch(EA_STORE_BATCH("", "", "", "", ""),
    {INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, BOOLARRAYOID,
     TIMESTAMPTZARRAYOID, UUIDARRAYOID, JSONBARRAYOID, INT8OID},
    CURSOR_OPT_GENERIC_PLAN);

// Of viewers some of whom do not count ($11), with the reasons: what is theirs goes where they are kept, by the same rules. $13 is
// the sequence of the events' ids.
pg::Statement store_mixed_batch(
    EA_STORE_BATCH(", $11, $12", ", excluded, reason", ", i.excluded, i.reason", " WHERE NOT excluded",
    "not_counted AS ("
    "  INSERT INTO {s}.explore_excluded_engagements"
    "    (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch, reason)"
    "  SELECT nextval($13), content_id, user_id, session_id, type, watch_time_ms, completed, created_at, event_id, metadata,"
    "    explore_analytics.current_epoch(), reason"
    "  FROM (SELECT * FROM stored WHERE excluded ORDER BY ord) s"
    "), "),
    {INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, BOOLARRAYOID,
     TIMESTAMPTZARRAYOID, UUIDARRAYOID, JSONBARRAYOID, INT8OID, BOOLARRAYOID, TEXTARRAYOID, REGCLASSOID},
    CURSOR_OPT_GENERIC_PLAN);

// The users of items, as the statement above finds them.
pg::Statement users_of_items(
    "/* explore_analytics: record */ SELECT coalesce(i.user_id, s.user_id, $3) FROM unnest($1, $2) WITH ORDINALITY AS i(user_id, session_id, ord)"
    " LEFT JOIN {s}.explore_feed_sessions s ON s.id = i.session_id ORDER BY i.ord",
    {INT8ARRAYOID, INT8ARRAYOID, INT8OID});

pg::Statement sequence_of_ids(
    "/* explore_analytics: record */ SELECT d.objid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'"
    " JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attname = 'id'"
    " WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = $1 AND d.deptype IN ('a', 'i')",
    {OIDOID});

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

  // With these users of theirs.
  Columns(const Items& items, const int64* users) : count_(items.count) {
    for (int c = 0; c < kColumns; c++) {
      value_[c] = static_cast<Datum*>(palloc(sizeof(Datum) * (Size)count_));
      null_[c] = static_cast<bool*>(palloc((Size)count_));
    }
    for (int i = 0; i < count_; i++) {
      core::EventRow& row = items.rows[i];
      set(0, i, true, Int64GetDatum(row.content_id));
      set(1, i, users[i] != 0, Int64GetDatum(users[i]));
      set(2, i, row.session_id != 0, Int64GetDatum(row.session_id));
      set(3, i, true, PointerGetDatum(cstring_to_text(core::engagement_label(row.type))));
      set(4, i, true, Int32GetDatum(row.watch_time_ms));
      set(5, i, true, BoolGetDatum(row.completed));
      set(6, i, true, TimestampTzGetDatum(row.created_at));
      set(7, i, row.has_event_id, PointerGetDatum(row.event_id));
      set(8, i, items.has_metadata[i], items.metadata[i]);
    }
  }

  Datum array(int column) { return array(column, value_[column], null_[column]); }
  Datum texts(Datum* values, bool* nulls) { return array(kType, values, nulls); }
  Datum booleans(Datum* values) { return array(kCompleted, values, nullptr); }

 private:
  static constexpr int kType = 3, kCompleted = 5;

  Datum array(int column, Datum* values, bool* nulls) {
    static constexpr Oid kElements[kColumns] = {INT8OID, INT8OID, INT8OID, TEXTOID, INT4OID, BOOLOID, TIMESTAMPTZOID, UUIDOID, JSONBOID};
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(kElements[column], &length, &by_value, &alignment);
    int lower = 1;
    return PointerGetDatum(construct_md_array(values, nulls, 1, &count_, &lower, kElements[column], length, by_value, alignment));
  }

  void set(int column, int item, bool given, Datum datum) {
    value_[column][item] = datum;
    null_[column][item] = !given;
  }

  int count_;
  Datum* value_[kColumns];
  bool* null_[kColumns];
};

void find_users(pg::Query& query, const Items& items, pg::Optional<int64> me, int64* users) {
  auto* datums = static_cast<Datum*>(palloc(sizeof(Datum) * 2 * (Size)items.count));
  auto* nulls = static_cast<bool*>(palloc(2 * (Size)items.count));
  for (int i = 0; i < items.count; i++) {
    datums[i] = Int64GetDatum(items.rows[i].user_id);
    nulls[i] = items.rows[i].user_id == 0;
    datums[items.count + i] = Int64GetDatum(items.rows[i].session_id);
    nulls[items.count + i] = items.rows[i].session_id == 0;
  }
  int count = items.count, lower = 1;
  const auto array = [&](int from) {
    return PointerGetDatum(construct_md_array(datums + from, nulls + from, 1, &count, &lower, INT8OID, sizeof(int64), true, TYPALIGN_DOUBLE));
  };
  query.write(users_of_items, pg::Parameters().add(array(0)).add(array(items.count)).id(me));
  for (int i = 0; i < items.count; i++) users[i] = query.is_null((uint64)i, 1) ? 0 : query.int64_at((uint64)i, 1);
}

// Of each item.
struct Exclusions {
  bool any = false;
  Datum* excluded;
  Datum* reason;
  bool* without_reason;

  explicit Exclusions(int count)
      : excluded(static_cast<Datum*>(palloc0(sizeof(Datum) * (Size)count))), reason(static_cast<Datum*>(palloc0(sizeof(Datum) * (Size)count))),
        without_reason(static_cast<bool*>(palloc((Size)count))) {
    std::fill_n(without_reason, count, true);
  }
};

// Looks each viewer up once; false where somebody must be waited for.
bool find_excluded(rollup::ExcludedViewers& list, const Items& items, const int64* users, Exclusions* found) {
  const auto viewer_of = [&](int i) { return users[i] != 0 ? users[i] : -items.rows[i].session_id; };
  auto* order = static_cast<int*>(palloc(sizeof(int) * (Size)items.count));
  for (int i = 0; i < items.count; i++) order[i] = i;
  std::sort(order, order + items.count, [&](int a, int b) { return viewer_of(a) < viewer_of(b); });
  bool excluded = false;
  for (int n = 0; n < items.count; n++) {
    CHECK_FOR_INTERRUPTS();
    const int i = order[n];
    if (viewer_of(i) == 0) continue;
    if ((n == 0 || viewer_of(order[n - 1]) != viewer_of(i)) && !list.find(viewer_of(i), &excluded)) return false;
    if (!excluded) continue;
    found->any = true;
    found->excluded[i] = BoolGetDatum(true);
    found->reason[i] = PointerGetDatum(list.reason());
    found->without_reason[i] = list.reason() == nullptr;
  }
  return true;
}

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

Stored store_by_statement(const pg::Home& home, const Items& items, pg::Optional<int64> me, int64 epoch, Verdict* verdicts, TransactionId* changer) {
  auto* users = static_cast<int64*>(palloc(sizeof(int64) * (Size)items.count));
  for (int i = 0; i < items.count; i++) users[i] = items.rows[i].user_id;
  pg::Query query(home);
  Exclusions found(items.count);
  rollup::ExcludedViewers list(epoch);
  if (list.open()) {
    find_users(query, items, me, users);
    const bool told = find_excluded(list, items, users, &found);
    *changer = list.changer();
    list.close();
    if (!told) {
      query.finish();
      return Stored::wait;
    }
  }
  Columns columns(items, users);
  pg::Parameters parameters;
  for (int c = 0; c < Columns::kColumns; c++) parameters.add(columns.array(c));
  parameters.add(me.given, Int64GetDatum(me.value));
  uint64 left_out;
  // The plan is kept while the table of saved properties grows: made for an empty one it would read all of it for each save.
  if (!found.any) {
    left_out = query.write_by_indexes(store_batch, parameters);
  } else {
    parameters.add(columns.booleans(found.excluded)).add(columns.texts(found.reason, found.without_reason));
    const bool numbered = query.read(sequence_of_ids, pg::Parameters().add(ObjectIdGetDatum(home.events))) > 0;
    parameters.add(numbered, numbered ? query.value(0, 1) : 0);
    left_out = query.write_by_indexes(store_mixed_batch, parameters);
  }
  for (int i = 0; i < items.count; i++) verdicts[i] = kStored;
  for (uint64 i = 0; i < left_out; i++) verdicts[query.int64_at(i, 1) - 1] = DatumGetChar(query.value(i, 2));
  query.finish();
  return Stored::done;
}

int store(const pg::Home& home, const Items& items, Verdict* verdicts) {
  const pg::Optional<int64> me = access::current_identity();
  // First: who waits here for a login keeps no refresh from ending, which the login may be waiting for.
  if (!me.given) hold_sessions(home, items);
  for (;;) {
    const bool older = rollup::epoch_in_use();
    // From here on an erasure waits for this transaction, or this transaction comes after it.
    const int64 epoch = rollup::current_epoch();
    TransactionId changer = InvalidTransactionId;
    Stored stored = store_straight(home, items, me, epoch, verdicts, &changer);
    if (stored == Stored::impossible) stored = store_by_statement(home, items, me, epoch, verdicts, &changer);
    if (stored == Stored::done) break;
    // Without an epoch where that can be: who excludes several viewers in one transaction waits for epochs again.
    if (!older) rollup::release_epoch();
    XactLockTableWait(changer, nullptr, nullptr, XLTW_None);
  }
  int left_out = 0;
  for (int i = 0; i < items.count; i++) left_out += verdicts[i] != kStored;
  return left_out;
}

}  // namespace ea::record
