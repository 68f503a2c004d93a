// Buckets kept in memory, as strict as the server's tables: a bucket is taken and put at most once per
// insert, what was put is not taken again before the insert has ended, and bytes handed out die with
// the next call. And a range read from them the way the server reads one. Fuzzing uses it too.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory_resource>
#include <set>
#include <vector>

#include "core/tree/bucket_cover.hpp"
#include "core/tree/bucket_tree.hpp"

namespace ea::test {

using Events = std::vector<core::TimedEvent>;

struct BucketOrder {
  bool operator()(const core::Bucket& a, const core::Bucket& b) const {
    return a.level != b.level ? a.level < b.level : a.number < b.number;
  }
};

struct StoredBucket {
  bool is_log;
  std::vector<std::byte> bytes;
  core::Counters counters;

  bool operator==(const StoredBucket&) const = default;
};

using Buckets = std::map<core::Bucket, StoredBucket, BucketOrder>;

class MapStore final : public core::BucketStore {
 public:
  const Buckets& buckets() const { return buckets_; }
  const char* misuse() const { return misuse_; }  // null when there was none
  std::size_t takes() const { return takes_; }
  std::size_t looks() const { return looks_; }

  // One insert of a refresh: events in order of time and, among those of one time, in any.
  void insert(Events events, std::pmr::memory_resource* memory) {
    std::stable_sort(events.begin(), events.end(),
                     [](const core::TimedEvent& a, const core::TimedEvent& b) { return a.at < b.at; });
    taken_.clear();
    put_.clear();
    core::BucketTree(*this, memory).insert(events);
    for (const core::Bucket& bucket : taken_) {
      if (!put_.contains(bucket)) misuse_ = "taken and not put back";
    }
    lent_.clear();
  }

  // Events in order.
  void change(core::TimedEvents removed, core::TimedEvents added, std::pmr::memory_resource* memory, const core::ViewerSet* gone = nullptr) {
    taken_.clear();
    put_.clear();
    core::BucketTree tree(*this, memory);
    if (gone != nullptr)
      tree.change(removed, added, *gone);
    else
      tree.change(removed, added);
    lent_.clear();
  }

  void children(const core::Bucket& bucket, std::pmr::vector<std::int64_t>* numbers) override {
    lent_.clear();
    for (const auto& [other, stored] : buckets_) {
      if (other.level == bucket.level + 1 && core::bucket_number(bucket.level, core::span_of(other).from) == bucket.number) {
        numbers->push_back(other.number);
      }
    }
  }

  std::size_t log_events(const core::Bucket& bucket) override {
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) misuse_ = "asked for and not there";
    return found == buckets_.end() || !found->second.is_log ? 0 : static_cast<std::size_t>(core::EventLogReader(found->second.bytes).count());
  }

  bool look(const core::Bucket& bucket, core::BucketValue* value) override {
    lent_.clear();
    ++looks_;
    if (put_.contains(bucket)) misuse_ = "looked at after it was put";
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return false;
    lent_.push_back(found->second.bytes);
    *value = {found->second.is_log, lent_[0]};
    return true;
  }

  bool take(const core::Bucket& bucket, core::BucketValue* value) override {
    lent_.clear();
    ++takes_;
    if (put_.contains(bucket)) misuse_ = "taken after it was put";
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return false;
    taken_.insert(bucket);
    lent_.push_back(std::move(found->second.bytes));
    *value = {found->second.is_log, lent_[0]};
    buckets_.erase(found);
    return true;
  }

  void put(const core::Bucket& bucket, const core::BucketValue& value, const core::Counters& counters) override {
    if (!summed_rightly(bucket, value)) misuse_ = "a log with a wrong summary, or without one";
    const bool fresh = buckets_.try_emplace(bucket, StoredBucket{value.is_log, {value.bytes.begin(), value.bytes.end()}, counters}).second;
    if (!fresh) misuse_ = "put over another";
    if (!put_.insert(bucket).second) misuse_ = "put twice";
    lent_.clear();
  }

 private:
  static bool summed_rightly(const core::Bucket& bucket, const core::BucketValue& value) {
    const bool wanted = value.is_log && bucket.level + 1 == core::kLevels && core::EventLogReader(value.bytes).count() > core::kMaxUnsummedLogEvents;
    if (!wanted) return value.summary.empty();
    core::Summary summary(std::pmr::new_delete_resource());
    core::EventLogReader reader(value.bytes);
    for (core::TimedEvent e; reader.next(&e);) summary.add(e.event);
    summary.settle();
    std::vector<std::byte> bytes(summary.encoded_size());
    summary.encode(bytes);
    return std::equal(bytes.begin(), bytes.end(), value.summary.begin(), value.summary.end());
  }

  Buckets buckets_;
  std::set<core::Bucket, BucketOrder> taken_, put_;
  std::vector<std::vector<std::byte>> lent_;  // none or one
  const char* misuse_ = nullptr;
  std::size_t takes_ = 0, looks_ = 0;
};

struct Look {
  int level;
  core::BucketRange range;
};

// What a reader found in a range, and where it looked.
struct Reading {
  explicit Reading(std::pmr::memory_resource* memory) : summary(memory) {}

  core::Summary summary;
  std::vector<Look> looks;
  std::vector<core::Bucket> found;
};

// src/ask/reader.cpp, step by step.
inline void read_range(const Buckets& buckets, const core::Span& range, Reading* reading) {
  const auto feed_log = [&](const StoredBucket& stored) {
    core::for_each_event(stored.bytes, range.from, range.to,
                         [&](const core::TimedEvent& e) { reading->summary.add(e.event); });
  };
  const auto total = buckets.find({0, 0});
  if (total == buckets.end()) return;
  reading->found.push_back(total->first);
  bool descend = false;
  if (total->second.is_log)
    feed_log(total->second);
  else if (range.contains(core::Span{}))
    reading->summary.merge(total->second.bytes);
  else
    descend = true;
  if (descend && range.from < range.to) {
    core::BucketCover cover(range);
    cover.descend({0, 0});
    while (cover.next_level()) {
      for (int i = 0; i < cover.range_count(); i++) {
        const core::BucketRange& part = cover.range(i);
        reading->looks.push_back({cover.level(), part});
        for (auto at = buckets.lower_bound({cover.level(), part.first});
             at != buckets.end() && at->first.level == cover.level() && at->first.number <= part.last; ++at) {
          reading->found.push_back(at->first);
          if (at->second.is_log)
            feed_log(at->second);
          else if (cover.inside(at->first))
            reading->summary.merge(at->second.bytes);
          else
            cover.descend(at->first);
        }
      }
    }
  }
  reading->summary.settle();
}

}  // namespace ea::test
