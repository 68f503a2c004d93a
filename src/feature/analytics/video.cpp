// video_analytics and videos_analytics.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/read_path.hpp"
#include "ask/video_columns.hpp"
#include "ask/videos.hpp"
#include "pg/barrier.hpp"
#include "store/summary_header.hpp"

namespace {

using namespace ea;

constexpr long kFetch = 1000;

pg::Statement many_videos(
    "/* explore_analytics: videos_analytics */ "
    "WITH wanted AS MATERIALIZED ("
    "  SELECT v.id, v.content_id, c.id AS known FROM {s}.explore_discovery_videos v"
    "  LEFT JOIN {s}.explore_content c ON c.id = v.content_id"
    "  WHERE ($1 IS NULL OR v.id = ANY ($1)) AND ($4 IS NULL OR c.creator_id = $4)) "
    "SELECT w.id, w.content_id, s.summary FROM wanted w"
    " LEFT JOIN explore_analytics.content_summaries("
    "   CASE WHEN $1 IS NOT NULL OR $4 IS NOT NULL THEN (SELECT coalesce(array_agg(known), '{}') FROM wanted) END,"
    "   $2, $3) s ON s.content_id = w.known"
    " ORDER BY w.id",
    {INT8ARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID}, CURSOR_OPT_CUSTOM_PLAN);

void add_video(pg::Rows& rows, int64 video, int64 content, const core::Header& header) {
  rollup::add_video_numbers(rows.int64_value(video).int64_value(content), header).end_row();
}

}  // namespace

EA_FUNCTION(ea_video_analytics) {
  const pg::Home home = access::installed_home(fcinfo);
  const int64 video = pg::required_id(fcinfo, 0, "video_id");
  const pg::Range range = pg::range_argument(fcinfo, 1);
  access::authorize_video(home, video);
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  const int64 content = rollup::content_of_video(query, video);
  query.finish();
  add_video(rows, video, content, rollup::header(home, {rollup::ScopeKind::content, content}, range));
  return (Datum)0;
}

EA_FUNCTION(ea_videos_analytics) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::Range range = pg::range_argument(fcinfo, 1);
  pg::Optional<int64> creator = pg::optional_id(fcinfo, 3, "creator_id");
  const pg::Optional<int64> me = access::restricted_to(home);
  if (me.given) {
    if (creator.given) access::authorize_creator(home, creator.value);
    creator = me;
  }
  pg::Rows rows(fcinfo);
  pg::Query query(home);
  // In portions: all there are may be more than fit into memory. Nothing but their numbers is looked at.
  pg::Cursor cursor;
  cursor.open(query, many_videos, pg::Parameters().add(!PG_ARGISNULL(0), PG_GETARG_DATUM(0)).open_range(range).id(creator));
  MemoryContext portion = AllocSetContextCreate(CurrentMemoryContext, "explore_analytics videos", ALLOCSET_DEFAULT_SIZES);
  while (const uint64 found = cursor.fetch(kFetch)) {
    MemoryContext outside = MemoryContextSwitchTo(portion);
    for (uint64 i = 0; i < found; i++) {
      bool null, none;
      const int64 video = DatumGetInt64(cursor.value(i, 1, &null)), content = DatumGetInt64(cursor.value(i, 2, &null));
      const Datum summary = cursor.value(i, 3, &none);
      add_video(rows, video, content, none ? core::Header{} : rollup::header_of(summary));
    }
    MemoryContextSwitchTo(outside);
    MemoryContextReset(portion);
  }
  cursor.close();
  query.finish();
  return (Datum)0;
}
