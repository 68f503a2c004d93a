#include "ask/session_users.hpp"

#include <algorithm>

#include "access/raw_tables.hpp"
#include "pg/ascending.hpp"
#include "pg/block_scan.hpp"
#include "pg/served.hpp"
#include "store/engagement_labels.hpp"
#include "store/raw_horizon.hpp"

namespace ea::rollup {

namespace arrivals = access::arrivals;
namespace events = access::events;

SessionUsers::SessionUsers(const pg::Home& home, const pg::Range& seen, const AscendingIds* contents, pg::Numbering<std::string_view>* sources)
    : home_(home), seen_(seen), contents_(contents), sources_(sources), context_(CurrentMemoryContext), horizon_(raw_horizon(GetActiveSnapshot())),
      with_user_(get_hash_memory_limit() / 8) {}

void SessionUsers::find(std::span<SessionUser> sessions) {
  read_rows(sessions);
  pg::Array<Open> open;
  pg::Array<Open*> likely;
  for (SessionUser& session : sessions)
    if (session.anonymous && session.user == 0) open.append({&session});
  if (open.empty()) return;
  find_places();
  for (const Place& place : places_) {
    likely.clear();
    for (Open& one : open)
      if (!one.several && (!place.seen || with_user_.may_have(one.session->session))) likely.append(&one);
    if (!likely.empty()) look_up(place, {likely.begin(), (size_t)likely.size()});
  }
  for (const Open& one : open)
    if (one.several) one.session->user = 0;
  likely.release();
  open.release();
}

void SessionUsers::take_row(const pg::IndexScan& scan, SessionUser& session) {
  bool none, unknown;
  const Datum user = scan.value(arrivals::user_id, &none);
  session.user = none ? 0 : DatumGetInt64(user);
  if (!sources_) return;
  const Datum source = scan.value(arrivals::traffic_source, &unknown);
  if (unknown) return;
  text* flat = DatumGetTextPP(source);
  session.source = sources_->number_of({VARDATA_ANY(flat), (size_t)VARSIZE_ANY_EXHDR(flat)});
  if ((Pointer)flat != DatumGetPointer(source)) pfree(flat);
}

void SessionUsers::read_rows(std::span<SessionUser> sessions) {
  pg::IndexScan scan;
  scan.open_by(access::arrivals_table(home_), arrivals::id, GetActiveSnapshot());
  if (scan.index()) {
    pg::AscendingEntries entries(scan);
    for (SessionUser& session : sessions) {
      CHECK_FOR_INTERRUPTS();
      if (entries.find(session.session)) take_row(scan, session);
    }
  } else {
    scan.start();
    while (scan.next()) {
      CHECK_FOR_INTERRUPTS();
      const int64 id = scan.int64_at(arrivals::id);
      const auto place = std::lower_bound(sessions.begin(), sessions.end(), id, [](const SessionUser& s, int64 wanted) { return s.session < wanted; });
      if (place != sessions.end() && place->session == id) take_row(scan, *place);
    }
  }
  scan.close();
}

// Where the range ends within a partition, the rest of that is seen like the range: to see all costs less than to look up many
// sessions. But of some contents it would be all that anybody ever did.
void SessionUsers::find_places() {
  if (looked_) return;
  looked_ = true;
  MemoryContext outside = MemoryContextSwitchTo(context_);
  Relation relation = table_open(home_.events, AccessShareLock);
  find_places(relation, true, horizon_ < seen_.from || seen_.to < DT_NOEND);
  table_close(relation, NoLock);    // the indexes are to stay
  MemoryContextSwitchTo(outside);
}

void SessionUsers::find_places(Relation relation, bool seen, bool beyond) {
  const pg::Range before = {horizon_, seen_.from}, after = {seen_.to, DT_NOEND};
  if (relation->rd_rel->relkind != RELKIND_PARTITIONED_TABLE) {
    pg::Places columns;
    columns.find(relation, access::events_table(home_));
    const Oid index = pg::find_index_without_nulls(relation, columns[events::session_id]);
    if (beyond && !contents_ && (seen || !OidIsValid(index))) {
      see_users(relation, before);
      see_users(relation, after);
      seen = true, beyond = false;
    }
    places_.append({RelationGetRelid(relation), index, seen && !beyond});
    return;
  }
  pg::require_partitions_readable(relation);
  PartitionDesc partitions = RelationGetPartitionDesc(relation, true);
  for (int i = 0; i < partitions->nparts; i++) {
    const auto may_hold = [&](const pg::Range& range) { return range.from < range.to && pg::partition_may_hold(relation, partitions, i, "created_at", range.from, range.to); };
    const bool seen_there = seen && may_hold(seen_), beyond_there = beyond && (may_hold(before) || may_hold(after));
    if (!seen_there && !beyond_there) continue;
    Relation partition = table_open(partitions->oids[i], AccessShareLock);
    find_places(partition, seen_there, beyond_there);
    table_close(partition, NoLock);
  }
}

void SessionUsers::see_users(Relation partition, const pg::Range& range) {
  if (range.from >= range.to) return;
  const pg::Table table = access::events_table(home_);
  pg::BlockScan scan;
  scan.open(partition, {RelationGetRelid(partition), table.columns, table.own_type}, events::created_at, range.from, range.to, GetActiveSnapshot());
  while (scan.next()) {
    bool no_user, no_session;
    (void)scan.value(events::user_id, &no_user);
    const int64 session = DatumGetInt64(scan.value(events::session_id, &no_session));
    if (!no_user && !no_session) saw_user(session);
  }
  scan.close();
}

// Far from the range most sessions have no entry, and the way along an index ends where its sessions end.
void SessionUsers::look_up(const Place& place, std::span<Open*> open) {
  const pg::Table table = access::events_table(home_);
  pg::IndexScan scan;
  scan.open_found({place.partition, table.columns, table.own_type}, place.index, GetActiveSnapshot());
  if (scan.index()) {
    pg::AscendingEntries entries(scan);
    for (Open* one : open) {
      CHECK_FOR_INTERRUPTS();
      entries.find(one->session->session, [&] { return take_event(scan, *one); });
    }
  } else {
    scan.start();
    while (scan.next()) {
      bool none;
      const int64 session = DatumGetInt64(scan.value(events::session_id, &none));
      const auto place = std::lower_bound(open.begin(), open.end(), session, [](const Open* o, int64 wanted) { return o->session->session < wanted; });
      if (!none && place != open.end() && (*place)->session->session == session) take_event(scan, **place);
    }
  }
  scan.close();
}

// Whether more of them would tell nothing. What retention has taken over is gone.
bool SessionUsers::take_event(const pg::IndexScan& scan, Open& open) const {
  CHECK_FOR_INTERRUPTS();
  bool none, null;
  core::Engagement type;
  const int64 user = DatumGetInt64(scan.value(events::user_id, &none));
  if (none || !EngagementLabels::find(DatumGetObjectId(scan.value(events::type, &null)), &type) || scan.int64_at(events::created_at) < horizon_) return false;
  if (contents_ && !std::binary_search(contents_->begin(), contents_->end(), scan.int64_at(events::content_id))) return false;
  if (open.session->user == 0) open.session->user = user;
  open.several |= open.session->user != user;
  return open.several;
}

}  // namespace ea::rollup
