-- What is going on now: arguments and errors, what the running transaction sees, ends of the calendar, small numbers, weights, and
-- who may ask. Numbers of many events are the oracle's business.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family l
\ir include/callers.sql
ALTER TYPE engagement_type ADD VALUE 'applaud';
BEGIN;
SELECT plan(231);

-- ---------------------------------------------------------------------------------------------------
-- Nothing there
-- ---------------------------------------------------------------------------------------------------
SELECT results_eq('SELECT count(*), min(minute), max(minute), sum(views), sum(unique_viewers), sum(watch_time) FROM live_metrics()',
  $$VALUES (60::bigint, date_trunc('minute', now()) - interval '59 minutes', date_trunc('minute', now()), 0::numeric, 0::numeric, 0::float8)$$, 'without events: an hour of zeros');
SELECT is(concurrent_viewers(), 0::bigint, 'nobody is there');
SELECT is_empty('SELECT * FROM trending_content()', 'nothing trends');
SELECT is(concurrent_viewers(77), 0::bigint, 'nor with an unknown content');
SELECT is((SELECT sum(views)::int FROM live_metrics(5, content_id => 77)), 0, 'minutes of an unknown content');
SELECT is((SELECT sum(views)::int FROM live_metrics(5, creator_id => 77)), 0, 'and of an unknown creator');

-- ---------------------------------------------------------------------------------------------------
-- Arguments
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) SELECT '22023', m, format('SELECT * FROM live_metrics(%s)', m) FROM unnest(ARRAY['0', '-1', '10081', '2147483647', '-2147483648']) m;
INSERT INTO bad (state, named, query) VALUES ('22023', 'content_id', 'SELECT * FROM live_metrics(5, 1, 1)'), ('22008', '4714-11-24', $$SELECT * FROM live_metrics(1440, as_of => '4714-11-24 00:00:00+00 BC')$$);
INSERT INTO bad (state, named, query) SELECT '22023', id, replace(q, '{id}', id) FROM unnest(ARRAY['0', '-1', '-9223372036854775808']) id,
  unnest(ARRAY['SELECT * FROM live_metrics(5, creator_id => {id})', 'SELECT * FROM live_metrics(5, content_id => {id})', 'SELECT concurrent_viewers({id})']) q;
