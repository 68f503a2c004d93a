-- forget_viewer() and export_viewer(): nothing is left of the viewer anywhere, everything else is untouched,
-- and the rollups are those that a rebuild without the viewer makes.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT no_plan();

SELECT setseed(0.25);
INSERT INTO explore_content (id, creator_id, title) SELECT n, 1 + n % 4, 'content ' || n FROM generate_series(1, 40) n;
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT n, n, 20000 FROM generate_series(1, 40) n;
SELECT define_cohort('the last', '{"not": {"did": "share", "content": 40, "atLeast": 1000}}'), define_cohort('all', '{"any": [{"did": "view"}, {"did": "impression", "atLeast": 1}, {"attribute": "city", "is": "Dubai"}]}') \g /dev/null
INSERT INTO explore_viewers (user_id, birth_year, gender, city) SELECT n, 1980, 'f', 'Dubai' FROM generate_series(1, 30) n;
-- Sessions of known users and anonymous ones.
INSERT INTO explore_feed_sessions (id, user_id, session_start)
SELECT n, CASE WHEN n % 3 > 0 THEN 1 + n % 30 END, now() - interval '70 days' FROM generate_series(1, 300) n;

-- Events of all kinds: known users in their sessions, anonymous rows in known users' sessions, visitors,
-- users in others' sessions, nobody at all, and content that does not exist.
CREATE FUNCTION pg_temp.add(n integer, from_time interval, to_time interval) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id)
  SELECT 1 + floor(42 * random() ^ 2), CASE WHEN random() < 0.6 THEN 1 + floor(30 * random()) END,
    CASE WHEN random() < 0.8 THEN 1 + floor(300 * random()) END,
    (enum_range(NULL::engagement_type))[1 + floor(8 * random() ^ 2)], floor(60000 * random()), random() < 0.4,
    date_trunc('second', now() - from_time - (to_time - from_time) * random()), CASE WHEN random() < 0.2 THEN gen_random_uuid() END
  FROM generate_series(1, n)
$$;
-- All rows of the rollups as they are stored, epochs apart.
CREATE TEMP VIEW stored AS
  SELECT scope, id, 0::smallint AS level, 0::bigint AS bucket, summary::text, events, views, score FROM explore_analytics.rollup_totals
  UNION ALL SELECT scope, id, level, bucket, summary::text, events, NULL, NULL FROM explore_analytics.rollup_buckets;
-- The viewer's rows, by the definition.
CREATE FUNCTION pg_temp.rows_of(viewer bigint) RETURNS SETOF explore_engagements LANGUAGE sql AS $$
  SELECT * FROM explore_engagements e WHERE e.user_id = viewer
    OR (e.user_id IS NULL AND e.session_id IN (SELECT s.id FROM explore_feed_sessions s WHERE s.user_id = viewer))
$$;
-- Every place that can name a viewer, by keys; logs of events are compared with a rebuild below.
CREATE FUNCTION pg_temp.traces(viewers bigint[]) RETURNS TABLE (place text) LANGUAGE sql AS $$
  SELECT 'events' FROM explore_engagements WHERE coalesce(user_id, -session_id) = ANY (viewers)
  UNION ALL SELECT 'sessions' FROM explore_feed_sessions WHERE user_id = ANY (viewers) OR -id = ANY (viewers)
  UNION ALL SELECT 'saves' FROM explore_saved_properties WHERE user_id = ANY (viewers)
  UNION ALL SELECT 'profiles' FROM explore_viewers WHERE user_id = ANY (viewers)
  UNION ALL SELECT 'exposures' FROM explore_exposures WHERE viewer_key = ANY (viewers)
  UNION ALL SELECT 'viewings' FROM explore_analytics.viewing_keys WHERE viewer_key = ANY (viewers)
  UNION ALL SELECT 'totals' FROM explore_analytics.rollup_totals t, unnest(viewers) k WHERE viewers(t.summary) @> k
  UNION ALL SELECT 'buckets' FROM explore_analytics.rollup_buckets b, unnest(viewers) k WHERE viewers(b.summary) @> k
  UNION ALL SELECT 'answers' FROM unnest(viewers) k WHERE viewers(platform_summary()) @> k
  UNION ALL SELECT 'cohort ' || c FROM unnest(viewers) k, unnest(ARRAY['all', 'the last']) c WHERE cohort(c) @> k
