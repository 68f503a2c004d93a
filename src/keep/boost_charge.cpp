#include "core/experiments/bucket.hpp"
#include "keep/boost.hpp"
#include "pg/key_table.hpp"
#include "pg/local_day.hpp"
#include "pg/numeric.hpp"
#include "pg/row_lock.hpp"
#include "pg/single_row.hpp"
#include "pg/wait_point.hpp"
#include "store/excluded_viewers.hpp"

namespace ea::rollup {

namespace {

pg::SingleRow entries;    // inserted into the ledger
pg::SingleRow spends;     // changed of campaigns
pg::SingleRow sums;       // changed of days

pg::Statement write_entry(
    "/* explore_analytics: charge_boost */ INSERT INTO {s}.explore_boost_ledger (campaign_id, event_id, entry, kind, amount, user_id, session_id, charged_at)"
    " VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
    {INT8OID, UUIDOID, TEXTOID, TEXTOID, INT8OID, INT8OID, TIMESTAMPTZOID});

// The row is found by its place, since its key leads to every version that somebody may still see.
#define EA_WRITE_CHARGE \
  "/* explore_analytics: charge_boost */ WITH entry AS (" \
  "  INSERT INTO {s}.explore_boost_ledger (campaign_id, event_id, entry, kind, amount, user_id, session_id, charged_at)" \
  "  VALUES ($1, $2, 'charge', $3, $4, $5, $6, $7) RETURNING 1)"
#define EA_SPEND " UPDATE {s}.explore_boost_campaigns c SET spend = c.spend + $4 WHERE c.ctid = $8 AND c.campaign_id = $1 AND EXISTS (SELECT FROM entry)"

pg::Statement write_charge(EA_WRITE_CHARGE EA_SPEND, {INT8OID, UUIDOID, TEXTOID, NUMERICOID, INT8OID, INT8OID, TIMESTAMPTZOID, TIDOID});
pg::Statement write_charge_of_day(
    EA_WRITE_CHARGE ", day AS (INSERT INTO explore_analytics.boost_days AS d (campaign_id, day, charged) VALUES ($1, $9, $4)"
    "  ON CONFLICT (campaign_id, day) DO UPDATE SET charged = d.charged + excluded.charged)" EA_SPEND,
    {INT8OID, UUIDOID, TEXTOID, NUMERICOID, INT8OID, INT8OID, TIMESTAMPTZOID, TIDOID, DATEOID});

Numeric nothing() { return int64_to_numeric(0); }

// Half of the viewers at most are not shown the campaign, each always the same way; whoever cannot be told from others is.
bool is_held_out(const Campaign& campaign, const BoostEvent& event) {
  if (campaign.holdout_percent <= 0 || !(event.user.given || event.session.given)) return false;
  char seed[32] = "boost:", unit[24];
  const int seed_length = 6 + pg_lltoa(campaign.id, seed + 6);
  const int length = pg_lltoa(event.user.given ? event.user.value : event.session.value, unit);
  return core::experiment_bucket(core::UnitHash().add({seed, (size_t)seed_length}), {unit, (size_t)length}) < campaign.holdout_percent / 100;
}

class Charging {
 public:
  Charging(const pg::Home& home, const BoostEvent& event) : home_(home), event_(event) {}

  // What is told apart by what does not change under us, or costs nobody a cent if it does.
  const char* look(const Campaign& campaign, Snapshot snapshot) {
    if (has_entry(home_, campaign.id, event_.id, snapshot)) return "duplicate";
    if (is_over(campaign)) return "outside";
    if ((event_.user.given || event_.session.given) && is_excluded(event_.user.given ? event_.user.value : -event_.session.value, snapshot)) return "excluded";
    return test_money(campaign, snapshot);
  }

  // What is left of the way once the row is ours.
  const char* look_again(const Campaign& campaign, Snapshot snapshot) {
    if (has_entry(home_, campaign.id, event_.id, snapshot)) {
      // Somebody's whom our one snapshot does not see.
      if (IsolationUsesXactSnapshot()) pg::serialization_failure("update");
      return "duplicate";
    }
    if (is_over(campaign)) return "outside";
    return test_money(campaign, snapshot);
  }

