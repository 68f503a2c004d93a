-- Sessions in the rollups: what is noted of them and by whom, when the raw rows answer instead, what verify() finds, and
-- what install() makes of a database that has none. That numbers are right in every state is the oracles' business.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SET timezone = 'UTC';
SELECT plan(60);

INSERT INTO explore_content (id, creator_id) VALUES (1, 7), (2, 8);
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT g, g, '2025-03-01 00:00+00'::timestamptz + g * interval '1 minute', CASE WHEN g % 4 > 0 THEN '2025-03-01 00:00+00'::timestamptz + g * interval '90.000001 s' END FROM generate_series(1, 400) g;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + g % 2, g, g, 'view', '2025-03-01 00:00+00'::timestamptz + g * interval '1 minute' FROM generate_series(1, 300) g;

CREATE VIEW told AS SELECT k.creator, p.period, m.total_sessions, m.average_session_duration
FROM (VALUES (NULL::bigint), (7), (8), (9)) k(creator), unnest(ARRAY['day', 'all']) p(period), aggregated_metrics(p.period, k.creator, '2025-03-01 04:00:00.5+00') m;
CREATE VIEW plain AS SELECT k.creator, p.period, count(s.id), coalesce(avg(extract(epoch FROM s.session_end - s.session_start)), 0)::double precision
FROM (VALUES (NULL::bigint), (7), (8), (9)) k(creator) CROSS JOIN unnest(ARRAY['day', 'all']) p(period)
LEFT JOIN explore_feed_sessions s ON (p.period = 'all' OR s.session_start >= '2025-02-28 04:00:00.5+00' AND s.session_start < '2025-03-01 04:00:00.5+00')
  AND (k.creator IS NULL OR s.id IN (SELECT e.session_id FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id WHERE c.creator_id = k.creator))
GROUP BY 1, 2;
CREATE FUNCTION pg_temp.right_ones(what text) RETURNS text LANGUAGE sql AS $$ SELECT bag_eq('TABLE told', 'TABLE plain', what || ': numbers are those of the rows') $$;
CREATE FUNCTION pg_temp.made() RETURNS boolean LANGUAGE sql AS $$ SELECT sessions_made FROM explore_analytics.rollup_state $$;
CREATE FUNCTION pg_temp.notes() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM explore_analytics.session_changes $$;

-- ---------------------------------------------------------------------------------------------------
-- The first refresh
-- ---------------------------------------------------------------------------------------------------
SELECT is(pg_temp.made(), false, 'before the first refresh there are none');
SELECT pg_temp.right_ones('before the first refresh');
CALL explore_analytics.refresh();
SELECT is(pg_temp.made(), true, 'it makes them');
SELECT is(pg_temp.notes(), 0::bigint, 'and takes the notes');
SELECT bag_eq('SELECT scope::int, id, views FROM explore_analytics.rollup_totals WHERE scope > 2', 'VALUES (3, 0::bigint, 400::bigint), (4, 7, 150), (4, 8, 150)', 'for the platform and each creator');
SELECT pg_temp.right_ones('after it');

-- ---------------------------------------------------------------------------------------------------
-- What is noted
-- ---------------------------------------------------------------------------------------------------
UPDATE explore_feed_sessions SET session_end = '2025-03-01 12:00+00' WHERE id = 4;
UPDATE explore_feed_sessions SET device_type = 'phone', session_end = session_end;
SELECT is_empty($$SELECT attname FROM pg_attribute WHERE attrelid = 'explore_analytics.session_changes'::regclass AND attnum > 0 AND coalesce(attstattarget, -1) <> 0$$,
  'no statistics are kept of what an erasure takes out of the notes');
SELECT results_eq('SELECT session_id, old_start, old_end, new_start, new_end FROM explore_analytics.session_changes',
  $$VALUES (4::bigint, '2025-03-01 00:04+00'::timestamptz, NULL::timestamptz, '2025-03-01 00:04+00'::timestamptz, '2025-03-01 12:00+00'::timestamptz)$$, 'an end is noted, and nothing else is');
INSERT INTO explore_feed_sessions (id, session_start) VALUES (501, '2025-03-01 01:00+00'), (502, '2025-03-01 02:00+00');
UPDATE explore_feed_sessions SET id = 503 WHERE id = 502;
DELETE FROM explore_feed_sessions WHERE id = 503;
SELECT results_eq('SELECT session_id, old_start IS NULL, new_start IS NULL FROM explore_analytics.session_changes WHERE session_id > 500 ORDER BY 1, 2 DESC, 3',
  'VALUES (501::bigint, true, false), (502, true, false), (502, false, true), (503, true, false), (503, false, true)', 'what comes, goes or has another id is noted');
