-- The definitions in plain SQL over the raw events, and how answers are held against them.
-- All there ever were: retention may have taken some from the raw table.
CREATE TABLE IF NOT EXISTS oracle.dropped (LIKE explore_engagements);
CREATE VIEW oracle.raw AS
SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM explore_engagements
UNION ALL SELECT id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at FROM oracle.dropped;
CREATE TABLE oracle.event AS
SELECT e.id, e.content_id, c.creator_id, e.session_id, e.created_at AS at, e.watch_time_ms::bigint AS ms,
       coalesce(e.user_id, -e.session_id) AS viewer, e.completed,
       e.engagement_type::text = 'view' AS is_view,
       (e.engagement_type::text = 'view' AND e.completed) OR e.engagement_type::text = 'complete' AS is_completion,
       e.engagement_type::text AS kind
FROM oracle.raw e LEFT JOIN explore_content c ON c.id = e.content_id;
ANALYZE oracle.event;

CREATE FUNCTION oracle.rate(part bigint, views bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN CASE WHEN views = 0 THEN 0 ELSE (100 * part)::float8 / views END;
CREATE FUNCTION oracle.score(views bigint, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint)
RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN CASE WHEN views = 0 THEN 0
            ELSE least(100, greatest(0, (40 * completions + 30 * saves + 20 * shares + 10 * clicks - 20 * skips)::float8 / views)) END;

CREATE TABLE oracle.per_content AS
SELECT r.name AS range, e.content_id,
       count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
       sum(ms)::float8 / 1000 AS seconds
FROM oracle.range r JOIN oracle.event e ON (r.s IS NULL OR e.at >= r.s) AND (r.e IS NULL OR e.at < r.e)
GROUP BY 1, 2;
CREATE TABLE oracle.per_creator AS
SELECT r.name AS range, e.creator_id,
       count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
       sum(ms)::float8 / 1000 AS seconds
FROM oracle.range r JOIN oracle.event e ON (r.s IS NULL OR e.at >= r.s) AND (r.e IS NULL OR e.at < r.e)
WHERE e.creator_id IS NOT NULL GROUP BY 1, 2;
CREATE TABLE oracle.per_platform AS
SELECT r.name AS range,
       count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers,
       count(*) FILTER (WHERE is_view AND viewer IS NULL) AS unidentified,
       count(*) FILTER (WHERE is_completion) AS completions, count(*) FILTER (WHERE kind = 'save') AS saves,
       count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'skip') AS skips, count(*) FILTER (WHERE kind = 'impression') AS impressions,
       coalesce(sum(ms), 0)::float8 / 1000 AS seconds
FROM oracle.range r LEFT JOIN oracle.event e ON (r.s IS NULL OR e.at >= r.s) AND (r.e IS NULL OR e.at < r.e)
GROUP BY 1;

-- Every content in every range, zeros where there was nothing.
CREATE VIEW oracle.content AS
SELECT r.name AS range, r.s, r.e, c.id AS content_id, v.id AS video_id, c.creator_id, c.title,
       coalesce(n.views, 0) AS views, coalesce(n.viewers, 0) AS viewers, coalesce(n.unidentified, 0) AS unidentified,
       coalesce(n.completions, 0) AS completions, coalesce(n.saves, 0) AS saves, coalesce(n.shares, 0) AS shares,
       coalesce(n.clicks, 0) AS clicks, coalesce(n.skips, 0) AS skips, coalesce(n.impressions, 0) AS impressions,
       coalesce(n.seconds, 0) AS seconds
FROM oracle.range r CROSS JOIN explore_content c
LEFT JOIN explore_discovery_videos v ON v.content_id = c.id
LEFT JOIN oracle.per_content n ON n.range = r.name AND n.content_id = c.id;

