#include "ask/cohort_rule.hpp"

#include <charconv>

#include "core/intake/event.hpp"
#include "pg/args.hpp"
#include "pg/guard.hpp"
#include "pg/jsonb.hpp"

namespace ea::rollup {

namespace {

constexpr int kDeepest = 32;
constexpr int kMostParts = 1000;            // rules and values
constexpr Size kMostBytes = 64 * 1024;
constexpr int64 kMostEvents = 1000000000;

constexpr const char* kWhatARuleIs = "A rule is an object with one of \"all\", \"any\", \"not\", \"did\" and \"attribute\".";

class RuleReader {
 public:
  explicit RuleReader(CohortRule* rule) : rule_(*rule) { initStringInfo(&place_); }

  void read(const JsonbValue& value, int depth) {
    count();
    if (depth > kDeepest)
      refuse(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "Join rules side by side.", "a rule is at most %d deep", kDeepest);
    if (value.type != jbvBinary || !JsonContainerIsObject(value.val.binary.data))
      refuse(ERRCODE_INVALID_PARAMETER_VALUE, kWhatARuleIs, "a rule must be an object, not %s", pg::shown(value));
    JsonbContainer* object = value.val.binary.data;
    switch (kind_of(object)) {
      case Kind::all: return join(object, "all", core::RuleKind::all, depth);
      case Kind::any: return join(object, "any", core::RuleKind::any, depth);
      case Kind::negation: return oppose(object, depth);
      case Kind::did: return did(object);
      case Kind::attribute: return attribute(object);
    }
  }

 private:
  enum class Kind { all, any, negation, did, attribute };
  static constexpr const char* kKinds[] = {"all", "any", "not", "did", "attribute"};
  static constexpr const char* kKeys[] = {
      "Besides \"all\" there is no other key.", "Besides \"any\" there is no other key.", "Besides \"not\" there is no other key.",
      "Besides \"did\" there may be \"content\" or \"creator\", \"atLeast\" and \"within\".",
      "Besides \"attribute\" there may be \"is\"; of \"birthYear\" \"from\" and \"to\"."};

  [[noreturn]] void refuse(int sqlstate, const char* hint, const char* format, ...) __attribute__((format(printf, 4, 5))) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pg::Failure failure = pg::with_hint(pg::failure(sqlstate, "%s", message), "%s", hint);
    strlcpy(failure.detail, place_.len ? place_.data : "/", sizeof failure.detail);
    pg::raise(failure);
  }

  void count() {
    if (++parts_ > kMostParts)
      refuse(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "Make several cohorts of it, and join these with |, & and -.", "a rule has at most %d rules and values in it", kMostParts);
  }

  // Calls work(value) with the place of an error further in.
  template <class Work>
  void at(const char* step, Work&& work) {
    const int before = place_.len;
    appendStringInfo(&place_, "/%s", step);
    work();
    place_.len = before;
    place_.data[before] = 0;
  }

  // Of the key, if it is there under either name.
  bool find(JsonbContainer* object, const char* key, JsonbValue* found, const char* other = nullptr) {
    JsonbValue name = pg::string_value(key);
    const JsonbValue* value = findJsonbValueFromContainer(object, JB_FOBJECT, &name);
    if (value) *found = *value;
    if (!other) return value;
    name = pg::string_value(other);
    const JsonbValue* second = findJsonbValueFromContainer(object, JB_FOBJECT, &name);
    if (value && second)
      refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Leave one of them out.", "\"%s\" and \"%s\" are the same", key, other);
    if (second) *found = *second;
    return value || second;
  }

  static bool may_have(Kind kind, std::string_view key) {
    const auto one_of = [&](std::initializer_list<std::string_view> keys) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
    if (kind == Kind::did) return one_of({"content", "creator", "atLeast", "at_least", "within"});
    return kind == Kind::attribute && one_of({"is", "from", "to"});
  }

