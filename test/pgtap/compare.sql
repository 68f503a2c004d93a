-- A video beside others, a period beside the one before: arguments and errors, few peers and equal ones, ranges at the ends, and what
-- a creator is told of others. Numbers of many videos are the oracle's business.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family c
\ir include/callers.sql
BEGIN;
SELECT plan(236);
CREATE FUNCTION pg_temp.views(content bigint, count int, at timestamptz DEFAULT '2025-03-05 10:00') RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT content, n, 'view', 1000 * content, at + n * interval '1 second' FROM generate_series(1, count) n $$;

-- ---------------------------------------------------------------------------------------------------
-- Nothing there, and errors
-- ---------------------------------------------------------------------------------------------------
SELECT results_eq(format($$SELECT * FROM compare_periods(%L, '2025-01-02', '2025-01-09'%s)$$, m, c), $$VALUES (0::float8, 0::float8, NULL::float8, NULL::float8)$$, format('no events: %s%s', m, c))
FROM unnest(ARRAY['views', 'unique_viewers', 'total_watch_time', 'average_watch_time', 'completion_rate', 'engagement_score', 'sessions', 'new_viewers']) m, unnest(ARRAY['', ', 77']) c;
INSERT INTO explore_content (id, creator_id, title, category, area) VALUES (1, 1, 'Own', 'villa', 'marina'), (2, 1, 'Unseen', 'villa', NULL), (3, 2, 'Theirs', 'flat', 'marina'), (4, 9, 'Alone', NULL, NULL), (42, 1, 'Without a video', 'villa', 'marina');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (101, 1), (102, 2), (103, 3), (104, 4), (105, 9999);
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) VALUES
  ('P0002', '999', 'SELECT * FROM compare_video(999)'), ('P0002', '42', 'SELECT * FROM compare_video(42)'), ('P0002', '9223372036854775807', 'SELECT * FROM compare_video(9223372036854775807)'), ('P0002', '999', $$SELECT * FROM compare_video(999, '2025-01-01', '2025-01-02', 'previous')$$),
  ('22004', 'video_id', 'SELECT * FROM compare_video(NULL)'), ('22023', '0', 'SELECT * FROM compare_video(0)'), ('22023', '-1', 'SELECT * FROM compare_video(-1)'),
  ('22023', 'rivals', $$SELECT * FROM compare_video(101, baseline => 'rivals')$$), ('22023', '""', $$SELECT * FROM compare_video(101, baseline => '')$$), ('22023', 'Creator', $$SELECT * FROM compare_video(101, baseline => 'Creator')$$),
  ('22023', 'open', $$SELECT * FROM compare_video(101, baseline => 'previous')$$), ('22023', 'open', $$SELECT * FROM compare_video(101, '2025-01-01', baseline => 'previous')$$), ('22023', 'open', $$SELECT * FROM compare_video(101, NULL, '2025-01-01', 'previous')$$),
  ('22008', '4714-11-24', $$SELECT * FROM compare_video(101, '4714-11-24 00:00:00+00 BC', '2025-01-01', 'previous')$$),
  ('22023', 'metric', $$SELECT * FROM compare_periods(NULL, '2025-01-01', '2025-01-02')$$), ('22023', 'likes', $$SELECT * FROM compare_periods('likes', '2025-01-01', '2025-01-02')$$), ('22023', '""', $$SELECT * FROM compare_periods('', '2025-01-01', '2025-01-02')$$),
  ('22023', 'open', $$SELECT * FROM compare_periods('views', NULL, '2025-01-02')$$), ('22023', 'open', $$SELECT * FROM compare_periods('views', '2025-01-01', NULL)$$), ('22023', 'open', $$SELECT * FROM compare_periods('views', NULL, NULL)$$),
  ('22023', '0', $$SELECT * FROM compare_periods('views', '2025-01-01', '2025-01-02', 0)$$), ('22023', '-5', $$SELECT * FROM compare_periods('views', '2025-01-01', '2025-01-02', -5)$$), ('22008', '0001-01-01', $$SELECT * FROM compare_periods('views', '0001-01-01 00:00:00+00', '9999-01-01')$$),
  -- Longer than an interval of microseconds can be.
  ('22008', '4713-11-25', $$SELECT * FROM compare_periods('views', '4713-11-25 00:00:00+00 BC', '294276-01-01')$$), ('22008', '4713-11-25', $$SELECT * FROM compare_video(101, '4713-11-25 00:00:00+00 BC', '294276-01-01', 'previous')$$);
