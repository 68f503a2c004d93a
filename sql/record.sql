-- Recording: what is stored, what is refused and how, retries and completions, plain INSERT and COPY.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

INSERT INTO explore_content (id, creator_id, title) VALUES
  (3001, 3901, 'Golden'), (3002, 3901, 'Errors'), (3003, 3901, 'Completions'), (3004, 3902, 'Event ids'),
  (3005, 3902, 'Saves'), (3006, 3902, 'Users'), (3007, 3902, 'Rounding'), (3008, 3902, 'Plain'), (3009, 3902, 'Large');
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end) VALUES
  (3501, 3101, '2024-05-01 10:00+00', NULL),                      -- of user 3101
  (3502, NULL, '2024-05-01 10:00+00', NULL),                      -- of an anonymous visitor
  (3503, 3103, '2024-05-01 10:00+00', '2024-05-01 10:30+00');     -- closed

-- The golden batch: every type, both spellings, ids as numbers and as strings, unknown keys, nulls.
SELECT * FROM record_engagement_batch('[
  {"contentId": 3001, "engagementType": "view", "userId": 3101, "sessionId": 3501, "watchTime": 12.3456, "createdAt": "2024-05-01T10:00:00Z"},
  {"content_id": "3001", "engagement_type": "view", "session_id": "3502", "watch_time": 7.5, "completed": true, "created_at": "2024-05-01T10:01:00.250+00:00"},
  {"contentId": 3001, "engagementType": "view", "watchTime": 2, "userId": null, "sessionId": null, "createdAt": "2024-05-01T15:32:00+05:30", "eventId": null, "metadata": null},
  {"contentId": 3001, "engagementType": "save", "sessionId": 3501, "createdAt": "2024-05-01T10:03:00Z", "completed": true},
  {"contentId": 3001, "engagementType": "share", "user_id": "3102", "createdAt": "2024-05-01T10:04:00Z", "completed": true},
  {"contentId": 3001, "engagementType": "click", "sessionId": 3503, "createdAt": "2024-05-01T11:00:00Z", "metadata": {"listing": 7}},
  {"contentId": 3001, "engagementType": "skip", "userId": 3102, "watchTime": 0.4, "createdAt": "2024-05-01T10:06:00Z", "colour": "blue"},
  {"contentId": 3001, "engagementType": "impression", "userId": 3102, "createdAt": "2024-05-01T10:07:00Z", "metadata": [1, "two"]},
  {"contentId": 3001, "engagementType": "progress", "userId": 3104, "watchTime": 3.25, "createdAt": "2024-05-01T10:07:30Z", "completed": true},
  {"contentId": 3001, "engagementType": "complete", "userId": 3102, "createdAt": "2024-05-01T10:08:00Z",
   "eventId": "30000000-0000-4000-8000-000000000001", "completed": true}]');
SELECT engagement_type, user_id, session_id, watch_time_ms, completed, created_at, event_id, metadata
FROM explore_engagements WHERE content_id = 3001 ORDER BY id;
-- 3 views: user 3101, visitor -3502, nobody. Watch time 12.346 + 7.5 + 2 + 0.4 + 3.25 = 25.496 s. Progress makes no viewer.
-- The click is stored although its session had ended. Completions: the completed view and the complete; completed on a save or share is not stored.
-- Score (40*2 + 30 + 20 + 10 - 20) / 3 = 40.
SELECT views(s), unique_viewers(s), unidentified_views(s), completions(s), saves(s), shares(s), clicks(s), skips(s),
       impressions(s), total_watch_time(s), engagement_score(s)
FROM content_summary(3001) s;
SELECT viewer_keys(viewers(content_summary(3001)));

