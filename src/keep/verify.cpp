#include "keep/verify.hpp"

#include <algorithm>

#include "core/tree/bucket_audit.hpp"
#include "keep/event_groups.hpp"
#include "keep/session_days.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"
#include "store/raw_horizon.hpp"
#include "store/raw_sessions.hpp"
#include "store/span.hpp"
#include "store/stored_events.hpp"

namespace ea::rollup {

namespace {

const char* name_of(ScopeKind scope) {
  constexpr const char* kNames[] = {"platform", "creator", "content", "platform sessions", "creator sessions"};
  return kNames[(int)scope];
}

class Report {
 public:
  Report(Findings& findings, ScopeKind scope) : findings_(findings), scope_(scope) {}
  void add(int64 id, const core::Span& span, const char* problem, pg::Optional<int64> stored, int64 raw) {
    findings_.add(name_of(scope_), id, span, problem, stored, raw);
  }

 private:
  Findings& findings_;
  ScopeKind scope_;
};

using Events = pg::Array<core::TimedEvent>;

// Where two sorted lists differ, one row for each UTC day; or, of a time that the raw table does not hold
// completely, where it holds events that are not stored.
void compare_days(Report& report, int64 id, core::TimedEvents stored, core::TimedEvents raw, bool complete) {
  const auto day_of = [](const core::TimedEvent& e) { return core::floor_divide(e.at, core::kDay); };
  size_t i = 0, j = 0;
  while (i < stored.size() || j < raw.size()) {
    const int64 day = i == stored.size() ? day_of(raw[j])
                      : j == raw.size()  ? day_of(stored[i])
                                         : Min(day_of(stored[i]), day_of(raw[j]));
    size_t k = i, l = j;
    while (k < stored.size() && day_of(stored[k]) == day) k++;
    while (l < raw.size() && day_of(raw[l]) == day) l++;
    const core::TimedEvent *const s = stored.data(), *const r = raw.data();
    if (complete ? k - i != l - j || !std::equal(s + i, s + k, r + j) : !std::includes(s + i, s + k, r + j, r + l))
      report.add(id, {day * core::kDay, (day + 1) * core::kDay}, complete ? "events differ" : "raw events are not stored", {true, (int64)(k - i)}, (int64)(l - j));
    i = k;
    j = l;
  }
}

// The events of one key, in portions of whole stretches of time.
class KeyCheck {
 public:
  KeyCheck(Report& report, StoredEvents& stored, ScopeKind scope, const core::Span& range, int64 horizon)
      : report_(report), stored_(stored), scope_(scope), range_(range), horizon_(horizon),
        context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics verify", ALLOCSET_DEFAULT_SIZES)) {}

  void begin(int64 id) {
    id_ = id;
    from_ = range_.from;
    raw_ = Events();
    MemoryContextReset(context_);
  }
  void raw(const core::TimedEvent& event) {
    if (event.at >= horizon_) pass_horizon();
    if (raw_.size() >= kMaxGroup && event.at != raw_[raw_.size() - 1].at) compare(event.at);
    MemoryContext outside = MemoryContextSwitchTo(context_);
    raw_.append(event);
    MemoryContextSwitchTo(outside);
  }
  void end() {
    pass_horizon();
    compare(range_.to);
  }

