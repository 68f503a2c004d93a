#include "pg/jsonb.hpp"

namespace ea::pg {

JsonbValue string_value(std::string_view text) {
  JsonbValue value;
  value.type = jbvString;
  value.val.string.val = const_cast<char*>(text.data());
  value.val.string.len = (int)text.size();
  return value;
}

std::string_view text_of(const JsonbValue& string) { return {string.val.string.val, (size_t)string.val.string.len}; }

char* numeric_text(Numeric number) {
  return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
}

const char* clipped(const char* text, int length) {
  const int shown = pg_mbcliplen(text, length, 60);
  return psprintf("%s%s", pnstrdup(text, shown), shown < length ? "..." : "");
}

const char* shown(const JsonbValue& value) {
  switch (value.type) {
    case jbvNull: return "null";
    case jbvBool: return value.val.boolean ? "true" : "false";
    case jbvString: return psprintf("\"%s\"", clipped(value.val.string.val, value.val.string.len));
    case jbvNumeric: {
      const char* number = numeric_text(value.val.numeric);
      return clipped(number, (int)strlen(number));
    }
    default: return JsonContainerIsArray(value.val.binary.data) ? "an array" : "an object";
  }
}

bool try_jsonb(const char* json, Datum* result) {
  MemoryContext context = CurrentMemoryContext;
  ResourceOwner owner = CurrentResourceOwner;
  ErrorData* volatile error = nullptr;
  BeginInternalSubTransaction(nullptr);
  MemoryContextSwitchTo(context);
  PG_TRY();
  {
    *result = jsonb_of(json);
    ReleaseCurrentSubTransaction();
  }
  PG_CATCH();
  {
    MemoryContextSwitchTo(context);
    error = CopyErrorData();
    FlushErrorState();
    RollbackAndReleaseCurrentSubTransaction();
  }
  PG_END_TRY();
  MemoryContextSwitchTo(context);
  CurrentResourceOwner = owner;
  if (!error) return true;
  const int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);
  // Not supported is the conversion of an escape to an encoding that has none.
  if (category != ERRCODE_DATA_EXCEPTION && category != ERRCODE_PROGRAM_LIMIT_EXCEEDED && category != ERRCODE_FEATURE_NOT_SUPPORTED) rethrow(error);
  FreeErrorData(error);
  return false;
}

bool has_value(JsonbContainer* object, const char* key) {
  JsonbValue name = string_value(key);
  const JsonbValue* value = findJsonbValueFromContainer(object, JB_FOBJECT, &name);
  return value && value->type != jbvNull;
}

const char* text_field(JsonbContainer* object, const char* key) {
  JsonbValue name = string_value(key);
  JsonbValue* value = findJsonbValueFromContainer(object, JB_FOBJECT, &name);
  if (!value) return nullptr;
  switch (value->type) {
    case jbvString: return pnstrdup(value->val.string.val, value->val.string.len);
    case jbvNumeric: return numeric_text(value->val.numeric);
    case jbvBool: return value->val.boolean ? "true" : "false";
    default: return nullptr;
  }
}

}  // namespace ea::pg
