#include "keep/turns.hpp"

#include "pg/error.hpp"

namespace ea::rollup {

namespace {

// Beside those of epochs, visitors and run_forever(), in the same place.
constexpr uint16 kTurnLockClass = 0xED;
constexpr uint32 kLogin = 1, kWaiting = 2;

constexpr int64 kPatienceMs = 500;

LocalTransactionId login = InvalidLocalTransactionId;

LOCKTAG turn_lock(uint32 which) {
  LOCKTAG tag;
  SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 0, which, kTurnLockClass);
  return tag;
}

void pause() {
  CHECK_FOR_INTERRUPTS();
  pg_usleep(1000);
}

}  // namespace

void stand_behind_refresh() {
  if (login == pg::local_transaction()) return;    // has them: it would wait for who waits for it
  const LOCKTAG tag = turn_lock(kWaiting);
  (void)LockAcquire(&tag, ShareLock, false, false);
  LockRelease(&tag, ShareLock, false);
}

void note_login_has_rollups() {
  const LOCKTAG tag = turn_lock(kLogin);
  (void)LockAcquire(&tag, ShareLock, false, false);
  login = pg::local_transaction();
}

bool Turn::begin() {
  start_ = GetCurrentTimestamp();
  const LOCKTAG in_hand = turn_lock(kLogin), tag = turn_lock(kWaiting);
  // Once more: the next login may have been about to say that it has them, or another one to pass by.
  for (int look = 0; look < 3; look++) {
    if (look > 0) pause();
    int logins;
    pfree(GetLockConflicts(&in_hand, ExclusiveLock, &logins));
    if (logins > 0 && LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL) return true;
  }
  return false;
}

bool Turn::lasts() {
  pause();
  return GetCurrentTimestamp() - start_ < kPatienceMs * 1000;
}

void Turn::end() {
  const LOCKTAG tag = turn_lock(kWaiting);
  LockRelease(&tag, ExclusiveLock, false);
}

}  // namespace ea::rollup