$$;
-- Forgets a viewer and looks at what is left; \gset variables cannot reach into functions, so a table does.
CREATE TEMP TABLE before (LIKE explore_engagements);
CREATE TEMP TABLE victim (id bigint, keys bigint[], events bigint, event_ids uuid[]);
CREATE FUNCTION pg_temp.choose(viewer bigint) RETURNS void LANGUAGE sql AS $$
  TRUNCATE before, victim;
  INSERT INTO before SELECT * FROM explore_engagements EXCEPT ALL SELECT * FROM pg_temp.rows_of(viewer);
  INSERT INTO victim SELECT viewer, array_append(ARRAY(SELECT -s.id FROM explore_feed_sessions s WHERE s.user_id = viewer), viewer),
    (SELECT count(*) FROM pg_temp.rows_of(viewer)), ARRAY(SELECT event_id FROM pg_temp.rows_of(viewer) WHERE event_id IS NOT NULL);
$$;
CREATE FUNCTION pg_temp.check(state text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN NEXT cmp_ok((SELECT events FROM victim), '>', 20::bigint, state || ': the viewer had events');
  RETURN NEXT isnt_empty('SELECT * FROM pg_temp.traces((SELECT keys FROM victim)) WHERE place = ''cohort the last''', state || ': and left traces, to the last');
  RETURN NEXT is(explore_analytics.forget_viewer((SELECT id FROM victim)), (SELECT events FROM victim), state || ': as many events are removed as there were');
  RETURN NEXT is_empty('SELECT * FROM pg_temp.traces((SELECT keys FROM victim))', state || ': no trace is left');
  RETURN NEXT is((SELECT count(*) FROM explore_analytics.event_keys WHERE event_id = ANY ((SELECT event_ids FROM victim)::uuid[])), 0::bigint, state || ': nor of event ids');
  RETURN NEXT is_empty('(TABLE explore_engagements EXCEPT ALL TABLE before) UNION ALL (TABLE before EXCEPT ALL TABLE explore_engagements)', state || ': other events are untouched');
  RETURN NEXT is_empty('SELECT * FROM explore_analytics.verify()', state || ': the rollups are those of the rest');
  RETURN NEXT is_empty('SELECT * FROM explore_analytics.check_ledger()', state || ': the ledger, too');
  RETURN NEXT is((SELECT unique_viewers(platform_summary())), (SELECT count(DISTINCT coalesce(user_id, -session_id)) FROM explore_engagements WHERE engagement_type = 'view'), state || ': unique viewers are those of the rest');
END $$;

SELECT pg_temp.add(6000, '80 days', '10 days') \g /dev/null
INSERT INTO explore_saved_properties SELECT 1 + n % 30, n FROM generate_series(1, 40) n;
INSERT INTO explore_exposures SELECT 'e' || n % 3, CASE WHEN n % 3 > 0 THEN 1 + n % 30 ELSE -n END, 'v' || n % 2 FROM generate_series(1, 300) n ON CONFLICT DO NOTHING;
INSERT INTO explore_analytics.viewing_keys SELECT n, 1 + n % 40, CASE WHEN n % 3 > 0 THEN 1 + n % 30 ELSE -n END, false, 1, now() FROM generate_series(1, 300) n;
INSERT INTO explore_analytics.event_keys SELECT event_id, now() FROM explore_engagements WHERE event_id IS NOT NULL;

SELECT pg_temp.choose(2);
SELECT * FROM pg_temp.check('nothing refreshed');

CALL explore_analytics.refresh();
SELECT pg_temp.choose(3);
SELECT * FROM pg_temp.check('all refreshed');
CALL explore_analytics.compact();
CREATE TEMP TABLE kept AS TABLE stored;
SELECT explore_analytics.rebuild() \g /dev/null
SELECT bag_eq('TABLE kept', 'TABLE stored', 'byte for byte the rollups that a rebuild makes');

-- Late and new events, of which some are refreshed and some not.
SELECT pg_temp.add(700, '75 days', '0 days') \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.add(700, '75 days', '0 days') \g /dev/null
SELECT pg_temp.choose(5);
SELECT * FROM pg_temp.check('with late events beside the buckets, and a tail');

-- Contents change hands, and their creators are not made anew yet.
UPDATE explore_content SET creator_id = 1 + (creator_id + 1) % 5 WHERE id % 7 = 0;
INSERT INTO explore_content (id, creator_id) VALUES (41, 9);
DELETE FROM explore_content WHERE id = 40;
SELECT pg_temp.choose(6);
SELECT * FROM pg_temp.check('with contents that moved, came and went');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
TRUNCATE kept;
INSERT INTO kept TABLE stored;
SELECT explore_analytics.rebuild() \g /dev/null
SELECT bag_eq('TABLE kept', 'TABLE stored', 'again the rollups that a rebuild makes');

-- In one transaction with the viewer's own last events, and rolled back.
BEGIN;
SELECT record_engagement(1, 'view', user_id => 8) \g /dev/null
SELECT pg_temp.choose(8);
SELECT * FROM pg_temp.check('in a transaction that recorded');
ROLLBACK;
SELECT isnt_empty('SELECT * FROM pg_temp.rows_of(8)', 'a rollback brings everything back');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'rollups included');

