-- How far viewers get through steps.
-- ---------------------------------------------------------------------------------------------------
-- Viewers of the world rarely do two things: some more do many, on few contents, in few sessions, often at one time. Their
-- rows are those of a transaction that is not over, and rolled back.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
SELECT (ARRAY[1, 2, 3, 5, 17, 5000])[1 + floor(6 * random())::int], CASE WHEN w < 0.7 THEN 300001 + floor(50 * power(random(), 2))::bigint END, CASE WHEN w > 0.3 AND w < 0.97 THEN 900001 + floor(40 * random())::bigint END,
       (ARRAY['view', 'view', 'view', 'click', 'click', 'save', 'share', 'complete', 'skip'])[1 + floor(9 * random())::int]::engagement_type, 10, random() < 0.5,
       timestamptz '2025-11-09 22:00+00' + floor(200 * random()) * interval '17 minutes'
FROM (SELECT random() AS w FROM generate_series(1, 2500)) draw;
CREATE TABLE oracle.step_event AS
SELECT e.id, e.content_id, c.creator_id, e.session_id, e.created_at AS at, coalesce(e.user_id, -e.session_id) AS viewer, e.engagement_type::text AS kind
FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id WHERE e.user_id IS NOT NULL OR e.session_id IS NOT NULL;
CREATE INDEX ON oracle.step_event (viewer, kind, at, id);
ANALYZE oracle.step_event;
SELECT oracle.holds('events at one time, of viewers with many, on both sides of the end of a range', count(*) FILTER (WHERE same > 1) > 300 AND max(mine) > 100 AND count(*) FILTER (WHERE at < '2025-11-10 12:00+00') > 300)
FROM (SELECT at, count(*) OVER (PARTITION BY viewer, at) AS same, count(*) OVER (PARTITION BY viewer) AS mine FROM oracle.step_event WHERE viewer > 300000 OR viewer < -900000) v;

CREATE TABLE oracle.funnel_case AS
SELECT row_number() OVER () AS n, * FROM
  (VALUES ('{view}'::text[]), ('{view,click,save}'), ('{view,view,view,view}'), ('{view,click,view,click,save,share,skip}'), ('{complete,view}'), ('{impression,progress}'), ('{share,share}')) t(steps),
  (VALUES (interval '24 hours', 86400::numeric), ('17 minutes', 1020), ('16:59.999999 minutes', 1019.999999), ('1 month', 2592000), ('1 microsecond', 0.000001), ('100 years', 3155760000)) w(within, seconds),
  unnest(ARRAY['any', 'same_content', 'same_session']) scope, (VALUES (NULL::bigint), (1), (3), (999)) c(creator),
  (VALUES (NULL::timestamptz, NULL::timestamptz), ('2025-11-01 00:00+00', NULL), ('2025-11-10 00:00+00', '2025-11-10 12:00+00'), ('2025-11-10 00:17:00.000001+00', '2025-11-11 03:24+00'), ('2025-11-15 00:00+00', '2025-11-15 00:00:00.000001+00'), ('2025-11-10 00:00+00', '2025-11-10 00:00+00'), (NULL, '2025-11-10 12:00+00')) r(s, e);
DELETE FROM oracle.funnel_case WHERE n % (3 + :every) <> 0;
SELECT max(range_end) AS horizon, coalesce(max(range_end) > '-infinity', false) AS retained FROM explore_analytics.dropped_partitions \gset
\if :retained
SELECT oracle.same('no funnel begins before the horizon', $$SELECT DISTINCT oracle.state_of(format('SELECT funnel(%L, %L, %L, %L, %L, %L)', steps, s, e, within, scope, creator)) FROM oracle.funnel_case WHERE s IS NULL$$,
  format('SELECT %L', format('55000 raw events before %s are gone', :'horizon')));
