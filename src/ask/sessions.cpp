#include "ask/sessions.hpp"

#include <algorithm>

#include "core/tree/bucket_parts.hpp"
#include "store/epoch.hpp"
#include "store/raw_horizon.hpp"
#include "store/raw_sessions.hpp"
#include "store/scope.hpp"
#include "store/tail.hpp"

namespace ea::rollup {

namespace {

// Beyond so much that is not refreshed, the planner does better than we do.
constexpr int64 kManyChanges = 50000;
constexpr long kFetch = 5000;
constexpr int64 kManyPages = 1000;
constexpr int64 kLongTail = 20000;

// A session belongs to the period in which it started; it touches a creator if any of its events is on their content.
#define EA_SESSION_METRICS(condition)                                                                    \
  "/* explore_analytics: aggregated_metrics */ "                                                        \
  "SELECT coalesce(avg(extract(epoch FROM s.session_end - s.session_start)), 0)::double precision, count(*)" \
  " FROM {s}.explore_feed_sessions s WHERE s.session_start >= $1 AND s.session_start < $2" condition
#define EA_TOUCHES(more) \
  " AND s.id IN (SELECT e.session_id FROM {s}.explore_engagements e WHERE " EA_COUNTED " AND " EA_OF_CREATOR("$3") more ")"

pg::Statement platform_sessions(EA_SESSION_METRICS(""), {TIMESTAMPTZOID, TIMESTAMPTZOID});
pg::Statement creator_sessions(EA_SESSION_METRICS(EA_TOUCHES("")), {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID});
pg::Statement creator_sessions_of_all_time(EA_SESSION_METRICS(EA_TOUCHES(EA_OR_DROPPED("NULL::bigint", "$3"))), {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID});

pg::Statement long_sessions(
    "/* explore_analytics: sessions */ SELECT s.id, s.session_start, s.session_end FROM {s}.explore_feed_sessions s"
    " WHERE s.session_start >= $1 AND s.session_start < $2 AND " EA_LONG_SESSION " ORDER BY 1",
    {TIMESTAMPTZOID, TIMESTAMPTZOID});

// The contents that the sessions $1 have touched by events up to $2. Planned once, through indexes: planning takes longer than
// looking up a few.
pg::Statement touched_before(
    "/* explore_analytics: sessions */ SELECT e.session_id, e.content_id FROM {s}.explore_engagements e"
    " WHERE e.session_id = ANY ($1) AND e.epoch + 0 <= $2 AND " EA_COUNTED
    " UNION SELECT r.session_id, t.content_id FROM explore_analytics.session_rollups r CROSS JOIN LATERAL unnest(r.touched) t(content_id)"
    " WHERE r.session_id = ANY ($1)",
    {INT8ARRAYOID, INT8OID}, CURSOR_OPT_GENERIC_PLAN);

void count(SessionNumbers* numbers, const core::TimedEvent& entry, int sign) {
  numbers->sessions += sign;
  numbers->ended += entry.event.completed ? sign : 0;
  numbers->microseconds += sign * entry.event.watch_time_ms;
}

SessionNumbers numbers_of(const core::Counters& counters) { return {counters.views, counters.completions, counters.watch_time_ms, {}}; }

bool has(const pg::Array<int64>& list, int64 id) { return std::binary_search(list.begin(), list.end(), id); }

}  // namespace

SessionQuestion::SessionQuestion(const pg::Home& home, pg::Optional<int64> creator, const core::Span& whole)
    : home_(home), creator_(creator), key_{creator.given ? ScopeKind::creator_sessions : ScopeKind::sessions, creator.value},
      snapshot_(GetActiveSnapshot()), low_(watermark(snapshot_)), reader_(snapshot_, low_) {
  const SessionsKept kept = sessions_kept(snapshot_);
  CreatorMoves moves;
  if (creator.given) moves = moves_of_creator(home, snapshot_, creator.value);
  can_tell_ = kept.made && moves.known;
  can_tell_ = can_tell_ && session_changes_pages() <= kManyPages;
  if (!can_tell_) return;
  changes_ = read_session_changes(snapshot_, kManyChanges);
  can_tell_ = !changes_.all;
  if (!can_tell_) return;
  can_tell_ = read_moved(moves);
  if (!can_tell_) return;
  read_deltas();
  read_changes(whole, kept.strangers);
  if (creator.given) read_tail_of_creator();
  if (!can_tell_) return;
  std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) { return a.step.before(b.step); });
  read_long_ones(whole);
}

