-- Rollups: refresh, what it refuses, status, ledger, compact, verify, rebuild, contents that change, and
-- what install() and uninstall() make of it. After every step the numbers are those of plain SQL.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

-- Rows in which the functions and plain SQL over the raw table differ, of contents, creators and the platform.
CREATE FUNCTION pg_temp.wrong() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  result bigint;
BEGIN
  WITH event AS (
    SELECT e.content_id, c.creator_id, coalesce(e.user_id, -e.session_id) AS viewer, e.engagement_type::text AS kind, e.completed, e.watch_time_ms
    FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id
  ), owner AS (
    SELECT 'content' AS scope, id FROM explore_content UNION SELECT 'creator', creator_id FROM explore_content UNION SELECT 'platform', 0
  ), told AS (
    SELECT scope, id, views(s), unique_viewers(s), completions(s), saves(s), round(total_watch_time(s) * 1000) FROM owner,
      LATERAL (SELECT CASE scope WHEN 'content' THEN content_summary(id) WHEN 'creator' THEN creator_summary(id) ELSE platform_summary() END AS s) x
  ), plain AS (
    SELECT scope, id, count(*) FILTER (WHERE kind = 'view'), count(DISTINCT viewer) FILTER (WHERE kind = 'view'),
      count(*) FILTER (WHERE kind = 'complete' OR kind = 'view' AND completed), count(*) FILTER (WHERE kind = 'save'), coalesce(sum(watch_time_ms), 0)::float8
    FROM owner o LEFT JOIN event e ON o.scope = 'platform' OR o.scope = 'content' AND e.content_id = o.id OR o.scope = 'creator' AND e.creator_id = o.id GROUP BY 1, 2
  )
  SELECT count(*) INTO result FROM ((TABLE told EXCEPT ALL TABLE plain) UNION ALL (TABLE plain EXCEPT ALL TABLE told)) d;
  RETURN result;
END $$;
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN hint <> '' THEN ' (with a hint)' ELSE '' END;
END $$;

-- 6501 has enough events for buckets; 6502 few; 6503 belongs to another creator; 6599 has no row.
INSERT INTO explore_content (id, creator_id, title) VALUES (6501, 6901, 'Many'), (6502, 6901, 'Few'), (6503, 6902, 'Other');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (6601, 6501), (6602, 6502), (6603, 6503);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 6501, CASE WHEN n % 3 > 0 THEN 6200 + n % 50 END, CASE WHEN n % 2 = 0 THEN 6500 + n % 9 END, (ARRAY['view', 'view', 'save', 'complete', 'impression'])[1 + n % 5]::engagement_type, n, n % 7 = 0, '2024-07-01 00:00+00'::timestamptz + n * interval '37 minutes'
FROM generate_series(1, 300) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT CASE WHEN n <= 5 THEN 6502 WHEN n <= 7 THEN 6503 ELSE 6599 END, 6200 + n, 'view', 10 * n, '2024-07-03 12:00+00' FROM generate_series(1, 11) n;

-- Nothing is in the rollups yet, and every number is there.
SELECT tail_events, delta_events, oldest_writer_pid, failed_at FROM explore_analytics.rollup_status;
SELECT pg_temp.wrong();
-- Fewer new events than min_rows: nothing happens.
SELECT low AS low, epoch AS epoch FROM explore_analytics.rollup_status \gset
CALL explore_analytics.refresh(312);
SELECT tail_events, low = :low AS unmoved, epoch = :epoch AS same_epoch FROM explore_analytics.rollup_status;
CALL explore_analytics.refresh(min_rows => 311);
SELECT tail_events, lag_seconds, low > :low AS moved, epoch = low + 1 AS next_epoch, refreshed_at > now() - interval '1 hour' AS just_now, last_events, last_took_ms >= last_waited_ms AS took,
  failed_at, failure, failure_code, oldest_writer_gid, oldest_writer_seconds, rollup_bytes > 0 AS has_bytes, layout_version FROM explore_analytics.rollup_status;