-- A viewer with all events of a content, one with most of the platform's, and the last ones.
INSERT INTO explore_content (id, creator_id) VALUES (50, 3);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 50, 77, 'view', now() - n * interval '1 hour' FROM generate_series(1, 1500) n;
CALL explore_analytics.refresh();
SELECT pg_temp.choose(77);
SELECT * FROM pg_temp.check('with a content that only the viewer saw');
SELECT is_empty('SELECT FROM explore_analytics.rollup_totals WHERE scope = 2 AND id = 50', 'nothing is stored of it any more');
SELECT cmp_ok(explore_analytics.forget_viewer(n), '>', 50::bigint, 'viewer ' || n) FROM generate_series(9, 30) n;
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'all but one forgotten: the rollups are those of the rest');
SELECT is(explore_analytics.forget_viewer(4711), 0::bigint, 'somebody unknown has nothing to remove');

-- Scores follow with the next rescore.
SELECT batch_update_engagement_scores() \g /dev/null
SELECT is_empty($$SELECT c.id FROM explore_content c WHERE c.view_count <> (SELECT count(*) FROM explore_engagements e WHERE e.content_id = c.id AND e.engagement_type = 'view')$$, 'a rescore writes numbers without them');

-- The log knows when, who and how many, but no id.
SELECT is((SELECT row_count FROM explore_analytics.audit_log WHERE action = 'forget_viewer' AND subject = explore_analytics.viewer_digest(77)), 1500::bigint, 'the erasure is logged');
SELECT is((SELECT count(*) FROM explore_analytics.audit_log WHERE subject = explore_analytics.viewer_digest(8)), 0::bigint, 'one that was rolled back is not');
SELECT is_empty($$SELECT * FROM explore_analytics.audit_log a WHERE a.subject ~ '^\d+$' OR a.detail ~ '\m77\M'$$, 'without the id');

-- Export: what the definition says, in the order of time.
INSERT INTO explore_viewers (user_id, birth_year, city) VALUES (100, 1990, 'Abu Dhabi'), (9007199254740993, NULL, NULL);
INSERT INTO explore_feed_sessions (id, user_id, session_start, device_type, attributes) VALUES (1000, 100, '2026-01-01 10:00+00', 'phone', '{"theme": "dark"}'), (1001, 100, '2026-01-02 10:00+00', NULL, '{}');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata) VALUES
  (1, 100, 1000, 'view', 1500, true, '2026-01-01 10:00:01+00', '00000000-0000-0000-0000-000000000001', '{"a": null}'),
  (2, NULL, 1000, 'save', 0, false, '2026-01-01 10:00:02+00', NULL, NULL),
  (2, 101, 1000, 'view', 0, false, '2026-01-01 10:00:03+00', NULL, NULL),
  (3, 100, NULL, 'view', 0, false, '2026-01-01 09:00:00+00', NULL, NULL),
  (9007199254740992, 100, NULL, 'skip', 0, false, '2026-01-03 09:00:00+00', NULL, NULL);
