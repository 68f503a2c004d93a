// engagement_summary: input and output, aggregates, accessors.
#include "core/value/metric.hpp"
#include "core/value/summary.hpp"
#include "core/value/working.hpp"
#include "pg/args.hpp"
#include "pg/wire.hpp"
#include "store/engagement_labels.hpp"
#include "store/summary_header.hpp"
#include "store/summary_object.hpp"

namespace {

using namespace ea;
using rollup::encoded;
using rollup::SummaryObject;
namespace working = core::working;

// Canonical bytes of working bytes.
struct varlena* canonical(core::Bytes state) {
  struct varlena* result = pg::new_varlena(working::encoded_size(state));
  working::encode(state, pg::mutable_bytes_of(result));
  return result;
}

struct varlena* fresh_working() {
  struct varlena* state = pg::new_varlena(working::initial_size());
  working::init(pg::mutable_bytes_of(state));
  return state;
}

MemoryContext aggregate_context(FunctionCallInfo fcinfo) {
  MemoryContext context;
  if (!AggCheckCallContext(fcinfo, &context))
    pg::raise(pg::failure(ERRCODE_FEATURE_NOT_SUPPORTED, "aggregate support function called outside an aggregate"));
  return context;
}

// One step of an aggregate. Small states are flat and changed in place; a state that outgrows
// working::kMaxBytes becomes an object with a memory context of its own. (A context for every group
// would make hash aggregation quadratic: the server walks all of them at each new group.)
template <class PutWorking, class PutSummary>
Datum step(FunctionCallInfo fcinfo, MemoryContext context, PutWorking&& put_working,
           PutSummary&& put_summary) {
  struct varlena* state = nullptr;
  if (PG_ARGISNULL(0)) {
    state = fresh_working();
  } else {
    if (auto* object = SummaryObject::from(PG_GETARG_DATUM(0))) {
      put_summary(object->value());
      return PG_GETARG_DATUM(0);
    }
    state = (struct varlena*)DatumGetPointer(PG_GETARG_DATUM(0));
    // Only an untoasted value with a full length word can be changed in place.
    if (!VARATT_IS_4B_U(state) || !working::is_working(pg::bytes_of(state))) {
      auto* object = SummaryObject::create(context);
      object->value().merge(pg::bytes_argument(fcinfo, 0));
      put_summary(object->value());
      return object->read_write();
    }
  }
  while (put_working(pg::mutable_bytes_of(state)) == working::Put::full) {
    size_t size = working::grown_size(pg::bytes_of(state));
    if (size > working::kMaxBytes) {
      auto* object = SummaryObject::create(context);
      object->value().merge(pg::bytes_of(state));
      put_summary(object->value());
      return object->read_write();
    }
    // The executor copies a changed pointer into the aggregate's context and frees the old state.
    struct varlena* bigger = pg::new_varlena(size);
    working::grow(pg::bytes_of(state), pg::mutable_bytes_of(bigger));
    state = bigger;
  }
  return PointerGetDatum(state);
}

Datum add_event(FunctionCallInfo fcinfo, MemoryContext context, const core::Event& event) {
  return step(
      fcinfo, context, [&](core::MutableBytes state) { return working::add(state, event); },
      [&](core::Summary& summary) { summary.add(event); });
}

core::Engagement engagement_argument(FunctionCallInfo fcinfo, int i) {
  if (PG_ARGISNULL(i))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "engagement type must not be null"),
                            "Leave such rows out with FILTER or WHERE."));
  return rollup::EngagementLabels::of(PG_GETARG_OID(i));
}

}  // namespace

EA_FUNCTION(ea_summary_in) {
  struct varlena* value = pg::from_text(PG_GETARG_CSTRING(0));
  core::validate_summary(pg::bytes_of(value));
  PG_RETURN_POINTER(value);
}

EA_FUNCTION(ea_summary_out) {
  core::Bytes bytes = pg::bytes_argument(fcinfo, 0);
  if (working::is_working(bytes)) bytes = pg::bytes_of(canonical(bytes));
  PG_RETURN_CSTRING(pg::to_text(bytes));
}

EA_FUNCTION(ea_summary_recv) {
  struct varlena* value = pg::from_wire((StringInfo)PG_GETARG_POINTER(0));
  core::validate_summary(pg::bytes_of(value));
  PG_RETURN_POINTER(value);
}

EA_FUNCTION(ea_summary_send) {
  core::Bytes bytes = pg::bytes_argument(fcinfo, 0);
  if (working::is_working(bytes)) bytes = pg::bytes_of(canonical(bytes));
  PG_RETURN_POINTER(pg::to_wire(bytes));
}

EA_FUNCTION(ea_is_counted) {
  core::Engagement engagement;
  PG_RETURN_BOOL(rollup::EngagementLabels::find(PG_GETARG_OID(0), &engagement));
}

