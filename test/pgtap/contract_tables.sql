-- The tables column by column: type, NOT NULL, identity, default; the views with exactly their columns in
-- order; keys, indexes, partitions; the settings.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
SELECT plan(119);

CREATE TEMPORARY TABLE wanted (n serial, relation text, name text, definition text);
INSERT INTO wanted (relation, name, definition) VALUES
  ('explore_content', 'id', 'bigint NOT NULL IDENTITY BY DEFAULT'),
  ('explore_content', 'creator_id', 'bigint NOT NULL'),
  ('explore_content', 'content_type', 'text NOT NULL = ''video''::text'),
  ('explore_content', 'title', 'text'),
  ('explore_content', 'category', 'text'),
  ('explore_content', 'area', 'text'),
  ('explore_content', 'country', 'text'),
  ('explore_content', 'tags', 'text[]'),
  ('explore_content', 'created_at', 'timestamp with time zone NOT NULL = now()'),
  ('explore_content', 'updated_at', 'timestamp with time zone NOT NULL = now()'),
  ('explore_content', 'view_count', 'bigint NOT NULL = 0'),
  ('explore_content', 'engagement_score', 'double precision NOT NULL = 0'),
  ('explore_content', 'is_active', 'boolean NOT NULL = true'),
  ('explore_discovery_videos', 'id', 'bigint NOT NULL IDENTITY BY DEFAULT'),
  ('explore_discovery_videos', 'content_id', 'bigint NOT NULL'),
  ('explore_discovery_videos', 'duration_ms', 'integer'),
  ('explore_discovery_videos', 'video_url', 'text'),
  ('explore_discovery_videos', 'thumbnail_url', 'text'),
  ('explore_discovery_videos', 'created_at', 'timestamp with time zone NOT NULL = now()'),
  ('explore_discovery_videos', 'total_views', 'bigint NOT NULL = 0'),
  ('explore_discovery_videos', 'total_watch_time_ms', 'bigint NOT NULL = 0'),
  ('explore_discovery_videos', 'completion_rate', 'double precision NOT NULL = 0'),
  ('explore_discovery_videos', 'save_count', 'bigint NOT NULL = 0'),
  ('explore_discovery_videos', 'share_count', 'bigint NOT NULL = 0'),
  ('explore_discovery_videos', 'click_count', 'bigint NOT NULL = 0'),
  ('explore_discovery_videos', 'scored_at', 'timestamp with time zone'),
  ('explore_engagements', 'id', 'bigint NOT NULL IDENTITY BY DEFAULT'),
  ('explore_engagements', 'content_id', 'bigint NOT NULL'),
  ('explore_engagements', 'user_id', 'bigint'),
  ('explore_engagements', 'session_id', 'bigint'),
  ('explore_engagements', 'engagement_type', 'engagement_type NOT NULL'),
  ('explore_engagements', 'watch_time_ms', 'integer NOT NULL = 0'),
  ('explore_engagements', 'completed', 'boolean NOT NULL = false'),
  ('explore_engagements', 'created_at', 'timestamp with time zone NOT NULL = now()'),
  ('explore_engagements', 'event_id', 'uuid'),
  ('explore_engagements', 'metadata', 'jsonb'),
  ('explore_engagements', 'epoch', 'bigint NOT NULL = explore_analytics.current_epoch()'),
  ('explore_feed_sessions', 'id', 'bigint NOT NULL IDENTITY BY DEFAULT'),
  ('explore_feed_sessions', 'user_id', 'bigint'),
  ('explore_feed_sessions', 'session_start', 'timestamp with time zone NOT NULL = now()'),
  ('explore_feed_sessions', 'session_end', 'timestamp with time zone'),
  ('explore_feed_sessions', 'device_type', 'text'),
  ('explore_feed_sessions', 'platform', 'text'),
  ('explore_feed_sessions', 'app_version', 'text'),
  ('explore_feed_sessions', 'country', 'text'),
  ('explore_feed_sessions', 'region', 'text'),
  ('explore_feed_sessions', 'city', 'text'),
  ('explore_feed_sessions', 'traffic_source', 'text'),
  ('explore_feed_sessions', 'attributes', 'jsonb NOT NULL = ''{}''::jsonb'),
  ('explore_saved_properties', 'user_id', 'bigint NOT NULL'),
  ('explore_saved_properties', 'content_id', 'bigint NOT NULL'),
  ('explore_saved_properties', 'saved_at', 'timestamp with time zone NOT NULL = now()'),
  ('explore_exposures', 'experiment', 'text NOT NULL'),
  ('explore_exposures', 'viewer_key', 'bigint NOT NULL'),
  ('explore_exposures', 'variant', 'text NOT NULL'),
  ('explore_exposures', 'exposed_at', 'timestamp with time zone NOT NULL = now()'),
  ('explore_boost_campaigns', 'campaign_id', 'bigint NOT NULL IDENTITY BY DEFAULT'),
  ('explore_boost_campaigns', 'content_id', 'bigint NOT NULL'),
  ('explore_boost_campaigns', 'creator_id', 'bigint NOT NULL'),
  ('explore_boost_campaigns', 'budget', 'numeric NOT NULL'),
  ('explore_boost_campaigns', 'currency', 'text NOT NULL'),
  ('explore_boost_campaigns', 'daily_budget', 'numeric'),
  ('explore_boost_campaigns', 'spend', 'numeric NOT NULL = 0'),
  ('explore_boost_ledger', 'campaign_id', 'bigint NOT NULL'),
  ('explore_boost_ledger', 'event_id', 'uuid NOT NULL'),
  ('explore_boost_ledger', 'entry', 'text NOT NULL'),
  ('explore_boost_ledger', 'kind', 'text'),
  ('explore_boost_ledger', 'amount', 'numeric NOT NULL'),
  ('explore_boost_ledger', 'charged_at', 'timestamp with time zone NOT NULL'),
  ('explore_viewers', 'user_id', 'bigint NOT NULL'),
  ('explore_viewers', 'birth_year', 'integer'),
  ('explore_viewers', 'gender', 'text'),
  ('explore_viewers', 'country', 'text'),
  ('explore_viewers', 'region', 'text'),
  ('explore_viewers', 'city', 'text'),
  ('explore_viewers', 'language', 'text'),
  ('explore_viewers', 'created_at', 'timestamp with time zone NOT NULL = now()');
