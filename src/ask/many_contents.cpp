#include "ask/many_contents.hpp"

#include <algorithm>

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

// What is known of contents beside their buckets, by content: events of the tail, and of the deltas when
// these are read at one go; a tail too long for that comes as summaries.
class Extras {
 public:
  Extras(const pg::Home& home, Snapshot snapshot, const AscendingIds* wanted, const core::Span& range)
      : query_(home), range_(range) {
    const int64 low = watermark(snapshot);
    TailFilter filter;
    filter.range = range;
    filter.all = wanted == nullptr;
    if (wanted) filter.contents = wanted->begin(), filter.count = (int)wanted->size();
    Tail tail = read_tail(home, snapshot, low, filter, kLongTail);
    if (tail.complete) {
      events_ = pg::Array<TailEvent>(tail.events, tail.count);
    } else {
      rows_ = query_.read(raw_contents, pg::Parameters().add(wanted != nullptr, wanted ? id_array(*wanted) : 0)
                                            .time(range.from).time(range.to).id(low));
    }
  }

  // Every delta of a wanted content; false, and none of them, where their events do not fit into memory.
  bool read_all_deltas(Snapshot snapshot, const AscendingIds* wanted) {
    const int64 before = events_.size(), most = before + (int64)work_mem * 1024 / (int64)sizeof(TailEvent);
    const auto add = [&](const DeltaLog& log) {
      core::for_each_event(log.log, range_.from, range_.to, [&](const core::TimedEvent& e) { events_.append({log.id, 0, e}); });
      return events_.size() <= most;
    };
    if (wanted && wanted->size() <= pages_of_deltas())
      each_delta_of(snapshot, ScopeKind::content, *wanted, range_, add);
    else
      each_delta_of(snapshot, ScopeKind::content, kAllEpochs,
                    [&](const DeltaLog& log) { return (wanted && !std::binary_search(wanted->begin(), wanted->end(), log.id)) || add(log); });
    if (events_.size() <= most) return true;
    events_.shorten(before);
    return false;
  }

  void sort() {
    std::sort(events_.begin(), events_.end(), [](const TailEvent& a, const TailEvent& b) { return a.content < b.content; });
  }

  void add_to(Sink& sink, int64 content) {
    const auto before = [](const TailEvent& e, int64 id) { return e.content < id; };
    for (TailEvent* e = std::lower_bound(events_.begin(), events_.end(), content, before);
         e != events_.end() && e->content == content; e++)
      sink.event(e->event.event);
    uint64 low = 0, high = rows_;
    while (low < high) {
      const uint64 middle = (low + high) / 2;
      if (query_.int64_at(middle, 1) < content)
        low = middle + 1;
      else
        high = middle;
    }
    if (low < rows_ && query_.int64_at(low, 1) == content) sink.summary(query_.value(low, 2));
  }

  // Contents of events and rows, ascending, each once.
  AscendingIds contents() const {
    AscendingIds result;
    for (int64 i = 0; i < events_.size(); i++)
      if (i == 0 || events_[i].content != events_[i - 1].content) result.append(events_[i].content);
    for (uint64 i = 0; i < rows_; i++) result.append(query_.int64_at(i, 1));
    make_ascending(&result);
    return result;
  }

  void finish() { query_.finish(); }

 private:
  pg::Query query_;      // open as long as its rows are read
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

template <class F>
void one_content(MemoryContext context, int64 content, ContentVisitor& visitor, F&& feed) {
  CHECK_FOR_INTERRUPTS();
  MemoryContext outside = MemoryContextSwitchTo(context);
  Watched sink(visitor.begin());
  feed(sink);
  if (sink.any) visitor.end(content);
  MemoryContextSwitchTo(outside);
  MemoryContextReset(context);
}

}  // namespace

void visit_contents(const pg::Home& home, const AscendingIds* wanted, const core::Span& range, ContentVisitor& visitor, Order order) {
  if (range.from >= range.to) return;
  Snapshot snapshot = GetActiveSnapshot();
  MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics content", ALLOCSET_DEFAULT_SIZES);
  Extras extras(home, snapshot, wanted, range);
  const bool everything = range.contains(core::Span{});
  const bool deltas_at_one_go = (!wanted || wanted->size() >= kManyContents) && extras.read_all_deltas(snapshot, wanted);
  extras.sort();
  const int64 low = watermark(snapshot);
  Reader reader(snapshot, low);
  pg::IndexScan scan;    // of totals
  const auto feed = [&](int64 content, Sink& sink) {
    bool null;
    check_epoch(scan.int64_at(totals::epoch), low);
    const Datum log = scan.value(totals::events, &null);
    if (!null)
      feed_log(log, range, sink);
    else if (everything)
      sink.summary(scan.value(totals::summary, &null));
    else
      reader.read_buckets({ScopeKind::content, content}, range, sink);
    if (!deltas_at_one_go) reader.read_deltas({ScopeKind::content, content}, range, sink);
  };
  const auto is_content = [&] { return scan.int16_at(totals::scope) == (int16)ScopeKind::content; };
  if (wanted) {
    scan.open(tables().totals, tables().totals_key, snapshot);
    pg::AscendingEntries stored(scan);
    for (const int64 content : *wanted) {
      const bool found = stored.find(content, is_content);
      one_content(context, content, visitor, [&](Sink& sink) {
        if (found) feed(content, sink);
        extras.add_to(sink, content);
      });
    }
  } else {
    // Those without a total come between the others, or after them.
    const AscendingIds beside = extras.contents();
    bool* seen = static_cast<bool*>(palloc0(Max(beside.size(), 1)));
    int64 next = 0;
    const auto visit_beside = [&](int64 upto) {
      for (; next < beside.size() && beside[next] <= upto; next++)
        if (!seen[next]) one_content(context, beside[next], visitor, [&](Sink& sink) { extras.add_to(sink, beside[next]); });
    };
    if (order == Order::ascending)
      scan.open(tables().totals, tables().totals_key, snapshot);
    else
      scan.open(tables().totals, snapshot);
    scan.start();
    while (scan.next()) {
      if (!is_content()) continue;
      const int64 content = scan.int64_at(totals::id);
      const int64* place = std::lower_bound(beside.begin(), beside.end(), content);
      if (place != beside.end() && *place == content) seen[place - beside.begin()] = true;
      if (order == Order::ascending) visit_beside(content);
      one_content(context, content, visitor, [&](Sink& sink) {
        feed(content, sink);
        extras.add_to(sink, content);
      });
    }
    visit_beside(PG_INT64_MAX);
  }
  scan.close();
  reader.close();
  extras.finish();
  MemoryContextDelete(context);
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
    Extras tail(home, snapshot, nullptr, {});
    MemoryContext inside = MemoryContextSwitchTo(caller);
    tail.sort();
    *contents = tail.contents();
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