  void write(const Campaign& campaign, const CampaignRow& row, bool held_out) {
    if (IsolationUsesXactSnapshot() || !write_straight(campaign, row, held_out)) write_by_statement(campaign, row.tid(), held_out);
  }

 private:
  void write_by_statement(const Campaign& campaign, const ItemPointerData& tid, bool held_out) {
    pg::Query query(home_);
    pg::Parameters parameters;
    parameters.id(campaign.id).add(event_.id);
    const Numeric price = price_of(campaign, event_.click);
    ItemPointerData place = tid;
    uint64 written;
    if (is_free(campaign, held_out)) {
      written = query.write(write_entry, parameters.text(entry(held_out)).text(kind()).id(event_.user).id(event_.session).time(event_.at));
    } else {
      parameters.text(kind()).add(NumericGetDatum(price)).id(event_.user).id(event_.session).time(event_.at).add(PointerGetDatum(&place));
      if (campaign.daily_budget) parameters.add(DateADTGetDatum(day_));
      written = query.write(campaign.daily_budget ? write_charge_of_day : write_charge, parameters);
    }
    if (written != 1)
      pg::raise(pg::with_hint(pg::failure(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION, "boost campaign %lld could not be charged: a trigger keeps its row or the ledger from taking it", (long long)campaign.id),
                              "Look at the triggers of explore_boost_ledger and explore_boost_campaigns."));
    query.finish();
  }

  // Without planner and executor; false, and nothing done, where somebody has made a table want more than rows.
  bool write_straight(const Campaign& campaign, const CampaignRow& row, bool held_out) {
    Oid user;
    int security;
    GetUserIdAndSecContext(&user, &security);
    SetUserIdAndSecContext(home_.owner, security | SECURITY_LOCAL_USERID_CHANGE);
    const bool done = is_free(campaign, held_out) ? write_entry_straight(campaign.id, nothing(), held_out) : write_charge_straight(campaign, row);
    SetUserIdAndSecContext(user, security);
    if (done) CommandCounterIncrement();
    return done;
  }

  bool write_entry_straight(int64 campaign, Numeric amount, bool held_out) {
    if (!entries.open_to_insert(ledger_table(home_), boost_ledger::recorded_at)) return false;
    insert_entry(campaign, amount, held_out);
    entries.close();
    return true;
  }

  bool write_charge_straight(const Campaign& campaign, const CampaignRow& row) {
    pg::KeyTable days;
    const bool open_days = !campaign.daily_budget || days.open(boost_days_table(), 2);
    const bool open_spend = open_days && spends.open_to_change(campaigns_table(home_));
    const Numeric price = price_of(campaign, event_.click);
    const bool done = open_spend && write_entry_straight(campaign.id, price, false);
    if (done) {
      spends.change(row.slot(), boost_campaigns::spend, NumericGetDatum(pg::plus(campaign.spend, price)));
      if (campaign.daily_budget) add_to_day(days, campaign.id, price);
    }
    if (open_spend) spends.close();
    if (days.is_open()) days.close();
    return done;
  }

  void insert_entry(int64 campaign, Numeric amount, bool held_out) {
    const Datum values[] = {Int64GetDatum(campaign), event_.id, CStringGetTextDatum(entry(held_out)), CStringGetTextDatum(kind()), NumericGetDatum(amount),
                            Int64GetDatum(event_.user.value), Int64GetDatum(event_.session.value), TimestampTzGetDatum(event_.at),
                            TimestampTzGetDatum(GetCurrentTransactionStartTimestamp())};
    const bool nulls[] = {false, false, false, false, false, !event_.user.given, !event_.session.given, false, false};
    static_assert(lengthof(values) == boost_ledger::recorded_at && lengthof(nulls) == lengthof(values));
    entries.insert(values, nulls);
  }

  // Nobody else changes it: whoever would waits for the campaign. Found as the campaign is, the newest version first; a claim looks
  // at all that somebody may still see.
  void add_to_day(pg::KeyTable& days, int64 campaign, Numeric price) {
    if (change_day(campaign, price)) return;
    Datum day[] = {Int64GetDatum(campaign), DateADTGetDatum(day_), NumericGetDatum(price)};
    while (!days.claim(day)) {
      if (!days.lock_found()) continue;
      day[2] = NumericGetDatum(pg::plus(DatumGetNumeric(days.found(boost_days::charged)), price));
      days.replace_found(day);
      break;
    }
  }

