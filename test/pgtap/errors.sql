-- Bad input: which SQLSTATE, what the message says, and that nothing of it is stored.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
ALTER TYPE engagement_type ADD VALUE 'applaud';
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 1, 'One'), (42, 1, 'Forty-two');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (11, 1), (77, 42);
INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES (501, 1, '2025-01-01');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at) VALUES (1, 1, 501, 'view', '2025-01-01 00:10');
BEGIN;
SELECT no_plan();

-- Every row of every table, to see whether anything changed.
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS $$
  SELECT md5(concat_ws('/', (SELECT jsonb_agg(e ORDER BY id) FROM explore_engagements e), (SELECT jsonb_agg(s ORDER BY id) FROM explore_feed_sessions s),
    (SELECT jsonb_agg(c ORDER BY id) FROM explore_content c), (SELECT jsonb_agg(v ORDER BY id) FROM explore_discovery_videos v),
    (SELECT jsonb_agg(p ORDER BY user_id, content_id) FROM explore_saved_properties p), (SELECT count(*) FROM explore_viewers), (SELECT count(*) FROM explore_exposures),
    (SELECT count(*) FROM explore_analytics.event_keys), (SELECT count(*) FROM explore_analytics.viewing_keys)))
$$;
CREATE TEMP TABLE before AS SELECT pg_temp.state() AS state;

