#include "feature/attribution/path_reader.hpp"

#include "pg/jsonb.hpp"

namespace ea::attribution {

namespace {

constexpr double kMost = 9007199254740992;    // of conversions: beyond, doubles leave integers out
constexpr double kLeast = 1e-200;             // what is less is none, so that quotients stay within what doubles hold
constexpr const char* kWhatPathsAre = "Pass an array such as [{\"path\": [\"a\", \"b\"], \"conversions\": 2, \"nulls\": 1}].";

class Reader {
 public:
  explicit Reader(Paths* paths) : paths_(*paths) {}

  void read(Jsonb* document) {
    if (!JB_ROOT_IS_ARRAY(document) || JB_ROOT_IS_SCALAR(document)) refuse("", kWhatPathsAre, "paths must be an array");
    JsonbIterator* items = JsonbIteratorInit(&document->root);
    JsonbValue item;
    JsonbIteratorNext(&items, &item, true);    // begins
    while (JsonbIteratorNext(&items, &item, true) == WJB_ELEM) {
      CHECK_FOR_INTERRUPTS();
      path(item);
      number_++;
    }
  }

 private:
  // Where in the document: path, then what of it, if not all.
  [[noreturn]] void refuse(const char* step, const char* hint, const char* format, ...) __attribute__((format(printf, 4, 5))) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pg::Failure failure = pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "%s", message), "%s", hint);
    if (number_ < 0) strlcpy(failure.detail, "/", sizeof failure.detail);
    else snprintf(failure.detail, sizeof failure.detail, "/%lld%s", (long long)number_, step);
    pg::raise(failure);
  }

  void path(const JsonbValue& item) {
    if (number_ < 0) number_ = 0;
    if (item.type != jbvBinary || !JsonContainerIsObject(item.val.binary.data)) refuse("", kWhatPathsAre, "a path must be an object, not %s", pg::shown(item));
    Path path = {paths_.steps.size(), 0, 0, 0};
    bool found = false;
    JsonbIterator* members = JsonbIteratorInit(item.val.binary.data);
    JsonbValue name, value;
    JsonbIteratorNext(&members, &name, true);
    while (JsonbIteratorNext(&members, &name, true) == WJB_KEY) {
      JsonbIteratorNext(&members, &value, true);
      if (pg::text_of(name) == "path") {
        keys(value);
        found = true;
      } else if (pg::text_of(name) == "conversions") {
        path.conversions = count("conversions", value);
      } else if (pg::text_of(name) == "nulls") {
        path.nulls = count("nulls", value);
      } else {
        refuse("", "It has \"path\", \"conversions\" and \"nulls\".", "key \"%s\" of a path is unknown", pg::clipped(name.val.string.val, name.val.string.len));
      }
    }
    if (!found) refuse("", "Pass an array of keys; an empty one where there was no touch.", "\"path\" is missing");
    path.length = paths_.steps.size() - path.first;
    paths_.list.append(path);
  }

  void keys(const JsonbValue& value) {
    constexpr const char* kHint = "Pass an array of keys; an empty one where there was no touch.";
    if (value.type != jbvBinary || !JsonContainerIsArray(value.val.binary.data) || JsonContainerIsScalar(value.val.binary.data))
      refuse("/path", kHint, "\"path\" must be an array, not %s", pg::shown(value));
    JsonbIterator* steps = JsonbIteratorInit(value.val.binary.data);
    JsonbValue step;
    JsonbIteratorNext(&steps, &step, true);
    for (int64 i = 0; JsonbIteratorNext(&steps, &step, true) == WJB_ELEM; i++) {
      if (step.type != jbvString) refuse(psprintf("/path/%lld", (long long)i), "Keys are texts.", "a key must be a text, not %s", pg::shown(step));
      paths_.steps.append(paths_.keys.number_of(pg::text_of(step)));
    }
  }

  double count(const char* name, const JsonbValue& value) {
    if (value.type == jbvNull) return 0;
    const double number = value.type == jbvNumeric ? DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value.val.numeric))) : -1;
    if (!(number >= 0 && number <= kMost))
      refuse(psprintf("/%s", name), "It is how many journeys went that way, 0 if left out.", "\"%s\" must be a number from 0 to %.0f, not %s", name, kMost, pg::shown(value));
    return number < kLeast ? 0 : number;
  }

  Paths& paths_;
  int64 number_ = -1;    // of the path at hand
};

}  // namespace

const Paths& read_paths(Jsonb* document) {
  Paths* paths = new (palloc(sizeof(Paths))) Paths;
  Reader(paths).read(document);
  return *paths;
}

}  // namespace ea::attribution
