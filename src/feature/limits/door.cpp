// What the server says about rate limits, and the trigger on their table.
#include "access/rate_levels.hpp"
#include "pg/barrier.hpp"
#include "pg/rows.hpp"

using namespace ea;

// Trigger on the table: every session reads it again once this has been committed, and this one at once.
EA_FUNCTION(ea_note_limits) {
  if (!CALLED_AS_TRIGGER(fcinfo))
    pg::raise(pg::failure(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED, "this function is for triggers only"));
  CacheInvalidateRelcacheByRelid(RelationGetRelid(((TriggerData*)fcinfo->context)->tg_relation));
  return (Datum)0;
}

EA_FUNCTION(ea_rate_limit_counters) {
  const access::RateCounters counters = access::rate_counters();
  pg::Rows(fcinfo)
      .add(BoolGetDatum(counters.shared))
      .int64_value(counters.slots)
      .int64_value(counters.used)
      .int64_value(counters.allowed_events)
      .int64_value(counters.refused_events)
      .int64_value(counters.refused_batches)
      .int64_value(counters.evictions)
      .end_row();
  return (Datum)0;
}
