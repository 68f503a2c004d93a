// What is not charged: campaigns made, changed, stopped and credited.
#include "keep/boost.hpp"
#include "pg/numeric.hpp"
#include "pg/row_lock.hpp"
#include "pg/wait_point.hpp"

namespace ea::rollup {

namespace {

pg::Statement insert_campaign(
    "/* explore_analytics: create_boost_campaign */ INSERT INTO {s}.explore_boost_campaigns AS c (content_id, creator_id, budget, currency, cost_per_impression, cost_per_click,"
    "  starts_at, ends_at, daily_budget, time_zone, holdout_percent, conversion, conversion_value, within)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, coalesce($14, '7 days')) RETURNING c.campaign_id",
    {INT8OID, INT8OID, NUMERICOID, TEXTOID, NUMERICOID, NUMERICOID, TIMESTAMPTZOID, TIMESTAMPTZOID, NUMERICOID, TEXTOID, FLOAT8OID, TEXTOID, NUMERICOID, INTERVALOID});
pg::Statement write_budget("/* explore_analytics: set_boost_budget */ UPDATE {s}.explore_boost_campaigns c SET budget = $3 WHERE c.ctid = $2 AND c.campaign_id = $1",
                           {INT8OID, TIDOID, NUMERICOID});
pg::Statement write_stop("/* explore_analytics: stop_boost_campaign */ UPDATE {s}.explore_boost_campaigns c SET stopped_at = now() WHERE c.ctid = $2 AND c.campaign_id = $1",
                         {INT8OID, TIDOID});

// What was charged for the event, and whether it was credited since.
pg::Statement find_charge(
    "/* explore_analytics: credit_boost */ SELECT l.kind, l.amount, EXISTS (SELECT FROM {s}.explore_boost_ledger x WHERE x.campaign_id = $1 AND x.event_id = $2 AND x.entry = 'credit')"
    " FROM {s}.explore_boost_ledger l WHERE l.campaign_id = $1 AND l.event_id = $2 AND l.entry IN ('charge', 'ghost')",
    {INT8OID, UUIDOID});
// Without who it was: the entry that it turns round says so, until that is forgotten.
pg::Statement write_credit(
    "/* explore_analytics: credit_boost */ WITH entry AS ("
    "  INSERT INTO {s}.explore_boost_ledger (campaign_id, event_id, entry, kind, amount, charged_at, reason)"
    "  VALUES ($1, coalesce($3, gen_random_uuid()), 'credit', $4, - $5, now(), $6) RETURNING 1"
    ") UPDATE {s}.explore_boost_campaigns c SET spend = c.spend - $5 WHERE c.ctid = $2 AND c.campaign_id = $1 AND EXISTS (SELECT FROM entry)",
    {INT8OID, TIDOID, UUIDOID, TEXTOID, NUMERICOID, TEXTOID});

// Calls change(campaign, place of its row, query) under the lock of the row.
template <class Change>
void with_locked(const pg::Home& home, int64 id, Change&& change) {
  PushActiveSnapshot(IsolationUsesXactSnapshot() ? GetTransactionSnapshot() : GetLatestSnapshot());
  CampaignRow row;
  if (!row.find(home, id, RowExclusiveLock)) unknown_campaign(id);
  pg::wait_point(32);
  row.lock();
  PopActiveSnapshot();
  const Campaign campaign = row.read();
  ItemPointerData place = row.tid();
  pg::Query query(home);
  change(campaign, PointerGetDatum(&place), query);
  query.finish();
  row.close();
}

void require_change(uint64 rows, int64 id) {
  if (rows != 1) pg::raise(pg::failure(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION, "boost campaign %lld could not be changed: a trigger keeps its row or the ledger from taking it", (long long)id));
}

void credit(pg::Query& query, const Campaign& campaign, Datum place, const Datum* event, const Datum* kind, Numeric amount, const char* reason) {
  if (pg::is_more(amount, campaign.spend))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "a credit of %s is more than the %s that boost campaign %lld has spent", pg::text_of(amount), pg::text_of(campaign.spend), (long long)campaign.id),
                            "Credit at most what was spent and not credited yet."));
  pg::Parameters parameters;
  parameters.id(campaign.id).add(place).add(event, event ? *event : 0).add(kind, kind ? *kind : 0).add(NumericGetDatum(amount)).add(reason, reason ? CStringGetTextDatum(reason) : 0);
  require_change(query.write(write_credit, parameters), campaign.id);
}

}  // namespace

