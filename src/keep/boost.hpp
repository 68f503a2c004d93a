// The money of boost campaigns: the only writer of explore_boost_campaigns, explore_boost_ledger and boost_days. Each change of
// a campaign's money is made under the lock of its row, with everything that it depends on looked at anew after the lock was
// had. So of any number of callers as many are charged as the budget pays for, whatever else goes on.
#pragma once

#include "pg/statement.hpp"
#include "store/campaigns.hpp"

namespace ea::rollup {

struct NewCampaign {
  int64 content, creator;
  Numeric budget;
  const char* currency;
  Numeric cost_per_impression, cost_per_click;
  TimestampTz starts_at;
  pg::Optional<TimestampTz> ends_at;
  Numeric daily_budget;         // null: no limit
  const char* time_zone;
  double holdout_percent;
  const char* conversion;
  Numeric conversion_value;     // null: unknown
  Interval* within;             // null: that of the table
};

int64 create_campaign(const pg::Home& home, const NewCampaign& wanted);

struct BoostEvent {
  Datum id;                     // uuid
  bool click;                   // else an impression
  pg::Optional<int64> user, session;
  TimestampTz at;
};

struct Charge {
  const char* status;
  Numeric amount, budget_left;
};

// Looks at everything without a lock first: what is refused waits for nobody. Held out viewers are stored, and pay nothing.
Charge charge(const pg::Home& home, int64 campaign, const BoostEvent& event);

// What was credited; 0 where that event was credited before. P0002 where it was not charged.
Numeric credit_event(const pg::Home& home, int64 campaign, Datum event, const char* reason);
Numeric credit_money(const pg::Home& home, int64 campaign, Numeric amount, const char* reason);

void set_budget(const pg::Home& home, int64 campaign, Numeric budget);
void stop(const pg::Home& home, int64 campaign);

}  // namespace ea::rollup
