// What questions about a creator have found out of contents that have come or gone since the last refresh, kept by the process
// for its next question. All of it depends on which events the rollups hold and on whose contents they are, and not on the
// question: as long as both are the same, so are the facts. Where the events lie in the rollups does not matter. What the raw
// rows say of sessions is the same, too, but for a transaction that changes them: those neither leave facts nor use any.
#pragma once

#include "core/tree/bucket.hpp"
#include "core/tree/timed_event.hpp"
#include "pg/array.hpp"
#include "store/contents.hpp"
#include "store/epoch.hpp"

namespace ea::rollup {

struct FactsOrigin {
  RollupVersion version;
  int64 creator;
  AscendingIds came, gone;
};

// Of a view that leaves, and of others by its viewer that stay with the creator. Asked of ranges that the view lies in.
struct DepartureFact {
  // One of them is at `since` or later, up to the view; one is before `until`, at the view or later. None is in the span.
  TimestampTz since, until;
  core::Span none;

  static constexpr TimestampTz kNoSince = std::numeric_limits<int64>::min(), kNoUntil = std::numeric_limits<int64>::max();
  static DepartureFact nothing_of(const core::TimedEvent& e) { return {kNoSince, kNoUntil, {e.at, e.at}}; }

  bool stays_in(const core::Span& range) const {
    return (since != kNoSince && range.from <= since) || (until != kNoUntil && until <= range.to);
  }
  bool lost_in(const core::Span& range) const { return none.contains(range); }
  void note_other(TimestampTz at, const core::Span& where) {
    if (where.from >= where.to) return;
    if (where.to <= at + 1) since = Max(since, where.from);
    if (where.from >= at) until = Min(until, where.to);
  }
  void note_none(const core::Span& range) { none = {Min(none.from, range.from), Max(none.to, range.to)}; }
};

// Of so many events, or sessions, at most.
inline constexpr int64 kMostKept = 1000;

struct DepartureFacts {
  pg::Array<core::TimedEvent> leaving;    // of all time, in order
  pg::Array<DepartureFact> list;          // of each of them
};

// Of sessions that have touched one of the contents by events in the rollups: whether they touch the creator as it is now.
enum class Touched : char { unknown, no, yes };
struct SessionFacts {
  AscendingIds sessions;
  pg::Array<Touched> list;
};

// False when nothing is known of this origin.
bool recall_facts(const FactsOrigin& origin, DepartureFacts* facts);
bool recall_facts(const FactsOrigin& origin, SessionFacts* facts);
void keep_facts(const FactsOrigin& origin, const DepartureFacts& facts);
void keep_facts(const FactsOrigin& origin, const SessionFacts& facts);

}  // namespace ea::rollup
