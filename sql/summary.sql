-- engagement_summary: aggregates, accessors, merging, text and binary form. No table of install() is needed.
SET timezone = 'UTC';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- 4 views by 1 (twice), -7 and nobody; 2 completions (a completed view and a complete); completed on a save counts nothing;
-- 10 + 0 + 2.5 + 1 + 0.5 s (NULL watch time is 0); score (80 + 60 + 20 + 10 - 20) / 4 = 37.5.
CREATE TEMP TABLE event (day int, type engagement_type, viewer bigint, watch_time_ms int, completed boolean);
INSERT INTO event VALUES
  (1, 'view', 1, 10000, true), (1, 'view', 1, NULL, NULL), (1, 'save', 2, 0, true), (1, 'save', 1, 0, false), (1, 'share', 1, 0, true),
  (2, 'view', -7, 2500, false), (2, 'view', NULL, 1000, false), (2, 'click', 3, 0, true), (2, 'skip', 4, 500, true),
  (2, 'complete', -7, NULL, NULL), (2, 'impression', 5, 0, true), (2, 'impression', NULL, 0, false);
\x
SELECT views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s), impressions(s),
       total_engagements(s), total_watch_time(s), average_watch_time(s), completion_rate(s), engagement_rate(s), save_rate(s), share_rate(s),
       click_rate(s), skip_rate(s), engagement_score(s), viewers(s) = (SELECT viewer_set_agg(v) FROM unnest('{1,-7}'::bigint[]) v) AS viewers
FROM (SELECT engagement_agg(type, viewer, watch_time_ms, completed) AS s FROM event) x;
-- Over nothing: the empty summary, every number 0.
SELECT views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s), impressions(s),
       total_engagements(s), total_watch_time(s), average_watch_time(s), completion_rate(s), engagement_rate(s), save_rate(s), share_rate(s),
       click_rate(s), skip_rate(s), engagement_score(s), cardinality(viewers(s)) AS viewers
FROM (SELECT engagement_agg(type, viewer, watch_time_ms, completed) AS s FROM event WHERE false) x;
\x
-- Accessors are strict: of NULL they give NULL. rollup of nothing, or of NULLs, is the empty summary.
SELECT views(NULL) IS NULL AS count, completion_rate(NULL) IS NULL AS rate, viewers(NULL) IS NULL AS set;
SELECT views(rollup(s)) AS of_nulls, (SELECT rollup(s) IS NULL FROM (SELECT NULL::engagement_summary AS s WHERE false) y) AS of_nothing_is_null
FROM (VALUES (NULL::engagement_summary), (NULL)) v(s);
SELECT (NULL + engagement_agg('view', 1, 0, false)) IS NULL AS plus_null FROM generate_series(1, 1);

-- Merging: days rolled up, added in either order, and all at once are the same bytes; the viewers are counted once.
CREATE TEMP TABLE daily AS SELECT day, engagement_agg(type, viewer, watch_time_ms, completed) AS s FROM event GROUP BY day;
INSERT INTO daily SELECT 3, engagement_agg('view', 1, 100, false) FROM generate_series(1, 2);
INSERT INTO daily VALUES (4, NULL), (5, (SELECT rollup(s) FROM daily WHERE false));
SELECT sum(unique_viewers(s)) AS added_up, unique_viewers(rollup(s)) AS exact, views(rollup(s)) AS views FROM daily;
SELECT (a.s + b.s)::text = (b.s + a.s)::text AS commutative, ((a.s + b.s) + c.s)::text = (a.s + (b.s + c.s))::text AS associative,
       (a.s + e.s)::text = a.s::text AS empty_adds_nothing, ((a.s + b.s) + c.s)::text = (SELECT rollup(s)::text FROM daily) AS as_rollup
