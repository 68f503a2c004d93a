-- The checks of health_check(), as data: a query for each that returns one row (status, detail, fix). Placeholders:
-- {s} the home schema, {e} the oid of explore_engagements, {d} its default partition, {dq} the same as a literal; $1 how often the rescore runs.
CREATE OR REPLACE FUNCTION explore_analytics.checks_of_rollups()
RETURNS TABLE (check_name text, as_owner boolean, needs text, query text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('installed', true, 'tables', $check$
    WITH wanted AS (
      SELECT format('%I.%I', explore_analytics.home(), t.table_name) AS name FROM explore_analytics.layout_tables() t
      UNION ALL SELECT format('%I.%I', explore_analytics.home(), v.view_name) FROM explore_analytics.layout_views() v
    ), missing AS (
      SELECT r.name, NOT has_schema_privilege('explore_analytics', 'CREATE') AS by_superuser FROM explore_analytics.missing_relations() r
      UNION ALL
      SELECT w.name, false FROM wanted w WHERE to_regclass(w.name) IS NULL
      UNION ALL
      SELECT format('column %s of %s', c.column_name, c.table_name), false FROM explore_analytics.layout_columns() c
      WHERE to_regclass(format('%I.%I', explore_analytics.home(), c.table_name)) IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attname = c.column_name AND NOT a.attisdropped
                        AND a.attrelid = to_regclass(format('%I.%I', explore_analytics.home(), c.table_name)))
      UNION ALL
      SELECT format('index %s of %s', i.index_name, i.relation) || CASE WHEN i.found IS NULL THEN '' ELSE ' (not valid)' END, false
      FROM (SELECT l.index_name, to_regclass(format('%I.%I', explore_analytics.home(), l.table_name)) AS relation, to_regclass(format('%I.%I', explore_analytics.home(), l.index_name)) AS found
            FROM explore_analytics.layout_indexes() l) i
      WHERE i.relation IS NOT NULL AND NOT explore_analytics.index_is_good(i.relation, i.found)
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN format('in schema %s', explore_analytics.home())
           || CASE WHEN pg_is_in_recovery() THEN '; this is a standby, whatever is to be fixed is fixed on the primary' ELSE '' END
           ELSE 'missing: ' || string_agg(m.name, ', ' ORDER BY m.name) END,
      CASE WHEN count(*) > 0 THEN 'CALL explore_analytics.install();' || CASE WHEN bool_or(m.by_superuser) THEN '   /* as a superuser */' ELSE '' END END
    FROM missing m$check$),

  ('library', false, 'nothing', $check$
    SELECT CASE WHEN v = e.extversion THEN 'OK' ELSE 'FAIL' END, format('the library is of version %s, the extension of version %s', v, e.extversion),
      CASE WHEN v = e.extversion THEN NULL
           WHEN EXISTS (SELECT FROM pg_extension_update_paths('explore_analytics') u WHERE u.source = e.extversion AND u.target = v AND u.path IS NOT NULL)
             THEN format('ALTER EXTENSION explore_analytics UPDATE TO %L;', v)
           ELSE '-- Connect again; where shared_preload_libraries names explore_analytics, restart the server.' END
    FROM pg_extension e, explore_analytics.version() v WHERE e.extname = 'explore_analytics'$check$),

  -- Releases before the one named lack fixes that matter here; three of them lay out a structure of the server
  -- otherwise than their neighbours, and libraries built for those write past its end.
  ('server_release', false, 'nothing', $check$
    SELECT CASE WHEN r.number IN (150009, 160005, 170001) THEN 'FAIL' WHEN r.number < l.least THEN 'WARN' ELSE 'OK' END,
      'PostgreSQL ' || current_setting('server_version') || CASE
        WHEN r.number IN (150009, 160005, 170001) THEN ', whose binary interface is unlike that of all others of its kind'
        WHEN r.number < l.least THEN format('; %s.%s or later has fixes that matter here', l.least / 10000, l.least % 10000) ELSE '' END,
      CASE WHEN r.number < l.least THEN format('apt-get update && apt-get install --only-upgrade postgresql-%s', r.number / 10000) END
    FROM (SELECT current_setting('server_version_num')::integer AS number) r
    LEFT JOIN (VALUES (150020), (160016), (170012), (180007)) l(least) ON l.least / 10000 = r.number / 10000$check$),

  ('layout', true, 'tables', $check$
    SELECT CASE WHEN s.layout_version = w.wanted THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN s.layout_version IS NULL THEN 'explore_analytics.rollup_state has lost its row: every question fails'
           ELSE format('the tables have layout %s%s', s.layout_version, CASE WHEN s.layout_version <> w.wanted THEN format(', the extension wants %s', w.wanted) END) END,
      CASE WHEN s.layout_version > w.wanted THEN 'ALTER EXTENSION explore_analytics UPDATE;'
           WHEN s.layout_version = w.wanted THEN NULL ELSE 'CALL explore_analytics.install();' END
    FROM explore_analytics.layout_version() AS w(wanted) LEFT JOIN explore_analytics.rollup_state s ON true$check$),

  ('watermark', true, 'tables', $check$
    SELECT CASE WHEN greatest(t.epoch, l.high) > s.low THEN 'FAIL' ELSE 'OK' END,
      CASE WHEN greatest(t.epoch, l.high) > s.low THEN format('rollups of epoch %s are ahead of the watermark %s', greatest(t.epoch, l.high), s.low)
           ELSE format('the watermark is %s', coalesce(s.low::text, 'unknown')) END,
      CASE WHEN greatest(t.epoch, l.high) > s.low THEN 'SELECT explore_analytics.rebuild();' END
    FROM (SELECT max(epoch) AS epoch FROM explore_analytics.rollup_totals) t
    CROSS JOIN (SELECT max(high) AS high FROM explore_analytics.rollup_ledger) l
    LEFT JOIN explore_analytics.rollup_state s ON true$check$),

  ('epoch_sequence', true, 'tables', $check$
    SELECT CASE WHEN back OR odd THEN 'FAIL' ELSE 'OK' END,
      CASE WHEN back THEN format('it is at %s, behind the watermark %s: refreshes fail', last_value, low)
           WHEN odd THEN 'it must count by 1, without a cache and without starting over'
           ELSE format('it is at %s', last_value) END,
      CASE WHEN back THEN E'CALL explore_analytics.install();\nSELECT explore_analytics.rebuild();'
           WHEN odd THEN 'ALTER SEQUENCE explore_analytics.epoch_seq INCREMENT BY 1 CACHE 1 NO CYCLE;' END
    FROM (SELECT q.last_value, s.low, coalesce(q.last_value <= s.low, false) AS back, p.seqincrement <> 1 OR p.seqcache <> 1 OR p.seqcycle AS odd
          FROM explore_analytics.epoch_seq q JOIN pg_sequence p ON p.seqrelid = 'explore_analytics.epoch_seq'::regclass
          LEFT JOIN explore_analytics.rollup_state s ON true) x$check$),

  ('epoch_default', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'every partition gives new events their epoch' ELSE 'new events get no epoch in ' || string_agg(c.oid::regclass::text, ', ' ORDER BY c.oid::regclass::text) END,
      CASE WHEN count(*) > 0 THEN 'CALL explore_analytics.install();' END
    FROM pg_class c
    WHERE (c.oid = {e} OR c.oid IN (SELECT p.relid FROM pg_partition_tree({e}) p))
      AND NOT EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                      JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_proc'::regclass
                      WHERE d.adrelid = c.oid AND a.attname = 'epoch' AND p.refobjid = 'explore_analytics.current_epoch()'::regprocedure)$check$),

  -- 1000 events are what the scheduled refresh waits for; events are as old as they say, so that a burst after
  -- a quiet night is not late at once.
  ('refresh_lag', true, 'tables', $check$
    WITH s AS MATERIALIZED (
      SELECT r.low, r.tail_events, r.refreshed_at, extract(epoch FROM clock_timestamp() - r.refreshed_at)::bigint AS age FROM explore_analytics.rollup_status r
    ), late AS (
      SELECT coalesce(s.age > l.seconds, true) AND (
               SELECT count(*) FROM (SELECT FROM {s}.explore_engagements e
                 WHERE e.epoch > s.low AND e.created_at < clock_timestamp() - make_interval(secs => l.seconds) LIMIT 1000) x) = 1000 AS late, l.status
      FROM s, (VALUES (300, 'WARN'), (1800, 'FAIL')) l(seconds, status) WHERE s.tail_events >= 1000
    )
    SELECT n.status, CASE WHEN s.tail_events IS NULL THEN 'nobody knows how many events wait' ELSE format('%s events wait for a refresh', s.tail_events) END
        || CASE WHEN s.age IS NULL THEN '; there was none yet' ELSE format('; the last one was %s s ago', s.age) END,
      CASE WHEN n.status <> 'OK' THEN 'CALL explore_analytics.refresh();' END
    FROM (SELECT coalesce((SELECT min(l.status) FROM late l WHERE l.late), 'OK') AS status) n LEFT JOIN s ON true$check$),

  ('last_refresh', true, 'tables', $check$
    SELECT CASE WHEN s.failed_at IS NULL THEN 'OK' WHEN s.refreshed_at > s.failed_at - interval '30 minutes' THEN 'WARN' ELSE 'FAIL' END,
      CASE WHEN s.failed_at IS NOT NULL THEN format('a refresh failed with %s, and none has succeeded since then: %s', s.failure_code, s.failure)
           WHEN s.refreshed_at IS NULL THEN 'there was none yet'
           ELSE format('it brought in %s events in %s ms', coalesce(s.last_events::text, 'no'), coalesce(s.last_took_ms, 0)) END,
      CASE WHEN s.failed_at IS NOT NULL THEN 'CALL explore_analytics.refresh();' END
    FROM (SELECT) one LEFT JOIN explore_analytics.rollup_status s ON true$check$),

  -- What is asked for now, whatever it was when this session connected. Whether its refreshes succeed is told above.
  ('refresh_worker', false, 'nothing', $check$
    WITH x AS MATERIALIZED (
      SELECT coalesce((SELECT substring(c FROM '=(.*)$') FROM pg_db_role_setting r, unnest(r.setconfig) c
                       WHERE r.setrole = 0 AND r.setdatabase = d.oid AND c LIKE 'explore!_analytics.refresh!_interval=%' ESCAPE '!'),
                      CASE WHEN s.source = 'database' THEN '0' ELSE s.setting || s.unit END) AS every,
        (SELECT l.setting FROM pg_settings l WHERE l.name = 'shared_preload_libraries') AS loaded,
        (SELECT min(a.pid) FROM pg_stat_activity a WHERE a.backend_type = 'explore_analytics refresh' AND a.datid = d.oid) AS pid,
        pg_has_role('pg_read_all_stats', 'USAGE') AS sees
      FROM pg_database d, pg_settings s WHERE d.datname = current_database() AND s.name = 'explore_analytics.refresh_interval'
    ), y AS (
      SELECT x.*, CASE WHEN pg_is_in_recovery() OR x.every ~ '^[[:space:]]*0+[[:space:]]*[a-z]*[[:space:]]*$' THEN 'none'
        WHEN x.loaded !~ '[[:<:]]explore_analytics[[:>:]]' THEN 'unloaded' WHEN x.pid IS NULL AND x.sees THEN 'gone' ELSE 'well' END AS state FROM x
    )
    SELECT CASE y.state WHEN 'unloaded' THEN 'FAIL' WHEN 'gone' THEN 'WARN' ELSE 'OK' END,
      CASE WHEN pg_is_in_recovery() THEN 'it runs on the primary'
           WHEN y.state = 'none' THEN 'explore_analytics.refresh_interval asks for none'
           WHEN y.state = 'unloaded' THEN format('explore_analytics.refresh_interval is %s, but the server has not loaded the library', y.every)
           WHEN y.state = 'gone' THEN format('explore_analytics.refresh_interval is %s, and no worker runs', y.every)
           ELSE format('it refreshes every %s%s', y.every, ', as process ' || y.pid) END,
      CASE y.state WHEN 'unloaded' THEN format('shared_preload_libraries = %L', concat_ws(', ', nullif(y.loaded, ''), 'explore_analytics'))
           WHEN 'gone' THEN 'SELECT pg_reload_conf();' END
    FROM y$check$),

  -- Waiting in vain is not a fault.
  ('failed_jobs', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' WHEN bool_and(f.failure_code = '55P03') THEN 'WARN' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'none of compact() and apply_retention()'
           ELSE string_agg(format('%s failed with %s, and has not succeeded since then: %s', f.job, f.failure_code, f.failure), '; ' ORDER BY f.job) END,
      string_agg(f.call, E'\n' ORDER BY f.job)
    FROM explore_analytics.job_failures f WHERE f.job <> 'refresh'$check$),

  -- As the caller: the owner of the tables may see less of other sessions than a role that monitors.
  ('blockers', false, 'tables', $check$
    WITH holder AS MATERIALIZED (
      SELECT h.pid, h.gid, extract(epoch FROM clock_timestamp() - h.since)::bigint AS age, a.usename AS role, a.state
      FROM explore_analytics.epoch_holders h LEFT JOIN pg_stat_activity a ON a.pid = h.pid
    ), old AS (
      SELECT count(*) AS old, max(h.age) AS age,
        string_agg(CASE WHEN h.gid IS NULL THEN format('process %s of role %s, %s', h.pid, h.role, h.state) ELSE format('prepared transaction %s', h.gid) END
                   || format(', for %s s', h.age), '; ' ORDER BY h.age DESC) AS who,
        string_agg(CASE WHEN h.gid IS NULL THEN format('SELECT pg_terminate_backend(%s);', h.pid) ELSE format('ROLLBACK PREPARED %L;', h.gid) END,
                   E'\n' ORDER BY h.age DESC) AS fix
      FROM holder h WHERE h.age > 60
    )
    SELECT CASE WHEN o.age > 600 THEN 'FAIL' WHEN o.age > 60 OR NOT seen THEN 'WARN' ELSE 'OK' END,
      CASE WHEN o.old > 0 THEN 'no refresh gets past: ' || o.who
           WHEN NOT seen THEN format('role %s does not see how long others'' transactions have lasted', current_user)
           WHEN pg_is_in_recovery() THEN 'writers are seen on the primary'
           ELSE format('%s transactions are writing events', (SELECT count(*) FROM holder)) END,
      CASE WHEN o.old > 0 THEN o.fix WHEN NOT seen THEN format('GRANT pg_read_all_stats TO %I;', current_user) END
    FROM old o, pg_has_role('pg_read_all_stats', 'USAGE') seen$check$),

  ('ledger', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'FAIL' END,
      CASE WHEN count(*) = 0 THEN 'rollups and raw table have the same number of events'
           ELSE format('raw rows came or went behind the rollups'' back: of epochs %s to %s rollups hold %s events, the raw table %s; %s such ranges',
                       (array_agg(l.low ORDER BY l.high))[1] + 1, min(l.high), (array_agg(l.recorded ORDER BY l.high))[1],
                       (array_agg(l.found ORDER BY l.high))[1], count(*)) END,
      CASE WHEN count(*) > 0 THEN 'SELECT explore_analytics.rebuild();' END
    FROM explore_analytics.check_ledger() l$check$),

  -- Labels of an enum cannot be dropped, but renamed, even to one that was there before.
  ('engagement_types', true, 'tables', $check$
    WITH foreign_label AS (
      SELECT e.enumlabel::text AS label FROM pg_enum e WHERE e.enumtypid = '{s}.engagement_type'::regtype AND NOT explore_analytics.is_counted(e.enumlabel::text::{s}.engagement_type)
    ), told AS (
      SELECT f.label, (SELECT sum(greatest(c.reltuples, 0) * w.frequency) FROM pg_stats s JOIN pg_class c ON c.oid = format('%I.%I', s.schemaname, s.tablename)::regclass
          AND c.oid IN (SELECT p.relid FROM pg_partition_tree({e}) p WHERE p.isleaf UNION SELECT {e}),
          unnest(s.most_common_vals::text::text[], s.most_common_freqs) w(value, frequency)
        WHERE s.attname = 'engagement_type' AND NOT s.inherited AND w.value = f.label) AS events
      FROM foreign_label f
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'no label is of somebody else''s'
           ELSE 'events of these types count as nothing: ' || string_agg(t.label || CASE WHEN t.events IS NULL THEN '' ELSE format(' (about %s)', round(t.events)) END, ', ' ORDER BY t.label) END,
      string_agg(format('SELECT id, created_at FROM {s}.explore_engagements WHERE engagement_type = %L LIMIT 100;', t.label), E'\n' ORDER BY t.label)
    FROM told t$check$),

  ('future_epochs', true, 'tables', $check$
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'no event has an epoch to come' ELSE format('%s events were inserted with epochs to come, up to %s', count(*), max(x.epoch)) END,
      CASE WHEN count(*) > 0 THEN format('UPDATE {s}.explore_engagements SET epoch = DEFAULT WHERE epoch > %s;', max(x.last_value)) END
    FROM (SELECT e.epoch, q.last_value FROM explore_analytics.epoch_seq q, {s}.explore_engagements e WHERE e.epoch > q.last_value) x$check$),

  -- Times before 2000, and years that a partition's name cannot tell, are left for a human.
  ('default_partition', true, 'tables', $check$
    WITH month AS (
      SELECT extract(year FROM m.month)::integer * 12 + extract(month FROM m.month)::integer - 1 AS place, sum(m.rows) AS rows
      FROM (SELECT date_trunc('month', e.created_at, 'UTC') AT TIME ZONE 'UTC' AS month, count(*) AS rows FROM {d} e GROUP BY 1) m GROUP BY 1
    ), island AS (
      SELECT min(i.place) AS first, max(i.place) AS last
      FROM (SELECT m.place, m.place - row_number() OVER (ORDER BY m.place) AS island FROM month m WHERE m.place BETWEEN 24000 AND 119999) i
      GROUP BY i.island ORDER BY 1 LIMIT 20
    ), fix AS (
      SELECT string_agg(format('SELECT explore_analytics.ensure_partitions(%L, %L);', to_char(make_date(i.first / 12, i.first % 12 + 1, 1), 'YYYY-MM-DD'),
                          to_char(make_date(i.last / 12, i.last % 12 + 1, 1), 'YYYY-MM-DD')), E'\n' ORDER BY i.first) AS fix FROM island i
    )
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARN' END,
      CASE WHEN count(*) = 0 THEN 'it is empty' ELSE format('%s events of %s months are in it: they count, but no month keeps them apart', sum(m.rows), count(*)) END,
      CASE WHEN count(*) > 0 THEN coalesce((SELECT f.fix FROM fix f), format('SELECT id, created_at FROM %s WHERE created_at < %L OR created_at >= %L;',
        {dq}, '2000-01-01 00:00:00+00', '10000-01-01 00:00:00+00')) END
    FROM month m$check$),

  ('partitions_ahead', true, 'tables', $check$
    WITH bound AS MATERIALIZED (
      SELECT regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM [(](.*)[)] TO [(](.*)[)]$') AS b
      FROM pg_partitioned_table t JOIN pg_inherits i ON i.inhparent = t.partrelid JOIN pg_class c ON c.oid = i.inhrelid
      WHERE t.partrelid = {e} AND t.partstrat = 'r' AND t.partnatts = 1
        AND t.partattrs[0] = (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = {e} AND a.attname = 'created_at')
    ), span AS MATERIALIZED (
      SELECT CASE WHEN b.b[1] = 'MINVALUE' THEN '-infinity' ELSE trim('''' FROM b.b[1])::timestamptz END AS first,
             CASE WHEN b.b[2] = 'MAXVALUE' THEN 'infinity' ELSE trim('''' FROM b.b[2])::timestamptz END AS last
      FROM bound b WHERE b.b IS NOT NULL
    ), ahead AS (
      SELECT coalesce(min(m.month) FILTER (WHERE NOT EXISTS (SELECT FROM span s WHERE s.first <= t.time AND s.last > t.time)), 25) - 1 AS months
      FROM generate_series(0, 24) AS m(month),
        LATERAL (SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => m.month)) AT TIME ZONE 'UTC' AS time) t
    )
    SELECT CASE WHEN NOT EXISTS (SELECT FROM bound) OR a.months >= 2 THEN 'OK' WHEN a.months >= 1 THEN 'WARN' ELSE 'FAIL' END,
      CASE WHEN NOT EXISTS (SELECT FROM bound) THEN 'explore_engagements is not partitioned by created_at'
           WHEN a.months < 0 THEN 'this month has no partition' ELSE format('%s months ahead have their partition', a.months) END,
      CASE WHEN EXISTS (SELECT FROM bound) AND a.months < 2 THEN 'SELECT explore_analytics.ensure_partitions();' END
    FROM ahead a$check$)
$$;
COMMENT ON FUNCTION explore_analytics.checks_of_rollups() IS 'Internal: the checks of health_check() about the installation, the rollups and the partitions.';
