-- Forgetting a viewer where months of raw events are gone: there the viewer leaves the sets and the counters
-- stay; where raw events are, everything is as if there had been no such viewer. Compared with a copy of all
-- events that was kept aside.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT no_plan();

SELECT setseed(0.75);
SELECT explore_analytics.ensure_partitions((now() - interval '9 months')::date, now()::date) \g /dev/null
INSERT INTO explore_content (id, creator_id) SELECT n, 1 + n % 4 FROM generate_series(1, 30) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start)
SELECT n, CASE WHEN n % 3 > 0 THEN 1 + n % 25 END, now() - interval '8 months' FROM generate_series(1, 200) n;
CREATE FUNCTION pg_temp.add(n integer, from_time interval) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 1 + floor(32 * random() ^ 2), CASE WHEN random() < 0.6 THEN 1 + floor(25 * random()) END,
    CASE WHEN random() < 0.8 THEN 1 + floor(200 * random()) END,
    (enum_range(NULL::engagement_type))[1 + floor(8 * random() ^ 2)], floor(60000 * random()), random() < 0.4,
    date_trunc('second', now() - from_time * random())
  FROM generate_series(1, n)
$$;
SELECT pg_temp.add(12000, '8 months') \g /dev/null
CALL explore_analytics.refresh();
-- All events there ever were, and whose sessions were whose.
CREATE TABLE shadow AS SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM explore_engagements;
CREATE TABLE owned AS SELECT id, user_id FROM explore_feed_sessions;
CALL explore_analytics.apply_retention('75 days');
SELECT max(range_end) AS horizon FROM explore_analytics.dropped_partitions \gset
SELECT cmp_ok((SELECT min(created_at) FROM explore_engagements), '>=', :'horizon'::timestamptz, 'months of raw events are gone');
-- Late events of those months have raw rows of their own; some are refreshed, some not.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + n % 5, 7 + n % 2, 'view', 1000 * n, n % 3 = 0, :'horizon'::timestamptz - n * interval '3 hours' FROM generate_series(1, 40) n;
CALL explore_analytics.refresh();
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 3, 7, 'view', :'horizon'::timestamptz - n * interval '1 day' FROM generate_series(1, 3) n;
INSERT INTO shadow SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM explore_engagements WHERE created_at < :'horizon';
ALTER TABLE shadow ADD has_raw boolean;
UPDATE shadow s SET has_raw = EXISTS (SELECT FROM explore_engagements e WHERE e.id = s.id);
SELECT cmp_ok((SELECT count(*) FROM shadow WHERE NOT has_raw), '>', 5000::bigint, 'of thousands of events only the rollups know');

-- What must come out: of a victim's events those with a raw row go, the others lose their viewer.
CREATE TABLE victims (viewer bigint);
CREATE VIEW expected AS
  SELECT s.content_id, c.creator_id, s.created_at, s.engagement_type, s.watch_time_ms, s.completed,
    CASE WHEN v.viewer IS NULL THEN coalesce(s.user_id, -s.session_id) END AS viewer_key
  FROM shadow s LEFT JOIN explore_content c ON c.id = s.content_id LEFT JOIN owned o ON o.id = s.session_id
  LEFT JOIN victims v ON v.viewer = coalesce(s.user_id, o.user_id)
  WHERE v.viewer IS NULL OR NOT s.has_raw;
-- Answers and what they must be, for ranges on both sides of the horizon and across it.
CREATE TABLE ranges AS SELECT * FROM (VALUES (1, NULL::timestamptz, NULL::timestamptz), (2, NULL, :'horizon'), (3, :'horizon', NULL),
  (4, :'horizon'::timestamptz - interval '40 days 3 hours 17 seconds', :'horizon'::timestamptz - interval '2 hours'),
  (5, :'horizon'::timestamptz - interval '31 days', :'horizon'::timestamptz + interval '20 days 1 second')) r(n, from_time, to_time);
CREATE VIEW answers AS
  SELECT r.n, 'platform' AS scope, 0 AS id, platform_summary(from_time, to_time)::text AS summary FROM ranges r
  UNION ALL SELECT r.n, 'creator', c, creator_summary(c, from_time, to_time)::text FROM ranges r, generate_series(1, 4) c
  UNION ALL SELECT r.n, 'content', c, content_summary(c, from_time, to_time)::text FROM ranges r, generate_series(1, 32) c;
