#include "pg/wire.hpp"

namespace ea::pg {

struct varlena* from_text(const char* text) {
  std::string_view input(text);
  struct varlena* value = new_varlena(core::base64_decoded_max(input.size()));
  size_t size = core::base64_decode(input, mutable_bytes_of(value));
  SET_VARSIZE(value, size + VARHDRSZ);
  return value;
}

char* to_text(core::Bytes bytes) {
  size_t size = core::base64_size(bytes.size());
  char* out = static_cast<char*>(palloc_extended(size + 1, MCXT_ALLOC_HUGE));
  core::base64_encode(bytes, out);
  out[size] = 0;
  return out;
}

struct varlena* from_wire(StringInfo message) {
  int size = message->len - message->cursor;
  struct varlena* value = new_varlena(size);
  pq_copymsgbytes(message, VARDATA(value), size);
  return value;
}

bytea* to_wire(core::Bytes bytes) {
  struct varlena* value = new_varlena(bytes.size());
  memcpy(VARDATA(value), bytes.data(), bytes.size());
  return value;
}

}  // namespace ea::pg
