-- health_check(): every finding is provoked, its fix is run as it is written, line by line, and the check is well
-- again. Jobs of pg_cron are in health_jobs.sql, other sessions in the spec health_race.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'Asia/Kathmandu';
SET datestyle = 'German, DMY';
SELECT plan(154);

CREATE ROLE health_owner;
CREATE ROLE "health's operator";
CREATE ROLE health_stranger;
SELECT explore_analytics.grant_access('health''s operator', 'operate') \g /dev/null
CREATE TEMP VIEW finding AS SELECT * FROM explore_analytics.health_check();
CREATE FUNCTION pg_temp.status(wanted text) RETURNS text LANGUAGE sql AS $$ SELECT status FROM finding WHERE check_name = wanted $$;
-- Whatever is wrong, no check is missing, and what is not OK has its fix.
CREATE FUNCTION pg_temp.shows(wanted text, as_status text, like_detail text, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  all_of_them jsonb := (SELECT jsonb_agg(f) FROM finding f);
  it jsonb := jsonb_path_query_first(all_of_them, '$[*] ? (@.check_name == $name)', jsonb_build_object('name', wanted));
BEGIN
  RETURN NEXT alike((it ->> 'status') || ': ' || (it ->> 'detail'), as_status || ': ' || like_detail, format('%s: %s is %s', what, wanted, as_status));
  RETURN NEXT is(jsonb_path_query_array(all_of_them, '$[*] ? (@.status != "OK" && @.fix == null || @.status == "OK" && @.fix != null || @.detail == null || @.detail like_regex "check itself")'),
    '[]'::jsonb, format('%s: every finding has a fix, nothing else has', what));
END $$;
CREATE FUNCTION pg_temp.well(wanted text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT is((SELECT status || ': ' || detail FROM finding WHERE check_name = wanted AND status <> 'OK'), NULL, format('%s is OK again', wanted))
$$;
CREATE FUNCTION pg_temp.fix(wanted text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT line FROM finding, regexp_split_to_table(fix, E'\n') line WHERE check_name = wanted
$$;

-- ---- a fresh installation ----------------------------------------------------------------------------------
SELECT results_eq('SELECT check_name FROM finding', 'SELECT check_name FROM explore_analytics.checks() ORDER BY place', 'one row for each check, in the order of checks()');
SELECT is_empty($$SELECT * FROM finding WHERE status <> 'OK' AND check_name NOT IN ('owner', 'server_release')$$, 'all is well, but for an owner who is a superuser');
SELECT pg_temp.shows('owner', 'WARN', '%superuser%', 'installed by a superuser');
CALL explore_analytics.install('health_owner');
SELECT pg_temp.well('owner');
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE;
SELECT count(*) AS rows FROM explore_analytics.health_check() \gset
COMMIT;
SELECT is(:rows, (SELECT count(*)::integer FROM finding), 'a read-only transaction will do');

-- An operator who owns nothing is told the same, except what it may not see.
SET ROLE "health's operator";
SELECT jsonb_agg(f) AS told FROM explore_analytics.health_check() f \gset
RESET ROLE;
SELECT is(jsonb_path_query_array(:'told'::jsonb, '$[*] ? (@.status != "OK" && @.check_name != "server_release").check_name'), '["blockers"]'::jsonb, 'an operator sees all but the age of others'' transactions');
SELECT jsonb_path_query(:'told'::jsonb, '$[*] ? (@.check_name == "blockers").fix') #>> '{}' \gexec
SET ROLE "health's operator";
SELECT status AS told FROM explore_analytics.health_check() WHERE check_name = 'blockers' \gset
RESET ROLE;
SELECT is(:'told'::text, 'OK', 'with the grant that the fix names it sees that, too');
SET ROLE health_stranger;
SELECT throws_ok('SELECT * FROM explore_analytics.health_check()', '42501');
RESET ROLE;

-- ---- the installation ------------------------------------------------------------------------------------------
ALTER TABLE explore_viewers DROP COLUMN language;
DROP VIEW explore_analytics.refresh_progress;
SELECT pg_temp.shows('installed', 'FAIL', 'missing: column language of explore_viewers, explore_analytics.refresh_progress', 'a view and a column are gone');
SELECT pg_temp.fix('installed') \gexec
SELECT pg_temp.well('installed');
UPDATE pg_extension SET extversion = '0.1.0' WHERE extname = 'explore_analytics';
SELECT pg_temp.shows('library', 'FAIL', '%0.1.0', 'the library is newer than the extension');
SELECT is((SELECT fix FROM finding WHERE check_name = 'library'), format('ALTER EXTENSION explore_analytics UPDATE TO %L;', explore_analytics.version()), 'the extension is to be updated');
UPDATE pg_extension SET extversion = '99.0.0' WHERE extname = 'explore_analytics';
SELECT pg_temp.shows('library', 'FAIL', '%99.0.0', 'the library is older than the extension');
SELECT alike((SELECT fix FROM finding WHERE check_name = 'library'), '-- Connect again;%', 'the connection has an older library');
UPDATE pg_extension SET extversion = explore_analytics.version() WHERE extname = 'explore_analytics';

-- ---- rollups -----------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id) VALUES (1, 7), (2, 8);
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1, g, 'view' FROM generate_series(1, 300) g;
SELECT pg_temp.shows('rescore', 'WARN', 'there was none yet%', 'events, and no rescore');
SELECT pg_temp.fix('rescore') \gexec
SELECT pg_temp.well('rescore');
CALL explore_analytics.refresh();
BEGIN;
DELETE FROM explore_analytics.rollup_state;
SELECT pg_temp.shows('layout', 'FAIL', '%lost its row%', 'the watermark is lost');
SELECT pg_temp.fix('layout') \gexec
SELECT pg_temp.well('layout');
ROLLBACK;
UPDATE explore_analytics.rollup_totals SET epoch = 1000 WHERE scope = 0;
SELECT pg_temp.shows('watermark', 'FAIL', '%epoch 1000 are ahead%', 'totals without their watermark');
SELECT pg_temp.fix('watermark') \gexec
SELECT pg_temp.well('watermark');
SELECT setval('explore_analytics.epoch_seq', 1) \g /dev/null
SELECT pg_temp.shows('epoch_sequence', 'FAIL', '%behind the watermark%', 'the sequence was set back');
SELECT pg_temp.fix('epoch_sequence') \gexec
SELECT pg_temp.well('epoch_sequence');
ALTER SEQUENCE explore_analytics.epoch_seq CACHE 10;
SELECT pg_temp.shows('epoch_sequence', 'FAIL', '%without a cache%', 'the sequence caches');
SELECT pg_temp.fix('epoch_sequence') \gexec
SELECT pg_temp.well('epoch_sequence');
ALTER TABLE explore_engagements_default ALTER COLUMN epoch SET DEFAULT 0;
SELECT pg_temp.shows('epoch_default', 'FAIL', '%explore_engagements_default', 'a partition gives no epochs');
SELECT pg_temp.fix('epoch_default') \gexec
SELECT pg_temp.well('epoch_default');

-- Lag: of 1000 events, by their age and by that of the last refresh.
CALL explore_analytics.refresh();
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, g, 'view', now() - interval '40 minutes' FROM generate_series(1, 999) g;
UPDATE explore_analytics.rollup_state SET refreshed_at = now() - interval '31 minutes';
SELECT is(pg_temp.status('refresh_lag'), 'OK', '999 events may wait: so does the job');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 1, 'view', now() - interval '6 minutes');
SELECT pg_temp.shows('refresh_lag', 'WARN', '1000 events wait%', '1000 events, one of them for 6 minutes');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 1, 'view', now() - interval '31 minutes');
SELECT pg_temp.shows('refresh_lag', 'FAIL', '%ago', '1000 events for half an hour');
UPDATE explore_analytics.rollup_state SET refreshed_at = now() - interval '4 minutes';
SELECT is(pg_temp.status('refresh_lag'), 'OK', 'old events that came after the last refresh are not late');
UPDATE explore_analytics.rollup_state SET refreshed_at = NULL;
SELECT pg_temp.shows('refresh_lag', 'FAIL', '%there was none yet', 'no refresh ever');
SELECT pg_temp.fix('refresh_lag') \gexec
SELECT pg_temp.well('refresh_lag');

