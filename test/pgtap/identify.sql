-- A visitor logs in, in every state that events can be in: raw rows above the watermark, rolled up, in buckets or beside them,
-- on shelves, gone with their month; contents that are unknown, come late or move. Afterwards everything is as if the events
-- had been the user's all along: answers, and the rollups byte for byte.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT no_plan();

SELECT setseed(0.25);
SELECT explore_analytics.ensure_partitions((now() - interval '9 months')::date, now()::date) \g /dev/null
INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 4 FROM generate_series(1, 30) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start) SELECT n, CASE WHEN n > 180 THEN 1 + n % 25 END, now() - interval '8 months' FROM generate_series(1, 200) n;
CREATE FUNCTION pg_temp.add(n integer, from_time interval) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata)
  SELECT 1 + floor(32 * random() ^ 2), CASE WHEN random() < 0.3 THEN 1 + floor(25 * random()) END, CASE WHEN random() < 0.9 THEN 1 + floor(200 * random()) END,
    (enum_range(NULL::engagement_type))[1 + floor(8 * random() ^ 2)], floor(60000 * random()), random() < 0.4,
    date_trunc('second', now() - from_time * random()), gen_random_uuid(), jsonb_build_object('k', random())
  FROM generate_series(1, n)
$$;
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- Events as they are in plain SQL, kept aside where retention takes raw rows.
CREATE TABLE shadow (id bigint, content_id bigint, user_id bigint, session_id bigint, engagement_type engagement_type, watch_time_ms int, completed boolean, created_at timestamptz);
CREATE VIEW events AS SELECT s.*, c.creator_id, coalesce(s.user_id, -s.session_id) AS viewer_key FROM shadow s LEFT JOIN explore_content c ON c.id = s.content_id;
CREATE PROCEDURE pg_temp.look() LANGUAGE sql AS $$
  INSERT INTO shadow SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM explore_engagements e
  WHERE NOT EXISTS (SELECT FROM shadow s WHERE s.id = e.id)
$$;
-- What identify_session() means, in the shadow: of months without raw rows only views can be told to be somebody's.
CREATE FUNCTION pg_temp.log_in(session bigint, person bigint) RETURNS bigint LANGUAGE sql AS $$
  WITH moved AS (UPDATE shadow s SET user_id = person WHERE s.session_id = session AND s.user_id IS NULL
    AND (s.engagement_type = 'view' OR EXISTS (SELECT FROM explore_engagements e WHERE e.id = s.id)) RETURNING 1) SELECT count(*) FROM moved
$$;
CREATE VIEW ranges AS SELECT * FROM (VALUES (1, NULL::timestamptz, NULL::timestamptz), (2, NULL, now() - interval '70 days'), (3, now() - interval '75 days 3 hours 17 seconds', NULL),
  (4, now() - interval '100 days 11 minutes', now() - interval '5 days'), (5, now() - interval '2 days 1 second', now() - interval '1 hour')) r(n, from_time, to_time);
CREATE VIEW answers AS
  SELECT r.n, 'platform' AS scope, 0 AS id, platform_summary(from_time, to_time)::text AS summary FROM ranges r
  UNION ALL SELECT r.n, 'creator', c, creator_summary(c, from_time, to_time)::text FROM ranges r, generate_series(1, 5) c
  UNION ALL SELECT r.n, 'content', c, content_summary(c, from_time, to_time)::text FROM ranges r, generate_series(1, 32) c;
CREATE VIEW wanted AS
  WITH e AS MATERIALIZED (SELECT r.n, x.* FROM ranges r JOIN events x ON x.created_at >= coalesce(r.from_time, '-infinity') AND x.created_at < coalesce(r.to_time, 'infinity'))
  SELECT r.n, 'platform' AS scope, 0 AS id, (SELECT engagement_agg(engagement_type, viewer_key, watch_time_ms, completed) FROM e WHERE e.n = r.n)::text FROM ranges r
  UNION ALL SELECT r.n, 'creator', c, (SELECT engagement_agg(engagement_type, viewer_key, watch_time_ms, completed) FROM e WHERE e.n = r.n AND e.creator_id = c)::text FROM ranges r, generate_series(1, 5) c
  UNION ALL SELECT r.n, 'content', c, (SELECT engagement_agg(engagement_type, viewer_key, watch_time_ms, completed) FROM e WHERE e.n = r.n AND e.content_id = c AND e.creator_id IS NOT NULL)::text FROM ranges r, generate_series(1, 32) c;