-- Each fault of an item has its code and field; abort raises the SQLSTATE of the last column.
CREATE TEMP TABLE fault (place int GENERATED ALWAYS AS IDENTITY, item jsonb);
INSERT INTO fault (item) VALUES
  ('7'), ('null'), ('[]'),
  ('{"engagementType": "view"}'),
  ('{"contentId": 3002}'),
  ('{"contentId": null, "engagementType": "view"}'),
  ('{"contentId": 0, "engagementType": "view"}'),
  ('{"contentId": "3002x", "engagementType": "view"}'),
  ('{"contentId": 3002.5, "engagementType": "view"}'),
  ('{"contentId": 9223372036854775808, "engagementType": "view"}'),
  ('{"contentId": {}, "engagementType": "view"}'),
  ('{"contentId": 3002, "engagementType": 1}'),
  ('{"contentId": 3002, "engagementType": "like"}'),
  ('{"contentId": 3002, "engagementType": "View"}'),
  ('{"contentId": 3002, "engagementType": "view", "userId": -5}'),
  ('{"contentId": 3002, "engagementType": "view", "sessionId": true}'),
  ('{"contentId": 3002, "engagementType": "view", "watchTime": -1}'),
  ('{"contentId": 3002, "engagementType": "view", "watchTime": "soon"}'),
  ('{"contentId": 3002, "engagementType": "view", "watchTime": 2147483.648}'),
  ('{"contentId": 3002, "engagementType": "view", "completed": "yes"}'),
  ('{"contentId": 3002, "engagementType": "view", "createdAt": "tomorrow noon"}'),
  ('{"contentId": 3002, "engagementType": "view", "createdAt": "infinity"}'),
  ('{"contentId": 3002, "engagementType": "view", "createdAt": "2024-02-30T00:00:00Z"}'),
  ('{"contentId": 3002, "engagementType": "view", "createdAt": 1714557600}'),
  ('{"contentId": 3002, "engagementType": "view", "createdAt": "2999-01-01T00:00:00Z"}'),
  ('{"contentId": 3002, "engagementType": "view", "eventId": "30000000-0000-4000-8000-00000000000g"}'),
  ('{"contentId": 3099, "engagementType": "view"}'),
  ('{"contentId": 3002, "engagementType": "view", "sessionId": 3599}');
SELECT f.place, e->>'index' AS index, e->>'field' AS field, e->>'code' AS code, e->>'message' AS message,
       left(pg_temp.refused(format('SELECT record_engagement_batch(%L, ''abort'')', jsonb_build_array(f.item))), 5) AS abort
FROM fault f, record_engagement_batch(jsonb_build_array(f.item)) b, jsonb_array_elements(b.errors) e ORDER BY f.place;
-- All of them in one batch with a good item in front and one behind: ordered by index from 0.
SELECT received, recorded, duplicates, rejected, jsonb_array_length(errors) AS errors,
       (SELECT string_agg(e->>'index', ' ' ORDER BY o) FROM jsonb_array_elements(errors) WITH ORDINALITY x(e, o)) AS indexes
FROM (SELECT jsonb_agg(item ORDER BY place) AS items FROM (
        SELECT 0 AS place, '{"contentId": 3002, "engagementType": "click"}'::jsonb AS item
        UNION ALL SELECT place, item FROM fault
        UNION ALL SELECT 1000, '{"contentId": 3002, "engagementType": "click"}') f) a,
     record_engagement_batch(a.items) b;
SELECT views(s), clicks(s) FROM content_summary(3002) s;
DROP TABLE fault;

-- A day ahead is allowed, more is not.
SELECT ahead, recorded, rejected FROM (VALUES ('23 hours'), ('25 hours')) v(ahead),
  record_engagement_batch(jsonb_build_array(jsonb_build_object('contentId', 3002, 'engagementType', 'skip',
    'createdAt', to_char(now() + ahead::interval, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))));
SELECT pg_temp.refused($$SELECT record_engagement(3002, 'skip', created_at => now() + interval '23 hours')$$) AS within_a_day,
       left(pg_temp.refused($$SELECT record_engagement(3002, 'skip', created_at => now() + interval '25 hours')$$), 5) AS later;

-- abort: the error of the first faulty item, whether it is found in the text or in the tables; nothing is stored.
SELECT record_engagement_batch('[{"contentId": 3002, "engagementType": "save", "userId": 3102}, {"contentId": 3099, "engagementType": "view"}, {"engagementType": "view"}]', 'abort');
SELECT record_engagement_batch('[{"contentId": 3002, "engagementType": "save", "userId": 3102}, {"engagementType": "view"}, {"contentId": 3099, "engagementType": "view"}]', on_error => 'abort');
SELECT saves(content_summary(3002)), (SELECT count(*) FROM explore_saved_properties WHERE content_id = 3002) AS saved;
-- Without a fault abort stores as skip does; a duplicate is no fault.
SELECT * FROM record_engagement_batch('[{"contentId": 3002, "engagementType": "share", "eventId": "30000000-0000-4000-8000-000000000002"},
  {"contentId": 3002, "engagementType": "share", "eventId": "30000000-0000-4000-8000-000000000002"}]', 'abort');

