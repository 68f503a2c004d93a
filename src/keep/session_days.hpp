// What verify() compares of the sessions of one key: those that are stored with those of the raw rows.
#pragma once

#include <algorithm>

#include "store/sessions.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

// Sessions by the day of their start: how many there are, and a sum of hashes, on both sides.
class SessionDays {
 public:
  explicit SessionDays(const core::Span& range) : range_(range) {}

  void stored(const core::TimedEvent& entry, int sign) { add(entry, sign, &Day::stored); }
  void raw(const core::TimedEvent& entry) { add(entry, 1, &Day::raw); }
  // Calls f(day, stored, raw) for days that differ, with the numbers of sessions, and begins anew.
  template <class F>
  void finish(F&& f) {
    for (const Day& day : days_)
      if (day.stored.count != day.raw.count || day.stored.hash != day.raw.hash)
        f(core::Span{day.number * core::kDay, (day.number + 1) * core::kDay}, day.stored.count, day.raw.count);
    days_.clear();
  }

 private:
  struct Side {
    int64 count;
    uint64 hash;
  };
  struct Day {
    int64 number;
    Side stored, raw;
  };

  void add(const core::TimedEvent& entry, int sign, Side Day::*side) {
    if (!range_.contains(entry.at)) return;
    const int64 parts[] = {entry.at, entry.event.viewer, entry.event.watch_time_ms, entry.event.completed};
    const uint64 hash = DatumGetUInt64(hash_any_extended(reinterpret_cast<const unsigned char*>(parts), sizeof parts, 1));
    Side& sum = day_of(core::floor_divide(entry.at, core::kDay)).*side;
    sum.count += sign;
    sum.hash += sign > 0 ? hash : -hash;
  }
  Day& day_of(int64 number) {
    int64 place = std::lower_bound(days_.begin(), days_.end(), number, [](const Day& d, int64 n) { return d.number < n; }) - days_.begin();
    if (place == days_.size() || days_[place].number != number) {
      days_.append({number, {}, {}});
      std::rotate(days_.begin() + place, days_.end() - 1, days_.end());
    }
    return days_[place];
  }

  core::Span range_;
  pg::Array<Day> days_;
};

// What is stored of one key: its tree, and the deltas step by step, as readers take them.
inline void add_stored_sessions(StoredEvents& stored, const Key& key, SessionDays& days) {
  pg::Array<SessionStep> steps;
  int64 step = 0;
  const bool named = key.scope == ScopeKind::creator_sessions;
  stored.for_each_in_tree(key, [&](const core::TimedEvent& e) {
    if (named)
      steps.append({session_key(e.event.viewer), 0, e});
    else
      days.stored(e, 1);
  });
  stored.for_each_delta(key, [&](const DeltaLog& log) { append_steps(log.log, ++step, &steps); });
  if (!named) {
    for (const SessionStep& s : steps) days.stored(s.entry, takes_out(s.entry) ? -1 : 1);
    steps.release();
    return;
  }
  std::sort(steps.begin(), steps.end(), [](const SessionStep& a, const SessionStep& b) { return a.before(b); });
  for (int64 i = 0; i < steps.size(); i++) {
    bool there = false;
    core::TimedEvent entry{};
    for (;; i++) {
      if (takes_out(steps[i].entry)) {
        there = false;
      } else if (!there) {
        there = true;
        entry = steps[i].entry;
      }
      if (i + 1 == steps.size() || steps[i + 1].session != steps[i].session) break;
    }
    if (there) days.stored(entry, 1);
  }
  steps.release();
}

}  // namespace ea::rollup
