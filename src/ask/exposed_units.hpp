// The units of an experiment and what they did: who saw one variant, since then and before it. One pass over the events,
// whatever is asked about them.
#pragma once

#include "ask/viewer_events.hpp"
#include "core/experiments/key_filter.hpp"
#include "core/experiments/moments.hpp"
#include "pg/statement.hpp"
#include "store/experiments.hpp"

namespace ea::rollup {

// Whose exposures count, and which events are a unit's.
struct UnitWindows {
  TimestampTz as_of = DT_NOEND;    // exposures and events from here on are not there
  TimestampTz over_by = DT_NOEND;  // windows that end later are not over
  int64 lookback = 0;              // microseconds before the exposure; 0: nothing before it is wanted
  int64 within = 0;                // after it; 0: up to as_of
};

struct UnitEvents {
  int variant;
  core::Counters after, before;
};

class ExposedUnits {
 public:
  ExposedUnits(pg::Query& query, const char* name, const Experiment& experiment, const UnitWindows& windows);

  // Calls f(unit) for each unit whose window is over, in no order; once. f is called in the caller's memory context, and may
  // raise. 55000 where retention has taken raw events that are needed.
  template <class F>
  void for_each(F&& f) {
    walk([](void* with, const UnitEvents& unit) { (*static_cast<std::remove_reference_t<F>*>(with))(unit); }, &f);
  }

  // After that. Units by their variant, whether or not their windows are over; and viewers who saw several variants, who are
  // nobody's units.
  std::span<const int64> assigned() const { return {assigned_.begin(), (size_t)assigned_.size()}; }
  int64 several() const { return several_; }

 private:
  using Visit = void (*)(void* with, const UnitEvents& unit);

  void walk(Visit visit, void* with);
  void read_exposures();
  void read_events();
  void add(int64 viewer, std::span<const WalkEvent> exposures);
  int variant_named(const text* name) const;
  TimestampTz start_of_history(TimestampTz exposed_at) const;
  TimestampTz end_of_window(TimestampTz exposed_at) const;
  bool is_over(TimestampTz exposed_at) const { return windows_.within == 0 || end_of_window(exposed_at) <= windows_.over_by; }
  void take(std::span<const WalkEvent> events, Visit visit, void* with);

  pg::Query& query_;
  const char* name_;
  const Experiment& experiment_;
  const UnitWindows& windows_;
  pg::Array<int> by_name_;      // variants in the order of their names' bytes
  ViewerEvents events_;         // and the first exposure of each unit, among them
  core::KeyFilter* exposed_ = nullptr;    // units, with a window that is over
  pg::Range range_{DT_NOEND, DT_NOBEGIN};    // of events that are needed
  pg::Array<int64> assigned_;
  int64 several_ = 0;
};

}  // namespace ea::rollup
