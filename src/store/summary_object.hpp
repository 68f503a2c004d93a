// A summary in the making, as an expanded object; and summaries and sets of viewers as values.
#pragma once

#include "core/value/summary.hpp"
#include "pg/expanded.hpp"

namespace ea::pg {

template <>
struct Form<core::Summary> {
  static void settle(core::Summary& summary) { summary.settle(); }
  static size_t size(const core::Summary& summary) { return summary.encoded_size(); }
  static void encode(const core::Summary& summary, core::MutableBytes out) { summary.encode(out); }
};

}  // namespace ea::pg

namespace ea::rollup {

using SummaryObject = pg::Expanded<core::Summary>;

inline struct varlena* encoded(const core::Summary& summary) {
  struct varlena* result = pg::new_varlena(summary.encoded_size());
  summary.encode(pg::mutable_bytes_of(result));
  return result;
}

inline struct varlena* encoded(const core::ViewerSet& set) {
  struct varlena* result = pg::new_varlena(core::viewer_set_size(set));
  core::encode_viewer_set(set, pg::mutable_bytes_of(result));
  return result;
}

}  // namespace ea::rollup
