-- install() and uninstall(): what they make, adopt, refuse, keep and take away.
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
-- What a schema holds, so that "nothing changed" can be seen: relations, columns, constraints, owners and rights.
CREATE FUNCTION pg_temp.snapshot() RETURNS text LANGUAGE sql AS $$
  SELECT md5(string_agg(line, E'\n' ORDER BY line COLLATE "C")) FROM (
    SELECT format('%s %s %s %s', c.oid, c.relname, c.relowner, c.relacl) AS line FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'explore_analytics')
    UNION ALL SELECT format('%s %s %s %s %s', a.attrelid, a.attname, a.atttypid, a.attnotnull, a.attidentity) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'explore_analytics') AND a.attnum > 0
    UNION ALL SELECT format('%s %s', conrelid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace) x
$$;

CALL explore_analytics.install();
-- Again: nothing is added, nothing is said.
SELECT pg_temp.snapshot() AS before \gset
CALL explore_analytics.install();
CALL explore_analytics.install(NULL);
SELECT pg_temp.snapshot() = :'before' AS unchanged;

-- The tables have the columns of the contract; those marked are not null; ids are identities that may be given.
WITH wanted(name, columns) AS (VALUES
  ('explore_content', 'id bigint!, creator_id bigint!, content_type text, title text, category text, area text, country text, tags text[], created_at timestamp with time zone, updated_at timestamp with time zone, view_count bigint, engagement_score double precision, is_active boolean'),
  ('explore_discovery_videos', 'id bigint!, content_id bigint!, duration_ms integer, video_url text, thumbnail_url text, created_at timestamp with time zone, total_views bigint, total_watch_time_ms bigint, completion_rate double precision, save_count bigint, share_count bigint, click_count bigint, scored_at timestamp with time zone'),
  ('explore_engagements', 'id bigint!, content_id bigint!, user_id bigint, session_id bigint, engagement_type engagement_type!, watch_time_ms integer!, completed boolean!, created_at timestamp with time zone!, event_id uuid, metadata jsonb, epoch bigint'),
  ('explore_feed_sessions', 'id bigint!, user_id bigint, session_start timestamp with time zone!, session_end timestamp with time zone, device_type text, platform text, app_version text, country text, region text, city text, traffic_source text, attributes jsonb'),
  ('explore_saved_properties', 'user_id bigint!, content_id bigint!, saved_at timestamp with time zone'),
  ('explore_exposures', 'experiment text!, viewer_key bigint!, variant text!, exposed_at timestamp with time zone!'),
  ('explore_excluded_engagements', 'id bigint, content_id bigint!, user_id bigint, session_id bigint, engagement_type engagement_type!, watch_time_ms integer!, completed boolean!, created_at timestamp with time zone!, event_id uuid, metadata jsonb, epoch bigint, reason text, excluded_at timestamp with time zone!'),
  ('explore_viewers', 'user_id bigint!, birth_year integer, gender text, country text, region text, city text, language text, created_at timestamp with time zone'),
  ('explore_video_daily', 'day date, bucket timestamp with time zone, video_id bigint, content_id bigint, creator_id bigint, title text, category text, area text, views bigint, unique_viewers bigint, watch_time double precision, completions bigint, completion_rate double precision, saves bigint, save_rate double precision, shares bigint, clicks bigint, skips bigint, impressions bigint, engagement_rate double precision, engagement_score double precision'),
  ('explore_creator_daily', 'day date, bucket timestamp with time zone, creator_id bigint, views bigint, unique_viewers bigint, watch_time double precision, completions bigint, completion_rate double precision, saves bigint, save_rate double precision, shares bigint, clicks bigint, skips bigint, impressions bigint, engagement_rate double precision, engagement_score double precision'),
  ('explore_platform_daily', 'day date, bucket timestamp with time zone, views bigint, unique_viewers bigint, watch_time double precision, completions bigint, completion_rate double precision, saves bigint, save_rate double precision, shares bigint, clicks bigint, skips bigint, impressions bigint, engagement_rate double precision, engagement_score double precision'),
  ('explore_leaderboard', 'rank bigint, content_id bigint, video_id bigint, creator_id bigint, title text, views bigint, completion_rate double precision, engagement_score double precision, scored_at timestamp with time zone'))
