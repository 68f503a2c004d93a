-- benchmark_creator: a creator among others. Every metric and edge is in test/pgtap/benchmark.sql.
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

-- Creators 6001 to 6008 with 400 views each, of which so many percent saved; 6009 is somewhere else, with a few views.
BEGIN;
INSERT INTO explore_content (id, creator_id, category, area) SELECT 6000 + n, 6000 + n, CASE n WHEN 9 THEN 'loft' ELSE 'house of 2004' END, CASE WHEN n < 7 THEN 'bay of 2004' END FROM generate_series(1, 9) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 6000 + n, i, t::engagement_type, 500, '2004-05-05 10:00' FROM (VALUES (1, 7.5), (2, 4), (3, 7.5), (4, 7.5), (5, 9), (6, 12.25), (7, 15), (8, 21), (9, 2)) v(n, percent), unnest(ARRAY['view', 'save']) t, generate_series(1, CASE WHEN n = 9 THEN 12 WHEN t = 'view' THEN 400 ELSE (4 * percent)::int END) i;
CREATE FUNCTION pg_temp.among(creator bigint, metric text, peers text, min_peers int DEFAULT 5) RETURNS TABLE (metric text, value numeric, percentile numeric, rank bigint, p25 numeric, median numeric, p75 numeric, share numeric, peers bigint) LANGUAGE sql AS $$
  SELECT b.metric, round(b.value::numeric, 4), round(b.percentile::numeric, 4), b.rank, round(b.p25::numeric, 4), round(b.median::numeric, 4), round(b.p75::numeric, 4), round(b.share_percent::numeric, 4), b.peers FROM benchmark_creator(creator, metric, '2004-05-01', '2004-06-01', peers, min_peers) b $$;
SELECT * FROM pg_temp.among(6001, 'save_rate', 'category');
SELECT * FROM pg_temp.among(6001, 'saves', 'category');
SELECT * FROM pg_temp.among(6001, 'saves', 'platform');
SELECT * FROM pg_temp.among(6001, 'saves', 'area');
SELECT * FROM pg_temp.among(6001, 'unique_viewers', 'size');
-- Too few peers; one more than there are; no area; nobody.
SELECT * FROM pg_temp.among(6001, 'saves', 'area', 6);
SELECT * FROM pg_temp.among(6007, 'saves', 'area');
SELECT * FROM pg_temp.among(6999, 'saves', 'platform');
-- Refused.
SELECT pg_temp.refused(q) FROM unnest(ARRAY['SELECT benchmark_creator()', 'SELECT benchmark_creator(0)', $$SELECT benchmark_creator(6001, 'likes')$$, $$SELECT benchmark_creator(6001, peers => 'rivals')$$, 'SELECT benchmark_creator(6001, min_peers => 0)', $$SELECT benchmark_creator(6001, 'views', '2004-06-01', '2004-05-01')$$]) q;
ROLLBACK;