CREATE FUNCTION pg_temp.failure(query text, OUT state text, OUT message text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  state := 'none';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END $$;

-- named: the bad value, as it has to appear in the message.
CREATE TEMP TABLE bad (n int GENERATED ALWAYS AS IDENTITY, state text, named text, query text);
INSERT INTO bad (state, named, query) VALUES
  -- not there
  ('P0002', '999', 'SELECT * FROM video_analytics(999)'), ('P0002', '42', 'SELECT * FROM video_analytics(42)'),
  ('P0002', '9223372036854775807', 'SELECT * FROM video_analytics(9223372036854775807)'),
  ('P0002', '999', 'SELECT * FROM session_analytics(999)'), ('P0002', '999', 'SELECT close_session(999)'), ('P0002', '999', 'SELECT identify_session(999, 1)'),
  ('23503', '999', $$SELECT record_engagement(999, 'view')$$), ('23503', '998', $$SELECT record_engagement(1, 'view', session_id => 998)$$),
  ('22P02', 'look', $$SELECT record_engagement(1, 'look')$$), ('22P02', 'View', $$SELECT record_engagement(1, 'View')$$), ('22P02', '""', $$SELECT record_engagement(1, '')$$),
  ('22P02', 'applaud', $$SELECT record_engagement(1, 'applaud')$$),
  -- NULL where an id is needed, and nobody to ask about
  ('22004', 'content_id', $$SELECT record_engagement(NULL, 'view')$$), ('22004', 'engagement_type', 'SELECT record_engagement(1, NULL)'),
  ('22004', 'engagements', 'SELECT record_engagement_batch(NULL)'), ('22004', 'session_id', 'SELECT close_session(NULL)'), ('22004', 'session_id', 'SELECT identify_session(NULL, 1)'), ('22004', 'user_id', 'SELECT identify_session(501, NULL)'),
  ('22004', 'video_id', 'SELECT * FROM video_analytics(NULL)'), ('22004', 'session_id', 'SELECT * FROM session_analytics(NULL)'),
  ('22004', 'content_id', 'SELECT content_summary(NULL)'), ('22004', 'creator_id', 'SELECT creator_summary(NULL)'),
  ('22023', 'period', 'SELECT * FROM aggregated_metrics(NULL)'), ('22023', 'metric', 'SELECT * FROM metric_series(NULL)'),
  ('22004', 'creator', 'SELECT * FROM creator_analytics()'), ('22004', 'creator', 'SELECT creator_dashboard()'), ('22004', 'creator', 'SELECT my_analytics_dashboard()'),
  ('22004', 'engagement type', 'SELECT engagement_agg(NULL, 1, 1, true)'), ('22004', 'engagement type', 'SELECT engagement_score(NULL::engagement_type, true)'),
  -- arguments that cannot be
  ('22023', 'array', $$SELECT record_engagement_batch('"x"')$$), ('22023', 'array', $$SELECT record_engagement_batch('5')$$), ('22023', 'array', $$SELECT record_engagement_batch('{}')$$),
  ('22023', 'array', $$SELECT record_engagement_batch('null')$$), ('22023', 'array', $$SELECT record_engagement_batch('{"engagements": 7}')$$),
  ('22023', 'array', $$SELECT record_engagement_batch('{"engagements": {"contentId": 1}}')$$), ('22023', 'array', $$SELECT record_engagement_batch('{"engagements": null}')$$),
  ('22023', 'ignore', $$SELECT record_engagement_batch('[]', 'ignore')$$), ('22023', 'Abort', $$SELECT record_engagement_batch('[]', 'Abort')$$),
  ('22023', '-0.001', $$SELECT record_engagement(1, 'view', watch_time => -0.001)$$), ('22023', 'nan', $$SELECT record_engagement(1, 'view', watch_time => 'NaN')$$),
  ('22023', 'inf', $$SELECT record_engagement(1, 'view', watch_time => '-Infinity')$$), ('22023', 'inf', $$SELECT record_engagement(1, 'view', watch_time => 'Infinity')$$),
  ('22023', to_char(date_trunc('day', now()) + interval '3 days', 'YYYY-MM-DD'), $$SELECT record_engagement(1, 'view', created_at => date_trunc('day', now()) + interval '3 days')$$),
  ('22023', '2024-12-31', $$SELECT close_session(501, '2024-12-31')$$),
  ('22023', 'year', $$SELECT * FROM aggregated_metrics('year')$$), ('22023', 'Day', $$SELECT * FROM aggregated_metrics('Day')$$), ('22023', '""', $$SELECT creator_dashboard(1, '')$$),
  ('22023', 'quarter', $$SELECT my_analytics_dashboard('quarter')$$),
  ('22023', 'likes', $$SELECT * FROM metric_series('likes')$$), ('22023', '""', $$SELECT * FROM metric_series('')$$), ('22023', 'likes', $$SELECT * FROM top_videos('likes')$$),
  ('22023', 'Views', $$SELECT * FROM top_videos('Views')$$),
  ('22023', 'year', $$SELECT * FROM metric_series('views', bucket => 'year')$$), ('22023', 'days', $$SELECT * FROM metric_series('views', bucket => 'days')$$),
  ('22023', 'Mars/Olympus', $$SELECT * FROM metric_series('views', time_zone => 'Mars/Olympus')$$), ('22023', '""', $$SELECT * FROM metric_series('views', time_zone => '')$$),
  ('22023', 'content_id', $$SELECT * FROM metric_series('views', content_id => 1, creator_id => 1)$$),
  ('22023', '0', 'SELECT * FROM top_videos(n => 0)'), ('22023', '-1', 'SELECT * FROM top_videos(n => -1)'), ('22023', '-1', 'SELECT * FROM top_videos(min_views => -1)'),
  ('22023', 'attributes', $$SELECT create_session(1, '[]')$$), ('22023', 'attributes', $$SELECT create_session(1, '"x"')$$),
  ('22023', 'idle', $$SELECT close_idle_sessions('-1 minute')$$),
  ('22023', 'steal', $$SELECT explore_analytics.grant_access(current_user, 'steal')$$), ('42704', 'ea_nobody_knows', $$SELECT explore_analytics.grant_access('ea_nobody_knows', 'read')$$),
  ('22023', '2025-01-01', $$SELECT explore_analytics.ensure_partitions('2025-02-01', '2025-01-01')$$),
  ('22023', '1999-12-31', $$SELECT explore_analytics.ensure_partitions('1999-12-31', '2000-01-01')$$),
  ('22023', 'created_at is before 2000: 1999-12-31', $$SELECT record_engagement(1, 'view', created_at => '1999-12-31 23:59:59.999999+00')$$),
  ('22023', 'created_at is before 2000: 4714-11-24', $$SELECT record_engagement(1, 'view', created_at => '4714-11-24 00:00+00 BC')$$),
  ('22023', 'applaud', $$SELECT engagement_agg('applaud', 1, 1, true)$$), ('22023', 'applaud', $$SELECT engagement_score('applaud'::engagement_type, true)$$),
  ('22023', '-5', $$SELECT engagement_agg('view', 1, -5, true)$$), ('22023', '-1', 'SELECT engagement_score(-1, 0, 0, 0, 0, 0)'), ('22023', '-7', 'SELECT engagement_score(1, 0, 0, 0, 0, -7)'),
  -- too much
  ('22003', '2147483.648', $$SELECT record_engagement(1, 'view', watch_time => 2147483.648)$$), ('22003', 'watch_time 1', $$SELECT record_engagement(1, 'view', watch_time => 1e300)$$),
  ('54000', '10001', $$SELECT record_engagement_batch((SELECT jsonb_agg(jsonb_build_object('contentId', 1, 'engagementType', 'view')) FROM generate_series(1, 10001)))$$),
  ('54000', '1000000', $$SELECT * FROM metric_series('views', '0001-01-01', '9999-01-01', 'hour')$$),
  -- times that are none
  ('22008', 'created_at', $$SELECT record_engagement(1, 'view', created_at => 'infinity')$$), ('22008', 'created_at', $$SELECT record_engagement(1, 'view', created_at => '-infinity')$$),
  ('22008', 'ended_at', $$SELECT close_session(501, 'infinity')$$), ('22008', 'as_of', $$SELECT * FROM aggregated_metrics('day', as_of => 'infinity')$$),
  ('22008', 'as_of', $$SELECT creator_dashboard(1, 'day', '-infinity')$$), ('22008', 'infinit', $$SELECT platform_summary('-infinity', '2025-01-01')$$);
-- ids that are no ids, in every place
INSERT INTO bad (state, named, query)
SELECT '22023', id, replace(q, '{id}', id) FROM unnest(ARRAY['0', '-1', '-9223372036854775808']) id, unnest(ARRAY[
  $$SELECT record_engagement({id}, 'view')$$, $$SELECT record_engagement(1, 'view', {id})$$, $$SELECT record_engagement(1, 'view', session_id => {id})$$, 'SELECT create_session({id})',
  'SELECT close_session({id})', 'SELECT identify_session({id}, 1)', 'SELECT identify_session(501, {id})', 'SELECT * FROM video_analytics({id})', 'SELECT * FROM session_analytics({id})', 'SELECT * FROM creator_analytics({id})', 'SELECT creator_dashboard({id})',
  $$SELECT * FROM aggregated_metrics('day', {id})$$, $$SELECT * FROM metric_series('views', content_id => {id})$$, $$SELECT * FROM metric_series('views', creator_id => {id})$$,
  'SELECT * FROM top_videos(creator_id => {id})', 'SELECT * FROM videos_analytics(creator_id => {id})', 'SELECT content_summary({id})', 'SELECT creator_summary({id})']) q;
-- ranges that end before they start, or never
INSERT INTO bad (state, named, query)
SELECT x.state, x.named, format(q, x.s, x.e) FROM (VALUES ('22023', '2025-01-01 00:00:00', '''2025-01-01 00:00:00.000001''', '''2025-01-01'''), ('22008', 'infinit', 'NULL', '''infinity'''), ('22008', 'infinit', '''-infinity''', 'NULL')) x(state, named, s, e),
  unnest(ARRAY['SELECT * FROM video_analytics(11, %s, %s)', 'SELECT * FROM videos_analytics(NULL, %s, %s)', 'SELECT * FROM creator_analytics(1, %s, %s)', $$SELECT * FROM metric_series('views', %s, %s)$$,
    $$SELECT * FROM metric_series('sessions', %s, %s)$$, $$SELECT * FROM top_videos('views', %s, %s)$$, 'SELECT content_summary(1, %s, %s)', 'SELECT creator_summary(1, %s, %s)', 'SELECT platform_summary(%s, %s)']) q;

CREATE TEMP TABLE told AS SELECT b.*, f.state AS came, f.message, f.hint FROM bad b, LATERAL pg_temp.failure(b.query) f;
SELECT is(came, state, format('%s: %s', state, query)) FROM told ORDER BY n;
SELECT is_empty($$SELECT query, message FROM told WHERE came = state AND message !~ '^[a-z0-9_]'$$, 'messages begin in lower case');
SELECT is_empty($$SELECT query, message FROM told WHERE came = state AND message ~ '[^.]\.$'$$, 'messages have no full stop');
SELECT is_empty($$SELECT query, message FROM told WHERE came = state AND position(lower(named) IN lower(message)) = 0$$, 'messages name the bad value');
SELECT is_empty($$SELECT query, message FROM told WHERE came = state AND coalesce(hint, '') = ''$$, 'every one of them comes with a hint');
SELECT is((SELECT message FROM told WHERE query = 'SELECT * FROM video_analytics(42)'), 'video 42 does not exist', 'the words for an unknown video');
SELECT matches((SELECT hint FROM told WHERE query = 'SELECT * FROM video_analytics(42)'), '77', 'the hint names the video of the content with that id');
SELECT ok(bool_and(hint ~ 'day' AND hint ~ 'week' AND hint ~ 'month' AND hint ~ 'all'), 'the hint names the four periods') FROM told WHERE query LIKE '%aggregated_metrics(''year''%';
SELECT ok(bool_and(hint ~ 'explore_analytics\.user_id'), 'the hint names the setting') FROM told WHERE query IN ('SELECT * FROM creator_analytics()', 'SELECT creator_dashboard()', 'SELECT my_analytics_dashboard()');
SELECT ok(bool_and(hint ~ 'hour' AND hint ~ 'day' AND hint ~ 'week' AND hint ~ 'month'), 'the hint names the buckets') FROM told WHERE query LIKE '%bucket => ''year''%';
SELECT ok(bool_and((SELECT bool_and(position(m IN hint) > 0) FROM unnest(ARRAY['views', 'unique_viewers', 'engagement_score', 'sessions', 'new_viewers']) m)), 'the hint names the metrics') FROM told WHERE query LIKE '%metric_series(''likes''%';
SELECT is(pg_temp.state(), (SELECT state FROM before), 'nothing was stored or changed by any of them');

-- The constraints of the tables, for plain INSERT and COPY.
SELECT throws_ok(format('INSERT INTO explore_engagements (%s) VALUES (%s)', c, v), '23514', NULL, format('INSERT of %s = %s', c, v)) FROM (VALUES
  ('content_id, engagement_type', '0, ''view'''), ('content_id, engagement_type', '-1, ''view'''), ('id, content_id, engagement_type', '0, 1, ''view'''),
  ('content_id, user_id, engagement_type', '1, 0, ''view'''), ('content_id, session_id, engagement_type', '1, -1, ''view'''),
  ('content_id, engagement_type, watch_time_ms', '1, ''view'', -1'), ('content_id, engagement_type, created_at', '1, ''view'', ''infinity'''),
  ('content_id, engagement_type, created_at', '1, ''view'', ''-infinity'''), ('content_id, engagement_type, created_at', '1, ''view'', ''1999-12-31 23:59:59.999999+00''')) x(c, v);
SELECT throws_ok(format('INSERT INTO %s (%s) VALUES (%s)', t, c, v), '23514', NULL, format('INSERT INTO %s of %s = %s', t, c, v)) FROM (VALUES
  ('explore_content', 'id, creator_id', '0, 1'), ('explore_content', 'creator_id', '-1'), ('explore_discovery_videos', 'id, content_id', '-1, 1'),
  ('explore_feed_sessions', 'id', '0'), ('explore_feed_sessions', 'user_id', '0'), ('explore_feed_sessions', 'session_start', '''infinity'''),
  ('explore_viewers', 'user_id', '0'), ('explore_exposures', 'experiment, viewer_key, variant', '''e'', 0, ''v'''), ('explore_saved_properties', 'user_id, content_id', '0, 1')) x(t, c, v);
SELECT throws_ok($$INSERT INTO explore_engagements (content_id, engagement_type, watch_time_ms) VALUES (1, 'view', NULL)$$, '23502', NULL, 'watch_time_ms is not null');
SELECT throws_ok($$INSERT INTO explore_engagements (engagement_type) VALUES ('view')$$, '23502', NULL, 'content_id is not null');
SELECT throws_ok($$INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1, 'look')$$, '22P02', NULL, 'an unknown type');
SELECT throws_ok($$INSERT INTO explore_discovery_videos (content_id) VALUES (1)$$, '23505', NULL, 'a second video of a content');
SELECT is(pg_temp.state(), (SELECT state FROM before), 'nothing of these either');

