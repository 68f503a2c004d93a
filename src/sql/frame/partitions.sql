-- Where the partition of a month begins, as a literal.
CREATE OR REPLACE FUNCTION explore_analytics.month_start(month date) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT quote_literal(to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00') $$;
COMMENT ON FUNCTION explore_analytics.month_start(date) IS 'Internal: the first instant of a UTC day as a quoted literal.';

-- A month's partition is built apart and attached under a short lock timeout with retries: a plain
-- CREATE TABLE ... PARTITION OF would queue behind one slow reader, and every writer behind it.
CREATE OR REPLACE FUNCTION explore_analytics.attach_partition(month date) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
  SET default_table_access_method = heap AS $$
DECLARE
  home text := explore_analytics.home();
  name text := 'explore_engagements_' || to_char(month, 'YYYY_MM');
  lower_bound text := explore_analytics.month_start(month);
  upper_bound text := explore_analytics.month_start((month + interval '1 month')::date);
BEGIN
  IF to_regclass(format('%I.%I', home, name)) IS NOT NULL THEN
    IF NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = to_regclass(format('%I.%I', home, name))
                     AND i.inhparent = to_regclass(format('%I.explore_engagements', home))) THEN
      RAISE EXCEPTION 'relation %.% exists and is not a partition of explore_engagements', home, name
        USING ERRCODE = 'duplicate_table', HINT = 'Rename it; the partition of that month needs the name.';
    END IF;
    RETURN false;
  END IF;
  EXECUTE explore_analytics.in_home(format('CREATE TABLE {s}.%I (LIKE {s}.explore_engagements INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING COMMENTS,
    CONSTRAINT month CHECK (created_at >= %s AND created_at < %s))', name, lower_bound, upper_bound));
  EXECUTE explore_analytics.in_home(format('COMMENT ON TABLE {s}.%I IS %L', name,
    'Engagement events of ' || to_char(month, 'YYYY-MM') || ' (UTC); a partition of explore_engagements.'));
  PERFORM explore_analytics.attach_month(month);
  EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I DROP CONSTRAINT month', name));
  EXECUTE format('ALTER TABLE %I.%I OWNER TO %I', home, name,
    (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home))));
  IF (SELECT c.relreplident = 'f' FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home))) THEN
    EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.%I REPLICA IDENTITY FULL', name));
  END IF;
  PERFORM explore_analytics.install_truncate_guard(to_regclass(format('%I.%I', home, name)));
  RETURN true;
END $$;
COMMENT ON FUNCTION explore_analytics.attach_partition(date) IS 'Internal: makes one month''s partition; false when it exists.';

CREATE OR REPLACE FUNCTION explore_analytics.default_partition() RETURNS regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.partdefid::regclass FROM pg_partitioned_table t
  WHERE t.partrelid = to_regclass(format('%I.explore_engagements', explore_analytics.home())) AND t.partdefid <> 0
$$;
COMMENT ON FUNCTION explore_analytics.default_partition() IS 'Internal: the default partition of explore_engagements.';

CREATE OR REPLACE FUNCTION explore_analytics.has_strays(month date) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  some boolean := false;
BEGIN
  IF explore_analytics.default_partition() IS NOT NULL THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE created_at >= %s AND created_at < %s)', explore_analytics.default_partition(),
      explore_analytics.month_start(month), explore_analytics.month_start((month + interval '1 month')::date)) INTO some;
  END IF;
  RETURN some;
END $$;
COMMENT ON FUNCTION explore_analytics.has_strays(date) IS 'Internal: whether the default partition has events of the month that begins then.';

