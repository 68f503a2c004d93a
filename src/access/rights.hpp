// A right that is neither ownership nor a call: the EXECUTE privilege on a function that stands for it, so that
// GRANT, membership and dumps work on it like on any other.
#pragma once

namespace ea::access {

// Whether the current user may call explore_analytics.sees_every_creator(): sees everything, whatever the identity.
bool sees_every_creator();

}  // namespace ea::access
