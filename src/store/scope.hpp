// SQL fragments over raw events, spelled once. {s} is the extension's schema; the table is aliased e.
#pragma once

// A user, or for an anonymous visitor the session.
#define EA_VIEWER_KEY "coalesce(e.user_id, -e.session_id)"

// Not of a type that somebody has added: true as long as there is none (scope.cpp). Whatever reads raw events
// leaves these out, or has them pass it by.
#define EA_COUNTED "{counted}"

#define EA_SUMMARY \
  "{s}.engagement_agg(e.engagement_type, " EA_VIEWER_KEY ", e.watch_time_ms, e.completed) FILTER (WHERE " EA_COUNTED ")"

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

// Not of a partition that retention has taken over and not yet dropped (keep/retention.hpp).
#define EA_NOT_TAKEN_OVER                                                                             \
  " AND NOT EXISTS (SELECT FROM explore_analytics.dropped_partitions d WHERE d.dropped_at IS NULL"    \
  " AND e.created_at >= d.range_start AND e.created_at < d.range_end AND e.epoch <= d.epoch)"

// Added to a list of sessions with raw events of a content or creator, one of them given: those with such
// events in partitions that are gone.
#define EA_OR_DROPPED(content, creator)                                                               \
  " UNION ALL SELECT r.session_id FROM explore_analytics.session_rollups r WHERE r.touched && ARRAY(" \
  "SELECT c.id FROM {s}.explore_content c WHERE c.id = " content " OR c.creator_id = " creator ")"
