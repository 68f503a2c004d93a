#include "ask/cohort_doers.hpp"

#include "core/intake/event.hpp"
#include "pg/statement.hpp"
#include "store/engagement_labels.hpp"
#include "store/epoch.hpp"
#include "store/events_between.hpp"
#include "store/raw_horizon.hpp"
#include "store/scope.hpp"
#include "store/stored_events.hpp"
#include "store/tail.hpp"

namespace ea::rollup {

namespace {

// Through their index.
pg::Statement events_of_some(
    "/* explore_analytics: cohort */ SELECT e.content_id, e.engagement_type, " EA_VIEWER_KEY ", e.created_at FROM {s}.explore_engagements e"
    " WHERE " EA_IN_RANGE("$1", "$2") " AND e.content_id = ANY ($3)",
    {TIMESTAMPTZOID, TIMESTAMPTZOID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

}  // namespace

CohortDoers::CohortDoers(const pg::Home& home, const CohortRule& rule, ViewerSets& sets)
    : home_(home), rule_(rule), sets_(sets), snapshot_(GetActiveSnapshot()), horizon_(raw_horizon(snapshot_)) {}

void CohortDoers::add(int number) {
  const CohortCondition& condition = rule_.conditions[number];
  if (needs_lost_events(condition, horizon_)) lost(condition);
  conditions_.append(done_condition(home_, snapshot_, rule_, number, &creators_));
}

void CohortDoers::find() {
  if (conditions_.empty()) return;
  for (const DoneCondition& one : conditions_) {
    by_type_[(int)one.rule->type].append(&one);
    first_ = Min(first_, one.from);
  }
  each_raw();
  each_stored();
  counts_.for_each([&](int32 number, int64 viewer, uint32 count) {
    if (count >= rule_.conditions[number].at_least) sets_.insert(number, viewer);
  });
}

void CohortDoers::lost(const CohortCondition& condition) const {
  const char* horizon = pstrdup(timestamptz_to_str(horizon_));
  pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "raw events before %s are gone, and with them who did \"%s\"",
                                      horizon, core::engagement_label(condition.type)),
                          "Define the cohort with a \"within\" that begins then or later; only views can be asked for from before."));
}

void CohortDoers::see(int64 content, core::Engagement type, int64 viewer, TimestampTz at) {
  for (const DoneCondition* one : by_type_[(int)type])
    if (one->takes(content, at)) see(*one, viewer);
}

void CohortDoers::each_raw() {
  const pg::Range range{Max(first_, horizon_), DT_NOEND};
  AscendingIds contents;
  for (const DoneCondition& one : conditions_) {
    if (one.of_all()) return each_of_all(range);
    for (const int64 content : one.contents) contents.append(content);
  }
  make_ascending(&contents);
  if (contents.empty()) return;
  pg::Query query(home_);
  query.each_row(events_of_some, pg::Parameters().range(range).add(id_array(contents)), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    core::Engagement type;
    if (row->tts_isnull[2] || !EngagementLabels::find(DatumGetObjectId(row->tts_values[1]), &type)) return;
    see(DatumGetInt64(row->tts_values[0]), type, DatumGetInt64(row->tts_values[2]), DatumGetTimestampTz(row->tts_values[3]));
  });
  query.finish();
}

void CohortDoers::each_of_all(const pg::Range& range) {
  namespace events = access::events;
  EventsBetween(home_, snapshot_, range).for_each([&](const pg::BlockScan& event) {
    bool null;
    int64 viewer;
    core::Engagement type;
    if (!EngagementLabels::find(DatumGetObjectId(event.value(events::type, &null)), &type) || by_type_[(int)type].empty()) return;
    if (find_viewer(event, &viewer)) see(event.int64_at(events::content_id), type, viewer, event.int64_at(events::created_at));
  });
}

// Views of before the horizon: those that have come since the last refresh, and what the rollups have.
void CohortDoers::each_stored() {
  const auto& views = by_type_[(int)core::Engagement::view];
  TimestampTz first = horizon_, first_of_all = horizon_;
  AscendingIds contents;
  for (const DoneCondition* one : views) {
    if (one->from >= horizon_) continue;
    first = Min(first, one->from);
    if (one->of_all()) first_of_all = Min(first_of_all, one->from);
    for (const int64 content : one->contents) contents.append(content);
  }
  if (first >= horizon_) return;
  make_ascending(&contents);
  TailFilter filter;
  filter.all = true;
  filter.range = {first, horizon_};
  const Tail tail = read_tail(home_, snapshot_, watermark(snapshot_), filter, PG_INT64_MAX);
  for (int64 i = 0; i < tail.count; i++) {
    const TailEvent& e = tail.events[i];
    if (e.event.event.counts_viewer()) see(e.content, core::Engagement::view, e.event.event.viewer, e.event.at);
  }
  StoredEvents events(snapshot_);
  // The platform's logs do not say of which content a view was.
  if (first_of_all < horizon_)
    events.for_each({ScopeKind::platform, 0}, {first_of_all, horizon_}, [&](const core::TimedEvent& e) {
      if (!e.event.counts_viewer()) return;
      for (const DoneCondition* one : views)
        if (one->of_all() && e.at >= one->from) see(*one, e.event.viewer);
    });
  for (const int64 content : contents) {
    CHECK_FOR_INTERRUPTS();
    events.for_each({ScopeKind::content, content}, {first, horizon_}, [&](const core::TimedEvent& e) {
      if (!e.event.counts_viewer()) return;
      for (const DoneCondition* one : views)
        if (!one->of_all() && one->takes(content, e.at)) see(*one, e.event.viewer);
    });
  }
  events.close();
}

}  // namespace ea::rollup
