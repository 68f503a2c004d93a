-- metric_series: one metric by local hours, days, weeks and months.
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
CREATE FUNCTION pg_temp.hours(from_time timestamptz, to_time timestamptz) RETURNS numeric LANGUAGE sql AS 'SELECT trim_scale(extract(epoch FROM to_time - from_time) / 3600)';

-- Contents 5001 and 5002 of creator 5901, 5003 of 5902, and 5009 that has no row.
INSERT INTO explore_content (id, creator_id, title) VALUES (5001, 5901, 'One'), (5002, 5901, 'Two'), (5003, 5902, 'Three');
INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES
  (5501, 5201, '2024-02-01 10:00+00'), (5502, NULL, '2024-02-01 23:30+00'), (5503, 5203, '2024-02-03 00:00+00'), (5504, 5204, '2024-02-05 06:00+00');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at) VALUES
  (5001, 5201, 5501, 'view', 4000, true,  '2024-02-01 10:00:00+00'),
  (5001, 5201, 5501, 'save',    0, false, '2024-02-01 10:30:00+00'),
  (5001, NULL, 5502, 'view', 2000, false, '2024-02-01 23:45:00+00'),
  (5001, 5201, NULL, 'view', 1000, false, '2024-02-02 00:00:00+00'),
  (5002, 5202, NULL, 'view', 3000, false, '2024-02-02 18:45:00+00'),
  (5002, 5202, NULL, 'complete', 0, false, '2024-02-02 18:46:00+00'),
  (5002, NULL, NULL, 'view',  500, false, '2024-02-05 05:59:59.999999+00'),
  (5003, 5203, 5503, 'view', 6000, false, '2024-02-03 00:00:00+00'),
  (5003, 5201, NULL, 'view', 1000, false, '2024-02-05 06:00:00+00'),
  (5003, 5201, NULL, 'skip',    0, false, '2024-02-05 06:00:01+00'),
  (5009, 5299, NULL, 'view', 1000, false, '2024-02-03 12:00:00+00');

-- Days of the platform, gaps 0, and the rows of no content among them: 2, 2, 2, 0, 2.
SELECT * FROM metric_series('views', '2024-02-01', '2024-02-06');
-- One content, one creator; unknown ones give zeros.
SELECT bucket_start::date, c.value AS content, r.value AS creator, u.value AS unknown_content
FROM metric_series('views', '2024-02-01', '2024-02-06', content_id => 5001) c JOIN metric_series('views', '2024-02-01', '2024-02-06', creator_id => 5901) r USING (bucket_start)
JOIN metric_series('views', '2024-02-01', '2024-02-06', content_id => 5009) u USING (bucket_start) ORDER BY 1;
-- Every accessor is a metric: over one bucket it is what the accessor says.
SELECT m AS metric, s.value, s.value = w.wanted AS as_accessor FROM (SELECT creator_summary(5901, '2024-02-01', '2024-03-01') AS x OFFSET 0) c, LATERAL (VALUES
  ('views', views(x)::double precision), ('unique_viewers', unique_viewers(x)), ('unidentified_views', unidentified_views(x)), ('completions', completions(x)), ('saves', saves(x)),
  ('shares', shares(x)), ('clicks', clicks(x)), ('skips', skips(x)), ('impressions', impressions(x)), ('total_engagements', total_engagements(x)),
  ('total_watch_time', total_watch_time(x)), ('average_watch_time', average_watch_time(x)), ('completion_rate', completion_rate(x)), ('engagement_rate', engagement_rate(x)),
  ('save_rate', save_rate(x)), ('share_rate', share_rate(x)), ('click_rate', click_rate(x)), ('skip_rate', skip_rate(x)), ('engagement_score', engagement_score(x))) w(m, wanted),
  metric_series(m, '2024-02-01', '2024-03-01', 'month', creator_id => 5901) s;

