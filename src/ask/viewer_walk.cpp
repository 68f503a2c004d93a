#include "ask/viewer_walk.hpp"

#include "store/engagement_labels.hpp"
#include "store/events_between.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

// Through their index.
pg::Statement events_of_contents(
    "/* explore_analytics: viewers of contents */ SELECT e.user_id, e.session_id, e.created_at, e.id, e.content_id, e.engagement_type,"
    " e.watch_time_ms, e.completed"
    " FROM {s}.explore_engagements e WHERE " EA_IN_RANGE("$1", "$2") " AND e.content_id = ANY ($3)",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

}  // namespace

void ViewerWalk::walk(VisitViewer visit, void* with) {
  require_raw_events(filter_.range, "Retention keeps no order of events: ask from there on.");
  ViewerEvents events;
  filter_.contents ? add_of_contents(events) : add_all(events);
  events.for_each(visit, with);
}

void ViewerWalk::add_all(ViewerEvents& events) {
  namespace columns = access::events;
  EventsBetween(query_.home(), GetActiveSnapshot(), filter_.range).for_each([&](const pg::BlockScan& row) {
    bool no_session, null;
    int64 viewer;
    WalkEvent event;
    if (!EngagementLabels::find(DatumGetObjectId(row.value(columns::type, &null)), &event.type) || !filter_.takes(event.type)) return;
    if (!find_viewer(row, &viewer)) return;
    event.at = row.int64_at(columns::created_at);
    event.id = row.int64_at(columns::id);
    event.content = row.int64_at(columns::content_id);
    const int64 session = DatumGetInt64(row.value(columns::session_id, &no_session));
    event.session = no_session ? 0 : session;
    event.watch_time_ms = DatumGetInt32(row.value(columns::watch_time_ms, &null));
    event.completed = DatumGetBool(row.value(columns::completed, &null));
    events.add(viewer, event);
  });
}

void ViewerWalk::add_of_contents(ViewerEvents& events) {
  query_.each_row(events_of_contents, pg::Parameters().range(filter_.range).add(id_array(*filter_.contents)), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    const Datum* values = row->tts_values;
    const bool no_user = row->tts_isnull[0], no_session = row->tts_isnull[1];
    WalkEvent event;
    if (!EngagementLabels::find(DatumGetObjectId(values[5]), &event.type) || !filter_.takes(event.type)) return;
    if (no_user && no_session) return;
    const int64 viewer = no_user ? -DatumGetInt64(values[1]) : DatumGetInt64(values[0]);
    event.at = DatumGetTimestampTz(values[2]);
    event.id = DatumGetInt64(values[3]);
    event.content = DatumGetInt64(values[4]);
    event.session = no_session ? 0 : DatumGetInt64(values[1]);
    event.watch_time_ms = DatumGetInt32(values[6]);
    event.completed = DatumGetBool(values[7]);
    events.add(viewer, event);
  });
}

}  // namespace ea::rollup
