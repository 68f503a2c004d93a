#include "keep/event_groups.hpp"

#include <algorithm>

#include "pg/progress.hpp"

namespace ea::rollup {

namespace {

// Buckets are written anew, with their sets of viewers, where that is no more than so much for each event; an event comes
// into those of three keys.
constexpr int64 kBytesForEach = 50;

const char* name_of(ScopeKind scope) {
  return scope == ScopeKind::content ? "contents" : scope == ScopeKind::creator ? "creators" : "platform";
}

// Events of one key, as they come in.
class Group {
 public:
  Group(StoredBuckets& stored, ScopeKind scope)
      : stored_(stored), key_{scope, 0}, room_(1024),
        events_(static_cast<core::TimedEvent*>(palloc(room_ * sizeof(core::TimedEvent)))) {}

  void add(int64 id, const core::TimedEvent& event) {
    if (count_ > 0 && id != key_.id) finish();
    key_.id = id;
    if (count_ == kMaxGroup) spill();
    if (count_ == room_) {
      room_ *= 2;
      events_ = static_cast<core::TimedEvent*>(repalloc_huge(events_, room_ * sizeof(core::TimedEvent)));
    }
    events_[count_++] = event;
  }

  void finish() {
    if (count_ == 0) return;
    const core::TimedEvents events(events_, (size_t)count_);
    if (spilled_ || !stored_.exists(key_)) {
      stored_.insert(key_, events);
    } else if (count_ >= kWorthBuckets && stored_.rewrites_at_most(key_, events, kBytesForEach * count_)) {
      stored_.insert_with_deltas(key_, events, DeltaRows::Which::own_rows);
    } else {
      std::sort(events_, events_ + count_);
      if (count_ < kWorthBuckets)
        stored_.put_delta(key_, events);
      else
        put_days(events);
    }
    count_ = 0;
    spilled_ = false;
  }

 private:
  void spill() {
    stored_.insert(key_, core::TimedEvents(events_, (size_t)count_));
    count_ = 0;
    spilled_ = true;
  }

  // So that questions about other days pass them by. None waits to share a row: a key's logs of one epoch stay together.
  void put_days(core::TimedEvents events) {
    while (!events.empty()) {
      const int64 day = core::floor_divide(events.front().at, core::kDay);
      size_t n = 1;
      while (n < events.size() && core::floor_divide(events[n].at, core::kDay) == day) n++;
      stored_.put_delta(key_, events.first(n), DeltaRows::Rows::own);
      events = events.subspan(n);
    }
  }

  StoredBuckets& stored_;
  Key key_;
  int64 room_;
  core::TimedEvent* events_;
  int64 count_ = 0;
  bool spilled_ = false;
};

}  // namespace

int64 store_events(const char* command, StoredBuckets& stored, ScopeKind scope, EventSource& events, int64 expected) {
  show_progress(command, name_of(scope), 0, expected);
  Group group(stored, scope);
  int64 id, rows = 0;
  core::TimedEvent event;
  while (events.next(&id, &event)) {
    group.add(id, event);
    if (++rows % 100000 == 0) show_progress(command, name_of(scope), rows, expected);
  }
  group.finish();
  return rows;
}

int64 store_events(const char* command, pg::Query& query, StoredBuckets& stored, ScopeKind scope, const RawSelection& selection) {
  RawEvents events(query, scope, selection);
  const int64 rows = store_events(command, stored, scope, events, 0);
  events.close();
  return rows;
}

}  // namespace ea::rollup
