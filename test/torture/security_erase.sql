-- For the torture of erasures: a feed whose viewers have recognizable keys, writers that know who may still be
-- written about, a decoder of event logs that owes nothing to the extension's code, and a scan of every column
-- of the database for those keys. Wants rollup_checks.sql, and psql variables viewers, events and victims.

-- No other number of the database is as large as these: whatever column says one names that viewer or session.
CREATE FUNCTION torture.viewer(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 7000000000000 + n';
CREATE FUNCTION torture.first_session(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 3000000000000 + n';
SELECT setval(pg_get_serial_sequence('explore_feed_sessions', 'id'), 4000000000000);

-- victim: when it is to be erased. Nobody writes about a viewer who is not open.
CREATE TABLE torture.people (viewer bigint PRIMARY KEY, victim integer UNIQUE, open boolean NOT NULL DEFAULT true);
INSERT INTO torture.people (viewer, victim)
SELECT torture.viewer(n), CASE WHEN n % (:viewers / :victims) = 1 AND n / (:viewers / :victims) < :victims THEN 1 + n / (:viewers / :victims) END
FROM generate_series(1, :viewers) n;
-- Whose are the sessions and the event ids: nothing in the extension's tables will say after an erasure.
CREATE TABLE torture.sessions (viewer bigint NOT NULL, session bigint PRIMARY KEY);
CREATE INDEX ON torture.sessions (viewer);
CREATE TABLE torture.event_ids (viewer bigint NOT NULL, event_id uuid PRIMARY KEY);

INSERT INTO explore_viewers (user_id, birth_year, city) SELECT viewer, 1980, 'Dubai' FROM torture.people;
INSERT INTO explore_exposures SELECT 'erasure', viewer, 'a' FROM torture.people;
INSERT INTO torture.sessions SELECT viewer, torture.first_session(viewer - torture.viewer(0)) FROM torture.people;
INSERT INTO explore_feed_sessions (id, user_id, session_start, attributes)
SELECT session, viewer, now() - interval '50 days', jsonb_build_object('who', viewer) FROM torture.sessions;
-- A few viewers have most of the events. One event in six is anonymous, in a session of its viewer.
WITH event AS MATERIALIZED (
  SELECT k, torture.viewer(1 + floor(:viewers * random() ^ 3)::bigint) AS who, md5('event ' || k)::uuid AS id FROM generate_series(1, :events) k
), known AS (INSERT INTO torture.event_ids SELECT who, id FROM event WHERE k % 3 = 0
), keys AS (INSERT INTO explore_analytics.event_keys SELECT id, now() FROM event WHERE k % 3 = 0)
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata)
SELECT e.content_id, CASE WHEN v.k % 6 > 0 THEN v.who END, CASE WHEN v.k % 6 = 0 OR v.k % 4 = 0 THEN torture.first_session(v.who - torture.viewer(0)) END,
  e.engagement_type, e.watch_time_ms, e.completed, e.created_at, CASE WHEN v.k % 3 = 0 THEN v.id END, CASE WHEN v.k % 5 = 0 THEN jsonb_build_object('who', v.who) END
FROM event v, LATERAL torture.event(v.k) e;
INSERT INTO explore_saved_properties SELECT viewer, 1 + viewer % 32 FROM torture.people;
INSERT INTO explore_analytics.viewing_keys SELECT session, 1 + viewer % 32, viewer, false, 1, now() FROM torture.sessions;

-- Somebody who is open; every other time a victim, while there are some. Volatile: in a snapshot of its own, after
-- the caller has taken its epoch or locked the table. So whoever is still written about is waited for.
CREATE FUNCTION torture.pick(victims boolean) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT viewer FROM torture.people WHERE open ORDER BY victims AND victim IS NULL, random() LIMIT 1
$$;
CREATE FUNCTION torture.session_of(who bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT session FROM torture.sessions WHERE viewer = who ORDER BY random() LIMIT 1
$$;
CREATE FUNCTION torture.moment() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT now() - random() ^ 2 * interval '55 days' $$;
-- One transaction of a kind of writer.
CREATE FUNCTION torture.write(kind text, k integer) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  who bigint;
  own bigint;
  id uuid := md5(kind || ' ' || k || ' ' || random())::uuid;
BEGIN
  IF kind = 'rows' THEN
    INSERT INTO explore_viewers (user_id) VALUES (6000000000000 + k);
    INSERT INTO explore_feed_sessions (id, user_id) VALUES (2000000000000 + k, 6000000000000 + k);
    INSERT INTO explore_saved_properties VALUES (6000000000000 + k, 1 + k % 32);
  ELSIF kind = 'plain' THEN
    INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1 + k % 32, 6000000000000 + k % 100, 'view');
  ELSE
    PERFORM record_engagement(1 + k % 32, 'view', user_id => 6000000000000 + k % 100);
  END IF;
  who := torture.pick(k % 2 = 0);
  own := torture.session_of(who);
  IF kind = 'batch' THEN
    INSERT INTO torture.event_ids VALUES (who, id);
    PERFORM record_engagement_batch(jsonb_build_array(
      jsonb_build_object('contentId', 1 + k % 32, 'userId', who, 'engagementType', 'view', 'watchTime', k % 30, 'createdAt', torture.moment(), 'eventId', id, 'metadata', jsonb_build_object('who', who)),
      jsonb_build_object('contentId', 1 + k % 30, 'sessionId', own, 'engagementType', 'view', 'completed', true, 'createdAt', torture.moment()),
      jsonb_build_object('contentId', 1 + k % 31, 'userId', who, 'engagementType', 'save', 'createdAt', torture.moment()),
      jsonb_build_object('contentId', 1 + k % 29, 'sessionId', own, 'engagementType', 'complete', 'createdAt', torture.moment())));
  ELSIF kind = 'plain' THEN
    INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
    SELECT 1 + (k + i) % 34, CASE WHEN i % 3 > 0 THEN who END, own, 'view', i * 100, i % 2 = 0, torture.moment() FROM generate_series(1, 5) i;
    BEGIN
      INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, who, 'view');
      RAISE EXCEPTION USING ERRCODE = 'EA001';
    EXCEPTION WHEN SQLSTATE 'EA001' THEN
      INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (2, who, 'share', torture.moment());
    END;
  ELSIF kind = 'session' THEN
    own := create_session(who, jsonb_build_object('country', 'AE', 'who', who));
    INSERT INTO torture.sessions VALUES (who, own);
    PERFORM record_engagement(1 + k % 32, 'view', session_id => own, watch_time => 3, completed => true, created_at => torture.moment());
    PERFORM record_engagement(1 + k % 7, 'click', session_id => own, created_at => torture.moment());
    IF k % 3 = 0 THEN PERFORM close_session(own); END IF;
  ELSE
    own := 2500000000000 + k;
    INSERT INTO torture.sessions VALUES (who, own);
    INSERT INTO explore_feed_sessions (id, user_id) VALUES (own, who);
    INSERT INTO explore_saved_properties VALUES (who, 1 + k % 34) ON CONFLICT DO NOTHING;
    INSERT INTO explore_exposures VALUES ('erasure', who, 'b'), ('erasure', -own, 'a') ON CONFLICT DO NOTHING;
    INSERT INTO explore_viewers (user_id, city) VALUES (who, 'Sharjah') ON CONFLICT (user_id) DO UPDATE SET city = 'Ajman';
  END IF;
