-- Dropping raw events of old months while their numbers stay (docs/retention.md). What lies before the
-- horizon is in rollups and session_rollups alone.

-- The monthly partitions that are there. Empty where explore_engagements is partitioned in another way.
CREATE OR REPLACE FUNCTION explore_analytics.raw_partitions()
RETURNS TABLE (relation regclass, partition_name text, range_start timestamptz, range_end timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' SET timezone = 'UTC' AS $$
  SELECT b.relation, b.name,
    CASE WHEN b.bounds LIKE 'FOR VALUES FROM (MINVALUE)%' THEN '-infinity' ELSE substring(b.bounds FROM 'FROM [(]''(.*)''[)] TO')::timestamptz END,
    substring(b.bounds FROM 'TO [(]''(.*)''[)]$')::timestamptz
  FROM (SELECT c.oid::regclass AS relation, pg_get_expr(c.relpartbound, c.oid) AS bounds,
          CASE WHEN n.nspname = explore_analytics.home() THEN c.relname::text ELSE format('%I.%I', n.nspname, c.relname) END AS name
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE i.inhparent = to_regclass(format('%I.explore_engagements', explore_analytics.home()))
          AND replace(pg_get_partkeydef(i.inhparent), '"', '') = 'RANGE (created_at)' AND c.relkind IN ('r', 'p')) b
  WHERE b.bounds ~ 'TO [(]''.*''[)]$'
$$;
COMMENT ON FUNCTION explore_analytics.raw_partitions() IS 'Internal: partitions of explore_engagements by time and their bounds; without the default one.';

-- A DROP that waits would keep every reader and writer waiting behind it: short tries, as when attaching.
CREATE OR REPLACE FUNCTION explore_analytics.drop_partition(relation regclass, upto bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET client_min_messages = warning AS $$
DECLARE
  parent regclass := to_regclass(format('%I.explore_engagements', explore_analytics.home()));
  late boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM explore_analytics.raw_partitions() p JOIN explore_analytics.dropped_partitions d ON d.partition_name = p.partition_name
                 WHERE p.relation = drop_partition.relation AND d.dropped_at IS NULL AND d.epoch = upto) THEN
    RAISE EXCEPTION 'rollups have not taken over % up to epoch %', relation, upto USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'CALL explore_analytics.apply_retention(keep) does that first.';
  END IF;
  FOR attempt IN 1 .. 50 LOOP
    BEGIN
      EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', parent);
      EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', relation);
      -- With the lock, nobody can add to it any more.
      EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE epoch > %s)', relation, upto) INTO late;
      IF NOT late THEN
        EXECUTE format('DROP TABLE %s', relation);
      END IF;
      RETURN NOT late;
    EXCEPTION WHEN lock_not_available THEN
      IF attempt = 50 THEN
        RAISE EXCEPTION 'could not lock explore_engagements to drop partition %', relation USING ERRCODE = 'lock_not_available',
          DETAIL = (SELECT coalesce('Process ' || min(l.pid), 'A prepared transaction') || ' holds it.' FROM pg_locks l
                    WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
                      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                      AND (l.relation IN (parent, drop_partition.relation)
                           OR l.relation = (SELECT t.partdefid FROM pg_partitioned_table t WHERE t.partrelid = parent))),
          HINT = 'Answers stay exact. End that transaction, or call apply_retention() again later.';
      END IF;
      PERFORM pg_sleep(0.05 + random() * 0.1);
    END;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.drop_partition(regclass, bigint) IS 'Internal: drops a partition of raw events; false when it has events of later epochs than upto.';

CREATE OR REPLACE PROCEDURE explore_analytics.apply_retention(keep interval)
  AS 'MODULE_PATHNAME', 'ea_apply_retention' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.apply_retention(interval) IS
  'Drops the partitions of raw events that are older than keep; every answer stays what it was, from rollups. Events of that time that exclude_traffic() has set aside are deleted, with a notice that says how many: restore_traffic() cannot bring them back. Refreshes first, and drops a partition only when rollups hold exactly its events and no running query can need it; waits for those for lock_timeout (0: 30 s). Error 22004 keep is null, 22023 it is not positive; 55P03 a writer or reader did not end in time; XX001 rollups and raw events differ; 55000 explore_engagements is not partitioned by created_at; 25001 in a transaction block or above READ COMMITTED; 25006 on a standby.';
