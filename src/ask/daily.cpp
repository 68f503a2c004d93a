#include "ask/daily.hpp"

#include <algorithm>

#include "ask/days.hpp"
#include "core/tree/event_log.hpp"
#include "store/deltas.hpp"
#include "store/epoch.hpp"

namespace ea::rollup {

namespace {

// So many keys are looked up one by one rather than with all others.
constexpr int64 kFewKeys = 1000;

struct KeyEvent {
  int64 id;
  core::TimedEvent event;
};

// The events of one key that are not in the summary of a day, and the summaries of days.
class KeyDays {
 public:
  // The lists grow in the context that is current now, and serve every key.
  explicit KeyDays(const DaysWanted& wanted) : range_(wanted.range), with_viewers_(wanted.viewers) {
    events_.append({});
    summaries_.append({});
    viewers_.append({});
    clear();
  }

  void clear() {
    events_.clear();
    summaries_.clear();
    sorted_ = true;
    start(0);
  }
  void event(const core::TimedEvent& e) {
    sorted_ = sorted_ && (events_.empty() || events_[events_.size() - 1].at <= e.at);
    events_.append(e);
  }
  void log(core::Bytes bytes) {
    core::for_each_event(bytes, range_.from, range_.to, [&](const core::TimedEvent& e) { event(e); });
  }
  void log(Datum stored) {
    struct varlena* flat = PG_DETOAST_DATUM_PACKED(stored);
    log(pg::bytes_of(flat));
    if (flat != (struct varlena*)DatumGetPointer(stored)) pfree(flat);
  }
  void leave_out(const AscendingIds& days) {
    const auto is_out = [&](int64 day) { return std::binary_search(days.begin(), days.end(), day); };
    events_.shorten(std::remove_if(events_.begin(), events_.end(), [&](const core::TimedEvent& e) { return is_out(core::floor_divide(e.at, core::kDay)); }) - events_.begin());
    summaries_.shorten(std::remove_if(summaries_.begin(), summaries_.end(), [&](const DaySummary& s) { return is_out(s.day); }) - summaries_.begin());
  }
  // Lasts as long as the context that is current.
  void summary(int64 day, Datum stored) { summaries_.append({day, datumCopy(stored, false, -1)}); }

  // Now that all there is of the key has been added.
  void start(int64 id) {
    if (!sorted_) std::sort(events_.begin(), events_.end(), [](const core::TimedEvent& a, const core::TimedEvent& b) { return a.at < b.at; });
    std::sort(summaries_.begin(), summaries_.end(), [](const DaySummary& a, const DaySummary& b) { return a.day < b.day; });
    id_ = id;
    event_ = events_.begin();
    summary_ = summaries_.begin();
  }
  bool next(DayOfKey* row) {
    const core::TimedEvent* const first = event_;
    const DaySummary* const first_summary = summary_;
    if (first == events_.end() && first_summary == summaries_.end()) return false;
    int64 day = first != events_.end() ? core::floor_divide(first->at, core::kDay) : first_summary->day;
    if (first_summary != summaries_.end()) day = Min(day, first_summary->day);
    const int64 next_day = core::border_of(kDayLevel, day + 1);
    while (event_ != events_.end() && event_->at < next_day) event_++;
    while (summary_ != summaries_.end() && summary_->day == day) summary_++;
    *row = {id_, day, numbers(first, event_, first_summary, summary_)};
    return true;
  }

 private:
  struct DaySummary {
    int64 day;
    Datum stored;
  };

  core::Header numbers(const core::TimedEvent* e, const core::TimedEvent* end, const DaySummary* s, const DaySummary* last) {
    if (s == last || !with_viewers_) {
      core::Header header{};
      for (; s != last; s++) header.counters.merge(header_of(s->stored).counters);
      viewers_.clear();
      for (; e != end; e++) {
        header.counters.add(e->event);
        if (with_viewers_ && e->event.counts_viewer()) viewers_.append(e->event.viewer);
      }
      make_ascending(&viewers_);
      header.unique_viewers = viewers_.size();
      return header;
    }
    SummarySink sink;
    for (; s != last; s++) sink.summary(s->stored);
    for (; e != end; e++) sink.event(e->event);
    return sink.header();
  }

