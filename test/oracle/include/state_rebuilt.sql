-- The past was wrong and has been corrected: first everything, then one stretch of time.
-- Of ten events one is missing, one is told wrong, one is told twice.
CALL oracle.add_contents();
CREATE FUNCTION oracle.kind(id uuid) RETURNS int LANGUAGE sql IMMUTABLE RETURN get_byte(uuid_send(id), 0) % 10;
CALL oracle.add_events('oracle.kind(event_id) <> 0');
CALL oracle.add_events('oracle.kind(event_id) = 1');
UPDATE explore_engagements SET watch_time_ms = watch_time_ms / 2, user_id = 77, created_at = created_at + CASE WHEN isfinite(created_at) AND created_at < '2200-01-01' THEN interval '11 days' ELSE interval '0' END
WHERE oracle.kind(event_id) = 2;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
-- What is right of the draft replaces what was stored; rows keep their epoch, as an UPDATE would.
CREATE PROCEDURE oracle.correct(which text) LANGUAGE plpgsql AS $$
DECLARE
  old bigint := (SELECT low FROM explore_analytics.rollup_state);
BEGIN
  EXECUTE format('DELETE FROM explore_engagements e USING (SELECT event_id AS id FROM oracle.draft WHERE %s) d WHERE e.event_id = d.id AND oracle.kind(d.id) IN (1, 2)', which);
  EXECUTE format('INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, epoch)
    SELECT content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, CASE WHEN half THEN %s ELSE explore_analytics.current_epoch() END
    FROM oracle.draft WHERE oracle.kind(event_id) IN (0, 1, 2) AND %s', old, which);
END $$;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds nothing before the correction' FROM explore_analytics.verify();
BEGIN;
CALL oracle.correct('created_at NOT BETWEEN ''2025-10-05 06:07:08.9'' AND ''2025-10-24 00:00''');
SELECT CASE WHEN count(*) > 100 AND count(DISTINCT scope) = 3 THEN 'ok' ELSE 'FAIL' END || ' verify() sees the corrections' FROM explore_analytics.verify();
SELECT CASE WHEN explore_analytics.rebuild() > 100 THEN 'ok' ELSE 'FAIL' END || ' everything is rebuilt';
COMMIT;
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds nothing after it' FROM explore_analytics.verify();
-- Events told wrong lie up to eleven days later.
BEGIN;
CALL oracle.correct('created_at BETWEEN ''2025-10-05 06:07:08.9'' AND ''2025-10-24 00:00''');
SELECT CASE WHEN count(*) > 100 THEN 'ok' ELSE 'FAIL' END || ' verify() sees the corrections in the range' FROM explore_analytics.verify('2025-10-05 06:07:08.9', '2025-11-04 00:00:00.000001');
SELECT CASE WHEN explore_analytics.rebuild('2025-10-05 06:07:08.9', '2025-11-04 00:00:00.000001') > 10 THEN 'ok' ELSE 'FAIL' END || ' the range is rebuilt';
COMMIT;
SELECT CASE WHEN tail_events > :events / 50 THEN 'ok' ELSE 'FAIL' END || ' some of the corrections are above the watermark' FROM explore_analytics.rollup_status;