CREATE VIEW bytes AS SELECT scope, id, 0 AS level, 0::bigint AS bucket, summary::text, events FROM explore_analytics.rollup_totals
  UNION ALL SELECT scope, id, level, bucket, summary::text, events FROM explore_analytics.rollup_buckets;
CREATE TABLE kept (LIKE bytes);
CREATE FUNCTION pg_temp.keep() RETURNS bigint LANGUAGE sql AS $$ TRUNCATE kept; INSERT INTO kept TABLE bytes; SELECT count(*) FROM explore_analytics.rollup_deltas $$;
CREATE FUNCTION pg_temp.sound(what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN NEXT bag_eq('TABLE answers', 'TABLE wanted', what || ': answers');
  RETURN NEXT is_empty('SELECT * FROM explore_analytics.verify()', what || ': the rollups');
  RETURN NEXT is_empty('SELECT * FROM explore_analytics.check_ledger()', what || ': the ledger');
END $$;

SELECT pg_temp.add(6000, '8 months') \g /dev/null
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT pg_temp.add(1500, '60 days') \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.add(40, '2 days') \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.add(400, '20 days') \g /dev/null
CALL pg_temp.look();
SELECT * FROM pg_temp.sound('before');
SELECT cmp_ok((SELECT count(*) FROM explore_analytics.rollup_deltas WHERE id < 0), '>', 0::bigint, 'some events lie on shelves');
CREATE TABLE stood AS SELECT tableoid::regclass AS place, * FROM explore_engagements;

-- Every row of the sessions but the user stays as it was, and so does every other row.
SELECT is(array_agg(identify_session(n, 1 + n % 25) ORDER BY n), array_agg(pg_temp.log_in(n, 1 + n % 25) ORDER BY n), 'as many events as there are') FROM generate_series(1, 60) n;
SELECT * FROM pg_temp.sound('after');
SELECT is((SELECT sum(identify_session(n, 1 + n % 25)) FROM generate_series(1, 60) n), 0::numeric, 'a second time nothing moves');
SELECT is((SELECT count(*) FROM (SELECT id, content_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch, tableoid::regclass FROM explore_engagements
  EXCEPT ALL SELECT id, content_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch, place FROM stood) d), 0::bigint, 'other columns and partitions stay');
SELECT cmp_ok((SELECT count(DISTINCT tableoid) FROM explore_engagements WHERE session_id = 5), '>', 3::bigint, 'a session has rows in several partitions');
-- Sets: where the user was beside the visitor one of two viewers is gone, and of the visitors none is left anywhere.
SELECT is((SELECT count(*) FROM (SELECT summary FROM explore_analytics.rollup_totals WHERE scope < 3 UNION ALL SELECT summary FROM explore_analytics.rollup_buckets WHERE scope < 3) s, viewer_keys(viewers(s.summary)) k WHERE k BETWEEN -60 AND -1),
  0::bigint, 'no set has one of these visitors');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is(pg_temp.keep(), 0::bigint, 'all is in buckets');
SELECT * FROM pg_temp.sound('compacted');
SELECT explore_analytics.rebuild() \g /dev/null
SELECT bag_eq('TABLE bytes', 'TABLE kept', 'and these are byte for byte those of a rebuild');

-- Out of buckets alone.
SELECT is((SELECT sum(identify_session(n, 30 + n % 3)) FROM generate_series(61, 80) n), (SELECT sum(pg_temp.log_in(n, 30 + n % 3)) FROM generate_series(61, 80) n), 'events in buckets');
SELECT * FROM pg_temp.sound('in buckets');
SELECT is(pg_temp.keep(), 0::bigint, 'they stay there');
SELECT explore_analytics.rebuild() \g /dev/null
SELECT bag_eq('TABLE bytes', 'TABLE kept', 'which are those of a rebuild');

-- Contents that have moved, gone and come since the last refresh; 31 and 32 had none so far.
SELECT pg_temp.add(300, '30 days') \g /dev/null
CALL explore_analytics.refresh();
CALL pg_temp.look();
INSERT INTO explore_content (id, creator_id) VALUES (31, 5);
UPDATE explore_content SET creator_id = 5 WHERE id IN (1, 2);
UPDATE explore_content SET creator_id = 1 WHERE id = 4;
DELETE FROM explore_content WHERE id = 29;
CREATE TABLE notes AS TABLE explore_analytics.creator_changes;
SELECT cmp_ok((SELECT count(*) FROM notes), '>', 5::bigint, 'notes wait');
SELECT is((SELECT sum(identify_session(n, 40)) FROM generate_series(81, 90) n), (SELECT sum(pg_temp.log_in(n, 40)) FROM generate_series(81, 90) n), 'beside them events move');
SELECT bag_eq('TABLE explore_analytics.creator_changes', 'TABLE notes', 'and they wait on: a login does not do what a refresh is for');
SELECT * FROM pg_temp.sound('moved contents');
-- Notes that contradict each other: everything noted is brought to what contents are now.
INSERT INTO explore_analytics.creator_changes (creator_id, content_id) VALUES (2, 3), (3, 3);
SELECT is((SELECT sum(identify_session(n, 43)) FROM generate_series(100, 109) n), (SELECT sum(pg_temp.log_in(n, 43)) FROM generate_series(100, 109) n), 'nobody knows whose a content was');
SELECT is_empty('TABLE explore_analytics.creator_changes', 'nothing noted is left');
SELECT * FROM pg_temp.sound('contradictory notes');
-- Back and forth, to somebody new, away: of these notes some cancel each other.
UPDATE explore_content SET creator_id = 3 WHERE id IN (1, 5, 6);
UPDATE explore_content SET creator_id = 5 WHERE id IN (1, 5);
UPDATE explore_content SET creator_id = 1 + id % 4 WHERE id = 5;
DELETE FROM explore_content WHERE id IN (4, 30);
INSERT INTO explore_content (id, creator_id) VALUES (29, 4), (32, 6), (30, 3);
SELECT is((SELECT sum(identify_session(n, 44)) FROM generate_series(110, 119) n), (SELECT sum(pg_temp.log_in(n, 44)) FROM generate_series(110, 119) n), 'events of contents that went from hand to hand');
SELECT cmp_ok((SELECT count(*) FROM explore_analytics.creator_changes), '>', 8::bigint, 'notes are left');
SELECT * FROM pg_temp.sound('from hand to hand');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is(pg_temp.keep(), 0::bigint, 'all is in buckets again');
SELECT explore_analytics.rebuild() \g /dev/null
SELECT bag_eq('TABLE bytes', 'TABLE kept', 'moved contents: byte for byte');
-- Notes about others stay where they are.
UPDATE explore_content SET creator_id = 2 WHERE id = 30;
INSERT INTO explore_feed_sessions (id) VALUES (301);
INSERT INTO explore_engagements (content_id, session_id, engagement_type) VALUES (3, 301, 'view');
CALL pg_temp.look();
SELECT is(identify_session(301, 41), pg_temp.log_in(301, 41), 'one event');
SELECT isnt_empty('TABLE explore_analytics.creator_changes', 'notes of other contents wait on');
SELECT * FROM pg_temp.sound('others'' notes');

-- Months without raw rows: of the session only views are known, as the rollups have them.
CALL explore_analytics.refresh();
CALL explore_analytics.apply_retention('75 days');
SELECT cmp_ok((SELECT count(*) FROM shadow s WHERE NOT EXISTS (SELECT FROM explore_engagements e WHERE e.id = s.id)), '>', 3000::bigint, 'of thousands of events only the rollups know');
-- Late events of those months have raw rows, like those that went.
SELECT max(range_end) AS horizon FROM explore_analytics.dropped_partitions \gset
INSERT INTO explore_engagements (content_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT s.content_id, s.session_id, 'view', s.watch_time_ms, s.completed, s.created_at FROM shadow s
WHERE s.created_at < :'horizon' AND s.session_id BETWEEN 91 AND 99 AND s.user_id IS NULL AND s.engagement_type = 'view' AND s.id % 2 = 0;
CALL explore_analytics.refresh();
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 3, 91, 'view', :'horizon'::timestamptz - n * interval '1 day' FROM generate_series(1, 3) n;
CALL pg_temp.look();
SELECT * FROM pg_temp.sound('retained');
SELECT cmp_ok((SELECT count(*) FROM shadow s WHERE s.session_id BETWEEN 91 AND 99 AND s.user_id IS NULL AND s.engagement_type = 'view' AND NOT EXISTS (SELECT FROM explore_engagements e WHERE e.id = s.id)),
  '>', 20::bigint, 'these sessions viewed before the horizon');
SELECT is(array_agg(identify_session(n, 42) ORDER BY n), array_agg(pg_temp.log_in(n, 42) ORDER BY n), 'raw rows, and views without') FROM generate_series(91, 99) n;
SELECT * FROM pg_temp.sound('views without raw rows');
SELECT is((SELECT sum(identify_session(n, 42)) FROM generate_series(91, 99) n), 0::numeric, 'a second time nothing moves there');
SELECT bag_eq($$SELECT (v ->> 'contentId')::bigint, (v ->> 'createdAt')::timestamptz, (v ->> 'watchTime')::numeric * 1000, (v ->> 'completed')::boolean FROM explore_analytics.export_viewer(42) d, jsonb_array_elements(d -> 'olderViews') v$$,
  $$SELECT s.content_id, s.created_at, s.watch_time_ms::numeric, s.completed FROM shadow s WHERE s.user_id = 42 AND s.engagement_type = 'view' AND NOT EXISTS (SELECT FROM explore_engagements e WHERE e.id = s.id)$$, 'the user''s export has them');
SELECT is((SELECT jsonb_array_length(d -> 'engagements')::bigint FROM explore_analytics.export_viewer(42) d), (SELECT count(*) FROM explore_engagements WHERE user_id = 42), 'and the events with rows');
-- The user is erased: nothing of the sessions is left that is anybody's.
SELECT is(explore_analytics.forget_viewer(42), (SELECT count(*) FROM shadow s WHERE s.user_id = 42 AND EXISTS (SELECT FROM explore_engagements e WHERE e.id = s.id)), 'an erasure takes them');
SELECT is((SELECT count(*) FROM explore_analytics.older_views(ARRAY[42] || ARRAY(SELECT -n::bigint FROM generate_series(91, 99) n))), 0::bigint, 'and leaves no view');
SELECT ok(NOT viewers(platform_summary()) @> 42::bigint, 'nor a viewer');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'erased: the rollups are sound');
SELECT is_empty('SELECT * FROM explore_analytics.check_ledger()', 'the ledger, too');

-- Views of one time in one log, which are in the order of their viewers.
INSERT INTO explore_feed_sessions (id) SELECT n FROM generate_series(302, 304) n;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 22, s, 'view', date_trunc('second', now()) FROM generate_series(302, 304) s;
CALL explore_analytics.refresh();
SELECT is(array_agg(identify_session(s, 900 - s)), '{1,1,1}'::bigint[], 'three visitors at once') FROM generate_series(304, 302, -1) s;
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'each has become a user');

