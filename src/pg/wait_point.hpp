// Places where a test can hold a session: wait_point(n) waits while another session holds the advisory lock
// (234, n) exclusively. Only in builds with EA_WAIT_POINTS; elsewhere nothing is left of it.
#pragma once

#ifdef EA_WAIT_POINTS
#include "pg/postgres.hpp"

namespace ea::pg {

inline void wait_point(uint32 n) {
  LOCKTAG tag;
  SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 234, n, 2);
  (void)LockAcquire(&tag, ShareLock, false, false);
  LockRelease(&tag, ShareLock, false);
}

}  // namespace ea::pg
#else
namespace ea::pg {
inline void wait_point(int) {}
}  // namespace ea::pg
#endif
