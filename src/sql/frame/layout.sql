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
  ('explore_excluded_engagements', false, 'Events of viewers who do not count, as exclude_traffic() set them aside and recording adds to them; restore_traffic() brings them back.'),
  ('explore_boost_campaigns', false, 'Boost campaigns, one row each, with what has been spent; kept by create_boost_campaign(), set_boost_budget(), stop_boost_campaign(), charge_boost() and credit_boost().'),
  ('explore_boost_ledger', false, 'What campaigns were charged and credited, and whom they held out: entries are added, never changed or removed.'),
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

  ('explore_boost_campaigns', 'campaign_id', 'bigint', true, true, NULL, 'Id of the campaign.'),
  ('explore_boost_campaigns', 'content_id', 'bigint', true, false, NULL, 'Content that is shown.'),
  ('explore_boost_campaigns', 'creator_id', 'bigint', true, false, NULL, 'Who pays: the creator of the content when the campaign was made.'),
  ('explore_boost_campaigns', 'budget', 'numeric', true, false, NULL, 'What may be spent in all.'),
  ('explore_boost_campaigns', 'currency', 'text', true, false, NULL, 'Currency of all its amounts, three capital letters.'),
  ('explore_boost_campaigns', 'cost_per_impression', 'numeric', true, false, '0', 'Price of an impression.'),
  ('explore_boost_campaigns', 'cost_per_click', 'numeric', true, false, '0', 'Price of a click.'),
  ('explore_boost_campaigns', 'starts_at', 'timestamp with time zone', true, false, 'now()', 'When it begins.'),
  ('explore_boost_campaigns', 'ends_at', 'timestamp with time zone', false, false, NULL, 'When it is over; null: when it is stopped, or its budget spent.'),
  ('explore_boost_campaigns', 'daily_budget', 'numeric', false, false, NULL, 'What may be charged for a day of time_zone; null: no limit.'),
  ('explore_boost_campaigns', 'time_zone', 'text', true, false, '''UTC''', 'Whose days daily_budget is for.'),
  ('explore_boost_campaigns', 'holdout_percent', 'double precision', true, false, '0', 'Percent of viewers who are not shown it, to measure what it does; 0..50.'),
  ('explore_boost_campaigns', 'conversion', 'text', true, false, '''click''', 'Engagement type that counts as a conversion.'),
  ('explore_boost_campaigns', 'conversion_value', 'numeric', false, false, NULL, 'What a conversion is worth; null: unknown.'),
  ('explore_boost_campaigns', 'within', 'interval', true, false, '''7 days''', 'How long after a viewer''s first impression views and conversions count.'),
  ('explore_boost_campaigns', 'created_at', 'timestamp with time zone', true, false, 'now()', 'When it was made.'),
  ('explore_boost_campaigns', 'stopped_at', 'timestamp with time zone', false, false, NULL, 'When it was stopped; null: it was not.'),
  ('explore_boost_campaigns', 'spend', 'numeric', true, false, '0', 'Sum of its amounts in explore_boost_ledger.'),

  ('explore_boost_ledger', 'campaign_id', 'bigint', true, false, NULL, 'The campaign.'),
  ('explore_boost_ledger', 'event_id', 'uuid', true, false, NULL, 'What was charged, by the app''s id; of a credit the charge it turns round, or an id of its own.'),
  ('explore_boost_ledger', 'entry', 'text', true, false, NULL, 'charge, ghost (held out: not shown, not paid) or credit.'),
  ('explore_boost_ledger', 'kind', 'text', false, false, NULL, 'impression or click; null: a credit of money alone.'),
  ('explore_boost_ledger', 'amount', 'numeric', true, false, NULL, 'Money: positive or 0 of a charge, 0 of a ghost, negative or 0 of a credit.'),
  ('explore_boost_ledger', 'user_id', 'bigint', false, false, NULL, 'Viewer; null: not known, or forgotten.'),
  ('explore_boost_ledger', 'session_id', 'bigint', false, false, NULL, 'Feed session; null: none, or forgotten.'),
  ('explore_boost_ledger', 'charged_at', 'timestamp with time zone', true, false, NULL, 'When it happened, and which day and period it counts for.'),
  ('explore_boost_ledger', 'recorded_at', 'timestamp with time zone', true, false, 'now()', 'When the entry was made.'),
  ('explore_boost_ledger', 'reason', 'text', false, false, NULL, 'Why it was credited.'),

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
  ('explore_engagements', 'epoch', 'bigint', true, false, '0', 'Write generation for rollups; leave it out of INSERT and COPY.'),

  ('explore_excluded_engagements', 'id', 'bigint', false, false, NULL, 'Order of arrival, of the same sequence as that of events; null: it gets one when it is brought back.'),
  ('explore_excluded_engagements', 'content_id', 'bigint', true, false, NULL, 'Content the event is about.'),
  ('explore_excluded_engagements', 'user_id', 'bigint', false, false, NULL, 'Viewer; null: anonymous, then the session stands for the viewer.'),
  ('explore_excluded_engagements', 'session_id', 'bigint', false, false, NULL, 'Feed session; null: outside a session.'),
  ('explore_excluded_engagements', 'engagement_type', '{s}.engagement_type', true, false, NULL, 'What happened.'),
  ('explore_excluded_engagements', 'watch_time_ms', 'integer', true, false, '0', 'Watch time in milliseconds.'),
  ('explore_excluded_engagements', 'completed', 'boolean', true, false, 'false', 'Whether a view reached the end.'),
  ('explore_excluded_engagements', 'created_at', 'timestamp with time zone', true, false, NULL, 'When it happened.'),
  ('explore_excluded_engagements', 'event_id', 'uuid', false, false, NULL, 'Id given by the app.'),
  ('explore_excluded_engagements', 'metadata', 'jsonb', false, false, NULL, 'Anything the app wants to keep with the event.'),
  ('explore_excluded_engagements', 'epoch', 'bigint', true, false, '0', 'Write generation that it had, or would have had.'),
  ('explore_excluded_engagements', 'reason', 'text', false, false, NULL, 'Why the viewer does not count, as it was given at the time.'),
  ('explore_excluded_engagements', 'excluded_at', 'timestamp with time zone', true, false, 'now()', 'When it was set aside, or recorded.'),
  ('explore_excluded_engagements', 'extra', 'jsonb', false, false, NULL, 'Values of columns that somebody has added to events, as text; null: it has not been among the events, or there were none.')
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
  ('explore_boost_campaigns', 'explore_boost_campaigns_pkey', 'PRIMARY KEY (campaign_id)'),
  ('explore_boost_campaigns', 'explore_boost_campaigns_ids_positive', 'CHECK (campaign_id > 0 AND content_id > 0 AND creator_id > 0)'),
  -- Few and short: the server prepares them anew for each charge. NaN and Infinity are more than any number.
  ('explore_boost_campaigns', 'explore_boost_campaigns_spend', 'CHECK (spend >= 0 AND spend <= budget AND budget < 1000000000000000)'),
  ('explore_boost_campaigns', 'explore_boost_campaigns_prices', 'CHECK (cost_per_impression >= 0 AND cost_per_click >= 0)'),
  ('explore_boost_ledger', 'explore_boost_ledger_pkey', 'PRIMARY KEY (campaign_id, event_id, entry)'),
  ('explore_boost_ledger', 'explore_boost_ledger_entries', 'CHECK (entry IN (''charge'', ''ghost'', ''credit'') AND kind IN (''impression'', ''click'') AND (kind IS NOT NULL OR entry = ''credit''))'),
  ('explore_boost_ledger', 'explore_boost_ledger_amounts', 'CHECK ((entry <> ''charge'' OR amount >= 0) AND (entry <> ''ghost'' OR amount = 0) AND (entry <> ''credit'' OR amount <= 0))'),
  ('explore_boost_ledger', 'explore_boost_ledger_times', 'CHECK (isfinite(charged_at))'),
  ('explore_engagements', 'explore_engagements_ids_positive', 'CHECK (id > 0 AND content_id > 0 AND user_id > 0 AND session_id > 0)'),
  ('explore_engagements', 'explore_engagements_watch_time', 'CHECK (watch_time_ms >= 0)'),
  ('explore_engagements', 'explore_engagements_created_at', 'CHECK (isfinite(created_at))'),
  ('explore_engagements', 'explore_engagements_since_2000', 'CHECK (created_at >= ''2000-01-01 00:00:00+00'')'),
  ('explore_engagements', 'explore_engagements_epochs', 'CHECK (epoch >= 0)'),
  ('explore_excluded_engagements', 'explore_excluded_engagements_ids_positive', 'CHECK (id > 0 AND content_id > 0 AND user_id > 0 AND session_id > 0)'),
  ('explore_excluded_engagements', 'explore_excluded_engagements_viewer', 'CHECK (user_id IS NOT NULL OR session_id IS NOT NULL)')
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
  ('explore_boost_campaigns', 'explore_boost_campaigns_creator', '(creator_id)'),
  ('explore_boost_ledger', 'explore_boost_ledger_charged', '(campaign_id, charged_at)'),
  -- For erasure and export.
  ('explore_boost_ledger', 'explore_boost_ledger_user', '(user_id) WHERE user_id IS NOT NULL'),
  ('explore_boost_ledger', 'explore_boost_ledger_session', '(session_id) WHERE session_id IS NOT NULL'),
  ('explore_engagements', 'explore_engagements_content', '(content_id, created_at)'),
  ('explore_engagements', 'explore_engagements_session', '(session_id) WHERE session_id IS NOT NULL'),
  ('explore_engagements', 'explore_engagements_epoch', '(epoch)'),
  ('explore_engagements', 'explore_engagements_created', 'USING brin (created_at) WITH (autosummarize = on)'),
  -- For erasure and export. 32 pages have at most 2,600 events, whoever they are of; two full summaries fill a page of the index.
  ('explore_engagements', 'explore_engagements_viewer', 'USING brin (user_id pg_catalog.int8_bloom_ops (n_distinct_per_range = 2600, false_positive_rate = 0.005)) WITH (autosummarize = on, pages_per_range = 32)'),
  ('explore_excluded_engagements', 'explore_excluded_engagements_viewer_key', '(COALESCE(user_id, - session_id))')
$$;
COMMENT ON FUNCTION explore_analytics.layout_indexes() IS 'The indexes of the tables install() builds.';