INSERT INTO bad (state, named, query) SELECT '22008', 'as_of', format(q, '''' || t || '''') FROM unnest(ARRAY['infinity', '-infinity']) t,
  unnest(ARRAY['SELECT * FROM live_metrics(as_of => %s)', 'SELECT concurrent_viewers(as_of => %s)', 'SELECT concurrent_viewers(1, as_of => %s)', 'SELECT * FROM trending_content(as_of => %s)']) q;
INSERT INTO bad (state, named, query) SELECT '22023', split_part(q, ' => ', 1), format('SELECT * FROM ' || f, format(q, '''' || i || '''')) FROM
  unnest(ARRAY['0', '-1 microsecond', '-5 minutes', '-1 day', '-1 month', '-1 year', '1 day -24 hours', '1 month -30 days', '1 year -8766 hours', '-178000000 years', '1 second -1 year']) i,
  (VALUES ('concurrent_viewers(%s)', 'within => %s'), ('trending_content(%s)', 'within => %s'), ('trending_content(%s)', 'half_life => %s')) v(f, q);
INSERT INTO bad (state, named, query) SELECT '22023', n, format('SELECT * FROM trending_content(n => %s)', n) FROM unnest(ARRAY['0', '-1', '-2147483648']) n;
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE position(named IN message) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM told WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');

-- ---------------------------------------------------------------------------------------------------
-- A content for each type, ten more for ties, one of another creator, one without a title, one without a row
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id, title) SELECT g, 1, 'Clip ' || g FROM generate_series(1, 9) g;
INSERT INTO explore_content (id, creator_id, title) SELECT 30 - g, 2, CASE WHEN g <> 5 THEN 'Tie ' || 30 - g END FROM generate_series(1, 10) g;
INSERT INTO explore_discovery_videos (id, content_id) SELECT 1000 + id, id FROM explore_content;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT o, 100 + o, type, 1000, type = 'view', '2025-05-01 06:00+00' FROM unnest(enum_range(NULL::engagement_type)) WITH ORDINALITY t(type, o);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT id, 7, 'view', '2025-05-01 07:00+00' FROM explore_content WHERE id >= 20;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) VALUES (900, 500, NULL, 'share', 250, '2025-05-01 07:00+00'), (900, NULL, 66, 'view', 250, '2025-05-01 07:00+00'), (900, NULL, NULL, 'view', 250, '2025-05-01 07:00:59.999999+00');

-- Every weight, half of it after a half-life. as_of itself is excluded, as is what is older than within by a microsecond.
SELECT results_eq($$SELECT content_id, rank, score FROM trending_content('24 hours', '6 hours', 100, '2025-05-01 12:00+00') WHERE content_id < 10$$,
  $$VALUES (3::bigint, 1::bigint, 2::float8), (2, 2, 1.5), (4, 3, 1.5), (6, 4, 1), (1, 15, 0.5), (5, 16, -0.5)$$, 'weights; what is not scored, and a label of somebody else''s, is left out');
SELECT results_eq($$SELECT content_id FROM trending_content('24 hours', '5 hours', 100, '2025-05-01 12:00+00') WHERE content_id >= 20$$, 'SELECT id FROM explore_content WHERE id >= 20 ORDER BY id', 'equal scores are in the order of content_id');
SELECT results_eq($$SELECT rank, content_id, title, score FROM trending_content('24 hours', '5 hours', 1000, '2025-05-01 12:00+00') WHERE content_id = 25$$, $$VALUES (10::bigint, 25::bigint, NULL, 0.5::float8)$$, 'a content without a title');
SELECT is((SELECT array_agg(content_id) FROM trending_content('24 hours', '6 hours', 3, '2025-05-01 12:00+00')), '{3,2,4}', 'the first n');
SELECT is((SELECT count(*)::int FROM trending_content('24 hours', '6 hours', 2147483647, '2025-05-01 12:00+00')), 16, 'n may be larger than there are');
SELECT is((SELECT count(*)::int FROM trending_content('6 hours', '6 hours', 100, t)), rows, 'events at the ends of the time: ' || t) FROM (VALUES
  (timestamptz '2025-05-01 12:00+00', 16), ('2025-05-01 12:00:00.000001+00', 10), ('2025-05-01 13:00+00', 10), ('2025-05-01 13:00:00.000001+00', 0), ('2025-05-01 06:00+00', 0), ('2025-05-01 06:00:00.000001+00', 6), ('2025-05-01 07:00+00', 6), ('2025-05-01 07:00:00.000001+00', 16)) v(t, rows);
-- A month is 30 days, a year 365.25.
SELECT is((SELECT count(*)::int FROM trending_content(w, n => 100, as_of => timestamptz '2025-05-01 06:00+00' + l)), 16, format('%s is as long as %s', w, l)) FROM (VALUES
  (interval '1 month', interval '30 days'), ('1 year', '365 days 06:00'), ('13 months', '395 days 06:00'), ('1 month -1 day 01:00', '29 days 01:00'), ('-1 month +31 days', '1 day')) v(w, l);
SELECT is((SELECT count(*)::int FROM trending_content(w, n => 100, as_of => timestamptz '2025-05-01 06:00:00.000001+00' + l)), 10, format('%s is no longer than %s', w, l)) FROM (VALUES
  (interval '1 month', interval '30 days'), ('1 year', '365 days 06:00'), ('13 months', '395 days 06:00'), ('1 month -1 day 01:00', '29 days 01:00'), ('-1 month +31 days', '1 day')) v(w, l);
SELECT is(concurrent_viewers(1, '1 month', '2025-05-31 06:00+00') || ' ' || concurrent_viewers(1, '1 month', '2025-05-31 06:00:00.000001+00'), '1 0', 'nor for concurrent_viewers');
-- Half-lives beyond all measure.
SELECT is((SELECT array_agg(DISTINCT round(score::numeric, 8)) FROM trending_content('1 day', '10000000 years', 100, '2025-05-01 12:00+00') WHERE content_id IN (1, 3, 5)), '{-1.00000000,1.00000000,3.99999999}', 'next to nothing decays in ten million years');
SELECT results_eq($$SELECT content_id, score FROM trending_content('1 day', '1 microsecond', 5, '2025-05-01 12:00+00')$$, $$SELECT id::bigint, 0::float8 FROM unnest(ARRAY[1, 2, 3, 4, 5]) id$$, 'of a microsecond nothing is left, and the contents are there still');
SELECT is((SELECT count(*)::int FROM trending_content('178000000 years', '178000000 years', 100, '2025-05-01 12:00+00')), 16, 'all that ever was');
SELECT is(concurrent_viewers(NULL, '178000000 years', '2025-06-01'), 3::bigint, 'all viewers there ever were');
SELECT is((SELECT count(*)::int FROM trending_content('10000000 years', '10 years', 100, t)), rows, 'at ' || t) FROM (VALUES (timestamptz '294276-12-31 23:59:59.999999+00', 16), ('4714-11-24 00:00:00+00 BC', 0), ('0001-01-01 00:00+00', 0)) v(t, rows);
SELECT is(concurrent_viewers(NULL, '10 years', t), 0::bigint, 'nobody at ' || t) FROM unnest(ARRAY['294276-12-31 23:59:59.999999+00', '4714-11-24 00:00:00+00 BC']::timestamptz[]) t;
SELECT results_eq($$SELECT count(*), max(minute), sum(views) FROM live_metrics(3, as_of => '294276-12-31 23:59:59.999999+00')$$, $$VALUES (3::bigint, '294276-12-31 23:59:00+00'::timestamptz, 0::numeric)$$, 'the last minutes there are');
SELECT results_eq($$SELECT minute FROM live_metrics(2, as_of => '4714-11-24 00:01:00.000001+00 BC')$$, $$VALUES ('4714-11-24 00:00:00+00 BC'::timestamptz), ('4714-11-24 00:01:00+00 BC')$$, 'and the first');
-- Events of the content without a row: the platform's.
SELECT results_eq($$SELECT * FROM live_metrics(2, as_of => '2025-05-01 07:01+00')$$, $$VALUES ('2025-05-01 06:59+00'::timestamptz, 0::bigint, 0::bigint, 0::float8), ('2025-05-01 07:00+00', 12, 2, 0.75)$$, 'a minute of the platform, with a view of nobody and a session''s');
SELECT results_eq($$SELECT * FROM live_metrics(1, as_of => '2025-05-01 07:00:59.999999+00')$$, $$VALUES ('2025-05-01 07:00+00'::timestamptz, 11::bigint, 2::bigint, 0.5::float8)$$, 'as far as as_of');
SELECT results_eq($$SELECT * FROM live_metrics(1, 2, NULL, '2025-05-01 07:00:30+00')$$, $$VALUES ('2025-05-01 07:00+00'::timestamptz, 10::bigint, 1::bigint, 0::float8)$$, 'of a creator');
SELECT results_eq($$SELECT * FROM live_metrics(1, NULL, 1, '2025-05-01 06:01+00')$$, $$VALUES ('2025-05-01 06:00+00'::timestamptz, 1::bigint, 1::bigint, 1::float8)$$, 'of a content');
SELECT is((SELECT sum(views)::int FROM live_metrics(2, NULL, 900, '2025-05-01 07:01+00')) || ' ' || concurrent_viewers(900, '1 hour', '2025-05-01 07:01+00'), '0 0', 'of a content without a row');
SELECT is(concurrent_viewers(NULL, '1 second', '2025-05-01 07:00:00.5+00'), 2::bigint, 'a viewer counts once, whatever the contents');
SELECT results_eq($$SELECT count(*), count(DISTINCT minute), sum(views), max(minute) - min(minute) FROM live_metrics(10080, as_of => '2025-05-02 00:00+00')$$, $$VALUES (10080::bigint, 10080::bigint, 13::numeric, interval '7 days -1 minute')$$, 'a week of minutes');

-- The best, even if many that are better have no row.
SAVEPOINT unknown;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 100000 + g % 4000, g, 'share', '2025-05-01 11:00+00' FROM generate_series(1, 8000) g;
SELECT is((SELECT array_agg(content_id || ':' || rank) FROM trending_content('24 hours', '6 hours', 3, '2025-05-01 12:00+00')), '{3:1,2:2,4:3}', 'contents without a row take no place');
-- Thousands of contents, ids of every size.
INSERT INTO explore_content (id, creator_id, title) SELECT CASE g % 3 WHEN 0 THEN g WHEN 1 THEN 9223372036854775807 - g ELSE g * 4294967296 END, 3, g::text FROM generate_series(1000, 8000) g;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT id, 5, 'view', '2025-05-03 00:00+00'::timestamptz + title::int * interval '1 second' FROM explore_content WHERE creator_id = 3;
SELECT results_eq($$SELECT rank, content_id FROM trending_content('1 day', '6 hours', 10000, '2025-05-04 00:00+00')$$, $$SELECT row_number() OVER (ORDER BY title::int DESC), id FROM explore_content WHERE creator_id = 3 ORDER BY 1$$, 'thousands of contents, in their order');
ROLLBACK TO unknown;

-- ---------------------------------------------------------------------------------------------------
-- NULL is the default; now; and the running transaction
-- ---------------------------------------------------------------------------------------------------
SELECT record_engagement(1, 'view', 11, watch_time => 2.5), record_engagement(1, 'save', 11), record_engagement(2, 'share', 12) \g /dev/null
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (2, 21, 'view', now() - interval '1 microsecond'), (2, 22, 'view', now() + interval '1 microsecond'), (2, 23, 'view', now() + interval '1 day'), (2, 24, 'view', now() - interval '5 minutes'), (2, 25, 'view', now() - interval '5 minutes 1 microsecond');
SELECT results_eq('SELECT sum(views), sum(watch_time) FROM live_metrics()', 'VALUES (4::numeric, 2.5::float8)', 'what this transaction did counts, what is to come does not');
SELECT results_eq('SELECT * FROM live_metrics(NULL, NULL, NULL, NULL)', 'SELECT * FROM live_metrics(60)', 'NULL is the default: live_metrics');
SELECT results_eq('SELECT * FROM live_metrics(7, as_of => now())', 'SELECT * FROM live_metrics(7)', 'now() is now');
SELECT results_eq('SELECT sum(views) FROM live_metrics(7, content_id => 1, as_of => now() - interval ''1 microsecond'')', 'VALUES (0::numeric)', 'and nothing else is');
SELECT is(concurrent_viewers(), 5::bigint, 'who is here: 11, 21 and 24, and whom a clock ahead of ours sent');
SELECT is(concurrent_viewers(2), 4::bigint, 'and with a content');
SELECT is(concurrent_viewers(as_of => now()), 2::bigint, 'with as_of there is an end, itself excluded, also if it is now');
SELECT is(concurrent_viewers(as_of => now() + interval '1 microsecond'), 2::bigint, 'a microsecond later another one is out, and who came now is in');
SELECT is((concurrent_viewers(NULL, NULL, NULL), concurrent_viewers(2, NULL, NULL)), (concurrent_viewers(), concurrent_viewers(2, '5 minutes')), 'NULL is the default: concurrent_viewers');
SELECT results_eq('SELECT rank, content_id, title, round(score::numeric, 9) FROM trending_content()', format($$VALUES (1::bigint, 2::bigint, 'Clip 2', %s), (2, 1, 'Clip 1', 4.000000000)$$, round((4 + power(2::float8, -0.000001 / 21600) + power(2::float8, -300 / 21600::float8) + power(2::float8, -300.000001 / 21600))::numeric, 9)), 'what trends now');
SELECT results_eq('SELECT * FROM trending_content(NULL, NULL, NULL, NULL)', 'SELECT * FROM trending_content()', 'NULL is the default: trending_content');
SELECT results_eq('SELECT * FROM trending_content()', $$SELECT * FROM trending_content('24 hours', '6 hours', 20, now())$$, 'and these are the defaults');
SAVEPOINT day;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (9, 1, 'view', now() - interval '24 hours'), (8, 1, 'view', now() - interval '24 hours 1 microsecond');
SELECT results_eq(format('SELECT content_id, score FROM trending_content(%s) WHERE content_id IN (8, 9)', w), 'VALUES (9::bigint, 0.0625::float8)', 'of a day ago, a sixteenth is left: ' || w) FROM unnest(ARRAY['', 'NULL', '''1 day''']) w;
ROLLBACK TO day;
SAVEPOINT later;
SELECT record_engagement(5, 'share', 31) \g /dev/null
SELECT record_engagement(5, 'view', 31) \g /dev/null
SELECT is((SELECT sum(views)::int FROM live_metrics()) || ' ' || concurrent_viewers() || ' ' || (SELECT string_agg(content_id::text, ',' ORDER BY rank) FROM trending_content()), '5 6 2,5,1', 'within a savepoint');
ROLLBACK TO later;
SELECT is((SELECT sum(views)::int FROM live_metrics()) || ' ' || concurrent_viewers() || ' ' || (SELECT string_agg(content_id::text, ',' ORDER BY rank) FROM trending_content()), '4 5 2,1', 'and without it again');
SELECT results_eq($$SELECT minute FROM live_metrics(2, as_of => '2025-10-26 00:01+00')$$, $$VALUES ('2025-10-26 00:00+00'::timestamptz - interval '1 minute'), ('2025-10-26 00:00+00')$$, 'minutes are those of the world, whatever the zone of the session');
SET LOCAL timezone = 'Europe/Madrid';
SELECT results_eq($$SELECT minute FROM live_metrics(2, as_of => '2025-10-26 01:01+00')$$, $$VALUES ('2025-10-26 00:59+00'::timestamptz), ('2025-10-26 01:00+00')$$, 'also where an hour comes twice');
SET LOCAL timezone = 'UTC';

-- ---------------------------------------------------------------------------------------------------
-- Who may ask: creator 1 is the reader
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE asked (n int GENERATED ALWAYS AS IDENTITY, query text, own text, everything text);
INSERT INTO asked (query, own, everything) VALUES
  ($$SELECT sum(views) FROM live_metrics(90, creator_id => 1, as_of => '2025-05-01 07:30')$$, '(1)', '(1)'), ($$SELECT sum(views) FROM live_metrics(90, content_id => 1, as_of => '2025-05-01 07:30')$$, '(1)', '(1)'),
  ($$SELECT sum(views) FROM live_metrics(90, creator_id => 2, as_of => '2025-05-01 07:30')$$, '42501 permission denied for creator 2', '(10)'), ($$SELECT sum(views) FROM live_metrics(90, content_id => 20, as_of => '2025-05-01 07:30')$$, '42501 permission denied for content 20', '(1)'),
  ($$SELECT sum(views) FROM live_metrics(90, as_of => '2025-05-01 07:30')$$, '42501%', '(13)'), ('SELECT sum(views) FROM live_metrics(90, creator_id => 444)', '42501 permission denied for creator 444', '(0)'), ('SELECT sum(views) FROM live_metrics(90, content_id => 444)', '42501 permission denied for content 444', '(0)'),
  ($$SELECT concurrent_viewers(1, '2 hours', '2025-05-01 07:30')$$, '(1)', '(1)'), ($$SELECT concurrent_viewers(20, '2 hours', '2025-05-01 07:30')$$, '42501 permission denied for content 20', '(1)'), ('SELECT concurrent_viewers(444)', '42501 permission denied for content 444', '(0)'),
  ($$SELECT concurrent_viewers(NULL, '2 hours', '2025-05-01 07:30')$$, '(1)', '(3)'), ('SELECT concurrent_viewers()', '(5)', '(5)'),
  ($$SELECT content_id, score FROM trending_content('24 hours', '6 hours', 4, '2025-05-01 12:00')$$, '(3,2) (2,1.5) (4,1.5) (6,1)', '(3,2) (2,1.5) (4,1.5) (6,1)'), ($$SELECT rank, content_id FROM trending_content('24 hours', '6 hours', 100, '2025-05-01 12:00') OFFSET 4$$, '(5,1) (6,5)', '%(5,20)%(14,29) (15,1) (16,5)');
SELECT alike(pg_temp.answer('ea_tap_l_reader', query, '1'), own, 'as creator 1: ' || query) FROM asked ORDER BY n;
SELECT alike(pg_temp.answer(role, query, identity), everything, format('%s, with the identity "%s": %s', role, identity, query)) FROM asked, (VALUES ('ea_tap_l_analyst'::name, ''), ('ea_tap_l_analyst', '1'), ('ea_tap_l_owner', '1')) r(role, identity) ORDER BY role, identity, n;
SELECT is(pg_temp.answer('ea_tap_l_reader', query, ''), '42501 permission denied without an identity', 'a reader without an identity: ' || query) FROM asked ORDER BY n;
SELECT alike(pg_temp.answer(role, query, '1'), '42501 permission denied for function%', role || ' is refused: ' || query) FROM asked, unnest(ARRAY['ea_tap_l_writer', 'ea_tap_l_nobody']::name[]) role ORDER BY role, n;
SELECT is(pg_temp.answer('ea_tap_l_reader', $$SELECT * FROM trending_content('178000000 years', n => 100)$$, '77') || pg_temp.answer('ea_tap_l_reader', 'SELECT concurrent_viewers()', '77'), '(0)', 'a creator without content');
SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_l_reader, ea_tap_l_analyst, ea_tap_l_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_l_owner CASCADE;
DROP ROLE ea_tap_l_owner, ea_tap_l_reader, ea_tap_l_analyst, ea_tap_l_writer, ea_tap_l_nobody;
