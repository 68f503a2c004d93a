-- Attribution: journeys and credit by joins and windows, Markov chains by taking each key out.
-- ---------------------------------------------------------------------------------------------------
-- Few viewers who do much on few contents at few times; visitors that log in, sessions without a row, with a row but no user, whose
-- events have one user or two. All is rolled back.
BEGIN;
INSERT INTO explore_feed_sessions (id, user_id, session_start, traffic_source)
SELECT 940000 + g, CASE WHEN g % 5 = 0 THEN 320001 + g % 30 END, '2025-11-08 00:00+00', (ARRAY['search', 'push', 'mail', NULL])[1 + g % 4] FROM generate_series(1, 60) g;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT (ARRAY[1, 2, 3, 5, 17, 5000, 5001])[1 + floor(7 * power(random(), 1.5))::int], CASE WHEN w < 0.55 THEN 320001 + floor(40 * power(random(), 2))::bigint END, CASE WHEN w > 0.35 AND w < 0.97 THEN 940001 + floor(75 * random())::bigint END,
       (ARRAY['view', 'view', 'view', 'view', 'click', 'save', 'share', 'complete', 'skip', 'impression'])[1 + floor(10 * random())::int]::engagement_type, 10,
       timestamptz '2025-11-09 22:00+00' + floor(220 * random()) * interval '17 minutes'
FROM (SELECT random() AS w FROM generate_series(1, 1600)) draw;
-- A session belongs to the only user it ever had: one that came long before, or after all.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT 1 + g % 3, 320001 + g % 40, 940000 + g, 'progress', CASE WHEN g % 2 = 0 THEN timestamptz '2025-11-02 00:00+00' ELSE '2025-12-30 00:00+00' END FROM generate_series(62, 74, 2) g;
SELECT oracle.holds('visitors log in between', sum(identify_session(940000 + g, 320001 + g)) > 10) FROM unnest(ARRAY[1, 2, 3, 6, 7]) g;
CREATE TABLE oracle.step AS
SELECT e.id, e.content_id, c.creator_id, e.session_id, e.user_id, e.created_at AS at, e.engagement_type::text AS kind, f.user_id AS session_user_id, coalesce(f.traffic_source, 'unknown') AS source
FROM explore_engagements e LEFT JOIN explore_content c ON c.id = e.content_id LEFT JOIN explore_feed_sessions f ON f.id = e.session_id;

CREATE TABLE oracle.credit_case AS
SELECT row_number() OVER () AS n, * FROM unnest('{first,last,linear,position,time_decay,shapley,markov}'::text[]) m(model), unnest('{content,creator,source}'::text[]) k(key),
  (VALUES ('click', '{view}'::text[]), ('save', '{view,impression,click}'), ('complete', '{complete,view}'), ('view', '{share}'), ('share', '{progress}')) t(conversion, touches),
  (VALUES (interval '30 days', 2592000::numeric), ('17 minutes', 1020), ('3 hours 24 minutes', 12240), ('16:59.999999 minutes', 1019.999999), ('1 month', 2592000)) l(lookback, lookback_s),
  (VALUES (interval '7 days', 604800::float8), ('1 hour', 3600), ('1 second', 1)) h(half_life, half_life_s), (VALUES (NULL::bigint), (1), (3), (999)) c(creator),
  (VALUES (NULL::timestamptz, NULL::timestamptz), ('2025-11-10 00:00+00', NULL), ('2025-11-10 00:17:00.000001+00', '2025-11-11 08:12+00'), ('2025-11-11 00:00+00', '2025-11-11 00:00:00.000001+00'), ('2025-11-10 22:17+00', '2025-11-12 01:07+00'), (NULL, '2025-11-10 12:00+00'), ('2025-11-10 00:00+00', '2025-11-10 00:00+00')) r(s, e);
-- Half-lives are for one model only; over the whole past keys are too many for a chain.
DELETE FROM oracle.credit_case WHERE model <> 'time_decay' AND half_life_s <> 604800 OR model = 'markov' AND key = 'content' AND creator IS NULL AND (s IS NULL OR e IS NULL) OR hashint8(n) % ((CASE model WHEN 'markov' THEN 23 ELSE 70 END) * least(:every, 3)) <> 0;
SELECT max(range_end) AS horizon, coalesce(max(range_end) > '-infinity', false) AS retained FROM explore_analytics.dropped_partitions \gset
SELECT 'attribution(k.conversion, k.touches, k.s, k.e, k.model, k.lookback, k.half_life, k.key, k.creator)' AS question \gset
\if :retained
CREATE TABLE oracle.too_old AS SELECT * FROM oracle.credit_case WHERE s IS NULL OR s IS DISTINCT FROM e AND s - lookback_s * interval '1 second' < :'horizon';
SELECT oracle.same('no touches are asked for from before the horizon', $$SELECT n, oracle.state_of(format('SELECT attribution(%L, %L, %L, %L, %L, %L, %L, %L, %L)', conversion, touches, s, e, model, lookback, half_life, key, creator)) FROM oracle.too_old$$,
  format($$SELECT n, format('55000 conversions can be attributed from %%s on: raw events before %1$s are gone', timestamptz %1$L + lookback_s * interval '1 second') FROM oracle.too_old$$, :'horizon'));