END $$;

-- What there is of a viewer, as erasures count it.
CREATE FUNCTION torture.left_of(who bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM explore_engagements e WHERE e.user_id = who OR (e.user_id IS NULL AND e.session_id IN (SELECT s.id FROM explore_feed_sessions s WHERE s.user_id = who)))
    + (SELECT count(*) FROM explore_feed_sessions WHERE user_id = who) + (SELECT count(*) FROM explore_saved_properties WHERE user_id = who)
    + (SELECT count(*) FROM explore_boost_ledger WHERE user_id = who) + (SELECT count(*) FROM explore_viewers WHERE user_id = who) + (SELECT count(*) FROM explore_exposures WHERE viewer_key = who) + (SELECT count(*) FROM explore_analytics.viewing_keys WHERE viewer_key = who)
    + (viewers(platform_summary()) @> who)::integer
$$;

-- A log of events is, behind four bytes, nothing but varints: the number of events, then for each the time, the
-- bits, the viewer (16) and the watch time (32). Logs of sessions (2) are alike, and their viewers are sessions.
CREATE FUNCTION torture.log_events(log bytea) RETURNS TABLE (at bigint, kind integer, completed boolean, viewer bigint, watch_ms bigint)
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  unit bigint;
  many bigint;
  byte integer;
  shift integer := 0;
  value bigint := 0;
  bits integer;
  field text := 'many';
