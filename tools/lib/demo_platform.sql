\pset tuples_only on
\pset format unaligned
WITH this AS (SELECT * FROM aggregated_metrics('week', NULL, demo.as_of())),
before AS (SELECT * FROM aggregated_metrics('week', NULL, demo.as_of() - interval '7 days')),
lines (n, label, now, was, kind) AS (
  SELECT 1, 'views', t.total_views::float8, b.total_views::float8, 'count' FROM this t, before b
  UNION ALL SELECT 2, 'unique viewers', t.total_unique_viewers, b.total_unique_viewers, 'count' FROM this t, before b
  UNION ALL SELECT 3, 'watch time', t.total_watch_time, b.total_watch_time, 'time' FROM this t, before b
  UNION ALL SELECT 4, 'sessions', t.total_sessions, b.total_sessions, 'count' FROM this t, before b
  UNION ALL SELECT 5, 'mean session', t.average_session_duration, b.average_session_duration, 'time' FROM this t, before b
  UNION ALL SELECT 6, 'saves, shares, clicks', t.total_engagements, b.total_engagements, 'count' FROM this t, before b
  UNION ALL SELECT 7, 'completion rate', t.average_completion_rate, b.average_completion_rate, 'rate' FROM this t, before b
  UNION ALL SELECT 8, 'engagement rate', t.engagement_rate, b.engagement_rate, 'rate' FROM this t, before b
),
shown AS (
  SELECT n, label, now, was,
    CASE kind WHEN 'count' THEN demo.num(now) WHEN 'time' THEN demo.hours(now) ELSE demo.num(now, 1) || ' %' END AS now_text,
    CASE kind WHEN 'count' THEN demo.num(was) WHEN 'time' THEN demo.hours(was) ELSE demo.num(was, 1) || ' %' END AS was_text
  FROM lines
)
SELECT line FROM (
  SELECT 0, '  ' || rpad('', 22) || lpad('this week', 12) || lpad('week before', 14) || lpad('change', 10)
  UNION ALL
  SELECT n, '  ' || rpad(label, 22) || lpad(now_text, 12) || lpad(was_text, 14) ||
    lpad(CASE WHEN was > 0 THEN CASE WHEN now < was THEN '-' ELSE '+' END || demo.num(abs(100 * (now / was - 1)), 1) || ' %' ELSE '-' END, 10)
  FROM shown
) AS all_lines (n, line) ORDER BY n;
