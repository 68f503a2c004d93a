#include "keep/viewer_traces.hpp"

#include "keep/creator_changes.hpp"
#include "keep/session_rollups.hpp"
#include "pg/progress.hpp"
#include "store/contents.hpp"
#include "store/engagement_labels.hpp"
#include "store/stored_views.hpp"

namespace ea::rollup {

bool trace_of(const pg::Query& query, uint64 row, int64 low, Trace* trace) {
  if (query.int64_at(row, 7) > low) return false;
  core::TimedEvent e{};
  if (!EngagementLabels::find(DatumGetObjectId(query.value(row, 3)), &e.event.type)) return false;
  e.at = DatumGetTimestampTz(query.value(row, 2));
  e.event.has_viewer = true;
  e.event.viewer = query.int64_at(row, 4);
  e.event.watch_time_ms = DatumGetInt32(query.value(row, 5));
  e.event.completed = DatumGetBool(query.value(row, 6));
  *trace = {query.int64_at(row, 1), core::normalized(e)};
  return true;
}

Traces traces_of(const pg::Query& query, uint64 rows, int64 low) {
  Traces traces;
  for (uint64 i = 0; i < rows; i++) {
    Trace trace;
    if (trace_of(query, i, low, &trace)) traces.list.append(trace);
  }
  traces.sort();
  return traces;
}

int64 add_old_views(const pg::Array<StoredView>& views, int64 heir, Traces* traces) {
  const int64 raw = traces->list.size();
  int64 kept = 0;
  for (int64 i = 0, j = 0; i < views.size(); i++) {
    const Trace view{views[i].content, views[i].event, true, heir};
    while (j < raw && trace_before(traces->list[j], view)) j++;
    if (j < raw && !trace_before(view, traces->list[j])) {
      j++;
      continue;
    }
    traces->list.append(view);
    kept++;
  }
  traces->sort();
  return kept;
}

void change_in_rollups(pg::Query& query, const char* command, const Traces& traces, const pg::Array<int64>& gone, int64 low) {
  const pg::Home& home = query.home();
  StoredBuckets stored(low);
  CreatorChanges noted(home, GetActiveSnapshot());
  noted.find(stored);
  noted.move(stored);
  AscendingIds contents;
  for (const Trace& t : traces.list)
    if (contents.empty() || contents[contents.size() - 1] != t.content) contents.append(t.content);
  int64 done = 0;
  const auto change = [&](ScopeKind scope, int64 id, core::TimedEvents removed, core::TimedEvents added) {
    CHECK_FOR_INTERRUPTS();
    stored.change({scope, id}, removed, added, DeltaRows::Which::own_rows, gone.begin(), (int)gone.size());
    if (done++ % 100 == 0) show_progress(command, "keys", done, contents.size());
  };
  stored.take_down(ScopeKind::content, contents);
  traces.each_group([](int64 content) { return content; },
                    [&](int64 id, core::TimedEvents removed, core::TimedEvents added) { change(ScopeKind::content, id, removed, added); });
  if (!noted.all_creators()) {
    // Creators that are made anew from their contents have nothing to be changed.
    const Owners owners = owners_of(home, GetActiveSnapshot(), contents);
    const AscendingIds anew = noted.creators();
    const auto creator_to_change = [&](int64 content) {
      const int64 creator = owners.creator_of(content);
      return std::binary_search(anew.begin(), anew.end(), creator) ? 0 : creator;
    };
    AscendingIds creators;
    for (const int64 content : contents) creators.append(creator_to_change(content));
    make_ascending(&creators);
    stored.take_down(ScopeKind::creator, creators);
    traces.each_group(
        creator_to_change,
        [&](int64 id, core::TimedEvents removed, core::TimedEvents added) { change(ScopeKind::creator, id, removed, added); });
  }
  noted.rebuild(stored);
  SessionRollups sessions(query, stored);
  if (sessions.state().made && noted.all_creators()) sessions.rebuild(low);
  if (sessions.state().made && !noted.all_creators() && !noted.changed().empty()) {
    // Creators are made of rows of this moment, so what is noted up to it must not come again.
    sessions.bring_in(low, true);
    sessions.rebuild_creators(low, noted.changed());
  }
  if (sessions.state().made) sessions.note_state();
  // Its key is 0, which a group may not have.
  traces.each_group([](int64) { return 1; }, [&](int64, core::TimedEvents removed, core::TimedEvents added) { change(ScopeKind::platform, 0, removed, added); });
  stored.close();
}

}  // namespace ea::rollup