void SessionQuestion::read_deltas() {
  pg::Array<SessionStep> steps;
  int64 step = 0;
  reader_.for_each_delta(key_, [&](const DeltaLog& log) { append_steps(log.log, step++, &steps); });
  for (const SessionStep& s : steps) events_.append({s, Kind::entry, {}, {}, false, false});
}

bool SessionQuestion::read_moved(const CreatorMoves& moves) {
  if (moves.none()) return true;
  origin_ = {rollup_version(snapshot_), creator_.value, moves.came, moves.gone};
  if (recall_facts(origin_, &moved_)) return true;
  const bool found = find_moved(moves);
  for (int64 i = 0; i < moved_.sessions.size(); i++) moved_.list.append(Touched::unknown);
  has_learnt_ = found;
  return found;
}

bool SessionQuestion::find_moved(const CreatorMoves& moves) {
  // Looking up a session costs about as much as so many rows of a question about all that the creator has.
  constexpr int64 kRowsForSession = 10;
  constexpr int64 kFewRows = 1000;
  AscendingIds contents;
  CounterSink moved, all;
  for (const AscendingIds* list : {&moves.came, &moves.gone})
    for (const int64 content : *list) {
      contents.append(content);
      reader_.read({ScopeKind::content, content}, {}, moved);
    }
  reader_.read({ScopeKind::creator, creator_.value}, {}, all);
  const int64 most = Min(kManyChanges, Max(kFewRows, (int64)core::least_events(all.counters()) / kRowsForSession));
  if ((int64)core::least_events(moved.counters()) > most) return false;
  MemoryContext outside = CurrentMemoryContext;
  pg::Query query(home_);
  MemoryContext inside = MemoryContextSwitchTo(outside);
  moved_.sessions.append(0);    // grows where it is
  moved_.sessions.clear();
  MemoryContextSwitchTo(inside);
  int64 rows = 0;
  each_touching_event(query, contents, low_, [&](int64 session) {
    moved_.sessions.append(session);
    return ++rows <= most;
  });
  make_ascending(&moved_.sessions);
  query.finish();
  return rows <= most;
}

void SessionQuestion::read_changes(const core::Span& whole, bool strangers) {
  constexpr int64 kLater = std::numeric_limits<int64>::max() - 1;
  const auto is_in = [&](const SessionState& state) { return state.exists && whole.contains(state.start); };
  if (!moved_.sessions.empty()) add_unchanged();
  int64 kept = 0;
  for (const SessionChange& change : changes_.list)
    if (is_in(change.before) || is_in(change.now)) changes_.list[kept++] = change;
  changes_.list.shorten(kept);
  pg::Array<int64> unclear, touched;
  const auto is_unclear = [&](const SessionChange& c) {
    return creator_.given && c.now.exists && (has(moved_.sessions, c.session) || (c.before.exists ? c.before.start != c.now.start : strangers));
  };
  for (const SessionChange& change : changes_.list)
    if (is_unclear(change)) unclear.append(change.session);
  find_touched(unclear, &touched);
  for (const SessionChange& change : changes_.list) {
    if (creator_.given && !change.before.exists && !is_unclear(change)) continue;    // no event of its own yet
    const int64 session = creator_.given ? change.session : 0;
    Event event{{session, kLater, {}}, Kind::change, {}, {}, change.before.exists, change.now.exists};
    if (change.before.exists) event.before = session_entry(session, change.before);
    if (change.now.exists) event.step.entry = session_entry(session, change.now);
    if (is_unclear(change)) event.touched = {true, has(touched, change.session)};
    events_.append(event);
  }
}

// What has moved may have changed whose a session is, though the session has not.
void SessionQuestion::add_unchanged() {
  AscendingIds unchanged;
  for (const int64 session : moved_.sessions)
    if (!changes_.find(session)) unchanged.append(session);
  const SessionRows rows(home_, snapshot_, unchanged);
  for (const int64 session : unchanged)
    if (const SessionState& state = rows.of(session); state.exists) changes_.list.append({session, state, state});
  std::sort(changes_.list.begin(), changes_.list.end(), [](const SessionChange& a, const SessionChange& b) { return a.session < b.session; });
}

