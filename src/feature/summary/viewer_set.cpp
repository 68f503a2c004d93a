// viewer_set: input and output, set operators, Roaring exchange. Its aggregate is in summary.cpp.
#include "core/set/roaring.hpp"
#include "core/set/viewer_set.hpp"
#include "pg/args.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"
#include "pg/wire.hpp"
#include "store/summary_object.hpp"

namespace {

using namespace ea;
using rollup::encoded;

constexpr int32 kPrefix = 128;   // the cardinality stands well within

enum class Operation { unite, intersect, subtract };

Datum operate(FunctionCallInfo fcinfo, Operation operation) {
  core::Bytes left = pg::bytes_argument(fcinfo, 0);
  core::Bytes right = pg::bytes_argument(fcinfo, 1);
  pg::Resource resource(CurrentMemoryContext);
  core::ViewerSet a = core::decode_viewer_set(left, &resource);
  core::ViewerSet b = core::decode_viewer_set(right, &resource);
  pg::guard([] { CHECK_FOR_INTERRUPTS(); });   // a cancelled query must not wait for huge sets
  switch (operation) {
    case Operation::unite: PG_RETURN_POINTER(encoded(core::ViewerSet::unite(a, b, &resource)));
    case Operation::intersect: PG_RETURN_POINTER(encoded(core::ViewerSet::intersect(a, b, &resource)));
    case Operation::subtract: PG_RETURN_POINTER(encoded(core::ViewerSet::subtract(a, b, &resource)));
  }
  pg_unreachable();
}

}  // namespace

EA_FUNCTION(ea_viewer_set_in) {
  struct varlena* value = pg::from_text(PG_GETARG_CSTRING(0));
  core::validate_viewer_set(pg::bytes_of(value));
  PG_RETURN_POINTER(value);
}

EA_FUNCTION(ea_viewer_set_out) { PG_RETURN_CSTRING(pg::to_text(pg::bytes_argument(fcinfo, 0))); }

EA_FUNCTION(ea_viewer_set_recv) {
  struct varlena* value = pg::from_wire((StringInfo)PG_GETARG_POINTER(0));
  core::validate_viewer_set(pg::bytes_of(value));
  PG_RETURN_POINTER(value);
}

EA_FUNCTION(ea_viewer_set_send) { PG_RETURN_POINTER(pg::to_wire(pg::bytes_argument(fcinfo, 0))); }

EA_FUNCTION(ea_viewer_set_union) { return operate(fcinfo, Operation::unite); }
EA_FUNCTION(ea_viewer_set_intersection) { return operate(fcinfo, Operation::intersect); }
EA_FUNCTION(ea_viewer_set_difference) { return operate(fcinfo, Operation::subtract); }

EA_FUNCTION(ea_viewer_set_contains) {
  core::Bytes left = pg::bytes_argument(fcinfo, 0);
  core::Bytes right = pg::bytes_argument(fcinfo, 1);
  pg::Resource resource(CurrentMemoryContext);
  core::ViewerSet a = core::decode_viewer_set(left, &resource);
  core::ViewerSet b = core::decode_viewer_set(right, &resource);
  PG_RETURN_BOOL(a.contains_all(b));
}

EA_FUNCTION(ea_viewer_set_has) {
  core::Bytes value = pg::bytes_argument(fcinfo, 0);
  pg::Resource resource(CurrentMemoryContext);
  PG_RETURN_BOOL(core::decode_viewer_set(value, &resource).contains(PG_GETARG_INT64(1)));
}

// Canonical: equal sets are equal bytes.
EA_FUNCTION(ea_viewer_set_eq) {
  core::Bytes left = pg::bytes_argument(fcinfo, 0);
  core::Bytes right = pg::bytes_argument(fcinfo, 1);
  PG_RETURN_BOOL(left.size() == right.size() && memcmp(left.data(), right.data(), left.size()) == 0);
}

EA_FUNCTION(ea_viewer_set_cardinality) {
  auto* slice = (struct varlena*)PG_DETOAST_DATUM_SLICE(PG_GETARG_DATUM(0), 0, kPrefix);
  PG_RETURN_INT64((int64)core::encoded_cardinality(pg::bytes_of(slice)));
}

// One key a call: a large set is never materialised as rows.
EA_FUNCTION(ea_viewer_set_keys) {
  struct Scan {
    pg::Resource resource;
    core::ViewerSet set;
    core::ViewerSet::Cursor cursor;
    Scan(MemoryContext context, core::Bytes value)
        : resource(context), set(core::decode_viewer_set(value, &resource)), cursor(set) {}
  };
  if (SRF_IS_FIRSTCALL()) {
    FuncCallContext* call = SRF_FIRSTCALL_INIT();
    core::Bytes value = pg::bytes_argument(fcinfo, 0);
    void* place = MemoryContextAlloc(call->multi_call_memory_ctx, sizeof(Scan));
    call->user_fctx = new (place) Scan(call->multi_call_memory_ctx, value);
  }
  FuncCallContext* call = SRF_PERCALL_SETUP();
  int64 key;
  if (!static_cast<Scan*>(call->user_fctx)->cursor.next(&key)) SRF_RETURN_DONE(call);
  SRF_RETURN_NEXT(call, Int64GetDatum(key));
}

EA_FUNCTION(ea_viewer_set_to_roaring) {
  core::Bytes value = pg::bytes_argument(fcinfo, 0);
  pg::Resource resource(CurrentMemoryContext);
  core::ViewerSet set = core::decode_viewer_set(value, &resource);
  struct varlena* result = pg::new_varlena(core::roaring_size(set));
  core::to_roaring(set, pg::mutable_bytes_of(result));
  PG_RETURN_POINTER(result);
}

EA_FUNCTION(ea_viewer_set_from_roaring) {
  core::Bytes value = pg::bytes_argument(fcinfo, 0);
  pg::Resource resource(CurrentMemoryContext);
  PG_RETURN_POINTER(encoded(core::from_roaring(value, &resource)));
}