FROM daily a, daily b, daily c, daily e WHERE a.day = 1 AND b.day = 2 AND c.day = 3 AND e.day = 5;
SELECT (SELECT rollup(s)::text FROM daily WHERE day < 3) = (SELECT engagement_agg(type, viewer, watch_time_ms, completed)::text FROM event) AS as_all_at_once;
-- As a window function: the running total.
SELECT day, views(rollup(s) OVER w), unique_viewers(rollup(s) OVER w) FROM daily WINDOW w AS (ORDER BY day) ORDER BY day;

-- Large sets of viewers, in parallel, serial, by groups: the same. 32,727 views by 9,973 users and 20 visitors.
CREATE TABLE summary_event AS SELECT g % 7 AS part, CASE WHEN g % 10 = 0 THEN 'save' WHEN g % 11 = 0 THEN 'complete' ELSE 'view' END::engagement_type AS type,
  CASE WHEN g % 5 = 1 THEN -(g % 100) - 1 ELSE (g * 7919::bigint) % 9973 + 1 END AS viewer, g % 30000 AS watch_time_ms, g % 3 = 0 AS completed FROM generate_series(1, 40000) g;
ANALYZE summary_event;
SELECT views(s), unique_viewers(s), completions(s), saves(s), total_watch_time(s) FROM (SELECT engagement_agg(type, viewer, watch_time_ms, completed) AS s FROM summary_event) x;
SELECT count(*) FILTER (WHERE type = 'view') AS views, count(DISTINCT viewer) FILTER (WHERE type = 'view') AS unique_viewers,
       count(*) FILTER (WHERE type = 'view' AND completed OR type = 'complete') AS completions, count(*) FILTER (WHERE type = 'save') AS saves,
       sum(watch_time_ms) / 1000.0::double precision AS total_watch_time FROM summary_event;
CREATE TEMP TABLE serial AS SELECT engagement_agg(type, viewer, watch_time_ms, completed)::text AS s FROM summary_event;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
DO $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) SELECT engagement_agg(type, viewer, watch_time_ms, completed) FROM summary_event' INTO plan;
  RAISE NOTICE 'parallel: %', plan::text LIKE '%"Partial Mode": "Partial"%';
END $$;
SELECT engagement_agg(type, viewer, watch_time_ms, completed)::text = (SELECT s FROM serial) AS parallel_is_serial FROM summary_event;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT rollup(s)::text = (SELECT s FROM serial) AS groups_are_all FROM (SELECT engagement_agg(type, viewer, watch_time_ms, completed) AS s FROM summary_event GROUP BY part) g;
-- Stored, updated and read back.
CREATE TABLE stored_summary AS SELECT part, engagement_agg(type, viewer, watch_time_ms, completed) AS s FROM summary_event GROUP BY part;
UPDATE stored_summary SET s = s + (SELECT engagement_agg('view', -1000000, 0, false) FROM generate_series(1, 1)) WHERE part = 3;
SELECT views(rollup(s)), unique_viewers(rollup(s)) FROM stored_summary;
DROP TABLE summary_event;

-- The score as a function of six counts and as an aggregate of raw events; clamped to 0..100; without views 0.
SELECT v.*, engagement_score(views, completions, saves, shares, clicks, skips) FROM (VALUES
  (4::bigint, 2::bigint, 2::bigint, 1::bigint, 1::bigint, 1::bigint), (3, 1, 0, 0, 0, 0), (0, 9, 9, 9, 9, 9), (1, 0, 0, 0, 0, 1), (1, 2, 1, 0, 0, 0), (1, NULL, NULL, NULL, NULL, NULL),
  (9223372036854775807, 9223372036854775807, 9223372036854775807, 0, 0, 0)) v(views, completions, saves, shares, clicks, skips);
SELECT pg_temp.refused('SELECT engagement_score(-1, 0, 0, 0, 0, 0)');
SELECT engagement_score(type, completed), (SELECT engagement_score(type, completed) FROM event WHERE false) AS over_nothing FROM event;

