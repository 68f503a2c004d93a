-- A label that somebody has added to engagement_type: its events count as nothing, in every answer, wherever they are,
-- and stop nothing. So all answers are what they were without them, and health_check() tells.
\set QUIET 1
SET client_min_messages = error;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(38);
INSERT INTO explore_content (id, creator_id, title) SELECT i, 1 + i % 3, 'content ' || i FROM generate_series(1, 12) i;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT 100 + i, i, 9000 FROM generate_series(1, 12) i;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end) SELECT i, CASE WHEN i % 2 = 0 THEN i END, '2025-02-27 00:00+00', CASE WHEN i % 3 = 0 THEN '2025-03-20 00:00+00'::timestamptz END FROM generate_series(1, 20) i;
SELECT explore_analytics.ensure_partitions('2025-02-01', '2025-03-01') \g /dev/null
-- Of contents 1 to 10, in sessions 1 to 15, from 27 February on, two thirds of the days.
CREATE PROCEDURE pg_temp.feed(low integer, high integer) LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 1 + i % 10, CASE WHEN i % 4 > 0 THEN 1 + i % 30 END, 1 + i % 15, (ARRAY['view', 'view', 'save', 'complete', 'share', 'view', 'click', 'skip', 'impression'])[1 + i % 9]::engagement_type,
    i % 9000, i % 5 = 0, '2025-02-27 01:00+00'::timestamptz + (i * 7 % 1000) * interval '17 minutes' + (i % 2) * interval '3 days'
  FROM generate_series(low, high) i
$$;
CALL pg_temp.feed(1, 1200);
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (what text, answer jsonb) LANGUAGE sql AS $$
  SELECT 'platform ' || n, to_jsonb(platform_summary(a, b)::text) FROM (VALUES (1, NULL::timestamptz, NULL::timestamptz), (2, '2025-03-01', '2025-03-05 05:05')) r(n, a, b)
  UNION ALL SELECT format('creator %s %s', c, n), to_jsonb(creator_summary(c, a, b)::text) FROM (VALUES (1, NULL::timestamptz, NULL::timestamptz), (2, '2025-03-01', '2025-03-05 05:05')) r(n, a, b), generate_series(1, 3) c
  UNION ALL SELECT format('content %s %s', c, n), to_jsonb(content_summary(c, a, b)::text) FROM (VALUES (1, NULL::timestamptz, NULL::timestamptz), (2, '2025-03-01', '2025-03-05 05:05')) r(n, a, b), generate_series(1, 12) c
  UNION ALL SELECT 'videos', jsonb_agg(v) FROM videos_analytics() v
  UNION ALL SELECT 'top ' || m, jsonb_agg(t) FROM unnest(ARRAY['views', 'saves', 'engagement_score', 'unique_viewers']) m, top_videos(m, n => 20) t GROUP BY m
  UNION ALL SELECT format('series %s %s', m, c), jsonb_agg(s) FROM unnest(ARRAY['views', 'unique_viewers', 'new_viewers', 'sessions']) m, unnest(ARRAY[NULL, 1, 2]) c, metric_series(m, creator_id => c) s GROUP BY m, c
  UNION ALL SELECT 'days of videos', jsonb_agg(d ORDER BY d.day, d.content_id) FROM explore_video_daily d
  UNION ALL SELECT 'days of creators', jsonb_agg(d ORDER BY d.day, d.creator_id) FROM explore_creator_daily d
  UNION ALL SELECT 'days', jsonb_agg(d ORDER BY d.day) FROM explore_platform_daily d
  UNION ALL SELECT 'session ' || i, to_jsonb(s) FROM generate_series(1, 15) i, session_analytics(i) s
  UNION ALL SELECT 'dashboard ' || c, creator_dashboard(c, 'month', '2025-03-12') FROM generate_series(1, 3) c
  UNION ALL SELECT 'metrics', to_jsonb(m) FROM aggregated_metrics('month', 2, '2025-03-12') m
