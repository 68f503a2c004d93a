-- Who gets the credit: arguments and errors, published numbers, journeys and edges by hand, who may ask, retention, little memory
-- and cancelling; and many journeys against the definition in plain SQL.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family t
\ir include/callers.sql
SELECT explore_analytics.ensure_partitions('2024-12-01', '2025-08-01') \g /dev/null
BEGIN;
SELECT no_plan();

-- ---------------------------------------------------------------------------------------------------
-- Arguments
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) SELECT state, named, format('SELECT * FROM attribution(%s)', arguments) FROM (VALUES
  ('22023', 'like', '''like'''), ('22023', 'Click', '''Click'''), ('22023', '""', ''''''), ('22023', 'touches', 'touches => ''{}'''), ('22023', 'touch 2', 'touches => ''{view,NULL}'''), ('22023', 'seen', 'touches => ''{view,seen}'''), ('22023', 'dimension', 'touches => ''{{view},{save}}'''),
  ('22023', 'middle', 'model => ''middle'''), ('22023', 'Linear', 'model => ''Linear'''), ('22023', 'lookback', 'lookback => ''0'''), ('22023', 'lookback', 'lookback => ''1 month -31 days'''), ('22023', 'half_life', 'half_life => ''-1 day'''),
  ('22023', 'video', 'key => ''video'''), ('22023', '-7', 'creator_id => -7'), ('22023', '2025-01-01 00:00:00', 'start_date => ''2025-01-02'', end_date => ''2025-01-01'''), ('22008', 'infinit', 'start_date => ''-infinity''')) v(state, named, arguments);
