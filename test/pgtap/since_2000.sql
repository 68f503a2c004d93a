-- Nothing is from before 2000: neither function nor INSERT takes it, and rows of an installation from before that
-- rule stay and count, but make no series longer than history.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(31);

INSERT INTO explore_content (id, creator_id) VALUES (1, 7), (2, 7);
INSERT INTO explore_discovery_videos (id, content_id) VALUES (11, 1);
CREATE FUNCTION check_state() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(DISTINCT CASE WHEN convalidated THEN 'valid' ELSE 'not valid' END, ', ') || ' in ' || CASE WHEN count(*) = (SELECT count(*) + 1 FROM pg_inherits WHERE inhparent = 'explore_engagements'::regclass) THEN 'all' ELSE 'some' END
  FROM pg_constraint WHERE conname = 'explore_engagements_since_2000'
$$;

-- The first moment is taken, the one before is not, whichever way it comes.
SELECT is(record_engagement(1, 'view', 5, created_at => '2000-01-01 00:00+00'), 'recorded', 'the first moment of 2000 is recorded');
SELECT throws_ok($$SELECT record_engagement(1, 'view', 5, created_at => '1999-12-31 23:59:59.999999+00')$$, '22023', 'created_at is before 2000: 1999-12-31 23:59:59.999999+00', 'the last one before is not');
SELECT results_eq($$SELECT recorded, rejected, errors FROM record_engagement_batch('[{"contentId": 1, "engagementType": "view", "createdAt": "2000-01-01T00:00:00Z"},
    {"contentId": 1, "engagementType": "view", "createdAt": "2000-01-01T00:59:59+01:00"}]')$$,
  $$VALUES (1, 1, '[{"code": "invalid_value", "field": "createdAt", "index": 1, "message": "createdAt must be in 2000 or later, not \"2000-01-01T00:59:59+01:00\""}]'::jsonb)$$, 'of a batch one item is bad');
SELECT is(check_state(), 'valid in all', 'every partition has the CHECK');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 6, 'view', '2000-01-01 00:00+00');
SELECT throws_ok($$INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1, 'view', '1999-12-31 23:59:59.999999+00')$$, '23514',
  'new row for relation "explore_engagements_default" violates check constraint "explore_engagements_since_2000"', 'plain INSERT');
SELECT throws_ok($$COPY explore_engagements (content_id, engagement_type, created_at) FROM PROGRAM 'echo "1,view,0001-01-01 00:00+00"' (FORMAT csv)$$, '23514', NULL, 'COPY');
SELECT throws_ok($$UPDATE explore_engagements SET created_at = '1970-01-01 00:00+00'$$, '23514', NULL, 'UPDATE');
SET timezone = 'America/New_York';
SELECT throws_ok($$INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1, 'view', '1999-12-31 18:59:59')$$, '23514', NULL, 'in any time zone');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 7, 'view', '1999-12-31 19:00:00');
SET timezone = 'UTC';
SELECT is((SELECT total_views FROM video_analytics(11)), 4::bigint, 'four views are from 2000');
SELECT throws_ok($$SELECT explore_analytics.ensure_partitions('1999-12-01', '2000-01-31')$$, '22023', 'from_date 1999-12-01 is before 2000', 'no month before has a partition');
SELECT is(explore_analytics.ensure_partitions('2000-01-15', '2000-01-15'), 1, 'January 2000 may have one');

