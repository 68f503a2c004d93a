// Triggers: changes of explore_content that concern creators' rollups are noted, and changes of sessions; raw events are
// not truncated behind the rollups' back. They write and check for whoever works on the tables.
#include "access/raw_tables.hpp"
#include "pg/barrier.hpp"
#include "pg/table_writer.hpp"
#include "store/sessions.hpp"

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

template <class F>
void for_each_row(Tuplestorestate* rows, TupleDesc columns, F&& f) {
  TupleTableSlot* slot = MakeSingleTupleTableSlot(columns, &TTSOpsMinimalTuple);
  tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
  tuplestore_rescan(rows);
  while (tuplestore_gettupleslot(rows, true, false, slot)) f(slot);
  ExecDropSingleTupleTableSlot(slot);
}

struct Session {
  int64 id;
  rollup::SessionState state;
};

class SessionNotes {
 public:
  SessionNotes(TriggerData* trigger, const pg::Table& sessions) {
    places_.find(trigger->tg_relation, sessions);
    const pg::Table& changes = rollup::tables().session_changes;
    if (!OidIsValid(changes.oid))
      pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "relation explore_analytics.session_changes does not exist"),
                              "Run: CALL explore_analytics.install();"));
    writer_.open(changes);
  }

  Session row(TupleTableSlot* slot) const {
    bool open, null;
    const Datum end = slot_getattr(slot, places_[access::sessions::session_end], &open);
    const Datum start = slot_getattr(slot, places_[access::sessions::session_start], &null);
    return {DatumGetInt64(slot_getattr(slot, places_[access::sessions::id], &null)), rollup::SessionState::of(DatumGetTimestampTz(start), !open, open ? 0 : DatumGetTimestampTz(end))};
  }
  void note(int64 id, const rollup::SessionState& before, const rollup::SessionState& since) {
    writer_.add(Int64GetDatum(id));
    add(before);
    add(since);
    writer_.end_row();
  }
  void note_one(const Session& session, bool inserted) {
    note(session.id, inserted ? rollup::SessionState{} : session.state, inserted ? session.state : rollup::SessionState{});
  }
  void close() { writer_.close(); }

 private:
  void add(const rollup::SessionState& state) {
    for (const auto& [given, at] : {std::pair(state.exists, state.start), std::pair(state.ended, state.end)}) {
      if (given)
        writer_.add(TimestampTzGetDatum(at));
      else
        writer_.null();
    }
  }

  pg::Places places_;
  pg::TableWriter writer_;
};

// What comes and goes is noted row by row in a session that replicates, and by the statement in others, whichever of the two
// triggers are enabled there: a second note would undo the first.
bool is_noted_by_another(const TriggerData* trigger) {
  if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event) || TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)) return false;
  return (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA) != (TRIGGER_FIRED_FOR_ROW(trigger->tg_event) != 0);
}

}  // namespace

EA_FUNCTION(ea_note_creators) {
  TriggerData* trigger = trigger_data(fcinfo);
  if (is_noted_by_another(trigger)) return (Datum)0;
  const bool truncated = TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event), by_row = TRIGGER_FIRED_FOR_ROW(trigger->tg_event);
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
    for_each_row(TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? trigger->tg_newtable : trigger->tg_oldtable, columns, [&](TupleTableSlot* slot) {
      bool null;
      note(notes, DatumGetInt64(slot_getattr(slot, places[content::creator_id], &null)), DatumGetInt64(slot_getattr(slot, places[content::id], &null)));
    });
  }
  notes.close();
  return (Datum)0;
}

EA_FUNCTION(ea_note_sessions) {
  TriggerData* trigger = trigger_data(fcinfo);
  const Oid table = RelationGetRelid(trigger->tg_relation);
  if (is_noted_by_another(trigger)) return (Datum)0;
  SessionNotes notes(trigger, access::sessions_table(table));
  if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event)) {
    notes.note(0, {}, {});
  } else if (TRIGGER_FIRED_FOR_ROW(trigger->tg_event)) {
    TupleTableSlot* slot = MakeSingleTupleTableSlot(RelationGetDescr(trigger->tg_relation), &TTSOpsHeapTuple);
    const auto row = [&](HeapTuple tuple) {
      ExecStoreHeapTuple(tuple, slot, false);
      return notes.row(slot);
    };
    const Session first = row(trigger->tg_trigtuple);
    if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event)) {
      const Session second = row(trigger->tg_newtuple);
      if (first.id == second.id) {
        notes.note(first.id, first.state, second.state);
      } else {
        notes.note(first.id, first.state, {});
        notes.note(second.id, {}, second.state);
      }
    } else {
      notes.note_one(first, TRIGGER_FIRED_BY_INSERT(trigger->tg_event));
    }
    ExecDropSingleTupleTableSlot(slot);
  } else {
    const bool inserted = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
    for_each_row(inserted ? trigger->tg_newtable : trigger->tg_oldtable, RelationGetDescr(trigger->tg_relation),
                 [&](TupleTableSlot* slot) { notes.note_one(notes.row(slot), inserted); });
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
