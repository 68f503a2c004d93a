-- Relations for BI tools: a row for each day that has events, the same numbers as plain SQL, whatever has been refreshed.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

-- Contents 4201 and 4202 of creator 4291, 4203 of 4292, 4204 of 4292 without a video; 4209 has no row.
INSERT INTO explore_content (id, creator_id, title, category, area) VALUES (4201, 4291, 'One', 'villa', 'Marina'), (4202, 4291, 'Two', 'loft', NULL), (4203, 4292, 'Three', 'villa', 'Marina'), (4204, 4292, 'Four', NULL, NULL);
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (4251, 4201, 10000), (4252, 4202, 20000), (4253, 4203, 30000);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at) VALUES
  (4201, 4211, NULL, 'view', 10000, true,  '2024-03-01 00:00:00+00'),
  (4201, 4211, NULL, 'view',  2500, false, '2024-03-01 23:59:59.999999+00'),
  (4201, 4212, NULL, 'view',  1000, false, '2024-03-02 00:00:00+00'),
  (4201, NULL, 4241, 'view',   500, false, '2024-03-02 12:00:00+00'),
  (4201, NULL, NULL, 'view',   250, false, '2024-03-02 12:00:01+00'),
  (4201, 4212, NULL, 'save',     0, false, '2024-03-02 12:00:02+00'),
  (4202, 4211, NULL, 'view',  4000, false, '2024-03-02 13:00:00+00'),
  (4202, 4211, NULL, 'share',    0, false, '2024-03-02 13:00:01+00'),
  (4203, 4213, NULL, 'view',  3000, false, '2024-03-04 08:00:00+00'),
  (4203, 4213, NULL, 'click',    0, false, '2024-03-04 08:00:01+00'),
  (4203, 4213, NULL, 'skip',     0, false, '2024-03-04 08:00:02+00'),
  (4204, 4213, NULL, 'impression', 0, false, '2024-03-04 09:00:00+00'),
  (4209, 4214, NULL, 'view',  7000, false, '2024-03-04 10:00:00+00');

-- 3 March has no events and no row. Content without a row is in the platform's numbers alone.
SELECT day, bucket, video_id, content_id, creator_id, title, category, area, views, unique_viewers, watch_time, completions FROM explore_video_daily ORDER BY day, content_id;
SELECT day, content_id, completion_rate, saves, save_rate, shares, clicks, skips, impressions, engagement_rate, engagement_score FROM explore_video_daily ORDER BY day, content_id;
SELECT day, creator_id, views, unique_viewers, watch_time, round(completion_rate::numeric, 2) AS completion_rate, saves, shares, clicks, skips, impressions, engagement_rate FROM explore_creator_daily ORDER BY day, creator_id;
SELECT day, views, unique_viewers, watch_time, completions, saves, shares, clicks, skips, impressions FROM explore_platform_daily ORDER BY day;

-- All three beside plain SQL: nothing differs, with no rollups, with some, with all, and after a content has moved.
CREATE VIEW bi_plain AS
SELECT e.created_at::date AS day, e.content_id, c.creator_id, coalesce(e.user_id, -e.session_id) AS viewer, e.engagement_type::text AS kind, e.watch_time_ms AS ms, e.completed
FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id;
CREATE FUNCTION bi_wrong() RETURNS TABLE (relation text, only_in text, day date, id bigint) LANGUAGE plpgsql AS $$
DECLARE
  v record;
  numbers text := 'count(*) FILTER (WHERE kind = ''view''), count(DISTINCT viewer) FILTER (WHERE kind = ''view''), sum(ms) / 1000.0::float8, count(*) FILTER (WHERE kind = ''view'' AND completed OR kind = ''complete''),'
    ' count(*) FILTER (WHERE kind = ''save''), count(*) FILTER (WHERE kind = ''share''), count(*) FILTER (WHERE kind = ''click''), count(*) FILTER (WHERE kind = ''skip''), count(*) FILTER (WHERE kind = ''impression'')';