SELECT pg_temp.right_ones('with notes');
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO explore_feed_sessions (id, session_start) VALUES (504, '2025-03-01 03:00+00');
SELECT is(count(*), 1::bigint, 'what a subscription applies is noted once') FROM explore_analytics.session_changes WHERE session_id = 504;
UPDATE explore_feed_sessions SET session_end = '2025-03-01 03:30+00' WHERE id = 504;
SELECT pg_temp.right_ones('of what a subscription applies');
ROLLBACK;
BEGIN;
DELETE FROM explore_feed_sessions WHERE id % 3 = 0;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 1, g, 'save', '2025-03-02' FROM generate_series(250, 420) g;
SELECT pg_temp.right_ones('in the transaction that writes');
ROLLBACK;
CALL explore_analytics.refresh();
SELECT pg_temp.right_ones('and refreshed');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'as verify() finds');

-- A refresh of sessions alone.
INSERT INTO explore_feed_sessions (id, session_start) SELECT g, '2025-03-03' FROM generate_series(701, 720) g;
CALL explore_analytics.refresh(21);
SELECT is(pg_temp.notes(), 20::bigint, 'a refresh that wants more changes waits for them');
CALL explore_analytics.refresh(20);
SELECT is(pg_temp.notes(), 0::bigint, 'another one does not');

-- ---------------------------------------------------------------------------------------------------
-- Sessions that come after their events; long ones; and as few rows as one
-- ---------------------------------------------------------------------------------------------------
SELECT is((SELECT session_strangers FROM explore_analytics.rollup_state), false, 'every session has had a row so far');
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (1, 600, 'save', '2025-03-02'), (2, 601, 'view', '2025-03-02');
CALL explore_analytics.refresh();
SELECT is((SELECT session_strangers FROM explore_analytics.rollup_state), true, 'these have none');
INSERT INTO explore_feed_sessions (id, session_start, session_end) VALUES (600, '2025-03-01 02:30+00', '2025-03-01 02:31+00');
SELECT pg_temp.right_ones('a session that comes late');
CALL explore_analytics.refresh();
SELECT pg_temp.right_ones('and is refreshed');
UPDATE explore_feed_sessions SET session_end = session_start + CASE id WHEN 10 THEN interval '1000000 seconds' WHEN 11 THEN interval '999999.999999 seconds' ELSE interval '5000 years' END WHERE id IN (10, 11, 12);
SELECT pg_temp.right_ones('sessions of years');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT pg_temp.right_ones('refreshed and compacted');
UPDATE explore_feed_sessions SET session_end = NULL WHERE id IN (10, 12);
SELECT pg_temp.right_ones('and open again');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'in agreement with the rows');
SELECT is(count(*), 0::bigint, 'a compaction leaves no deltas') FROM explore_analytics.rollup_deltas;

-- ---------------------------------------------------------------------------------------------------
-- What verify() finds, and rebuild() mends
-- ---------------------------------------------------------------------------------------------------
UPDATE explore_feed_sessions SET session_end = session_end + interval '1 us' WHERE id = 21;
DELETE FROM explore_feed_sessions WHERE id = 22;
DELETE FROM explore_analytics.session_changes;
SELECT bag_eq('SELECT scope, id, range_start, problem, stored, raw FROM explore_analytics.verify()',
  $$VALUES ('platform sessions', 0::bigint, '2025-03-01 00:00+00'::timestamptz, 'sessions differ', 402::bigint, 401::bigint), ('creator sessions', 8, '2025-03-01 00:00+00', 'sessions differ', 150, 150),
           ('creator sessions', 7, '2025-03-01 00:00+00', 'sessions differ', 151, 150)$$, 'verify() finds what nobody has noted');
