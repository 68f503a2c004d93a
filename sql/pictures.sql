-- Pictures in text, as somebody at a terminal asks for them; every edge is in test/pgtap/pictures.sql.
\set VERBOSITY terse
\pset null '-'

-- Eighths of a column; what follows a bar stays where it is.
SELECT n AS value, bar(n, 16, 2) || '|' AS bar FROM generate_series(-1, 17) n;
SELECT day, bar(views, max(views) OVER ()) AS bar, views FROM (VALUES ('Mon', 94), ('Tue', 68), ('Wed', 0), ('Thu', 1), ('Fri', 188)) week(day, views);
SELECT bar(0, 0, 3) || '|' AS of_nothing, bar(1, 0, 3) || '|' AS over_nothing, bar(NULL, 1), bar(1, NULL), bar(1, 2, NULL) = bar(1, 2) AS null_is_20;

-- Five shades, for tables.
SELECT n AS value, shade(n, 100) || '|' AS shade FROM unnest(ARRAY[-5, 0, 0.001, 37.4, 37.6, 62.6, 99.999, 100, 250]) n;

-- A column a point, from the least to the greatest of the points and 0.
SELECT sparkline('{0,1,2,3,4,5,6,7}') AS counts, sparkline('{100,99,50,1}') AS not_from_the_least, sparkline('{-7,0,7}') AS below_0, sparkline('{5,5,5}') AS constant, sparkline('{0,0,0}') AS nothing;
SELECT sparkline('{3,NULL,NULL,6}') || '|' AS gaps, sparkline('{NULL}') || '|' AS unknown, sparkline('{}') || '|' AS empty, sparkline(NULL) AS no_series, sparkline('[5:6]={1,2}') AS other_bounds;

-- ASCII where the client does not speak UTF-8.
SET client_encoding TO latin1;
SELECT n AS value, bar(n, 4, 2) || '|' AS bar FROM generate_series(0, 4) n;
SELECT string_agg(shade(n, 4), '' ORDER BY n) || '|' AS shades FROM generate_series(0, 4) n;
SELECT sparkline('{0,1,2,3,4,5,6,7,NULL,7}') AS ramp;
RESET client_encoding;
SELECT bar(1, 2, 4), sparkline('{1,2}');

-- Refused.
SELECT bar('NaN', 1);
SELECT bar(1, 'Infinity');
SELECT sparkline('{{1,2},{3,4}}');
\set VERBOSITY default
SELECT bar(1, -1);
SELECT bar(1, 2, 0);
SELECT bar(1, 2, 1001);
SELECT shade(1, -1);
SELECT sparkline('{1,NaN}');
SELECT sparkline(array_fill(1::double precision, ARRAY[10001]));
\set VERBOSITY terse

-- Everybody may: no table is read.
CREATE ROLE ea_regress_nobody;
SET ROLE ea_regress_nobody;
SELECT bar(3, 4, 4), shade(3, 4), sparkline('{1,3,2}');
RESET ROLE;
DROP ROLE ea_regress_nobody;
