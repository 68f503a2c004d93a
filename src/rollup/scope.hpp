// SQL fragments over raw events, spelled once. {s} is the extension's schema; the table is aliased e.
#pragma once

// A user, or for an anonymous visitor the session.
#define EA_VIEWER_KEY "coalesce(e.user_id, -e.session_id)"

#define EA_SUMMARY \
  "{s}.engagement_agg(e.engagement_type, " EA_VIEWER_KEY ", e.watch_time_ms, e.completed)"

#define EA_IN_RANGE(from, to) "e.created_at >= " from " AND e.created_at < " to

// Events of a creator's present contents. An event of content that has no row counts for the platform only.
#define EA_OF_CREATOR(id) \
  "e.content_id IN (SELECT c.id FROM {s}.explore_content c WHERE c.creator_id = " id ")"

// Of one content or of a creator, or all events where both ids are NULL. Arrays and not joins: under OR the server would
// make a join a filter on every row, but it looks an array up in the index. To be planned for each call.
#define EA_OF_SCOPE(content, creator)                                                              \
  "(" content " IS NULL OR e.content_id = ANY (ARRAY("                                             \
  "SELECT c.id FROM {s}.explore_content c WHERE c.id = " content ")))"                             \
  " AND (" creator " IS NULL OR e.content_id = ANY (ARRAY("                                        \
  "SELECT c.id FROM {s}.explore_content c WHERE c.creator_id = " creator ")))"
