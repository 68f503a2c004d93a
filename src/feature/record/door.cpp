// record_engagement_batch, record_engagement_body and record_engagement: parsed and checked here, stored by store_batch.
#include "access/home.hpp"

#include <charconv>
#include <cmath>

#include "core/intake/body.hpp"
#include "core/intake/json_tokens.hpp"
#include "feature/record/batch.hpp"
#include "feature/record/request_body.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"

namespace {

using namespace ea;

constexpr int kMaxBody = 64 * 1024 * 1024;   // simdjson takes four times as much while it is read
constexpr const char* kTypes = "Known are view, save, share, click, skip, complete, impression and progress.";

[[noreturn]] void no_array() {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "engagements is not an array"),
                          "Pass a JSON array, or an object with the key \"engagements\"."));
}

[[noreturn]] void no_json(const core::Body& body, const char* text, int size) {
  pg::Failure failure = pg::failure(ERRCODE_INVALID_TEXT_REPRESENTATION, "body is not JSON: it is empty, or a string in it is not closed or holds a control character");
  if (body.at == (size_t)size)
    failure = pg::failure(ERRCODE_INVALID_TEXT_REPRESENTATION, "body is not JSON: it ends too early, after %d bytes", size);
  else if (body.at != core::Body::kNowhere)
    failure = pg::failure(ERRCODE_INVALID_TEXT_REPRESENTATION, "body is not JSON: \"%.*s\" does not fit at byte %lld",
                          pg_mbcliplen(text + body.at, size - (int)body.at, 20), text + body.at, (long long)body.at);
  pg::raise(pg::with_hint(failure, "Pass a JSON array of engagements, or an object with the key \"engagements\"."));
}

// The text with room behind it.
char* padded(text* body, int size) {
  char* copy = static_cast<char*>(palloc(size + core::kJsonPadding));
  memcpy(copy, VARDATA_ANY(body), size);
  memset(copy + size, 0, core::kJsonPadding);
  return copy;
}

core::Body read(const char* text, int size) {
  pg::Resource memory(CurrentMemoryContext);
  const core::Reading reading{GetDatabaseEncoding() == PG_UTF8, record::kMaxItems, GetCurrentTransactionStartTimestamp(), pg_mbcliplen, pg::poll};
  return core::read_body({text, (size_t)size}, reading, &memory);
}

}  // namespace

EA_FUNCTION(ea_record_engagement_batch) {
  const pg::Home home = access::installed_home(fcinfo);
  if (PG_ARGISNULL(0))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "engagements must not be null"),
                            "Pass a JSON array; an empty one is fine."));
  const bool abort = record::aborts(fcinfo, 1);
  JsonbContainer* array = record::batch_array(&PG_GETARG_JSONB_P(0)->root);
  if (!array) no_array();
  record::Batch batch(JsonContainerSize(array));
  // The texts of an item's fields are needed only until it has been read.
  MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics item", ALLOCSET_DEFAULT_SIZES);
  for (int i = 0; i < batch.received(); i++) {
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(scratch);
    const record::ItemFields item = record::item_fields(array, i, scratch);
    if (!item.is_object) {
      batch.reject(i, core::make_fault(core::Fault::not_an_object, nullptr, "item is not an object"));
      continue;
    }
    core::EventRow row;
    const core::ItemFault fault = core::read_event(item.fields, batch.now(), pg_mbcliplen, &row);
    if (fault.fault == core::Fault::none)
      batch.add(i, row, item.metadata, item.has_metadata);
    else
      batch.reject(i, fault);
  }
  return batch.record(fcinfo, home, abort);
}

EA_FUNCTION(ea_record_engagement_body) {
  const pg::Home home = access::installed_home(fcinfo);
  if (PG_ARGISNULL(0))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "body must not be null"),
                            "Pass a JSON array; an empty one is fine."));
  const bool abort = record::aborts(fcinfo, 1);
  const Size raw_size = toast_raw_datum_size(PG_GETARG_DATUM(0)) - VARHDRSZ;
  if (raw_size > (Size)kMaxBody)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "body of %zu bytes is larger than %d", raw_size, kMaxBody),
                            "Send it in several requests."));
  text* argument = PG_GETARG_TEXT_PP(0);
  const int size = (int)VARSIZE_ANY_EXHDR(argument);
  const char* body_text = padded(argument, size);
  const core::Body body = read(body_text, size);
  if (body.shape == core::Body::Shape::not_json) no_json(body, body_text, size);
  if (body.shape == core::Body::Shape::no_array) no_array();

  record::Batch batch((int64)body.received);
  MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics item", ALLOCSET_DEFAULT_SIZES);
  for (int i = 0; i < batch.received(); i++) {
    const core::BodyItem& item = body.items[i];
    if (item.fault) {
      batch.reject(i, body.faults[item.fault - 1]);
      continue;
    }
    Datum metadata = 0;
    const bool has_metadata = !item.metadata.empty();
    if (has_metadata) {
      CHECK_FOR_INTERRUPTS();
      if (!record::metadata_of(item, scratch, &metadata)) {
        batch.reject(i, core::make_fault(core::Fault::invalid_value, core::field_name(core::FieldName::metadata),
                                         "metadata is too deep or too large, or has a character that the database has not"));
        continue;
      }
    }
    batch.add(i, item.row, metadata, has_metadata);
  }
  return batch.record(fcinfo, home, abort);
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
  record::Items items(1);
  items.add(row, PG_ARGISNULL(8) ? (Datum)0 : PointerGetDatum(PG_GETARG_JSONB_P(8)), !PG_ARGISNULL(8));
  access::WriterLimits().charge(1, &row, 1);

  record::Verdict verdict;
  const int left_out = record::store(home, items, &verdict);
  if (left_out && verdict != 'd') {
    const core::ItemFault fault = record::fault_of(verdict, row.content_id, row.session_id);
    pg::raise(pg::with_hint(pg::failure(record::sqlstate_of(fault), "%s", fault.message), "Create it first."));
  }
  PG_RETURN_TEXT_P(cstring_to_text(left_out ? "duplicate" : "recorded"));
}
