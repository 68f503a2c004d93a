#include "ask/campaign_viewers.hpp"

#include <algorithm>

#include "core/intake/event.hpp"
#include "pg/memory.hpp"
#include "store/engagement_labels.hpp"
#include "store/raw_horizon.hpp"

namespace ea::rollup {

namespace {

// A visitor who has logged in since is the user, as in the events. Without those of viewers who do not count, in both arms alike:
// two conditions that can be hashed, of which the first is about visitors as they were.
pg::Statement impressions_of_campaign(
    "/* explore_analytics: campaign_analytics */ SELECT l.viewer, l.session_id, l.charged_at, l.entry = 'ghost', l.event_id"
    " FROM (SELECT l.*, coalesce(l.user_id, (SELECT s.user_id FROM {s}.explore_feed_sessions s WHERE s.id = l.session_id)) AS viewer FROM {s}.explore_boost_ledger l"
    "   WHERE l.campaign_id = $1 AND l.charged_at >= $2 AND l.charged_at < $3 AND l.kind = 'impression' AND l.entry <> 'credit') l"
    " WHERE NOT EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = coalesce(l.user_id, -l.session_id))"
    " AND NOT EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = l.viewer)",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

// Few, whenever they are dated. A join of the ledger with itself would go through the wrong index where statistics are missing.
pg::Statement credits_of_campaign(
    "/* explore_analytics: campaign_analytics */ SELECT l.event_id FROM {s}.explore_boost_ledger l WHERE l.campaign_id = $1 AND l.kind = 'impression' AND l.entry = 'credit'",
    {INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

// Through their index.
pg::Statement events_of_content(
    "/* explore_analytics: campaign_analytics */ SELECT e.user_id, e.session_id, e.created_at, e.engagement_type, e.id"
    " FROM {s}.explore_engagements e WHERE e.content_id = $1 AND e.created_at >= $2 AND e.created_at < $3",
    {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID}, CURSOR_OPT_CUSTOM_PLAN);

// Among events: the first impression, of which the content is 1 for a ghost. Ids of events are positive, so at one moment it is
// before them.
constexpr core::Engagement kImpression = static_cast<core::Engagement>(core::kEngagements);

constexpr int64 kFirstCredits = 64;
constexpr Size kFilterShare = 8, kMostFilter = 16 * 1024 * 1024, kBytesForKey = 4;

core::KeyFilter* make_filter(int64 keys) {
  pg::Resource* memory = new (palloc(sizeof(pg::Resource))) pg::Resource(CurrentMemoryContext);
  const Size most = Min(get_hash_memory_limit() / kFilterShare, kMostFilter);
  return new (palloc(sizeof(core::KeyFilter))) core::KeyFilter(memory, Min(most, (Size)keys * kBytesForKey));
}

}  // namespace

CampaignViewers::CampaignViewers(pg::Query& query, const Campaign& campaign, const pg::Range& range, TimestampTz over_by)
    : query_(query), campaign_(campaign), range_(range), over_by_(over_by) {
  if (!core::find_engagement(campaign.conversion, &conversion_))
    pg::raise(pg::with_hint(pg::unknown(ERRCODE_INVALID_PARAMETER_VALUE, "conversion", campaign.conversion), "It is the campaign's, and no engagement type."));
}

TimestampTz CampaignViewers::end_of_window(TimestampTz first) const {
  TimestampTz end;
  return __builtin_add_overflow(first, campaign_.within, &end) || !IS_VALID_TIMESTAMP(end) ? DT_NOEND : end;
}

void CampaignViewers::walk(Visit visit, void* with) {
  if (range_.from >= range_.to) return;
  read_credits();
  read_impressions();
  credited_.release();
  if (needed_.from >= needed_.to) return;
  viewers_->settle();
  require_events();
  read_events();
  auto each = [&](std::span<const WalkEvent> events) { take(events, visit, with); };
  events_.for_each([](void* f, int64, std::span<WalkEvent> events) { (*static_cast<decltype(each)*>(f))(events); }, &each);
}

bool CampaignViewers::is_before(const pg_uuid_t& a, const pg_uuid_t& b) { return memcmp(a.data, b.data, UUID_LEN) < 0; }

void CampaignViewers::read_credits() {
  credited_.reserve(kFirstCredits);    // here, and not in the memory of a row
  query_.each_row(credits_of_campaign, pg::Parameters().id(campaign_.id), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    credited_.append(*DatumGetUUIDP(row->tts_values[0]));
  });
  std::sort(credited_.begin(), credited_.end(), is_before);
}

// In half of the memory: the first of each viewer is among the events before the next viewer is looked at.
void CampaignViewers::read_impressions() {
  ViewerEvents impressions(get_hash_memory_limit() / 2);
  int64 count = 0;
  query_.each_row(impressions_of_campaign, pg::Parameters().id(campaign_.id).range(range_), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    const bool no_user = row->tts_isnull[0];
    if (no_user && row->tts_isnull[1]) return;    // nobody that could be told from others
    if (std::binary_search(credited_.begin(), credited_.end(), *DatumGetUUIDP(row->tts_values[4]), is_before)) return;
    WalkEvent impression{};
    impression.at = DatumGetTimestampTz(row->tts_values[2]);
    impression.type = kImpression;
    impression.content = DatumGetBool(row->tts_values[3]);
    impressions.add(no_user ? -DatumGetInt64(row->tts_values[1]) : DatumGetInt64(row->tts_values[0]), impression);
    count++;
  });
  viewers_ = make_filter(count);
  auto each = [&](int64 viewer, std::span<const WalkEvent> of_viewer) {
    const WalkEvent& first = of_viewer.front();
    events_.add(viewer, first);
    viewers_->add(viewer);
    needed_.from = Min(needed_.from, first.at);
    needed_.to = Max(needed_.to, end_of_window(first.at));
  };
  impressions.for_each([](void* f, int64 viewer, std::span<WalkEvent> of_viewer) { (*static_cast<decltype(each)*>(f))(viewer, of_viewer); }, &each);
}

void CampaignViewers::require_events() const {
  const TimestampTz horizon = raw_horizon(GetActiveSnapshot());
  if (needed_.from >= horizon) return;
  pg::raise(pg::with_hint(pg::failure(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "campaigns can be asked about from %s on: raw events before it are gone", timestamptz_to_str(horizon)),
                          "Pass that time as start_date, or a later one; what was charged and credited is in boost_revenue() and explore_boost_ledger."));
}

void CampaignViewers::add(int64 viewer, const WalkEvent& event) {
  if (viewers_->may_hold(viewer)) events_.add(viewer, event);
}

void CampaignViewers::read_events() {
  query_.each_row(events_of_content, pg::Parameters().id(campaign_.content).range(needed_), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    WalkEvent event{};
    if (!EngagementLabels::find(DatumGetObjectId(row->tts_values[3]), &event.type)) return;
    if (event.type != core::Engagement::view && event.type != conversion_) return;
    event.at = DatumGetTimestampTz(row->tts_values[2]);
    event.id = DatumGetInt64(row->tts_values[4]);
    if (!row->tts_isnull[0]) add(DatumGetInt64(row->tts_values[0]), event);
    else if (!row->tts_isnull[1]) add(-DatumGetInt64(row->tts_values[1]), event);
  });
}

void CampaignViewers::take(std::span<const WalkEvent> events, Visit visit, void* with) const {
  const auto first = std::find_if(events.begin(), events.end(), [](const WalkEvent& event) { return event.type == kImpression; });
  if (first == events.end()) return;    // whom the filter has taken for another
  const TimestampTz end = end_of_window(first->at);
  CampaignViewer viewer{first->content == 1, end <= over_by_, false, 0};
  for (const WalkEvent& event : std::span(first + 1, events.end())) {
    if (event.at >= end) break;
    viewer.views += event.type == core::Engagement::view;
    viewer.converted |= event.type == conversion_;
  }
  visit(with, viewer);
}

}  // namespace ea::rollup
