// Text and binary forms of a value: base64 of its bytes, and its bytes.
#pragma once

#include "pg/varlena.hpp"

namespace ea::pg {

struct varlena* from_text(const char* text);        // not validated yet
char* to_text(core::Bytes bytes);
struct varlena* from_wire(StringInfo message);      // not validated yet
bytea* to_wire(core::Bytes bytes);

}  // namespace ea::pg
