-- Logs of many keys share rows: a refresh that brings little to each of them writes few, answers read them, and whatever
-- takes something out of a key's leaves the others there.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(44);

CREATE VIEW deltas AS SELECT d.*, d.id < -9000000000000000000 AS is_shelf FROM explore_analytics.rollup_deltas d;
INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 300, 'c' FROM generate_series(1, 1000) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT n, n FROM generate_series(1, 1000) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT n, n, '2025-03-01'::timestamptz + n * interval '1 minute', '2025-03-01'::timestamptz + n * interval '1 minute' + interval '90 seconds' FROM generate_series(1, 3000) n;
CREATE FUNCTION seen(first integer, events integer, contents integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
  SELECT 1 + i * 7 % contents, 4000000000000000000 + i % 3000, 1 + i % 3000, (ARRAY['view', 'view', 'save'])[1 + i % 3]::engagement_type, 1000 + i, '2025-03-01'::timestamptz + i * interval '47 seconds'
  FROM generate_series(first, first + events - 1) i
$$;
-- Of every content and creator, of all time and of a range, what the raw rows say and we do not.
CREATE VIEW differ AS
WITH key AS (SELECT 'content' AS scope, c.id, ARRAY[c.id] AS contents FROM explore_content c WHERE c.id % 19 = 1
             UNION ALL SELECT 'creator', c.creator_id, array_agg(c.id) FROM explore_content c WHERE c.creator_id % 5 = 0 GROUP BY 2),
  period(from_at, to_at) AS (VALUES ('2025-01-01'::timestamptz, '2026-01-01'::timestamptz), ('2025-03-01 03:00:01', '2025-03-03 11:11:11')),
  asked AS (SELECT k.*, p.*, CASE k.scope WHEN 'content' THEN content_summary(k.id, p.from_at, p.to_at) ELSE creator_summary(k.id, p.from_at, p.to_at) END AS s FROM key k, period p)
SELECT a.scope, a.id FROM asked a CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE e.engagement_type = 'view') AS views, count(DISTINCT e.user_id) FILTER (WHERE e.engagement_type = 'view') AS viewers,
    coalesce(sum(e.watch_time_ms), 0) AS watch
  FROM explore_engagements e WHERE e.content_id = ANY (a.contents) AND e.created_at >= a.from_at AND e.created_at < a.to_at) r
WHERE (views(a.s), unique_viewers(a.s), total_watch_time(a.s)) IS DISTINCT FROM (r.views, r.viewers, r.watch::double precision / 1000);
CREATE VIEW sessions_differ AS
SELECT c.creator_id FROM (SELECT DISTINCT creator_id FROM explore_content WHERE creator_id % 5 = 0) c
CROSS JOIN LATERAL (SELECT count(*) AS n FROM explore_feed_sessions s WHERE s.session_start >= '2025-03-01' AND s.session_start < '2025-03-09' AND s.id IN
    (SELECT e.session_id FROM explore_engagements e JOIN explore_content o ON o.id = e.content_id WHERE o.creator_id = c.creator_id)) r
WHERE (SELECT sum(m.value)::bigint FROM metric_series('sessions', '2025-03-01', '2025-03-09', creator_id => c.creator_id) m) IS DISTINCT FROM r.n;

SELECT seen(1, 20000, 1000);
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is(count(*), 0::bigint, 'nothing waits') FROM deltas;

SELECT seen(20001, 4000, 1000);
CALL explore_analytics.refresh();
SELECT ok(count(*) FILTER (WHERE is_shelf) > 0 AND count(*) < 210, 'a refresh of 4,000 events writes few rows: ' || count(*)) FROM deltas;
SELECT cmp_ok(max(length(events)), '<', 2000, 'none of them is toasted') FROM deltas WHERE is_shelf;
SELECT set_eq('SELECT DISTINCT scope FROM deltas WHERE is_shelf', ARRAY[1, 2, 4]::smallint[], 'contents, creators and their sessions share rows, the platform does not');
SELECT is(sum(event_count), 8000::bigint, 'each event is there for its content and its creator') FROM deltas WHERE scope IN (1, 2);
SELECT is(delta_events, (SELECT sum(event_count) FROM deltas WHERE scope <= 2), 'as the status says') FROM explore_analytics.rollup_status;
SELECT is_empty('TABLE differ', 'all count');
SELECT is_empty('TABLE sessions_differ', 'and sessions');

