-- Visitors log in: before what waits has been refreshed, after that, and when all is in buckets. Some are users that have done
-- something already, some are new.
UPDATE explore_feed_sessions SET user_id = NULL WHERE id % 4 = 1;
CREATE TABLE oracle.login AS
SELECT id AS session, (id / 4) % 3 AS turn, CASE WHEN id % 5 = 0 THEN 9223372036854775807 - id WHEN id % 5 = 1 THEN 1 + id % 40
         ELSE (SELECT max(d.user_id) FROM oracle.draft d WHERE d.session_id = id OR d.content_id = 1 + id % 7 AND d.user_id % 11 = id % 11) END AS user_id
FROM explore_feed_sessions WHERE user_id IS NULL AND id % 4 < 3;
DELETE FROM oracle.login WHERE user_id IS NULL;
CREATE TABLE oracle.logged_in AS TABLE oracle.login WITH NO DATA;
ALTER TABLE oracle.logged_in ADD moved bigint;
CREATE PROCEDURE oracle.log_in(which int) LANGUAGE sql AS $$
  INSERT INTO oracle.logged_in SELECT l.*, identify_session(l.session, l.user_id) FROM oracle.login l WHERE l.turn = which ORDER BY l.session % 17, l.session
$$;
CALL oracle.log_in(0);
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds nothing after the first logins' FROM explore_analytics.verify();
CALL explore_analytics.refresh();
CALL oracle.log_in(1);
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds nothing after more of them' FROM explore_analytics.verify();
CALL explore_analytics.compact();
CALL oracle.log_in(2);
SELECT CASE WHEN count(*) > 500 AND count(*) FILTER (WHERE moved > 1) > 200 THEN 'ok ' ELSE 'FAIL ' END || count(*) || ' visitors have logged in' FROM oracle.logged_in;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' each was told how many events these were'
FROM oracle.logged_in l WHERE l.moved <> (SELECT count(*) FROM oracle.draft d WHERE d.session_id = l.session AND d.user_id IS NULL);
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' what they saved is saved, once, when they saved it first'
FROM (SELECT l.user_id, d.content_id, min(d.created_at) AS saved_at FROM oracle.login l JOIN oracle.draft d ON d.session_id = l.session AND d.user_id IS NULL
      JOIN explore_content c ON c.id = d.content_id WHERE d.engagement_type = 'save' GROUP BY 1, 2) w
FULL JOIN explore_saved_properties p USING (user_id, content_id) WHERE w.saved_at IS DISTINCT FROM p.saved_at;
UPDATE oracle.draft d SET user_id = l.user_id FROM oracle.login l WHERE d.session_id = l.session AND d.user_id IS NULL;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' and all their events are theirs, but for the user as they were'
FROM (SELECT e.event_id FROM explore_engagements e FULL JOIN oracle.draft d USING (event_id)
      WHERE (e.content_id, e.user_id, e.session_id, e.engagement_type, e.watch_time_ms, e.completed, e.created_at)
            IS DISTINCT FROM (d.content_id, d.user_id, d.session_id, d.engagement_type, d.watch_time_ms, d.completed, d.created_at)) x;