INSERT INTO bad (state, named, query) SELECT state, named, format('SELECT attribution_weights(%s)', arguments) FROM (VALUES
  ('22004', 'model', 'NULL, ''{}'', now()'), ('22023', 'middle', '''middle'', ''{}'', now()'), ('22023', 'shapley', '''shapley'', ''{}'', now()'), ('22023', 'markov', '''markov'', ''{}'', now()'), ('22023', 'half_life', '''linear'', ''{}'', now(), ''0'''),
  ('22023', 'touched_at[2]', '''linear'', ''{2025-01-01,NULL}'', ''2025-01-02'''), ('22023', 'touched_at[5]', '''linear'', ''[4:5]={2025-01-01,NULL}'', ''2025-01-02'''), ('22008', 'touched_at[1]', '''linear'', ''{-infinity}'', ''2025-01-02'''), ('22008', 'converted_at', '''linear'', ''{2025-01-01}'', ''infinity'''),
  ('22023', '2025-01-03 00:00:00', '''linear'', ''{2025-01-01,2025-01-03}'', ''2025-01-02'''), ('22023', 'dimension', '''linear'', ''{{2025-01-01},{2025-01-01}}'', ''2025-01-02''')) v(state, named, arguments);
INSERT INTO bad (state, named, query) SELECT state, named, format('SELECT * FROM path_attribution(%s)', arguments) FROM (VALUES
  ('22023', 'time_decay', '''[]'', ''time_decay'''), ('22023', 'middle', '''[]'', ''middle'''), ('22023', 'array', '''{}'''), ('22023', 'array', '''7'''), ('22023', 'object', '''[7]'''), ('22023', 'path', '''[{}]'''), ('22023', 'array', '''[{"path": "a"}]'''), ('22023', 'text', '''[{"path": [1]}]'''), ('22023', 'null', '''[{"path": [null]}]'''),
  ('22023', '-1', '''[{"path": [], "conversions": -1}]'''), ('22023', 'many', '''[{"path": [], "nulls": "many"}]'''), ('22023', '1000', '''[{"path": [], "nulls": 1e400}]'''), ('22023', 'conversion', '''[{"path": [], "conversion": 1}]''')) v(state, named, arguments);
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^["a-z0-9_]' OR message ~ '[^.]\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE position(lower(named) IN lower(message)) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM told WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
CREATE FUNCTION pg_temp.place(paths text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  place text;
BEGIN
  PERFORM * FROM path_attribution(paths::jsonb);
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS place = PG_EXCEPTION_DETAIL;
  RETURN place;
END $$;
SELECT is(pg_temp.place(paths), place, 'where in the document: ' || paths) FROM (VALUES ('{}', '/'), ('[{"path": []}, 7]', '/1'), ('[{"path": []}, {"path": 7}]', '/1/path'), ('[{"path": ["a", "b", 7]}]', '/0/path/2'),
  ('[{"path": ["a"], "conversions": "x"}]', '/0/conversions'), ('[{"path": ["a"], "nulls": []}]', '/0/nulls'), ('[{"path": ["a"], "sum": 1}]', '/0'), ('[]', 'accepted')) v(paths, place);

-- ---------------------------------------------------------------------------------------------------
-- Weights and paths
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.near(found float8[], wanted float8[]) RETURNS boolean LANGUAGE sql AS $$
  SELECT cardinality(found) = cardinality(wanted) AND coalesce(bool_and(abs(f - w) <= 1e-9 * greatest(abs(w), 1e-300)), true) FROM unnest(found, wanted) x(f, w) $$;
CREATE FUNCTION pg_temp.weights(model text, ages float8[], half_life interval DEFAULT NULL) RETURNS float8[] LANGUAGE sql AS $$
  SELECT attribution_weights(model, array_agg(timestamptz '2025-03-01' - age * interval '1 day' ORDER BY n), '2025-03-01', half_life) FROM unnest(ages) WITH ORDINALITY a(age, n) $$;
SELECT ok(pg_temp.near(pg_temp.weights('time_decay', '{38,33,26,8,0}'), '{0.01459959797,0.0239531328,0.04790626561,0.2847537484,0.6287872552}'), 'published ages');
SELECT ok(pg_temp.near(pg_temp.weights('time_decay', '{0,38,8,26,33}'), '{0.6287872552,0.01459959797,0.2847537484,0.04790626561,0.0239531328}'), 'in the order of the array');
SELECT ok(pg_temp.near(pg_temp.weights('position', ages), wanted), 'positions: ' || ages::text) FROM (VALUES ('{4}'::float8[], '{1}'::float8[]), ('{4,9}', '{.5,.5}'), ('{4,3,2}', '{.4,.2,.4}'), ('{5,4,3,2,1}', '{.4,0.06666666667,0.06666666667,0.06666666667,.4}'), ('{3,5,4}', '{.4,.4,.2}')) v(ages, wanted);
SELECT is(pg_temp.weights(model, '{2,3,2,3}'), wanted, model || ': ties by place') FROM (VALUES ('first', '{0,1,0,0}'::float8[]), ('last', '{0,0,1,0}'), ('linear', '{.25,.25,.25,.25}')) v(model, wanted);
SELECT is(attribution_weights('last', '[7:8]={2025-01-02,2025-01-01}', '2025-01-02')::text, '[7:8]={1,0}', 'bounds of the array stay');
SELECT is(attribution_weights('linear', '{}', now()), '{}', 'no touches');
SELECT is(attribution_weights('linear', NULL, now()), NULL, 'no array');
SELECT is(attribution_weights('linear', '{2025-01-01}', NULL), NULL, 'no conversion');
SELECT ok(pg_temp.near(pg_temp.weights('time_decay', '{1000001,1000000}', '1 day'), '{0.3333333333333,0.6666666666667}'), 'old touches are weighed against each other');
SELECT ok(pg_temp.near(attribution_weights('time_decay', '{4713-01-01 BC,294276-12-31}', '294276-12-31', '1 second'), '{0,1}'), 'the whole calendar');

CREATE FUNCTION pg_temp.paths(model text, paths jsonb) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(key || ' ' || round(conversions::numeric, 8) || coalesce('/' || round(removal_effect::numeric, 8), ''), ', ' ORDER BY o) FROM path_attribution(paths, model) WITH ORDINALITY p(key, conversions, removal_effect, o) $$;
SELECT is(pg_temp.paths('markov', '[{"path":["C1","C2","C3"],"conversions":1},{"path":["C1"],"nulls":1},{"path":["C2","C3"],"nulls":1}]'), 'C2 0.40000000/1.00000000, C3 0.40000000/1.00000000, C1 0.20000000/0.50000000', 'a published chain');
SELECT is(pg_temp.paths(model, '[{"path":["o","s","p"],"conversions":100},{"path":["p","e"],"conversions":200},{"path":["s","o","s","p"],"conversions":150},{"path":["e"],"conversions":50}]'), wanted, model) FROM (VALUES
  ('first', 'p 200.00000000, s 150.00000000, o 100.00000000, e 50.00000000'), ('last', 'e 250.00000000, p 250.00000000, o 0.00000000, s 0.00000000'), ('linear', 'p 170.83333333, e 150.00000000, s 108.33333333, o 70.83333333'),
  ('position', 'p 200.00000000, e 150.00000000, s 95.00000000, o 55.00000000'), ('shapley', 'p 183.33333333, e 150.00000000, o 83.33333333, s 83.33333333'),
  ('markov', 'p 203.38983051/0.90000000, e 112.99435028/0.50000000, s 112.99435028/0.50000000, o 70.62146893/0.31250000')) v(model, wanted);
SELECT is(pg_temp.paths(NULL, '[{"path":["a"],"conversions":1.5},{"path":[],"conversions":7},{"path":["b"],"nulls":null}]'), 'a 1.50000000/1.00000000, b 0.00000000/0.00000000, (none) 7.00000000', 'markov is the default; paths without touches');
SELECT is(pg_temp.paths('linear', '[{"path":["a"],"nulls":9},{"path":[],"nulls":1}]'), 'a 0.00000000', 'every key, and (none) only where there is something');
SELECT is(pg_temp.paths('markov', '[{"path":["a","b"],"conversions":1e-310},{"path":["b","c"],"conversions":2,"nulls":9007199254740992}]'), 'b 1.00000000/1.00000000, c 1.00000000/1.00000000, a 0.00000000/0.00000000', 'next to nothing is nothing');
SELECT is(pg_temp.paths(model, ('[{"path":["a"],"conversions":' || n || '}]')::jsonb), 'a 0.00000000' || rest, format('%s of %s', n, model)) FROM (VALUES ('1e-201', 'markov', '/0.00000000'), ('1e-200', 'markov', '/1.00000000'), ('5e-324', 'linear', ''), ('1e-999', 'markov', '/0.00000000')) v(n, model, rest);
SELECT is(pg_temp.paths('markov', '[]'), NULL, 'no paths');
SELECT is(pg_temp.paths('markov', NULL), NULL, 'NULL');
SELECT is((pg_temp.failure(format('SELECT * FROM path_attribution(%L)', (SELECT jsonb_agg(jsonb_build_object('path', ARRAY['k' || n], 'conversions', 1)) FROM generate_series(1, 1001) n)))).state, '54000', 'more keys than a chain may have');
SELECT is((SELECT count(*) || ' ' || round(sum(conversions)::numeric, 6) FROM path_attribution((SELECT jsonb_agg(jsonb_build_object('path', ARRAY['k' || n, 'k' || n * 7 % 1000], 'conversions', 1, 'nulls', n % 3)) FROM generate_series(0, 999) n))), '1000 1000.000000', 'as many as it may have');

-- ---------------------------------------------------------------------------------------------------
-- Journeys by hand
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'one'), (2, 7, 'two'), (3, 8, 'three');
INSERT INTO explore_feed_sessions (id, user_id, session_start, traffic_source) VALUES (51, 501, '2025-03-01', 'mail'), (52, NULL, '2025-03-01', 'ad'), (53, NULL, '2025-03-01', NULL), (54, 504, '2025-03-01', 'ad'), (55, NULL, '2025-03-01', 'unknown');
-- type@time[/content[/user[/session]]]
CREATE FUNCTION pg_temp.did(events text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
  SELECT coalesce(nullif(split_part(e, '/', 2), '')::bigint, 1), nullif(split_part(e, '/', 3), '')::bigint, nullif(split_part(e, '/', 4), '')::bigint, split_part(split_part(e, '/', 1), '@', 1)::engagement_type, timestamptz '2025-03-01' + split_part(split_part(e, '/', 1), '@', 2)::interval
  FROM string_to_table(events, ' ') e WHERE e <> '' $$;
CREATE FUNCTION pg_temp.asked(arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  EXECUTE format('SELECT string_agg(key || '' '' || touches || '' '' || round(conversions::numeric, 6)::float8, '', '' ORDER BY o) FROM attribution(%s) WITH ORDINALITY a(key, touches, conversions, share, o)', arguments) INTO answer;
  RETURN coalesce(answer, 'nothing');
END $$;
CREATE FUNCTION pg_temp.walk(events text, arguments text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM pg_temp.did(events);
  answer := pg_temp.asked(arguments);
  DELETE FROM explore_engagements;
  RETURN answer;
END $$;
CREATE TEMP TABLE walked (n int GENERATED ALWAYS AS IDENTITY, what text, events text, arguments text, wanted text);
INSERT INTO walked (what, events, arguments, wanted) VALUES
  ('nothing at all', '', '', 'nothing'), ('no conversion', 'view@1:00/1/9', '', 'nothing'), ('no touch', 'click@1:00/1/9', '', '(none) 0 1'),
  ('one touch', 'view@1:00/2/9 click@2:00/1/9', '', '2 1 1'), ('another''s', 'view@1:00/2/8 click@2:00/1/9', '', '(none) 0 1'),
  ('after it', 'click@1:00/1/9 view@2:00/1/9', '', '(none) 0 1'), ('at one time by id', 'view@1:00/2/9 click@1:00/1/9 view@1:00/3/9', '', '2 1 1'),
  ('the edge of lookback is in', 'view@1:00/2/9 click@2:00/1/9', 'lookback => ''1 hour''', '2 1 1'), ('and not beyond', 'view@0:59:59.999999/2/9 click@2:00/1/9', 'lookback => ''1 hour''', '(none) 0 1'),
  ('a month is 30 days', 'view@0:00/2/9 click@720:00/1/9 view@0:00/2/8 click@720:00:00.000001/1/8', 'lookback => ''1 month''', '2 1 1, (none) 0 1'),
  ('touches before the range', 'view@-1:00/2/9 click@0:00/1/9 click@-0:30/1/9', '''click'', start_date => ''2025-03-01''', '2 1 1'),
  ('the end of the range', 'view@1:00/2/9 click@24:00/1/9 click@23:59:59.999999/1/9', '''click'', end_date => ''2025-03-02''', '2 1 1'), ('an empty range', 'view@1:00/2/9 click@2:00/1/9', 'start_date => ''2025-03-01'', end_date => ''2025-03-01''', 'nothing'),
  ('one touch of several conversions', 'view@1:00/2/9 click@2:00/1/9 click@3:00/1/9 save@3:30/1/9', '', '2 2 2'), ('repeats', 'view@1:00/2/9 view@1:10/2/9 view@1:20/1/9 click@2:00/1/9', '', '2 2 0.666667, 1 1 0.333333'),
  ('other types', 'view@1:00/2/9 impression@1:10/3/9 share@1:20/1/9 save@2:00/1/9', '''save'', ''{impression,share,share}''', '1 1 0.5, 3 1 0.5'),
  ('a conversion may be a touch of the next one', 'click@1:00/2/9 click@2:00/1/9', '''click'', ''{click}''', '2 1 1, (none) 0 1'),
  ('first', 'view@1:00/1/9 view@1:10/2/9 view@1:20/3/9 click@2:00/1/9', 'model => ''first''', '1 1 1, 2 1 0, 3 1 0'), ('last', 'view@1:00/1/9 view@1:10/2/9 view@1:20/3/9 click@2:00/1/9', 'model => ''last''', '3 1 1, 1 1 0, 2 1 0'),
  ('position', 'view@1:00/1/9 view@1:10/2/9 view@1:20/3/9 click@2:00/1/9', 'model => ''position''', '1 1 0.4, 3 1 0.4, 2 1 0.2'), ('time_decay', 'view@1:00/1/9 view@2:00/2/9 click@3:00/1/9', 'model => ''time_decay'', half_life => ''1 hour''', '2 1 0.666667, 1 1 0.333333'),
  ('shapley', 'view@1:00/1/9 view@1:10/1/9 view@1:20/3/9 click@2:00/1/9', 'model => ''shapley''', '1 2 0.5, 3 1 0.5'),
  ('markov', 'view@1:00/1/9 view@1:10/2/9 view@1:20/3/9 click@2:00/1/9 view@1:00/1/8 view@1:00/2/7 view@1:10/3/7', 'model => ''markov''', '2 1 0.4, 3 1 0.4, 1 1 0.2'),
  ('markov: touches in vain are those of the range', 'view@1:00/1/9 click@2:00/1/9 view@-1:00/2/8 view@0:00/3/8', '''click'', start_date => ''2025-03-01'', model => ''markov''', '1 1 1, 3 0 0'),
  ('markov: who converted before the range only', 'view@1:00/1/9 click@2:00/1/9 view@-3:00/2/8 click@-2:00/1/8 view@5:00/2/8', '''click'', start_date => ''2025-03-01'', model => ''markov''', '1 1 1, 2 0 0'),
  ('markov without conversions', 'view@1:00/1/9 view@2:00/2/9', 'model => ''markov''', '1 0 0, 2 0 0'), ('markov: only untouched ones', 'view@1:00/1/9 click@1:00/1/8', 'model => ''markov''', '1 0 0, (none) 0 1'),
  ('nobody''s', 'view@1:00/1 click@2:00/1', '', '(none) 0 1'), ('anonymous', 'view@1:00/2//53 click@2:00/1//53 view@1:00/3//55', '', '2 1 1'), ('a session without a row', 'view@1:00/2//99 click@2:00/1//99', '', '2 1 1'),
  ('the row''s user', 'view@1:00/2//51 click@2:00/1/501', '', '2 1 1'), ('the row''s user comes first', 'view@1:00/2//51 save@1:30/1/9/51 click@2:00/1/501 click@2:00/1/9', '', '2 1 1, (none) 0 1'), ('the row''s user, whatever else the row''s session did', 'click@2:00/1//51 view@1:00/3/501/53', '', '3 1 1'),
  ('the only user', 'view@1:00/2//53 click@2:00/1/9 skip@3:00/1/9/53', '', '2 1 1'), ('of a session without a row', 'view@1:00/2//99 click@2:00/1/9 skip@3:00/1/9/99', '', '2 1 1'), ('two users are none', 'view@1:00/2//53 click@2:00/1/9/53 skip@3:00/1/8/53', '', '(none) 0 1'),
  ('the user of long before', 'view@1:00/2//53 click@2:00/1/9 skip@-1000:00/1/9/53', '''click'', start_date => ''2025-03-01'', lookback => ''1 day''', '2 1 1'), ('and of long after', 'view@1:00/2//53 click@2:00/1/9 skip@2000:00/1/9/53', '''click'', start_date => ''2025-03-01'', end_date => ''2025-03-02''', '2 1 1'),
  ('of before, in the same month', 'view@240:00/2//53 click@241:00/1/9 skip@1:00/1/9/53', '''click'', start_date => ''2025-03-10'', end_date => ''2025-03-12'', lookback => ''1 day''', '2 1 1'), ('of after, in the same month', 'view@240:00/2//53 click@241:00/1/9 skip@500:00/1/9/53', '''click'', start_date => ''2025-03-10'', end_date => ''2025-03-12'', lookback => ''1 day''', '2 1 1'),
  ('one before and another after', 'view@240:00/2//53 click@241:00/1/9 skip@-1000:00/1/9/53 skip@2000:00/1/8/53', '''click'', start_date => ''2025-03-10'', end_date => ''2025-03-12'', lookback => ''1 day''', '(none) 0 1'),
  ('in no partition of a month', 'view@1:00/2//53 click@2:00/1/9 skip@100000:00/1/9/53', '''click'', start_date => ''2025-03-01'', end_date => ''2025-03-02''', '2 1 1'),
  ('creators', 'view@1:00/1/9 view@1:10/2/9 view@1:20/3/9 view@1:30/99/9 click@2:00/99/9', 'key => ''creator''', '7 2 0.5, 8 1 0.25, unknown 1 0.25'), ('distinct creators', 'view@1:00/1/9 view@1:10/2/9 view@1:20/3/9 click@2:00/99/9', 'model => ''shapley'', key => ''creator''', '7 2 0.5, 8 1 0.5'),
  ('sources', 'view@1:00/1/9/52 view@1:10/2/9/53 view@1:20/3/9 view@1:30/3/9/55 view@1:40/1/9/99 click@2:00/99/9/51', 'key => ''source''', 'unknown 4 0.8, ad 1 0.2'), ('sources of anonymous sessions', 'view@1:00/1//52 click@2:00/1//52 view@1:00/1//51 click@2:00/1/501', 'key => ''source''', 'ad 1 1, mail 1 1'),
  ('sources of a journey over sessions', 'view@1:00/1//51 view@1:10/1/501/54 click@2:00/1/501', 'key => ''source''', 'ad 1 0.5, mail 1 0.5'),
  ('own content', 'view@1:00/1/9 view@1:10/3/9 click@2:00/2/9 click@3:00/3/9', 'creator_id => 7', '1 1 1'), ('own content: who is on it', 'view@1:00/1//53 click@2:00/1/9 skip@3:00/3/9/53', 'creator_id => 7', '(none) 0 1'), ('own content: the row''s user', 'view@1:00/1//51 click@2:00/1/501', 'creator_id => 7', '1 1 1'),
  ('own content: who is on it, whenever', 'view@1:00/1//53 click@2:00/1/9 skip@-1000:00/2/9/53 skip@2:00/3/8/53', '''click'', start_date => ''2025-03-01'', lookback => ''1 day'', creator_id => 7', '1 1 1'), ('of nobody', 'view@1:00/1/9 click@2:00/2/9', 'creator_id => 999', 'nothing'),
  ('by conversions, then by key', 'view@1:00/10/9 view@1:00/9/9 view@1:00/2/9 view@1:00/2/9 click@2:00/1/9', '', '2 2 0.5, 10 1 0.25, 9 1 0.25'), ('thirds of the same', 'view@1:00/3/9 view@1:00/2/9 view@1:00/1/9 click@2:00/1/9', '', '1 1 0.333333, 2 1 0.333333, 3 1 0.333333');
SELECT is(pg_temp.walk(events, arguments), wanted, format('%s: %s | %s', what, events, arguments)) FROM walked ORDER BY n;
SELECT pg_temp.did('view@1:00/2/9 view@1:10/3/9 click@2:00/1/9 click@2:30/1/9 click@3:00/1/8') \g /dev/null
SELECT results_eq($$SELECT * FROM attribution(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)$$, $$SELECT * FROM attribution('click', '{view}', NULL, NULL, 'linear', '30 days', '7 days', 'content', NULL)$$, 'NULL is the default');
SELECT results_eq($$SELECT * FROM attribution()$$, $$VALUES ('2', 2::bigint, 1::float8, 100 / 3::float8), ('3', 2, 1, 100 / 3::float8), ('(none)', 0, 1, 100 / 3::float8)$$, 'shares are of all conversions, those without touches included');
UPDATE explore_content SET creator_id = 8 WHERE id = 2;
SELECT is(pg_temp.asked('creator_id => 7'), '(none) 0 3', 'contents are whose they are now');
UPDATE explore_content SET creator_id = 7 WHERE id = 2;
DELETE FROM explore_engagements;

-- ---------------------------------------------------------------------------------------------------
-- Many journeys, as they are defined
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id, title) SELECT id, 7 + id % 3, 'more' FROM generate_series(4, 20) id;
INSERT INTO explore_feed_sessions (id, user_id, session_start, traffic_source) SELECT 1000 + n, CASE WHEN n % 5 = 0 THEN 1 + n % 17 END, '2025-03-01', (ARRAY['ad', 'mail', 'search', NULL])[1 + n % 4] FROM generate_series(1, 90) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + h[1] % 24, CASE WHEN h[2] % 3 > 0 THEN CASE WHEN h[3] % 4 > 0 THEN 1 + h[4] % 17 ELSE 1 + h[5] % 90 % 17 END END, CASE WHEN h[6] % 5 > 0 THEN 1001 + h[5] % 110 END,
  (ARRAY['view', 'view', 'view', 'save', 'click', 'share', 'impression', 'skip'])[1 + h[7] % 8]::engagement_type, timestamptz '2025-01-10' + h[8] % 160 * interval '1 day' + h[9] % 4 * interval '7 hours'
FROM generate_series(1, 4000) n, LATERAL (SELECT array_agg(abs(hashint8extended(n, k)) % 1000003 ORDER BY k) AS h FROM generate_series(1, 9) k) x;
-- What the functions say, as they say it.
CREATE FUNCTION pg_temp.journeys(conversion_type text, touch_types text[], s timestamptz, e timestamptz, creator bigint, key text)
RETURNS TABLE (event bigint, at timestamptz, journey bigint, converts boolean, touch boolean, touched text) LANGUAGE sql AS $$
  WITH own AS MATERIALIZED (SELECT x.*, c.creator_id FROM explore_engagements x LEFT JOIN explore_content c ON c.id = x.content_id WHERE creator IS NULL OR c.creator_id = creator),
    named AS MATERIALIZED (SELECT session_id, min(user_id) AS user_id FROM own GROUP BY 1 HAVING count(DISTINCT user_id) = 1)
  SELECT o.id, o.created_at, coalesce(o.user_id, r.user_id, n.user_id, -o.session_id),
    o.engagement_type::text = conversion_type AND (s IS NULL OR o.created_at >= s) AND (e IS NULL OR o.created_at < e), o.engagement_type::text = ANY (touch_types),
    CASE key WHEN 'content' THEN o.content_id::text WHEN 'creator' THEN coalesce(o.creator_id::text, 'unknown') ELSE coalesce(r.traffic_source, 'unknown') END
  FROM own o LEFT JOIN explore_feed_sessions r ON r.id = o.session_id LEFT JOIN named n ON n.session_id = o.session_id $$;
CREATE FUNCTION pg_temp.wanted(conversion_type text, touch_types text[], s timestamptz, e timestamptz, model text, lookback interval, half_life interval, key_of text, creator bigint)
RETURNS TABLE (key text, touches bigint, conversions float8) LANGUAGE sql AS $$
  WITH j AS MATERIALIZED (SELECT * FROM pg_temp.journeys(conversion_type, touch_types, s, e, creator, key_of)),
    pair AS MATERIALIZED (
      SELECT c.event AS conversion, t.touched, row_number() OVER w AS place, count(*) OVER (PARTITION BY c.event) AS n, power(2, -extract(epoch FROM c.at - t.at)::float8 / extract(epoch FROM half_life)::float8) AS decay,
        t.at AS touched_at, t.event AS touch
      FROM j c JOIN j t ON t.touch AND t.journey = c.journey AND (t.at, t.event) < (c.at, c.event) AND t.at >= c.at - lookback WHERE c.converts
      WINDOW w AS (PARTITION BY c.event ORDER BY t.at, t.event)),
    weighed AS (
      SELECT p.touched, p.conversion, CASE model WHEN 'first' THEN (place = 1)::int WHEN 'last' THEN (place = n)::int WHEN 'linear' THEN 1.0::float8 / n
          WHEN 'position' THEN CASE WHEN n < 3 THEN 1.0::float8 / n WHEN place IN (1, n) THEN 0.4 ELSE 0.2 / (n - 2) END
          WHEN 'time_decay' THEN decay / sum(decay) OVER (PARTITION BY conversion)
          WHEN 'shapley' THEN 1.0::float8 / d.keys / count(*) OVER (PARTITION BY conversion, touched) END AS part
      FROM pair p JOIN (SELECT conversion, count(DISTINCT touched) AS keys FROM pair GROUP BY 1) d USING (conversion)),
    vain AS (
      SELECT array_agg(t.touched ORDER BY t.at, t.event) AS path FROM j t WHERE t.touch AND t.journey IS NOT NULL AND (s IS NULL OR t.at >= s) AND (e IS NULL OR t.at < e)
        AND NOT EXISTS (SELECT FROM j c WHERE c.converts AND c.journey = t.journey) GROUP BY t.journey),
    chain AS (
      SELECT p.* FROM path_attribution((SELECT jsonb_agg(jsonb_build_object('path', path, 'conversions', c, 'nulls', 1 - c))
        FROM (SELECT array_agg(touched ORDER BY touched_at, touch) AS path, 1 AS c FROM pair GROUP BY conversion UNION ALL SELECT path, 0 FROM vain) x)) p WHERE model = 'markov')
  SELECT coalesce(w.touched, c.key), coalesce(w.touches, 0), coalesce(CASE model WHEN 'markov' THEN c.conversions ELSE w.part END, 0)
  FROM (SELECT touched, count(*) AS touches, sum(part)::float8 AS part FROM weighed GROUP BY 1) w FULL JOIN chain c ON c.key = w.touched
  UNION ALL SELECT '(none)', 0, n FROM (SELECT count(*)::float8 AS n FROM j WHERE converts AND NOT EXISTS (SELECT FROM pair WHERE pair.conversion = j.event)) x WHERE n > 0 $$;
CREATE TEMP TABLE question AS
SELECT row_number() OVER () AS n, m.*, k.*, r.*, c.* FROM unnest(ARRAY['first', 'last', 'linear', 'position', 'time_decay', 'shapley', 'markov']) m(model), unnest(ARRAY['content', 'creator', 'source']) k(key),
  (VALUES (timestamptz '2025-03-05', timestamptz '2025-04-12', interval '20 days'), ('2025-04-01', '2025-05-01', '1 day'), (NULL, '2025-03-01', '30 days'), (NULL, NULL, '400 days')) r(s, e, lookback), (VALUES (NULL::bigint), (8)) c(creator);
CREATE FUNCTION pg_temp.differs(q question, model text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%s: %s %s, not %s %s', coalesce(a.key, w.key), a.touches, a.conversions, w.touches, w.conversions), '; ') FROM attribution('click', '{view,save}', (q).s, (q).e, (q).model, (q).lookback, '3 days', (q).key, (q).creator) a
  FULL JOIN pg_temp.wanted('click', '{view,save}', (q).s, (q).e, (q).model, (q).lookback, '3 days', (q).key, (q).creator) w ON w.key = a.key
  WHERE a.key IS NULL OR w.key IS NULL OR a.touches <> w.touches OR abs(a.conversions - w.conversions) > 1e-9 * greatest(1, w.conversions) $$;
SELECT is(pg_temp.differs(q), NULL, format('%s by %s, %s to %s, of %s', model, key, s, e, creator)) FROM question q ORDER BY n;
SELECT cmp_ok((SELECT count(*) FROM question q, LATERAL attribution('click', '{view,save}', q.s, q.e, q.model, q.lookback, '3 days', q.key, q.creator) a WHERE a.touches > 5 AND a.conversions > 1), '>', 500::bigint, 'there was something to compare');
SELECT is_empty($$SELECT q.n FROM question q, LATERAL (SELECT sum(conversions::numeric) AS found, sum(share_percent) AS shares FROM attribution('click', '{view,save}', q.s, q.e, q.model, q.lookback, '3 days', q.key, q.creator)) a,
  LATERAL (SELECT count(*) AS wanted FROM explore_engagements x WHERE engagement_type = 'click' AND (q.s IS NULL OR created_at >= q.s) AND (q.e IS NULL OR created_at < q.e) AND (q.creator IS NULL OR content_id IN (SELECT id FROM explore_content WHERE creator_id = q.creator))) w
  WHERE abs(found - wanted) > 1e-12 * wanted OR abs(shares - 100) > 1e-9$$, 'conversions add up to those of the range');
SELECT is_empty($$SELECT * FROM (SELECT n, o, lag(c) OVER w AS before, c, lag(key) OVER w AS key_before, key FROM (SELECT q.n, a.o, a.key, round(a.conversions::numeric, 9) AS c FROM question q, LATERAL attribution('click', '{view,save}', q.s, q.e, q.model, q.lookback, '3 days', q.key, q.creator) WITH ORDINALITY a(key, touches, conversions, share, o) WHERE a.key <> '(none)') r WINDOW w AS (PARTITION BY n ORDER BY o)) x
  WHERE before < c OR before = c AND key_before COLLATE "C" > key$$, 'most conversions first, then by key');
-- In any order of rows, and in little memory.
CREATE TEMP TABLE answer AS SELECT q.n, a.* FROM question q, LATERAL attribution('click', '{view,save}', q.s, q.e, q.model, q.lookback, '3 days', q.key, q.creator) WITH ORDINALITY a WHERE q.creator IS NULL;
CREATE TEMP TABLE kept AS SELECT * FROM explore_engagements;
DELETE FROM explore_engagements;
INSERT INTO explore_engagements (id, content_id, user_id, session_id, engagement_type, created_at) SELECT id, content_id, user_id, session_id, engagement_type, created_at FROM kept ORDER BY hashint8(id);
SELECT set_eq($$SELECT q.n, a.* FROM question q, LATERAL attribution('click', '{view,save}', q.s, q.e, q.model, q.lookback, '3 days', q.key, q.creator) WITH ORDINALITY a WHERE q.creator IS NULL AND q.model <> 'markov'$$, $$SELECT answer.* FROM answer JOIN question USING (n) WHERE model <> 'markov'$$, 'the same bits whatever the order of rows');

-- ---------------------------------------------------------------------------------------------------
-- Who may ask
-- ---------------------------------------------------------------------------------------------------
SELECT is(pg_temp.answer(('ea_tap_t_' || role)::name, format('SELECT round(sum(conversions)::numeric, 6) FROM public.attribution(creator_id => %L)', creator), identity), wanted, format('%s as %s about %s', role, identity, creator)) FROM (VALUES
  ('reader', '8', NULL, (SELECT format('(%s.000000)', count(*)) FROM explore_engagements JOIN explore_content c ON c.id = content_id WHERE engagement_type = 'click' AND c.creator_id = 8)), ('analyst', '', NULL, (SELECT format('(%s.000000)', count(*)) FROM explore_engagements WHERE engagement_type = 'click'))) v(role, identity, creator, wanted);
SELECT is(left(pg_temp.answer(('ea_tap_t_' || role)::name, format('SELECT count(*) > 1 FROM public.attribution(creator_id => %L)', creator), identity), 5), wanted, format('%s as %s about %s', role, identity, creator)) FROM (VALUES
  ('reader', '8', '8', '(t)'), ('reader', '8', '7', '42501'), ('reader', '8', '999', '42501'), ('reader', '', NULL, '42501'), ('reader', '', '7', '42501'), ('analyst', '8', '7', '(t)'), ('writer', '8', NULL, '42501'), ('nobody', '8', NULL, '42501')) v(role, identity, creator, wanted);
SELECT is(pg_temp.answer('ea_tap_t_nobody', $$SELECT attribution_weights('first', '{2025-01-01}', '2025-01-01')$$, NULL), '({1})', 'weights are everybody''s');

-- ---------------------------------------------------------------------------------------------------
-- Long work: little memory, one journey with much, and cancelling
-- ---------------------------------------------------------------------------------------------------
DELETE FROM explore_engagements;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + n % 3, CASE n % 4 WHEN 0 THEN 5000 WHEN 1 THEN 6000 + n * 31 % 977 END, CASE WHEN n % 4 > 0 THEN 20000 + n * 17 % 3001 END, (ARRAY['view', 'click', 'save', 'share'])[1 + n / 4 * 7 % 4]::engagement_type, timestamptz '2025-04-01' + n::bigint * 7919 % 50021 * interval '10 seconds' FROM generate_series(1, 60000) n;
CREATE TEMP TABLE large AS SELECT m, k, pg_temp.asked(format('model => %L, key => %L, lookback => ''3 days''', m, k)) AS answer FROM unnest(ARRAY['linear', 'time_decay', 'shapley', 'markov']) m, unnest(ARRAY['content', 'source']) k;
SET LOCAL work_mem = '64kB';
SELECT is(pg_temp.asked(format('model => %L, key => %L, lookback => ''3 days''', m, k)), answer, format('in 64 kB: %s by %s: %s', m, k, answer)) FROM large;
SAVEPOINT small;
SET LOCAL temp_file_limit = '100kB';
SELECT is((pg_temp.failure('SELECT attribution()')).state, '53400', 'temporary files are held to their limit');
ROLLBACK TO small;
RESET work_mem;
CREATE FUNCTION pg_temp.cancelled(query text) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN NULL;
EXCEPTION WHEN query_canceled THEN
  RETURN 1000 * extract(epoch FROM clock_timestamp() - statement_timestamp());
