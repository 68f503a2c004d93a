-- Cohorts: rules of random conditions and shape, their members, their numbers, and which of them somebody is in.
-- ---------------------------------------------------------------------------------------------------
-- Profiles of viewers with events, of sessions' users, and of people who never did anything.
CREATE TABLE oracle.profile_before AS SELECT user_id FROM explore_viewers;
INSERT INTO explore_viewers (user_id, birth_year, gender, country, city, language)
SELECT u, CASE WHEN u % 7 > 0 THEN 1950 + u % 60 END, (ARRAY['female', 'male', NULL])[1 + u % 3], (ARRAY['AE', 'SA', 'GB', 'IN', NULL])[1 + u % 5], CASE WHEN u % 2 = 0 THEN 'Dubai' END, (ARRAY['en', 'ar'])[1 + u % 11 / 10]
FROM (SELECT viewer FROM oracle.event WHERE viewer > 0 AND viewer % 3 > 0 UNION SELECT user_id FROM explore_feed_sessions WHERE user_id % 5 = 0 UNION SELECT generate_series(900000, 900400)) v(u) ON CONFLICT DO NOTHING;

-- since: when "within" begins, in a rule "@n". A condition is true of the viewers in oracle.meets.
CREATE TABLE oracle.condition (n int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, rule jsonb, kind text, content bigint, creator bigint, at_least int, since timestamptz, about text);
INSERT INTO oracle.condition (kind, content, creator, at_least, since)
SELECT kind, content, creator, at_least, since FROM unnest(ARRAY['view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress']) kind,
  (VALUES (NULL::bigint, NULL::bigint), (1, NULL), (2, NULL), (3, NULL), (600, NULL), (5003, NULL), (4242, NULL), (NULL, 1), (NULL, 2), (NULL, 55), (NULL, 9007199254740993), (NULL, 999)) s(content, creator),
  unnest(ARRAY[1, 2, 3, 12]) at_least, unnest(ARRAY[NULL, '2025-10-05 12:00+00', '2025-11-01 00:00+00', '2025-11-15 00:00:00.000001+00', '2031-01-01 00:00+00', '2025-11-20 00:00+00']::timestamptz[]) since
WHERE since IS NULL OR since < now();
INSERT INTO oracle.condition (rule, about) VALUES
  ('{"attribute": "country", "is": "AE"}', $$country = 'AE'$$), ('{"attribute": "country", "is": ["SA", "GB", "XX", "SA"]}', $$country IN ('SA', 'GB', 'XX')$$), ('{"attribute": "gender", "is": "female"}', $$gender = 'female'$$),
  ('{"attribute": "city", "is": "dubai"}', 'false'), ('{"attribute": "city", "is": "Dubai"}', $$city = 'Dubai'$$), ('{"attribute": "region", "is": "Dubai"}', $$region = 'Dubai'$$), ('{"attribute": "language", "is": ["ar"]}', $$language = 'ar'$$),
  ('{"attribute": "birthYear", "from": 1980, "to": 1990}', 'birth_year BETWEEN 1980 AND 1990'), ('{"attribute": "birth_year", "to": 1961}', 'birth_year <= 1961'), ('{"attribute": "birthYear", "from": 2009.0}', 'birth_year >= 2009'), ('{"attribute": "birthYear", "from": -9223372036854775808}', 'birth_year IS NOT NULL');
UPDATE oracle.condition SET rule = jsonb_strip_nulls(jsonb_build_object('did', kind, 'content', CASE WHEN n % 2 = 0 THEN to_jsonb(content) ELSE to_jsonb(content::text) END, 'creator', CASE WHEN n % 3 = 0 THEN to_jsonb(creator) ELSE to_jsonb(creator::text) END,
  CASE WHEN n % 5 = 0 THEN 'at_least' ELSE 'atLeast' END, CASE WHEN at_least > 1 OR n % 4 = 0 THEN at_least END, 'within', CASE WHEN since IS NOT NULL THEN '@' || n END)) WHERE kind IS NOT NULL;
