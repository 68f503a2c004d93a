-- Retention: raw events of old months are dropped, and every answer stays; what verify(), check_ledger(), rebuild(),
-- ensure_partitions(), install() and uninstall() make of it; events that come late. Everything here is of 2009.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET jit = off;
\set VERBOSITY terse
-- Of tests before: their tails and creators.
DO $$ BEGIN PERFORM explore_analytics.rebuild(); END $$;

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN hint <> '' THEN ' (with a hint)' ELSE '' END;
END $$;

SELECT explore_analytics.ensure_partitions('2009-01-01', '2009-04-30') AS made;
INSERT INTO explore_content (id, creator_id, title) SELECT 6600 + n, 6690 + n % 3, 'Old ' || n FROM generate_series(1, 9) n;
INSERT INTO explore_discovery_videos (id, content_id) SELECT 6650 + n, 6600 + n FROM generate_series(1, 9) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start) SELECT 66000 + n, CASE WHEN n % 3 = 0 THEN 6700 + n END, '2009-01-03 00:00+00'::timestamptz + n * interval '11 hours' FROM generate_series(0, 200) n;
-- 6699 has no row. A session goes on for days, over the ends of months.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT CASE WHEN n % 59 = 0 THEN 6699 ELSE 6601 + n * n % 9 END, CASE WHEN n % 4 > 0 THEN 6700 + n % 83 END, CASE WHEN n % 7 > 0 THEN 66000 + n / 15 END,
  (ARRAY['view', 'view', 'view', 'save', 'share', 'click', 'skip', 'complete', 'impression'])[1 + n % 9]::engagement_type, n * 7 % 4001, n % 5 = 0,
  '2009-01-03 00:00+00'::timestamptz + n * interval '47 minutes'
FROM generate_series(1, 3000) n;
-- Some are older than the first partition.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 6601, 6800 + n, 'view', '2008-12-01 00:00+00'::timestamptz + n * interval '1 day' FROM generate_series(1, 9) n;

-- Every answer about all that, in ranges with edges inside the months.
CREATE TEMP TABLE ranges (range int, s timestamptz, e timestamptz);
INSERT INTO ranges VALUES (1, NULL, NULL), (2, '2009-01-15 10:11:12.131415+00', '2009-02-20 03:00+00'), (3, '2009-03-01+00', '2009-04-01+00'), (4, NULL, '2009-02-01 00:00:00.000001+00'), (5, '2009-03-05 05:00+00', NULL);
CREATE TEMP VIEW retention_answers AS
SELECT 'content' AS what, r.range, c.id, content_summary(c.id, r.s, r.e)::text AS answer FROM explore_content c, ranges r WHERE c.id BETWEEN 6600 AND 6699
UNION ALL SELECT 'creator', r.range, c, creator_analytics(c, r.s, r.e)::text FROM generate_series(6690, 6693) c, ranges r
UNION ALL SELECT 'platform', r.range, 0, platform_summary(r.s, r.e)::text FROM ranges r
UNION ALL SELECT 'video', r.range, a.video_id, a::text FROM ranges r, videos_analytics(NULL, r.s, r.e) a WHERE a.content_id BETWEEN 6600 AND 6699
UNION ALL SELECT 'session', NULL, id, session_analytics(id)::text FROM explore_feed_sessions WHERE id BETWEEN 66000 AND 66999
UNION ALL SELECT 'period ' || p || ' ' || t, NULL, c, aggregated_metrics(p, c, t)::text FROM unnest(ARRAY['week', 'month', 'all']) p, (VALUES (NULL::bigint), (6690), (6691)) c(c), unnest(ARRAY['2009-02-10 01:00+00', '2009-04-02 01:00+00']::timestamptz[]) t
UNION ALL SELECT 'dashboard', NULL, c, creator_dashboard(c, 'month', '2009-02-10 01:00+00')::text FROM generate_series(6690, 6692) c
UNION ALL SELECT 'series ' || m, NULL, coalesce(k, c), metric_series(m, '2009-01-01+00', '2009-05-01+00', 'week', 'Asia/Dubai', k, c)::text
  FROM unnest(ARRAY['unique_viewers', 'sessions', 'new_viewers']) m, (VALUES (NULL::bigint, NULL::bigint), (6690, NULL), (NULL, 6603)) s(c, k)
