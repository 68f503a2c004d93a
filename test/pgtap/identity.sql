-- Identity: where it comes from, and what does not make or take one away. The attempts at forging run in
-- connections of their own, because the setting is anybody's until the library is loaded.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
\set password explore
\getenv password PGPASSWORD
-- What an interrupted run left behind.
DO $$
DECLARE
  role regrole;
BEGIN
  FOR role IN SELECT oid FROM pg_roles WHERE rolname LIKE 'ea\_tap\_i\_%' LOOP
    EXECUTE format('DROP OWNED BY %s CASCADE', role);
    EXECUTE format('DROP ROLE %s', role);
  END LOOP;
END $$;
CREATE EXTENSION explore_analytics;
SELECT current_creator_id() IS NULL AS nobody_before_install \gset
CALL explore_analytics.install();
CALL explore_analytics.create_roles('ea_tap_i');
-- A creator by a setting of the role, one by the map, a reader without an identity, a gateway.
CREATE ROLE ea_tap_i_creator LOGIN PASSWORD :'password';
CREATE ROLE ea_tap_i_mapped LOGIN PASSWORD :'password';
CREATE ROLE ea_tap_i_held LOGIN PASSWORD :'password' IN ROLE ea_tap_i_reader;
CREATE ROLE ea_tap_i_gateway LOGIN PASSWORD :'password' NOINHERIT IN ROLE ea_tap_i_reader;
CREATE ROLE ea_tap_i_other LOGIN PASSWORD :'password' IN ROLE ea_tap_i_reader;
SELECT explore_analytics.grant_access(r, 'read') FROM unnest(ARRAY['ea_tap_i_creator', 'ea_tap_i_mapped']::name[]) r \g /dev/null
ALTER ROLE ea_tap_i_creator SET explore_analytics.user_id = '1';
GRANT SET ON PARAMETER explore_analytics.user_id TO ea_tap_i_gateway;
SELECT explore_analytics.set_identity('ea_tap_i_mapped', 1), explore_analytics.set_identity('ea_tap_i_other', 2) \g /dev/null
CREATE SCHEMA ea_tap_i_own;
GRANT ALL ON SCHEMA ea_tap_i_own TO PUBLIC;

-- Creator 1 has contents 1001 and 1003, creator 2 has content 2002; ids of videos are those of contents.
INSERT INTO explore_content (id, creator_id, title) VALUES (1001, 1, 'mine'), (2002, 2, 'theirs'), (1003, 1, 'also mine');
INSERT INTO explore_discovery_videos (id, content_id) SELECT id, id FROM explore_content;
INSERT INTO explore_feed_sessions (id, user_id) VALUES (901, 1), (902, 2);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms)
SELECT c.id, n, 901 + n % 2, 'view', 1000 FROM explore_content c, generate_series(1, 20) n;
SELECT batch_update_engagement_scores() \g /dev/null
-- What a session sees by functions and by views; an error is as good as nothing.
CREATE FUNCTION public.ea_tap_sees() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN concat_ws(' ', 'as', coalesce(public.current_creator_id()::text, 'nobody'), 'sees', coalesce((SELECT string_agg(content_id::text, ',' ORDER BY content_id) FROM public.videos_analytics()), 'nothing'),
    coalesce((SELECT string_agg(DISTINCT content_id::text, ',' ORDER BY content_id::text) FROM public.explore_video_daily), 'nothing'));
EXCEPTION WHEN insufficient_privilege THEN
  RETURN 'as ' || coalesce(public.current_creator_id()::text, 'nobody') || ' is refused ' || coalesce((SELECT string_agg(DISTINCT content_id::text, ',') FROM public.explore_video_daily), 'nothing');
END $$;

