#include "core/tree/bucket_cover.hpp"

namespace ea::core {

namespace {

constexpr std::int64_t kLow = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHigh = std::numeric_limits<std::int64_t>::max();

}  // namespace

BucketCover::BucketCover(Span range) : range_(range) { find_ranges(); }

void BucketCover::find_ranges() noexcept {
  count_ = 0;
  if (level_ == 0) {
    ranges_[count_++] = {0, 0};
    return;
  }
  const bool open_left = range_.from == kLow, open_right = range_.to == kHigh;
  const std::int64_t first = open_left ? kLow : bucket_number(level_, range_.from);
  const std::int64_t last = open_right ? kHigh : bucket_number(level_, range_.to - 1);
  if (level_ == 1) {
    ranges_[count_++] = {first, last};
    return;
  }
  // Parents wholly inside the range have been counted; what is left lies before and behind them.
  const std::int64_t children = kWidths[level_ - 1] / kWidths[level_];
  const std::int64_t parent_width = kWidths[level_ - 1];
  const std::int64_t first_inside = open_left ? kLow : -floor_divide(-range_.from, parent_width);
  const std::int64_t last_inside = open_right ? kHigh : floor_divide(range_.to, parent_width) - 1;
  if (first_inside > last_inside) {
    if (left_ || right_) ranges_[count_++] = {first, last};
    return;
  }
  if (left_ && !open_left && first_inside * children > first) ranges_[count_++] = {first, first_inside * children - 1};
  if (right_ && !open_right && (last_inside + 1) * children <= last) ranges_[count_++] = {(last_inside + 1) * children, last};
}

void BucketCover::descend(const Bucket& bucket) noexcept {
  const Span span = span_of(bucket);
  if (range_.from > span.from) left_below_ = true;
  if (range_.to < span.to) right_below_ = true;
}

bool BucketCover::next_level() noexcept {
  if (!left_below_ && !right_below_) return false;
  if (level_ + 1 >= kLevels) return false;
  left_ = left_below_;
  right_ = right_below_;
  left_below_ = right_below_ = false;
  ++level_;
  find_ranges();
  return count_ > 0;
}

}  // namespace ea::core
