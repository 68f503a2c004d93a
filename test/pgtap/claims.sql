-- What the documentation says in passing, with a number or a name, and no example shows: read from the page, compared with what is.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
\set readme `cat README.md`
\set install `cat docs/install.md`
\set limits `cat docs/limits.md`
\set rescore `cat docs/rescore.md`
\set bi `cat docs/bi.md`
\set series `cat docs/series.md`
\set operations `cat docs/operations.md`
SELECT no_plan();
CREATE TABLE page AS SELECT * FROM (VALUES ('README', :'readme'), ('install', :'install'), ('limits', :'limits'), ('rescore', :'rescore'), ('bi', :'bi'), ('series', :'series'), ('operations', :'operations')) p(name, body);
SELECT is_empty('SELECT name FROM page WHERE length(body) < 2000', 'the pages were read');
CREATE FUNCTION says(page text, words text, what text) RETURNS text LANGUAGE sql AS $$
  SELECT ok(strpos(p.body, words) > 0, format('%s says: %s', page, what)) FROM page p WHERE p.name = page
$$;

-- README.md: every function that a role can be granted is in its table, and what is in the table exists.
CREATE TABLE row_of AS SELECT btrim(c[2]) AS names FROM page, regexp_split_to_table(substring(body FROM '## Functions\n(.*?)\n## '), '\n') line, regexp_split_to_array(line, '\|') c WHERE name = 'README' AND line LIKE '| `%';
CREATE TABLE named AS SELECT regexp_replace(m[1], '^explore_analytics\.', '') AS name FROM row_of, regexp_matches(names, '`([a-z_.]+)`', 'g') m;
SELECT cmp_ok(count(*), '>', 40::bigint, 'the table of functions was read') FROM named;
SELECT is_empty($$SELECT DISTINCT p.proname FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature
  WHERE p.proname NOT IN (SELECT name FROM named) AND p.proname NOT IN ('daily_numbers', 'active_days', 'tail_days', 'day_summary', 'owner_checks', 'older_views', 'require_good_ledger')$$, 'every function of the doors is in it');
SELECT is_empty($$SELECT name FROM named WHERE NOT EXISTS (SELECT FROM pg_proc p WHERE p.proname = name AND p.pronamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace))
  AND to_regclass('explore_analytics.' || name) IS NULL$$, 'and what is in it exists');
SELECT is(count(*), 8::bigint, 'there are as many types as README says: the eight types') FROM pg_enum WHERE enumtypid = 'engagement_type'::regtype;
SELECT says('README', 'the eight types and their meaning are fixed', 'eight types');
SELECT says('README', format('This is version %s.', extversion), extversion) FROM pg_extension WHERE extname = 'explore_analytics';

-- Settings, with their defaults.
SELECT current_creator_id() \g /dev/null
SELECT results_eq($$SELECT name, boot_val, unit, context FROM pg_settings WHERE name IN ('explore_analytics.dedup_horizon', 'explore_analytics.rate_limit_slots', 'explore_analytics.expected_backends', 'explore_analytics.refresh_interval', 'explore_analytics.log_jobs') ORDER BY name$$,
  $$VALUES ('explore_analytics.dedup_horizon', '43200', 'min', 'sighup'), ('explore_analytics.expected_backends', '8', NULL, 'sighup'), ('explore_analytics.log_jobs', 'on', NULL, 'superuser'), ('explore_analytics.rate_limit_slots', '65536', NULL, 'sighup'), ('explore_analytics.refresh_interval', '0', 'ms', 'superuser')$$, 'defaults of the settings');
SELECT is((SELECT min_val::int FROM pg_settings WHERE name = 'explore_analytics.dedup_horizon'), 60, 'the horizon is an hour at least');
SELECT says('install', '| `explore_analytics.dedup_horizon` | 30 days |', '30 days');
SELECT says('install', '| `explore_analytics.rate_limit_slots`, `explore_analytics.expected_backends` | 65536, 8 |', '65536 and 8');
SELECT says('limits', '| `explore_analytics.expected_backends` | 8 |', '8 connections');
SELECT says('README', '`explore_analytics.dedup_horizon`, 30 days at least', '30 days');
SELECT is_empty($$SELECT s.name FROM pg_settings s, page p WHERE s.name LIKE 'explore\_analytics.%' AND p.name = 'install' AND strpos(p.body, '`' || s.name || '`') = 0 AND s.name NOT IN ('explore_analytics.log_jobs', 'explore_analytics.fail_allocation')$$, 'install lists the settings');
SELECT says('operations', '`explore_analytics.log_jobs = off`', 'log_jobs');

-- What install() makes.
SELECT says('install', 'from three back to three ahead', 'three months back, three ahead');
SELECT results_eq($$SELECT min(s), max(e) FROM (SELECT range_start AS s, range_end AS e FROM explore_analytics.raw_partitions()) x$$,
  $$SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '3 months') AT TIME ZONE 'UTC', (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '4 months') AT TIME ZONE 'UTC'$$, 'and that is so');