-- A prepared transaction that nobody ends, as if it were old.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, 1, 'view');
PREPARE TRANSACTION 'it''s "here"; DROP TABLE x';
SELECT is(pg_temp.status('blockers'), 'OK', 'a writer of this second blocks nobody');
SET lock_timeout = '20ms';
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
CALL explore_analytics.refresh();
\set VERBOSITY default
\set ON_ERROR_STOP on
RESET lock_timeout;
SELECT pg_temp.shows('last_refresh', 'WARN', '%55P03%it''s "here"%', 'a refresh gave up');
UPDATE explore_analytics.rollup_state SET refreshed_at = now() - interval '31 minutes';
SELECT pg_temp.shows('last_refresh', 'FAIL', '%55P03%', 'refreshes have given up for half an hour');
SELECT pg_get_viewdef('explore_analytics.epoch_holders') AS definition \gset
SELECT format('CREATE OR REPLACE VIEW explore_analytics.epoch_holders AS SELECT h.epoch, h.pid, h.gid, h.since - interval %L AS since FROM (%s) h', age, rtrim(:'definition', ';'))
FROM (VALUES ('61 s')) v(age) \gexec
SELECT pg_temp.shows('blockers', 'WARN', '%prepared transaction it''s "here"%', 'it is a minute old');
SELECT format('CREATE OR REPLACE VIEW explore_analytics.epoch_holders AS SELECT h.epoch, h.pid, h.gid, h.since - interval %L AS since FROM (%s) h', age, rtrim(:'definition', ';'))
FROM (VALUES ('601 s')) v(age) \gexec
SELECT pg_temp.shows('blockers', 'FAIL', '%prepared transaction it''s "here"%', 'it is ten minutes old');
SELECT pg_temp.fix('blockers') \gexec
SELECT pg_temp.well('blockers');
CREATE OR REPLACE VIEW explore_analytics.epoch_holders AS :definition
SELECT pg_temp.fix('last_refresh') \gexec
SELECT pg_temp.well('last_refresh');

