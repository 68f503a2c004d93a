// Visitors who may be about to log in: who records in a session and names no user holds the session, together with others,
// until the transaction ends; who gives it a user has it alone until then. So an event is either there when the session gets its
// user, and then becomes the user's, or it is stored afterwards, with the user.
//
// The server's table of locks is small. Who records in many sessions holds a lock that stands for all of them, and then looks
// at each once, that nobody has it alone. Who gives a session its user takes that session first and then looks once at who
// holds all; who comes to hold all later finds the session taken, lets go of all, waits, and begins anew. Those who were seen
// are given a moment. If it does not suffice the session is let go of until they have ended, and all is begun anew: they may
// need it. So nobody ever stands in a queue for the lock of all.
#pragma once

#include "pg/array.hpp"
#include "pg/postgres.hpp"

namespace ea::rollup {

// Sessions ascending, each once. Before the snapshot is taken in which their users are looked up. Waits for whoever gives one of
// them its user.
void hold_visitors(const pg::Array<int64>& sessions);

// For who gives it a user: before the snapshot in which its events are looked up. Waits for recordings under way, for each of
// them for lock_timeout; false when so many milliseconds have passed.
bool claim_visitor(int64 session, int timeout_ms);
void unclaim_visitor(int64 session);

}  // namespace ea::rollup
