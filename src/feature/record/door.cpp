// record_engagement_batch and record_engagement: parsed and checked here, stored by one statement.
#include "access/home.hpp"
#include "core/intake/event.hpp"

#include <charconv>

#include "access/identity.hpp"
#include "access/writer_limits.hpp"
#include "feature/record/request_body.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"
#include "pg/statement.hpp"
#include "pg/varlena.hpp"
#include "store/epoch.hpp"

namespace {

using namespace ea;

constexpr int kMaxItems = 10000;
constexpr const char* kTypes = "Known are view, save, share, click, skip, complete, impression and progress.";

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
    "  SELECT DISTINCT ON (user_id, content_id) user_id, content_id, created_at FROM stored"
    "  WHERE type = 'save' AND user_id IS NOT NULL ORDER BY user_id, content_id, created_at"
    "  ON CONFLICT (user_id, content_id) DO UPDATE SET saved_at = excluded.saved_at WHERE s.saved_at > excluded.saved_at"
    ") "
    "SELECT ord, coalesce(fault, 'd')::\"char\" FROM identified"
    " WHERE ord NOT IN (SELECT ord FROM stored) ORDER BY ord",
    {INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, BOOLARRAYOID,
     TIMESTAMPTZARRAYOID, UUIDARRAYOID, JSONBARRAYOID, INT8OID},
    CURSOR_OPT_GENERIC_PLAN);

// The checked items of a batch, as columns of Datums.
struct Columns {
  int count = 0;
  Datum* value[9];
  bool* null[9];

  explicit Columns(int capacity) {
    for (int c = 0; c < 9; c++) {
      value[c] = static_cast<Datum*>(palloc(sizeof(Datum) * (capacity ? capacity : 1)));
      null[c] = static_cast<bool*>(palloc(capacity ? capacity : 1));
    }
  }
  void set(int column, bool given, Datum datum) {
    value[column][count] = datum;
    null[column][count] = !given;
  }
  void add(const core::EventRow& row, Datum metadata, bool has_metadata) {
    set(0, true, Int64GetDatum(row.content_id));
    set(1, row.user_id != 0, Int64GetDatum(row.user_id));
    set(2, row.session_id != 0, Int64GetDatum(row.session_id));
    set(3, true, PointerGetDatum(cstring_to_text(core::engagement_label(row.type))));
    set(4, true, Int32GetDatum(row.watch_time_ms));
    set(5, true, BoolGetDatum(row.completed));
    set(6, true, TimestampTzGetDatum(row.created_at));
    auto* uuid = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
    memcpy(uuid->data, row.event_id, UUID_LEN);
    set(7, row.has_event_id, UUIDPGetDatum(uuid));
    set(8, has_metadata, metadata);
    count++;
  }
  Datum array(int column, Oid element) {
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(element, &length, &by_value, &alignment);
    int lower = 1;
    return PointerGetDatum(construct_md_array(value[column], null[column], 1, &count, &lower, element,
                                              length, by_value, alignment));
  }
};

struct Outcome {
  int position;      // among the stored columns
  char verdict;
};

// Runs the statement; outcomes of items that were not stored, in order.
int store(const pg::Home& home, Columns& columns, Outcome* outcomes) {
  static constexpr Oid kElements[9] = {INT8OID, INT8OID, INT8OID, TEXTOID,  INT4OID,
                                       BOOLOID, TIMESTAMPTZOID, UUIDOID, JSONBOID};
  pg::Parameters parameters;
  for (int c = 0; c < 9; c++) parameters.add(columns.array(c, kElements[c]));
  const pg::Optional<int64> me = access::current_identity();
  parameters.add(me.given, Int64GetDatum(me.value));
  // From here on an erasure waits for this transaction, or this transaction comes after it.
  rollup::current_epoch();
  pg::Query query(home);
  const int left_out = (int)query.write(store_batch, parameters);
  for (int i = 0; i < left_out; i++)
    outcomes[i] = {(int)query.int64_at(i, 1) - 1, DatumGetChar(query.value(i, 2))};
  query.finish();
  return left_out;
}

