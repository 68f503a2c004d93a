-- Tables that somebody has changed: every column that numbers are made from renamed, retyped, dropped, made anew elsewhere, allowed
-- to be null; columns added. Whatever is called then is exact, or an error that names table and column; never another number, and
-- the server stays up. What belongs to the tables without being a column is in unserved_tables.sql.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT no_plan();

INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 2, 'content ' || n FROM generate_series(1, 4) n;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT 10 + n, n, 9000 FROM generate_series(1, 4) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES (100, 5, '2025-02-01'), (101, NULL, '2025-02-01');
CREATE FUNCTION pg_temp.put(k integer, n integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 1 + i % 4, CASE WHEN i % 9 > 0 THEN 1 + i % 53 END, 100 + i % 2, (ARRAY['view', 'view', 'save', 'click', 'complete'])[1 + i % 5]::engagement_type,
         i * 10, i % 3 = 0, '2025-02-01'::timestamptz + i * interval '31 minutes'
  FROM generate_series(k, k + n - 1) i
$$;
SELECT pg_temp.put(1, 1500) \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.put(2001, 60) \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.put(3001, 5) \g /dev/null
SELECT explore_analytics.set_identity('postgres', 1) \g /dev/null
INSERT INTO explore_analytics.rate_limits (scope, name, events_per_second, burst) VALUES ('session', '*', 1000000, 1000000);
SELECT batch_update_engagement_scores() \g /dev/null
UPDATE explore_content SET creator_id = 2 WHERE id = 2;
SELECT define_cohort('grown', '{"any": [{"did": "view"}, {"attribute": "city", "is": "Dubai"}]}') \g /dev/null
SELECT define_experiment('grown', '{a,b}') \g /dev/null

-- What is called: a statement that tells something, whether it writes rollups, and what it tells of unchanged tables.
CREATE TABLE call (name text PRIMARY KEY, writes boolean, query text, told text);
INSERT INTO call (name, writes, query) VALUES
  ('platform', false, $$SELECT platform_summary('2025-02-03 01:02:03', '2025-02-20')::text$$),
  ('creator', false, 'SELECT string_agg(creator_summary(c)::text, '','') FROM generate_series(1, 2) c'),
  ('content', false, 'SELECT string_agg(content_summary(c)::text, '','') FROM generate_series(1, 4) c'),
  ('videos', false, 'SELECT string_agg(v::text, '','') FROM videos_analytics() v'),
  ('best', false, 'SELECT string_agg(t::text, '','') FROM top_videos(''engagement_score'', n => 2) t'),
  ('days', false, 'SELECT string_agg(d::text, '','' ORDER BY d.day, d.content_id) FROM explore_video_daily d WHERE d.content_id = 1 AND d.day < ''2025-02-05'''),
  ('session', false, 'SELECT s::text FROM session_analytics(100) s'), ('curve', false, 'SELECT string_agg(c::text, '','') FROM retention_curve(11, bins => 7) c'),
  ('ledger', false, 'SELECT count(*)::text FROM explore_analytics.check_ledger()'), ('verify', false, 'SELECT count(*)::text FROM explore_analytics.verify()'),
  ('rebuild', true, 'SELECT explore_analytics.rebuild()::text IS NOT NULL'), ('rebuild of a week', true, $$SELECT explore_analytics.rebuild('2025-02-03', '2025-02-10')::text IS NOT NULL$$),
  ('rescore', false, 'SELECT batch_update_engagement_scores(true)::text IS NOT NULL'), ('erasure', true, 'SELECT explore_analytics.forget_viewer(7)::text'),
  ('move', true, 'WITH moved AS (UPDATE explore_content SET creator_id = 2 WHERE id = 4 RETURNING 1) SELECT count(*)::text FROM moved'),
  ('cohort', false, $$SELECT viewer_keys(cohort('grown'))::text$$), ('define', false, $$SELECT define_cohort('grown', '{"did": "save"}')::text || cohort('grown')::text$$), ('export', false, $$SELECT (explore_analytics.export_viewer(7) -> 'cohorts')::text$$),
  ('assign', false, $$SELECT assign_variant('grown', '1')$$), ('redefine', false, $$SELECT define_experiment('grown', '{a,b}', coverage => 0.5)::text || coalesce(assign_variant('grown', '1'), 'none')$$),
  ('expose', false, $$SELECT record_exposure('grown', 1)$$), ('exposures', false, $$SELECT (explore_analytics.export_viewer(7) -> 'exposures')::text$$),
  ('record', false, $$SELECT record_engagement(1, 'view', session_id => 101)$$),
  ('insert', false, $$WITH put AS (INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1, 'view') RETURNING 1) SELECT count(*)::text FROM put$$);