-- Little ones, one after the other.
CREATE PROCEDURE trickle(first integer, rounds integer, events integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 0 .. rounds - 1 LOOP
    PERFORM seen(first + i * events, events, 1000);
    COMMIT;
    CALL explore_analytics.refresh();
    COMMIT;
  END LOOP;
END $$;
SELECT count(*) AS before FROM deltas \gset
CALL trickle(24001, 36, 10);
SELECT ok(count(*) - :before BETWEEN 36 AND 36 * 5, 'refreshes of ten events write a row of each kind of key: ' || count(*) - :before) FROM deltas;
SELECT is_empty('TABLE differ', 'all count');
SELECT is_empty('TABLE sessions_differ', 'and sessions');
CREATE VIEW at_once AS SELECT content_id, total_views FROM videos_analytics(NULL, '2025-01-01', '2026-01-01') UNION ALL SELECT content_id, total_views FROM videos_analytics(ARRAY(SELECT n::bigint FROM generate_series(1, 1000, 11) n), '2025-01-01', '2026-01-01');
SELECT is(count(*), 1091::bigint, 'many contents at once') FROM at_once;
SELECT is_empty('SELECT content_id FROM at_once WHERE total_views <> views(content_summary(content_id))', 'they have the same numbers');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- A round of the worker moves what has become many; each log is where it is looked for.
CREATE TABLE old AS SELECT id, scope, epoch FROM deltas;
SET statement_timeout = '6s';
\set ON_ERROR_STOP off
CALL explore_analytics.run_forever('1 hour');
\set ON_ERROR_STOP on
RESET statement_timeout;
SELECT isnt_empty('TABLE old EXCEPT SELECT id, scope, epoch FROM deltas', 'full shelves are moved');
SELECT is(sum(event_count), 8720::bigint, 'with all that is on them') FROM deltas WHERE scope IN (1, 2);
SELECT is_empty('TABLE differ', 'all count');
SELECT is_empty('TABLE sessions_differ', 'and sessions');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- Sessions that change step by step, their steps on several shelves.
CALL trickle(24361, 3, 10);
UPDATE explore_feed_sessions SET session_start = session_start + interval '10 days', session_end = session_end + interval '10 days' WHERE id BETWEEN 1 AND 400;
CALL explore_analytics.refresh();
UPDATE explore_feed_sessions SET session_start = session_start - interval '10 days', session_end = session_end - interval '10 days' WHERE id BETWEEN 200 AND 300;
SELECT is_empty('TABLE sessions_differ', 'before they are brought in');
CALL explore_analytics.refresh();
SELECT is_empty('TABLE sessions_differ', 'and after');

-- A content that moves takes its logs along.
UPDATE explore_content SET creator_id = 50 WHERE id IN (10, 20, 33);
CALL explore_analytics.refresh();
SELECT is_empty('TABLE differ', 'contents that move');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- An erasure leaves nothing of the viewer, on no shelf.
CREATE FUNCTION times_held(viewer bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  rest numeric := viewer::numeric * 2;
  bytes bytea := '';
BEGIN
  WHILE rest >= 128 LOOP
    bytes := bytes || set_byte('\x00', 0, (128 + rest % 128)::int);
    rest := div(rest, 128);
  END LOOP;
  bytes := bytes || set_byte('\x00', 0, rest::int);
  RETURN (SELECT count(*) FROM explore_analytics.rollup_deltas d WHERE position(bytes IN d.events) > 0);
END $$;
SELECT cmp_ok(times_held(4000000000000002011), '>', 1::bigint, 'a viewer is on shelves');
SELECT FROM explore_analytics.forget_viewer(4000000000000002011);
SELECT is(times_held(4000000000000002011), 0::bigint, 'and on none when forgotten');
SELECT is_empty('TABLE differ', 'all others count');
SELECT is_empty('TABLE sessions_differ', 'and sessions');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- One who has touched everything: a row of a shelf is written again once, not for each content and creator on it.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT n, 4000000000000005000, 1 + n % 3000, 'view', 1000, '2025-03-02'::timestamptz + n * interval '1 second' FROM generate_series(1, 1000) n;
CALL explore_analytics.refresh();
CALL trickle(30001, 6, 1000);
SELECT count(*) + 2 * (1000 + 2 * 300) AS most FROM deltas \gset
BEGIN;
SELECT is(explore_analytics.forget_viewer(4000000000000005000), 1000::bigint, 'a viewer of all contents is forgotten');
SELECT cmp_ok(n_tup_del, '<', :most::bigint, 'each row of a shelf is replaced once') FROM pg_stat_xact_all_tables WHERE relid = 'explore_analytics.rollup_deltas'::regclass;
COMMIT;
SELECT is_empty('SELECT id FROM differ UNION ALL TABLE sessions_differ', 'all others count');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- Damage is found.
CALL trickle(36001, 3, 10);
BEGIN;
UPDATE explore_analytics.rollup_deltas SET events = set_byte(events, 5, get_byte(events, 5) # 2) WHERE (id, scope) IN (SELECT id, scope FROM deltas WHERE is_shelf AND scope = 2 LIMIT 1);
SELECT cmp_ok((SELECT count(*) FROM explore_analytics.verify()), '>', 0::bigint, 'logs that are another content''s');
ROLLBACK;
BEGIN;
DELETE FROM explore_analytics.rollup_deltas WHERE (id, scope) IN (SELECT id, scope FROM deltas WHERE is_shelf AND scope = 1 LIMIT 1);
SELECT isnt_empty('SELECT * FROM explore_analytics.verify()', 'a row that is gone');
ROLLBACK;
UPDATE explore_analytics.rollup_deltas SET events = substring(events FOR length(events) - 1) WHERE id < -9000000000000000000;
SELECT throws_ok('SELECT * FROM explore_analytics.verify()', '22P03', NULL, 'logs that are cut');
SELECT isnt(explore_analytics.rebuild(), 0::bigint, 'rebuild() makes all anew');
SELECT is_empty('TABLE differ', 'all count');

-- Many events of one content on one day and few on the next, of moments that an earlier refresh has left on a shelf.
CREATE FUNCTION at_midnight(viewers integer, late integer, contents bigint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT c, abs(hashint8extended(i, 7)), 'view', 1000, '2025-03-01'::timestamptz + CASE WHEN i <= late THEN '1 day' ELSE '0' END::interval FROM unnest(contents) c, generate_series(1, viewers) i
$$;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1, abs(hashint8extended(i, 9)), 'view', 1000, '2025-03-01'::timestamptz + i % 10 * interval '1 day' FROM generate_series(1, 80000) i;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT at_midnight(1, 0, ARRAY[1, 2, 3]);
CALL explore_analytics.refresh();
SELECT at_midnight(4500, 20, ARRAY[1]);
SELECT at_midnight(1, 0, ARRAY[2, 3]);
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is(count(*), 0::bigint, 'days of a content that come apart are compacted with the others') FROM deltas WHERE is_shelf;
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- Nobody compacts.
SELECT max(high) AS before FROM explore_analytics.rollup_ledger \gset
CALL trickle(24500, 200, 10);
SELECT count(*) AS rounds, max(rollup_rows) AS most FROM explore_analytics.rollup_ledger WHERE high > :before \gset
SELECT is(:rounds, 200, '200 refreshes');
SELECT cmp_ok(max(n), '<=', 66::bigint, 'leave some dozens of rows on a shelf') FROM (SELECT count(*) AS n FROM deltas WHERE is_shelf GROUP BY scope, id) s;
SELECT cmp_ok(:most, '<', 400, 'each writes few rows');
SELECT is_empty('TABLE differ', 'all count');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');
SELECT * FROM finish();
