-- Every job under the publications of docs/rollups.md and under one of all tables: the server refuses UPDATE and DELETE of
-- a published row that nothing identifies, whatever wal_level is.
\set QUIET 1
SET client_min_messages = error;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(61);
CREATE TEMP VIEW finding AS SELECT status, detail, fix FROM explore_analytics.health_check() WHERE check_name = 'publications';

-- What each job has to do, so that it changes rows: events in the default partition, old keys, an idle session, a
-- content that has moved, scores, deltas, a viewer to erase, and a year to drop.
CREATE PROCEDURE public.prepare(round integer) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO explore_content (id, creator_id) VALUES (round * 10 + 1, round), (round * 10 + 2, round);
  INSERT INTO explore_discovery_videos (id, content_id, duration_ms) VALUES (round * 10 + 1, round * 10 + 1, 9000);
  INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES (round * 10 + 1, round * 10 + 3, now() - interval '2 days'), (round * 10 + 2, NULL, now() - interval '2 days');
  PERFORM record_engagement(round * 10 + 1, 'view', user_id => round * 10 + 3, session_id => round * 10 + 1, completed => true, event_id => gen_random_uuid(), created_at => now() - interval '1 day');
  PERFORM record_engagement(round * 10 + 1, 'save', user_id => round * 10 + 3, created_at => now() - interval '1 day');
  INSERT INTO explore_viewers (user_id) VALUES (round * 10 + 3);
  INSERT INTO explore_exposures VALUES ('published', round * 10 + 3, 'a');
  PERFORM explore_analytics.exclude_traffic(round * 10 + 9);
  INSERT INTO explore_excluded_engagements (content_id, user_id, engagement_type, created_at) VALUES (round * 10 + 1, round * 10 + 9, 'view', make_timestamptz(2001 + round, 1, 3, 0, 0, 0));
  PERFORM charge_boost(create_boost_campaign((SELECT min(c.id) FROM explore_content c), 1, 'ZAR', 0.1, daily_budget => 1), gen_random_uuid(), 'impression', 5);
  PERFORM explore_analytics.ensure_partitions(make_date(2001 + round, 1, 1), make_date(2001 + round, 1, 1));
  INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
  SELECT round * 10 + 1 + i % 2, round * 10 + i % 5, round * 10 + 2, 'view', make_timestamptz(2001 + round, 1 + i % 2, 3, 0, 0, 0) + i * interval '1 minute' FROM generate_series(1, 300) i;
  UPDATE explore_analytics.event_keys SET seen = now() - interval '1 year';
  UPDATE explore_analytics.viewing_keys SET seen = now() - interval '1 year';
END $$;
-- Round 1: two publications, one of what changes and one of what only comes. Round 2: all tables. Round 3: none any more.
CREATE PUBLICATION feed FOR TABLE explore_content, explore_discovery_videos, explore_feed_sessions;
CREATE PUBLICATION feed_events FOR TABLE explore_engagements (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata)
  WITH (publish = 'insert', publish_via_partition_root = true);
\set round 1
\ir include/every_job.sql
DROP PUBLICATION feed, feed_events;
CREATE PUBLICATION everything FOR ALL TABLES;
\set round 2
\ir include/every_job.sql
DROP PUBLICATION everything;
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA public, explore_analytics;
\set round 3
\ir include/every_job.sql
DROP PUBLICATION schemas;

-- What keeps them from it is found, and mended as it is told.
SELECT is((SELECT status FROM finding), 'OK', 'without a publication');
ALTER TABLE explore_analytics.creator_changes REPLICA IDENTITY DEFAULT;
ALTER TABLE explore_engagements_default REPLICA IDENTITY NOTHING;
SELECT is((SELECT status FROM finding), 'OK', 'what is not published needs no identity');
CREATE PUBLICATION everything FOR ALL TABLES;
SELECT is((SELECT status || ': ' || detail FROM finding), 'FAIL: jobs that change rows fail: publication everything has updates and deletes of explore_analytics.creator_changes, of which nothing identifies a row; '
  || 'publication everything has updates and deletes of public.explore_engagements_default, of which nothing identifies a row', 'two tables without an identity');
SELECT throws_ok('DELETE FROM explore_engagements_default', '55000', NULL, 'so it is');
SELECT line FROM finding, regexp_split_to_table(fix, E'\n') line \gexec
SELECT is((SELECT status FROM finding), 'OK', 'mended by its fix');
DROP PUBLICATION everything;
CREATE PUBLICATION "old feed" FOR TABLE explore_content, explore_engagements (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata) WITH (publish_via_partition_root = true);
SELECT is((SELECT status || ': ' || detail FROM finding), 'FAIL: jobs that change rows fail: publication old feed leaves out columns that updates and deletes of public.explore_engagements need', 'a list of columns that has updates, too');
SELECT throws_like('DELETE FROM explore_engagements', '%cannot delete from table%', 'so it does');
SELECT line FROM finding, regexp_split_to_table(fix, E'\n') line \gexec
SELECT is((SELECT status FROM finding), 'OK', 'mended by its fix, too');
SELECT lives_ok('DELETE FROM explore_engagements', 'events can go');
SELECT is((SELECT string_agg(format('%s: %s (%s)', pubname, tablename, cardinality(attnames)), ', ' ORDER BY pubname) FROM pg_publication_tables),
  'old feed: explore_content (13), old feed_inserts: explore_engagements (10)', 'and events are published as they were, but for their changes');
DROP PUBLICATION "old feed", "old feed_inserts";
SELECT * FROM finish();
