// funnel: how many viewers got how far through a row of steps.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/viewer_walk.hpp"
#include "core/funnel/chain.hpp"
#include "core/intake/event.hpp"
#include "pg/barrier.hpp"
#include "pg/guard.hpp"
#include "pg/numbers_sort.hpp"
#include "pg/rows.hpp"

namespace {

using namespace ea;

struct Steps {
  int count = 0;
  core::Engagement type[core::kMostSteps];
  uint32 of_type[core::kEngagements] = {};    // bits of the steps that such an event may serve

  uint32 types() const {
    uint32 types = 0;
    for (int i = 0; i < count; i++) types |= 1u << (int)type[i];
    return types;
  }
};

enum class Scope { any, same_content, same_session };

core::Engagement type_named(const char* name) {
  core::Engagement type;
  if (core::find_engagement(name, &type)) return type;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "step", name),
                          "Steps are engagement types: view, save, share, click, skip, complete, impression, progress."));
}

Steps steps_argument(FunctionCallInfo fcinfo, int i) {
  constexpr const char* kHint = "Pass engagement types in the order in which they are to follow, such as ARRAY['view', 'click', 'save'].";
  if (PG_ARGISNULL(i)) pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "steps must not be null"), "%s", kHint));
  ArrayType* array = PG_GETARG_ARRAYTYPE_P(i);
  if (ARR_NDIM(array) > 1) pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "steps must have one dimension"), "%s", kHint));
  Datum* names;
  bool* nulls;
  int count;
  deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
  if (count < 1 || count > core::kMostSteps)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INVALID_PARAMETER_VALUE, "a funnel has 1 to %d steps, not %d", core::kMostSteps, count), "%s", kHint));
  Steps steps;
  for (steps.count = 0; steps.count < count; steps.count++) {
    if (nulls[steps.count])
      pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "step %d is null", steps.count + 1), "%s", kHint));
    const core::Engagement type = type_named(TextDatumGetCString(names[steps.count]));
    steps.type[steps.count] = type;
    steps.of_type[(int)type] |= 1u << steps.count;
  }
  return steps;
}

Scope scope_named(const char* name) {
  if (strcmp(name, "any") == 0) return Scope::any;
  if (strcmp(name, "same_content") == 0) return Scope::same_content;
  if (strcmp(name, "same_session") == 0) return Scope::same_session;
  pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "scope", name), "Known are any, same_content and same_session."));
}

// Where later steps end that are at most so long after a start before `to`.
TimestampTz last_end(TimestampTz to, int64 within) {
  return TIMESTAMP_IS_NOEND(to) || within >= DT_NOEND - Max(to, (TimestampTz)0) ? DT_NOEND : to + within;
}

class Funnel {
 public:
  Funnel(const Steps& steps, Scope scope, TimestampTz starts_before, int64 within)
      : steps_(steps), scope_(scope), starts_before_(starts_before), within_(within), sort_memory_(work_mem / Max(steps.count - 1, 1)) {
    for (int i = 0; i < steps.count; i++) between_.append(pg::NumbersSort(sort_memory_));
  }

  void add(std::span<rollup::WalkEvent> events) {
    best_.steps = 0;
    if (scope_ == Scope::any)
      follow(events);
    else
      for_each_part(events, [&](std::span<rollup::WalkEvent> part) { follow(part); });
    for (int i = 0; i < best_.steps; i++) {
      reached_[i]++;
      if (i > 0) between_[i].add(best_.at[i] - best_.at[i - 1]);
    }
  }

  void show(pg::Rows& rows) {
    const auto percent = [](int64 part, int64 whole) { return whole ? 100.0 * (double)part / (double)whole : 0.0; };
    for (int i = 0; i < steps_.count; i++) {
      const int64 before = i ? reached_[i - 1] : reached_[0];
      rows.add(Int32GetDatum(i + 1))
          .text_value(core::engagement_label(steps_.type[i]))
          .int64_value(reached_[i])
          .float8_value(percent(reached_[i], reached_[0]))
          .float8_value(percent(reached_[i], before))
          .int64_value(before - reached_[i]);
      between_[i].count() ? rows.float8_value(between_[i].median(USECS_PER_SEC)) : rows.null();
      rows.end_row();
    }
  }

 private:
  int64 part_of(const rollup::WalkEvent& event) const { return scope_ == Scope::same_content ? event.content : event.session; }

  // Each content's or session's; of what has none, nothing.
  template <class F>
  void for_each_part(std::span<rollup::WalkEvent> events, F&& f) {
    core::sort(events, pulse_, [&](const rollup::WalkEvent& a, const rollup::WalkEvent& b) { return part_of(a) != part_of(b) ? part_of(a) < part_of(b) : a < b; });
    for (size_t first = 0, next; first < events.size(); first = next) {
      const int64 part = part_of(events[first]);
      for (next = first + 1; next < events.size() && part_of(events[next]) == part; next++) {
      }
      if (part != 0) f(events.subspan(first, next - first));
    }
  }

  // The viewer's chain, if it gets further than those before, or began earlier.
  void follow(std::span<rollup::WalkEvent> events) {
    rows_.clear();
    rows_.reserve((int64)events.size());
    for (const rollup::WalkEvent& event : events) {
      pulse_();
      rows_.append({event.at, steps_.of_type[(int)event.type]});
    }
    const core::FunnelChain chain = core::furthest_chain({rows_.begin(), (size_t)rows_.size()}, starts_before_, within_, steps_.count, pulse_);
    if (chain.steps == 0 || chain.steps < best_.steps) return;
    const rollup::WalkEvent& first = events[chain.first];
    if (chain.steps == best_.steps && (first.at != first_at_ ? first.at > first_at_ : first.id >= first_id_)) return;
    best_ = chain;
    first_at_ = first.at;
    first_id_ = first.id;
  }

  const Steps& steps_;
  Scope scope_;
  TimestampTz starts_before_;
  int64 within_;
  int sort_memory_;
  core::Pulse pulse_{pg::poll};
  pg::Array<core::FunnelRow> rows_;
  core::FunnelChain best_;    // of the viewer at hand
  TimestampTz first_at_ = 0;
  int64 first_id_ = 0;
  int64 reached_[core::kMostSteps] = {};
  pg::Array<pg::NumbersSort> between_;    // microseconds from the step before
};

}  // namespace

EA_FUNCTION(ea_funnel) {
  const pg::Home home = access::installed_home(fcinfo);
  const Steps steps = steps_argument(fcinfo, 0);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  const int64 within = pg::span_argument(fcinfo, 3, USECS_PER_DAY, "within");
  const Scope scope = scope_named(pg::text_argument(fcinfo, 4, "any"));
  pg::Optional<int64> creator = pg::optional_id(fcinfo, 5, "creator_id");
  if (creator.given) access::authorize_creator(home, creator.value);
  else creator = access::restricted_to(home);

  rollup::WalkFilter filter;
  filter.range = {range.from, range.from < range.to ? last_end(range.to, within) : range.to};
  filter.types = steps.types();
  rollup::AscendingIds contents;
  if (creator.given) {
    contents = rollup::contents_of_creator(home, GetActiveSnapshot(), creator.value);
    filter.contents = &contents;
  }
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  Funnel funnel(steps, scope, range.to, within);
  rollup::ViewerWalk(query, filter).for_each([&](int64, std::span<rollup::WalkEvent> events) { funnel.add(events); });
  funnel.show(rows);
  query.finish();
  return (Datum)0;
}
