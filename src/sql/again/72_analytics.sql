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

CREATE OR REPLACE FUNCTION @extschema@.session_analytics(session_id bigint)
  RETURNS TABLE (session_id bigint, user_id bigint, duration double precision, videos_viewed bigint, completions bigint,
    saves bigint, shares bigint, clicks bigint, average_watch_time double precision, engagement_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_session_analytics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.session_analytics(bigint) IS
  'Numbers of one session: duration in seconds (open: until its last event), distinct content viewed; average_watch_time (seconds) and engagement_rate (percent) are per video viewed. Unknown session: error P0002.';

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

CREATE OR REPLACE FUNCTION @extschema@.metric_series(metric text, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    bucket text DEFAULT 'day', time_zone text DEFAULT 'UTC', content_id bigint DEFAULT NULL, creator_id bigint DEFAULT NULL)
  RETURNS TABLE (bucket_start timestamptz, bucket_end timestamptz, value double precision)
  AS 'MODULE_PATHNAME', 'ea_metric_series' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.metric_series(text, timestamptz, timestamptz, text, text, bigint, bigint) IS
  'A metric by hour, day, week (from Monday) or month of an IANA time zone, gaps filled with 0, in order of time; the first and last bucket hold only what lies in [start_date, end_date), an open bound is the first or last event. Metrics: the names of the accessors, sessions, new_viewers. content_id and creator_id together: error 22023.';

CREATE OR REPLACE FUNCTION @extschema@.top_videos(metric text DEFAULT 'engagement_score', start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    creator_id bigint DEFAULT NULL, n integer DEFAULT 10, min_views bigint DEFAULT 0)
  RETURNS TABLE (rank bigint, video_id bigint, content_id bigint, title text, value double precision, views bigint, completion_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_top_videos' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION @extschema@.top_videos(text, timestamptz, timestamptz, bigint, integer, bigint) IS
  'The n best videos by a metric in [start_date, end_date), with at least min_views views, of one creator if given; ordered by value, then views, then content id; videos without views take part.';
