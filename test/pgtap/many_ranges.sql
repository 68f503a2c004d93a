-- Many ranges are asked about at one go: what no refresh has taken yet is sorted for them, and not looked through for each.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT plan(5);
INSERT INTO explore_content (id, creator_id) SELECT g, 1 + g % 3 FROM generate_series(1, 50) g;
CREATE FUNCTION pg_temp.put(k integer, n integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
  SELECT 1 + i % 50, 1 + i % 997, (ARRAY['view', 'view', 'save', 'complete'])[1 + i * 31 % 4]::engagement_type, i % 1000, timestamptz '2025-05-01' + i::bigint * 7919 % 10080 * interval '1 minute' + i % 60 * interval '1 second'
  FROM generate_series(k, k + n - 1) i $$;
SELECT pg_temp.put(1, 20000) \g /dev/null
CALL explore_analytics.refresh();
SELECT pg_temp.put(20001, 60000) \g /dev/null
-- The same by plain SQL, of the platform, a creator and a content.
SELECT is((SELECT sum(hashtext(l::text)::bigint) FROM live_metrics(10080, creator, content, '2025-05-08') l),
  (SELECT sum(hashtext(row(m, coalesce(views, 0), coalesce(viewers, 0), coalesce(seconds, 0))::text)::bigint)
   FROM generate_series(timestamptz '2025-05-01', '2025-05-07 23:59', '1 minute') m LEFT JOIN (
     SELECT date_trunc('minute', e.created_at) AS m, count(*) FILTER (WHERE engagement_type = 'view') AS views, count(DISTINCT user_id) FILTER (WHERE engagement_type = 'view') AS viewers, sum(watch_time_ms) / 1000.0::float8 AS seconds
     FROM explore_engagements e JOIN explore_content c ON c.id = e.content_id WHERE (creator IS NULL OR c.creator_id = creator) AND (content IS NULL OR c.id = content) GROUP BY 1) e USING (m)),
  format('a week of minutes: creator %s, content %s', creator, content)) FROM (VALUES (NULL::bigint, NULL::bigint), (2, NULL), (NULL, 7)) v(creator, content);
SELECT is((SELECT sum(value)::bigint FROM metric_series('new_viewers', '2025-05-01', '2025-05-08', 'hour')), (SELECT count(DISTINCT user_id) FROM explore_engagements WHERE engagement_type = 'view'), 'and new viewers, hour by hour');
-- Of three times each the least. Passing 60,000 events 10,080 times takes more than two hundred times as long as once.
CREATE FUNCTION pg_temp.took(query text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
  least double precision := 'infinity';
  since timestamptz;
BEGIN
  FOR i IN 1 .. 3 LOOP
    since := clock_timestamp();
    EXECUTE query;
    least := least(least, extract(epoch FROM clock_timestamp() - since));
  END LOOP;
  RETURN least;
END $$;
SELECT pg_temp.took($$SELECT count(*) FROM live_metrics(60, as_of => '2025-05-08')$$) AS hour, pg_temp.took($$SELECT count(*) FROM live_metrics(10080, as_of => '2025-05-08')$$) AS week \gset
SELECT cmp_ok((:week / :hour)::numeric, '<', 120::numeric, format('a week of minutes in %s s, an hour in %s s', :week, :hour));
SELECT * FROM finish();
