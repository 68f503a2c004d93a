-- How far viewers get: arguments and errors, chains by hand, who may ask, what is the caller's own, retention, cancelling, memory
-- and parallel plans. Funnels of many viewers are the oracle's business, and chains of conditions that of the unit tests.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
\set family f
\ir include/callers.sql
BEGIN;
SELECT no_plan();

-- ---------------------------------------------------------------------------------------------------
-- Arguments
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) SELECT state, named, format('SELECT * FROM funnel(%s)', arguments) FROM (VALUES
  ('22004', 'steps', 'NULL'), ('22023', '0', '''{}'''), ('22004', 'step 2', '''{view,NULL}'''), ('22023', 'like', '''{view,like}'''), ('22023', 'View', '''{View}'''), ('22023', '""', '''{""}'''), ('22023', ' view', '''{" view"}'''),
  ('22023', 'dimension', '''{{view},{save}}'''), ('22023', '33', 'array_fill(''view''::text, ARRAY[33])'), ('22023', 'session', '''{view}'', scope => ''session'''), ('22023', '""', '''{view}'', scope => '''''),
  ('22023', 'within', '''{view}'', within => ''0'''), ('22023', 'within', '''{view}'', within => ''-1 second'''), ('22023', 'within', '''{view}'', within => ''1 month -31 days'''), ('22023', '0', '''{view}'', creator_id => 0'), ('22023', '-7', '''{view}'', creator_id => -7'),
  ('22023', '2025-01-01 00:00:00', '''{view}'', ''2025-01-01 00:00:00.000001'', ''2025-01-01'''), ('22008', 'infinit', '''{view}'', ''-infinity'''), ('22008', 'infinit', '''{view}'', NULL, ''infinity''')) v(state, named, arguments);
INSERT INTO bad (state, named, query) SELECT state, named, format('SELECT window_funnel(%s)', arguments) FROM (VALUES
  ('22004', 'within', 'NULL, '''', now(), true'), ('22023', 'within', '''0'', '''', now(), true'), ('22023', 'strict', '''1 s'', ''strict'', now(), true'), ('22023', 'Once', '''1 s'', ''Once'', now(), true'),
  ('22023', '33', '''1 s'', '''', now(), VARIADIC array_fill(true, ARRAY[33])'), ('22023', 'dimension', '''1 s'', '''', now(), VARIADIC array_fill(true, ARRAY[6, 5])')) v(state, named, arguments);
CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE message !~ '^[a-z0-9_]' OR message ~ '\.$'$$, 'messages begin in lower case and have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE position(lower(named) IN lower(message)) = 0$$, 'messages name the argument or the value');
SELECT is_empty($$SELECT query FROM told WHERE coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
SELECT matches((SELECT hint FROM told WHERE named = 'strict'), '''''.*once.*order.*increase.*dedup', 'the five modes are named');
-- Nobody hands over a state that is none: its type has no values.
SELECT is((pg_temp.failure(q)).state, '42883', 'no call by hand: ' || q) FROM unnest(ARRAY['SELECT window_funnel_final(NULL)', $$SELECT window_funnel_deserialize('', NULL)$$, $$SELECT window_funnel_step(NULL, '1 s', '', now(), '{t}')$$, 'SELECT window_funnel_combine(NULL, NULL)', 'SELECT window_funnel_serialize(NULL)']) q;

-- ---------------------------------------------------------------------------------------------------
-- The aggregate
-- ---------------------------------------------------------------------------------------------------
SELECT is((SELECT window_funnel('1 s', '', now(), true) WHERE false), 0, 'over nothing');
SELECT results_eq($$SELECT window_funnel('1 s', m, NULL, true) FROM unnest(ARRAY['', 'order']) m GROUP BY m$$, 'VALUES (0), (0)', 'a row without a time');
SELECT is((SELECT window_funnel('1 s', NULL, now(), NULL, true)), 0, 'NULL is false');
SELECT is((SELECT window_funnel('1 s', NULL, now(), VARIADIC NULL)), 0, 'no conditions at all');
SELECT is((SELECT window_funnel('1 s', '', now(), VARIADIC '{}')), 0, 'an empty list of them');
SELECT is((SELECT window_funnel('1 s', '', now(), VARIADIC array_fill(true, ARRAY[32]))), 32, 'as many as there may be');
SELECT is((SELECT window_funnel('1 s', '', now(), VARIADIC '{t,NULL,t}')), 1, 'one in between is NULL');
SELECT is((SELECT window_funnel('1 s', '', now(), VARIADIC '{NULL,t}')), 0, 'the first is NULL');
SELECT results_eq($$SELECT o, window_funnel(w::interval, '', at + o * (n - 1), n = 1, n = 2) FROM (VALUES (1, timestamptz '2025-01-01'), (2, '2025-01-31')) v(n, at), unnest(ARRAY['30 days', '1 month']) w, unnest(ARRAY['0', '1 microsecond']::interval[]) o GROUP BY w, o ORDER BY w, o$$,
  $$VALUES ('0'::interval, 2), ('1 microsecond', 1), ('0', 2), ('1 microsecond', 1)$$, 'the window is inclusive, and a month 30 days');
SELECT is((SELECT window_funnel('1 hour', '', at, at = '-infinity', at = 'infinity') FROM unnest(ARRAY['-infinity', 'infinity']::timestamptz[]) at), 1, 'infinities are far apart');
-- Frames of windows go on with a state after its answer.
SELECT results_eq($$SELECT window_funnel('1 hour', 'once', timestamptz '2025-01-01' + t * interval '1 minute', s = 1, s = 2, s = 3) OVER (ORDER BY n) FROM (VALUES (1, 9, 3), (2, 8, 2), (3, 7, 1), (4, 1, 1), (5, 10, 3)) v(n, t, s)$$, 'VALUES (0), (0), (3), (3), (3)', 'as a window function, rows in any order');
-- Many groups, some with many rows, by every kind of plan.
CREATE TABLE visit AS SELECT g % 20011 % (1 + g % 7919) AS viewer, timestamptz '2025-01-01' + (g * 7919 % 100003) * interval '1 minute' AS at, g * 31 % 5 AS kind FROM generate_series(1, 60000) g;
ANALYZE visit;
CREATE FUNCTION pg_temp.levels(mode text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT string_agg(level || '' '' || n, '', '' ORDER BY level) FROM (SELECT level, count(*) AS n FROM (SELECT window_funnel(''3 days'', %L, at, kind = 1, kind = 3, kind = 0) AS level FROM visit GROUP BY viewer) l GROUP BY 1) c', mode);
END $$;
CREATE FUNCTION pg_temp.plan_of(mode text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text;
  plan text := '';
BEGIN
  FOR line IN EXECUTE format('EXPLAIN (COSTS off) SELECT window_funnel(''3 days'', %L, at, kind = 1, kind = 3, kind = 0) FROM visit GROUP BY viewer', mode) LOOP
    plan := plan || line || E'\n';
  END LOOP;
  RETURN plan;
END $$;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL enable_hashagg = off;
CREATE TEMP TABLE serial AS SELECT m AS mode, l AS levels FROM unnest(ARRAY['', 'once', 'order', 'increase', 'dedup']) m, pg_temp.levels(m) l;
SELECT doesnt_match(pg_temp.plan_of(''), 'HashAggregate|Gather', 'one after the other, sorted');
SET LOCAL enable_hashagg = on;
SET LOCAL enable_sort = off;
SET LOCAL work_mem = '64kB';
SELECT matches(pg_temp.plan_of(''), 'HashAggregate', 'by a hash table that spills');
SELECT results_eq(format('SELECT pg_temp.levels(%L)', mode), format('VALUES (%L)', levels), 'the same: ' || mode || ', ' || levels) FROM serial;
RESET work_mem;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT matches(pg_temp.plan_of(''), 'Finalize(.|\n)*Partial', 'by workers');
SELECT results_eq(format('SELECT pg_temp.levels(%L)', mode), format('VALUES (%L)', levels), 'the same: ' || mode || ', ' || levels) FROM serial;
SELECT isnt((SELECT count(DISTINCT levels) FROM serial), 1::bigint, 'modes differ');

-- ---------------------------------------------------------------------------------------------------
-- Chains by hand
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'one'), (2, 7, 'two'), (3, 8, 'three');
CREATE FUNCTION pg_temp.did(viewer bigint, events text, content bigint DEFAULT 1, session bigint DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
  SELECT content, viewer, session, split_part(e, '@', 1)::engagement_type, timestamptz '2025-03-01' + split_part(e, '@', 2)::interval FROM string_to_table(events, ' ') e $$;
CREATE FUNCTION pg_temp.reached(steps text[], within interval DEFAULT '1 hour', scope text DEFAULT NULL, creator bigint DEFAULT NULL, s timestamptz DEFAULT '2025-03-01', e timestamptz DEFAULT '2025-03-02') RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(viewers || coalesce('/' || median_seconds, ''), ' ' ORDER BY step) FROM funnel(steps, s, e, within, scope, creator) $$;
SELECT is(pg_temp.reached('{view,save}'), '0 0', 'nobody');
SELECT results_eq($$SELECT * FROM funnel('{view,save}', '2025-03-01', '2025-03-02')$$, $$VALUES (1, 'view', 0::bigint, 0::float8, 0::float8, 0::bigint, NULL::float8), (2, 'save', 0, 0, 0, 0, NULL)$$, 'zeros, and no median');
CREATE TEMP TABLE walked (n int GENERATED ALWAYS AS IDENTITY, events text, steps text[], within interval, wanted text);
INSERT INTO walked (events, steps, within, wanted) VALUES
  ('view@1:00 view@1:00', '{view,view}', '1 hour', '1 1/0'), ('view@1:00', '{view,view}', '1 hour', '1 0'),                              -- an event is one step; at one time by id
  ('view@1:00 save@2:00', '{view,save}', '1 hour', '1 1/3600'), ('view@1:00 save@2:00:00.000001', '{view,save}', '1 hour', '1 0'),     -- inclusive
  ('save@1:00 view@1:00', '{view,save}', '1 hour', '1 0'), ('view@1:00 save@1:00', '{view,save}', '1 hour', '1 1/0'),
  ('view@1:00 view@1:50 click@1:55 save@2:30', '{view,click,save}', '1 hour', '1 1/300 1/2100'),     -- the second start gets further
  ('view@1:00 view@1:10 click@1:20 save@1:30 save@1:40', '{view,click,save}', '1 hour', '1 1/1200 1/600'),     -- the first of equals, the earliest save
  ('view@1:00 click@1:30 click@1:50 save@2:10 view@3:00 click@3:01', '{view,click,save}', '1 hour', '1 1/1800 0'),
  ('view@1:00 skip@1:01 share@1:02 save@1:03', '{view,save}', '1 hour', '1 1/180'), ('complete@1:00 view@1:01', '{complete,view,complete}', '1 hour', '1 1/60 0'),
  ('view@23:59:59.999999 save@24:59:59.999999', '{view,save}', '1 hour', '1 1/3600'), ('view@24:00 save@24:01', '{view,save}', '1 hour', '0 0'), ('view@-00:00:00.000001 save@0:00', '{view,save}', '1 hour', '0 0'), ('view@0:00 save@0:00:01', '{view,save}', '1 second', '1 1/1'),
  ('view@1:00 click@1:00:01 view@1:00:02 click@1:00:05', '{view,click,view,click}', '1 hour', '1 1/1 1/1 1/3');
CREATE FUNCTION pg_temp.walk(events text, steps text[], within interval) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  PERFORM pg_temp.did(900, events);
  result := pg_temp.reached(steps, within);
  DELETE FROM explore_engagements WHERE user_id = 900;
  RETURN result;
END $$;
SELECT is(pg_temp.walk(events, steps, within), wanted, format('%s: %s within %s', events, steps, within)) FROM walked ORDER BY n;
-- Anonymous sessions are viewers, who come without either are none; types of somebody's are no steps.
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 1, s, t, timestamptz '2025-03-01 05:00' + n * interval '1 s' FROM (VALUES (31, 'view', 1), (31, 'save', 2), (NULL, 'view', 3), (NULL, 'save', 4)) v(s, t0, n), LATERAL (SELECT t0::engagement_type AS t) x;
SELECT is(pg_temp.reached('{view,save}'), '1 1/1', 'an anonymous session');
SELECT pg_temp.did(31, 'view@5:00'), pg_temp.did(40, 'view@6:00 save@6:30', 2, 51), pg_temp.did(40, 'click@6:20', 1, 51), pg_temp.did(40, 'click@6:10', 3, 52), pg_temp.did(41, 'view@6:00', 3, 53), pg_temp.did(41, 'save@6:02', 3, 54), pg_temp.did(41, 'click@6:01', 3) \g /dev/null
SELECT is(pg_temp.reached('{view,save}'), '4 3/120', 'user 31 is another than session 31');
SELECT is(pg_temp.reached('{view,click,save}'), '4 2/330 2/630', 'any content and session');
SELECT is(pg_temp.reached('{view,click,save}', scope => 'same_content'), '4 1/60 1/60', 'of one content');
SELECT is(pg_temp.reached('{view,click,save}', scope => 'same_session'), '3 1/1200 1/600', 'in one session: what has none takes no part');
SELECT is(pg_temp.reached('{view,click,save}', creator => 7), '3 1/1200 1/600', 'of a creator');
SELECT is(pg_temp.reached('{view,save}', creator => 8, scope => 'same_session'), '1 0', 'of another one');
SELECT is(pg_temp.reached('{view,save}', creator => 999), '0 0', 'of nobody');
UPDATE explore_content SET creator_id = 8 WHERE id = 2;
SELECT is(pg_temp.reached('{view,click,save}', creator => 8), '2 2/330 2/630', 'contents are whose they are now');
SELECT is(pg_temp.reached('{view,click,save}', '5 seconds'), '4 0 0', 'the uncommitted rows of this transaction are in all of this');
SELECT results_eq($$SELECT step, name, viewers, rate_from_start, rate_from_previous, dropped FROM funnel('{view,click,save,share}', '2025-03-01', '2025-03-02')$$,
  $$VALUES (1, 'view', 4::bigint, 100::float8, 100::float8, 0::bigint), (2, 'click', 2, 50, 50, 2), (3, 'save', 2, 50, 100, 0), (4, 'share', 0, 0, 0, 2)$$, 'rates, and who was dropped');
SELECT is(pg_temp.reached('{view,save}', s => NULL, e => NULL), '4 3/120', 'open bounds');
SELECT is(pg_temp.reached('{view,save}', s => '2025-03-01 06:00', e => '2025-03-01 06:00'), '0 0', 'an empty range');
SELECT is(pg_temp.reached('{view}', s => '294276-12-31 23:00', e => '294276-12-31 23:59:59', within => '300000 years'), '0', 'the end of the calendar');
SELECT results_eq($$SELECT * FROM funnel('{view,save}', '2025-03-01', '2025-03-02', NULL, NULL, NULL)$$, $$SELECT * FROM funnel('{view,save}', '2025-03-01', '2025-03-02', '24:00', 'any')$$, 'NULL is the default');

-- ---------------------------------------------------------------------------------------------------
-- Who may ask
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.as_role(role text, identity text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  PERFORM set_config('explore_analytics.user_id', identity, true);
  EXECUTE format('SET LOCAL ROLE %I', 'ea_tap_f_' || role);
  BEGIN
    EXECUTE query INTO result;
  EXCEPTION WHEN OTHERS THEN
    result := SQLSTATE;
  END;
  RESET ROLE;
  PERFORM set_config('explore_analytics.user_id', '', true);
  RETURN result;
END $$;
SELECT is(pg_temp.as_role(role, identity, format($$SELECT string_agg(viewers::text, ' ' ORDER BY step) FROM public.funnel('{view,save}', '2025-03-01', '2025-03-02', creator_id => %L)$$, creator)), wanted, format('%s as %s about %s', role, identity, creator)) FROM (VALUES
  ('reader', '8', NULL, '2 2'), ('reader', '8', '8', '2 2'), ('reader', '8', '7', '42501'), ('reader', '8', '999', '42501'), ('reader', '7', NULL, '2 1'), ('reader', '999', NULL, '0 0'), ('reader', '', NULL, '42501'), ('reader', '', '7', '42501'),
  ('analyst', '', NULL, '4 3'), ('analyst', '8', '7', '2 1'), ('writer', '8', NULL, '42501'), ('nobody', '8', NULL, '42501')) v(role, identity, creator, wanted);

-- ---------------------------------------------------------------------------------------------------
-- Long work: little memory, one viewer with much, and cancelling
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1 + n % 3, CASE WHEN n % 2 = 0 THEN 5000 ELSE 6000 + n * 31 % 977 END, (ARRAY['view', 'click', 'save', 'share'])[1 + n * 7 % 4]::engagement_type, timestamptz '2025-04-01' + n * 7919 % 50021 * interval '10 seconds' FROM generate_series(1, 50000) n;
CREATE TEMP TABLE memory AS SELECT s AS scope, pg_temp.reached('{view,click,view,save}', '2 hours', s, NULL, '2025-04-01', '2025-05-01') AS answer FROM unnest(ARRAY['any', 'same_content']) s;
SET LOCAL work_mem = '64kB';
SELECT is(pg_temp.reached('{view,click,view,save}', '2 hours', scope, NULL, '2025-04-01', '2025-05-01'), answer, 'in 64 kB: ' || scope || ', ' || answer) FROM memory;
SAVEPOINT small;
SET LOCAL temp_file_limit = '100kB';
SELECT is((pg_temp.failure($$SELECT funnel('{view,click,save}', '2025-04-01', '2025-05-01')$$)).state, '53400', 'temporary files are held to their limit');
ROLLBACK TO small;
RESET work_mem;
-- Calls that are cancelled at several points of their way, wherever that falls, end soon after. Each point counts with the
-- better of two times, and what is soon goes by what the call takes as a whole.
CREATE FUNCTION pg_temp.milliseconds(query text) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 1000 * extract(epoch FROM clock_timestamp() - statement_timestamp());
END $$;
CREATE FUNCTION pg_temp.cancelled(query text) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN NULL;
EXCEPTION WHEN query_canceled THEN
  RETURN 1000 * extract(epoch FROM clock_timestamp() - statement_timestamp());
END $$;
-- Of one viewer in June, of many in August, neither in order of time.
DO $$
DECLARE
  i regclass;
BEGIN
  FOR i IN SELECT x.indexrelid FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE x.indrelid = 'explore_engagements'::regclass AND NOT x.indisunique AND a.amname <> 'brin' LOOP
    EXECUTE 'DROP INDEX ' || i;
  END LOOP;
END $$;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1 + n % 3, CASE WHEN m = 6 THEN 5000 ELSE 10000 + n::bigint * 7919 % 200003 END, (ARRAY['view', 'click', 'save', 'share'])[1 + n % 4]::engagement_type, make_timestamptz(2025, m, 1, 0, 0, 0) + n::bigint * 618034 % 1000003 * interval '1 second'
FROM unnest(ARRAY[6, 8]) m, generate_series(1, 400000) n ORDER BY m;
CREATE TEMP TABLE long_call (what text PRIMARY KEY, query text, memory text DEFAULT '64MB', takes float8);
INSERT INTO long_call (what, query) VALUES
  ('one viewer', $$SELECT funnel('{view,click,save,share}', '2025-06-01', '2025-07-01', '30 days', 'same_content')$$),
  ('many viewers', $$SELECT funnel('{view,click,save,share}', '2025-08-01', '2025-09-01', '30 days')$$),
  ('rows of one time', $$SELECT window_funnel('1 hour', 'once', timestamptz '2025-01-01' + g / 32 * interval '1 second', VARIADIC array_fill(true, ARRAY[32])) FROM generate_series(1, 400000) g$$),
  ('rows in disorder', $$SELECT window_funnel('1 hour', 'order', created_at, VARIADIC '{}') FROM explore_engagements WHERE created_at >= '2025-06-01'$$);
INSERT INTO long_call (what, query, memory) SELECT what || ' in 64 kB', query, '64kB' FROM long_call WHERE what ~ 'viewer';
CREATE TEMP TABLE cancelled (what text, point float8, after float8);
SET max_parallel_workers_per_gather = 0;
SELECT format('SET LOCAL work_mem = %L', memory), format('UPDATE long_call SET takes = least(takes, pg_temp.milliseconds(query)) WHERE what = %L', what) FROM long_call, generate_series(1, 3) \gexec
SELECT format('SET LOCAL work_mem = %L', memory), format('SET LOCAL statement_timeout = %s', greatest(1, round(point * takes))), format('INSERT INTO cancelled SELECT what, %s, pg_temp.cancelled(query) / takes FROM long_call WHERE what = %L', point, what), 'SET LOCAL statement_timeout = 0'
FROM long_call, unnest(ARRAY[0.6, 0.7, 0.8]) point, generate_series(1, 2) \gexec
RESET work_mem;

SELECT cmp_ok(max(late), '<', 0.15::float8, 'cancelled at once: ' || what) FROM (SELECT what, point, min(after) - point AS late FROM cancelled GROUP BY 1, 2) t GROUP BY what ORDER BY what;

SELECT * FROM finish();
ROLLBACK;

DROP OWNED BY ea_tap_f_reader, ea_tap_f_analyst, ea_tap_f_writer;
DROP EXTENSION explore_analytics CASCADE;
DROP OWNED BY ea_tap_f_owner CASCADE;
DROP ROLE ea_tap_f_owner, ea_tap_f_reader, ea_tap_f_analyst, ea_tap_f_writer, ea_tap_f_nobody;
