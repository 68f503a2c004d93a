-- What close_idle_sessions() costs: what is open and what is new, whatever there was. Counted in rows that were looked at.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(14);

SELECT explore_analytics.ensure_partitions((now() - interval '3 months')::date, now()::date) \g /dev/null
INSERT INTO explore_content (id, creator_id) VALUES (1, 7);
-- 20,000 sessions of three months: a third of them ended by the app.
INSERT INTO explore_feed_sessions (id, session_start, session_end)
SELECT n, s, CASE WHEN n % 3 = 0 THEN s + interval '5 minutes' END FROM generate_series(1, 20000) n, LATERAL (SELECT now() - interval '85 days' + n * interval '6 minutes' AS s) x;
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at)
SELECT 1, id, 'view', session_start + k * interval '1 minute' FROM explore_feed_sessions, generate_series(1, 3) k;
SELECT is(close_idle_sessions(), 13334::bigint, 'all that the app left open');
CALL explore_analytics.refresh();
SELECT is(close_idle_sessions(), 0::bigint, 'nothing is left');

CREATE FUNCTION looked_at(OUT changed bigint, OUT sessions bigint, OUT events bigint, OUT all_of_it boolean) LANGUAGE plpgsql AS $$
DECLARE
  sessions_before bigint;
  events_before bigint;
  scanned_before bigint;
BEGIN
  SELECT coalesce(sum(idx_tup_fetch + seq_tup_read) FILTER (WHERE relname = 'explore_feed_sessions'), 0), coalesce(sum(idx_tup_fetch + seq_tup_read) FILTER (WHERE relname LIKE 'explore\_engagements%'), 0), coalesce(sum(seq_tup_read), 0)
  INTO sessions_before, events_before, scanned_before FROM pg_stat_xact_user_tables WHERE relname LIKE 'explore\_%';
  changed := close_idle_sessions();
  SELECT sum(idx_tup_fetch + seq_tup_read) FILTER (WHERE relname = 'explore_feed_sessions') - sessions_before, sum(idx_tup_fetch + seq_tup_read) FILTER (WHERE relname LIKE 'explore\_engagements%') - events_before, sum(seq_tup_read) > scanned_before
  INTO sessions, events, all_of_it FROM pg_stat_xact_user_tables WHERE relname LIKE 'explore\_%';
END $$;

-- Twenty late events in five sessions, most of them ended by the job, and two open sessions. Twice: the tables have never been analyzed, and have been.
CREATE PROCEDURE news(place integer) LANGUAGE sql AS $$
  INSERT INTO explore_feed_sessions (id, session_start) VALUES (30000 + place, now() - interval '1 day'), (40000 + place, now() - interval '1 minute');
  INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) SELECT 1, place + n % 5, 'click', now() - n * interval '1 hour' FROM generate_series(0, 19) n;
$$;
CALL news(1000);
SELECT unnest(ARRAY[is(changed, 5::bigint, 'new events move four ends, one session is idle'), cmp_ok(sessions, '<', 60::bigint, 'few sessions are looked at'), cmp_ok(events, '<', 150::bigint, 'and few events'), ok(NOT all_of_it, 'and no table in whole')]) FROM looked_at();
ANALYZE;
CALL news(2000);
SELECT unnest(ARRAY[is(changed, 4::bigint, 'with statistics three ends and one session'), cmp_ok(sessions, '<', 60::bigint, 'few sessions are looked at'), cmp_ok(events, '<', 150::bigint, 'and few events'), ok(NOT all_of_it, 'and no table in whole')]) FROM looked_at();
CALL explore_analytics.refresh();
SELECT looked_at() \g /dev/null
SELECT unnest(ARRAY[is(changed, 0::bigint, 'without news nothing changes'), cmp_ok(sessions, '<', 10::bigint, 'the open ones are looked at'), is(events, 0::bigint, 'and no event'), ok(NOT all_of_it, 'nor a table in whole')]) FROM looked_at();
SELECT * FROM finish();
