-- What rollups live in (docs/rollups.md): the watermark, three tables of summaries and logs, the ledger,
-- and the sequence of epochs. Keys are among the indexes. No reader is granted any of it.
-- Goes up by one with every change of what install() makes. install() brings older layouts over by comparing what is
-- with what should be, so that it matters little where a database comes from; the number says that it was done.
CREATE OR REPLACE FUNCTION explore_analytics.layout_version() RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$ SELECT 3 $$;
COMMENT ON FUNCTION explore_analytics.layout_version() IS 'The layout of the tables that install() makes; theirs is rollup_status.layout_version.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_rollups()
RETURNS TABLE (relation_name text, definition text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('rollup_state', 'low bigint NOT NULL, rescore_all bigint NOT NULL, layout_version integer NOT NULL, refreshed_at timestamptz,
    only_row boolean DEFAULT true CHECK (only_row), sessions_made boolean NOT NULL DEFAULT false, session_strangers boolean NOT NULL DEFAULT false',
   'One row: how far rollups reach.'),
  ('rollup_totals', 'id bigint, epoch bigint NOT NULL, views bigint NOT NULL, score double precision NOT NULL, scope smallint,
    summary {s}.engagement_summary, events bytea',
   'All-time rollup of each content, creator and the platform, as of the last compaction.'),
  ('rollup_buckets', 'id bigint, bucket bigint, scope smallint, level smallint,
    summary {s}.engagement_summary, events bytea',
   'Rollups by time: buckets of 64, 16, 4 and 1 days, 6 hours, 1 hour, 15 minutes, 5 minutes and 1 minute; a bucket with few events is not cut further.'),
  ('rollup_deltas', 'id bigint, epoch bigint, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, scope smallint,
    event_count integer NOT NULL, events bytea NOT NULL',
   'Events of refreshes since the last compaction, packed.'),
  ('rollup_ledger', 'low bigint NOT NULL, high bigint, event_count bigint NOT NULL, finished_at timestamptz NOT NULL,
    waited_ms bigint NOT NULL, took_ms bigint NOT NULL, rollup_rows bigint NOT NULL, rollup_bytes bigint NOT NULL',
   'What each refresh brought in.'),
  ('rescores', 'low bigint NOT NULL, rescored_at timestamptz NOT NULL, changed bigint NOT NULL, busy bigint[] NOT NULL DEFAULT ''{}'',
    only_row boolean DEFAULT true CHECK (only_row)',
   'The last rescore; empty before the first one.'),
  ('job_failures', 'job text, failed_at timestamptz NOT NULL, failure text NOT NULL, failure_code text NOT NULL, call text NOT NULL',
   'Procedures of which the last run failed, one row each; its next success removes it.'),
  ('creator_changes', 'creator_id bigint NOT NULL, content_id bigint NOT NULL',
   'Creators whose contents changed since the last refresh; 0: all of them.'),
  ('session_changes', 'session_id bigint NOT NULL, old_start timestamptz, old_end timestamptz, new_start timestamptz, new_end timestamptz',
   'Changes of sessions since the last refresh; session 0: all of them may have changed.'),
  ('dropped_partitions', 'partition_name text, range_start timestamptz NOT NULL, range_end timestamptz NOT NULL,
    epoch bigint NOT NULL, event_count bigint NOT NULL, dropped_at timestamptz',
   'Partitions of raw events that retention took over; before the latest range_end rollups are the only complete copy.'),
  ('session_rollups', 'session_id bigint, last_at timestamptz NOT NULL, summary {s}.engagement_summary NOT NULL,
    viewed bigint[] NOT NULL, touched bigint[] NOT NULL',
   'What sessions did in raw events that retention took over; without viewers.'),
  ('idle_runs', 'low bigint NOT NULL, only_row boolean DEFAULT true CHECK (only_row)',
   'One row: how far close_idle_sessions() has looked for events after the ends it gave.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_rollups() IS 'The tables of the rollups, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_rollup_columns()
RETURNS TABLE (relation_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('rollup_state', 'low', 'The watermark: events of epochs up to this are in the rollups; -1: none.'),
  ('rollup_state', 'rescore_all', 'Watermark at which something changed that concerns more than new events; a rescore that is older looks at every content.'),
  ('rollup_state', 'layout_version', 'Version of the layout of the tables; install() brings older ones up to date.'),
  ('rollup_state', 'refreshed_at', 'When the last refresh succeeded; null: never.'),
  ('rollup_state', 'only_row', 'True: there is one row.'),
  ('rollup_state', 'sessions_made', 'Whether sessions are in the rollups; else the next refresh brings all of them in.'),
  ('rollup_state', 'session_strangers', 'Whether an event may name a session that had no row when it was brought in.'),
  ('rollup_totals', 'id', 'Id of the content or creator; 0 of the platform and its sessions.'),
  ('rollup_totals', 'epoch', 'Epoch of the refresh that last changed the row.'),
  ('rollup_totals', 'views', 'Views in the row.'),
  ('rollup_totals', 'score', 'Engagement score of the row, 0..100.'),
  ('rollup_totals', 'scope', '0: platform, 1: creator, 2: content, 3: sessions of the platform, 4: sessions of a creator.'),
  ('rollup_totals', 'summary', 'Summary of more than 128 events; else null.'),
  ('rollup_totals', 'events', 'Up to 128 events, packed; else null.'),
  ('rollup_buckets', 'id', 'Id of the content or creator; 0 of the platform and its sessions.'),
  ('rollup_buckets', 'bucket', 'Number of the bucket among those of its level; the one that begins at 2000-01-01 00:00 UTC is 0.'),
  ('rollup_buckets', 'scope', '0: platform, 1: creator, 2: content, 3: sessions of the platform, 4: sessions of a creator.'),
  ('rollup_buckets', 'level', '1: 64 days, 2: 16 days, 3: 4 days, 4: 1 day, 5: 6 hours, 6: 1 hour, 7: 15 minutes, 8: 5 minutes, 9: 1 minute.'),
  ('rollup_buckets', 'summary', 'Summary of more than 128 events, which the next level holds in parts, and of a minute with more than 1024; else null.'),
  ('rollup_buckets', 'events', 'Up to 128 events (of a minute any number), packed; else null.'),
  ('rollup_deltas', 'id', 'Id of the content or creator; 0 of the platform and its sessions; next to the lowest number: a shelf, for the logs of several of them.'),
  ('rollup_deltas', 'epoch', 'Epoch of the refresh, of several the last.'),
  ('rollup_deltas', 'first_at', 'Time of the first event.'),
  ('rollup_deltas', 'last_at', 'Time of the last event.'),
  ('rollup_deltas', 'scope', '0: platform, 1: creator, 2: content, 3: sessions of the platform, 4: sessions of a creator.'),
  ('rollup_deltas', 'event_count', 'Number of events.'),
  ('rollup_deltas', 'events', 'The events, packed: a log, or a shelf of logs.'),
  ('rollup_ledger', 'low', 'Events of epochs above this ...'),
  ('rollup_ledger', 'high', '... up to this were brought in.'),
  ('rollup_ledger', 'event_count', 'How many they were, less those that retention has taken over.'),
  ('rollup_ledger', 'finished_at', 'When.'),
  ('rollup_ledger', 'waited_ms', 'Milliseconds spent waiting for writers.'),
  ('rollup_ledger', 'took_ms', 'Milliseconds in all.'),
  ('rollup_ledger', 'rollup_rows', 'Rows of rollups written.'),
  ('rollup_ledger', 'rollup_bytes', 'Bytes of summaries and events in them.'),
  ('rescores', 'low', 'The watermark that it saw.'),
  ('rescores', 'rescored_at', 'When.'),
  ('rescores', 'changed', 'Contents of which stored values changed.'),
  ('rescores', 'busy', 'Contents left for the next rescore, because somebody was changing them.'),
  ('rescores', 'only_row', 'True: there is one row.'),
  ('job_failures', 'job', 'Name of the procedure.'),
  ('job_failures', 'failed_at', 'When it failed last.'),
  ('job_failures', 'failure', 'Why; who was in the way, if it waited in vain.'),
  ('job_failures', 'failure_code', 'SQLSTATE of that.'),
  ('job_failures', 'call', 'The call, to be made again.'),
  ('creator_changes', 'creator_id', 'Creator; 0: all.'),
  ('creator_changes', 'content_id', 'Content that came, went or moved.'),
  ('session_changes', 'session_id', 'Id of the session; 0: all.'),
  ('session_changes', 'old_start', 'When it had started before; null: it was not there.'),
  ('session_changes', 'old_end', 'When it had ended before; null: it was open.'),
  ('session_changes', 'new_start', 'When it started since; null: it is gone.'),
  ('session_changes', 'new_end', 'When it ended since; null: it is open.'),
  ('dropped_partitions', 'partition_name', 'Name of the partition; with its schema where that is another one.'),
  ('dropped_partitions', 'range_start', 'Its events began here ...'),
  ('dropped_partitions', 'range_end', '... and ended before.'),
  ('dropped_partitions', 'epoch', 'Its events up to this epoch are in rollups and session_rollups; they are not read from the partition any more.'),
  ('dropped_partitions', 'event_count', 'How many events it had.'),
  ('dropped_partitions', 'dropped_at', 'When it was dropped; null: not yet.'),
  ('session_rollups', 'session_id', 'Id of the session.'),
  ('session_rollups', 'last_at', 'Time of the last of these events.'),
  ('session_rollups', 'summary', 'Their counters; the set of viewers is empty.'),
  ('session_rollups', 'viewed', 'Contents that were viewed, each once.'),
  ('session_rollups', 'touched', 'Contents with any event, each once.'),
  ('idle_runs', 'low', 'Events of epochs up to this have moved the ends of their sessions.'),
  ('idle_runs', 'only_row', 'True: there is one row.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_rollup_columns() IS 'The columns of the tables of the rollups, with their descriptions.';

-- Every index of the tables of layout_rollups() and of the keys.
CREATE OR REPLACE FUNCTION explore_analytics.layout_rollup_indexes()
RETURNS TABLE (relation_name text, index_name text, definition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('rollup_state', 'rollup_state_pkey', 'PRIMARY KEY (only_row)'),
  ('rollup_totals', 'rollup_totals_pkey', 'PRIMARY KEY (id, scope)'),
  ('rollup_totals', 'rollup_totals_best', '(score DESC, views DESC, id) WHERE scope = 2'),
  ('rollup_totals', 'rollup_totals_epoch', '(epoch)'),
  ('rollup_buckets', 'rollup_buckets_pkey', 'PRIMARY KEY (id, scope, level, bucket)'),
  ('rollup_deltas', 'rollup_deltas_pkey', 'PRIMARY KEY (id, scope, epoch, first_at)'),
  ('rollup_ledger', 'rollup_ledger_pkey', 'PRIMARY KEY (high)'),
  ('rescores', 'rescores_pkey', 'PRIMARY KEY (only_row)'),
  ('job_failures', 'job_failures_pkey', 'PRIMARY KEY (job)'),
  -- Changes are noted by many at once, who must not wait for each other.
  ('creator_changes', 'creator_changes_creator', '(creator_id)'),
  ('dropped_partitions', 'dropped_partitions_pkey', 'PRIMARY KEY (partition_name)'),
  ('session_rollups', 'session_rollups_pkey', 'PRIMARY KEY (session_id)'),
  ('idle_runs', 'idle_runs_pkey', 'PRIMARY KEY (only_row)'),
  ('session_rollups', 'session_rollups_touched', 'USING gin (touched) WITH (fastupdate = off)'),
  ('event_keys', 'event_keys_pkey', 'PRIMARY KEY (event_id)'),
  ('event_keys', 'event_keys_seen', 'USING brin (seen) WITH (autosummarize = on)'),
  ('viewing_keys', 'viewing_keys_pkey', 'PRIMARY KEY (session_id, content_id, viewer_key)'),
  ('viewing_keys', 'viewing_keys_seen', 'USING brin (seen) WITH (autosummarize = on)')
$$;
COMMENT ON FUNCTION explore_analytics.layout_rollup_indexes() IS 'The indexes of the tables of schema explore_analytics.';

CREATE OR REPLACE FUNCTION explore_analytics.index_is_good(relation regclass, index regclass) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = index AND i.indrelid = relation AND i.indisvalid AND i.indisready AND i.indislive)
$$;
COMMENT ON FUNCTION explore_analytics.index_is_good(regclass, regclass) IS 'Internal: whether it is an index of the relation that may be read.';

-- The indexes of one relation, or what all of them lack.
CREATE OR REPLACE FUNCTION explore_analytics.install_rollup_indexes(of_relation text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT i.* FROM (
      SELECT l.*, to_regclass('explore_analytics.' || l.relation_name) AS relation, to_regclass('explore_analytics.' || l.index_name) AS found,
        l.definition LIKE 'PRIMARY KEY %' AS is_key
      FROM explore_analytics.layout_rollup_indexes() l WHERE l.relation_name = coalesce(of_relation, l.relation_name)) i
    WHERE NOT explore_analytics.index_is_good(i.relation, i.found)
  LOOP
    IF item.found IS NOT NULL AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = item.found AND i.indrelid = item.relation) THEN
      RAISE EXCEPTION 'relation % exists and is not an index of %', item.found, item.relation
        USING ERRCODE = 'duplicate_table', HINT = 'Rename it, then call explore_analytics.install() again.';
    ELSIF item.found IS NOT NULL THEN
      EXECUTE format(CASE WHEN item.is_key THEN 'ALTER TABLE %2$s DROP CONSTRAINT %3$I' ELSE 'DROP INDEX %1$s' END, item.found, item.relation, item.index_name);
    END IF;
    BEGIN
      EXECUTE format(CASE WHEN item.is_key THEN 'ALTER TABLE %2$s ADD CONSTRAINT %1$I %3$s' ELSE 'CREATE INDEX %1$I ON %2$s %3$s' END, item.index_name, item.relation, item.definition);
    EXCEPTION WHEN unique_violation THEN
      RAISE EXCEPTION 'table % has rows with the same key, so that its index % cannot be made', item.relation, item.index_name USING ERRCODE = 'data_corrupted',
        HINT = 'Where no raw events were dropped, rollups can be made anew: DELETE FROM explore_analytics.rollup_state; CALL explore_analytics.install();';
    END;
    IF of_relation IS NULL THEN
      RAISE NOTICE '% index % of %', CASE WHEN item.found IS NULL THEN 'created' ELSE 'replaced' END, item.index_name, item.relation;
    END IF;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.install_rollup_indexes(text) IS 'Internal: makes the indexes of layout_rollup_indexes() that are missing or not valid.';

-- UPDATE and DELETE of a table that is published need something to tell its rows apart by. It costs nothing where
-- nothing is published. Whoever has chosen otherwise for a table keeps it.
CREATE OR REPLACE FUNCTION explore_analytics.install_replica_identities() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item regclass;
BEGIN
  FOR item IN SELECT r.relation FROM explore_analytics.relations() r JOIN pg_class c ON c.oid = r.relation
              WHERE r.kind = 'TABLE' AND c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) LOOP
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', item);
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.install_replica_identities() IS 'Internal: replica identity FULL for tables without a primary key.';

-- What layouts before this one lack; that views of theirs use goes after the views were replaced.
CREATE OR REPLACE FUNCTION explore_analytics.migrate_rollups() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'explore_analytics.rescores'::regclass AND a.attname = 'busy' AND NOT a.attisdropped) THEN
    ALTER TABLE explore_analytics.rescores ADD COLUMN busy bigint[] NOT NULL DEFAULT '{}', ADD COLUMN only_row boolean DEFAULT true CHECK (only_row);
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'explore_analytics.rollup_state'::regclass AND a.attname = 'sessions_made' AND NOT a.attisdropped) THEN
    ALTER TABLE explore_analytics.rollup_state ADD COLUMN sessions_made boolean NOT NULL DEFAULT false, ADD COLUMN session_strangers boolean NOT NULL DEFAULT false;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.migrate_rollups() IS 'Internal: brings the tables of an older layout up to date.';

CREATE OR REPLACE FUNCTION explore_analytics.install_rollups() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  events regclass := to_regclass(format('%I.explore_engagements', explore_analytics.home()));
  item record;
BEGIN
  IF to_regclass('explore_analytics.epoch_seq') IS NULL THEN
    CREATE SEQUENCE explore_analytics.epoch_seq MINVALUE 0 START 1;
    PERFORM setval('explore_analytics.epoch_seq', 1, true);
  END IF;
  FOR item IN SELECT * FROM explore_analytics.layout_rollups() LOOP
    IF to_regclass(format('explore_analytics.%I', item.relation_name)) IS NULL THEN
      EXECUTE explore_analytics.in_home(format('CREATE TABLE explore_analytics.%I (%s)', item.relation_name, item.definition));
      PERFORM explore_analytics.install_rollup_indexes(item.relation_name);
      IF item.relation_name IN ('rollup_totals', 'rollup_buckets', 'rollup_deltas') THEN
        EXECUTE format('ALTER TABLE explore_analytics.%I ALTER COLUMN events SET STORAGE EXTERNAL, SET (autovacuum_vacuum_scale_factor = 0.05)', item.relation_name);
      ELSIF item.relation_name = 'rollup_state' THEN
        ALTER TABLE explore_analytics.rollup_state SET (fillfactor = 10);
      ELSIF item.relation_name = 'session_changes' THEN
        -- Every question reads it from end to end. Statistics of a table that is empty again stay what they were, with the
        -- sessions of viewers who have been forgotten; nobody needs them.
        ALTER TABLE explore_analytics.session_changes SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000),
          ALTER COLUMN session_id SET STATISTICS 0, ALTER COLUMN old_start SET STATISTICS 0, ALTER COLUMN old_end SET STATISTICS 0,
          ALTER COLUMN new_start SET STATISTICS 0, ALTER COLUMN new_end SET STATISTICS 0;
      END IF;
    END IF;
    EXECUTE format('COMMENT ON TABLE explore_analytics.%I IS %L', item.relation_name, item.description);
  END LOOP;
  PERFORM explore_analytics.migrate_rollups();
  FOR item IN SELECT * FROM explore_analytics.layout_rollup_columns() LOOP
    EXECUTE format('COMMENT ON COLUMN explore_analytics.%I.%I IS %L', item.relation_name, item.column_name, item.description);
  END LOOP;
  COMMENT ON SEQUENCE explore_analytics.epoch_seq IS 'The current epoch; every refresh starts a new one.';

  FOR item IN
    SELECT c.oid::regclass AS relation FROM pg_class c
    WHERE c.oid = events OR c.oid IN (SELECT p.relid FROM pg_partition_tree(events) p)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                   JOIN pg_depend p ON p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_proc'::regclass
                   WHERE d.adrelid = item.relation AND a.attname = 'epoch' AND p.refobjid = 'explore_analytics.current_epoch()'::regprocedure) THEN
      EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN epoch SET DEFAULT explore_analytics.current_epoch()', item.relation);
    END IF;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.install_rollups() IS 'Internal: the tables and sequence of the rollups; brings an older layout up to date.';

