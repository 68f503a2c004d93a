#include "keep/exclude.hpp"

#include "keep/blocker.hpp"
#include "keep/end_epoch.hpp"
#include "keep/refresh.hpp"
#include "keep/session_rollups.hpp"
#include "keep/viewer_traces.hpp"
#include "pg/exact_values.hpp"
#include "pg/guard.hpp"
#include "pg/progress.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/excluded_viewers.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"
#include "store/visitors.hpp"

namespace ea::rollup {

namespace {

pg::Statement reason_of("/* explore_analytics: exclude_traffic */ SELECT v.reason FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = $1", {INT8OID});

pg::Statement add_viewer(
    "/* explore_analytics: exclude_traffic */ INSERT INTO explore_analytics.excluded_viewers (viewer_key, reason, epoch) VALUES ($1, $2, $3)",
    {INT8OID, TEXTOID, INT8OID});

pg::Statement give_reason(
    "/* explore_analytics: exclude_traffic */ UPDATE explore_analytics.excluded_viewers v SET reason = $2 WHERE v.viewer_key = $1 AND v.reason IS DISTINCT FROM $2",
    {INT8OID, TEXTOID});

pg::Statement mark_viewer(
    "/* explore_analytics: restore_traffic */ UPDATE explore_analytics.excluded_viewers v SET epoch = $2 WHERE v.viewer_key = $1 RETURNING v.heir",
    {INT8OID, INT8OID});

pg::Statement remove_viewer("/* explore_analytics: restore_traffic */ DELETE FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = $1", {INT8OID});

// Of a user ($1), or of the anonymous visitor of a session ($2); of a user also in one session alone ($3). Conditions on what is
// NULL are gone before the statement is planned. Neither of epochs nor of times is there a condition that an index could serve:
// without statistics, or with old ones, the planner takes it for the narrower way.
#define EA_OF_VIEWER "(e.user_id = $1 OR (e.user_id IS NULL AND e.session_id = $2)) AND ($3 IS NULL OR e.session_id = $3)"
#define EA_SINCE(parameter) " AND (e.created_at >= " parameter ") IS NOT FALSE"

pg::Statement touches_to_go(
    "/* explore_analytics: exclude_traffic */ WITH mine AS MATERIALIZED ("
    "  SELECT e.content_id, e.session_id, e.engagement_type, e.epoch FROM {s}.explore_engagements e WHERE " EA_OF_VIEWER EA_SINCE("$5")
    ") SELECT DISTINCT c.creator_id, e.session_id FROM mine e JOIN {s}.explore_content c ON c.id = e.content_id"
    " WHERE e.session_id IS NOT NULL AND e.epoch <= $4 AND " EA_COUNTED " ORDER BY 1, 2",
    {INT8OID, INT8OID, INT8OID, INT8OID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

// Raw rows, and their numbers in the ledger. Keys of events and viewings stay, so that what is sent again is a repeat.
// %s: `extra`.
#define EA_MOVED "e.id, e.content_id, e.user_id, e.session_id, e.engagement_type, e.watch_time_ms, e.completed, e.created_at, e.event_id, e.metadata, e.epoch"
constexpr const char* kMoveOut =
    "/* explore_analytics: exclude_traffic */ WITH gone AS MATERIALIZED ("
    "  DELETE FROM {s}.explore_engagements e WHERE " EA_OF_VIEWER EA_SINCE("$5")
    "  RETURNING " EA_MOVED ", %s AS extra"
    "), kept AS ("
    "  INSERT INTO {s}.explore_excluded_engagements"
    "    (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch, extra, reason)"
    "  SELECT " EA_MOVED ", e.extra, $4 FROM gone e"
    "), counted AS ("
    "  SELECT l.high, count(*) AS events FROM gone e CROSS JOIN LATERAL ("
    "    SELECT r.high FROM explore_analytics.rollup_ledger r WHERE r.high >= e.epoch ORDER BY r.high LIMIT 1) l"
    "  WHERE " EA_COUNTED EA_NOT_TAKEN_OVER " GROUP BY l.high"
    "), ledger AS ("
    "  UPDATE explore_analytics.rollup_ledger l SET event_count = l.event_count - c.events FROM counted c WHERE l.high = c.high"
    ") SELECT e.content_id, e.created_at, e.engagement_type, " EA_VIEWER_KEY ", e.watch_time_ms, e.completed, e.epoch FROM gone e";

// A name of somebody's in a statement, in which a brace begins a mark: by the numbers of its characters where they matter.
const char* name_in_statement(const char* name) {
  StringInfoData out;
  initStringInfo(&out);
  appendStringInfoString(&out, "U&\"");
  for (const char* c = name; *c; c++) {
    if (strchr("\"\\{", *c)) appendStringInfo(&out, "\\%04X", (unsigned char)*c);
    else appendStringInfoChar(&out, *c);
  }
  appendStringInfoChar(&out, '"');
  return out.data;
}

// Columns that somebody has added to the events, but for those that are made of others: what they hold, as text by name.
struct AddedColumns {
  pg::Array<Datum> names;
  const char* values = "NULL::jsonb";    // an expression, in which $6 are the names

  // The lock is that of who writes: no other one comes until the transaction ends.
  explicit AddedColumns(Oid events) {
    static constexpr std::string_view kOurs[] = {"id", "content_id", "user_id", "session_id", "engagement_type", "watch_time_ms", "completed", "created_at", "event_id", "metadata", "epoch"};
    StringInfoData texts;
    initStringInfo(&texts);
    const Relation relation = table_open(events, RowExclusiveLock);
    for (int i = 0; i < RelationGetNumberOfAttributes(relation); i++) {
      const FormData_pg_attribute* column = TupleDescAttr(RelationGetDescr(relation), i);
      const char* name = NameStr(column->attname);
      if (column->attisdropped || column->attgenerated || std::find(std::begin(kOurs), std::end(kOurs), name) != std::end(kOurs)) continue;
      // By the type's own function, since a cast to text may be anybody's. A row of nulls is none.
      const char* known = name_in_statement(name);
      appendStringInfo(&texts, "%sCASE num_nulls(e.%s) WHEN 0 THEN format('%%s', e.%s) END", names.empty() ? "" : ", ", known, known);
      names.append(CStringGetTextDatum(name));
    }
    table_close(relation, NoLock);
    if (!names.empty()) values = psprintf("jsonb_object($6, ARRAY[%s])", texts.data);
  }

  Datum list() { return PointerGetDatum(construct_array(names.begin(), (int)names.size(), TEXTOID, -1, false, TYPALIGN_INT)); }
};

// A plan for the columns there are. They hardly ever change, so that the one before may stay where it is.
pg::Statement& move_out(const AddedColumns& added) {
  static const char* kept = nullptr;
  static pg::Statement statement("", {});
  const char* text = psprintf(kMoveOut, added.values);
  if (!kept || strcmp(text, kept) != 0) {
    kept = MemoryContextStrdup(TopMemoryContext, text);
    statement = pg::Statement(kept, {INT8OID, INT8OID, INT8OID, TEXTOID, TIMESTAMPTZOID, TEXTARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);
  }
  return statement;
}

// A trigger of somebody's may have kept rows as they were. Not by the index on epoch.
pg::Statement any_left(
    "/* explore_analytics: exclude_traffic */ SELECT FROM {s}.explore_engagements e"
    " WHERE (e.user_id = $1 OR (e.user_id IS NULL AND e.session_id = $2)) AND e.epoch + 0 <= $3 LIMIT 1",
    {INT8OID, INT8OID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement rescore_all("/* explore_analytics: exclude_traffic */ UPDATE explore_analytics.rollup_state SET rescore_all = low", {});

// What a visitor did who has logged in since is the user's. Of another one who is excluded it stays where it is.
pg::Statement give_user(
    "/* explore_analytics: restore_traffic */ WITH given AS ("
    "  UPDATE {s}.explore_excluded_engagements x SET user_id = $2 WHERE coalesce(x.user_id, -x.session_id) = $1"
    ") SELECT EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = $2)",
    {INT8OID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement note_heir(
    "/* explore_analytics: identify_session */ UPDATE explore_analytics.excluded_viewers v SET heir = $2 WHERE v.viewer_key = $1 AND v.heir IS DISTINCT FROM $2",
    {INT8OID, INT8OID});

pg::Statement user_who_counts(
    "/* explore_analytics: exclude_traffic */ SELECT s.user_id FROM {s}.explore_feed_sessions s WHERE s.id = $1 AND s.user_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = s.user_id)",
    {INT8OID});

pg::Statement bring_back("/* explore_analytics: restore_traffic */ SELECT explore_analytics.bring_back($1, $2)", {INT8OID, INT8OID});

constexpr const char* kNothingMoved = "Nothing was moved. End that transaction, or call again; lock_timeout says how long to wait.";

struct Viewer {
  int64 key;
  pg::Optional<int64> only_session;

  pg::Parameters parameters() const {
    pg::Parameters parameters;
    parameters.add(key > 0, Int64GetDatum(key)).add(key < 0, Int64GetDatum(-key));
    return parameters;
  }
};

void end_epoch_and_wait(pg::Query& query, int64 low, const char* what) {
  show_progress(what, "waiting for writers", 0, 0);
  const int64 high = end_epoch();
  int64 waited_ms = 0;
  if (!wait_for_epochs(low, high, writers_timeout(), &waited_ms)) pg::raise(blocked_by_writer(query, high, what, kNothingMoved));
}

// A login may be under way that gives the session its user. Others wait for the rollups meanwhile.
void hold_visitor_of(pg::Query& query, int64 viewer) {
  if (viewer > 0) return;
  query.limit_lock_waits(writers_timeout());
  pg::Array<int64> session;
  session.append(-viewer);
  bool held = false;
  try {
    pg::guard([&] {
      hold_visitors(session);
      held = true;
    });
  } catch (const pg::ServerError& error) {
    if (error.data->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE) throw;
  }
  if (!held)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_LOCK_NOT_AVAILABLE, "a login of session %lld has not ended", (long long)-viewer), kNothingMoved));
}

// Of the visitor of a session alone one may take it for done.
void tell_who_counts(int64 session, int64 user) {
  pg::notice(pg::with_hint(pg::failure(ERRCODE_SUCCESSFUL_COMPLETION, "session %lld is excluded, its user %lld counts", (long long)session, (long long)user),
                           "explore_analytics.exclude_traffic(user_id => %lld) takes out what the user did and does.", (long long)user));
}

TimestampTz horizon_now() {
  PushActiveSnapshot(GetTransactionSnapshot());
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  PopActiveSnapshot();
  return horizon;
}

// For who has the rollups in hand up to the epoch `low`, with nobody left who may be writing about the viewer.
int64 take_out(pg::Query& query, const Viewer& viewer, const char* reason, TimestampTz horizon, int64 low) {
  show_progress("exclude", "raw rows", 0, 0);
  pg::Array<TouchingSession> touching;
  with_sessions(query, low, [&](SessionRollups& rollups) {
    rollups.bring_in(low, false);
    const pg::Parameters parameters = viewer.parameters().id(viewer.only_session).id(low).add(!TIMESTAMP_IS_NOBEGIN(horizon), TimestampTzGetDatum(horizon));
    touching = rollups.sessions_of(query, query.read_by_indexes(touches_to_go, parameters));
  });
  const Datum why = reason ? CStringGetTextDatum(reason) : 0;
  AddedColumns added(query.home().events);
  if (!added.names.empty()) pg::write_exact_values();
  const uint64 moved = query.write_by_indexes(
      move_out(added), viewer.parameters().id(viewer.only_session).add(reason != nullptr, why).add(!TIMESTAMP_IS_NOBEGIN(horizon), TimestampTzGetDatum(horizon)).add(added.list()));
  if (moved == 0) return 0;
  const Traces traces = traces_of(query, moved, low);
  with_sessions(query, low, [&](SessionRollups& rollups) { rollups.take_out(touching, low); });
  query.write(rescore_all, pg::Parameters());
  PushActiveSnapshot(GetTransactionSnapshot());
  pg::Array<int64> gone;
  if (TIMESTAMP_IS_NOBEGIN(horizon) && query.read_by_indexes(any_left, viewer.parameters().id(low)) == 0) gone.append(viewer.key);
  change_in_rollups(query, "exclude", traces, gone, low);
  PopActiveSnapshot();
  return (int64)moved;
}

}  // namespace

Excluded exclude(pg::Query& query, int64 viewer, const char* reason) {
  int64 low;
  lock_rollups(query, true, &low);
  hold_visitor_of(query, viewer);
  const bool listed = query.write(reason_of, pg::Parameters().id(viewer)) > 0;
  const char* why = reason ? reason : listed && !query.is_null(0, 1) ? TextDatumGetCString(query.copy_out(query.value(0, 1))) : nullptr;
  const Datum given = reason ? CStringGetTextDatum(reason) : 0;
  if (!listed) {
    query.write(add_viewer, pg::Parameters().id(viewer).add(reason != nullptr, given).id(latest_epoch()));
    end_epoch_and_wait(query, low, "exclusion");
  } else if (reason) {
    query.write(give_reason, pg::Parameters().id(viewer).add(given));
  }
  Excluded result;
  result.horizon = horizon_now();
  result.events = take_out(query, {viewer, {}}, why, result.horizon, low);
  if (viewer < 0 && query.write(user_who_counts, pg::Parameters().id(-viewer)) > 0) tell_who_counts(-viewer, query.int64_at(0, 1));
  return result;
}

int64 restore(pg::Query& query, int64 viewer) {
  int64 low;
  lock_rollups(query, true, &low);
  hold_visitor_of(query, viewer);
  int64 heir = 0;
  if (query.write(mark_viewer, pg::Parameters().id(viewer).id(latest_epoch())) > 0) {
    heir = query.is_null(0, 1) ? 0 : query.int64_at(0, 1);
    end_epoch_and_wait(query, low, "return");
    query.write(remove_viewer, pg::Parameters().id(viewer));
  }
  show_progress("restore", "raw rows", 0, 0);
  if (heir != 0) {
    query.write(give_user, pg::Parameters().id(viewer).id(heir));
    if (DatumGetBool(query.value(0, 1))) return 0;
  }
  query.write(bring_back, pg::Parameters().id(heir != 0 ? heir : viewer).add(heir != 0, Int64GetDatum(-viewer)));
  return query.int64_at(0, 1);
}

bool is_excluded(pg::Query& query, int64 viewer) {
  return has_excluded_viewers(query.home()) && query.write(reason_of, pg::Parameters().id(viewer)) > 0;
}

void exclude_session(pg::Query& query, int64 session, int64 user, int64 low) {
  const bool had_none = is_excluded(query, -session) && query.write(note_heir, pg::Parameters().id(-session).id(user)) > 0;
  if (!is_excluded(query, user)) {
    if (had_none) tell_who_counts(session, user);
    return;
  }
  const char* why = query.is_null(0, 1) ? nullptr : TextDatumGetCString(query.copy_out(query.value(0, 1)));
  take_out(query, {user, {true, session}}, why, horizon_now(), low);
}

}  // namespace ea::rollup