CREATE VIEW wanted AS
  WITH e AS (SELECT r.n, x.* FROM ranges r JOIN expected x ON x.created_at >= coalesce(r.from_time, '-infinity') AND x.created_at < coalesce(r.to_time, 'infinity'))
  SELECT r.n, 'platform' AS scope, 0 AS id, (SELECT engagement_agg(engagement_type, viewer_key, watch_time_ms, completed) FROM e WHERE e.n = r.n)::text FROM ranges r
  UNION ALL SELECT r.n, 'creator', c, (SELECT engagement_agg(engagement_type, viewer_key, watch_time_ms, completed) FROM e WHERE e.n = r.n AND e.creator_id = c)::text FROM ranges r, generate_series(1, 4) c
  UNION ALL SELECT r.n, 'content', c, (SELECT engagement_agg(engagement_type, viewer_key, watch_time_ms, completed) FROM e WHERE e.n = r.n AND e.content_id = c AND e.creator_id IS NOT NULL)::text FROM ranges r, generate_series(1, 32) c;
SELECT bag_eq('TABLE answers', 'TABLE wanted', 'before: answers are those of all events');

-- The export has the views that only the rollups know.
CREATE TABLE exported AS SELECT explore_analytics.export_viewer(7) AS d;
SELECT bag_eq(
  $$SELECT (v ->> 'contentId')::bigint, (v ->> 'createdAt')::timestamptz, (v ->> 'watchTime')::numeric * 1000, (v ->> 'completed')::boolean FROM exported, jsonb_array_elements(d -> 'olderViews') v$$,
  $$SELECT s.content_id, s.created_at, s.watch_time_ms::numeric, s.completed FROM shadow s LEFT JOIN owned o ON o.id = s.session_id
    WHERE coalesce(s.user_id, o.user_id) = 7 AND s.engagement_type = 'view' AND NOT s.has_raw$$, 'the export has the views of months without raw rows');
SELECT is((SELECT jsonb_array_length(d -> 'engagements')::bigint FROM exported),
  (SELECT count(*) FROM shadow s LEFT JOIN owned o ON o.id = s.session_id WHERE coalesce(s.user_id, o.user_id) = 7 AND s.has_raw), 'and the events of the others');

SELECT unidentified_views(platform_summary()) AS unidentified, unique_viewers(platform_summary()) AS viewers \gset
INSERT INTO victims VALUES (7);
SELECT is(explore_analytics.forget_viewer(7), (SELECT count(*) FROM shadow s LEFT JOIN owned o ON o.id = s.session_id WHERE coalesce(s.user_id, o.user_id) = 7 AND s.has_raw), 'events with raw rows are removed');
SELECT bag_eq('TABLE answers', 'TABLE wanted', 'after: answers are those of what is left');
SELECT cmp_ok(unidentified_views(platform_summary()), '>', :unidentified::bigint, 'old views have become anonymous');
SELECT cmp_ok(unique_viewers(platform_summary()), '<', :viewers::bigint, 'and their viewers are gone');
SELECT is(explore_analytics.export_viewer(7) -> 'olderViews', '[]', 'there is nothing left to export');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'the rollups are sound');
SELECT is_empty('SELECT * FROM explore_analytics.check_ledger()', 'the ledger, too');
CALL explore_analytics.compact();
SELECT bag_eq('TABLE answers', 'TABLE wanted', 'the same after a compaction');

-- Somebody else, with a content that has moved, and a rebuild afterwards.
UPDATE explore_content SET creator_id = 1 + creator_id % 4 WHERE id IN (1, 2, 3);
INSERT INTO victims VALUES (8), (9);
SELECT cmp_ok(explore_analytics.forget_viewer(v), '>', 0::bigint, 'viewer ' || v) FROM (VALUES (8), (9)) x(v);
SELECT bag_eq('TABLE answers', 'TABLE wanted', 'two more');
SELECT explore_analytics.rebuild() \g /dev/null
SELECT bag_eq('TABLE answers', 'TABLE wanted', 'a rebuild brings nobody back');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'all is sound');
-- A viewer whose every event is older than the raw rows.
SELECT is(explore_analytics.forget_viewer(8), 0::bigint, 'a second erasure has nothing to do');
SELECT is((SELECT count(*) FROM explore_analytics.session_rollups r JOIN owned o ON o.id = r.session_id WHERE o.user_id IN (7, 8, 9)), 0::bigint, 'sessions of dropped months are gone as well');
SELECT * FROM finish();