-- Of a key in both spellings the camelCase one counts, null or not.
SELECT recorded, rejected, errors FROM record_engagement_batch('[{"contentId": null, "content_id": 3002, "engagementType": "save"},
  {"contentId": 3002, "content_id": 3001, "engagementType": "save", "engagement_type": "share", "userId": null, "user_id": 3102, "sessionId": null, "session_id": 3501, "watchTime": null, "watch_time": 5,
   "createdAt": "2024-05-01T12:00:00Z", "created_at": null, "eventId": null, "event_id": "30000000-0000-4000-8000-000000000001"}]');
SELECT engagement_type, user_id, session_id, watch_time_ms, created_at, event_id FROM explore_engagements WHERE content_id = 3002 AND engagement_type = 'save';
DELETE FROM explore_engagements WHERE content_id = 3002 AND engagement_type = 'save';

-- The batch as a whole: no items, an object with the key engagements, and what is neither.
SELECT * FROM record_engagement_batch('{"engagements": [{"contentId": 3002, "engagementType": "impression"}], "sentAt": 1}');
SELECT * FROM record_engagement_batch('{"engagements": []}', NULL);
SELECT body, pg_temp.refused(format('SELECT record_engagement_batch(%L)', body)) FROM (VALUES
  (NULL), ('null'), ('1'), ('"view"'), ('{}'), ('{"engagements": null}'), ('{"engagements": {}}'), ('{"items": []}'),
  ('{"contentId": 3002, "engagementType": "view"}')) v(body);
SELECT pg_temp.refused($$SELECT record_engagement_batch('[]', 'ignore')$$);
-- 10,000 items are taken, 10,001 refused.
SELECT n, pg_temp.refused(format('SELECT record_engagement_batch((SELECT jsonb_agg(jsonb_build_object(%L, 3009, %L, %L, %L, g)) FROM generate_series(1, %s) g))',
  'contentId', 'engagementType', 'view', 'userId', n)) FROM (VALUES (10001), (10000)) v(n);
SELECT views(s), unique_viewers(s) FROM content_summary(3009) s;

