-- What is asked of the last minutes while events come in: each answer against plain SQL over the raw rows, in the
-- snapshot of the asking statement.
CREATE FUNCTION torture.live_batch(events integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed, created_at)
  SELECT 1001 + floor(1000 * random() ^ 3)::bigint, CASE WHEN random() < 0.95 THEN 1 + floor(50000 * random() ^ 2)::bigint END,
    (enum_range(NULL::engagement_type))[CASE WHEN random() < 0.8 THEN 1 ELSE 1 + floor(8 * random())::integer END], floor(30000 * random())::integer, random() < 0.3,
    clock_timestamp() - random() ^ 6 * interval '4 minutes'
  FROM generate_series(1, events)
$$;
CREATE FUNCTION torture.live_body(events integer) RETURNS TABLE (recorded integer) LANGUAGE sql AS $$
  SELECT r.recorded FROM record_engagement_batch((SELECT jsonb_agg(jsonb_build_object('contentId', 1001 + floor(1000 * random() ^ 3)::bigint,
    'userId', 1 + floor(50000 * random() ^ 2)::bigint, 'engagementType', 'view', 'watchTime', random() * 30, 'eventId', gen_random_uuid()))
  FROM generate_series(1, events))) r
$$;

-- Of the platform, the hottest content, its creator: minutes up to a moment, and viewers of the last of them. Told is what the
-- functions say, plain what the raw rows do.
CREATE FUNCTION torture.live_minutes(moment timestamptz, upto timestamptz, minutes integer) RETURNS TABLE (what text, told text, plain text) LANGUAGE sql STABLE AS $$
  WITH raw AS MATERIALIZED (
    SELECT * FROM torture.raw WHERE created_at >= date_trunc('minute', moment) - minutes * interval '1 minute' AND created_at < upto
  ), grid AS (
    SELECT m FROM generate_series(date_trunc('minute', upto - interval '1 microsecond') - (minutes - 1) * interval '1 minute', date_trunc('minute', upto - interval '1 microsecond'), interval '1 minute') m
  ), told AS (
    SELECT 'minutes of the platform' AS what, string_agg(l::text, ' ' ORDER BY l.minute) AS said FROM live_metrics(minutes, as_of => moment) l
    UNION ALL SELECT 'minutes of a content', string_agg(l::text, ' ' ORDER BY l.minute) FROM live_metrics(minutes, content_id => 1001, as_of => moment) l
    UNION ALL SELECT 'minutes of a creator', string_agg(l::text, ' ' ORDER BY l.minute) FROM live_metrics(minutes, creator_id => 102, as_of => moment) l
  ), plain AS (
    SELECT s.what, string_agg(row(g.m, coalesce(n.views, 0), coalesce(n.viewers, 0), coalesce(n.seconds, 0))::text, ' ' ORDER BY g.m) AS said
    FROM (VALUES ('minutes of the platform', NULL::bigint, NULL::bigint), ('minutes of a content', 1001, NULL), ('minutes of a creator', NULL, 102)) s(what, content, creator)
    CROSS JOIN grid g LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE t = 'view') AS views, count(DISTINCT viewer) FILTER (WHERE t = 'view') AS viewers, sum(watch_time_ms) / 1000.0::float8 AS seconds
      FROM raw WHERE date_trunc('minute', created_at) = g.m AND (s.content IS NULL OR content_id = s.content) AND (s.creator IS NULL OR creator_id = s.creator)) n ON true
    GROUP BY 1
  )
  SELECT t.what, t.said, p.said FROM told t JOIN plain p USING (what)
$$;

-- By the columns of totals(): how many questions, how many answers that differ, and the first that does.
CREATE FUNCTION torture.live() RETURNS TABLE (checks bigint, mismatches bigint, what text) LANGUAGE sql STABLE AS $$
  WITH asked AS (
    SELECT * FROM torture.live_minutes(now(), now() + interval '1 microsecond', 5)
    UNION ALL SELECT * FROM torture.live_minutes(now() - interval '71.5 seconds', now() - interval '71.5 seconds', 3)
    UNION ALL SELECT 'viewers now', concurrent_viewers()::text, (SELECT count(DISTINCT viewer) FROM torture.raw WHERE t = 'view' AND created_at >= now() - interval '5 minutes')::text
    UNION ALL SELECT 'viewers of a content', concurrent_viewers(1001, '90 seconds', now())::text,
      (SELECT count(DISTINCT viewer) FROM torture.raw WHERE t = 'view' AND content_id = 1001 AND created_at >= now() - interval '90 seconds' AND created_at < now())::text
    UNION ALL SELECT 'what is trending', (SELECT string_agg(content_id || ' ' || round(score::numeric, 6), ', ' ORDER BY rank) FROM trending_content('3 minutes', '40 seconds', 8)),
      (SELECT string_agg(content_id || ' ' || round(score::numeric, 6), ', ' ORDER BY score DESC, content_id) FROM (
         SELECT r.content_id, sum(w.weight * power(2, -extract(epoch FROM now() - r.created_at)::float8 / 40)) AS score
         FROM torture.raw r JOIN (VALUES ('view', 1), ('complete', 2), ('save', 3), ('share', 4), ('click', 3), ('skip', -1)) w(label, weight) ON r.t::text = w.label
         JOIN explore_content c ON c.id = r.content_id
         WHERE r.created_at >= now() - interval '3 minutes' AND r.created_at <= now() GROUP BY 1 ORDER BY score DESC, r.content_id LIMIT 8) s)
  )
  SELECT count(*), count(*) FILTER (WHERE told IS DISTINCT FROM plain), min(what || ': ' || coalesce(told, 'nothing') || ' instead of ' || coalesce(plain, 'nothing')) FILTER (WHERE told IS DISTINCT FROM plain) FROM asked
$$;
