-- Rate limits: what an owner sets, what a recorder is told, and that a refused batch leaves nothing behind. With and
-- without preloading, so with limits that no clock can meet.
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE ROLE regress_recorder;
CREATE ROLE regress_other;
SELECT explore_analytics.grant_access(role, 'record') FROM unnest(ARRAY['regress_recorder', 'regress_other']::name[]) role;
INSERT INTO explore_content (id, creator_id) VALUES (3501, 3901);
INSERT INTO explore_feed_sessions (id, session_start) VALUES (3511, '2024-01-01'), (3512, '2024-01-01');
CREATE TEMP TABLE batch AS
SELECT n, jsonb_agg(jsonb_build_object('contentId', 3501, 'engagementType', 'view', 'sessionId', 3511)) AS events FROM generate_series(1, 4) n, generate_series(1, n) GROUP BY n;
GRANT SELECT ON batch TO regress_recorder, regress_other;

-- The table says what it takes.
INSERT INTO explore_analytics.rate_limits (scope, name, events_per_second, burst) VALUES ('role', 'regress_recorder', 2.5, 3);
SELECT row_values, left(pg_temp.refused('INSERT INTO explore_analytics.rate_limits VALUES (' || row_values || ')'), 5) AS state
FROM (VALUES ('''user'', ''x'', 1, 1'), ('''session'', ''3511'', 1, 1'), ('''role'', ''x'', 0, 1'), ('''role'', ''x'', ''NaN'', 1'), ('''role'', ''x'', 1, 0'), ('''role'', ''regress_recorder'', 9, 9')) v(row_values);
TABLE explore_analytics.rate_limits;

-- A batch over the burst: whole and with words. Others are not concerned.
SET ROLE regress_recorder;
SELECT b.* FROM batch, record_engagement_batch(events) b WHERE n = 4;
SELECT b.* FROM batch, record_engagement_batch(events, 'abort') b WHERE n = 4;
SET ROLE regress_other;
SELECT received, recorded FROM batch, record_engagement_batch(events) WHERE n = 4;
RESET ROLE;
SELECT count(*) AS events FROM explore_engagements WHERE content_id = 3501;

-- Per session.
DELETE FROM explore_analytics.rate_limits;
INSERT INTO explore_analytics.rate_limits VALUES ('session', '*', 0.5, 2);
SET ROLE regress_recorder;
SELECT b.* FROM batch, record_engagement_batch(events) b WHERE n = 3;
SELECT received, recorded FROM record_engagement_batch('[{"contentId": 3501, "engagementType": "view"}, {"contentId": 3501, "engagementType": "view"}, {"contentId": 3501, "engagementType": "view"},
  {"contentId": 3501, "engagementType": "view", "sessionId": 3512}]');
RESET ROLE;
SELECT count(*) AS events FROM explore_engagements WHERE content_id = 3501;

-- Levels: as much as the burst at once, whatever it is divided by; then one in twenty minutes. When to come back is in the detail.
DELETE FROM explore_analytics.rate_limits;
INSERT INTO explore_analytics.rate_limits
SELECT 'role', '*', 3 * share / 3600.0, 3 * share FROM (SELECT CASE WHEN shared THEN 1 ELSE current_setting('explore_analytics.expected_backends')::int END AS share FROM explore_analytics.rate_limit_status) s;
CREATE FUNCTION pg_temp.told(query text, OUT state text, OUT detail text, OUT minutes int) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  state := 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  state := SQLSTATE;
  minutes := round(substring(detail FROM '^retry_after_ms=(\d+)$')::numeric / 60000);
  detail := regexp_replace(detail, '\d+', 'N');
END $$;
SET ROLE regress_recorder;
SELECT t.* FROM unnest(ARRAY[2, 2, 1, 1, 3]) WITH ORDINALITY u(size, place), LATERAL pg_temp.told(format('SELECT record_engagement_batch(events) FROM batch WHERE n = %s', size)) t ORDER BY place;
SELECT t.* FROM pg_temp.told('SELECT create_session()') t;
RESET ROLE;
SELECT shared IS NOT NULL AS shared, used > 0 AS used, refused_batches >= 4 AS refused FROM explore_analytics.rate_limit_status;

-- Nothing stays behind.
DELETE FROM explore_analytics.rate_limits;
DELETE FROM explore_engagements WHERE content_id = 3501;
DELETE FROM explore_content WHERE id = 3501;
DELETE FROM explore_feed_sessions WHERE id BETWEEN 3501 AND 3599;
DROP TABLE batch;
DROP OWNED BY regress_recorder, regress_other;
DROP ROLE regress_recorder, regress_other;