-- Saves: once each, with the earliest time, of contents that there are.
INSERT INTO explore_feed_sessions (id) SELECT n FROM generate_series(310, 330) n;
INSERT INTO explore_saved_properties VALUES (50, 5, '2024-06-01'), (50, 6, '2024-08-01'), (50, 7, '2024-07-01');
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at)
SELECT c, 310, t::engagement_type, at::timestamptz FROM (VALUES (5, 'save', '2024-07-02'), (6, 'save', '2024-07-02'), (6, 'save', '2024-07-03'), (8, 'save', '2024-07-05'), (8, 'save', '2024-07-04'), (9, 'view', '2024-07-04'), (999, 'save', '2024-07-04')) v(c, t, at);
SELECT is(identify_session(310, 50), 7::bigint, 'saves move');
SELECT bag_eq('SELECT content_id, saved_at::date FROM explore_saved_properties WHERE user_id = 50', $$VALUES (5::bigint, '2024-06-01'::date), (6, '2024-07-02'), (7, '2024-07-01'), (8, '2024-07-04')$$, 'and are saved, as early as they were');

-- Viewings: the visitor's keys become the user's, also where the user has one of the same viewing.
SELECT record_engagement(c, t, p, 311, 1, t = 'view') FROM (VALUES (11, 'complete', NULL::bigint), (12, 'view', NULL), (13, 'complete', NULL), (13, 'view', 51), (14, 'view', NULL), (14, 'complete', 51), (15, 'complete', NULL), (15, 'complete', 51), (16, 'view', 51)) v(c, t, p) \g /dev/null
SELECT is(identify_session(311, 51), 5::bigint, 'the visitor''s events');
SELECT bag_eq('SELECT content_id, viewer_key, by_complete FROM explore_analytics.viewing_keys WHERE session_id = 311',
  'VALUES (11::bigint, 51::bigint, true), (12, 51, false), (13, 51, true), (14, 51, true), (15, 51, true), (16, 51, false)', 'one key for each viewing, and a complete without its view waits on');
