-- Funnel of the platform: view, click, save within a day, 30 days
-- Of each click the latest view before it, of each save the click before it with the latest view.
--@ask plain duckdb
WITH event AS (
  SELECT coalesce(user_id, -session_id) AS viewer, created_at, id, engagement_type FROM {plain}.events
  WHERE engagement_type IN ('view', 'click', 'save') AND (user_id IS NOT NULL OR session_id IS NOT NULL)
    AND created_at >= :month_start::timestamptz AND created_at <= :month_end::timestamptz + interval '24 hours'
), started AS (
  SELECT *, max(created_at) FILTER (WHERE engagement_type = 'view' AND created_at < :month_end::timestamptz) OVER before AS view_at FROM event
  WINDOW before AS (PARTITION BY viewer ORDER BY created_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), clicked AS (
  SELECT *, max(view_at) FILTER (WHERE engagement_type = 'click' AND created_at <= view_at + interval '24 hours') OVER before AS clicked_view_at FROM started
  WINDOW before AS (PARTITION BY viewer ORDER BY created_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT count(DISTINCT viewer) FILTER (WHERE engagement_type = 'view' AND created_at < :month_end::timestamptz),
  count(DISTINCT viewer) FILTER (WHERE engagement_type = 'click' AND created_at <= view_at + interval '24 hours'),
  count(DISTINCT viewer) FILTER (WHERE engagement_type = 'save' AND created_at <= clicked_view_at + interval '24 hours')
FROM clicked;
--@ask ours
SELECT max(viewers) FILTER (WHERE step = 1), max(viewers) FILTER (WHERE step = 2), max(viewers) FILTER (WHERE step = 3)
FROM funnel(ARRAY['view', 'click', 'save'], :month_start::timestamptz, :month_end::timestamptz, interval '24 hours');
