-- Clicks of 30 days attributed to the views before them, linear, by content
-- CASE leaves DuckDB only equalities to join by. A visitor without an id is the user of the session, or the only one on its events.
--@ask plain duckdb
WITH only_user AS (
  SELECT session_id, min(user_id) AS user_id FROM {plain}.events WHERE session_id IS NOT NULL AND user_id IS NOT NULL GROUP BY session_id HAVING min(user_id) = max(user_id)
), step AS (
  SELECT e.id, e.content_id, e.created_at, e.engagement_type, coalesce(e.user_id, s.user_id, o.user_id, -e.session_id) AS journey
  FROM {plain}.events e LEFT JOIN {plain}.sessions s ON s.id = CASE WHEN e.user_id IS NULL THEN e.session_id END LEFT JOIN only_user o ON o.session_id = CASE WHEN e.user_id IS NULL THEN e.session_id END
  WHERE e.engagement_type IN ('view', 'click') AND e.created_at >= :month_start::timestamptz - interval '30 days' AND e.created_at < :month_end::timestamptz
), touch AS (
  SELECT c.id, t.content_id, count(*) OVER (PARTITION BY c.id) AS touches
  FROM step c JOIN step t ON t.journey = c.journey AND CASE WHEN t.created_at = c.created_at THEN t.id < c.id ELSE c.created_at - t.created_at BETWEEN interval '0 days' AND interval '30 days' END
  WHERE c.engagement_type = 'click' AND c.created_at >= :month_start::timestamptz AND t.engagement_type = 'view'
)
SELECT content_id::text AS key, count(*) AS touches, floor(1e6 * sum(1::float8 / touches) + 0.5) / 1e6 AS conversions FROM touch GROUP BY content_id ORDER BY 3 DESC, 1 LIMIT 50;
--@ask ours
SELECT key, touches, floor(1e6 * conversions + 0.5) / 1e6 AS conversions FROM attribution('click', ARRAY['view'], :month_start::timestamptz, :month_end::timestamptz) WHERE key <> '(none)' ORDER BY 3 DESC, 1 LIMIT 50;
