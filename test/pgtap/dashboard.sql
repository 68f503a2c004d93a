-- creator_dashboard() asks once for all its numbers: what it says beside the functions that it is made of, and beside plain SQL, and
-- how much it reads.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(19);

CREATE FUNCTION pg_temp.buffers(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
  RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END $$;
-- 120 contents of three creators, sessions with and without an end, events over 70 days.
INSERT INTO explore_content (id, creator_id, title) SELECT i, 1 + i % 3, 'Content ' || i FROM generate_series(1, 120) i;
INSERT INTO explore_discovery_videos (id, content_id) SELECT 1000 + i, i FROM generate_series(1, 120, 2) i;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT i, 1 + i % 50, '2025-01-20'::timestamptz + i * interval '97 minutes', CASE WHEN i % 4 <> 0 THEN '2025-01-20'::timestamptz + i * interval '97 minutes' + i % 9 * interval '171 seconds' END
FROM generate_series(1, 900) i;
CREATE FUNCTION pg_temp.add_events(first int, last int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 1 + i * 7 % 120, CASE WHEN i % 5 > 0 THEN 1 + i * 13 % 211 END, CASE WHEN i % 11 > 0 THEN 1 + i * 31 % 900 END, (enum_range(NULL::engagement_type))[1 + i % 8],
         CASE WHEN i % 8 IN (0, 5) THEN i % 9000 ELSE 0 END, i % 8 = 0 AND i % 3 = 0, '2025-01-20'::timestamptz + i * 7919 % 101000 * interval '1 minute'
  FROM generate_series(first, last) i
$$;
-- As it was put together from functions, and these from raw rows.
CREATE FUNCTION pg_temp.period(name text, creator bigint, at timestamptz) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('period', m.period, 'totalViews', m.total_views, 'totalUniqueViewers', m.total_unique_viewers, 'totalWatchTime', m.total_watch_time,
    'averageSessionDuration', m.average_session_duration, 'totalSessions', m.total_sessions, 'averageCompletionRate', m.average_completion_rate,
    'totalEngagements', m.total_engagements, 'engagementRate', m.engagement_rate) FROM aggregated_metrics(name, creator, at) m
$$;
CREATE FUNCTION pg_temp.of_parts(creator bigint, name text, at timestamptz) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object(
    'overview', jsonb_build_object('totalVideos', (SELECT count(*) FROM explore_content c WHERE c.creator_id = creator), 'totalViews', views(o), 'totalWatchTime', total_watch_time(o),
      'averageCompletionRate', completion_rate(o), 'engagementRate', engagement_rate(o)),
    'periodMetrics', pg_temp.period(name, creator, at) || jsonb_build_object('previous', CASE WHEN name <> 'all' THEN pg_temp.period(name, creator, at - width) END),
    'engagementBreakdown', jsonb_build_object('totalSaves', saves(p), 'totalShares', shares(p), 'totalClicks', clicks(p), 'totalSkips', skips(p), 'totalCompletions', completions(p)))
  FROM (VALUES ('day', interval '1 day'), ('week', '7 days'), ('month', '30 days'), ('all', NULL)) w(period, width),
       creator_summary(creator, NULL, NULL) o, creator_summary(creator, at - width, CASE WHEN name <> 'all' THEN at END) p
  WHERE w.period = name
$$;
CREATE FUNCTION pg_temp.of_rows(creator bigint, low timestamptz, high timestamptz) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('totalViews', count(*) FILTER (WHERE engagement_type = 'view'), 'totalUniqueViewers', count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view'),
    'totalWatchTime', coalesce(sum(watch_time_ms), 0) / 1000.0::float8, 'totalEngagements', count(*) FILTER (WHERE engagement_type IN ('save', 'share', 'click')),
    'totalSessions', (SELECT count(*) FROM explore_feed_sessions s WHERE s.session_start >= low AND s.session_start < high
       AND s.id IN (SELECT o.session_id FROM explore_engagements o JOIN explore_content k ON k.id = o.content_id WHERE k.creator_id = creator)),
    'averageSessionDuration', (SELECT coalesce(avg(extract(epoch FROM s.session_end - s.session_start)), 0)::float8 FROM explore_feed_sessions s WHERE s.session_start >= low AND s.session_start < high
       AND s.id IN (SELECT o.session_id FROM explore_engagements o JOIN explore_content k ON k.id = o.content_id WHERE k.creator_id = creator)))
  FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id WHERE c.creator_id = creator AND e.created_at >= low AND e.created_at < high
$$;
CREATE FUNCTION pg_temp.wrong() RETURNS TABLE (creator bigint, name text, at timestamptz, said jsonb, wanted jsonb) LANGUAGE sql AS $$
  SELECT c, p, a, d.said, pg_temp.of_parts(c, p, a)
  FROM unnest('{1,2,3,4}'::bigint[]) c, unnest('{day,week,month,all}'::text[]) p, unnest('{2025-03-01, 2025-03-01 07:13:22.5, 2025-03-31 23:00, 2025-01-21}'::timestamptz[]) a,
       LATERAL (SELECT creator_dashboard(c, p, a) - 'topPerformingVideos' AS said OFFSET 0) d
  WHERE d.said <> pg_temp.of_parts(c, p, a)
$$;
CREATE FUNCTION pg_temp.wrong_rows() RETURNS TABLE (creator bigint, at timestamptz, said jsonb) LANGUAGE sql AS $$
  SELECT c, a, d.said
  FROM unnest('{1,2,3}'::bigint[]) c, unnest('{2025-03-01, 2025-03-01 07:13:22.5}'::timestamptz[]) a, LATERAL (SELECT creator_dashboard(c, 'month', a) -> 'periodMetrics' AS said OFFSET 0) d
  WHERE NOT (d.said @> pg_temp.of_rows(c, a - interval '30 days', a) AND d.said -> 'previous' @> pg_temp.of_rows(c, a - interval '60 days', a - interval '30 days'))
$$;

SELECT pg_temp.add_events(1, 6000);
SELECT is_empty('TABLE explore_analytics.rollup_totals', 'nothing is refreshed yet');
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'raw rows: as its parts');
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'raw rows: as plain SQL');
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'deltas: as plain SQL');
CALL explore_analytics.compact();
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'buckets: as its parts');
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'buckets: as plain SQL');
SELECT pg_temp.add_events(6001, 9000);
UPDATE explore_feed_sessions SET session_end = session_start + interval '2 hours' WHERE id % 16 = 0;
CALL explore_analytics.refresh();
SELECT pg_temp.add_events(9001, 12000);
UPDATE explore_feed_sessions SET session_end = session_start + interval '30 days' WHERE id % 90 = 0;
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'buckets, deltas and a tail: as its parts');
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'buckets, deltas and a tail: as plain SQL');

