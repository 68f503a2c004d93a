-- Feed sessions: opened, closed, closed when idle.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
INSERT INTO explore_content (id, creator_id, title) VALUES (3701, 3991, 'Session test');

-- Seven attributes have columns, whatever kind of scalar they are; the rest is kept as it came.
CREATE TEMP TABLE opened (n int, id bigint);
INSERT INTO opened VALUES
  (1, create_session(3801, '{"deviceType": "phone", "platform": "ios", "appVersion": 5.2, "country": "AE", "region": "Dubai", "city": "Dubai", "trafficSource": "search", "abGroup": "b", "nested": {"a": [1]}}')),
  (2, create_session()),
  (3, create_session(attributes => '{"deviceType": null, "city": true}')),
  (4, create_session(NULL, NULL));
SET explore_analytics.user_id = '3802';
INSERT INTO opened VALUES (5, create_session()), (6, create_session(3803));
RESET explore_analytics.user_id;
SELECT n, user_id, session_start <= now() AS started, session_end, device_type, platform, app_version, country, region, city, traffic_source, attributes
FROM opened JOIN explore_feed_sessions USING (id) ORDER BY n;
SELECT count(DISTINCT id) AS ids, bool_and(id > 0) AS positive FROM opened;
SELECT call, pg_temp.refused('SELECT create_session(' || call || ')') FROM (VALUES ('0'), ('-1'), ('1, ''[]'''), ('1, ''"phone"'''), ('1, ''null'''), ('1, ''{"platform": {"os": "ios"}}'''), ('1, ''{"city": ["Dubai"]}''')) v(call);

-- A session lasts from its start to its first end; closing twice keeps that, whatever comes then.
UPDATE explore_feed_sessions SET session_start = '2024-05-10 10:00+00' WHERE id IN (SELECT id FROM opened WHERE n IN (1, 2, 3));
SELECT close_session(id, '2024-05-10 10:01:30.5+00') AS first, close_session(id, '2024-05-10 11:00+00') AS again, close_session(id, '2024-05-10 09:00+00') AS earlier, close_session(session_id => id) AS now FROM opened WHERE n = 1;
SELECT session_end FROM explore_feed_sessions WHERE id = (SELECT id FROM opened WHERE n = 1);
SELECT close_session(id, '2024-05-10 10:00+00') AS at_once FROM opened WHERE n = 2;
BEGIN;
SELECT close_session(create_session()) AS within_one_transaction, close_session(create_session(), NULL) AS null_is_now, close_session(create_session(), now() + interval '90 seconds') AS ahead;
ROLLBACK;
SELECT call, pg_temp.refused('SELECT close_session(' || call || ')') FROM (VALUES ('3799'), ('NULL'), ('0'), ('-1')) v(call);
SELECT call, left(pg_temp.refused(format('SELECT close_session(%s, %s)', (SELECT id FROM opened WHERE n = 3), call)), 5) FROM (VALUES ('''2024-05-10 09:59:59.999999+00'''), ('''infinity'''), ('''-infinity''')) v(call);
SELECT session_end FROM explore_feed_sessions WHERE id = (SELECT id FROM opened WHERE n = 3);
-- A closed session takes events, and keeps its end.
SELECT record_engagement(3701, 'view', session_id => id, watch_time => 3) FROM opened WHERE n = 1;
SELECT duration, videos_viewed, average_watch_time FROM opened, session_analytics(id) WHERE n = 1;

-- Idle: ended at the last event (at the start without one), never before the start; what is recent stays open.
BEGIN;
INSERT INTO explore_feed_sessions (id, session_start, session_end) VALUES
  (3711, '2024-05-11 10:00+00', NULL), (3712, '2024-05-11 10:00+00', NULL), (3713, '2024-05-11 10:00+00', '2024-05-11 10:00:10+00'),
  (3714, '2024-05-11 10:00+00', NULL), (3715, now() - interval '20 minutes', NULL), (3716, now() - interval '40 minutes', NULL), (3717, now() - interval '2 hours', NULL);
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES
  (3701, 3711, 'view', '2024-05-11 10:05+00'), (3701, 3711, 'click', '2024-05-11 10:04+00'), (3701, 3714, 'view', '2024-05-11 09:00+00'),
  (3701, 3713, 'view', '2024-05-11 12:00+00'), (3701, 3717, 'view', now() - interval '10 minutes');
COMMIT;
-- 3711, 3712, 3714, 3716 and the session 3 from above are idle for half an hour; then nothing is left to do.
SELECT close_idle_sessions() AS closed;
SELECT close_idle_sessions() AS again;
SELECT id, session_end FROM explore_feed_sessions WHERE id BETWEEN 3711 AND 3714 ORDER BY id;
SELECT id, session_end IS NULL AS open, session_end = session_start AS ended_at_start FROM explore_feed_sessions WHERE id BETWEEN 3715 AND 3717 ORDER BY id;
-- A shorter time closes those too: 3715 at its start, 3717 at its event.
SELECT close_idle_sessions(idle => '5 minutes') AS closed;
SELECT id, extract(epoch FROM session_end - session_start) AS seconds FROM explore_feed_sessions WHERE id IN (3715, 3717) ORDER BY id;
SELECT idle, pg_temp.refused(format('SELECT close_idle_sessions(%L)', idle)) FROM (VALUES ('-1 minute'), ('-1 day'), ('1 month')) v(idle);

-- CHECKs: ids and order of times.
SELECT row_values, left(pg_temp.refused('INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end) VALUES (' || row_values || ')'), 5)
FROM (VALUES ('0, NULL, now(), NULL'), ('3720, 0, now(), NULL'), ('3720, 1, ''2024-05-02'', ''2024-05-01'''), ('3720, 1, ''-infinity'', NULL'), ('3720, 1, now(), ''infinity''')) v(row_values);

-- Nothing stays behind.
DELETE FROM explore_engagements WHERE content_id = 3701;
DELETE FROM explore_content WHERE id = 3701;
DELETE FROM explore_feed_sessions WHERE id BETWEEN 3701 AND 3799 OR id IN (SELECT id FROM opened);
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_feed_sessions) AS sessions;
