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

-- An end of close_idle_sessions() is provisional. 5350 s ago a session began, 10 s later came its last event, until one a minute ago:
-- session_analytics() shows that at once, aggregated_metrics() with the next run, and close_session() ends it now.
BEGIN;
INSERT INTO explore_feed_sessions (id, session_start) VALUES (3721, now() - interval '5350 seconds'), (3722, now() - interval '5350 seconds');
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 3701, id, 'view', now() - interval '89 minutes' FROM unnest('{3721,3722}'::bigint[]) id;
SELECT close_idle_sessions() AS closed;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 3701, id, 'click', now() - interval '1 minute' FROM unnest('{3721,3722}'::bigint[]) id;
SELECT duration AS at_once, round(average_session_duration) AS mean_before FROM session_analytics(3721), aggregated_metrics('day', 3991);
SELECT close_session(3721) AS closed, duration, (SELECT session_end = now() FROM explore_feed_sessions WHERE id = 3721) AS now FROM session_analytics(3722);
SELECT close_idle_sessions() AS moved, close_idle_sessions() AS again;
SELECT id, extract(epoch FROM session_end - session_start)::float8 AS seconds, session_end = idle_end AS provisional FROM explore_feed_sessions WHERE id IN (3721, 3722) ORDER BY id;
SELECT round(average_session_duration) AS mean_after FROM aggregated_metrics('day', 3991);
ROLLBACK;

-- Later events move it whenever they come: in the same epoch, after a refresh, in another month, with an older event after them. Earlier ones do not.
INSERT INTO explore_feed_sessions (id, user_id, session_start) SELECT id, 3804, '2024-05-12 10:00+00' FROM generate_series(3731, 3739) id;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 3701, id, 'view', '2024-05-12 10:05+00' FROM generate_series(3731, 3739) id;
SELECT close_idle_sessions() AS closed;
CREATE VIEW session_ends AS
SELECT f.id, to_char(f.session_end, 'MM-DD HH24:MI') AS session_end, f.session_end = f.idle_end AS provisional, to_char(f.session_start + a.duration * interval '1 second', 'MM-DD HH24:MI') AS told
FROM explore_feed_sessions f, session_analytics(f.id) a WHERE f.id BETWEEN 3731 AND 3739 ORDER BY f.id;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES
  (3701, 3731, 'click', '2024-05-12 10:20+00'), (3701, 3732, 'click', '2024-05-12 10:04+00'), (3701, 3733, 'click', '2024-07-01 00:00+00'), (3701, 3733, 'click', '2024-05-12 10:30+00');
CALL explore_analytics.refresh();
TABLE session_ends;
SELECT close_idle_sessions() AS moved;
CALL explore_analytics.refresh();
SELECT close_idle_sessions() AS again;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (3701, 3731, 'save', '2024-05-12 10:40+00'), (3701, 3732, 'save', '2024-05-12 10:05+00'), (3701, 3733, 'save', '2024-06-01 10:05+00');
CALL explore_analytics.refresh();
CALL explore_analytics.refresh();
SELECT close_idle_sessions() AS moved;
TABLE session_ends;
-- What the app says: later than all events it counts, earlier it does not; what it sets itself, by whatever way, stays.
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 3701, id, 'share', '2024-05-12 11:00+00' FROM generate_series(3734, 3736) id;
SELECT close_session(3734, '2024-05-12 11:00:01+00') AS later, close_session(3735, '2024-05-12 10:59+00') AS before_the_event, close_session(3736, '2024-05-12 09:00+00') AS before_the_start;
UPDATE explore_feed_sessions SET session_end = '2024-05-12 10:07+00' WHERE id = 3737;
SELECT close_session(3738, '2024-05-12 10:06+00') AS once, close_session(3738, '2024-05-12 10:08+00') AS twice;
UPDATE explore_feed_sessions SET session_end = NULL WHERE id = 3739;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 3701, id, 'skip', '2024-05-12 12:00+00' FROM unnest('{3734,3737,3738}'::bigint[]) id;
TABLE session_ends;
SELECT close_idle_sessions() AS moved;
TABLE session_ends;
SELECT close_idle_sessions() AS again;
-- How far it has looked goes with the watermark; a lost row means everything, and changes nothing that is right.
SELECT i.low = s.low AS with_the_watermark FROM explore_analytics.idle_runs i, explore_analytics.rollup_state s;
DELETE FROM explore_analytics.idle_runs;
SELECT close_idle_sessions() AS nothing_to_move;
SELECT i.low = s.low AS with_the_watermark FROM explore_analytics.idle_runs i, explore_analytics.rollup_state s;
DROP VIEW session_ends;

-- CHECKs: ids and order of times.
SELECT row_values, left(pg_temp.refused('INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end) VALUES (' || row_values || ')'), 5)
FROM (VALUES ('0, NULL, now(), NULL'), ('3720, 0, now(), NULL'), ('3720, 1, ''2024-05-02'', ''2024-05-01'''), ('3720, 1, ''-infinity'', NULL'), ('3720, 1, now(), ''infinity''')) v(row_values);

-- Nothing stays behind.
DELETE FROM explore_engagements WHERE content_id = 3701;
DELETE FROM explore_content WHERE id = 3701;
DELETE FROM explore_feed_sessions WHERE id BETWEEN 3701 AND 3799 OR id IN (SELECT id FROM opened);
SELECT explore_analytics.rebuild() AS left_over;
SELECT count(*) AS differences FROM explore_analytics.verify();
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_feed_sessions) AS sessions;
