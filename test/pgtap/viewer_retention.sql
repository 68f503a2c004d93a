-- Who comes back: arguments and errors, published examples, zones, weeks and months, moments on borders, what counts as a viewer,
-- many cohorts in little memory, and who may ask. Numbers of many ranges are the oracle's business.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family v
\ir include/callers.sql
BEGIN;
SELECT no_plan();
INSERT INTO explore_content (id, creator_id, title) SELECT g, 1 + g / 50, 'Clip ' || g FROM generate_series(1, 99) g;
CREATE FUNCTION pg_temp.view(viewer bigint, times timestamptz[], content bigint DEFAULT 1) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT content, viewer, 'view', 1000, t FROM unnest(times) t $$;
-- Rows of a matrix as text: cohorts apart by bars, open cells left out.
CREATE FUNCTION pg_temp.matrix(s timestamptz, e timestamptz, b text, periods int, k text, as_of timestamptz, z text DEFAULT 'UTC', creator bigint DEFAULT 1) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(row, ' | ' ORDER BY cohort) FROM (SELECT cohort, coalesce(string_agg(retained::text, ' ' ORDER BY period), '-') AS row FROM viewer_retention(s, e, b, z, periods, k, creator, as_of) GROUP BY 1) r $$;
CREATE FUNCTION pg_temp.life(s timestamptz, e timestamptz, b text DEFAULT 'day', z text DEFAULT 'UTC', creator bigint DEFAULT 1) RETURNS text LANGUAGE sql AS $$
  SELECT format('new %s returning %s resurrecting %s dormant %s', string_agg(new_viewers::text, ' ' ORDER BY bucket_start), string_agg(returning_viewers::text, ' ' ORDER BY bucket_start), string_agg(resurrecting_viewers::text, ' ' ORDER BY bucket_start),
    string_agg(dormant_viewers::text, ' ' ORDER BY bucket_start)) FROM viewer_lifecycle(s, e, b, z, creator) $$;

-- ---------------------------------------------------------------------------------------------------
-- Nothing there
-- ---------------------------------------------------------------------------------------------------
SELECT is_empty('SELECT * FROM ' || q, 'no rows: ' || q) FROM unnest(ARRAY['viewer_retention()', 'viewer_lifecycle()', 'viewer_retention(end_date => ''2025-01-01'')', 'viewer_retention(''2025-01-01'', ''2025-01-01'')', 'viewer_lifecycle(''2025-01-01'', ''2025-01-01'')',
  'viewer_retention(''2025-01-01'', as_of => ''2025-01-01'')', 'viewer_retention(''2025-01-01'', as_of => ''2024-01-01'')', 'viewer_lifecycle(now() + interval ''1 day'')']) q;
SELECT results_eq($$SELECT * FROM stickiness()$$, 'VALUES (0::bigint, 0::bigint, 0::bigint, 0::float8)', 'nobody sticks');
SELECT results_eq($$SELECT * FROM viewer_retention('2025-01-01', '2025-01-02', 'day', periods => 2, as_of => '2025-01-03', creator_id => 44)$$,
  $$VALUES ('2025-01-01'::timestamptz, 0, 0::bigint, 0::bigint, 0::float8, NULL::float8, NULL::float8), ('2025-01-01', 1, 0, 0, 0, NULL, NULL)$$, 'a cohort of nobody: rate 0, no bounds; of an unknown creator');
SELECT results_eq($$SELECT * FROM viewer_lifecycle('2025-01-01 12:00', '2025-01-02 01:00')$$, $$VALUES ('2025-01-01'::timestamptz, 0::bigint, 0::bigint, 0::bigint, 0::bigint), ('2025-01-02', 0, 0, 0, 0)$$, 'days without viewers are there');