-- ---------------------------------------------------------------------------------------------------
-- The attempts. {n}: a name of one's own for each; {parallel}: the setting that forces parallel plans.
-- ---------------------------------------------------------------------------------------------------
SELECT CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'force_parallel_mode' ELSE 'debug_parallel_query' END AS parallel_mode \gset
CREATE TABLE public.attempt (n int GENERATED ALWAYS AS IDENTITY, how text, options text DEFAULT '', body text DEFAULT '');
INSERT INTO attempt (how, body) VALUES
  ('nothing', ''),
  ('SET before the library is loaded', $$SET explore_analytics.user_id = '2';$$),
  ('SET to nobody before it is loaded', $$SET explore_analytics.user_id = '';$$),
  ('SET after it is loaded', $$SELECT public.current_creator_id(); SET explore_analytics.user_id = '2';$$),
  ('SET SESSION and LOCAL around its loading', $$BEGIN; SET LOCAL explore_analytics.user_id = '2'; SAVEPOINT a; SET explore_analytics.user_id = '2'; SELECT public.ea_tap_sees(); ROLLBACK TO a; SELECT public.ea_tap_sees(); COMMIT;$$),
  ('set_config before it is loaded', $$SELECT set_config('explore_analytics.user_id', '2', false);$$),
  ('set_config after it is loaded', $$SELECT public.current_creator_id(); SELECT set_config('Explore_Analytics.USER_ID', '2', false);$$),
  ('UPDATE pg_settings', $$SELECT public.current_creator_id(); UPDATE pg_settings SET setting = '2' WHERE name = 'explore_analytics.user_id';$$),
  ('RESET', $$SET explore_analytics.user_id = '2'; SELECT public.current_creator_id(); RESET explore_analytics.user_id;$$),
  ('RESET ALL and DISCARD ALL', $$SELECT public.current_creator_id(); RESET ALL; SELECT public.ea_tap_sees(); DISCARD ALL;$$),
  ('SET TO DEFAULT', $$SELECT public.current_creator_id(); SET explore_analytics.user_id TO DEFAULT;$$),
  ('RESET ROLE, SET ROLE NONE', $$SET ROLE ea_tap_i_reader; SELECT public.ea_tap_sees(); RESET ROLE; SELECT public.ea_tap_sees(); SET ROLE NONE;$$),
  ('SET ROLE to other roles', $$SET ROLE ea_tap_i_other; SELECT public.ea_tap_sees(); SET ROLE ea_tap_i_analyst; SELECT public.ea_tap_sees(); SET ROLE ea_tap_i_owner;$$),
  ('SET SESSION AUTHORIZATION', $$SET SESSION AUTHORIZATION ea_tap_i_other;$$),
  ('ALTER ROLE of oneself before it is loaded', $$ALTER ROLE CURRENT_USER SET explore_analytics.user_id = '2';$$),
  ('ALTER ROLE of oneself after it is loaded', $$SELECT public.current_creator_id(); ALTER ROLE CURRENT_USER SET explore_analytics.user_id = '2';$$),
  ('ALTER ROLE RESET', $$ALTER ROLE CURRENT_USER RESET explore_analytics.user_id; ALTER ROLE CURRENT_USER RESET ALL; \connect$$),
  ('ALTER DATABASE', $$SELECT format('ALTER DATABASE %I SET explore_analytics.user_id = 2', current_database()) \gexec$$),
  ('ALTER SYSTEM', $$ALTER SYSTEM SET explore_analytics.user_id = '2';$$),
  ('GRANT SET to oneself', $$SELECT public.current_creator_id(); GRANT SET ON PARAMETER explore_analytics.user_id TO PUBLIC; SET explore_analytics.user_id = '2';$$),
  ('SET of a function, before it is loaded', $$CREATE FUNCTION ea_tap_i_own.f{n}() RETURNS text LANGUAGE sql SET explore_analytics.user_id = '2' AS 'SELECT public.ea_tap_sees()'; SELECT ea_tap_i_own.f{n}();$$),
  ('SET FROM CURRENT of a function', $$SET explore_analytics.user_id = '2'; CREATE FUNCTION ea_tap_i_own.f{n}() RETURNS text LANGUAGE sql SET explore_analytics.user_id FROM CURRENT AS 'SELECT public.ea_tap_sees()'; SELECT ea_tap_i_own.f{n}();$$),
  ('SET of a function, after it is loaded', $$SELECT public.current_creator_id(); CREATE FUNCTION ea_tap_i_own.f{n}() RETURNS text LANGUAGE sql SET explore_analytics.user_id = '2' AS 'SELECT public.ea_tap_sees()'; SELECT ea_tap_i_own.f{n}();$$),
  ('LOAD', $$SET explore_analytics.user_id = '2'; LOAD 'explore_analytics'; LOAD '$libdir/explore_analytics';$$),
  ('a parallel worker, labelled by hand', $$SET explore_analytics.user_id = '2'; CREATE FUNCTION ea_tap_i_own.f{n}() RETURNS text LANGUAGE sql PARALLEL SAFE AS 'SELECT string_agg(content_id::text, '','') FROM public.videos_analytics()';
    SET {parallel} = on; SELECT ea_tap_i_own.f{n}(); SELECT public.current_creator_id(); SELECT ea_tap_i_own.f{n}();$$),
  ('own objects in the search path', $$CREATE FUNCTION pg_temp.current_creator_id() RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint'; CREATE TEMP TABLE identities (login name PRIMARY KEY, creator_id bigint);
    INSERT INTO identities VALUES (session_user, 2); SET search_path = pg_temp, ea_tap_i_own, public, explore_analytics;$$),
  ('writing the map', $$INSERT INTO explore_analytics.identities VALUES (session_user, 2); UPDATE explore_analytics.identities SET creator_id = 2; DELETE FROM explore_analytics.identities;
    SELECT explore_analytics.set_identity(session_user, 2); SELECT explore_analytics.set_identity(session_user, NULL); TRUNCATE explore_analytics.identities;$$),
  ('a prepared statement', $$PREPARE p AS SELECT string_agg(content_id::text, ',') FROM public.explore_video_daily; SET explore_analytics.user_id = '2'; EXECUTE p; SELECT public.current_creator_id(); EXECUTE p; SET explore_analytics.user_id = ''; EXECUTE p;$$);
