-- Checks of who owns what, who may what, and of what jobs leave behind. Placeholders as in checks_rollups.sql.
CREATE OR REPLACE FUNCTION explore_analytics.checks_of_tables()
RETURNS TABLE (check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('owner', true, 'tables', $check$
    SELECT CASE WHEN o.strange IS NOT NULL THEN 'FAIL' WHEN o.super THEN 'WARN' ELSE 'OK' END,
      CASE WHEN o.strange IS NOT NULL THEN format('not all belongs to role %s: %s', o.name, o.strange)
           WHEN o.super THEN format('role %s owns the tables and is a superuser, so every function works with its rights', o.name)
           ELSE format('role %s owns the tables', o.name) END,
      CASE WHEN o.strange IS NOT NULL THEN format('CALL explore_analytics.install(%L);', o.name)
           WHEN o.super THEN 'CALL explore_analytics.create_roles();' END
    FROM (SELECT pg_get_userbyid(c.relowner) AS name, (SELECT a.rolsuper FROM pg_roles a WHERE a.oid = c.relowner) AS super,
            (SELECT string_agg(r.relation::text, ', ' ORDER BY r.relation::text) FROM explore_analytics.relations() r WHERE r.owner <> pg_get_userbyid(c.relowner)) AS strange
          FROM pg_class c WHERE c.oid = {e}) o$check$),

  -- INSERT of columns is how a loader may COPY (docs/record.md), as long as it cannot choose the epoch.
  ('grants', true, 'tables', $check$
    WITH granted AS (
      SELECT r.relation, a.grantee FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation, aclexplode(c.relacl) a
      WHERE r.role NOT IN ('view', 'status') AND a.grantee <> c.relowner
      UNION
      SELECT r.relation, a.grantee FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
        JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0, aclexplode(t.attacl) a
      WHERE r.role NOT IN ('view', 'status') AND a.grantee <> c.relowner
        AND NOT (r.role IN ('table', 'partition') AND a.privilege_type = 'INSERT' AND t.attname <> 'epoch')
    ), named AS (
      SELECT g.*, g.grantee = 0 AS everybody, coalesce(a.rolname, 'PUBLIC') AS name, c.relkind = 'S' AS sequence
      FROM granted g JOIN pg_class c ON c.oid = g.relation LEFT JOIN pg_roles a ON a.oid = g.grantee WHERE NOT coalesce(a.rolsuper, false)
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_or(n.everybody) THEN 'FAIL' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'tables and rollups are granted to nobody'
           ELSE 'roles reach past the functions: ' || string_agg(format('%s on %s', n.name, n.relation), ', ' ORDER BY n.relation::text, n.name) END,
      string_agg(format('REVOKE ALL ON %s %s FROM %s;', CASE WHEN n.sequence THEN 'SEQUENCE' ELSE 'TABLE' END, n.relation,
                        CASE WHEN n.everybody THEN 'PUBLIC' ELSE quote_ident(n.name) END), E'\n' ORDER BY n.relation::text, n.name)
    FROM named n$check$),

  ('public_functions', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'functions that reach the tables are not granted to everybody' ELSE 'everybody may call ' || string_agg(d.signature::text, ', ' ORDER BY d.signature::text) END,
      string_agg(format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC;', d.signature), E'\n' ORDER BY d.signature::text)
    FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature
    WHERE EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')$check$),

  -- Contents may have moved unseen: install() notes all creators, and the next refresh makes them anew.
  ('triggers', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'all are there and fire'
           ELSE string_agg(format('%s of %s %s', b.trigger_name, b.relation, b.fault), ', ' ORDER BY b.relation::text, b.trigger_name) END,
      concat_ws(E'\n',
        CASE WHEN count(*) > 0 THEN 'CALL explore_analytics.install();' END,
        CASE WHEN bool_or(b.notes) THEN 'CALL explore_analytics.refresh();' END)
    FROM explore_analytics.wrong_triggers() b$check$),

  ('foreign_triggers', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_or(r.role = 'rollup') THEN 'FAIL' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'no table has a trigger of a stranger'
           ELSE 'triggers that run a stranger''s code, or change what rollups hold: ' || string_agg(format('%s of %s', t.tgname, r.relation), ', ' ORDER BY r.relation::text, t.tgname) END,
      string_agg(format('ALTER TABLE %s DISABLE TRIGGER %I;', r.relation, t.tgname), E'\n' ORDER BY r.relation::text, t.tgname)
    FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
    JOIN pg_trigger t ON t.tgrelid = r.relation AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    JOIN pg_proc p ON p.oid = t.tgfoid LEFT JOIN pg_roles a ON a.oid = p.proowner
    WHERE NOT EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND e.extname = 'explore_analytics')
      AND (r.role IN ('rollup', 'key', 'trust') OR NOT (p.proowner = c.relowner OR coalesce(a.rolsuper, false)))$check$),

  -- What the server refuses: UPDATE and DELETE of a published row that nothing identifies, or that is identified by
  -- columns which are not published.
  ('publications', true, 'tables', $check$
    WITH RECURSIVE place AS (
      SELECT r.relation::oid AS table_oid, r.relation::oid AS published FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation WHERE c.relkind = 'r'
      UNION ALL SELECT p.table_oid, i.inhparent FROM place p JOIN pg_inherits i ON i.inhrelid = p.published
    ), published AS (
      SELECT p.table_oid, b.oid AS publication, b.pubname, l.prrelid AS listed, l.prattrs
      FROM place p JOIN pg_class c ON c.oid = p.published JOIN pg_publication b ON b.pubupdate OR b.pubdelete
      LEFT JOIN pg_publication_rel l ON l.prpubid = b.oid AND l.prrelid = p.published
      WHERE b.puballtables OR l.prrelid IS NOT NULL OR EXISTS (SELECT FROM pg_publication_namespace n WHERE n.pnpubid = b.oid AND n.pnnspid = c.relnamespace)
    ), identified AS (
      SELECT p.*, c.relreplident = 'f' AS whole, k.indkey IS NULL AND c.relreplident <> 'f' AS nothing, c.relreplident = 'd' AS undecided,
        p.prattrs IS NOT NULL AND NOT coalesce(k.indkey::int2[] <@ p.prattrs::int2[], false) AS cut
      FROM published p JOIN pg_class c ON c.oid = p.table_oid
      LEFT JOIN pg_index k ON k.indrelid = c.oid AND CASE c.relreplident WHEN 'd' THEN k.indisprimary WHEN 'i' THEN k.indisreplident ELSE false END
    ), bad AS (
      SELECT i.*, coalesce(i.listed, i.table_oid) AS named FROM identified i WHERE i.nothing OR i.cut
    ), apart AS (
      SELECT DISTINCT b.pubname, b.listed, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = b.listed AND a.attnum = ANY (b.prattrs::int2[])) AS columns
      FROM bad b WHERE b.cut
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'none keeps a job from changing rows'
           ELSE 'jobs that change rows fail: ' || string_agg(DISTINCT format(CASE WHEN b.cut THEN 'publication %s leaves out columns that updates and deletes of %s need'
             ELSE 'publication %s has updates and deletes of %s, of which nothing identifies a row' END, b.pubname, b.named::regclass), '; ') END,
      concat_ws(E'\n', CASE WHEN bool_or(b.nothing AND b.undecided AND NOT b.cut) THEN 'CALL explore_analytics.install();' END,
        string_agg(DISTINCT format('ALTER TABLE %s REPLICA IDENTITY FULL;', b.table_oid::regclass), E'\n') FILTER (WHERE b.nothing AND NOT b.undecided AND NOT b.cut),
        (SELECT string_agg(format(E'ALTER PUBLICATION %1$I DROP TABLE %2$s;\nCREATE PUBLICATION %3$I FOR TABLE %2$s (%4$s) WITH (publish = ''insert'', publish_via_partition_root = true);',
           a.pubname, a.listed::regclass, left(a.pubname, 50) || '_inserts', a.columns), E'\n') FROM apart a),
        CASE WHEN bool_or(b.cut) THEN (SELECT string_agg(format('-- on subscribers: ALTER SUBSCRIPTION ... ADD PUBLICATION %I;', left(a.pubname, 50) || '_inserts'), E'\n') FROM apart a) END)
    FROM bad b$check$),

  ('unlogged', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'every table survives a crash' ELSE 'a crash empties ' || string_agg(r.relation::text, ', ' ORDER BY r.relation::text) END,
      string_agg(format('ALTER %s %s SET LOGGED;', r.kind, r.relation), E'\n' ORDER BY r.relation::text)
    FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
    WHERE c.relpersistence <> 'p' AND c.relkind IN ('r', 'S')$check$),

  ('sequences', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'the next ids are free'
           ELSE 'rows that were loaded with their ids are in the way of new ones: ' || string_agg(format('%s is at %s, %s has ids up to %s', s.sequence, coalesce(s.reached, 0), s.table_name, s.highest), '; ') END,
      CASE WHEN count(*) > 0 THEN 'CALL explore_analytics.install();' END
    FROM explore_analytics.sequences_behind() s$check$),

  ('rate_limits', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 OR bool_and(c.shared) THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'there are none'
           ELSE format('%s, %s', count(*), CASE WHEN bool_and(c.shared) THEN 'kept for all connections together' ELSE 'but every connection counts for itself' END) END,
      CASE WHEN NOT bool_and(c.shared) THEN E'-- in postgresql.conf, beside what is there, and a restart:\nshared_preload_libraries = ''explore_analytics''' END
    FROM explore_analytics.rate_limits l, explore_analytics.rate_limit_counters() c$check$),

  -- Names by hops along the primary key; of each experiment's variants a sample.
  ('exposures', true, 'tables', $check$
    WITH RECURSIVE named AS (
      (SELECT x.experiment FROM {s}.explore_exposures x ORDER BY x.experiment LIMIT 1)
      UNION ALL
      SELECT (SELECT x.experiment FROM {s}.explore_exposures x WHERE x.experiment > n.experiment ORDER BY x.experiment LIMIT 1) FROM named n WHERE n.experiment IS NOT NULL
    ), strange AS (
      SELECT format('experiment "%s"', left(n.experiment, 60)) AS what, format('experiment = %L', n.experiment) AS which,
        -- On one line, whatever the name is.
        format(E'-- unless you define it: SELECT {s}.define_experiment(%s, variants);\n', regexp_replace(quote_literal(n.experiment), '[[:cntrl:]]', '?', 'g')) AS unless
      FROM named n WHERE n.experiment IS NOT NULL AND NOT EXISTS (SELECT FROM explore_analytics.experiments e WHERE e.name = n.experiment)
      UNION
      SELECT format('variant "%s" of experiment "%s"', left(x.variant, 60), e.name), format('experiment = %L AND variant = %L', e.name, x.variant), ''
      FROM explore_analytics.experiments e, LATERAL (SELECT x.variant FROM {s}.explore_exposures x WHERE x.experiment = e.name ORDER BY x.viewer_key LIMIT 1000) x
      WHERE x.variant <> ALL (e.variants)
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'all are of experiments that are defined'
           ELSE 'some count nowhere, as nobody has defined ' || string_agg(t.what, ', ' ORDER BY t.what) FILTER (WHERE t.place <= 10) || CASE WHEN count(*) > 10 THEN format(', and %s more', count(*) - 10) ELSE '' END END,
      string_agg(format('%sDELETE FROM {s}.explore_exposures WHERE %s;', t.unless, t.which), E'\n' ORDER BY t.what) FILTER (WHERE t.place <= 10)
    FROM (SELECT row_number() OVER (ORDER BY s.what) AS place, s.* FROM strange s) t$check$),

  ('boost_money', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'what boost campaigns have spent is what their ledger says'
           ELSE string_agg(format('campaign %s: %s', f.campaign_id, f.problem), '; ' ORDER BY f.place) FILTER (WHERE f.place <= 10) || CASE WHEN count(*) > 10 THEN format('; and %s more', count(*) - 10) ELSE '' END END,
      CASE WHEN count(*) > 0 THEN 'SELECT * FROM explore_analytics.boost_faults();' END
    FROM (SELECT row_number() OVER () AS place, b.* FROM explore_analytics.boost_faults(now() - interval '31 days') b) f$check$),

  ('excluded_traffic', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'excluded events are of viewers on the list' ELSE 'events are set aside of viewers who are not on the list of excluded ones' END,
      string_agg(format('SELECT explore_analytics.restore_traffic(%s => %s);', CASE WHEN o.viewer > 0 THEN 'user_id' ELSE 'session_id' END, abs(o.viewer)), E'\n' ORDER BY o.viewer)
    FROM (SELECT DISTINCT coalesce(x.user_id, -x.session_id) AS viewer FROM {s}.explore_excluded_engagements x
          WHERE NOT EXISTS (SELECT FROM explore_analytics.excluded_viewers v WHERE v.viewer_key = coalesce(x.user_id, -x.session_id)) LIMIT 10) o$check$),

  ('rescore', true, 'tables', $check$
    SELECT CASE WHEN NOT x.events OR x.age <= 3 * x.due THEN 'OK' WHEN x.age > 24 * x.due THEN 'FAIL' ELSE 'WARN' END,
      CASE WHEN x.age IS NOT NULL THEN format('the last one was %s s ago; one is due every %s s', x.age::bigint, x.due::bigint)
           WHEN x.events THEN 'there was none yet: stored scores are 0' ELSE 'there is nothing to score' END,
      CASE WHEN x.events AND coalesce(x.age > 3 * x.due, true) THEN 'SELECT {s}.batch_update_engagement_scores();' END
    FROM (SELECT extract(epoch FROM clock_timestamp() - max(r.rescored_at)) AS age, extract(epoch FROM $1) AS due,
            EXISTS (SELECT FROM {s}.explore_engagements) AS events FROM explore_analytics.rescores r) x$check$),

  ('open_sessions', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'no session has been left open for a day' ELSE format('%s sessions are open though nothing has happened in them for hours', count(*)) END,
      CASE WHEN count(*) > 0 THEN 'SELECT {s}.close_idle_sessions();' END
    FROM (SELECT FROM {s}.explore_feed_sessions s WHERE s.session_end IS NULL AND s.session_start < now() - interval '1 day'
            AND NOT EXISTS (SELECT FROM {s}.explore_engagements e WHERE e.session_id = s.id AND e.created_at >= now() - interval '2 hours') LIMIT 10000) x$check$),

  ('keys', true, 'tables', $check$
    SELECT CASE WHEN x.old THEN 'WARN' ELSE 'OK' END,
      format(CASE WHEN x.old THEN 'keys of events are kept that are two days older than the %s of explore_analytics.dedup_horizon'
                  ELSE 'none is much older than the %s of explore_analytics.dedup_horizon' END, x.horizon),
      CASE WHEN x.old THEN 'SELECT explore_analytics.prune_keys();' END
    FROM (SELECT h.horizon, EXISTS (SELECT FROM explore_analytics.event_keys k WHERE k.seen < now() - h.horizon - interval '2 days')
                         OR EXISTS (SELECT FROM explore_analytics.viewing_keys k WHERE k.seen < now() - h.horizon - interval '2 days') AS old
          FROM (SELECT current_setting('explore_analytics.dedup_horizon')::interval AS horizon) h) x$check$),

  -- Twice what autovacuum waits for, and for a day; a table never vacuumed has waited since the server started.
  ('autovacuum', true, 'tables', $check$
    WITH seen AS (
      SELECT r.relation, greatest(c.reltuples, 0) AS rows, t.n_dead_tup AS dead, t.n_ins_since_vacuum AS inserted,
        coalesce(greatest(t.last_vacuum, t.last_autovacuum), pg_postmaster_start_time()) AS vacuumed,
        EXISTS (SELECT FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'autovacuum_enabled' AND NOT o.option_value::boolean) AS off
      FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation AND c.relkind = 'r'
      LEFT JOIN pg_stat_user_tables t ON t.relid = c.oid
    ), neglected AS (
      SELECT s.* FROM seen s, (SELECT current_setting('autovacuum_vacuum_threshold')::float8 AS dead, current_setting('autovacuum_vacuum_scale_factor')::float8 AS dead_share,
        current_setting('autovacuum_vacuum_insert_threshold')::float8 AS inserted, current_setting('autovacuum_vacuum_insert_scale_factor')::float8 AS inserted_share) a
      WHERE s.off OR s.vacuumed < now() - interval '1 day'
        AND (s.dead > 2 * (a.dead + a.dead_share * s.rows) OR a.inserted >= 0 AND s.inserted > 2 * (a.inserted + a.inserted_share * s.rows))
    )
    SELECT CASE WHEN pg_is_in_recovery() OR a.works AND count(n.relation) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN pg_is_in_recovery() THEN 'tables are vacuumed on the primary'
           WHEN NOT a.works THEN 'it is off: questions read more and more dead rows'
           WHEN count(n.relation) = 0 THEN 'no table has waited for a day'
           ELSE 'it is off for, or a day behind on, ' || string_agg(n.relation::text, ', ' ORDER BY n.relation::text) END,
      CASE WHEN pg_is_in_recovery() THEN NULL
           WHEN NOT a.works THEN E'ALTER SYSTEM SET autovacuum = on;\nALTER SYSTEM SET track_counts = on;\nSELECT pg_reload_conf();'
           ELSE string_agg(format(CASE WHEN n.off THEN 'ALTER TABLE %s RESET (autovacuum_enabled);' ELSE 'VACUUM (ANALYZE) %s;' END, n.relation), E'\n' ORDER BY n.relation::text) END
    FROM (SELECT current_setting('autovacuum')::boolean AND current_setting('track_counts')::boolean AS works) a LEFT JOIN neglected n ON true
    GROUP BY a.works$check$)
$$;
COMMENT ON FUNCTION explore_analytics.checks_of_tables() IS 'Internal: the checks of health_check() about owners, grants, triggers and what jobs leave behind.';
