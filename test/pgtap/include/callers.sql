-- For a file that has made the extension itself, before install(): an owner, a reader, an analyst, a writer and somebody without rights, as roles
-- ea_tap_:family_owner and so on, pg_temp.failure(query), which says how a query is refused, and pg_temp.answer(role, query, identity), which says what
-- somebody is told.
SELECT set_config('tap.family', 'ea_tap_' || :'family' || '_', false) \g /dev/null
DO $$
DECLARE
  family text := current_setting('tap.family');
  role regrole;
  part text;
BEGIN
  -- What an interrupted run left behind.
  FOR role IN SELECT oid FROM pg_roles WHERE starts_with(rolname, family) LOOP
    EXECUTE format('DROP OWNED BY %s CASCADE', role);
    EXECUTE format('DROP ROLE %s', role);
  END LOOP;
  FOREACH part IN ARRAY ARRAY['owner', 'reader', 'analyst', 'writer', 'nobody'] LOOP
    EXECUTE format('CREATE ROLE %I', family || part);
  END LOOP;
END $$;
SELECT format('CALL explore_analytics.install(%L)', current_setting('tap.family') || 'owner') \gexec
SELECT explore_analytics.grant_access((current_setting('tap.family') || role)::name, may) FROM (VALUES ('reader', 'read'), ('analyst', 'analyse'), ('writer', 'record')) g(role, may) \g /dev/null
CREATE FUNCTION pg_temp.failure(query text, OUT state text, OUT message text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  state := 'none';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END $$;
CREATE FUNCTION pg_temp.answer(role name, query text, identity text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  BEGIN
    PERFORM set_config('explore_analytics.user_id', identity, true), set_config('role', role, true);
    EXECUTE format('SELECT coalesce(string_agg(x::text, '' ''), '''') FROM (%s) x', query) INTO told;
    PERFORM set_config('role', 'none', true);
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = told;
  EXCEPTION WHEN OTHERS THEN
    told := CASE WHEN SQLSTATE = 'ZZ001' THEN SQLERRM ELSE SQLSTATE || ' ' || SQLERRM END;
  END;
  RETURN told;
END $$;
