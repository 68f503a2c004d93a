-- Text graphics as SQL has them: NULL, defaults, refusals, types, labels, and what the client can show. Characters one by
-- one are in the unit tests, databases of other encodings in pictures_encodings.sql.
\set QUIET 1
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
SELECT plan(60);

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || CASE WHEN hint = '' THEN ' without a hint' ELSE '' END || ' ' || SQLERRM;
END $$;

-- ---------------------------------------------------------------------------------------------------
-- Bars
-- ---------------------------------------------------------------------------------------------------
SELECT is(bar(13, 16, 4), '███▎', 'thirteen of sixteen');
SELECT is(bar(1, 2), repeat('█', 10) || repeat(' ', 10), 'twenty columns');
SELECT is(bar(1, 2, NULL), bar(1, 2), 'also where width is NULL');
SELECT is(bar(width => 2, max => 4, value => 1), '▌ ', 'arguments can be named');
SELECT is(ARRAY[bar(NULL, 1), bar(1, NULL), bar(NULL, NULL, 0), bar(NULL, -1)], ARRAY[NULL, NULL, NULL, NULL]::text[], 'of what is not known');
SELECT is(ARRAY[bar(0, 5, 2), bar(-3, 5, 2), bar(0, 0, 2), bar(-1, 0, 2)], ARRAY['  ', '  ', '  ', '  '], 'up to 0 nothing is drawn, of nothing either');
SELECT is(ARRAY[bar(5, 5, 2), bar(6, 5, 2), bar(1e300, 1e-300, 2), bar(1, 0, 2)], ARRAY['██', '██', '██', '██'], 'from max on all of it');
SELECT is(bar(1e-300, 1e300, 2), '▏ ', 'little is not nothing');
SELECT is(bar(999999, 1000000, 2), '█▉', 'nearly all is not all');
SELECT is((SELECT array_agg(DISTINCT length(bar(v, 100, w)) - w) FROM generate_series(-10, 110, 3) v, unnest(ARRAY[1, 2, 19, 1000]) w), '{0}', 'as wide as they are told to be');
SELECT is(bar(3::bigint, 4::bigint, 4) || bar(3::numeric, 4::numeric, 4) || bar(3::real, 4::smallint, 4), '███ ███ ███ ', 'numbers of any type');
SELECT is((SELECT array_agg(drawn ORDER BY v) FROM (SELECT v, bar(v, max(v) OVER (), 2) AS drawn FROM unnest('{1,2,4}'::int[]) v) x), ARRAY['▌ ', '█ ', '██'], 'beside the greatest of all rows');

-- ---------------------------------------------------------------------------------------------------
-- Shades
-- ---------------------------------------------------------------------------------------------------
SELECT is((SELECT string_agg(shade(v, 4, 1), '' ORDER BY v) FROM generate_series(0, 4) v), ' ░▒▓█', 'five shades');
SELECT is(ARRAY[shade(50, 100), shade(50, 100, NULL), shade(width => 3, max => 4, value => 1)], ARRAY['▒▒', '▒▒', '░░░'], 'two columns unless told otherwise');
SELECT is(ARRAY[shade(NULL, 1), shade(1, NULL), shade(NULL, -1, 0)], ARRAY[NULL, NULL, NULL]::text[], 'none of what is not known');
SELECT is(ARRAY[shade(0, 5), shade(-3, 5), shade(0, 0), shade(1e-300, 1e300), shade(99.99, 100), shade(100, 100), shade(1, 0)],
  ARRAY['  ', '  ', '  ', '░░', '▓▓', '██', '██'], 'something is not nothing, and nearly all is not all');
SELECT is(shade(3::bigint, 4::bigint, 1) || shade(3::numeric, 4::numeric, 1) || shade(3::real, 4::smallint, 1), '▓▓▓', 'numbers of any type are shaded');

