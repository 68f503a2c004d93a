// Triggers: changes of explore_content that concern creators' rollups are noted; raw events are not
// truncated behind the rollups' back. They write and check for whoever works on the tables.
#include "access/raw_tables.hpp"
#include "pg/barrier.hpp"
#include "pg/table_writer.hpp"
#include "store/tables.hpp"

namespace {

using namespace ea;

TriggerData* trigger_data(FunctionCallInfo fcinfo) {
  if (!CALLED_AS_TRIGGER(fcinfo))
    pg::raise(pg::failure(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED, "this function is for triggers only"));
  return (TriggerData*)fcinfo->context;
}

namespace content = access::content;

void note(pg::TableWriter& notes, int64 creator, int64 id) {
  notes.add(Int64GetDatum(creator)).add(Int64GetDatum(id)).end_row();
}

void note_row(pg::TableWriter& notes, HeapTuple row, TupleDesc columns, const pg::Places& places) {
  bool null;
  note(notes, DatumGetInt64(heap_getattr(row, places[content::creator_id], columns, &null)), DatumGetInt64(heap_getattr(row, places[content::id], columns, &null)));
}

void note_rows(pg::TableWriter& notes, Tuplestorestate* rows, TupleDesc columns, const pg::Places& places) {
  TupleTableSlot* slot = MakeSingleTupleTableSlot(columns, &TTSOpsMinimalTuple);
  tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
  tuplestore_rescan(rows);
  bool null;
  while (tuplestore_gettupleslot(rows, true, false, slot))
    note(notes, DatumGetInt64(slot_getattr(slot, places[content::creator_id], &null)), DatumGetInt64(slot_getattr(slot, places[content::id], &null)));
  ExecDropSingleTupleTableSlot(slot);
}

}  // namespace

EA_FUNCTION(ea_note_creators) {
  TriggerData* trigger = trigger_data(fcinfo);
  const bool truncated = TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event), by_row = TRIGGER_FIRED_FOR_ROW(trigger->tg_event);
  // What comes and goes in a session that replicates is noted row by row; a second note would undo the first.
  if (!truncated && !by_row && SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA) return (Datum)0;
  TupleDesc columns = RelationGetDescr(trigger->tg_relation);
  pg::Places places;
  places.find(trigger->tg_relation, access::content_table(RelationGetRelid(trigger->tg_relation)));
  pg::TableWriter notes;
  notes.open(rollup::tables().changes);
  if (truncated) {
    note(notes, 0, 0);
  } else if (by_row) {
    note_row(notes, trigger->tg_trigtuple, columns, places);
    if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)) note_row(notes, trigger->tg_newtuple, columns, places);
  } else {
    note_rows(notes, TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? trigger->tg_newtable : trigger->tg_oldtable, columns, places);
  }
  notes.close();
  return (Datum)0;
}

EA_FUNCTION(ea_refuse_truncate) {
  const TriggerData* trigger = trigger_data(fcinfo);
  pg::raise(pg::with_hint(pg::failure(ERRCODE_FEATURE_NOT_SUPPORTED, "cannot truncate \"%s\": rollups would keep its events",
                                      RelationGetRelationName(trigger->tg_relation)),
                          "DELETE the rows and run SELECT explore_analytics.rebuild() in the same transaction."));
}
