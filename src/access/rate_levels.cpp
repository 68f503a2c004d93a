#include "access/rate_levels.hpp"

#include <chrono>

#include "pg/error.hpp"

namespace ea::access {

namespace {

constexpr int kPartitions = 64;
constexpr int kPartitionBits = 6;
constexpr int kOwnSlots = 8192;
constexpr const char* kTranche = "explore_analytics";

int rate_limit_slots = 65536;
int expected_backends = 8;

// What a table of levels begins with, in shared memory and in a process of its own alike.
struct Table {
  pg_atomic_uint64 allowed_events, refused_events, refused_batches, evictions;
  char apart[PG_CACHE_LINE_SIZE];    // what is written all the time from what is only read
  uint64 seed;
  size_t partition_slots;
  LWLockPadded* locks;    // one for each partition; null in a process of its own
  core::RateSlot slots[FLEXIBLE_ARRAY_MEMBER];

  int partitions() const { return locks ? kPartitions : 1; }
  std::span<core::RateSlot> partition(int number) { return {slots + (size_t)number * partition_slots, partition_slots}; }
};

Table* shared_table = nullptr;
Table* own_table = nullptr;
shmem_request_hook_type earlier_request_hook = nullptr;
shmem_startup_hook_type earlier_startup_hook = nullptr;

size_t slots_of_partition() {
  constexpr size_t kUnit = core::RateSlots::kWays * kPartitions;
  return ((size_t)rate_limit_slots + kUnit - 1) / kUnit * core::RateSlots::kWays;
}

Size table_bytes(size_t slots) { return add_size(offsetof(Table, slots), mul_size(slots, sizeof(core::RateSlot))); }

void begin_table(Table* table, size_t partition_slots, LWLockPadded* locks) {
  table->partition_slots = partition_slots;
  table->locks = locks;
  for (pg_atomic_uint64* counter : {&table->allowed_events, &table->refused_events, &table->refused_batches, &table->evictions})
    pg_atomic_init_u64(counter, 0);
  memset(static_cast<void*>(table->slots), 0, sizeof(core::RateSlot) * partition_slots * table->partitions());
  if (!pg_strong_random(&table->seed, sizeof table->seed)) table->seed = (uint64)GetCurrentTimestamp();
}

void request_shared_memory() {
  if (earlier_request_hook) earlier_request_hook();
  RequestAddinShmemSpace(table_bytes(slots_of_partition() * kPartitions));
  RequestNamedLWLockTranche(kTranche, kPartitions);
}

// Again after a crash, when the postmaster starts anew with empty shared memory.
void find_shared_memory() {
  if (earlier_startup_hook) earlier_startup_hook();
  LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
  bool found;
  shared_table = static_cast<Table*>(ShmemInitStruct("explore_analytics rate limits", table_bytes(slots_of_partition() * kPartitions), &found));
  if (!found) begin_table(shared_table, slots_of_partition(), GetNamedLWLockTranche(kTranche));
  LWLockRelease(AddinShmemInitLock);
}

Table* table() {
  if (shared_table) return shared_table;
  if (!own_table) {
    auto* fresh = static_cast<Table*>(MemoryContextAlloc(TopMemoryContext, table_bytes(kOwnSlots)));
    begin_table(fresh, kOwnSlots, nullptr);
    own_table = fresh;
  }
  return own_table;
}

// The partition of a key, locked until release(). Nothing between raises.
class Locked {
 public:
  Locked(Table* table, const RateKey& key) : key_(core::rate_key(table->seed, MyDatabaseId, key.scope, key.id)) {
    const int number = table->locks ? (int)(key_ >> (64 - kPartitionBits)) : 0;
    slots_ = table->partition(number);
    lock_ = table->locks ? &table->locks[number].lock : nullptr;
    if (lock_) LWLockAcquire(lock_, LW_EXCLUSIVE);
  }
  void release() {
    if (lock_) LWLockRelease(lock_);
  }
  uint64 key() const { return key_; }
  core::RateSlots slots() const { return core::RateSlots(slots_); }

 private:
  uint64 key_;
  std::span<core::RateSlot> slots_;
  LWLock* lock_;
};

}  // namespace

void prepare_rate_limits() {
  const bool preloaded = process_shared_preload_libraries_in_progress;
  DefineCustomIntVariable("explore_analytics.rate_limit_slots", "How many sessions and roles can have their rate limits kept in mind.",
                          "16 bytes of shared memory each; counts only where the library is in shared_preload_libraries.",
                          &rate_limit_slots, rate_limit_slots, 512, 1 << 24, preloaded ? PGC_POSTMASTER : PGC_SIGHUP, 0,
                          nullptr, nullptr, nullptr);
  DefineCustomIntVariable("explore_analytics.expected_backends",
                          "Among how many connections a rate limit is divided where it cannot be shared.",
                          "Where the library is in shared_preload_libraries, limits are shared and this has no effect.",
                          &expected_backends, expected_backends, 1, 100000, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
  if (!preloaded) return;
  earlier_request_hook = shmem_request_hook;
  shmem_request_hook = request_shared_memory;
  earlier_startup_hook = shmem_startup_hook;
  shmem_startup_hook = find_shared_memory;
}

int rate_limit_share() { return shared_table ? 1 : expected_backends; }

int64 rate_clock() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int64 charge_rate(const RateKey& key, const core::RateLimit& limit, int64 now, int64 events) {
  Table* levels = table();
  Locked locked(levels, key);
  core::RateSlots::Charge charge = locked.slots().charge(locked.key(), limit, now, events);
  // Others may have come first since that time was read: nobody is refused for a late clock.
  if (charge.wait_ns != 0) charge = locked.slots().charge(locked.key(), limit, rate_clock(), events);
  locked.release();
  if (charge.evicted || charge.untracked) pg_atomic_fetch_add_u64(&levels->evictions, 1);
  return charge.wait_ns;
}

int64 look_at_rate(const RateKey& key, const core::RateLimit& limit, int64 now, int64 events) {
  Locked locked(table(), key);
  int64 wait = locked.slots().look(locked.key(), limit, now, events);
  if (wait != 0) wait = locked.slots().look(locked.key(), limit, rate_clock(), events);
  locked.release();
  return wait;
}

void refund_rate(const RateKey& key, const core::RateLimit& limit, int64 events) {
  Locked locked(table(), key);
  locked.slots().refund(locked.key(), limit, events);
  locked.release();
}

void count_batch(int64 events, bool allowed) {
  Table* counted = table();
  pg_atomic_fetch_add_u64(allowed ? &counted->allowed_events : &counted->refused_events, events);
  if (!allowed) pg_atomic_fetch_add_u64(&counted->refused_batches, 1);
}

RateCounters rate_counters() {
  Table* counted = table();
  const int64 now = rate_clock();
  RateCounters counters{};
  counters.shared = counted == shared_table;
  counters.slots = (int64)counted->partition_slots * counted->partitions();
  for (int number = 0; number < counted->partitions(); number++) {
    LWLock* lock = counted->locks ? &counted->locks[number].lock : nullptr;
    if (lock) LWLockAcquire(lock, LW_SHARED);
    counters.used += (int64)core::RateSlots(counted->partition(number)).used(now);
    if (lock) LWLockRelease(lock);
  }
  counters.allowed_events = (int64)pg_atomic_read_u64(&counted->allowed_events);
  counters.refused_events = (int64)pg_atomic_read_u64(&counted->refused_events);
  counters.refused_batches = (int64)pg_atomic_read_u64(&counted->refused_batches);
  counters.evictions = (int64)pg_atomic_read_u64(&counted->evictions);
  return counters;
}

}  // namespace ea::access
