#include "ask/cohorts_of_viewer.hpp"

#include <span>
#include <tuple>

#include "ask/cohort_conditions.hpp"
#include "pg/guard.hpp"
#include "pg/memory.hpp"
#include "store/cohort_table.hpp"
#include "store/engagement_labels.hpp"
#include "store/epoch.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"
#include "store/stored_views.hpp"

namespace ea::rollup {

namespace {

pg::Statement all_cohorts(
    "/* explore_analytics: cohorts */ SELECT c.name, c.rule FROM explore_analytics.cohorts c ORDER BY c.name COLLATE \"C\"", {});
pg::Statement viewer_keys(
    "/* explore_analytics: cohorts */ SELECT k FROM (SELECT -s.id FROM {s}.explore_feed_sessions s WHERE s.user_id = $1 UNION ALL SELECT $1) v(k) ORDER BY k",
    {INT8OID});
pg::Statement profile(
    "/* explore_analytics: cohorts */ SELECT v.gender::text, v.country::text, v.region::text, v.city::text, v.language::text, v.birth_year::bigint"
    " FROM {s}.explore_viewers v WHERE v.user_id = $1",
    {INT8OID});
// No conditions on time: the planner would take their indexes, too, which lead to everything.
pg::Statement raw_events(
    "/* explore_analytics: cohorts */ SELECT e.content_id, e.engagement_type, " EA_VIEWER_KEY ", e.created_at, e.epoch FROM {s}.explore_engagements e"
    " WHERE e.user_id = $1 OR (e.user_id IS NULL AND e.session_id = ANY (ARRAY(SELECT s.id FROM {s}.explore_feed_sessions s WHERE s.user_id = $1)))",
    {INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

struct DoneEvent {
  int64 viewer, content;
  core::Engagement type;
  TimestampTz at;

  bool operator<(const DoneEvent& other) const { return std::tie(viewer, type) < std::tie(other.viewer, other.type); }
};

// A rule that can be asked; its name is of the query's memory.
struct Cohort {
  Datum name;
  CohortRule rule;
};

struct Known {
  const char* texts[kBirthYear];
  bool has_year;
  int64 year;
};

// All that there is about the viewer, as one of the keys: the user, or an anonymous session.
class Somebody {
 public:
  Somebody(pg::Query& query, int64 user) : user_(user) {
    if (query.read(profile, pg::Parameters().id(user)) > 0) {
      for (int i = 0; i < kBirthYear; i++)
        known_.texts[i] = query.is_null(0, 1 + i) ? nullptr : TextDatumGetCString(query.value(0, 1 + i));
      known_.has_year = !query.is_null(0, 1 + kBirthYear);
      if (known_.has_year) known_.year = query.int64_at(0, 1 + kBirthYear);
    }
    keys_.append(user);
  }

  void read_events(pg::Query& query, TimestampTz horizon) {
    const Snapshot snapshot = GetActiveSnapshot();
    pg::Array<int64> keys;
    uint64 rows = query.read(viewer_keys, pg::Parameters().id(user_));
    for (uint64 row = 0; row < rows; row++) keys.append(query.int64_at(row, 1));
    rows = query.read_by_indexes(raw_events, pg::Parameters().id(user_));
    const int64 low = watermark(snapshot);
    for (uint64 row = 0; row < rows; row++) {
      // From before the horizon: what has come since the last refresh.
      if (DatumGetTimestampTz(query.value(row, 4)) < horizon && query.int64_at(row, 5) <= low) continue;
      DoneEvent event{query.int64_at(row, 3), query.int64_at(row, 1), {}, DatumGetTimestampTz(query.value(row, 4))};
      if (EngagementLabels::find(DatumGetObjectId(query.value(row, 2)), &event.type)) events_.append(event);
    }
    if (!TIMESTAMP_IS_NOBEGIN(horizon)) {
      pg::Array<StoredView> views;
      find_stored_views(snapshot, keys, horizon, &views);
      for (const StoredView& view : views) events_.append({view.event.event.viewer, view.content, core::Engagement::view, view.event.at});
    }
    std::sort(events_.begin(), events_.end());
    // Sessions in which nothing was done anonymously are nobody.
    for (const DoneEvent& e : events_) keys_.append(e.viewer);
    make_ascending(&keys_);
  }

  bool meets_as_any(const pg::Home& home, const CohortRule& rule) {
    pg::Array<DoneCondition> done;
    for (int64 i = 0; i < rule.conditions.size(); i++)
      if (rule.conditions[i].did) done.append(done_condition(home, GetActiveSnapshot(), rule, (int)i, &creators_));
    bool* holds = static_cast<bool*>(palloc(rule.conditions.size() + 1));
    pg::Resource memory(CurrentMemoryContext);
    for (const int64 key : keys_) {
      CHECK_FOR_INTERRUPTS();
      // Who is unknown to rollups and conditions is in no cohort.
      bool known = !of_type(key, core::Engagement::view).empty();
      for (int64 i = 0; i < rule.conditions.size(); i++)
        if (!rule.conditions[i].did) known |= holds[i] = meets_profile(rule.conditions[i], key);
      for (const DoneCondition& one : done) known |= holds[one.number] = did(one, key);
      if (known && core::rule_holds(rule.tree(), &memory, [&](int32 i) { return holds[i]; })) return true;
    }
    return false;
  }

 private:
  bool meets_profile(const CohortCondition& condition, int64 key) const {
    if (key != user_) return false;
    if (condition.column == kBirthYear) return meets(condition, known_.has_year, known_.year);
    const char* text = known_.texts[condition.column];
    return text && meets(condition, std::string_view(text));
  }
  std::span<const DoneEvent> of_type(int64 key, core::Engagement type) const {
    const auto range = std::equal_range(events_.begin(), events_.end(), DoneEvent{key, 0, type, 0});
    return {range.first, range.second};
  }
  bool did(const DoneCondition& one, int64 key) const {
    uint32 times = 0;
    for (const DoneEvent& e : of_type(key, one.rule->type))
      if (one.takes(e.content, e.at) && ++times == one.rule->at_least) return true;
    return false;
  }

  int64 user_;
  pg::Array<int64> keys_;          // ascending: the user, and others with events
  pg::Array<DoneEvent> events_;    // by viewer and type
  CreatorContents creators_;
  Known known_{};
};

// A rule that is none, because somebody wrote it into the table or it is of another version, must not be in the way of what
// there is to say: it is told of, and has nobody in it.
bool read_rule(Jsonb* rule, const char* name, CohortRule* result) {
  try {
    pg::guard([&] { *result = read_cohort_rule(rule); });
    return true;
  } catch (const pg::ServerError& error) {
    const int sqlstate = error.data->sqlerrcode;
    if (sqlstate != ERRCODE_INVALID_PARAMETER_VALUE && sqlstate != ERRCODE_PROGRAM_LIMIT_EXCEEDED) throw;
    ErrorData told = *error.data;
    told.message = psprintf("cohort \"%s\" is left out: %s", name, error.data->message);
    pg::guard([&] { pg::warn_of(&told); });
    return false;
  }
}

// Those that can be answered.
pg::Array<Cohort> cohorts_to_ask(pg::Query& query, TimestampTz horizon) {
  pg::Array<Cohort> result;
  const uint64 rows = has_cohort_table() ? query.read(all_cohorts, pg::Parameters()) : 0;
  for (uint64 row = 0; row < rows; row++) {
    CHECK_FOR_INTERRUPTS();
    Cohort cohort{PointerGetDatum(PG_DETOAST_DATUM_COPY(query.value(row, 1))), {}};
    if (!read_rule(DatumGetJsonbPCopy(query.value(row, 2)), TextDatumGetCString(cohort.name), &cohort.rule)) continue;
    const auto& conditions = cohort.rule.conditions;
    if (std::none_of(conditions.begin(), conditions.end(), [&](const CohortCondition& c) { return needs_lost_events(c, horizon); })) result.append(cohort);
  }
  return result;
}

// Attributes alone are about nobody's events, unless the rule holds for who meets none.
bool needs_events(const CohortRule& rule) {
  pg::Resource memory(CurrentMemoryContext);
  return std::any_of(rule.conditions.begin(), rule.conditions.end(), [](const CohortCondition& c) { return c.did; }) ||
         core::holds_without_conditions(rule.tree(), &memory);
}

}  // namespace

Datum cohorts_of_viewer(pg::Query& query, int64 user) {
  pg::Array<Datum> names;
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  const pg::Array<Cohort> cohorts = cohorts_to_ask(query, horizon);
  if (!cohorts.empty()) {
    Somebody somebody(query, user);
    if (std::any_of(cohorts.begin(), cohorts.end(), [](const Cohort& c) { return needs_events(c.rule); })) somebody.read_events(query, horizon);
    for (const Cohort& cohort : cohorts)
      if (somebody.meets_as_any(query.home(), cohort.rule)) names.append(cohort.name);
  }
  return PointerGetDatum(construct_array(names.begin(), (int)names.size(), TEXTOID, -1, false, TYPALIGN_INT));
}

}  // namespace ea::rollup