UNION ALL SELECT 'all sessions', NULL, c, metric_series('sessions', creator_id => c)::text FROM generate_series(6690, 6692) c
UNION ALL SELECT 'top', r.range, NULL, top_videos('views', r.s, r.e, 6691)::text FROM ranges r
UNION ALL SELECT 'daily', NULL, content_id, d::text FROM explore_video_daily d WHERE content_id BETWEEN 6600 AND 6699
UNION ALL SELECT 'daily', NULL, creator_id, d::text FROM explore_creator_daily d WHERE creator_id BETWEEN 6690 AND 6693
UNION ALL SELECT 'daily', NULL, NULL, d::text FROM explore_platform_daily d WHERE day < '2010-01-01';
CREATE TEMP TABLE before AS TABLE retention_answers;
CREATE TEMP VIEW retention_wrong AS
SELECT (SELECT count(*) FROM ((TABLE retention_answers EXCEPT ALL TABLE before) UNION ALL (TABLE before EXCEPT ALL TABLE retention_answers)) d) AS answers,
  (SELECT count(*) FROM explore_analytics.verify()) AS verify, (SELECT count(*) FROM explore_analytics.check_ledger()) AS ledger;
CREATE TEMP VIEW retention_rows AS SELECT count(*) FILTER (WHERE created_at < '2009-03-01+00') AS gone, count(*) AS kept FROM explore_engagements WHERE created_at < '2010-01-01+00';
SELECT count(*) > 1000 AS many FROM before;

-- What it refuses.
CALL explore_analytics.apply_retention(NULL);
CALL explore_analytics.apply_retention('0');
CALL explore_analytics.apply_retention('-1 day');
CALL explore_analytics.apply_retention('1 month -30 days');
CALL explore_analytics.apply_retention('250000 years');
BEGIN;
CALL explore_analytics.apply_retention('20 years');
ROLLBACK;
SELECT pg_temp.refused($$CALL explore_analytics.apply_retention('20 years')$$);
SET default_transaction_isolation = 'repeatable read';
CALL explore_analytics.apply_retention('20 years');
RESET default_transaction_isolation;
SET default_transaction_read_only = on;
CALL explore_analytics.apply_retention('20 years');
RESET default_transaction_read_only;
-- Nothing that old: nothing happens but a refresh.
CALL explore_analytics.apply_retention(now() - '2008-06-01+00');
SELECT * FROM retention_wrong, retention_rows;
SELECT count(*) FROM explore_analytics.dropped_partitions;

-- January and February go; February does not lie wholly before its last day.
CALL explore_analytics.apply_retention(now() - '2009-02-28 23:59+00');
SELECT partition_name, range_start, range_end, event_count, dropped_at > now() - interval '1 hour' AS just_now FROM explore_analytics.dropped_partitions ORDER BY range_start;
CALL explore_analytics.apply_retention(now() - '2009-03-01 00:00+00');
SELECT partition_name, range_start, range_end, event_count, dropped_at > now() - interval '1 hour' AS just_now FROM explore_analytics.dropped_partitions ORDER BY range_start;
SELECT action, subject, row_count, detail ~ '^(dropped partition, epochs up to|deleted late events)' AS told, role = current_user AS by_me FROM explore_analytics.audit_log WHERE action = 'apply_retention' ORDER BY id;
SELECT * FROM retention_wrong, retention_rows;
SELECT count(*) > 100 AS sessions, sum(cardinality(viewed)) > 100 AS views, sum(unique_viewers(summary)) AS viewers FROM explore_analytics.session_rollups;
-- Once more: nothing to do.
CALL explore_analytics.apply_retention(now() - '2009-03-01 00:00+00');
SELECT * FROM retention_wrong, retention_rows;

-- rebuild() keeps what only the rollups know.
SELECT explore_analytics.rebuild() > 50 AS rebuilt;
SELECT * FROM retention_wrong;
SELECT explore_analytics.rebuild('2009-02-10', '2009-03-10') AS nothing_differs;
SELECT explore_analytics.rebuild(NULL, '2009-03-10') AS nothing_differs;
SELECT explore_analytics.rebuild('2009-03-01', NULL) AS nothing_differs;
SELECT pg_temp.refused($$SELECT explore_analytics.rebuild('2009-02-10', '2009-02-20')$$);
SELECT pg_temp.refused($$SELECT explore_analytics.rebuild(NULL, '2009-03-01')$$);
-- Damage is found and mended after the horizon, and found before it.
UPDATE explore_analytics.rollup_totals SET summary = (SELECT o.summary FROM explore_analytics.rollup_totals o WHERE o.scope = 2 AND o.id = 6602) WHERE scope = 2 AND id = 6605;
SELECT scope, id, range_start, problem FROM explore_analytics.verify();
SELECT explore_analytics.rebuild() > 50 AS rebuilt;
SELECT * FROM retention_wrong;
CALL explore_analytics.compact();
SELECT batch_update_engagement_scores(true) > 0 AS rescored;
SELECT total_views - views(content_summary(content_id)) AS difference FROM explore_discovery_videos WHERE content_id = 6601;
SELECT * FROM retention_wrong;

