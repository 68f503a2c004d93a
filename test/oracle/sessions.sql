-- Sessions against plain SQL, whatever happens to them and to what touches them: a walk of random steps over sessions, events,
-- contents and rollups, and after each step questions about random times to the microsecond.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
\if :{?steps}
\else
\set steps 300
\endif
\if :{?seed}
\else
\set seed 0.4711
\endif
CREATE SCHEMA oracle;
SELECT setseed(:seed) \g /dev/null

CREATE FUNCTION oracle.some_time() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  -- Half of all is within two hours, so that small buckets are cut as well.
  SELECT timestamptz '2025-03-01 00:00+00' + CASE WHEN random() < 0.5 THEN interval '20 days' + random() * interval '2 hours' ELSE random() * interval '45 days' END $$;
CREATE FUNCTION oracle.some_end(start timestamptz) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN r < 0.4 THEN NULL WHEN r < 0.45 THEN start WHEN r < 0.95 THEN start + random() * interval '3 hours' WHEN r < 0.98 THEN start + random() * interval '30 days'
    ELSE start + interval '1000000 seconds' - floor(3 * random()) * interval '1 microsecond' END FROM (SELECT random() AS r) x $$;
CREATE FUNCTION oracle.add_sessions(n int, highest int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
  SELECT x.id, CASE WHEN random() < 0.5 THEN 1 + floor(60 * random())::bigint END, x.start, oracle.some_end(x.start)
  FROM (SELECT DISTINCT ON (id) 1 + floor(highest * random())::bigint AS id, oracle.some_time() AS start FROM generate_series(1, n)) x
  ON CONFLICT (id) DO UPDATE SET session_start = excluded.session_start, session_end = excluded.session_end WHERE random() < 0.05 $$;
CREATE FUNCTION oracle.add_events(n int, highest int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
  SELECT 1 + floor(14 * random() ^ 2)::bigint, CASE WHEN random() < 0.6 THEN 1 + floor(60 * random())::bigint END,
         CASE WHEN random() < 0.9 THEN 1 + floor(highest * random())::bigint END,
         ((ARRAY['view', 'view', 'save', 'impression', 'progress'])[1 + floor(5 * random())])::engagement_type, floor(1000 * random()), oracle.some_time()
  FROM generate_series(1, n) $$;

INSERT INTO explore_content (id, creator_id) SELECT g, 1 + g % 4 FROM generate_series(1, 13) g;

-- Truth: sessions by start, and those that touch a creator.
CREATE FUNCTION oracle.sessions_of(creator bigint) RETURNS SETOF explore_feed_sessions LANGUAGE sql STABLE AS $$
  SELECT s.* FROM explore_feed_sessions s WHERE creator IS NULL OR s.id IN (
    SELECT e.session_id FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id WHERE c.creator_id = creator
    UNION SELECT r.session_id FROM explore_analytics.session_rollups r JOIN explore_content c ON c.id = ANY (r.touched) WHERE c.creator_id = creator) $$;
CREATE FUNCTION oracle.check_sessions(step text) RETURNS SETOF text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  who bigint;
  p text;
  at timestamptz;
  s timestamptz;
  e timestamptz;
  got record;
  wanted record;
BEGIN
  FOREACH who IN ARRAY ARRAY[NULL, 1, 2, 3, 4, 5] LOOP
    FOREACH p IN ARRAY ARRAY['day', 'week', 'month', 'all'] LOOP
      at := oracle.some_time();
      s := CASE p WHEN 'day' THEN at - interval '24 hours' WHEN 'week' THEN at - interval '168 hours' WHEN 'month' THEN at - interval '720 hours' ELSE '-infinity' END;
      e := CASE WHEN p <> 'all' THEN at ELSE 'infinity' END;
      -- Now and then a border is the start of a session.
      IF random() < 0.3 AND p <> 'all' THEN
        at := coalesce((SELECT min(f.session_start) FROM explore_feed_sessions f WHERE f.session_start >= at), at);
        s := s + (at - e);
        e := at;
      END IF;
      SELECT a.total_sessions AS n, a.average_session_duration AS mean INTO got FROM aggregated_metrics(p, who, at) a;
      SELECT count(*) AS n, coalesce(avg(extract(epoch FROM f.session_end - f.session_start)), 0)::float8 AS mean INTO wanted
      FROM oracle.sessions_of(who) f WHERE f.session_start >= s AND f.session_start < e;
      IF got IS DISTINCT FROM wanted THEN
        RETURN NEXT format('FAIL %s: aggregated_metrics(%L, %s, %L): %s, wanted %s', step, p, who, at, got, wanted);
      END IF;
    END LOOP;
    s := oracle.some_time();
    e := s + random() * interval '5 hours';
    IF EXISTS (
      SELECT FROM metric_series('sessions', s, e, 'hour', 'UTC', NULL, who) m
      WHERE m.value <> (SELECT count(*) FROM oracle.sessions_of(who) f WHERE f.session_start >= greatest(s, m.bucket_start) AND f.session_start < least(e, m.bucket_end))) THEN
      RETURN NEXT format('FAIL %s: metric_series(sessions, %L, %L, hour) of %s', step, s, e, who);
    END IF;
  END LOOP;
END $$;

SELECT oracle.add_sessions(3000, 4000), oracle.add_events(6000, 4200) \g /dev/null
CREATE TABLE oracle.step AS
SELECT g AS n, kind, (ARRAY[1, 3, 40, 300])[1 + floor(4 * random())] AS size, random() AS lot
FROM generate_series(1, :steps) g, LATERAL (SELECT (ARRAY[
  'open', 'open', 'close', 'close', 'move start', 'delete', 'renumber', 'events', 'events', 'events', 'move content', 'content', 'refresh', 'refresh', 'refresh', 'refresh', 'compact',
  'rollback', 'rebuild', 'rebuild a range', 'forget', 'idle', 'events and sessions'])[1 + floor(23 * random() + 0 * g)] AS kind) k;
SELECT format('/* %s */ ', n) || CASE kind
    WHEN 'open' THEN format('SELECT oracle.add_sessions(%s, 4500)', size)
    WHEN 'close' THEN format('UPDATE explore_feed_sessions SET session_end = oracle.some_end(session_start) WHERE (id * 7919 + %s) %% 4000 < %s', n, size)
    WHEN 'move start' THEN format('UPDATE explore_feed_sessions SET session_start = x.start, session_end = x.start + interval ''1 minute'' FROM (SELECT f.id, oracle.some_time() AS start FROM explore_feed_sessions f WHERE (f.id * 6907 + %s) %% 4000 < %s) x WHERE x.id = explore_feed_sessions.id', n, size)
    WHEN 'delete' THEN format('DELETE FROM explore_feed_sessions WHERE (id * 7877 + %s) %% 4000 < %s', n, size)
    WHEN 'renumber' THEN format('UPDATE explore_feed_sessions SET id = CASE WHEN NOT EXISTS (SELECT FROM explore_feed_sessions o WHERE o.id = %s) THEN %1$s ELSE id END WHERE id = (SELECT min(id) FROM explore_feed_sessions WHERE id > %s)', 4000 + n, floor(4000 * lot))
    WHEN 'events' THEN format('SELECT oracle.add_events(%s, 4600)', size)
    WHEN 'events and sessions' THEN format('WITH a AS MATERIALIZED (SELECT oracle.add_events(%s, 4600)), b AS MATERIALIZED (SELECT oracle.add_sessions(%1$s, 4600)) SELECT FROM a, b', size)
    WHEN 'move content' THEN format('UPDATE explore_content SET creator_id = 1 + (creator_id + %s) %% 5 WHERE id = %s', n, 1 + floor(14 * lot))
    WHEN 'content' THEN CASE WHEN lot < 0.5 THEN 'DELETE FROM explore_content WHERE id = 14' ELSE 'INSERT INTO explore_content (id, creator_id) VALUES (14, 2) ON CONFLICT DO NOTHING' END
    WHEN 'refresh' THEN 'CALL explore_analytics.refresh()'
    WHEN 'compact' THEN 'CALL explore_analytics.compact()'
    WHEN 'rollback' THEN format('BEGIN; SELECT oracle.add_events(%s, 4600), oracle.add_sessions(%1$s, 4600); SAVEPOINT s; DELETE FROM explore_feed_sessions WHERE id %% 5 = 0; SELECT oracle.check_sessions(''%s in a transaction''); ROLLBACK TO s; SELECT oracle.check_sessions(''%2$s after a savepoint''); ROLLBACK', size, n)
    WHEN 'rebuild' THEN 'SELECT explore_analytics.rebuild()'
    WHEN 'rebuild a range' THEN 'SELECT explore_analytics.rebuild(''2025-03-05'', ''2025-03-07'')'
    WHEN 'forget' THEN format('SELECT explore_analytics.forget_viewer(%s)', 1 + floor(60 * lot))
    WHEN 'idle' THEN 'SELECT close_idle_sessions(interval ''1 day'')'
  END,
  format('SELECT oracle.check_sessions(''%s %s'')', n, kind),
  CASE WHEN kind IN ('refresh', 'compact', 'rebuild', 'forget', 'move content') THEN format('SELECT ''FAIL %s %s: verify '' || v FROM explore_analytics.verify() v', n, kind) END
FROM oracle.step ORDER BY n \gexec
SELECT format('SELECT ''ok a walk of %s steps''', :steps) \gexec
