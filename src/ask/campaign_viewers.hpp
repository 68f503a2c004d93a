// The viewers of a boost campaign, those who were shown it and those who were held out, and what they did on its content within the
// window that begins with their first impression. One pass over the campaign's credits, one over its impressions in the range, one
// over the events of the content.
#pragma once

#include "ask/viewer_events.hpp"
#include "core/experiments/key_filter.hpp"
#include "pg/array.hpp"
#include "pg/statement.hpp"
#include "store/campaigns.hpp"

namespace ea::rollup {

struct CampaignViewer {
  bool held_out;
  bool is_over;     // the window, by over_by
  bool converted;
  int64 views;
};

class CampaignViewers {
 public:
  CampaignViewers(pg::Query& query, const Campaign& campaign, const pg::Range& range, TimestampTz over_by);

  // Calls f(viewer) for each who has an impression in the range that is not credited, and is not excluded, in no order; once. f is called in the
  // caller's memory context, and may raise. 55000 where retention has taken raw events that are needed.
  template <class F>
  void for_each(F&& f) {
    walk([](void* with, const CampaignViewer& viewer) { (*static_cast<std::remove_reference_t<F>*>(with))(viewer); }, &f);
  }

 private:
  using Visit = void (*)(void* with, const CampaignViewer& viewer);

  void walk(Visit visit, void* with);
  static bool is_before(const pg_uuid_t& a, const pg_uuid_t& b);
  void read_credits();
  void read_impressions();
  void require_events() const;
  void read_events();
  void add(int64 viewer, const WalkEvent& event);
  void take(std::span<const WalkEvent> events, Visit visit, void* with) const;
  TimestampTz end_of_window(TimestampTz first) const;

  pg::Query& query_;
  const Campaign& campaign_;
  pg::Range range_;
  TimestampTz over_by_;
  core::Engagement conversion_;
  pg::Array<pg_uuid_t> credited_;            // impressions, by their ids, in order
  ViewerEvents events_;                      // and the first impression of each viewer, among them
  core::KeyFilter* viewers_ = nullptr;
  pg::Range needed_{DT_NOEND, DT_NOBEGIN};   // of events
};

}  // namespace ea::rollup