INSERT INTO bad (state, named, query) SELECT x.state, x.named, format(q, x.s, x.e) FROM (VALUES ('22023', '2025-01-01 00:00:00', '2025-01-01 00:00:00.000001', '2025-01-01'), ('22008', 'infinit', '2025-01-01', 'infinity'), ('22008', 'infinit', '-infinity', '2025-01-01')) x(state, named, s, e),
  unnest(ARRAY['SELECT * FROM compare_video(101, %L, %L)', 'SELECT * FROM compare_video(101, %L, %L, ''previous'')', 'SELECT * FROM compare_periods(''views'', %L, %L)', 'SELECT * FROM compare_periods(''sessions'', %L, %L)']) q;
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE position(lower(named) IN lower(message)) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM told WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
SELECT is(message, (pg_temp.failure('SELECT * FROM video_analytics(42)')).message, 'an unknown video is told in the same words as elsewhere') FROM told WHERE query = 'SELECT * FROM compare_video(42)';
-- Ranges that touch the ends of the calendar, and one that is longer than a day can count to.
SELECT results_eq(format('SELECT * FROM compare_periods(%L, %L, %L)', m, s, e), 'VALUES (0::float8, 0::float8, NULL::float8, NULL::float8)', format('%s from %s to %s', m, s, e))
FROM unnest(ARRAY['views', 'sessions', 'new_viewers', 'share_rate']) m, (VALUES (timestamptz '4713-01-02 00:00+00 BC', timestamptz '4713-01-03 00:00+00 BC'), ('294276-12-30 00:00+00', '294276-12-31 23:59:59.999999+00'), ('2025-01-01', '2025-01-01'), ('2025-01-01', '2025-01-01 00:00:00.000001')) v(s, e);
SELECT results_eq(format('SELECT current_value, previous_value, p_value FROM compare_periods(''%s'', ''2000-01-01'', ''4000-01-01'')', m), 'VALUES (0::float8, 0::float8, NULL::float8)', 'two thousand years of ' || m) FROM unnest(ARRAY['views', 'sessions', 'new_viewers']) m;

-- ---------------------------------------------------------------------------------------------------
-- No peers, few, equal ones
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.beside(video bigint, baseline text, m text DEFAULT 'views', s timestamptz DEFAULT '2025-03-01', e timestamptz DEFAULT '2025-03-11') RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', value, coalesce(baseline_mean::text, '-'), coalesce(baseline_median::text, '-'), coalesce(round(delta_percent::numeric, 3)::text, '-'), coalesce(percentile::text, '-'), coalesce(round(z::numeric, 6)::text, '-'), coalesce(round(p_value::numeric, 6)::text, '-'), coalesce(peers::text, '-'))
  FROM compare_video(video, s, e, baseline) WHERE metric = m $$;