BEGIN
  log := log || ''::bytea;    -- a copy that is not toasted
  IF length(log) < 5 OR get_byte(log, 0) <> 231 OR get_byte(log, 1) NOT IN (1, 2) OR get_byte(log, 3) <> 0 THEN
    RAISE EXCEPTION 'these bytes are no log of events: %', left(encode(log, 'hex'), 40);
  END IF;
  unit := (ARRAY[1, 1000, 1000000])[1 + get_byte(log, 2)];
  FOR i IN 4 .. length(log) - 1 LOOP
    byte := get_byte(log, i);
    value := value | ((byte & 127)::bigint << shift);
    IF byte >= 128 THEN shift := shift + 7; CONTINUE; END IF;
    IF shift > 56 THEN RAISE EXCEPTION 'a number of more than nine bytes'; END IF;
    IF field = 'many' THEN
      many := value;
      field := 'first';
    ELSIF field = 'first' OR field = 'time' THEN
      IF field = 'first' THEN at := ((value >> 1) # -(value & 1)) * unit; ELSE at := at + value * unit; END IF;
      field := 'bits';
    ELSE
      IF field = 'bits' THEN
        bits := value; kind := bits & 7; completed := bits & 8 > 0; viewer := NULL; watch_ms := 0;
      ELSIF field = 'viewer' THEN
        viewer := (value >> 1) # -(value & 1);
      ELSE
        watch_ms := value + 1;
      END IF;
      field := CASE WHEN field = 'bits' AND bits & 16 > 0 THEN 'viewer' WHEN field <> 'watch' AND bits & 32 > 0 THEN 'watch' ELSE 'time' END;
      IF field = 'time' THEN many := many - 1; RETURN NEXT; END IF;
    END IF;
    value := 0;
    shift := 0;
  END LOOP;
  IF many <> 0 OR field NOT IN ('time', 'first') OR shift > 0 THEN RAISE EXCEPTION 'a log that ends early or late'; END IF;
END $$;

-- Logs of several keys share a row of deltas: behind four bytes the number of logs, then for each the id (the first as
-- zigzag, then the distance to the one before), how much older it is than the row, how many bytes it has, and the log.
CREATE FUNCTION torture.delta_logs(row_id bigint, bytes bytea) RETURNS TABLE (id bigint, log bytea)
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  numbers numeric[] := '{}';
  many numeric;
  value numeric := 0;
  factor numeric := 1;
  place integer := 4;
  byte integer;
BEGIN
  bytes := bytes || ''::bytea;
  IF length(bytes) < 5 OR get_byte(bytes, 0) <> 232 THEN
    IF row_id < -9000000000000000000 THEN RAISE EXCEPTION 'these bytes are no logs of several keys: %', left(encode(bytes, 'hex'), 40); END IF;
    id := row_id; log := bytes;
    RETURN NEXT;
    RETURN;
  END IF;
  IF get_byte(bytes, 1) <> 1 OR get_byte(bytes, 2) + get_byte(bytes, 3) <> 0 THEN RAISE EXCEPTION 'an unknown kind of logs of several keys'; END IF;
  WHILE place < length(bytes) LOOP
    byte := get_byte(bytes, place);
    place := place + 1;
    value := value + (byte & 127) * factor;
    factor := factor * 128;
    CONTINUE WHEN byte >= 128;
    IF many IS NULL THEN
      many := value;
    ELSE
      numbers := numbers || value;
      IF cardinality(numbers) = 3 THEN
        IF id IS NULL THEN id := CASE WHEN numbers[1] % 2 = 0 THEN div(numbers[1], 2) ELSE -div(numbers[1] + 1, 2) END; ELSE id := id + numbers[1]; END IF;
        IF place - 1 + value > length(bytes) THEN RAISE EXCEPTION 'a log that is cut'; END IF;
        log := substring(bytes FROM place + 1 FOR value::integer);
        RETURN NEXT;
        place := place + value::integer;
        numbers := '{}';
        many := many - 1;
      END IF;
    END IF;
    value := 0;
    factor := 1;
  END LOOP;
  IF many IS DISTINCT FROM 0 OR cardinality(numbers) > 0 OR factor > 1 THEN RAISE EXCEPTION 'logs of several keys that end early or late'; END IF;
END $$;

-- Events that are in the logs of one scope and not in the raw rows below the watermark, or the other way round. Notes
-- of contents that moved must be worked off.
CREATE FUNCTION torture.log_differences() RETURNS TABLE (decoded bigint, differing bigint) LANGUAGE sql STABLE SET jit = off AS $$
  WITH decoded AS MATERIALIZED (
    SELECT l.scope, l.id, e.* FROM (
      SELECT scope, id, events FROM explore_analytics.rollup_totals UNION ALL SELECT scope, id, events FROM explore_analytics.rollup_buckets
      UNION ALL SELECT d.scope, o.id, o.log FROM explore_analytics.rollup_deltas d, LATERAL torture.delta_logs(d.id, d.events) o) l, LATERAL torture.log_events(l.events) e
    WHERE l.scope IN (0, 1, 2)    -- of sessions verify() tells, which reads their rows
  ), event AS MATERIALIZED (
    SELECT e.content_id, c.creator_id, extract(epoch FROM e.created_at - '2000-01-01 00:00+00')::numeric * 1000000 AS at, array_position(ARRAY['view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress'], e.engagement_type::text) - 1 AS kind,
      e.engagement_type = 'view' AND e.completed AS completed, CASE WHEN e.engagement_type = 'view' THEN coalesce(e.user_id, -e.session_id) END AS viewer, e.watch_time_ms::bigint AS watch_ms
    FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id WHERE e.epoch <= (SELECT low FROM explore_analytics.rollup_state)
  ), raw AS MATERIALIZED (
    SELECT 2::smallint AS scope, content_id AS id, at::bigint, kind, completed, viewer, watch_ms FROM event
    UNION ALL SELECT 1::smallint, creator_id, at::bigint, kind, completed, viewer, watch_ms FROM event WHERE creator_id IS NOT NULL
    UNION ALL SELECT 0::smallint, 0, at::bigint, kind, completed, viewer, watch_ms FROM event
  )
  SELECT (SELECT count(*) FROM decoded), (SELECT count(*) FROM ((TABLE decoded EXCEPT ALL TABLE raw) UNION ALL (TABLE raw EXCEPT ALL TABLE decoded)) d)
$$;

-- Keys to look for: those of the victims, and of one viewer who is still there and must be found.
CREATE TABLE torture.wanted (key numeric PRIMARY KEY, victim boolean NOT NULL);
CREATE TABLE torture.wanted_ids (event_id uuid PRIMARY KEY, victim boolean NOT NULL);
CREATE FUNCTION torture.want() RETURNS bigint LANGUAGE sql AS $$
  TRUNCATE torture.wanted, torture.wanted_ids;
  INSERT INTO torture.wanted
  SELECT k.key, p.victim IS NOT NULL FROM torture.people p, LATERAL (SELECT p.viewer AS key UNION ALL SELECT s.session FROM torture.sessions s WHERE s.viewer = p.viewer) k
  WHERE p.victim IS NOT NULL OR p.viewer = torture.viewer(2);
  INSERT INTO torture.wanted_ids SELECT i.event_id, p.victim IS NOT NULL FROM torture.event_ids i JOIN torture.people p USING (viewer) WHERE p.victim IS NOT NULL OR p.viewer = torture.viewer(2);
  SELECT count(*) FROM torture.wanted WHERE victim
$$;
-- Every column of every table, partition and materialized view, and what ANALYZE has noted of them.
CREATE FUNCTION torture.scan() RETURNS TABLE (place text, of_victims bigint, of_others bigint) LANGUAGE plpgsql AS $$
DECLARE
  c record;
  source text;
BEGIN
  FOR c IN
    SELECT r.oid::regclass::text AS relation, a.attname, t.typname, t.typcategory, n.nspname
    FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE (r.relkind IN ('r', 'm') AND n.nspname NOT IN ('torture', 'pg_catalog', 'information_schema') OR r.oid = 'pg_stats'::regclass)
      AND a.attnum > 0 AND NOT a.attisdropped AND t.typcategory NOT IN ('B', 'D', 'E', 'T') ORDER BY 1, a.attnum
  LOOP
    source := format('(SELECT t.%I AS value FROM %s t%s) v', c.attname, c.relation, CASE WHEN c.relation = 'pg_stats' THEN ' WHERE t.schemaname <> ''torture''' ELSE '' END);
    IF c.relation = 'explore_analytics.rollup_deltas' AND c.typname = 'bytea' THEN
      source := format('(SELECT o.log AS value FROM %s t, LATERAL torture.delta_logs(t.id, t.%I) o) v', c.relation, c.attname);
    END IF;
    IF c.typname = 'uuid' THEN
      EXECUTE format('SELECT count(*) FILTER (WHERE w.victim), count(*) FILTER (WHERE NOT w.victim) FROM %s JOIN torture.wanted_ids w ON w.event_id = v.value', source) INTO of_victims, of_others;
    ELSE
      EXECUTE format('SELECT count(*) FILTER (WHERE w.victim), count(*) FILTER (WHERE NOT w.victim) FROM (SELECT abs(%s) AS key FROM %s) k JOIN torture.wanted w USING (key)',
        CASE WHEN c.typcategory = 'N' THEN 'v.value::numeric'
             WHEN c.typname = 'engagement_summary' THEN 'viewer_keys(viewers(v.value))::numeric'
             WHEN c.typname = 'viewer_set' THEN 'viewer_keys(v.value)::numeric'
             WHEN c.typname = 'bytea' THEN '(torture.log_events(v.value)).viewer::numeric'
             ELSE '(regexp_matches(v.value::text, ''\d{13,}'', ''g''))[1]::numeric' END, source) INTO of_victims, of_others;
    END IF;
    place := c.relation || '.' || c.attname;
    RETURN NEXT;
  END LOOP;
END $$;

-- All rows of the rollups as they are stored, epochs apart.
CREATE VIEW torture.stored AS
  SELECT scope, id, 0::smallint AS level, 0::bigint AS bucket, engagement_summary_send(summary) AS summary, events, views, score FROM explore_analytics.rollup_totals
  UNION ALL SELECT scope, id, level, bucket, engagement_summary_send(summary), events, NULL, NULL FROM explore_analytics.rollup_buckets;
