-- BI relations: plain views with plain columns. The rule of the one door is inside: a session with
-- an identity sees its own content, others see all.
CREATE OR REPLACE FUNCTION explore_analytics.install_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $install$
BEGIN
  PERFORM explore_analytics.ddl($$
    CREATE OR REPLACE VIEW {s}.explore_video_daily WITH (security_barrier) AS
    SELECT (d.bucket AT TIME ZONE 'UTC')::date AS day, d.bucket, v.id AS video_id, c.id AS content_id, c.creator_id,
           c.title, c.category, c.area, {s}.views(d.summary) AS views, {s}.unique_viewers(d.summary) AS unique_viewers, {s}.total_watch_time(d.summary) AS watch_time, {s}.completions(d.summary) AS completions, {s}.completion_rate(d.summary) AS completion_rate, {s}.saves(d.summary) AS saves, {s}.save_rate(d.summary) AS save_rate, {s}.shares(d.summary) AS shares, {s}.clicks(d.summary) AS clicks, {s}.skips(d.summary) AS skips, {s}.impressions(d.summary) AS impressions, {s}.engagement_rate(d.summary) AS engagement_rate, {s}.engagement_score(d.summary) AS engagement_score
    FROM (SELECT date_trunc('day', e.created_at, 'UTC') AS bucket, e.content_id, {s}.engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed) AS summary
          FROM {s}.explore_engagements e GROUP BY 1, 2) d
    JOIN {s}.explore_content c ON c.id = d.content_id
    LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id
    WHERE (SELECT explore_analytics.sees_all()) OR c.creator_id = (SELECT {s}.current_creator_id())
  $$);
  PERFORM explore_analytics.ddl($$
    CREATE OR REPLACE VIEW {s}.explore_creator_daily WITH (security_barrier) AS
    SELECT (d.bucket AT TIME ZONE 'UTC')::date AS day, d.bucket, d.creator_id, {s}.views(d.summary) AS views, {s}.unique_viewers(d.summary) AS unique_viewers, {s}.total_watch_time(d.summary) AS watch_time, {s}.completions(d.summary) AS completions, {s}.completion_rate(d.summary) AS completion_rate, {s}.saves(d.summary) AS saves, {s}.save_rate(d.summary) AS save_rate, {s}.shares(d.summary) AS shares, {s}.clicks(d.summary) AS clicks, {s}.skips(d.summary) AS skips, {s}.impressions(d.summary) AS impressions, {s}.engagement_rate(d.summary) AS engagement_rate, {s}.engagement_score(d.summary) AS engagement_score
    FROM (SELECT date_trunc('day', e.created_at, 'UTC') AS bucket, c.creator_id, {s}.engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed) AS summary
          FROM {s}.explore_engagements e JOIN {s}.explore_content c ON c.id = e.content_id GROUP BY 1, 2) d
    WHERE (SELECT explore_analytics.sees_all()) OR d.creator_id = (SELECT {s}.current_creator_id())
  $$);
  PERFORM explore_analytics.ddl($$
    CREATE OR REPLACE VIEW {s}.explore_platform_daily WITH (security_barrier) AS
    SELECT (d.bucket AT TIME ZONE 'UTC')::date AS day, d.bucket, {s}.views(d.summary) AS views, {s}.unique_viewers(d.summary) AS unique_viewers, {s}.total_watch_time(d.summary) AS watch_time, {s}.completions(d.summary) AS completions, {s}.completion_rate(d.summary) AS completion_rate, {s}.saves(d.summary) AS saves, {s}.save_rate(d.summary) AS save_rate, {s}.shares(d.summary) AS shares, {s}.clicks(d.summary) AS clicks, {s}.skips(d.summary) AS skips, {s}.impressions(d.summary) AS impressions, {s}.engagement_rate(d.summary) AS engagement_rate, {s}.engagement_score(d.summary) AS engagement_score
    FROM (SELECT date_trunc('day', e.created_at, 'UTC') AS bucket, {s}.engagement_agg(e.engagement_type, coalesce(e.user_id, -e.session_id), e.watch_time_ms, e.completed) AS summary
          FROM {s}.explore_engagements e GROUP BY 1) d
    WHERE (SELECT explore_analytics.sees_all())
  $$);
  IF to_regclass('explore_analytics.leaderboard') IS NULL THEN
    PERFORM explore_analytics.ddl($$
      CREATE MATERIALIZED VIEW explore_analytics.leaderboard AS
      SELECT row_number() OVER (ORDER BY c.engagement_score DESC, c.view_count DESC, c.id) AS rank,
             c.id AS content_id, v.id AS video_id, c.creator_id, c.title, c.view_count AS views,
             v.completion_rate, c.engagement_score, v.scored_at
      FROM {s}.explore_content c LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id
      WHERE c.view_count >= 10
      ORDER BY c.engagement_score DESC, c.view_count DESC, c.id
    $$);
    PERFORM explore_analytics.ddl('CREATE UNIQUE INDEX leaderboard_content ON explore_analytics.leaderboard (content_id)');
  END IF;
  PERFORM explore_analytics.ddl($$
    CREATE OR REPLACE VIEW {s}.explore_leaderboard WITH (security_barrier) AS
    SELECT l.rank, l.content_id, l.video_id, l.creator_id, l.title, l.views, l.completion_rate, l.engagement_score, l.scored_at
    FROM explore_analytics.leaderboard l
    WHERE (SELECT explore_analytics.sees_all()) OR l.creator_id = (SELECT {s}.current_creator_id())
    ORDER BY l.rank
  $$);
  PERFORM explore_analytics.ddl($$COMMENT ON VIEW {s}.explore_video_daily IS 'Engagement of each content by day (UTC), days without events left out. unique_viewers of several days must not be added up.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.day IS 'Day in UTC.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.bucket IS 'Start of the day in UTC.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.video_id IS 'Video; null when the content has none.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.content_id IS 'Content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.creator_id IS 'Current creator of the content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.title IS 'Title of the content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.category IS 'Category of the content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.area IS 'Area of the content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.views IS 'Views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.unique_viewers IS 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.watch_time IS 'Watch time in seconds.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.completions IS 'Completions.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.completion_rate IS 'Percent: 100 * completions / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.saves IS 'Saves.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.save_rate IS 'Percent: 100 * saves / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.shares IS 'Shares.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.clicks IS 'Clicks.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.skips IS 'Skips.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.impressions IS 'Impressions.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.engagement_rate IS 'Percent: 100 * (saves + shares + clicks) / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_video_daily.engagement_score IS 'Engagement score of the day, 0..100.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON VIEW {s}.explore_creator_daily IS 'Engagement of each creator by day (UTC), rates pooled over the creator''s content. unique_viewers of several days must not be added up.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.day IS 'Day in UTC.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.bucket IS 'Start of the day in UTC.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.creator_id IS 'Current creator of the content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.views IS 'Views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.unique_viewers IS 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.watch_time IS 'Watch time in seconds.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.completions IS 'Completions.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.completion_rate IS 'Percent: 100 * completions / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.saves IS 'Saves.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.save_rate IS 'Percent: 100 * saves / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.shares IS 'Shares.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.clicks IS 'Clicks.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.skips IS 'Skips.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.impressions IS 'Impressions.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.engagement_rate IS 'Percent: 100 * (saves + shares + clicks) / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_creator_daily.engagement_score IS 'Engagement score of the day, 0..100.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON VIEW {s}.explore_platform_daily IS 'Engagement of the whole platform by day (UTC). unique_viewers of several days must not be added up.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.day IS 'Day in UTC.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.bucket IS 'Start of the day in UTC.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.views IS 'Views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.unique_viewers IS 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.watch_time IS 'Watch time in seconds.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.completions IS 'Completions.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.completion_rate IS 'Percent: 100 * completions / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.saves IS 'Saves.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.save_rate IS 'Percent: 100 * saves / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.shares IS 'Shares.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.clicks IS 'Clicks.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.skips IS 'Skips.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.impressions IS 'Impressions.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.engagement_rate IS 'Percent: 100 * (saves + shares + clicks) / views.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_platform_daily.engagement_score IS 'Engagement score of the day, 0..100.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON VIEW {s}.explore_leaderboard IS 'Contents with at least 10 views, ranked by stored engagement score; as of the last batch_update_engagement_scores().'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.rank IS 'Place, 1 is best: by score, then views, then content id.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.content_id IS 'Content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.video_id IS 'Video; null when the content has none.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.creator_id IS 'Creator of the content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.title IS 'Title of the content.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.views IS 'Views of all time as of the last rescore; at least 10.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.completion_rate IS 'Completion rate of all time in percent as of the last rescore; null when the content has no video.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.engagement_score IS 'Engagement score (0..100) of all time as of the last rescore.'$$);
  PERFORM explore_analytics.ddl($$COMMENT ON COLUMN {s}.explore_leaderboard.scored_at IS 'When a rescore last changed the stored numbers.'$$);
  COMMENT ON MATERIALIZED VIEW explore_analytics.leaderboard IS 'Behind explore_leaderboard; refreshed concurrently by batch_update_engagement_scores().';
  COMMENT ON COLUMN explore_analytics.leaderboard.rank IS 'Place, 1 is best: by score, then views, then content id.';
  COMMENT ON COLUMN explore_analytics.leaderboard.content_id IS 'Content.';
  COMMENT ON COLUMN explore_analytics.leaderboard.video_id IS 'Video; null when the content has none.';
  COMMENT ON COLUMN explore_analytics.leaderboard.creator_id IS 'Creator of the content.';
  COMMENT ON COLUMN explore_analytics.leaderboard.title IS 'Title of the content.';
  COMMENT ON COLUMN explore_analytics.leaderboard.views IS 'Views of all time as of the last rescore; at least 10.';
  COMMENT ON COLUMN explore_analytics.leaderboard.completion_rate IS 'Completion rate of all time in percent as of the last rescore; null when the content has no video.';
  COMMENT ON COLUMN explore_analytics.leaderboard.engagement_score IS 'Engagement score (0..100) of all time as of the last rescore.';
  COMMENT ON COLUMN explore_analytics.leaderboard.scored_at IS 'When a rescore last changed the stored numbers.';
END $install$;
COMMENT ON FUNCTION explore_analytics.install_views() IS 'Internal: the BI views and the leaderboard.';
