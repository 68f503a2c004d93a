// Whose a content or a video is: looked up through an index, in the active snapshot.
#pragma once

#include "access/home.hpp"

namespace ea::access {

// The creator's id; 0 when there is no such content or video.
int64 creator_of_content(const pg::Home& home, int64 content);
int64 creator_of_video(const pg::Home& home, int64 video);

}  // namespace ea::access