-- A table that answers are made from, of an installation that has a watermark. What it held is in no other.
CREATE OR REPLACE FUNCTION explore_analytics.lost_rollups() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT string_agg(format('%s is missing', r.relation_name), ', ' ORDER BY r.relation_name) FROM explore_analytics.layout_rollups() r
    WHERE r.relation_name IN ('rollup_totals', 'rollup_buckets', 'rollup_deltas', 'rollup_ledger', 'creator_changes', 'dropped_partitions', 'session_rollups')
      AND to_regclass(format('explore_analytics.%I', r.relation_name)) IS NULL
      AND EXISTS (SELECT FROM explore_analytics.rollup_state s WHERE s.low >= 0));
EXCEPTION WHEN undefined_table THEN
  RETURN NULL;
END $$;
COMMENT ON FUNCTION explore_analytics.lost_rollups() IS 'Internal: tables of the rollups that are gone though there is a watermark; NULL: none.';

-- All begins anew from the raw events, unless some of them are gone.
CREATE OR REPLACE FUNCTION explore_analytics.empty_rollups(lost text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL) THEN
    RAISE EXCEPTION 'explore_analytics.%, and raw events before % are dropped', lost,
      (SELECT max(range_end) FROM explore_analytics.dropped_partitions WHERE dropped_at IS NOT NULL)
      USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Restore all tables explore_analytics.rollup_* from one dump. To go on without these events: DELETE FROM explore_analytics.dropped_partitions; CALL explore_analytics.install();';
  END IF;
  DELETE FROM explore_analytics.dropped_partitions;
  DELETE FROM explore_analytics.session_rollups;
  DELETE FROM explore_analytics.rollup_totals;
  DELETE FROM explore_analytics.rollup_buckets;
  DELETE FROM explore_analytics.rollup_deltas;
  DELETE FROM explore_analytics.rollup_ledger;
  DELETE FROM explore_analytics.rescores;
  -- Whoever waits for the row finds it.
  UPDATE explore_analytics.rollup_state SET low = -1, rescore_all = -1, refreshed_at = NULL, sessions_made = false;
  IF NOT FOUND THEN
    INSERT INTO explore_analytics.rollup_state (low, rescore_all, layout_version) VALUES (-1, -1, explore_analytics.layout_version());
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.empty_rollups(text) IS 'Internal: begins the rollups anew; error 55000 where retention has dropped raw events. Run with the owner''s rights.';