SELECT is_empty($$SELECT r.relation FROM explore_analytics.relations() r, page p WHERE p.name = 'install' AND r.role <> 'partition' AND p.body !~ ('`(explore_analytics\.)?' || split_part(r.relation::text, '.', CASE WHEN r.relation::text LIKE '%.%' THEN 2 ELSE 1 END) || '`')$$,
  'install names every relation it makes');
SELECT is((SELECT count(*) FROM pg_index i WHERE i.indrelid = (SELECT p.relid FROM pg_partition_tree('explore_engagements') p WHERE p.isleaf LIMIT 1)), 5::bigint, 'five indexes of a partition');
SELECT says('install', 'content and time (btree), session (partial btree), time (BRIN), user (BRIN with bloom filters, for erasure and export), and epoch (btree)', 'which five');
SELECT bag_eq($$SELECT am.amname || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END || ' ' || (SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, place) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam WHERE i.indrelid = 'explore_engagements'::regclass$$,
  $$VALUES ('btree content_id,created_at'), ('btree partial session_id'), ('brin created_at'), ('brin user_id'), ('btree epoch')$$, 'and these they are');

-- The jobs and their times.
CREATE TABLE job AS SELECT schedule AS at, regexp_replace(command, '^(SELECT|CALL) (public\.)?', '\1 ') AS command FROM explore_analytics.jobs('0 * * * *', '* * * * *');
SELECT is_empty($$SELECT j.* FROM job j, page p WHERE p.name = 'rescore' AND NOT EXISTS (SELECT FROM regexp_split_to_table(p.body, '\n') line
  WHERE line LIKE '%`' || left(substring(j.command FROM '^[^(]*'), 32) || '%' AND line LIKE '%| ' || CASE j.at WHEN '* * * * *' THEN 'every minute' WHEN '*/10 * * * *' THEN 'every 10 minutes'
    ELSE CASE WHEN j.at ~ '^\d+ \* ' THEN 'every hour' ELSE lpad(split_part(j.at, ' ', 2), 2, '0') || ':' || lpad(split_part(j.at, ' ', 1), 2, '0') || ' daily' END END || ' |')$$, 'rescore tells when each job runs');
SELECT cmp_ok(count(*), '>=', 8::bigint, 'all of them') FROM job;

-- Zones are quarters of an hour away from UTC.
SELECT says('series', 'quarter hours of UTC, of which every zone has been a multiple away since 2000', 'quarter hours');
SELECT is_empty($$SELECT z.name, t FROM pg_timezone_names z, generate_series(timestamptz '2000-01-01 00:00+00', '2037-12-31 00:00+00', '17 days') t
  WHERE z.name ~ '^(A|E|I|Pacific)' AND extract(epoch FROM (t AT TIME ZONE z.name) - (t AT TIME ZONE 'UTC'))::int % 900 <> 0$$, 'since 2000 they are');

-- Filters of a daily view: how many rows it makes.
INSERT INTO explore_content (id, creator_id, title, category, area) SELECT n, 1 + n % 2, 'T' || n, 'c' || n % 2, 'a' || n FROM generate_series(1, 6) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 6, 1 + n, 'view', '2025-03-01 00:30+00'::timestamptz + n * interval '1 hour' FROM generate_series(0, 239) n;   -- of ten days
CALL explore_analytics.refresh();
CREATE FUNCTION made(condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, TIMING off, SUMMARY off, FORMAT json) SELECT count(*) FROM explore_video_daily WHERE ' || condition INTO plan;
  RETURN (SELECT sum((n ->> 'Actual Rows')::numeric + coalesce((n ->> 'Rows Removed by Filter')::numeric, 0))
          FROM jsonb_path_query(plan, 'strict $.** ? (@."Custom Plan Provider" == "daily_numbers")') n);
END $$;
SELECT says('bi', 'compares `day`, `bucket`, `content_id` or `creator_id` itself with values', 'which filters narrow');
BEGIN;
SELECT is(made(condition), wanted::bigint, format('%s rows are made for: %s', wanted, condition)) FROM (VALUES ('true', 60), ('day = ''2025-03-04''', 6), ('day BETWEEN ''2025-03-04'' AND ''2025-03-05''', 12),
  ('day IN (''2025-03-04'', ''2025-03-05'')', 12), ('''2025-03-04'' >= day AND day > ''2025-03-03''', 12), ('bucket >= ''2025-03-09 00:00+00''', 12), ('bucket = ''2025-03-09 00:00+00''', 6), ('content_id = 3', 10), ('content_id = 3::smallint', 10),
  ('content_id IN (3, 4)', 20), ('creator_id = 1', 30), ('day > ''2025-03-09'' AND content_id = 3', 2), ('content_id = 3 AND creator_id = 1', 0)) v(condition, wanted);
SELECT is(made(condition), 60::bigint, 'all of them for: ' || condition) FROM unnest(ARRAY['date_trunc(''month'', bucket) = ''2025-04-01''', 'bucket::date = ''2025-03-04''', 'day >= ''2025-03-09''::timestamptz', 'lower(area) = ''a1''', 'title LIKE ''T3''', 'title = ''T3''', 'category = ''c1''',
  'day = ''2025-03-04'' OR content_id = 3', 'NOT day = ''2025-03-04''', 'day <> ''2025-03-04''']) condition;
COMMIT;
SELECT * FROM finish();
