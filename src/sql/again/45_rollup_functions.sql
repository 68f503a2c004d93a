CREATE OR REPLACE FUNCTION explore_analytics.current_epoch() RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_current_epoch' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION explore_analytics.current_epoch() IS
  'Default of explore_engagements.epoch: the epoch of this transaction. Never blocks. Leave the column out of INSERT and COPY.';
CREATE OR REPLACE FUNCTION explore_analytics.note_creators() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_note_creators' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.note_creators() IS 'Internal: trigger on explore_content; notes creators whose contents change.';
CREATE OR REPLACE FUNCTION explore_analytics.refuse_truncate() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_refuse_truncate' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.refuse_truncate() IS 'Internal: trigger on explore_engagements; refuses TRUNCATE, which rollups would not notice.';

CREATE OR REPLACE FUNCTION explore_analytics.epoch_holders()
RETURNS TABLE (epoch bigint, pid integer, gid text, since timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  -- An advisory lock shows the lower half of the epoch; there is never a second one with the same half.
  SELECT (SELECT s.low FROM explore_analytics.rollup_state s) + 1
           + ((l.objid::bigint - ((SELECT s.low FROM explore_analytics.rollup_state s) + 1)) & 4294967295),
         l.pid, x.gid, coalesce(x.prepared, a.xact_start)
  FROM pg_locks l
  LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  LEFT JOIN pg_prepared_xacts x ON l.pid IS NULL AND x.transaction::text = split_part(l.virtualtransaction, '/', 2)
  WHERE l.locktype = 'advisory' AND l.objsubid = 234 AND l.mode = 'ShareLock' AND l.granted
    AND l.classid = 'explore_analytics.epoch_seq'::regclass
    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
$$;
COMMENT ON FUNCTION explore_analytics.epoch_holders() IS
  'Transactions that have written events and not ended: their epoch, process id or name of the prepared transaction, and start (null where the role may not see it).';

CREATE OR REPLACE PROCEDURE explore_analytics.refresh(min_rows bigint DEFAULT 0)
  AS 'MODULE_PATHNAME', 'ea_refresh' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.refresh(bigint) IS
  'Brings new events into the rollups; with fewer than min_rows of them it does nothing. Blocks nobody; waits for transactions that are still writing old epochs for lock_timeout (0: 2 s), then gives up with 55P03, nothing changed. While another session refreshes it says busy. Error 25001 in a transaction block or above READ COMMITTED; 25006 on a standby.';
CREATE OR REPLACE PROCEDURE explore_analytics.compact()
  AS 'MODULE_PATHNAME', 'ea_compact' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.compact() IS
  'Merges what refreshes have left beside the buckets into them, in transactions of its own. Answers are the same before, meanwhile and after. Error 25001 in a transaction block.';
CREATE OR REPLACE PROCEDURE explore_analytics.run_forever(pause interval DEFAULT '1 second')
  AS 'MODULE_PATHNAME', 'ea_run_forever' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.run_forever(interval) IS
  'Refreshes, compacts where it pays, and waits for pause, until cancelled. A second one leaves at once. Error 22023 unless pause is positive and at most a day.';
