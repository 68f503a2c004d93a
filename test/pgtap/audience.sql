-- Who watches and how far views get: arguments and errors, what the running transaction sees, who may ask, groups that join the others,
-- which year ages are of, and what is refused where raw events are gone. Numbers of many events are the oracle's business.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family a
\ir include/callers.sql
ALTER TYPE engagement_type ADD VALUE 'applaud';
SELECT explore_analytics.ensure_partitions('2025-01-01', '2025-06-30') \g /dev/null
BEGIN;
SELECT no_plan();

SELECT is_empty($$SELECT * FROM audience_breakdown('gender')$$, 'nobody watches');
SELECT is_empty(q, 'an unknown one has no rows: ' || q) FROM unnest(ARRAY[$$SELECT * FROM audience_breakdown('city', content_id => 77)$$, $$SELECT * FROM audience_breakdown('city', creator_id => 77)$$]) q;

-- Creator 1 has contents 1 and 2, creator 2 has 3; videos have ids of their own.
INSERT INTO explore_content (id, creator_id) VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (11, 1, 1), (12, 2, 2147483647), (13, 3, NULL);

CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) SELECT '22023', coalesce(d, 'NULL'), format('SELECT * FROM audience_breakdown(%L)', d) FROM unnest(ARRAY[NULL, '', 'Gender', 'shoe_size']) d;
INSERT INTO bad (state, named, query) SELECT '22023', a, format($$SELECT * FROM audience_breakdown('gender', %s => %s)$$, a, i) FROM unnest(ARRAY['content_id', 'creator_id']) a, unnest(ARRAY['0', '-1', '-9223372036854775808']) i;
INSERT INTO bad (state, named, query) SELECT '22023', b, format('SELECT * FROM retention_curve(11, bins => %s)', b) FROM unnest(ARRAY['0', '-1', '10001', '2147483647']) b;
INSERT INTO bad (state, named, query) SELECT s, n, replace(q, '{f}', f) FROM (VALUES ('22023', 'end_date', $$SELECT * FROM {f}, '2025-03-02', '2025-03-01')$$), ('22008', 'infinity', $$SELECT * FROM {f}, '-infinity')$$), ('22008', 'infinity', $$SELECT * FROM {f}, NULL, 'infinity')$$)) v(s, n, q),
  unnest(ARRAY['retention_curve(11', 'audience_breakdown(''gender''']) f;
INSERT INTO bad (state, named, query) VALUES ('22023', 'content_id', $$SELECT * FROM audience_breakdown('gender', content_id => 1, creator_id => 1)$$), ('22004', 'video_id', 'SELECT * FROM retention_curve(NULL)'), ('22023', 'video_id', 'SELECT * FROM retention_curve(0)'),
  ('22004', '13', 'SELECT * FROM retention_curve(13)'), ('P0002', '1', 'SELECT * FROM retention_curve(1)');
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE position(named IN message) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM told WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
SELECT alike((SELECT hint FROM told WHERE state = 'P0002'), '%video 11%', 'of a content the hint names its video');

-- ---------------------------------------------------------------------------------------------------
-- Curves of the shortest and the longest video
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) VALUES (1, 1, 'view', 0, '2025-03-01'), (1, 1, 'view', 1, '2025-03-01'), (1, 1, 'applaud', 1, '2025-03-01'), (1, 1, 'progress', 1, '2025-03-01'), (2, 1, 'view', 2147483647, '2025-03-01'), (2, 1, 'view', 1073741824, '2025-03-01');
SELECT results_eq('SELECT min(audience_watch_ratio), max(audience_watch_ratio), count(*) FROM retention_curve(11, bins => 10000)', 'VALUES (0.5::float8, 0.5::float8, 10000::bigint)', 'more bins than milliseconds');
SELECT results_eq('SELECT bin, round(audience_watch_ratio::numeric, 9), to_seconds FROM retention_curve(12, bins => 2)', 'VALUES (1, 1.000000000, 2147483647 / 2000.0::float8), (2, 0.500000000, 2147483647 / 1000.0::float8)', 'the longest video there is');
SELECT results_eq('SELECT * FROM retention_curve(11, NULL, NULL, NULL)', 'SELECT * FROM retention_curve(11)', 'NULL is the default: retention_curve');
SELECT record_engagement(1, 'view', 5, watch_time => 0.001) \g /dev/null
SELECT is((SELECT round(max(audience_watch_ratio)::numeric, 6) FROM retention_curve(11)), 0.666667, 'what this transaction did counts');
SAVEPOINT gone;
DELETE FROM explore_content WHERE id = 1;
SELECT is((SELECT max(audience_watch_ratio) FROM retention_curve(11)), 0::float8, 'a content without a row has no views');
ROLLBACK TO gone;
DELETE FROM explore_engagements;