SELECT pg_temp.wrong();
SELECT scope, count(*) AS keys, count(*) FILTER (WHERE summary IS NOT NULL) AS summaries, count(*) FILTER (WHERE events IS NOT NULL) AS logs, sum(views) AS views FROM explore_analytics.rollup_totals GROUP BY 1 ORDER BY 1;
SELECT event_count, low < high AS ascending, finished_at IS NOT NULL AS finished, rollup_rows > 0 AS has_rows FROM explore_analytics.rollup_ledger ORDER BY high DESC LIMIT 1;
SELECT * FROM explore_analytics.epoch_holders;
SELECT * FROM explore_analytics.refresh_progress;
-- Who writes holds an epoch, and is the oldest writer.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (6502, 6250, 'view', '2024-07-04 00:00+00');
SELECT h.epoch = s.epoch AS its_epoch, h.pid = pg_backend_pid() AS it_is_me, h.gid, h.since = now() AS since_its_start, s.oldest_writer_pid = h.pid AS oldest, s.oldest_writer_seconds >= 0 AS has_age, s.tail_events
FROM explore_analytics.epoch_holders h, explore_analytics.rollup_status s;
SELECT explore_analytics.current_epoch() = e.epoch AS the_same FROM explore_engagements e WHERE e.user_id = 6250;
SAVEPOINT s;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (6502, 6251, 'view', '2024-07-04 00:00+00');
ROLLBACK TO s;
SELECT count(*) AS held FROM explore_analytics.epoch_holders;
SELECT pg_temp.wrong();
COMMIT;
SELECT count(*) AS held FROM explore_analytics.epoch_holders;
CALL explore_analytics.refresh(NULL);
CALL explore_analytics.refresh();
SELECT tail_events, last_events FROM explore_analytics.rollup_status;
SELECT pg_temp.wrong();

-- What is refused, and changes nothing.
BEGIN;
CALL explore_analytics.refresh();
ROLLBACK;
BEGIN;
CALL explore_analytics.compact();
ROLLBACK;
BEGIN;
CALL explore_analytics.run_forever();
ROLLBACK;
SELECT call, pg_temp.refused('CALL explore_analytics.' || call) FROM (VALUES ('refresh()'), ('compact()'), ('run_forever()')) v(call);
SET default_transaction_isolation = 'repeatable read';
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SET default_transaction_isolation = 'serializable';
CALL explore_analytics.refresh();
RESET default_transaction_isolation;
SET default_transaction_read_only = on;
CALL explore_analytics.refresh();
RESET default_transaction_read_only;
CALL explore_analytics.refresh(-1);
CALL explore_analytics.run_forever('0 seconds');
CALL explore_analytics.run_forever('-1 second');
CALL explore_analytics.run_forever('24 hours 1 second');
CALL explore_analytics.run_forever('1 month');
TRUNCATE explore_engagements;
TRUNCATE explore_engagements_default;
SELECT call, regexp_replace(pg_temp.refused(call), 'explore_engagements_[0-9]+_[0-9]+', 'explore_engagements of this month') AS refused FROM (VALUES ('SELECT explore_analytics.note_creators()'), ('SELECT explore_analytics.refuse_truncate()'),
  ('SELECT explore_analytics.verify(''2025-01-02'', ''2025-01-01'')'), ('SELECT explore_analytics.rebuild(''2025-01-02'', ''2025-01-01'')'),
  ('SELECT explore_analytics.verify(NULL, ''infinity'')'), ('SELECT explore_analytics.rebuild(''-infinity'', NULL)'),
  ('INSERT INTO explore_engagements (content_id, engagement_type, epoch) VALUES (6501, ''view'', -1)'), ('INSERT INTO explore_engagements (content_id, engagement_type, epoch) VALUES (6501, ''view'', NULL)')) v(call);
SELECT tail_events, last_events FROM explore_analytics.rollup_status;
SELECT pg_temp.wrong();

-- Small news of a content with buckets waits beside them until compact() brings it there.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 6501, 6300 + n, 'view', '2024-07-01 00:00+00'::timestamptz + n * interval '5 hours' FROM generate_series(1, 20) n;
CALL explore_analytics.refresh();
SELECT delta_events > 0 AS beside, tail_events FROM explore_analytics.rollup_status;
SELECT pg_temp.wrong();
CALL explore_analytics.compact();
SELECT delta_events, (SELECT count(*) FROM explore_analytics.rollup_deltas) AS deltas FROM explore_analytics.rollup_status;
SELECT pg_temp.wrong();
CALL explore_analytics.compact();
SELECT * FROM explore_analytics.verify();
SELECT * FROM explore_analytics.check_ledger();
SELECT explore_analytics.require_good_ledger();