DELETE FROM oracle.credit_case WHERE n IN (SELECT n FROM oracle.too_old);
\endif

-- Whose journey an event belongs to, among all events or those of a creator's contents.
CREATE TABLE oracle.credit_scope AS SELECT DISTINCT coalesce(creator, 0) AS scope FROM oracle.credit_case;
CREATE TABLE oracle.journey AS
SELECT s.scope, x.id, x.at, x.kind, x.content_id, x.creator_id, x.source, coalesce(x.user_id, x.session_user_id, o.only_user, -x.session_id) AS journey
FROM oracle.credit_scope s JOIN oracle.step x ON s.scope IN (0, x.creator_id)
LEFT JOIN (SELECT s.scope, y.session_id, CASE WHEN count(DISTINCT y.user_id) = 1 THEN min(y.user_id) END AS only_user
           FROM oracle.credit_scope s JOIN oracle.step y ON s.scope IN (0, y.creator_id) WHERE y.session_id IS NOT NULL GROUP BY 1, 2) o USING (scope, session_id);
CREATE INDEX ON oracle.journey (scope, journey, kind, at, id);
CREATE INDEX ON oracle.journey (scope, kind, at);
ANALYZE oracle.journey;
SELECT oracle.holds('journeys through sessions of one user and of two', count(*) FILTER (WHERE j.journey = x.session_user_id) > 20 AND count(*) FILTER (WHERE j.journey > 0 AND x.session_user_id IS NULL) > 5 AND count(*) FILTER (WHERE j.journey < 0) > 20 AND count(*) FILTER (WHERE j.journey IS NULL) > 10)
FROM oracle.journey j JOIN oracle.step x USING (id) WHERE j.scope = 0 AND x.user_id IS NULL AND (x.session_id > 940000 OR x.session_id IS NULL);
CREATE TABLE oracle.gain AS
SELECT k.n, j.id, j.at, j.journey FROM oracle.credit_case k JOIN oracle.journey j ON j.scope = coalesce(k.creator, 0) AND j.kind = k.conversion AND (k.s IS NULL OR j.at >= k.s) AND (k.e IS NULL OR j.at < k.e);
CREATE INDEX ON oracle.gain (n, journey);
ANALYZE oracle.gain;
CREATE FUNCTION oracle.value_of(t oracle.journey, key text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE key WHEN 'content' THEN (t).content_id::text WHEN 'creator' THEN coalesce((t).creator_id::text, 'unknown') ELSE (t).source END;
CREATE TABLE oracle.path AS
SELECT g.n, g.id, oracle.value_of(t, k.key) AS value, t.at, extract(epoch FROM g.at) - extract(epoch FROM t.at) AS age, row_number() OVER w AS place, count(*) OVER (PARTITION BY g.n, g.id) AS length
FROM oracle.gain g JOIN oracle.credit_case k USING (n) JOIN oracle.journey t ON t.scope = coalesce(k.creator, 0) AND t.journey = g.journey AND t.kind = ANY (k.touches)
  AND (t.at, t.id) < (g.at, g.id) AND extract(epoch FROM g.at) - extract(epoch FROM t.at) <= k.lookback_s
WINDOW w AS (PARTITION BY g.n, g.id ORDER BY t.at, t.id);
ANALYZE oracle.path;
-- Each touch's part of its conversion. Of old touches only how much older they are than the youngest matters.
CREATE TABLE oracle.share AS
SELECT p.n, p.id, p.place, p.value, CASE k.model WHEN 'first' THEN (place = 1)::int WHEN 'last' THEN (place = length)::int WHEN 'linear' THEN 1.0::float8 / length
    WHEN 'position' THEN CASE WHEN length = 1 THEN 1 WHEN length = 2 THEN 0.5 WHEN place IN (1, length) THEN 0.4 ELSE 0.2::float8 / (length - 2) END
    WHEN 'time_decay' THEN weight / sum(weight) OVER whole
    WHEN 'shapley' THEN 1::float8 / repeats / (SELECT count(DISTINCT value) FROM oracle.path q WHERE (q.n, q.id) = (p.n, p.id)) END AS part
FROM (SELECT p.*, power(2::float8, -least((age - min(age) OVER (PARTITION BY n, id)) / k.half_life_s, 1070)) * CASE WHEN (age - min(age) OVER (PARTITION BY n, id)) / k.half_life_s > 1070 THEN 0 ELSE 1 END AS weight, count(*) OVER (PARTITION BY n, id, value) AS repeats
      FROM oracle.path p JOIN oracle.credit_case k USING (n)) p JOIN oracle.credit_case k USING (n) WINDOW whole AS (PARTITION BY p.n, p.id);
-- Chains: from the start over the touches to the conversion, or, of who did not convert in the range, to nothing.
CREATE TABLE oracle.hop AS
SELECT n, from_key, to_key, count(*)::float8 AS times FROM (
  SELECT n, lag(value, 1, '(start)') OVER (PARTITION BY n, id ORDER BY place) AS from_key, value AS to_key FROM oracle.path
  UNION ALL SELECT n, value, '(conversion)' FROM oracle.path WHERE place = length
  UNION ALL SELECT n, unnest(ARRAY[lag(value, 1, '(start)') OVER journey, CASE WHEN lead(value) OVER journey IS NULL THEN value END]), unnest(ARRAY[value, CASE WHEN lead(value) OVER journey IS NULL THEN '(null)' END])
  FROM (SELECT k.n, t.id, t.at, t.journey, oracle.value_of(t, k.key) AS value FROM oracle.credit_case k JOIN oracle.journey t ON t.scope = coalesce(k.creator, 0) AND t.kind = ANY (k.touches) AND t.journey IS NOT NULL AND (k.s IS NULL OR t.at >= k.s) AND (k.e IS NULL OR t.at < k.e)
        WHERE k.model = 'markov' AND NOT EXISTS (SELECT FROM oracle.gain g WHERE g.n = k.n AND g.journey = t.journey)) lost
  WINDOW journey AS (PARTITION BY n, journey ORDER BY at, id)) h
JOIN oracle.credit_case k USING (n) WHERE k.model = 'markov' AND from_key IS NOT NULL GROUP BY 1, 2, 3;
-- How likely the start leads to the conversion when a key leads to nothing: elimination, with the start as the last unknown.
CREATE FUNCTION oracle.arrival(which bigint, gone text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  names text[] := ARRAY(SELECT DISTINCT from_key FROM oracle.hop WHERE n = which AND from_key <> '(start)' AND from_key IS DISTINCT FROM gone ORDER BY 1) || '(start)'::text;
  size int := cardinality(names);
  a float8[] := array_fill(0::float8, ARRAY[size, size + 1]);
  h record;
  factor float8;
BEGIN
  FOR i IN 1 .. size LOOP a[i][i] := 1; END LOOP;
  FOR h IN SELECT array_position(names, from_key) AS i, array_position(names, to_key) AS j, to_key, times / sum(times) OVER (PARTITION BY from_key) AS p FROM oracle.hop WHERE n = which LOOP
    CONTINUE WHEN h.i IS NULL;
    IF h.to_key = '(conversion)' THEN a[h.i][size + 1] := h.p; ELSIF h.j IS NOT NULL THEN a[h.i][h.j] := a[h.i][h.j] - h.p; END IF;
  END LOOP;
  FOR i IN 1 .. size - 1 LOOP
    FOR k IN i + 1 .. size LOOP
      factor := a[k][i] / a[i][i];
      CONTINUE WHEN factor = 0;
      FOR j IN i .. size + 1 LOOP a[k][j] := a[k][j] - factor * a[i][j]; END LOOP;
    END LOOP;
  END LOOP;
  RETURN a[size][size + 1] / a[size][size];
END $$;
CREATE TABLE oracle.effect AS
SELECT n, value, 1 - oracle.arrival(n, value) / oracle.arrival(n, NULL) AS effect FROM (SELECT DISTINCT n, from_key AS value FROM oracle.hop WHERE from_key <> '(start)') v WHERE EXISTS (SELECT FROM oracle.path p WHERE p.n = v.n);
CREATE TABLE oracle.credit AS
SELECT c.n, c.value, c.touches, c.conversions, CASE WHEN w.total > 0 THEN 100 * c.conversions / w.total ELSE 0 END AS percent FROM (
  SELECT n, value, count(*) AS touches, sum(part) AS conversions FROM oracle.share JOIN oracle.credit_case USING (n) WHERE model <> 'markov' GROUP BY 1, 2
  UNION ALL SELECT n, value, coalesce((SELECT count(*) FROM oracle.path p WHERE p.n = e.n AND p.value = e.value), 0), (SELECT count(DISTINCT id) FROM oracle.path p WHERE p.n = e.n) * effect / sum(effect) OVER (PARTITION BY n) FROM oracle.effect e
  UNION ALL SELECT DISTINCT n, from_key, 0, 0::float8 FROM oracle.hop h WHERE from_key <> '(start)' AND NOT EXISTS (SELECT FROM oracle.path p WHERE p.n = h.n)
  UNION ALL SELECT n, '(none)', 0, count(*) FROM oracle.gain g WHERE NOT EXISTS (SELECT FROM oracle.path p WHERE (p.n, p.id) = (g.n, g.id)) GROUP BY 1) c
JOIN (SELECT k.n, (SELECT count(*) FROM oracle.gain g WHERE g.n = k.n)::float8 AS total FROM oracle.credit_case k) w USING (n);
SELECT oracle.holds(format('credit of every kind: %s rows of %s questions, %s chains', count(*), count(DISTINCT n), (SELECT count(DISTINCT n) FROM oracle.effect)),
  count(DISTINCT n) > 10 AND (SELECT count(DISTINCT n) FROM oracle.effect) > 0 AND count(*) FILTER (WHERE touches > 1 AND conversions <> round(conversions)) > 5) FROM oracle.credit;
SELECT format('SELECT k.n, r.* FROM oracle.credit_case k, %s WITH ORDINALITY r(key, touches, conversions, percent, place)', :'question') AS credited \gset
CREATE TABLE oracle.credited AS :credited ;
SELECT 'SELECT n || '' '' || key, ARRAY[touches, conversions, percent] FROM ' AS numbers \gset
-- Credit is counted in parts of 2^-80; one less a chance that hardly differs from another loses digits here.
SELECT oracle.near('attribution of models, keys, journeys, ranges and creators', :'numbers' || 'oracle.credited', 'SELECT n || '' '' || value, ARRAY[c.touches, c.conversions, percent], CASE model WHEN ''markov'' THEN 1e-3 ELSE 1e-5 END FROM oracle.credit c JOIN oracle.credit_case USING (n)');
SELECT oracle.same('conversions add up to those of the range', $$SELECT k.n, abs(coalesce(sum(c.conversions), 0) - (SELECT count(*) FROM oracle.gain g WHERE g.n = k.n)) <= 4e-16 * count(c.n) * coalesce(sum(c.conversions), 0) FROM oracle.credit_case k LEFT JOIN oracle.credited c USING (n) GROUP BY 1$$, 'SELECT n, true FROM oracle.credit_case');
SELECT oracle.holds('most credit first, then by key, and what has none last', count(*) = 0) FROM (SELECT c.*, lag(key) OVER w AS before, lag(conversions) OVER w AS more FROM oracle.credited c WINDOW w AS (PARTITION BY n ORDER BY place)) o
WHERE before = '(none)' OR key <> '(none)' AND (more < conversions - 2e-9 OR abs(more - conversions) < 1e-10 AND before COLLATE "C" >= key COLLATE "C");
SET LOCAL work_mem = '64kB';
SELECT oracle.near('the same in little memory', :'numbers' || format('(%s) q', :'credited'), 'SELECT n || '' '' || key, ARRAY[touches, conversions, percent], 0 FROM oracle.credited');
RESET work_mem;

-- Paths by themselves: these of a case, as a document.
SELECT oracle.near('path_attribution of the same journeys', $$SELECT k.n || ' ' || r.key, ARRAY[r.conversions, r.removal_effect] FROM oracle.credit_case k, path_attribution((
    SELECT jsonb_agg(jsonb_build_object('path', path, 'conversions', 1)) FROM (SELECT jsonb_agg(value ORDER BY place) AS path FROM oracle.path p WHERE p.n = k.n GROUP BY p.id) d), k.model) r WHERE k.model NOT IN ('time_decay', 'markov') AND EXISTS (SELECT FROM oracle.path p WHERE p.n = k.n)$$,
  $$SELECT n || ' ' || value, ARRAY[conversions, NULL], 0 FROM oracle.credit JOIN oracle.credit_case USING (n) WHERE model <> 'time_decay' AND model <> 'markov' AND value <> '(none)'$$);
SELECT oracle.near('attribution_weights of each journey', $$SELECT n || ' ' || id || ' ' || o, ARRAY[w] FROM (SELECT k.n, p.id, attribution_weights(k.model, array_agg(p.at ORDER BY p.place), max(g.at), k.half_life) AS weights FROM oracle.credit_case k JOIN oracle.path p USING (n) JOIN oracle.gain g USING (n, id) WHERE k.model NOT IN ('shapley', 'markov') GROUP BY k.n, k.model, k.half_life, p.id) q, unnest(weights) WITH ORDINALITY u(w, o)$$,
  $$SELECT n || ' ' || id || ' ' || row_number() OVER (PARTITION BY n, id ORDER BY place), ARRAY[part], 0 FROM oracle.share JOIN oracle.credit_case USING (n) WHERE model NOT IN ('shapley', 'markov')$$);
ROLLBACK;