-- What is read once for several numbers is read less than by asking for each.
SELECT pg_temp.buffers($$SELECT creator_dashboard(1, 'month', '2025-03-31')$$) AS dashboard,
       pg_temp.buffers($$SELECT creator_summary(1, NULL, NULL), creator_summary(1, '2025-03-01', '2025-03-31'), pg_temp.period('month', 1, '2025-03-31'), pg_temp.period('month', 1, '2025-03-01')$$) AS periods,
       pg_temp.buffers($$SELECT creator_analytics(1, '2025-03-01', '2025-03-31')$$) - pg_temp.buffers($$SELECT creator_summary(1, '2025-03-01', '2025-03-31')$$) AS best \gset
SELECT cmp_ok(:periods::bigint, '>', 300::bigint, 'to ask for each number costs something');
SELECT cmp_ok((:dashboard - :best)::numeric, '<', :periods * 0.6, 'the dashboard reads what several of its numbers are made from once');

BEGIN;
SELECT pg_temp.add_events(12001, 12500);
UPDATE explore_content SET creator_id = 4 WHERE id IN (3, 9, 30);
DELETE FROM explore_feed_sessions WHERE id % 77 = 0;
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'a transaction that has written, contents moved: as its parts');
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'a transaction that has written, contents moved: as plain SQL');
ROLLBACK;
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'rolled back: as plain SQL');
UPDATE explore_content SET creator_id = 4 WHERE id IN (3, 9, 30);
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'contents moved: as plain SQL');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is_empty('SELECT * FROM pg_temp.wrong()', 'after the refresh: as its parts');
SELECT is_empty('SELECT * FROM pg_temp.wrong_rows()', 'after the refresh: as plain SQL');
SELECT is(creator_dashboard(99) -> 'periodMetrics' -> 'previous' ->> 'totalViews', '0', 'nobody has zeros');
SELECT throws_ok($$SELECT creator_dashboard(1, 'month', '4714-12-10 BC')$$, '22008', NULL, 'a period before the calendar');
SELECT throws_ok($$SELECT creator_dashboard(1, 'month', '4714-12-31 BC')$$, '22008', NULL, 'and one of which only the period before is');
SELECT * FROM finish();
