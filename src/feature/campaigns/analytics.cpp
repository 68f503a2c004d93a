// campaign_analytics: what a boost campaign has cost, and what it has done.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/campaign_viewers.hpp"
#include "ask/period.hpp"
#include "core/stat/tests.hpp"
#include "pg/barrier.hpp"
#include "pg/numbers.hpp"
#include "pg/numeric.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

// A credit is of the kind of what it turns round; of a ghost nothing was shown. What it turns round is looked up for credits alone, by
// its key: a join of the ledger with itself goes through the wrong index where statistics are missing.
pg::Statement ledger_of_campaign(
    "/* explore_analytics: campaign_analytics */"
    " SELECT coalesce(sum(amount), 0), coalesce(sum(sign) FILTER (WHERE kind = 'impression'), 0)::bigint, coalesce(sum(sign) FILTER (WHERE kind = 'click'), 0)::bigint"
    " FROM (SELECT l.amount, l.kind, CASE l.entry WHEN 'charge' THEN 1 WHEN 'ghost' THEN 0 ELSE"
    "   CASE WHEN (SELECT g.entry FROM {s}.explore_boost_ledger g WHERE g.campaign_id = $1 AND g.event_id = l.event_id AND g.entry = 'ghost') IS NULL THEN -1 ELSE 0 END END AS sign"
    "  FROM {s}.explore_boost_ledger l WHERE l.campaign_id = $1 AND l.charged_at >= $2 AND l.charged_at < $3) entry",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

constexpr int kMoneyDecimals = 6, kWorkingDecimals = 20;

Numeric times(Numeric a, int64 b) { return pg::operate(numeric_mul, a, int64_to_numeric(b)); }
int sign_of(Numeric a) { return DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumericGetDatum(a), NumericGetDatum(int64_to_numeric(0)))); }
bool fits(Numeric price, Numeric left) { return !pg::is_more(price, left); }
Numeric rounded(Numeric a, int decimals) { return DatumGetNumeric(DirectFunctionCall2(numeric_round, NumericGetDatum(a), Int32GetDatum(decimals))); }

// Null over 0. A quotient has at least as many decimals as its parts.
Numeric quotient(Numeric a, Numeric b) {
  if (sign_of(b) == 0) return nullptr;
  return rounded(pg::operate(numeric_div, rounded(a, kWorkingDecimals), b), kMoneyDecimals);
}
Numeric quotient(Numeric a, int64 b) { return quotient(a, int64_to_numeric(b)); }

// Prices of 0 are no limit.
bool is_exhausted(const rollup::Campaign& campaign, Numeric left) {
  bool some = false;
  for (const Numeric price : {campaign.cost_per_impression, campaign.cost_per_click}) {
    if (sign_of(price) == 0) continue;
    if (fits(price, left)) return false;
    some = true;
  }
  return some;
}

const char* status_of(const rollup::Campaign& campaign, Numeric left, TimestampTz at) {
  if (campaign.stopped_at <= at) return "stopped";
  if (campaign.ends_at <= at) return "ended";
  if (campaign.starts_at > at) return "scheduled";
  return is_exhausted(campaign, left) ? "exhausted" : "running";
}

struct Arm {
  int64 viewers = 0;
  core::Proportion over{0, 0};    // of those whose windows are

  void add(const rollup::CampaignViewer& viewer) {
    viewers++;
    over.n += viewer.is_over;
    over.successes += viewer.is_over && viewer.converted;
  }
};

struct Reach {
  Arm reached, held_out;
  int64 views = 0, conversions = 0;    // of viewers who were reached

  void add(const rollup::CampaignViewer& viewer) {
    (viewer.held_out ? held_out : reached).add(viewer);
    if (viewer.held_out) return;
    views += viewer.views;
    conversions += viewer.converted;
  }
};

constexpr double kLevel = 0.95;

void show_lift(pg::Rows& rows, const Reach& reach, double holdout_percent) {
  const core::Proportion &shown = reach.reached.over, &held = reach.held_out.over;
  if (shown.n == 0 || held.n == 0) {
    for (int i = 0; i < 6; i++) rows.null();
    return;
  }
  const core::TwoProportionTest test = core::two_proportion_test(held, shown, kLevel);
  const double n = (double)shown.n;
  rows.float8_value(n * test.diff).float8_value(n * test.bounds.lower).float8_value(n * test.bounds.upper);
  rows.add(held.successes > 0, Float8GetDatum(100 * test.diff / ((double)held.successes / (double)held.n))).float8_or_null(test.p_value);
  const int64 observed[] = {shown.n, held.n};
  const double weights[] = {100 - holdout_percent, holdout_percent};
  rows.float8_value(core::srm_test(observed, weights).p_value);
}

// Others' campaigns and none at all are the same to who may not see all.
rollup::Campaign campaign_argument(FunctionCallInfo fcinfo, const pg::Home& home) {
  const int64 id = pg::required_id(fcinfo, 0, "campaign_id");
  const pg::Optional<int64> me = access::restricted_to(home);
  rollup::Campaign campaign;
  const bool known = rollup::look_up_campaign(home, id, GetActiveSnapshot(), &campaign);
  if (me.given && !(known && campaign.creator == me.value)) access::not_yours("boost campaign", id);
  if (!known) rollup::unknown_campaign(id);
  return campaign;
}

}  // namespace

EA_FUNCTION(ea_campaign_analytics) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  const TimestampTz as_of = rollup::as_of_argument(fcinfo, 3).at;
  const rollup::Campaign campaign = campaign_argument(fcinfo, home);
  (void)rollup::ledger_table(home);    // is there, and has its columns
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  query.read(ledger_of_campaign, pg::Parameters().id(campaign.id).range(range));
  const Numeric spend = DatumGetNumeric(query.copy_out(query.value(0, 1)));
  const int64 impressions = query.int64_at(0, 2), clicks = query.int64_at(0, 3);
  Reach reach;
  rollup::CampaignViewers(query, campaign, range, as_of).for_each([&](const rollup::CampaignViewer& viewer) { reach.add(viewer); });

  const auto money = [&](Numeric amount) { rows.add(amount != nullptr, NumericGetDatum(amount)); };
  const Numeric left = pg::operate(numeric_sub, campaign.budget, campaign.spend);
  rows.int64_value(campaign.id).text_value(status_of(campaign, left, as_of)).text_value(campaign.currency);
  money(campaign.budget), money(spend), money(left);
  rows.int64_value(impressions).int64_value(clicks).add(impressions != 0, Float8GetDatum(100 * (double)clicks / (double)impressions + 0.0));
  rows.int64_value(reach.reached.viewers).int64_value(reach.views).int64_value(reach.conversions);
  money(quotient(times(spend, 1000), impressions)), money(quotient(spend, clicks));
  money(quotient(spend, reach.views)), money(quotient(spend, reach.conversions));
  money(campaign.conversion_value ? quotient(times(campaign.conversion_value, reach.conversions), spend) : nullptr);
  rows.int64_value(reach.held_out.viewers);
  show_lift(rows, reach, campaign.holdout_percent);
  rows.end_row();
  query.finish();
  return (Datum)0;
}
