// attribution: what the touches before conversions are given of them, by key.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/journeys.hpp"
#include "core/attribution/credits.hpp"
#include "core/intake/event.hpp"
#include "feature/attribution/model_argument.hpp"
#include "pg/barrier.hpp"
#include "pg/memory.hpp"
#include "pg/numbers.hpp"
#include "pg/rows.hpp"
#include "store/raw_horizon.hpp"

namespace {

using namespace ea;

core::Engagement type_named(const char* what, const char* name) {
  core::Engagement type;
  if (core::find_engagement(name, &type)) return type;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, what, name),
                          "It is an engagement type: view, save, share, click, skip, complete, impression or progress."));
}

uint32 touches_argument(FunctionCallInfo fcinfo, int i) {
  if (PG_ARGISNULL(i)) return 1u << (int)core::Engagement::view;
  constexpr const char* kHint = "Pass engagement types, such as ARRAY['view', 'save'].";
  ArrayType* array = pg::list_argument(fcinfo, i, "touches");
  Datum* names;
  bool* nulls;
  int count;
  deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
  if (count == 0) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "touches must not be empty"), "%s", kHint));
  uint32 types = 0;
  for (int t = 0; t < count; t++) {
    if (nulls[t]) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "touch %d is null", t + 1), "%s", kHint));
    types |= 1u << (int)type_named("touch", TextDatumGetCString(names[t]));
  }
  return types;
}

rollup::JourneyKey key_named(const char* name) {
  if (strcmp(name, "content") == 0) return rollup::JourneyKey::content;
  if (strcmp(name, "creator") == 0) return rollup::JourneyKey::creator;
  if (strcmp(name, "source") == 0) return rollup::JourneyKey::source;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "key", name), "Known are content, creator and source."));
}

// Touches before the range count, too.
void require_raw_events(const rollup::JourneyQuestion& question) {
  const TimestampTz horizon = rollup::raw_horizon(GetActiveSnapshot());
  if (question.range.from >= question.range.to || question.read().from >= horizon) return;
  const __int128 first = (__int128)horizon + question.lookback;
  const char* gone = pstrdup(timestamptz_to_str(horizon));    // it answers in one static buffer
  if (first >= END_TIMESTAMP)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "raw events before %s are gone", gone), "Pass a shorter lookback."));
  pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "conversions can be attributed from %s on: raw events before %s are gone", timestamptz_to_str((TimestampTz)first), gone),
                          first < question.range.to ? "Pass that time as start_date, or a later one; with a shorter lookback it is earlier." : "Ask about a later range, or pass a shorter lookback."));
}

// Journeys as core takes them.
class Journey {
 public:
  Journey(const rollup::JourneyQuestion& question, core::Credits& credits) : question_(question), credits_(credits) {}

  void add(std::span<const rollup::WalkEvent> events) {
    touches_.clear();
    conversions_.clear();
    for (const rollup::WalkEvent& event : events) {
      pulse_();
      if (question_.is_touch(event.type)) touches_.append({{event.at, event.id}, (uint32)event.content});
      if (event.type == question_.conversion && event.at >= question_.range.from) conversions_.append({event.at, event.id});
    }
    const std::span<const core::Touch> touches(touches_.begin(), (size_t)touches_.size());
    if (!conversions_.empty()) {
      credits_.add(touches, {conversions_.begin(), (size_t)conversions_.size()}, pulse_);
      return;
    }
    size_t before = 0;
    while (before < touches.size() && touches[before].when.at < question_.range.from) before++;
    credits_.add_vain(touches.subspan(before), pulse_);
  }

 private:
  const rollup::JourneyQuestion& question_;
  core::Credits& credits_;
  core::Pulse pulse_{pg::poll};
  pg::Array<core::Touch> touches_;
  pg::Array<core::Moment> conversions_;
};

struct Line {
  const char* key;
  int64 touches;
  double conversions;
  double rank;    // equal ones are told apart by the key

  Line(const char* key, int64 touches, double conversions) : key(key), touches(touches), conversions(conversions), rank(std::round(conversions * 1e9)) {}
  bool operator<(const Line& other) const { return rank != other.rank ? rank > other.rank : strcmp(key, other.key) < 0; }
};

void show(pg::Rows& rows, const rollup::Journeys& journeys, const core::Credits& credits) {
  core::Pulse pulse(pg::poll);
  pg::Array<Line> lines;
  for (uint32 key = 0; key < credits.keys().size(); key++) {
    pulse();
    const core::KeyCredit& credit = credits.keys()[key];
    if (credit.touches > 0 || credit.in_vain) lines.append({journeys.name_of(key), credit.touches, credit.conversions()});
  }
  core::sort(std::span<Line>(lines.begin(), (size_t)lines.size()), pulse, std::less<>());
  const double all = (double)credits.conversions();
  for (const Line& line : lines)
    rows.text_value(line.key).int64_value(line.touches).float8_value(line.conversions).float8_value(all > 0 ? 100 * line.conversions / all : 0).end_row();
  if (const double rest = (double)credits.untouched(); rest > 0)
    rows.text_value("(none)").int64_value(0).float8_value(rest).float8_value(100 * rest / all).end_row();
}

}  // namespace

EA_FUNCTION(ea_attribution) {
  const pg::Home home = access::installed_home(fcinfo);
  rollup::JourneyQuestion question;
  question.conversion = type_named("conversion", pg::text_argument(fcinfo, 0, "click"));
  question.touches = touches_argument(fcinfo, 1);
  question.range = pg::range_argument(fcinfo, 2);
  const core::AttributionModel model = attribution_model_named(pg::text_argument(fcinfo, 4, "linear"));
  question.lookback = pg::span_argument(fcinfo, 5, 30 * USECS_PER_DAY, "lookback");
  const int64 half_life = half_life_argument(fcinfo, 6);
  question.in_vain = model == core::AttributionModel::markov;
  question.key = key_named(pg::text_argument(fcinfo, 7, "content"));
  pg::Optional<int64> creator = pg::optional_id(fcinfo, 8, "creator_id");
  if (creator.given) access::authorize_creator(home, creator.value);
  else creator = access::restricted_to(home);

  rollup::AscendingIds contents;
  question.contents = nullptr;
  if (creator.given) {
    contents = rollup::contents_of_creator(home, GetActiveSnapshot(), creator.value);
    question.contents = &contents;
  }
  require_raw_events(question);
  pg::Rows rows(fcinfo);
  if (question.range.from >= question.range.to) return (Datum)0;
  pg::Query query(home);
  rollup::Journeys journeys(query, question);
  pg::with_advice("Ask by another key, such as creator or source, or about a shorter range.", [&] {
    // What the server raises leaves no frame of theirs.
    auto* memory = new (palloc(sizeof(pg::Resource))) pg::Resource(CurrentMemoryContext);
    auto* credits = new (palloc(sizeof(core::Credits))) core::Credits(model, question.lookback, (double)half_life, (size_t)journeys.keys(), memory);
    Journey journey(question, *credits);
    credits->add_untouched(journeys.of_nobody());
    journeys.for_each([&](std::span<const rollup::WalkEvent> events) { journey.add(events); });
    core::Pulse pulse(pg::poll);
    credits->finish(pulse);
    show(rows, journeys, *credits);
  });
  query.finish();
  return (Datum)0;
}