SELECT is((SELECT string_agg(metric, ' ') FROM compare_video(101)), 'views unique_viewers unidentified_views completions saves shares clicks skips impressions total_engagements total_watch_time average_watch_time completion_rate engagement_rate save_rate share_rate click_rate skip_rate engagement_score', 'the metrics, in their order');
SELECT is(pg_temp.beside(101, b), '0 - - - - - - 0', 'nobody was seen: ' || b) FROM unnest(ARRAY['creator', 'platform', 'category', 'area']) b;
SELECT is(pg_temp.beside(101, 'previous'), '0 0 - - - - - -', 'nor was it before');
SELECT is(pg_temp.beside(105, b), '0 - - - - - - 0', 'a video whose content is not there: ' || b) FROM unnest(ARRAY['creator', 'category', 'area']) b;
SELECT pg_temp.views(1, 4), pg_temp.views(42, 50), pg_temp.views(9999, 3) \g /dev/null
-- Peers by the dozen: creator 1 has five villas with 2 views each, which differ in seconds; creator 2 flats with 1 to 7.
INSERT INTO explore_content (id, creator_id, category, area) SELECT 10 + g, 1, 'villa', 'palm' FROM generate_series(1, 5) g UNION ALL SELECT 20 + g, 2, 'flat', 'marina' FROM generate_series(1, 7) g;
INSERT INTO explore_discovery_videos (id, content_id) SELECT id + 100, id FROM explore_content WHERE id BETWEEN 11 AND 27;
SELECT is(pg_temp.beside(101, 'creator'), '4 - - - - - - 0', 'videos without views are no peers, nor are contents without a video, nor is the video itself');
SELECT pg_temp.views(11, 2), pg_temp.views(12, 2) \g /dev/null
SELECT is(pg_temp.beside(101, 'creator'), '4 - - - - - - 2', 'two peers are too few');
SELECT pg_temp.views(13, 2) \g /dev/null
SELECT is(pg_temp.beside(101, 'creator'), '4 2 2 100.000 100 - - 3', 'three will do; of equal ones no distance');
SELECT is(pg_temp.beside(111, 'creator'), '2 2.6666666666666665 2 -25.000 33.333333333333336 -0.577350 0.563703 3', 'below, equal, above');
SELECT is(pg_temp.beside(102, 'creator'), '0 2.5 2 -100.000 - - - 4', 'a video without views has no place');
SELECT is(pg_temp.beside(101, 'creator', 'total_watch_time'), '4 24 24 -83.333 0 -10.000000 0.000000 3', 'below all');
SELECT is(pg_temp.beside(101, 'creator', 'saves'), '0 0 0 - 50 - - 3', 'from 0 nothing is a part');
SELECT is(pg_temp.beside(104, b), '0 - - - - - - 0', 'without a category or area there is nobody alike: ' || b) FROM unnest(ARRAY['category', 'area']) b;
SELECT pg_temp.views(20 + g, g) FROM generate_series(1, 7) g \g /dev/null
SELECT is(pg_temp.beside(101, 'area'), '4 4 4 0.000 50 0.000000 1.000000 7', 'in the middle');
SELECT is(pg_temp.beside(101, 'platform', e => '2025-03-05 10:00:05'), (SELECT concat_ws(' ', 4, avg(n), percentile_cont(0.5) WITHIN GROUP (ORDER BY n), round(100 * (4 - avg(n)::numeric) / avg(n)::numeric, 3), 100 * (count(*) FILTER (WHERE n < 4) + count(*) FILTER (WHERE n = 4) / 2.0::float8) / count(*),
    round(((4 - avg(n)) / stddev_samp(n))::numeric, 6), (SELECT round(p_value::numeric, 6) FROM compare_video(101, '2025-03-01', '2025-03-05 10:00:05', 'platform') WHERE metric = 'views'), count(*)) FROM unnest(ARRAY[2, 2, 2, 1, 2, 3, 4, 4, 4, 4]::float8[]) n), 'a range that cuts');
SELECT is(pg_temp.beside(101, 'previous', s => '2025-03-05', e => '2025-03-06') || '; ' || pg_temp.beside(101, 'previous', s => '2025-03-06', e => '2025-03-07') || '; ' || pg_temp.beside(101, 'previous', s => '2025-03-05 10:00:03', e => '2025-03-05 10:00:05'),
  '4 0 - - - - - -; 0 4 - -100.000 - - - -; 2 2 - 0.000 - - - -', 'beside itself before');
