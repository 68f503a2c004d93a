-- The limits of rollups: nothing, one event, sums that no longer fit, ids and epochs at their ends. An
-- error leaves everything as it was, and the session usable.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(50);
CREATE FUNCTION pg_temp.state(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'fine';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;
CREATE FUNCTION pg_temp.good() RETURNS text LANGUAGE sql AS $$
  SELECT format('%s found, %s in the ledger', (SELECT count(*) FROM explore_analytics.verify()), (SELECT count(*) FROM explore_analytics.check_ledger()))
$$;

-- Nothing.
SELECT is(pg_temp.good(), '0 found, 0 in the ledger', 'before everything');
SELECT is(explore_analytics.rebuild(), 0::bigint, 'rebuild() before the first refresh');
CALL explore_analytics.refresh(1);
SELECT is((SELECT low FROM explore_analytics.rollup_status), -1::bigint, 'with at least one event asked for, nothing is refreshed');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT is((SELECT (tail_events, delta_events, last_events) FROM explore_analytics.rollup_status), ROW(0::bigint, 0::bigint, 0::bigint), 'no event is refreshed');
SELECT is((SELECT count(*)::int FROM explore_analytics.rollup_totals), 0, 'and nothing stored');
SELECT is(pg_temp.good(), '0 found, 0 in the ledger', 'of nothing');
SELECT is(explore_analytics.rebuild(), 0::bigint, 'rebuild() of nothing');
SELECT is(explore_analytics.rebuild('2025-01-01', '2025-01-01'), 0::bigint, 'rebuild() of no time');
SELECT is((views(platform_summary()), views(creator_summary(1)), views(content_summary(1))), (0::bigint, 0::bigint, 0::bigint), 'numbers of nothing');
SELECT is((SELECT count(*)::int FROM metric_series('views')), 0, 'a series of nothing');

-- One event, at either end of time.
INSERT INTO explore_content (id, creator_id) VALUES (9223372036854775807, 9223372036854775807);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) VALUES (9223372036854775807, 9223372036854775807, 'view', 2147483647, '294276-12-31 23:59:59.999999+00');
CALL explore_analytics.refresh();
SELECT is((SELECT array_agg((scope, id)::text ORDER BY scope) FROM explore_analytics.rollup_totals), ARRAY['(0,0)', '(1,9223372036854775807)', '(2,9223372036854775807)'], 'one event makes three rows');
SELECT is(views(content_summary(9223372036854775807, '294276-12-31 23:59:59.999999+00')), 1::bigint, 'from the last microsecond on');
SELECT is(views(content_summary(9223372036854775807, NULL, '294276-12-31 23:59:59.999999+00')), 0::bigint, 'up to the last microsecond');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) VALUES (9223372036854775807, 1, 'view', 0, '2000-01-01 00:00:00+00');
CALL explore_analytics.refresh();
SELECT is(views(platform_summary(NULL, '2000-01-01 00:00:00.000001+00')), 1::bigint, 'the first microsecond');
SELECT is(total_watch_time(creator_summary(9223372036854775807)), 2147483.647::float8, 'the longest watch time');
SELECT is(pg_temp.good(), '0 found, 0 in the ledger', 'of two events');
BEGIN;
DELETE FROM explore_engagements;
SELECT cmp_ok(explore_analytics.rebuild(NULL, '2000-01-02'), '>', 0::bigint, 'the first half goes');
SELECT is(views(platform_summary()), 1::bigint, 'one is left');
SELECT cmp_ok(explore_analytics.rebuild('2000-01-02', NULL), '>=', 0::bigint, 'the second half goes');
SELECT is((views(platform_summary()), views(content_summary(9223372036854775807))), (0::bigint, 0::bigint), 'none is left');
SELECT is((SELECT count(*)::int FROM explore_analytics.rollup_totals), 0, 'nor a row');
SELECT is(pg_temp.good(), '0 found, 0 in the ledger', 'of all that went');
ROLLBACK;

-- Sums that do not fit. Events cannot make them: 2^32 of the longest would be needed; here a stored summary says so.
INSERT INTO explore_content (id, creator_id) VALUES (1, 1);
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT 1, n, 'view', 2147483647, '2025-03-01 00:00+00'::timestamptz + n * interval '1 hour' FROM generate_series(1, 200) n;
CALL explore_analytics.refresh();
CREATE TEMP TABLE kept AS SELECT * FROM explore_analytics.rollup_totals WHERE scope = 2 AND id = 1;
CREATE FUNCTION pg_temp.huge() RETURNS engagement_summary LANGUAGE plpgsql AS $$
DECLARE
  s engagement_summary := engagement_agg('view', 1, 2147483647, false);
BEGIN
  FOR i IN 1 .. 32 LOOP
    s := s + s;
  END LOOP;
  RETURN s;
