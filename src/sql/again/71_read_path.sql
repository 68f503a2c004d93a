CREATE OR REPLACE FUNCTION @extschema@.content_summary(content_id bigint, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_content_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.content_summary(bigint, timestamptz, timestamptz) IS
  'Summary of one content''s engagements in [start_date, end_date); NULL bounds are open. An unknown content gives the empty summary.';
CREATE OR REPLACE FUNCTION @extschema@.creator_summary(creator_id bigint, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_creator_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.creator_summary(bigint, timestamptz, timestamptz) IS
  'Summary of the engagements on a creator''s present content in [start_date, end_date); NULL bounds are open. An unknown creator gives the empty summary.';
CREATE OR REPLACE FUNCTION @extschema@.platform_summary(start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_platform_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION @extschema@.platform_summary(timestamptz, timestamptz) IS
  'Summary of all engagements in [start_date, end_date); NULL bounds are open.';

CREATE OR REPLACE FUNCTION explore_analytics.content_summaries(contents bigint[], start_date timestamptz, end_date timestamptz)
  RETURNS TABLE (content_id bigint, summary @extschema@.engagement_summary)
  AS 'MODULE_PATHNAME', 'ea_content_summaries' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION explore_analytics.content_summaries(bigint[], timestamptz, timestamptz) IS
  'Internal: the summaries of many contents (NULL: all); contents without events are left out.';
CREATE OR REPLACE FUNCTION explore_analytics.content_counters(contents bigint[], start_date timestamptz, end_date timestamptz)
  RETURNS TABLE (content_id bigint, views bigint, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint, watch_time_ms bigint,
    completion_rate double precision, engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_content_counters' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000;
COMMENT ON FUNCTION explore_analytics.content_counters(bigint[], timestamptz, timestamptz) IS
  'Internal: content_summaries() without viewers.';
CREATE OR REPLACE FUNCTION explore_analytics.contents_to_rescore()
  RETURNS bigint[] AS 'MODULE_PATHNAME', 'ea_contents_to_rescore' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION explore_analytics.contents_to_rescore() IS
  'Internal: contents with events that the last rescore has not seen; NULL when it must look at all.';

-- The parts of the daily views; scope 0: platform, 1: creator, 2: content.
CREATE OR REPLACE FUNCTION explore_analytics.active_days()
  RETURNS TABLE (day date, bucket timestamptz)
  AS 'MODULE_PATHNAME', 'ea_active_days' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 100;
COMMENT ON FUNCTION explore_analytics.active_days() IS
  'Internal: the UTC days with events and their starts, of the platform or of the creator the session is held to.';
CREATE OR REPLACE FUNCTION explore_analytics.tail_days(scope smallint)
  RETURNS TABLE (bucket timestamptz, id bigint, summary @extschema@.engagement_summary)
  AS 'MODULE_PATHNAME', 'ea_tail_days' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000;
COMMENT ON FUNCTION explore_analytics.tail_days(smallint) IS
  'Internal: events not yet in the rollups, by UTC day.';
CREATE OR REPLACE FUNCTION explore_analytics.day_summary(scope smallint, id bigint, day timestamptz, tail @extschema@.engagement_summary)
  RETURNS @extschema@.engagement_summary AS 'MODULE_PATHNAME', 'ea_day_summary' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100;
COMMENT ON FUNCTION explore_analytics.day_summary(smallint, bigint, timestamptz, @extschema@.engagement_summary) IS
  'Internal: what the rollups hold of a UTC day, and the tail''s part given; NULL when neither has an event.';

CREATE OR REPLACE FUNCTION explore_analytics.metric_value(metric text, summary @extschema@.engagement_summary)
  RETURNS double precision AS 'MODULE_PATHNAME', 'ea_metric_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.metric_value(text, @extschema@.engagement_summary) IS
  'The accessor of that name applied to the summary; a NULL summary counts as empty. Unknown metric: error 22023.';

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