INSERT INTO attempt (how, options, body) VALUES
  ('options of the connection', '-c explore_analytics.user_id=2', ''), ('options of the connection, other spelling', '--explore_analytics.user-id=2', ''),
  ('none by options of the connection', '-c explore_analytics.user_id=', ''), ('rubbish in options of the connection', '-c explore_analytics.user_id=x', ''),
  ('options, and the word for refused', '-c explore_analytics.user_id=refused', $$SELECT public.ea_tap_sees(); SET explore_analytics.user_id = 'refused';$$),
  ('options, then RESET ALL', '-c explore_analytics.user_id=2', 'SELECT public.ea_tap_sees(); RESET ALL; SELECT public.ea_tap_sees(); DISCARD ALL;'),
  ('options, then a parallel worker', '-c explore_analytics.user_id=2 -c {parallel}=on', $$CREATE FUNCTION ea_tap_i_own.f{n}() RETURNS text LANGUAGE sql PARALLEL SAFE AS 'SELECT string_agg(content_id::text, '','') FROM public.videos_analytics()';
    SELECT ea_tap_i_own.f{n}(); SELECT public.current_creator_id(); SELECT ea_tap_i_own.f{n}(); SELECT string_agg(content_id::text, ',') FROM public.explore_leaderboard;$$),
  ('a library of the connection''s own', '-c session_preload_libraries=explore_analytics -c explore_analytics.user_id=2', ''),
  ('a local library', '-c local_preload_libraries=explore_analytics -c explore_analytics.user_id=2', ''),
  ('another role in the options', '-c role=ea_tap_i_other -c explore_analytics.user_id=2', ''),
  ('another session in the options', '-c session_authorization=ea_tap_i_other', '');
