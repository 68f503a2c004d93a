#include "ask/exposed_units.hpp"

#include <algorithm>

#include "ask/period.hpp"
#include "pg/memory.hpp"
#include "store/engagement_labels.hpp"
#include "store/events_between.hpp"
#include "store/raw_horizon.hpp"

namespace ea::rollup {

namespace {

pg::Statement exposures_of_experiment(
    "/* explore_analytics: exposures */ SELECT x.viewer_key, x.variant, x.exposed_at FROM {s}.explore_exposures x"
    " WHERE x.experiment = $1 AND x.exposed_at < $2"
    " AND NOT EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = x.viewer_key)",
    {TEXTOID, TIMESTAMPTZOID});

// Among events: an exposure, whose content is the number of the variant.
constexpr core::Engagement kExposure = static_cast<core::Engagement>(core::kEngagements);

// Of what hash tables may take, the filter gets this part; and what is more than this slows it down.
constexpr Size kFilterShare = 8, kMostFilter = 16 * 1024 * 1024;
constexpr Size kBytesForKey = 4;

// For so many keys at most.
core::KeyFilter* make_filter(int64 keys) {
  pg::Resource* memory = new (palloc(sizeof(pg::Resource))) pg::Resource(CurrentMemoryContext);
  const Size most = Min(get_hash_memory_limit() / kFilterShare, kMostFilter);
  return new (palloc(sizeof(core::KeyFilter))) core::KeyFilter(memory, Min(most, (Size)keys * kBytesForKey));
}

TimestampTz behind(TimestampTz at, int64 microseconds) {
  TimestampTz result;
  return __builtin_add_overflow(at, microseconds, &result) || !IS_VALID_TIMESTAMP(result) ? DT_NOEND : result;
}

}  // namespace

ExposedUnits::ExposedUnits(pg::Query& query, const char* name, const Experiment& experiment, const UnitWindows& windows)
    : query_(query), name_(name), experiment_(experiment), windows_(windows) {
  for (int i = 0; i < experiment.count; i++) {
    by_name_.append(i);
    assigned_.append(0);
  }
  std::sort(by_name_.begin(), by_name_.end(), [&](int a, int b) { return strcmp(experiment.variants[a], experiment.variants[b]) < 0; });
}

void ExposedUnits::walk(Visit visit, void* with) {
  read_exposures();
  exposed_->settle();
  require_raw_events(range_, windows_.lookback == 0 ? "What units did since their first exposure is needed: keep raw events until the experiment is over."
                                                   : "Pass cuped => false or a shorter lookback where only what was before the exposures is missing.");
  read_events();
  auto each = [&](std::span<const WalkEvent> events) { take(events, visit, with); };
  events_.for_each([](void* f, int64, std::span<WalkEvent> events) { (*static_cast<decltype(each)*>(f))(events); }, &each);
}

// -1 for a variant that the experiment does not have: who was exposed to it is nobody's unit.
int ExposedUnits::variant_named(const text* name) const {
  const std::string_view wanted(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
  const int* found = std::lower_bound(by_name_.begin(), by_name_.end(), wanted, [&](int i, std::string_view w) { return experiment_.variants[i] < w; });
  return found != by_name_.end() && experiment_.variants[*found] == wanted ? *found : -1;
}

TimestampTz ExposedUnits::start_of_history(TimestampTz exposed_at) const {
  return windows_.lookback == 0 ? exposed_at : before(exposed_at, windows_.lookback);
}

TimestampTz ExposedUnits::end_of_window(TimestampTz exposed_at) const {
  return windows_.within == 0 ? windows_.as_of : behind(exposed_at, windows_.within);
}

// In half of the memory: who is a unit is among the events before the next viewer is looked at.
void ExposedUnits::read_exposures() {
  ViewerEvents exposures(get_hash_memory_limit() / 2);
  int64 count = 0;
  query_.each_row(exposures_of_experiment, pg::Parameters().text(name_).time(windows_.as_of), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    const int64 viewer = DatumGetInt64(row->tts_values[0]);
    text* name = DatumGetTextPP(row->tts_values[1]);
    const int variant = variant_named(name);
    if ((Pointer)name != DatumGetPointer(row->tts_values[1])) pfree(name);
    if (variant < 0) return;
    WalkEvent exposure{};
    exposure.at = DatumGetTimestampTz(row->tts_values[2]);
    exposure.type = kExposure;
    exposure.content = variant;
    exposures.add(viewer, exposure);
    count++;
  });
  exposed_ = make_filter(count);
  auto each = [&](int64 viewer, std::span<const WalkEvent> of_viewer) { add(viewer, of_viewer); };
  exposures.for_each([](void* f, int64 viewer, std::span<WalkEvent> of_viewer) { (*static_cast<decltype(each)*>(f))(viewer, of_viewer); }, &each);
}

// Only of units are events needed.
void ExposedUnits::add(int64 viewer, std::span<const WalkEvent> exposures) {
  const WalkEvent& first = exposures.front();
  if (std::any_of(exposures.begin(), exposures.end(), [&](const WalkEvent& exposure) { return exposure.content != first.content; })) {
    several_++;
    return;
  }
  assigned_[first.content]++;
  if (!is_over(first.at)) return;
  events_.add(viewer, first);
  exposed_->add(viewer);
  range_.from = Min(range_.from, start_of_history(first.at));
  range_.to = Max(range_.to, end_of_window(first.at));
}

void ExposedUnits::read_events() {
  namespace columns = access::events;
  if (range_.from >= range_.to) return;
  EventsBetween(query_.home(), GetActiveSnapshot(), range_).for_each([&](const pg::BlockScan& row) {
    int64 viewer;
    bool null;
    WalkEvent event{};
    if (!find_viewer(row, &viewer) || !exposed_->may_hold(viewer)) return;
    if (!EngagementLabels::find(DatumGetObjectId(row.value(columns::type, &null)), &event.type)) return;
    event.at = row.int64_at(columns::created_at);
    event.watch_time_ms = DatumGetInt32(row.value(columns::watch_time_ms, &null));
    event.completed = DatumGetBool(row.value(columns::completed, &null));
    events_.add(viewer, event);
  });
}

void ExposedUnits::take(std::span<const WalkEvent> events, Visit visit, void* with) {
  const auto exposure = std::find_if(events.begin(), events.end(), [](const WalkEvent& event) { return event.type == kExposure; });
  if (exposure == events.end()) return;    // whom the filter has taken for another
  UnitEvents unit{(int)exposure->content, {}, {}};
  const TimestampTz from = start_of_history(exposure->at), to = end_of_window(exposure->at);
  for (const WalkEvent& event : events) {
    if (event.type == kExposure || event.at < from || event.at >= to) continue;
    (event.at < exposure->at ? unit.before : unit.after).add({event.type, true, 0, event.watch_time_ms, event.completed});
  }
  visit(with, unit);
}

}  // namespace ea::rollup