  core::Span range_;
  bool with_viewers_;
  pg::Array<core::TimedEvent> events_;
  pg::Array<DaySummary> summaries_;
  AscendingIds viewers_;
  bool sorted_ = true;
  int64 id_ = 0;
  const core::TimedEvent* event_ = nullptr;       // the next ones
  const DaySummary* summary_ = nullptr;
};

class Pass final : public DailyPass {
 public:
  Pass(const pg::Home& home, ScopeKind scope, const DaysWanted& wanted)
      : home_(home), scope_(scope), wanted_(wanted), snapshot_(GetActiveSnapshot()), low_(watermark(snapshot_)), days_(wanted),
        context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics days", ALLOCSET_DEFAULT_SIZES)) {}

  void open() {
    const Tables& t = tables();
    tail_.read(home_, scope_, wanted_);
    totals_.open(t.totals, t.totals_key, snapshot_);
    buckets_.open(t.buckets, t.buckets_key, snapshot_);
    deltas_.open(snapshot_);
    if (scope_ == ScopeKind::creator) changed_ = changed_creators(home_, snapshot_);
    if (!by_id()) start_all();
  }

  bool next(DayOfKey* row) override {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    bool found;
    while (!(found = days_.next(row)) && next_key()) continue;
    MemoryContextSwitchTo(outside);
    return found;
  }

  void close() override {
    totals_.close();
    buckets_.close();
    deltas_.close();
    if (all_.is_open()) all_.close();
    MemoryContextDelete(context_);
  }

 private:
  // Summaries of the tail by day, sorted.
  class TailDays {
   public:
    void read(const pg::Home& home, ScopeKind scope, const DaysWanted& wanted) {
      rows_.append({});    // outside of what the statement leaves behind
      rows_.clear();
      pg::Query query(home);
      const uint64 found = read_tail_days(query, scope, {});
      for (uint64 i = 0; i < found; i++) {
        const int64 id = query.int64_at(i, 2), day = core::floor_divide(query.int64_at(i, 1), core::kDay);
        if (wanted.range.contains(day * core::kDay) && wanted.has(id)) rows_.append({id, day, query.copy_out(query.value(i, 3))});
      }
      query.finish();
      std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.id < b.id; });
    }
    void add_to(KeyDays& days, int64 id) {
      for (Row* row = std::lower_bound(rows_.begin(), rows_.end(), id, [](const Row& r, int64 wanted) { return r.id < wanted; }); row != rows_.end() && row->id == id; row++)
        days.summary(row->day, row->summary);
    }
    template <class F>
    void each_id(F&& f) {
      for (int64 i = 0; i < rows_.size(); i++)
        if (i == 0 || rows_[i].id != rows_[i - 1].id) f(rows_[i].id);
    }

   private:
    struct Row {
      int64 id, day;
      Datum summary;
    };
    pg::Array<Row> rows_;
  };

  bool by_id() const { return wanted_.ids && wanted_.ids->size() <= kFewKeys; }

  bool next_key() {
    CHECK_FOR_INTERRUPTS();
    days_.clear();
    MemoryContextReset(context_);
    int64 id;
    if (by_id() ? !read_next_of(*wanted_.ids, &id) : !read_next_of_all(&id)) return false;
    tail_.add_to(days_, id);
    days_.start(id);
    return true;
  }

  bool read_next_of(const AscendingIds& ids, int64* id) {
    if (place_ == ids.size()) return false;
    *id = ids[place_++];
    read_by_id(*id);
    return true;
  }

  bool has_changed(int64 id) const { return scope_ == ScopeKind::creator && std::binary_search(changed_.begin(), changed_.end(), id); }

  void read_by_id(int64 id) {
    if (!has_changed(id)) {
      read_key({scope_, id});
      return;
    }
    Reader reader(snapshot_, low_);
    StoredParts parts(home_, snapshot_, reader, {scope_, id}, wanted_.range);
    parts.find_other_days();
    for (const Key& part : parts.keys()) {
      read_key(part);
      if (part.scope != scope_ || parts.other_days().empty()) continue;
      AscendingIds others;
      for (const StoredParts::OtherDay& other : parts.other_days()) others.append(other.day);
      days_.leave_out(others);
      for (const auto& [day, summary] : parts.other_days())
        if (summary) days_.summary(day, summary);
    }
    parts.close();
    reader.close();
  }

  void read_key(const Key& key) {
    totals_.equal(totals::key::id, key.id).equal_int2(totals::key::scope, (int16)key.scope).start();
    if (!totals_.next()) return;
    read_total(key, totals_);
    deltas_.for_each(key, wanted_.range, [&](const DeltaLog& log) { days_.log(log.log); });
  }