CREATE TABLE public.probe AS
SELECT row_number() OVER (ORDER BY l.login, a.n)::int AS n, l.login::text, a.n AS attempt, replace(a.options, '{parallel}', :'parallel_mode') AS options,
       E'SET client_min_messages = warning;\n' || replace(replace(a.body, '{n}', l.place || '_' || a.n), '{parallel}', :'parallel_mode') || E'\nROLLBACK;\nSELECT public.ea_tap_sees();' AS body
FROM attempt a, (VALUES (1, 'ea_tap_i_creator'), (2, 'ea_tap_i_mapped'), (3, 'ea_tap_i_held')) l(place, login);
\ir include/sessions.sql

BEGIN;
SELECT no_plan();
CREATE TEMP VIEW outcome AS
SELECT p.*, a.how, h.shown, h.told, coalesce((regexp_match(h.shown, '([^\n]*)\n*$'))[1], '') AS sees,
       h.shown ~ '2002|as 2|theirs' OR h.told ~ '2002|theirs' OR p.login = 'ea_tap_i_held' AND h.shown ~ '100[13]|as 1' AS forged
FROM probe p JOIN heard h USING (n) JOIN attempt a ON a.n = p.attempt;
SELECT is_empty($$SELECT login, how, shown FROM outcome WHERE forged$$, 'nobody becomes somebody else, or everybody');
SELECT is(sees, CASE login WHEN 'ea_tap_i_held' THEN 'as nobody is refused nothing' ELSE 'as 1 sees 1001,1003 1001,1003' END, login || ' without an attempt') FROM outcome WHERE how = 'nothing' ORDER BY login;
SELECT ok(sees = 'as nobody is refused nothing' OR login <> 'ea_tap_i_held' AND sees = 'as 1 sees 1001,1003 1001,1003' OR sees = '' AND told = 'no connection', format('%s: %s (%s)', login, how, coalesce(nullif(sees, ''), 'no connection')))
FROM outcome ORDER BY n;
-- A login of the map stays what it is, as long as it does not bring a setting along that is refused.
SELECT is(sees, 'as 1 sees 1001,1003 1001,1003', 'the map holds: ' || how) FROM outcome WHERE login = 'ea_tap_i_mapped' AND options = '' AND how !~ '^(SET (before|to nobody)|set_config before|RESET$|SET FROM|LOAD|a parallel|a prepared|SET SESSION and)' ORDER BY n;
SELECT cmp_ok((SELECT count(*)::int FROM outcome WHERE sees <> ''), '>=', 100, 'nearly all of them got as far as asking');
SELECT is_empty($$SELECT how FROM attempt WHERE how ~ 'SET|ALTER|GRANT|writing' AND how !~ 'local|RESET|before|FROM CURRENT|around' AND how NOT IN (SELECT how FROM outcome WHERE told ~ '42501|55P02|0A000|25001|42704')$$, 'what is forbidden is said to be');
SELECT diag(format('RESULT identity attempts=%s forged=%s', count(*), count(*) FILTER (WHERE forged))) FROM outcome;