-- ---------------------------------------------------------------------------------------------------
-- Items of a batch: one bad item, alone and between good ones; skipped, then aborting.
-- ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE item (n int GENERATED ALWAYS AS IDENTITY, code text, field text, state text, item jsonb);
INSERT INTO item (code, field, state, item) SELECT 'not_an_object', NULL, '22023', v FROM unnest(ARRAY['1', '"x"', 'null', 'true', '[]', '[{"contentId": 1, "engagementType": "view"}]']::jsonb[]) v;
INSERT INTO item (code, field, state, item) VALUES
  ('missing_field', 'contentId', '22004', '{}'), ('missing_field', 'contentId', '22004', '{"contentId": null, "engagementType": "view"}'), ('missing_field', 'contentId', '22004', '{"contentID": 1, "engagementType": "view"}'),
  ('missing_field', 'contentId', '22004', '{"contentId": null, "content_id": 2, "engagementType": "view"}'), ('missing_field', 'engagementType', '22004', '{"contentId": 1, "engagement_type": "view", "engagementType": null}'),
  ('missing_field', 'engagementType', '22004', '{"contentId": 1}'), ('missing_field', 'engagementType', '22004', '{"contentId": 1, "engagementType": null}'),
  ('unknown_type', 'engagementType', '22P02', '{"contentId": 1, "engagementType": "look"}'), ('unknown_type', 'engagementType', '22P02', '{"contentId": 1, "engagementType": "VIEW"}'),
  ('unknown_type', 'engagementType', '22P02', '{"contentId": 1, "engagement_type": ""}'), ('unknown_type', 'engagementType', '22P02', '{"contentId": 1, "engagementType": "applaud"}'),
  ('invalid_value', 'engagementType', '22023', '{"contentId": 1, "engagementType": 1}'),
  ('unknown_content', 'contentId', '23503', '{"contentId": 999, "engagementType": "view"}'), ('unknown_content', 'contentId', '23503', '{"content_id": "999", "engagement_type": "save", "userId": 5}'),
  ('unknown_session', 'sessionId', '23503', '{"contentId": 1, "engagementType": "view", "sessionId": 999}'),
  ('created_at_in_future', 'createdAt', '22023', jsonb_build_object('contentId', 1, 'engagementType', 'view', 'createdAt', now() + interval '24 hours 1 minute')),
  ('created_at_in_future', 'createdAt', '22023', '{"contentId": 1, "engagementType": "view", "createdAt": "2999-01-01T00:00:00Z"}'),
  ('invalid_value', 'createdAt', '22008', '{"contentId": 1, "engagementType": "view", "createdAt": "infinity"}'), ('invalid_value', 'createdAt', '22008', '{"contentId": 1, "engagementType": "view", "createdAt": "-infinity"}'),
  ('invalid_value', 'watchTime', '22003', '{"contentId": 1, "engagementType": "view", "watchTime": 2147483.648}'), ('invalid_value', 'watchTime', '22003', '{"contentId": 1, "engagementType": "view", "watchTime": 1e40}');