-- An installation from before the rule, with old rows in the default partition, some of them in the rollups.
ALTER TABLE explore_engagements DROP CONSTRAINT explore_engagements_since_2000;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) VALUES (1, 8, 'view', 1500, '0001-01-01 00:00+00'), (1, 8, 'save', 0, '1999-12-31 23:59+00');
CALL explore_analytics.refresh();
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 9, 'view', '1500-06-01 00:00+00'), (2, 9, 'view', '1998-06-01 00:00+00'), (1, 10, 'view', '2000-02-01 12:00+00');
INSERT INTO explore_feed_sessions (id, session_start) VALUES (1, '0001-01-01 00:00+00'), (2, '2000-01-03 00:00+00');
CALL explore_analytics.install();
SELECT is(check_state(), 'not valid in all', 'install() does not fail over them');
SELECT throws_ok($$INSERT INTO explore_engagements (content_id, engagement_type, created_at) VALUES (1, 'view', '1999-01-01')$$, '23514', NULL, 'but no more come');
SELECT is((SELECT (total_views, saves, total_watch_time)::text FROM video_analytics(11)), '(7,1,1.5)', 'they count');
SELECT is(explore_analytics.ensure_partitions('2000-02-01', '2000-02-28'), 1, 'partitions are made as ever');
SELECT is(check_state(), 'not valid, valid in all', 'a new one is held to it');
SELECT is((SELECT status || ' ' || fix FROM explore_analytics.health_check() WHERE check_name = 'default_partition'),
  'WARN SELECT id, created_at FROM public.explore_engagements_default WHERE created_at < ''2000-01-01 00:00:00+00'' OR created_at >= ''10000-01-01 00:00:00+00'';', 'health_check() shows them');
-- Open series begin in 2000.
SELECT results_eq($$SELECT count(*), min(bucket_start), sum(value) FROM metric_series('views', bucket => 'hour', content_id => 1)$$, $$VALUES (31 * 24 + 13::bigint, '2000-01-01 00:00+00'::timestamptz, 5::float8)$$, 'by hour');
SELECT results_eq($$SELECT count(*), min(bucket_start), sum(value) FROM metric_series('views', content_id => 1)$$, $$VALUES (32::bigint, '2000-01-01 00:00+00'::timestamptz, 5::float8)$$, 'by day');
SELECT is((SELECT count(*)::int FROM metric_series('views', content_id => 2)), 0, 'of old rows alone nothing is left');
SELECT results_eq($$SELECT count(*), sum(value) FROM metric_series('sessions')$$, $$VALUES (3::bigint, 1::float8)$$, 'sessions, too');
SELECT results_eq($$SELECT bucket_start, value FROM metric_series('new_viewers', bucket => 'month', content_id => 1)$$,
  $$VALUES ('2000-01-01 00:00+00'::timestamptz, 3::float8), ('2000-02-01 00:00+00', 1)$$, 'who came before is not new');
SELECT is((SELECT sum(value) FROM metric_series('views', '1999-12-01', content_id => 1)), 5::float8, 'a series that asks for it begins earlier');
SELECT is((SELECT sum(value) FROM metric_series('views', '1500-01-01', '1501-01-01', 'month', content_id => 1)), 1::float8, 'and shows them');
-- They go as any wrong rows do; then the rule holds for all.
CALL explore_analytics.refresh();
BEGIN;
DELETE FROM explore_engagements WHERE created_at < '2000-01-01';
SELECT explore_analytics.rebuild(NULL, '2000-01-01') > 0 AS rebuilt \gset
COMMIT;
SELECT ok(:'rebuilt', 'rows before 2000 are taken away with rebuild()');
SELECT is_empty('SELECT * FROM explore_analytics.verify()', 'and nothing differs');
CALL explore_analytics.install();
SELECT is(check_state(), 'valid in all', 'the next install() finds that they have gone');
SELECT is((SELECT status FROM explore_analytics.health_check() WHERE check_name = 'default_partition'), 'OK', 'and health_check() is content');

-- An adopted table that is not partitioned.
CALL explore_analytics.uninstall(true);
CREATE TABLE explore_engagements (content_id bigint NOT NULL, user_id bigint, engagement_type text NOT NULL, created_at timestamptz);
INSERT INTO explore_engagements VALUES (1, 5, 'view', '1980-01-01'), (1, 6, 'view', '2024-01-01');
CALL explore_analytics.install();
SELECT is(check_state(), 'not valid in all', 'a table with older rows is adopted');
SELECT is(views(platform_summary()), 2::bigint, 'with them');
DELETE FROM explore_engagements WHERE created_at < '2000-01-01';
CALL explore_analytics.install();
SELECT is(check_state(), 'valid in all', 'and held to the rule when they have gone');
SELECT * FROM finish();