-- Rows are compared by their text, in which every double is exact.
CREATE FUNCTION oracle.same(what text, answer text, plain text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  rows bigint;
  extra bigint;
  missing bigint;
BEGIN
  DROP TABLE IF EXISTS answer, plain;
  EXECUTE format('CREATE TEMP TABLE answer AS SELECT q::text AS row FROM (%s) q', answer);
  EXECUTE format('CREATE TEMP TABLE plain AS SELECT q::text AS row FROM (%s) q', plain);
  SELECT count(*) INTO rows FROM plain;
  SELECT count(*) INTO extra FROM (TABLE answer EXCEPT ALL TABLE plain) d;
  SELECT count(*) INTO missing FROM (TABLE plain EXCEPT ALL TABLE answer) d;
  IF extra + missing > 0 THEN
    RETURN format(E'FAIL %s: %s of its rows are not in plain SQL, %s of plain SQL are not in it; first\n  answer %s\n  plain  %s',
      what, extra, missing, (SELECT min(row) FROM (TABLE answer EXCEPT ALL TABLE plain) d),
      (SELECT min(row) FROM (TABLE plain EXCEPT ALL TABLE answer) d));
  END IF;
  RETURN CASE WHEN rows = 0 THEN format('FAIL %s: compared nothing', what) ELSE format('ok %s: %s rows', what, rows) END;
END $$;

-- Whether a question is answered, or what is said instead.
CREATE FUNCTION oracle.state_of(question text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE question;
  RETURN 'answered';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- Numbers that are computed in another order differ in their last digits: key and numbers, those within a billionth of each
-- other. A third column is how large what was added up is, of which a part in 10^11 may be lost.
CREATE FUNCTION oracle.is_near(a float8, b float8, size float8 DEFAULT 0) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN a IS NOT DISTINCT FROM b OR coalesce(abs(a - b) <= 1e-9 * greatest(abs(a), abs(b), 1e-290) + 1e-11 * size, false);
CREATE FUNCTION oracle.near(what text, answer text, plain text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  rows bigint;
  bad bigint;
  first text;
BEGIN
  DROP TABLE IF EXISTS answer, plain;
  CREATE TEMP TABLE answer (key text, numbers float8[]);
  CREATE TEMP TABLE plain (key text, numbers float8[], size float8);
  EXECUTE 'INSERT INTO answer ' || answer;
  EXECUTE 'INSERT INTO plain ' || plain;
  SELECT count(p.key), count(*) FILTER (WHERE NOT agree), min(format(E'%s\n  answer %s\n  plain  %s', coalesce(a.key, p.key), a.numbers, p.numbers)) FILTER (WHERE NOT agree)
  INTO rows, bad, first
  FROM answer a FULL JOIN plain p USING (key), LATERAL (
    SELECT a.key IS NOT NULL AND p.key IS NOT NULL AND cardinality(a.numbers) = cardinality(p.numbers)
      AND NOT EXISTS (SELECT FROM unnest(a.numbers, p.numbers) n(x, y) WHERE NOT oracle.is_near(x, y, coalesce(p.size, 0))) AS agree) g;
  IF (SELECT count(*) FROM answer) <> (SELECT count(DISTINCT key) FROM answer) OR (SELECT count(*) FROM plain) <> (SELECT count(DISTINCT key) FROM plain) THEN
    RETURN format('FAIL %s: a key comes twice', what);
  END IF;
  IF bad > 0 THEN
    RETURN format('FAIL %s: %s of %s rows differ; first %s', what, bad, rows, first);
  END IF;
  RETURN CASE WHEN rows = 0 THEN format('FAIL %s: compared nothing', what) ELSE format('ok %s: %s rows', what, rows) END;
END $$;

-- Every metric as an expression over the counts.
CREATE VIEW oracle.metric AS
SELECT m.metric, m.expression FROM (VALUES
  ('views', 'views'), ('unique_viewers', 'viewers'), ('unidentified_views', 'unidentified'), ('completions', 'completions'), ('saves', 'saves'),
  ('shares', 'shares'), ('clicks', 'clicks'), ('skips', 'skips'), ('impressions', 'impressions'), ('total_engagements', 'saves + shares + clicks'),
  ('total_watch_time', 'seconds'), ('average_watch_time', 'CASE WHEN views = 0 THEN 0 ELSE seconds / views END'),
  ('completion_rate', 'oracle.rate(completions, views)'), ('engagement_rate', 'oracle.rate(saves + shares + clicks, views)'),
  ('save_rate', 'oracle.rate(saves, views)'), ('share_rate', 'oracle.rate(shares, views)'), ('click_rate', 'oracle.rate(clicks, views)'),
  ('skip_rate', 'oracle.rate(skips, views)'), ('engagement_score', 'oracle.score(views, completions, saves, shares, clicks, skips)')) m(metric, expression);

CREATE FUNCTION oracle.holds(what text, truth boolean) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN truth THEN 'ok ' ELSE 'FAIL ' END || what;

-- Where one call costs as much as in another state a hundred, fewer are made: contents asked one by one
-- and metrics of the long series.
CREATE TABLE oracle.one_by_one AS SELECT id FROM explore_content WHERE id % :every = 0 OR id <= 30 OR id >= 600;
CREATE VIEW oracle.some_metric AS
SELECT metric FROM oracle.metric WHERE :every = 1 OR metric IN ('views', 'unique_viewers', 'unidentified_views', 'total_watch_time', 'completion_rate', 'engagement_score');
