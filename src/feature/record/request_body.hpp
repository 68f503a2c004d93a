// Request bodies in jsonb, as core's fields, and metadata of those in text.
#pragma once

#include "core/intake/body.hpp"
#include "pg/jsonb.hpp"

namespace ea::record {

// The array of a batch: the value itself, or what its key "engagements" holds. Null when neither is.
JsonbContainer* batch_array(JsonbContainer* body);

struct ItemFields {
  bool is_object = false;
  core::Field fields[core::kFields];
  bool has_metadata = false;
  Datum metadata = 0;
};

// Item `index` of the array. Of a key given in both spellings the camelCase one counts, null or not. Texts of
// fields are made in `scratch`, the metadata in the current context.
ItemFields item_fields(JsonbContainer* array, int index, MemoryContext scratch);

// The item's metadata as jsonb in the current context; false if it is unusual and the server does not take it.
bool metadata_of(const core::BodyItem& item, MemoryContext scratch, Datum* metadata);

// {"index", "field", "code", "message"} as the next element.
void push_fault(JsonbParseState** state, int index, const core::ItemFault& fault);

}  // namespace ea::record
