-- What a large refresh has left behind in the table of deltas, all of it compacted, is not read by questions about all contents.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SET timezone = 'UTC';
SELECT plan(4);

-- Pages of the table that have been looked at so far.
CREATE FUNCTION looked_at() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_stat_clear_snapshot();
  RETURN (SELECT heap_blks_hit + heap_blks_read FROM pg_statio_user_tables WHERE relid = 'explore_analytics.rollup_deltas'::regclass);
END $$;
INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 7 FROM generate_series(1, 20000) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT n, n FROM generate_series(1, 20000) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1 + i % 20000, 1 + i % 900, 'view', '2025-03-01'::timestamptz + i * interval '7 seconds' FROM generate_series(1, 200000) i;
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores() AS scored \gset
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1 + i::bigint * i % 20000, 1 + i % 900, 'save', '2025-03-02'::timestamptz + i * interval '7 seconds' FROM generate_series(1, 150000) i;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
VACUUM (ANALYZE, TRUNCATE false) explore_analytics.rollup_deltas;
VACUUM (ANALYZE) explore_analytics.rollup_totals, explore_analytics.rollup_buckets, explore_content, explore_discovery_videos;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 77, n, 'view', '2025-03-05' FROM generate_series(10001, 10500) n;
CALL explore_analytics.refresh();
SELECT cmp_ok(pg_relation_size('explore_analytics.rollup_deltas') / 8192, '>', 100::bigint, 'what was compacted leaves its pages behind');
SELECT pg_stat_force_next_flush() \g /dev/null
SELECT looked_at() AS before \gset
SELECT count(*) FROM top_videos() \g /dev/null
SELECT pg_stat_force_next_flush() \g /dev/null
SELECT cmp_ok(looked_at() - :before, '<', 20::bigint, 'which the best videos do not read');
SELECT results_eq('SELECT video_id, value, views FROM top_videos(''views'', n => 5)',
  $$SELECT content_id, count(*)::float8, count(*) FROM explore_engagements WHERE engagement_type = 'view' GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT 5$$, 'what waits is counted');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'rollups are those of the rows');
SELECT * FROM finish();
