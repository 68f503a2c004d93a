#include "ask/journeys.hpp"

#include <algorithm>

#include "store/engagement_labels.hpp"
#include "store/events_between.hpp"
#include "store/scope.hpp"

namespace ea::rollup {

namespace {

constexpr int64 kMostWaiting = 32768;    // events
// Sessions that stand together in the index of sessions are looked up together.
constexpr int kSessionBits = 8;
// Where more than one of so many events are conversions, hardly a journey is without one.
constexpr int64 kOften = 8;
constexpr const char* kUnknown = "unknown";

// Through their index.
pg::Statement events_of_contents(
    "/* explore_analytics: journeys of contents */ SELECT e.user_id, e.session_id, e.created_at, e.id, e.content_id, e.engagement_type"
    " FROM {s}.explore_engagements e WHERE " EA_IN_RANGE("$1", "$2") " AND e.content_id = ANY ($3)",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

bool by_session(const SessionUser& a, const SessionUser& b) { return a.session < b.session; }

}  // namespace

pg::Range JourneyQuestion::read() const {
  if (TIMESTAMP_IS_NOBEGIN(range.from) || range.from >= range.to) return range;
  return {(__int128)range.from - lookback <= MIN_TIMESTAMP ? DT_NOBEGIN : range.from - lookback, range.to};
}

Journeys::Journeys(pg::Query& query, const JourneyQuestion& question)
    : query_(query), question_(question), by_session_(get_hash_memory_limit() / 2) {
  const pg::Range range = question.read();
  const bool by_source = question.key == JourneyKey::source;
  sources_.number_of(kUnknown);
  users_ = new (palloc(sizeof(SessionUsers))) SessionUsers(query.home(), range, question.contents, by_source ? &sources_ : nullptr);
  if (!question.in_vain && !question.contents) find_converting();
  question.contents ? read_contents(range) : read_all(range);
  if (some_by_session_) find_journeys();
  if (question.key == JourneyKey::creator) find_creators();
}

// Most viewers have no conversion: to know who has one costs less than to keep what all of them did.
void Journeys::find_converting() {
  namespace columns = access::events;
  const pg::Range& range = question_.range;
  auto* users = new (palloc(sizeof(SessionUsers))) SessionUsers(query_.home(), range, nullptr, nullptr);
  converting_ = new (palloc(sizeof(Marks))) Marks(get_hash_memory_limit() / 8);
  pg::Array<SessionUser> sessions;
  const int64 most = (int64)(get_hash_memory_limit() / 8 / sizeof(SessionUser));
  int64 rows = 0, conversions = 0;
  bool often = false;
  EventsBetween events(query_.home(), GetActiveSnapshot(), range);
  events.for_each([&](const pg::BlockScan& scan) {
    bool null, no_user, no_session;
    const int64 user = DatumGetInt64(scan.value(columns::user_id, &no_user)), session = DatumGetInt64(scan.value(columns::session_id, &no_session));
    if (!no_user && !no_session) users->saw_user(session);
    core::Engagement type;
    rows++;
    if (!EngagementLabels::find(DatumGetObjectId(scan.value(columns::type, &null)), &type) || type != question_.conversion) return;
    conversions++;
    if (!no_user) converting_->add(user);
    else if (!no_session && (sessions.empty() || sessions[sessions.size() - 1].session != session)) sessions.append({session, true});
    often = sessions.size() > most || (rows > kMostWaiting && conversions > rows / kOften);
    if (often) events.stop();
  });
  if (often) {
    converting_->release();
    converting_ = nullptr;
  } else {
    std::sort(sessions.begin(), sessions.end(), by_session);
    sessions.shorten(std::unique(sessions.begin(), sessions.end(), [](const SessionUser& a, const SessionUser& b) { return a.session == b.session; }) - sessions.begin());
    users->find({sessions.begin(), (size_t)sessions.size()});
    for (const SessionUser& session : sessions) converting_->add(session.user != 0 ? session.user : -session.session);
  }
  sessions.release();
  users->release();
}

void Journeys::read_all(const pg::Range& range) {
  namespace columns = access::events;
  EventsBetween(query_.home(), GetActiveSnapshot(), range).for_each([&](const pg::BlockScan& scan) {
    bool null;
    Row row;
    row.user = DatumGetInt64(scan.value(columns::user_id, &row.no_user));
    row.session = DatumGetInt64(scan.value(columns::session_id, &row.no_session));
    row.type = DatumGetObjectId(scan.value(columns::type, &null));
    row.at = scan.int64_at(columns::created_at);
    row.id = scan.int64_at(columns::id);
    row.content = scan.int64_at(columns::content_id);
    add(row);
  });
}

void Journeys::read_contents(const pg::Range& range) {
  query_.each_row(events_of_contents, pg::Parameters().range(range).add(id_array(*question_.contents)), [&](TupleTableSlot* slot) {
    slot_getallattrs(slot);
    const Datum* values = slot->tts_values;
    add({slot->tts_isnull[0], slot->tts_isnull[1], DatumGetInt64(values[0]), DatumGetInt64(values[1]), DatumGetObjectId(values[5]),
         DatumGetTimestampTz(values[2]), DatumGetInt64(values[3]), DatumGetInt64(values[4])});
  });
}

void Journeys::add(const Row& row) {
  if (!row.no_user && !row.no_session) users_->saw_user(row.session);
  WalkEvent event = {};
  if (!EngagementLabels::find(row.type, &event.type)) return;
  const bool touch = question_.is_touch(event.type), converts = event.type == question_.conversion && row.at >= question_.range.from;
  if (!touch && !converts) return;
  if (row.no_user && row.no_session) {
    of_nobody_ += converts;
    return;
  }
  if (converting_ && !row.no_user && !converting_->may_have(row.user)) return;
  event.at = row.at;
  event.id = row.id;
  const bool by_source = question_.key == JourneyKey::source;
  const bool ask_session = !row.no_session && (row.no_user || (by_source && touch));
  event.session = ask_session ? row.session : 0;
  event.content = !by_source ? row.content : ask_session && !row.no_user ? row.user : 0;
  if (ask_session) by_session_.add(row.session >> kSessionBits, event);
  else keep(row.user, event);
  some_by_session_ |= ask_session;
}

void Journeys::keep(int64 journey, WalkEvent& event) {
  if (question_.key != JourneyKey::source && question_.is_touch(event.type)) event.content = contents_.number_of(event.content);
  by_journey_.add(journey, event);
}

void Journeys::find_creators() {
  AscendingIds ids;
  for (const int64 content : contents_.values()) ids.append(content);
  make_ascending(&ids);
  const Owners owners = owners_of(query_.home(), GetActiveSnapshot(), ids);
  for (const int64 content : contents_.values()) creator_of_.append(creators_.number_of(owners.creator_of(content)));
  ids.release();
}

void Journeys::find_journeys() {
  by_session_.for_each([](void* self, int64, std::span<WalkEvent> events) { static_cast<Journeys*>(self)->wait(events); }, this);
  settle({waiting_.begin(), (size_t)waiting_.size()});
  waiting_.release();
  sessions_.release();
}

// All events of some sessions, whose ids begin alike. Many are not copied.
void Journeys::wait(std::span<WalkEvent> events) {
  const bool many = events.size() > (size_t)kMostWaiting;
  if (waiting_.size() + (int64)events.size() > kMostWaiting) settle({waiting_.begin(), (size_t)waiting_.size()});
  constexpr int kSessions = 1 << kSessionBits;
  uint64 any[kSessions / 64] = {}, anonymous[kSessions / 64] = {};
  const bool by_source = question_.key == JourneyKey::source;
  for (const WalkEvent& event : events) {
    const int place = event.session & (kSessions - 1);
    any[place / 64] |= (uint64)1 << place % 64;
    if (!by_source || event.content == 0) anonymous[place / 64] |= (uint64)1 << place % 64;
    if (!many) waiting_.append(event);
  }
  const int64 first = events.front().session >> kSessionBits << kSessionBits;
  for (int place = 0; place < kSessions; place++)
    if (any[place / 64] >> place % 64 & 1) sessions_.append({first + place, (bool)(anonymous[place / 64] >> place % 64 & 1)});
  if (many) settle(events);
}

void Journeys::settle(std::span<WalkEvent> events) {
  const bool by_source = question_.key == JourneyKey::source;
  std::sort(sessions_.begin(), sessions_.end(), by_session);
  users_->find({sessions_.begin(), (size_t)sessions_.size()});
  for (WalkEvent& event : events) {
    const SessionUser& session = *std::lower_bound(sessions_.begin(), sessions_.end(), SessionUser{event.session, false}, by_session);
    const int64 user = by_source && event.content != 0 ? event.content : session.user, journey = user != 0 ? user : -session.session;
    if (converting_ && !converting_->may_have(journey)) continue;
    event.session = 0;
    if (by_source) event.content = session.source;
    keep(journey, event);
  }
  sessions_.clear();
  waiting_.clear();
}

int64 Journeys::keys() const {
  switch (question_.key) {
    case JourneyKey::content: return contents_.values().size();
    case JourneyKey::creator: return creators_.values().size();
    case JourneyKey::source: break;
  }
  return sources_.values().size();
}

const char* Journeys::name_of(uint32 key) const {
  if (question_.key == JourneyKey::source) {
    const std::string_view source = sources_.values()[key];
    return pnstrdup(source.data(), source.size());
  }
  const int64 id = (question_.key == JourneyKey::content ? contents_ : creators_).values()[key];
  return id == 0 ? kUnknown : psprintf("%lld", (long long)id);
}

// Where an id was given twice, touches are in the order of what they were on; numbers tell in which order rows were read.
void Journeys::order_equals(std::span<WalkEvent> events) const {
  const bool by_source = question_.key == JourneyKey::source;
  for (size_t first = 0, end; first < events.size(); first = end) {
    for (end = first + 1; end < events.size() && events[end].at == events[first].at && events[end].id == events[first].id;) end++;
    if (end - first == 1) continue;
    std::sort(&events[first], &events[first] + (end - first), [&](const WalkEvent& a, const WalkEvent& b) {
      const bool touch = question_.is_touch(a.type);
      if (touch != question_.is_touch(b.type)) return touch;
      if (!touch) return false;
      return by_source ? sources_.values()[a.content] < sources_.values()[b.content] : contents_.values()[a.content] < contents_.values()[b.content];
    });
  }
}

void Journeys::walk(VisitViewer visit, void* with) {
  struct Visitor {
    Journeys* journeys;
    VisitViewer visit;
    void* with;
  } visitor = {this, visit, with};
  by_journey_.for_each(
      [](void* self, int64 viewer, std::span<WalkEvent> events) {
        const Visitor& to = *static_cast<const Visitor*>(self);
        to.journeys->order_equals(events);
        if (to.journeys->question_.key == JourneyKey::creator)
          for (WalkEvent& event : events)
            if (to.journeys->question_.is_touch(event.type)) event.content = to.journeys->creator_of_[event.content];
        to.visit(to.with, viewer, events);
      },
      &visitor);
}

}  // namespace ea::rollup
