#include "feature/record/batch.hpp"

#include "feature/record/request_body.hpp"
#include "pg/args.hpp"
#include "pg/rows.hpp"

namespace ea::record {

namespace {

int checked_count(int64 received) {
  if (received > kMaxItems)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "%lld items are more than %d", (long long)received, kMaxItems),
                            "Send them in several batches."));
  return (int)received;
}

}  // namespace

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

bool aborts(FunctionCallInfo fcinfo, int i) {
  const char* on_error = pg::text_argument(fcinfo, i, "skip");
  const bool abort = strcmp(on_error, "abort") == 0;
  if (!abort && strcmp(on_error, "skip") != 0)
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "on_error", on_error),
                            "on_error is skip or abort."));
  return abort;
}

Batch::Batch(int64 received)
    : received_(checked_count(received)), now_(GetCurrentTransactionStartTimestamp()), items_(received_),
      index_of_(static_cast<int*>(palloc(sizeof(int) * (received_ + 1)))),
      faults_(static_cast<core::ItemFault*>(MemoryContextAllocHuge(CurrentMemoryContext, sizeof(core::ItemFault) * (received_ + 1)))) {
  if (!limits_.by_session()) limits_.charge(received_, nullptr, 0);
  for (int i = 0; i < received_; i++) faults_[i].fault = core::Fault::none;
}

void Batch::add(int index, const core::EventRow& row, Datum metadata, bool has_metadata) {
  index_of_[items_.count] = index;
  items_.add(row, metadata, has_metadata);
}

Datum Batch::record(FunctionCallInfo fcinfo, const pg::Home& home, bool abort) {
  if (limits_.by_session()) limits_.charge(received_, items_.rows, items_.count);

  auto* verdicts = static_cast<Verdict*>(palloc((Size)received_ + 1));
  const int left_out = items_.count ? store(home, items_, verdicts) : 0;
  int duplicates = 0;
  for (int i = 0; left_out && i < items_.count; i++) {
    if (verdicts[i] == kStored) continue;
    if (verdicts[i] == 'd')
      duplicates++;
    else
      faults_[index_of_[i]] = fault_of(verdicts[i], items_.rows[i].content_id, items_.rows[i].session_id);
  }

  int rejected = 0;
  JsonbParseState* state = nullptr;
  pushJsonbValue(&state, WJB_BEGIN_ARRAY, nullptr);
  for (int i = 0; i < received_; i++) {
    if (faults_[i].fault == core::Fault::none) continue;
    if (abort)
      pg::raise(pg::with_hint(pg::failure(sqlstate_of(faults_[i]), "item %d: %s", i, faults_[i].message),
                              "Nothing was recorded. With on_error => 'skip' the other items are."));
    rejected++;
    push_fault(&state, i, faults_[i]);
  }
  Jsonb* errors = JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, nullptr));

  pg::Rows(fcinfo)
      .add(Int32GetDatum(received_))
      .add(Int32GetDatum(items_.count - left_out))
      .add(Int32GetDatum(duplicates))
      .add(Int32GetDatum(rejected))
      .add(JsonbPGetDatum(errors))
      .end_row();
  return (Datum)0;
}

}  // namespace ea::record
