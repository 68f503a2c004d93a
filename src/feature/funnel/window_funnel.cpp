// window_funnel: its state is a list of rows with the steps they may serve, in the memory of all groups, so that a group
// costs as little as it has rows.
#include "core/funnel/window_funnel.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"

namespace {

using namespace ea;

struct State {
  int64 within;
  core::FunnelMode mode;
  bool sorted;
  int64 count, room;
  core::FunnelRow rows[FLEXIBLE_ARRAY_MEMBER];
};

constexpr Size size_of(int64 rows) { return offsetof(State, rows) + (Size)rows * sizeof(core::FunnelRow); }

MemoryContext aggregate_context(FunctionCallInfo fcinfo) {
  MemoryContext context;
  if (!AggCheckCallContext(fcinfo, &context))
    pg::raise(pg::failure(ERRCODE_FEATURE_NOT_SUPPORTED, "aggregate support function called outside an aggregate"));
  return context;
}

State* state_argument(FunctionCallInfo fcinfo, int i) { return PG_ARGISNULL(i) ? nullptr : (State*)PG_GETARG_POINTER(i); }

State* new_state(MemoryContext context, int64 within, core::FunnelMode mode, int64 room) {
  State* state = static_cast<State*>(MemoryContextAllocHuge(context, size_of(room)));
  state->within = within;
  state->mode = mode;
  state->sorted = true;
  state->count = 0;
  state->room = room;
  return state;
}

// The state may move.
State* appended(State* state, const core::FunnelRow& row) {
  if (state->count == state->room) {
    state->room *= 2;
    state = static_cast<State*>(repalloc_huge(state, size_of(state->room)));
  }
  state->sorted &= state->count == 0 || state->rows[state->count - 1].at <= row.at;
  state->rows[state->count++] = row;
  return state;
}

State* first_state(FunctionCallInfo fcinfo, MemoryContext context) {
  constexpr int64 kRoom = 4;
  if (PG_ARGISNULL(1))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "within must not be null"), "Pass an interval such as '1 hour'."));
  const int64 within = pg::span_argument(fcinfo, 1, 0, "within");
  const char* name = pg::text_argument(fcinfo, 2, "");
  core::FunnelMode mode;
  if (!core::find_funnel_mode(name, &mode))
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "mode", name), "Known are '', once, order, increase and dedup."));
  return new_state(context, within, mode, kRoom);
}

uint32 steps_argument(FunctionCallInfo fcinfo, int i) {
  if (PG_ARGISNULL(i)) return 0;
  const ArrayType* array = PG_GETARG_ARRAYTYPE_P(i);
  if (ARR_NDIM(array) > 1)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "conditions must have one dimension, not %d", ARR_NDIM(array)), "Pass them one by one, in their order."));
  const int count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
  if (count > core::kMostSteps)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "window_funnel takes up to %d conditions, not %d", core::kMostSteps, count),
                            "Leave some of the steps out."));
  const bits8* nulls = ARR_NULLBITMAP(array);
  const char* values = ARR_DATA_PTR(array);
  uint32 steps = 0;
  for (int step = 0; step < count; step++) {
    if (nulls && !(nulls[step / 8] >> step % 8 & 1)) continue;    // takes no room
    if (*values++) steps |= 1u << step;
  }
  return steps;
}

// As sent to another process: within, mode, and of each row its time and steps.
constexpr int kHeader = sizeof(int64) + 1, kRow = sizeof(int64) + sizeof(uint32);

}  // namespace

EA_FUNCTION(ea_window_funnel_step) {
  MemoryContext context = aggregate_context(fcinfo);
  State* state = state_argument(fcinfo, 0);
  if (!PG_ARGISNULL(3)) {
    const core::FunnelRow row{PG_GETARG_TIMESTAMPTZ(3), steps_argument(fcinfo, 4)};
    if (!state) state = first_state(fcinfo, context);
    if (row.steps || core::needs_every_row(state->mode)) state = appended(state, row);
  }
  if (!state) PG_RETURN_NULL();
  PG_RETURN_POINTER(state);
}

EA_FUNCTION(ea_window_funnel_combine) {
  MemoryContext context = aggregate_context(fcinfo);
  State* state = state_argument(fcinfo, 0);
  const State* other = state_argument(fcinfo, 1);
  if (other) {
    if (!state) state = new_state(context, other->within, other->mode, Max(other->count, (int64)1));
    core::Pulse pulse(pg::poll);
    for (int64 i = 0; i < other->count; i++) {
      pulse();
      state = appended(state, other->rows[i]);
    }
  }
  if (!state) PG_RETURN_NULL();
  PG_RETURN_POINTER(state);
}

EA_FUNCTION(ea_window_funnel_serialize) {
  aggregate_context(fcinfo);
  const State* state = state_argument(fcinfo, 0);
  StringInfoData out;
  pq_begintypsend(&out);
  pq_sendint64(&out, state->within);
  pq_sendint8(&out, (uint8)state->mode);
  core::Pulse pulse(pg::poll);
  for (int64 i = 0; i < state->count; i++) {
    pulse();
    pq_sendint64(&out, state->rows[i].at);
    pq_sendint32(&out, state->rows[i].steps);
  }
  PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

EA_FUNCTION(ea_window_funnel_deserialize) {
  aggregate_context(fcinfo);
  const bytea* bytes = PG_GETARG_BYTEA_PP(0);
  StringInfoData in = {const_cast<char*>(VARDATA_ANY(bytes)), (int)VARSIZE_ANY_EXHDR(bytes), (int)VARSIZE_ANY_EXHDR(bytes), 0};
  if (in.len < kHeader || (in.len - kHeader) % kRow != 0) pg::raise(pg::failure(ERRCODE_INVALID_BINARY_REPRESENTATION, "no state of window_funnel"));
  const int64 within = pq_getmsgint64(&in);
  const int mode = pq_getmsgbyte(&in);
  if (within <= 0 || mode >= core::kFunnelModes) pg::raise(pg::failure(ERRCODE_INVALID_BINARY_REPRESENTATION, "no state of window_funnel"));
  const int64 count = (in.len - kHeader) / kRow;
  State* state = new_state(CurrentMemoryContext, within, (core::FunnelMode)mode, Max(count, (int64)1));
  core::Pulse pulse(pg::poll);
  for (int64 i = 0; i < count; i++) {
    pulse();
    const int64 at = pq_getmsgint64(&in);
    state = appended(state, {at, pq_getmsgint(&in, sizeof(uint32))});
  }
  PG_RETURN_POINTER(state);
}

// Sorts the rows where they are: to the state they are a bag, whose order means nothing.
EA_FUNCTION(ea_window_funnel_final) {
  State* state = state_argument(fcinfo, 0);
  if (!state) PG_RETURN_INT32(0);
  aggregate_context(fcinfo);
  CHECK_FOR_INTERRUPTS();
  core::Pulse pulse(pg::poll);
  const std::span<core::FunnelRow> rows(state->rows, state->count);
  if (!state->sorted) core::sort(rows, pulse, [](const core::FunnelRow& a, const core::FunnelRow& b) { return a.at < b.at; });
  state->sorted = true;
  PG_RETURN_INT32(core::window_funnel(rows, state->within, state->mode, pulse));
}