CREATE FUNCTION pg_temp.definition(relation regclass, name name) RETURNS text LANGUAGE sql AS $$
  SELECT format('%s%s%s%s', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                CASE a.attidentity WHEN 'd' THEN ' IDENTITY BY DEFAULT' WHEN 'a' THEN ' IDENTITY ALWAYS' ELSE '' END,
                ' = ' || pg_get_expr(d.adbin, d.adrelid))
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = relation AND a.attname = name AND NOT a.attisdropped
$$;
SELECT is(pg_temp.definition(to_regclass('public.' || relation), name), definition, relation || '.' || name) FROM wanted ORDER BY n;
-- A partition that was made apart has the same; identity is a partition's own since 17.
SELECT is_empty(format($$SELECT w.name, pg_temp.definition(p.oid::regclass, w.name), w.definition
  FROM wanted w, (SELECT %L::regclass::oid AS oid) p WHERE w.relation = 'explore_engagements'
    AND pg_temp.definition(p.oid::regclass, w.name) IS DISTINCT FROM CASE WHEN current_setting('server_version_num')::int < 170000 THEN replace(w.definition, ' IDENTITY BY DEFAULT', '') ELSE w.definition END$$, partition), partition || ': the columns of a partition')
FROM unnest(ARRAY['explore_engagements_default', 'explore_engagements_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')]) partition;
-- Column lists without epoch, and without all that has a default.
SELECT lives_ok($$INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1, 'view')$$, 'an event needs a content and a type');
SELECT results_eq($$SELECT watch_time_ms, completed, created_at = now(), user_id, session_id FROM explore_engagements$$, $$VALUES (0, false, true, NULL::bigint, NULL::bigint)$$, 'the defaults of an event');

SELECT is((SELECT relkind FROM pg_class WHERE oid = to_regclass('public.' || name)), kind::"char", name || ' is of kind ' || kind)
FROM (VALUES ('explore_content', 'r'), ('explore_discovery_videos', 'r'), ('explore_engagements', 'p'), ('explore_feed_sessions', 'r'),
             ('explore_saved_properties', 'r'), ('explore_exposures', 'r'), ('explore_excluded_engagements', 'r'), ('explore_boost_campaigns', 'r'), ('explore_boost_ledger', 'r'), ('explore_viewers', 'r')) r(name, kind);
SELECT col_is_unique('public', 'explore_discovery_videos', 'content_id', 'explore_discovery_videos.content_id is unique');
SELECT col_is_pk('public', 'explore_saved_properties', ARRAY['user_id', 'content_id'], 'explore_saved_properties: once for each user and content');
SELECT col_is_pk('public', 'explore_exposures', ARRAY['experiment', 'viewer_key', 'variant'], 'explore_exposures: once for each viewer and variant');
SELECT col_is_pk('public', 'explore_boost_campaigns', ARRAY['campaign_id'], 'explore_boost_campaigns: by id');
SELECT col_is_pk('public', 'explore_boost_ledger', ARRAY['campaign_id', 'event_id', 'entry'], 'explore_boost_ledger: once for each event and entry');
SELECT hasnt_pk('public', 'explore_engagements', 'explore_engagements has no primary key');
SELECT is_empty($$SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'public.explore_engagements'::regclass AND indisunique$$, 'explore_engagements has no unique index');
SELECT bag_eq($$SELECT split_part(pg_get_indexdef(indexrelid, 1, true), ' ', 1) FROM pg_index WHERE indrelid = 'public.explore_engagements'::regclass$$,
  ARRAY['content_id', 'user_id', 'session_id', 'created_at', 'epoch'], 'explore_engagements: five access paths');
