#include "feature/audience/event_cells.hpp"

#include <algorithm>

#include "core/tree/bucket.hpp"
#include "pg/varlena.hpp"
#include "store/contents.hpp"
#include "store/engagement_labels.hpp"
#include "store/events_between.hpp"
#include "store/scope.hpp"

namespace ea::audience {

namespace {

pg::Statement events_of_scope(
    "/* explore_analytics: audience_breakdown */ "
    "SELECT e.content_id, e.user_id, e.session_id, e.engagement_type, e.watch_time_ms, e.completed, e.created_at"
    " FROM {s}.explore_engagements e WHERE " EA_IN_RANGE("$1", "$2") " AND " EA_OF_SCOPE("$3", "$4"),
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// Of those whose ids are $1, or of all there are; $2 is the year.
#define EA_ATTRIBUTES(table, id, value, condition) \
  "/* explore_analytics: audience_breakdown */ SELECT a." id ", (" value ")::text FROM {s}." table " a WHERE $2 IS NOT NULL AND " condition
#define EA_SOME_AND_ALL(table, id, value)                                                                                            \
  {{EA_ATTRIBUTES(table, id, value, "a." id " = ANY ($1)"), {INT8ARRAYOID, INT8OID}, CURSOR_OPT_GENERIC_PLAN},                        \
   {EA_ATTRIBUTES(table, id, value, "$1 IS NULL AND (" value ") IS NOT NULL"), {INT8ARRAYOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN}}

pg::Statement attributes[kDimensions][2] = {
    EA_SOME_AND_ALL("explore_viewers", "user_id", EA_AGE_GROUP("$2")), EA_SOME_AND_ALL("explore_viewers", "user_id", "a.gender"),
    EA_SOME_AND_ALL("explore_viewers", "user_id", "a.language"),       EA_SOME_AND_ALL("explore_feed_sessions", "id", "a.country"),
    EA_SOME_AND_ALL("explore_feed_sessions", "id", "a.region"),        EA_SOME_AND_ALL("explore_feed_sessions", "id", "a.city"),
    EA_SOME_AND_ALL("explore_feed_sessions", "id", "a.device_type"),   EA_SOME_AND_ALL("explore_feed_sessions", "id", "a.platform"),
    EA_SOME_AND_ALL("explore_feed_sessions", "id", "a.app_version"),   EA_SOME_AND_ALL("explore_feed_sessions", "id", "a.traffic_source")};

// Looking up a row through its index takes as long as passing by so many.
constexpr int64 kRowsForLookUp = 8;
constexpr int64 kPortion = 10000;
// A sum with its places in the tables and lists below.
constexpr int64 kBytesOfSum = 112;

uint64 mixed(uint64 value) {
  value = (value ^ value >> 32) * 0x9E3779B97F4A7C15;
  return value ^ value >> 29;
}

uint64 hash_of(int64 viewer, int64 session, int32 day) { return mixed((uint64)viewer + mixed((uint64)session + mixed((uint64)day))); }

constexpr uint32 kUnknown = 0;

// As the server last counted or estimated them; negative before the first time.
double rows_of(const pg::Home& home, const char* name) {
  const Oid oid = get_relname_relid(name, home.schema);
  if (!OidIsValid(oid)) return 0;
  const Relation table = table_open(oid, AccessShareLock);
  const double rows = table->rd_rel->reltuples;
  table_close(table, AccessShareLock);
  return rows;
}

// Texts, each once, by number.
class Values {
 public:
  explicit Values(pg::Array<struct varlena*>* list) : list_(list), context_(CurrentMemoryContext) { number_of(cstring_to_text("unknown")); }

  uint32 number_of(struct varlena* text) {
    const char* bytes = VARDATA_ANY(text);
    const size_t size = VARSIZE_ANY_EXHDR(text);
    const auto is = [&](uint32 number) {
      const struct varlena* other = (*list_)[number];
      return VARSIZE_ANY_EXHDR(other) == size && memcmp(VARDATA_ANY(other), bytes, size) == 0;
    };
    if (!list_->empty() && is(last_)) return last_;
    if ((uint64)list_->size() * 2 >= room_) grow();
    uint64 at = hash(bytes, size) & (room_ - 1);
    while (slots_[at] != 0 && !is(slots_[at] - 1)) at = (at + 1) & (room_ - 1);
    if (slots_[at] == 0) {
      MemoryContext outside = MemoryContextSwitchTo(context_);
      struct varlena* copy = (struct varlena*)cstring_to_text_with_len(bytes, (int)size);
      MemoryContextSwitchTo(outside);
      list_->append(copy);
      slots_[at] = (uint32)list_->size();
    }
    return last_ = slots_[at] - 1;
  }

 private:
  static uint64 hash(const char* bytes, size_t size) { return DatumGetUInt32(hash_any((const unsigned char*)bytes, (int)size)); }
  void grow() {
    room_ = Max(room_ * 2, (uint64)64);
    if (slots_) pfree(slots_);
    slots_ = static_cast<uint32*>(MemoryContextAllocExtended(context_, room_ * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
    for (int64 i = 0; i < list_->size(); i++) {
      const struct varlena* text = (*list_)[i];
      uint64 at = hash(VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text)) & (room_ - 1);
      while (slots_[at] != 0) at = (at + 1) & (room_ - 1);
      slots_[at] = (uint32)i + 1;
    }
  }

  pg::Array<struct varlena*>* list_;
  MemoryContext context_;
  uint32* slots_ = nullptr;
  uint64 room_ = 0;
  uint32 last_ = 0;
};

}  // namespace

// Values by the id of a user or session, of those that the sums have.
class EventCells::Attributes {
 public:
  explicit Attributes(int64 most) {
    while (room_ < (uint64)most * 2) room_ *= 2;
    list_ = static_cast<Entry*>(MemoryContextAllocExtended(CurrentMemoryContext, room_ * sizeof(Entry), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
  }
  void expect(int64 id) {
    Entry& entry = find(id);
    count_ += entry.id == 0;
    entry.id = id;
  }
  bool expects(int64 id) const { return find(id).id != 0; }
  void set(int64 id, uint32 value) { find(id).value = value; }
  uint32 of(int64 id) const { return find(id).value; }
  int64 count() const { return count_; }
  rollup::AscendingIds ids() const {
    rollup::AscendingIds ids;
    for (uint64 i = 0; i < room_; i++)
      if (list_[i].id != 0) ids.append(list_[i].id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  void release() { pfree(list_); }

 private:
  struct Entry {
    int64 id;    // 0: an empty place
    uint32 value;
  };
  // Neighbours lie together: tables are mostly read in the order of their ids.
  Entry& find(int64 id) const {
    uint64 at = (mixed((uint64)id >> 3) << 3 | ((uint64)id & 7)) & (room_ - 1);
    while (list_[at].id != 0 && list_[at].id != id) at = (at + 1) & (room_ - 1);
    return list_[at];
  }

  uint64 room_ = 64;
  int64 count_ = 0;
  Entry* list_;
};

EventCells::EventCells(const pg::Home& home, const CellQuestion& question)
    : home_(home), question_(question), context_(CurrentMemoryContext),
      most_(Max((int64)((double)work_mem * 1024 * hash_mem_multiplier / kBytesOfSum), (int64)500)) {
  grow();
}

void EventCells::grow() {
  room_ = Max(room_ * 2, (uint64)4096);
  if (slots_) pfree(slots_);
  slots_ = static_cast<uint32*>(MemoryContextAllocExtended(context_, room_ * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO));
  for (int64 i = 0; i < sums_.size(); i++) {
    const Sum& sum = sums_[i];
    uint64 at = hash_of(sum.viewer, sum.session, sum.day) & (room_ - 1);
    while (slots_[at] != 0) at = (at + 1) & (room_ - 1);
    slots_[at] = (uint32)i + 1;
  }
}

EventCells::Sum& EventCells::find(const Waiting& key) {
  uint64 at = key.hash & (room_ - 1);
  for (; slots_[at] != 0; at = (at + 1) & (room_ - 1)) {
    Sum& sum = sums_[slots_[at] - 1];
    if (sum.viewer == key.viewer && sum.session == key.session && sum.day == key.day) return sum;
  }
  Sum& added = sums_.append({key.viewer, key.session, 0, key.day, kUnknown, 0, 0, 0});
  slots_[at] = (uint32)sums_.size();
  if ((uint64)sums_.size() * 2 > room_) grow();
  return added;
}

void EventCells::take(const Event& event) {
  Waiting& next = waiting_[waiting_count_++];
  next.event = event;
  next.viewer = event.user != 0 ? event.user : -event.session;
  next.session = is_of_viewers(question_.dimension) ? 0 : event.session;
  next.day = question_.by_day ? (int32)core::floor_divide(event.at, USECS_PER_DAY) : 0;
  next.hash = hash_of(next.viewer, next.session, next.day);
  __builtin_prefetch(&slots_[next.hash & (room_ - 1)]);
  if (waiting_count_ == kMostWaiting) add_waiting();
}

void EventCells::add_waiting() {
  for (int i = 0; i < waiting_count_; i++)
    if (const uint32 slot = slots_[waiting_[i].hash & (room_ - 1)]; slot != 0) __builtin_prefetch(&sums_[slot - 1]);
  for (int i = 0; i < waiting_count_; i++) {
    const Event& event = waiting_[i].event;
    Sum& sum = find(waiting_[i]);
    const bool view = event.type == core::Engagement::view, counting = view || event.type == core::Engagement::complete || event.watch_time_ms > 0;
    if (question_.about.given && event.content != question_.about.value) {
      sum.flags |= (view ? kViewsElsewhere : 0) | (counting ? kCountingElsewhere : 0);
      continue;
    }
    sum.flags |= kEvents | (counting ? kCounting : 0);
    sum.views += view;
    sum.completions += event.type == core::Engagement::complete || (view && event.completed);
    sum.watch_time_ms += event.watch_time_ms;
  }
  waiting_count_ = 0;
}

// Until f(Event) is false.
template <class F>
void EventCells::each_event(pg::Query& query, F&& f) {
  if (question_.content.given || question_.creator.given) {
    const pg::Parameters parameters = pg::Parameters().range(question_.range).id(question_.content).id(question_.creator);
    query.each_row(events_of_scope, parameters, [&](TupleTableSlot* row) {
      slot_getallattrs(row);
      const Datum* values = row->tts_values;
      const auto id = [&](int column) { return row->tts_isnull[column] ? 0 : DatumGetInt64(values[column]); };
      Event event{id(0), id(1), id(2), {}, DatumGetBool(values[5]), DatumGetInt32(values[4]), DatumGetTimestampTz(values[6])};
      return !rollup::EngagementLabels::find(DatumGetObjectId(values[3]), &event.type) || f(event);
    });
    return;
  }
  namespace events = access::events;
  rollup::EventsBetween between(home_, GetActiveSnapshot(), question_.range);
  between.for_each([&](const pg::BlockScan& row) {
    bool null, no_user, no_session;
    const Datum user = row.value(events::user_id, &no_user), session = row.value(events::session_id, &no_session);
    Event event{0, no_user ? 0 : DatumGetInt64(user), no_session ? 0 : DatumGetInt64(session), {},
                DatumGetBool(row.value(events::completed, &null)), DatumGetInt32(row.value(events::watch_time_ms, &null)), 0};
    if (rollup::EngagementLabels::find(DatumGetObjectId(row.value(events::type, &null)), &event.type) && !f(event)) between.stop();
  });
}

bool EventCells::read(pg::Query& query) {
  bool fits = true;
  MemoryContext outside = MemoryContextSwitchTo(context_);
  each_event(query, [&](const Event& event) {
    MemoryContext inside = MemoryContextSwitchTo(context_);
    take(event);
    MemoryContextSwitchTo(inside);
    return fits = sums_.size() <= most_;
  });
  if (fits) {
    add_waiting();
    fits = sums_.size() <= most_;
  }
  pfree(slots_);
  if (fits) {
    read_attributes(query);
    sort();
  } else {
    sums_.release();
  }
  MemoryContextSwitchTo(outside);
  return fits;
}

void EventCells::read_attributes(pg::Query& query) {
  const bool of_viewers = is_of_viewers(question_.dimension);
  const auto id_of = [&](const Sum& sum) { return of_viewers ? Max(sum.viewer, (int64)0) : sum.session; };
  Attributes known(sums_.size());
  for (const Sum& sum : sums_)
    if (const int64 id = id_of(sum); id != 0) known.expect(id);
  Values values(&values_);
  const auto set = [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    const int64 id = DatumGetInt64(row->tts_values[0]);
    if (!row->tts_isnull[1] && known.expects(id)) known.set(id, values.number_of(PG_DETOAST_DATUM_PACKED(row->tts_values[1])));
  };
  auto& [some, all] = attributes[(int)question_.dimension];
  const double rows = rows_of(home_, of_viewers ? "explore_viewers" : "explore_feed_sessions");
  if (rows >= 0 && (double)known.count() * kRowsForLookUp > rows) {
    query.each_row(all, pg::Parameters().null().id(question_.year), set);
  } else {
    rollup::AscendingIds ids = known.ids();
    for (int64 i = 0; i < ids.size(); i += kPortion) {
      const rollup::AscendingIds portion(ids.begin() + i, Min(kPortion, ids.size() - i));
      query.each_row(some, pg::Parameters().add(rollup::id_array(portion)).id(question_.year), set);
    }
  }
  for (Sum& sum : sums_)
    if (const int64 id = id_of(sum); id != 0) sum.value = known.of(id);
  known.release();
}

void EventCells::sort() {
  pg::Array<uint32> ranks;
  pg::Array<uint32> by_bytes;
  for (int64 i = 0; i < values_.size(); i++) by_bytes.append(i), ranks.append(0);
  const auto before = [&](uint32 a, uint32 b) { return compare(values_[a], values_[b]) < 0; };
  std::sort(by_bytes.begin(), by_bytes.end(), before);
  pg::Array<struct varlena*> ordered;
  for (int64 i = 0; i < by_bytes.size(); i++) ranks[by_bytes[i]] = i, ordered.append(values_[by_bytes[i]]);
  values_ = ordered;
  for (int64 i = 0; i < sums_.size(); i++) order_.append({sums_[i].viewer, ranks[sums_[i].value], (uint32)i});
  std::sort(order_.begin(), order_.end(), [](const Place& a, const Place& b) { return a.rank != b.rank ? a.rank < b.rank : a.viewer < b.viewer; });
}

}  // namespace ea::audience