DELETE FROM oracle.funnel_case WHERE s IS NULL;
\endif
-- From each start the earliest continuation, of these per viewer the furthest, of these the first. Times are as far apart as
-- 64 bits do not hold, which differences of timestamps do not notice before 17.
CREATE TABLE oracle.chain AS
WITH RECURSIVE chain AS (
  SELECT k.n, k.steps, k.seconds, k.scope, k.creator, x.viewer, x.content_id, x.session_id, x.at AS start_at, x.id AS start_id, 1 AS step, x.at, x.id, NULL::timestamptz AS before
  FROM oracle.funnel_case k JOIN oracle.step_event x ON x.kind = k.steps[1] AND (k.s IS NULL OR x.at >= k.s) AND (k.e IS NULL OR x.at < k.e) AND (k.creator IS NULL OR x.creator_id = k.creator) AND (k.scope <> 'same_session' OR x.session_id IS NOT NULL)
  UNION ALL
  SELECT c.n, c.steps, c.seconds, c.scope, c.creator, c.viewer, c.content_id, c.session_id, c.start_at, c.start_id, c.step + 1, x.at, x.id, c.at
  FROM chain c, LATERAL (
    SELECT x.at, x.id FROM oracle.step_event x
    WHERE x.viewer = c.viewer AND x.kind = c.steps[c.step + 1] AND (x.at, x.id) > (c.at, c.id) AND extract(epoch FROM x.at) - extract(epoch FROM c.start_at) <= c.seconds AND (c.creator IS NULL OR x.creator_id = c.creator)
      AND CASE c.scope WHEN 'same_content' THEN x.content_id = c.content_id WHEN 'same_session' THEN x.session_id = c.session_id ELSE true END
    ORDER BY x.at, x.id LIMIT 1) x)
SELECT n, viewer, start_at, start_id, step, at, before FROM chain;
CREATE TABLE oracle.furthest AS
SELECT c.* FROM oracle.chain c JOIN (
  SELECT DISTINCT ON (n, viewer) n, viewer, start_at, start_id FROM oracle.chain ORDER BY n, viewer, step DESC, start_at, start_id) b USING (n, viewer, start_at, start_id);
CREATE VIEW oracle.funnel AS
SELECT n, step, name, viewers, CASE WHEN first = 0 THEN 0 ELSE (100 * viewers)::float8 / first END AS from_start, CASE WHEN before = 0 THEN 0 ELSE (100 * viewers)::float8 / before END AS from_previous, before - viewers AS dropped, median
FROM (SELECT *, first_value(viewers) OVER w AS first, coalesce(lag(viewers) OVER w, viewers) AS before
      FROM (SELECT k.n, s.step, s.name, count(DISTINCT f.viewer) AS viewers, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM f.at - f.before)::float8) AS median
            FROM oracle.funnel_case k CROSS JOIN LATERAL unnest(k.steps) WITH ORDINALITY s(name, step) LEFT JOIN oracle.furthest f ON f.n = k.n AND f.step = s.step GROUP BY 1, 2, 3) c
      WINDOW w AS (PARTITION BY n ORDER BY step)) p;
SELECT oracle.holds('funnels go deep, begin late, and drop viewers: ' || count(*), count(*) FILTER (WHERE step > 3 AND viewers > 2) > 5 AND count(*) FILTER (WHERE viewers = 0) > 5 AND count(*) FILTER (WHERE dropped > 5) > 10) FROM oracle.funnel;
SELECT oracle.holds('some of a viewer''s furthest chains do not begin with the first start', count(*) > 5) 
FROM (SELECT n, viewer, min(start_at) AS first FROM oracle.chain GROUP BY 1, 2) c JOIN (SELECT DISTINCT n, viewer, start_at FROM oracle.furthest) f USING (n, viewer) WHERE first < start_at;
SELECT oracle.same('funnel of types that repeat, ranges, windows, scopes and creators',
  $$SELECT k.n, a.* FROM oracle.funnel_case k, funnel(k.steps, k.s, k.e, k.within, k.scope, k.creator) a$$, 'TABLE oracle.funnel');
SET LOCAL work_mem = '64kB';
SELECT oracle.same('the same in little memory, through files',
  $$SELECT k.n, a.* FROM oracle.funnel_case k, funnel(k.steps, k.s, k.e, k.within, k.scope, k.creator) a$$, 'TABLE oracle.funnel');
RESET work_mem;