-- Contents change: what was dropped follows.
UPDATE explore_content SET creator_id = 6693 WHERE id = 6601;
SELECT views(creator_summary(6693, NULL, '2009-02-15')) = views(content_summary(6601, NULL, '2009-02-15')) AS moved;
CALL explore_analytics.refresh();
SELECT views(creator_summary(6693, NULL, '2009-02-15')) = views(content_summary(6601, NULL, '2009-02-15')) AS moved, count(*) AS problems FROM explore_analytics.verify();
UPDATE explore_content SET creator_id = 6691 WHERE id = 6601;
DELETE FROM explore_content WHERE id = 6602;
SELECT unique_viewers(content_summary(6602)) AS unknown;
INSERT INTO explore_content (id, creator_id, title) VALUES (6602, 6692, 'Old 2');
SELECT * FROM retention_wrong;
CALL explore_analytics.refresh();
SELECT * FROM retention_wrong;

-- A late event counts at once, and goes the way of the others.
CREATE TEMP TABLE late AS SELECT views(content_summary(6604)) AS all_time, views(content_summary(6604, '2009-01-20', '2009-01-21')) AS of_day, a.* FROM session_analytics(66020) a;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at) VALUES (6604, 6999, 66020, 'view', 5000, '2009-01-20 12:00+00'), (6604, 6999, 66020, 'save', 0, '2009-01-20 12:01+00');
CREATE TEMP VIEW retention_late AS
SELECT views(content_summary(6604)) - l.all_time AS all_time, views(content_summary(6604, '2009-01-20', '2009-01-21')) - l.of_day AS of_day, a.videos_viewed - l.videos_viewed AS videos, a.saves - l.saves AS saves,
  (SELECT count(*) FROM explore_engagements WHERE created_at < '2009-03-01') AS raw FROM session_analytics(66020) a, pg_temp.late l;
SELECT * FROM retention_late;
CALL explore_analytics.refresh();
SELECT * FROM retention_late;
SELECT verify, ledger FROM retention_wrong;
CALL explore_analytics.apply_retention(now() - '2009-03-01');
SELECT * FROM retention_late;
SELECT verify, ledger FROM retention_wrong;
SELECT views(content_summary(6604, '2009-01-20 12:00', '2009-01-20 12:00:00.000001')) AS to_the_microsecond;
-- One with an old epoch is in none of them: found, and told anew it is.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at, epoch) VALUES (6605, 6999, 'view', '2009-01-21', 0);
SELECT scope, id, range_start, problem, raw FROM explore_analytics.verify();
SELECT recorded - found AS ledger FROM explore_analytics.check_ledger();
CALL explore_analytics.apply_retention(now() - '2009-03-01');
UPDATE explore_engagements SET epoch = DEFAULT WHERE content_id = 6605 AND created_at = '2009-01-21';
CALL explore_analytics.apply_retention(now() - '2009-03-01');
SELECT verify, ledger, views(content_summary(6605, '2009-01-21', '2009-01-21 00:00:00.000001')) AS views, (SELECT count(*) FROM explore_engagements WHERE created_at < '2009-03-01') AS raw FROM retention_wrong;
TRUNCATE before;
INSERT INTO before TABLE retention_answers;

-- A month whose rollups are not what its rows say is not dropped, nor is any after it.
UPDATE explore_engagements SET watch_time_ms = watch_time_ms + 1 WHERE created_at BETWEEN '2009-03-05' AND '2009-03-05 12:00';
CALL explore_analytics.apply_retention(now() - '2009-05-01');
SELECT partition_name, dropped_at IS NOT NULL AS dropped FROM explore_analytics.dropped_partitions ORDER BY range_start;
UPDATE explore_engagements SET watch_time_ms = watch_time_ms - 1 WHERE created_at BETWEEN '2009-03-05' AND '2009-03-05 12:00';
CALL explore_analytics.apply_retention(now() - '2009-04-01');
SELECT partition_name, dropped_at IS NOT NULL AS dropped FROM explore_analytics.dropped_partitions ORDER BY range_start;
SELECT * FROM retention_wrong;

