-- A refresh that brings events of more sessions than fit into maintenance_work_mem to creators whose sessions are there.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SET timezone = 'UTC';

INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 50 FROM generate_series(1, 200) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT n, n, '2025-03-01'::timestamptz + n * interval '7 seconds', '2025-03-01'::timestamptz + n * interval '7 seconds' + interval '1 minute' FROM generate_series(1, 100000) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT n, n, n, 'view', '2025-03-01'::timestamptz + n * interval '7 seconds' FROM generate_series(1, 200) n;
CALL explore_analytics.refresh();

-- Four creators for each session, in the whole some 400,000 touches; sessions that changed and a content that moved are
-- among them.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + (n * 17 + k * 31) % 200, n, n, 'view', '2025-03-01'::timestamptz + n * interval '7 seconds' + k * interval '1 second'
FROM generate_series(1, 100000) n, generate_series(0, 3) k;
UPDATE explore_feed_sessions SET session_end = session_end + interval '5 seconds' WHERE id % 1000 = 7;
UPDATE explore_content SET creator_id = 1 + creator_id % 50 WHERE id IN (10, 20);
-- In a backend that has done nothing else.
\c
SET client_min_messages = warning;
SET timezone = 'UTC';
SET maintenance_work_mem = '1MB';
CREATE FUNCTION pg_temp.peak() RETURNS bigint LANGUAGE sql AS $$ SELECT substring(pg_read_file('/proc/self/status', 0, 20000, true) FROM 'VmPeak:\s+(\d+) kB')::bigint $$;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type) VALUES (1, 1, 1, 'click');
SELECT pg_temp.peak() AS before \gset
SELECT sessions_made FROM explore_analytics.rollup_state \gset
CALL explore_analytics.refresh();
SELECT pg_temp.peak() AS after \gset
SELECT plan(4);
SELECT is(:'sessions_made'::boolean, true, 'there were sessions in the rollups');
SELECT cmp_ok(:after - :before, '<=', 49152, format('within 48 MB: %s kB', :after - :before));
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'rollups are those of the rows');
SELECT results_eq(
  $$SELECT c.creator, m.total_sessions FROM generate_series(1, 50::bigint) c(creator), aggregated_metrics('all', c.creator) m ORDER BY 1$$,
  $$SELECT c.creator_id, count(DISTINCT e.session_id) FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id GROUP BY 1 ORDER BY 1$$,
  'and sessions are those that touch a creator');
SELECT * FROM finish();
