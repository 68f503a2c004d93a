-- What there is about a viewer is handed over, and taken away: afterwards every number is what it would be without that viewer.
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

-- Viewer 6301 has a profile, a session with anonymous events in it, a save, and a recorded event with an id; 6302 and others are beside it.
INSERT INTO explore_content (id, creator_id, title) VALUES (6301, 6391, 'One'), (6302, 6391, 'Two');
INSERT INTO explore_viewers (user_id, birth_year, city, created_at) VALUES (6301, 1990, 'Dubai', '2024-01-01 00:00+00'), (6302, 1980, NULL, '2024-01-01 00:00+00');
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end, device_type, attributes) VALUES
  (6351, 6301, '2024-04-01 10:00+00', '2024-04-01 11:00+00', 'phone', '{"theme": "dark"}'), (6352, 6302, '2024-04-01 10:00+00', NULL, NULL, '{}'), (6353, NULL, '2024-04-02 10:00+00', NULL, NULL, '{}');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, metadata) VALUES
  (6301, 6301, 6351, 'view', 1500, true,  '2024-04-01 10:00:01+00', '{"place": 3}'), (6302, NULL, 6351, 'view', 2500, false, '2024-04-01 10:01+00', NULL), (6302, 6301, NULL, 'click', 0, false, '2024-04-03 10:00+00', NULL),
  (6301, 6302, 6352, 'view', 3500, true,  '2024-04-01 10:02+00', NULL), (6301, NULL, 6353, 'view', 4500, false, '2024-04-02 10:03+00', NULL), (6301, NULL, NULL, 'view', 5500, false, '2024-04-02 10:04+00', NULL);
SELECT record_engagement(6302, 'save', user_id => 6301, created_at => '2024-04-03 11:00+00', event_id => '63000000-0000-4000-8000-000000000001'),
       record_engagement(6302, 'save', user_id => 6302, created_at => '2024-04-03 12:00+00', event_id => '63000000-0000-4000-8000-000000000002'),
       record_engagement(6301, 'complete', user_id => 6301, session_id => 6351, created_at => '2024-04-01 10:00:30+00');
CALL explore_analytics.refresh();
-- One more that no rollup has.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) VALUES (6302, 6301, 'view', 100, '2024-04-04 10:00+00'), (6302, 6303, 'view', 200, '2024-04-04 10:00+00');

-- Everything there is about one viewer, and nothing of others.
SELECT explore_analytics.export_viewer(6301) AS d \gset
SELECT jsonb_pretty(:'d'::jsonb - 'exportedAt') AS export;
SELECT (:'d'::jsonb ->> 'exportedAt')::timestamptz <= now() AS dated, :'d' ~ '"userId": 6302|6303|6352|6353' AS of_others;
SELECT explore_analytics.export_viewer(6399) - 'exportedAt' AS of_nobody;

-- Away: events of the viewer and in the viewer's sessions, sessions, saves, profile, and the key of the event.
CREATE VIEW privacy_answers AS
SELECT 'content' AS scope, c AS id, (s).* FROM unnest('{6301,6302}'::bigint[]) c, LATERAL (SELECT views(x), unique_viewers(x), unidentified_views(x), completions(x), saves(x), clicks(x), total_watch_time(x) FROM content_summary(c) x) s
UNION ALL SELECT 'creator', 6391, (s).* FROM (SELECT views(x), unique_viewers(x), unidentified_views(x), completions(x), saves(x), clicks(x), total_watch_time(x) FROM creator_summary(6391) x) s;
TABLE privacy_answers;
SELECT explore_analytics.forget_viewer(6301) AS events;
TABLE privacy_answers;
SELECT (SELECT count(*) FROM explore_engagements WHERE user_id = 6301 OR session_id = 6351) AS events, (SELECT count(*) FROM explore_feed_sessions WHERE user_id = 6301) AS sessions, (SELECT count(*) FROM explore_saved_properties WHERE user_id = 6301) AS saves,
  (SELECT count(*) FROM explore_viewers WHERE user_id = 6301) AS profiles, (SELECT count(*) FROM explore_analytics.event_keys WHERE event_id = '63000000-0000-4000-8000-000000000001') AS keys,
  (SELECT count(*) FROM explore_analytics.viewing_keys WHERE viewer_key = 6301) AS viewings, viewers(creator_summary(6391)) @> viewer_set_agg(6301::bigint) AS in_sets;
SELECT explore_analytics.export_viewer(6301) - 'exportedAt' AS nothing_is_left;
SELECT count(*) AS differences FROM explore_analytics.verify();
SELECT count(*) AS of_the_ledger FROM explore_analytics.check_ledger();
-- Others stay, and so does the viewer if it comes again.
SELECT user_id FROM explore_viewers WHERE user_id BETWEEN 6301 AND 6303;
SELECT count(*) AS sessions FROM explore_feed_sessions WHERE id BETWEEN 6351 AND 6353;
SELECT explore_analytics.forget_viewer(6301) AS again, explore_analytics.forget_viewer(6399) AS unknown;
SELECT record_engagement(6302, 'view', user_id => 6301, created_at => '2024-04-05 10:00+00');
SELECT unique_viewers(content_summary(6302));

-- Who did it is in the audit log, whom it was about only as a digest.
SELECT action, row_count, detail, subject = '6301' AS names_the_viewer FROM explore_analytics.audit_log WHERE action IN ('forget_viewer', 'export_viewer') AND subject = explore_analytics.viewer_digest(6301) ORDER BY id;
SELECT call, pg_temp.refused('SELECT explore_analytics.' || call) FROM (VALUES ('forget_viewer(NULL)'), ('forget_viewer(0)'), ('forget_viewer(-6353)'), ('export_viewer(NULL)'), ('export_viewer(0)')) v(call);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT explore_analytics.forget_viewer(6302);
ROLLBACK;
-- Rolled back, nothing has happened.
BEGIN;
SELECT explore_analytics.forget_viewer(6302) AS events;
SELECT views(creator_summary(6391));
ROLLBACK;
SELECT views(creator_summary(6391)), (SELECT count(*) FROM explore_analytics.audit_log WHERE subject = explore_analytics.viewer_digest(6302)) AS logged;
-- It is for operators.
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_explore_keeper;
RESET client_min_messages;
CREATE ROLE regress_explore_keeper;
SELECT explore_analytics.grant_access('regress_explore_keeper', m) FROM unnest('{read,analyse,record}'::text[]) m;
SET ROLE regress_explore_keeper;
SELECT explore_analytics.export_viewer(6302);
RESET ROLE;
SELECT explore_analytics.grant_access('regress_explore_keeper', 'operate');
SET ROLE regress_explore_keeper;
SELECT explore_analytics.export_viewer(6302) ->> 'userId' AS exported, explore_analytics.forget_viewer(6302) AS forgotten;
RESET ROLE;

-- Nothing stays behind.
DROP OWNED BY regress_explore_keeper;
DROP ROLE regress_explore_keeper;
DROP VIEW privacy_answers;
DELETE FROM explore_engagements WHERE content_id IN (6301, 6302);
DELETE FROM explore_content WHERE id IN (6301, 6302);
DELETE FROM explore_feed_sessions WHERE id = 6353;
DELETE FROM explore_saved_properties WHERE content_id IN (6301, 6302);
SELECT explore_analytics.rebuild() AS left_over;
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_feed_sessions) AS sessions, (SELECT count(*) FROM explore_analytics.verify()) AS differences;
