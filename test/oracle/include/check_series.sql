-- ---------------------------------------------------------------------------------------------------
-- Series. The calendar is made by looking at a wall clock every quarter of an hour: a local day, week or
-- month begins when the clock first shows it; an hour also when the clock shows it for a second time.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.bucket AS
SELECT zone, bucket, q AS s, lead(q) OVER (PARTITION BY zone, bucket ORDER BY q) AS e
FROM (SELECT zone, bucket, q, local, date_trunc(bucket, local) AS shown, lag(date_trunc(bucket, local)) OVER (PARTITION BY zone, bucket ORDER BY q) AS shown_before
      FROM unnest(ARRAY['UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana', 'Antarctica/Troll']) zone,
           unnest(ARRAY['hour', 'day', 'week', 'month']) bucket,
           generate_series(timestamptz '2024-12-15 00:00+00', '2026-04-15 00:00+00', '15 minutes') q, LATERAL (SELECT q AT TIME ZONE zone AS local) l) clock
WHERE shown > shown_before OR bucket = 'hour' AND local = shown;
DELETE FROM oracle.bucket WHERE e IS NULL;
CREATE INDEX ON oracle.bucket (zone, bucket, s);
CREATE TABLE oracle.series_case AS
SELECT row_number() OVER () AS n, z.*, k.*
FROM (SELECT DISTINCT zone FROM oracle.bucket) z,
     (VALUES ('hour', timestamptz '2025-11-01 03:10:00.5+00', timestamptz '2025-11-03 22:00:00+00'), ('hour', '2025-10-25 00:00+00', '2025-10-27 00:00+00'),
             ('hour', '2025-03-08 12:34:56.789+00', '2025-03-10 12:00+00'), ('hour', '2025-03-29 12:00+00', '2025-03-31 12:00+00'),
             ('hour', '2025-04-05 00:00+00', '2025-04-06 12:00+00'), ('hour', '2025-10-04 00:00+00', '2025-10-05 12:00+00'),
             ('day', NULL, NULL), ('day', '2025-03-01 00:00+00', '2025-04-10 00:00+00'), ('day', '2025-10-01 07:08:09.101112+00', '2025-11-10 00:00:00.000001+00'),
             ('day', '2025-11-02 04:00:00+00', NULL), ('day', NULL, '2025-03-10 03:59:59.999999+00'), ('day', '2030-01-01 00:00+00', '2030-01-01 00:00+00'),
             ('week', NULL, NULL), ('week', '2025-10-06 00:00+00', '2025-12-01 12:00+00'),
             ('month', NULL, NULL), ('month', '2025-02-15 00:00+00', '2025-12-01 00:00+00')) k(bucket, s, e);
SELECT CASE WHEN array_agg(DISTINCT (extract(epoch FROM e - s) / 3600)::float8) = ARRAY[22, 23, 23.5, 24, 24.5, 25, 26]::float8[] THEN 'ok' ELSE 'FAIL' END
       || ' local days of these zones have 22, 23, 23.5, 24, 24.5, 25 or 26 hours'
FROM oracle.bucket WHERE bucket = 'day';
SELECT CASE WHEN array_agg(DISTINCT (extract(epoch FROM e - s) / 60)::float8) = ARRAY[30, 60, 90]::float8[] THEN 'ok' ELSE 'FAIL' END
       || ' local hours of Lord Howe have 30, 60 or 90 minutes'
FROM oracle.bucket WHERE bucket = 'hour' AND zone = 'Australia/Lord_Howe';