int sqlstate_of(const core::ItemFault& fault) {
  switch (fault.fault) {
    case core::Fault::unknown_content:
    case core::Fault::unknown_session: return ERRCODE_FOREIGN_KEY_VIOLATION;
    case core::Fault::unknown_type: return ERRCODE_INVALID_TEXT_REPRESENTATION;
    case core::Fault::missing_field: return ERRCODE_NULL_VALUE_NOT_ALLOWED;
    default: break;
  }
  if (fault.infinite) return ERRCODE_DATETIME_VALUE_OUT_OF_RANGE;
  return fault.out_of_range ? ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE : ERRCODE_INVALID_PARAMETER_VALUE;
}

core::ItemFault fault_of(char verdict, int64 content, int64 session) {
  if (verdict == 'c')
    return core::make_fault(core::Fault::unknown_content, "contentId", "content %lld does not exist",
                            (long long)content);
  return core::make_fault(core::Fault::unknown_session, "sessionId", "session %lld does not exist",
                          (long long)session);
}

}  // namespace

EA_FUNCTION(ea_record_engagement_batch) {
  const pg::Home home = access::installed_home(fcinfo);
  if (PG_ARGISNULL(0))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "engagements must not be null"),
                            "Pass a JSON array; an empty one is fine."));
  const char* on_error = pg::text_argument(fcinfo, 1, "skip");
  const bool abort = strcmp(on_error, "abort") == 0;
  if (!abort && strcmp(on_error, "skip") != 0)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "on_error", on_error),
                            "on_error is skip or abort."));

  JsonbContainer* batch = record::batch_array(&PG_GETARG_JSONB_P(0)->root);
  if (!batch)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "engagements is not an array"),
                            "Pass a JSON array, or an object with the key \"engagements\"."));
  const int received = JsonContainerSize(batch);
  if (received > kMaxItems)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "%d items are more than %d", received, kMaxItems),
                            "Send them in several batches."));
  // Whom only the role's limit concerns is refused before the items are read.
  const access::WriterLimits limits;
  if (!limits.by_session()) limits.charge(received, nullptr, 0);

  const TimestampTz now = GetCurrentTransactionStartTimestamp();
  Columns columns(received);
  core::EventRow* rows = static_cast<core::EventRow*>(palloc(sizeof(core::EventRow) * (received + 1)));
  int* index_of = static_cast<int*>(palloc(sizeof(int) * (received + 1)));
  core::ItemFault* faults =
      static_cast<core::ItemFault*>(MemoryContextAllocHuge(CurrentMemoryContext, sizeof(core::ItemFault) * (received + 1)));
  // The texts of an item's fields are needed only until it has been read.
  MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics item", ALLOCSET_DEFAULT_SIZES);
  for (int i = 0; i < received; i++) {
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(scratch);
    const record::ItemFields item = record::item_fields(batch, i, scratch);
    if (!item.is_object) {
      faults[i] = core::make_fault(core::Fault::not_an_object, nullptr, "item is not an object");
      continue;
    }
    core::EventRow& row = rows[columns.count];
    faults[i] = core::read_event(item.fields, now, &row);
    if (faults[i].fault != core::Fault::none) continue;
    index_of[columns.count] = i;
    columns.add(row, item.metadata, item.has_metadata);
  }
  if (limits.by_session()) limits.charge(received, rows, columns.count);

  Outcome* outcomes = static_cast<Outcome*>(palloc(sizeof(Outcome) * (received + 1)));
  const int left_out = columns.count ? store(home, columns, outcomes) : 0;
  int duplicates = 0;
  for (int i = 0; i < left_out; i++) {
    const Outcome& outcome = outcomes[i];
    if (outcome.verdict == 'd')
      duplicates++;
    else
      faults[index_of[outcome.position]] =
          fault_of(outcome.verdict, rows[outcome.position].content_id, rows[outcome.position].session_id);
  }

  int rejected = 0;
  JsonbParseState* state = nullptr;
  pushJsonbValue(&state, WJB_BEGIN_ARRAY, nullptr);
  for (int i = 0; i < received; i++) {
    if (faults[i].fault == core::Fault::none) continue;
    if (abort)
      pg::raise(pg::with_hint(pg::failure(sqlstate_of(faults[i]), "item %d: %s", i, faults[i].message),
                              "Nothing was recorded. With on_error => 'skip' the other items are."));
    rejected++;
    record::push_fault(&state, i, faults[i]);
  }
  Jsonb* errors = JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, nullptr));

  pg::Rows(fcinfo)
      .add(Int32GetDatum(received))
      .add(Int32GetDatum(columns.count - left_out))
      .add(Int32GetDatum(duplicates))
      .add(Int32GetDatum(rejected))
      .add(JsonbPGetDatum(errors))
      .end_row();
  return (Datum)0;
}