SELECT is(pg_temp.beside(101, 'creator', s => NULL, e => NULL), pg_temp.beside(101, 'creator'), 'open ranges');
SELECT is((SELECT array_agg(c::text) FROM compare_video(101, NULL, NULL, NULL) c), (SELECT array_agg(c::text) FROM compare_video(101) c), 'NULL is the default');
SELECT is((SELECT array_agg(c::text) FROM compare_video(101) c), (SELECT array_agg(c::text) FROM compare_video(101, baseline => 'creator') c), 'and that is creator');
-- Rows of the running transaction, and a video that moves.
SAVEPOINT more;
SELECT record_engagement(1, 'view', 77, created_at => '2025-03-06') \g /dev/null
UPDATE explore_content SET creator_id = 1 WHERE id = 27;
UPDATE explore_content SET category = 'flat' WHERE id = 11;
SELECT is(pg_temp.beside(101, 'creator') || '; ' || pg_temp.beside(101, 'category'), '5 3.25 2 53.846 75 0.700000 0.483927 4; 5 - - - - - - 2', 'within a savepoint');
ROLLBACK TO more;
SELECT is(pg_temp.beside(101, 'creator'), '4 2 2 100.000 100 - - 3', 'and without it again');
-- The same words, spelled the same.
UPDATE explore_content SET category = 'Villa' WHERE id = 11;
SELECT is(pg_temp.beside(101, 'category'), '4 - - - - - - 2', 'Villa is no villa');
UPDATE explore_content SET category = 'villa' WHERE id = 11;

-- ---------------------------------------------------------------------------------------------------
-- Periods
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id) VALUES (50, 5);
SELECT pg_temp.views(50, n, timestamptz '2025-04-01 12:00' + (d - 1) * interval '1 day') FROM unnest(ARRAY[1, 2, 3, 4, 6, 8]) WITH ORDINALITY c(n, d) \g /dev/null
CREATE FUNCTION pg_temp.periods(metric text, s timestamptz, e timestamptz, creator bigint DEFAULT 5) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', round(current_value::numeric, 6)::float8, round(previous_value::numeric, 6)::float8, coalesce(round(delta_percent::numeric, 3)::text, '-'), coalesce(round(p_value::numeric, 6)::text, '-')) FROM compare_periods(metric, s, e, creator) $$;
SELECT is(pg_temp.periods('views', s, e), wanted, format('views from %s to %s', s, e)) FROM (VALUES
  (timestamptz '2025-04-04', timestamptz '2025-04-07', '18 6 200.000 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(3, 2, 1, 3, 6, 4))), ('2025-04-03', '2025-04-05', '7 3 133.333 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(2, 1.5, 0.5, 2, 3.5, 0.5))), ('2025-04-02', '2025-04-03', '2 1 100.000 -'),
  ('2025-04-01', '2025-04-07', '24 0 - ' || (SELECT round(p_value::numeric, 6) FROM welch_test(6, 0, 0, 6, 4, 6.8))), ('2025-04-07', '2025-04-13', '0 24 -100.000 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(6, 4, 6.8, 6, 0, 0))),
  -- Days begin where the period begins; what is left of a last one is in the values, and in no day.
  ('2025-04-04 06:00', '2025-04-07 06:00', '18 6 200.000 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(3, 2, 1, 3, 6, 4))), ('2025-04-03 12:00:00', '2025-04-05 23:00', '13 3 333.333 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(2, 1.5, 0.5, 2, 3.5, 0.5))), ('2025-04-04', '2025-04-05 23:59:59.999999', '10 5 100.000 -')) v(s, e, wanted);