int64 create_campaign(const pg::Home& home, const NewCampaign& wanted) {
  pg::Query query(home);
  const auto money = [](Numeric amount) { return NumericGetDatum(amount); };
  pg::Parameters parameters;
  parameters.id(wanted.content).id(wanted.creator).add(money(wanted.budget)).text(wanted.currency).add(money(wanted.cost_per_impression)).add(money(wanted.cost_per_click))
      .time(wanted.starts_at).add(wanted.ends_at.given, TimestampTzGetDatum(wanted.ends_at.value)).add(wanted.daily_budget, money(wanted.daily_budget)).text(wanted.time_zone)
      .add(Float8GetDatum(wanted.holdout_percent)).text(wanted.conversion).add(wanted.conversion_value, money(wanted.conversion_value)).add(wanted.within, PointerGetDatum(wanted.within));
  if (query.write(insert_campaign, parameters) != 1)
    pg::raise(pg::failure(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION, "the boost campaign could not be made: a trigger keeps explore_boost_campaigns from taking it"));
  const int64 id = query.int64_at(0, 1);
  query.finish();
  return id;
}

Numeric credit_event(const pg::Home& home, int64 id, Datum event, const char* reason) {
  Numeric credited = int64_to_numeric(0);
  with_locked(home, id, [&](const Campaign& campaign, Datum place, pg::Query& query) {
    if (query.write(find_charge, pg::Parameters().id(id).add(event)) == 0) {
      // A charge without money changes no campaign: that of somebody else's may be there, and our one snapshot not see it.
      if (IsolationUsesXactSnapshot() && !has_entry(home, id, event, GetTransactionSnapshot()) && has_entry(home, id, event, GetLatestSnapshot())) pg::serialization_failure("update");
      pg::raise(pg::with_hint(pg::failure(ERRCODE_NO_DATA_FOUND, "boost campaign %lld was not charged for event %s", (long long)id, DatumGetCString(DirectFunctionCall1(uuid_out, event))),
                              "Pass the event_id that charge_boost() was given, or an amount of money."));
    }
    if (DatumGetBool(query.value(0, 3))) return;
    const Datum kind = query.copy_out(query.value(0, 1));
    const Numeric amount = DatumGetNumeric(query.copy_out(query.value(0, 2)));
    credit(query, campaign, place, &event, &kind, amount, reason);
    credited = amount;
  });
  return credited;
}

Numeric credit_money(const pg::Home& home, int64 id, Numeric amount, const char* reason) {
  with_locked(home, id, [&](const Campaign& campaign, Datum place, pg::Query& query) { credit(query, campaign, place, nullptr, nullptr, amount, reason); });
  return amount;
}

void set_budget(const pg::Home& home, int64 id, Numeric budget) {
  with_locked(home, id, [&](const Campaign& campaign, Datum place, pg::Query& query) {
    if (pg::is_more(campaign.spend, budget))
      pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "budget %s is less than the %s that boost campaign %lld has spent", pg::text_of(budget), pg::text_of(campaign.spend), (long long)id),
                              "stop_boost_campaign() ends it; credit_boost() gives money back."));
    require_change(query.write(write_budget, pg::Parameters().id(id).add(place).add(NumericGetDatum(budget))), id);
  });
}

void stop(const pg::Home& home, int64 id) {
  with_locked(home, id, [&](const Campaign& campaign, Datum place, pg::Query& query) {
    if (TIMESTAMP_IS_NOEND(campaign.stopped_at)) require_change(query.write(write_stop, pg::Parameters().id(id).add(place)), id);
  });
}

}  // namespace ea::rollup
