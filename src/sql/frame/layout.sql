-- What install() builds, as data: one row a column. {s} is the extension's schema.
CREATE OR REPLACE FUNCTION explore_analytics.layout_tables()
RETURNS TABLE (table_name text, partitioned boolean, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', false, 'Content in the Explore feed, one row each; view_count and engagement_score are written back by batch_update_engagement_scores().'),
  ('explore_discovery_videos', false, 'Videos: at most one for each content; the all-time numbers are written back by batch_update_engagement_scores().'),
  ('explore_feed_sessions', false, 'Feed sessions, one row each; open while session_end is null.'),
  ('explore_saved_properties', false, 'Content saved by known users, once each, as recorded by the recording functions.'),
  ('explore_viewers', false, 'Profiles of viewers; every attribute is optional.'),
  ('explore_exposures', false, 'Who was shown which variant of which experiment, and when first: what experiment_results() counts units by.'),
  ('explore_engagements', true, 'Raw engagement events, the truth behind every number; partitioned by month of created_at (UTC), with a default partition for every other time.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_tables() IS 'The tables install() builds, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_columns()
RETURNS TABLE (table_name text, column_name text, column_type text, required boolean, identity boolean, default_value text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', 'id', 'bigint', true, true, NULL, 'Id of the content.'),
  ('explore_content', 'creator_id', 'bigint', true, false, NULL, 'User id of the creator; numbers follow the current creator.'),
  ('explore_content', 'content_type', 'text', true, false, '''video''', 'Kind of content.'),
  ('explore_content', 'title', 'text', false, false, NULL, 'Title as shown in the feed.'),
  ('explore_content', 'category', 'text', false, false, NULL, 'Category, free text.'),
  ('explore_content', 'area', 'text', false, false, NULL, 'Area or neighbourhood, free text.'),
  ('explore_content', 'country', 'text', false, false, NULL, 'Country of the listing.'),
  ('explore_content', 'tags', 'text[]', false, false, NULL, 'Tags, free text.'),
  ('explore_content', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When the content was published.'),
  ('explore_content', 'updated_at', 'timestamp with time zone', true, false, 'now()', 'When the content was last edited; a rescore leaves it alone.'),
  ('explore_content', 'view_count', 'bigint', true, false, '0', 'Views of all time as of the last rescore.'),
  ('explore_content', 'engagement_score', 'double precision', true, false, '0', 'Engagement score (0..100) of all time as of the last rescore.'),
  ('explore_content', 'is_active', 'boolean', true, false, 'true', 'Whether the feed shows it; analytics count it either way.'),

  ('explore_discovery_videos', 'id', 'bigint', true, true, NULL, 'Id of the video.'),
  ('explore_discovery_videos', 'content_id', 'bigint', true, false, NULL, 'Content the video belongs to; unique.'),
  ('explore_discovery_videos', 'duration_ms', 'integer', false, false, NULL, 'Length in milliseconds; null: unknown.'),
  ('explore_discovery_videos', 'video_url', 'text', false, false, NULL, 'Where the video is.'),
  ('explore_discovery_videos', 'thumbnail_url', 'text', false, false, NULL, 'Where its picture is.'),
  ('explore_discovery_videos', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When the video was added.'),
  ('explore_discovery_videos', 'total_views', 'bigint', true, false, '0', 'Views of all time as of scored_at.'),
  ('explore_discovery_videos', 'total_watch_time_ms', 'bigint', true, false, '0', 'Watch time of all time in milliseconds as of scored_at.'),
  ('explore_discovery_videos', 'completion_rate', 'double precision', true, false, '0', 'Completion rate of all time in percent as of scored_at.'),
  ('explore_discovery_videos', 'save_count', 'bigint', true, false, '0', 'Saves of all time as of scored_at.'),
  ('explore_discovery_videos', 'share_count', 'bigint', true, false, '0', 'Shares of all time as of scored_at.'),
  ('explore_discovery_videos', 'click_count', 'bigint', true, false, '0', 'Clicks of all time as of scored_at.'),
  ('explore_discovery_videos', 'scored_at', 'timestamp with time zone', false, false, NULL, 'When a rescore last changed the stored numbers; null: never.'),

  ('explore_feed_sessions', 'id', 'bigint', true, true, NULL, 'Id of the session.'),
  ('explore_feed_sessions', 'user_id', 'bigint', false, false, NULL, 'User of the session; null: anonymous.'),
  ('explore_feed_sessions', 'session_start', 'timestamp with time zone', true, false, 'now()', 'When the session began.'),
  ('explore_feed_sessions', 'session_end', 'timestamp with time zone', false, false, NULL, 'When the session ended; null: open.'),
  ('explore_feed_sessions', 'device_type', 'text', false, false, NULL, 'Device type, free text.'),
  ('explore_feed_sessions', 'platform', 'text', false, false, NULL, 'Platform, such as ios, android or web.'),
  ('explore_feed_sessions', 'app_version', 'text', false, false, NULL, 'Version of the app.'),
  ('explore_feed_sessions', 'country', 'text', false, false, NULL, 'Country of the visitor.'),
  ('explore_feed_sessions', 'region', 'text', false, false, NULL, 'Region of the visitor.'),
  ('explore_feed_sessions', 'city', 'text', false, false, NULL, 'City of the visitor.'),
  ('explore_feed_sessions', 'traffic_source', 'text', false, false, NULL, 'Where the visitor came from.'),
  ('explore_feed_sessions', 'attributes', 'jsonb', true, false, '''{}''', 'Further attributes as the app sent them.'),
  ('explore_feed_sessions', 'idle_end', 'timestamp with time zone', false, false, NULL, 'The end that close_idle_sessions() found; as long as it equals session_end, later events and close_session() move that.'),

  ('explore_saved_properties', 'user_id', 'bigint', true, false, NULL, 'Who saved.'),
  ('explore_saved_properties', 'content_id', 'bigint', true, false, NULL, 'What was saved.'),
  ('explore_saved_properties', 'saved_at', 'timestamp with time zone', true, false, 'now()', 'When it was saved first.'),

  ('explore_viewers', 'user_id', 'bigint', true, false, NULL, 'Id of the viewer.'),
  ('explore_viewers', 'birth_year', 'integer', false, false, NULL, 'Year of birth.'),
  ('explore_viewers', 'gender', 'text', false, false, NULL, 'Gender, free text.'),
  ('explore_viewers', 'country', 'text', false, false, NULL, 'Country.'),
  ('explore_viewers', 'region', 'text', false, false, NULL, 'Region.'),
  ('explore_viewers', 'city', 'text', false, false, NULL, 'City.'),
  ('explore_viewers', 'language', 'text', false, false, NULL, 'Language.'),
  ('explore_viewers', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When the profile was made.'),

  ('explore_exposures', 'experiment', 'text', true, false, NULL, 'Name of the experiment.'),
  ('explore_exposures', 'viewer_key', 'bigint', true, false, NULL, 'Who was assigned: user id, or minus the session id of an anonymous visitor; stays as it is at a login.'),
  ('explore_exposures', 'variant', 'text', true, false, NULL, 'What was shown.'),
  ('explore_exposures', 'exposed_at', 'timestamp with time zone', true, false, 'now()', 'When it was shown first; finite.'),

  ('explore_engagements', 'id', 'bigint', true, true, NULL, 'Order of arrival; for order and paging, not a key.'),
  ('explore_engagements', 'content_id', 'bigint', true, false, NULL, 'Content the event is about.'),
  ('explore_engagements', 'user_id', 'bigint', false, false, NULL, 'Viewer; null: anonymous, then the session stands for the viewer.'),
  ('explore_engagements', 'session_id', 'bigint', false, false, NULL, 'Feed session; null: outside a session.'),
  ('explore_engagements', 'engagement_type', '{s}.engagement_type', true, false, NULL, 'What happened: view, save, share, click, skip, complete, impression or progress.'),
  ('explore_engagements', 'watch_time_ms', 'integer', true, false, '0', 'Watch time in milliseconds; longer than the video is legal (clips loop).'),
  ('explore_engagements', 'completed', 'boolean', true, false, 'false', 'Whether a view reached the end; ignored on other types.'),
  ('explore_engagements', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When it happened; finite, from 2000-01-01 UTC on.'),
  ('explore_engagements', 'event_id', 'uuid', false, false, NULL, 'Id given by the app; a repeat through the recording functions is a duplicate.'),
  ('explore_engagements', 'metadata', 'jsonb', false, false, NULL, 'Anything the app wants to keep with the event.'),
  ('explore_engagements', 'epoch', 'bigint', true, false, '0', 'Write generation for rollups; leave it out of INSERT and COPY.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_columns() IS 'The columns of the tables install() builds, with types, defaults and descriptions.';

-- Constraints and indexes, found again by name.
CREATE OR REPLACE FUNCTION explore_analytics.layout_constraints()
RETURNS TABLE (table_name text, constraint_name text, definition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', 'explore_content_pkey', 'PRIMARY KEY (id)'),
  ('explore_content', 'explore_content_ids_positive', 'CHECK (id > 0 AND creator_id > 0)'),
  ('explore_discovery_videos', 'explore_discovery_videos_pkey', 'PRIMARY KEY (id)'),
  ('explore_discovery_videos', 'explore_discovery_videos_content_id_key', 'UNIQUE (content_id)'),
  ('explore_discovery_videos', 'explore_discovery_videos_ids_positive', 'CHECK (id > 0 AND content_id > 0)'),
  ('explore_discovery_videos', 'explore_discovery_videos_duration_positive', 'CHECK (duration_ms > 0)'),
  ('explore_feed_sessions', 'explore_feed_sessions_pkey', 'PRIMARY KEY (id)'),
  ('explore_feed_sessions', 'explore_feed_sessions_ids_positive', 'CHECK (id > 0 AND user_id > 0)'),
  ('explore_feed_sessions', 'explore_feed_sessions_times', 'CHECK (isfinite(session_start) AND isfinite(session_end) AND session_end >= session_start)'),
  ('explore_saved_properties', 'explore_saved_properties_pkey', 'PRIMARY KEY (user_id, content_id)'),
  ('explore_saved_properties', 'explore_saved_properties_ids_positive', 'CHECK (user_id > 0 AND content_id > 0)'),
  ('explore_viewers', 'explore_viewers_pkey', 'PRIMARY KEY (user_id)'),
  ('explore_viewers', 'explore_viewers_ids_positive', 'CHECK (user_id > 0)'),
  ('explore_exposures', 'explore_exposures_pkey', 'PRIMARY KEY (experiment, viewer_key, variant)'),
  ('explore_exposures', 'explore_exposures_viewer_key', 'CHECK (viewer_key <> 0)'),
  ('explore_exposures', 'explore_exposures_exposed_at', 'CHECK (isfinite(exposed_at))'),
  ('explore_engagements', 'explore_engagements_ids_positive', 'CHECK (id > 0 AND content_id > 0 AND user_id > 0 AND session_id > 0)'),
  ('explore_engagements', 'explore_engagements_watch_time', 'CHECK (watch_time_ms >= 0)'),
  ('explore_engagements', 'explore_engagements_created_at', 'CHECK (isfinite(created_at))'),
  ('explore_engagements', 'explore_engagements_since_2000', 'CHECK (created_at >= ''2000-01-01 00:00:00+00'')'),
  ('explore_engagements', 'explore_engagements_epochs', 'CHECK (epoch >= 0)')
$$;
COMMENT ON FUNCTION explore_analytics.layout_constraints() IS 'The constraints of the tables install() builds.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_indexes()
RETURNS TABLE (table_name text, index_name text, definition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_content', 'explore_content_creator', '(creator_id)'),
  ('explore_content', 'explore_content_best', '(engagement_score DESC, view_count DESC, id) WHERE view_count >= 10'),
  ('explore_feed_sessions', 'explore_feed_sessions_start', '(session_start)'),
  ('explore_feed_sessions', 'explore_feed_sessions_open', '(session_start) WHERE session_end IS NULL'),
  -- Their lengths are not in the rollups (store/sessions.hpp).
  ('explore_feed_sessions', 'explore_feed_sessions_long', '(session_start) WHERE session_end - session_start >= interval ''1000000 seconds'''),
  -- For erasure and export.
  ('explore_exposures', 'explore_exposures_viewer', '(viewer_key)'),
  ('explore_engagements', 'explore_engagements_content', '(content_id, created_at)'),
  ('explore_engagements', 'explore_engagements_session', '(session_id) WHERE session_id IS NOT NULL'),
  ('explore_engagements', 'explore_engagements_epoch', '(epoch)'),
  ('explore_engagements', 'explore_engagements_created', 'USING brin (created_at) WITH (autosummarize = on)'),
  -- For erasure and export. 32 pages have at most 2,600 events, whoever they are of; two full summaries fill a page of the index.
  ('explore_engagements', 'explore_engagements_viewer', 'USING brin (user_id pg_catalog.int8_bloom_ops (n_distinct_per_range = 2600, false_positive_rate = 0.005)) WITH (autosummarize = on, pages_per_range = 32)')
$$;
COMMENT ON FUNCTION explore_analytics.layout_indexes() IS 'The indexes of the tables install() builds.';
