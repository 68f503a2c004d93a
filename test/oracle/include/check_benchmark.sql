-- A creator among others: of the platform, of the category and area of most views, of about the size.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.benchmark_group AS
SELECT n.range, n.creator_id, g.kind, (array_agg(g.name ORDER BY g.views DESC, g.name COLLATE "C"))[1] AS name
FROM oracle.per_creator n, LATERAL (
  SELECT k.kind, k.name, sum(p.views) AS views FROM explore_content c JOIN oracle.per_content p ON p.range = n.range AND p.content_id = c.id, LATERAL (VALUES ('category', c.category), ('area', c.area)) k(kind, name)
  WHERE c.creator_id = n.creator_id AND k.name IS NOT NULL GROUP BY 1, 2 HAVING sum(p.views) > 0) g
GROUP BY 1, 2, 3;
CREATE TABLE oracle.benchmark_value (range text, creator_id bigint, metric text, adds_up boolean, views bigint, value float8, category text, area text);
-- Of every range also the creators who have nothing in it.
CREATE TABLE oracle.benchmark_count AS
SELECT r.name AS range, c.creator_id, coalesce(views, 0) AS views, coalesce(viewers, 0) AS viewers, coalesce(unidentified, 0) AS unidentified, coalesce(completions, 0) AS completions, coalesce(saves, 0) AS saves, coalesce(shares, 0) AS shares,
  coalesce(clicks, 0) AS clicks, coalesce(skips, 0) AS skips, coalesce(impressions, 0) AS impressions, coalesce(seconds, 0) AS seconds
FROM oracle.range r CROSS JOIN (SELECT DISTINCT creator_id FROM explore_content UNION SELECT 999) c LEFT JOIN oracle.per_creator n ON n.range = r.name AND n.creator_id = c.creator_id;
SELECT format($$INSERT INTO oracle.benchmark_value SELECT n.range, n.creator_id, %L, %L IN ('views', 'unidentified_views', 'completions', 'saves', 'shares', 'clicks', 'skips', 'impressions', 'total_engagements', 'total_watch_time'), views, %s, c.name, a.name
  FROM oracle.benchmark_count n LEFT JOIN oracle.benchmark_group c ON (c.range, c.creator_id, c.kind) = (n.range, n.creator_id, 'category') LEFT JOIN oracle.benchmark_group a ON (a.range, a.creator_id, a.kind) = (n.range, n.creator_id, 'area')$$, metric, metric, expression)
FROM oracle.some_metric JOIN oracle.metric USING (metric) \gexec
CREATE INDEX ON oracle.benchmark_value (range, metric);
ANALYZE oracle.benchmark_value;
-- By views: the first, the last, and some between them; and ids at the ends.
CREATE TABLE oracle.benchmarked AS
SELECT creator_id FROM (SELECT creator_id, row_number() OVER (ORDER BY views, creator_id) AS place, count(*) OVER () AS all_of_them FROM oracle.per_creator WHERE range = 'unbounded') p
WHERE place IN (1, all_of_them / 4, all_of_them / 2, all_of_them - 1, all_of_them) UNION SELECT * FROM unnest(ARRAY[999, 9007199254740993]) c WHERE :every = 1;
CREATE TABLE oracle.benchmark_answer AS
SELECT r.name AS range, c.creator_id, k.kind, f.fewest, b.* FROM oracle.range r, oracle.benchmarked c, oracle.some_metric m, unnest(ARRAY['platform', 'category', 'area', 'size']) k(kind), unnest(ARRAY[1, 5]) f(fewest), benchmark_creator(c.creator_id, m.metric, r.s, r.e, k.kind, f.fewest) b
WHERE (hashint8(c.creator_id) + f.fewest + length(m.metric) + length(r.name)) % 2 = 0 AND (:every = 1 OR (length(r.name) + length(k.kind)) % 3 = 0 OR r.name = 'unbounded');
CREATE TABLE oracle.benchmark_plain AS
SELECT a.range, a.creator_id, a.kind, a.fewest, a.metric, v.value, v.adds_up, x.* FROM oracle.benchmark_answer a JOIN oracle.benchmark_value v ON (v.range, v.metric, v.creator_id) = (a.range, a.metric, a.creator_id), LATERAL (
  SELECT count(*) AS peers, count(*) FILTER (WHERE p.value < v.value) AS below, count(*) FILTER (WHERE p.value = v.value) AS equal, percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY p.value) AS quartiles, sum(p.value) AS total, max(abs(p.value)) AS size,
    v.views >= 10 AND count(*) >= a.fewest AND coalesce(2 * max(p.views) <= sum(p.views), false) AS shown
  FROM oracle.benchmark_value p WHERE p.range = a.range AND p.metric = a.metric AND p.creator_id <> a.creator_id AND p.views >= 10
    AND CASE a.kind WHEN 'category' THEN p.category = v.category WHEN 'area' THEN p.area = v.area WHEN 'size' THEN 2 * p.views >= v.views AND p.views <= 2 * v.views ELSE true END) x;
