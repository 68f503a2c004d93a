-- Stored rollups with bytes changed at random: whoever reads them says what is wrong, in an error of the
-- family of corrupted data, or answers; the server goes on, and rebuild() cures everything.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = error;
SET timezone = 'UTC';
SELECT FROM (SELECT setseed(0.815)) s;
INSERT INTO explore_content (id, creator_id, title) SELECT g, 1 + g % 3, 'Clip ' || g FROM generate_series(1, 8) g;
INSERT INTO explore_discovery_videos (id, content_id) SELECT g, g FROM generate_series(1, 8) g;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT 1 + floor(9 * power(random(), 2))::int, CASE WHEN n % 3 > 0 THEN n % 700 * (n % 5) + 1 END, 1 + n % 50, (ARRAY['view', 'view', 'save', 'share', 'complete', 'skip'])[1 + n % 6]::engagement_type, n % 60000, n % 4 = 0,
       CASE WHEN n % 10 = 0 THEN timestamptz '2025-03-03 03:03+00' + n % 50 * interval '1 s' ELSE timestamptz '2025-03-01 00:00+00' + random() * interval '40 days' END
FROM generate_series(1, 6000) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 20 + n % 30, n, 'view', '2025-03-05 00:00+00'::timestamptz + n * interval '1 hour' FROM generate_series(1, 900) n;
CALL explore_analytics.refresh();
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 4, n, 'view', '2025-03-20 00:00+00'::timestamptz + n * interval '1 hour' FROM generate_series(1, 400) n;
CALL explore_analytics.refresh();

CREATE SCHEMA damage;
-- A superuser can make any bytes a summary; its own input lets none but good ones in.
CREATE CAST (bytea AS engagement_summary) WITHOUT FUNCTION;
CREATE CAST (engagement_summary AS bytea) WITHOUT FUNCTION;
CREATE TABLE damage.place AS
SELECT row_number() OVER () AS n, p.* FROM (
  SELECT 'rollup_totals' AS relation, ctid AS row, 'events' AS col, length(events) AS bytes FROM explore_analytics.rollup_totals WHERE events IS NOT NULL
  UNION ALL SELECT 'rollup_totals', ctid, 'summary', length(summary::bytea) FROM explore_analytics.rollup_totals WHERE summary IS NOT NULL
  UNION ALL SELECT 'rollup_buckets', ctid, 'events', length(events) FROM explore_analytics.rollup_buckets WHERE events IS NOT NULL
  UNION ALL SELECT 'rollup_buckets', ctid, 'summary', length(summary::bytea) FROM explore_analytics.rollup_buckets WHERE summary IS NOT NULL
  UNION ALL SELECT 'rollup_deltas', ctid, 'events', length(events) FROM explore_analytics.rollup_deltas) p;
SELECT CASE WHEN count(DISTINCT (relation, col)) = 5 THEN 'ok ' ELSE 'FAIL ' END || count(*) || ' stored values in five columns' FROM damage.place;