 private:
  void pass_horizon() {
    if (from_ < horizon_ && horizon_ < range_.to) compare(horizon_);
  }
  void compare(int64 to) {
    const bool complete = from_ >= horizon_;
    if (!complete && raw_.empty()) {
      from_ = to;
      return;
    }
    MemoryContext outside = MemoryContextSwitchTo(context_);
    const Key key{scope_, id_};
    Events stored, beside;
    stored_.each_delta(key, {from_, to}, [&](const core::TimedEvent& e) { beside.append(e); });
    std::sort(beside.begin(), beside.end());
    std::sort(raw_.begin(), raw_.end());
    const core::TimedEvent *next_beside = beside.begin(), *next_raw = raw_.begin();
    // Of whole days, so that none is told twice; what is stored may be far more than the raw rows.
    const auto compare_before = [&](int64 end) {
      for (; next_beside < beside.end() && next_beside->at < end; next_beside++) stored.append(*next_beside);
      std::sort(stored.begin(), stored.end());
      const core::TimedEvent* const first = next_raw;
      while (next_raw < raw_.end() && next_raw->at < end) next_raw++;
      compare_days(report_, id_, core::TimedEvents(stored.begin(), (size_t)stored.size()), core::TimedEvents(first, (size_t)(next_raw - first)), complete);
      stored.clear();
    };
    stored_.for_each_in_order(key, {from_, to}, [&](const core::TimedEvent& e) {
      const int64 day = core::floor_divide(e.at, core::kDay);
      if (stored.size() >= kMaxGroup && core::floor_divide(stored[stored.size() - 1].at, core::kDay) != day) compare_before(day * core::kDay);
      stored.append(e);
    });
    compare_before(to);
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context_);
    raw_ = Events();
    from_ = to;
  }

  Report& report_;
  StoredEvents& stored_;
  ScopeKind scope_;
  core::Span range_;
  int64 horizon_;
  MemoryContext context_;
  int64 id_ = 0, from_ = 0;
  Events raw_;
};

// Compares the stored summaries of one key with what the logs below them say.
class Audit final : public core::BucketAudit {
 public:
  Audit(Report& report, pg::IndexScan& totals, pg::IndexScan& buckets, const Key& key, std::pmr::memory_resource* memory)
      : BucketAudit(memory), report_(report), totals_(totals), buckets_(buckets), key_(key), memory_(memory) {}
  int64 expected = 0;

  // Of a log that has its summary beside it.
  void summed_log(const core::Bucket& bucket, core::TimedEvents events) {
    core::Summary summary(memory_);
    for (const core::TimedEvent& e : events) summary.add(e.event);
    summary.settle();
    compare(bucket, summary, events.size());
  }

 private:
  void expect(const core::Bucket& bucket, const core::Summary& summary, std::uint64_t events) override {
    expected++;
    compare(bucket, summary, events);
  }

  void compare(const core::Bucket& bucket, const core::Summary& summary, std::uint64_t events) {
    std::pmr::vector<std::byte> bytes(summary.encoded_size(), memory_);
    summary.encode(bytes);
    bool same = false;
    pg::guard([&] {
      pg::IndexScan& scan = bucket.level == 0 ? totals_ : buckets_;
      if (bucket.level == 0)
        scan.equal(totals::key::id, key_.id).equal_int2(totals::key::scope, (int16)key_.scope).start();
      else
        scan.equal(buckets::key::id, key_.id).equal_int2(buckets::key::scope, (int16)key_.scope)
            .equal_int2(buckets::key::level, (int16)bucket.level).equal(buckets::key::number, bucket.number).start();
      if (!scan.next()) return;
      bool null;
      const Datum stored = scan.value(bucket.level == 0 ? totals::summary : buckets::summary, &null);
      if (null) return;
      struct varlena* flat = PG_DETOAST_DATUM_PACKED(stored);
      const core::Bytes found = pg::bytes_of(flat);
      same = found.size() == bytes.size() && memcmp(found.data(), bytes.data(), bytes.size()) == 0;
      if (flat != (struct varlena*)DatumGetPointer(stored)) pfree(flat);
    });
    if (!same)
      pg::guard([&] { report_.add(key_.id, core::span_of(bucket), "summary differs from its events", {}, (int64)events); });
  }

