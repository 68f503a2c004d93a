// Which buckets answer a range: the largest ones inside it, and what is left at its two edges.
#pragma once

#include "core/tree/bucket.hpp"

namespace ea::core {

struct BucketRange {
  std::int64_t first;
  std::int64_t last;  // included
};

// Walks the levels from all time downwards. At each level, `ranges` are the buckets to look at: those
// that meet the range while their parent does not lie inside it. Of what is found there, a bucket inside
// the range counts as it is; of a log at an edge the events inside the range count; a summary at an edge
// means that the edge goes on one level below, which is reported by `descend`. So every event is counted
// at the first bucket on its way down that lies inside the range, or else in the log that ends the way.
class BucketCover {
 public:
  explicit BucketCover(Span range);  // not empty

  int level() const noexcept { return level_; }
  int range_count() const noexcept { return count_; }
  const BucketRange& range(int i) const noexcept { return ranges_[i]; }

  bool inside(const Bucket& bucket) const noexcept { return range_.contains(span_of(bucket)); }
  // The bucket holds a summary and lies at an edge.
  void descend(const Bucket& bucket) noexcept;
  // To the next level; false when nothing is left to look at.
  bool next_level() noexcept;

 private:
  void find_ranges() noexcept;

  Span range_;
  int level_ = 0;
  BucketRange ranges_[2]{};
  int count_ = 0;
  bool left_ = true, right_ = true;                    // whether the edges go on at this level
  bool left_below_ = false, right_below_ = false;
};

}  // namespace ea::core