-- NULL type, negative watch time, a label added by a user.
SELECT pg_temp.refused('SELECT engagement_agg(NULL, 1, 0, false) FROM generate_series(1, 1)') AS agg, pg_temp.refused('SELECT engagement_score(NULL::engagement_type, false) FROM generate_series(1, 1)') AS score;
SELECT left(pg_temp.refused('SELECT engagement_agg(''view'', 1, -1, false) FROM generate_series(1, 1)'), 5) AS negative_watch_time;
ALTER TYPE engagement_type ADD VALUE 'poke';
SELECT pg_temp.refused('SELECT engagement_agg(''poke'', 1, 0, false) FROM generate_series(1, 1)') AS agg, pg_temp.refused('SELECT engagement_score(''poke''::engagement_type, false) FROM generate_series(1, 1)') AS score;
-- The label stands behind the value: an aggregate of one's own may declare its argument as it likes, and a renamed label is seen at once.
CREATE DOMAIN kind AS engagement_type;
CREATE AGGREGATE kinds(kind, bigint, integer, boolean) (SFUNC = engagement_agg_step, STYPE = engagement_summary, FINALFUNC = engagement_summary_final);
SELECT kinds(type, viewer, watch_time_ms, completed)::text = engagement_agg(type, viewer, watch_time_ms, completed)::text AS declared_as_domain FROM event;
SELECT pg_temp.refused('SELECT kinds(''poke'', 1, 0, false) FROM generate_series(1, 1)') AS declared_as_domain;
ALTER TYPE engagement_type RENAME VALUE 'poke' TO 'prod';
SELECT pg_temp.refused('SELECT engagement_agg(''prod'', 1, 0, false) FROM generate_series(1, 1)') AS renamed;
ALTER TYPE engagement_type RENAME VALUE 'save' TO 'keep';
SELECT pg_temp.refused('SELECT engagement_agg(type, viewer, watch_time_ms, completed) FROM event') AS renamed;
ALTER TYPE engagement_type RENAME VALUE 'keep' TO 'save';
SELECT saves(engagement_agg(type, viewer, watch_time_ms, completed)) FROM event;
ALTER TYPE engagement_type RENAME VALUE 'prod' TO 'poke';
DROP AGGREGATE kinds(kind, bigint, integer, boolean);
DROP DOMAIN kind;
DELETE FROM pg_enum WHERE enumtypid = 'engagement_type'::regtype AND enumlabel = 'poke';
-- Overflow: a summary doubled until a 64-bit sum is full. (2^31 - 1) ms doubled 32 times still fits, 1 view 62 times.
DO $$
DECLARE
  watch_time int;
  s engagement_summary;
  doubled int;
BEGIN
  FOREACH watch_time IN ARRAY '{2147483647,0}'::int[] LOOP
    s := (SELECT engagement_agg('view', 1, watch_time, false) FROM generate_series(1, 1));
    doubled := 0;
    BEGIN
      LOOP
        s := s + s;
        doubled := doubled + 1;
      END LOOP;
    EXCEPTION WHEN OTHERS THEN
      RAISE NOTICE 'doubled % times: views %, watch time %, unique viewers %, then %', doubled, views(s), total_watch_time(s), unique_viewers(s), SQLSTATE;
    END;
    BEGIN
      PERFORM rollup(x) FROM unnest(ARRAY[s, s]) x;
      RAISE NOTICE 'rollup: accepted';
    EXCEPTION WHEN OTHERS THEN
      RAISE NOTICE 'rollup: %', SQLSTATE;
    END;
  END LOOP;
END $$;

-- Text: input of output is the same value.
SELECT count(*) AS summaries, bool_and(s::text::engagement_summary::text = s::text) AS same_text,
       bool_and((views(s::text::engagement_summary), unique_viewers(s::text::engagement_summary)) = (views(s), unique_viewers(s))) AS same_numbers