-- Explicit epochs, and rows that went.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, epoch) VALUES (1, 1, 'view', 1);
SELECT pg_temp.shows('ledger', 'FAIL', 'raw rows came or went%', 'an event with an old epoch');
SELECT pg_temp.fix('ledger') \gexec
SELECT pg_temp.well('ledger');
DELETE FROM explore_engagements WHERE user_id = 5;
SELECT pg_temp.shows('ledger', 'FAIL', '%1 such ranges', 'events were deleted');
SELECT pg_temp.fix('ledger') \gexec
SELECT pg_temp.well('ledger');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, epoch) VALUES (1, 1, 'view', 4000000000);
SELECT pg_temp.shows('future_epochs', 'WARN', '1 events%4000000000', 'an event with an epoch to come');
SELECT pg_temp.fix('future_epochs') \gexec
SELECT pg_temp.well('future_epochs');

-- ---- partitions --------------------------------------------------------------------------------------------------
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, 1, 'view', t::timestamptz
FROM unnest(ARRAY['2001-02-01 00:00+00', '2001-02-28 23:59:59+00', '2001-03-01 00:00+00', '2005-12-31 23:59:59+00', '2006-01-01 00:00+00']) t;
SELECT pg_temp.shows('default_partition', 'WARN', '5 events of 4 months%', 'events of old times');
SELECT results_eq($$SELECT pg_temp.fix('default_partition')$$, $$VALUES ('SELECT explore_analytics.ensure_partitions(''2001-02-01'', ''2001-03-01'');'),
  ('SELECT explore_analytics.ensure_partitions(''2005-12-01'', ''2006-01-01'');')$$, 'the months are named, and no others');