-- Rows that came or went behind the rollups' back are found, each in its scopes and on its day.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at, epoch) SELECT 6503, 6777, 'view', '2024-07-05 10:00+00', low FROM explore_analytics.rollup_state;
SELECT * FROM explore_analytics.verify() ORDER BY scope, id, range_start;
SELECT count(*) FROM explore_analytics.verify('2024-07-05', '2024-07-06');
SELECT count(*) FROM explore_analytics.verify('2024-07-05 10:00:00.000001', NULL);
SELECT count(*) FROM explore_analytics.verify(NULL, '2024-07-05 10:00');
SELECT found - recorded AS more FROM explore_analytics.check_ledger();
SELECT left(pg_temp.refused('SELECT explore_analytics.require_good_ledger()'), 5) AS state;
ROLLBACK;
BEGIN;
DELETE FROM explore_engagements WHERE content_id = 6502 AND user_id = 6203;
SELECT * FROM explore_analytics.verify() ORDER BY scope, id, range_start;
SELECT found - recorded AS more FROM explore_analytics.check_ledger();
-- Rebuilt, nothing is left to find: of the day, then of everything.
SAVEPOINT s;
SELECT explore_analytics.rebuild('2024-07-03', '2024-07-04') > 0 AS written;
SELECT (SELECT count(*) FROM explore_analytics.verify()) AS found, (SELECT count(*) FROM explore_analytics.check_ledger()) AS ledger, pg_temp.wrong();
ROLLBACK TO s;
SELECT explore_analytics.rebuild('2024-07-04', NULL);
SELECT count(*) FROM explore_analytics.verify();
SELECT explore_analytics.rebuild() > 0 AS written;
SELECT (SELECT count(*) FROM explore_analytics.verify()) AS found, (SELECT count(*) FROM explore_analytics.check_ledger()) AS ledger, pg_temp.wrong();
SELECT event_count = (SELECT count(*) FROM explore_engagements) AS one_row_for_all FROM explore_analytics.rollup_ledger;
ROLLBACK;
-- One event in place of another: as many rows as before.
BEGIN;
UPDATE explore_engagements SET watch_time_ms = watch_time_ms + 1 WHERE content_id = 6502 AND user_id = 6203;
SELECT * FROM explore_analytics.verify() ORDER BY scope, id, range_start;
SELECT count(*) AS ledger FROM explore_analytics.check_ledger();
SELECT explore_analytics.rebuild('2024-07-03 12:00', '2024-07-03 12:00:00.000001') > 0 AS written;
SELECT (SELECT count(*) FROM explore_analytics.verify()) AS found, pg_temp.wrong();
ROLLBACK;
-- Stored summaries that do not say what the events below them say.
BEGIN;
UPDATE explore_analytics.rollup_totals SET summary = engagement_agg_of.s FROM (SELECT engagement_agg('view', n, 1, true) AS s FROM generate_series(1, 200) n) engagement_agg_of WHERE scope = 2 AND id = 6501;
SELECT * FROM explore_analytics.verify();
ROLLBACK;
BEGIN;
UPDATE explore_analytics.rollup_buckets SET summary = summary + engagement_agg_of.s FROM (SELECT engagement_agg('view', 5, 0, false) AS s) engagement_agg_of WHERE scope = 1 AND id = 6901 AND summary IS NOT NULL AND level = 1;
SELECT * FROM explore_analytics.verify();
ROLLBACK;
-- A bucket that is gone, and a log that moved to another content.
BEGIN;
DELETE FROM explore_analytics.rollup_buckets WHERE scope = 2 AND id = 6501 AND events IS NOT NULL AND bucket = (SELECT min(b.bucket) FROM explore_analytics.rollup_buckets b WHERE b.scope = 2 AND b.id = 6501 AND b.events IS NOT NULL);
SELECT count(*) > 0 AS found, bool_and(scope = 'content' AND id = 6501) AS there FROM explore_analytics.verify();
ROLLBACK;
BEGIN;
UPDATE explore_analytics.rollup_totals SET id = 6504 WHERE scope = 2 AND id = 6502;
SELECT * FROM explore_analytics.verify() ORDER BY scope, id;
ROLLBACK;
SELECT count(*) FROM explore_analytics.verify();