EA_FUNCTION(ea_engagement_agg_step) {
  MemoryContext context = aggregate_context(fcinfo);
  core::Event event;
  event.type = engagement_argument(fcinfo, 1);
  event.has_viewer = !PG_ARGISNULL(2);
  event.viewer = event.has_viewer ? PG_GETARG_INT64(2) : 0;
  event.watch_time_ms = PG_ARGISNULL(3) ? 0 : PG_GETARG_INT32(3);
  if (event.watch_time_ms < 0)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "watch time must not be negative, not %lld",
                                        (long long)event.watch_time_ms),
                            "It is in milliseconds; NULL counts as 0."));
  event.completed = pg::bool_argument(fcinfo, 4, false);
  return add_event(fcinfo, context, event);
}

// The aggregate engagement_score keeps a summary without viewers.
EA_FUNCTION(ea_score_step) {
  MemoryContext context = aggregate_context(fcinfo);
  return add_event(fcinfo, context, {engagement_argument(fcinfo, 1), false, 0, 0, pg::bool_argument(fcinfo, 2, false)});
}

EA_FUNCTION(ea_score_final) {
  if (PG_ARGISNULL(0)) PG_RETURN_FLOAT8(0);
  PG_RETURN_FLOAT8(core::metric_value(core::Metric::engagement_score, rollup::header_of(PG_GETARG_DATUM(0))));
}

// Both the step of rollup() and the combine function of either aggregate: a NULL adds nothing.
EA_FUNCTION(ea_summary_step) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    return PG_GETARG_DATUM(0);
  }
  core::Bytes other = pg::bytes_argument(fcinfo, 1);
  return step(
      fcinfo, context, [&](core::MutableBytes state) { return working::merge(state, other); },
      [&](core::Summary& summary) { summary.merge(other); });
}

// Reads the state only: a window frame or a second aggregate may go on using it.
EA_FUNCTION(ea_summary_final) {
  if (PG_ARGISNULL(0)) PG_RETURN_POINTER(canonical(pg::bytes_of(fresh_working())));
  core::Bytes bytes = pg::bytes_argument(fcinfo, 0);
  if (working::is_working(bytes)) PG_RETURN_POINTER(canonical(bytes));
  struct varlena* copy = pg::new_varlena(bytes.size());
  memcpy(VARDATA(copy), bytes.data(), bytes.size());
  PG_RETURN_POINTER(copy);
}

// viewer_set_agg() keeps a summary of views as its state and answers with the viewers of it.
EA_FUNCTION(ea_viewer_set_agg_step) {
  MemoryContext context = aggregate_context(fcinfo);
  if (PG_ARGISNULL(1)) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    return PG_GETARG_DATUM(0);
  }
  return add_event(fcinfo, context, {core::Engagement::view, true, PG_GETARG_INT64(1), 0, false});
}

// The viewers of a summary; of none, the empty set.
EA_FUNCTION(ea_summary_viewers) {
  core::Bytes bytes;
  if (!PG_ARGISNULL(0)) bytes = pg::bytes_argument(fcinfo, 0);
  pg::Resource resource(CurrentMemoryContext);
  core::Summary summary(&resource);
  if (!PG_ARGISNULL(0)) summary.merge(bytes);
  summary.settle();
  struct varlena* result = pg::new_varlena(core::viewer_set_size(summary.viewers()));
  core::encode_viewer_set(summary.viewers(), pg::mutable_bytes_of(result));
  PG_RETURN_POINTER(result);
}

EA_FUNCTION(ea_summary_add) {
  core::Bytes left = pg::bytes_argument(fcinfo, 0);
  core::Bytes right = pg::bytes_argument(fcinfo, 1);
  pg::Resource resource(CurrentMemoryContext);
  core::Summary sum = core::Summary::decode(left, &resource);
  sum.merge(right);
  sum.settle();
  PG_RETURN_POINTER(encoded(sum));
}

// Counts are bigint; everything else double precision.
#define EA_COUNT(metric)                                                               \
  EA_FUNCTION(ea_summary_##metric) {                                                   \
    PG_RETURN_INT64(core::metric_count(core::Metric::metric, rollup::header_of(PG_GETARG_DATUM(0)))); \
  }
#define EA_NUMBER(metric)                                                                \
  EA_FUNCTION(ea_summary_##metric) {                                                     \
    PG_RETURN_FLOAT8(core::metric_value(core::Metric::metric, rollup::header_of(PG_GETARG_DATUM(0)))); \
  }

EA_COUNT(views)
EA_COUNT(unique_viewers)
EA_COUNT(unidentified_views)
EA_COUNT(completions)
EA_COUNT(saves)
EA_COUNT(shares)
EA_COUNT(clicks)
EA_COUNT(skips)
EA_COUNT(impressions)
EA_COUNT(total_engagements)
EA_NUMBER(total_watch_time)
EA_NUMBER(average_watch_time)
EA_NUMBER(completion_rate)
EA_NUMBER(engagement_rate)
EA_NUMBER(save_rate)
EA_NUMBER(share_rate)
EA_NUMBER(click_rate)
EA_NUMBER(skip_rate)
EA_NUMBER(engagement_score)