  Kind kind_of(JsonbContainer* object) {
    int kind = -1;
    JsonbValue found;
    for (int i = 0; i < (int)lengthof(kKinds); i++) {
      if (!find(object, kKinds[i], &found)) continue;
      if (kind >= 0)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Join two rules by \"all\" or \"any\".", "a rule has one of \"%s\" and \"%s\", not both", kKinds[kind], kKinds[i]);
      kind = i;
    }
    if (kind < 0) refuse(ERRCODE_INVALID_PARAMETER_VALUE, kWhatARuleIs, "a rule must say what it asks for");
    JsonbIterator* keys = JsonbIteratorInit(object);
    JsonbValue key;
    for (JsonbIteratorToken token; (token = JsonbIteratorNext(&keys, &key, true)) != WJB_DONE;)
      if (token == WJB_KEY && pg::text_of(key) != kKinds[kind] && !may_have((Kind)kind, pg::text_of(key)))
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, kKeys[kind], "key \"%s\" is unknown beside \"%s\"", pg::clipped(key.val.string.val, key.val.string.len), kKinds[kind]);
    return (Kind)kind;
  }

  void join(JsonbContainer* object, const char* key, core::RuleKind kind, int depth) {
    JsonbValue list{};
    find(object, key, &list);
    at(key, [&] {
      if (list.type != jbvBinary || !JsonContainerIsArray(list.val.binary.data) || JsonContainerIsScalar(list.val.binary.data))
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Pass an array of rules.", "\"%s\" must be an array, not %s", key, pg::shown(list));
      const int32 rules = (int32)JsonContainerSize(list.val.binary.data);
      if (rules == 0)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Leave it out. All who ever viewed are {\"did\": \"view\"}.", "\"%s\" must have rules in it", key);
      for (int32 i = 0; i < rules; i++) {
        CHECK_FOR_INTERRUPTS();
        const JsonbValue* value = getIthJsonbValueFromContainer(list.val.binary.data, (uint32)i);
        at(psprintf("%d", i), [&] { read(*value, depth + 1); });
        // Two by two, so that no more parts wait to be joined than a rule is deep.
        if (i > 0) rule_.nodes.append({kind, 2});
      }
    });
  }

  void oppose(JsonbContainer* object, int depth) {
    JsonbValue value{};
    find(object, "not", &value);
    at("not", [&] { read(value, depth + 1); });
    rule_.nodes.append({core::RuleKind::negation, 0});
  }

  // One that is there twice is asked once.
  void add(const CohortCondition& condition) {
    const auto same = std::find(rule_.conditions.begin(), rule_.conditions.end(), condition);
    rule_.nodes.append({core::RuleKind::condition, (int32)(same - rule_.conditions.begin())});
    if (same == rule_.conditions.end()) rule_.conditions.append(condition);
  }

  // A whole number, of which 7.0 is one.
  static bool whole_number(const JsonbValue& value, bool as_text, int64* number) {
    std::string_view text;
    if (value.type == jbvNumeric) {
      text = pg::numeric_text(value.val.numeric);
      if (text.find('.') != text.npos) {
        text = text.substr(0, text.find_last_not_of('0') + 1);
        if (text.ends_with('.')) text.remove_suffix(1);
      }
    } else if (value.type == jbvString && as_text) {
      text = pg::text_of(value);
    } else {
      return false;
    }
    const auto result = std::from_chars(text.data(), text.data() + text.size(), *number);
    return result.ec == std::errc() && result.ptr == text.data() + text.size();
  }

  void did(JsonbContainer* object) {
    CohortCondition condition{};
    condition.did = true;
    condition.at_least = 1;
    JsonbValue value{};
    find(object, "did", &value);
    at("did", [&] {
      if (value.type != jbvString || !core::find_engagement(pg::text_of(value), &condition.type))
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "It is one of view, save, share, click, skip, complete, impression and progress.", "\"did\" must be an engagement type, not %s", pg::shown(value));
    });
    condition.of = {ScopeKind::platform, 0};
    const auto of = [&](const char* key, ScopeKind scope) {
      if (!find(object, key, &value)) return;
      at(key, [&] {
        if (condition.of.scope != ScopeKind::platform)
          refuse(ERRCODE_INVALID_PARAMETER_VALUE, "A content has one creator: pass only the content.", "\"content\" and \"creator\" must not both be given");
        int64 id;
        if (!whole_number(value, true, &id) || id <= 0)
          refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Ids start at 1.", "\"%s\" must be an id, not %s", key, pg::shown(value));
        condition.of = {scope, id};
      });
    };
    of("content", ScopeKind::content);
    of("creator", ScopeKind::creator);
    if (find(object, "atLeast", &value, "at_least"))
      at("atLeast", [&] {
        int64 number;
        if (!whole_number(value, false, &number) || number < 1 || number > kMostEvents)
          refuse(ERRCODE_INVALID_PARAMETER_VALUE, "It is the number of events, 1 if left out.", "\"atLeast\" must be a number from 1 to %lld, not %s", (long long)kMostEvents, pg::shown(value));
        condition.at_least = (uint32)number;
      });
    if (find(object, "within", &value)) at("within", [&] { condition.within = interval(value); });
    add(condition);
  }

  // As the server reads intervals, whatever style it writes them in.
  int64 interval(const JsonbValue& value) {
    constexpr const char* kHint = "Pass an interval such as \"7 days\".";
    if (value.type != jbvString)
      refuse(ERRCODE_INVALID_PARAMETER_VALUE, kHint, "\"within\" must be an interval, not %s", pg::shown(value));
    const int level = NewGUCNestLevel();
    set_config_option("intervalstyle", "postgres", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
    Datum parsed = 0;
    bool refused = false;
    try {
      pg::guard([&] {
        parsed = DirectFunctionCall3(interval_in, CStringGetDatum(pnstrdup(value.val.string.val, value.val.string.len)), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
      });
    } catch (const pg::ServerError& error) {
      if (ERRCODE_TO_CATEGORY(error.data->sqlerrcode) != ERRCODE_DATA_EXCEPTION) throw;
      refused = true;
    }
    AtEOXact_GUC(true, level);
    if (refused) refuse(ERRCODE_INVALID_PARAMETER_VALUE, kHint, "\"within\" must be an interval, not %s", pg::shown(value));
    const int64 span = pg::microseconds_of(DatumGetIntervalP(parsed));
    if (span <= 0) refuse(ERRCODE_INVALID_PARAMETER_VALUE, kHint, "\"within\" must be longer than nothing, not %s", pg::shown(value));
    return span;
  }

  void attribute(JsonbContainer* object) {
    CohortCondition condition{};
    JsonbValue value{};
    find(object, "attribute", &value);
    const std::string_view name = value.type == jbvString ? pg::text_of(value) : "";
    while (condition.column < kBirthYear && name != kProfileTexts[condition.column]) condition.column++;
    if (condition.column == kBirthYear && name != "birthYear" && name != "birth_year")
      at("attribute", [&] {
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "It is one of gender, country, region, city, language and birthYear.", "\"attribute\" must be one of a viewer's, not %s", pg::shown(value));
      });
    JsonbValue from{}, to{}, is{};
    const bool has_from = find(object, "from", &from), has_to = find(object, "to", &to), has_is = find(object, "is", &is);
    if (condition.column == kBirthYear) {
      if (has_is || (!has_from && !has_to))
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Both belong to the years asked for; one of them may be left out.", "\"birthYear\" needs \"from\" or \"to\"%s", has_is ? ", and takes no \"is\"" : "");
      condition.from = year("from", has_from, from, PG_INT64_MIN);
      condition.to = year("to", has_to, to, PG_INT64_MAX);
      if (condition.from > condition.to)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Both belong to the years asked for.", "\"to\" %lld is before \"from\" %lld", (long long)condition.to, (long long)condition.from);
    } else {
      if (has_from || has_to || !has_is)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Pass a text or an array of texts.", "\"%s\" needs \"is\"%s", kProfileTexts[condition.column], has_from || has_to ? ", and takes no \"from\" and \"to\"" : "");
      at("is", [&] { texts(is, &condition); });
    }
    add(condition);
  }

  int64 year(const char* key, bool given, const JsonbValue& value, int64 otherwise) {
    int64 number = otherwise;
    if (given)
      at(key, [&] {
        if (!whole_number(value, false, &number))
          refuse(ERRCODE_INVALID_PARAMETER_VALUE, "For example 1990.", "\"%s\" must be a year, not %s", key, pg::shown(value));
      });
    return number;
  }

  void texts(const JsonbValue& is, CohortCondition* condition) {
    pg::Array<std::string_view> values;
    const auto add_text = [&](const JsonbValue& value) {
      if (value.type != jbvString)
        refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Pass a text or an array of texts.", "\"is\" must be a text, not %s", pg::shown(value));
      values.append(pg::text_of(value));
    };
    if (is.type == jbvBinary && JsonContainerIsArray(is.val.binary.data)) {
      const int32 count_of = (int32)JsonContainerSize(is.val.binary.data);
      if (count_of == 0) refuse(ERRCODE_INVALID_PARAMETER_VALUE, "Pass a text or an array of texts.", "\"is\" must have a text in it");
      for (int32 i = 0; i < count_of; i++)
        at(psprintf("%d", i), [&] {
          count();
          add_text(*getIthJsonbValueFromContainer(is.val.binary.data, (uint32)i));
        });
    } else {
      add_text(is);
    }
    std::sort(values.begin(), values.end());
    condition->values = values.begin();
    condition->value_count = (int)values.size();
  }

  CohortRule& rule_;
  StringInfoData place_;
  int parts_ = 0;
};

}  // namespace

CohortRule read_cohort_rule(Jsonb* rule) {
  if (VARSIZE(rule) > kMostBytes)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "a rule has at most %zu bytes, not %zu", kMostBytes, (Size)VARSIZE(rule)),
                            "Make several cohorts of it, and join these with |, & and -."));
  CohortRule result;
  JsonbValue root;
  if (JB_ROOT_IS_SCALAR(rule)) {
    root = *getIthJsonbValueFromContainer(&rule->root, 0);
  } else {
    root.type = jbvBinary;
    root.val.binary.data = &rule->root;
    root.val.binary.len = VARSIZE(rule) - VARHDRSZ;
  }
  RuleReader(&result).read(root, 1);
  return result;
}

}  // namespace ea::rollup
