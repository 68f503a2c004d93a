// Whose a feed session is: looked up through its key, in the active snapshot.
#pragma once

#include "access/home.hpp"
#include "pg/args.hpp"

namespace ea::access {

// Not given for an anonymous one. 23503 where there is no such session.
pg::Optional<int64> user_of_session(const pg::Home& home, int64 session);

}  // namespace ea::access
