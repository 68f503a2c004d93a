#include "store/visitors.hpp"

#include <algorithm>

#include "pg/transactions.hpp"

namespace ea::rollup {

namespace {

// Beside those of epochs and of run_forever(), in the same place.
constexpr uint16 kVisitorLockClass = 0xEC;
constexpr int64 kAllSessions = 0;

// Milliseconds for which a login keeps its session while others still hold all.
constexpr int kPatience = 100;

// So many locks of this kind a transaction may hold, besides those that its tables and indexes need.
constexpr int kMostHeld = 16;

struct {
  LocalTransactionId transaction = InvalidLocalTransactionId;
  int64 held = 0;
  bool all = false;    // or were, until a savepoint was rolled back
} mine;

LOCKTAG visitor_lock(int64 session) {
  LOCKTAG tag;
  SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32)((uint64)session >> 32), (uint32)session, kVisitorLockClass);
  return tag;
}

void acquire(int64 session, LOCKMODE mode) {
  const LOCKTAG tag = visitor_lock(session);
  (void)LockAcquire(&tag, mode, false, false);
}

void release(int64 session, LOCKMODE mode) {
  const LOCKTAG tag = visitor_lock(session);
  LockRelease(&tag, mode, false);
}

// Whether nobody has one of them alone; else which one is taken.
bool are_free(const pg::Array<int64>& sessions, int64* taken) {
  for (const int64 session : sessions) {
    CHECK_FOR_INTERRUPTS();
    const LOCKTAG tag = visitor_lock(session);
    *taken = session;
    if (LockAcquire(&tag, ShareLock, false, true) == LOCKACQUIRE_NOT_AVAIL) return false;
    LockRelease(&tag, ShareLock, false);
  }
  return true;
}

using Transactions = pg::Array<VirtualTransactionId>;

Transactions holders_of_all() {
  const LOCKTAG tag = visitor_lock(kAllSessions);
  int count;
  VirtualTransactionId* found = GetLockConflicts(&tag, ExclusiveLock, &count);
  Transactions result;
  for (int i = 0; i < count; i++) result.append(found[i]);
  pfree(found);
  return result;
}

int64 milliseconds_since(TimestampTz start) { return (GetCurrentTimestamp() - start) / 1000; }

// Those who hold all let go of it where they find a session taken, unless they have stored something before.
bool have_let_go(const Transactions& first, int64 milliseconds) {
  const TimestampTz start = GetCurrentTimestamp();
  const auto is_one = [&](const VirtualTransactionId& holder) {
    return std::any_of(first.begin(), first.end(), [&](const VirtualTransactionId& f) { return VirtualTransactionIdEquals(f, holder); });
  };
  for (long pause_us = 200;; pause_us += pause_us / 2) {
    const Transactions now = holders_of_all();
    if (std::none_of(now.begin(), now.end(), is_one)) return true;
    CHECK_FOR_INTERRUPTS();
    if (milliseconds_since(start) >= milliseconds) return false;
    pg_usleep(Min(pause_us, 5000));
  }
}

}  // namespace

void hold_visitors(const pg::Array<int64>& sessions) {
  if (sessions.empty()) return;
  if (mine.transaction != pg::local_transaction()) mine = {pg::local_transaction(), 0, false};
  if (mine.held + sessions.size() <= kMostHeld) {
    for (const int64 session : sessions) acquire(session, ShareLock);
    mine.held += sessions.size();
    return;
  }
  acquire(kAllSessions, ShareLock);
  for (int64 taken; !are_free(sessions, &taken);) {
    // Whoever has it may be waiting for those who hold all: that must not be us, unless it is for what we have stored before,
    // and then it will not be long.
    if (!mine.all) release(kAllSessions, ShareLock);
    acquire(taken, ShareLock);
    release(taken, ShareLock);
    if (!mine.all) acquire(kAllSessions, ShareLock);
  }
  mine.all = true;
}

bool claim_visitor(int64 session, int timeout_ms) {
  const TimestampTz start = GetCurrentTimestamp();
  for (;;) {
    acquire(session, ExclusiveLock);
    const Transactions first = holders_of_all();
    if (have_let_go(first, Min(kPatience, timeout_ms))) return true;
    // One of them may be waiting for this session: it goes first, until it ends.
    release(session, ExclusiveLock);
    for (const VirtualTransactionId& holder : first) {
      if (milliseconds_since(start) >= timeout_ms) return false;
      (void)VirtualXactLock(holder, true);
    }
    if (milliseconds_since(start) >= timeout_ms) return false;
  }
}

void unclaim_visitor(int64 session) { release(session, ExclusiveLock); }

}  // namespace ea::rollup
