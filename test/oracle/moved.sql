-- Creators against plain SQL while contents that have moved wait for a refresh: a walk of random steps over contents, events
-- and rollups, and after each step questions of every kind about random times. Creators have many contents of few events, and
-- viewers are few, so that a viewer whose view goes often has another one, somewhere else or in the same minute.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
\if :{?steps}
\else
\set steps 150
\endif
\if :{?seed}
\else
\set seed 0.1905
\endif
CREATE SCHEMA oracle;
SELECT setseed(:seed) \g /dev/null

CREATE FUNCTION oracle.some_time() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  -- Half of all is within two hours and to the second, so that small buckets are cut and events are equal in all that counts.
  SELECT timestamptz '2025-03-01 00:00+00' + CASE WHEN random() < 0.5 THEN interval '20 days' + floor(7200 * random()) * interval '1 second' ELSE random() * interval '150 days' END $$;
-- Contents 1 to 600 of few events each; 601 and 602 of many; of 603 to 606 nothing but what is in one minute.
CREATE FUNCTION oracle.add_events(n int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT c, CASE WHEN random() < 0.7 THEN 1 + floor(250 * random() ^ 2)::bigint END, CASE WHEN random() < 0.8 THEN 1 + floor(400 * random())::bigint END,
         ((ARRAY['view', 'view', 'view', 'save', 'impression', 'progress', 'complete'])[1 + floor(7 * random())])::engagement_type, floor(3 * random()), random() < 0.3,
         CASE WHEN c > 602 THEN timestamptz '2025-03-21 00:30+00' + floor(60 * random()) * interval '1 second' ELSE oracle.some_time() END
  FROM (SELECT CASE WHEN random() < 0.85 THEN 1 + floor(600 * random())::bigint ELSE 601 + floor(6 * random())::bigint END AS c FROM generate_series(1, n)) x $$;
INSERT INTO explore_content (id, creator_id) SELECT g, 1 + g % 3 FROM generate_series(1, 606) g;
INSERT INTO explore_feed_sessions (id, session_start, session_end)
SELECT g, oracle.some_time(), NULL FROM generate_series(1, 380) g;
UPDATE explore_feed_sessions SET session_end = session_start + random() * interval '1 hour' WHERE id % 3 > 0;

CREATE VIEW oracle.events AS
SELECT c.creator_id, e.created_at, e.session_id, e.engagement_type, coalesce(e.user_id, -e.session_id) AS viewer, e.watch_time_ms, e.completed
FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id;
CREATE FUNCTION oracle.plain(who bigint, s timestamptz, e timestamptz) RETURNS engagement_summary LANGUAGE sql STABLE AS $$
  SELECT engagement_agg(o.engagement_type, o.viewer, o.watch_time_ms, o.completed) FROM oracle.events o WHERE o.creator_id = who AND (s IS NULL OR o.created_at >= s) AND (e IS NULL OR o.created_at < e) $$;
CREATE FUNCTION oracle.check_creators(step text) RETURNS SETOF text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  who bigint;
  s timestamptz;
  e timestamptz;
  got record;
  wanted record;
BEGIN
  FOR who IN 1 .. 4 LOOP
    FOR lot IN 1 .. 5 LOOP
      s := CASE WHEN lot = 1 THEN NULL ELSE oracle.some_time() END;
      e := CASE lot WHEN 1 THEN NULL WHEN 2 THEN s + random() * interval '40 minutes' WHEN 3 THEN s + random() * interval '3 days' ELSE s + random() * interval '90 days' END;
      IF creator_summary(who, s, e)::text IS DISTINCT FROM oracle.plain(who, s, e)::text THEN
        RETURN NEXT format('FAIL %s: creator_summary(%s, %L, %L)', step, who, s, e);
      END IF;
    END LOOP;
    s := oracle.some_time();
    SELECT a.total_views, a.total_unique_viewers, a.total_sessions, a.average_session_duration INTO got FROM aggregated_metrics('month', who, s) a;
    SELECT views(p), unique_viewers(p), t.n, t.mean INTO wanted
    FROM oracle.plain(who, s - interval '720 hours', s) p, (SELECT count(*) AS n, coalesce(avg(extract(epoch FROM f.session_end - f.session_start)), 0)::float8 AS mean
      FROM explore_feed_sessions f WHERE f.session_start >= s - interval '720 hours' AND f.session_start < s
        AND f.id IN (SELECT o.session_id FROM oracle.events o WHERE o.creator_id = who)) t;
    IF got IS DISTINCT FROM wanted THEN RETURN NEXT format('FAIL %s: aggregated_metrics(month, %s, %L): %s, wanted %s', step, who, s, got, wanted); END IF;
    IF EXISTS (
      SELECT FROM metric_series('unique_viewers', s, s + interval '30 days', 'day', 'UTC', NULL, who) m
      LEFT JOIN (SELECT date_trunc('day', o.created_at, 'UTC') AS day, count(DISTINCT o.viewer) AS n FROM oracle.events o
                 WHERE o.creator_id = who AND o.engagement_type = 'view' AND o.created_at >= s AND o.created_at < s + interval '30 days' GROUP BY 1) w ON w.day = m.bucket_start
      WHERE m.value <> coalesce(w.n, 0)) THEN
      RETURN NEXT format('FAIL %s: metric_series(unique_viewers, %s, %L)', step, who, s);
    END IF;
    -- New ones are those of whom there is no earlier view at all.
    SELECT sum(m.value), min(m.bucket_start), max(m.bucket_end) INTO got FROM metric_series('new_viewers', NULL, NULL, 'week', 'UTC', NULL, who) m;
    SELECT count(DISTINCT o.viewer) FILTER (WHERE o.engagement_type = 'view')::float8, date_trunc('week', min(o.created_at)), date_trunc('week', max(o.created_at)) + interval '7 days' INTO wanted
    FROM oracle.events o WHERE o.creator_id = who HAVING count(*) > 0;
    IF got IS DISTINCT FROM wanted THEN RETURN NEXT format('FAIL %s: metric_series(new_viewers, %s): %s, wanted %s', step, who, got, wanted); END IF;
  END LOOP;
  RETURN QUERY
  WITH got AS (SELECT d.creator_id, d.day, d.views, d.unique_viewers FROM explore_creator_daily d),
  wanted AS (SELECT o.creator_id, (o.created_at AT TIME ZONE 'UTC')::date AS day, count(*) FILTER (WHERE o.engagement_type = 'view') AS views,
      count(DISTINCT o.viewer) FILTER (WHERE o.engagement_type = 'view') AS unique_viewers FROM oracle.events o GROUP BY 1, 2)
  SELECT format('FAIL %s: explore_creator_daily %s', step, d) FROM ((TABLE got EXCEPT TABLE wanted) UNION ALL (TABLE wanted EXCEPT TABLE got)) d;
END $$;

SELECT oracle.add_events(12000) \g /dev/null
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
CREATE TABLE oracle.step AS
SELECT g AS n, kind, random() AS lot, 1 + floor(606 * random())::int AS content, 1 + floor(4 * random())::int AS creator, (ARRAY[1, 5, 60])[1 + floor(3 * random())] AS size
FROM generate_series(1, :steps) g, LATERAL (SELECT (ARRAY[
  'move', 'move', 'move', 'move', 'move', 'move large', 'move many', 'there and back', 'on and on', 'with events', 'delete', 'make', 'events', 'events', 'sessions', 'rollback', 'refresh', 'refresh', 'compact', 'forget'
  ])[1 + floor(20 * random() + 0 * g)] AS kind) k;
SELECT format('/* %s */ ', n) || CASE kind
    WHEN 'move' THEN format('UPDATE explore_content SET creator_id = %s WHERE id = %s', creator, content)
    WHEN 'move large' THEN format('UPDATE explore_content SET creator_id = %s WHERE id = %s', creator, 601 + floor(6 * lot))
    WHEN 'move many' THEN format('UPDATE explore_content SET creator_id = %s WHERE id %% 61 = %s', creator, content % 61)
    WHEN 'there and back' THEN format('UPDATE explore_content SET creator_id = creator_id + 1 WHERE id = %s; UPDATE explore_content SET creator_id = creator_id - 1 WHERE id = %1$s', content)
    WHEN 'on and on' THEN format('UPDATE explore_content SET creator_id = 1 + creator_id %% 3 WHERE id = %s; UPDATE explore_content SET creator_id = 1 + creator_id %% 3 WHERE id = %1$s', content)
    WHEN 'with events' THEN format('WITH a AS MATERIALIZED (SELECT oracle.add_events(%s)) SELECT FROM a; UPDATE explore_content SET creator_id = %s WHERE id = %s', size, creator, content)
    WHEN 'delete' THEN format('DELETE FROM explore_content WHERE id = %s', content)
    WHEN 'make' THEN format('INSERT INTO explore_content (id, creator_id) SELECT g, %s FROM generate_series(1, 606) g ON CONFLICT DO NOTHING', creator)
    WHEN 'events' THEN format('SELECT oracle.add_events(%s)', size * 5)
    WHEN 'sessions' THEN format('UPDATE explore_feed_sessions SET session_start = oracle.some_time(), session_end = NULL WHERE id %% 40 = %s; INSERT INTO explore_feed_sessions (id, session_start) VALUES (%s, oracle.some_time()) ON CONFLICT DO NOTHING; DELETE FROM explore_feed_sessions WHERE id = %s', content % 40, 381 + content % 30, 1 + floor(400 * lot))
    WHEN 'rollback' THEN format('BEGIN; UPDATE explore_content SET creator_id = %s WHERE id %% 50 = %s; SELECT oracle.add_events(%s); SELECT oracle.check_creators(''%s in a transaction''); ROLLBACK', creator, content % 50, size, n)
    WHEN 'refresh' THEN 'CALL explore_analytics.refresh()'
    WHEN 'compact' THEN 'CALL explore_analytics.compact()'
    WHEN 'forget' THEN format('SELECT explore_analytics.forget_viewer(%s)', 1 + floor(250 * lot))
  END,
  format('SELECT oracle.check_creators(''%s %s'')', n, kind),
  CASE WHEN kind IN ('refresh', 'compact', 'forget') THEN format('SELECT ''FAIL %s %s: verify '' || v FROM explore_analytics.verify() v', n, kind) END
FROM oracle.step ORDER BY n \gexec
SELECT format('SELECT ''ok a walk of %s steps''', :steps) \gexec
