#include "rollup/event_groups.hpp"

#include <algorithm>

#include "rollup/progress.hpp"

namespace ea::rollup {

namespace {

// Fewer new events of a key that has buckets are not worth their rewriting: they wait as a delta.
constexpr int64 kWorthBuckets = 4000;

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
    if (spilled_ || count_ >= kWorthBuckets || !stored_.exists(key_)) {
      stored_.insert(key_, events);
    } else {
      std::sort(events_, events_ + count_);
      stored_.put_delta(key_, events);
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

  StoredBuckets& stored_;
  Key key_;
  int64 room_;
  core::TimedEvent* events_;
  int64 count_ = 0;
  bool spilled_ = false;
};

}  // namespace

int64 store_events(StoredBuckets& stored, ScopeKind scope, EventSource& events, int64 expected) {
  show_progress("refresh", name_of(scope), 0, expected);
  Group group(stored, scope);
  int64 id, rows = 0;
  core::TimedEvent event;
  while (events.next(&id, &event)) {
    group.add(id, event);
    if (++rows % 100000 == 0) show_progress("refresh", name_of(scope), rows, expected);
  }
  group.finish();
  return rows;
}

int64 store_events(pg::Query& query, StoredBuckets& stored, ScopeKind scope, const RawSelection& selection, int64 expected) {
  RawEvents events(query, scope, selection);
  const int64 rows = store_events(stored, scope, events, expected);
  events.close();
  return rows;
}

}  // namespace ea::rollup
