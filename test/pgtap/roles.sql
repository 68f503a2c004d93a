-- create_roles(): what it makes, what it refuses, what it does the second time; the audit log of grants,
-- and both tables of trust through uninstall() and install().
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
BEGIN;
CREATE EXTENSION explore_analytics SCHEMA public;
SELECT no_plan();

-- A call, with its notices left out: the error it raises, or nothing.
CREATE FUNCTION pg_temp.refused(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE call;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN hint = '' THEN ' (no hint)' ELSE '' END;
END $$;
CREATE FUNCTION pg_temp.refused_as(role name, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  PERFORM set_config('role', role, true);
  told := pg_temp.refused(call);
  PERFORM set_config('role', 'none', true);
  RETURN told;
END $$;

-- ---------------------------------------------------------------------------------------------------
-- Refusals come before anything is done
-- ---------------------------------------------------------------------------------------------------
SELECT alike(pg_temp.refused($$CALL explore_analytics.create_roles('ea_tap_r')$$), '55000 explore_analytics is not installed%', 'before install()');
CREATE ROLE ea_tap_r_someone;
CREATE ROLE ea_tap_r_first CREATEROLE;
CALL explore_analytics.install('ea_tap_r_first');
SELECT is(pg_temp.refused_as('ea_tap_r_first', $$CALL explore_analytics.create_roles('ea_tap_r')$$), '42501 permission denied to create roles', 'the owner of the tables, not even with CREATEROLE');
SELECT alike(pg_temp.refused_as('ea_tap_r_someone', $$CALL explore_analytics.create_roles('ea_tap_r')$$), '42501 permission denied for schema explore_analytics%', 'somebody else');
SELECT is(pg_temp.refused(format('CALL explore_analytics.create_roles(%L)', prefix)), '22023 invalid prefix "' || left(prefix, 60) || '"', 'a bad prefix: ' || left(quote_literal(prefix), 20))
FROM unnest(ARRAY['', repeat('x', 56), repeat('é', 28), E'ea\ntap', E'ea\x01tap', E'ea\x7ftap']) prefix;
SELECT is(pg_temp.refused($$CALL explore_analytics.create_roles('pg_tap')$$), '42939 prefix "pg_tap" is reserved', 'a reserved prefix');
CREATE ROLE ea_tap_super_reader SUPERUSER;
CREATE ROLE ea_tap_bypass_job BYPASSRLS;
CREATE ROLE ea_tap_maker_owner CREATEROLE;
CREATE ROLE ea_tap_copy_writer REPLICATION;
SELECT is(pg_temp.refused(format('CALL explore_analytics.create_roles(%L)', prefix)), words, 'a role of that name with too many rights: ' || prefix)
FROM (VALUES ('ea_tap_super', '42710 role "ea_tap_super_reader" exists and is a superuser'), ('ea_tap_bypass', '42710 role "ea_tap_bypass_job" exists and is more than an ordinary role'),
  ('ea_tap_maker', '42710 role "ea_tap_maker_owner" exists and is more than an ordinary role'), ('ea_tap_copy', '42710 role "ea_tap_copy_writer" exists and is more than an ordinary role')) x(prefix, words);
SELECT is_empty($$SELECT rolname FROM pg_roles WHERE rolname ~ '^ea_tap_(r|super|bypass|maker|copy)_(owner|writer|reader|analyst|job)$'
  AND rolname NOT IN ('ea_tap_super_reader', 'ea_tap_bypass_job', 'ea_tap_maker_owner', 'ea_tap_copy_writer')$$, 'none of these attempts left a role');

-- ---------------------------------------------------------------------------------------------------
-- Tables of an ordinary owner stay; those of a superuser are handed over
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP VIEW owners AS SELECT string_agg(DISTINCT owner::text COLLATE "C", ',') AS owners FROM explore_analytics.relations();
CALL explore_analytics.create_roles('ea_tap_r');
SELECT is((SELECT owners FROM owners), 'ea_tap_r_first', 'tables of an ordinary owner stay with it');
SELECT results_eq($$SELECT rolname::text COLLATE "default", rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname ~ '^ea_tap_r_(owner|writer|reader|analyst|job)$' ORDER BY rolname$$,
  $$VALUES ('ea_tap_r_analyst', false, false), ('ea_tap_r_job', true, false), ('ea_tap_r_owner', false, false), ('ea_tap_r_reader', false, false), ('ea_tap_r_writer', false, false)$$, 'the five roles, without special rights');
SELECT is((SELECT rolpassword FROM pg_authid WHERE rolname = 'ea_tap_r_job'), NULL, 'the job has no password');
SELECT is_empty($$SELECT rolname FROM pg_roles WHERE rolname ~ '^ea_tap_r_(owner|writer|reader|analyst|job)$' AND shobj_description(oid, 'pg_authid') IS NULL$$, 'each says what it is');

-- What each was granted; a role that may nothing yet shows a function of a later version.
CREATE TEMP VIEW granted AS
SELECT substring(a.grantee::regrole::text FROM '[a-z]+$') AS role, p.oid::regprocedure::text AS what
FROM pg_proc p, aclexplode(p.proacl) a WHERE a.grantee::regrole::text ~ '^ea_tap_r_(writer|reader|analyst|job)$'
UNION ALL
SELECT substring(a.grantee::regrole::text FROM '[a-z]+$'), c.oid::regclass::text FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee::regrole::text ~ '^ea_tap_r_(writer|reader|analyst|job)$'
UNION ALL
SELECT substring(a.grantee::regrole::text FROM '[a-z]+$'), 'schema ' || n.nspname FROM pg_namespace n, aclexplode(n.nspacl) a WHERE a.grantee::regrole::text ~ '^ea_tap_r_(writer|reader|analyst|job)$';
CREATE TEMP VIEW wanted AS
WITH grants AS (SELECT * FROM (VALUES ('writer', 'record'), ('reader', 'read'), ('analyst', 'read'), ('analyst', 'analyse'), ('job', 'operate')) g(role, may))
SELECT g.role, d.signature::text AS what FROM grants g JOIN explore_analytics.doors() d USING (may)
UNION ALL SELECT g.role, r.relation::text FROM grants g JOIN explore_analytics.relations() r ON (g.may, r.role) IN (('read', 'view'), ('operate', 'status'))
UNION ALL SELECT DISTINCT g.role, 'schema public' FROM grants g
UNION ALL VALUES ('job', 'schema explore_analytics'), ('analyst', 'explore_analytics.sees_every_creator()');
SELECT bag_eq('SELECT * FROM granted', 'SELECT * FROM wanted', 'each role was granted its doors and views, and nothing else');
SELECT cmp_ok((SELECT count(*)::int FROM granted), '>=', 60, 'which are not few');
-- grant_access() gives the same to roles of one's own.
CREATE FUNCTION pg_temp.has(role text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT p.oid::regprocedure::text FROM pg_proc p, aclexplode(p.proacl) a WHERE a.grantee = role::regrole
  UNION ALL SELECT c.oid::regclass::text FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee = role::regrole
  UNION ALL SELECT 'schema ' || n.nspname FROM pg_namespace n, aclexplode(n.nspacl) a WHERE a.grantee = role::regrole
$$;
CREATE ROLE ea_tap_r_may_read;
CREATE ROLE ea_tap_r_may_analyse;
CREATE ROLE ea_tap_r_may_record;
SELECT FROM unnest(ARRAY['read', 'analyse', 'record']) may, explore_analytics.grant_access(('ea_tap_r_may_' || may)::name, may);
SELECT bag_eq(format('SELECT pg_temp.has(%L)', 'ea_tap_r_may_' || may), format('SELECT pg_temp.has(%L)', 'ea_tap_r_' || role), may || ' is what the ' || role || ' has')
FROM (VALUES ('read', 'reader'), ('analyse', 'analyst'), ('record', 'writer')) v(may, role);
SELECT FROM explore_analytics.grant_access('ea_tap_r_may_read', 'analyse');
SELECT bag_eq($$SELECT pg_temp.has('ea_tap_r_may_read')$$, $$SELECT pg_temp.has('ea_tap_r_analyst')$$, 'a reader becomes an analyst');

SELECT is(pg_temp.refused($$CALL explore_analytics.create_roles('ea_tap_r')$$), 'accepted', 'it can be run again');
SELECT bag_eq('SELECT * FROM granted', 'SELECT * FROM wanted', 'and changes nothing');
-- What an upgrade brings: doors and rights that roles and owner do not have yet.
REVOKE EXECUTE ON FUNCTION video_analytics(bigint, timestamptz, timestamptz) FROM ea_tap_r_reader, ea_tap_r_analyst, ea_tap_r_first CASCADE;
REVOKE EXECUTE ON FUNCTION explore_analytics.sees_every_creator() FROM ea_tap_r_analyst, ea_tap_r_first CASCADE;
DROP ROLE ea_tap_r_owner;
CALL explore_analytics.create_roles('ea_tap_r');
SELECT bag_eq('SELECT * FROM granted', 'SELECT * FROM wanted', 'after an upgrade it grants what is missing');
SELECT ok(has_function_privilege('ea_tap_r_first', 'explore_analytics.sees_every_creator()', 'EXECUTE WITH GRANT OPTION') AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'ea_tap_r_owner'), 'to the owner, too, and makes a missing role');

-- Odd names, and NULL for the default.
CREATE ROLE ea_tap_r_postgres SUPERUSER;
SELECT pg_temp.refused(format('ALTER %s %s OWNER TO ea_tap_r_postgres', r.kind, r.relation)) FROM explore_analytics.relations() r \g /dev/null
CALL explore_analytics.create_roles(E'Ea "tap"; \'o\' \\');
SELECT is((SELECT owners FROM owners), E'Ea "tap"; \'o\' \\_owner', 'tables of a superuser are handed to the owner, whose name may be odd');
SELECT is((SELECT count(*)::int FROM pg_roles WHERE starts_with(rolname, E'Ea "tap"; \'o\' \\_')), 5, 'with quotes and a semicolon in its name');
SELECT is((SELECT string_agg(c.relname, ',') FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND c.relkind IN ('r', 'p', 'm', 'S', 'v')
  AND c.relowner <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = E'Ea "tap"; \'o\' \\_owner') AND c.relname !~ '^(pg|tap|__|_time)'), NULL, 'sequences and partitions follow');
CALL explore_analytics.create_roles(repeat('y', 55));
SELECT is((SELECT count(*)::int FROM pg_roles WHERE starts_with(rolname, repeat('y', 55) || '_')), 5, 'the longest prefix is not cut');
SELECT pg_temp.refused('CALL explore_analytics.create_roles(NULL)') AS by_default \gset
SELECT is(:'by_default' || ' ' || count(*), 'accepted 5', 'NULL means the default') FROM pg_roles WHERE rolname IN ('explore_owner', 'explore_writer', 'explore_reader', 'explore_analyst', 'explore_job');

-- ---------------------------------------------------------------------------------------------------
-- The audit log
-- ---------------------------------------------------------------------------------------------------
CREATE ROLE ea_tap_r_login LOGIN;
GRANT ea_tap_r_first TO ea_tap_r_someone;
CALL explore_analytics.install('ea_tap_r_first');
SELECT FROM explore_analytics.grant_access('ea_tap_r_someone', 'record');
SET LOCAL ROLE ea_tap_r_someone;
SET LOCAL client_min_messages = error;
SELECT FROM explore_analytics.set_identity('ea_tap_r_login', 7);
SELECT FROM explore_analytics.set_identity('ea_tap_r_login', 8);
SELECT FROM explore_analytics.set_identity('ea_tap_r_login', NULL);
RESET ROLE;
SELECT results_eq($$SELECT action, subject, detail, login = session_user, role::text COLLATE "default" FROM explore_analytics.audit_log WHERE subject LIKE 'ea\_tap\_r%' AND subject NOT LIKE '%\_may\_%' ORDER BY id$$, format($$VALUES
  ('create_roles', 'ea_tap_r', 'created ea_tap_r_owner, ea_tap_r_writer, ea_tap_r_reader, ea_tap_r_analyst, ea_tap_r_job', true, %1$L),
  ('create_roles', 'ea_tap_r', 'no new role', true, %1$L), ('create_roles', 'ea_tap_r', 'created ea_tap_r_owner', true, %1$L),
  ('grant_access', 'ea_tap_r_someone', 'record', true, %1$L),
  ('set_identity', 'ea_tap_r_login', 'creator 7', true, 'ea_tap_r_someone'), ('set_identity', 'ea_tap_r_login', 'creator 8', true, 'ea_tap_r_someone'),
  ('set_identity', 'ea_tap_r_login', 'none', true, 'ea_tap_r_someone')$$, current_user), 'create_roles, grant_access and set_identity leave entries; refused calls leave none');
SELECT is(pg_temp.refused_as(role, change), format('42501 table explore_analytics.audit_log takes new rows only, not %s', split_part(change, ' ', 1)), format('the log is append-only for %s: %s', role, split_part(change, ' ', 1)))
FROM unnest(ARRAY['ea_tap_r_first', current_user]::name[]) role, unnest(ARRAY['UPDATE explore_analytics.audit_log SET detail = NULL', 'DELETE FROM explore_analytics.audit_log WHERE false', 'TRUNCATE explore_analytics.audit_log']) change;
SET LOCAL session_replication_role = replica;
SELECT alike(pg_temp.refused('DELETE FROM explore_analytics.audit_log'), '42501 %', 'also where triggers are off for replication');
SELECT alike(pg_temp.refused($$MERGE INTO explore_analytics.audit_log a USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE$$), '42501 %', 'and for MERGE');
SET LOCAL session_replication_role = origin;
SELECT alike(pg_temp.refused_as(role, query), '42501 %', format('%s: %s', role, query))
FROM unnest(ARRAY['ea_tap_r_reader', 'ea_tap_r_analyst', 'ea_tap_r_writer', 'ea_tap_r_job']::name[]) role,
     unnest(ARRAY['TABLE explore_analytics.audit_log', $$INSERT INTO explore_analytics.audit_log (action) VALUES ('x')$$, 'TABLE explore_analytics.identities',
       $$INSERT INTO explore_analytics.identities VALUES ('ea_tap_r_login', 9)$$, $$SELECT explore_analytics.set_identity('ea_tap_r_login', 9)$$,
       'CALL explore_analytics.create_roles()', 'SELECT explore_analytics.sees_every_creator()']) query
WHERE NOT (role = 'ea_tap_r_analyst' AND query LIKE '%sees_every%');

-- ---------------------------------------------------------------------------------------------------
-- uninstall() puts log and identities aside, install() takes them back
-- ---------------------------------------------------------------------------------------------------
SELECT FROM explore_analytics.set_identity('ea_tap_r_login', 7);
DROP VIEW owners, wanted;
CREATE TEMP TABLE before AS SELECT id, logged_at, login, role, action, subject, detail FROM explore_analytics.audit_log;
CALL explore_analytics.uninstall();
SELECT bag_eq('SELECT id, logged_at, login, role, action, subject, detail FROM explore_audit_log', 'TABLE before', 'uninstall() keeps the log');
SELECT results_eq('SELECT login::text COLLATE "default", creator_id FROM explore_identities', $$VALUES ('ea_tap_r_login', 7::bigint)$$, 'and the identities');
SELECT is((SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ',') FROM pg_class WHERE relname IN ('explore_audit_log', 'explore_identities')), 'ea_tap_r_first', 'which belong to the owner');
SELECT lives_ok('DROP EXTENSION explore_analytics', 'DROP EXTENSION leaves them alone');
SELECT is((SELECT count(*) FROM explore_audit_log), (SELECT count(*) FROM before), 'they are still there');
CREATE EXTENSION explore_analytics SCHEMA public;
SAVEPOINT kept;
ALTER TABLE explore_audit_log OWNER TO ea_tap_r_login;
SELECT alike(pg_temp.refused($$CALL explore_analytics.install('ea_tap_r_first')$$), '42P07 relation public.explore_audit_log exists and belongs to role "ea_tap_r_login"', 'a log of somebody else is not taken');
ROLLBACK TO kept;
ALTER TABLE explore_audit_log DROP COLUMN action;
SELECT alike(pg_temp.refused($$CALL explore_analytics.install('ea_tap_r_first')$$), '42P07 relation public.explore_audit_log exists, but is not what uninstall() left%', 'nor is one that does not fit');
ROLLBACK TO kept;
CALL explore_analytics.install('ea_tap_r_first');
SELECT bag_eq('SELECT id, logged_at, login, role, action, subject, detail FROM explore_analytics.audit_log', 'TABLE before', 'install() takes the log back');
SELECT results_eq('SELECT login::text COLLATE "default", creator_id FROM explore_analytics.identities', $$VALUES ('ea_tap_r_login', 7::bigint)$$, 'and the identities');
SELECT is(coalesce(to_regclass('explore_audit_log'), to_regclass('explore_identities')), NULL, 'nothing is left of the copies');
SELECT FROM explore_analytics.grant_access('ea_tap_r_someone', 'read');
SELECT is((SELECT action FROM explore_analytics.audit_log ORDER BY id DESC LIMIT 1), 'grant_access', 'the log goes on where it was');
SELECT alike(pg_temp.refused('DELETE FROM explore_analytics.audit_log'), '42501 %', 'and is append-only again');
CALL explore_analytics.uninstall(true);
SELECT is_empty($$SELECT relname FROM pg_class WHERE relname IN ('explore_audit_log', 'explore_identities', 'audit_log', 'identities')$$, 'uninstall(true) drops both');
SELECT lives_ok('DROP EXTENSION explore_analytics', 'DROP EXTENSION goes after that');

SELECT * FROM finish();
ROLLBACK;
