#include "core/tree/bucket_tree.hpp"

#include <algorithm>

#include "core/tree/bucket_parts.hpp"

namespace ea::core {

namespace {

// For a parent; the total of all time has none.
void add_all(Summary* summary, TimedEvents events, const Counters& counters) {
  if (summary == nullptr) return;
  summary->counters().merge(counters);
  for (const TimedEvent& e : events) {
    if (e.event.counts_viewer()) summary->viewers().insert(e.event.viewer);
  }
}

}  // namespace

void BucketTree::put_log(const Bucket& bucket, std::pmr::vector<TimedEvent>& events, const Counters& counters) {
  std::sort(events.begin(), events.end());
  std::pmr::vector<std::byte> bytes(event_log_size(events), memory_);
  write_event_log(events, bytes);
  std::pmr::vector<std::byte> summary_bytes(memory_);
  if (bucket.level + 1 == kLevels && events.size() > kMaxUnsummedLogEvents) {
    Summary summary(memory_);
    add_all(&summary, events, counters);
    summary.settle();
    summary_bytes.resize(summary.encoded_size());
    summary.encode(summary_bytes);
  }
  store_.put(bucket, {true, bytes, summary_bytes}, counters);
}

void BucketTree::put_summary(const Bucket& bucket, const Summary& summary) {
  std::pmr::vector<std::byte> bytes(summary.encoded_size(), memory_);
  summary.encode(bytes);
  store_.put(bucket, {false, bytes}, summary.counters());
}

void BucketTree::build(const Bucket& bucket, TimedEvents events, Summary* fresh) {
  if (stays_log(bucket, events.size())) {
    std::pmr::vector<TimedEvent> sorted(events.begin(), events.end(), memory_);
    const Counters counters = counters_of(events);
    put_log(bucket, sorted, counters);
    add_all(fresh, events, counters);
    return;
  }
  Summary mine(memory_);
  for_each_child(bucket, events, time_of, [&](const Bucket& child, TimedEvents part) { build(child, part, &mine); });
  mine.settle();
  put_summary(bucket, mine);
  if (fresh != nullptr) fresh->merge(mine);
}

void BucketTree::insert(const Bucket& bucket, TimedEvents events, Summary* fresh) {
  BucketValue stored;
  if (!store_.take(bucket, &stored)) {
    build(bucket, events, fresh);
    return;
  }
  if (stored.is_log) {
    std::pmr::vector<TimedEvent> all(memory_);
    EventLogReader reader(stored.bytes);
    for (TimedEvent e; reader.next(&e);) all.push_back(e);
    all.insert(all.end(), events.begin(), events.end());
    if (fresh != nullptr) add_all(fresh, events, counters_of(events));
    if (stays_log(bucket, all.size())) {
      put_log(bucket, all, counters_of(all));
      return;
    }
    std::sort(all.begin(), all.end());
    build(bucket, all, nullptr);
    return;
  }
  Summary total = Summary::decode(stored.bytes, memory_);
  Summary mine(memory_);
  for_each_child(bucket, events, time_of, [&](const Bucket& child, TimedEvents part) { insert(child, part, &mine); });
  mine.settle();
  total.merge(mine);
  total.settle();
  put_summary(bucket, total);
  if (fresh != nullptr) fresh->merge(mine);
}

void BucketTree::insert(TimedEvents events) {
  if (events.empty()) return;
  insert(Bucket{0, 0}, events, nullptr);
}

}  // namespace ea::core