SELECT pg_temp.fix('default_partition') \gexec
SELECT pg_temp.well('default_partition');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 1, 'view', '12000-03-15');
SELECT pg_temp.shows('default_partition', 'WARN', '1 events%', 'an event of a year without a name');
ALTER TABLE explore_engagements_default RENAME TO "{d}'{s}";
SELECT pg_temp.shows('default_partition', 'WARN', '1 events%', 'whatever that partition is called');
ALTER TABLE "{d}'{s}" RENAME TO explore_engagements_default;
SELECT matches(pg_temp.fix('default_partition'), '^SELECT id, created_at FROM ', 'it is shown');
DELETE FROM explore_engagements_default;
SELECT pg_temp.well('default_partition');
SELECT format('DROP TABLE %s', i.inhrelid::regclass) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'explore_engagements'::regclass AND c.relname > 'explore_engagements_' || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM') AND c.relname !~ 'default' \gexec
SELECT pg_temp.shows('partitions_ahead', 'WARN', '1 months%', 'one month ahead');
SELECT format('DROP TABLE explore_engagements_%s', to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM')) \gexec
SELECT pg_temp.shows('partitions_ahead', 'FAIL', '0 months%', 'none');
SELECT pg_temp.fix('partitions_ahead') \gexec
SELECT pg_temp.well('partitions_ahead');

-- ---- settings ----------------------------------------------------------------------------------------------------
SELECT format('ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(), 'serializable') \gexec
SELECT pg_temp.shows('isolation', 'FAIL', '%25001%serializable for this database', 'the database is serializable');
SELECT pg_temp.fix('isolation') \gexec
SELECT pg_temp.well('isolation');
ALTER ROLE health_stranger SET default_transaction_isolation = 'repeatable read';
SELECT is(pg_temp.status('isolation'), 'OK', 'a role that may not refresh may be as it likes');
ALTER ROLE "health's operator" SET default_transaction_isolation = 'repeatable read';
SELECT pg_temp.shows('isolation', 'WARN', '%repeatable read for role health''s operator', 'a role that may refresh');
SELECT pg_temp.fix('isolation') \gexec
SELECT pg_temp.well('isolation');
SELECT format('ALTER DATABASE %I SET %s', current_database(), s) FROM unnest(ARRAY['statement_timeout = ''30s''', 'lock_timeout = ''1h''']) s \gexec
SELECT pg_temp.shows('timeouts', 'WARN', '%lock_timeout is 1h%statement_timeout is 30s for this database%', 'timeouts of the database');
SELECT pg_temp.fix('timeouts') \gexec
SELECT pg_temp.well('timeouts');
SELECT format('ALTER DATABASE %I SET statement_timeout = %L', current_database(), '15min') \gexec
SELECT is(pg_temp.status('timeouts'), 'OK', 'a long timeout is no finding');
SELECT format('ALTER DATABASE %I RESET ALL', current_database()) \gexec

-- ---- owner, grants, triggers -------------------------------------------------------------------------------------
ALTER TABLE explore_viewers OWNER TO health_stranger;
SELECT pg_temp.shows('owner', 'FAIL', '%health_owner%explore_viewers', 'a table of somebody else');
ALTER TABLE explore_viewers OWNER TO postgres;
SELECT pg_temp.fix('owner') \gexec
SELECT pg_temp.well('owner');
GRANT INSERT (content_id, user_id, engagement_type) ON explore_engagements TO "health's operator";
SELECT is(pg_temp.status('grants'), 'OK', 'a loader may insert columns');
GRANT INSERT (epoch) ON explore_engagements TO "health's operator";
GRANT SELECT ON explore_engagements_default, explore_analytics.rescores TO health_stranger;
GRANT USAGE ON SEQUENCE explore_analytics.epoch_seq TO health_stranger;
GRANT UPDATE (low) ON explore_analytics.rollup_state TO health_stranger;
SELECT pg_temp.shows('grants', 'WARN', '%health_stranger on explore_analytics.epoch_seq%rescores%rollup_state%operator on public.explore_engagements,%default', 'grants past the functions');
SELECT pg_temp.fix('grants') \gexec
SELECT pg_temp.well('grants');
GRANT SELECT ON explore_viewers TO PUBLIC;
SELECT pg_temp.shows('grants', 'FAIL', '%PUBLIC on public.explore_viewers', 'a table for everybody');
SELECT pg_temp.fix('grants') \gexec
SELECT pg_temp.well('grants');
GRANT EXECUTE ON FUNCTION platform_summary TO PUBLIC;
GRANT EXECUTE ON PROCEDURE explore_analytics.refresh TO PUBLIC;
SELECT pg_temp.shows('public_functions', 'FAIL', '%refresh(bigint)%platform_summary%', 'functions for everybody');
SELECT pg_temp.fix('public_functions') \gexec
SELECT pg_temp.well('public_functions');

-- A content moves while the trigger sleeps: the fix makes its creators anew.
CALL explore_analytics.refresh();
ALTER TABLE explore_content DISABLE TRIGGER explore_analytics_content_moved;
ALTER TABLE explore_engagements_default DISABLE TRIGGER explore_analytics_no_truncate;
UPDATE explore_content SET creator_id = 8 WHERE id = 1;
SELECT isnt(views(creator_summary(8)), views(content_summary(1)), 'a creator without the events of a content that came unseen');
SELECT pg_temp.shows('triggers', 'FAIL', '%content_moved of public.explore_content does not always fire%no_truncate of public.explore_engagements_default does not%', 'triggers sleep');
SELECT pg_temp.fix('triggers') \gexec
SELECT pg_temp.well('triggers');
SELECT is(views(creator_summary(8)), views(content_summary(1)), 'now with them');
DROP TRIGGER explore_analytics_content_deleted ON explore_content;
DROP TRIGGER explore_analytics_no_truncate ON explore_engagements;
ALTER TABLE explore_content DISABLE TRIGGER explore_analytics_content_moved;
SELECT pg_temp.shows('triggers', 'FAIL', '%content_deleted of public.explore_content is missing%no_truncate of public.explore_engagements is missing%', 'triggers are gone');
SELECT pg_temp.fix('triggers') \gexec
SELECT pg_temp.well('triggers');
CREATE SCHEMA strange AUTHORIZATION health_stranger;
CREATE FUNCTION strange.listens() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER friendly BEFORE INSERT ON explore_content FOR EACH ROW EXECUTE FUNCTION strange.listens();
SELECT is(pg_temp.status('foreign_triggers'), 'OK', 'a trigger of a superuser is none of a stranger');
ALTER FUNCTION strange.listens OWNER TO health_stranger;
CREATE TRIGGER "Always" BEFORE INSERT ON explore_analytics.event_keys FOR EACH ROW EXECUTE FUNCTION strange.listens();
SELECT pg_temp.shows('foreign_triggers', 'WARN', '%Always of explore_analytics.event_keys%friendly of public.explore_content%', 'triggers of a stranger');
CREATE TRIGGER stops BEFORE INSERT ON explore_analytics.rollup_totals FOR EACH ROW EXECUTE FUNCTION strange.listens();
SELECT pg_temp.shows('foreign_triggers', 'FAIL', '%Always of explore_analytics.event_keys%stops of explore_analytics.rollup_totals%friendly of public.explore_content%', 'one that stops refreshes');
SELECT pg_temp.fix('foreign_triggers') \gexec
SELECT pg_temp.well('foreign_triggers');

-- ---- what jobs leave behind --------------------------------------------------------------------------------------
ALTER TABLE explore_engagements_default SET UNLOGGED;
SELECT pg_temp.shows('unlogged', 'FAIL', '%explore_engagements_default', 'a partition that a crash empties');
SELECT pg_temp.fix('unlogged') \gexec
SELECT pg_temp.well('unlogged');

-- Rows that came with their ids; those of events are no keys.
INSERT INTO explore_content (id, creator_id) SELECT i, 1 FROM generate_series(5001, 5003) i;
INSERT INTO explore_discovery_videos (id, content_id) VALUES (700, 5001);
INSERT INTO explore_feed_sessions (id) VALUES (9000000000);
INSERT INTO explore_engagements (id, content_id, engagement_type) VALUES (9000000000, 1, 'view');
SELECT pg_temp.shows('sequences', 'FAIL', '%explore_content_id_seq is at %, explore_content has ids up to 5003; %explore_discovery_videos_id_seq is at %up to 700; %explore_feed_sessions_id_seq is at %up to 9000000000', 'rows were loaded with their ids');
SELECT pg_temp.fix('sequences') \gexec
SELECT pg_temp.well('sequences');
SELECT is(create_session(), 9000000001::bigint, 'the next id is free');
INSERT INTO explore_content (creator_id) VALUES (1) RETURNING id AS content \gset
SELECT is(:content, 5004, 'that of a content, too');
-- A column that was serial keeps a sequence of 32 bits when its type changes.
ALTER SEQUENCE explore_content_id_seq AS integer;
INSERT INTO explore_content (id, creator_id) VALUES (3000000000, 1);
SELECT pg_temp.fix('sequences') \gexec
SELECT pg_temp.well('sequences');
INSERT INTO explore_content (creator_id) VALUES (1) RETURNING id AS content \gset
SELECT is(:content, 3000000001, 'an id may be beyond what the sequence could give');
-- The test server does not preload the library; where one does, all is well.
INSERT INTO explore_analytics.rate_limits VALUES ('role', 'health_stranger', 10, 100);
SELECT is(pg_temp.status('rate_limits'), CASE WHEN (SELECT shared FROM explore_analytics.rate_limit_status) THEN 'OK' ELSE 'WARN' END, 'limits that every connection keeps for itself');
DELETE FROM explore_analytics.rate_limits;
SELECT pg_temp.well('rate_limits');
UPDATE explore_analytics.rescores SET rescored_at = now() - interval '3 hours 1 minute';
SELECT pg_temp.shows('rescore', 'WARN', '%every 3600 s', 'three rescores were missed');
UPDATE explore_analytics.rescores SET rescored_at = now() - interval '25 hours';
SELECT pg_temp.shows('rescore', 'FAIL', '%every 3600 s', 'a day of them');
SELECT pg_temp.fix('rescore') \gexec
SELECT pg_temp.well('rescore');
INSERT INTO explore_feed_sessions (id, session_start) VALUES (1, now() - interval '25 hours'), (2, now() - interval '25 hours'), (3, now());
INSERT INTO explore_engagements (content_id, session_id, engagement_type) VALUES (1, 2, 'view');
SELECT pg_temp.shows('open_sessions', 'WARN', '1 sessions%', 'a session left open');
SELECT pg_temp.fix('open_sessions') \gexec
SELECT pg_temp.well('open_sessions');
INSERT INTO explore_excluded_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 987654, 'impression', now());
SELECT pg_temp.shows('excluded_traffic', 'WARN', 'events are set aside of viewers who are not%', 'excluded events of somebody who is not on the list');
SELECT pg_temp.fix('excluded_traffic') \gexec
SELECT pg_temp.well('excluded_traffic');
INSERT INTO explore_analytics.event_keys VALUES (gen_random_uuid(), now() - interval '31 days');
SELECT is(pg_temp.status('keys'), 'OK', 'keys may be a day late');
INSERT INTO explore_analytics.viewing_keys VALUES (1, 1, 1, true, 1, now() - interval '33 days');
SELECT pg_temp.shows('keys', 'WARN', '%30 days%', 'keys that nobody prunes');
SELECT pg_temp.fix('keys') \gexec
SELECT pg_temp.well('keys');
ALTER TABLE explore_analytics.rollup_deltas SET (autovacuum_enabled = off);
SELECT pg_temp.shows('autovacuum', 'WARN', '%explore_analytics.rollup_deltas', 'a table without autovacuum');
SELECT pg_temp.fix('autovacuum') \gexec
SELECT pg_temp.well('autovacuum');

-- ---- all is well again, and then it is gone ------------------------------------------------------------------------
SELECT is_empty($$SELECT * FROM finding WHERE status <> 'OK' AND check_name <> 'server_release'$$, 'every fix has mended what it was for, and broken nothing');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'the rollups are the raw rows');
CALL explore_analytics.uninstall();
SELECT pg_temp.shows('installed', 'FAIL', 'table explore_analytics.event_keys does not exist', 'after uninstall()');
SELECT pg_temp.fix('installed') \gexec
SELECT pg_temp.well('installed');
DELETE FROM explore_engagements;
CALL explore_analytics.uninstall(true);
SELECT results_eq('SELECT check_name, fix FROM finding WHERE status <> ''OK'' AND check_name <> ''server_release''',
  $$VALUES ('installed', 'CALL explore_analytics.install();')$$, 'without tables the one finding is that');
SELECT * FROM finish();
DROP SCHEMA strange CASCADE;
SELECT format('REVOKE ALL ON DATABASE %I FROM health_owner', current_database()) \gexec
DROP OWNED BY health_owner, "health's operator", health_stranger;
DROP ROLE health_owner, "health's operator", health_stranger;