  // False where there is none, or the table wants more than rows.
  bool change_day(int64 campaign, Numeric price) {
    const pg::Table table = boost_days_table();
    const Relation relation = table_open(table.oid, RowExclusiveLock);
    TupleTableSlot* row = table_slot_create(relation, nullptr);
    bool changed = false;
    if (charged_on(campaign, day_, GetActiveSnapshot(), row)) {
      const ItemPointerData found = row->tts_tid;
      ExecClearTuple(row);
      changed = pg::lock_row(relation, found, row) && sums.open_to_change(table);
    }
    if (changed) {
      pg::Places places;
      places.find(relation, table);
      bool null;
      const Numeric charged = DatumGetNumeric(slot_getattr(row, places[boost_days::charged], &null));
      sums.change(row, boost_days::charged, NumericGetDatum(pg::plus(charged, price)));
      sums.close();
    }
    ExecDropSingleTupleTableSlot(row);
    table_close(relation, NoLock);
    return changed;
  }

  // Entries without money change nothing else.
  bool is_free(const Campaign& campaign, bool held_out) const { return held_out || !pg::is_more(price_of(campaign, event_.click), nothing()); }
  static const char* entry(bool held_out) { return held_out ? "ghost" : "charge"; }
  const char* kind() const { return event_.click ? "click" : "impression"; }

  bool is_over(const Campaign& campaign) const {
    return !TIMESTAMP_IS_NOEND(campaign.stopped_at) || event_.at < campaign.starts_at || event_.at >= campaign.ends_at;
  }

  // Both arms of a holdout pass the same tests, so that they are of the same hours and days.
  const char* test_money(const Campaign& campaign, Snapshot snapshot) {
    const Numeric price = price_of(campaign, event_.click);
    if (campaign.daily_budget) {
      day_ = pg::local_day(event_.at, campaign.time_zone);
      const Numeric charged = charged_on(campaign.id, day_, snapshot);
      if (pg::is_more(charged ? pg::plus(charged, price) : price, campaign.daily_budget)) return "daily_budget";
    }
    if (pg::is_more(pg::plus(campaign.spend, price), campaign.budget)) return "budget";
    return nullptr;
  }

  const pg::Home& home_;
  const BoostEvent& event_;
  DateADT day_ = 0;
};

}  // namespace

// Under the lock of the row, which lasts until the transaction ends, are: the probe for the event, since of two that charge the
// same one at once the second learns of the first only now; the campaign itself, for another may have spent, stopped or changed
// it; the day, for the same reason; and what is written. Time zone, bucket, session and who is excluded are found
// out before. What keeps others waiting most is the commit.
Charge charge(const pg::Home& home, int64 id, const BoostEvent& event) {
  PushActiveSnapshot(IsolationUsesXactSnapshot() ? GetTransactionSnapshot() : GetLatestSnapshot());
  CampaignRow row;
  if (!row.find(home, id, RowExclusiveLock)) unknown_campaign(id);
  Campaign campaign = row.read();
  Charging charging(home, event);
  const char* status = charging.look(campaign, GetActiveSnapshot());
  const bool held_out = !status && is_held_out(campaign, event);
  pg::wait_point(31);
  if (!status) {
    row.lock();
    PopActiveSnapshot();
    PushActiveSnapshot(GetLatestSnapshot());
    campaign = row.read();
    status = charging.look_again(campaign, GetActiveSnapshot());
  }
  Charge result = {status, nothing(), pg::minus(campaign.budget, campaign.spend)};
  if (!status) {
    charging.write(campaign, row, held_out);
    result.status = held_out ? "held_out" : "charged";
    if (!held_out) {
      result.amount = price_of(campaign, event.click);
      result.budget_left = pg::minus(result.budget_left, result.amount);
    }
  }
  row.close();
  PopActiveSnapshot();
  return result;
}

}  // namespace ea::rollup
