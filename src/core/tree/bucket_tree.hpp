// The buckets of one video, creator or platform: a tree in which a bucket with few events keeps them as
// a log, and one with more keeps their summary and is cut into the buckets of the next level. What the
// tree looks like depends on the events alone, not on the order or the portions in which they came.
#pragma once

#include <memory_resource>
#include <vector>

#include "core/tree/bucket.hpp"
#include "core/tree/event_log.hpp"
#include "core/value/summary.hpp"

namespace ea::core {

// So many events stay a log; on the last level any number. Of more than these a log there has its summary beside it, for
// whoever wants all of its events.
inline constexpr std::size_t kMaxLogEvents = 128;
inline constexpr std::size_t kMaxUnsummedLogEvents = 1024;

struct BucketValue {
  bool is_log;
  Bytes bytes;        // an event log, or the canonical bytes of a summary
  Bytes summary{};    // the one beside a log, of a value that is put
};

// Where the buckets are kept.
class BucketStore {
 public:
  // Takes a bucket out, to be put back changed; false when there is none. The value is valid until the
  // next call.
  virtual bool take(const Bucket& bucket, BucketValue* value) = 0;
  // The same for a bucket that stays where it is.
  virtual bool look(const Bucket& bucket, BucketValue* value) = 0;
  // `counters` are those of all the bucket's events.
  virtual void put(const Bucket& bucket, const BucketValue& value, const Counters& counters) = 0;
  // Appends the numbers of the buckets of the next level that lie in this one.
  virtual void children(const Bucket& bucket, std::pmr::vector<std::int64_t>* numbers) = 0;
  // How many events are in the log of one of these buckets, which stays where it is; 0 when it has a summary.
  virtual std::size_t log_events(const Bucket& bucket) = 0;

 protected:
  ~BucketStore() = default;
};

class BucketTree {
 public:
  BucketTree(BucketStore& store, std::pmr::memory_resource* memory) : store_(store), memory_(memory) {}

  // Adds normalized events in order of time.
  void insert(TimedEvents events);

  // Takes events away and adds others, both normalized and in order. Throws inconsistent when one to be taken away is not
  // there. Buckets outside the paths of these events are at most looked at, for views that their viewers have left.
  void change(TimedEvents removed, TimedEvents added);
  // The same for a caller who knows that no view of `gone` will be left: nobody looks for one.
  void change(TimedEvents removed, TimedEvents added, const ViewerSet& gone);

 private:
  void insert(const Bucket& bucket, TimedEvents events, Summary* fresh);
  void build(const Bucket& bucket, TimedEvents events, Summary* fresh);
  void change(const Bucket& bucket, TimedEvents removed, TimedEvents added, const ViewerSet& gone, ViewerSet* missing);
  void put_changed(const Bucket& bucket, TimedEvents left, ViewerSet* missing);
  void look_for(const Bucket& bucket, ViewerSet* missing);
  std::size_t count(const Bucket& bucket, std::size_t limit);
  void gather(const Bucket& bucket, std::pmr::vector<TimedEvent>* events);
  void put_log(const Bucket& bucket, std::pmr::vector<TimedEvent>& events, const Counters& counters);
  void put_summary(const Bucket& bucket, const Summary& summary);

  BucketStore& store_;
  std::pmr::memory_resource* memory_;
};

}  // namespace ea::core
