CREATE OR REPLACE FUNCTION @extschema@.metric_series(metric text, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    bucket text DEFAULT 'day', time_zone text DEFAULT 'UTC', content_id bigint DEFAULT NULL, creator_id bigint DEFAULT NULL)
  RETURNS TABLE (bucket_start timestamptz, bucket_end timestamptz, value double precision)
  AS 'MODULE_PATHNAME', 'ea_metric_series' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.metric_series(text, timestamptz, timestamptz, text, text, bigint, bigint) IS
  'A metric by hour, day, week (from Monday) or month of an IANA time zone, gaps filled with 0, in order of time; the first and last bucket hold only what lies in [start_date, end_date), an open bound is the first (not before 2000) or last event. Metrics: the names of the accessors, sessions, new_viewers. content_id and creator_id together: error 22023.';

CREATE OR REPLACE FUNCTION @extschema@.top_videos(metric text DEFAULT 'engagement_score', start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    creator_id bigint DEFAULT NULL, n integer DEFAULT 10, min_views bigint DEFAULT 0)
  RETURNS TABLE (rank bigint, video_id bigint, content_id bigint, title text, value double precision, views bigint, completion_rate double precision)
  AS 'MODULE_PATHNAME', 'ea_top_videos' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION @extschema@.top_videos(text, timestamptz, timestamptz, bigint, integer, bigint) IS
  'The n best videos by a metric in [start_date, end_date), with at least min_views views, of one creator if given; ordered by value, then views, then content id; videos without views take part.';