CREATE TABLE oracle.meets (n int, viewer bigint, PRIMARY KEY (n, viewer));
INSERT INTO oracle.meets
SELECT c.n, e.viewer FROM oracle.condition c JOIN oracle.event e ON e.kind = c.kind AND e.viewer IS NOT NULL AND (c.content IS NULL OR e.content_id = c.content AND e.creator_id IS NOT NULL) AND (c.creator IS NULL OR e.creator_id = c.creator) AND (c.since IS NULL OR e.at >= c.since)
GROUP BY 1, 2, c.at_least HAVING count(*) >= c.at_least;
DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT * FROM oracle.condition WHERE about IS NOT NULL LOOP
    EXECUTE format('INSERT INTO oracle.meets SELECT %s, user_id FROM explore_viewers WHERE %s', c.n, c.about);
  END LOOP;
END $$;
ANALYZE oracle.meets;
SELECT oracle.holds('conditions met by some, by many, and by nobody', count(*) FILTER (WHERE met = 0) > 50 AND count(*) FILTER (WHERE met BETWEEN 1 AND 20) > 50 AND count(*) FILTER (WHERE met > 500) > 5)
FROM (SELECT c.n, count(m.viewer) AS met FROM oracle.condition c LEFT JOIN oracle.meets m USING (n) GROUP BY 1) x;

-- Rules, and what they mean for k.viewer. Those of conditions that few meet would all be empty.
CREATE TABLE oracle.rule (name text PRIMARY KEY, rule jsonb, means text, used int[]);
CREATE FUNCTION oracle.draw_rule(levels int) RETURNS oracle.rule LANGUAGE plpgsql AS $$
DECLARE
  kind float8 := random();
  part oracle.rule;
  parts jsonb := '[]';
  means text[] := '{}';
  result oracle.rule;
BEGIN
  result.used := '{}';
  IF levels = 0 OR kind < 0.15 THEN
    SELECT c.rule, format('EXISTS (SELECT FROM oracle.meets m WHERE m.n = %s AND m.viewer = k.viewer)', c.n), ARRAY[c.n] INTO result.rule, result.means, result.used
    FROM oracle.condition c WHERE (SELECT count(*) FROM oracle.meets m WHERE m.n = c.n) > CASE WHEN random() < 0.8 THEN 20 ELSE -1 END ORDER BY random() LIMIT 1;
  ELSIF kind < 0.35 THEN
    part := oracle.draw_rule(levels - 1);
    result.rule := jsonb_build_object('not', part.rule);
    result.means := '(NOT ' || part.means || ')';
    result.used := part.used;
  ELSE
    FOR i IN 0 .. floor(3 * random())::int LOOP
      part := oracle.draw_rule(levels - 1);
      parts := parts || part.rule;
      means := means || part.means;
      result.used := result.used || part.used;
    END LOOP;
    result.rule := jsonb_build_object(CASE WHEN kind < 0.6 THEN 'all' ELSE 'any' END, parts);
    result.means := '(' || array_to_string(means, CASE WHEN kind < 0.6 THEN ' AND ' ELSE ' OR ' END) || ')';
  END IF;
  RETURN result;
END $$;
SELECT setseed(0.2718) \g /dev/null
INSERT INTO oracle.rule SELECT 'random ' || g, (r).rule, (r).means, (r).used FROM (SELECT g, oracle.draw_rule(g % 4) AS r FROM generate_series(1, 160 / :every) g) x;
INSERT INTO oracle.rule SELECT 'condition ' || n, rule, format('EXISTS (SELECT FROM oracle.meets m WHERE m.n = %s AND m.viewer = k.viewer)', n), ARRAY[n] FROM oracle.condition WHERE n % (11 * :every) = 0 OR about IS NOT NULL OR kind = 'view' AND content IS NULL AND creator IS NULL;
INSERT INTO oracle.rule SELECT 'not ' || n, jsonb_build_object('not', rule), format('NOT EXISTS (SELECT FROM oracle.meets m WHERE m.n = %s AND m.viewer = k.viewer)', n), ARRAY[n] FROM oracle.condition WHERE n % (61 * :every) = 0;
-- What cannot be said once raw events are gone.
CREATE TABLE oracle.horizon AS SELECT coalesce((SELECT max(range_end) FROM explore_analytics.dropped_partitions), '-infinity') AS at;
ALTER TABLE oracle.rule ADD lost boolean, ADD members bigint[];
UPDATE oracle.rule r SET lost = EXISTS (SELECT FROM oracle.condition c, oracle.horizon h WHERE c.n = ANY (r.used) AND c.kind <> 'view' AND coalesce(c.since, '-infinity') < h.at);
DO $$
DECLARE
  r oracle.rule;
