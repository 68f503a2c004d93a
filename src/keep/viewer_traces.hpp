// What there is of a viewer in the rollups: events that go, or become somebody else's, in all rollups that hold them.
#pragma once

#include <algorithm>

#include "core/tree/timed_event.hpp"
#include "pg/array.hpp"
#include "pg/statement.hpp"

namespace ea::rollup {

// One event in the rollups of a content.
struct Trace {
  int64 content;
  core::TimedEvent event;
  bool stays = false;
  int64 heir = 0;      // whose it is then; 0: nobody's
};

inline core::TimedEvent inherited(core::TimedEvent e, int64 heir) {
  e.event.has_viewer = heir != 0;
  e.event.viewer = heir;
  return e;
}

inline bool trace_before(const Trace& a, const Trace& b) { return a.content != b.content ? a.content < b.content : a.event < b.event; }

struct Traces {
  pg::Array<Trace> list;

  void sort() { std::sort(list.begin(), list.end(), trace_before); }
  // Calls f(id, events that go, events that come in their place), both in order, for each group of traces with the same
  // id; those with 0 are left out.
  template <class IdOf, class F>
  void each_group(IdOf&& id_of, F&& f) const {
    pg::Array<Trace> parts;
    for (const Trace& t : list) parts.append({id_of(t.content), t.event, t.stays, t.heir});
    std::sort(parts.begin(), parts.end(), trace_before);
    pg::Array<core::TimedEvent> removed, added;
    for (int64 i = 0; i < parts.size(); i++) {
      if (parts[i].content != 0) removed.append(parts[i].event);
      if (parts[i].content != 0 && parts[i].stays) added.append(inherited(parts[i].event, parts[i].heir));
      if (removed.empty() || (i + 1 < parts.size() && parts[i + 1].content == parts[i].content)) continue;
      std::sort(added.begin(), added.end());
      f(parts[i].content, core::TimedEvents(removed.begin(), (size_t)removed.size()), core::TimedEvents(added.begin(), (size_t)added.size()));
      removed.clear();
      added.clear();
    }
  }
};

// Raw rows that a statement returns: content_id, created_at, engagement_type, viewer_key, watch_time_ms, completed, epoch, in
// this order from the first column on. Those that the rollups hold, up to the epoch `low`; false for others, and for types that
// do not count.
bool trace_of(const pg::Query& query, uint64 row, int64 low, Trace* trace);
// Of all of them, in order.
Traces traces_of(const pg::Query& query, uint64 rows, int64 low);

// Adds views whose raw rows went with their month: of those that are stored from before the horizon, in order, the ones that no
// trace of a raw row, in order too, has accounted for. They stay, and become the heir's. Returns how many they are.
struct StoredView;
int64 add_old_views(const pg::Array<StoredView>& views, int64 heir, Traces* traces);

// Brings the rollups to what the traces, in order, say, and creators to the contents that they have now. No view of the viewers
// `gone` (ascending) is left. In the active snapshot; for a caller who has the rollups in hand up to the epoch `low`.
void change_in_rollups(pg::Query& query, const char* command, const Traces& traces, const pg::Array<int64>& gone, int64 low);

}  // namespace ea::rollup
