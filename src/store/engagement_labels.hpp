// engagement_type's enum values <-> core::Engagement.
#pragma once

#include "core/value/counters.hpp"
#include "pg/error.hpp"

namespace ea::rollup {

// The engagement behind argument i; the labels are looked up once per query. A label that was added
// to the type later is error 22023.
core::Engagement engagement_of(FunctionCallInfo fcinfo, int i);

// The labels of one enum type, for reading many values.
class EngagementLabels {
 public:
  void look_up(Oid type);
  core::Engagement of(Oid value) const;

 private:
  Oid oids_[7];
};

}  // namespace ea::rollup