SELECT is(pg_get_partkeydef('public.explore_engagements'::regclass), 'RANGE (created_at)', 'explore_engagements is partitioned by created_at');
SELECT bag_eq(
  $$SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public.explore_engagements'::regclass$$,
  $$SELECT 'DEFAULT' UNION ALL
    SELECT format('FOR VALUES FROM (%L) TO (%L)', (m AT TIME ZONE 'UTC')::timestamptz, ((m + interval '1 month') AT TIME ZONE 'UTC')::timestamptz)
    FROM (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month' AS m FROM generate_series(-3, 3) n) x$$,
  'partitions: three months back, three ahead, and the default one');
SELECT is_empty($$SELECT conname FROM pg_constraint WHERE conrelid = 'public.explore_engagements'::regclass AND contype = 'f'$$,
  'explore_engagements has no foreign key: unknown content is legal by plain INSERT');

-- ---------------------------------------------------------------------------------------------------
-- Views: exactly these columns
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.columns(relation regclass) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%s %s', attname, replace(replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz'), 'double precision', 'float8')), ', ' ORDER BY attnum)
  FROM pg_attribute WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
$$;
\set numbers 'views bigint, unique_viewers bigint, watch_time float8, completions bigint, completion_rate float8, saves bigint, save_rate float8, shares bigint, clicks bigint, skips bigint, impressions bigint, engagement_rate float8, engagement_score float8'
SELECT is(pg_temp.columns('public.explore_video_daily'), 'day date, bucket timestamptz, video_id bigint, content_id bigint, creator_id bigint, title text, category text, area text, ' || :'numbers', 'columns of explore_video_daily');
SELECT is(pg_temp.columns('public.explore_creator_daily'), 'day date, bucket timestamptz, creator_id bigint, ' || :'numbers', 'columns of explore_creator_daily');
SELECT is(pg_temp.columns('public.explore_platform_daily'), 'day date, bucket timestamptz, ' || :'numbers', 'columns of explore_platform_daily');
SELECT is(pg_temp.columns('public.explore_leaderboard'),
  'rank bigint, content_id bigint, video_id bigint, creator_id bigint, title text, views bigint, completion_rate float8, engagement_score float8, scored_at timestamptz',
  'columns of explore_leaderboard');
SELECT is_empty($$SELECT relname FROM pg_class WHERE relkind = 'm'$$, 'no rank is stored');
SELECT ok(r.ev_class IS NOT NULL, format('%s is a view', name))
FROM unnest(ARRAY['explore_video_daily', 'explore_creator_daily', 'explore_platform_daily', 'explore_leaderboard']) name
LEFT JOIN pg_rewrite r ON r.ev_class = to_regclass('public.' || name);

-- ---------------------------------------------------------------------------------------------------
-- The types and the settings
-- ---------------------------------------------------------------------------------------------------
SELECT is((SELECT format('%s %s %s', typtype, typlen, typreceive <> 0 AND typsend <> 0) FROM pg_type WHERE oid = to_regtype('public.' || name)),
          'b -1 t', name || ' is a base type that can be stored and sent')
FROM unnest(ARRAY['engagement_summary', 'viewer_set']) name;
SELECT is((SELECT format('%s%s', oprresult::regtype, CASE WHEN oprcom = o.oid THEN ' commutative' ELSE '' END) FROM pg_operator o
           WHERE oprname = name AND oprnamespace = 'public'::regnamespace AND oprleft = to_regtype(l) AND oprright = to_regtype(r)),
          result, format('operator %s(%s, %s)', name, l, r))
FROM (VALUES ('+', 'engagement_summary', 'engagement_summary', 'engagement_summary commutative'),
             ('|', 'viewer_set', 'viewer_set', 'viewer_set commutative'),
             ('&', 'viewer_set', 'viewer_set', 'viewer_set commutative'),
             ('-', 'viewer_set', 'viewer_set', 'viewer_set')) o(name, l, r, result);
LOAD 'explore_analytics';
SELECT is((SELECT context FROM pg_settings WHERE name = 'explore_analytics.user_id'), 'superuser', 'explore_analytics.user_id is for superusers and those granted it');
SELECT is((SELECT setting::int FROM pg_settings WHERE name = 'explore_analytics.dedup_horizon'), 30 * 24 * 60, 'explore_analytics.dedup_horizon is 30 days');

SELECT * FROM finish();
ROLLBACK;
