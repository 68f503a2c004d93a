// Request bodies in jsonb, as core's fields.
#pragma once

#include "core/event.hpp"
#include "pg/error.hpp"

namespace ea::pg {

// The array of a batch: the value itself, or what its key "engagements" holds. Null when neither is.
JsonbContainer* batch_array(JsonbContainer* body);

struct ItemFields {
  bool is_object = false;
  core::Field fields[core::kFields];
  bool has_metadata = false;
  Datum metadata = 0;
};

// Item `index` of the array. Of a key given in both spellings the camelCase one counts. Texts of
// fields are made in `scratch`, the metadata in the current context.
ItemFields item_fields(JsonbContainer* array, int index, MemoryContext scratch);

// {"index", "field", "code", "message"} as the next element.
void push_fault(JsonbParseState** state, int index, const core::ItemFault& fault);

// A scalar field of an object as text; null when it is absent, JSON null or nested.
const char* text_field(JsonbContainer* object, const char* key);

// Whether the object has the key with something other than JSON null.
bool has_value(JsonbContainer* object, const char* key);

}  // namespace ea::pg