-- record_engagement: one event; bad input raises.
SELECT record_engagement(3002, 'view', 3101, 3501, 1.5, true, '2024-05-02 10:00+00', '30000000-0000-4000-8000-000000000003', '{"a": 1}'),
       record_engagement(content_id => 3002, engagement_type => 'view', event_id => '30000000-0000-4000-8000-000000000003') AS again,
       record_engagement(3002, 'click', NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS all_defaults;
SELECT call, pg_temp.refused('SELECT record_engagement(' || call || ')') FROM (VALUES
  ('NULL, ''view'''), ('3002, NULL'), ('0, ''view'''), ('3002, ''like'''), ('3002, '''''),
  ('3099, ''view'''), ('3002, ''view'', session_id => 3599'), ('3002, ''view'', user_id => 0'), ('3002, ''view'', session_id => -1'),
  ('3002, ''view'', watch_time => -0.001'), ('3002, ''view'', watch_time => ''NaN'''), ('3002, ''view'', watch_time => ''Infinity'''),
  ('3002, ''view'', watch_time => 2147483.648'),
  ('3002, ''view'', created_at => ''infinity'''), ('3002, ''view'', created_at => ''-infinity''')) v(call);
SELECT left(pg_temp.refused('SELECT record_engagement(3002, ''view'', watch_time => 1e300)'), 5) AS far_too_long;
SELECT engagement_type, watch_time_ms, completed, metadata FROM explore_engagements
WHERE content_id = 3002 AND (user_id = 3101 OR engagement_type = 'click') ORDER BY id;

-- Rounded half away from zero to milliseconds, from decimals and from doubles alike.
SELECT seconds, recorded, rejected FROM (VALUES ('0'), ('-0'), ('0.0004999999'), ('0.0005'), ('1.0005'), ('1.0004'), ('2.5'), ('1e1'), ('1.0015'),
    ('0.00149999999999999999999'), ('2147483.647'), ('2147483.64749'), ('2147483.6475')) v(seconds),
  record_engagement_batch(format('[{"contentId": 3007, "engagementType": "view", "watchTime": %s}]', seconds)::jsonb);
SELECT array_agg(watch_time_ms ORDER BY id) FROM explore_engagements WHERE content_id = 3007;
DELETE FROM explore_engagements WHERE content_id = 3007;
SELECT record_engagement(3007, 'view', watch_time => s) FROM unnest('{0.0004999999,0.0005,1.0005,1.0004,2.5,1.0015,2147483.647}'::double precision[]) s;
SELECT array_agg(watch_time_ms ORDER BY id) FROM explore_engagements WHERE content_id = 3007;

-- Who: the item's user, else the session's, else the current user, else nobody.
SET explore_analytics.user_id = '3555';
SELECT recorded FROM record_engagement_batch('[
  {"contentId": 3006, "engagementType": "view", "userId": 3104, "sessionId": 3501},
  {"contentId": 3006, "engagementType": "view", "sessionId": 3501},
  {"contentId": 3006, "engagementType": "view", "sessionId": 3502},
  {"contentId": 3006, "engagementType": "view"}]');
SELECT record_engagement(3006, 'view', session_id => 3503), record_engagement(3006, 'view') AS mine;
RESET explore_analytics.user_id;
SELECT record_engagement(3006, 'view', session_id => 3502), record_engagement(3006, 'view') AS nobodys;
SELECT user_id, session_id FROM explore_engagements WHERE content_id = 3006 ORDER BY id;
SELECT viewer_keys(viewers(content_summary(3006)));

-- A viewing completes once. C is a complete, V a completed view, all of one viewer, content and session.
-- Played as one batch, as a batch for each event, and outside a session, where nothing is matched.
-- The numbers wanted are recorded, duplicates, views, completions.
CREATE FUNCTION pg_temp.play(letters text, session bigint, one_batch boolean) RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
  items jsonb;
  total int[];
BEGIN
  SELECT jsonb_agg(jsonb_build_object('contentId', 3003, 'engagementType', CASE letter WHEN 'C' THEN 'complete' ELSE 'view' END,
           'completed', letter = 'V', 'sessionId', session) ORDER BY place) INTO items
  FROM regexp_split_to_table(letters, '') WITH ORDINALITY l(letter, place);
  IF one_batch THEN
    SELECT ARRAY[b.recorded, b.duplicates] INTO total FROM record_engagement_batch(items) b;
  ELSE
    SELECT ARRAY[sum(b.recorded), sum(b.duplicates)] INTO total
    FROM jsonb_array_elements(items) i, record_engagement_batch(jsonb_build_array(i)) b;
  END IF;
  SELECT total || ARRAY[views(s), completions(s)]::int[] INTO total FROM content_summary(3003) s;
  DELETE FROM explore_engagements WHERE content_id = 3003;
  RETURN total;
END $$;
CREATE TEMP TABLE sequence (n int GENERATED ALWAYS AS IDENTITY, letters text, wanted int[], unmatched int[]);
INSERT INTO sequence (letters, wanted, unmatched) VALUES
  ('C', '{1,0,0,1}', '{1,0,0,1}'), ('V', '{1,0,1,1}', '{1,0,1,1}'),
  ('CC', '{1,1,0,1}', '{2,0,0,2}'), ('VC', '{1,1,1,1}', '{2,0,1,2}'), ('CV', '{2,0,1,1}', '{2,0,1,2}'), ('VV', '{2,0,2,2}', '{2,0,2,2}'),
  ('CCV', '{2,1,1,1}', '{3,0,1,3}'), ('CVC', '{2,1,1,1}', '{3,0,1,3}'), ('VCC', '{1,2,1,1}', '{3,0,1,3}'),
  ('CVV', '{3,0,2,2}', '{3,0,2,3}'), ('VCV', '{2,1,2,2}', '{3,0,2,3}'), ('VVC', '{2,1,2,2}', '{3,0,2,3}');
INSERT INTO explore_feed_sessions (id, user_id, session_start) SELECT 3600 + n, CASE WHEN n % 2 = 0 THEN 3100 + n END, '2024-05-03' FROM generate_series(1, 60) n;
SELECT letters, wanted, pg_temp.play(letters, 3600 + n, true) = wanted AS one_batch, pg_temp.play(letters, 3620 + n, false) = wanted AS many_batches,
       unmatched, pg_temp.play(letters, NULL, true) = unmatched AS no_session, pg_temp.play(letters, NULL, false) = unmatched AS no_session_many
FROM sequence ORDER BY n;
-- Views that are not completed take no part.
SELECT recorded, duplicates FROM record_engagement_batch('[
  {"contentId": 3003, "engagementType": "view", "sessionId": 3641}, {"contentId": 3003, "engagementType": "complete", "sessionId": 3641},
  {"contentId": 3003, "engagementType": "view", "sessionId": 3641}]');
-- Another viewer, another content or another session is another viewing; record_engagement follows the same rule.
SELECT recorded, duplicates FROM record_engagement_batch('[
  {"contentId": 3003, "engagementType": "complete", "sessionId": 3641, "userId": 3111}, {"contentId": 3003, "engagementType": "complete", "sessionId": 3642},
  {"contentId": 3001, "engagementType": "complete", "sessionId": 3641}, {"contentId": 3003, "engagementType": "complete", "sessionId": 3641}]');
SELECT record_engagement(3003, 'view', session_id => 3643, completed => true), record_engagement(3003, 'complete', session_id => 3643) AS complete,
       record_engagement(3003, 'complete', session_id => 3644) AS complete_first, record_engagement(3003, 'view', session_id => 3644, completed => true) AS view_then;
SELECT session_id, user_id, engagement_type, completed FROM explore_engagements WHERE content_id = 3003 ORDER BY id;
-- A batch that is rolled back leaves no completion behind.
BEGIN;
SELECT record_engagement(3003, 'complete', session_id => 3645);
ROLLBACK;
SELECT record_engagement(3003, 'complete', session_id => 3645);

-- A repeated event id is a duplicate: in a batch, in another batch, in the other function, in capitals.
SELECT recorded, duplicates FROM record_engagement_batch('[
  {"contentId": 3004, "engagementType": "view", "eventId": "30000000-0000-4000-8000-0000000000ab"},
  {"contentId": 3004, "engagementType": "click", "eventId": "30000000-0000-4000-8000-0000000000ab"},
  {"contentId": 3004, "engagementType": "save"}]');
SELECT recorded, duplicates FROM record_engagement_batch('[{"contentId": 3004, "engagementType": "view", "event_id": "30000000-0000-4000-8000-0000000000AB"}]');
SELECT record_engagement(3004, 'view', event_id => '30000000-0000-4000-8000-0000000000ab');
-- A rejected item claims no id: the next one, in this batch or later, may have it.
SELECT recorded, duplicates, rejected FROM record_engagement_batch('[
  {"contentId": 3099, "engagementType": "view", "eventId": "30000000-0000-4000-8000-0000000000ac"},
  {"contentId": 3004, "engagementType": "view", "eventId": "30000000-0000-4000-8000-0000000000ac"},
  {"contentId": 3004, "engagementType": "like", "eventId": "30000000-0000-4000-8000-0000000000ad"}]');
SELECT recorded, duplicates FROM record_engagement_batch('[{"contentId": 3004, "engagementType": "share", "eventId": "30000000-0000-4000-8000-0000000000ad"}]');
SELECT views(s), saves(s), shares(s), clicks(s) FROM content_summary(3004) s;

-- A save by a known user lands once in explore_saved_properties, with the first time; an anonymous one does not.
SELECT recorded FROM record_engagement_batch('[
  {"contentId": 3005, "engagementType": "save", "userId": 3102, "createdAt": "2024-05-04T12:00:00Z"},
  {"contentId": 3005, "engagementType": "save", "userId": 3102, "createdAt": "2024-05-04T11:00:00Z"},
  {"contentId": 3005, "engagementType": "save", "sessionId": 3501, "createdAt": "2024-05-04T13:00:00Z"},
  {"contentId": 3005, "engagementType": "save", "sessionId": 3502},
  {"contentId": 3005, "engagementType": "view", "userId": 3110}]');
SELECT record_engagement(3005, 'save', 3102), record_engagement(3005, 'save', 3102, created_at => '2024-05-04 11:00:00.000001+00') AS later, record_engagement(3005, 'save', 3101, created_at => '2024-05-04 10:00+00') AS earlier;
SELECT user_id, saved_at FROM explore_saved_properties WHERE content_id = 3005 ORDER BY user_id;
SELECT saves(content_summary(3005));

-- Plain INSERT and COPY: counted at once by every function; they take part in nothing above.
INSERT INTO explore_discovery_videos (id, content_id) VALUES (3108, 3008);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id) VALUES
  (3008, 3102, 3646, 'view', 1000, true, '2024-05-05 10:00+00', '30000000-0000-4000-8000-0000000000ab'),
  (3008, 3102, 3646, 'complete', 0, false, '2024-05-05 10:01+00', '30000000-0000-4000-8000-0000000000ab'),
  (3008, 3102, NULL, 'save', 0, true, '2024-05-05 10:02+00', NULL);
