-- A database with everything in it, for test/restore.sh and the torture of upgrades. Deterministic: every value
-- follows from its number. Variables of psql: schema, owner, reader, recorder (roles that are there).
CREATE SCHEMA :schema;
CREATE EXTENSION explore_analytics SCHEMA :schema;
CALL explore_analytics.install(:'owner');
DO $$ BEGIN PERFORM explore_analytics.ensure_partitions('2024-11-01', '2025-01-31'); END $$;

INSERT INTO explore_content (creator_id, title, category, area, tags, created_at, updated_at)
SELECT 101 + i % 4, 'Flat ' || i || CASE i % 3 WHEN 0 THEN E' with "quotes",\ttabs\n and \\ signs' ELSE '' END, 'category ' || i % 3, 'area ' || i % 5,
  ARRAY['a' || i, 'b, "c"'], '2024-10-01 00:00+00'::timestamptz + i * interval '1 day', '2024-10-02 00:00+00'
FROM generate_series(1, 24) i;
INSERT INTO explore_discovery_videos (content_id, duration_ms, created_at) SELECT i, CASE WHEN i % 7 > 0 THEN 8000 + i * 1000 END, '2024-10-03 00:00+00' FROM generate_series(1, 22) i;
INSERT INTO explore_feed_sessions (user_id, session_start, session_end, device_type, platform, country, attributes)
SELECT CASE WHEN i % 3 > 0 THEN 1000 + i % 37 END, t, CASE WHEN i % 5 > 0 THEN t + i * interval '7 seconds' END,
  (ARRAY['phone', 'tablet', 'desktop'])[1 + i % 3], (ARRAY['ios', 'android', 'web'])[1 + i % 3], (ARRAY['AE', 'DE'])[1 + i % 2], jsonb_build_object('n', i)
FROM (SELECT i, '2024-11-01 00:00+00'::timestamptz + i * interval '19 hours' AS t FROM generate_series(1, 120) i) s;
INSERT INTO explore_viewers (user_id, birth_year, gender, country, created_at) SELECT 1000 + i, 1950 + i, 'g' || i % 3, 'AE', '2024-10-04 00:00+00' FROM generate_series(0, 36) i;

SELECT define_cohort(n, r) FROM (VALUES ('many views', '{"did": "view", "atLeast": 60}'::jsonb), ('one flat', '{"all": [{"did": "view", "content": 3, "at_least": 2}, {"not": {"did": "view", "creator": 102, "atLeast": 40}}]}'),
  ('who we know', '{"any": [{"attribute": "gender", "is": ["g1", "\\ \"g\""]}, {"attribute": "birthYear", "from": 1960, "to": 1965}]}'), (E'quo"te\\', '{"not": {"attribute": "country", "is": "AE"}}')) c(n, r);
SELECT define_experiment('restored', '{plain,"quo\"te","b\\\\s"}', '{0.5,0.3,0.2}');
INSERT INTO explore_exposures (experiment, viewer_key, variant, exposed_at)
SELECT 'restored', CASE WHEN i < 37 THEN 1000 + i ELSE -i END, (ARRAY['plain', 'plain', 'quo"te', E'b\\s', 'nobody''s'])[1 + i % 5], '2024-12-20 00:00+00'::timestamptz + i * interval '5 hours' FROM generate_series(0, 90) i;
SELECT define_experiment('plain', '{a,b}'), define_experiment(E'quo"te\\', '{control,"x y"}', '{0.3,0.7}', 'seeded', 0.5, 0.01, 777);
-- Plain rows over four months; those of February, of 2020 and of content 999, which has no row, among them.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, metadata)
SELECT CASE WHEN i % 211 = 0 THEN 999 ELSE 1 + (i * i) % 23 END, CASE WHEN i % 4 > 0 THEN 1000 + (i * 7) % 37 END,
  CASE WHEN i % 5 > 0 THEN 1 + i % 120 END,
  (enum_range(NULL::engagement_type))[CASE WHEN i % 3 > 0 THEN 1 ELSE 1 + (i / 3) % 7 END], CASE WHEN i % 3 > 0 THEN (i * 37) % 45000 ELSE 0 END, i % 6 = 1,
  CASE WHEN i % 97 = 0 THEN '2020-02-29 12:00+00'::timestamptz + i * interval '1 minute' ELSE '2024-11-01 00:00+00'::timestamptz + i * interval '43 minutes' END,
  CASE WHEN i % 50 = 0 THEN jsonb_build_object('n', i, 'text', E'"\\ \t') END