-- Contents: one that comes later than its events, moves, changes its id, goes; then all of them. Right at once, and after the next refresh.
INSERT INTO explore_content (id, creator_id, title) VALUES (6599, 6902, 'Late');
SELECT views(creator_summary(6902)), pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found;
CALL explore_analytics.refresh();
SELECT views(creator_summary(6902)), pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found, (SELECT count(*) FROM explore_analytics.creator_changes) AS noted;
UPDATE explore_content SET creator_id = 6902 WHERE id = 6501;
SELECT views(creator_summary(6901)) AS before, views(creator_summary(6902)) AS after, pg_temp.wrong();
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (6501, 6250, 'view', '2024-07-02 00:00+00');
SELECT views(creator_summary(6902)) AS after, pg_temp.wrong();
CALL explore_analytics.refresh();
SELECT views(creator_summary(6901)) AS before, views(creator_summary(6902)) AS after, pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found;
-- What does not change creators is not noted.
UPDATE explore_content SET title = 'Other title', creator_id = creator_id;
SELECT count(*) AS noted FROM explore_analytics.creator_changes;
UPDATE explore_content SET id = 6598 WHERE id = 6502;
SELECT pg_temp.wrong(), views(content_summary(6502)) AS old_id, views(content_summary(6598)) AS new_id, views(creator_summary(6901)) AS creator;
UPDATE explore_content SET id = 6502 WHERE id = 6598;
SELECT pg_temp.wrong(), views(creator_summary(6901)) AS creator;
DELETE FROM explore_content WHERE id IN (6599, 6503);
SELECT views(creator_summary(6902)), views(content_summary(6503)), pg_temp.wrong();
CALL explore_analytics.refresh();
SELECT views(creator_summary(6902)), pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found;
BEGIN;
TRUNCATE explore_content;
SELECT views(creator_summary(6901)) AS creator, pg_temp.wrong();
ROLLBACK;
CREATE TABLE kept AS SELECT * FROM explore_content;
TRUNCATE explore_content;
SELECT views(creator_summary(6901)) AS creator, views(platform_summary()) AS platform, pg_temp.wrong();
CALL explore_analytics.refresh();
SELECT views(creator_summary(6901)) AS creator, pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found, (SELECT count(*) FROM explore_analytics.rollup_totals WHERE scope = 1) AS creators;
INSERT INTO explore_content SELECT * FROM kept;
DROP TABLE kept;
SELECT views(creator_summary(6901)) AS creator, pg_temp.wrong();
CALL explore_analytics.refresh();
SELECT views(creator_summary(6901)) AS creator, pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found;

-- Without its state nothing is doubled: answers are right or refused until install() makes the row anew.
SELECT platform_summary()::text AS platform, creator_summary(6902)::text AS creator, content_summary(6501, '2024-07-02', '2024-07-03')::text AS part, max(epoch) AS epoch FROM explore_engagements \gset
DELETE FROM explore_analytics.rollup_state;
CREATE FUNCTION pg_temp.right_or_refused(wanted text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN platform_summary()::text = wanted;
EXCEPTION WHEN object_not_in_prerequisite_state OR data_corrupted THEN
  RETURN true;
END $$;
SELECT pg_temp.right_or_refused(:'platform');
CALL explore_analytics.refresh();
CALL explore_analytics.install();
SELECT platform_summary()::text = :'platform' AS platform, pg_temp.wrong();
SELECT explore_analytics.rebuild() AS rows \gset
SELECT platform_summary()::text = :'platform' AS platform, pg_temp.wrong();
CALL explore_analytics.refresh();
SELECT platform_summary()::text = :'platform' AS platform, pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found, (SELECT count(*) FROM explore_analytics.check_ledger()) AS ledger;

-- Uninstalled, our triggers and the default are gone; installed again, the numbers are the same.
CALL explore_analytics.uninstall();
SELECT count(*) AS triggers FROM pg_trigger WHERE tgname LIKE 'explore\_analytics\_%';
SELECT count(*) AS rollups FROM pg_class WHERE relnamespace = 'explore_analytics'::regnamespace AND relkind IN ('r', 'v', 'S', 'm');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (6502, 6260, 'view', '2024-07-04 00:00+00');
SELECT epoch FROM explore_engagements WHERE user_id = 6260;
DELETE FROM explore_engagements WHERE user_id = 6260;
TRUNCATE explore_feed_sessions;
SET client_min_messages = warning;
CALL explore_analytics.install();
RESET client_min_messages;
SELECT platform_summary()::text = :'platform' AS platform, creator_summary(6902)::text = :'creator' AS creator, content_summary(6501, '2024-07-02', '2024-07-03')::text = :'part' AS part, pg_temp.wrong();
SELECT low, epoch > :epoch AS above_all_rows, tail_events FROM explore_analytics.rollup_status;
CALL explore_analytics.refresh();
SELECT platform_summary()::text = :'platform' AS platform, creator_summary(6902)::text = :'creator' AS creator, content_summary(6501, '2024-07-02', '2024-07-03')::text = :'part' AS part, pg_temp.wrong(),
  (SELECT count(*) FROM explore_analytics.verify()) AS found, (SELECT tail_events FROM explore_analytics.rollup_status) AS tail;

-- What an older layout lacks is brought back: the default, also of partitions, and the triggers.
DO $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT t.tgname, t.tgrelid::regclass AS relation FROM pg_trigger t WHERE t.tgname LIKE 'explore\_analytics\_%' AND t.tgparentid = 0 LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, item.relation);
  END LOOP;