INSERT INTO explore_saved_properties VALUES (100, 2, '2026-01-01 10:00:02+00');
INSERT INTO explore_exposures VALUES ('later', 100, 'b', '2026-01-02+00'), ('first', -1001, 'a', '2026-01-01+00'), ('first', 100, 'a', '2026-01-02+00'), ('first', 101, 'a', '2026-01-01+00'), ('first', -102, 'a', '2026-01-01+00');
SET TIME ZONE 'UTC';
SELECT is(explore_analytics.export_viewer(100) - 'exportedAt', $${"userId": 100,
  "profile": {"birthYear": 1990, "gender": null, "country": null, "region": null, "city": "Abu Dhabi", "language": null},
  "sessions": [
    {"sessionId": 1000, "sessionStart": "2026-01-01T10:00:00+00:00", "sessionEnd": null, "deviceType": "phone", "platform": null, "appVersion": null,
     "country": null, "region": null, "city": null, "trafficSource": null, "attributes": {"theme": "dark"}},
    {"sessionId": 1001, "sessionStart": "2026-01-02T10:00:00+00:00", "sessionEnd": null, "deviceType": null, "platform": null, "appVersion": null,
     "country": null, "region": null, "city": null, "trafficSource": null, "attributes": {}}],
  "engagements": [
    {"contentId": 3, "engagementType": "view", "sessionId": null, "watchTime": 0, "completed": false, "createdAt": "2026-01-01T09:00:00+00:00", "eventId": null, "metadata": null},
    {"contentId": 1, "engagementType": "view", "sessionId": 1000, "watchTime": 1.5, "completed": true, "createdAt": "2026-01-01T10:00:01+00:00", "eventId": "00000000-0000-0000-0000-000000000001", "metadata": {"a": null}},
    {"contentId": 2, "engagementType": "save", "sessionId": 1000, "watchTime": 0, "completed": false, "createdAt": "2026-01-01T10:00:02+00:00", "eventId": null, "metadata": null},
    {"contentId": "9007199254740992", "engagementType": "skip", "sessionId": null, "watchTime": 0, "completed": false, "createdAt": "2026-01-03T09:00:00+00:00", "eventId": null, "metadata": null}],
  "olderViews": [], "excluded": [], "excludedEngagements": [], "savedProperties": [{"contentId": 2, "savedAt": "2026-01-01T10:00:02+00:00"}], "cohorts": ["all", "the last"], "boosts": [], "exposures": [
    {"experiment": "first", "variant": "a", "exposedAt": "2026-01-01T00:00:00+00:00"}, {"experiment": "first", "variant": "a", "exposedAt": "2026-01-02T00:00:00+00:00"}, {"experiment": "later", "variant": "b", "exposedAt": "2026-01-02T00:00:00+00:00"}]}$$::jsonb
  || jsonb_build_object('profile', $${"birthYear": 1990, "gender": null, "country": null, "region": null, "city": "Abu Dhabi", "language": null}$$::jsonb
     || jsonb_build_object('createdAt', (SELECT created_at FROM explore_viewers WHERE user_id = 100))), 'everything about one viewer, and nothing of others');
SELECT is(explore_analytics.export_viewer(9007199254740993) -> 'userId', '"9007199254740993"', 'an id that a number would round is a string');
SELECT is(explore_analytics.export_viewer(4711) - 'exportedAt', '{"userId": 4711, "profile": null, "sessions": [], "engagements": [], "olderViews": [], "savedProperties": [], "boosts": [], "cohorts": [], "exposures": [], "excluded": [], "excludedEngagements": []}', 'somebody unknown');
SELECT is((SELECT row_count FROM explore_analytics.audit_log WHERE action = 'export_viewer' AND subject = explore_analytics.viewer_digest(100)), 4::bigint, 'an export is logged');
SELECT explore_analytics.forget_viewer(100) \g /dev/null
SELECT is(explore_analytics.export_viewer(100) - 'exportedAt', '{"userId": 100, "profile": null, "sessions": [], "engagements": [], "olderViews": [], "savedProperties": [], "boosts": [], "cohorts": [], "exposures": [], "excluded": [], "excludedEngagements": []}', 'nothing is left to export after an erasure');
SELECT bag_eq($$SELECT viewer_key FROM explore_exposures WHERE experiment IN ('first', 'later')$$, '{101,-102}'::bigint[], 'exposures of others stay');
SELECT matches((SELECT detail FROM explore_analytics.audit_log WHERE action = 'forget_viewer' AND subject = explore_analytics.viewer_digest(100)), ' exposures=3 ', 'and the log has their number');
SELECT isnt_empty('SELECT FROM explore_engagements WHERE user_id = 101 AND session_id = 1000', 'what others did in the viewer''s session stays');