FROM (SELECT s FROM stored_summary UNION ALL SELECT s FROM daily WHERE s IS NOT NULL) x;
-- Text that is none.
SELECT text, pg_temp.refused(format('SELECT %L::engagement_summary', text)) FROM (VALUES (''), ('garbage'), ('AAAA'), ('!!!!'), ('====')) v(text);
-- Every beginning of a value is refused, and every byte changed in four ways is either refused as malformed or a value again.
CREATE FUNCTION pg_temp.summary_of(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  text text := translate(encode(bytes, 'base64'), E'\n', '');
  s engagement_summary;
BEGIN
  s := text;
  PERFORM views(s), unique_viewers(s), cardinality(viewers(s)), count(k) FROM viewer_keys(viewers(s)) k;
  PERFORM unique_viewers(s + s);
  RETURN CASE WHEN s::text = text THEN 'a value' ELSE 'a value with another text' END;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
CREATE TEMP TABLE sample AS
SELECT 'few' AS name, decode((SELECT engagement_agg(type, viewer, watch_time_ms, completed) FROM event)::text, 'base64') AS bytes
UNION ALL SELECT 'runs', decode((SELECT engagement_agg('view', g, g::int, true) FROM generate_series(1, 5000) g)::text, 'base64')
UNION ALL SELECT 'list', decode((SELECT engagement_agg('view', g * g, 1, true) FROM generate_series(1, 200) g)::text, 'base64');
SELECT name, bool_and(pg_temp.summary_of(substr(bytes, 1, n)) IN ('22P02', '22P03')) AS beginnings_refused, bool_and(pg_temp.summary_of(bytes || substr(bytes, 1, n + 1)) = '22P03') AS longer_refused
FROM sample, generate_series(0, length(bytes) - 1) n GROUP BY name ORDER BY name;
SELECT name, bool_and(pg_temp.summary_of(set_byte(bytes, n, get_byte(bytes, n) # change)) IN ('22P02', '22P03', '22003', 'a value')) AS refused_or_value
FROM sample, generate_series(0, length(bytes) - 1) n, unnest('{1,64,128,255}'::int[]) change GROUP BY name ORDER BY name;
SELECT name, pg_temp.summary_of(bytes) FROM sample ORDER BY name;

-- Binary: what is sent can be received; garbage is refused by the same checks. The file of a binary COPY is made by hand.
CREATE TABLE received (s engagement_summary);
CREATE FUNCTION pg_temp.receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  file bytea := '\x5047434f50590aff0d0a00'::bytea || '\x00000000'::bytea || '\x00000000'::bytea || '\x0001'::bytea
    || int4send(length(bytes)) || bytes || '\xffff'::bytea;
  octal text := (SELECT string_agg('\' || lpad((b / 64)::text || (b / 8 % 8)::text || (b % 8)::text, 3, '0'), '' ORDER BY n)
                 FROM generate_series(0, length(file) - 1) n, get_byte(file, n) b);
BEGIN
  EXECUTE format('COPY received FROM PROGRAM %L (FORMAT binary)', format('printf ''%s''', octal));
  RETURN 'a value';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
SELECT name, pg_temp.receive(bytes), engagement_summary_send(translate(encode(bytes, 'base64'), E'\n', '')::engagement_summary) = bytes AS sent FROM sample ORDER BY name;
SELECT count(*) AS received, bool_and(decode(r.s::text, 'base64') = p.bytes) AS same FROM received r JOIN sample p ON p.bytes = decode(r.s::text, 'base64');
SELECT pg_temp.receive('') AS empty, pg_temp.receive('\x00') AS zero, pg_temp.receive('\xdeadbeef') AS garbage, pg_temp.receive(decode(repeat('ff', 100), 'hex')) AS ones;
SELECT bool_and(pg_temp.receive(substr(bytes, 1, n)) = '22P03') AS beginnings_refused FROM sample, generate_series(1, length(bytes) - 1) n WHERE name = 'few';
SELECT bool_and(pg_temp.receive(set_byte(bytes, n, get_byte(bytes, n) # 255)) IN ('22P03', 'a value')) AS refused_or_value FROM sample, generate_series(0, length(bytes) - 1) n WHERE name = 'few';

DROP TABLE received, stored_summary;
