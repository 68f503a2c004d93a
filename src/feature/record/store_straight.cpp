// A batch stored without a statement, in the statement's steps and with its locks; see store_batch.cpp for what the steps are.
#include <algorithm>

#include "access/raw_tables.hpp"
#include "feature/record/store_batch.hpp"
#include "pg/batch_insert.hpp"
#include "pg/index_scan.hpp"
#include "pg/key_table.hpp"
#include "pg/look_ahead.hpp"
#include "pg/plain_insert.hpp"
#include "store/excluded_viewers.hpp"

namespace ea::record {

namespace {

namespace column {
enum : int { content_id = 1, user_id, session_id, type, watch_time_ms, completed, created_at, event_id, metadata, epoch, id };
}
constexpr pg::Column kEvents[] = {{"content_id", INT8OID}, {"user_id", INT8OID}, {"session_id", INT8OID}, {"engagement_type", pg::kOwnType},
                                  {"watch_time_ms", INT4OID}, {"completed", BOOLOID}, {"created_at", TIMESTAMPTZOID}, {"event_id", UUIDOID},
                                  {"metadata", JSONBOID}, {"epoch", INT8OID}, {"id", INT8OID}};
constexpr pg::Column kEventKeys[] = {{"event_id", UUIDOID}, {"seen", TIMESTAMPTZOID}};
constexpr pg::Column kViewingKeys[] = {{"session_id", INT8OID}, {"content_id", INT8OID}, {"viewer_key", INT8OID},
                                       {"by_complete", BOOLOID}, {"completions", INT8OID}, {"seen", TIMESTAMPTZOID}};
constexpr pg::Column kSaved[] = {{"user_id", INT8OID}, {"content_id", INT8OID}, {"saved_at", TIMESTAMPTZOID}};

Oid administration() { return get_namespace_oid("explore_analytics", false); }
Oid key_table(const char* name) { return get_relname_relid(name, administration()); }

Oid epoch_function() {
  return LookupFuncName(list_make2(makeString(pstrdup("explore_analytics")), makeString(pstrdup("current_epoch"))), 0, nullptr, true);
}

// An item on its way.
struct Item {
  int64 user_id;       // 0: none
  int64 viewer_key;
  int64 session_id;    // of the viewing
  int64 content_id;
  int partition;
  core::Engagement type;
  bool completed;
  bool completes;
};

class Straight {
 public:
  Straight(const pg::Home& home, const Items& items, pg::Optional<int64> me, int64 epoch, Verdict* verdicts)
      : home_(home), items_(items), me_(me), epoch_(epoch), verdicts_(verdicts), now_(GetCurrentTransactionStartTimestamp()),
        item_(static_cast<Item*>(palloc(sizeof(Item) * (Size)items.count))), order_(static_cast<int*>(palloc(sizeof(int) * (Size)items.count))) {}

  Stored store(TransactionId* changer);

 private:
  template <class Id, class Look>
  bool look_up(const pg::Table& table, Id id_of, Look look);
  bool find_references();
  bool find_partitions();
  bool know_labels();
  Stored find_excluded(TransactionId* changer);
  void take_event_ids();
  void take_viewings();
  void settle(const int* viewing, int count, int found);
  void store_events();
  void store_saved();

  const core::EventRow& row(int i) const { return items_.rows[i]; }
  bool is_left(int i) const { return verdicts_[i] == kStored; }