-- Of a visitor who was excluded, then logged in, and whose session's row is gone since, the list alone knows whose it is.
INSERT INTO explore_feed_sessions (id, session_start) VALUES (1002, '2026-01-04 10:00+00'), (1003, '2026-01-04 10:00+00');
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (1, 1002, 'view', '2026-01-04 10:00:01+00'), (1, 1003, 'view', '2026-01-04 10:00:01+00');
SELECT explore_analytics.exclude_traffic(session_id => s, reason => 'a test') FROM generate_series(1002, 1003) s \g /dev/null
SELECT identify_session(1002, 102), identify_session(1003, 103) \g /dev/null
DELETE FROM explore_feed_sessions WHERE id IN (1002, 1003);
SELECT is(jsonb_path_query_array(explore_analytics.export_viewer(102), '$.excluded.sessionId'), '[1002]', 'an export says that the visitor was excluded');
SELECT is(jsonb_path_query_array(explore_analytics.export_viewer(102), '$.excludedEngagements.sessionId'), '[1002]', 'and has what was set aside');
SELECT is(explore_analytics.forget_viewer(102), 1::bigint, 'an erasure removes it');
SELECT bag_eq('SELECT viewer_key FROM explore_analytics.excluded_viewers WHERE heir IN (102, 103)', '{-1003}'::bigint[], 'and takes the visitor from the list, nobody else');
SELECT bag_eq('SELECT session_id FROM explore_excluded_engagements WHERE session_id IN (1002, 1003)', '{1003}'::bigint[], 'where the others'' events stay');
SELECT is(explore_analytics.restore_traffic(session_id => 1002), 0::bigint, 'nothing comes back');
SELECT is(explore_analytics.restore_traffic(session_id => 1003), 1::bigint, 'of others it does');

-- Refused.
SELECT throws_ok('SELECT explore_analytics.forget_viewer(NULL)', '22004');
SELECT throws_ok('SELECT explore_analytics.forget_viewer(0)', '22023');
SELECT throws_ok('SELECT explore_analytics.export_viewer(NULL)', '22004');
SELECT throws_ok('SELECT explore_analytics.export_viewer(-5)', '22023');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT throws_ok('SELECT explore_analytics.forget_viewer(1)', '25001');
ROLLBACK;
BEGIN READ ONLY;
SELECT throws_ok('SELECT explore_analytics.forget_viewer(1)', '25006');
SELECT throws_ok('SELECT explore_analytics.export_viewer(1)', '25006');
ROLLBACK;
-- Rollups that are not those of the raw rows are not made worse.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 200, 'view', '2026-02-01'), (1, 200, 'view', '2026-02-02');
CALL explore_analytics.refresh();
UPDATE explore_engagements SET created_at = '2026-02-03' WHERE user_id = 200 AND created_at = '2026-02-02';
SELECT throws_ok('SELECT explore_analytics.forget_viewer(200)', 'XX001', NULL, 'raw rows that were changed without a rebuild are told');
SELECT is((SELECT count(*) FROM explore_engagements WHERE user_id = 200), 2::bigint, 'and nothing is removed');
SELECT explore_analytics.rebuild('2026-02-01', '2026-02-04') \g /dev/null
SELECT is(explore_analytics.forget_viewer(200), 2::bigint, 'after the rebuild it works');
SELECT * FROM finish();
