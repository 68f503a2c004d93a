-- compare_video and compare_periods: beside others, and beside before. Every edge is in test/pgtap/compare.sql.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET extra_float_digits = 0;
\set VERBOSITY terse
\pset null '-'
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- Videos 5521 to 5526 of creator 5951, with 10, 20, 30, 40, 0 and 20 views, a tenth of them saved; 5525 is a loft and was not seen. 5527 is somebody else's.
BEGIN;
INSERT INTO explore_content (id, creator_id, title, category, area) SELECT 5421 + n, CASE n WHEN 6 THEN 5952 ELSE 5951 END, 'Video ' || n, CASE n WHEN 4 THEN 'loft' ELSE 'villa' END, CASE WHEN n < 3 THEN 'north' END FROM generate_series(0, 6) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT id + 100, id FROM explore_content WHERE id BETWEEN 5421 AND 5427;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 5421 + v, n, t::engagement_type, 1000 * v, timestamptz '2003-04-01 00:00+00' + n * interval '5 hours'
FROM (VALUES (0, 10), (1, 20), (2, 30), (3, 40), (5, 20), (6, 100)) c(v, views), unnest(ARRAY['view', 'save']) t, generate_series(1, CASE t WHEN 'view' THEN views ELSE views / 10 END) n;

CREATE FUNCTION pg_temp.beside(video bigint, baseline text) RETURNS TABLE (metric text, value numeric, mean numeric, median numeric, delta numeric, percentile numeric, z numeric, p numeric, peers bigint) LANGUAGE sql AS $$
  SELECT c.metric, round(c.value::numeric, 4), round(baseline_mean::numeric, 4), round(baseline_median::numeric, 4), round(delta_percent::numeric, 2), round(c.percentile::numeric, 2), round(c.z::numeric, 4), round(p_value::numeric, 4), c.peers
  FROM compare_video(video, '2003-04-01', '2003-05-01', baseline) c WHERE c.metric IN ('views', 'saves', 'save_rate', 'average_watch_time', 'engagement_score') $$;
-- Beside the four others that were seen; among villas of everybody; two of the same area are too few.
SELECT * FROM pg_temp.beside(5524, 'creator');
SELECT * FROM pg_temp.beside(5524, 'category');
SELECT * FROM pg_temp.beside(5521, 'area');
-- Nobody is alike: no area, or the only loft. Nobody saw it: it has no place.
SELECT * FROM pg_temp.beside(5524, 'area') LIMIT 1;
SELECT * FROM pg_temp.beside(5525, 'category') LIMIT 1;
SELECT * FROM pg_temp.beside(5525, 'creator') LIMIT 1;
SELECT metric, value, baseline_mean AS before, round(delta_percent::numeric, 2) AS delta, percentile, peers FROM compare_video(5524, '2003-04-05', '2003-04-09', 'previous') WHERE metric IN ('views', 'unique_viewers', 'saves');
SELECT count(*) AS metrics FROM compare_video(5521);

-- A period beside the one before: a count by days of 24 hours, a rate by views, a mean by days with views.
SELECT m AS metric, round(current_value::numeric, 3) AS now, round(previous_value::numeric, 3) AS before, round(delta_percent::numeric, 2) AS delta, round(p_value::numeric, 5) AS p
FROM unnest(ARRAY['views', 'unique_viewers', 'saves', 'save_rate', 'total_watch_time', 'average_watch_time', 'engagement_score', 'new_viewers', 'sessions']) m, compare_periods(m, '2003-04-05 06:00+00', '2003-04-09 06:00+00', 5951);
SELECT * FROM compare_periods('views', '2003-04-01', '2003-04-03', 5951);
SELECT current_value, previous_value, round(delta_percent::numeric, 2) AS delta, p_value FROM compare_periods('views', '2003-04-05', '2003-04-06', 5951);
SELECT * FROM compare_periods('views', '2003-04-05', '2003-04-05', 5951);

-- Refused.
SELECT pg_temp.refused(q) FROM unnest(ARRAY['SELECT compare_video(999999)', 'SELECT compare_video(5421)', 'SELECT compare_video(NULL)', $$SELECT compare_video(5521, baseline => 'rivals')$$, $$SELECT compare_video(5521, baseline => 'previous')$$, $$SELECT compare_video(5521, '2003-05-01', '2003-04-01')$$,
  $$SELECT compare_periods('likes', '2003-04-01', '2003-04-02')$$, $$SELECT compare_periods('views', NULL, '2003-04-02')$$, $$SELECT compare_periods('views', '2003-04-01', 'infinity')$$]) q;
ROLLBACK;
