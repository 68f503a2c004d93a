#include "access/raw_tables.hpp"

#include "access/home.hpp"

namespace ea::access {

namespace {

constexpr pg::Column kEvents[] = {{"content_id", INT8OID}, {"user_id", INT8OID, false}, {"session_id", INT8OID, false},
                                  {"engagement_type", pg::kOwnType}, {"watch_time_ms", INT4OID}, {"completed", BOOLOID},
                                  {"created_at", TIMESTAMPTZOID}, {"epoch", INT8OID}, {"id", INT8OID}};
constexpr pg::Column kContent[] = {{"id", INT8OID}, {"creator_id", INT8OID}};
constexpr pg::Column kVideos[] = {{"id", INT8OID}, {"content_id", INT8OID}};
constexpr pg::Column kDurations[] = {{"id", INT8OID}, {"duration_ms", INT4OID, false}};
constexpr pg::Column kSessions[] = {{"id", INT8OID}, {"user_id", INT8OID, false}, {"session_start", TIMESTAMPTZOID}, {"session_end", TIMESTAMPTZOID, false}};
constexpr pg::Column kArrivals[] = {{"id", INT8OID}, {"user_id", INT8OID, false}, {"traffic_source", TEXTOID, false}};

Oid named(const pg::Home& home, const char* table) { return get_relname_relid(table, home.schema); }

}  // namespace

pg::Table events_table(const pg::Home& home) { return {home.events, kEvents, own_type(home.schema, "engagement_type")}; }
pg::Table content_table(Oid table) { return {table, kContent}; }
pg::Table content_table(const pg::Home& home) { return content_table(named(home, "explore_content")); }
pg::Table videos_table(const pg::Home& home) { return {named(home, "explore_discovery_videos"), kVideos}; }
pg::Table durations_table(const pg::Home& home) { return {named(home, "explore_discovery_videos"), kDurations}; }
pg::Table sessions_table(Oid table) { return {table, kSessions}; }
pg::Table sessions_table(const pg::Home& home) { return sessions_table(named(home, "explore_feed_sessions")); }
pg::Table arrivals_table(const pg::Home& home) { return {named(home, "explore_feed_sessions"), kArrivals}; }

}  // namespace ea::access