CREATE FUNCTION pg_temp.completed(content bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM explore_engagements e WHERE e.content_id = content AND e.session_id = 311 AND (e.engagement_type = 'complete' OR e.engagement_type = 'view' AND e.completed) $$;
SELECT is(ARRAY(SELECT pg_temp.completed(c) FROM generate_series(11, 16) c), '{1,1,2,2,2,1}', 'events that were stored stay as they are');
SELECT is(ARRAY(SELECT record_engagement(c, 'complete', session_id => 311) FROM generate_series(11, 15) c), array_fill('duplicate'::text, '{5}'), 'each viewing is complete');
SELECT record_engagement(c, 'view', session_id => 311, completed => true) FROM generate_series(11, 15) c \g /dev/null
SELECT is(ARRAY(SELECT pg_temp.completed(c) FROM generate_series(11, 15) c), '{1,2,2,2,2}', 'a completed view takes the place of a complete');
SELECT is((SELECT count(*) FROM explore_engagements WHERE session_id = 311 AND user_id IS NULL), 0::bigint, 'later events name the session''s user');

-- Triggers of somebody's.
CREATE FUNCTION pg_temp.meddle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.content_id = 17 THEN RETURN NULL; END IF;
  IF NEW.content_id = 18 THEN NEW.user_id := NULL; END IF;
  IF NEW.content_id = 19 THEN NEW.user_id := 53; END IF;
  NEW.metadata := '{"seen": true}';
  RETURN NEW;
END $$;
CREATE TRIGGER meddle BEFORE UPDATE ON explore_engagements FOR EACH ROW EXECUTE FUNCTION pg_temp.meddle();
INSERT INTO explore_engagements (content_id, session_id, engagement_type) SELECT c, 312, 'view' FROM generate_series(17, 20) c;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is(identify_session(312, 52), 3::bigint, 'rows that a trigger keeps are not moved');
SELECT bag_eq('SELECT content_id, user_id FROM explore_engagements WHERE session_id = 312', 'VALUES (17::bigint, NULL::bigint), (18, NULL), (19, 53), (20, 52)', 'they are what it made of them');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and the rollups say the same');
SELECT ok(viewers(platform_summary()) @> -312::bigint, 'the visitor is still one');
DROP TRIGGER meddle ON explore_engagements;
SELECT is(identify_session(312, 52), 2::bigint, 'later they follow');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'rollups, too');
SELECT ok(NOT viewers(platform_summary()) @> -312::bigint, 'the visitor is gone');
CREATE FUNCTION pg_temp.keep_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER keep_out BEFORE UPDATE ON explore_feed_sessions FOR EACH ROW EXECUTE FUNCTION pg_temp.keep_out();
SELECT is(pg_temp.refused('SELECT identify_session(313, 52)'), '09000 a trigger keeps session 313 from getting its user', 'a session without its user is none that has one');
DROP TRIGGER keep_out ON explore_feed_sessions;