SELECT w.name, c.relkind, count(*) AS columns, count(a.attname) AS present,
       string_agg(x.spec, ', ') FILTER (WHERE a.attname IS NULL OR format_type(a.atttypid, NULL) <> rtrim(substr(x.spec, strpos(x.spec, ' ') + 1), '!') OR x.spec LIKE '%!' AND NOT a.attnotnull) AS missing_or_different
FROM wanted w LEFT JOIN pg_class c ON c.oid = to_regclass('public.' || w.name) CROSS JOIN LATERAL regexp_split_to_table(w.columns, ', ') x(spec)
LEFT JOIN pg_attribute a ON a.attrelid = to_regclass('public.' || w.name) AND a.attname = split_part(x.spec, ' ', 1) AND a.attnum > 0
GROUP BY w.name, c.relkind ORDER BY w.name;
SELECT attrelid::regclass AS relation, attname, attidentity FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE relname LIKE 'explore\_%' AND NOT relispartition AND attidentity <> '' ORDER BY relname;
-- They are nobody's members: none belongs to the extension, which is what a dump goes by.
SELECT count(*) FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_extension'::regclass AND deptype = 'e' AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'explore_analytics');
-- Granted to nobody.
SELECT relname, relacl FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname IN ('public', 'explore_analytics') AND relkind IN ('r', 'p', 'v', 'm') AND relacl::text ~ '[{,]=' ORDER BY 1;

-- Partitions: the months from three back to three ahead of now, in UTC, and the default one.
SELECT g - 3 AS month, pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES FROM (%L) TO (%L)', m, m + interval '1 month') AS bounds, i.inhparent::regclass AS of
FROM generate_series(0, 6) g, LATERAL (SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => g - 3)) AT TIME ZONE 'UTC' AS m) x
LEFT JOIN pg_class c ON c.relname = 'explore_engagements_' || to_char(m, 'YYYY_MM') LEFT JOIN pg_inherits i ON i.inhrelid = c.oid ORDER BY g;
SELECT count(*) AS partitions, count(*) FILTER (WHERE pg_get_expr(relpartbound, c.oid) = 'DEFAULT') AS of_them_default FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'explore_engagements'::regclass;
-- ensure_partitions makes old months, in UTC in any session, and moves their rows out of the default partition; the numbers stay.
INSERT INTO explore_content (id, creator_id) VALUES (1001, 1901);
INSERT INTO explore_discovery_videos (id, content_id) VALUES (1101, 1001);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata) VALUES
  (1001, 1201, 'view', 1000, true, '2001-04-30 23:59:59.999999+00', NULL, NULL), (1001, 1201, 'view', 2000, false, '2001-05-01 00:00+00', NULL, '{"a": 1}'),
  (1001, 1202, 'save', 0, false, '2001-05-31 23:59:59.999999+00', '10000000-0000-4000-8000-000000000001', NULL), (1001, 1202, 'view', 500, false, '2001-06-01 00:00+00', NULL, NULL),
  (1001, 1203, 'view', 500, false, '2001-07-01 00:00+00', NULL, NULL), (1001, 1203, 'view', 0, false, '290000-01-01 00:00+00', NULL, NULL);
