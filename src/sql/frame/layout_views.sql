-- The views install() makes, as data.

-- The numbers of a day, the same in every daily view: column, accessor of the day's summary, description.
CREATE OR REPLACE FUNCTION explore_analytics.layout_daily_numbers()
RETURNS TABLE (column_name text, accessor text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('views', 'views', 'Views.'),
  ('unique_viewers', 'unique_viewers', 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.'),
  ('watch_time', 'total_watch_time', 'Watch time in seconds.'),
  ('completions', 'completions', 'Completions.'),
  ('completion_rate', 'completion_rate', 'Percent: 100 * completions / views.'),
  ('saves', 'saves', 'Saves.'),
  ('save_rate', 'save_rate', 'Percent: 100 * saves / views.'),
  ('shares', 'shares', 'Shares.'),
  ('clicks', 'clicks', 'Clicks.'),
  ('skips', 'skips', 'Skips.'),
  ('impressions', 'impressions', 'Impressions.'),
  ('engagement_rate', 'engagement_rate', 'Percent: 100 * (saves + shares + clicks) / views.'),
  ('engagement_score', 'engagement_score', 'Engagement score of the day, 0..100.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_daily_numbers() IS 'The numbers of the daily views, with their accessors and descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_views()
RETURNS TABLE (view_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('explore_video_daily', 'Engagement of each content by day (UTC), days without events left out. unique_viewers of several days must not be added up.'),
  ('explore_creator_daily', 'Engagement of each creator by day (UTC), rates pooled over the creator''s content. unique_viewers of several days must not be added up.'),
  ('explore_platform_daily', 'Engagement of the whole platform by day (UTC). unique_viewers of several days must not be added up.'),
  ('explore_leaderboard', 'Contents with at least 10 views, ranked by stored engagement score; as of the last batch_update_engagement_scores().')
$$;
COMMENT ON FUNCTION explore_analytics.layout_views() IS 'The views install() makes, with their descriptions.';

CREATE OR REPLACE FUNCTION explore_analytics.layout_view_columns()
RETURNS TABLE (view_name text, column_name text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.view_name, k.column_name, k.description
  FROM explore_analytics.layout_views() v,
       (VALUES ('day', 'Day in UTC.'), ('bucket', 'Start of the day in UTC.')) k(column_name, description)
  WHERE right(v.view_name, 6) = '_daily'
  UNION ALL
  SELECT v.view_name, n.column_name, n.description
  FROM explore_analytics.layout_views() v, explore_analytics.layout_daily_numbers() n WHERE right(v.view_name, 6) = '_daily'
  UNION ALL
  VALUES
    ('explore_video_daily', 'video_id', 'Video; null when the content has none.'),
    ('explore_video_daily', 'content_id', 'Content.'),
    ('explore_video_daily', 'creator_id', 'Current creator of the content.'),
    ('explore_video_daily', 'title', 'Title of the content.'),
    ('explore_video_daily', 'category', 'Category of the content.'),
    ('explore_video_daily', 'area', 'Area of the content.'),
    ('explore_creator_daily', 'creator_id', 'Current creator of the content.'),
    ('explore_leaderboard', 'rank', 'Place, 1 is best: by score, then views, then content id.'),
    ('explore_leaderboard', 'content_id', 'Content.'),
    ('explore_leaderboard', 'video_id', 'Video; null when the content has none.'),
    ('explore_leaderboard', 'creator_id', 'Creator of the content.'),
    ('explore_leaderboard', 'title', 'Title of the content.'),
    ('explore_leaderboard', 'views', 'Views of all time as of the last rescore; at least 10.'),
    ('explore_leaderboard', 'completion_rate', 'Completion rate of all time in percent as of the last rescore; null when the content has no video.'),
    ('explore_leaderboard', 'engagement_score', 'Engagement score (0..100) of all time as of the last rescore.'),
    ('explore_leaderboard', 'scored_at', 'When a rescore last changed the stored numbers.')
$$;
COMMENT ON FUNCTION explore_analytics.layout_view_columns() IS 'The columns of the views install() makes, with their descriptions.';