-- Every chain there is, where there are few: none is longer, and none of these begins or goes on earlier.
CREATE TABLE oracle.every_chain AS
WITH RECURSIVE few AS (SELECT * FROM oracle.funnel_case WHERE cardinality(steps) <= 4 AND seconds <= 1020 OR cardinality(steps) = 2 AND seconds <= 86400),
chain AS (
  SELECT k.n, k.steps, k.seconds, k.scope, k.creator, x.viewer, x.content_id, x.session_id, x.at AS start_at, 1 AS step, ARRAY[x.at] AS ats, ARRAY[x.id] AS ids, ARRAY[extract(epoch FROM x.at), x.id] AS place
  FROM few k JOIN oracle.step_event x ON x.kind = k.steps[1] AND (k.s IS NULL OR x.at >= k.s) AND (k.e IS NULL OR x.at < k.e) AND (k.creator IS NULL OR x.creator_id = k.creator) AND (k.scope <> 'same_session' OR x.session_id IS NOT NULL)
  UNION ALL
  SELECT c.n, c.steps, c.seconds, c.scope, c.creator, c.viewer, c.content_id, c.session_id, c.start_at, c.step + 1, c.ats || x.at, c.ids || x.id, c.place || extract(epoch FROM x.at) || x.id::numeric
  FROM chain c JOIN oracle.step_event x ON x.viewer = c.viewer AND x.kind = c.steps[c.step + 1] AND (x.at, x.id) > (c.ats[c.step], c.ids[c.step]) AND extract(epoch FROM x.at) - extract(epoch FROM c.start_at) <= c.seconds AND (c.creator IS NULL OR x.creator_id = c.creator)
      AND CASE c.scope WHEN 'same_content' THEN x.content_id = c.content_id WHEN 'same_session' THEN x.session_id = c.session_id ELSE true END)
SELECT n, viewer, step, ats, place FROM chain;
SELECT oracle.same('no chain of all there are gets further or is earlier',
  $$SELECT n, viewer, max(step), array_agg(at ORDER BY step) FROM oracle.furthest WHERE n IN (SELECT n FROM oracle.every_chain) GROUP BY 1, 2$$,
  $$SELECT n, viewer, step, ats FROM (SELECT DISTINCT ON (n, viewer) n, viewer, step, ats FROM oracle.every_chain ORDER BY n, viewer, step DESC, place) b$$);

-- ---------------------------------------------------------------------------------------------------
-- The aggregate. Without ids rows of one time stand in no order.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.funnel_group AS SELECT viewer FROM oracle.step_event WHERE viewer > 300000 OR viewer < -900000 GROUP BY 1;
CREATE TABLE oracle.window_case AS SELECT row_number() OVER () AS n, * FROM (VALUES (interval '24 hours', 86400::numeric), ('17 minutes', 1020), ('1 hour', 3600)) w(within, seconds), (VALUES ('{view,click,save}'::text[]), ('{view,view,view}'), ('{click,share,view,save}')) t(steps);
-- From each start, step by step: the earliest row that can.
CREATE TABLE oracle.window_chain AS
WITH RECURSIVE chain AS (
  SELECT k.n, m.mode, k.steps, k.seconds, x.viewer, x.at AS start_at, 1 AS step, x.at, ARRAY[x.id] AS ids
  FROM oracle.window_case k CROSS JOIN unnest(ARRAY['', 'once', 'increase']) m(mode) JOIN oracle.step_event x ON x.kind = k.steps[1] JOIN oracle.funnel_group USING (viewer)
  UNION ALL
  SELECT c.n, c.mode, c.steps, c.seconds, c.viewer, c.start_at, c.step + 1, x.at, c.ids || x.id
  FROM chain c, LATERAL (
    SELECT x.at, x.id FROM oracle.step_event x
    WHERE x.viewer = c.viewer AND x.kind = c.steps[c.step + 1] AND CASE c.mode WHEN 'increase' THEN x.at > c.at ELSE x.at >= c.at END AND (c.mode = '' OR x.id <> ALL (c.ids)) AND extract(epoch FROM x.at) - extract(epoch FROM c.start_at) <= c.seconds
    ORDER BY x.at, x.id LIMIT 1) x)
SELECT n, mode, viewer, max(step) AS level FROM chain GROUP BY 1, 2, 3;
SELECT oracle.same('window_funnel: plain, once and increase',
  $$SELECT k.n, m.mode, x.viewer, window_funnel(k.within, m.mode, x.at, VARIADIC (SELECT array_agg(x.kind = s ORDER BY o) FROM unnest(k.steps) WITH ORDINALITY u(s, o)))
    FROM oracle.window_case k CROSS JOIN unnest(ARRAY['', 'once', 'increase']) m(mode) CROSS JOIN oracle.step_event x JOIN oracle.funnel_group USING (viewer) GROUP BY 1, 2, 3$$,
  $$SELECT k.n, m.mode, g.viewer, coalesce(c.level, 0) FROM oracle.window_case k CROSS JOIN unnest(ARRAY['', 'once', 'increase']) m(mode) CROSS JOIN oracle.funnel_group g LEFT JOIN oracle.window_chain c USING (n, mode, viewer)$$);
ROLLBACK;
