// Rights that are neither ownership nor a call: each is the EXECUTE privilege on a function that stands for
// it, so that GRANT, membership and dumps work on it like on any other.
#pragma once

#include "pg/error.hpp"

namespace ea::access {

enum class Right {
  every_creator,      // explore_analytics.sees_every_creator(): whatever the identity
  without_identity,   // explore_analytics.reads_without_identity(): as long as there is none
};

// Whether the current user has it.
bool has_right(Right right);

}  // namespace ea::access