-- ---------------------------------------------------------------------------------------------------
-- Groups: of gender G (many), H, I, J and K. Users have the number of their group in front.
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.watch(which text, people int, days int[], content bigint DEFAULT 1) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO explore_viewers (user_id, gender) SELECT ascii(which) * 1000 + n, which FROM generate_series(1, people) n ON CONFLICT DO NOTHING;
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT content, ascii(which) * 1000 + n, 'view', 1000, timestamptz '2025-03-01 12:00+00' + d * interval '1 day' FROM generate_series(1, people) n, unnest(days) d;
END $$;
CREATE FUNCTION pg_temp.shown(arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  told text;
BEGIN
  EXECUTE format($q$SELECT string_agg(value || viewers, ' ') FROM audience_breakdown('gender', '2025-03-01', '2025-04-01'%s)$q$, arguments) INTO told;
  RETURN told;
END $$;
SELECT pg_temp.watch('G', 100, '{1,2}'), pg_temp.watch('H', 7, '{1}') \g /dev/null
SELECT is(pg_temp.shown(''), 'G100 H7', 'nothing is hidden');
SAVEPOINT more;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 5, 'impression', '2025-03-02');
INSERT INTO explore_viewers (user_id, gender) VALUES (5, 'Z');
SELECT is(pg_temp.shown(''), 'G100 H7 (other)0', 'a group that has nothing to hide is joined by none');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, 50 + n, 'view', '2025-03-02' FROM generate_series(1, 9) n;
INSERT INTO explore_viewers (user_id, gender) SELECT 50 + n, '(other)' FROM generate_series(1, 9) n;
SELECT is(pg_temp.shown(''), 'G100 (other)16', 'and hides none');
ROLLBACK TO more;
SELECT pg_temp.watch('I', 4, '{1}') \g /dev/null
SELECT is(pg_temp.shown(''), 'G100 (other)11', 'a group that hides alone is joined by the next');
SELECT is(pg_temp.shown(', min_group => ' || m), wanted, 'min_group ' || m) FROM (VALUES ('NULL', 'G100 (other)11'), ('1', 'G100 H7 I4'), ('0', 'G100 H7 I4'), ('-5', 'G100 H7 I4'), ('4', 'G100 H7 I4'), ('7', 'G100 (other)11'), ('8', 'G100 (other)11'), ('12', '(other)111'), ('2147483647', '(other)111')) v(m, wanted);
SAVEPOINT more;
SELECT pg_temp.watch('J', 3, '{1}') \g /dev/null
SELECT is(pg_temp.shown(''), 'G100 (other)7 H7', 'two of seven viewers need no third');
ROLLBACK TO more;
SELECT pg_temp.watch('J', 1, '{1}') \g /dev/null
DELETE FROM explore_engagements WHERE user_id = ascii('I') * 1000 + 1;
SELECT is(pg_temp.shown(''), 'G100 (other)11', 'two of four viewers do');
ROLLBACK TO more;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 5, 'save', '2025-03-02');
INSERT INTO explore_viewers (user_id, gender) VALUES (5, '(other)');
SELECT is(pg_temp.shown(', min_group => 1'), 'G100 H7 I4 (other)0', 'a group without viewers, of a value that reads (other)');
SELECT is(pg_temp.shown(''), 'G100 (other)11', 'is hidden like any other');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, 50 + n, 'view', '2025-03-02' FROM generate_series(1, 9) n;
INSERT INTO explore_viewers (user_id, gender) SELECT 50 + n, '(other)' FROM generate_series(1, 9) n;
SELECT is(pg_temp.shown(''), 'G100 (other)13 H7', 'and also if it has viewers enough');
ROLLBACK TO more;

