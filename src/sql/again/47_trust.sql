-- Tables of trust: who did what, and what is configured about whom. No reader is granted any of it.
CREATE OR REPLACE FUNCTION explore_analytics.layout_trust()
RETURNS TABLE (relation_name text, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('audit_log', 'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    login name NOT NULL DEFAULT session_user, role name NOT NULL DEFAULT current_user, creator_id bigint DEFAULT {s}.current_creator_id(),
    action text NOT NULL, subject text, row_count bigint, detail text',
   'Erasures, exports and grants, one row each, in the transaction that did them; rows are never changed or removed.'),
  ('rate_limits', 'scope text NOT NULL CHECK (scope IN (''role'', ''session'')),
    name text NOT NULL DEFAULT ''*'' CHECK (name <> '''' AND octet_length(name) < 64),
    events_per_second double precision NOT NULL CHECK (events_per_second > 0 AND events_per_second <= 1000000000),
    burst bigint NOT NULL CHECK (burst > 0), PRIMARY KEY (scope, name),
    CHECK (scope <> ''session'' OR name = ''*''), CHECK (burst <= events_per_second * 1000000000)',
   'How much the recording functions take from a role and for a session; empty: any number. Changed by plain SQL, in force with the commit.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_trust() IS 'The tables of trust, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_trust_columns()
RETURNS TABLE (relation_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('audit_log', 'id', 'Order of the entries.'),
  ('audit_log', 'logged_at', 'When it was done.'),
  ('audit_log', 'login', 'Who had logged in.'),
  ('audit_log', 'role', 'Role that called, after SET ROLE.'),
  ('audit_log', 'creator_id', 'Identity of the session, if it had one.'),
  ('audit_log', 'action', 'What was done, such as forget_viewer, export_viewer or grant_access.'),
  ('audit_log', 'subject', 'To whom or what: a role, or the digest of a viewer''s id.'),
  ('audit_log', 'row_count', 'Rows concerned; null where that has no meaning.'),
  ('audit_log', 'detail', 'Particulars, never ids of viewers.'),
  ('rate_limits', 'scope', 'role: each role that calls; session: each feed session.'),
  ('rate_limits', 'name', 'A role''s name, or * for every role without a row of its own (superusers excepted); for sessions *.'),
  ('rate_limits', 'events_per_second', 'Events in the long run, at most 1e9 and more than nothing.'),
  ('rate_limits', 'burst', 'Events that may come at once, and the largest batch; at most what comes in 1e9 seconds.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_trust_columns() IS 'The columns of the tables of trust, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.install_trust() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT * FROM explore_analytics.layout_trust() LOOP
    IF to_regclass(format('explore_analytics.%I', item.relation_name)) IS NULL THEN
      PERFORM explore_analytics.ddl(format('CREATE TABLE explore_analytics.%I (%s)', item.relation_name, item.definition));
    END IF;
    EXECUTE format('COMMENT ON TABLE explore_analytics.%I IS %L', item.relation_name, item.description);
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_trust_columns() LOOP
    EXECUTE format('COMMENT ON COLUMN explore_analytics.%I.%I IS %L', item.relation_name, item.column_name, item.description);
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.install_trust() IS 'Internal: makes the tables of trust.';
