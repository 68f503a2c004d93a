-- Ascending starts of the buckets that cover [from_time, to_time), and the end of the last one, in the
-- session's time zone: a bucket begins where local time reaches it, so that a day has 23, 24 or 25 hours
-- where the zone says so, and a day that a zone skipped does not appear. Where clocks are set back over a
-- start, a day begins at the first of both instants, and an hour at each of them.
CREATE OR REPLACE FUNCTION explore_analytics.bucket_bounds(from_time timestamptz, to_time timestamptz, bucket text)
RETURNS timestamptz[] LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  step interval;
  bounds timestamptz[];
BEGIN
  IF bucket NOT IN ('hour', 'day', 'week', 'month') THEN
    RAISE EXCEPTION 'bucket "%" is unknown', left(bucket, 60) USING ERRCODE = 'invalid_parameter_value', HINT = 'bucket is hour, day, week or month.';
  END IF;
  step := ('1 ' || bucket)::interval;
  -- In seconds: a difference of timestamps can overflow.
  IF extract(epoch FROM to_time) - extract(epoch FROM from_time) > 1000000 * extract(epoch FROM step) THEN
    RAISE EXCEPTION 'the range holds more than 1000000 buckets' USING ERRCODE = 'program_limit_exceeded',
      HINT = 'Ask for a shorter range or a larger bucket.';
  END IF;
  IF from_time < '4713-06-01 00:00+00 BC' OR to_time > '294276-06-01 00:00+00' THEN
    RAISE EXCEPTION 'no buckets from % to %', from_time, to_time USING ERRCODE = 'datetime_field_overflow',
      HINT = 'The range reaches the end of the calendar; ask for a shorter one.';
  END IF;
  -- timestamp::timestamptz gives the later instant of a repeated local time; clocks go back by half an
  -- hour, one hour or two.
  SELECT array_agg(DISTINCT b.start ORDER BY b.start) INTO bounds
  FROM generate_series(date_trunc(bucket, from_time::timestamp) - step, to_time::timestamp + 2 * step, step) AS l(local),
       LATERAL (SELECT l.local::timestamptz - back AS start
                FROM unnest(ARRAY['2 hours', '1 hour', '30 minutes', '0']::interval[]) back
                WHERE (l.local::timestamptz - back)::timestamp = l.local OR back = '0'
                ORDER BY 1 LIMIT CASE bucket WHEN 'hour' THEN 2 ELSE 1 END) b;
  RETURN ARRAY(
    SELECT x.b FROM (SELECT b, lead(b) OVER (ORDER BY b) AS following, lag(b) OVER (ORDER BY b) AS previous FROM unnest(bounds) b) x
    WHERE x.following > from_time AND (x.b < to_time OR x.previous < to_time) ORDER BY x.b);
END $$;
COMMENT ON FUNCTION explore_analytics.bucket_bounds(timestamptz, timestamptz, text) IS
  'Internal: bounds of the hours, days, weeks or months of the session''s time zone that cover a range.';

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
