-- Random trials (psql -v trials=N): the same events summarised serially, in parallel, hashed, sorted, over
-- partitions, in a window, in random order, in random groups merged in random order, and by plain SQL;
-- compared byte for byte. The plans are looked at, so that every way is really gone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT setseed(0.7);
CREATE TABLE event (trial int, piece int, seq int, type engagement_type, viewer bigint, ms int, completed boolean)
  PARTITION BY HASH (trial);
CREATE TABLE event_0 PARTITION OF event FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE event_1 PARTITION OF event FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- Sizes from 1 to some thousands; ids dense, clustered, negative, scattered over 64 bits, or missing.
INSERT INTO event
SELECT t.trial, floor(random() * 4)::int, i, (enum_range(NULL::engagement_type))[1 + floor(random() * 7)::int],
  CASE WHEN random() < 0.05 THEN NULL
       WHEN t.shape = 0 THEN 1 + floor(random() * 50)::bigint
       WHEN t.shape = 1 THEN 1 + floor(random() * 100000)::bigint
       WHEN t.shape = 2 THEN -1 - floor(random() * 1000)::bigint
       WHEN t.shape = 3 THEN (random() * 1.8e19 - 9e18)::numeric::bigint
       ELSE 65536 * floor(random() * 3)::bigint + floor(random() * 65536)::bigint END,
  CASE WHEN random() < 0.1 THEN NULL ELSE floor(random() * 60000)::int END, CASE WHEN random() < 0.1 THEN NULL ELSE random() < 0.4 END
FROM (SELECT trial, trial % 5 AS shape, CASE WHEN trial % 500 = 0 THEN 4000 ELSE 1 + floor(random() ^ 3 * 60)::int END AS n
      FROM generate_series(1, :trials) trial) t, LATERAL generate_series(1, t.n) i;
ANALYZE event;

CREATE TABLE answer (way text, trial int, summary text);
CREATE FUNCTION plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN ' || query LOOP
    IF line LIKE '%' || node || '%' THEN RETURN true; END IF;
  END LOOP;
  RETURN false;
END $$;
CREATE FUNCTION go(way text, query text, node text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT plan_has(query, node) THEN
    RAISE EXCEPTION '%: no % in the plan', way, node;
  END IF;
  EXECUTE format('INSERT INTO answer SELECT %L, trial, summary::text FROM (%s) q', way, query);
END $$;

\set aggregate '''SELECT trial, engagement_agg(type, viewer, ms, completed) AS summary FROM event GROUP BY trial'''
SET max_parallel_workers_per_gather = 0;
SET enable_hashagg = off;
SELECT go('sort', :aggregate, 'GroupAggregate');
SET enable_hashagg = on; SET enable_sort = off;
SELECT go('hash', :aggregate, 'HashAggregate');
SET work_mem = '64kB';
SELECT go('hash, spilled', :aggregate, 'HashAggregate');
RESET work_mem; RESET enable_sort;
SET enable_partitionwise_aggregate = on;
SELECT go('partitionwise', :aggregate, 'Append');
RESET enable_partitionwise_aggregate;
SELECT go('ordered', 'SELECT trial, engagement_agg(type, viewer, ms, completed ORDER BY viewer DESC, seq) AS summary FROM event GROUP BY trial', 'Sort');
SELECT go('window', 'SELECT DISTINCT ON (trial) trial, engagement_agg(type, viewer, ms, completed) OVER (PARTITION BY trial ORDER BY seq) AS summary
  FROM event ORDER BY trial, seq DESC', 'WindowAgg');
SELECT go('filtered halves', 'SELECT trial, engagement_agg(type, viewer, ms, completed) FILTER (WHERE seq % 2 = 0)
  + engagement_agg(type, viewer, ms, completed) FILTER (WHERE seq % 2 = 1) AS summary FROM event GROUP BY trial', 'Aggregate');
SELECT go('merged', 'SELECT trial, rollup(piece_summary ORDER BY random()) AS summary FROM (
  SELECT trial, piece, engagement_agg(type, viewer, ms, completed ORDER BY random()) AS piece_summary FROM event GROUP BY trial, piece) p GROUP BY trial', 'Aggregate');
SELECT go('merged twice', 'SELECT trial, rollup(half) AS summary FROM (SELECT trial, rollup(piece_summary) AS half FROM (
  SELECT trial, piece, engagement_agg(type, viewer, ms, completed) AS piece_summary FROM event GROUP BY trial, piece) p GROUP BY trial, piece % 2) h GROUP BY trial', 'Aggregate');
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT go('parallel', :aggregate, 'Partial');
SET enable_hashagg = off;
SELECT go('parallel, sorted', :aggregate, 'Partial GroupAggregate');
RESET enable_hashagg;

-- Plain SQL: the counters and the members, not the bytes.
CREATE TABLE plain AS
SELECT trial, count(*) FILTER (WHERE type = 'view') AS views, count(DISTINCT viewer) FILTER (WHERE type = 'view') AS unique_viewers,
  count(*) FILTER (WHERE type = 'view' AND viewer IS NULL) AS unidentified_views,
  count(*) FILTER (WHERE (type = 'view' AND completed) OR type = 'complete') AS completions,
  count(*) FILTER (WHERE type = 'save') AS saves, count(*) FILTER (WHERE type = 'share') AS shares, count(*) FILTER (WHERE type = 'click') AS clicks,
  count(*) FILTER (WHERE type = 'skip') AS skips, count(*) FILTER (WHERE type = 'impression') AS impressions,
  coalesce(sum(ms), 0) / 1000.0::float8 AS total_watch_time,
  coalesce(array_agg(DISTINCT viewer ORDER BY viewer) FILTER (WHERE type = 'view' AND viewer IS NOT NULL), '{}') AS keys
FROM event GROUP BY trial;

SELECT format('RESULT value_trials trials=%s ways=%s mismatches=%s plain_mismatches=%s',
  (SELECT count(DISTINCT trial) FROM answer), (SELECT count(DISTINCT way) FROM answer),
  (SELECT count(*) FROM (SELECT trial FROM answer GROUP BY trial HAVING count(DISTINCT summary) > 1 OR count(*) <> (SELECT count(DISTINCT way) FROM answer)) m),
  (SELECT count(*) FROM plain p JOIN answer a ON a.trial = p.trial AND a.way = 'hash', LATERAL (SELECT a.summary::engagement_summary AS s) v
   WHERE (p.views, p.unique_viewers, p.unidentified_views, p.completions, p.saves, p.shares, p.clicks, p.skips, p.impressions, p.total_watch_time, p.keys)
     IS DISTINCT FROM (views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s), impressions(s),
       total_watch_time(s), ARRAY(SELECT viewer_keys(viewers(s)))))) AS result \gset
SELECT :'result';
SELECT CASE WHEN :'result' ~ 'ways=11 mismatches=0 plain_mismatches=0$' AND (SELECT count(*) FROM plain) = :trials
            THEN 'ok value_trials' ELSE 'FAIL value_trials' END;