$$;
CREATE TEMP TABLE wanted AS SELECT * FROM pg_temp.answers();
CREATE FUNCTION pg_temp.same(state text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is_empty('WITH told AS MATERIALIZED (SELECT * FROM pg_temp.answers()) (TABLE told EXCEPT TABLE wanted) UNION ALL (TABLE wanted EXCEPT TABLE told)', state || ': every answer is what it was')
$$;
CREATE FUNCTION pg_temp.proved(state text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is((SELECT count(*) FROM explore_analytics.verify()) + (SELECT count(*) FROM explore_analytics.check_ledger()), 0::bigint, state || ': rollups are proved')
$$;
SELECT pg_temp.same('before everything');
ALTER TYPE engagement_type ADD VALUE 'like';
ALTER TYPE engagement_type ADD VALUE 'boo; it''s' BEFORE 'view';

-- Of contents, creators' days, viewers and sessions with and without other events.
CREATE PROCEDURE pg_temp.likes(low integer, high integer) LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT CASE WHEN i % 20 = 0 THEN 999 ELSE 1 + i % 12 END, CASE WHEN i % 4 > 0 THEN 25 + i % 30 END, CASE WHEN i % 3 > 0 THEN 1 + i % 20 END, CASE WHEN i % 7 = 0 THEN 'boo; it''s' ELSE 'like' END::engagement_type,
    i, true, '2025-02-27 01:00+00'::timestamptz + i % 24 * interval '9 hours'
  FROM generate_series(low, high) i
$$;
CALL pg_temp.likes(1, 100);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 1, 'like', '2001-01-01 00:00+00'), (1, 1, 'like', '2031-01-01 00:00+00');
SELECT throws_ok('SELECT engagement_agg(engagement_type, user_id, watch_time_ms, completed) FROM explore_engagements', '22023', NULL, 'the aggregate refuses them');
SELECT lives_ok('SELECT engagement_agg(engagement_type, user_id, watch_time_ms, completed) FILTER (WHERE explore_analytics.is_counted(engagement_type)) FROM explore_engagements', 'unless they are left out');
SELECT is((SELECT array_agg(explore_analytics.is_counted(v::engagement_type)) FROM unnest(ARRAY['view', 'impression', 'like', NULL]) v), ARRAY[true, true, false, NULL], 'by is_counted()');
SELECT is((SELECT status || ': ' || detail FROM explore_analytics.health_check() WHERE check_name = 'engagement_types'), 'WARN: events of these types count as nothing: boo; it''s, like', 'health_check() names them');
SELECT lives_ok(line, 'and shows them') FROM explore_analytics.health_check() h, regexp_split_to_table(h.fix, E'\n') line WHERE check_name = 'engagement_types';

-- In the tail, in a long tail, in rollups, in both.
SELECT pg_temp.same('in the tail');
CALL explore_analytics.refresh();
SELECT is((SELECT (tail_events, last_events, failed_at)::text FROM explore_analytics.rollup_status), '(0,1200,)', 'a refresh takes them along');
SELECT pg_temp.same('refreshed');
SELECT pg_temp.proved('refreshed');
SELECT lives_ok('SELECT explore_analytics.require_good_ledger()', 'so says the nightly job');
SELECT is((SELECT status FROM explore_analytics.health_check() WHERE check_name = 'ledger'), 'OK', 'and health_check()');
CALL pg_temp.likes(101, 300);
CALL explore_analytics.refresh(1);
CALL explore_analytics.compact();
SELECT pg_temp.same('compacted');
CALL pg_temp.likes(301, 200600);
SELECT pg_temp.same('in a long tail');
SELECT cmp_ok(batch_update_engagement_scores(), '>=', 0::bigint, 'rescored');
CALL explore_analytics.refresh();
SELECT pg_temp.same('brought in');
SELECT pg_temp.proved('brought in');
ANALYZE explore_engagements;
SELECT alike((SELECT detail FROM explore_analytics.health_check() WHERE check_name = 'engagement_types'), '%boo; it''s (about 2____), like (about 1_____)', 'health_check() knows about how many they are');

DELETE FROM explore_engagements WHERE NOT explore_analytics.is_counted(engagement_type) AND id % 100 > 0;

-- Rebuilt, all and some days.
SELECT explore_analytics.rebuild('2025-03-01', '2025-03-03') \g /dev/null
SELECT pg_temp.same('some days rebuilt');
SELECT pg_temp.proved('some days rebuilt');
SELECT explore_analytics.rebuild() \g /dev/null
SELECT pg_temp.same('rebuilt');
SELECT pg_temp.proved('rebuilt');
-- They come and go unnoticed.
DELETE FROM explore_engagements WHERE NOT explore_analytics.is_counted(engagement_type) AND created_at < '2025-03-02';
SELECT pg_temp.proved('some are gone');
CALL pg_temp.likes(1, 60);
BEGIN;
UPDATE explore_engagements SET epoch = 0 WHERE NOT explore_analytics.is_counted(engagement_type) AND id % 2 = 0;
SELECT pg_temp.proved('some are of an old epoch');
ROLLBACK;

-- Erased with their viewer.
SELECT explore_analytics.forget_viewer(50) \g /dev/null
SELECT is((SELECT count(*) FROM explore_engagements WHERE user_id = 50), 0::bigint, 'they are erased with their viewer');
SELECT pg_temp.same('a viewer with such events alone is erased');
SELECT pg_temp.proved('a viewer with such events alone is erased');
SELECT explore_analytics.forget_viewer(26) \g /dev/null
SELECT pg_temp.proved('a viewer with all kinds of events is erased');
TRUNCATE wanted;
INSERT INTO wanted SELECT * FROM pg_temp.answers();

-- Dropped with their month; late ones too.
CALL explore_analytics.apply_retention(now() - '2025-03-05 00:00+00');
SELECT is((SELECT count(*) FROM explore_engagements WHERE created_at < '2025-03-01' AND created_at > '2025-01-01'), 0::bigint, 'they go with their month');
SELECT pg_temp.same('a month is dropped');
SELECT pg_temp.proved('a month is dropped');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at) VALUES (2, 3, 4, 'like', '2025-02-27 10:00+00');
CALL explore_analytics.apply_retention(now() - '2025-03-05 00:00+00');
SELECT is((SELECT count(*) FROM explore_engagements WHERE created_at < '2025-03-01'), 0::bigint, 'late ones go, too');
SELECT pg_temp.same('late ones are gone');
SELECT pg_temp.proved('late ones are gone');
-- Given the name of one that counts, they count; which verify() then finds.
ALTER TYPE engagement_type RENAME VALUE 'share' TO 'pass';
SELECT alike((SELECT detail FROM explore_analytics.health_check() WHERE check_name = 'engagement_types'), 'events of these types count as nothing: boo; it''s (about %), like (about %), pass (about %)', 'one of ours with another name is not ours');
SELECT isnt_empty('SELECT * FROM explore_analytics.verify()', 'rollups hold what does not count any more');
ALTER TYPE engagement_type RENAME VALUE 'pass' TO 'share';
SELECT pg_temp.same('named as before');
SELECT * FROM finish();
