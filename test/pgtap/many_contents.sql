-- Many contents at once: videos_analytics() of all, and refreshes with new events of many, whatever fits into memory.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';

INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 7 FROM generate_series(1, 150000) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT 500000 - n, n FROM generate_series(1, 150000) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT n, 1 + n % 1000, 1 + n % 10, 'view', n % 1000, n % 3 = 0, '2025-03-01'::timestamptz + n * interval '7 seconds' FROM generate_series(1, 150000) n;
-- Some with more than a log holds.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 20, nullif(n % 300, 0), 1 + n % 10, (ARRAY['view', 'view', 'save', 'click'])[1 + n % 4]::engagement_type, n % 1000, n % 3 = 0, '2025-03-01'::timestamptz + n * interval '97 seconds'
FROM generate_series(1, 10000) n;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
-- In a backend that has done nothing else.
\c
SET client_min_messages = warning;
SET timezone = 'UTC';
SET work_mem = '1MB';
CREATE FUNCTION pg_temp.peak() RETURNS bigint LANGUAGE sql AS $$ SELECT substring(pg_read_file('/proc/self/status', 0, 20000, true) FROM 'VmPeak:\s+(\d+) kB')::bigint $$;
SELECT count(*) FROM videos_analytics(ARRAY[499999]) \g /dev/null
SELECT pg_temp.peak() AS before \gset
SELECT count(*) AS videos FROM videos_analytics() \gset
SELECT pg_temp.peak() AS after \gset
SELECT plan(9);
SELECT is(:videos, 150000, 'all of them');
SELECT cmp_ok(:after - :before, '<=', 16384, format('within 16 MB: %s kB', :after - :before));

-- These wait for a compaction.
CREATE PROCEDURE pg_temp.late(contents int) LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT 1 + n % contents, 2000 + n % 50, 'view', n % 1000, '2025-03-02'::timestamptz + n * interval '13 seconds' FROM generate_series(1, 9000) n
$$;
CALL pg_temp.late(3000);
VACUUM ANALYZE explore_content, explore_engagements;

-- The rows of explore_content that were read end to end, by everybody.
CREATE FUNCTION pg_temp.passes() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_stat_force_next_flush();
  PERFORM pg_stat_clear_snapshot();
  RETURN (SELECT seq_scan FROM pg_stat_all_tables WHERE relid = 'explore_content'::regclass);
END $$;
SELECT pg_temp.passes() AS before \gset
SELECT pg_temp.passes() AS before \gset
CALL explore_analytics.refresh();
SELECT pg_temp.passes() AS after \gset
SELECT pg_temp.passes() AS after \gset
SELECT is((SELECT last_events FROM explore_analytics.rollup_status), 9000::bigint, 'new events of 3,000 contents of 150,000 are refreshed');
SELECT is(:after - :before, 0, 'and their creators looked up, without reading all contents');
SELECT is((SELECT sum(event_count) FROM explore_analytics.rollup_deltas WHERE scope = 2), 9000::bigint, 'they wait for a compaction');
CALL pg_temp.late(500);    -- and these for a refresh

CREATE TEMPORARY TABLE part (start_date timestamptz, end_date timestamptz);
INSERT INTO part VALUES (NULL, NULL), ('2025-03-02 00:10:11', '2025-03-05 03:00:01');
CREATE TEMPORARY TABLE plain AS
SELECT p.start_date, e.content_id, count(*) FILTER (WHERE engagement_type = 'view') AS views,
       count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS viewers, sum(watch_time_ms) AS watch_time_ms,
       count(*) FILTER (WHERE engagement_type = 'view' AND completed) AS completions, count(*) FILTER (WHERE engagement_type = 'save') AS saves
FROM part p JOIN explore_engagements e ON e.created_at >= coalesce(p.start_date, '-infinity') AND e.created_at < coalesce(p.end_date, 'infinity') GROUP BY 1, 2;
CREATE TEMPORARY VIEW told AS
SELECT p.start_date, a.content_id, a.total_views AS views, a.unique_viewers AS viewers, round(a.total_watch_time * 1000)::bigint AS watch_time_ms, a.completions, a.saves
FROM part p, videos_analytics(NULL, p.start_date, p.end_date) a WHERE a.total_views + a.saves + a.clicks > 0;
CREATE TEMPORARY VIEW wrong AS
SELECT count(*) AS n FROM ((SELECT * FROM told EXCEPT ALL SELECT * FROM plain) UNION ALL (SELECT * FROM plain EXCEPT ALL SELECT * FROM told)) d;

SET work_mem = '64kB';
SELECT is(n, 0::bigint, 'videos_analytics() of all, deltas one by one') FROM wrong;
SET work_mem = '64MB';
SELECT is(n, 0::bigint, 'videos_analytics() of all, deltas at one go') FROM wrong;
SELECT ok(bool_and(ordered), 'in the order of the videos') FROM (SELECT id > coalesce(lag(id) OVER (ORDER BY place), 0) AS ordered
  FROM (SELECT a.video_id AS id, row_number() OVER () AS place FROM videos_analytics() a) x) y;
SELECT is(count(*), 150000::bigint, 'and each of them once') FROM videos_analytics();
SELECT * FROM finish();