-- Hours: full local hours that meet the range; the values hold only what lies inside it.
SELECT * FROM metric_series('views', '2024-02-01 22:30+00', '2024-02-02 01:00+00', 'hour');
SELECT * FROM metric_series('views', '2024-02-01 23:50+00', '2024-02-02 00:00:00.000001+00', 'hour', content_id => 5001);
-- Weeks begin on Monday, 1 February 2024 was a Thursday; months on the first.
SELECT * FROM metric_series('total_watch_time', '2024-02-01', '2024-02-12', 'week');
SELECT * FROM metric_series('views', '2024-01-31 23:00+00', '2024-02-05 06:00+00', 'month');
-- NULL arguments are the defaults: days of UTC.
SELECT count(*) AS same FROM metric_series('views', '2024-02-01', '2024-02-06', NULL, NULL, NULL, NULL) d JOIN metric_series('views', '2024-02-01', '2024-02-06', 'day', 'UTC') u USING (bucket_start, bucket_end, value);
-- The session's time zone changes nothing.
SET timezone = 'America/New_York';
SELECT bucket_start AT TIME ZONE 'UTC' AS utc, value FROM metric_series('views', '2024-02-01 00:00+00', '2024-02-04 00:00+00');
SET timezone = 'UTC';

-- Asia/Kolkata, 5:30 ahead: local days begin at 18:30, hours at half past. 23:45 and 18:45 UTC belong to the next local day.
SELECT bucket_start, bucket_start AT TIME ZONE 'Asia/Kolkata' AS local, pg_temp.hours(bucket_start, bucket_end) AS hours, value
FROM metric_series('views', '2024-01-31 18:30+00', '2024-02-04 18:30+00', 'day', 'Asia/Kolkata');
SELECT bucket_start, value FROM metric_series('views', '2024-02-01 23:00+00', '2024-02-02 00:30+00', 'hour', 'Asia/Kolkata');

-- Clocks go forward and back: one view in every hour of the days around it, so that the value is the number of hours.
INSERT INTO explore_content (id, creator_id) VALUES (5004, 5903);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 5004, 5204, 'view', t FROM unnest('{2024-03-08 00:30+00,2024-03-29 00:30+00,2024-10-25 00:30+00,2024-11-01 00:30+00}'::timestamptz[]) s, generate_series(s, s + interval '5 days', '1 hour') t;
SELECT zone, bucket_start AT TIME ZONE zone AS local, bucket_start, pg_temp.hours(bucket_start, bucket_end) AS hours, value
FROM (VALUES (1, 'America/New_York', '2024-03-09 05:00+00'::timestamptz, '2024-03-12 04:00+00'::timestamptz), (2, 'America/New_York', '2024-11-02 04:00+00', '2024-11-05 05:00+00'),
             (3, 'Europe/Berlin', '2024-03-29 23:00+00', '2024-04-01 22:00+00'), (4, 'Europe/Berlin', '2024-10-25 22:00+00', '2024-10-28 23:00+00')) v(n, zone, from_time, to_time),
     LATERAL metric_series('views', from_time, to_time, 'day', zone, content_id => 5004) ORDER BY n, bucket_start;
-- The hour that is skipped does not appear, the one that comes twice appears twice.
SELECT bucket_start, bucket_start AT TIME ZONE 'America/New_York' AS local, value FROM metric_series('views', '2024-03-10 06:00+00', '2024-03-10 09:00+00', 'hour', 'America/New_York', 5004);
SELECT bucket_start, bucket_start AT TIME ZONE 'Europe/Berlin' AS local, value FROM metric_series('views', '2024-10-26 23:00+00', '2024-10-27 03:00+00', 'hour', 'Europe/Berlin', 5004);
-- Weeks and months of such a zone: a week of 167 hours, a month of 743.
SELECT bucket_start, pg_temp.hours(bucket_start, bucket_end) AS hours FROM metric_series('views', '2024-03-11 04:00+00', '2024-03-11 05:00+00', 'week', 'America/New_York')
UNION ALL SELECT bucket_start, pg_temp.hours(bucket_start, bucket_end) FROM metric_series('views', '2024-03-06 00:00+00', '2024-03-06 01:00+00', 'week', 'America/New_York')
UNION ALL SELECT bucket_start, pg_temp.hours(bucket_start, bucket_end) FROM metric_series('views', '2024-03-15 00:00+00', '2024-03-15 01:00+00', 'month', 'Europe/Berlin');
-- Buckets join without a gap, and their counts add up to the whole, in every zone and size.
SELECT bucket, zone, bool_and(following IS NULL OR following = bucket_end) AS joined, sum(value) = views(content_summary(5004, '2024-03-08 03:10+00', '2024-11-04 20:20+00')) AS complete
FROM unnest('{hour,day,week,month}'::text[]) bucket, unnest('{UTC,America/New_York,Europe/Berlin,Asia/Kolkata,Australia/Lord_Howe}'::text[]) zone,
  LATERAL (SELECT s.*, lead(bucket_start) OVER (ORDER BY bucket_start) AS following FROM metric_series('views', '2024-03-08 03:10+00', '2024-11-04 20:20+00', bucket, zone, 5004) s) x
