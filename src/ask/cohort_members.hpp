// Who meets a rule now.
#pragma once

#include "ask/cohort_rule.hpp"
#include "pg/home.hpp"

namespace ea::rollup {

// In the caller's snapshot, settled; it and all it needs live in the context that is current. Error 55000 where the rule asks
// for raw events that retention has dropped.
const core::ViewerSet& cohort_members(const pg::Home& home, const CohortRule& rule);

}  // namespace ea::rollup
