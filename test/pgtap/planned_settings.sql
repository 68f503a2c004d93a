-- Some statements of ours are planned with indexes preferred. That is no setting for code of somebody's which runs while they
-- write: triggers, and what foreign keys do, are planned as the caller's session says.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(13);

INSERT INTO explore_content (id, creator_id) VALUES (1, 7), (2, 7);
INSERT INTO explore_feed_sessions (id, user_id, session_start) SELECT n, n, now() - interval '1 day' FROM generate_series(1, 3) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + n % 2, 1 + n % 3, 1 + n % 3, 'view', now() - interval '23 hours' + n * interval '40 seconds' FROM generate_series(1, 30) n;
CALL explore_analytics.refresh();

CREATE TABLE ran (what text, seqscan text);
CREATE FUNCTION run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ran VALUES (TG_ARGV[0], current_setting('enable_seqscan')); RETURN coalesce(NEW, OLD); END $$;
CREATE FUNCTION ran_with(seqscan text, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN NEXT set_eq('SELECT * FROM ran', format('VALUES (%L, %L)', what, seqscan), what || ' with enable_seqscan ' || seqscan);
  DELETE FROM ran;
END $$;

CREATE TRIGGER app_run BEFORE UPDATE ON explore_feed_sessions FOR EACH ROW EXECUTE FUNCTION run('sessions');
SELECT is(close_idle_sessions(), 3::bigint, 'idle sessions are closed');
SELECT ran_with('on', 'sessions');
DROP TRIGGER app_run ON explore_feed_sessions;

CREATE TRIGGER app_run BEFORE INSERT ON explore_engagements FOR EACH ROW EXECUTE FUNCTION run('recording');
SELECT is(recorded, 1, 'an event is recorded') FROM record_engagement_batch('[{"contentId": 1, "engagementType": "view", "userId": 3}]');
SELECT ran_with('on', 'recording');
SET enable_seqscan = off;
SELECT is(recorded, 1, 'and another one') FROM record_engagement_batch('[{"contentId": 1, "engagementType": "save", "userId": 3}]');
SELECT ran_with('off', 'recording');
RESET enable_seqscan;
DROP TRIGGER app_run ON explore_engagements;

CREATE TRIGGER app_run AFTER INSERT ON explore_analytics.audit_log FOR EACH ROW EXECUTE FUNCTION run('audit');
SELECT is(jsonb_array_length(explore_analytics.export_viewer(3) -> 'engagements'), 12, 'a viewer is exported');
SELECT ran_with('on', 'audit');
DROP TRIGGER app_run ON explore_analytics.audit_log;

CREATE TRIGGER app_run BEFORE DELETE ON explore_engagements FOR EACH ROW EXECUTE FUNCTION run('erasure');
SELECT is(explore_analytics.forget_viewer(1), 10::bigint, 'a viewer is forgotten');
SELECT ran_with('on', 'erasure');
DROP TRIGGER app_run ON explore_engagements;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
CREATE TRIGGER app_refuse BEFORE DELETE ON explore_engagements FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE FUNCTION context_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  context text;
BEGIN
  EXECUTE statement;
  RETURN NULL;
EXCEPTION WHEN raise_exception THEN
  GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
  RETURN context;
END $$;
SELECT matches(context_of('SELECT explore_analytics.forget_viewer(2)'), 'SQL statement "/[*] explore_analytics: forget_viewer', 'an error says during which statement of ours it came');
DROP TRIGGER app_refuse ON explore_engagements;

ALTER TABLE explore_engagements ADD UNIQUE (id, created_at);
CREATE TABLE note AS SELECT id, created_at FROM explore_engagements;
ALTER TABLE note ADD FOREIGN KEY (id, created_at) REFERENCES explore_engagements (id, created_at) ON DELETE CASCADE;
CREATE TRIGGER app_run AFTER DELETE ON note FOR EACH ROW EXECUTE FUNCTION run('cascade');
SELECT is(explore_analytics.forget_viewer(2), 10::bigint, 'another one');
SELECT ran_with('on', 'cascade');
SELECT * FROM finish();