-- ---------------------------------------------------------------------------------------------------
-- Sparklines
-- ---------------------------------------------------------------------------------------------------
SELECT is(sparkline('{0,1,2,3,4,5,6,7}'), '▁▂▃▄▅▆▇█', 'eight heights');
SELECT is(sparkline('{100,99,50,1}'), '██▅▁', 'counts are drawn from 0');
SELECT is(sparkline('{-7,0,7}'), '▁▅█', 'less than 0 from the least');
SELECT is(sparkline('{-7,-6,-1}'), '▁▂▇', 'up to 0');
SELECT is(ARRAY[sparkline('{5,5,5}'), sparkline('{0,0}'), sparkline('{-5,-5}'), sparkline('{5}')], ARRAY['███', '▁▁', '▁▁', '█'], 'where nothing varies');
SELECT is(sparkline('{NULL,3,NULL,6,NULL}'), ' ▅ █ ', 'a space for what is not known');
SELECT is(ARRAY[sparkline('{NULL,NULL}'), sparkline('{}'), sparkline(NULL)], ARRAY['  ', '', NULL], 'where nothing is');
SELECT is(ARRAY[sparkline('[5:6]={1,2}'), sparkline('[-3:-1]={0,NULL,7}')], ARRAY['▅█', '▁ █'], 'subscripts do not matter');
SELECT is(sparkline('{-1.7e308,0,1.7e308}'), '▁▅█', 'from end to end');
SELECT is(length(sparkline(array_agg(v % 100))), 10000, 'ten thousand points are ten thousand columns') FROM generate_series(1, 10000) v;
SELECT is(sparkline(array_agg(v::bigint)) || sparkline(array_agg(v::numeric)) || sparkline(array_agg(v::int)), '▁▅█▁▅█▁▅█', 'numbers of any type') FROM generate_series(0, 2) v;

-- ---------------------------------------------------------------------------------------------------
-- Refusals: an SQLSTATE, the bad value, a hint
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (call text, wanted text);
INSERT INTO bad VALUES
  ('bar(''NaN'', 1)', '22023 value must be finite, not nan'), ('bar(''Infinity'', 1)', '22023 value must be finite, not inf'), ('bar(''-Infinity'', 1)', '22023 value must be finite, not -inf'),
  ('bar(1, ''NaN'')', '22023 max must be finite, not nan'), ('bar(1, ''Infinity'')', '22023 max must be finite, not inf'), ('bar(1, -0.5)', '22023 max must not be negative, not -0.5'),
  ('bar(1, 1, 0)', '22023 width must be from 1 to 1000, not 0'), ('bar(1, 1, 1001)', '22023 width must be from 1 to 1000, not 1001'),
  ('bar(1, 1, -2147483648)', '22023 width must be from 1 to 1000, not -2147483648'), ('bar(1, 1, 1000)', 'accepted'), ('bar(1, 1, 1)', 'accepted'),
  ('shade(''NaN'', 1)', '22023 value must be finite, not nan'), ('shade(1, ''Infinity'')', '22023 max must be finite, not inf'), ('shade(1, -0.5)', '22023 max must not be negative, not -0.5'),
  ('shade(1, 1, 0)', '22023 width must be from 1 to 1000, not 0'), ('shade(1, 1, 1001)', '22023 width must be from 1 to 1000, not 1001'),
  ('sparkline(''{1,NaN}'')', '22023 series must be finite, not nan'), ('sparkline(''{NULL,-Infinity}'')', '22023 series must be finite, not -inf'),
  ('sparkline(''{{1,2},{3,4}}'')', '22023 series must have one dimension, not 2'),
  ('sparkline(array_fill(1::float8, ARRAY[10001]))', '54000 series of 10001 points is longer than 10000'), ('sparkline(array_fill(NULL::float8, ARRAY[10001]))', '54000 series of 10001 points is longer than 10000');
SELECT is(pg_temp.refused('SELECT ' || call), wanted, call) FROM bad;

