// Turns at the rollups. Who refreshes or compacts and finds them in hand says busy, since whoever has them does so for long, or
// does the same. A login has them for some milliseconds, but where logins come without pause the rollups are never free: so one
// who refreshes lets those pass who stand there already, and logins that come meanwhile wait behind.
#pragma once

#include "pg/postgres.hpp"

namespace ea::rollup {

// A login: before it waits for the rollups, and when it has them, until the transaction ends.
void stand_behind_refresh();
void note_login_has_rollups();

// A refresh that has found them in hand. False when that is not a login's, or another refresh stands there.
class Turn {
 public:
  bool begin();
  bool lasts();    // waits a moment; false when it has taken too long
  void end();

 private:
  TimestampTz start_ = 0;
};

}  // namespace ea::rollup
