-- Contents, events and the questions that the torture of rollups asks: every answer of the public functions
-- against plain SQL over the raw rows, in the snapshot of the asking statement.
CREATE SCHEMA torture;

-- The event that belongs to a key. Times lie in the last 60 days, to the microsecond or on edges of buckets.
CREATE FUNCTION torture.event(k bigint, OUT content_id bigint, OUT user_id bigint, OUT session_id bigint, OUT engagement_type engagement_type,
  OUT watch_time_ms integer, OUT completed boolean, OUT created_at timestamptz, OUT metadata jsonb)
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN k % 4 = 0 THEN 1 ELSE 1 + (k * 7) % 34 END, CASE WHEN k % 6 > 0 THEN 1 + (k * 13) % 211 END, CASE WHEN k % 5 > 0 THEN 1 + k % 17 END,
    (enum_range(NULL::engagement_type))[CASE WHEN k % 3 > 0 THEN 1 ELSE 1 + (k / 3) % 7 END], ((k * 37) % 9001)::integer, k % 3 = 1,
    CASE WHEN k % 8 = 0 THEN date_trunc('hour', now()) - (k % 1440) * interval '1 hour'
         ELSE now() - ((k * 7919) % 5184000) * interval '1 second' - (k % 977) * interval '1 microsecond' END,
    jsonb_build_object('k', k)
$$;
CREATE FUNCTION torture.put(VARIADIC keys bigint[]) RETURNS bigint LANGUAGE sql AS $$
  WITH put AS (INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, metadata)
    SELECT e.* FROM unnest(keys) k, LATERAL torture.event(k) e RETURNING 1) SELECT count(*) FROM put
$$;

-- 32 contents of 6 creators; events of contents 33 and 34 count for the platform alone until these come.
INSERT INTO explore_content (id, creator_id, title) SELECT i, 1 + i % 6, 'content ' || i FROM generate_series(1, 32) i;
SELECT setval(pg_get_serial_sequence('explore_content', 'id'), 1000);
INSERT INTO explore_discovery_videos (id, content_id, duration_ms) SELECT i, i, 9000 FROM generate_series(1, 24) i;
INSERT INTO explore_feed_sessions (id, session_start) SELECT i, now() - interval '1 day' FROM generate_series(1, 17) i;

CREATE VIEW torture.raw AS
  SELECT e.content_id, c.creator_id, e.engagement_type AS t, coalesce(e.user_id, -e.session_id) AS viewer, e.watch_time_ms, e.completed, e.created_at
  FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id;
-- Whom to ask about: contents, creators and one that has none, the platform.
CREATE VIEW torture.subjects AS
  SELECT 'content' AS what, id, 1 AS g FROM explore_content
  UNION ALL SELECT 'creator', creator_id, 2 FROM (SELECT creator_id FROM explore_content UNION SELECT 99) c
  UNION ALL SELECT 'platform', 0, 3;

-- One range: what differs, with the number of rows that only one side has.
CREATE FUNCTION torture.differences(from_time timestamptz, to_time timestamptz) RETURNS TABLE (what text, differing bigint)
LANGUAGE sql STABLE AS $$
  WITH inside AS MATERIALIZED (
    SELECT * FROM torture.raw WHERE created_at >= coalesce(from_time, '-infinity') AND created_at < coalesce(to_time, 'infinity')
  ), counted AS MATERIALIZED (
    SELECT grouping(content_id, creator_id) AS g, coalesce(content_id, creator_id, 0) AS id, count(*) FILTER (WHERE t = 'view') AS views,
      count(DISTINCT viewer) FILTER (WHERE t = 'view') AS unique_viewers, count(*) FILTER (WHERE t = 'complete' OR t = 'view' AND completed) AS completions,
      count(*) FILTER (WHERE t = 'save') AS saves, count(*) FILTER (WHERE t = 'share') AS shares, count(*) FILTER (WHERE t = 'click') AS clicks,
      count(*) FILTER (WHERE t = 'skip') AS skips, count(*) FILTER (WHERE t = 'impression') AS impressions, sum(watch_time_ms)::bigint AS watch_time_ms,
      md5(string_agg(DISTINCT viewer::text, ',' ORDER BY viewer::text) FILTER (WHERE t = 'view')) AS viewers
    FROM inside GROUP BY GROUPING SETS ((content_id), (creator_id), ())
    HAVING coalesce(content_id, creator_id) IS NOT NULL OR grouping(content_id, creator_id) = 3
  ), plain AS MATERIALIZED (
    SELECT s.what, s.id, coalesce(n.views, 0) AS views, coalesce(n.unique_viewers, 0) AS unique_viewers, coalesce(n.completions, 0) AS completions,
      coalesce(n.saves, 0) AS saves, coalesce(n.shares, 0) AS shares, coalesce(n.clicks, 0) AS clicks, coalesce(n.skips, 0) AS skips,
      coalesce(n.impressions, 0) AS impressions, coalesce(n.watch_time_ms, 0) AS watch_time_ms, n.viewers
    FROM torture.subjects s LEFT JOIN counted n ON n.g = s.g AND n.id = s.id
  ), summaries AS MATERIALIZED (
    SELECT what, id, CASE g WHEN 1 THEN content_summary(id, from_time, to_time) WHEN 2 THEN creator_summary(id, from_time, to_time)
      ELSE platform_summary(from_time, to_time) END AS s FROM torture.subjects
  ), told AS MATERIALIZED (
    SELECT what, id, views(s), unique_viewers(s), completions(s), saves(s), shares(s), clicks(s), skips(s), impressions(s), round(total_watch_time(s) * 1000)::bigint,
      (SELECT md5(string_agg(k::text, ',' ORDER BY k::text)) FROM viewer_keys(viewers(s)) k) FROM summaries
  ), videos AS MATERIALIZED (
    SELECT a.content_id, a.total_views, a.unique_viewers, a.completions, a.saves, a.shares, a.clicks, a.skips, round(a.total_watch_time * 1000)::bigint
    FROM videos_analytics(NULL, from_time, to_time) a
  ), plain_videos AS MATERIALIZED (
    SELECT p.id, p.views, p.unique_viewers, p.completions, p.saves, p.shares, p.clicks, p.skips, p.watch_time_ms
    FROM plain p JOIN explore_discovery_videos v ON v.content_id = p.id WHERE p.what = 'content'
  )
  SELECT d.what, count(*) FROM ((TABLE told EXCEPT ALL TABLE plain) UNION ALL (TABLE plain EXCEPT ALL TABLE told)) d GROUP BY d.what
  UNION ALL SELECT 'videos', count(*) FROM ((TABLE videos EXCEPT ALL TABLE plain_videos) UNION ALL (TABLE plain_videos EXCEPT ALL TABLE videos)) d HAVING count(*) > 0