END $$;
CREATE FUNCTION pg_temp.took(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  begun timestamptz := clock_timestamp();
BEGIN
  EXECUTE query;
  RETURN 1000 * extract(epoch FROM clock_timestamp() - begun);
END $$;
-- Of one viewer, whose every click has every view before it.
DELETE FROM explore_engagements;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 3, 1, CASE WHEN n % 2 = 0 THEN 'view' ELSE 'click' END::engagement_type, timestamptz '2025-04-01' + n * interval '1 second' FROM generate_series(1, 100000) n;
SET LOCAL statement_timeout = '20ms';
SELECT cmp_ok(pg_temp.cancelled($$SELECT attribution(model => 'time_decay')$$), '<', 3000::float8, 'cancelled soon');
SET LOCAL statement_timeout = '10s';
SELECT is(pg_temp.asked(format('model => %L, key => ''creator''', m)), pg_temp.asked(format('model => %L, key => ''creator'', lookback => ''100 years''', m)), 'many touches of many conversions take one walk: ' || m) FROM unnest(ARRAY['position', 'time_decay']) m;
-- Ids that were given twice: the same answer whatever the order of rows.
DELETE FROM explore_engagements;
INSERT INTO explore_engagements (id, content_id, user_id, session_id, engagement_type, created_at) OVERRIDING SYSTEM VALUE SELECT 990000001, content, u, session, 'view', '2025-04-01' FROM (VALUES (1, 5, 51), (1, 3, 54), (2, 3, 54), (2, 5, 51)) v(u, content, session);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 1, 'click', '2025-04-02'), (1, 2, 'click', '2025-04-02');
SELECT is(pg_temp.asked(format('model => ''last'', key => %L', k)), wanted, 'ids given twice, by ' || k) FROM (VALUES ('content', '5 2 2, 3 2 0'), ('source', 'mail 2 2, ad 2 0')) v(k, wanted);
-- Sessions with more events than wait for their users.
DELETE FROM explore_engagements;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at) SELECT 1 + n % 2, CASE WHEN n > 100000 THEN 1 + n % 3 END, 60000 + n % 3, CASE WHEN n > 100000 THEN 'click' ELSE 'view' END::engagement_type, timestamptz '2025-04-01' + n * interval '1 second' FROM generate_series(1, 100003) n;
SELECT is(pg_temp.asked(''), '1 50000 1.5, 2 50000 1.5', 'many events of few sessions');
-- Ids that are alike but for their first bits.
DELETE FROM explore_engagements;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT n << 45, n % 1000 + 1, t::engagement_type, timestamptz '2025-04-01' + n * interval '1 second' FROM generate_series(1, 100000::bigint) n, unnest(ARRAY['view', 'click']) t;
SELECT cmp_ok(pg_temp.took('SELECT count(*) FROM attribution(model => ''last'')'), '<', 3000::float8, 'contents are told apart by all bits of their ids');
RESET statement_timeout;
-- What was never seen takes no memory.
SET LOCAL work_mem = '2GB';
SELECT cmp_ok(pg_temp.took(format('SELECT count(*) FROM attribution(%s)', arguments)), '<', 500::float8, 'settings alone cost nothing: ' || arguments) FROM unnest(ARRAY['end_date => ''2025-01-01''', 'creator_id => 999']) arguments;
RESET work_mem;
-- A creator's question among everybody's sessions, whatever the server thinks of its tables.
DELETE FROM explore_engagements;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT CASE WHEN n % 20 = 0 THEN 3 ELSE 1 END, n / 2, (ARRAY['view', 'click'])[1 + n % 2]::engagement_type, timestamptz '2025-02-01' + n / 2 * interval '40 seconds' FROM generate_series(2, 200000) n;
ANALYZE explore_engagements;
CREATE FUNCTION pg_temp.whole_scans() RETURNS bigint LANGUAGE sql AS $$
  SELECT sum(pg_stat_get_xact_numscans(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'explore_engagements'::regclass $$;
SELECT pg_temp.whole_scans() AS before \gset
SELECT isnt(pg_temp.asked('''view'', ''{click}'', lookback => ''1 day'', creator_id => 8, start_date => ''2025-02-10'', end_date => ''2025-02-20'''), 'nothing', 'a creator''s conversions');
SELECT is(pg_temp.whole_scans() - :before, 0::bigint, 'without reading a partition from end to end');
DELETE FROM explore_engagements;
COMMIT;

-- ---------------------------------------------------------------------------------------------------
-- Retention
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, 9, t::engagement_type, at FROM unnest(ARRAY['view', 'click']) t, unnest(ARRAY['2025-01-15', '2025-04-15', now()::text]::timestamptz[]) at;
CALL explore_analytics.refresh();
CALL explore_analytics.apply_retention(now() - timestamptz '2025-03-10');
SELECT is(state || ' ' || message, '55000 conversions can be attributed from 2025-03-31 00:00:00+00 on: raw events before 2025-03-01 00:00:00+00 are gone', 'the first time that can be asked') FROM pg_temp.failure('SELECT * FROM attribution()');
SELECT is((pg_temp.failure($$SELECT * FROM attribution(start_date => '2025-03-30 23:59:59.999999')$$)).state, '55000', 'a moment before it');
SELECT is((SELECT sum(conversions) FROM attribution(start_date => '2025-03-31')), 2::float8, 'that time');
SELECT is((SELECT sum(conversions) FROM attribution(start_date => '2025-03-02', lookback => '1 day')), 2::float8, 'sooner with a shorter lookback');
SELECT is(hint, wanted, 'what to do about it: ' || arguments) FROM (VALUES ('start_date => ''2025-03-02''', 'Pass that time as start_date, or a later one; with a shorter lookback it is earlier.'), ('end_date => ''2025-03-31''', 'Ask about a later range, or pass a shorter lookback.')) v(arguments, wanted), LATERAL pg_temp.failure(format('SELECT * FROM attribution(%s)', arguments));
SELECT is((pg_temp.failure($$SELECT * FROM attribution(lookback => '300000 years')$$)).state, '55000', 'no time at all');
SELECT is((SELECT count(*) FROM attribution(start_date => '2025-01-01', end_date => '2025-01-01')), 0::bigint, 'an empty range asks for nothing');
SELECT * FROM finish();

DROP OWNED BY ea_tap_t_reader, ea_tap_t_analyst, ea_tap_t_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_t_owner CASCADE;
DROP ROLE ea_tap_t_owner, ea_tap_t_reader, ea_tap_t_analyst, ea_tap_t_writer, ea_tap_t_nobody;