SELECT is(s.p IS NULL, s.nothing, 'days of ' || s.years || ' years') FROM (SELECT years, years > 100 AS nothing, (SELECT p_value FROM compare_periods('views', '2000-01-01', timestamptz '2000-01-01' + years * interval '1 year', 5)) AS p FROM unnest(ARRAY[30, 99, 101]) years) s;
-- Of a metric per view a day without views says nothing; of a count it is a 0.
DELETE FROM explore_engagements WHERE content_id = 50 AND created_at BETWEEN '2025-04-02' AND '2025-04-03';
SELECT explore_analytics.rebuild('2025-04-02', '2025-04-03') \g /dev/null
SELECT is(pg_temp.periods('views', '2025-04-04', '2025-04-07'), '18 4 350.000 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(3, 4 / 3.0, 7 / 3.0, 3, 6, 4)), 'a day without views is a 0 of views');
UPDATE explore_engagements SET watch_time_ms = 1000 * extract(day FROM created_at) WHERE content_id = 50;
SELECT explore_analytics.rebuild('2025-04-01', '2025-04-08') \g /dev/null
SELECT is(pg_temp.periods('average_watch_time', '2025-04-04', '2025-04-07'), '5.222222 2.5 108.889 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(2, 2, 2, 3, 5, 1)), 'and nothing of a mean');
-- Rates are proportions of the views, as long as they are.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 50, n, 'save', '2025-04-05 13:00' FROM generate_series(1, 9) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 50, 1, 'save', '2025-04-01 13:00';
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 50, n, 'share', '2025-04-01 13:00' FROM generate_series(1, 5) n;
SELECT is(pg_temp.periods('save_rate', '2025-04-04', '2025-04-07'), '50 25 100.000 ' || (SELECT round(p_value::numeric, 6) FROM two_proportion_test(1, 4, 9, 18)), 'a rate');
SELECT is(pg_temp.periods('share_rate', '2025-04-04', '2025-04-07'), '0 125 -100.000 -', 'more shares than views are no proportion');
SELECT is(pg_temp.periods('click_rate', '2025-04-04', '2025-04-07'), '0 0 - -', 'nobody clicked, before or now');
SELECT is(pg_temp.periods('save_rate', '2025-04-07', '2025-04-10'), '0 50 -100.000 -', 'a rate of nothing');
-- Sessions and new viewers.
INSERT INTO explore_feed_sessions (id, user_id, session_start) SELECT 700 + n, 1 + n, timestamptz '2025-04-01' + n * n * interval '2 hours' FROM generate_series(0, 8) n;
SELECT is(pg_temp.periods('sessions', '2025-04-04', '2025-04-07', NULL), (SELECT concat_ws(' ', 3, 6, round(-50, 3), round(p_value::numeric, 6)) FROM welch_test(3, 2, 3, 3, 1, 0)), 'sessions');
SELECT is(pg_temp.periods('sessions', '2025-04-04', '2025-04-07'), '0 0 - -', 'none of this creator');
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 50, 700 + n, 'impression', '2025-05-01' FROM generate_series(0, 8) n;
SELECT is(pg_temp.periods('sessions', '2025-04-04', '2025-04-07'), pg_temp.periods('sessions', '2025-04-04', '2025-04-07', NULL), 'all of them, whenever they came');
SELECT is(pg_temp.periods('new_viewers', '2025-04-04', '2025-04-07'), (SELECT concat_ws(' ', 5, 3, round(500 / 3.0 - 100, 3), round(p_value::numeric, 6)) FROM welch_test(3, 1, 1, 3, 5 / 3.0, 1 / 3.0)), 'new viewers');
SELECT is((SELECT c::text FROM compare_periods('views', '2025-04-04', '2025-04-07', NULL) c), (SELECT c::text FROM compare_periods('views', '2025-04-04', '2025-04-07') c), 'NULL is the default');
SAVEPOINT more;
SELECT record_engagement(50, 'view', 1, created_at => '2025-04-06 20:00') \g /dev/null
SELECT is(pg_temp.periods('views', '2025-04-04', '2025-04-07'), '19 4 375.000 ' || (SELECT round(p_value::numeric, 6) FROM welch_test(3, 4 / 3.0, 7 / 3.0, 3, 19 / 3.0, 19 / 3.0)), 'rows of this transaction count');
ROLLBACK TO more;
SELECT alike(pg_temp.periods('views', '2025-04-04', '2025-04-07'), '18 4 %', 'until they are rolled back');

-- ---------------------------------------------------------------------------------------------------
-- Who may ask: creator 1 has video 101, creator 2 the flats
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.as_reader(video bigint, baseline text, m text DEFAULT 'views', s timestamptz DEFAULT '2025-03-01', e timestamptz DEFAULT '2025-03-11') RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.answer('ea_tap_c_reader', format('SELECT value, baseline_mean, baseline_median, delta_percent, percentile, z, p_value, peers FROM compare_video(%s, %L, %L, %L) WHERE metric = %L', video, s, e, baseline, m), '1') $$;
SELECT is(pg_temp.as_reader(101, 'area'), '(4,,4,,50,,,7)', 'of others a creator sees the median and the percentile');
SELECT is(pg_temp.as_reader(102, 'platform'), '(0,,4,,,,,7)', 'also of a video without views');
SELECT is(pg_temp.as_reader(101, 'category'), '(4,,,,,,,)', 'and nothing where there are only its own');
SELECT is((SELECT count(*)::int FROM regexp_matches(pg_temp.answer('ea_tap_c_reader', format('SELECT metric, baseline_mean, delta_percent, z, p_value FROM compare_video(101, ''2025-03-01'', ''2025-03-11'', %L)', b), '1'), '\([a-z_]+,,,,\)', 'g')), 19, 'no metric shows more: ' || b) FROM unnest(ARRAY['platform', 'category', 'area']) b;
SELECT is(pg_temp.as_reader(101, 'creator'), '(4,2,2,100,100,,,3)', 'of the own ones everything, of any range');
SELECT is(pg_temp.as_reader(101, 'creator', s => '2025-03-05 10:00:01.5', e => '2025-03-05 10:00:03'), '(1,1,1,0,50,,,3)', 'of any range');
SELECT is(pg_temp.as_reader(101, 'previous', s => '2025-03-05 10:00:03', e => '2025-03-05 10:00:05'), '(2,2,,0,,,,)', 'beside itself as well');
-- Five of others, whatever there is of the own ones: three villas, which neither count nor move the median.
UPDATE explore_content SET category = 'villa' WHERE id BETWEEN 21 AND 24;
SELECT is(pg_temp.as_reader(101, 'category'), '(4,,,,,,,)', 'four of others are too few');
UPDATE explore_content SET category = 'villa' WHERE id = 25;
SELECT is(pg_temp.as_reader(101, 'category'), '(4,,3,,70,,,5)', 'five are enough');
SELECT pg_temp.views(11, 99), pg_temp.views(12, 99), pg_temp.views(13, 99) \g /dev/null
SELECT is(pg_temp.as_reader(101, 'category'), '(4,,3,,70,,,5)', 'the own ones can be given any numbers');
SELECT is(pg_temp.beside(101, 'category'), (SELECT concat_ws(' ', 4, avg(n), percentile_cont(0.5) WITHIN GROUP (ORDER BY n), round((100 * (4 - avg(n)) / avg(n))::numeric, 3), 43.75, round(((4 - avg(n)) / stddev_samp(n))::numeric, 6), (SELECT round(p_value::numeric, 6) FROM compare_video(101, '2025-03-01', '2025-03-11', 'category') WHERE metric = 'views'), 8) FROM unnest(ARRAY[101, 101, 101, 1, 2, 3, 4, 5]::float8[]) n), 'which are peers for who sees all');
SELECT is(pg_temp.as_reader(101, 'category', e => '2025-03-06'), '(4,,3,,70,,,5)', 'in these days');
SELECT is(pg_temp.as_reader(101, 'category', s => '2025-03-06'), '(0,,,,,,,)', 'and not in others');
-- Whole days that are over.
SELECT is(pg_temp.as_reader(101, b, s => v.s, e => v.e), CASE WHEN v.good THEN pg_temp.as_reader(101, b) ELSE '22023 peers of other creators are compared over whole days' END, format('%s from %s to %s', b, v.s, v.e))
FROM unnest(ARRAY['platform', 'category', 'area']) b, (VALUES (NULL::timestamptz, timestamptz '2025-03-11', true), ('2025-03-02', '2025-03-06', true), ('2025-03-01', date_trunc('day', now()), true), (NULL, date_trunc('day', now()), true), (NULL, NULL, false), ('2025-03-01', NULL, false), ('2025-03-01', now(), false), ('2025-03-01', date_trunc('day', now()) + interval '1 day', false),
  ('2025-03-01 00:00:00.000001', '2025-03-11', false), ('2025-03-01', '2025-03-10 23:59:59.999999', false), ('2025-03-01 12:00', '2025-03-11 12:00', false), ('2025-03-01 00:00+01', '2025-03-11 00:00+01', false), ('1999-12-31 12:00', '2025-03-11', false), ('1999-12-31', '2025-03-11', true)) v(s, e, good);
SELECT is(pg_temp.answer('ea_tap_c_reader', format('SELECT peers FROM compare_video(101, ''2025-03-01 12:00'', NULL, %L) LIMIT 1', b), '1'), '(3)', 'of the own ones any range will do') FROM unnest(ARRAY['creator']) b;
-- Somebody else's video, or none: the same words.
SELECT is(pg_temp.as_reader(v, b), '42501 permission denied for video ' || v, format('video %s, %s', v, b)) FROM unnest(ARRAY[103, 121, 999, 42, 105]) v, unnest(ARRAY['creator', 'platform', 'category', 'area', 'previous']) b;
SELECT is(pg_temp.answer('ea_tap_c_reader', format('SELECT current_value FROM compare_periods(%L, ''2025-04-04'', ''2025-04-07''%s)', m, c), '5'), wanted, format('compare_periods of creator 5: %s%s', m, c))
FROM (VALUES ('views', ', 5', '(18)'), ('sessions', ', 5', '(3)'), ('new_viewers', ', 5', '(5)'), ('views', ', 1', '42501 permission denied for creator 1'), ('sessions', ', 1', '42501 permission denied for creator 1'), ('new_viewers', ', 444', '42501 permission denied for creator 444'), ('views', '', '42501 permission denied for platform-wide numbers'), ('sessions', '', '42501 permission denied for platform-wide numbers')) v(m, c, wanted);
-- Everybody else.
CREATE TEMP TABLE asked (query text, everything text);
INSERT INTO asked VALUES ($$SELECT value, baseline_mean, peers FROM compare_video(103, '2025-03-01 12:00', NULL, 'area') LIMIT 1$$, '(0,4,8)'), ($$SELECT value, baseline_mean IS NULL, peers FROM compare_video(101, '2025-03-01 12:00', NULL, 'category') LIMIT 1$$, '(4,f,8)'), ($$SELECT current_value FROM compare_periods('views', '2025-04-04', '2025-04-07')$$, '(18)');
SELECT is(pg_temp.answer(role, query, identity), everything, format('%s, with the identity "%s": %s', role, identity, query)) FROM asked, (VALUES ('ea_tap_c_analyst'::name, ''), ('ea_tap_c_analyst', '1'), ('ea_tap_c_owner', '1')) r(role, identity);
SELECT is(pg_temp.answer('ea_tap_c_reader', query, ''), '42501 permission denied without an identity', 'a reader without an identity: ' || query) FROM asked;
SELECT alike(pg_temp.answer(role, query, '1'), '42501 permission denied for function%', role || ' is refused: ' || query) FROM asked, unnest(ARRAY['ea_tap_c_writer', 'ea_tap_c_nobody']::name[]) role;
SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_c_reader, ea_tap_c_analyst, ea_tap_c_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_c_owner CASCADE;
DROP ROLE ea_tap_c_owner, ea_tap_c_reader, ea_tap_c_analyst, ea_tap_c_writer, ea_tap_c_nobody;
