// Between varlena datums and core's byte spans.
#pragma once

#include "core/bytes/codec.hpp"
#include "pg/error.hpp"
#include "pg/memory.hpp"

namespace ea::pg {

inline core::Bytes bytes_of(const struct varlena* value) {
  return {reinterpret_cast<const std::byte*>(VARDATA_ANY(value)), (size_t)VARSIZE_ANY_EXHDR(value)};
}

inline core::MutableBytes mutable_bytes_of(struct varlena* value) {
  return {reinterpret_cast<std::byte*>(VARDATA(value)), (size_t)(VARSIZE(value) - VARHDRSZ)};
}

// Whole bytes of an argument, detoasted; a short header is left as it is.
inline core::Bytes bytes_argument(FunctionCallInfo fcinfo, int i) {
  return bytes_of(PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(i)));
}

// Throws instead of raising, so that C++ objects may be alive around it.
inline struct varlena* new_varlena(size_t payload) {
  if (payload > MaxAllocSize - VARHDRSZ)
    throw core::Error(core::Errc::too_large, "value of %zu bytes is too large", payload);
  auto* value = static_cast<struct varlena*>(try_allocate(CurrentMemoryContext, payload + VARHDRSZ));
  if (!value) throw std::bad_alloc();
  SET_VARSIZE(value, payload + VARHDRSZ);
  return value;
}

inline struct varlena* varlena_of(core::Bytes bytes) {
  struct varlena* value = new_varlena(bytes.size());
  if (!bytes.empty()) memcpy(VARDATA(value), bytes.data(), bytes.size());
  return value;
}

inline text* new_text(std::string_view characters) {
  struct varlena* value = new_varlena(characters.size());
  memcpy(VARDATA(value), characters.data(), characters.size());
  return value;
}

}  // namespace ea::pg
