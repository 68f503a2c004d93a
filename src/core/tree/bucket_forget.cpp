// Takes viewers out of a tree of buckets: down the paths of their events, and nowhere else. What remains
// is the tree that the remaining events make, whatever was there before.
#include <algorithm>

#include "core/bytes/error.hpp"
#include "core/tree/bucket_parts.hpp"

namespace ea::core {

namespace {

TimedEvent without_viewer(TimedEvent e) {
  e.event.has_viewer = false;
  e.event.viewer = 0;
  return e;
}

// Both in order; each of `forgotten` meets one of `events`.
void apply(std::pmr::vector<TimedEvent>* events, ForgottenEvents forgotten) {
  auto out = events->begin();
  std::size_t next = 0;
  for (const TimedEvent& e : *events) {
    if (next == forgotten.size() || forgotten[next].event != e) {
      *out++ = e;
      continue;
    }
    if (forgotten[next++].stays) *out++ = without_viewer(e);
  }
  if (next < forgotten.size()) throw Error(Errc::inconsistent, "an event to be forgotten is not in the rollups");
  events->erase(out, events->end());
  std::sort(events->begin(), events->end());
}

void take_away(Counters* counters, ForgottenEvents forgotten) {
  Counters gone;
  Counters anonymous;
  for (const ForgottenEvent& f : forgotten) {
    gone.add(f.event.event);
    if (f.stays) anonymous.add(without_viewer(f.event).event);
  }
  counters->subtract(gone);
  counters->merge(anonymous);
}

// At least so many events have these counters: enough for most buckets to be seen as large without a look below. A
// completion may be one of its own, or belong to a view, and progress is not counted.
std::uint64_t least_events(const Counters& c) {
  return static_cast<std::uint64_t>(c.views) + static_cast<std::uint64_t>(c.saves) + static_cast<std::uint64_t>(c.shares) +
         static_cast<std::uint64_t>(c.clicks) + static_cast<std::uint64_t>(c.skips) + static_cast<std::uint64_t>(c.impressions);
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

void BucketTree::forget(const Bucket& bucket, ForgottenEvents events, const ViewerSet& viewers) {
  BucketValue stored;
  if (!store_.take(bucket, &stored)) throw Error(Errc::inconsistent, "an event to be forgotten is not in the rollups");
  std::pmr::vector<TimedEvent> left(memory_);
  if (stored.is_log) {
    EventLogReader reader(stored.bytes);
    for (TimedEvent e; reader.next(&e);) left.push_back(e);
    apply(&left, events);
    if (!left.empty()) put_log(bucket, left, counters_of(left));
    return;
  }
  Summary total = Summary::decode(stored.bytes, memory_);
  take_away(&total.counters(), events);
  const auto gone = std::count_if(events.begin(), events.end(), [](const ForgottenEvent& f) { return !f.stays; });
  const std::size_t limit = kMaxLogEvents + static_cast<std::size_t>(gone);
  if (least_events(total.counters()) <= kMaxLogEvents && count(bucket, limit) <= limit) {
    // Few enough for a log now.
    gather(bucket, &left);
    std::sort(left.begin(), left.end());
    apply(&left, events);
    if (!left.empty()) build(bucket, left, nullptr);
    return;
  }
  for_each_child(bucket, events, [](const ForgottenEvent& f) { return f.event.at; },
                 [&](const Bucket& child, ForgottenEvents part) { forget(child, part, viewers); });
  total.viewers() = ViewerSet::subtract(total.viewers(), viewers, memory_);
  put_summary(bucket, total);
}

void BucketTree::forget(ForgottenEvents events, const ViewerSet& viewers) {
  if (events.empty()) return;
  forget(Bucket{0, 0}, events, viewers);
}

}  // namespace ea::core
