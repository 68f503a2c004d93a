#include "keep/fresh_events.hpp"

#include <algorithm>

#include "store/scope.hpp"

namespace ea::rollup {

namespace {

pg::Statement fresh_touches(
    "/* explore_analytics: refresh */ SELECT DISTINCT c.creator_id, e.session_id FROM {s}.explore_engagements e"
    " JOIN {s}.explore_content c ON c.id = e.content_id"
    " WHERE e.epoch > $1 AND e.epoch <= $2 AND e.session_id IS NOT NULL AND " EA_COUNTED " AND c.creator_id <> ALL ($3) ORDER BY 1, 2",
    {INT8OID, INT8OID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

}  // namespace

// Items in order.
class FreshEvents::Sorted final : public EventSource {
 public:
  Sorted(Item* items, int64 count) : item_(items), end_(items + count) {
    std::sort(items, items + count, [](const Item& a, const Item& b) {
      return a.id != b.id ? a.id < b.id : a.event.at < b.event.at;
    });
  }
  bool next(int64* id, core::TimedEvent* event) override {
    if (item_ == end_) return false;
    *id = item_->id;
    *event = item_->event;
    item_++;
    return true;
  }

 private:
  Item* item_;
  Item* end_;
};

FreshEvents::FreshEvents(pg::Query& query, int64 low, int64 high) : query_(query) {
  selection_.above = low;
  selection_.upto = high;
  TailFilter filter;
  filter.all = true;
  filter.upto = high;
  // Each event is held twice.
  const int64 limit = (int64)maintenance_work_mem * 1024 / (int64)(sizeof(TailEvent) + sizeof(Item));
  const Tail tail = read_tail(query.home(), GetActiveSnapshot(), low, filter, limit);
  in_memory_ = tail.complete;
  events_ = tail.events;
  count_ = tail.count;
  if (!in_memory_) {
    if (events_) pfree(events_);
    query.sort_in_maintenance_memory();
    return;
  }
  items_ = static_cast<Item*>(MemoryContextAllocHuge(CurrentMemoryContext, Max(count_, 1) * sizeof(Item)));
}

const Owners& FreshEvents::owners() {
  if (owners_known_) return owners_;
  AscendingIds contents;
  for (int64 i = 0; i < count_; i++) contents.append(events_[i].content);
  make_ascending(&contents);
  owners_ = owners_of(query_.home(), GetActiveSnapshot(), contents);
  owners_known_ = true;
  contents.release();
  return owners_;
}

FreshTouches::FreshTouches(FreshEvents& fresh, const AscendingIds& without) : fetches_(!fresh.in_memory_) {
  if (fetches_) {
    cursor_.open(fresh.query_, fresh_touches, pg::Parameters().id(fresh.selection_.above).id(fresh.selection_.upto).add(id_array(without)));
    return;
  }
  const Owners& owners = fresh.owners();
  for (int64 i = 0; i < fresh.count_; i++) {
    const TailEvent& e = fresh.events_[i];
    if (e.session == 0) continue;
    const int64 creator = owners.creator_of(e.content);
    if (creator != 0 && !std::binary_search(without.begin(), without.end(), creator)) touches_.append({creator, e.session});
  }
  const auto same = [](const Touch& a, const Touch& b) { return a.creator == b.creator && a.session == b.session; };
  std::sort(touches_.begin(), touches_.end(), comes_before);
  touches_.shorten(std::unique(touches_.begin(), touches_.end(), same) - touches_.begin());
}

bool FreshTouches::next(Touch* touch) {
  if (next_ == touches_.size() && fetches_) {
    touches_.clear();
    next_ = 0;
    const uint64 rows = cursor_.fetch(5000);
    bool null;
    for (uint64 i = 0; i < rows; i++) touches_.append({DatumGetInt64(cursor_.value(i, 1, &null)), DatumGetInt64(cursor_.value(i, 2, &null))});
    if (rows == 0) cursor_.close();
    fetches_ = rows > 0;
  }
  if (next_ == touches_.size()) return false;
  *touch = touches_[next_++];
  return true;
}

void FreshEvents::take_ids(ScopeKind scope, const AscendingIds& without) {
  const Owners& owners = scope == ScopeKind::creator ? this->owners() : owners_;
  item_count_ = 0;
  for (int64 i = 0; i < count_; i++) {
    int64 id = 0;
    if (scope == ScopeKind::content) id = events_[i].content;
    if (scope == ScopeKind::creator) {
      id = owners.creator_of(events_[i].content);
      if (id == 0 || std::binary_search(without.begin(), without.end(), id)) continue;
    }
    items_[item_count_++] = {id, events_[i].event};
  }
}

int64 FreshEvents::store(StoredBuckets& stored, ScopeKind scope, const AscendingIds& without) {
  if (in_memory_) {
    take_ids(scope, without);
    Sorted sorted(items_, item_count_);
    return store_events("refresh", stored, scope, sorted, item_count_);
  }
  RawSelection selection = selection_;
  if (!without.empty()) selection.without = {true, id_array(without)};
  return store_events("refresh", query_, stored, scope, selection);
}

}  // namespace ea::rollup
