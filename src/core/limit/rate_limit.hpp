// Rate limits by GCRA: all that is known about a key is the time at which what it was let through will
// have been paid for, at one event in each interval. Levels live in a table of fixed size. No clock here:
// callers bring the time, in nanoseconds of a clock that never goes back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ea::core {

struct RateLimit {
  std::int64_t interval_ns = 1;   // in the long run one event in each
  std::int64_t burst = 1;         // that many at once
  std::int64_t largest = 1;       // a batch up to this passes when nothing is owed, even if over the burst
};

// `share`: how many tables the limit is divided among, each seeing a part of the events. A divided burst
// is smaller, but what fits the whole one still passes: when nothing is owed, and paid for in full.
RateLimit make_rate_limit(double events_per_second, std::int64_t burst, int share);

inline constexpr std::int64_t kNever = INT64_MAX;

struct RateVerdict {
  std::int64_t paid_at = 0;   // the key's next level, if the events are let through
  std::int64_t wait_ns = 0;   // 0: they are; else how long until they would be, or kNever
};
RateVerdict judge(const RateLimit& limit, std::int64_t paid_at, std::int64_t now, std::int64_t events);

enum class RateScope : std::uint8_t { session = 0, role = 1 };

// Never 0. `seed` is a secret, so that nobody can choose ids that push another key out.
std::uint64_t rate_key(std::uint64_t seed, std::uint32_t database, RateScope scope, std::uint64_t id);

struct RateSlot {
  std::uint64_t key;      // 0: never used
  std::int64_t paid_at;   // at or before now: as good as free
};

// A key may stand in any of kWays neighbouring slots. Where all of them are taken, the one that would be
// free first gives way; a role's level only to a role's, so that no flood of sessions frees a role.
class RateSlots {
 public:
  static constexpr std::size_t kWays = 8;

  // A multiple of kWays, at least one of them, zeroed before the first use.
  explicit RateSlots(std::span<RateSlot> slots) : slots_(slots) {}

  struct Charge {
    std::int64_t wait_ns = 0;
    bool evicted = false;    // another key's level was forgotten
    bool untracked = false;  // let through, but there was no slot to keep the level in
  };
  Charge charge(std::uint64_t key, const RateLimit& limit, std::int64_t now, std::int64_t events);
  // What charge() would say, without charging.
  std::int64_t look(std::uint64_t key, const RateLimit& limit, std::int64_t now, std::int64_t events) const;
  // Takes a charge back.
  void refund(std::uint64_t key, const RateLimit& limit, std::int64_t events);
  std::size_t used(std::int64_t now) const;

 private:
  RateSlot* neighbours(std::uint64_t key) const;
  RateSlot* find(std::uint64_t key) const;

  std::span<RateSlot> slots_;
};

}  // namespace ea::core