CREATE TEMP TABLE rows_before AS SELECT * FROM explore_engagements;
CREATE TEMP TABLE numbers_before AS SELECT * FROM video_analytics(1101);
SELECT tableoid::regclass AS partition, count(*) FROM explore_engagements GROUP BY 1;
SET timezone = 'Pacific/Kiritimati';
SELECT explore_analytics.ensure_partitions('2001-05-31', '2001-06-01') AS made;
SET timezone = 'UTC';
SELECT explore_analytics.ensure_partitions('2001-05-01', '2001-06-30') AS again, explore_analytics.ensure_partitions() AS of_now;
SELECT tableoid::regclass AS partition, created_at FROM explore_engagements ORDER BY created_at;
SELECT count(*) AS changed FROM (TABLE rows_before EXCEPT TABLE explore_engagements) d;
SELECT count(*) AS same FROM numbers_before NATURAL JOIN video_analytics(1101);
SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname LIKE 'explore\_engagements\_2001%' AND relispartition AND relkind = 'r' ORDER BY 1;
-- New rows find their month, old and new partitions have the same indexes and checks.
INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1001, 'click', '2001-05-15');
SELECT tableoid::regclass FROM explore_engagements WHERE engagement_type = 'click' AND content_id = 1001;
SELECT count(DISTINCT indexes) AS kinds, count(*) > 8 AS partitions FROM (SELECT i.inhrelid, (SELECT string_agg(pg_get_indexdef(x.indexrelid, 1, true) || coalesce(x.indpred::text <> '', false), ',' ORDER BY pg_get_indexdef(x.indexrelid, 1, true))
  FROM pg_index x WHERE x.indrelid = i.inhrelid) || (SELECT string_agg(conname, ',' ORDER BY conname) FROM pg_constraint WHERE conrelid = i.inhrelid) AS indexes FROM pg_inherits i WHERE i.inhparent = 'explore_engagements'::regclass) p;
SELECT call, pg_temp.refused('SELECT explore_analytics.ensure_partitions(' || call || ')') FROM (VALUES ('''2001-06-01'', ''2001-05-01'''), ('''infinity'', NULL'), ('NULL, ''infinity'''), ('''1901-01-01'', ''2001-01-01''')) v(call);

-- The owner gets everything, partitions made later too; an unknown one is refused; NULL keeps the present one.
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_explore_owner;
RESET client_min_messages;
CREATE ROLE regress_explore_owner;
CALL explore_analytics.install('regress_explore_owner');
SELECT explore_analytics.ensure_partitions('2001-08-01', '2001-08-01') AS made;
CALL explore_analytics.install();
SELECT DISTINCT relowner::regrole AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND (nspname = 'explore_analytics' OR nspname = 'public' AND relname LIKE 'explore\_%');
-- Functions act as the owner: it may read and record, and sees all.
SET ROLE regress_explore_owner;
SELECT total_views FROM video_analytics(1101);
SELECT record_engagement(1001, 'share', 1204, created_at => '2001-05-15');
RESET ROLE;
SELECT pg_temp.refused('CALL explore_analytics.install(''regress_explore_nobody'')');
CALL explore_analytics.install(current_user);
SELECT count(*) FROM pg_class c WHERE relowner = 'regress_explore_owner'::regrole;
DROP OWNED BY regress_explore_owner;
DROP ROLE regress_explore_owner;

-- It never commits by itself.
BEGIN;
CALL explore_analytics.uninstall(drop_data => true);
SELECT to_regclass('explore_engagements') IS NULL AS gone, pg_temp.refused('SELECT platform_summary()') ~ '^55000' AS not_installed;
SET LOCAL client_min_messages = warning;
CALL explore_analytics.install();
SELECT views(platform_summary()) AS installed_anew;
ROLLBACK;
SELECT total_views FROM video_analytics(1101);

