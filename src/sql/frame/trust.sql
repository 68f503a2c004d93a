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
   'How much the recording functions take from a role and for a session; empty: any number. Changed by plain SQL, in force with the commit.'),
  ('identities', 'login name PRIMARY KEY, creator_id bigint NOT NULL CHECK (creator_id > 0)',
   'Logins that stand for a creator; kept by set_identity().'),
  ('cohorts', 'name text PRIMARY KEY CHECK (name <> ''''), owner name NOT NULL, rule jsonb NOT NULL,
    defined_at timestamptz NOT NULL DEFAULT now()',
   'Rules about viewers; kept by define_cohort(). Who meets them is found out when it is asked.'),
  ('experiments', 'name text PRIMARY KEY CHECK (name <> ''''), variants text[] NOT NULL, weights double precision[] NOT NULL,
    seed text NOT NULL CHECK (seed <> ''''), coverage double precision NOT NULL CHECK (coverage BETWEEN 0 AND 1),
    alpha double precision NOT NULL CHECK (alpha > 0 AND alpha < 1), tuning double precision NOT NULL CHECK (tuning > 0),
    defined_at timestamptz NOT NULL DEFAULT now(), CHECK (cardinality(variants) BETWEEN 2 AND 100), CHECK (cardinality(weights) = cardinality(variants))',
   'Experiments; kept by define_experiment(), which changes no more than the coverage of one that has an exposure.'),
  ('excluded_viewers', 'viewer_key bigint PRIMARY KEY CHECK (viewer_key <> 0), reason text, excluded_at timestamptz NOT NULL DEFAULT now(),
    epoch bigint NOT NULL, heir bigint CHECK (heir > 0)',
   'Viewers who do not count; kept by exclude_traffic() and restore_traffic(), and looked up by recording.'),
  ('boost_days', 'campaign_id bigint NOT NULL, day date NOT NULL, charged numeric NOT NULL CHECK (charged >= 0), PRIMARY KEY (campaign_id, day)',
   'What campaigns with a daily budget were charged for each day; kept by charge_boost().')
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
  ('rate_limits', 'burst', 'Events that may come at once, and the largest batch; at most what comes in 1e9 seconds.'),
  ('identities', 'login', 'Name of the login role.'),
  ('identities', 'creator_id', 'The creator it stands for.'),
  ('cohorts', 'name', 'Name of the cohort.'),
  ('cohorts', 'owner', 'Role that defined it; its to use and to change.'),
  ('cohorts', 'rule', 'The rule, as it was given.'),
  ('cohorts', 'defined_at', 'When the rule was given.'),
  ('experiments', 'name', 'Name of the experiment.'),
  ('experiments', 'variants', 'Names of the variants; the first is the control.'),
  ('experiments', 'weights', 'Share of each variant; they sum to 1.'),
  ('experiments', 'seed', 'What is hashed with a unit to assign it.'),
  ('experiments', 'coverage', 'Share of each variant''s units that takes part, 0..1.'),
  ('experiments', 'alpha', 'Chance of a false alarm that was chosen beforehand.'),
  ('experiments', 'tuning', 'Of sequential results: the number of units at which they are sharpest.'),
  ('experiments', 'defined_at', 'When it was defined, or changed last.'),
  ('excluded_viewers', 'viewer_key', 'User id, or minus the session id of an anonymous visitor.'),
  ('excluded_viewers', 'reason', 'Why, as it was given.'),
  ('excluded_viewers', 'excluded_at', 'Since when.'),
  ('excluded_viewers', 'epoch', 'While the transaction that takes the viewer out or back is under way: recordings of epochs up to this are as before it.'),
  ('excluded_viewers', 'heir', 'Of a visitor who has logged in since: the user, whose the events are once they are back.'),
  ('boost_days', 'campaign_id', 'The campaign.'),
  ('boost_days', 'day', 'A day of the campaign''s time zone.'),
  ('boost_days', 'charged', 'Sum of the charges for that day; credits do not lessen it.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_trust_columns() IS 'The columns of the tables of trust, with their descriptions.';

-- Those that outlive uninstall(), under another name in the schema of the tables.
CREATE OR REPLACE FUNCTION explore_analytics.layout_kept()
RETURNS TABLE (relation_name text, kept_as text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES ('audit_log', 'explore_audit_log'), ('identities', 'explore_identities'), ('rate_limits', 'explore_rate_limits'), ('cohorts', 'explore_cohorts'), ('experiments', 'explore_experiments'),
  ('excluded_viewers', 'explore_excluded_viewers'),
  ('boost_days', 'explore_boost_days')
$$;
COMMENT ON FUNCTION explore_analytics.layout_kept() IS 'The tables of trust that uninstall() keeps for the next install(), with the names they have meanwhile.';

CREATE OR REPLACE FUNCTION explore_analytics.install_trust() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT * FROM explore_analytics.layout_trust() LOOP
    IF to_regclass(format('explore_analytics.%I', item.relation_name)) IS NULL THEN
      EXECUTE explore_analytics.in_home(format('CREATE TABLE explore_analytics.%I (%s)', item.relation_name, item.definition));
    END IF;
    EXECUTE format('COMMENT ON TABLE explore_analytics.%I IS %L', item.relation_name, item.description);
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_trust_columns() LOOP
    EXECUTE format('COMMENT ON COLUMN explore_analytics.%I.%I IS %L', item.relation_name, item.column_name, item.description);
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.install_trust() IS 'Internal: makes the tables of trust.';

CREATE OR REPLACE FUNCTION explore_analytics.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'table %.% takes new rows only, not %', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege',
    HINT = 'Its entries stay. What must go sooner goes with the whole table: the owner or a superuser can drop the trigger.';
END $$;
COMMENT ON FUNCTION explore_analytics.refuse_change() IS 'Internal: trigger on audit_log; refuses everything but new rows.';

-- Copies, because the table itself has defaults and triggers of ours, which DROP EXTENSION would have to take along.
CREATE OR REPLACE FUNCTION explore_analytics.put_aside() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  any_row boolean;
  months bigint := 0;
BEGIN
  IF to_regclass('explore_analytics.dropped_partitions') IS NOT NULL THEN
    SELECT count(*) INTO months FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL;
  END IF;
  IF months > 0 THEN
    RAISE EXCEPTION 'the rollups are the only copy of % dropped partitions of raw events', months
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Dump the database first; uninstall(true), drop_data, then drops these numbers and all tables.';
  END IF;
  FOR item IN SELECT l.relation_name, format('%I.%I', explore_analytics.home(), l.kept_as) AS kept FROM explore_analytics.layout_kept() l
              WHERE to_regclass('explore_analytics.' || l.relation_name) IS NOT NULL LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM explore_analytics.%I)', item.relation_name) INTO any_row;
    CONTINUE WHEN NOT any_row;
    IF to_regclass(item.kept) IS NOT NULL THEN
      RAISE EXCEPTION 'relation % exists', item.kept USING ERRCODE = 'duplicate_table',
        HINT = format('uninstall() keeps the rows of explore_analytics.%I under that name; rename the relation.', item.relation_name);
    END IF;
    EXECUTE format('CREATE TABLE %s AS TABLE explore_analytics.%I', item.kept, item.relation_name);
    EXECUTE format('COMMENT ON TABLE %s IS %L', item.kept, format('Rows of explore_analytics.%I, kept by uninstall(); install() takes them back.', item.relation_name));
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.put_aside() IS 'Internal: copies tables of trust to where uninstall() leaves them; error 55000 where raw events were dropped. Run with the owner''s rights.';

CREATE OR REPLACE FUNCTION explore_analytics.take_back() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
  columns text;
  numbered name;
  kept_name text;
BEGIN
  FOR item IN
    SELECT format('explore_analytics.%I', l.relation_name)::regclass AS target, c.oid::regclass AS kept, c.relkind = 'r' AND pg_get_userbyid(c.relowner) = current_user AS ours
    FROM explore_analytics.layout_kept() l JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', explore_analytics.home(), l.kept_as))
  LOOP
    -- A stranger's view or table would bring functions that run with our owner's rights.
    IF NOT item.ours THEN
      RAISE EXCEPTION 'relation % exists, but is not a table of role "%"', item.kept, current_user USING ERRCODE = 'duplicate_table',
        HINT = format('uninstall() keeps the rows of %s under that name. Rename it, then call explore_analytics.install() again.', item.target);
    END IF;
    kept_name := item.kept::text;
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
    FROM pg_attribute a JOIN pg_attribute k ON k.attrelid = item.kept AND k.attname = a.attname AND k.atttypid = a.atttypid AND NOT k.attisdropped
    WHERE a.attrelid = item.target AND a.attnum > 0 AND NOT a.attisdropped;
    BEGIN
      EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM ONLY %s', item.target, columns, item.kept);
    EXCEPTION WHEN OTHERS THEN
      RAISE EXCEPTION 'relation % exists, but is not what uninstall() left of %', item.kept, item.target USING ERRCODE = 'duplicate_table',
        DETAIL = SQLERRM, HINT = 'Rename it, then call explore_analytics.install() again.';
    END;
    FOR numbered IN SELECT a.attname FROM pg_attribute a WHERE a.attrelid = item.target AND a.attidentity <> '' LOOP
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), max(%I), true) FROM %s', item.target, numbered, numbered, item.target);
    END LOOP;
    EXECUTE format('DROP TABLE %s', item.kept);
    RAISE NOTICE 'took back the rows that an earlier uninstall() left in %', kept_name;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.take_back() IS 'Internal: the rows that an earlier uninstall() left, back into the tables of trust; run with the owner''s rights.';

-- An entry of the audit log, written with the owner's rights: the log has the owner's triggers, if any.
CREATE OR REPLACE FUNCTION explore_analytics.write_audit(entry jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO explore_analytics.audit_log (role, action, subject, detail)
  VALUES ((entry ->> 'role')::name, entry ->> 'action', entry ->> 'subject', entry ->> 'detail')
$$;
COMMENT ON FUNCTION explore_analytics.write_audit(jsonb) IS 'Internal: adds an entry to the audit log; run with the owner''s rights.';
CREATE OR REPLACE FUNCTION explore_analytics.audit(action text, subject text, detail text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT explore_analytics.as_owner(pg_get_userbyid(c.relowner), 'write_audit',
    jsonb_build_object('role', current_user, 'action', action, 'subject', subject, 'detail', detail)::text)
  FROM pg_class c WHERE c.oid = 'explore_analytics.audit_log'::regclass
$$;
COMMENT ON FUNCTION explore_analytics.audit(text, text, text) IS 'Internal: notes in the audit log what the caller did.';
