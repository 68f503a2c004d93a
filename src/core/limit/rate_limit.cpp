#include "core/limit/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace ea::core {

namespace {

// Beyond these nothing could be added up any more: 36 years, and a burst that takes as long to come back.
constexpr std::int64_t kLongest = std::int64_t{1} << 60;

std::int64_t clamped(double value, std::int64_t low, std::int64_t high) {
  if (!(value > static_cast<double>(low))) return low;
  return value < static_cast<double>(high) ? std::llround(value) : high;
}

// The finalizer of MurmurHash3.
std::uint64_t mixed(std::uint64_t bits) {
  bits ^= bits >> 33;
  bits *= 0xff51afd7ed558ccdULL;
  bits ^= bits >> 33;
  bits *= 0xc4ceb9fe1a85ec53ULL;
  return bits ^ bits >> 33;
}

bool is_role(std::uint64_t key) { return key & 1; }

}  // namespace

RateLimit make_rate_limit(double events_per_second, std::int64_t burst, int share) {
  const double parts = std::max(share, 1);
  RateLimit limit;
  limit.interval_ns = clamped(1e9 / events_per_second * parts, 1, kLongest);
  limit.largest = std::clamp<std::int64_t>(burst, 1, kLongest / limit.interval_ns);
  limit.burst = std::max<std::int64_t>(limit.largest / std::max(share, 1), 1);
  return limit;
}

RateVerdict judge(const RateLimit& limit, std::int64_t paid_at, std::int64_t now, std::int64_t events) {
  if (events <= 0) return {paid_at, 0};
  if (events > limit.largest) return {paid_at, kNever};
  const std::int64_t tolerance = std::max(limit.burst, events) * limit.interval_ns;
  // A level left by an earlier, stricter limit counts no more than this one could have left.
  const std::int64_t owed = std::clamp<std::int64_t>(paid_at - now, 0, limit.largest * limit.interval_ns);
  const std::int64_t then = owed + events * limit.interval_ns;
  if (then > tolerance) return {paid_at, then - tolerance};
  return {now + then, 0};
}

std::uint64_t rate_key(std::uint64_t seed, std::uint32_t database, RateScope scope, std::uint64_t id) {
  const std::uint64_t hash = mixed(mixed(id ^ seed) ^ (seed << 32 | seed >> 32) ^ (std::uint64_t{database} << 1 | (scope == RateScope::role)));
  return (hash & ~std::uint64_t{3}) | 2 | (scope == RateScope::role);
}

RateSlot* RateSlots::neighbours(std::uint64_t key) const {
  // The lowest bits are the same for all keys of a scope; the highest may have chosen this table.
  return &slots_[(key >> 2 & 0xffffffff) % (slots_.size() / kWays) * kWays];
}

RateSlot* RateSlots::find(std::uint64_t key) const {
  RateSlot* slot = neighbours(key);
  for (std::size_t way = 0; way < kWays; ++way)
    if (slot[way].key == key) return &slot[way];
  return nullptr;
}

RateSlots::Charge RateSlots::charge(std::uint64_t key, const RateLimit& limit, std::int64_t now, std::int64_t events) {
  RateSlot* slot = find(key);
  const RateVerdict verdict = judge(limit, slot ? slot->paid_at : now, now, events);
  if (verdict.wait_ns != 0 || events <= 0) return {verdict.wait_ns};
  if (slot) {
    slot->paid_at = verdict.paid_at;
    return {};
  }
  int cheapest = is_role(key) ? 3 : 2;
  RateSlot* first = neighbours(key);
  for (std::size_t way = 0; way < kWays; ++way) {
    RateSlot& candidate = first[way];
    const int price = candidate.paid_at <= now ? 0 : is_role(candidate.key) ? 2 : 1;
    if (price < cheapest || (slot && price == cheapest && candidate.paid_at < slot->paid_at)) {
      slot = &candidate;
      cheapest = price;
    }
  }
  if (!slot) return {0, false, true};
  const bool evicted = slot->paid_at > now;
  *slot = {key, verdict.paid_at};
  return {0, evicted};
}

std::int64_t RateSlots::look(std::uint64_t key, const RateLimit& limit, std::int64_t now, std::int64_t events) const {
  const RateSlot* slot = find(key);
  return judge(limit, slot ? slot->paid_at : now, now, events).wait_ns;
}

void RateSlots::refund(std::uint64_t key, const RateLimit& limit, std::int64_t events) {
  if (RateSlot* slot = find(key)) slot->paid_at -= events * limit.interval_ns;
}

std::size_t RateSlots::used(std::int64_t now) const {
  return static_cast<std::size_t>(
      std::count_if(slots_.begin(), slots_.end(), [now](const RateSlot& slot) { return slot.key != 0 && slot.paid_at > now; }));
}

}  // namespace ea::core
