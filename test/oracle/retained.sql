-- The same after raw months were dropped, against the events as they were.
\set events 20000
\set every 1
\set state retained
\set retain 1
\ir include/all_checks.sql
-- And after everything was made anew from what is left: rollups before the horizon, raw events after it.
CREATE VIEW oracle.answers AS
SELECT 'video' AS what, r.name AS range, v.id, a::text AS answer FROM explore_discovery_videos v, oracle.range r, video_analytics(v.id, r.s, r.e) a WHERE v.id % 4 = 0
UNION ALL SELECT 'content', r.name, c.id, content_summary(c.id, r.s, r.e)::text FROM explore_content c, oracle.range r
UNION ALL SELECT 'creator', r.name, c.id, creator_summary(c.id, r.s, r.e)::text FROM (SELECT DISTINCT creator_id AS id FROM explore_content) c, oracle.range r
UNION ALL SELECT 'creator in full', r.name, c.id, creator_analytics(c.id, r.s, r.e)::text FROM (SELECT DISTINCT creator_id AS id FROM explore_content) c, oracle.range r
UNION ALL SELECT 'platform', r.name, 0, platform_summary(r.s, r.e)::text FROM oracle.range r
UNION ALL SELECT 'session', '', f.id, session_analytics(f.id)::text FROM explore_feed_sessions f
UNION ALL SELECT 'period', p.period || p.as_of, c.id, aggregated_metrics(p.period, c.id, p.as_of)::text FROM oracle.period p, (VALUES (NULL::bigint), (1), (2), (55)) c(id) WHERE p.asked
UNION ALL SELECT 'dashboard', p, c, creator_dashboard(c, p, '2025-11-02 12:34:56.789012+00')::text FROM unnest(ARRAY['day', 'week', 'month', 'all']) p, unnest(ARRAY[1, 2, 55]) c
UNION ALL SELECT 'series ' || m, c::text, k, metric_series(m, '2025-02-01', '2026-01-01', 'week', 'Asia/Dubai', k, c)::text
  FROM unnest(ARRAY['views', 'unique_viewers', 'sessions', 'new_viewers', 'engagement_score']) m, (VALUES (NULL::bigint, NULL::bigint), (1, NULL), (2, NULL), (NULL, 1), (NULL, 600)) s(c, k)
UNION ALL SELECT 'sessions of all time', c::text, k, metric_series('sessions', creator_id => c, content_id => k)::text FROM (VALUES (2::bigint, NULL::bigint), (NULL, 2)) s(c, k)
UNION ALL SELECT 'top by ' || m, r.name, NULL, top_videos(m, r.s, r.e, n => 50)::text FROM unnest(ARRAY['views', 'engagement_score', 'unique_viewers']) m, oracle.range r
UNION ALL SELECT 'day of content', '', content_id, d::text FROM explore_video_daily d
UNION ALL SELECT 'day of creator', '', creator_id, d::text FROM explore_creator_daily d
UNION ALL SELECT 'day of platform', '', 0, d::text FROM explore_platform_daily d;
CREATE TABLE oracle.answer_before AS TABLE oracle.answers;
SELECT explore_analytics.rebuild() > 100 AS rebuilt \gset
SELECT oracle.same('every answer after rebuild()', 'TABLE oracle.answers', 'TABLE oracle.answer_before');
SELECT oracle.holds('verify() finds nothing after rebuild()', count(*) = 0) FROM explore_analytics.verify();
SELECT oracle.holds('the ledger agrees after rebuild()', count(*) = 0) FROM explore_analytics.check_ledger();
CALL explore_analytics.compact();
CALL explore_analytics.apply_retention(now() - '2025-11-20');
SELECT oracle.same('every answer after one more retention, of late events', 'TABLE oracle.answers', 'TABLE oracle.answer_before');
SELECT oracle.holds('no late event is left', count(*) = 0) FROM explore_engagements WHERE created_at < '2025-11-01';
SELECT oracle.holds('verify() finds nothing after that', count(*) = 0) FROM explore_analytics.verify();
SELECT oracle.holds('the ledger agrees after that', count(*) = 0) FROM explore_analytics.check_ledger();
