// Where boost campaigns, their ledger and their days are kept, and how a campaign is read.
#pragma once

#include "pg/columns.hpp"
#include "pg/home.hpp"
#include "pg/index_scan.hpp"

namespace ea::rollup {

// Columns by their numbers, in the order of the lists in campaigns.cpp.
namespace boost_campaigns {
inline constexpr int campaign_id = 1, content_id = 2, creator_id = 3, budget = 4, currency = 5, cost_per_impression = 6, cost_per_click = 7, starts_at = 8, ends_at = 9,
                     daily_budget = 10, time_zone = 11, holdout_percent = 12, conversion = 13, conversion_value = 14, within = 15, stopped_at = 16, spend = 17;
}
namespace boost_ledger {
inline constexpr int campaign_id = 1, event_id = 2, entry = 3, kind = 4, amount = 5, user_id = 6, session_id = 7, charged_at = 8, recorded_at = 9;
}
namespace boost_days {
inline constexpr int campaign_id = 1, day = 2, charged = 3;
}

// A row of explore_boost_campaigns. What it points to lies in the memory context in which it was read.
struct Campaign {
  int64 id, content, creator;
  Numeric budget, spend;
  const char* currency;
  Numeric cost_per_impression, cost_per_click;
  TimestampTz starts_at, ends_at, stopped_at;    // never: DT_NOEND
  Numeric daily_budget;                          // null: no limit
  const char* time_zone;
  double holdout_percent;
  const char* conversion;
  Numeric conversion_value;                      // null: unknown
  int64 within;                                  // microseconds
};

// 55000 where a table is missing, as before install() has brought a database over, or a column is not what it was.
pg::Table campaigns_table(const pg::Home& home);
pg::Table ledger_table(const pg::Home& home);
pg::Table boost_days_table();
// Whether install() has brought the database over.
bool has_ledger_table(const pg::Home& home);

// False where there is none of that id, as the snapshot sees it.
bool look_up_campaign(const pg::Home& home, int64 id, Snapshot snapshot, Campaign* campaign);
[[noreturn]] void unknown_campaign(int64 id);    // P0002

// A campaign that is looked at, then locked and changed. Until it is locked the snapshot in which it was found stays active.
class CampaignRow {
 public:
  // In the active snapshot. Where somebody keeps an old snapshot there may be thousands of versions of a campaign that is
  // charged; the newest are mostly the last, and are looked at first.
  bool find(const pg::Home& home, int64 id, LOCKMODE mode);
  void lock();    // until the transaction ends; then read() is the newest version. P0002 where it is gone
  Campaign read() const;
  const ItemPointerData& tid() const { return slot_->tts_tid; }
  TupleTableSlot* slot() const { return slot_; }
  void close();

 private:
  Relation table_ = nullptr;
  pg::Places places_;
  int64 id_ = 0;
  TupleTableSlot* slot_ = nullptr;
};

// Whether the ledger has an entry of that event, which is a campaign's own.
bool has_entry(const pg::Home& home, int64 campaign, Datum event, Snapshot snapshot);
// What the campaign was charged for a day, and the row that says so, if one is wanted; null: nothing.
Numeric charged_on(int64 campaign, DateADT day, Snapshot snapshot, TupleTableSlot* row = nullptr);

// What an impression, or a click, costs.
inline Numeric price_of(const Campaign& campaign, bool click) { return click ? campaign.cost_per_click : campaign.cost_per_impression; }

}  // namespace ea::rollup
