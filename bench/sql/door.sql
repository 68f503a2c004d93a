-- What the door costs: the same reads by a superuser, who is let through, by an analyst, by a reader whose
-- identity is a setting, and by one of the map; in short turns, in one session; the best of each counts.
-- In a database of its own with the extension: psql -v turns=100 -f bench/sql/door.sql. Makes roles, and
-- removes them.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CALL explore_analytics.install();
CALL explore_analytics.create_roles('ea_bench');
CREATE ROLE ea_bench_mapped IN ROLE ea_bench_reader;
CREATE ROLE ea_bench_set IN ROLE ea_bench_reader;
SELECT explore_analytics.set_identity('ea_bench_mapped', 51), explore_analytics.ensure_partitions('2025-01-01', '2025-04-01') \g /dev/null
INSERT INTO explore_content (creator_id, title) SELECT 1 + n % 100, 'video ' || n FROM generate_series(1, 2000) n;
INSERT INTO explore_discovery_videos (content_id, duration_ms) SELECT n, 20000 FROM generate_series(1, 2000) n;
INSERT INTO explore_feed_sessions (id, user_id, session_start, session_end)
SELECT n, 1 + n % 100, timestamptz '2025-01-01' + n * interval '1 minute', timestamptz '2025-01-01' + n * interval '1 minute' + interval '5 minutes' FROM generate_series(1, 20000) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + (hashint8(n) & 2147483647) % 2000, 1 + (hashint8(n + 7) & 2147483647) % 30000, 1 + n / 20, 'view', n % 30000, timestamptz '2025-01-01' + n * interval '20 seconds' FROM generate_series(1, 300000) n;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
VACUUM ANALYZE;

CREATE TEMP TABLE timing (read text, who text, us double precision);
GRANT ALL ON timing TO PUBLIC;
CREATE FUNCTION public.measure(read text, times int, who text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz;
BEGIN
  FOR i IN 0 .. times LOOP
    IF i = 1 THEN since := clock_timestamp(); END IF;   -- the first one plans
    CASE read
      WHEN 'video, all time' THEN PERFORM * FROM video_analytics(50);
      WHEN 'video, 18 days' THEN PERFORM * FROM video_analytics(50, '2025-01-15 10:01:02', '2025-02-03 11:12:13');
      WHEN 'session' THEN PERFORM * FROM session_analytics(50);
      WHEN 'creator' THEN PERFORM * FROM creator_analytics(51);
      ELSE PERFORM * FROM explore_video_daily WHERE content_id = 50;
    END CASE;
  END LOOP;
  INSERT INTO timing VALUES (read, who, extract(epoch FROM clock_timestamp() - since) * 1e6 / times);
END $$;
\o /dev/null
-- A cell is a statement: begin, become somebody, measure, commit.
SELECT CASE who WHEN 'set' THEN $$BEGIN; SET LOCAL explore_analytics.user_id = '51'$$ ELSE 'BEGIN' END,
       'SET LOCAL SESSION AUTHORIZATION ' || CASE who WHEN 'superuser' THEN 'DEFAULT' ELSE 'ea_bench_' || who END,
       format('SELECT public.measure(%L, %s, %L)', read, times, who), 'COMMIT'
FROM generate_series(1, :turns) turn, (VALUES ('video, all time', 200), ('video, 18 days', 200), ('session', 150), ('creator', 10), ('daily view', 5)) r(read, times),
     unnest(ARRAY['superuser', 'analyst', 'set', 'mapped']) WITH ORDINALITY w(who, place) ORDER BY turn, read, place
\gexec
\o
SELECT t.read, t.who, round(min(t.us)::numeric, 1) AS best_us, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.us)::numeric, 1) AS median_us,
       round((100 * (min(t.us) / s.best - 1))::numeric, 1) AS door_percent
FROM timing t JOIN (SELECT read, min(us) AS best FROM timing WHERE who = 'superuser' GROUP BY read) s USING (read)
GROUP BY t.read, t.who, s.best ORDER BY t.read, min(t.us);
SELECT format('RESULT door worst_percent=%s', round(max(100 * (x.us / s.us - 1))::numeric, 1))
FROM (SELECT read, who, min(us) AS us FROM timing GROUP BY read, who) x JOIN (SELECT read, min(us) AS us FROM timing WHERE who = 'superuser' GROUP BY read) s USING (read);
DROP FUNCTION public.measure(text, int, text);
CALL explore_analytics.uninstall(true);
DROP OWNED BY ea_bench_owner, ea_bench_writer, ea_bench_reader, ea_bench_analyst, ea_bench_job, ea_bench_mapped, ea_bench_set;
DROP ROLE ea_bench_owner, ea_bench_writer, ea_bench_reader, ea_bench_analyst, ea_bench_job, ea_bench_mapped, ea_bench_set;