EA_FUNCTION(ea_record_engagement) {
  const pg::Home home = access::installed_home(fcinfo);
  core::EventRow row;
  row.content_id = pg::required_id(fcinfo, 0, "content_id");
  if (PG_ARGISNULL(1))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "engagement_type must not be null"), kTypes));
  const char* type = pg::text_argument(fcinfo, 1, "");
  if (!core::find_engagement(type, &row.type))
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_TEXT_REPRESENTATION, "engagement type", type), kTypes));
  row.user_id = pg::optional_id(fcinfo, 2, "user_id").value;
  row.session_id = pg::optional_id(fcinfo, 3, "session_id").value;
  if (!PG_ARGISNULL(4)) {
    const double seconds = PG_GETARG_FLOAT8(4);
    if (!(seconds >= 0) || std::isinf(seconds))
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "watch_time must be zero or more seconds, not %g", seconds),
                              "Leave it out when it is unknown."));
    char text[400];
    const auto end = std::to_chars(text, text + sizeof text, seconds, std::chars_format::fixed);
    if (core::milliseconds_from_seconds({text, (size_t)(end.ptr - text)}, &row.watch_time_ms) != core::Parse::ok)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "watch_time %.17g is out of range", seconds),
                              "It is in seconds, at most 2147483.647."));
  }
  row.completed = row.type == core::Engagement::view && pg::bool_argument(fcinfo, 5, false);
  const TimestampTz now = GetCurrentTransactionStartTimestamp();
  row.created_at = PG_ARGISNULL(6) ? now : PG_GETARG_TIMESTAMPTZ(6);
  if (TIMESTAMP_NOT_FINITE(row.created_at))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "created_at must be finite"),
                            "Leave it out for now."));
  if (row.created_at < 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "created_at is before 2000: %s", timestamptz_to_str(row.created_at)),
                            "Check the clock of the device."));
  if (row.created_at > now && row.created_at - now > USECS_PER_DAY)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "created_at is more than a day ahead: %s",
                                        timestamptz_to_str(row.created_at)),
                            "Check the clock of the device."));
  if (!PG_ARGISNULL(7)) {
    row.has_event_id = true;
    memcpy(row.event_id, PG_GETARG_UUID_P(7)->data, UUID_LEN);
  }
  Columns columns(1);
  columns.add(row, PG_ARGISNULL(8) ? (Datum)0 : PointerGetDatum(PG_GETARG_JSONB_P(8)), !PG_ARGISNULL(8));
  access::WriterLimits().charge(1, &row, 1);

  Outcome outcome;
  const int left_out = store(home, columns, &outcome);
  if (left_out && outcome.verdict != 'd') {
    const core::ItemFault fault = fault_of(outcome.verdict, row.content_id, row.session_id);
    pg::raise(pg::with_hint(pg::failure(sqlstate_of(fault), "%s", fault.message), "Create it first."));
  }
  PG_RETURN_TEXT_P(cstring_to_text(left_out ? "duplicate" : "recorded"));
}