BEGIN
  FOR r IN SELECT * FROM oracle.rule LOOP
    EXECUTE format('UPDATE oracle.rule SET members = ARRAY(SELECT k.viewer FROM (SELECT viewer FROM oracle.event WHERE is_view AND viewer IS NOT NULL UNION SELECT viewer FROM oracle.meets WHERE n = ANY (%L)) k WHERE %s ORDER BY 1) WHERE name = %L', r.used, r.means, r.name);
  END LOOP;
END $$;
SELECT oracle.holds('rules of nobody, of few and of very many', count(*) FILTER (WHERE members = '{}') > 5 AND count(*) FILTER (WHERE cardinality(members) BETWEEN 1 AND 100) > 10 AND count(*) FILTER (WHERE cardinality(members) > 2000) > 10) FROM oracle.rule;

CREATE FUNCTION oracle.members(name text) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
  RETURN ARRAY(SELECT viewer_keys(cohort(name)));
EXCEPTION WHEN object_not_in_prerequisite_state THEN
  RETURN NULL;
END $$;
-- One now() for all of it, so that "within" begins to the microsecond where it should.
BEGIN;
DO $$
DECLARE
  r oracle.rule;
  c record;
  asked text;
BEGIN
  FOR r IN SELECT * FROM oracle.rule LOOP
    asked := r.rule::text;
    FOR c IN SELECT * FROM oracle.condition WHERE n = ANY (r.used) AND since IS NOT NULL LOOP
      asked := replace(asked, '"@' || c.n || '"', '"' || ((extract(epoch FROM now()) - extract(epoch FROM c.since)) * 1000000)::bigint || ' microseconds"');
    END LOOP;
    PERFORM define_cohort(r.name, asked::jsonb);
  END LOOP;
END $$;
CREATE TABLE oracle.cohort_answer AS SELECT r.name, oracle.members(r.name) AS members FROM oracle.rule r;
SELECT oracle.same('cohort: members of random rules, and those that can no longer be told', 'TABLE oracle.cohort_answer', 'SELECT name, CASE WHEN NOT lost THEN members END FROM oracle.rule');
SELECT oracle.holds('cohort: ' || count(*) FILTER (WHERE lost) || ' cannot be told', CASE WHEN (SELECT at FROM oracle.horizon) = '-infinity' THEN NOT bool_or(lost) ELSE count(*) FILTER (WHERE lost) > 20 AND count(*) FILTER (WHERE NOT lost AND members <> '{}') > 10 END) FROM oracle.rule;
-- With hardly any memory viewers are counted in many rounds.
SET LOCAL work_mem = '64kB';
SELECT oracle.same('cohort: the same in 64 kB', 'SELECT name, oracle.members(name) FROM oracle.rule', 'TABLE oracle.cohort_answer');
RESET work_mem;

CREATE TABLE oracle.cohort_case AS
SELECT r.name, g.name AS range, g.s, g.e, (g.s = g.e) IS NOT TRUE AND coalesce(g.s, '-infinity') < h.at AS lost
FROM (SELECT *, row_number() OVER (ORDER BY md5(name)) AS place FROM oracle.rule WHERE NOT lost) r, oracle.range g, oracle.horizon h WHERE r.place <= 30;
SELECT oracle.same('cohort_metrics: which ranges can be told', $$SELECT name, range, split_part(oracle.state_of(format('SELECT FROM cohort_metrics(%L, %L, %L)', name, s, e)), ' ', 1) FROM oracle.cohort_case$$,
  $$SELECT name, range, CASE WHEN lost THEN '55000' ELSE 'answered' END FROM oracle.cohort_case$$);
