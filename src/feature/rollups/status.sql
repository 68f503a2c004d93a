-- What administrators look at. Plain views, so that a monitor needs nothing but SELECT on them.
CREATE OR REPLACE FUNCTION explore_analytics.layout_status_views()
RETURNS TABLE (view_name text, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('epoch_holders', $view$
    SELECT s.low + 1 + ((l.objid::bigint - (s.low + 1)) & 4294967295) AS epoch, l.pid, x.gid, coalesce(x.prepared, a.xact_start) AS since
    FROM explore_analytics.rollup_state s, pg_locks l
    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    LEFT JOIN pg_locks p ON l.pid IS NULL AND p.pid IS NULL AND p.locktype = 'transactionid' AND p.mode = 'ExclusiveLock'
      AND p.virtualtransaction = l.virtualtransaction
    LEFT JOIN pg_prepared_xacts x ON x.transaction = p.transactionid
    WHERE l.locktype = 'advisory' AND l.objsubid = 234 AND l.mode = 'ShareLock' AND l.granted
      AND l.classid = 'explore_analytics.epoch_seq'::regclass
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())$view$,
   'Transactions that have written events and have not ended.'),
  ('rollup_status', $view$
    SELECT s.low, q.last_value AS epoch, t.tail_events,
      CASE WHEN t.tail_events = 0 THEN 0 ELSE extract(epoch FROM clock_timestamp() - s.refreshed_at) END::double precision AS lag_seconds,
      s.refreshed_at, r.event_count AS last_events, r.took_ms AS last_took_ms, r.waited_ms AS last_waited_ms,
      f.failed_at, f.failure, f.failure_code, h.pid AS oldest_writer_pid, h.gid AS oldest_writer_gid,
      extract(epoch FROM clock_timestamp() - h.since)::double precision AS oldest_writer_seconds,
      (SELECT coalesce(sum(d.event_count), 0) FROM explore_analytics.rollup_deltas d WHERE d.scope <= 2)::bigint AS delta_events,
      pg_total_relation_size('explore_analytics.rollup_totals') + pg_total_relation_size('explore_analytics.rollup_buckets')
        + pg_total_relation_size('explore_analytics.rollup_deltas') AS rollup_bytes,
      s.layout_version
    FROM explore_analytics.rollup_state s
    CROSS JOIN explore_analytics.epoch_seq q
    CROSS JOIN LATERAL (SELECT count(*) AS tail_events FROM {s}.explore_engagements e WHERE e.epoch > s.low) t
    LEFT JOIN explore_analytics.rollup_ledger r ON r.high = s.low
    LEFT JOIN explore_analytics.job_failures f ON f.job = 'refresh'
    LEFT JOIN LATERAL (SELECT o.* FROM explore_analytics.epoch_holders o ORDER BY o.since LIMIT 1) h ON true$view$,
   'How far the rollups reach and what keeps them from reaching further; one row.'),
  ('refresh_progress', $view$
    SELECT a.pid, substring(a.application_name FROM '^explore_analytics ([a-z]+):') AS command,
      substring(a.application_name FROM '^explore_analytics [a-z]+: (.*?)(?: [0-9]+/[0-9]+)?$') AS phase,
      substring(a.application_name FROM ' ([0-9]{1,18})/[0-9]+$')::bigint AS done,
      substring(a.application_name FROM ' [0-9]+/([0-9]{1,18})$')::bigint AS total, a.xact_start AS started_at
    FROM pg_stat_activity a
    WHERE a.datname = current_database() AND coalesce(a.state, 'active') = 'active' AND a.application_name ~ '^explore_analytics [a-z]+: '$view$,
   'Refreshes, compactions, rebuilds and retention that are running now.'),
  ('rate_limit_status', $view$
    SELECT c.shared, c.slots, c.used, c.allowed_events, c.refused_events, c.refused_batches, c.evictions FROM explore_analytics.rate_limit_counters() c$view$,
   'What rate limits have done since the server started, in all databases; without preloading, in this connection.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_status_views() IS 'The views for administrators, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_status_columns()
RETURNS TABLE (view_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('epoch_holders', 'epoch', 'Epoch of the transaction''s events.'),
  ('epoch_holders', 'pid', 'Its process; null of a prepared transaction.'),
  ('epoch_holders', 'gid', 'Name of the prepared transaction.'),
  ('epoch_holders', 'since', 'When it began or was prepared; null where the role may not see it.'),
  ('rollup_status', 'low', 'The watermark: events of epochs up to this are in the rollups; -1: none.'),
  ('rollup_status', 'epoch', 'The current epoch.'),
  ('rollup_status', 'tail_events', 'Events not yet in the rollups; every answer reads them from the raw table.'),
  ('rollup_status', 'lag_seconds', 'Seconds since the last refresh; 0 when nothing waits, null before the first one.'),
  ('rollup_status', 'refreshed_at', 'When the last refresh succeeded.'),
  ('rollup_status', 'last_events', 'Events it brought in; null when a rebuild came after it.'),
  ('rollup_status', 'last_took_ms', 'Milliseconds it took.'),
  ('rollup_status', 'last_waited_ms', 'Of these, milliseconds spent waiting for writers.'),
  ('rollup_status', 'failed_at', 'When a refresh failed after that; null: none did.'),
  ('rollup_status', 'failure', 'Why; who was in the way, if it waited in vain.'),
  ('rollup_status', 'failure_code', 'SQLSTATE of that.'),
  ('rollup_status', 'oldest_writer_pid', 'Process of the oldest transaction that has written events and not ended.'),
  ('rollup_status', 'oldest_writer_gid', 'Its name, if it is a prepared transaction.'),
  ('rollup_status', 'oldest_writer_seconds', 'Its age in seconds.'),
  ('rollup_status', 'delta_events', 'Events in rollups that wait for a compaction, counted for each scope.'),
  ('rollup_status', 'rollup_bytes', 'Size of the rollups in bytes, with indexes.'),
  ('rollup_status', 'layout_version', 'Version of the layout of the tables.'),
  ('refresh_progress', 'pid', 'Process.'),
  ('refresh_progress', 'command', 'refresh, compact, rebuild or retention.'),
  ('refresh_progress', 'phase', 'What it is doing.'),
  ('refresh_progress', 'done', 'Events or keys done in this phase; null when not counted.'),
  ('refresh_progress', 'total', 'Events or keys in this phase; null when not known.'),
  ('refresh_progress', 'started_at', 'When its transaction began; null where the role may not see it.'),
  ('rate_limit_status', 'shared', 'Whether limits hold for all connections together; false: the library is not preloaded, and each connection counts by itself.'),
  ('rate_limit_status', 'slots', 'Roles and sessions of which the levels can be kept.'),
  ('rate_limit_status', 'used', 'Of these, taken now.'),
  ('rate_limit_status', 'allowed_events', 'Events that came under a limit and were let through.'),
  ('rate_limit_status', 'refused_events', 'Events in batches that were refused.'),
  ('rate_limit_status', 'refused_batches', 'Batches that were refused.'),
  ('rate_limit_status', 'evictions', 'Levels that were forgotten for want of slots; many: raise explore_analytics.rate_limit_slots.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_status_columns() IS 'The columns of the views for administrators, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.install_status_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT * FROM explore_analytics.layout_status_views() LOOP
    -- An owner who is no superuser may not make anything in the schema, and finds it made.
    IF to_regclass(format('explore_analytics.%I', item.view_name)) IS NULL OR has_schema_privilege('explore_analytics', 'CREATE') THEN
      EXECUTE explore_analytics.in_home(format('CREATE OR REPLACE VIEW explore_analytics.%I AS %s', item.view_name, item.definition));
    END IF;
    EXECUTE format('COMMENT ON VIEW explore_analytics.%I IS %L', item.view_name, item.description);
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_status_columns() LOOP
    EXECUTE format('COMMENT ON COLUMN explore_analytics.%I.%I IS %L', item.view_name, item.column_name, item.description);
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.install_status_views() IS 'Internal: the views for administrators.';