-- Dropped months come back only when asked for by name, as homes of late events.
SELECT explore_analytics.ensure_partitions() AS made;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, watch_time_ms, created_at) VALUES (6606, 66021, 'click', 1, '2009-02-03');
SELECT explore_analytics.ensure_partitions('2009-02-01', '2009-02-01') AS made;
SELECT tableoid::regclass, count(*) FROM explore_engagements WHERE created_at < '2009-04-01' GROUP BY 1;
SELECT clicks(content_summary(6606, '2009-02-03', '2009-02-04')) AS clicks, verify, ledger FROM retention_wrong;
SELECT event_count AS before FROM explore_analytics.dropped_partitions WHERE partition_name LIKE '%2009_02' \gset
CALL explore_analytics.apply_retention(now() - '2009-04-01');
SELECT event_count - :before AS more, dropped_at IS NOT NULL AS dropped, to_regclass('explore_engagements_2009_02') FROM explore_analytics.dropped_partitions WHERE partition_name LIKE '%2009_02';
SELECT clicks(content_summary(6606, '2009-02-03', '2009-02-04')) AS clicks, verify, ledger FROM retention_wrong;

-- Sessions that nobody closed end with their last event, wherever it is.
SELECT close_idle_sessions() >= 100 AS closed;
SELECT count(*) AS early FROM explore_feed_sessions f JOIN explore_analytics.session_rollups r ON r.session_id = f.id WHERE f.id BETWEEN 66000 AND 66999 AND f.session_end < r.last_at;

-- Such an end is provisional, and moves to the last event before that is dropped, from a month or late from the default partition; what the app set stays.
UPDATE explore_feed_sessions SET session_end = '2009-04-21' WHERE id = 66003;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 6606, id, 'click', '2009-04-20' FROM generate_series(66001, 66003) id;
CREATE VIEW retention_ends AS SELECT f.id, f.session_end, f.session_end = f.idle_end AS provisional, f.session_start + a.duration * interval '1 second' AS told
FROM explore_feed_sessions f, session_analytics(f.id) a WHERE f.id BETWEEN 66001 AND 66003 ORDER BY f.id;
SELECT id, session_end < '2009-04-20' AS before, provisional, told FROM retention_ends;
CALL explore_analytics.apply_retention(now() - '2009-05-01');
TABLE retention_ends;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 6606, id, 'click', '2009-04-25' FROM generate_series(66002, 66003) id;
CALL explore_analytics.apply_retention(now() - '2009-05-01');
SELECT count(*) AS raw FROM explore_engagements WHERE created_at < '2009-05-01' AND session_id BETWEEN 66001 AND 66003;
TABLE retention_ends;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (6606, 66001, 'click', '2009-04-22'), (6606, 66002, 'click', '2009-04-22');
SELECT close_idle_sessions() AS moved;
TABLE retention_ends;

-- Events that are set aside go with their months, and do not come back.
SELECT explore_analytics.exclude_traffic(66901) AS moved;
SELECT record_engagement(6606, 'view', user_id => 66901, created_at => t) FROM unnest(ARRAY['2009-04-26', '2009-04-27', '2009-05-02']::timestamptz[]) t;
CALL explore_analytics.apply_retention(now() - '2009-05-01');
CALL explore_analytics.apply_retention(now() - '2009-05-01');
SELECT explore_analytics.restore_traffic(66901) AS moved;

-- install() changes nothing; nothing of the numbers is lost by mistake.
CALL explore_analytics.install();
SELECT count(*) AS dropped FROM explore_analytics.dropped_partitions;
SELECT pg_temp.refused('CALL explore_analytics.uninstall()');
SELECT pg_temp.refused('CALL explore_analytics.uninstall(NULL)');
BEGIN;
DELETE FROM explore_analytics.rollup_state;
SELECT pg_temp.refused('CALL explore_analytics.install()');
ROLLBACK;
SELECT command, count(*) FROM explore_analytics.refresh_progress GROUP BY 1;

-- Away with it all: the other tests know nothing of it.
DROP VIEW retention_ends, retention_late, retention_wrong, retention_rows, retention_answers;
DELETE FROM explore_engagements WHERE content_id BETWEEN 6600 AND 6699;
DELETE FROM explore_discovery_videos WHERE content_id BETWEEN 6600 AND 6699;
DELETE FROM explore_content WHERE id BETWEEN 6600 AND 6699;
DELETE FROM explore_feed_sessions WHERE id BETWEEN 66000 AND 66999;
DELETE FROM explore_analytics.dropped_partitions;
DELETE FROM explore_analytics.session_rollups;
SELECT explore_analytics.rebuild() > 0 AS rebuilt;
SELECT count(*) FROM explore_analytics.verify();