-- Rollups that are not those of the raw rows: an error, as for an erasure, and nothing has changed.
INSERT INTO explore_engagements (content_id, session_id, engagement_type) VALUES (23, 317, 'view');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
ALTER TABLE explore_content DISABLE TRIGGER USER;
UPDATE explore_content SET creator_id = 77 WHERE id = 23;
ALTER TABLE explore_content ENABLE TRIGGER USER;
SELECT matches(pg_temp.refused('SELECT identify_session(317, 56)'), '^XX001 ', 'a creator that does not hold its content''s events');
SELECT is((SELECT user_id FROM explore_feed_sessions WHERE id = 317), NULL, 'the visitor is none');
SELECT explore_analytics.rebuild() \g /dev/null
CALL explore_analytics.install();
SELECT is(identify_session(317, 56), 1::bigint, 'after a rebuild');

-- In one transaction: recorded, given its user, recorded again, and all of it undone.
BEGIN;
SELECT record_engagement(21, 'view', session_id => 314) \g /dev/null
SELECT is(identify_session(314, 54), 1::bigint, 'own events move');
SELECT record_engagement(21, 'view', session_id => 314) \g /dev/null
SELECT is((SELECT array_agg(user_id) FROM explore_engagements WHERE session_id = 314), '{54,54}'::bigint[], 'and later ones follow');
SAVEPOINT s;
SELECT is(identify_session(315, 54), 0::bigint, 'another session');
ROLLBACK TO s;
SELECT is((SELECT user_id FROM explore_feed_sessions WHERE id = 315), NULL, 'which is undone');
ROLLBACK;
SELECT is((SELECT user_id FROM explore_feed_sessions WHERE id = 314), NULL, 'all is');
-- Types that count as nothing move as rows.
ALTER TYPE engagement_type ADD VALUE 'applaud';
INSERT INTO explore_engagements (content_id, session_id, engagement_type) VALUES (21, 316, 'applaud'), (21, 316, 'view');
CALL explore_analytics.refresh();
SELECT is(identify_session(316, 55), 2::bigint, 'a type of somebody''s');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'which the rollups leave out');
SELECT is_empty('SELECT * FROM explore_analytics.check_ledger()', 'and the ledger');
SELECT * FROM finish();
