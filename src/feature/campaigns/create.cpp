// create_boost_campaign, set_boost_budget and stop_boost_campaign.
#include "access/home.hpp"
#include "access/ownership.hpp"
#include "core/intake/event.hpp"
#include "feature/campaigns/arguments.hpp"
#include "keep/boost.hpp"
#include "pg/barrier.hpp"

namespace {

using namespace ea;

[[noreturn]] void refuse(const pg::Failure& failure, const char* hint) { pg::raise(pg::with_hint(failure, "%s", hint)); }

const char* currency_argument(FunctionCallInfo fcinfo, int i) {
  constexpr const char* kHint = "Pass three capital letters, such as 'ZAR'.";
  if (PG_ARGISNULL(i)) refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "currency must not be null"), kHint);
  const char* currency = text_to_cstring(PG_GETARG_TEXT_PP(i));
  bool good = strlen(currency) == 3;
  for (const char* c = currency; good && *c; c++) good = *c >= 'A' && *c <= 'Z';
  if (!good) refuse(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "currency", currency), kHint);
  return currency;
}

pg::Optional<TimestampTz> time_argument(FunctionCallInfo fcinfo, int i, const char* name) {
  if (PG_ARGISNULL(i)) return {};
  const TimestampTz at = PG_GETARG_TIMESTAMPTZ(i);
  if (TIMESTAMP_NOT_FINITE(at))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "%s must be finite", name), "Leave ends_at out for a campaign without an end."));
  return {true, at};
}

const char* conversion_argument(FunctionCallInfo fcinfo, int i) {
  const char* conversion = pg::text_argument(fcinfo, i, "click");
  core::Engagement type;
  if (!core::find_engagement(conversion, &type))
    refuse(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "conversion", conversion), "It is an engagement type: view, save, share, click, skip, complete, impression or progress.");
  return conversion;
}

}  // namespace

EA_FUNCTION(ea_create_boost_campaign) {
  const pg::Home home = access::installed_home(fcinfo);
  rollup::NewCampaign wanted{};
  wanted.content = pg::required_id(fcinfo, 0, "content_id");
  wanted.budget = campaigns::required_money(fcinfo, 1, "budget");
  wanted.currency = currency_argument(fcinfo, 2);
  wanted.cost_per_impression = campaigns::money_argument(fcinfo, 3, "cost_per_impression", int64_to_numeric(0));
  wanted.cost_per_click = campaigns::money_argument(fcinfo, 4, "cost_per_click", int64_to_numeric(0));
  const pg::Optional<TimestampTz> starts_at = time_argument(fcinfo, 5, "starts_at");
  wanted.starts_at = starts_at.given ? starts_at.value : GetCurrentTransactionStartTimestamp();
  if (wanted.starts_at < 0)    // as nothing is recorded then
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "starts_at is before 2000: %s", timestamptz_to_str(wanted.starts_at)), "Leave it out for now.");
  wanted.ends_at = time_argument(fcinfo, 6, "ends_at");
  if (wanted.ends_at.given && wanted.ends_at.value <= wanted.starts_at) {
    const char* start = pstrdup(timestamptz_to_str(wanted.starts_at));
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "ends_at %s is not after starts_at %s", timestamptz_to_str(wanted.ends_at.value), start),
           "A campaign runs from starts_at until just before ends_at.");
  }
  wanted.daily_budget = campaigns::money_argument(fcinfo, 7, "daily_budget", nullptr);
  wanted.time_zone = pg::text_argument(fcinfo, 8, "UTC");
  if (!pg::is_time_zone(wanted.time_zone))
    refuse(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "time zone", wanted.time_zone), "Use an IANA name such as 'UTC' or 'Africa/Johannesburg'.");
  wanted.holdout_percent = PG_ARGISNULL(9) ? 0 : PG_GETARG_FLOAT8(9);
  if (!(wanted.holdout_percent >= 0 && wanted.holdout_percent <= 50))
    refuse(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "holdout_percent must be from 0 to 50, not %g", wanted.holdout_percent), "It is the share of viewers who are not shown the content.");
  wanted.conversion = conversion_argument(fcinfo, 10);
  wanted.conversion_value = campaigns::money_argument(fcinfo, 11, "conversion_value", nullptr);
  (void)pg::span_argument(fcinfo, 12, 0, "within");
  wanted.within = PG_ARGISNULL(12) ? nullptr : PG_GETARG_INTERVAL_P(12);
  PreventCommandIfReadOnly("create_boost_campaign()");

  PushActiveSnapshot(GetLatestSnapshot());
  wanted.creator = access::creator_of_content(home, wanted.content);
  PopActiveSnapshot();
  if (wanted.creator == 0)
    refuse(pg::failure(ERRCODE_FOREIGN_KEY_VIOLATION, "content %lld does not exist", (long long)wanted.content), "Insert the content first.");
  PG_RETURN_INT64(rollup::create_campaign(home, wanted));
}

EA_FUNCTION(ea_set_boost_budget) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 campaign = pg::required_id(fcinfo, 0, "campaign_id");
  const Numeric budget = campaigns::required_money(fcinfo, 1, "budget");
  PreventCommandIfReadOnly("set_boost_budget()");
  rollup::set_budget(home, campaign, budget);
  PG_RETURN_VOID();
}

EA_FUNCTION(ea_stop_boost_campaign) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 campaign = pg::required_id(fcinfo, 0, "campaign_id");
  PreventCommandIfReadOnly("stop_boost_campaign()");
  rollup::stop(home, campaign);
  PG_RETURN_VOID();
}
