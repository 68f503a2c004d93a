// The content behind a video.
#pragma once

#include "pg/statement.hpp"

namespace ea::rollup {

// P0002 where there is no such video; a hint helps who has passed the id of a content.
int64 content_of_video(pg::Query& query, int64 video);

}  // namespace ea::rollup