-- ---------------------------------------------------------------------------------------------------
-- What the client can show
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE spoken (client text, bar text, spark text);
PREPARE draw AS INSERT INTO spoken SELECT current_setting('client_encoding'), bar(5, 8, 4), sparkline('{0,1,2,3,4,5,6,7,NULL,7}');
EXECUTE draw;
SET client_encoding TO 'latin1';
EXECUTE draw;
SET client_encoding TO 'unicode';
EXECUTE draw;
SET client_encoding TO 'sql_ascii';
EXECUTE draw;
SET client_encoding TO 'euc_jp';
EXECUTE draw;
BEGIN;
SET LOCAL client_encoding TO 'utf-8';
EXECUTE draw;
COMMIT;
EXECUTE draw;
SET client_encoding = 'UTF8';
SELECT results_eq('TABLE spoken', $$VALUES
  ('UTF8', '██▌ ', '▁▂▃▄▅▆▇█ █'), ('LATIN1', '##- ', '_.:-=+*# #'), ('UTF8', '██▌ ', '▁▂▃▄▅▆▇█ █'), ('SQL_ASCII', '##- ', '_.:-=+*# #'),
  ('EUC_JP', '##- ', '_.:-=+*# #'), ('UTF8', '██▌ ', '▁▂▃▄▅▆▇█ █'), ('EUC_JP', '##- ', '_.:-=+*# #')$$, 'blocks for UTF-8, ASCII for everything else, as the setting is when they are drawn');
SET client_encoding TO 'latin1';
SELECT array_agg(length(bar(v, 100, w)) - w) = array_agg(0) AS wide, array_agg(DISTINCT bar(v, 100, w) ~ '^#*-? *$') = '{t}' AS of_ascii FROM generate_series(-10, 110, 3) v, unnest(ARRAY[1, 2, 19, 1000]) w \gset
SELECT ARRAY[bar(1, 1e300, 3), bar(999999, 1000000, 3), bar(0, 1, 3), bar(1, 1, 3), bar(1, 2, 1)] AS ends \gset
SELECT sparkline('{-7,0,7}') || sparkline('{5,5}') || sparkline('{0,0}') || sparkline('{}') AS heights \gset
SELECT string_agg(shade(v, 4), '' ORDER BY v) AS shades FROM generate_series(0, 4) v \gset
SET client_encoding = 'UTF8';
SELECT is(:'wide'::bool AND :'of_ascii'::bool, true, 'bars of ASCII are as wide, and nothing else');
SELECT is(:'ends'::text[], ARRAY['-  ', '##-', '   ', '###', '-'], 'little is not nothing, nearly all not all');
SELECT is(:'heights'::text, '_=###__', 'the heights are the same ones');
SELECT is(:'shades'::text, '  ..++**##', 'and so are the shades');

-- A worker writes to its leader, and draws for the leader's client nevertheless.
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN plan;
END $$;
SELECT CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'force_parallel_mode' ELSE 'debug_parallel_query' END AS parallel \gset
\set drawn 'SELECT bar(5, 8, 4) || sparkline(\'{0,7}\') AS '
SET :parallel = on;
SELECT pg_temp.plan_of('SELECT bar(5, 8, 4) || sparkline(''{0,7}'')') LIKE '%Gather%' AS parallel_plan \gset
:drawn blocks \gset
SET client_encoding TO 'latin1';
:drawn ascii \gset
SET client_encoding = 'UTF8';
RESET :parallel;
SELECT is(:'parallel_plan'::bool, true, 'a worker can draw');
SELECT is(:'blocks'::text, '██▌ ▁█', 'blocks');
SELECT is(:'ascii'::text, '##- _#', 'or ASCII, where the client of the leader speaks something else');

-- ---------------------------------------------------------------------------------------------------
-- Labels: whoever asks, wherever
-- ---------------------------------------------------------------------------------------------------
SELECT is((SELECT array_agg(proname::text ORDER BY proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN ('bar', 'shade', 'sparkline')
  AND provolatile = 's' AND proparallel = 's' AND NOT proisstrict AND NOT prosecdef AND has_function_privilege('public', oid, 'EXECUTE')), '{bar,shade,sparkline}', 'stable, parallel safe, everybody''s');
CREATE TEMP TABLE counts (views int);
SELECT throws_ok('CREATE INDEX ON counts (bar(views, 10))', '42P17', NULL, 'no index keeps what was drawn for one client');
SELECT throws_ok('ALTER TABLE counts ADD drawn text GENERATED ALWAYS AS (bar(views, 10)) STORED', '42P17', NULL, 'nor does a column');
SELECT * FROM finish();
