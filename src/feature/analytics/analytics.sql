CREATE OR REPLACE FUNCTION @extschema@.video_analytics(video_id bigint, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS TABLE (video_id bigint, content_id bigint, total_views bigint, unique_viewers bigint, total_watch_time double precision,
    average_watch_time double precision, completion_rate double precision, completions bigint, saves bigint, shares bigint,
    clicks bigint, skips bigint, engagement_rate double precision, average_engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_video_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.video_analytics(bigint, timestamptz, timestamptz) IS
  'Numbers of one video in [start_date, end_date); NULL bounds are open. unique_viewers is exact; watch times in seconds; rates in percent; average_engagement_score 0..100. Unknown video: error P0002; NULL id: 22004; end before start: 22023.';

CREATE OR REPLACE FUNCTION @extschema@.videos_analytics(video_ids bigint[] DEFAULT NULL, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL, creator_id bigint DEFAULT NULL)
  RETURNS TABLE (video_id bigint, content_id bigint, total_views bigint, unique_viewers bigint, total_watch_time double precision,
    average_watch_time double precision, completion_rate double precision, completions bigint, saves bigint, shares bigint,
    clicks bigint, skips bigint, engagement_rate double precision, average_engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_videos_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.videos_analytics(bigint[], timestamptz, timestamptz, bigint) IS
  'video_analytics for many videos (NULL: all), of one creator if given, ordered by video_id; unknown ids are left out.';

CREATE OR REPLACE FUNCTION @extschema@.creator_analytics(creator_id bigint DEFAULT NULL, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS TABLE (creator_id bigint, total_videos bigint, total_views bigint, unique_viewers bigint, total_watch_time double precision,
    average_completion_rate double precision, total_saves bigint, total_shares bigint, total_clicks bigint,
    engagement_rate double precision, top_performing_videos jsonb)
  AS 'MODULE_PATHNAME', 'ea_creator_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION @extschema@.creator_analytics(bigint, timestamptz, timestamptz) IS
  'Numbers of a creator (NULL: the current creator; without one error 22004) in [start_date, end_date). total_videos counts all content whatever the range; rates are pooled, in percent; watch time in seconds; top_performing_videos: the ten best by score, then views, then content id.';

CREATE OR REPLACE FUNCTION @extschema@.aggregated_metrics(period text, creator_id bigint DEFAULT NULL, as_of timestamptz DEFAULT NULL)
  RETURNS TABLE (period text, total_views bigint, total_unique_viewers bigint, total_watch_time double precision,
    average_session_duration double precision, total_sessions bigint, average_completion_rate double precision,
    total_engagements bigint, engagement_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_aggregated_metrics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1;
COMMENT ON FUNCTION @extschema@.aggregated_metrics(text, bigint, timestamptz) IS
  'Numbers of the last day (24 h), week (7 d), month (30 d) before as_of (NULL: now, without upper bound), or all, for a creator or the platform (NULL). Session duration: mean seconds of closed sessions started in the period. Another period: error 22023.';

CREATE OR REPLACE FUNCTION @extschema@.creator_dashboard(creator_id bigint DEFAULT NULL, period text DEFAULT 'month', as_of timestamptz DEFAULT NULL)
  RETURNS jsonb AS 'MODULE_PATHNAME', 'ea_creator_dashboard' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION @extschema@.creator_dashboard(bigint, text, timestamptz) IS
  'A creator''s dashboard (NULL: the current creator): overview (all time), periodMetrics with previous, topPerformingVideos and engagementBreakdown of the period. Ids are numbers up to 2^53 - 1, strings beyond.';

CREATE OR REPLACE FUNCTION @extschema@.my_analytics_dashboard(period text DEFAULT 'month', as_of timestamptz DEFAULT NULL)
  RETURNS jsonb AS 'MODULE_PATHNAME', 'ea_my_analytics_dashboard' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000;
COMMENT ON FUNCTION @extschema@.my_analytics_dashboard(text, timestamptz) IS
  'creator_dashboard() of the current creator; without one error 22004.';
