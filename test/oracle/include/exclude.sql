-- Viewers are excluded, and some brought back: before what waits has been refreshed, after that, and when all is in buckets.
-- Busy ones and others, users and visitors, whose ids are large and small.
CREATE TABLE oracle.suspect AS
SELECT v.viewer, row_number() OVER (ORDER BY hashint8(v.viewer), v.viewer) % 3 AS turn, hashint8(v.viewer) % 2 = 0 AS returns
FROM (SELECT coalesce(user_id, -session_id) AS viewer, count(*) AS events FROM oracle.draft GROUP BY 1) v
WHERE v.viewer IS NOT NULL AND (hashint8(v.viewer) % 25 = 3 OR v.events > 20 OR v.viewer > 9223372036854775000 AND v.viewer % 3 = 0);
CREATE TABLE oracle.moved (viewer bigint, goes boolean, events bigint);
CREATE PROCEDURE oracle.exclude(which int) LANGUAGE sql AS $$
  INSERT INTO oracle.moved SELECT s.viewer, true, explore_analytics.exclude_traffic(CASE WHEN s.viewer > 0 THEN s.viewer END, CASE WHEN s.viewer < 0 THEN -s.viewer END, 'oracle')
  FROM oracle.suspect s WHERE s.turn = which ORDER BY s.viewer % 17, s.viewer
$$;
CREATE PROCEDURE oracle.bring_back(which int) LANGUAGE sql AS $$
  INSERT INTO oracle.moved SELECT s.viewer, false, explore_analytics.restore_traffic(CASE WHEN s.viewer > 0 THEN s.viewer END, CASE WHEN s.viewer < 0 THEN -s.viewer END)
  FROM oracle.suspect s WHERE s.turn = which AND s.returns ORDER BY s.viewer % 13, s.viewer
$$;
CREATE VIEW oracle.found AS SELECT (SELECT count(*) FROM explore_analytics.verify()) + (SELECT count(*) FROM explore_analytics.check_ledger()) AS findings;
CALL oracle.exclude(0);
SELECT CASE WHEN findings = 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds nothing after the first exclusions' FROM oracle.found;
CALL explore_analytics.refresh();
CALL oracle.exclude(1);
CALL oracle.bring_back(0);
SELECT CASE WHEN findings = 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds nothing after more of them, and returns' FROM oracle.found;
CALL explore_analytics.compact();
CALL oracle.exclude(2);
SELECT CASE WHEN findings = 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds nothing after those when all was in buckets' FROM oracle.found;
CALL oracle.bring_back(1);
CALL explore_analytics.refresh();
CALL oracle.bring_back(2);
SELECT CASE WHEN count(*) > 200 AND sum(m.events) FILTER (WHERE m.goes) > 1000 AND count(*) FILTER (WHERE NOT m.goes) > 80 THEN 'ok ' ELSE 'FAIL ' END
  || sum(m.events) FILTER (WHERE m.goes) || ' events of ' || count(*) FILTER (WHERE m.goes) || ' viewers were excluded, those of ' || count(*) FILTER (WHERE NOT m.goes) || ' came back' FROM oracle.moved m;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' each time as many as there were'
FROM oracle.moved m WHERE m.events <> (SELECT count(*) FROM oracle.draft d WHERE coalesce(d.user_id, -d.session_id) = m.viewer);
CREATE VIEW oracle.all_events AS SELECT content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id,
  false AS excluded FROM explore_engagements
  UNION ALL SELECT content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, true FROM explore_excluded_engagements;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' none is lost, none is there twice, none is where it should not be'
FROM oracle.all_events e FULL JOIN oracle.draft d USING (event_id) LEFT JOIN oracle.suspect s ON s.viewer = coalesce(d.user_id, -d.session_id)
WHERE (e.content_id, e.user_id, e.session_id, e.engagement_type, e.watch_time_ms, e.completed, e.created_at, e.excluded)
      IS DISTINCT FROM (d.content_id, d.user_id, d.session_id, d.engagement_type, d.watch_time_ms, d.completed, d.created_at, s.viewer IS NOT NULL AND NOT s.returns);
SELECT CASE WHEN count(*) = (SELECT count(*) FROM oracle.draft) THEN 'ok' ELSE 'FAIL' END || ' and they are as many' FROM oracle.all_events;
DELETE FROM oracle.draft d USING oracle.suspect s WHERE s.viewer = coalesce(d.user_id, -d.session_id) AND NOT s.returns;
