#include "ask/videos.hpp"

namespace ea::rollup {

namespace {

pg::Statement find_video(
    "/* explore_analytics: video */ SELECT v.content_id FROM {s}.explore_discovery_videos v WHERE v.id = $1", {INT8OID});
pg::Statement video_of_content(
    "/* explore_analytics: video */ SELECT v.id FROM {s}.explore_discovery_videos v WHERE v.content_id = $1", {INT8OID});

[[noreturn]] void no_video(pg::Query& query, int64 video) {
  const pg::Failure failure = pg::failure(ERRCODE_NO_DATA_FOUND, "video %lld does not exist", (long long)video);
  if (query.read(video_of_content, pg::Parameters().id(video)) > 0)
    pg::raise(pg::with_hint(failure, "Content %lld has video %lld.", (long long)video, (long long)query.int64_at(0, 1)));
  pg::raise(pg::with_hint(failure, "Pass the id of a row of explore_discovery_videos."));
}

}  // namespace

int64 content_of_video(pg::Query& query, int64 video) {
  if (query.read(find_video, pg::Parameters().id(video)) == 0) no_video(query, video);
  return query.int64_at(0, 1);
}

}  // namespace ea::rollup