INSERT INTO item (code, field, state, item)
SELECT 'invalid_value', f.field, '22023', jsonb_build_object('contentId', 1, 'engagementType', 'view') || jsonb_build_object(CASE WHEN v.n % 2 = 0 THEN f.field ELSE f.snake END, v.value)
FROM (VALUES ('contentId', 'content_id', ARRAY['0', '-1', '1.5', '"x"', '""', '"1.5"', 'true', '{}', '[1]', '9223372036854775808', '"9223372036854775808"', '"1e3"', '"0x1"']::jsonb[]),
  ('userId', 'user_id', ARRAY['0', '-1', '2.5', '"-1"', '"abc"', 'false', '{}', '9223372036854775808']::jsonb[]), ('sessionId', 'session_id', ARRAY['0', '-7', '0.5', '"s"', 'true', '[]']::jsonb[]),
  ('watchTime', 'watch_time', ARRAY['-0.001', '-5', '"abc"', 'true', '{}', '[]']::jsonb[]), ('completed', 'completed', ARRAY['1', '"yes"', '{}', '0']::jsonb[]),
  ('createdAt', 'created_at', ARRAY['5', '"yesterday morning"', '"1999-12-31T23:59:59.999999Z"', '"0001-01-01T00:00:00Z"', '"2025-13-01T00:00:00Z"', '""', 'true', '{}']::jsonb[]),
  ('eventId', 'event_id', ARRAY['5', '"x"', '""', '"00000000-0000-0000-0000-00000000000g"', '"00000000-0000-0000-0000-0000000000001"', 'true', '{}']::jsonb[])) f(field, snake, values),
  unnest(f.values) WITH ORDINALITY v(value, n);