-- ---------------------------------------------------------------------------------------------------
-- Who may ask: creator 1 is the reader
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.watch('G', 30, '{1}', 3) \g /dev/null
CREATE TEMP TABLE asked (n int GENERATED ALWAYS AS IDENTITY, query text, own text, everything text);
INSERT INTO asked (query, own, everything) VALUES
  ($$SELECT value, viewers FROM audience_breakdown('gender')$$, '(G,100) ("(other)",11)', '(G,100) ("(other)",11)'), ($$SELECT sum(views) FROM audience_breakdown('gender')$$, '(211)', '(241)'),
  ($$SELECT sum(views) FROM audience_breakdown('gender', creator_id => 1)$$, '(211)', '(211)'), ($$SELECT sum(views) FROM audience_breakdown('gender', content_id => 1)$$, '(211)', '(211)'),
  ($$SELECT sum(views) FROM audience_breakdown('gender', creator_id => 2)$$, '42501 permission denied for creator 2', '(30)'), ($$SELECT sum(views) FROM audience_breakdown('gender', content_id => 3)$$, '42501 permission denied for content 3', '(30)'),
  ($$SELECT sum(views) FROM audience_breakdown('gender', creator_id => 444)$$, '42501 permission denied for creator 444', '()'), ($$SELECT sum(views) FROM audience_breakdown('gender', content_id => 444)$$, '42501 permission denied for content 444', '()'),
  ($$SELECT count(*) FROM audience_breakdown('gender', min_group => 4)$$, '22023 min_group must be 5, not 4', '(3)'), ($$SELECT sum(views) FROM audience_breakdown('gender', '2025-03-02 00:00:00.000001')$$, '22023 the audience is told of whole days only', '(241)'),
  ($$SELECT sum(views) FROM audience_breakdown('gender', NULL, '2025-03-02 12:00+04')$$, '22023 the audience is told of whole days only', '()'), ($$SELECT sum(views) FROM audience_breakdown('gender', '2025-03-02', '2025-03-03')$$, '(111)', '(141)'),
  ('SELECT count(*) FROM retention_curve(11)', '(100)', '(100)'), ('SELECT count(*) FROM retention_curve(13)', '42501 permission denied for video 13', '22004 the duration of video 13 is unknown'), ('SELECT count(*) FROM retention_curve(444)', '42501 permission denied for video 444', 'P0002 video 444 does not exist');
SELECT is(pg_temp.answer('ea_tap_a_reader', query, '1'), own, 'as creator 1: ' || query) FROM asked ORDER BY n;
SELECT is(pg_temp.answer(role, query, identity), everything, format('%s, with the identity "%s": %s', role, identity, query)) FROM asked, (VALUES ('ea_tap_a_analyst'::name, ''), ('ea_tap_a_analyst', '1'), ('ea_tap_a_owner', '1')) r(role, identity) ORDER BY role, identity, n;
SELECT is(pg_temp.answer('ea_tap_a_reader', query, ''), '42501 permission denied without an identity', 'a reader without an identity: ' || query) FROM asked ORDER BY n;
SELECT alike(pg_temp.answer(role, query, '1'), '42501 permission denied for function%', role || ' is refused: ' || query) FROM asked, unnest(ARRAY['ea_tap_a_writer', 'ea_tap_a_nobody']::name[]) role ORDER BY role, n;
-- Today is not over.
SELECT pg_temp.watch('K', 20, ARRAY[(now() AT TIME ZONE 'UTC')::date - date '2025-03-01']) \g /dev/null
SELECT is(pg_temp.answer('ea_tap_a_reader', $$SELECT count(*) FROM audience_breakdown('gender') WHERE value = 'K'$$, '1') || pg_temp.answer('ea_tap_a_analyst', $$SELECT count(*) FROM audience_breakdown('gender') WHERE value = 'K'$$, ''), '(0)(1)', 'a creator is told of today tomorrow');
SELECT is(pg_temp.answer('ea_tap_a_reader', $$SELECT * FROM audience_breakdown('gender', date_trunc('day', now(), 'UTC'))$$, '1'), '', 'and a range of today alone is an empty one');
DELETE FROM explore_engagements WHERE user_id >= ascii('K') * 1000;