-- With the locks that keep everybody from the events: never waits for long.
CREATE OR REPLACE FUNCTION explore_analytics.attach_month(month date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' SET client_min_messages = warning AS $$
DECLARE
  name text := 'explore_engagements_' || to_char(month, 'YYYY_MM');
  lower_bound text := explore_analytics.month_start(month);
  upper_bound text := explore_analytics.month_start((month + interval '1 month')::date);
  fallback regclass := explore_analytics.default_partition();
BEGIN
  IF fallback IS NOT NULL THEN
    -- Writers must wait before their rows are routed: one that waited at the default partition would
    -- find that it no longer takes the month, and be refused.
    EXECUTE explore_analytics.in_home('LOCK TABLE ONLY {s}.explore_engagements IN SHARE ROW EXCLUSIVE MODE');
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', fallback);
    IF explore_analytics.has_strays(month) THEN
      -- The rows move under new versions: a rebuild with an older snapshot would see them in neither place.
      -- It waits for this row, or is refused. make_partitions() holds it, unless the event has come since then.
      IF to_regclass('explore_analytics.rollup_state') IS NOT NULL THEN
        PERFORM FROM explore_analytics.rollup_state FOR UPDATE NOWAIT;
        UPDATE explore_analytics.rollup_state SET low = low;
      END IF;
      EXECUTE format('WITH moved AS (DELETE FROM %1$s WHERE created_at >= %2$s AND created_at < %3$s RETURNING *) INSERT INTO %4$I.%5$I (%6$s) SELECT %6$s FROM moved',
        fallback, lower_bound, upper_bound, explore_analytics.home(), name,
        (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = fallback AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''));
    END IF;
  END IF;
  EXECUTE explore_analytics.in_home(format('ALTER TABLE {s}.explore_engagements ATTACH PARTITION {s}.%I FOR VALUES FROM (%s) TO (%s)', name, lower_bound, upper_bound));
END $$;
COMMENT ON FUNCTION explore_analytics.attach_month(date) IS 'Internal: moves a month out of the default partition and attaches its own; 55P03 when somebody keeps the events locked.';

-- Before the first month is attached: nobody waits for us yet, and a refresh that runs may take as long as it needs.
CREATE OR REPLACE FUNCTION explore_analytics.wait_for_rollups(first date, last date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stray timestamptz;
BEGIN
  IF explore_analytics.default_partition() IS NULL OR to_regclass('explore_analytics.rollup_state') IS NULL THEN
    RETURN;
  END IF;
  -- Looked at in a part of the transaction that ends and leaves no lock, which would keep whoever attaches meanwhile from it.
  BEGIN
    EXECUTE format('SELECT created_at FROM %s WHERE created_at >= %s AND created_at < %s LIMIT 1', explore_analytics.default_partition(),
      explore_analytics.month_start(first), explore_analytics.month_start((last + interval '1 month')::date)) INTO stray;
    RAISE SQLSTATE 'EA000';
  EXCEPTION WHEN SQLSTATE 'EA000' OR lock_not_available THEN
    NULL;
  END;
  IF stray IS NOT NULL THEN
    BEGIN
      UPDATE explore_analytics.rollup_state SET low = low;
    EXCEPTION WHEN lock_not_available THEN
      RAISE EXCEPTION 'the default partition has events of %, and a refresh, compaction or rebuild is running', to_char(stray AT TIME ZONE 'UTC', 'YYYY-MM')
        USING ERRCODE = 'object_in_use', HINT = 'Call ensure_partitions() again later; lock_timeout says how long it waits for that.';
    END;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.wait_for_rollups(date, date) IS 'Internal: keeps refreshes out where the default partition has events of these months.';

-- Months that retention has dropped do not come back by themselves.
CREATE OR REPLACE FUNCTION explore_analytics.first_month(now timestamptz) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  first date := date_trunc('month', now AT TIME ZONE 'UTC') - interval '3 months';
BEGIN
  IF to_regclass('explore_analytics.dropped_partitions') IS NOT NULL THEN
    first := greatest(first, (SELECT max(d.range_end) AT TIME ZONE 'UTC' FROM explore_analytics.dropped_partitions d)::date);
  END IF;
  RETURN first;
END $$;
COMMENT ON FUNCTION explore_analytics.first_month(timestamptz) IS 'Internal: the first month that ensure_partitions() makes unasked.';

CREATE OR REPLACE FUNCTION explore_analytics.make_partitions(from_date date, to_date date) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  this_month date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
  first date := date_trunc('month', coalesce(from_date, explore_analytics.first_month(now()))::timestamp)::date;
  last date := date_trunc('month', coalesce(to_date, (this_month + interval '3 months')::date)::timestamp)::date;
  month date;
  made integer := 0;
BEGIN
  -- Between ALTER EXTENSION UPDATE and install() the owner has not been handed what is new.
  IF EXISTS (SELECT FROM explore_analytics.rollup_state s WHERE s.layout_version < explore_analytics.layout_version()) THEN
    RAISE EXCEPTION 'the tables have an older layout' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run: CALL explore_analytics.install();';
  END IF;
  IF NOT isfinite(coalesce(from_date, this_month)) OR NOT isfinite(coalesce(to_date, this_month)) THEN
    RAISE EXCEPTION 'from_date and to_date must be finite' USING ERRCODE = 'datetime_field_overflow',
      HINT = 'Rows outside the monthly partitions are kept in the default partition.';
  END IF;
  IF first > last THEN
    RAISE EXCEPTION 'to_date % is before from_date %', to_date, from_date USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Both months are included.';
  END IF;
  IF first < '2000-01-01' THEN
    RAISE EXCEPTION 'from_date % is before 2000', from_date USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Events are from 2000-01-01 on.';
  END IF;
  IF last > first + interval '50 years' THEN
    RAISE EXCEPTION 'from % to % is more than 600 monthly partitions', first, last USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Rows outside the monthly partitions are kept in the default partition.';
  END IF;
  IF (SELECT c.relkind <> 'p' FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', explore_analytics.home()))) THEN
    RAISE NOTICE 'table explore_engagements is not partitioned: nothing to do';
    RETURN 0;
  END IF;
  PERFORM explore_analytics.wait_for_rollups(first, last);
  FOR month IN SELECT g::date FROM generate_series(first::timestamp, last::timestamp, '1 month') g LOOP
    FOR attempt IN 1 .. 50 LOOP
      BEGIN
        made := made + explore_analytics.attach_partition(month)::integer;
        EXIT;
      EXCEPTION
        WHEN lock_not_available THEN
          IF attempt = 50 THEN
            RAISE EXCEPTION 'could not lock explore_engagements to attach the partition of %', to_char(month, 'YYYY-MM')
              USING ERRCODE = 'lock_not_available', HINT = 'A long transaction holds the table; call ensure_partitions() again.';
          END IF;
          PERFORM pg_sleep(0.05 + random() * 0.1);
          -- For events that have come meanwhile; with a month attached, others wait for us.
          IF made = 0 THEN
            PERFORM explore_analytics.wait_for_rollups(first, last);
          END IF;
        WHEN unique_violation THEN
          NULL;   -- somebody else has just made it
        WHEN invalid_object_definition THEN
          RAISE NOTICE 'the month % is covered by another partition', to_char(month, 'YYYY-MM');
          EXIT;
      END;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
COMMENT ON FUNCTION explore_analytics.make_partitions(date, date) IS 'Internal: the work of ensure_partitions(), done as the owner of the tables.';

CREATE OR REPLACE FUNCTION explore_analytics.install_partitions() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home text := explore_analytics.home();
BEGIN
  IF (SELECT c.relkind <> 'p' FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home))) THEN
    RETURN;  -- adopted as it is
  END IF;
  IF NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = to_regclass(format('%I.explore_engagements', home))
                   AND pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT') THEN
    EXECUTE explore_analytics.in_home('CREATE TABLE {s}.explore_engagements_default (LIKE {s}.explore_engagements INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING COMMENTS)');
    EXECUTE explore_analytics.in_home('COMMENT ON TABLE {s}.explore_engagements_default IS ''Engagement events outside the monthly partitions; a partition of explore_engagements.''');
    EXECUTE explore_analytics.in_home('ALTER TABLE {s}.explore_engagements ATTACH PARTITION {s}.explore_engagements_default DEFAULT');
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.install_partitions() IS 'Internal: the default partition.';