UPDATE item SET item = item - 'contentId' || jsonb_build_object('content_id', item -> 'content_id') WHERE field = 'contentId' AND code = 'invalid_value' AND item ? 'content_id';

SELECT is((SELECT (received, recorded, duplicates, rejected, jsonb_array_length(errors), errors -> 0 -> 'index', errors -> 0 ->> 'field', errors -> 0 ->> 'code')::text FROM record_engagement_batch(jsonb_build_array(item))),
          (1, 0, 0, 1, 1, '0'::jsonb, field, code)::text, format('%s %s', code, left(item::text, 90))) FROM item ORDER BY n;
SELECT is(pg_temp.state(), (SELECT state FROM before), 'no bad item is stored');
SELECT is((SELECT state FROM pg_temp.failure(format('SELECT record_engagement_batch(%L, ''abort'')', jsonb_build_array('{"contentId": 1, "engagementType": "save", "userId": 3, "eventId": "00000000-0000-0000-0000-000000000001"}'::jsonb, item)))),
          state, format('abort: %s %s', state, left(item::text, 90))) FROM item ORDER BY n;
SELECT is(pg_temp.state(), (SELECT state FROM before), 'abort: neither the bad item is stored, nor the good one before it');
SELECT is_empty($$SELECT item, e FROM item, record_engagement_batch(jsonb_build_array(item)) b, jsonb_array_elements(b.errors) e
  WHERE NOT e ?& ARRAY['index', 'field', 'code', 'message'] OR coalesce(e ->> 'message', '') !~ '^[a-z]' OR e ->> 'message' ~ '[^.]\.$'$$, 'every error has index, field, code and a message in lower case');