  Report& report_;
  pg::IndexScan& totals_;
  pg::IndexScan& buckets_;
  Key key_;
  std::pmr::memory_resource* memory_;
};

struct Leaf {
  int64 start;
  int32 level;
  int64 number;
  bool summed;    // has a summary, too
};

class Auditor {
 public:
  Auditor(Report& report, Snapshot snapshot, ScopeKind scope) : report_(report), scope_(scope) {
    const Tables& t = tables();
    totals_.open(t.totals, t.totals_key, snapshot);
    buckets_.open(t.buckets, t.buckets_key, snapshot);
    leaves_.open(t.buckets, t.buckets_key, snapshot);
    context_ = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics audit", ALLOCSET_DEFAULT_SIZES);
  }

  void check(int64 id) {
    MemoryContext outside = MemoryContextSwitchTo(context_);
    const Key key{scope_, id};
    pg::Array<Leaf> leaves;
    int64 summaries = 0;
    bool null;
    totals_.equal(totals::key::id, id).equal_int2(totals::key::scope, (int16)scope_).start();
    if (totals_.next()) {
      (void)totals_.value(totals::summary, &null);
      summaries += !null;
    }
    leaves_.equal(buckets::key::id, id).equal_int2(buckets::key::scope, (int16)scope_).start();
    while (leaves_.next()) {
      const core::Bucket bucket{leaves_.int16_at(buckets::level), leaves_.int64_at(buckets::number)};
      (void)leaves_.value(buckets::events, &null);
      if (null) {
        summaries++;
        continue;
      }
      (void)leaves_.value(buckets::summary, &null);
      leaves.append({core::span_of(bucket).from, bucket.level, bucket.number, !null});
    }
    std::sort(leaves.begin(), leaves.end(), [](const Leaf& a, const Leaf& b) { return a.start < b.start; });
    MemoryContext small = AllocSetContextCreate(context_, "explore_analytics log", ALLOCSET_DEFAULT_SIZES);
    {
      pg::Resource memory(context_);
      Audit audit(report_, totals_, buckets_, key, &memory);
      std::pmr::vector<core::TimedEvent> events(&memory);
      for (const Leaf& leaf : leaves) {
        core::Bytes log;
        pg::guard([&] { log = fetch_log(small, key, leaf); });
        events.clear();
        core::for_each_event(log, std::numeric_limits<int64>::min(), std::numeric_limits<int64>::max(),
                             [&](const core::TimedEvent& e) { events.push_back(e); });
        audit.log({leaf.level, leaf.number}, events);
        if (leaf.summed) audit.summed_log({leaf.level, leaf.number}, events);
      }
      audit.finish();
      if (audit.expected != summaries)
        pg::guard([&] { report_.add(id, {}, "summaries without events below them", {true, summaries}, audit.expected); });
    }
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context_);
  }

  void close() {
    totals_.close();
    buckets_.close();
    leaves_.close();
    MemoryContextDelete(context_);
  }

 private:
  core::Bytes fetch_log(MemoryContext context, const Key& key, const Leaf& leaf) {
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(context);
    MemoryContext outside = MemoryContextSwitchTo(context);
    buckets_.equal(buckets::key::id, key.id).equal_int2(buckets::key::scope, (int16)key.scope)
        .equal_int2(buckets::key::level, (int16)leaf.level).equal(buckets::key::number, leaf.number).start();
    core::Bytes bytes;
    bool null;
    if (buckets_.next()) bytes = pg::bytes_of((struct varlena*)PG_DETOAST_DATUM_COPY(buckets_.value(buckets::events, &null)));
    MemoryContextSwitchTo(outside);
    return bytes;
  }

  Report& report_;
  ScopeKind scope_;
  pg::IndexScan totals_, buckets_, leaves_;
  MemoryContext context_;
};

