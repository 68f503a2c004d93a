-- The daily views read the rollups as far as rows are asked for: whatever asks, the rows are those of the raw events.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(49);

INSERT INTO explore_content (id, creator_id, title) SELECT i, 1 + i % 7, 'Content ' || i FROM generate_series(1, 200) i;
CREATE FUNCTION add_events(first int, last int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT CASE WHEN i % 4 = 0 THEN 5 ELSE 1 + i * 7 % 200 END, 1 + i * 13 % 211, (enum_range(NULL::engagement_type))[1 + i % 5], i % 9000,
         '2025-02-20'::timestamptz + i * 7919 % 43000 * interval '1 minute' FROM generate_series(first, last) i
$$;
-- Buckets, deltas, a tail, creators whose contents have moved, contents without a row and of the tail alone.
SELECT add_events(1, 8000);
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT add_events(8001, 9000);
CALL explore_analytics.refresh();
SELECT add_events(9001, 9500);
UPDATE explore_content SET creator_id = 3 WHERE id IN (5, 11);
INSERT INTO explore_content (id, creator_id, title) VALUES (301, 3, 'new'), (302, 99, 'new');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT n, 7, 'view', '2025-03-03' FROM unnest(ARRAY[301, 302, 303]) n;
ANALYZE;

CREATE VIEW plain AS
SELECT e.created_at::date AS day, content_id, c.creator_id, count(*) FILTER (WHERE engagement_type = 'view') AS views, count(*) FILTER (WHERE engagement_type = 'save') AS saves,
  count(DISTINCT user_id) FILTER (WHERE engagement_type = 'view') AS unique_viewers FROM explore_engagements e JOIN explore_content c ON c.id = content_id GROUP BY 1, 2, 3;
CREATE VIEW plain_creator AS
SELECT e.created_at::date AS day, c.creator_id, count(*) FILTER (WHERE engagement_type = 'view') AS views, count(*) FILTER (WHERE engagement_type = 'save') AS saves,
  count(DISTINCT user_id) FILTER (WHERE engagement_type = 'view') AS unique_viewers FROM explore_engagements e JOIN explore_content c ON c.id = content_id GROUP BY 1, 2;
CREATE VIEW told AS SELECT day, content_id, creator_id, views, saves, unique_viewers FROM explore_video_daily;
CREATE TABLE kept AS TABLE plain;

CREATE FUNCTION nodes(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN (SELECT string_agg(DISTINCT coalesce(n ->> 'Custom Plan Provider', n ->> 'Node Type'), ', ') FROM jsonb_path_query(plan, 'strict $.** ? (@."Node Type" like_regex "^(Custom|Function) Scan|Material")') n);
END $$;
CREATE FUNCTION numbers(scope int) RETURNS text LANGUAGE sql AS $$ SELECT format('explore_analytics.daily_numbers(%s::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)', scope) $$;
SELECT is(nodes(query), wanted, query) FROM (VALUES
  ('SELECT * FROM explore_video_daily', 'daily_numbers'), ('SELECT sum(views) FROM explore_creator_daily', 'daily_numbers'), ('SELECT * FROM explore_platform_daily WHERE day > ''2025-03-01''', 'daily_numbers'),
  ('SELECT count(*) FROM ' || numbers(2), 'daily_numbers'), ('SELECT d FROM ' || numbers(2) || ' d', 'Function Scan'),
  ('SELECT 1 FROM ' || numbers(2) || ' d WHERE d IS NOT NULL', 'Function Scan'), ('SELECT * FROM ' || numbers(2) || ' WITH ORDINALITY', 'Function Scan'),
  ('UPDATE explore_content SET area = ''x'' FROM ' || numbers(2) || ' d WHERE d.id = explore_content.id', 'Function Scan'),
  ('SELECT * FROM generate_series(0, 2) n, explore_analytics.daily_numbers(n::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)', 'Function Scan')) v(query, wanted);
CREATE FUNCTION pg_temp.daily_numbers() RETURNS SETOF int LANGUAGE sql STABLE AS 'SELECT 1 OFFSET 0';
SELECT is(nodes('SELECT * FROM pg_temp.daily_numbers() n'), NULL, 'no other function of that name');

-- All rows, both ways of reading the function.
SELECT set_eq('TABLE told', 'TABLE plain', 'contents by day');
SELECT set_eq('SELECT day, creator_id, views, saves, unique_viewers FROM explore_creator_daily', 'TABLE plain_creator', 'creators by day');
SELECT set_eq(format('SELECT * FROM %s', numbers(n)), format('SELECT (d).* FROM (SELECT %s AS d) x', numbers(n)), 'in FROM and in the list of columns, scope ' || n) FROM generate_series(0, 2) n;
SELECT is((SELECT count(*) FROM (SELECT day, id FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) OFFSET 0) x),
          (SELECT count(DISTINCT (created_at::date, content_id)) FROM explore_engagements), 'as many as there are');

-- As far as they are asked for.
CREATE FUNCTION made(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, TIMING off, FORMAT json) ' || query INTO plan;
  RETURN (SELECT sum((n ->> 'Actual Rows')::numeric * (n ->> 'Actual Loops')::numeric) FROM jsonb_path_query(plan, 'strict $.** ? (@."Custom Plan Provider" == "daily_numbers")') n);
END $$;
SELECT is(made('SELECT * FROM (SELECT id FROM ' || numbers(2) || ' LIMIT 3) x'), 3::numeric, 'LIMIT ends it');
SELECT ok(EXISTS (SELECT FROM explore_video_daily), 'so does EXISTS');

-- Scans again: of a join, a subquery and a LATERAL one, with the same arguments and with others.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SET enable_memoize = off;
CREATE TABLE few AS SELECT * FROM generate_series(3, 12, 3) id;
ANALYZE few;
SELECT set_eq('SELECT f.id, d.day, d.views FROM (SELECT id, random() FROM few) f LEFT JOIN (SELECT day, id, views FROM ' || numbers(2) || ' OFFSET 0) d ON d.id = f.id',
              'SELECT f.id, day, views FROM few f LEFT JOIN kept ON content_id = f.id', 'of a nested loop');
SELECT set_eq(format('SELECT f.id, (SELECT sum(views) FROM %s WHERE %s = f.id) FROM few f', v, c), 'SELECT id, sum(views) FROM few LEFT JOIN kept ON content_id = id GROUP BY 1', format('of a subquery: %s of %s', c, v))
FROM (VALUES ('explore_video_daily'), ('(SELECT id AS content_id, views FROM ' || numbers(2) || ') d')) v(v), (VALUES ('content_id + 0'), ('content_id')) c(c);
SELECT set_eq('SELECT f.id, x.day, x.views FROM few f, LATERAL (SELECT day, views FROM explore_video_daily WHERE content_id = f.id ORDER BY day DESC LIMIT 2) x',
              'SELECT f.id, x.day, x.views FROM few f, LATERAL (SELECT day, views FROM kept WHERE content_id = f.id ORDER BY day DESC LIMIT 2) x', 'LATERAL');
SELECT set_eq('WITH RECURSIVE r AS (SELECT 1 AS n, NULL::date AS day, NULL::bigint AS views UNION ALL SELECT n + 1, d.day, d.views FROM r JOIN explore_video_daily d ON d.content_id = 4 * r.n AND d.day = ''2025-03-03'' WHERE n < 5) TABLE r',
              'WITH RECURSIVE r AS (SELECT 1 AS n, NULL::date AS day, NULL::bigint AS views UNION ALL SELECT n + 1, d.day, d.views FROM r JOIN kept d ON d.content_id = 4 * r.n AND d.day = ''2025-03-03'' WHERE n < 5) TABLE r', 'WITH RECURSIVE');
SELECT set_eq('SELECT f.id, (SELECT max(x.views) FROM (SELECT views FROM ' || numbers(2) || ' LIMIT f.id) x) >= 0 FROM few f', 'SELECT id, true FROM few', 'of one that has not come to its end');
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
RESET enable_memoize;
PREPARE narrowed(bigint, date) AS SELECT content_id, day, views FROM explore_video_daily WHERE content_id = $1 AND day >= $2;
PREPARE plainly(bigint, date) AS SELECT content_id, day, views FROM plain WHERE content_id = $1 AND day >= $2;
SET plan_cache_mode = force_generic_plan;
SELECT set_eq(format('EXECUTE narrowed(%L, %L)', id, day), format('EXECUTE plainly(%L, %L)', id, day), format('prepared: %s since %s', id, day)) FROM (VALUES (5, '2025-03-01'), (301, '-infinity'), (7, '2025-03-10'), (NULL, NULL)) v(id, day);
RESET plan_cache_mode;

-- Cursors keep the moment in which they began, whatever happens between two rows.
CREATE TABLE got (LIKE kept);
CREATE FUNCTION fetch_all(c refcursor) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  LOOP
    FETCH c INTO r;
    EXIT WHEN NOT FOUND;
    INSERT INTO got VALUES (r.day, r.content_id, r.creator_id, r.views, r.saves, r.unique_viewers);
  END LOOP;
END $$;
BEGIN;
DECLARE c CURSOR FOR TABLE told;
FETCH 1 FROM c \gset got_
SELECT add_events(9501, 9700);
UPDATE explore_content SET creator_id = 6 WHERE id < 50;
SAVEPOINT s;
MOVE 10 FROM c;
ROLLBACK TO s;
SELECT fetch_all('c');
SELECT is((SELECT count(*) FROM got), (SELECT count(*) - 11 FROM kept), 'a cursor has no row more or less');
SELECT is_empty('TABLE got EXCEPT ALL TABLE kept', 'nor others, after writes of its own transaction');
SELECT set_eq('TABLE told', 'TABLE plain', 'which a new query sees');
ROLLBACK;
TRUNCATE got;
BEGIN;
DECLARE c CURSOR FOR SELECT day, views FROM explore_platform_daily;
FETCH 2 FROM c \g /dev/null
SELECT throws_ok('FETCH BACKWARD 1 FROM c', '55000', NULL, 'a cursor goes backward where it says SCROLL');
ROLLBACK;
CREATE SEQUENCE asked;
SELECT results_eq($$SELECT v.g, count(d.id) FROM (VALUES (1), (2), (3)) v(g)
  LEFT JOIN explore_analytics.daily_numbers((CASE WHEN nextval('asked') = 1 THEN 0 ELSE 1 END)::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) d
  ON d.day = '2025-03-03' AND d.id >= 0 + v.g * 0 GROUP BY 1 ORDER BY 1$$, 'VALUES (1, 1::bigint), (2, 1), (3, 1)', 'what is volatile is asked once');
BEGIN;
DECLARE c SCROLL CURSOR FOR TABLE told;
MOVE LAST FROM c;
FETCH RELATIVE 0 FROM c \gset last_
MOVE FIRST FROM c;
MOVE FORWARD ALL FROM c;
FETCH PRIOR FROM c \gset prior_
SELECT is(:'prior_day' || :'prior_content_id', :'last_day' || :'last_content_id', 'backwards');
MOVE ABSOLUTE 0 FROM c;
SELECT fetch_all('c');
SELECT set_eq('TABLE got', 'TABLE kept', 'and from the start again');
COMMIT;
TRUNCATE got;
BEGIN;
DECLARE c CURSOR WITH HOLD FOR TABLE told;
FETCH 1 FROM c \gset got_
SELECT add_events(9701, 9800);
COMMIT;
CALL explore_analytics.refresh();
SELECT fetch_all('c');
SELECT is((SELECT count(*) FROM got), (SELECT count(*) - 1 FROM kept), 'WITH HOLD');
SELECT is_empty('TABLE got EXCEPT ALL TABLE kept', 'whose rows are older than what was committed with it');
CLOSE c;
-- Read on by a loop that commits, and by one whose body fails.
CREATE TABLE seen (n int);
DO $$
DECLARE
  r record;
BEGIN
  FOR r IN TABLE told LOOP
    INSERT INTO seen VALUES (1);
    IF r.content_id = 5 THEN COMMIT; END IF;
  END LOOP;
END $$;
SELECT is((SELECT count(*) FROM seen), (SELECT count(*) FROM plain), 'a loop that commits');
TRUNCATE seen;
DO $$
DECLARE
  r record;
BEGIN
  FOR r IN TABLE told LOOP
    BEGIN
      INSERT INTO seen VALUES (1 / (r.content_id % 2));
    EXCEPTION WHEN division_by_zero THEN NULL;
    END;
  END LOOP;
END $$;
SELECT is((SELECT count(*) FROM seen), (SELECT count(*) FROM plain WHERE content_id % 2 = 1), 'one with errors in its body');
SELECT throws_ok('SELECT sum(1 / (content_id - 100)) FROM explore_video_daily', '22012', NULL, 'an error on the way');
SELECT set_eq('TABLE told', 'TABLE plain', 'after which all is well');

-- Who may not call the function may not read it so either, and who becomes somebody else reads on as that.
CREATE ROLE ea_tap_stream_nobody;
CREATE ROLE ea_tap_stream_reader;
SELECT explore_analytics.grant_access('ea_tap_stream_reader', 'read');
GRANT USAGE ON SCHEMA explore_analytics TO ea_tap_stream_nobody;
SET ROLE ea_tap_stream_nobody;
SELECT throws_ok('EXPLAIN SELECT count(*) FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)', '42501', NULL, 'the right to call it is asked for');
RESET ROLE;
TRUNCATE got;
CREATE TABLE wanted AS TABLE plain;
GRANT INSERT ON got TO ea_tap_stream_reader;
BEGIN;
DECLARE c CURSOR FOR TABLE told;
DECLARE d CURSOR FOR SELECT day, content_id, creator_id, views, saves, unique_viewers FROM explore_video_daily;
MOVE 1 FROM c;
MOVE 1 FROM d;
SET LOCAL explore_analytics.user_id = '3';
SET LOCAL ROLE ea_tap_stream_reader;
SELECT fetch_all('d');
RESET ROLE;
SELECT cmp_ok((SELECT count(*) FROM got), '>=', (SELECT count(*) - 1 FROM wanted WHERE creator_id = 3), 'a cursor goes on as the reader');
SELECT is_empty('TABLE got EXCEPT ALL SELECT * FROM wanted WHERE creator_id = 3', 'and gives it nothing of others');
ROLLBACK;

-- What was there when it began stays there for it.
BEGIN;
DECLARE c CURSOR FOR TABLE told;
MOVE 1 FROM c;
SELECT throws_ok('DROP TABLE explore_analytics.rollup_totals CASCADE', '55006', NULL, 'no table goes while it is read');
CLOSE c;
SAVEPOINT s;
SELECT lives_ok('DROP TABLE explore_analytics.rollup_totals CASCADE', 'and afterwards it may');
ROLLBACK TO s;
DECLARE c CURSOR FOR TABLE told;
MOVE 1 FROM c;
SELECT throws_ok('DROP EXTENSION explore_analytics CASCADE', '55006', NULL, 'nor the extension');
ROLLBACK;

SELECT * FROM finish();
DROP OWNED BY ea_tap_stream_nobody, ea_tap_stream_reader;
DROP ROLE ea_tap_stream_nobody, ea_tap_stream_reader;