END $$;
UPDATE explore_analytics.rollup_totals SET summary = pg_temp.huge() WHERE scope = 2 AND id = 1;
SELECT is(views(content_summary(1)), 4294967296, 'as many views as it says');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT 1, n, 'view', 2147483647, '2025-03-01 00:00+00'::timestamptz + n * interval '1 second' FROM generate_series(1, 5000) n;
SELECT is(pg_temp.state('SELECT content_summary(1)'), '22003', 'more than fits: a content');
SELECT is(pg_temp.state('SELECT * FROM videos_analytics()'), 'fine', 'lists of videos that are not concerned');
INSERT INTO explore_discovery_videos (id, content_id) VALUES (11, 1);
SELECT is(pg_temp.state('SELECT * FROM video_analytics(11)'), '22003', 'a video');
SELECT is(pg_temp.state('SELECT * FROM videos_analytics()'), '22003', 'videos');
SELECT is(pg_temp.state('SELECT batch_update_engagement_scores(true)'), '22003', 'the rescore');
SELECT is(views(platform_summary()), 5202::bigint, 'what is not concerned, is right');
SELECT low FROM explore_analytics.rollup_state \gset
CREATE TEMP TABLE before AS SELECT (SELECT count(*) FROM explore_analytics.rollup_ledger) AS ledger, (SELECT md5(string_agg(b::text, '' ORDER BY id, scope, level, bucket)) FROM explore_analytics.rollup_buckets b) AS buckets;
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
CALL explore_analytics.refresh();
\set state :SQLSTATE
\set VERBOSITY default
\set ON_ERROR_STOP on
SELECT is(:'state'::text, '22003', 'a refresh that would add to it');
SELECT is((SELECT low FROM explore_analytics.rollup_state), :low::bigint, 'has not moved the watermark');
SELECT is((SELECT (ledger, buckets) FROM before), (SELECT ((SELECT count(*) FROM explore_analytics.rollup_ledger), (SELECT md5(string_agg(b::text, '' ORDER BY id, scope, level, bucket)) FROM explore_analytics.rollup_buckets b))), 'nor anything else');
SELECT is((SELECT count(*)::int FROM explore_analytics.verify() WHERE problem ~ 'summary'), 1, 'verify() says what is wrong');
SELECT cmp_ok(explore_analytics.rebuild(), '>', 0::bigint, 'rebuild() cures it');
CALL explore_analytics.refresh();
SELECT is(views(content_summary(1)), 5200::bigint, 'all is well again');
SELECT is(pg_temp.good(), '0 found, 0 in the ledger', 'of all of it');

-- An epoch that will not come for long: its rows stay above the watermark.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at, epoch) VALUES (1, 1, 'view', '2025-03-01 00:00+00', 9223372036854775807);
CALL explore_analytics.refresh();
SELECT is((SELECT tail_events FROM explore_analytics.rollup_status), 1::bigint, 'an event of the last epoch waits');
SELECT is(views(content_summary(1)), 5201::bigint, 'and counts');
SELECT is(pg_temp.good(), '0 found, 0 in the ledger', 'and is nothing wrong');
SELECT is((SELECT count(*)::int FROM explore_analytics.epoch_holders), 0, 'nobody holds an epoch');
-- install() starts beyond the epochs that rows carry, but for those that would use up the numbers there are.
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at, epoch) VALUES (1, 2, 'view', '2025-03-01 00:00+00', 1000000000000);
CALL explore_analytics.install();
SELECT is((SELECT last_value FROM explore_analytics.epoch_seq), 1000000000001, 'install() goes beyond a far epoch, and not beyond the last one');
SET statement_timeout = '60s';
CALL explore_analytics.refresh();
RESET statement_timeout;
SELECT is((SELECT (low, tail_events) FROM explore_analytics.rollup_status), (1000000000001, 1::bigint), 'a refresh brings it in, however many numbers lie between');
SELECT is((SELECT fix FROM explore_analytics.health_check() WHERE check_name = 'future_epochs'), 'UPDATE public.explore_engagements SET epoch = DEFAULT WHERE epoch > 1000000000002;', 'health_check() has what mends the other');
UPDATE public.explore_engagements SET epoch = DEFAULT WHERE epoch > 1000000000002;
CALL explore_analytics.refresh();
SELECT is((SELECT tail_events FROM explore_analytics.rollup_status), 0::bigint, 'so that it is brought in, too');
SELECT is(pg_temp.good(), '0 found, 0 in the ledger', 'and all is well');

-- A content that comes after its events: a rescore before it has nothing to write, one after it has.
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 777, g, 'view' FROM generate_series(1, 3) g;
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores() \g /dev/null
SELECT is(batch_update_engagement_scores(), 0::bigint, 'events without a content are nothing to write back');
INSERT INTO explore_content (id, creator_id) VALUES (777, 5);
SELECT is(batch_update_engagement_scores(), 1::bigint, 'when it comes, the next rescore finds it');
SELECT is((SELECT view_count FROM explore_content WHERE id = 777), 3::bigint, 'with all of its events');

-- Days at the ends of time.
SELECT ok(explore_analytics.day_summary(2::smallint, 777, day, NULL) IS NULL, 'no day begins at ' || day) FROM unnest('{infinity,-infinity}'::timestamptz[]) day;

SELECT * FROM finish();
