// Checks stored buckets against one another: every summary must be that of the logs below it.
#pragma once

#include <memory_resource>
#include <vector>

#include "core/tree/bucket.hpp"
#include "core/tree/timed_event.hpp"
#include "core/value/summary.hpp"

namespace ea::core {

class BucketAudit {
 public:
  explicit BucketAudit(std::pmr::memory_resource* memory) : memory_(memory), open_(memory) {}

  // The logs, in order of time.
  void log(const Bucket& bucket, TimedEvents events);
  void finish();

 protected:
  ~BucketAudit() = default;
  // What the summary of a bucket must be, once for each bucket above a log.
  virtual void expect(const Bucket& bucket, const Summary& summary, std::uint64_t events) = 0;

 private:
  struct Open {
    Bucket bucket;
    Summary summary;
    std::uint64_t events;
  };
  void close_last();

  std::pmr::memory_resource* memory_;
  std::pmr::vector<Open> open_;   // one for each level above the last log, from all time down
};

}  // namespace ea::core
