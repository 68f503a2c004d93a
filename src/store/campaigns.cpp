#include "store/campaigns.hpp"

#include "pg/args.hpp"
#include "pg/row_lock.hpp"

namespace ea::rollup {

namespace {

constexpr pg::Column kCampaigns[] = {{"campaign_id", INT8OID}, {"content_id", INT8OID}, {"creator_id", INT8OID}, {"budget", NUMERICOID}, {"currency", TEXTOID},
                                     {"cost_per_impression", NUMERICOID}, {"cost_per_click", NUMERICOID}, {"starts_at", TIMESTAMPTZOID}, {"ends_at", TIMESTAMPTZOID, false},
                                     {"daily_budget", NUMERICOID, false}, {"time_zone", TEXTOID}, {"holdout_percent", FLOAT8OID}, {"conversion", TEXTOID},
                                     {"conversion_value", NUMERICOID, false}, {"within", INTERVALOID}, {"stopped_at", TIMESTAMPTZOID, false}, {"spend", NUMERICOID}};
constexpr pg::Column kLedger[] = {{"campaign_id", INT8OID}, {"event_id", UUIDOID}, {"entry", TEXTOID}, {"kind", TEXTOID, false}, {"amount", NUMERICOID},
                                  {"user_id", INT8OID, false}, {"session_id", INT8OID, false}, {"charged_at", TIMESTAMPTZOID}, {"recorded_at", TIMESTAMPTZOID}};
constexpr pg::Column kDays[] = {{"campaign_id", INT8OID}, {"day", DATEOID}, {"charged", NUMERICOID}};

pg::Table found(const char* name, Oid schema, pg::Columns columns) {
  const pg::Table table{get_relname_relid(name, schema), columns};
  if (!OidIsValid(table.oid))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "table %s.%s does not exist", get_namespace_name(schema), name),
                            "The tables are not those of this version. Run: CALL explore_analytics.install();"));
  return table;
}

class Row {
 public:
  Row(TupleTableSlot* slot, const pg::Places& places) : slot_(slot), places_(places) {}

  Datum value(int column) const {
    bool null;
    return slot_getattr(slot_, places_[column], &null);
  }
  int64 id(int column) const { return DatumGetInt64(value(column)); }
  const char* words(int column) const { return TextDatumGetCString(value(column)); }
  TimestampTz time(int column) const { return is_null(column) ? DT_NOEND : DatumGetTimestampTz(value(column)); }
  Numeric number(int column) const { return is_null(column) ? nullptr : DatumGetNumericCopy(value(column)); }

 private:
  bool is_null(int column) const { return slot_attisnull(slot_, places_[column]); }

  TupleTableSlot* slot_;
  const pg::Places& places_;
};

}  // namespace

pg::Table campaigns_table(const pg::Home& home) { return found("explore_boost_campaigns", home.schema, kCampaigns); }
pg::Table ledger_table(const pg::Home& home) { return found("explore_boost_ledger", home.schema, kLedger); }
pg::Table boost_days_table() { return found("boost_days", get_namespace_oid("explore_analytics", false), kDays); }
bool has_ledger_table(const pg::Home& home) { return OidIsValid(get_relname_relid("explore_boost_ledger", home.schema)); }

bool CampaignRow::find(const pg::Home& home, int64 id, LOCKMODE mode) {
  const pg::Table table = campaigns_table(home);
  table_ = table_open(table.oid, mode);
  places_.find(table_, table);
  id_ = id;
  slot_ = table_slot_create(table_, nullptr);
  pg::IndexScan scan;
  scan.open_by(table_, table, boost_campaigns::campaign_id, GetActiveSnapshot());
  scan.equal(scan.key(boost_campaigns::campaign_id), id).start(true);
  const bool known = scan.next();
  if (known) ExecCopySlot(slot_, scan.row());
  scan.close();
  return known;
}

void CampaignRow::lock() {
  const ItemPointerData found = slot_->tts_tid;
  ExecClearTuple(slot_);
  if (!pg::lock_row(table_, found, slot_) || Row(slot_, places_).id(boost_campaigns::campaign_id) != id_) unknown_campaign(id_);
}

Campaign CampaignRow::read() const {
  namespace column = boost_campaigns;
  const Row row(slot_, places_);
  Campaign campaign{};
  campaign.id = row.id(column::campaign_id);
  campaign.content = row.id(column::content_id);
  campaign.creator = row.id(column::creator_id);
  campaign.budget = row.number(column::budget);
  campaign.spend = row.number(column::spend);
  campaign.currency = row.words(column::currency);
  campaign.cost_per_impression = row.number(column::cost_per_impression);
  campaign.cost_per_click = row.number(column::cost_per_click);
  campaign.starts_at = row.time(column::starts_at);
  campaign.ends_at = row.time(column::ends_at);
  campaign.stopped_at = row.time(column::stopped_at);
  campaign.daily_budget = row.number(column::daily_budget);
  campaign.time_zone = row.words(column::time_zone);
  campaign.holdout_percent = DatumGetFloat8(row.value(column::holdout_percent));
  campaign.conversion = row.words(column::conversion);
  campaign.conversion_value = row.number(column::conversion_value);
  campaign.within = pg::microseconds_of(DatumGetIntervalP(row.value(column::within)));
  return campaign;
}

void CampaignRow::close() {
  ExecDropSingleTupleTableSlot(slot_);
  table_close(table_, NoLock);
}

bool look_up_campaign(const pg::Home& home, int64 id, Snapshot snapshot, Campaign* campaign) {
  PushActiveSnapshot(snapshot);
  CampaignRow row;
  const bool known = row.find(home, id, AccessShareLock);
  if (known) *campaign = row.read();
  row.close();
  PopActiveSnapshot();
  return known;
}

bool has_entry(const pg::Home& home, int64 campaign, Datum event, Snapshot snapshot) {
  const pg::Table table = ledger_table(home);
  Relation relation = table_open(table.oid, AccessShareLock);
  pg::Places places;
  places.find(relation, table);
  // Not through the index of times, which begins with the campaign, too.
  const Oid index = pg::find_index(relation, {places[boost_ledger::campaign_id], places[boost_ledger::event_id]});
  if (!OidIsValid(index))
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "table %s has no key", pg::full_name(table.oid)),
                            "A unique index is missing. Run: CALL explore_analytics.install();"));
  pg::IndexScan scan;
  scan.open_found(table, index, snapshot);
  scan.equal(1, campaign).where(2, BTEqualStrategyNumber, F_UUID_EQ, event).start();
  const bool any = scan.any();
  scan.close();
  table_close(relation, NoLock);
  return any;
}

Numeric charged_on(int64 campaign, DateADT day, Snapshot snapshot, TupleTableSlot* row) {
  constexpr pg::Index kKey = {"boost_days_pkey", {boost_days::campaign_id, boost_days::day}};
  pg::IndexScan scan;
  scan.open(boost_days_table(), kKey, snapshot);
  // As of a campaign, the newest version first.
  scan.equal(1, campaign).where(2, BTEqualStrategyNumber, F_DATE_EQ, DateADTGetDatum(day)).start(true);
  bool null = true;
  Numeric charged = nullptr;
  if (scan.next()) {
    charged = DatumGetNumericCopy(scan.value(boost_days::charged, &null));
    if (row) ExecCopySlot(row, scan.row());
  }
  scan.close();
  return charged;
}

void unknown_campaign(int64 id) {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_NO_DATA_FOUND, "boost campaign %lld does not exist", (long long)id), "Make one with create_boost_campaign(content_id, budget, currency)."));
}

}  // namespace ea::rollup