END $$;
ALTER TABLE explore_engagements ALTER COLUMN epoch SET DEFAULT 0;
CALL explore_analytics.install();
SELECT count(*) FILTER (WHERE pg_get_expr(d.adbin, d.adrelid) = 'explore_analytics.current_epoch()') = count(*) AS defaults, count(*) > 5 AS also_of_partitions
FROM pg_partition_tree('explore_engagements') p JOIN pg_attribute a ON a.attrelid = p.relid AND a.attname = 'epoch' LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum;
SELECT count(*) FILTER (WHERE tgrelid = 'explore_content'::regclass) AS on_contents, count(*) FILTER (WHERE tgname = 'explore_analytics_no_truncate') = (SELECT count(*) FROM pg_partition_tree('explore_engagements')) AS on_events,
  bool_and(tgenabled IN ('A', 'R')) AS applied FROM pg_trigger WHERE tgname LIKE 'explore\_analytics\_%';
SELECT pg_temp.wrong();
CALL explore_analytics.refresh();
SELECT pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found;

-- A table of one's own, with rows and without epochs, is adopted.
CALL explore_analytics.uninstall(true);
CREATE TABLE explore_engagements (id bigint GENERATED BY DEFAULT AS IDENTITY, content_id bigint NOT NULL, user_id bigint, session_id bigint, engagement_type text NOT NULL, watch_time_ms int, completed boolean, created_at timestamptz NOT NULL);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 6501 + n % 2, 6200 + n % 40, (ARRAY['view', 'save', 'view'])[1 + n % 3], n, n % 2 = 0, '2024-07-01 00:00+00'::timestamptz + n * interval '50 minutes' FROM generate_series(1, 400) n;
CREATE TABLE explore_content (id bigint, creator_id bigint NOT NULL, title text);
INSERT INTO explore_content VALUES (6501, 6901, 'Adopted');
SET client_min_messages = warning;
CALL explore_analytics.install();
RESET client_min_messages;
SELECT pg_temp.wrong(), (SELECT array_agg(DISTINCT epoch) FROM explore_engagements) AS epochs;
CALL explore_analytics.refresh();
SELECT pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found, last_events FROM explore_analytics.rollup_status;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (6502, 6260, 'view', '2024-07-04 00:00+00');
INSERT INTO explore_content (id, creator_id) VALUES (6502, 6901);
SELECT views(creator_summary(6901)), pg_temp.wrong(), (SELECT tail_events FROM explore_analytics.rollup_status) AS tail;
CALL explore_analytics.refresh();
SELECT views(creator_summary(6901)), pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found;

-- At the end all is installed and empty, also the rollups.
SET client_min_messages = warning;
CALL explore_analytics.uninstall(true);
CALL explore_analytics.install();
CALL explore_analytics.refresh();
RESET client_min_messages;
SELECT views(platform_summary()), pg_temp.wrong(), (SELECT count(*) FROM explore_analytics.verify()) AS found, (SELECT count(*) FROM explore_analytics.rollup_totals) AS totals;