SELECT is(explore_analytics.rebuild('2025-05-01', '2025-06-01') > 0, true, 'rebuild() of any time makes anew what differs');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and then nothing does');
SELECT is(explore_analytics.rebuild('2025-05-01', '2025-06-01'), 0::bigint, 'where nothing differs it writes nothing');
SELECT pg_temp.right_ones('rebuilt');
-- A change of which the note is lost, below one that is noted.
UPDATE explore_feed_sessions SET session_end = session_end + interval '1 us' WHERE id = 25;
DELETE FROM explore_analytics.session_changes;
UPDATE explore_feed_sessions SET session_end = session_end + interval '1 hour' WHERE id = 25;
CALL explore_analytics.refresh();
UPDATE explore_feed_sessions SET session_end = session_end + interval '1 hour' WHERE id IN (27, 29);
DELETE FROM explore_feed_sessions WHERE id IN (31, 32);
INSERT INTO explore_feed_sessions (id, session_start) VALUES (730, '2025-03-01 02:00+00');
CALL explore_analytics.compact();
SELECT is(count(*), 0::bigint, 'a compaction that finds it goes on') FROM explore_analytics.rollup_deltas;
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and mends it');
SELECT pg_temp.right_ones('mended, with later changes beside it');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'which come once');
SELECT pg_temp.right_ones('and then');
-- More notes than memory.
SET maintenance_work_mem = '1MB';
INSERT INTO explore_feed_sessions (id, session_start) SELECT g, '2025-03-01 03:00+00'::timestamptz + g * interval '1 ms' FROM generate_series(10001, 15000) g;
CALL explore_analytics.refresh();
RESET maintenance_work_mem;
SELECT is(pg_temp.notes(), 0::bigint, 'a refresh takes more notes than it may remember');
SELECT pg_temp.right_ones('and has made all anew');
DELETE FROM explore_feed_sessions WHERE id > 10000;
CALL explore_analytics.refresh();
UPDATE explore_analytics.rollup_totals SET summary = (SELECT engagement_agg('view', -g, 1000, true) FROM generate_series(1, 200) g) WHERE scope = 4 AND id = 7 AND summary IS NOT NULL;
SELECT results_eq('SELECT scope, id, problem FROM explore_analytics.verify()', $$VALUES ('creator sessions', 7::bigint, 'summary differs from its events')$$, 'verify() looks at summaries, too');
SELECT explore_analytics.rebuild() \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- Contents that move, erasures, and all sessions at once
-- ---------------------------------------------------------------------------------------------------
UPDATE explore_content SET creator_id = 9 WHERE id = 2;
SELECT pg_temp.right_ones('of a content that moves');
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'the next refresh takes its sessions along');
CALL explore_analytics.compact();
SELECT bag_eq('SELECT id FROM explore_analytics.rollup_totals WHERE scope = 4', 'VALUES (7::bigint), (9)', 'and nothing is left of them');
SELECT pg_temp.right_ones('and then');
SELECT explore_analytics.forget_viewer(30) \g /dev/null
SELECT is(count(*), 0::bigint, 'an erasure leaves no session in a set')
FROM (SELECT summary FROM explore_analytics.rollup_totals UNION ALL SELECT summary FROM explore_analytics.rollup_buckets) s WHERE viewers(summary) @> -30 OR viewers(summary) @> 30;
SELECT is(pg_temp.notes(), 0::bigint, 'nor in a note');
SELECT pg_temp.right_ones('after it');
BEGIN;
TRUNCATE explore_feed_sessions;
SELECT results_eq('SELECT session_id FROM explore_analytics.session_changes', 'VALUES (0::bigint)', 'TRUNCATE is noted');
SELECT pg_temp.right_ones('after TRUNCATE');
ROLLBACK;

-- ---------------------------------------------------------------------------------------------------
-- Sessions are looked up through whatever index there is
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.bring_in(what text) RETURNS SETOF text LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
  SELECT 1, g, 1 + (g * 7) % 410, 'view', '2025-03-01 00:00+00'::timestamptz + g * interval '1 minute' FROM generate_series(1, 40) g;
  SELECT pg_temp.right_ones(what);
$$;
SELECT explore_analytics.rebuild() \g /dev/null
ALTER TABLE explore_feed_sessions DROP CONSTRAINT explore_feed_sessions_pkey;
SELECT pg_temp.bring_in('without an index');
CALL explore_analytics.refresh();
SELECT pg_temp.right_ones('and after a refresh');
CREATE INDEX backwards ON explore_feed_sessions (id DESC);
UPDATE explore_feed_sessions SET session_end = session_start + interval '2 seconds' WHERE id % 5 = 0;
SELECT pg_temp.bring_in('through an index that descends');
CALL explore_analytics.refresh();
SELECT pg_temp.right_ones('and after a refresh');
DROP INDEX backwards;
ALTER TABLE explore_feed_sessions ADD PRIMARY KEY (id);
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'verify() agrees');

-- ---------------------------------------------------------------------------------------------------
-- Databases where they are not, or were not watched
-- ---------------------------------------------------------------------------------------------------
DROP TRIGGER explore_analytics_session_changed ON explore_feed_sessions;
SELECT results_eq($$SELECT status FROM explore_analytics.health_check() WHERE check_name = 'triggers'$$, $$VALUES ('FAIL')$$, 'health_check() misses a trigger');
UPDATE explore_feed_sessions SET session_end = session_start WHERE id < 100;
CALL explore_analytics.install();
SELECT is(pg_temp.made(), false, 'install() puts it back, and counts on nothing from before');
SELECT pg_temp.right_ones('from then on');
CALL explore_analytics.refresh();
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'the next refresh makes all anew');
DROP TABLE explore_analytics.session_changes;
SELECT pg_temp.right_ones('without the table of notes');
SELECT throws_ok('INSERT INTO explore_feed_sessions (id, session_start) VALUES (900, now())', '55000', NULL, 'of which writers of sessions say what to run');
CALL explore_analytics.install();
SELECT pg_temp.right_ones('and with a new one');
SELECT * FROM finish();
