// Levels of rate limits: in shared memory where the library is preloaded, else in this process.
#pragma once

#include "core/limit/rate_limit.hpp"
#include "pg/postgres.hpp"

namespace ea::access {

void prepare_rate_limits();   // settings and, when preloaded, the claim on shared memory; from define_settings()

// Among how many tables such as ours a limit is divided: one when it is shared.
int rate_limit_share();

struct RateKey {
  core::RateScope scope;
  uint64 id;    // of the session; oid of the role
};

int64 rate_clock();    // nanoseconds, the same clock for all processes

// 0: the events are let through and charged; else nanoseconds until they would be, or core::kNever. `now` may be
// a little late: levels only add up, and before a refusal the clock is read again.
int64 charge_rate(const RateKey& key, const core::RateLimit& limit, int64 now, int64 events);
int64 look_at_rate(const RateKey& key, const core::RateLimit& limit, int64 now, int64 events);   // without charging
void refund_rate(const RateKey& key, const core::RateLimit& limit, int64 events);

void count_batch(int64 events, bool allowed);

struct RateCounters {
  bool shared;
  int64 slots, used, allowed_events, refused_events, refused_batches, evictions;
};
RateCounters rate_counters();

}  // namespace ea::access
