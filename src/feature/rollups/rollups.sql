CREATE OR REPLACE FUNCTION explore_analytics.current_epoch() RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_current_epoch' LANGUAGE C STABLE PARALLEL UNSAFE;
COMMENT ON FUNCTION explore_analytics.current_epoch() IS
  'Default of explore_engagements.epoch: the epoch of this transaction. Never blocks. Leave the column out of INSERT and COPY.';
CREATE OR REPLACE FUNCTION explore_analytics.note_creators() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_note_creators' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.note_creators() IS 'Internal: trigger on explore_content; notes creators whose contents change.';
CREATE OR REPLACE FUNCTION explore_analytics.note_sessions() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_note_sessions' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.note_sessions() IS 'Internal: trigger on explore_feed_sessions; notes changes of sessions.';
CREATE OR REPLACE FUNCTION explore_analytics.refuse_truncate() RETURNS trigger
  AS 'MODULE_PATHNAME', 'ea_refuse_truncate' LANGUAGE C;
COMMENT ON FUNCTION explore_analytics.refuse_truncate() IS 'Internal: trigger on explore_engagements; refuses TRUNCATE, which rollups would not notice.';

CREATE OR REPLACE PROCEDURE explore_analytics.refresh(min_rows bigint DEFAULT 0)
  AS 'MODULE_PATHNAME', 'ea_refresh' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.refresh(bigint) IS
  'Brings new events and changes of sessions into the rollups; with fewer than min_rows of either, and no content that came, went or moved, it does nothing. Blocks nobody; waits for transactions that are still writing old epochs for lock_timeout (0: 2 s), then gives up with 55P03, nothing changed. While another session refreshes it says busy, and waits half a second for a login first. With events it notifies explore_live, the payload being the new watermark. Error 25001 in a transaction block or above READ COMMITTED; 25006 on a standby.';
CREATE OR REPLACE PROCEDURE explore_analytics.compact()
  AS 'MODULE_PATHNAME', 'ea_compact' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.compact() IS
  'Merges what refreshes have left beside the buckets into them, in transactions of its own; into sets of many viewers only what is worth writing these anew. Answers are the same before, meanwhile and after. Error 25001 in a transaction block.';
CREATE OR REPLACE PROCEDURE explore_analytics.run_forever(pause interval DEFAULT '1 second')
  AS 'MODULE_PATHNAME', 'ea_run_forever' LANGUAGE C;
COMMENT ON PROCEDURE explore_analytics.run_forever(interval) IS
  'Refreshes, compacts where it pays, and waits for pause (a fifth of it while events pour in), until cancelled. A second one leaves at once. Error 22023 unless pause is positive and at most a day.';

CREATE OR REPLACE FUNCTION explore_analytics.verify(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS TABLE (scope text, id bigint, range_start timestamptz, range_end timestamptz, problem text, stored bigint, raw bigint)
  AS 'MODULE_PATHNAME', 'ea_verify' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.verify(timestamptz, timestamptz) IS
  'Compares rollups with the raw rows they were made from, event by event, in [start_date, end_date), and every stored summary with the events below it. One row for each day or bucket that differs, with the numbers of events, and for each of boost_faults(), whatever the range, as scope campaign with the number of entries; no row: all is good. Reads everything; for the night.';
CREATE OR REPLACE FUNCTION explore_analytics.rebuild(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS bigint AS 'MODULE_PATHNAME', 'ea_rebuild' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.rebuild(timestamptz, timestamptz) IS
  'Makes the rollups of [start_date, end_date) what the raw rows say, and returns the number of rollup rows written. Change raw rows and call it in the same transaction: nobody sees one without the other. Waits for a running refresh.';
CREATE OR REPLACE FUNCTION explore_analytics.check_ledger()
  RETURNS TABLE (low bigint, high bigint, recorded bigint, found bigint)
  AS 'MODULE_PATHNAME', 'ea_check_ledger' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.check_ledger() IS
  'Ledger rows of which the raw table has another number of events: rows came or went behind the rollups'' back; run rebuild(). No row: none did. Cheaper than verify(), and sees less.';

CREATE OR REPLACE FUNCTION explore_analytics.require_good_ledger() RETURNS void
  AS 'MODULE_PATHNAME', 'ea_require_good_ledger' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.require_good_ledger() IS 'check_ledger() for a job: error XX001 when a row differs.';
