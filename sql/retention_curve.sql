-- retention_curve: which parts of a video its views watched. Every edge is in test/pgtap/audience.sql.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET extra_float_digits = 0;
\set VERBOSITY terse
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- Ten seconds: views of nothing, of 2.5 s and 5 s, of all of it and of twice as much; what is no view has no part in it.
BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5511, 5961, 'Ten seconds'), (5512, 5961, 'Of unknown length');
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (5521, 5511, 10000), (5522, 5512, NULL);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 5511, n, t::engagement_type, w, timestamptz '2003-04-01 12:00+00' + n * interval '1 day'
FROM (VALUES (1, 'view', 0), (2, 'view', 2500), (3, 'view', 5000), (4, 'view', 10000), (5, 'view', 20000), (6, 'progress', 9000), (7, 'complete', 0)) v(n, t, w);
SELECT * FROM retention_curve(5521, bins => 4);
SELECT bin, audience_watch_ratio FROM retention_curve(5521, '2003-04-02', '2003-04-04', 3);
SELECT count(*), min(from_seconds), max(to_seconds), max(elapsed_ratio), avg(audience_watch_ratio) FROM retention_curve(5521);
SELECT bin, audience_watch_ratio FROM retention_curve(5521, '2004-01-01', NULL, 2);
UPDATE explore_discovery_videos SET duration_ms = 5000 WHERE id = 5521;
SELECT bin, to_seconds, audience_watch_ratio FROM retention_curve(5521, NULL, NULL, 2);
SELECT pg_temp.refused(q) FROM unnest(ARRAY['SELECT * FROM retention_curve(5522)', 'SELECT * FROM retention_curve(5511)', 'SELECT * FROM retention_curve(NULL)', 'SELECT * FROM retention_curve(0)',
  'SELECT * FROM retention_curve(5521, bins => 0)', 'SELECT * FROM retention_curve(5521, bins => 10001)', $$SELECT * FROM retention_curve(5521, '2003-04-02', '2003-04-01')$$]) q;
ROLLBACK;