BEGIN
  FOR v IN SELECT * FROM (VALUES ('explore_video_daily', 'content_id', 'creator_id IS NOT NULL'), ('explore_creator_daily', 'creator_id', 'creator_id IS NOT NULL'), ('explore_platform_daily', '0::bigint', 'true')) v(name, key, condition) LOOP
    RETURN QUERY EXECUTE format('WITH told AS (SELECT day, %2$s AS id, views, unique_viewers, watch_time, completions, saves, shares, clicks, skips, impressions FROM %1$s), plain AS (SELECT day, %2$s AS id, %3$s FROM bi_plain WHERE %4$s GROUP BY 1, 2)
      SELECT %1$L, ''view'', t.day, t.id FROM (TABLE told EXCEPT TABLE plain) t UNION ALL SELECT %1$L, ''plain SQL'', p.day, p.id FROM (TABLE plain EXCEPT TABLE told) p', v.name, v.key, numbers, v.condition);
  END LOOP;
END $$;
SELECT count(*) AS rows FROM explore_video_daily;
SELECT * FROM bi_wrong();
CALL explore_analytics.refresh();
SELECT * FROM bi_wrong();
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT 4201 + n % 3, 4211 + n % 40, 'view', 10 * n, '2024-03-02 00:00+00'::timestamptz + n * interval '50 minutes' FROM generate_series(1, 300) n;
SELECT * FROM bi_wrong();
UPDATE explore_content SET creator_id = 4292 WHERE id = 4202;
SELECT * FROM bi_wrong();
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT * FROM bi_wrong();
-- What tools ask: a range of days, one content, sums that may be added up, and one that must not.
SELECT day, views FROM explore_video_daily WHERE content_id = 4201 AND day BETWEEN '2024-03-02' AND '2024-03-04' ORDER BY day;
SELECT sum(views) AS views, sum(views) = views(creator_summary(4292)) AS the_same, sum(unique_viewers) > unique_viewers(creator_summary(4292)) AS too_many FROM explore_creator_daily WHERE creator_id = 4292;
SELECT title, sum(views) AS views FROM explore_video_daily WHERE category = 'villa' AND bucket >= '2024-03-10 00:00+00' GROUP BY title ORDER BY title;
SELECT count(*) AS none FROM explore_video_daily WHERE day > '2100-01-01' OR content_id = 4299;
-- Who calls the function has the conditions that are on its own rows, and no others.
CREATE TABLE bi_other (creator_id bigint);
INSERT INTO bi_other VALUES (4291);
CREATE VIEW bi_numbers AS SELECT * FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) WHERE id BETWEEN 4201 AND 4209 OFFSET 0;
SELECT count(*) = (SELECT count(*) FROM bi_numbers) AS of_another_table FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) d, bi_other o WHERE o.creator_id = 4291 AND d.id BETWEEN 4201 AND 4209;
SELECT count(*) = (SELECT count(*) FROM bi_numbers) AS of_another_content FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) d, explore_content c WHERE c.creator_id = 4292 AND c.id = 4202 AND d.id BETWEEN 4201 AND 4209;
SELECT count(*) > 0 AS of_its_content FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) d, explore_content c WHERE c.creator_id = 4292 AND c.id = d.id;
SELECT max(n) > count(*) AS numbered FROM explore_analytics.daily_numbers(2::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) WITH ORDINALITY AS d (day, bucket, id, views, unique_viewers, watch_time, completions, completion_rate, saves, save_rate, shares, clicks, skips, impressions, engagement_rate, engagement_score, n) WHERE id = 4203;
SELECT count(*) = (SELECT count(*) FROM explore_analytics.daily_numbers(1::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) WHERE day IS NOT NULL OFFSET 0) AS beside
FROM (SELECT explore_analytics.daily_numbers(1::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) FROM (SELECT FROM explore_analytics.daily_numbers(1::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) WHERE id = 4292 AND day = (SELECT min(day) FROM explore_creator_daily WHERE creator_id = 4292)) one) x;
DROP VIEW bi_numbers;
DROP TABLE bi_other;