// Which of these have touched a content that is the creator's now. They are looked up once for all questions to come, as long
// as the answer holds.
void SessionQuestion::find_touched(const AscendingIds& unclear, pg::Array<int64>* touched) {
  const auto fact_of = [&](int64 session) -> Touched* {
    const int64* place = std::lower_bound(moved_.sessions.begin(), moved_.sessions.end(), session);
    return place != moved_.sessions.end() && *place == session ? &moved_.list[place - moved_.sessions.begin()] : nullptr;
  };
  AscendingIds unknown;
  for (const int64 session : unclear) {
    const Touched* fact = fact_of(session);
    if (!fact || *fact == Touched::unknown) unknown.append(session);
  }
  look_up(unknown, touched);
  AscendingIds known;
  for (const int64 session : unclear) {
    Touched* fact = fact_of(session);
    if (!fact) continue;
    if (*fact == Touched::yes) known.append(session);
    if (*fact != Touched::unknown) continue;
    *fact = has(*touched, session) ? Touched::yes : Touched::no;
    has_learnt_ = true;
  }
  for (const int64 session : known) touched->append(session);
  std::sort(touched->begin(), touched->end());
  if (has_learnt_) keep_facts(origin_, moved_);
}

void SessionQuestion::look_up(pg::Array<int64>& sessions, pg::Array<int64>* touched) {
  if (sessions.empty()) return;
  touched->append(0);    // grows where it is
  touched->clear();
  pg::Query query(home_);
  pg::Cursor cursor;
  cursor.open_by_indexes(query, touched_before, pg::Parameters().add(id_array(sessions)).id(low_));
  bool null;
  AscendingIds contents;
  while (const uint64 rows = cursor.fetch(kFetch)) {
    contents.clear();
    for (uint64 i = 0; i < rows; i++) contents.append(DatumGetInt64(cursor.value(i, 2, &null)));
    make_ascending(&contents);
    Owners owners = owners_of(home_, snapshot_, contents);
    for (uint64 i = 0; i < rows; i++)
      if (owners.creator_of(DatumGetInt64(cursor.value(i, 2, &null))) == creator_.value) touched->append(DatumGetInt64(cursor.value(i, 1, &null)));
    owners.list.release();
  }
  cursor.close();
  make_ascending(touched);
  query.finish();
}

void SessionQuestion::read_tail_of_creator() {
  constexpr int64 kLast = std::numeric_limits<int64>::max();
  const Tail tail = rollup::read_tail_of_creator(home_, snapshot_, low_, creator_.value, {}, kLongTail);
  can_tell_ = tail.complete;
  if (!can_tell_) return;
  AscendingIds sessions;
  for (int64 i = 0; i < tail.count; i++)
    if (tail.events[i].session != 0) sessions.append(tail.events[i].session);
  make_ascending(&sessions);
  const SessionRows rows(home_, snapshot_, sessions);
  for (const int64 session : sessions)
    if (const SessionState& state = rows.of(session); state.exists)
      events_.append({{session, kLast, session_entry(session, state)}, Kind::tail, {}, {}, false, true});
}

void SessionQuestion::read_long_ones(const core::Span& whole) {
  MemoryContext outside = CurrentMemoryContext;
  pg::Query query(home_);
  const uint64 found = query.read(long_sessions, pg::Parameters().time(whole.from).time(whole.to));
  MemoryContext inside = MemoryContextSwitchTo(outside);
  for (uint64 i = 0; i < found; i++) {
    const int64 start = query.int64_at(i, 2);
    long_.append({query.int64_at(i, 1), start, query.int64_at(i, 3) - start});
  }
  MemoryContextSwitchTo(inside);
  query.finish();
}