SELECT oracle.holds('creators to compare: some are, some are not', count(*) FILTER (WHERE shown) > 10 AND count(*) FILTER (WHERE NOT shown) > 10) FROM oracle.benchmark_plain;
SELECT oracle.near('benchmark_creator', $$SELECT format('%s %s %s %s %s %s', range, creator_id, kind, fewest, metric, peers), ARRAY[value, percentile, rank, p25, median, p75, share_percent] FROM oracle.benchmark_answer$$,
  $$SELECT format('%s %s %s %s %s %s', range, creator_id, kind, fewest, metric, peers), CASE WHEN shown THEN ARRAY[value, 100 * (below + equal / 2.0::float8) / peers, 1 + peers - below - equal, quartiles[1], quartiles[2], quartiles[3], CASE WHEN adds_up THEN 100 * value / nullif(value + total, 0) END]
      ELSE ARRAY[value, NULL, NULL, NULL, NULL, NULL, NULL] END, size FROM oracle.benchmark_plain$$);

-- What viewers did whom hardly anybody was, as long as the raw rows are there.
CREATE FUNCTION oracle.suspicious(per_minute int, per_day int) RETURNS TABLE (viewer bigint, reasons text[], events bigint, views bigint, peak bigint, contents bigint) LANGUAGE sql AS $$
  WITH event AS (SELECT viewer AS k, is_view, content_id, ms, at AT TIME ZONE 'UTC' AS at FROM oracle.event WHERE viewer IS NOT NULL),
  viewer AS (SELECT k, count(*) AS events, count(*) FILTER (WHERE is_view) AS views, count(DISTINCT content_id) AS contents, coalesce(bool_or(ms > 0) FILTER (WHERE is_view), false) AS watched FROM event GROUP BY k),
  minute AS (SELECT k, max(n) AS peak FROM (SELECT k, count(*) AS n FROM event WHERE is_view GROUP BY k, date_trunc('minute', at)) m GROUP BY k),
  day AS (SELECT k, max(n) AS most FROM (SELECT k, count(*) AS n FROM event WHERE is_view GROUP BY k, content_id, at::date) d GROUP BY k),
  hour AS (SELECT k, max(n) AS hours FROM (SELECT k, count(DISTINCT date_trunc('hour', at)) AS n FROM event GROUP BY k, at::date) h GROUP BY k)
  SELECT k, r.reasons, events, views, coalesce(peak, 0), contents FROM viewer LEFT JOIN minute USING (k) LEFT JOIN day USING (k) JOIN hour USING (k), LATERAL (
    SELECT array_remove(ARRAY[CASE WHEN peak > per_minute THEN 'rate' END, CASE WHEN most > per_day THEN 'repeat' END, CASE WHEN views >= 100 AND NOT watched THEN 'no_watch_time' END, CASE WHEN hours >= 20 THEN 'always_on' END], NULL) AS reasons) r
  WHERE r.reasons <> '{}' $$;
SELECT NOT EXISTS (SELECT FROM oracle.dropped) AS all_raw \gset
\if :all_raw
SELECT oracle.same('suspicious_viewers', 'SELECT viewer_key, reasons, events, views, peak_per_minute, contents FROM suspicious_viewers(NULL, NULL, NULL, 1, 2)', 'SELECT * FROM oracle.suspicious(1, 2)');
\endif
