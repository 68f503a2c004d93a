#include "store/stored_views.hpp"

#include <algorithm>

#include "core/value/summary_format.hpp"
#include "pg/memory.hpp"
#include "pg/varlena.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

namespace {

bool has_one_of(core::Bytes summary, const pg::Array<int64>& viewers, MemoryContext context) {
  const core::CanonicalSummary stored = core::read_canonical(summary);
  if (stored.header.unique_viewers == 0) return false;
  pg::Resource memory(context);
  const core::ViewerSet set = core::ViewerSet::read_payload(stored.viewers, &memory);
  return std::any_of(viewers.begin(), viewers.end(), [&](int64 viewer) { return set.contains(viewer); });
}

// Contents with events beside their buckets, which no set of viewers covers.
pg::Array<int64> contents_with_deltas(Snapshot snapshot) {
  pg::Array<int64> contents;
  each_delta_of(snapshot, ScopeKind::content, kAllEpochs, [&](const DeltaLog& log) {
    contents.append(log.id);
    return true;
  });
  std::sort(contents.begin(), contents.end());
  return contents;
}

}  // namespace

void find_views_of(Snapshot snapshot, int64 viewer, const pg::Array<int64>& contents, TimestampTz before, pg::Array<StoredView>* views) {
  const core::Span range{std::numeric_limits<int64>::min(), before};
  StoredEvents events(snapshot);
  for (const int64 content : contents)
    events.for_each({ScopeKind::content, content}, range, [&](const core::TimedEvent& e) {
      if (e.event.counts_viewer() && e.event.viewer == viewer) views->append({content, e});
    });
  events.close();
  std::sort(views->begin(), views->end(), [](const StoredView& a, const StoredView& b) {
    return a.content != b.content ? a.content < b.content : a.event < b.event;
  });
}

void find_stored_views(Snapshot snapshot, const pg::Array<int64>& viewers, TimestampTz before, pg::Array<StoredView>* views) {
  const pg::Array<int64> beside = contents_with_deltas(snapshot);
  MemoryContext outside = CurrentMemoryContext;
  MemoryContext context = AllocSetContextCreate(outside, "explore_analytics viewer", ALLOCSET_DEFAULT_SIZES);
  const core::Span range{std::numeric_limits<int64>::min(), before};
  StoredEvents events(snapshot);
  pg::IndexScan scan;
  scan.open(tables().totals, snapshot);
  scan.equal_int2(totals::scope, (int16)ScopeKind::content).start();
  while (scan.next()) {
    CHECK_FOR_INTERRUPTS();
    const int64 content = scan.int64_at(totals::id);
    bool is_log, null;
    (void)scan.value(totals::events, &is_log);
    is_log = !is_log;
    MemoryContextSwitchTo(context);
    bool look = is_log || std::binary_search(beside.begin(), beside.end(), content);
    if (!look) {
      struct varlena* summary = PG_DETOAST_DATUM_PACKED(scan.value(totals::summary, &null));
      look = has_one_of(pg::bytes_of(summary), viewers, context);
    }
    if (look)
      events.for_each({ScopeKind::content, content}, range, [&](const core::TimedEvent& e) {
        if (!e.event.counts_viewer() || !std::binary_search(viewers.begin(), viewers.end(), e.event.viewer)) return;
        MemoryContext inside = MemoryContextSwitchTo(outside);
        views->append({content, e});
        MemoryContextSwitchTo(inside);
      });
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context);
  }
  scan.close();
  events.close();
  MemoryContextDelete(context);
  std::sort(views->begin(), views->end(), [](const StoredView& a, const StoredView& b) {
    return a.content != b.content ? a.content < b.content : a.event < b.event;
  });
}

}  // namespace ea::rollup