-- ---------------------------------------------------------------------------------------------------
-- Memory: ten thousand cohorts of few or of nobody, in little of it. What a process has held at most does not go down, so this comes
-- before anything that holds much.
-- ---------------------------------------------------------------------------------------------------
SAVEPOINT hours;
CREATE FUNCTION pg_temp.peak() RETURNS bigint LANGUAGE sql AS $$ SELECT substring(pg_read_file('/proc/self/status', 0, 20000, true) FROM 'VmHWM:\s+(\d+) kB')::bigint $$;
CREATE TEMP TABLE peak (n int GENERATED ALWAYS AS IDENTITY, who text, kind text, work_mem text, kb bigint);
CREATE TEMP TABLE hourly (kind text, work_mem text, cells bigint, members numeric, hash numeric);
GRANT INSERT ON hourly TO ea_tap_v_reader;
PREPARE hours (text) AS INSERT INTO hourly SELECT $1, current_setting('work_mem'), count(*), sum(cohort_size) FILTER (WHERE period = 0), sum(hashtextextended(r::text, 0)) FROM viewer_retention('2024-01-01', timestamptz '2024-01-01' + interval '10000 hours', 'hour', periods => 12, kind => $1, creator_id => 1) r;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 40, 1 + n * 7919 % 401, 'view', timestamptz '2024-01-01' + n * 7919 % 10000 * interval '1 hour' + n * interval '1 second' FROM generate_series(1, 2000) n;
-- What the process holds without them: plans, and the table that they read.
SELECT count(*) FROM explore_engagements, viewer_retention('2024-01-01', '2024-01-02', 'hour') \g /dev/null
INSERT INTO peak (who, kb) SELECT 'before', pg_temp.peak();
SET LOCAL work_mem = '64kB';
EXECUTE hours ('first_time');
INSERT INTO peak (who, kind, kb) SELECT 'the owner', 'first_time', pg_temp.peak();
EXECUTE hours ('recurring');
INSERT INTO peak (who, kind, kb) SELECT 'the owner', 'recurring', pg_temp.peak();
SET LOCAL explore_analytics.user_id = '1';
SET LOCAL ROLE ea_tap_v_reader;
EXECUTE hours ('first_time');
RESET ROLE;
INSERT INTO peak (who, kind, kb) SELECT 'a reader', 'first_time', pg_temp.peak();
SELECT count(*) FROM viewer_lifecycle('2024-01-01', timestamptz '2024-01-01' + interval '10000 hours', 'hour') \g /dev/null
INSERT INTO peak (who, kind, kb) SELECT 'the owner', 'viewer_lifecycle', pg_temp.peak();
SELECT count(*) FROM metric_series('new_viewers', '2024-01-01', timestamptz '2024-01-01' + interval '10000 hours', 'hour') \g /dev/null
INSERT INTO peak (who, kind, kb) SELECT 'the owner', 'metric_series', pg_temp.peak();
SELECT cmp_ok(kb - least, '<', 32 * 1024::bigint, format('ten thousand hours in 64 kB: up to %s of %s the process has grown by less than 32 MB', kind, who)) FROM (SELECT *, min(kb) OVER () AS least FROM peak) p WHERE kind IS NOT NULL ORDER BY n;
SET LOCAL work_mem = '64MB';
EXECUTE hours ('first_time');
EXECUTE hours ('recurring');
SELECT results_eq($$SELECT kind, count(*), min(cells), min(members), count(DISTINCT hash) FROM hourly GROUP BY 1 ORDER BY 1$$, $$VALUES ('first_time', 3::bigint, 120000::bigint, 401::numeric, 1::bigint), ('recurring', 2, 120000, (SELECT count(DISTINCT (date_trunc('hour', created_at), user_id)) FROM explore_engagements), 1)$$, 'and the answer is that of 64 MB');
ROLLBACK TO hours;

-- ---------------------------------------------------------------------------------------------------
-- Arguments
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) SELECT v.state, v.named, format('SELECT * FROM %s(%s)', f, v.arguments) FROM unnest(ARRAY['viewer_retention', 'viewer_lifecycle']) f, (VALUES
  ('22023', 'year', 'bucket => ''year'''), ('22023', '""', 'bucket => '''''), ('22023', 'Day', 'bucket => ''Day'''), ('22023', 'Mars/Olympus', 'time_zone => ''Mars/Olympus'''), ('22023', 'FOO3BAR', 'time_zone => ''FOO3BAR'''),
  ('22023', '0', 'creator_id => 0'), ('22023', '-7', 'creator_id => -7'), ('22023', '2025-01-01 00:00:00', '''2025-01-01 00:00:00.000001'', ''2025-01-01'''), ('22008', 'infinit', '''-infinity'''), ('22008', 'infinit', 'NULL, ''infinity'''),
  ('54000', '1000000', '''1000-01-01'', ''2025-01-01'', ''hour'''), ('22008', '294276-12-01', '''294276-12-01'', ''294276-12-31''')) v(state, named, arguments);