GROUP BY bucket, zone ORDER BY bucket, zone;
DELETE FROM explore_engagements WHERE content_id = 5004;
DELETE FROM explore_content WHERE id = 5004;

-- An open bound is the first or the last event of the scope, both inclusive; without events there are no buckets.
SELECT * FROM metric_series('views', content_id => 5001);
SELECT * FROM metric_series('views', '2024-02-03', creator_id => 5902);
SELECT bucket_start, value FROM metric_series('views', NULL, '2024-02-03', creator_id => 5901);
SELECT count(*) FROM metric_series('views', content_id => 5009);
SELECT count(*) FROM metric_series('views', '2025-01-01', creator_id => 5901);
SELECT count(*) FROM metric_series('views', '2024-02-01', '2024-02-01');
SELECT sum(value) FROM metric_series('views', NULL, NULL, 'hour');

-- Sessions belong to the day they started; of a content or creator, those with any event on it. Open bounds are the first and last session.
SELECT bucket_start, value FROM metric_series('sessions', '2024-02-01', '2024-02-06');
SELECT bucket_start, value FROM metric_series('sessions', '2024-02-01', '2024-02-04', creator_id => 5901);
SELECT bucket_start, value FROM metric_series('sessions', '2024-02-01', '2024-02-04', content_id => 5003);
SELECT count(*) AS buckets, sum(value) AS sessions FROM metric_series('sessions', bucket => 'hour');
-- New viewers: by the first view ever in the scope. 5201 is new for creator 5902 on the 5th, for the platform on the 1st; before the range counts, too.
SELECT bucket_start, value FROM metric_series('new_viewers', '2024-02-01', '2024-02-06');
SELECT bucket_start, value FROM metric_series('new_viewers', '2024-02-01', '2024-02-06', creator_id => 5902);
SELECT bucket_start, value FROM metric_series('new_viewers', '2024-02-02', '2024-02-03', content_id => 5001);

-- Arguments that cannot be.
SELECT call, pg_temp.refused('SELECT * FROM metric_series(' || call || ')') FROM (VALUES
  ('''likes'''), ('''Views'''), ('NULL'), ('''views'', bucket => ''year'''), ('''views'', bucket => ''Day'''), ('''views'', bucket => ''1 day'''),
  ('''views'', time_zone => ''Mars/Olympus'''), ('''views'', time_zone => '''''), ('''views'', time_zone => ''+05:30'''), ('''views'', time_zone => ''ABC-5:30'''), ('''views'', ''2024-02-02'', ''2024-02-01'''), ('''views'', ''-infinity'''), ('''views'', NULL, ''infinity'''),
  ('''views'', content_id => 5001, creator_id => 5901'), ('''views'', content_id => 0'), ('''views'', creator_id => -1'), ('''sessions'', content_id => 5001, creator_id => 5901'),
  ('''views'', ''1000-01-01'', ''2024-01-01'', ''hour''')) v(call);

-- Nothing stays behind.
DELETE FROM explore_engagements WHERE content_id BETWEEN 5001 AND 5009;
DELETE FROM explore_content WHERE id BETWEEN 5001 AND 5009;
DELETE FROM explore_feed_sessions WHERE id BETWEEN 5501 AND 5509;
SELECT (SELECT count(*) FROM explore_engagements) AS events, (SELECT count(*) FROM explore_content) AS contents, (SELECT count(*) FROM explore_feed_sessions) AS sessions;
