-- A table of the rollups is gone, as it would be after a partial restore: install(), which the errors name, makes numbers right
-- again from the raw events, or refuses where retention has dropped some.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT plan(32);

INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 2 FROM generate_series(1, 4) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start) SELECT n, n, '2025-01-01' FROM generate_series(1, 9) n;
CREATE FUNCTION put(k integer, n integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
  SELECT 1 + i % 4, 1 + i % 97, 1 + i % 9, (ARRAY['view', 'view', 'save', 'click'])[1 + i % 4]::engagement_type, i % 5000, '2025-01-01'::timestamptz + i * interval '31 minutes'
  FROM generate_series(k, k + n - 1) i
$$;
CREATE FUNCTION answers() RETURNS TABLE (answer text) LANGUAGE sql AS $$
  SELECT platform_summary()::text UNION ALL SELECT platform_summary('2025-01-03 04:05', '2025-02-05')::text
  UNION ALL SELECT creator_summary(c)::text FROM generate_series(1, 2) c UNION ALL SELECT content_summary(c)::text FROM generate_series(1, 4) c
  UNION ALL SELECT total_sessions::text FROM aggregated_metrics('all', 1)
$$;
SELECT explore_analytics.ensure_partitions('2025-01-01', '2025-12-01') \g /dev/null
SELECT put(1, 3000) \g /dev/null
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT put(5000, 300) \g /dev/null
CALL explore_analytics.refresh();
UPDATE explore_content SET creator_id = 2 WHERE id = 2;
SELECT put(9000, 5) \g /dev/null
CREATE TABLE wanted AS SELECT * FROM answers();
CREATE TABLE lost (relation text);
INSERT INTO lost VALUES ('rollup_totals'), ('rollup_buckets'), ('rollup_deltas'), ('rollup_ledger'), ('creator_changes'), ('session_rollups'), ('rollup_state');

-- Each in a database of its own would be the same: what install() has mended is whole.
CREATE PROCEDURE lose(relation text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TABLE explore_analytics.%I CASCADE', relation);
  CALL explore_analytics.install();
END $$;
SELECT 'UPDATE explore_content SET creator_id = 1 WHERE id = 2', 'UPDATE explore_content SET creator_id = 2 WHERE id = 2', format('CALL lose(%L)', relation),
  format($$SELECT bag_eq('SELECT * FROM answers()', 'SELECT * FROM wanted', 'without %s')$$, relation), 'CALL explore_analytics.refresh()',
  format($$SELECT bag_eq('SELECT * FROM answers()', 'SELECT * FROM wanted', '%s: refreshed')$$, relation),
  format($$SELECT is_empty('SELECT v::text FROM explore_analytics.verify() v UNION ALL SELECT l::text FROM explore_analytics.check_ledger() l', '%s: proved')$$, relation)
FROM lost \gexec

-- Retention took a month over: nothing can make its numbers anew.
CALL explore_analytics.apply_retention(now() - '2025-02-10'::timestamptz);
SELECT ok(count(*) > 0, 'a month is dropped') FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL;
SELECT bag_eq('SELECT * FROM answers()', 'SELECT * FROM wanted', 'and its numbers stay');
INSERT INTO lost VALUES ('dropped_partitions');
SELECT format('SELECT throws_like(%L, %L, %L)', format('CALL lose(%L)', relation),
  'explore_analytics.' || relation || CASE relation WHEN 'rollup_state' THEN ' has lost its row%' ELSE ' is missing%' END || CASE relation WHEN 'dropped_partitions' THEN ', and with it which%' ELSE ', and raw events before % are dropped' END, relation || ' of dropped events')
FROM lost \gexec
SELECT bag_eq('SELECT * FROM answers()', 'SELECT * FROM wanted', 'nothing is changed');
SELECT * FROM finish();