CREATE TABLE oracle.cohort_event AS
SELECT k.name, k.range, e.* FROM oracle.cohort_case k JOIN oracle.rule r USING (name) CROSS JOIN LATERAL unnest(r.members) m(viewer) JOIN oracle.event e USING (viewer) WHERE NOT k.lost AND (k.s IS NULL OR e.at >= k.s) AND (k.e IS NULL OR e.at < k.e);
SELECT oracle.holds('cohort_metrics: ' || count(*) || ' events of members', count(*) > 1000 / :every) FROM oracle.cohort_event;
SELECT oracle.same('cohort_metrics', $$SELECT k.name, k.range, a.* FROM oracle.cohort_case k, cohort_metrics(k.name, k.s, k.e) a WHERE NOT k.lost$$,
  $$SELECT name, range, views, viewers, seconds, CASE WHEN views = 0 THEN 0 ELSE seconds / views END, oracle.rate(completions, views), completions, saves, shares, clicks, skips, oracle.rate(saves + shares + clicks, views), oracle.score(views, completions, saves, shares, clicks, skips)
    FROM (SELECT k.name, k.range, count(*) FILTER (WHERE is_view) AS views, count(DISTINCT viewer) FILTER (WHERE is_view) AS viewers, coalesce(sum(ms), 0)::float8 / 1000 AS seconds, count(*) FILTER (WHERE is_completion) AS completions,
            count(*) FILTER (WHERE kind = 'save') AS saves, count(*) FILTER (WHERE kind = 'share') AS shares, count(*) FILTER (WHERE kind = 'click') AS clicks, count(*) FILTER (WHERE kind = 'skip') AS skips
          FROM oracle.cohort_case k LEFT JOIN oracle.cohort_event e USING (name, range) WHERE NOT k.lost GROUP BY 1, 2) x$$);

-- What an export says, of users with sessions that were anonymous at times, and of others.
CREATE TABLE oracle.exported AS
SELECT u FROM (SELECT u FROM (SELECT DISTINCT f.user_id AS u FROM explore_feed_sessions f JOIN oracle.event e ON e.viewer = -f.id) x ORDER BY md5(u::text) LIMIT 25) a
UNION SELECT u FROM (SELECT DISTINCT viewer AS u FROM oracle.event WHERE viewer > 0 ORDER BY 1 LIMIT 15) b
-- Viewers with late events of months that are gone, refreshed or not.
UNION SELECT u FROM (SELECT DISTINCT e.user_id AS u, e.epoch <= s.low FROM explore_engagements e, oracle.horizon h, explore_analytics.rollup_state s WHERE e.created_at < h.at AND e.user_id IS NOT NULL AND e.engagement_type = 'view' ORDER BY 2, 1 LIMIT 60) c UNION VALUES (900001), (900002), (987654321), (9223372036854775807);
SELECT oracle.same('export_viewer: the cohorts of a viewer', $$SELECT u, explore_analytics.export_viewer(u) -> 'cohorts' FROM oracle.exported$$,
  $$SELECT u, coalesce((SELECT jsonb_agg(r.name ORDER BY r.name COLLATE "C") FROM oracle.rule r WHERE NOT lost AND members && array_append(ARRAY(SELECT -f.id FROM explore_feed_sessions f WHERE f.user_id = u), u)), '[]') FROM oracle.exported$$);
SELECT oracle.holds('export_viewer: ' || count(*) || ' memberships, some of anonymous sessions alone', count(*) > 100 / :every AND count(*) FILTER (WHERE NOT members @> ARRAY[u]) > 5) FROM oracle.exported, oracle.rule WHERE NOT lost AND members && array_append(ARRAY(SELECT -f.id FROM explore_feed_sessions f WHERE f.user_id = u), u);
ROLLBACK;

-- Rows of the running transaction, of now, a moment ago and tomorrow.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 800001, 'save', now()), (1, 800001, 'view', now() + interval '20 hours'), (1, 800002, 'save', now() - interval '1 hour'), (1, 800003, 'save', now() - interval '1 hour 0.000001 seconds'), (1, 800003, 'view', now() - interval '1 hour');
SELECT define_cohort('saved', '{"did": "save", "within": "1 hour"}'), define_cohort('viewed', '{"did": "view", "within": "1 hour"}'), define_cohort('viewed twice', '{"did": "view", "within": "1 hour", "atLeast": 2}') \g /dev/null
SELECT oracle.same('cohort now', $$SELECT c, ARRAY(SELECT k FROM viewer_keys(cohort(c)) k WHERE k BETWEEN 800001 AND 800003) FROM unnest(ARRAY['saved', 'viewed', 'viewed twice']) c$$, $$VALUES ('saved', '{800001,800002}'::bigint[]), ('viewed', '{800001,800003}'), ('viewed twice', '{}')$$);
ROLLBACK;
-- What comes after makes profiles of its own.
DELETE FROM explore_viewers v WHERE NOT EXISTS (SELECT FROM oracle.profile_before b WHERE b.user_id = v.user_id);