-- DROP EXTENSION refuses while the tables use its type. uninstall() turns that into text, takes the views and keeps the data.
DROP TABLE rows_before;
SELECT left(pg_temp.refused('DROP EXTENSION explore_analytics'), 5);
TRUNCATE numbers_before;
INSERT INTO numbers_before SELECT * FROM video_analytics(1101);
CALL explore_analytics.uninstall();
SELECT engagement_type, pg_typeof(engagement_type) AS type, count(*) FROM explore_engagements GROUP BY 1, 2 ORDER BY 1;
SELECT count(*) AS left_over FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'explore_analytics' OR relname IN ('explore_video_daily', 'explore_creator_daily', 'explore_platform_daily', 'explore_leaderboard');
SELECT call, left(pg_temp.refused(call), 5) AS state FROM (VALUES ('SELECT video_analytics(1101)'), ('SELECT platform_summary()'), ('SELECT record_engagement(1001, ''view'')'), ('CALL explore_analytics.uninstall()')) v(call);
DROP EXTENSION explore_analytics;
SELECT count(*) AS rows FROM explore_engagements;
-- Rows may come in meanwhile; a new install() adopts the tables, and the numbers are the same and more.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1001, 1201, 'skip', '2001-05-15');
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
SELECT b.total_views = a.total_views AS views, b.unique_viewers = a.unique_viewers AS unique_viewers, b.total_watch_time = a.total_watch_time AS watch_time, b.saves = a.saves AS saves, a.skips - b.skips AS skips_added
FROM numbers_before b JOIN video_analytics(1101) a USING (video_id);
SELECT count(*) FROM explore_video_daily;
-- And with a plain uninstall and install, without dropping the extension.
CALL explore_analytics.uninstall(NULL);
CALL explore_analytics.install();
SELECT total_views, skips FROM video_analytics(1101);

-- uninstall(true) takes the tables, too.
CALL explore_analytics.uninstall(true);
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'explore_analytics' OR relname LIKE 'explore\_%';

-- A table of ours that was there before, with fitting columns, is adopted: what is missing is added, rows and other columns stay, new ids come after the old ones.
CREATE TABLE explore_content (id bigint PRIMARY KEY, creator_id bigint NOT NULL, title varchar(200), my_column text);
INSERT INTO explore_content VALUES (1011, 1902, 'Here before', 'kept');
CREATE TABLE explore_engagements (id bigint, content_id bigint NOT NULL, user_id bigint, engagement_type text NOT NULL, watch_time_ms integer, created_at timestamptz);
INSERT INTO explore_engagements VALUES (1, 1011, 1201, 'view', 1500, '2024-01-01'), (2, 1011, 1202, 'save', 0, '2024-01-02');
CALL explore_analytics.install();
SELECT id, creator_id, title, my_column, is_active, view_count FROM explore_content;
INSERT INTO explore_content (creator_id) VALUES (1902) RETURNING id;
SELECT views(s), saves(s), total_watch_time(s) FROM content_summary(1011) s;
SELECT record_engagement(1011, 'view', 1203, watch_time => 2);
INSERT INTO explore_engagements (content_id, engagement_type) VALUES (1011, 'click') RETURNING id > 2 AS new_id, completed, watch_time_ms;
SELECT views(s), unique_viewers(s), clicks(s), total_watch_time(s) FROM creator_summary(1902) s;
SELECT pg_temp.refused('INSERT INTO explore_content (id, creator_id) VALUES (-1, 1)') ~ '^23514' AS checked, explore_analytics.ensure_partitions() AS not_partitioned;
SELECT pg_temp.snapshot() AS before \gset
CALL explore_analytics.install();
SELECT pg_temp.snapshot() = :'before' AS unchanged;
-- Rows from before 2000 may be there from before the rule: install() says so as long as they are.
ALTER TABLE explore_engagements DROP CONSTRAINT explore_engagements_since_2000;
INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1011, 'skip', '1999-06-01');
CALL explore_analytics.install();
SELECT skips(content_summary(1011)), pg_temp.refused('INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1011, ''skip'', ''1999-06-01'')') ~ '^23514' AS checked;
DELETE FROM explore_engagements WHERE created_at < '2000-01-01';
CALL explore_analytics.install();
SELECT convalidated FROM pg_constraint WHERE conname = 'explore_engagements_since_2000';
CALL explore_analytics.uninstall(true);

-- One that does not fit is refused with 42P07, the column named, and nothing is changed.
CREATE FUNCTION pg_temp.misfit(ddl text, OUT refused text, OUT nothing_changed boolean) LANGUAGE plpgsql AS $$
DECLARE
  before text;