CREATE OR REPLACE FUNCTION explore_analytics.begin_rollups(unwatched boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  highest bigint;
  older integer;
BEGIN
  IF NOT EXISTS (SELECT FROM explore_analytics.rollup_state) THEN
    PERFORM explore_analytics.empty_rollups('rollup_state has lost its row');
  END IF;
  SELECT s.layout_version INTO older FROM explore_analytics.rollup_state s WHERE s.layout_version < explore_analytics.layout_version();
  IF FOUND THEN
    UPDATE explore_analytics.rollup_state s SET layout_version = explore_analytics.layout_version();
    -- Notes of the library before this one do not tell which creators have what: the next refresh makes all anew.
    INSERT INTO explore_analytics.creator_changes (creator_id, content_id) SELECT 0, 0 WHERE EXISTS (SELECT FROM explore_analytics.creator_changes);
    RAISE NOTICE 'brought the tables from layout % to %', older, explore_analytics.layout_version();
  END IF;
  -- Views of before layout 3 read them.
  IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'explore_analytics.rollup_state'::regclass AND a.attname = 'failed_at' AND NOT a.attisdropped) THEN
    ALTER TABLE explore_analytics.rollup_state DROP COLUMN failed_at, DROP COLUMN failure, DROP COLUMN failure_code;
  END IF;
  DELETE FROM explore_analytics.rescores r WHERE r.ctid <> (SELECT n.ctid FROM explore_analytics.rescores n ORDER BY n.rescored_at DESC LIMIT 1);
  -- Above every epoch that rows carry already, from an earlier installation or by hand, and above the watermark,
  -- if somebody set the sequence back. Epochs beyond any that refreshes could reach would use up the sequence: such
  -- rows are counted beside the rollups, and health_check() says so.
  EXECUTE explore_analytics.in_home('SELECT max(epoch) FROM {s}.explore_engagements WHERE epoch < 1::bigint << 50') INTO highest;
  PERFORM setval('explore_analytics.epoch_seq', greatest(s.low, highest) + 1, true)
  FROM explore_analytics.rollup_state s, explore_analytics.epoch_seq q WHERE q.last_value <= s.low OR q.last_value < highest;
  -- Without an end of its own, close_idle_sessions() has nothing to look for among older events.
  EXECUTE explore_analytics.in_home('INSERT INTO explore_analytics.idle_runs (low)
    SELECT CASE WHEN EXISTS (SELECT FROM {s}.explore_feed_sessions f WHERE f.idle_end IS NOT NULL) THEN -1 ELSE s.low END
    FROM explore_analytics.rollup_state s WHERE NOT EXISTS (SELECT FROM explore_analytics.idle_runs)');
  -- Creators whose contents may have changed unseen are made anew by the next refresh.
  IF unwatched THEN
    INSERT INTO explore_analytics.creator_changes SELECT 0, 0 WHERE EXISTS (SELECT FROM explore_analytics.rollup_totals);
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.begin_rollups(boolean) IS 'Internal: the watermark where there is none, and the number of the layout; run with the owner''s rights.';

CREATE OR REPLACE FUNCTION explore_analytics.forget_sessions() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE explore_analytics.rollup_state SET sessions_made = false WHERE sessions_made;
$$;
COMMENT ON FUNCTION explore_analytics.forget_sessions() IS 'Internal: sessions may have changed unseen, and the next refresh brings all of them in anew; run with the owner''s rights.';

-- Undone by uninstall(), for the tables that stay.
CREATE OR REPLACE FUNCTION explore_analytics.uninstall_rollups() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  events regclass := to_regclass(format('%I.explore_engagements', explore_analytics.home()));
  item record;
BEGIN
  FOR item IN SELECT t.tgrelid::regclass AS relation, t.tgname AS name FROM pg_trigger t
              WHERE t.tgfoid IN ('explore_analytics.note_creators()'::regprocedure, 'explore_analytics.note_sessions()'::regprocedure, 'explore_analytics.refuse_truncate()'::regprocedure, 'explore_analytics.keep_entry()'::regprocedure)
                OR t.tgfoid = 'explore_analytics.refuse_change()'::regprocedure AND t.tgrelid = to_regclass(format('%I.explore_boost_ledger', explore_analytics.home())) LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.name, item.relation);
  END LOOP;
  EXECUTE format('ALTER TABLE %s ALTER COLUMN epoch SET DEFAULT 0', events);
END $$;
COMMENT ON FUNCTION explore_analytics.uninstall_rollups() IS 'Internal: takes our triggers and the default of epoch from the tables that stay.';