COPY explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) FROM stdin;
3008	3103	\N	view	500	2024-05-05 10:03:00+00
3008	\N	3647	share	0	2024-05-05 10:04:00+00
3008	\N	\N	view	0	2024-05-05 10:05:00+00
\.
INSERT INTO explore_engagements (content_id, engagement_type) VALUES (3008, 'click');
-- 3 views, viewers 3102 and 3103; the completed view and its complete both count: 200 / 3 percent.
SELECT total_views, unique_viewers, total_watch_time, completion_rate, completions, saves, shares, clicks FROM video_analytics(3108);
SELECT count(*) AS saved FROM explore_saved_properties WHERE content_id = 3008;
SELECT min(id) > 0 AND count(DISTINCT id) = count(*) AS ids, bool_and(created_at <= now()) AS times FROM explore_engagements WHERE content_id = 3008;
-- In an open transaction, too, and gone after a rollback.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (3008, 3104, 'view');
SELECT total_views, unique_viewers FROM video_analytics(3108);
ROLLBACK;
SELECT total_views, unique_viewers FROM video_analytics(3108);

-- CHECKs on plain INSERT and COPY: 23514, whatever the partition.
CREATE FUNCTION pg_temp.checked(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  name text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME;
  RETURN SQLSTATE || ' ' || name;
END $$;
SELECT row_values, pg_temp.checked('INSERT INTO explore_engagements (id, content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) VALUES (' || row_values || ')')
FROM (VALUES
  ('0, 3008, 1, 1, ''view'', 0, now()'), ('1, 0, 1, 1, ''view'', 0, now()'), ('1, -1, 1, 1, ''view'', 0, now()'), ('1, 3008, 0, 1, ''view'', 0, now()'),
  ('1, 3008, 1, -1, ''view'', 0, now()'), ('1, 3008, 1, 1, ''view'', -1, now()'), ('1, 3008, 1, 1, ''view'', 0, ''infinity'''),
  ('1, 3008, 1, 1, ''view'', 0, ''-infinity'''), ('1, 3008, 1, 1, ''view'', -1, ''1970-01-01 00:00+00'''), ('1, 3008, 1, 1, ''like'', 0, now()')) v(row_values);
SELECT views(content_summary(3008));

-- Nothing stays behind.
DELETE FROM explore_engagements WHERE content_id BETWEEN 3001 AND 3099;
DELETE FROM explore_saved_properties WHERE content_id BETWEEN 3001 AND 3099;
DELETE FROM explore_discovery_videos WHERE content_id BETWEEN 3001 AND 3099;
DELETE FROM explore_content WHERE id BETWEEN 3001 AND 3099;
DELETE FROM explore_feed_sessions WHERE id BETWEEN 3501 AND 3699;
DELETE FROM explore_analytics.event_keys;
DELETE FROM explore_analytics.viewing_keys;
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_feed_sessions) AS sessions;