-- One size of groups. Of J six are there on the first day and five on the last.
SELECT pg_temp.watch('J', 30, '{2}'), pg_temp.watch('J', 5, '{3}') \g /dev/null
SELECT is(pg_temp.answer('ea_tap_a_reader', format($$SELECT value, viewers FROM audience_breakdown('gender', '2025-03-01', '2025-04-01', min_group => %s)$$, m), '1'), told, 'as creator 1, min_group ' || m)
FROM (VALUES ('5', '(G,100) (J,30) ("(other)",11)'), ('NULL', '(G,100) (J,30) ("(other)",11)'), ('6', '22023 min_group must be 5, not 6'), ('4', '22023 min_group must be 5, not 4'), ('1', '22023 min_group must be 5, not 1'), ('2147483647', '22023 min_group must be 5, not 2147483647')) v(m, told);
-- A range that is not over ends today, whatever else it says: ages are of the year of today.
UPDATE explore_viewers SET birth_year = extract(year FROM now() AT TIME ZONE 'UTC') - 20;
SELECT is(pg_temp.answer('ea_tap_a_reader', format($$SELECT value, viewers FROM audience_breakdown('age_group', '2025-03-01', %L)$$, e), '1'), '(18-24,141)', 'years old until ' || coalesce(e, 'now')) FROM unnest(ARRAY[NULL, '2060-01-01', '2090-01-01']) e;
SELECT is(pg_temp.answer('ea_tap_a_analyst', $$SELECT value, viewers FROM audience_breakdown('age_group', '2025-03-01', '2090-01-01')$$, '') ~ '18-24', false, 'who sees everything may ask for the year');
-- Of a content: four of G have views on the other one, too.
SELECT is(pg_temp.answer('ea_tap_a_reader', $$SELECT value, viewers FROM audience_breakdown('gender', content_id => 1)$$, '1'), '(G,100) (J,30) ("(other)",11)', 'all is of one content');
SAVEPOINT other;
SELECT pg_temp.watch('G', 4, '{1}', 2) \g /dev/null
SELECT is(pg_temp.answer('ea_tap_a_reader', $$SELECT value, viewers FROM audience_breakdown('gender', content_id => 1)$$, '1'), '("(other)",141)', 'who is on others is four: hidden, and so is whatever they could be told from');
SELECT is(pg_temp.answer('ea_tap_a_reader', $$SELECT value, viewers FROM audience_breakdown('gender')$$, '1'), '(G,100) (J,30) ("(other)",11)', 'not so of all that one has');
ROLLBACK TO other;
SELECT pg_temp.watch('G', 5, '{1}', 2) \g /dev/null
SELECT is(pg_temp.answer('ea_tap_a_reader', $$SELECT value, viewers FROM audience_breakdown('gender', content_id => 1)$$, '1'), '(G,100) (J,30) ("(other)",11)', 'who is on others is five: shown');
COMMIT;

-- ---------------------------------------------------------------------------------------------------
-- Raw events that are gone
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE curve AS SELECT * FROM retention_curve(11);
CALL explore_analytics.refresh();
CALL explore_analytics.apply_retention(now() - '2025-04-15');
SELECT is((SELECT count(*)::int FROM explore_engagements), 0, 'they are');
SELECT results_eq('SELECT * FROM retention_curve(11)', 'TABLE curve', 'curves are as they were');
SELECT is(f.state || ' ' || f.message, '55000 raw events before 2025-04-01 00:00:00+00 are gone', q) FROM unnest(ARRAY[$$SELECT * FROM audience_breakdown('gender')$$, $$SELECT * FROM audience_breakdown('city', '2025-03-31 23:59:59.999999')$$, $$SELECT * FROM audience_breakdown('gender', NULL, '2025-03-02', 1)$$]) q, LATERAL pg_temp.failure(q) f;
SELECT alike(hint, '%ask from there on%', 'the hint says what to do') FROM pg_temp.failure($$SELECT * FROM audience_breakdown('gender')$$);
SELECT is_empty($$SELECT * FROM audience_breakdown('gender', '2025-04-01')$$, 'from then on it is answered');
SELECT is_empty($$SELECT * FROM audience_breakdown('gender', '2025-03-01', '2025-03-01')$$, 'as is an empty range');
SELECT * FROM finish();

DROP OWNED BY ea_tap_a_reader, ea_tap_a_analyst, ea_tap_a_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_a_owner CASCADE;
DROP ROLE ea_tap_a_owner, ea_tap_a_reader, ea_tap_a_analyst, ea_tap_a_writer, ea_tap_a_nobody;
