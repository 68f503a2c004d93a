// What viewers did, viewer by viewer: what is asked about viewers one by one stands on it, and knows nothing of where the
// events come from.
#pragma once

#include "ask/viewer_events.hpp"
#include "pg/statement.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

// What is to be walked; nothing in it is copied.
struct WalkFilter {
  pg::Range range;
  uint32 types = (1u << core::kEngagements) - 1;    // bits by core::Engagement
  const AscendingIds* contents = nullptr;           // null: all

  bool takes(core::Engagement type) const { return types >> (int)type & 1; }
};

// Events without a viewer are nobody's, and not in it; nor are those of labels that somebody has added.
class ViewerWalk {
 public:
  ViewerWalk(pg::Query& query, const WalkFilter& filter) : query_(query), filter_(filter) {}

  // Calls f(viewer, events) for each viewer with such events in the active snapshot; viewers in no order, events by
  // (created_at, id), for f to change as it likes. f is called in the caller's memory context, and may raise.
  // 55000 where retention has taken raw events of the range.
  template <class F>
  void for_each(F&& f) {
    walk([](void* with, int64 viewer, std::span<WalkEvent> events) { (*static_cast<std::remove_reference_t<F>*>(with))(viewer, events); }, &f);
  }

 private:
  void walk(VisitViewer visit, void* with);
  void add_all(ViewerEvents& events);
  void add_of_contents(ViewerEvents& events);

  pg::Query& query_;
  const WalkFilter& filter_;
};

}  // namespace ea::rollup
