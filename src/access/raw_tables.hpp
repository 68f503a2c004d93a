// The raw tables that are read straight, and the columns that numbers are made from. The app may add others, in any place.
#pragma once

#include "pg/columns.hpp"
#include "pg/home.hpp"

namespace ea::access {

// Numbers of columns, in the order of the lists in raw_tables.cpp.
namespace events {
inline constexpr int content_id = 1, user_id = 2, session_id = 3, type = 4, watch_time_ms = 5, completed = 6, created_at = 7, epoch = 8, id = 9;
}
namespace content {
inline constexpr int id = 1, creator_id = 2;
}
namespace videos {
inline constexpr int id = 1, content_id = 2;
}
namespace durations {
inline constexpr int id = 1, duration_ms = 2;
}
namespace sessions {
inline constexpr int id = 1, user_id = 2, session_start = 3, session_end = 4;
}
namespace arrivals {
inline constexpr int id = 1, user_id = 2, traffic_source = 3;
}

pg::Table events_table(const pg::Home& home);
pg::Table content_table(const pg::Home& home);
pg::Table content_table(Oid table);
pg::Table videos_table(const pg::Home& home);
pg::Table durations_table(const pg::Home& home);    // videos, with what curves alone are made from
pg::Table sessions_table(const pg::Home& home);
pg::Table sessions_table(Oid table);
pg::Table arrivals_table(const pg::Home& home);    // sessions, with whose they are and where they came from

}  // namespace ea::access
