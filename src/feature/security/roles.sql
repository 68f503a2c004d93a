-- Roles are the server's, not the database's, so that CREATE EXTENSION makes none; this is asked for.
CREATE OR REPLACE FUNCTION explore_analytics.layout_roles()
RETURNS TABLE (suffix text, can_login boolean, may text[], description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('owner', false, '{}'::text[], 'Owns the tables of explore_analytics, sees everything; nobody logs in as it.'),
  ('writer', false, '{record}', 'Records events of explore_analytics.'),
  ('reader', false, '{read}', 'Reads explore_analytics, its own creator only; nothing without an identity.'),
  ('analyst', false, '{read,analyse}', 'Reads explore_analytics, every creator.'),
  ('job', true, '{operate}', 'Runs the jobs of explore_analytics.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_roles() IS 'The roles of create_roles(), with the grants of doors() that they get.';

CREATE OR REPLACE PROCEDURE explore_analytics.create_roles(prefix text DEFAULT 'explore')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  present record;
  made text[] := '{}';
  fresh integer;
  holder name;
BEGIN
  IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
    RAISE EXCEPTION 'permission denied to create roles' USING ERRCODE = 'insufficient_privilege',
      HINT = 'Ask a superuser: the tables may change their owner.';
  END IF;
  prefix := coalesce(prefix, 'explore');
  IF prefix = '' OR octet_length(prefix) > 55 OR prefix ~ '[[:cntrl:]]' THEN
    RAISE EXCEPTION 'invalid prefix "%"', left(prefix, 60) USING ERRCODE = 'invalid_parameter_value',
      HINT = 'It becomes names such as explore_analyst: 1 to 55 bytes, no control characters.';
  END IF;
  IF starts_with(prefix, 'pg_') THEN
    RAISE EXCEPTION 'prefix "%" is reserved', prefix USING ERRCODE = 'reserved_name', HINT = 'Names of the server''s own roles start with pg_.';
  END IF;
  PERFORM explore_analytics.require_installed();
  PERFORM pg_advisory_xact_lock('explore_analytics.install'::regproc::oid::bigint);

  FOR item IN SELECT (prefix || '_' || l.suffix)::name AS role, l.* FROM explore_analytics.layout_roles() l LOOP
    SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication INTO present FROM pg_roles r WHERE r.rolname = item.role;
    IF NOT FOUND THEN
      EXECUTE format('CREATE ROLE %I %s', item.role, CASE WHEN item.can_login THEN 'LOGIN' ELSE 'NOLOGIN' END);
      EXECUTE format('COMMENT ON ROLE %I IS %L', item.role, item.description);
      RAISE NOTICE 'created role %', quote_ident(item.role);
      made := made || item.role::text;
    ELSIF present.rolsuper OR present.rolbypassrls OR present.rolcreaterole OR present.rolreplication THEN
      RAISE EXCEPTION 'role "%" exists and is %', item.role,
        CASE WHEN present.rolsuper THEN 'a superuser' ELSE 'more than an ordinary role' END USING ERRCODE = 'duplicate_object',
        HINT = 'Choose another prefix, or take SUPERUSER, BYPASSRLS, CREATEROLE and REPLICATION from it.';
    END IF;
  END LOOP;

  SELECT pg_get_userbyid(c.relowner) INTO holder FROM pg_class c WHERE c.oid = 'explore_analytics.event_keys'::regclass;
  IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = holder) THEN
    holder := prefix || '_owner';
    RAISE NOTICE 'the tables belong to role % now', quote_ident(holder);
  ELSIF holder <> (prefix || '_owner')::name THEN
    RAISE NOTICE 'the tables stay with their owner, role %', quote_ident(holder);
  END IF;
  PERFORM explore_analytics.install_owner(holder);

  FOR item IN SELECT (prefix || '_' || l.suffix)::name AS role, l.* FROM explore_analytics.layout_roles() l WHERE l.may <> '{}' LOOP
    fresh := explore_analytics.grant_doors(item.role, item.may);
    IF item.suffix = 'job' AND EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
      fresh := fresh + (NOT has_schema_privilege(item.role, 'cron', 'USAGE'))::integer;
      EXECUTE format('GRANT USAGE ON SCHEMA cron TO %I', item.role);
    ELSIF item.suffix = 'reader' AND has_function_privilege(item.role, 'explore_analytics.sees_every_creator()', 'EXECUTE') THEN
      RAISE WARNING 'role "%" sees more than its own creator', item.role USING
        HINT = 'Revoke EXECUTE on explore_analytics.sees_every_creator() from it, and look at what it is a member of.';
    END IF;
    IF fresh > 0 THEN
      RAISE NOTICE 'granted % functions and views to role %', fresh, quote_ident(item.role);
    END IF;
  END LOOP;
  PERFORM explore_analytics.audit('create_roles', prefix, CASE made WHEN '{}' THEN 'no new role' ELSE 'created ' || array_to_string(made, ', ') END);
END $$;
COMMENT ON PROCEDURE explore_analytics.create_roles(text) IS
  'Makes the roles <prefix>_owner, _writer, _reader, _analyst and _job (LOGIN, without a password) where they are missing, and grants each what it may; can be run again. Tables of a superuser are handed to the owner. For superusers, after install(). A role of that name with superuser rights: error 42710; a bad prefix: 22023. Logged in audit_log.';