// Of the sessions that something has happened to: whether they are the creator's in the range, and what this changes.
void SessionQuestion::follow(const core::Span& range, const core::ViewerSet& stored, SessionNumbers* numbers, pg::Array<int64>* in,
                             pg::Array<int64>* out) const {
  for (int64 i = 0; i < events_.size();) {
    const int64 session = events_[i].step.session;
    bool counts = stored.contains(session_key(session));
    const auto set = [&](bool wanted, const core::TimedEvent& entry) {
      if (counts == wanted || !range.contains(entry.at)) return;
      count(numbers, entry, wanted ? 1 : -1);
      counts = wanted;
    };
    for (; i < events_.size() && events_[i].step.session == session; i++) {
      const Event& event = events_[i];
      if (event.kind != Kind::change) {
        set(!takes_out(event.step.entry), event.step.entry);
        continue;
      }
      const bool touched = event.touched.given ? event.touched.value : counts;
      if (event.had_before) set(false, event.before);
      if (touched && event.has_now) set(true, event.step.entry);
    }
    (counts ? in : out)->append(session);
  }
}

SessionNumbers SessionQuestion::in(const core::Span& range) {
  SessionNumbers numbers;
  if (range.from >= range.to) return numbers;
  if (!creator_.given) {
    CounterSink sink;
    reader_.read_tree(key_, range, sink);
    numbers = numbers_of(sink.counters());
    for (const Event& event : events_) {
      if (event.had_before && range.contains(event.before.at)) count(&numbers, event.before, -1);
      const bool adds = event.kind == Kind::entry || event.has_now;
      if (adds && range.contains(event.step.entry.at)) count(&numbers, event.step.entry, takes_out(event.step.entry) ? -1 : 1);
    }
    for (const Long& l : long_)
      if (range.contains(l.start)) numbers.long_ones.append(l.length);
    return numbers;
  }
  SummarySink sink;
  reader_.read_tree(key_, range, sink);
  if (events_.empty() && long_.empty()) return numbers_of(sink.header().counters);
  const core::Summary& stored = sink.opened();
  numbers = numbers_of(stored.counters());
  pg::Array<int64> in, out;
  follow(range, stored.viewers(), &numbers, &in, &out);
  for (const Long& l : long_)
    if (range.contains(l.start) && (has(in, l.session) || (!has(out, l.session) && stored.viewers().contains(session_key(l.session)))))
      numbers.long_ones.append(l.length);
  return numbers;
}

void SessionQuestion::close() { reader_.close(); }

namespace {

// As avg() has it of numeric seconds.
double average_seconds(const SessionNumbers& numbers) {
  const int64 ended = numbers.ended + numbers.long_ones.size();
  if (ended == 0) return 0;
  Datum sum = NumericGetDatum(int64_div_fast_to_numeric(numbers.microseconds, 6));
  for (const int64 length : numbers.long_ones)
    sum = DirectFunctionCall2(numeric_add, sum, NumericGetDatum(int64_div_fast_to_numeric(length, 6)));
  return DatumGetFloat8(DirectFunctionCall1(numeric_float8, DirectFunctionCall2(numeric_div, sum, NumericGetDatum(int64_to_numeric(ended)))));
}

SessionMetrics raw_session_metrics(const pg::Home& home, pg::Optional<int64> creator, const pg::Range& range) {
  pg::Query query(home);
  if (creator.given)
    query.read(has_session_rollups() ? creator_sessions_of_all_time : creator_sessions, pg::Parameters().range(range).id(creator));
  else
    query.read(platform_sessions, pg::Parameters().range(range));
  const SessionMetrics result{DatumGetFloat8(query.value(0, 1)), query.int64_at(0, 2)};
  query.finish();
  return result;
}

}  // namespace

void session_metrics(const pg::Home& home, pg::Optional<int64> creator, std::span<const pg::Range> ranges, SessionMetrics* answers) {
  core::Span whole = span_of(ranges[0]);
  for (const pg::Range& range : ranges) whole = {Min(whole.from, span_of(range).from), Max(whole.to, span_of(range).to)};
  SessionQuestion question(home, creator, whole);
  for (const pg::Range& range : ranges) {
    if (!question.can_tell()) {
      *answers++ = raw_session_metrics(home, creator, range);
      continue;
    }
    const SessionNumbers numbers = question.in(span_of(range));
    *answers++ = {average_seconds(numbers), numbers.sessions};
  }
  question.close();
}

}  // namespace ea::rollup