-- What is told after the change, undone: the result, or the error. A change that cannot be made tells nothing.
CREATE FUNCTION pg_temp.told(change text, query text, proof boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
  changed boolean := false;
BEGIN
  EXECUTE change;
  changed := true;
  EXECUTE query INTO result;
  -- What it wrote is right.
  IF proof THEN
    SELECT result || coalesce((SELECT string_agg(v::text, ',') FROM explore_analytics.verify() v), '') INTO result;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'UT001';
EXCEPTION
  WHEN SQLSTATE 'UT001' THEN RETURN result;
  WHEN OTHERS THEN RETURN CASE WHEN changed THEN SQLSTATE || ': ' || SQLERRM END;
END $$;
UPDATE call c SET told = pg_temp.told('SELECT', c.query, c.writes);
SELECT is_empty($$SELECT name, told FROM call WHERE told IS NULL OR told ~ '^[0-9A-Z]{5}: '$$, 'every call tells something of the tables as they are');
SELECT cmp_ok((SELECT length(told) FROM call WHERE name = 'creator'), '>', 200, 'and not little');

-- The columns that are read or written straight.
CREATE TABLE target (place integer GENERATED ALWAYS AS IDENTITY, relation text, columns text[]);
INSERT INTO target (relation, columns) VALUES
  ('public.explore_engagements', '{content_id,user_id,session_id,engagement_type,watch_time_ms,completed,created_at,epoch}'), ('public.explore_content', '{id,creator_id}'),
  ('public.explore_discovery_videos', '{id,content_id,duration_ms}'),
  ('explore_analytics.rollup_totals', '{id,epoch,views,score,scope,summary,events}'), ('explore_analytics.rollup_buckets', '{id,bucket,scope,level,summary,events}'),
  ('explore_analytics.rollup_deltas', '{id,epoch,first_at,last_at,scope,event_count,events}'), ('explore_analytics.rollup_state', '{low,rescore_all,layout_version,sessions_made,session_strangers}'),
  ('explore_analytics.rescores', '{low}'), ('explore_analytics.creator_changes', '{creator_id,content_id}'),
  ('explore_analytics.session_changes', '{session_id,old_start,old_end,new_start,new_end}'), ('explore_analytics.dropped_partitions', '{range_end}'),
  ('explore_analytics.identities', '{login,creator_id}'), ('explore_analytics.cohorts', '{name,owner,rule,defined_at}'), ('explore_analytics.experiments', '{name,variants,weights,seed,coverage,alpha,tuning,defined_at}'), ('explore_exposures', '{experiment,viewer_key,variant,exposed_at}'), ('explore_analytics.rate_limits', '{scope,name,events_per_second,burst}');
CREATE TABLE change AS
SELECT t.relation, c.name AS column_name, k.kind, format(k.change, t.relation, c.name, format_type(a.atttypid, NULL)) AS statement
FROM target t, unnest(t.columns) WITH ORDINALITY c(name, place), pg_attribute a, (VALUES
  (1, 'renamed', 'ALTER TABLE %s RENAME COLUMN %s TO renamed'),
  (2, 'of another type', 'ALTER TABLE %s ALTER COLUMN %2$s DROP DEFAULT, ALTER COLUMN %2$s TYPE text USING %2$s::text'),
  (3, 'of a wider type', 'ALTER TABLE %s ALTER COLUMN %2$s DROP DEFAULT, ALTER COLUMN %2$s TYPE numeric USING NULL'),
  (5, 'dropped', 'ALTER TABLE %s DROP COLUMN %s CASCADE'),
  (6, 'nullable', 'ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL'),
  (7, 'under a namesake', 'ALTER TABLE %s RENAME COLUMN %s TO renamed; ALTER TABLE %1$s ADD COLUMN %2$s text')
) k(place, kind, change)
WHERE a.attrelid = t.relation::regclass AND a.attname = c.name ORDER BY t.place, c.place, k.place;
-- Identities are asked for by everybody without a setting, rates by who records.
CREATE TABLE outcome AS
SELECT h.*, c.name, c.told AS before, pg_temp.told(h.statement, c.query, c.writes) AS told FROM change h CROSS JOIN call c;

SELECT cmp_ok((SELECT count(*) FROM outcome WHERE told IS NOT NULL), '>', 2500::bigint, 'the changes are made');
SELECT is_empty($$SELECT relation, column_name, kind, name, before, told FROM outcome WHERE told <> before AND told !~ '^(55000|0A000|23502|42703): '
  AND NOT (kind = 'dropped' AND name = 'days' AND told LIKE '42P01: %') AND NOT (kind = 'under a namesake' AND name = 'move' AND told LIKE '42883: %') LIMIT 20$$,
  'what is called after a change is exact, or refused');
SELECT is_empty($$SELECT relation, column_name, kind, name, told FROM outcome WHERE told ~ '^(55000|0A000): ' AND (told NOT LIKE '%' || relation || '%' OR told NOT LIKE '%' || column_name || '%')
  AND told NOT LIKE '%index%' LIMIT 20$$, 'the error names table and column');
SELECT is_empty($$SELECT DISTINCT relation, column_name, kind, name, told FROM outcome WHERE relation LIKE 'public.explore_e%' AND kind <> 'nullable' AND name NOT IN ('move', 'insert')
  AND (told NOT LIKE '55000: table ' || relation || ' has no column ' || column_name || ' of type %')$$, 'a column of the events that is not what it was stops every question, check and job');
SELECT is_empty($$SELECT relation, column_name, kind, name, told FROM outcome WHERE relation ~ 'rollup_|creator_changes' AND relation !~ 'state' AND kind NOT IN ('nullable')
  AND name IN ('platform', 'creator', 'content', 'videos', 'rebuild', 'erasure', 'verify') AND told !~ '^55000: '$$, 'a column of the rollups that is not what it was: the same');
SELECT is_empty($$SELECT relation, column_name, kind, told FROM outcome WHERE name = 'insert' AND relation !~ 'explore_engagements' AND told <> before$$,
  'events are taken whatever has become of the other tables');

-- Types whose values read as others, and lengths that are none.
SELECT is(pg_temp.told(format(c.change, 'explore_discovery_videos', 'duration_ms'), query), c.told, c.change) FROM call, (VALUES
  ('ALTER TABLE %s ALTER COLUMN %s TYPE bigint USING 4294967297', '55000: table public.explore_discovery_videos has no column duration_ms of type integer'), ('ALTER TABLE %s ALTER COLUMN %s TYPE numeric', '55000: table public.explore_discovery_videos has no column duration_ms of type integer'),
  ('ALTER TABLE %s DROP CONSTRAINT %1$s_duration_positive; UPDATE %1$s SET %2$s = 0', '55000: the duration of video 11 is 0 ms'), ('ALTER TABLE %s DROP CONSTRAINT %1$s_duration_positive; UPDATE %1$s SET %2$s = -2147483648', '55000: the duration of video 11 is -2147483648 ms')) c(change, told)
WHERE name = 'curve';

-- Columns that are not ours, and columns of ours in another place.
CREATE TABLE addition (place integer, statement text, writable boolean);
INSERT INTO addition VALUES
  (1, 'ALTER TABLE %s ADD COLUMN note text', true), (2, 'ALTER TABLE %s ADD COLUMN note text; ALTER TABLE %1$s DROP COLUMN note', true),
  (3, 'ALTER TABLE %s ADD COLUMN note integer, ADD COLUMN remark text; ALTER TABLE %1$s DROP COLUMN note', true),
  (4, 'ALTER TABLE %s ADD COLUMN note integer DEFAULT 5', false), (5, 'ALTER TABLE %s ADD COLUMN note integer NOT NULL DEFAULT 5', false),
  (6, 'ALTER TABLE %s ADD COLUMN note integer GENERATED ALWAYS AS IDENTITY', false), (7, 'ALTER TABLE %s ADD COLUMN note integer GENERATED ALWAYS AS (7) STORED', false);
CREATE TABLE added AS
SELECT t.relation, a.*, c.name, c.writes, c.told AS before, pg_temp.told(format(a.statement, t.relation), c.query, c.writes) AS told
FROM target t CROSS JOIN addition a CROSS JOIN call c;
SELECT is_empty($$SELECT relation, statement, name, before, told FROM added WHERE (writable OR NOT writes OR relation NOT IN (
  'explore_analytics.rollup_totals', 'explore_analytics.rollup_buckets', 'explore_analytics.rollup_deltas', 'explore_analytics.creator_changes', 'explore_analytics.session_changes')) AND told <> before$$,
  'columns of others change nothing');
SELECT is_empty($$SELECT relation, statement, name, told FROM added WHERE NOT writable AND name IN ('rebuild', 'erasure') AND told NOT LIKE '55000: column note of table %'
  AND relation IN ('explore_analytics.rollup_totals', 'explore_analytics.rollup_buckets', 'explore_analytics.rollup_deltas')$$,
  'but those that want a value of every row keep rollups from being written');
CREATE TABLE moved AS
SELECT t.relation, col.name AS column_name, c.name, c.told AS before,
  pg_temp.told(format('ALTER TABLE %s ADD COLUMN elsewhere %s; UPDATE %1$s SET elsewhere = %3$I; ALTER TABLE %1$s DROP COLUMN %3$I; ALTER TABLE %1$s RENAME COLUMN elsewhere TO %3$I; %s',
    t.relation, format_type(a.atttypid, NULL), col.name, CASE WHEN a.attnotnull THEN format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', t.relation, col.name) END), c.query, c.writes) AS told
FROM target t, unnest(t.columns) col(name), pg_attribute a, call c
WHERE a.attrelid = t.relation::regclass AND a.attname = col.name AND t.relation IN ('explore_analytics.rollup_totals', 'explore_analytics.rollup_deltas', 'explore_analytics.rollup_buckets')
  AND col.name IN ('views', 'summary', 'events', 'last_at', 'event_count');
SELECT is_empty($$SELECT * FROM moved WHERE told <> before AND NOT (name = 'best' AND told LIKE '55000: index rollup_totals_best of %')$$, 'columns of ours may stand in another place');
SELECT cmp_ok((SELECT count(*) FROM moved WHERE told IS NOT NULL), '>', 100::bigint, 'tried');
SELECT cmp_ok((SELECT count(*) FROM added WHERE told IS NOT NULL), '>', 800::bigint, 'these too');

-- The jobs, which end transactions.
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
ALTER TABLE explore_analytics.rollup_deltas ADD COLUMN note text;
ALTER TABLE explore_analytics.rollup_totals ADD COLUMN note text;
ALTER TABLE explore_analytics.rollup_buckets ADD COLUMN note text;
ALTER TABLE explore_analytics.creator_changes ADD COLUMN note text;
SELECT pg_temp.put(4001, 20) \g /dev/null
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE'::text, '00000', 'a refresh into tables with a column more');
ALTER TABLE explore_analytics.rollup_deltas DROP COLUMN note;
ALTER TABLE explore_analytics.rollup_totals DROP COLUMN note;
ALTER TABLE explore_analytics.rollup_buckets DROP COLUMN note;
ALTER TABLE explore_analytics.creator_changes DROP COLUMN note;
SELECT pg_temp.put(5001, 20) \g /dev/null
UPDATE explore_content SET creator_id = 1 WHERE id = 3;
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE'::text, '00000', 'and when it is gone again');
CALL explore_analytics.compact();
SELECT is(:'SQLSTATE'::text, '00000', 'a compaction too');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'what they wrote is right');
ALTER TABLE explore_analytics.rollup_deltas RENAME COLUMN last_at TO until;
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE' || ' ' || :'LAST_ERROR_MESSAGE', '55000 table explore_analytics.rollup_deltas has no column last_at of type timestamp with time zone', 'a refresh that does not know the columns');
CALL explore_analytics.compact();
SELECT is(:'SQLSTATE'::text, '55000', 'a compaction');
ALTER TABLE explore_analytics.rollup_deltas RENAME COLUMN until TO last_at;
ALTER TABLE explore_engagements RENAME COLUMN watch_time_ms TO x;
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE' || ' ' || :'LAST_ERROR_MESSAGE', '55000 table public.explore_engagements has no column watch_time_ms of type integer', 'a refresh that does not know the events');
ALTER TABLE explore_engagements RENAME COLUMN x TO watch_time_ms;

-- NOT NULL that has not looked at the rows that were there.
SELECT current_setting('server_version_num')::int >= 180000 AS has_unchecked \gset
\if :has_unchecked
BEGIN;
ALTER TABLE explore_engagements ALTER COLUMN engagement_type DROP NOT NULL;
ALTER TABLE explore_engagements ADD CONSTRAINT later NOT NULL engagement_type NOT VALID;
SAVEPOINT here;
SELECT views(platform_summary());
\set told :SQLSTATE ' ' :LAST_ERROR_MESSAGE
ROLLBACK TO here;
CALL explore_analytics.install();
SELECT views(platform_summary()) > 0 AS answered, convalidated AS valid FROM pg_constraint WHERE conname = 'later' AND conrelid = 'explore_engagements'::regclass \gset
ROLLBACK;
SELECT is(:'told'::text, '55000 column engagement_type of table public.explore_engagements may be null', 'a NOT NULL that is NOT VALID');
SELECT is(:'answered' || :'valid', 'tt', 'install() has it looked at');
\endif

-- A column that the server computes comes along into new partitions, also with rows that move there.
ALTER TABLE explore_engagements ADD COLUMN twice integer GENERATED ALWAYS AS (watch_time_ms * 2) STORED;
INSERT INTO explore_engagements (content_id, engagement_type, watch_time_ms, created_at) VALUES (1, 'view', 21, '2024-03-05'), (1, 'view', 21, '2024-04-05');
SELECT is(explore_analytics.ensure_partitions('2024-03-01', '2024-05-01'), 3, 'months of a table with a generated column');
SELECT is(:'SQLSTATE'::text, '00000', 'are made');
INSERT INTO explore_engagements (content_id, engagement_type, watch_time_ms, created_at) VALUES (1, 'view', 21, '2024-05-05');
SELECT results_eq($$SELECT tableoid::regclass::text, twice FROM explore_engagements WHERE created_at < '2024-06-01' ORDER BY created_at$$,
  $$VALUES ('explore_engagements_2024_03', 42), ('explore_engagements_2024_04', 42), ('explore_engagements_2024_05', 42)$$, 'with it');
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'moved rows count once');
ALTER TABLE explore_engagements DROP COLUMN twice;

-- Another layout, as a newer library would have made it.
UPDATE explore_analytics.rollup_state SET layout_version = layout_version + 7;
ALTER TABLE explore_analytics.rollup_state SET (fillfactor = 10);
SELECT views(platform_summary());
SELECT is(:'SQLSTATE' || ' ' || :'LAST_ERROR_MESSAGE', format('55000 the tables of explore_analytics have layout %s, the library knows 2 to %s', layout_version, layout_version - 7), 'tables of a newer layout are not read')
FROM explore_analytics.rollup_state;
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE'::text, '55000', 'nor written');
INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1, 'view');
SELECT is(:'SQLSTATE'::text, '00000', 'events are taken');
UPDATE explore_analytics.rollup_state SET layout_version = layout_version - 7;
ALTER TABLE explore_analytics.rollup_state SET (fillfactor = 10);
CALL explore_analytics.refresh();
SELECT is(:'SQLSTATE'::text, '00000', 'and counted when that is settled');
\set ON_ERROR_STOP on
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'exactly');
SELECT * FROM finish();
