// Reading and making jsonb.
#pragma once

#include "pg/error.hpp"

namespace ea::pg {

JsonbValue string_value(std::string_view text);   // not copied
std::string_view text_of(const JsonbValue& string);
char* numeric_text(Numeric number);
// As a message names them: a long text is cut at a character.
const char* clipped(const char* text, int length);
const char* shown(const JsonbValue& value);

// Valid JSON as jsonb.
inline Datum jsonb_of(const char* json) { return DirectFunctionCall1(jsonb_in, CStringGetDatum(json)); }
// The same for JSON that may be more than jsonb can take: false then. Costs a subtransaction.
bool try_jsonb(const char* json, Datum* result);

// Whether the object has the key with something other than JSON null.
bool has_value(JsonbContainer* object, const char* key);

// A scalar field of an object as text; null when it is absent, JSON null or nested.
const char* text_field(JsonbContainer* object, const char* key);

}  // namespace ea::pg
