// Takes events out of a tree of buckets and adds others: down the paths of both, and nowhere else. What remains is the tree
// that the remaining events make, whatever was there before.
#include <algorithm>

#include "core/bytes/error.hpp"
#include "core/tree/bucket_parts.hpp"

namespace ea::core {

namespace {

[[noreturn]] void not_there() { throw Error(Errc::inconsistent, "an event to be taken away is not in the rollups"); }

// Leaves them in order.
void apply(std::pmr::vector<TimedEvent>* events, TimedEvents removed, TimedEvents added) {
  std::sort(events->begin(), events->end());
  const auto end = without(events->begin(), events->end(), removed);
  if (static_cast<std::size_t>(events->end() - end) != removed.size()) not_there();
  events->erase(end, events->end());
  events->insert(events->end(), added.begin(), added.end());
  std::sort(events->begin(), events->end());
}

ViewerSet viewers_of(TimedEvents events, std::pmr::memory_resource* memory) {
  ViewerSet viewers(memory);
  for (const TimedEvent& e : events) {
    if (e.event.counts_viewer()) viewers.insert(e.event.viewer);
  }
  viewers.settle();
  return viewers;
}

bool is_empty(const ViewerSet& viewers) { return viewers.cardinality() == 0; }

void take_away(ViewerSet* viewers, const ViewerSet& others, std::pmr::memory_resource* memory) {
  if (!is_empty(*viewers) && !is_empty(others)) *viewers = ViewerSet::subtract(*viewers, others, memory);
}

// What is removed and added in each bucket of the next level, in order; where only one of both is, the other is empty.
template <class F>
void for_each_changed_child(const Bucket& bucket, TimedEvents removed, TimedEvents added, F&& f) {
  const int level = level_below(bucket);
  const auto take = [&](TimedEvents* events, std::int64_t number) {
    const auto end = std::partition_point(events->begin(), events->end(), [&](const TimedEvent& e) { return bucket_number(level, e.at) <= number; });
    const TimedEvents part = events->first(static_cast<std::size_t>(end - events->begin()));
    *events = events->subspan(part.size());
    return part;
  };
  while (!removed.empty() || !added.empty()) {
    const std::int64_t at = removed.empty() ? added.front().at : added.empty() ? removed.front().at : std::min(removed.front().at, added.front().at);
    const Bucket child{level, bucket_number(level, at)};
    const TimedEvents out = take(&removed, child.number);
    f(child, out, take(&added, child.number));
  }
}

}  // namespace

// Events below a bucket that has a summary, until there are more than `limit`.
std::size_t BucketTree::count(const Bucket& bucket, std::size_t limit) {
  std::pmr::vector<std::int64_t> numbers(memory_);
  store_.children(bucket, &numbers);
  std::size_t events = 0;
  for (const std::int64_t number : numbers) {
    const Bucket child{bucket.level + 1, number};
    const std::size_t logged = store_.log_events(child);
    events += logged > 0 ? logged : count(child, limit - events);
    if (events > limit) break;
  }
  return events;
}

void BucketTree::gather(const Bucket& bucket, std::pmr::vector<TimedEvent>* events) {
  std::pmr::vector<std::int64_t> numbers(memory_);
  store_.children(bucket, &numbers);
  for (const std::int64_t number : numbers) {
    const Bucket child{bucket.level + 1, number};
    BucketValue stored;
    if (!store_.take(child, &stored)) continue;
    if (!stored.is_log) {
      gather(child, events);
      continue;
    }
    EventLogReader reader(stored.bytes);
    for (TimedEvent e; reader.next(&e);) events->push_back(e);
  }
}

// Takes the viewers of a stored bucket, which stays as it is, out of those of whom nothing was found yet.
void BucketTree::look_for(const Bucket& bucket, ViewerSet* missing) {
  BucketValue stored;
  if (!store_.look(bucket, &stored)) return;
  if (!stored.is_log) {
    take_away(missing, Summary::decode(stored.bytes, memory_).viewers(), memory_);
    return;
  }
  ViewerSet viewers(memory_);
  EventLogReader reader(stored.bytes);
  for (TimedEvent e; reader.next(&e);) {
    if (e.event.counts_viewer()) viewers.insert(e.event.viewer);
  }
  viewers.settle();
  take_away(missing, viewers, memory_);
}

void BucketTree::put_changed(const Bucket& bucket, TimedEvents left, ViewerSet* missing) {
  if (!left.empty()) build(bucket, left, nullptr);
  if (!is_empty(*missing)) take_away(missing, viewers_of(left, memory_), memory_);
}

void BucketTree::change(const Bucket& bucket, TimedEvents removed, TimedEvents added, const ViewerSet& gone, ViewerSet* missing) {
  BucketValue stored;
  if (!store_.take(bucket, &stored)) not_there();
  std::pmr::vector<TimedEvent> left(memory_);
  if (stored.is_log) {
    EventLogReader reader(stored.bytes);
    for (TimedEvent e; reader.next(&e);) left.push_back(e);
    apply(&left, removed, added);
    put_changed(bucket, left, missing);
    return;
  }
  Summary total = Summary::decode(stored.bytes, memory_);
  total.counters().subtract(counters_of(removed));
  total.counters().merge(counters_of(added));
  // A log would have had so many events before.
  const std::size_t limit = kMaxLogEvents + removed.size();
  if (added.size() <= limit && least_events(total.counters()) <= kMaxLogEvents &&
      count(bucket, limit - added.size()) <= limit - added.size()) {
    gather(bucket, &left);
    apply(&left, removed, added);
    put_changed(bucket, left, missing);
    return;
  }
  const ViewerSet fresh = viewers_of(added, memory_);
  // Of whom a view is removed, and no view was found that remains.
  ViewerSet lost = viewers_of(removed, memory_);
  take_away(&lost, fresh, memory_);
  take_away(&lost, gone, memory_);
  std::pmr::vector<std::int64_t> numbers(memory_);
  if (!is_empty(lost)) store_.children(bucket, &numbers);
  for_each_changed_child(bucket, removed, added, [&](const Bucket& child, TimedEvents out, TimedEvents in) {
    if (out.empty()) return;
    change(child, out, in, gone, &lost);
    numbers.erase(std::remove(numbers.begin(), numbers.end(), child.number), numbers.end());
  });
  for (const std::int64_t number : numbers) {
    if (is_empty(lost)) break;
    look_for({bucket.level + 1, number}, &lost);
  }
  for_each_changed_child(bucket, removed, added, [&](const Bucket& child, TimedEvents out, TimedEvents in) {
    if (out.empty()) insert(child, in, nullptr);
  });
  take_away(&total.viewers(), lost, memory_);
  take_away(&total.viewers(), gone, memory_);
  total.viewers().merge(fresh);
  total.settle();
  put_summary(bucket, total);
  take_away(missing, total.viewers(), memory_);
}

void BucketTree::change(TimedEvents removed, TimedEvents added, const ViewerSet& gone) {
  if (removed.empty()) {
    insert(added);
    return;
  }
  ViewerSet none(memory_);
  change(Bucket{0, 0}, removed, added, gone, &none);
}

void BucketTree::change(TimedEvents removed, TimedEvents added) { change(removed, added, ViewerSet(memory_)); }

}  // namespace ea::core