INSERT INTO bad (state, named, query) SELECT v.state, v.named, format('SELECT * FROM viewer_retention(%s)', v.arguments) FROM (VALUES
  ('22023', 'periods', 'periods => 0'), ('22023', '-1', 'periods => -1'), ('22023', '1001', 'periods => 1001'), ('22023', '2147483647', 'periods => 2147483647'), ('22023', 'monthly', 'kind => ''monthly'''), ('22023', '""', 'kind => '''''), ('22023', 'First_time', 'kind => ''First_time'''),
  ('22008', 'as_of', 'as_of => ''infinity'''), ('22008', 'as_of', 'as_of => ''-infinity'''), ('54000', '1000000', '''2022-01-01'', ''2025-01-01'', ''hour'', periods => 100'), ('54000', '1001 cohorts of 1000 periods', '''2022-01-01'', timestamptz ''2022-01-01'' + interval ''1001 days'', ''day'', periods => 1000')) v(state, named, arguments);
INSERT INTO bad (state, named, query) VALUES ('22008', 'as_of', $$SELECT * FROM stickiness('infinity')$$), ('22023', 'Mars', $$SELECT * FROM stickiness(time_zone => 'Mars')$$), ('22023', '-1', 'SELECT * FROM stickiness(creator_id => -1)'), ('22008', '294276', $$SELECT * FROM stickiness('294276-12-31')$$), ('22008', 'BC', $$SELECT * FROM stickiness('4714-12-01 BC')$$);
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE position(lower(named) IN lower(message)) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM told WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
SELECT is((SELECT count(*) FROM viewer_retention('2022-01-01', timestamptz '2022-01-01' + interval '1000 days', 'day', periods => 1000)), 1000000::bigint, 'a million cells are answered');
SELECT results_eq($$SELECT * FROM viewer_retention('2025-01-01', '2025-03-01', NULL, NULL, NULL, NULL, NULL, NULL)$$, $$SELECT * FROM viewer_retention('2025-01-01', '2025-03-01', 'week', 'UTC', 12, 'first_time')$$, 'NULL is the default: viewer_retention');
SELECT is((SELECT count(*) || ' ' || max(period) FROM viewer_retention('2025-01-06', '2025-01-13')), '12 11', 'twelve periods by default');
SELECT results_eq($$SELECT * FROM viewer_lifecycle('2025-01-01', '2025-03-01', NULL, NULL, NULL)$$, $$SELECT * FROM viewer_lifecycle('2025-01-01', '2025-03-01', 'day', 'UTC')$$, 'NULL is the default: viewer_lifecycle');
SELECT results_eq('SELECT * FROM stickiness(NULL, NULL, NULL)', 'SELECT * FROM stickiness()', 'NULL is the default: stickiness');
SELECT lives_ok($$PREPARE untyped AS SELECT * FROM viewer_retention($1, $2, $3, $4, $5, $6, $7, $8), viewer_lifecycle($1, $2, $3, $4, $7), stickiness($8, $4, $7)$$, 'parameters without types');

-- ---------------------------------------------------------------------------------------------------
-- Published examples: PostHog, posthog/queries/test/test_retention.py and test_lifecycle.py. The first view of a person is also the
-- first that there is. Its matrices are triangles, as they are here for who asks as of the end of the last bucket.
-- ---------------------------------------------------------------------------------------------------
SAVEPOINT published;
SELECT pg_temp.view(v.viewer, ARRAY(SELECT timestamptz '2020-06-10 05:00' + d * interval '1 day' FROM unnest(v.days) d)) FROM (VALUES (1, '{0,1,2,5,5,6}'::int[]), (2, '{1,2,3,6}')) v(viewer, days) \g /dev/null
SELECT is(pg_temp.matrix('2020-06-10', '2020-06-21', 'day', 11, 'recurring', '2020-06-21'),
  '1 1 1 0 0 1 1 0 0 0 0 | 2 2 1 0 1 2 0 0 0 0 | 2 1 0 1 2 0 0 0 0 | 1 0 0 1 0 0 0 0 | 0 0 0 0 0 0 0 | 1 1 0 0 0 0 | 2 0 0 0 0 | 0 0 0 0 | 0 0 0 | 0 0 | 0', 'PostHog: days');
SELECT is(pg_temp.matrix('2020-06-10', '2020-06-17', 'day', 7, 'recurring', '2020-06-17'), '1 1 1 0 0 1 1 | 2 2 1 0 1 2 | 2 1 0 1 2 | 1 0 0 1 | 0 0 0 | 1 1 | 2', 'PostHog: a week of days');
SELECT is(pg_temp.matrix('2020-06-10', '2020-06-17', 'day', 7, 'first_time', '2020-06-17'), '1 1 1 0 0 1 1 | 1 1 1 0 0 1 | 0 0 0 0 0 | 0 0 0 0 | 0 0 0 | 0 0 | 0', 'the same by first views');
ROLLBACK TO published;
SELECT pg_temp.view(v.viewer, ARRAY(SELECT timestamptz '2020-06-10 05:00' + m * interval '1 month' FROM unnest(v.months) m)) FROM (VALUES (1, '{-5,-4,-3,-1,0,3}'::int[]), (2, '{-5,-4,-3,0,1,5}')) v(viewer, months) \g /dev/null
\set steps '2 2 2 0 1 2 1 0 1 0 1 | 2 2 0 1 2 1 0 1 0 1 | 2 0 1 2 1 0 1 0 1 | 0 0 0 0 0 0 0 0 | 1 1 0 0 1 0 0 | 2 1 0 1 0 1 | 1 0 0 0 1 | 0 0 0 0 | 1 0 0 | 0 0 | 1'
SELECT is(pg_temp.matrix('2020-01-10', '2020-11-11', 'month', 11, 'recurring', '2020-12-01'), :'steps', 'PostHog: months');
ROLLBACK TO published;
SELECT pg_temp.view(v.viewer, ARRAY(SELECT timestamptz '2020-06-10 00:00' + h * interval '1 hour' FROM unnest(v.hours) h)) FROM (VALUES (1, '{6,7,8,10,11,14}'::int[]), (2, '{6,7,8,11,12,16}')) v(viewer, hours) \g /dev/null
SELECT is(pg_temp.matrix('2020-06-10 06:00', '2020-06-10 17:00', 'hour', 11, 'recurring', '2020-06-10 17:00'), :'steps', 'PostHog: hours');
ROLLBACK TO published;
-- Its weeks begin on Sunday; no view is on one.
SELECT pg_temp.view(1, '{2020-06-10 05:00,2020-06-11 05:00,2020-06-17 05:00,2020-06-24 05:00,2020-07-04 05:00,2020-07-11 05:00}'), pg_temp.view(2, '{2020-06-10 05:00,2020-06-11 05:00,2020-06-17 05:00,2020-07-04 05:00,2020-07-11 05:00,2020-07-25 05:00}') \g /dev/null
SELECT is(pg_temp.matrix('2020-06-08', '2020-07-27', 'week', 7, 'recurring', '2020-07-27'), '2 2 1 2 2 0 1 | 2 1 2 2 0 1 | 1 1 1 0 0 | 2 2 0 1 | 2 0 1 | 0 0 | 1', 'PostHog: weeks');
ROLLBACK TO published;

SELECT pg_temp.view(1, '{2020-01-11 12:00,2020-01-12 12:00,2020-01-13 12:00,2020-01-15 12:00,2020-01-17 12:00,2020-01-19 12:00}'), pg_temp.view(2, '{2020-01-09 12:00,2020-01-12 12:00}'), pg_temp.view(3, '{2020-01-12 12:00}'), pg_temp.view(4, '{2020-01-15 12:00}') \g /dev/null
SELECT is(pg_temp.life('2020-01-12', '2020-01-20'), 'new 1 0 0 1 0 0 0 0 returning 1 1 0 0 0 0 0 0 resurrecting 1 0 0 1 0 1 0 1 dormant 0 -2 -1 0 -2 0 -1 0', 'PostHog: a life by days');
SELECT is(pg_temp.life(NULL, '2020-01-18'), 'new 1 0 1 1 0 0 1 0 0 returning 0 0 0 1 1 0 0 0 0 resurrecting 0 0 0 1 0 0 1 0 1 dormant 0 -1 0 0 -2 -1 0 -2 0', 'PostHog: all time');
ROLLBACK TO published;
SELECT pg_temp.view(1, '{2020-01-12 12:00,2020-01-15 12:00,2020-01-17 12:00,2020-01-19 12:00,2020-01-14 12:00}') \g /dev/null
SELECT is(pg_temp.life('2020-01-12', '2020-01-20'), 'new 1 0 0 0 0 0 0 0 returning 0 0 0 1 0 0 0 0 resurrecting 0 0 1 0 0 1 0 1 dormant 0 -1 0 0 -1 0 -1 0', 'PostHog: one person');
ROLLBACK TO published;
-- One who has seen a day in Los Angeles that is another in UTC.
SELECT pg_temp.view(1, '{2020-01-11 23:00,2020-01-12 01:00,2020-01-13 12:00,2020-01-15 12:00,2020-01-17 12:00,2020-01-19 12:00}'), pg_temp.view(2, '{2020-01-09 12:00,2020-01-12 12:00}'), pg_temp.view(3, '{2020-01-12 12:00}'), pg_temp.view(4, '{2020-01-15 12:00}') \g /dev/null
SELECT is(pg_temp.life('2020-01-12', '2020-01-20'), 'new 1 0 0 1 0 0 0 0 returning 1 1 0 0 0 0 0 0 resurrecting 1 0 0 1 0 1 0 1 dormant 0 -2 -1 0 -2 0 -1 0', 'PostHog: by UTC');
SELECT is(pg_temp.life('2020-01-12 00:00-08', '2020-01-20 00:00-08', 'day', 'America/Los_Angeles'), 'new 1 0 0 1 0 0 0 0 returning 0 0 0 0 0 0 0 0 resurrecting 1 1 0 1 0 1 0 1 dormant -1 -2 -1 0 -2 0 -1 0', 'PostHog: by a zone');
ROLLBACK TO published;
SELECT pg_temp.view(1, '{2020-02-01 12:00,2020-02-05 12:00,2020-02-10 12:00,2020-02-15 12:00,2020-02-27 12:00,2020-03-02 12:00}'), pg_temp.view(2, '{2020-02-11 12:00,2020-02-18 12:00}'), pg_temp.view(3, '{2020-02-12 12:00}'), pg_temp.view(4, '{2020-02-27 12:00}') \g /dev/null
SELECT is(pg_temp.life('2020-02-05', '2020-03-10', 'week'), 'new 0 2 0 1 0 0 returning 1 1 1 0 1 0 resurrecting 0 0 0 1 0 0 dormant 0 0 -2 -1 -1 -1', 'PostHog: a life by weeks');
ROLLBACK TO published;
SELECT pg_temp.view(1, '{2020-01-11 12:00,2020-02-12 12:00,2020-03-13 12:00,2020-05-15 12:00,2020-07-17 12:00,2020-09-19 12:00}'), pg_temp.view(2, '{2019-12-09 12:00,2020-02-12 12:00}'), pg_temp.view(3, '{2020-02-12 12:00}'), pg_temp.view(4, '{2020-05-15 12:00}') \g /dev/null
SELECT is(pg_temp.life('2020-02-01', '2020-10-01', 'month'), 'new 1 0 0 1 0 0 0 0 returning 1 1 0 0 0 0 0 0 resurrecting 1 0 0 1 0 1 0 1 dormant 0 -2 -1 0 -2 0 -1 0', 'PostHog: a life by months');
ROLLBACK TO published;

-- ---------------------------------------------------------------------------------------------------
-- Who belongs to a cohort
-- ---------------------------------------------------------------------------------------------------
-- 11 was there before the range, 12 in the first bucket before the range begins, 13 only after it ends, 14 of another creator before.
SELECT pg_temp.view(11, '{2024-01-01,2025-03-03 14:00,2025-03-04 10:00}'), pg_temp.view(12, '{2025-03-03 09:00,2025-03-03 13:00,2025-03-04 10:00}'), pg_temp.view(13, '{2025-03-05 18:00,2025-03-06 10:00}'), pg_temp.view(14, '{2025-02-01}', 60), pg_temp.view(14, '{2025-03-03 15:00,2025-03-05 20:00}') \g /dev/null
SELECT is(pg_temp.matrix('2025-03-03 12:00', '2025-03-05 12:00', 'day', 3, k, '2025-03-20', 'UTC', c), wanted, format('%s of creator %s', k, coalesce(c::text, 'all'))) FROM (VALUES
  ('first_time', 1, '1 0 1 | 0 0 0 | 0 0 0'), ('recurring', 1, '3 2 1 | 2 0 0 | 0 0 0'), ('first_time', NULL, '0 0 0 | 0 0 0 | 0 0 0'), ('recurring', NULL, '3 2 1 | 2 0 0 | 0 0 0'), ('first_time', 2, '0 0 0 | 0 0 0 | 0 0 0')) v(k, c, wanted);
SELECT is((SELECT string_agg(cohort::text, ', ') FROM viewer_retention('2025-03-03 12:00', '2025-03-05 12:00', 'day', periods => 1)), '2025-03-03 00:00:00+00, 2025-03-04 00:00:00+00, 2025-03-05 00:00:00+00', 'cohorts bear the start of the whole bucket');
-- 11 comes from 2024, 12 and 14 are as new as the range lets them be; the bucket before and, of the second day, the whole first one decide.
SELECT is(pg_temp.life('2025-03-03 12:00', '2025-03-05 12:00'), 'new 1 0 0 returning 0 2 0 resurrecting 2 0 0 dormant 0 -1 -2', 'a life whose first and last days are cut');
SELECT pg_temp.view(15, '{2025-03-02 10:00,2025-03-03 08:00,2025-03-04 08:00}') \g /dev/null
SELECT is(pg_temp.life('2025-03-03 12:00', '2025-03-05 12:00'), 'new 1 0 0 returning 0 3 0 resurrecting 2 0 0 dormant -1 -1 -3', 'who came before the range began is returning the day after');
ROLLBACK TO published;
-- Only views make a viewer, anonymous sessions are some, views of nobody are none.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, completed, created_at) VALUES (1, 21, NULL, 'save', false, '2025-03-03 10:00'), (1, 21, NULL, 'impression', false, '2025-03-03 10:00'), (1, 21, NULL, 'complete', true, '2025-03-03 10:00'),
  (1, NULL, 900, 'view', false, '2025-03-03 10:00'), (1, NULL, 900, 'view', true, '2025-03-04 10:00'), (1, NULL, NULL, 'view', false, '2025-03-03 10:00'), (1, NULL, NULL, 'view', false, '2025-03-04 10:00'), (1, 22, 900, 'view', false, '2025-03-03 11:00'), (1, 900, NULL, 'view', false, '2025-03-04 11:00'),
  (4444, 23, NULL, 'view', false, '2025-03-03 12:00');
SELECT is(pg_temp.matrix('2025-03-03', '2025-03-05', 'day', 2, 'first_time', '2025-03-20', 'UTC', c), wanted, 'who is a viewer') FROM (VALUES (1, '2 1 | 1 0'), (NULL, '3 1 | 1 0')) v(c, wanted);
SELECT results_eq($$SELECT * FROM stickiness('2025-03-05', 'UTC', 1)$$, 'VALUES (2::bigint, 3::bigint, 3::bigint, 2::float8 / 3)', 'and sticks');
ROLLBACK TO published;

-- ---------------------------------------------------------------------------------------------------
-- Moments
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.view(31, '{2025-03-03 00:00,2025-03-04 00:00,2025-03-05 23:59:59.999999}'), pg_temp.view(32, '{2025-03-03 23:59:59.999999,2025-03-06}'), pg_temp.view(33, '{2025-03-05 12:00}') \g /dev/null
SELECT is((SELECT string_agg(concat_ws('/', cohort_size, coalesce(retained::text, '-')), ' ' ORDER BY cohort, period) FROM viewer_retention('2025-03-03', '2025-03-06', 'day', periods => 3, creator_id => 1, as_of => a)), wanted, 'as of ' || a) FROM (VALUES
  (timestamptz '2025-03-20', '2/2 2/1 2/1 0/0 0/0 0/0 1/1 1/0 1/0'), ('2025-03-06', '2/2 2/1 2/1 0/0 0/0 0/- 1/1 1/- 1/-'), ('2025-03-05 23:59:59.999999', '2/2 2/1 2/- 0/0 0/- 0/- 1/- 1/- 1/-'), ('2025-03-05 12:00', '2/2 2/1 2/- 0/0 0/- 0/- 0/- 0/- 0/-'),
  ('2025-03-04', '2/2 2/- 2/- 0/- 0/- 0/- 0/- 0/- 0/-'), ('2025-03-03 23:59:59.999999', '1/- 1/- 1/- 0/- 0/- 0/- 0/- 0/- 0/-'), ('2025-03-03', '0/- 0/- 0/- 0/- 0/- 0/- 0/- 0/- 0/-')) v(a, wanted);
SELECT results_eq($$SELECT * FROM viewer_retention('2025-03-03', NULL, 'day', periods => 2, as_of => '2025-03-05 12:00')$$, $$SELECT * FROM viewer_retention('2025-03-03', '2025-03-05 12:00', 'day', periods => 2, as_of => '2025-03-05 12:00')$$, 'an open end is as_of');
SELECT results_eq($$SELECT * FROM viewer_retention(NULL, '2025-03-05', 'day', periods => 2)$$, $$SELECT * FROM viewer_retention('2025-03-03', '2025-03-05', 'day', periods => 2)$$, 'an open start is the first event');
SELECT is_empty($$SELECT * FROM viewer_retention('2025-03-03', '2025-03-06', 'day', periods => 5, as_of => '2025-03-05') WHERE retained IS NULL AND num_nonnulls(rate, lower, upper, retained) > 0$$, 'an open cell is NULL as a whole');
SELECT results_eq($$SELECT rate, round(lower::numeric, 6), round(upper::numeric, 6) FROM viewer_retention('2025-03-03', '2025-03-04', 'day', periods => 2, as_of => '2025-03-20')$$,
  $$SELECT r, round(100 * w.lower::numeric, 6), round(100 * w.upper::numeric, 6) FROM (VALUES (100::float8, 2), (50, 1)) v(r, k), wilson_interval(k, 2) w$$, 'rates and bounds are percent');
SELECT results_eq(format('SELECT dau, wau, mau FROM stickiness(%L, creator_id => 1)', a), format('VALUES (%s::bigint, %s::bigint, %s::bigint)', d, w, m), 'sticky as of ' || a) FROM (VALUES
  (timestamptz '2025-03-06', 2, 3, 3), ('2025-03-06 00:00:00.000001', 1, 3, 3), ('2025-03-05 23:59:59.999999', 1, 3, 3), ('2025-03-04', 2, 2, 2), ('2025-03-03 00:00:00.000001', 1, 1, 1), ('2025-03-03', 0, 0, 0), ('2025-03-12', 0, 3, 3), ('2025-03-12 00:00:00.000001', 0, 1, 3), ('2025-03-13', 0, 1, 3), ('2025-03-13 12:00', 0, 0, 3), ('2025-04-03 12:00', 0, 0, 3), ('2025-04-04', 0, 0, 3), ('2025-04-04 12:00', 0, 0, 1), ('2025-04-05', 0, 0, 1), ('2025-04-05 00:00:00.000001', 0, 0, 0)) v(a, d, w, m);
ROLLBACK TO published;
-- Now: rows of this transaction count, also those that a clock ahead of ours has stamped; bounded by now() they do not.
SELECT pg_temp.view(41, ARRAY[now() - interval '1 day', now()]), pg_temp.view(42, ARRAY[date_trunc('day', now()) + interval '23:59:59.999999']) \g /dev/null
SELECT is((SELECT string_agg(concat_ws('/', cohort_size, coalesce(retained::text, '-')), ' ' ORDER BY cohort, period) FROM viewer_retention(now() - interval '1 day', NULL, 'day', periods => 2, as_of => a)), wanted, coalesce(a::text, 'NULL')) FROM (VALUES (NULL::timestamptz, '1/1 1/- 1/- 1/-'), (now(), '1/1 1/- 0/- 0/-')) v(a, wanted);
SELECT is(pg_temp.life(now() - interval '1 day', NULL), 'new 1 1 returning 0 1 resurrecting 0 0 dormant 0 0', 'a life goes on until the end of today');
SELECT results_eq('SELECT * FROM stickiness()', 'VALUES (2::bigint, 2::bigint, 2::bigint, 1::float8)', 'now has no upper bound');
SELECT results_eq('SELECT dau, wau FROM stickiness(now())', 'VALUES (1::bigint, 1::bigint)', 'now() has one');
SAVEPOINT more;
SELECT record_engagement(1, 'view', 43) \g /dev/null
SELECT is((SELECT dau FROM stickiness()), 3::bigint, 'one more');
ROLLBACK TO more;
SELECT is((SELECT dau FROM stickiness()), 2::bigint, 'until it is rolled back');
ROLLBACK TO published;

-- ---------------------------------------------------------------------------------------------------
-- Zones
-- ---------------------------------------------------------------------------------------------------
-- Madrid: the 30th of March 2025 has 23 hours, the 26th of October 25. Views in the first and the last minute of local days.
SELECT pg_temp.view(51, '{2025-03-28 23:00,2025-03-30 21:59,2025-03-30 22:00,2025-03-31 21:59}'), pg_temp.view(52, '{2025-10-24 22:00,2025-10-25 22:00,2025-10-26 22:59,2025-10-26 23:00}') \g /dev/null
SELECT is(pg_temp.matrix(s, e, 'day', 4, 'recurring', '2025-12-01', z), wanted, format('days of %s from %s', z, s)) FROM (VALUES
  (timestamptz '2025-03-29 00:00+01', timestamptz '2025-04-01 00:00+02', 'Europe/Madrid', '1 1 1 0 | 1 1 0 0 | 1 0 0 0'), ('2025-10-25 00:00+02', '2025-10-28 00:00+01', 'Europe/Madrid', '1 1 1 0 | 1 1 0 0 | 1 0 0 0'),
  ('2025-03-28 00:00+00', '2025-04-01 00:00+00', 'UTC', '1 0 1 1 | 0 0 0 0 | 1 1 0 0 | 1 0 0 0')) v(s, e, z, wanted);
SELECT is((SELECT string_agg(to_char(cohort, 'MM-DD HH24:MI'), ', ' ORDER BY cohort) FROM viewer_retention('2025-03-29 00:00+01', '2025-04-01 00:00+02', 'day', 'Europe/Madrid', 1)), '03-28 23:00, 03-29 23:00, 03-30 22:00', 'which begin at midnight');
SELECT is((SELECT string_agg(extract(hour FROM bucket_start)::text, ' ' ORDER BY bucket_start) FROM viewer_lifecycle('2025-10-26 00:00+02', '2025-10-26 05:00+01', 'hour', 'Europe/Madrid')), '22 23 0 1 2 3', 'an hour that comes twice is two buckets');
SELECT results_eq($$SELECT dau, wau FROM stickiness('2025-10-26 23:00+00', 'Europe/Madrid', 1)$$, 'VALUES (1::bigint, 1::bigint)', 'the last instant of a day of 25 hours');
-- Apia had no 30th of December 2011; six days before are those that there were.
SELECT pg_temp.view(53, '{2011-12-29 12:00}'), pg_temp.view(54, '{2011-12-30 12:00}'), pg_temp.view(55, '{2011-12-24 12:00}') \g /dev/null
SELECT is(pg_temp.matrix('2011-12-28 10:00', '2012-01-01 10:00', 'day', 2, 'recurring', '2012-02-01', 'Pacific/Apia'), '0 0 | 1 0 | 1 0 | 0 0', 'a day that was left out has no cohort');
SELECT results_eq($$SELECT dau, wau, mau FROM stickiness('2011-12-31 10:00', 'Pacific/Apia', 1)$$, 'VALUES (1::bigint, 3::bigint, 3::bigint)', 'nor a place in a week');
SELECT results_eq($$SELECT dau, wau, mau FROM stickiness('2012-01-01 10:00', 'Pacific/Apia', 1)$$, 'VALUES (0::bigint, 2::bigint, 3::bigint)', 'which goes on');
-- Weeks are ISO weeks: Monday the 30th of December 2024 begins the first of 2025. Months are as long as they are.
SELECT pg_temp.view(56, '{2024-12-29 23:59,2024-12-30 00:00,2025-01-05 23:59,2025-01-06 00:00}'), pg_temp.view(57, '{2024-01-31 12:00,2024-02-29 12:00,2024-03-31 12:00}') \g /dev/null
SELECT is((SELECT string_agg(cohort::date || ':' || retained, ' ' ORDER BY cohort) FROM viewer_retention('2024-12-23', '2025-01-13', periods => 1, kind => 'recurring', as_of => '2025-02-01')), '2024-12-23:1 2024-12-30:1 2025-01-06:1', 'weeks over the turn of a year');
SELECT is(pg_temp.matrix('2024-12-25', '2025-01-01', 'week', 3, 'recurring', '2025-02-01'), '1 1 1 | 1 1 0', 'a week that the range begins in');
SELECT is(pg_temp.matrix('2024-01-01', '2024-04-01', 'month', 3, 'recurring', '2024-06-01'), '1 1 1 | 1 1 0 | 1 0 0', 'January, February and March of a leap year');
SELECT is(pg_temp.life('2024-01-31', '2024-04-01', 'month'), 'new 1 0 0 returning 0 1 1 resurrecting 0 0 0 dormant 0 0 0', 'and a life in them');
ROLLBACK TO published;

-- ---------------------------------------------------------------------------------------------------
-- Many cohorts in little memory go in several passages, to the same end
-- ---------------------------------------------------------------------------------------------------
-- Viewers come at random, so that there are new ones in every hour.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + n % 40, CASE WHEN n % 5 > 0 THEN 1 + abs(hashint8(n)) % 30011 END, CASE WHEN n % 5 = 0 THEN 1 + abs(hashint8(n)) % 7001 END, 'view', timestamptz '2025-03-01' + n * interval '49 seconds' FROM generate_series(1::bigint, 60000) n;
-- Hundreds of hours at once take more than a passage holds; those of the last one are followed behind the range.
CREATE TEMP VIEW passages AS SELECT k, b, cohort, count(*) AS cells, min(cohort_size) AS size, sum(retained * (period + 1)) AS kept, count(retained) AS over, sum(hashtextextended(r::text, 0)) AS hash
FROM unnest(ARRAY['first_time', 'recurring']) k, (VALUES ('day', 20), ('hour', 400)) v(b, periods), viewer_retention('2025-03-02 05:30', '2025-03-30 04:40', b, 'Asia/Kolkata', periods, k, as_of => '2025-04-05') r GROUP BY 1, 2, 3;
CREATE TEMP TABLE plenty AS SELECT * FROM passages;
SET LOCAL work_mem = '64kB';
CREATE TEMP TABLE little AS SELECT * FROM passages;
SELECT results_eq('SELECT k, b, count(*), min(size) > 0, count(DISTINCT cells) FROM plenty GROUP BY 1, 2 ORDER BY 1, 2', $$VALUES ('first_time', 'day', 29::bigint, true, 1::bigint), ('first_time', 'hour', 672, true, 1), ('recurring', 'day', 29, true, 1), ('recurring', 'hour', 672, true, 1)$$, 'viewers in every cohort');
SELECT is_empty('(TABLE little EXCEPT TABLE plenty) UNION ALL (TABLE plenty EXCEPT TABLE little)', 'work_mem changes no number');
RESET work_mem;
SELECT is((SELECT sum(cohort_size) FROM viewer_retention('2025-03-01', '2025-04-10', 'day', periods => 1)), (SELECT count(DISTINCT coalesce(user_id, -session_id)) FROM explore_engagements)::numeric, 'cohorts of first views share no viewer, and miss none');
SELECT is_empty('SELECT * FROM viewer_retention(''2025-03-02 05:30'', ''2025-03-30'', ''day'', periods => 20) WHERE retained NOT BETWEEN 0 AND cohort_size OR rate NOT BETWEEN lower - 1e-9 AND upper + 1e-9 OR period = 0 AND retained <> cohort_size', 'rates lie in their bounds');
ROLLBACK TO published;

-- ---------------------------------------------------------------------------------------------------
-- Who may ask: creator 1 has the contents to 49
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.view(61, '{2025-03-01 12:00,2025-03-02 12:00}'), pg_temp.view(62, '{2025-03-01 12:00}', 60), pg_temp.view(63, '{2025-03-01 12:00}', 60) \g /dev/null
CREATE TEMP TABLE asked AS SELECT row_number() OVER () AS n, f AS query FROM unnest(ARRAY['SELECT cohort_size FROM viewer_retention(''2025-03-01'', ''2025-03-02'', ''day'', periods => 1, creator_id => %s)', 'SELECT new_viewers FROM viewer_lifecycle(''2025-03-01'', ''2025-03-02'', creator_id => %s)', 'SELECT dau FROM stickiness(''2025-03-02'', creator_id => %s)']) f;
SELECT is(pg_temp.answer('ea_tap_v_reader', format(query, who), '1'), '(1)', format('as creator 1, of %s: %s', who, query)) FROM asked, unnest(ARRAY['1', 'NULL']) who ORDER BY n;
SELECT is(pg_temp.answer('ea_tap_v_reader', format(query, who), '1'), '42501 permission denied for creator ' || who, format('as creator 1, of %s: %s', who, query)) FROM asked, unnest(ARRAY['2', '444']) who ORDER BY n;
SELECT is(pg_temp.answer('ea_tap_v_analyst', format(query, who), identity), wanted, format('an analyst with the identity "%s", of %s: %s', identity, who, query)) FROM asked, unnest(ARRAY['', '1']) identity, (VALUES ('1', '(1)'), ('2', '(2)'), ('NULL', '(3)')) v(who, wanted) ORDER BY n;
SELECT is(pg_temp.answer('ea_tap_v_reader', format(query, who), ''), '42501 permission denied without an identity', format('a reader without an identity, of %s: %s', who, query)) FROM asked, unnest(ARRAY['1', 'NULL']) who ORDER BY n;
SELECT alike(pg_temp.answer(role, format(query, 'NULL'), '1'), '42501 permission denied for function%', role || ' is refused: ' || query) FROM asked, unnest(ARRAY['ea_tap_v_writer', 'ea_tap_v_nobody']::name[]) role ORDER BY role, n;
SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_v_reader, ea_tap_v_analyst, ea_tap_v_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_v_owner CASCADE;
DROP ROLE ea_tap_v_owner, ea_tap_v_reader, ea_tap_v_analyst, ea_tap_v_writer, ea_tap_v_nobody;
