#include "feature/record/request_body.hpp"

namespace ea::record {

namespace {

core::Field field_of(const JsonbValue& value) {
  core::Field field;
  switch (value.type) {
    case jbvNull: break;
    case jbvNumeric:
      field.kind = core::Field::Kind::number;
      field.text = pg::numeric_text(value.val.numeric);
      break;
    case jbvString:
      field.kind = core::Field::Kind::string;
      field.text = {value.val.string.val, (size_t)value.val.string.len};
      break;
    case jbvBool:
      field.kind = core::Field::Kind::boolean;
      field.truth = value.val.boolean;
      break;
    default: field.kind = core::Field::Kind::other;
  }
  return field;
}

void push_pair(JsonbParseState** state, const char* key, JsonbValue* value) {
  JsonbValue name = pg::string_value(key);
  pushJsonbValue(state, WJB_KEY, &name);
  pushJsonbValue(state, WJB_VALUE, value);
}

}  // namespace

JsonbContainer* batch_array(JsonbContainer* body) {
  if (JsonContainerIsObject(body)) {
    JsonbValue key = pg::string_value("engagements");
    JsonbValue* found = findJsonbValueFromContainer(body, JB_FOBJECT, &key);
    if (!found || found->type != jbvBinary) return nullptr;
    body = found->val.binary.data;
  }
  return JsonContainerIsArray(body) && !JsonContainerIsScalar(body) ? body : nullptr;
}

ItemFields item_fields(JsonbContainer* array, int index, MemoryContext scratch) {
  ItemFields item;
  MemoryContext outside = MemoryContextSwitchTo(scratch);
  JsonbValue* element = getIthJsonbValueFromContainer(array, index);
  if (element && element->type == jbvBinary && JsonContainerIsObject(element->val.binary.data)) {
    item.is_object = true;
    JsonbIterator* iterator = JsonbIteratorInit(element->val.binary.data);
    JsonbValue value;
    JsonbIteratorToken token;
    int field = -1;
    bool given[core::kFields] = {};   // as null, too
    while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE) {
      if (token == WJB_KEY) {
        field = core::find_field({value.val.string.val, (size_t)value.val.string.len});
      } else if (token == WJB_VALUE && field == (int)core::FieldName::metadata) {
        if (value.type == jbvNull) continue;
        MemoryContextSwitchTo(outside);
        item.has_metadata = true;
        item.metadata = JsonbPGetDatum(JsonbValueToJsonb(&value));
        MemoryContextSwitchTo(scratch);
      } else if (token == WJB_VALUE && field >= 0 && !given[field]) {
        // The camelCase key comes first: keys are in order of their lengths.
        given[field] = true;
        item.fields[field] = field_of(value);
      }
    }
  }
  MemoryContextSwitchTo(outside);
  return item;
}

bool metadata_of(const core::BodyItem& item, MemoryContext scratch, Datum* metadata) {
  MemoryContext outside = MemoryContextSwitchTo(scratch);
  const char* json = pnstrdup(item.metadata.data(), item.metadata.size());
  Datum made = 0;
  const bool good = !item.metadata_is_unusual ? (made = pg::jsonb_of(json), true) : pg::try_jsonb(json, &made);
  MemoryContextSwitchTo(outside);
  if (good) *metadata = datumCopy(made, false, -1);
  MemoryContextReset(scratch);
  return good;
}

void push_fault(JsonbParseState** state, int index, const core::ItemFault& fault) {
  pushJsonbValue(state, WJB_BEGIN_OBJECT, nullptr);
  JsonbValue value;
  value.type = jbvNumeric;
  value.val.numeric = int64_to_numeric(index);
  push_pair(state, "index", &value);
  if (fault.field)
    value = pg::string_value(fault.field);
  else
    value.type = jbvNull;
  push_pair(state, "field", &value);
  value = pg::string_value(core::fault_code(fault.fault));
  push_pair(state, "code", &value);
  value = pg::string_value(fault.message);
  push_pair(state, "message", &value);
  pushJsonbValue(state, WJB_END_OBJECT, nullptr);
}

}  // namespace ea::record