BEGIN
  SET LOCAL client_min_messages = warning;
  EXECUTE ddl;
  before := pg_temp.snapshot();
  refused := pg_temp.refused('CALL explore_analytics.install()');
  nothing_changed := before = pg_temp.snapshot();
  EXECUTE (SELECT string_agg(format('DROP %s %I CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname), ';') FROM pg_class
           WHERE relname LIKE 'explore\_%' AND relkind IN ('r', 'p', 'v') AND relnamespace = 'public'::regnamespace);
END $$;
SELECT m.* FROM unnest(ARRAY[
  'CREATE TABLE explore_content (id bigint, creator_id text)',
  'CREATE TABLE explore_content (id integer, creator_id bigint)',
  'CREATE TABLE explore_discovery_videos (id bigint, content_id bigint, duration_ms bigint)',
  'CREATE TABLE explore_engagements (id bigint, content_id bigint, engagement_type text, created_at timestamp)',
  'CREATE TABLE explore_engagements (id bigint, content_id bigint, engagement_type integer, created_at timestamptz)',
  'CREATE TABLE explore_engagements (id bigint, content_id bigint, engagement_type text, watch_time_ms bigint)',
  'CREATE TABLE explore_feed_sessions (id bigint, user_id uuid)',
  'CREATE TABLE explore_saved_properties (user_id bigint, content_id bigint, saved_at date)',
  'CREATE TABLE explore_exposures (experiment text, viewer_key integer)',
  'CREATE TABLE explore_viewers (user_id bigint, birth_year date)',
  'CREATE VIEW explore_viewers AS SELECT 1::bigint AS user_id']) ddl, pg_temp.misfit(ddl) m;
-- Called by itself, where it could have committed.
CREATE TABLE explore_viewers (user_id bigint, birth_year text, my_column int);
SELECT pg_temp.snapshot() AS before \gset
SET client_min_messages = warning;
CALL explore_analytics.install();
RESET client_min_messages;
SELECT pg_temp.snapshot() = :'before' AS nothing_changed;
DROP TABLE explore_viewers;
-- Nor one whose values do not fit; the column in fault is named.
SELECT left(m.refused, 5) AS state, m.refused ~ named AS names_the_column, m.nothing_changed FROM (VALUES
  ('CREATE TABLE explore_content AS SELECT 1::bigint AS id, NULL::bigint AS creator_id', 'creator_id'),
  ('CREATE TABLE explore_content AS SELECT g % 2 + 1::bigint AS id, 1::bigint AS creator_id FROM generate_series(1, 3) g', 'id'),
  ('CREATE TABLE explore_content AS SELECT 1::bigint AS id, -1::bigint AS creator_id', 'creator_id'),
  ('CREATE TABLE explore_discovery_videos AS SELECT g::bigint AS id, 1::bigint AS content_id FROM generate_series(1, 3) g', 'content_id'),
  ('CREATE TABLE explore_engagements AS SELECT 1::bigint AS id, 1::bigint AS content_id, ''like''::text AS engagement_type', 'engagement_type'),
  ('CREATE TABLE explore_engagements AS SELECT 1::bigint AS id, 1::bigint AS content_id, ''view''::text AS engagement_type, -5 AS watch_time_ms', 'watch_time_ms')) v(ddl, named), pg_temp.misfit(ddl) m;

-- At the end all is installed and empty.
SET client_min_messages = warning;
CALL explore_analytics.install();
RESET client_min_messages;
SELECT count(*) AS relations, bool_and(r.owner = current_user) AS mine FROM explore_analytics.relations() r WHERE r.relation::text IN ('explore_content', 'explore_discovery_videos', 'explore_engagements', 'explore_feed_sessions', 'explore_saved_properties', 'explore_viewers',
  'explore_video_daily', 'explore_creator_daily', 'explore_platform_daily', 'explore_leaderboard');
SELECT views(platform_summary());
