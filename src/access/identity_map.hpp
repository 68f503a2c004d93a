// The table explore_analytics.identities: logins with a fixed identity.
#pragma once

#include "pg/args.hpp"

namespace ea::access {

// The creator that the session's login stands for. It is the login that counts: SET ROLE does not change it.
pg::Optional<int64> mapped_identity();

}  // namespace ea::access
