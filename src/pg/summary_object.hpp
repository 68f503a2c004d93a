// A summary in the making, as an expanded object.
#pragma once

#include "core/summary.hpp"
#include "pg/expanded.hpp"

namespace ea::pg {

template <>
struct Form<core::Summary> {
  static void settle(core::Summary& summary) { summary.settle(); }
  static size_t size(const core::Summary& summary) { return summary.encoded_size(); }
  static void encode(const core::Summary& summary, core::MutableBytes out) { summary.encode(out); }
};

using SummaryObject = Expanded<core::Summary>;

inline struct varlena* encoded(const core::Summary& summary) {
  struct varlena* result = new_varlena(summary.encoded_size());
  summary.encode(mutable_bytes_of(result));
  return result;
}

}  // namespace ea::pg
