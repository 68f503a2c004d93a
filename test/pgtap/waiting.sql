-- What a refresh writes does not grow with the viewers there ever were: events wait beside buckets whose sets are large, until
-- they are so many that these are worth writing anew.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT no_plan();

INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 7, 'c' FROM generate_series(1, 7000) n;
CREATE FUNCTION seen(first integer, events integer, contents integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT 1 + i % contents, hashint8extended(i % 100000, 7) & 9223372036854775807 | 1, 'view', 1000, '2021-03-01'::timestamptz + i * interval '30 seconds'
  FROM generate_series(first, first + events - 1) i
$$;
SELECT seen(1, 150000, 50);
CALL explore_analytics.refresh();
CREATE VIEW bytes AS SELECT rollup_bytes / event_count AS an_event FROM explore_analytics.rollup_ledger ORDER BY high DESC LIMIT 1;
CREATE VIEW differ AS SELECT 1 FROM explore_engagements WHERE engagement_type = 'view'
  HAVING (count(*), count(DISTINCT user_id)) <> (SELECT views(p), unique_viewers(p) FROM platform_summary() p);
SELECT seen(150001, 4000, 50);
CALL explore_analytics.refresh();
SELECT cmp_ok(an_event, '<', 60::bigint, 'a refresh of 4,000 events beside 100,000 scattered viewers: bytes an event') FROM bytes;
SELECT is_empty('TABLE differ', 'they count');
CALL explore_analytics.compact();
SELECT is(sum(event_count), 4000::bigint, 'the platform''s wait through a compaction') FROM explore_analytics.rollup_deltas WHERE scope = 0;
SELECT is_empty('TABLE differ', 'and count');
SELECT seen(154001, 120000, 50);
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is(count(*), 0::bigint, 'many are worth it') FROM explore_analytics.rollup_deltas WHERE scope = 0;
SELECT is_empty('TABLE differ', 'and count');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- More keys than a transaction takes, twice.
SELECT seen(300001, 7000, 7000);
CALL explore_analytics.refresh();
SELECT seen(400001, 7000, 7000);
CALL explore_analytics.refresh();
SELECT cmp_ok(sum(event_count), '>=', 7000::bigint, 'every content has events beside its buckets') FROM explore_analytics.rollup_deltas WHERE scope = 2;
CALL explore_analytics.compact();
SELECT is(count(*), 0::bigint, 'a compaction comes through all of them') FROM explore_analytics.rollup_deltas WHERE scope = 2;

-- Many refreshes with few events each: readers find few rows, and those that hold many are left alone.
CREATE PROCEDURE trickle(rounds integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. rounds LOOP
    PERFORM seen(500000 + i * 10, 10, 50);
    COMMIT;
    CALL explore_analytics.refresh();
    COMMIT;
  END LOOP;
END $$;
CALL trickle(40);
CREATE TABLE large AS SELECT id, scope, epoch, first_at FROM explore_analytics.rollup_deltas WHERE event_count >= 4000;
CALL explore_analytics.compact();
SELECT cmp_ok(count(*), '<', 3::bigint, 'small deltas of the platform have become one') FROM explore_analytics.rollup_deltas WHERE scope = 0;
SELECT is_empty('TABLE large EXCEPT SELECT id, scope, epoch, first_at FROM explore_analytics.rollup_deltas', 'large ones are not written again');
SELECT is_empty('TABLE differ', 'and all count');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- The ledger of more than a week is folded from its beginning; one that is younger is not read.
UPDATE explore_analytics.rollup_ledger SET finished_at = finished_at - interval '8 days' WHERE high < (SELECT max(high) - 10 FROM explore_analytics.rollup_ledger);
SELECT sum(event_count) AS events FROM explore_analytics.rollup_ledger \gset
CALL explore_analytics.compact();
SELECT is((count(*), sum(event_count)), (12::bigint, :events::numeric), 'eleven refreshes of this week, and one row for those before') FROM explore_analytics.rollup_ledger;
SELECT is_empty('SELECT * FROM explore_analytics.check_ledger()', 'which still agrees with the raw table');
UPDATE explore_analytics.rollup_ledger SET event_count = event_count + 1 WHERE high IN (SELECT high FROM explore_analytics.rollup_ledger ORDER BY high OFFSET 3 LIMIT 2);
SELECT results_eq('SELECT recorded - found FROM explore_analytics.check_ledger()', 'VALUES (1::bigint), (1)', 'and names the rows that do not');
SELECT * FROM finish();