-- ---------------------------------------------------------------------------------------------------
-- Where an identity comes from: the setting, then the map, else nobody
-- ---------------------------------------------------------------------------------------------------
SELECT ok(:'nobody_before_install'::boolean, 'nobody before install()');
CREATE FUNCTION pg_temp.attempt(query text, role name DEFAULT NULL, login name DEFAULT NULL, identity text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  BEGIN
    IF login IS NOT NULL THEN PERFORM set_config('session_authorization', login, true); END IF;
    IF identity IS NOT NULL THEN PERFORM set_config('explore_analytics.user_id', identity, true); END IF;
    IF role IS NOT NULL THEN PERFORM set_config('role', role, true); END IF;
    EXECUTE query INTO told;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = coalesce(told, 'null');
  EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN SQLSTATE = 'ZZ001' THEN SQLERRM ELSE SQLSTATE || ' ' || SQLERRM END;
  END;
END $$;
SELECT is(pg_temp.attempt('SELECT public.ea_tap_sees()', role, login, identity), wanted, format('login %s, role %s, setting %s', login, role, coalesce(identity, 'none'))) FROM (VALUES
  ('ea_tap_i_mapped'::name, NULL::name, NULL, 'as 1 sees 1001,1003 1001,1003'), ('ea_tap_i_other', NULL, NULL, 'as 2 sees 2002 2002'), ('ea_tap_i_held', NULL, NULL, 'as nobody is refused nothing'),
  ('ea_tap_i_other', 'ea_tap_i_reader', NULL, 'as 2 sees 2002 2002'), ('ea_tap_i_gateway', 'ea_tap_i_reader', '1', 'as 1 sees 1001,1003 1001,1003'), ('ea_tap_i_gateway', 'ea_tap_i_reader', '2', 'as 2 sees 2002 2002'),
  ('ea_tap_i_gateway', 'ea_tap_i_reader', '3', 'as 3 sees nothing nothing'), ('ea_tap_i_gateway', 'ea_tap_i_reader', '', 'as nobody is refused nothing'), ('ea_tap_i_gateway', NULL, '1', '42501 permission denied for view explore_video_daily')) x(login, role, identity, wanted);
SELECT is(pg_temp.attempt('SELECT public.ea_tap_sees()', role, NULL, identity), 'as ' || coalesce(identity, 'nobody') || ' sees 1001,1003,2002 1001,1003,2002', format('%s sees everything, setting %s', role, coalesce(identity, 'none')))
FROM unnest(ARRAY['ea_tap_i_analyst', 'ea_tap_i_owner', current_user]::name[]) role, unnest(ARRAY['1', NULL]) identity;
SELECT is(pg_temp.attempt('SELECT creator_id FROM creator_analytics()', 'ea_tap_i_analyst', NULL, '1'), '1', 'an analyst with an identity has a current creator');

-- The map by hand: a gateway in the map, a member of analysts, a renamed and a dropped login.
CREATE FUNCTION pg_temp.set_identity(login name, creator bigint) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM explore_analytics.set_identity(login, creator);
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is(pg_temp.set_identity(login, creator), wanted, format('set_identity(%s, %s)', quote_nullable(login), creator)) FROM (VALUES
  (1, 'ea_tap_i_gateway'::name, 2::bigint, 'done'), (2, 'ea_tap_i_nobody', 2, '42704 role "ea_tap_i_nobody" does not exist'), (3, 'ea_tap_i_nobody', NULL, '42704 role "ea_tap_i_nobody" does not exist'),
  (4, NULL, 2, '22004 login must not be null'), (5, 'ea_tap_i_held', 0, '22023 creator_id must be positive, not 0'), (6, 'ea_tap_i_held', -1, '22023 creator_id must be positive, not -1'),
  (7, 'ea_tap_i_held', 9223372036854775807, 'done'), (8, 'ea_tap_i_held', NULL, 'done'), (9, 'ea_tap_i_held', NULL, 'done')) x(n, login, creator, wanted) ORDER BY n;
SELECT is(pg_temp.attempt('SELECT public.ea_tap_sees()', 'ea_tap_i_reader', 'ea_tap_i_gateway', identity), wanted, 'a gateway in the map, setting ' || coalesce(identity, 'none'))
FROM (VALUES (NULL, 'as 2 sees 2002 2002'), ('1', 'as 1 sees 1001,1003 1001,1003'), ('', 'as 2 sees 2002 2002')) x(identity, wanted);
GRANT ea_tap_i_analyst TO ea_tap_i_other;
SELECT is(pg_temp.attempt('SELECT public.ea_tap_sees()', NULL, 'ea_tap_i_other'), 'as 2 sees 1001,1003,2002 1001,1003,2002', 'an analyst in the map sees everything');
REVOKE ea_tap_i_analyst FROM ea_tap_i_other;
SELECT is(pg_temp.attempt($$SELECT record_engagement(1001, 'save')$$, 'ea_tap_i_writer', 'ea_tap_i_other'), '42501 permission denied to set role "ea_tap_i_writer"', 'the map gives no role');
GRANT ea_tap_i_writer TO ea_tap_i_other;
SELECT is(pg_temp.attempt($$WITH r AS MATERIALIZED (SELECT record_engagement(1001, 'save') AS r) SELECT r FROM r$$, NULL, 'ea_tap_i_other'), 'recorded', 'a writer in the map records');
ALTER ROLE ea_tap_i_other RENAME TO ea_tap_i_renamed;
SELECT is(pg_temp.attempt('SELECT public.ea_tap_sees()', NULL, 'ea_tap_i_renamed'), 'as nobody is refused nothing', 'a renamed reader has no identity');
SELECT is(pg_temp.set_identity('ea_tap_i_other', NULL), 'done', 'what is left of the old name can be removed');
SELECT is(pg_temp.set_identity('ea_tap_i_other', NULL), '42704 role "ea_tap_i_other" does not exist', 'once');
-- It is dropped and made again under a running session.
CALL explore_analytics.uninstall(true);
SELECT is(pg_temp.attempt('SELECT current_creator_id()', NULL, 'ea_tap_i_mapped'), 'null', 'nobody after uninstall()');
CALL explore_analytics.install();
SELECT is(pg_temp.attempt('SELECT current_creator_id()', NULL, 'ea_tap_i_mapped'), 'null', 'nor after install()');
SELECT is(pg_temp.set_identity('ea_tap_i_mapped', 5) || pg_temp.attempt('SELECT current_creator_id()', NULL, 'ea_tap_i_mapped'), 'done5', 'until there is an identity again');
SET LOCAL :parallel_mode = on;
SELECT is(pg_temp.attempt('SELECT current_creator_id()', NULL, 'ea_tap_i_mapped'), '5', 'in a parallel worker, too');
SET LOCAL :parallel_mode = off;

-- ---------------------------------------------------------------------------------------------------
-- The setting
-- ---------------------------------------------------------------------------------------------------
SELECT alike(pg_temp.attempt(query, role), '42501 %', role || ' cannot become somebody: ' || query)
FROM unnest(ARRAY['ea_tap_i_reader', 'ea_tap_i_analyst', 'ea_tap_i_writer', 'ea_tap_i_job', 'ea_tap_i_owner']::name[]) role,
     unnest(ARRAY[$$SET explore_analytics.user_id = '2'$$, $$SET LOCAL explore_analytics.user_id = '2'$$, $$SELECT set_config('explore_analytics.user_id', '2', true)$$,
       $$SELECT set_config('EXPLORE_ANALYTICS.User_Id', '2', false)$$, 'GRANT SET ON PARAMETER explore_analytics.user_id TO ea_tap_i_reader']) query;
SELECT alike(pg_temp.attempt(query, 'ea_tap_i_reader', NULL, '1'), '42501 %', 'nor shed the identity it was given: ' || query)
FROM unnest(ARRAY['RESET explore_analytics.user_id', 'SET explore_analytics.user_id TO DEFAULT', $$SET explore_analytics.user_id = ''$$]) query;
SELECT throws_ok(format('SET explore_analytics.user_id = %L', bad), '22023', NULL, format('"%s" is no identity', bad)) FROM unnest(ARRAY['x', '0', '-1', '1.5', '9223372036854775808', ' ', '1 OR 1', 'refused']) bad;
SELECT lives_ok($$SET explore_analytics.user_id = '9223372036854775807'; RESET explore_analytics.user_id$$, 'the largest one is');
SELECT * FROM finish();
ROLLBACK;

DROP TABLE attempt, probe, heard;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_i_owner, ea_tap_i_writer, ea_tap_i_reader, ea_tap_i_analyst, ea_tap_i_job, ea_tap_i_creator, ea_tap_i_mapped, ea_tap_i_held, ea_tap_i_gateway, ea_tap_i_other CASCADE;
DROP ROLE ea_tap_i_creator, ea_tap_i_mapped, ea_tap_i_held, ea_tap_i_gateway, ea_tap_i_other, ea_tap_i_owner, ea_tap_i_writer, ea_tap_i_reader, ea_tap_i_analyst, ea_tap_i_job;
