-- A small database with something of everything that the extension keeps. Every value follows from its number, and
-- what comes from the clock is set at the end, so that the same version makes the same dump again.
-- Run by make_fixture in an empty database, as a superuser, with search_path public and the time zone UTC.
\set ON_ERROR_STOP on
CREATE ROLE ea_update_owner;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install('ea_update_owner');
-- The months around today are another every month.
DO $$
DECLARE item regclass;
BEGIN
  FOR item IN SELECT p.relation FROM explore_analytics.raw_partitions() p LOOP EXECUTE format('DROP TABLE %s', item); END LOOP;
END $$;
SELECT explore_analytics.ensure_partitions('2024-10-01', '2025-01-31') = 4;

CREATE ROLE ea_update_app LOGIN;
CREATE ROLE ea_update_dashboard LOGIN;
CREATE ROLE ea_update_operator LOGIN;
CREATE ROLE ea_update_monitor LOGIN;
CREATE ROLE ea_update_loader LOGIN;
CREATE ROLE ea_update_agent LOGIN;
CALL explore_analytics.create_roles('ea_update');
SELECT explore_analytics.grant_access('ea_update_app', 'record');
SELECT explore_analytics.grant_access('ea_update_dashboard', 'read');
SELECT explore_analytics.grant_access('ea_update_operator', 'operate');
SELECT explore_analytics.set_identity('ea_update_agent', 102);
GRANT ea_update_reader TO ea_update_agent;
-- By hand: single functions, a status view, the columns a loader may COPY.
GRANT USAGE ON SCHEMA explore_analytics TO ea_update_monitor;
GRANT EXECUTE ON FUNCTION explore_analytics.check_ledger() TO ea_update_monitor WITH GRANT OPTION;
GRANT SELECT ON explore_analytics.rollup_status TO ea_update_monitor;
GRANT INSERT (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at) ON explore_engagements TO ea_update_loader;
REVOKE EXECUTE ON FUNCTION metric_series(text, timestamptz, timestamptz, text, text, bigint, bigint) FROM ea_update_dashboard;
INSERT INTO explore_analytics.rate_limits VALUES ('role', 'ea_update_app', 100000, 500000), ('session', '*', 5000, 20000);

INSERT INTO explore_content (creator_id, title, category, area, tags, created_at, updated_at)
SELECT 101 + i % 3, 'Flat ' || i || CASE i % 5 WHEN 0 THEN E' "quoted"\t\\' ELSE '' END, 'category ' || i % 3, 'area ' || i % 4, ARRAY['a' || i, 'b, c'],
  '2024-09-01 00:00+00'::timestamptz + i * interval '1 day', '2024-10-02 00:00+00'
FROM generate_series(1, 12) i;
INSERT INTO explore_discovery_videos (content_id, duration_ms, created_at) SELECT i, CASE WHEN i % 7 > 0 THEN 8000 + i * 1000 END, '2024-09-03 00:00+00' FROM generate_series(1, 10) i;
INSERT INTO explore_feed_sessions (user_id, session_start, session_end, device_type, platform, country, attributes)
SELECT CASE WHEN i % 3 > 0 THEN 1000 + i % 17 END, t, CASE WHEN i % 4 = 0 THEN t + i * interval '70 seconds' END,
  (ARRAY['phone', 'tablet', 'desktop'])[1 + i % 3], (ARRAY['ios', 'android', 'web'])[1 + i % 3], (ARRAY['AE', 'DE'])[1 + i % 2], jsonb_build_object('n', i)
FROM (SELECT i, '2024-10-01 00:00+00'::timestamptz + i * interval '41 hours' AS t FROM generate_series(1, 60) i) s;
INSERT INTO explore_viewers (user_id, birth_year, gender, country, created_at) SELECT 1000 + i, 1960 + i, 'g' || i % 3, 'AE', '2024-09-04 00:00+00' FROM generate_series(0, 16) i;

-- Plain rows of every type over three months, some of 2020, some of content 999, which has no row, some of nobody.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, metadata)
SELECT CASE WHEN i % 211 = 0 THEN 999 ELSE 1 + (i * i) % 11 END, CASE WHEN i % 4 > 0 THEN 1000 + (i * 7) % 17 END, CASE WHEN i % 5 > 0 THEN 1 + i % 60 END,
  (enum_range(NULL::engagement_type))[CASE WHEN i % 3 > 0 THEN 1 ELSE 1 + (i / 3) % 7 END], CASE WHEN i % 3 > 0 THEN (i * 37) % 45000 ELSE 0 END, i % 6 = 1,
  CASE WHEN i % 97 = 0 THEN '2020-02-29 12:00+00'::timestamptz + i * interval '1 minute' ELSE '2024-10-01 00:00+00'::timestamptz + i * interval '101 minutes' END,
  CASE WHEN i % 50 = 0 THEN jsonb_build_object('n', i, 'text', E'"\\ \t') END
FROM generate_series(1, 1100) i;
-- A burst of one content: more than a log holds, down to the minute.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 3, 5000 + i, 'view', i, '2024-10-10 08:00+00'::timestamptz + (i % 40) * interval '1 second' FROM generate_series(1, 200) i;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();