  void read_total(const Key& key, const pg::IndexScan& total) {
    check_epoch(total.int64_at(totals::epoch), low_);
    bool null;
    const Datum log = total.value(totals::events, &null);
    if (!null)
      days_.log(log);
    else
      for (int level = 1; level <= kDayLevel && read_level(key, level); level++) {
      }
  }

  // Above days logs only; what is a summary is cut further. False when nothing is.
  bool read_level(const Key& key, int level) {
    const core::Span& range = wanted_.range;
    const core::Span everything;
    buckets_.equal(buckets::key::id, key.id).equal_int2(buckets::key::scope, (int16)key.scope).equal_int2(buckets::key::level, (int16)level)
        .at_least(buckets::key::number, range.from == everything.from ? range.from : core::bucket_number(level, range.from))
        .at_most(buckets::key::number, range.to == everything.to ? range.to : core::bucket_number(level, range.to - 1))
        .start();
    bool null, cut = false;
    while (buckets_.next()) {
      const Datum log = buckets_.value(buckets::events, &null);
      if (!null) {
        days_.log(log);
        continue;
      }
      cut = true;
      if (level == kDayLevel) days_.summary(buckets_.int64_at(buckets::number), buckets_.value(buckets::summary, &null));
    }
    return cut;
  }

  void start_all() {
    each_delta_of(snapshot_, scope_, kAllEpochs, [&](const DeltaLog& log) {
      core::for_each_event(log.log, wanted_.range.from, wanted_.range.to, [&](const core::TimedEvent& e) { delta_events_.append({log.id, e}); });
      return true;
    });
    std::sort(delta_events_.begin(), delta_events_.end(), [](const KeyEvent& a, const KeyEvent& b) { return a.id < b.id; });
    tail_.each_id([&](int64 id) { in_tail_.append(id); });
    has_total_ = static_cast<bool*>(palloc0(Max(in_tail_.size(), 1)));
    all_.open(tables().totals, snapshot_);
    all_.equal_int2(totals::scope, (int16)scope_).start();
  }

  // First those with a total, then creators whose contents have changed, then what only the tail has.
  bool read_next_of_all(int64* id) {
    while (all_.is_open()) {
      if (!all_.next()) {
        all_.close();
        break;
      }
      *id = all_.int64_at(totals::id);
      if (has_changed(*id) || !wanted_.has(*id)) continue;
      const int64* place = std::lower_bound(in_tail_.begin(), in_tail_.end(), *id);
      if (place != in_tail_.end() && *place == *id) has_total_[place - in_tail_.begin()] = true;
      read_total({scope_, *id}, all_);
      for (KeyEvent* e = std::lower_bound(delta_events_.begin(), delta_events_.end(), *id, [](const KeyEvent& other, int64 wanted) { return other.id < wanted; });
           e != delta_events_.end() && e->id == *id; e++)
        days_.event(e->event);
      return true;
    }
    for (; place_ < changed_.size(); place_++)
      if (wanted_.has(changed_[place_])) return read_next_of(changed_, id);
    for (; tail_place_ < in_tail_.size(); tail_place_++) {
      *id = in_tail_[tail_place_];
      if (has_total_[tail_place_] || has_changed(*id)) continue;
      tail_place_++;
      return true;
    }
    return false;
  }

  const pg::Home home_;
  const ScopeKind scope_;
  const DaysWanted wanted_;
  Snapshot snapshot_;
  int64 low_;
  AscendingIds changed_;
  TailDays tail_;
  KeyDays days_;
  pg::IndexScan totals_, buckets_;
  Deltas deltas_;
  MemoryContext context_;    // of a key
  int64 place_ = 0;          // of the next id that is looked up
  // Of all keys: their totals, events from deltas by key, and the ids of the tail.
  pg::IndexScan all_;
  pg::Array<KeyEvent> delta_events_;
  AscendingIds in_tail_;
  bool* has_total_ = nullptr;
  int64 tail_place_ = 0;
};

}  // namespace

DailyPass* begin_days(const pg::Home& home, ScopeKind scope, const DaysWanted& wanted) {
  Pass* pass = new (palloc(sizeof(Pass))) Pass(home, scope, wanted);
  pass->open();
  return pass;
}

}  // namespace ea::rollup