FROM generate_series(1, 3900) i;

-- The first month is in the rollups alone, one late event of it apart.
CREATE TABLE kept_raw AS TABLE explore_engagements;
CALL explore_analytics.apply_retention(now() - '2024-12-10+00');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at, event_id) VALUES (3, 1003, 5, 'view', 700, '2024-11-05 00:00+00', '00000000-0000-4000-8000-00000000d00e');
DELETE FROM kept_raw k USING explore_engagements e WHERE e.id = k.id;
-- So far it is all in the rollups; what follows is partly beside the buckets and partly news to them.
CALL explore_analytics.refresh();

SELECT explore_analytics.exclude_traffic(1030, reason => 'a bot'), explore_analytics.exclude_traffic(session_id => 3);

-- Recorded rows, with event ids and with completions.
SELECT sum(b.recorded) > 500 AND sum(b.duplicates) > 0 AND sum(b.rejected) = 1 AS recorded
FROM generate_series(0, 3) n, LATERAL record_engagement_batch((
  SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('contentId', CASE WHEN i = 777 THEN 12345 ELSE 1 + (i * 5) % 23 END, 'userId', CASE WHEN i % 4 > 0 THEN 1000 + i % 37 END,
    'sessionId', CASE WHEN i % 3 > 0 THEN 1 + i % 40 END, 'engagementType', (ARRAY['view', 'complete', 'save', 'view', 'click'])[1 + i % 5],
    'watchTime', i % 31, 'completed', i % 2 = 0, 'createdAt', '2024-12-20 00:00+00'::timestamptz + i * interval '1 hour', 'eventId', md5('event ' || i)::uuid)))
  FROM generate_series(n * 240, n * 240 + 250) i)) b;
CALL explore_analytics.refresh();
SELECT record_engagement(5, 'save', user_id => 1003, created_at => '2025-01-05 10:00+00', event_id => '00000000-0000-4000-8000-00000000d00d');
SELECT record_engagement(6, 'complete', user_id => 1003, session_id => 7, created_at => '2025-01-05 10:01+00');
SELECT close_session(5, '2024-11-06 00:00+00');
SELECT record_engagement(1, 'view', user_id => 1030, created_at => '2025-01-16 00:00+00');
UPDATE explore_excluded_engagements SET excluded_at = '2025-01-17 00:00+00';
UPDATE explore_analytics.excluded_viewers SET excluded_at = '2025-01-17 00:00+00';
-- A creator whose contents have changed since the last refresh.
UPDATE explore_content SET creator_id = 103 WHERE id = 20;
SELECT batch_update_engagement_scores() > 20 AS rescored;
-- Not in the stored numbers: what is stored must come from the dump, not from a new rescore.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT 1 + i % 22, 1100 + i, 'view', 500, '2025-01-15 00:00+00' FROM generate_series(1, 44) i;
SELECT explore_analytics.grant_access(:'reader', 'analyse');
SELECT explore_analytics.grant_access(:'recorder', 'record');
SELECT explore_analytics.set_identity(:'recorder', 7);
SELECT record_exposure(e, session_id => i, exposed_at => '2024-12-01 00:00+00'::timestamptz + i * interval '1 hour') FROM generate_series(1, 40) i, unnest(ARRAY['plain', E'quo"te\\']) e;
INSERT INTO explore_exposures VALUES ('of nobody', 7, 'x', '2024-12-01 00:00+00');
SELECT create_boost_campaign(c, 2.5, 'ZAR', 0.01, 0.1, '2024-12-01 00:00+00', daily_budget => CASE c WHEN 1 THEN 0.5 END, time_zone => 'Africa/Johannesburg', holdout_percent => 20, conversion_value => 70) FROM generate_series(1, 2) c;
SELECT c.campaign_id, x.status, count(*), sum(x.amount) FROM explore_boost_campaigns c, generate_series(1, 200) i, charge_boost(c.campaign_id, lpad(i::text, 32, '0')::uuid, CASE WHEN i % 9 = 0 THEN 'click' ELSE 'impression' END, 1000 + i % 60, charged_at => '2024-12-01 12:00+00'::timestamptz + i * interval '1 hour') x GROUP BY 1, 2 ORDER BY 1, 2;
SELECT campaign_id, credit_boost(campaign_id, lpad('1', 32, '0')::uuid, reason => 'restored'), credit_boost(campaign_id, amount => 0.05) FROM explore_boost_campaigns WHERE spend >= 0.1 ORDER BY 1;
