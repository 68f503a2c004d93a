// The header of a summary datum: counters and unique viewers, read from a slice of the value.
#pragma once

#include "core/value/summary.hpp"
#include "pg/varlena.hpp"

namespace ea::rollup {

inline core::Header header_of(Datum summary) {
  return core::read_header(pg::bytes_of((struct varlena*)PG_DETOAST_DATUM_SLICE(summary, 0, core::kHeaderSlice)));
}

}  // namespace ea::rollup