-- All at once, between good ones: what is good is stored, what is bad is reported in order of its index.
SELECT is((SELECT (received, recorded, duplicates, rejected)::text FROM record_engagement_batch((SELECT jsonb_agg(i ORDER BY n, good) FROM item, LATERAL (VALUES (false, item), (true, '{"contentId": 1, "engagementType": "click"}'::jsonb)) x(good, i)))),
  (SELECT (2 * count(*), count(*), 0, count(*))::text FROM item), 'bad items between good ones: the good ones are recorded');
SELECT results_eq($$SELECT (e.value ->> 'index')::int, e.value ->> 'code' FROM record_engagement_batch((SELECT jsonb_agg(i ORDER BY n, good) FROM item, LATERAL (VALUES (false, item), (true, '{"contentId": 1, "engagementType": "click"}'::jsonb)) x(good, i))) b,
    jsonb_array_elements(b.errors) WITH ORDINALITY e(value, o) ORDER BY e.o$$,
  $$SELECT 2 * (row_number() OVER (ORDER BY n) - 1)::int, code FROM item ORDER BY n$$, 'errors are ordered by index');
SELECT is((SELECT count(*)::int FROM explore_engagements WHERE engagement_type = 'click'), (SELECT 2 * count(*)::int FROM item), 'and only the good ones were stored');
-- 'abort' raises the first item's error.
SELECT is((SELECT state FROM pg_temp.failure($$SELECT record_engagement_batch('[{"contentId": 1, "engagementType": "view"}, {"contentId": 999, "engagementType": "view"}, {"contentId": 1, "engagementType": "look"}]', 'abort')$$)), '23503', 'abort: the first bad item counts, whatever finds it');
SELECT is((SELECT state FROM pg_temp.failure($$SELECT record_engagement_batch('[{"contentId": 1, "engagementType": "look"}, {"contentId": 999, "engagementType": "view"}]', 'abort')$$)), '22P02', 'abort: the first bad item counts, the other way round');