-- The plain series of a set of events: the buckets that touch the range, the events inside both.
CREATE PROCEDURE oracle.make_series(scope text, filter text, cases text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE oracle.%I AS SELECT * FROM oracle.event WHERE %s', scope || '_event', filter);
  EXECUTE format('CREATE INDEX ON oracle.%I (at)', scope || '_event');
  EXECUTE format('ANALYZE oracle.%I', scope || '_event');
  EXECUTE format($q$
    CREATE TABLE oracle.%1$I AS
    SELECT k.n, k.zone, k.bucket, k.s AS from_date, k.e AS to_date, b.s, b.e, x.*
    FROM (SELECT k.*, coalesce(k.s, o.first) AS since, coalesce(k.e, o.last + interval '1 microsecond') AS until
          FROM oracle.series_case k, LATERAL (
            SELECT min(at) AS first, max(at) AS last FROM oracle.%2$I
            WHERE (k.s IS NULL OR at >= k.s) AND (k.e IS NULL OR at < k.e)) o WHERE %3$s OFFSET 0) k
    JOIN oracle.bucket b ON b.zone = k.zone AND b.bucket = k.bucket AND b.s < k.until AND b.e > k.since AND k.since < k.until,
    LATERAL (SELECT count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
       coalesce(sum(ms), 0)::float8 / 1000 AS seconds
      FROM oracle.%2$I e WHERE e.at >= greatest(b.s, k.since) AND e.at < least(b.e, k.until)) x $q$, scope, scope || '_event', cases);
END $$;
CALL oracle.make_series('series_of_content', 'content_id = 60', 'true');
CALL oracle.make_series('series_of_creator', 'creator_id = 9007199254740993', $$zone IN ('America/New_York', 'Asia/Kolkata')$$);
CALL oracle.make_series('series_of_platform', 'true', $$bucket = 'hour' AND zone = 'America/New_York' OR bucket = 'day' AND s = '2025-03-01'$$);
CREATE FUNCTION oracle.plain_series(scope text, metrics text[]) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(format('SELECT %L, zone, bucket, from_date, to_date, s, e, (%s)::float8, row_number() OVER (PARTITION BY n ORDER BY s) FROM oracle.%I',
                           m.metric, m.expression, scope), ' UNION ALL ')
  FROM oracle.metric m WHERE metrics IS NULL OR m.metric = ANY (metrics)
$$;
SELECT oracle.same('metric_series of a content, every bucket and zone',
  $$SELECT m.metric, k.zone, k.bucket, k.s, k.e, a.* FROM oracle.some_metric m, oracle.series_case k,
      metric_series(m.metric, k.s, k.e, k.bucket, k.zone, 60) WITH ORDINALITY a$$,
  oracle.plain_series('series_of_content', (SELECT array_agg(metric) FROM oracle.some_metric)));
SELECT oracle.same('metric_series of a creator, every bucket of two zones',
  $$SELECT m, k.zone, k.bucket, k.s, k.e, a.* FROM oracle.series_case k, unnest(ARRAY['unique_viewers', 'engagement_score']) m,
      metric_series(m, k.s, k.e, k.bucket, k.zone, creator_id => 9007199254740993) WITH ORDINALITY a
    WHERE k.zone IN ('America/New_York', 'Asia/Kolkata')$$,
  oracle.plain_series('series_of_creator', ARRAY['unique_viewers', 'engagement_score']));
SELECT oracle.same('metric_series of the platform, over the changes of clocks',
  $$SELECT m, k.zone, k.bucket, k.s, k.e, a.* FROM unnest(ARRAY['unique_viewers', 'completion_rate']) m,
      (SELECT * FROM oracle.series_case WHERE bucket = 'hour' AND zone = 'America/New_York' OR bucket = 'day' AND s = '2025-03-01') k,
      metric_series(m, k.s, k.e, k.bucket, k.zone) WITH ORDINALITY a$$,
  oracle.plain_series('series_of_platform', ARRAY['unique_viewers', 'completion_rate']));
SELECT oracle.same('metric_series by default is by day in UTC',
  $$SELECT * FROM metric_series('saves', content_id => 7)$$, $$SELECT * FROM metric_series('saves', NULL, NULL, 'day', 'UTC', 7, NULL)$$);
-- Whatever the zone and the bucket, nothing is lost or counted twice.
SELECT oracle.same('metric_series: buckets adjoin, cover the range, and add up to its total',
  $$SELECT z, k.bucket, m, sum(a.value), min(a.bucket_start) <= k.s AND max(a.bucket_end) >= k.e,
      count(*) FILTER (WHERE a.bucket_start <> a.previous_end), count(*) FILTER (WHERE a.bucket_end <= a.bucket_start)
    FROM unnest(ARRAY['UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana']) z,
      (VALUES ('hour', timestamptz '2025-10-03 05:06:07.08+00', timestamptz '2025-10-07 00:00+00'), ('hour', '2025-04-04 00:00+00', '2025-04-07 00:00+00'),
              ('day', '2025-03-01 12:00+00', '2025-11-10 00:00:00.000003+00'), ('week', '2025-03-01 12:00+00', '2025-12-10 12:00+00'),
              ('month', '2025-03-01 12:00+00', '2025-12-10 12:00+00')) k(bucket, s, e),
      unnest(ARRAY['views', 'impressions', 'completions']) m,
      LATERAL (SELECT *, lag(bucket_end) OVER (ORDER BY bucket_start) AS previous_end FROM metric_series(m, k.s, k.e, k.bucket, z, 2)) a
    GROUP BY 1, 2, 3, k.s, k.e$$,
  $$SELECT z, k.bucket, m, sum((CASE m WHEN 'views' THEN is_view WHEN 'completions' THEN is_completion ELSE kind = 'impression' END)::int)::float8, true, 0, 0
    FROM unnest(ARRAY['UTC', 'Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana']) z,
      (VALUES ('hour', timestamptz '2025-10-03 05:06:07.08+00', timestamptz '2025-10-07 00:00+00'), ('hour', '2025-04-04 00:00+00', '2025-04-07 00:00+00'),
              ('day', '2025-03-01 12:00+00', '2025-11-10 00:00:00.000003+00'), ('week', '2025-03-01 12:00+00', '2025-12-10 12:00+00'),
              ('month', '2025-03-01 12:00+00', '2025-12-10 12:00+00')) k(bucket, s, e),
      unnest(ARRAY['views', 'impressions', 'completions']) m, oracle.event e
    WHERE e.content_id = 2 AND e.at >= k.s AND e.at < k.e GROUP BY 1, 2, 3, k.s, k.e$$);

-- Sessions belong to the bucket in which they started, whatever their events; a scope is touched by any event.
CREATE TABLE oracle.scope (name text, content_id bigint, creator_id bigint);
INSERT INTO oracle.scope VALUES ('platform', NULL, NULL), ('content', 5, NULL), ('creator', NULL, 9007199254740993);
CREATE TABLE oracle.touching AS SELECT DISTINCT s.name, e.session_id FROM oracle.scope s JOIN oracle.event e ON e.content_id = s.content_id OR e.creator_id = s.creator_id;
SELECT oracle.same('metric_series of sessions',
  $$SELECT s.name, z, k.bucket, a.* FROM oracle.scope s, unnest(ARRAY['UTC', 'America/New_York', 'America/Havana']) z,
      (VALUES ('day', timestamptz '2025-10-20 03:00+00', timestamptz '2025-11-05 00:00+00'), ('week', '2025-03-01 00:00+00', '2025-12-01 00:00+00')) k(bucket, s, e),
      metric_series('sessions', k.s, k.e, k.bucket, z, s.content_id, s.creator_id) a$$,
  $$SELECT s.name, z, k.bucket, b.s, b.e, (SELECT count(*)::float8 FROM explore_feed_sessions f
        WHERE f.session_start >= greatest(k.s, b.s) AND f.session_start < least(k.e, b.e)
          AND (s.name = 'platform' OR (s.name, f.id) IN (SELECT name, session_id FROM oracle.touching)))
    FROM oracle.scope s, unnest(ARRAY['UTC', 'America/New_York', 'America/Havana']) z,
      (VALUES ('day', timestamptz '2025-10-20 03:00+00', timestamptz '2025-11-05 00:00+00'), ('week', '2025-03-01 00:00+00', '2025-12-01 00:00+00')) k(bucket, s, e)
      JOIN oracle.bucket b ON b.bucket = k.bucket AND b.s < k.e AND b.e > k.s WHERE b.zone = z$$);
SELECT oracle.same('metric_series of sessions over all time counts every session',
  $$SELECT sum(value) FROM metric_series('sessions', bucket => 'month')$$, $$SELECT count(*)::float8 FROM explore_feed_sessions$$);
-- A viewer is new in the bucket of the first view ever in the scope, also when that lies before the range.
CREATE TABLE oracle.first_view AS
SELECT s.name, viewer, min(at) AS at FROM oracle.scope s JOIN oracle.event e ON s.name = 'platform' OR e.content_id = s.content_id OR e.creator_id = s.creator_id
WHERE is_view AND viewer IS NOT NULL GROUP BY 1, 2;
CREATE INDEX ON oracle.first_view (name, at);
ANALYZE oracle.first_view;
SELECT oracle.same('metric_series of new_viewers',
  $$SELECT s.name, z, k.bucket, a.* FROM oracle.scope s, unnest(ARRAY['UTC', 'America/New_York', 'Australia/Lord_Howe']) z,
      (VALUES ('day', timestamptz '2025-10-20 03:00+00', timestamptz '2025-11-05 00:00+00'), ('month', '2025-03-01 00:00+00', '2025-12-01 00:00+00')) k(bucket, s, e),
      metric_series('new_viewers', k.s, k.e, k.bucket, z, s.content_id, s.creator_id) a$$,
  $$SELECT s.name, z, k.bucket, b.s, b.e, (SELECT count(*)::float8 FROM oracle.first_view f WHERE f.name = s.name AND f.at >= greatest(k.s, b.s) AND f.at < least(k.e, b.e))
    FROM oracle.scope s, unnest(ARRAY['UTC', 'America/New_York', 'Australia/Lord_Howe']) z,
      (VALUES ('day', timestamptz '2025-10-20 03:00+00', timestamptz '2025-11-05 00:00+00'), ('month', '2025-03-01 00:00+00', '2025-12-01 00:00+00')) k(bucket, s, e)
      JOIN oracle.bucket b ON b.bucket = k.bucket AND b.s < k.e AND b.e > k.s WHERE b.zone = z$$);
