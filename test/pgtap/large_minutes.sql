-- A minute of more events than others has its summary beside its log, and answers by it.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
SELECT plan(14);

INSERT INTO explore_content (id, creator_id) VALUES (1, 7), (2, 7);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + (n % 3 = 0)::int, 1 + n % 700, CASE WHEN n % 5 > 0 THEN 'view' ELSE 'save' END::engagement_type, n, '2025-10-07 12:30:00+00'::timestamptz + n * interval '18 milliseconds'
FROM generate_series(0, 3300) n;
COMMIT;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();

CREATE FUNCTION pg_temp.told(from_time timestamptz, to_time timestamptz) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(s::text, ' ') FROM (VALUES (platform_summary(from_time, to_time)), (creator_summary(7, from_time, to_time)), (content_summary(1, from_time, to_time)), (content_summary(2, from_time, to_time))) v(s)
$$;
CREATE FUNCTION pg_temp.plain(from_time timestamptz, to_time timestamptz) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(s::text, ' ' ORDER BY n) FROM (
    SELECT n, engagement_agg(engagement_type, coalesce(user_id, -session_id), watch_time_ms, completed) AS s
    FROM (VALUES (1, NULL), (2, NULL), (3, 1), (4, 2)) w(n, content) LEFT JOIN explore_engagements e
      ON (w.content IS NULL OR e.content_id = w.content) AND e.created_at >= from_time AND e.created_at < to_time GROUP BY n) x
$$;
CREATE VIEW pg_temp.minutes AS SELECT * FROM explore_analytics.rollup_buckets WHERE level = 9 AND scope IN (0, 1, 2);

BEGIN;
SELECT is((SELECT string_agg(format('%s/%s', scope, id), ' ' ORDER BY scope, id) FROM pg_temp.minutes WHERE events IS NOT NULL AND summary IS NOT NULL), '0/0 1/7 2/1 2/2',
  'the minute of the platform, the creator and both contents have a summary and a log');
SELECT is((SELECT count(*) FROM explore_analytics.rollup_buckets WHERE level < 9 AND (summary IS NULL) = (events IS NULL)), 0::bigint, 'other buckets have one of both');
SELECT is(pg_temp.told('2025-10-07 12:30', '2025-10-07 12:31'), pg_temp.plain('2025-10-07 12:30', '2025-10-07 12:31'), 'the minute');
SELECT is(pg_temp.told('2025-10-07 12:30:07.5', '2025-10-07 12:31'), pg_temp.plain('2025-10-07 12:30:07.5', '2025-10-07 12:31'), 'a part of it');
SELECT is((SELECT unique_viewers FROM live_metrics(1, as_of => '2025-10-07 12:31')), 560::bigint, 'live_metrics()');
SELECT is((SELECT count(*) FROM explore_analytics.verify()), 0::bigint, 'verify() finds nothing');

-- That it answers by the summary shows where this is wrong, which verify() finds.
SAVEPOINT damaged;
UPDATE explore_analytics.rollup_buckets SET summary = (SELECT summary FROM explore_analytics.rollup_buckets WHERE level = 9 AND scope = 2 AND id = 2) WHERE level = 9 AND scope = 2 AND id = 1;
SELECT is(views(content_summary(1, '2025-10-07 12:30', '2025-10-07 12:31')), views(content_summary(2, '2025-10-07 12:30', '2025-10-07 12:31')), 'a minute is answered by its summary');
SELECT is(views(content_summary(1, '2025-10-07 12:30', '2025-10-07 12:30:59.9999')), 1760::bigint, 'and a part of it by its log');
SELECT is((SELECT string_agg(problem, ', ') FROM explore_analytics.verify()), 'summary differs from its events', 'verify() tells of a wrong one');
ROLLBACK TO damaged;

-- Rows of 0.1.0 have none.
UPDATE explore_analytics.rollup_buckets SET summary = NULL WHERE level = 9 AND events IS NOT NULL;
SELECT is(pg_temp.told('2025-10-07 12:30', '2025-10-07 12:31'), pg_temp.plain('2025-10-07 12:30', '2025-10-07 12:31'), 'without a summary the log answers');
SELECT is((SELECT count(*) FROM explore_analytics.verify()), 0::bigint, 'and verify() has nothing against it');
ROLLBACK TO damaged;

SELECT ok(explore_analytics.forget_viewer(5) IS NOT NULL, 'a viewer is erased');
SELECT is(pg_temp.told('2025-10-07 12:30', '2025-10-07 12:31'), pg_temp.plain('2025-10-07 12:30', '2025-10-07 12:31'), 'from the summaries, too');
SELECT is((SELECT count(*) FROM explore_analytics.verify()), 0::bigint, 'verify() finds nothing after it');
SELECT * FROM finish();
ROLLBACK;