-- NULL means the default.
SELECT lives_ok(q, 'NULL is the default: ' || q) FROM unnest(ARRAY[$$SELECT record_engagement_batch('[]', NULL)$$,
  $$SELECT record_engagement(1, 'view', NULL, NULL, NULL, NULL, NULL, NULL, NULL)$$, 'SELECT create_session(NULL, NULL)', 'SELECT close_session(501, NULL)', 'SELECT close_idle_sessions(NULL)',
  'SELECT * FROM videos_analytics(NULL, NULL, NULL, NULL)', $$SELECT * FROM metric_series('views', NULL, NULL, NULL, NULL, NULL, NULL)$$, 'SELECT * FROM top_videos(NULL, NULL, NULL, NULL, NULL, NULL)',
  'SELECT creator_dashboard(1, NULL, NULL)', 'SELECT batch_update_engagement_scores(NULL)', $$SELECT * FROM aggregated_metrics('day', NULL, NULL)$$]) q;
SELECT is((SELECT creator_dashboard(1, NULL)), creator_dashboard(1, 'month'), 'period NULL is month');

-- Values: text and bytes that are none.
SELECT throws_ok(format('SELECT %L::%s', v, t), s, NULL, format('%s of %s', t, v)) FROM (VALUES ('', '22P03'), ('*', '22P02'), ('5QEAAA', '22P02'), ('5QEAAA==x', '22P02'), ('AAAA', '22P03'), ('5QEAAAA=', '22P03'), ('5QIAAAAAAAAAAAAAAAA=', '22P03')) x(v, s), unnest(ARRAY['engagement_summary', 'viewer_set']) t;
SELECT throws_ok(format('SELECT from_roaring(%L)', v), '22P03', NULL, 'from_roaring of ' || v) FROM unnest(ARRAY['\x', '\x00', '\x0100000000000000', '\xffffffffffffffff', '\x01000000000000000000000000000000']) v;
-- Nine bytes of watch time, the most there is; once more is too much.
SELECT encode('\xe50100000101000000000000ffffffffffffffff7f00', 'base64') AS most \gset
SELECT throws_ok(format('SELECT %L::engagement_summary + %1$L::engagement_summary', :'most'), '22003', NULL, 'watch time beyond 64 bits, by +');
SELECT throws_ok(format('SELECT rollup(s) FROM (VALUES (%L::engagement_summary), (%1$L)) v(s)', :'most'), '22003', NULL, 'watch time beyond 64 bits, by rollup');
SELECT is(total_watch_time(:'most'), 9223372036854775.807::float8, 'the most there is');
SELECT is(views(NULL), NULL, 'accessors of NULL are NULL');
SELECT ok((NULL::engagement_summary + NULL) IS NULL, 'so is a sum with NULL');
SELECT * FROM finish();
ROLLBACK;
