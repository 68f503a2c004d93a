-- One refresh of more events of one key than are held in memory at once, in one transaction of one epoch:
-- 2^18 at a time. Plain SQL over the raw table is the measure.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
INSERT INTO explore_content (id, creator_id) VALUES (1, 1), (2, 1);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + (n % 100 = 0)::int, CASE WHEN n % 5 > 0 THEN n % 1009 END, CASE WHEN n % 10 > 0 THEN n % 97 + 1 END, (ARRAY['view', 'view', 'save', 'skip'])[1 + n % 4]::engagement_type, n % 50000, n % 7 = 0,
       '2025-10-01 00:00+00'::timestamptz + (n % 300000) * interval '11 seconds'
FROM generate_series(1, 540000) n WHERE n % 1009 > 0;
CREATE FUNCTION pg_temp.agrees(what text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT CASE WHEN s::text = p.summary THEN 'ok ' ELSE 'FAIL ' END || what || ': ' || p.who
  FROM (SELECT 'content' AS who, (engagement_agg(engagement_type, coalesce(user_id, -session_id), watch_time_ms, completed))::text AS summary FROM explore_engagements WHERE content_id = 1
        UNION ALL SELECT 'creator and platform', (engagement_agg(engagement_type, coalesce(user_id, -session_id), watch_time_ms, completed))::text FROM explore_engagements
        UNION ALL SELECT 'a stretch of the platform', (engagement_agg(engagement_type, coalesce(user_id, -session_id), watch_time_ms, completed))::text FROM explore_engagements
          WHERE created_at >= '2025-10-10 10:11:12' AND created_at < '2025-10-31 23:59:59') p,
       LATERAL (SELECT CASE p.who WHEN 'content' THEN content_summary(1) WHEN 'creator and platform' THEN platform_summary() ELSE platform_summary('2025-10-10 10:11:12', '2025-10-31 23:59:59') END AS s) x
$$;
SELECT CASE WHEN count(*) > 2 * (1 << 18) AND count(DISTINCT epoch) = 1 THEN 'ok ' ELSE 'FAIL ' END || count(*) || ' events of one epoch' FROM explore_engagements;
SELECT views(platform_summary()) AS before \gset
CALL explore_analytics.refresh();
SELECT CASE WHEN tail_events = 0 AND last_events = (SELECT count(*) FROM explore_engagements) THEN 'ok ' ELSE 'FAIL ' END || 'one refresh' FROM explore_analytics.rollup_status;
SELECT pg_temp.agrees('refreshed');
SELECT CASE WHEN creator_summary(1)::text = platform_summary()::text AND views(platform_summary()) = :before THEN 'ok ' ELSE 'FAIL ' END || 'the creator is the platform';
SELECT CASE WHEN count(*) = 0 THEN 'ok ' ELSE 'FAIL ' END || 'verify() finds nothing' FROM explore_analytics.verify();
-- The same again by rebuild, with a thousandth of the rows gone.
BEGIN;
DELETE FROM explore_engagements WHERE user_id = 500;
SELECT CASE WHEN explore_analytics.rebuild() > 100 THEN 'ok ' ELSE 'FAIL ' END || 'rebuilt';
COMMIT;
SELECT pg_temp.agrees('rebuilt');
BEGIN;
DELETE FROM explore_engagements WHERE user_id = 501 AND created_at < '2025-10-20';
SELECT CASE WHEN explore_analytics.rebuild(NULL, '2025-10-20') > 100 THEN 'ok ' ELSE 'FAIL ' END || 'rebuilt in part';
COMMIT;
SELECT pg_temp.agrees('rebuilt in part');
SELECT CASE WHEN count(*) = 0 THEN 'ok ' ELSE 'FAIL ' END || 'verify() finds nothing after it' FROM explore_analytics.verify();