-- The first month is in the rollups alone, one late event of it apart.
CALL explore_analytics.apply_retention(now() - '2024-11-05+00');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) VALUES (3, 1003, 5, 'view', 700, '2024-10-05 00:00+00');
SELECT explore_analytics.forget_viewer(1005) > 0;
-- Of no month.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT 1 + i % 12, 1000 + i, 'view', 100, '2025-05-01 00:00+00'::timestamptz + i * interval '1 day' FROM generate_series(1, 20) i;

-- Recorded rows, with event ids, completions, repeats and some that are refused: an unknown content, sessions of the viewer forgotten.
SELECT b.recorded > 80 AND b.duplicates > 0 AND b.rejected BETWEEN 1 AND 9 FROM record_engagement_batch((
  SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('contentId', CASE WHEN i = 77 THEN 12345 ELSE 1 + (i * 5) % 12 END, 'userId', CASE WHEN i % 4 > 0 THEN 1000 + i % 17 END,
    'sessionId', CASE WHEN i % 3 > 0 THEN 1 + i % 20 END, 'engagementType', (ARRAY['view', 'complete', 'save', 'view', 'click'])[1 + i % 5],
    'watchTime', i % 31, 'completed', i % 2 = 0, 'createdAt', '2024-12-20 00:00+00'::timestamptz + i * interval '5 hours', 'eventId', md5('event ' || i % 100)::uuid)))
  FROM generate_series(1, 104) i)) b;
SELECT close_idle_sessions() > 20;
CALL explore_analytics.refresh();
SELECT record_engagement(5, 'save', user_id => 1003, created_at => '2025-01-05 10:00+00', event_id => '00000000-0000-4000-8000-00000000d00d') = 'recorded';
SELECT record_engagement(6, 'complete', user_id => 1003, session_id => 7, created_at => '2025-01-05 10:01+00') = 'recorded';
CALL explore_analytics.refresh();
INSERT INTO explore_feed_sessions (user_id, session_start, attributes) VALUES (1003, '2025-01-19 11:00+00', '{}'), (NULL, '2025-01-19 11:30+00', '{}');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) VALUES
  (4, 1003, 61, 'view', 5000, '2025-01-19 11:20+00'), (4, NULL, 62, 'view', 6000, '2025-01-19 11:40+00');
SELECT batch_update_engagement_scores() > 5;

-- After the last refresh: a content that moved, and events that only the raw table has.
UPDATE explore_content SET creator_id = 103 WHERE id = 6;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + i % 11, 1100 + i, (ARRAY['view', 'view', 'share', 'skip'])[1 + i % 4]::engagement_type, 500, '2025-01-15 00:00+00'::timestamptz + i * interval '1 minute' FROM generate_series(1, 44) i;

-- Values that a user keeps.
CREATE TABLE kept_values AS
SELECT date_trunc('month', created_at, 'UTC') AS month, engagement_agg(engagement_type, coalesce(user_id, -session_id), watch_time_ms, completed) AS summary,
  viewer_set_agg(coalesce(user_id, -session_id)) AS viewers FROM explore_engagements GROUP BY 1;
ALTER TABLE kept_values OWNER TO ea_update_owner;

ALTER TABLE explore_analytics.audit_log DISABLE TRIGGER audit_log_append_only;
UPDATE explore_analytics.audit_log SET logged_at = '2025-01-02 00:00+00'::timestamptz + id * interval '1 minute', login = 'dba', role = 'dba';
ALTER TABLE explore_analytics.audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;
UPDATE explore_analytics.rollup_state SET refreshed_at = '2025-01-16 00:00+00';
UPDATE explore_analytics.rollup_ledger SET finished_at = '2025-01-16 00:00+00', waited_ms = 1, took_ms = 2;
UPDATE explore_analytics.rescores SET rescored_at = '2025-01-16 00:00+00';
UPDATE explore_analytics.dropped_partitions SET dropped_at = '2025-01-03 00:00+00' WHERE dropped_at IS NOT NULL;
UPDATE explore_analytics.event_keys SET seen = '2025-01-06 00:00+00';
UPDATE explore_analytics.viewing_keys SET seen = '2025-01-06 00:00+00';
UPDATE explore_discovery_videos SET scored_at = '2025-01-16 00:00+00' WHERE scored_at IS NOT NULL;
UPDATE explore_saved_properties SET saved_at = '2025-01-05 00:00+00';

-- Nothing is there by name only.
SELECT (SELECT count(*) FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL) = 1 AND (SELECT count(*) FROM explore_analytics.session_rollups) > 5
   AND (SELECT count(*) FROM explore_engagements_default) > 10 AND (SELECT count(*) FROM explore_analytics.rollup_buckets WHERE summary IS NOT NULL) > 5
   AND (SELECT count(*) FROM explore_analytics.rollup_deltas) > 10 AND (SELECT tail_events FROM explore_analytics.rollup_status) = 46
   AND (SELECT count(*) FROM explore_analytics.creator_changes) = 2 AND (SELECT count(*) FROM explore_analytics.event_keys) > 80
   AND (SELECT count(*) FROM explore_analytics.viewing_keys) > 10 AND (SELECT count(*) FROM explore_analytics.audit_log WHERE action = 'forget_viewer') = 1
   AND (SELECT count(*) FROM explore_leaderboard) > 5 AND (SELECT count(*) FROM explore_saved_properties) > 5
   AND (SELECT count(*) FROM explore_feed_sessions WHERE session_end IS NULL) = 2 AND (SELECT count(*) FROM explore_analytics.verify()) = 0
   AND (SELECT count(*) FROM explore_analytics.check_ledger()) = 0;