$$;

-- All time, and so many random ranges: whole hours, days and odd moments. Four comparisons each.
CREATE FUNCTION torture.totals(random_ranges integer) RETURNS TABLE (checks bigint, mismatches bigint, what text)
LANGUAGE sql STABLE AS $$
  WITH moments AS MATERIALIZED (
    SELECT i, now() - random() * interval '62 days' AS a, now() - random() * interval '62 days' AS b, random() AS kind FROM generate_series(1, random_ranges) i
  ), ranges AS MATERIALIZED (
    SELECT NULL::timestamptz AS a, NULL::timestamptz AS b
    UNION ALL SELECT CASE WHEN i % 4 = 3 THEN NULL WHEN kind < 0.3 THEN date_trunc('day', least(a, b)) WHEN kind < 0.6 THEN date_trunc('hour', least(a, b)) ELSE least(a, b) END,
      CASE WHEN i % 4 = 2 THEN NULL WHEN kind < 0.3 THEN date_trunc('day', greatest(a, b)) + interval '1 day'
           WHEN kind < 0.6 THEN date_trunc('hour', greatest(a, b)) + interval '1 hour' ELSE greatest(a, b) END FROM moments
  ), different AS MATERIALIZED (SELECT r.a, r.b, d.what, d.differing FROM ranges r, LATERAL torture.differences(r.a, r.b) d)
  SELECT 4 * (SELECT count(*) FROM ranges), coalesce((SELECT sum(differing) FROM different), 0)::bigint,
    coalesce((SELECT string_agg(format('%s %s of [%s, %s)', differing, different.what, a, b), '; ') FROM different), '')
$$;

-- What only a half-finished refresh leaves: a watermark that is not the last refresh's, an epoch that may be taken
-- again, gaps between refreshes, events counted in rollups that lie above the watermark or are missing below it.
CREATE FUNCTION torture.half_states() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (s.low <> coalesce((SELECT max(high) FROM explore_analytics.rollup_ledger), -1))::integer
    + (s.low >= (SELECT last_value FROM explore_analytics.epoch_seq))::integer
    + (SELECT count(*) FROM (SELECT low, lag(high) OVER (ORDER BY high) AS before FROM explore_analytics.rollup_ledger) l WHERE l.low <> coalesce(l.before, -1))
    + ((SELECT coalesce(sum(event_count), 0) FROM explore_analytics.rollup_ledger) <> (SELECT count(*) FROM explore_engagements e WHERE e.epoch <= s.low))::integer
    + (SELECT count(*) FROM explore_analytics.rollup_deltas d WHERE d.epoch > s.low) + (SELECT count(*) FROM explore_analytics.rollup_totals t WHERE t.epoch > s.low)
    + (SELECT count(*) FROM explore_analytics.check_ledger())
  FROM explore_analytics.rollup_state s
$$;

-- Our indexes that lack a row of their table, or are otherwise not what they should be. Each says what is wrong.
CREATE EXTENSION IF NOT EXISTS amcheck;
CREATE FUNCTION torture.index_faults() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  item regclass;
  checked bigint := 0;
  faults bigint := 0;
BEGIN
  FOR item IN SELECT c.oid FROM pg_class c JOIN pg_am a ON a.oid = c.relam
              WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) LOOP
    BEGIN
      PERFORM bt_index_check(item, true);
      checked := checked + 1;
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'index %: %', item, SQLERRM;
      faults := faults + 1;
    END;
  END LOOP;
  RETURN CASE WHEN checked > 10 THEN faults ELSE faults + 1 END;
END $$;

-- Keys that writers were told are stored (or are not), and what the table says.
CREATE TABLE torture.acknowledged (k bigint, stored boolean);
CREATE FUNCTION torture.keys() RETURNS TABLE (acked bigint, lost bigint, double bigint, resurrected bigint) LANGUAGE sql STABLE AS $$
  WITH there AS MATERIALIZED (SELECT (metadata ->> 'k')::bigint AS k, count(*) AS n FROM explore_engagements WHERE metadata ? 'k' GROUP BY 1)
  SELECT count(*) FILTER (WHERE a.stored), count(*) FILTER (WHERE a.stored AND t.n IS NULL), (SELECT count(*) FROM there WHERE n > 1), count(*) FILTER (WHERE NOT a.stored AND t.n > 0)
  FROM torture.acknowledged a LEFT JOIN there t USING (k)
$$;
