#include "core/tree/bucket_audit.hpp"

#include <utility>

namespace ea::core {

void BucketAudit::close_last() {
  Open last = std::move(open_.back());
  open_.pop_back();
  last.summary.settle();
  expect(last.bucket, last.summary, last.events);
  if (open_.empty()) return;
  open_.back().summary.merge(last.summary);
  open_.back().events += last.events;
}

void BucketAudit::log(const Bucket& bucket, TimedEvents events) {
  if (bucket.level == 0) return;   // nothing above it
  const std::int64_t start = span_of(bucket).from;
  while (!open_.empty() && (static_cast<int>(open_.size()) > bucket.level ||
                            open_.back().bucket.number != bucket_number(open_.back().bucket.level, start))) {
    close_last();
  }
  for (int level = static_cast<int>(open_.size()); level < bucket.level; ++level) {
    open_.push_back(Open{{level, bucket_number(level, start)}, Summary(memory_), 0});
  }
  for (const TimedEvent& e : events) open_.back().summary.add(e.event);
  open_.back().events += events.size();
}

void BucketAudit::finish() {
  while (!open_.empty()) close_last();
}

}  // namespace ea::core
