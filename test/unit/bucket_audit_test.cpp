// The audit expects exactly the summaries that a tree keeps, and notices one that is not.
#include <gtest/gtest.h>

#include "core/tree/bucket_audit.hpp"
#include "timed_events.hpp"

namespace ea::test {
namespace {

class Recorder final : public core::BucketAudit {
 public:
  using BucketAudit::BucketAudit;
  Buckets expected;
  std::uint64_t events = 0;

 private:
  void expect(const core::Bucket& bucket, const core::Summary& summary, std::uint64_t count) override {
    StoredBucket stored{false, std::vector<std::byte>(summary.encoded_size()), summary.counters()};
    summary.encode(stored.bytes);
    EXPECT_TRUE(expected.emplace(bucket, stored).second) << "level " << bucket.level << " twice";
    if (bucket.level == 0) events = count;
  }
};

// Feeds the logs of a tree in order of time.
void audit(const Buckets& buckets, Recorder* recorder) {
  std::vector<core::Bucket> logs;
  for (const auto& [bucket, stored] : buckets)
    if (stored.is_log) logs.push_back(bucket);
  std::sort(logs.begin(), logs.end(), [](const core::Bucket& a, const core::Bucket& b) {
    return core::span_of(a).from < core::span_of(b).from;
  });
  for (const core::Bucket& bucket : logs) {
    Events events;
    const core::Span all;
    core::for_each_event(buckets.at(bucket).bytes, all.from, all.to, [&](const core::TimedEvent& e) { events.push_back(e); });
    recorder->log(bucket, events);
  }
  recorder->finish();
}

Buckets summaries_of(const Buckets& buckets) {
  Buckets result;
  for (const auto& [bucket, stored] : buckets)
    if (!stored.is_log) result.emplace(bucket, stored);
  return result;
}

TEST(BucketAudit, ExpectsTheSummariesOfATree) {
  std::pmr::memory_resource* memory = std::pmr::new_delete_resource();
  for (const std::size_t count : {1u, 128u, 129u, 1000u, 5000u}) {
    Random random(count);
    Events events;
    for (std::size_t i = 0; i < count; ++i)
      events.push_back(core::normalized(random_timed(random, static_cast<std::int64_t>(random() % (90 * core::kDay)))));
    // And a minute with more than a log holds, so that the tree reaches its last level.
    for (std::int64_t i = 0; count > 128 && i < 300; ++i) events.push_back(view(10 * core::kDay + i, i));
    MapStore store;
    store.insert(events, memory);
    Recorder recorder(memory);
    audit(store.buckets(), &recorder);
    EXPECT_EQ(recorder.expected, summaries_of(store.buckets())) << count << " events";
    if (count > 128) {
      EXPECT_EQ(recorder.events, events.size());
    }
  }
}

TEST(BucketAudit, AnotherEventIsAnotherSummaryAllTheWayUp) {
  std::pmr::memory_resource* memory = std::pmr::new_delete_resource();
  Events events;
  for (std::int64_t i = 0; i < 200; ++i) events.push_back(view(i * core::kDay / 2, i + 1));
  MapStore store;
  store.insert(events, memory);
  Buckets damaged = store.buckets();
  auto log = std::find_if(damaged.begin(), damaged.end(), [](const auto& entry) { return entry.second.is_log; });
  Events one{view(core::span_of(log->first).from, 7777)};
  log->second.bytes.resize(core::event_log_size(one));
  core::write_event_log(one, log->second.bytes);
  Recorder recorder(memory);
  audit(damaged, &recorder);
  const Buckets kept = summaries_of(store.buckets());
  std::size_t different = 0;
  for (const auto& [bucket, stored] : kept) different += recorder.expected.at(bucket) != stored;
  EXPECT_EQ(different, static_cast<std::size_t>(log->first.level));
}

}  // namespace
}  // namespace ea::test
