#include "ask/many_contents.hpp"

#include <algorithm>

#include "ask/stored_parts.hpp"
#include "core/tree/event_log.hpp"
#include "pg/ascending.hpp"
#include "store/epoch.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

constexpr int64 kLongTail = 200000;

// So many look through the shelves of deltas together rather than each for itself.
constexpr int64 kManyContents = 8;

int64 pages_of_deltas() {
  Relation deltas = table_open(tables().deltas.oid, AccessShareLock);
  const int64 pages = RelationGetNumberOfBlocks(deltas);
  table_close(deltas, AccessShareLock);
  return pages;
}

pg::Statement raw_contents(
    "/* explore_analytics: tail */ SELECT e.content_id, " EA_SUMMARY " FROM {s}.explore_engagements e"
    " WHERE ($1 IS NULL OR e.content_id = ANY ($1)) AND " EA_IN_RANGE("$2", "$3") " AND e.epoch > $4 AND " EA_COUNTED
    " GROUP BY 1 ORDER BY 1",
    {INT8ARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement raw_creators(
    "/* explore_analytics: tail */ SELECT c.creator_id, " EA_SUMMARY " FROM {s}.explore_engagements e JOIN {s}.explore_content c ON c.id = e.content_id"
    " WHERE " EA_IN_RANGE("$1", "$2") " AND e.epoch > $3 AND " EA_COUNTED " GROUP BY 1 ORDER BY 1",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// What is known of contents or creators beside their buckets, by id: events of the tail, and of the deltas when these are
// read at one go; a tail too long for that comes as summaries.
class Extras {
 public:
  Extras(const pg::Home& home, Snapshot snapshot, ScopeKind scope, const AscendingIds* wanted, const core::Span& range)
      : query_(home), scope_(scope), range_(range) {
    const int64 low = watermark(snapshot);
    TailFilter filter;
    filter.range = range;
    filter.all = wanted == nullptr;
    if (wanted) filter.contents = wanted->begin(), filter.count = (int)wanted->size();
    Tail tail = read_tail(home, snapshot, low, filter, kLongTail);
    if (tail.complete) {
      events_ = pg::Array<TailEvent>(tail.events, tail.count);
      if (scope == ScopeKind::creator) turn_to_creators(home, snapshot);
    } else if (scope == ScopeKind::creator) {
      rows_ = query_.read(raw_creators, pg::Parameters().time(range.from).time(range.to).id(low));
    } else {
      rows_ = query_.read(raw_contents, pg::Parameters().add(wanted != nullptr, wanted ? id_array(*wanted) : 0)
                                            .time(range.from).time(range.to).id(low));
    }
  }

  // Every delta of what is wanted and not left out; false, and none of them, where their events do not fit into memory.
  bool read_all_deltas(Snapshot snapshot, const AscendingIds* wanted, const AscendingIds& left_out) {
    const auto is_in = [](const AscendingIds& ids, int64 id) { return std::binary_search(ids.begin(), ids.end(), id); };
    const int64 before = events_.size(), most = before + (int64)work_mem * 1024 / (int64)sizeof(TailEvent);
    const auto add = [&](const DeltaLog& log) {
      core::for_each_event(log.log, range_.from, range_.to, [&](const core::TimedEvent& e) { events_.append({log.id, 0, e}); });
      return events_.size() <= most;
    };
    if (wanted && wanted->size() <= pages_of_deltas())
      each_delta_of(snapshot, scope_, *wanted, range_, add);
    else
      each_delta_of(snapshot, scope_, kAllEpochs,
                    [&](const DeltaLog& log) { return (wanted && !is_in(*wanted, log.id)) || is_in(left_out, log.id) || add(log); });
    if (events_.size() <= most) return true;
    events_.shorten(before);
    return false;
  }

  void sort() {
    std::sort(events_.begin(), events_.end(), [](const TailEvent& a, const TailEvent& b) { return a.content < b.content; });
  }

  void add_to(Sink& sink, int64 id) {
    const auto before = [](const TailEvent& e, int64 wanted) { return e.content < wanted; };
    for (TailEvent* e = std::lower_bound(events_.begin(), events_.end(), id, before); e != events_.end() && e->content == id; e++)
      sink.event(e->event.event);
    uint64 low = 0, high = rows_;
    while (low < high) {
      const uint64 middle = (low + high) / 2;
      if (query_.int64_at(middle, 1) < id)
        low = middle + 1;
      else
        high = middle;
    }
    if (low < rows_ && query_.int64_at(low, 1) == id) sink.summary(query_.value(low, 2));
  }

  // Of events and rows, ascending, each once.
  AscendingIds ids() const {
    AscendingIds result;
    for (int64 i = 0; i < events_.size(); i++)
      if (i == 0 || events_[i].content != events_[i - 1].content) result.append(events_[i].content);
    for (uint64 i = 0; i < rows_; i++) result.append(query_.int64_at(i, 1));
    make_ascending(&result);
    return result;
  }

  void finish() { query_.finish(); }

 private:
  // Events of contents without a row are of no creator.
  void turn_to_creators(const pg::Home& home, Snapshot snapshot) {
    const Owners owners = owners_of(home, snapshot, ids_in(events_));
    int64 kept = 0;
    for (TailEvent& e : events_) {
      e.content = owners.creator_of(e.content);
      if (e.content != 0) events_[kept++] = e;
    }
    events_.shorten(kept);
  }
  static AscendingIds ids_in(const pg::Array<TailEvent>& events) {
    AscendingIds result;
    for (const TailEvent& e : events) result.append(e.content);
    make_ascending(&result);
    return result;
  }

  pg::Query query_;      // open as long as its rows are read
  ScopeKind scope_;
  core::Span range_;
  pg::Array<TailEvent> events_;
  uint64 rows_ = 0;
};

// Whether anything came at all.
class Watched final : public Sink {
 public:
  explicit Watched(Sink& sink) : sink_(sink) {}
  void event(const core::Event& event) override { any = true; sink_.event(event); }
  bool log(core::Bytes log, const core::Span& range) override { return any |= sink_.log(log, range); }
  void summary(Datum stored) override { any = true; sink_.summary(stored); }
  bool any = false;

 private:
  Sink& sink_;
};

// All there is of one content or creator after the other. Creators whose contents have changed since the last refresh are
// answered as the read path answers them.
class Visits {
 public:
  Visits(const pg::Home& home, ScopeKind scope, const AscendingIds* wanted, const core::Span& range, ContentVisitor& visitor)
      : home_(home), scope_(scope), range_(range), visitor_(visitor), snapshot_(GetActiveSnapshot()), low_(watermark(snapshot_)),
        context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics content", ALLOCSET_DEFAULT_SIZES)),
        extras_(home, snapshot_, scope, wanted, range), reader_(snapshot_, low_) {
    if (scope == ScopeKind::creator) changed_ = changed_creators(home, snapshot_);
    deltas_at_one_go_ = (!wanted || wanted->size() >= kManyContents) && extras_.read_all_deltas(snapshot_, wanted, changed_);
    extras_.sort();
  }

  void visit(const AscendingIds& wanted) {
    totals_.open(tables().totals, tables().totals_key, snapshot_);
    pg::AscendingEntries stored(totals_);
    for (const int64 id : wanted) {
      const bool found = stored.find(id, [&] { return is_of_scope(); });
      visit_one(id, [&](Sink& sink) {
        if (found) feed_stored(id, sink);
        extras_.add_to(sink, id);
      });
    }
  }

  // Those without a total come between the others, or after them.
  void visit_all(Order order) {
    const AscendingIds beside = extras_.ids();
    bool* seen = static_cast<bool*>(palloc0(Max(beside.size(), 1)));
    int64 next = 0;
    const auto visit_beside = [&](int64 upto) {
      for (; next < beside.size() && beside[next] <= upto; next++)
        if (!seen[next] && !has_changed(beside[next])) visit_one(beside[next], [&](Sink& sink) { extras_.add_to(sink, beside[next]); });
    };
    if (order == Order::ascending)
      totals_.open(tables().totals, tables().totals_key, snapshot_);
    else
      totals_.open(tables().totals, snapshot_);
    totals_.start();
    while (totals_.next()) {
      if (!is_of_scope()) continue;
      const int64 id = totals_.int64_at(totals::id);
      if (has_changed(id)) continue;
      const int64* place = std::lower_bound(beside.begin(), beside.end(), id);
      if (place != beside.end() && *place == id) seen[place - beside.begin()] = true;
      if (order == Order::ascending) visit_beside(id);
      visit_one(id, [&](Sink& sink) {
        feed_stored(id, sink);
        extras_.add_to(sink, id);
      });
    }
    visit_beside(PG_INT64_MAX);
    for (const int64 id : changed_)
      visit_one(id, [&](Sink& sink) {
        Reader reader(snapshot_, low_);
        StoredParts parts(home_, snapshot_, reader, {scope_, id}, range_);
        parts.add_to(sink, range_);
        extras_.add_to(sink, id);
        parts.close();
        reader.close();
      });
  }

  void close() {
    totals_.close();
    reader_.close();
    extras_.finish();
    MemoryContextDelete(context_);
  }

 private:
  bool is_of_scope() const { return totals_.int16_at(totals::scope) == (int16)scope_; }
  bool has_changed(int64 id) const { return std::binary_search(changed_.begin(), changed_.end(), id); }

  // Of the total that the scan stands at.
  void feed_stored(int64 id, Sink& sink) {
    bool null;
    check_epoch(totals_.int64_at(totals::epoch), low_);
    const Datum log = totals_.value(totals::events, &null);
    if (!null)
      feed_log(log, range_, sink);
    else if (range_.contains(core::Span{}))
      sink.summary(totals_.value(totals::summary, &null));
    else
      reader_.read_buckets({scope_, id}, range_, sink);
    if (!deltas_at_one_go_) reader_.read_deltas({scope_, id}, range_, sink);
  }

  template <class F>
  void visit_one(int64 id, F&& feed) {
    CHECK_FOR_INTERRUPTS();
    MemoryContext outside = MemoryContextSwitchTo(context_);
    Watched sink(visitor_.begin());
    feed(sink);
    if (sink.any) visitor_.end(id);
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context_);
  }

  const pg::Home& home_;
  ScopeKind scope_;
  core::Span range_;
  ContentVisitor& visitor_;
  Snapshot snapshot_;
  int64 low_;
  MemoryContext context_;    // of one
  Extras extras_;
  Reader reader_;
  AscendingIds changed_;
  bool deltas_at_one_go_ = false;
  pg::IndexScan totals_;
};

}  // namespace

void visit_contents(const pg::Home& home, const AscendingIds* wanted, const core::Span& range, ContentVisitor& visitor, Order order) {
  if (range.from >= range.to) return;
  Visits visits(home, ScopeKind::content, wanted, range, visitor);
  wanted ? visits.visit(*wanted) : visits.visit_all(order);
  visits.close();
}

void visit_creators(const pg::Home& home, const core::Span& range, ContentVisitor& visitor) {
  if (range.from >= range.to) return;
  Visits visits(home, ScopeKind::creator, nullptr, range, visitor);
  visits.visit_all(Order::any);
  visits.close();
}

bool contents_to_rescore(const pg::Home& home, AscendingIds* contents) {
  Snapshot snapshot = GetActiveSnapshot();
  const Tables& t = tables();
  pg::IndexScan scan;
  int64 seen = -1, all_since = -1;
  scan.open(t.rescores, snapshot);
  scan.start();
  while (scan.next()) seen = Max(seen, scan.int64_at(rescores::low));
  scan.close();
  scan.open(t.state, snapshot);
  scan.start();
  if (scan.next()) all_since = scan.int64_at(state::rescore_all);
  scan.close();
  if (seen <= all_since) return false;
  {
    MemoryContext caller = CurrentMemoryContext;
    Extras tail(home, snapshot, ScopeKind::content, nullptr, {});
    MemoryContext inside = MemoryContextSwitchTo(caller);
    tail.sort();
    *contents = tail.ids();
    MemoryContextSwitchTo(inside);
    tail.finish();
  }
  // A content that came after its events has none that are new.
  scan.open(t.changes, snapshot);
  scan.start();
  while (scan.next()) contents->append(scan.int64_at(changes::content_id));
  scan.close();
  each_delta_of(snapshot, ScopeKind::content, seen, [&](const DeltaLog& log) {
    contents->append(log.id);
    return true;
  });
  scan.open(t.totals, t.totals_epoch, snapshot);
  scan.above(1, seen).start();
  while (scan.next())
    if (scan.int16_at(totals::scope) == (int16)ScopeKind::content) contents->append(scan.int64_at(totals::id));
  scan.close();
  make_ascending(contents);
  return true;
}

}  // namespace ea::rollup
