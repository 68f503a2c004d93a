// Enum values of engagement_type -> core::Engagement. Events of labels that somebody has added count as nothing, everywhere:
// in SQL by EA_COUNTED (scope.hpp), in scans by EngagementLabels::find().
#pragma once

#include "core/value/counters.hpp"
#include "pg/error.hpp"

namespace ea::rollup {

// By the label that stands behind a value, whatever query or node it comes from. Remembered in this process until
// an enum changes.
struct EngagementLabels {
  // False for a label that somebody has added to the type.
  static bool find(Oid value, core::Engagement* engagement);
  // The same; 22023 for such a label.
  static core::Engagement of(Oid value);
  // Another number when labels of any enum have changed, and now and then without that.
  static uint64 changes();
};

}  // namespace ea::rollup
