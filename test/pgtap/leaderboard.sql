-- The leaderboard is counted off along an index: what it shows, how much it reads, and what a rescore writes for it.
\set QUIET on
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.plan(query text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan;
END $$;
-- The first query of a connection, which loads the library only now.
SELECT pg_temp.plan('SELECT * FROM explore_leaderboard ORDER BY rank LIMIT 10') AS first_plan \gset
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(36);
SELECT unalike(:'first_plan'::text, '%"Sort Key": ["explore_leaderboard.rank"]%', 'who orders by rank gets the rows as they come, from the first query on');

-- 3000 contents, every fourth with less than ten views, many with equal scores and views.
INSERT INTO explore_content (id, creator_id, title, view_count, engagement_score)
SELECT i, 1 + i % 50, 'Content ' || i, i % 40, i * 7919 % 101 FROM generate_series(1, 3000) i;
INSERT INTO explore_discovery_videos (id, content_id, completion_rate, scored_at) SELECT 10000 + i, i, i % 100, '2025-01-01' FROM generate_series(1, 3000, 2) i;
ANALYZE;
CREATE FUNCTION pg_temp.buffers(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
  RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END $$;
CREATE VIEW pg_temp.wanted AS
SELECT row_number() OVER (ORDER BY c.engagement_score DESC, c.view_count DESC, c.id) AS rank, c.id AS content_id, v.id AS video_id, c.creator_id, c.title,
       c.view_count AS views, v.completion_rate, c.engagement_score, v.scored_at
FROM explore_content c LEFT JOIN explore_discovery_videos v ON v.content_id = c.id WHERE c.view_count >= 10;

SELECT results_eq('TABLE explore_leaderboard', 'TABLE wanted ORDER BY rank', 'all rows, in their order');
SELECT results_eq('SELECT * FROM explore_leaderboard LIMIT 10', 'SELECT * FROM wanted ORDER BY rank LIMIT 10', 'the first ten');
SELECT results_eq('SELECT * FROM explore_leaderboard WHERE rank <= 10', 'SELECT * FROM wanted WHERE rank <= 10 ORDER BY rank', 'ranks up to ten');
SELECT results_eq('SELECT * FROM explore_leaderboard WHERE rank BETWEEN 700 AND 705', 'SELECT * FROM wanted WHERE rank BETWEEN 700 AND 705 ORDER BY rank', 'some ranks further down');
SELECT results_eq('SELECT * FROM explore_leaderboard WHERE views > 30 ORDER BY rank LIMIT 3', 'SELECT * FROM wanted WHERE views > 30 ORDER BY rank LIMIT 3', 'a condition leaves ranks as they are');
SELECT results_eq(query, replace(query, 'explore_leaderboard', 'wanted'), query)
FROM (VALUES ('SELECT * FROM explore_leaderboard ORDER BY rank LIMIT 10'), ('SELECT * FROM explore_leaderboard ORDER BY rank LIMIT 10 OFFSET 700'), ('SELECT rank, title FROM explore_leaderboard ORDER BY rank, title DESC LIMIT 10'),
  ('SELECT * FROM explore_leaderboard ORDER BY rank DESC LIMIT 3'), ('SELECT * FROM explore_leaderboard ORDER BY rank FETCH FIRST 3 ROWS WITH TIES'), ('SELECT * FROM explore_leaderboard ORDER BY rank'),
  ('SELECT rank, count(*) FROM explore_leaderboard GROUP BY rank ORDER BY rank LIMIT 5'), ('SELECT DISTINCT rank FROM explore_leaderboard ORDER BY rank LIMIT 5'),
  ('SELECT l.rank, c.id FROM explore_leaderboard l JOIN explore_content c ON c.id = l.content_id ORDER BY l.rank LIMIT 5'),
  ('SELECT a.rank, b.content_id FROM explore_leaderboard a JOIN explore_leaderboard b ON b.rank = a.rank ORDER BY a.rank LIMIT 5'),
  ('SELECT * FROM (SELECT rank AS n, views FROM explore_leaderboard WHERE views > 30) x ORDER BY n LIMIT 5'),
  ('SELECT rank + 1 FROM explore_leaderboard ORDER BY rank + 1 LIMIT 5'), ('SELECT * FROM explore_leaderboard ORDER BY engagement_score DESC, rank LIMIT 10')) q(query);
-- A view of somebody's that has the name, and counts its rows otherwise.
CREATE SCHEMA elsewhere;
CREATE VIEW elsewhere.explore_leaderboard WITH (security_barrier) AS
SELECT row_number() OVER (PARTITION BY c.creator_id ORDER BY c.id) AS rank, c.id AS content_id FROM explore_content c ORDER BY c.creator_id, c.id;
SELECT results_eq('SELECT rank FROM elsewhere.explore_leaderboard ORDER BY rank LIMIT 60', 'SELECT 1::bigint FROM generate_series(1, 50) UNION ALL SELECT 2 FROM generate_series(1, 10)', 'a view that counts off groups is sorted');
-- Who is held to a creator sees that creator's rows, and what they are among all.
DROP ROLE IF EXISTS ea_tap_leader;    -- of an interrupted run
CREATE ROLE ea_tap_leader;
SELECT explore_analytics.grant_access('ea_tap_leader', 'read') \g /dev/null
CREATE TABLE seen AS TABLE explore_leaderboard WITH NO DATA;
CREATE FUNCTION pg_temp.as_leader(query text) RETURNS SETOF explore_leaderboard LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL ROLE ea_tap_leader;
  RETURN QUERY EXECUTE query;
  RESET ROLE;
END $$;
BEGIN;
SET LOCAL explore_analytics.user_id = '8';
SELECT results_eq($$SELECT * FROM pg_temp.as_leader('TABLE explore_leaderboard')$$, 'SELECT * FROM wanted WHERE creator_id = 8 ORDER BY rank', 'a creator''s own');
SELECT results_eq($$SELECT * FROM pg_temp.as_leader('SELECT * FROM explore_leaderboard LIMIT 2')$$, 'SELECT * FROM wanted WHERE creator_id = 8 ORDER BY rank LIMIT 2', 'the best of them');
SELECT results_eq($$SELECT * FROM pg_temp.as_leader('SELECT * FROM explore_leaderboard WHERE rank <= 200')$$, 'SELECT * FROM wanted WHERE creator_id = 8 AND rank <= 200 ORDER BY rank', 'those among the best of all');
SELECT results_eq($$SELECT * FROM pg_temp.as_leader('SELECT * FROM explore_leaderboard ORDER BY rank LIMIT 2')$$, 'SELECT * FROM wanted WHERE creator_id = 8 ORDER BY rank LIMIT 2', 'the best of them by rank');
ROLLBACK;

-- Ten rows of contents and videos through their indexes.
SELECT cmp_ok(pg_temp.buffers('SELECT * FROM explore_leaderboard LIMIT 10'), '<', 100::bigint, 'the first ten are all that is read');
SELECT cmp_ok(pg_temp.buffers('SELECT * FROM explore_leaderboard WHERE rank <= 10'), '<', 100::bigint, 'so are ranks up to ten');
SELECT cmp_ok(pg_temp.buffers('SELECT * FROM explore_leaderboard WHERE rank <= 10 ORDER BY rank'), '<', 100::bigint, 'also in their order');
SELECT cmp_ok(pg_temp.buffers(query), '<', 100::bigint, 'nor is more read by: ' || query)
FROM (VALUES ('SELECT * FROM explore_leaderboard ORDER BY rank LIMIT 10'), ('SELECT rank, title FROM explore_leaderboard WHERE views > 12 ORDER BY rank ASC, title LIMIT 10'),
  ('SELECT * FROM (SELECT l.rank AS place, l.title FROM explore_leaderboard l) x ORDER BY place LIMIT 10')) q(query);

-- Twenty views of one content: its row and its video's are written, and nothing for the others.
SELECT batch_update_engagement_scores(true) \g /dev/null
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores() \g /dev/null
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 77, i, 'view' FROM generate_series(1, 20) i;
SELECT pg_current_wal_insert_lsn() AS before \gset
SELECT is(batch_update_engagement_scores(), 1::bigint, 'one content changed');
SELECT cmp_ok(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), :'before'), '<', 30000::numeric, 'a rescore writes what changed');
-- The ten best as of now: one event that waits sends nobody through the totals of all contents.
CALL explore_analytics.refresh();
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT i, i % 9 + u, t::engagement_type, '2025-05-01' FROM generate_series(1, 3000) i, generate_series(1, 2) u, unnest('{view,save}'::text[]) t;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT count(*) FROM top_videos() \g /dev/null
SELECT pg_temp.buffers('SELECT * FROM top_videos()') AS before \gset
INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (2999, 1, 'share');
SELECT count(*) FROM top_videos() \g /dev/null
SELECT cmp_ok(pg_temp.buffers('SELECT * FROM top_videos()'), '<', :before + 60::bigint, 'top_videos() reads what one event costs');
SELECT results_eq('SELECT content_id, value FROM top_videos()', $$SELECT c.id, s.score FROM explore_content c, LATERAL (
    SELECT CASE WHEN count(*) FILTER (WHERE engagement_type = 'view') = 0 THEN 0 ELSE (30.0 * count(*) FILTER (WHERE engagement_type = 'save') + 20 * count(*) FILTER (WHERE engagement_type = 'share'))::float8
        / count(*) FILTER (WHERE engagement_type = 'view') END AS score, count(*) FILTER (WHERE engagement_type = 'view') AS views FROM explore_engagements e WHERE e.content_id = c.id) s
  ORDER BY s.score DESC, s.views DESC, c.id LIMIT 10$$, 'and gives what plain SQL gives');
DROP OWNED BY ea_tap_leader;
DROP ROLE ea_tap_leader;
-- What had events under another id has none under its own.
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores() AS before \gset
UPDATE explore_content SET id = 990001 WHERE id = (SELECT id FROM explore_content ORDER BY view_count DESC, id LIMIT 1);
SELECT is(batch_update_engagement_scores(), 1::bigint, 'a content under another id is looked at before the next refresh');
SELECT results_eq('SELECT view_count, engagement_score FROM explore_content WHERE id = 990001', 'VALUES (0::bigint, 0::float8)', 'and has no events');
SELECT * FROM finish();