  const pg::Home& home_;
  const Items& items_;
  const pg::Optional<int64> me_;
  const int64 epoch_;
  Verdict* verdicts_;
  const TimestampTz now_;
  Item* item_;
  int* order_;
  Oid labels_[core::kEngagements];
  pg::Table events_;
  pg::BatchInsert insert_;
  pg::KeyTable event_keys_, viewing_keys_, saved_;
};

// Calls look(items with the same id, how many, the scan to be started for it). False if the rows cannot be had by a scan of an
// index.
template <class Id, class Look>
bool Straight::look_up(const pg::Table& table, Id id_of, Look look) {
  int count = 0;
  for (int i = 0; i < items_.count; i++)
    if (id_of(i) != 0) order_[count++] = i;
  if (count == 0) return true;
  std::sort(order_, order_ + count, [&](int a, int b) { return id_of(a) < id_of(b); });
  Relation relation = table_open(table.oid, AccessShareLock);
  bool readable = relation->rd_rel->relkind == RELKIND_RELATION && !relation->rd_rel->relhassubclass && !relation->rd_rel->relrowsecurity &&
                  pg::is_granted(relation, ACL_SELECT);
  if (readable) {
    pg::IndexScan scan;
    scan.open_by(relation, table, 1, GetActiveSnapshot());
    readable = scan.index() != nullptr;
    int ahead = 0;
    for (int begin = 0, end; readable && begin < count; begin = end) {
      CHECK_FOR_INTERRUPTS();
      if (begin >= ahead) {
        Datum ids[pg::kLookAhead];
        for (ahead = begin; ahead < count && ahead < begin + pg::kLookAhead; ahead++) ids[ahead - begin] = Int64GetDatum(id_of(order_[ahead]));
        pg::look_ahead(scan.index(), ids, nullptr, ahead - begin);
      }
      const int64 id = id_of(order_[begin]);
      for (end = begin; end < count && id_of(order_[end]) == id; end++) continue;
      scan.equal(scan.key(1), id).start();
      look(order_ + begin, end - begin, scan);
    }
    scan.close();
  }
  table_close(relation, AccessShareLock);
  return readable;
}

bool Straight::find_references() {
  for (int i = 0; i < items_.count; i++) {
    verdicts_[i] = kStored;
    item_[i].user_id = row(i).user_id;
  }
  const auto session = [&](const int* items, int count, pg::IndexScan& scan) {
    bool with_user = true;
    for (int n = 0; n < count; n++) with_user = with_user && row(items[n]).user_id != 0;
    const bool there = with_user ? scan.any() : scan.next();
    bool null = true;
    const Datum user = there && !with_user ? scan.value(2, &null) : (Datum)0;
    for (int n = 0; n < count; n++) {
      if (!there) verdicts_[items[n]] = 's';
      if (item_[items[n]].user_id == 0 && !null) item_[items[n]].user_id = DatumGetInt64(user);
    }
  };
  const auto content = [&](const int* items, int count, pg::IndexScan& scan) {
    const bool there = scan.any();
    for (int n = 0; n < count && !there; n++) verdicts_[items[n]] = 'c';
  };
  return look_up(access::sessions_table(home_), [&](int i) { return row(i).session_id; }, session) &&
         look_up(access::content_table(home_), [&](int i) { return row(i).content_id; }, content);
}

bool Straight::find_partitions() {
  for (int i = 0; i < items_.count; i++) {
    if (!is_left(i)) continue;
    item_[i].partition = insert_.route(TimestampTzGetDatum(row(i).created_at));
    if (item_[i].partition < 0) return false;
  }
  return true;
}

// Types are stored by their values. Of a type from before an update the label progress may be missing.
bool Straight::know_labels() {
  for (int type = 0; type < core::kEngagements; type++) {
    labels_[type] = GetSysCacheOid2(ENUMTYPOIDNAME, Anum_pg_enum_oid, ObjectIdGetDatum(events_.own_type),
                                    CStringGetDatum(core::engagement_label((core::Engagement)type)));
    if (!OidIsValid(labels_[type])) return false;
  }
  return true;
}

// Of equal ids the first one counts, and only if it has not been seen before.
void Straight::take_event_ids() {
  int count = 0;
  for (int i = 0; i < items_.count; i++)
    if (is_left(i) && row(i).has_event_id) order_[count++] = i;
  if (count == 0) return;
  const auto compared = [&](int a, int b) { return memcmp(row(a).event_id, row(b).event_id, UUID_LEN); };
  std::sort(order_, order_ + count, [&](int a, int b) { const int order = compared(a, b); return order != 0 ? order < 0 : a < b; });
  // A batch that was sent before is, as a rule, there from its first id on.
  bool sent_before = true;
  for (int n = 0; n < count; n++) {
    CHECK_FOR_INTERRUPTS();
    if (n % pg::kLookAhead == 0) {
      Datum ids[pg::kLookAhead];
      const int ahead = Min(count - n, pg::kLookAhead);
      for (int k = 0; k < ahead; k++) ids[k] = PointerGetDatum(row(order_[n + k]).event_id);
      event_keys_.look_ahead(ids, nullptr, ahead);
    }
    const int i = order_[n];
    if (n > 0 && compared(order_[n - 1], i) == 0) {
      verdicts_[i] = 'd';
      continue;
    }
    const Datum key[] = {PointerGetDatum(row(i).event_id), TimestampTzGetDatum(now_)};
    const bool fresh = event_keys_.claim(key, !sent_before);
    if (n == 0) sent_before = !fresh;
    if (!fresh) verdicts_[i] = 'd';
  }
  event_keys_.end_claims();
}

// The completions of one viewing, in the order of arrival; found: 1 new, 2 completed before, 3 completed by a complete for
// which the first completed view comes now.
void Straight::settle(const int* viewing, int count, int found) {
  const bool began_here = found == 1 && item_[viewing[0]].type == core::Engagement::complete;
  bool view_seen = false;
  for (int n = 0; n < count; n++) {
    Item& item = item_[viewing[n]];
    const bool first_view = item.completed && !view_seen;
    view_seen = view_seen || item.completed;
    if (first_view && (began_here || found == 3)) item.completed = false;
    if (item.type != core::Engagement::complete || (n == 0 && began_here)) continue;
    if (row(viewing[n]).watch_time_ms > 0)
      item.type = core::Engagement::progress;
    else
      verdicts_[viewing[n]] = 'd';
  }
}

void Straight::take_viewings() {
  int count = 0;
  for (int i = 0; i < items_.count; i++)
    if (is_left(i) && item_[i].completes) order_[count++] = i;
  const auto is_same = [&](const Item& a, const Item& b) { return a.session_id == b.session_id && a.content_id == b.content_id && a.viewer_key == b.viewer_key; };
  std::sort(order_, order_ + count, [&](int a, int b) {
    const Item &x = item_[a], &y = item_[b];
    if (x.session_id != y.session_id) return x.session_id < y.session_id;
    if (x.content_id != y.content_id) return x.content_id < y.content_id;
    return x.viewer_key != y.viewer_key ? x.viewer_key < y.viewer_key : a < b;
  });
  for (int begin = 0, end; begin < count; begin = end) {
    const Item& viewing = item_[order_[begin]];
    bool any_view = false;
    for (end = begin; end < count && is_same(viewing, item_[order_[end]]); end++) any_view = any_view || item_[order_[end]].completed;
    Datum key[] = {Int64GetDatum(viewing.session_id), Int64GetDatum(viewing.content_id), Int64GetDatum(viewing.viewer_key),
                   BoolGetDatum(!any_view), Int64GetDatum(1), TimestampTzGetDatum(now_)};
    int found = 0;
    while (found == 0) {
      if (viewing_keys_.claim(key)) {
        found = 1;
      } else if (!any_view || !DatumGetBool(viewing_keys_.found(4))) {
        found = 2;
      } else if (viewing_keys_.lock_found()) {
        // As it is now that nobody else changes it.
        found = DatumGetBool(viewing_keys_.found(4)) ? 3 : 2;
        key[3] = BoolGetDatum(false);
        key[4] = Int64GetDatum(found);
        key[5] = viewing_keys_.found(6);
        if (found == 3) viewing_keys_.replace_found(key);
      }
    }
    settle(order_ + begin, end - begin, found);
  }
  viewing_keys_.end_claims();
}

void Straight::store_events() {
  for (int i = 0; i < items_.count; i++) {
    if (!is_left(i)) continue;
    const core::EventRow& event = row(i);
    insert_.set(column::content_id, Int64GetDatum(event.content_id))
        .set(column::type, ObjectIdGetDatum(labels_[(int)item_[i].type]))
        .set(column::watch_time_ms, Int32GetDatum(event.watch_time_ms))
        .set(column::completed, BoolGetDatum(item_[i].completed))
        .set(column::created_at, TimestampTzGetDatum(event.created_at))
        .set(column::epoch, Int64GetDatum(epoch_));
    const auto optional = [&](int number, bool given, Datum value) { given ? insert_.set(number, value) : insert_.null(number); };
    optional(column::user_id, item_[i].user_id != 0, Int64GetDatum(item_[i].user_id));
    optional(column::session_id, event.session_id != 0, Int64GetDatum(event.session_id));
    optional(column::event_id, event.has_event_id, PointerGetDatum(event.event_id));
    optional(column::metadata, items_.has_metadata[i], items_.metadata[i]);
    insert_.add(item_[i].partition);
  }
}

void Straight::store_saved() {
  int count = 0;
  for (int i = 0; i < items_.count; i++)
    if (is_left(i) && item_[i].type == core::Engagement::save && item_[i].user_id != 0) order_[count++] = i;
  std::sort(order_, order_ + count, [&](int a, int b) {
    if (item_[a].user_id != item_[b].user_id) return item_[a].user_id < item_[b].user_id;
    if (item_[a].content_id != item_[b].content_id) return item_[a].content_id < item_[b].content_id;
    return row(a).created_at < row(b).created_at;
  });
  for (int n = 0; n < count; n++) {
    const Item& item = item_[order_[n]];
    if (n > 0 && item_[order_[n - 1]].user_id == item.user_id && item_[order_[n - 1]].content_id == item.content_id) continue;
    const TimestampTz at = row(order_[n]).created_at;
    const Datum saved[] = {Int64GetDatum(item.user_id), Int64GetDatum(item.content_id), TimestampTzGetDatum(at)};
    const auto is_earlier = [&] { return at < DatumGetTimestampTz(saved_.found(3)); };
    // Waits for nobody who saves the same again: two who do so in another order could wait for each other.
    if (saved_.see(saved) && !is_earlier()) continue;
    while (!saved_.claim(saved)) {
      if (!is_earlier()) break;
      if (!saved_.lock_found()) continue;
      if (is_earlier()) saved_.replace_found(saved);
      break;
    }
  }
}

// Whose viewers do not count go by the statement.
Stored Straight::find_excluded(TransactionId* changer) {
  rollup::ExcludedViewers list(epoch_);
  if (!list.open()) return Stored::done;
  int count = 0;
  for (int i = 0; i < items_.count; i++)
    if (is_left(i) && item_[i].viewer_key != 0) order_[count++] = i;
  std::sort(order_, order_ + count, [&](int a, int b) { return item_[a].viewer_key < item_[b].viewer_key; });
  Stored result = Stored::done;
  for (int n = 0; n < count && result == Stored::done; n++) {
    CHECK_FOR_INTERRUPTS();
    const int64 viewer = item_[order_[n]].viewer_key;
    if (n > 0 && item_[order_[n - 1]].viewer_key == viewer) continue;
    bool excluded;
    if (!list.find(viewer, &excluded)) result = Stored::wait;
    else if (excluded) result = Stored::impossible;
  }
  *changer = list.changer();
  list.close();
  return result;
}

Stored Straight::store(TransactionId* changer) {
  bool completes = false, with_ids = false, saves = false;
  events_ = {home_.events, kEvents, access::events_table(home_).own_type};
  if (!know_labels() || !find_references()) return Stored::impossible;
  for (int i = 0; i < items_.count; i++) {
    const core::EventRow& event = row(i);
    Item& item = item_[i];
    if (item.user_id == 0 && me_.given) item.user_id = me_.value;
    item.session_id = event.session_id;
    item.content_id = event.content_id;
    item.viewer_key = item.user_id != 0 ? item.user_id : -event.session_id;
    item.type = event.type;
    item.completed = event.completed;
    item.completes = event.session_id != 0 && (event.type == core::Engagement::complete || event.completed);
    if (!is_left(i)) continue;
    completes = completes || item.completes;
    with_ids = with_ids || event.has_event_id;
    saves = saves || event.type == core::Engagement::save;
  }
  // All that may make it impossible comes before anything is stored.
  if (const Stored found = find_excluded(changer); found != Stored::done) return found;
  if (!insert_.open({events_, column::created_at, column::id, column::epoch, epoch_function})) return Stored::impossible;
  bool possible = find_partitions();
  possible = possible && (!with_ids || event_keys_.open({key_table("event_keys"), kEventKeys}, 1));
  possible = possible && (!completes || viewing_keys_.open({key_table("viewing_keys"), kViewingKeys}, 3));
  possible = possible && (!saves || saved_.open({get_relname_relid("explore_saved_properties", home_.schema), kSaved}, 2));
  if (possible) {
    if (with_ids) take_event_ids();
    if (completes) take_viewings();
    store_events();
  }
  insert_.close();
  if (possible && saves) store_saved();
  for (pg::KeyTable* table : {&event_keys_, &viewing_keys_, &saved_})
    if (table->is_open()) table->close();
  return possible ? Stored::done : Stored::impossible;
}

}  // namespace

Stored store_straight(const pg::Home& home, const Items& items, pg::Optional<int64> me, int64 epoch, Verdict* verdicts, TransactionId* changer) {
  // An older snapshot than the latest may not see the row that a key belongs to, which is an error that the server words.
  if (IsolationUsesXactSnapshot()) return Stored::impossible;
  PreventCommandIfReadOnly("INSERT");
  MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics batch", ALLOCSET_DEFAULT_SIZES);
  MemoryContext outside = MemoryContextSwitchTo(work);
  Oid user;
  int security;
  GetUserIdAndSecContext(&user, &security);
  SetUserIdAndSecContext(home.owner, security | SECURITY_LOCAL_USERID_CHANGE);
  // As a statement would see it.
  CommandCounterIncrement();
  PushActiveSnapshot(GetTransactionSnapshot());
  const Stored stored = Straight(home, items, me, epoch, verdicts).store(changer);
  PopActiveSnapshot();
  CommandCounterIncrement();
  SetUserIdAndSecContext(user, security);
  MemoryContextSwitchTo(outside);
  MemoryContextDelete(work);
  return stored;
}

}  // namespace ea::record