-- Everything that reads rollups or writes them inside a transaction.
CREATE TABLE damage.reader (n int GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO damage.reader (query) VALUES
  ('SELECT platform_summary()'), ('SELECT platform_summary(''2025-03-03 03:03:10'', ''2025-03-25 01:02:03.4'')'),
  ('SELECT creator_summary(c) FROM generate_series(1, 3) c'), ('SELECT creator_summary(c, ''2025-03-03 03:03:20'', ''2025-04-02'') FROM generate_series(1, 3) c'),
  ('SELECT content_summary(c) FROM generate_series(1, 8) c'), ('SELECT content_summary(c, ''2025-03-03 03:03:30.000001'', ''2025-03-21 05:55'') FROM generate_series(1, 8) c'),
  ('SELECT * FROM video_analytics(1)'), ('SELECT * FROM videos_analytics()'), ('SELECT * FROM videos_analytics(NULL, ''2025-03-02 03:04'', NULL)'), ('SELECT * FROM creator_analytics(2)'),
  ('SELECT * FROM top_videos()'), ('SELECT * FROM metric_series(''unique_viewers'', bucket => ''day'', creator_id => 2)'), ('SELECT * FROM metric_series(''new_viewers'', bucket => ''week'')'),
  ('SELECT creator_dashboard(3, ''all'')'), ('SELECT viewer_keys(viewers(platform_summary()))'), ('SELECT * FROM explore_platform_daily'),
  ('SELECT batch_update_engagement_scores(true)'), ('SELECT * FROM explore_analytics.verify()'), ('SELECT explore_analytics.rebuild(''2025-03-10'', ''2025-03-20'')'), ('SELECT explore_analytics.rebuild()');
CREATE TABLE damage.said (n int, state text, words text);

-- Changes a stored value in one of four ways.
CREATE FUNCTION damage.changed(value bytea, kind int) RETURNS bytea LANGUAGE sql VOLATILE AS $$
  SELECT CASE kind
    WHEN 0 THEN set_byte(value, at, get_byte(value, at) # (1 << floor(8 * random())::int))
    WHEN 1 THEN substring(value FOR at)
    WHEN 2 THEN value || substring(value FROM 1 + at)
    ELSE overlay(value PLACING decode(repeat('ff', 1 + at % 9), 'hex') FROM 1 + at) END
  FROM (SELECT CASE WHEN random() < 0.3 THEN least(floor(12 * random())::int, length(value) - 1) ELSE floor(length(value) * random())::int END AS at OFFSET 0) x
$$;
CREATE FUNCTION damage.damage(which int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  p damage.place;
BEGIN
  SELECT * INTO p FROM damage.place WHERE n = which;
  EXECUTE format(CASE p.col WHEN 'summary' THEN 'UPDATE explore_analytics.%1$I SET summary = damage.changed(summary::bytea, $2)::engagement_summary WHERE ctid = $1'
                 ELSE 'UPDATE explore_analytics.%1$I SET events = damage.changed(events, $2) WHERE ctid = $1' END, p.relation) USING p.row, which % 4;
END $$;
CREATE FUNCTION damage.attempt(which int, reader int, query text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  said text := 'fine';
  words text;
BEGIN
  BEGIN
    PERFORM damage.damage(which);
    EXECUTE query;
    RAISE EXCEPTION USING ERRCODE = 'UT001';
  EXCEPTION
    WHEN SQLSTATE 'UT001' THEN NULL;
    WHEN OTHERS THEN said := SQLSTATE; words := SQLERRM;
  END;
  INSERT INTO damage.said VALUES (reader, said, words);
END $$;
CREATE TABLE damage.before AS SELECT platform_summary()::text AS platform, (SELECT string_agg(v::text, ';') FROM videos_analytics() v) AS videos;

SELECT setseed(0.4) \g /dev/null
SELECT count(damage.attempt(p.n, r.n, r.query)) AS attempts FROM (SELECT n::int FROM (SELECT *, row_number() OVER (PARTITION BY relation, col ORDER BY random()) AS place FROM damage.place) x WHERE place <= 24) p, damage.reader r \gset
SELECT CASE WHEN count(*) = :attempts AND count(*) > 1000 AND count(*) FILTER (WHERE state <> 'fine') > count(*) / 20 AND count(DISTINCT n) FILTER (WHERE state <> 'fine') >= 15 THEN 'ok ' ELSE 'FAIL ' END
  || count(*) || ' attempts, ' || count(*) FILTER (WHERE state <> 'fine') || ' of them refused' FROM damage.said;
SELECT CASE WHEN count(*) = 0 THEN 'ok all of them as corrupted data (or a sum that does not fit)' ELSE 'FAIL ' || count(*) || ' with other errors, as ' || min(state || ' ' || words) END
FROM damage.said WHERE state NOT IN ('fine', '22P03', 'XX001', '22003');
SELECT CASE WHEN (b.platform, b.videos) = (platform_summary()::text, (SELECT string_agg(v::text, ';') FROM videos_analytics() v)) THEN 'ok' ELSE 'FAIL' END || ' after all that the answers are what they were' FROM damage.before b;
-- rebuild() does not believe what it replaces.
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'FAIL' END || ' rebuild() of everything never failed' FROM damage.said JOIN damage.reader r USING (n) WHERE r.query = 'SELECT explore_analytics.rebuild()' AND state <> 'fine';

-- Procedures, outside transactions: refused or not, what comes after rebuild() is right.
\set states ''
SELECT current_setting('application_name') AS application \gset
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
\ir include/damage_step.sql
SELECT CASE WHEN current_setting('application_name') = :'application' THEN 'ok' ELSE 'FAIL' END || ' no progress is shown after errors';
SELECT CASE WHEN array_agg(DISTINCT state) <@ ARRAY['00000', '22P03', 'XX001', '22003'] AND count(*) = 20 THEN 'ok ' ELSE 'FAIL ' END || 'refresh and compact on damaged rollups: ' || string_agg(DISTINCT state, ', ')
FROM unnest(string_to_array(trim(:'states'), ' ')) state;

-- A bucket of the last level has events and no summary; with one, there is nothing below it.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 7, n, 'view', '2025-03-03 03:03+00'::timestamptz + n * interval '10 ms' FROM generate_series(1, 3000) n;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
UPDATE explore_analytics.rollup_buckets SET summary = platform_summary(), events = NULL WHERE level = 9;
SELECT CASE WHEN :ROW_COUNT > 2 AND (SELECT count(*) FROM explore_analytics.verify()) > 0 THEN 'ok' ELSE 'FAIL' END || ' verify() finds summaries on the last level';
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 7, n, 'view', '2025-03-03 03:03:20+00' FROM generate_series(1, 2000) n;
UPDATE explore_content SET creator_id = 1 + creator_id % 3 WHERE id = 7;
\set ON_ERROR_STOP off
\o /dev/null
CALL explore_analytics.refresh();
\set refreshed :SQLSTATE
SELECT explore_analytics.forget_viewer(17);
\set forgotten :SQLSTATE
CALL explore_analytics.compact();
\o
\set ON_ERROR_STOP on
SELECT CASE WHEN :'refreshed' IN ('00000', 'XX001') AND :'forgotten' IN ('00000', 'XX001') THEN 'ok' ELSE 'FAIL' END || ' below them nothing is looked for: ' || :'refreshed' || ', ' || :'forgotten';
SELECT explore_analytics.rebuild() AS rows \gset
CALL explore_analytics.refresh();
SELECT CASE WHEN (SELECT count(*) FROM explore_analytics.verify()) = 0 THEN 'ok' ELSE 'FAIL' END || ' and rebuild() cures them';
