// Limits of what the recording functions take, from explore_analytics.rate_limits.
#pragma once

#include "core/intake/event.hpp"
#include "core/limit/rate_limit.hpp"
#include "pg/postgres.hpp"

namespace ea::access {

// A row of the table, or none.
struct RateRule {
  bool given = false;
  double per_second = 0;
  int64 burst = 0;
};

class WriterLimits {
 public:
  // Of the role that calls now: before switching to the owner of the tables.
  WriterLimits();

  bool by_session() const { return session_rule_.given; }
  // Lets the batch through and charges for it, or raises 53400 and charges nobody. `received` items in all are
  // the role's; `rows`, those that passed the checks, are charged to their sessions too.
  void charge(int64 received, const core::EventRow* rows, int row_count) const;

 private:
  Oid role_;
  RateRule role_rule_, session_rule_;
};

}  // namespace ea::access