// Raw sessions as they were at the last refresh: what was noted since then is taken back.
void verify_scope(pg::Query& query, Snapshot snapshot, ScopeKind scope, const core::Span& span, const SessionChanges& changes, Findings& findings) {
  Report report(findings, scope);
  const AscendingIds ids = stored_ids(snapshot, scope);
  Auditor auditor(report, snapshot, scope);
  for (const int64 id : ids) auditor.check(id);
  auditor.close();
  StoredEvents stored(snapshot);
  SessionDays days(span);
  const bool platform = scope == ScopeKind::sessions;
  const auto finish = [&](int64 id) {
    if (!platform && !moves_of_creator(query.home(), snapshot, id).none()) {
      days = SessionDays(span);
      return;
    }
    add_stored_sessions(stored, {scope, id}, days);
    days.finish([&](const core::Span& day, int64 there, int64 raw) { report.add(id, day, "sessions differ", {true, there}, raw); });
  };
  const auto before = [&](int64 session, const SessionState& now) {
    const SessionChange* change = changes.find(session);
    return change ? change->before : now;
  };
  AscendingIds seen;
  int64 current = 0, id, session;
  SessionState state;
  RawSessions raw = platform ? RawSessions(query) : RawSessions(query, watermark(snapshot), nullptr);
  while (raw.next(&id, &session, &state)) {
    if (id != current) {
      if (current != 0) finish(current);
      seen.append(id);
    }
    current = id;
    const SessionState then = before(session, state);
    if (then.exists) days.raw(session_entry(platform ? 0 : session, then));
  }
  raw.close();
  if (platform) {
    for (const SessionChange& change : changes.list)
      if (change.before.exists && !change.now.exists) days.raw(session_entry(0, change.before));
    finish(0);
  } else if (current != 0) {
    finish(current);
  }
  for (const int64 other : ids)
    if (other != 0 && !std::binary_search(seen.begin(), seen.end(), other)) finish(other);
  stored.close();
}

}  // namespace

void verify(const pg::Home& home, const pg::Range& range, bool summaries, Findings& findings) {
  Snapshot snapshot = GetActiveSnapshot();
  const core::Span span = span_of(range);
  if (span.from >= span.to) return;
  pg::Query query(home);
  query.sort_in_maintenance_memory();
  RawSelection chosen;
  chosen.above = std::numeric_limits<int64>::min();
  chosen.upto = watermark(snapshot);
  chosen.range = range;
  const int64 horizon = raw_horizon(GetActiveSnapshot());
  for (ScopeKind scope : {ScopeKind::platform, ScopeKind::creator, ScopeKind::content}) {
    Report report(findings, scope);
    StoredEvents stored(snapshot);
    const AscendingIds ids = stored_ids(snapshot, scope);
    if (summaries) {
      Auditor auditor(report, snapshot, scope);
      for (const int64 id : ids) auditor.check(id);
      auditor.close();
    }
    // Both lists of ids ascend: what only one of them has is compared with nothing.
    KeyCheck check(report, stored, scope, span, horizon);
    const auto skipped = [&](int64 id) { return scope == ScopeKind::creator && !moves_of_creator(home, snapshot, id).none(); };
    RawEvents raw(query, scope, chosen);
    int64 id;
    core::TimedEvent event;
    bool more = raw.next(&id, &event);
    for (int64 i = 0; more || i < ids.size();) {
      const int64 current = !more ? ids[i] : i == ids.size() ? id : Min(id, ids[i]);
      if (i < ids.size() && ids[i] == current) i++;
      const bool skip = skipped(current);
      check.begin(current);
      for (; more && id == current; more = raw.next(&id, &event))
        if (!skip) check.raw(event);
      if (!skip) check.end();
    }
    raw.close();
    stored.close();
  }
  query.finish();
}

void verify_sessions(const pg::Home& home, const pg::Range& range, Findings& findings) {
  Snapshot snapshot = GetActiveSnapshot();
  const core::Span span = span_of(range);
  if (span.from >= span.to || !sessions_kept(snapshot).made) return;
  const SessionChanges changes = read_session_changes(snapshot, std::numeric_limits<int64>::max());
  if (changes.all) return;
  pg::Query query(home);
  query.sort_in_maintenance_memory();
  for (ScopeKind scope : {ScopeKind::sessions, ScopeKind::creator_sessions}) verify_scope(query, snapshot, scope, span, changes, findings);
  query.finish();
}

}  // namespace ea::rollup