-- The leaderboard: contents with at least ten views, as of the last rescore.
SELECT batch_update_engagement_scores() AS changed;
SELECT rank, content_id, video_id, creator_id, title, views, round(completion_rate::numeric, 3) AS completion_rate, round(engagement_score::numeric, 3) AS score, scored_at IS NOT NULL AS scored FROM explore_leaderboard;
SELECT l.content_id, l.views = a.total_views AND l.completion_rate = a.completion_rate AND l.engagement_score = a.average_engagement_score AS as_told FROM explore_leaderboard l JOIN videos_analytics() a USING (video_id) ORDER BY 1;

-- Who may read sees the creator that it is, and nothing without one; who may analyse sees all. Conditions are no way around.
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_explore_bi;
DROP ROLE IF EXISTS regress_explore_tool;
RESET client_min_messages;
CREATE ROLE regress_explore_bi;
CREATE ROLE regress_explore_tool;
SELECT explore_analytics.grant_access('regress_explore_bi', 'read'), explore_analytics.grant_access('regress_explore_tool', 'analyse');
CREATE FUNCTION bi_peek(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS 'BEGIN IF $1 <> 4291 THEN RAISE EXCEPTION ''peeked at %'', $1; END IF; RETURN true; END';
CREATE FUNCTION bi_seen() RETURNS TABLE (videos bigint[], creators bigint[], platform_days bigint, leaders bigint[]) LANGUAGE sql AS $$
  SELECT (SELECT array_agg(DISTINCT content_id) FROM explore_video_daily), (SELECT array_agg(DISTINCT creator_id) FROM explore_creator_daily), (SELECT count(*) FROM explore_platform_daily), (SELECT array_agg(content_id ORDER BY rank) FROM explore_leaderboard)
$$;
SET ROLE regress_explore_bi;
SELECT * FROM bi_seen();
RESET ROLE;
SET explore_analytics.user_id = '4291';
SET ROLE regress_explore_bi;
SELECT * FROM bi_seen();
SELECT count(*) > 0 AS rows FROM explore_creator_daily WHERE bi_peek(creator_id);
SET ROLE regress_explore_tool;
SELECT creators, platform_days > 10 AS platform, leaders FROM bi_seen();
SELECT count(*) FROM explore_creator_daily WHERE bi_peek(creator_id);
SELECT count(*) FROM explore_engagements;
RESET ROLE;
RESET explore_analytics.user_id;
-- Every relation and column says what it is.
SELECT c.relname, count(*) AS columns, count(col_description(c.oid, a.attnum)) AS described, obj_description(c.oid) IS NOT NULL AS says_what
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.oid IN ('explore_video_daily'::regclass, 'explore_creator_daily'::regclass, 'explore_platform_daily'::regclass, 'explore_leaderboard'::regclass) GROUP BY c.oid, c.relname ORDER BY 1;

-- Nothing stays behind.
DROP OWNED BY regress_explore_bi, regress_explore_tool;
DROP ROLE regress_explore_bi, regress_explore_tool;
DROP FUNCTION bi_wrong, bi_peek, bi_seen;
DROP VIEW bi_plain;
DELETE FROM explore_engagements WHERE content_id BETWEEN 4201 AND 4209;
DELETE FROM explore_discovery_videos WHERE content_id BETWEEN 4201 AND 4209;
DELETE FROM explore_content WHERE id BETWEEN 4201 AND 4209;
SELECT explore_analytics.rebuild() AS left_over, batch_update_engagement_scores(true) AS changed;
SELECT count(*) AS leaders FROM explore_leaderboard;
SELECT count(*) AS differences FROM explore_analytics.verify();
