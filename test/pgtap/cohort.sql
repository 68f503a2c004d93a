-- Cohorts: what a rule may be and what it means, whose a cohort is, and who may ask.
\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';
BEGIN;
SELECT no_plan();
CREATE ROLE ea_tap_c_owner;
CREATE ROLE ea_tap_c_one;
CREATE ROLE ea_tap_c_two;
CREATE ROLE ea_tap_c_sees;
CREATE ROLE ea_tap_c_reads;
CREATE ROLE ea_tap_c_friend IN ROLE ea_tap_c_one;
CALL explore_analytics.install('ea_tap_c_owner');
SELECT explore_analytics.grant_access(r, m) FROM (VALUES ('ea_tap_c_one'::name, 'define'), ('ea_tap_c_two', 'define'), ('ea_tap_c_sees', 'analyse'), ('ea_tap_c_reads', 'read')) g(r, m) \g /dev/null
INSERT INTO explore_content (id, creator_id) VALUES (1, 7), (2, 7), (3, 8);
INSERT INTO explore_viewers (user_id, country, gender, city, birth_year) VALUES (1, 'AE', 'f', 'Dubai', 1990), (2, 'AE', NULL, 'Straße', 1985), (3, 'SA', 'm', '', NULL), (9, 'AE', 'm', NULL, 2001);
-- 1 and 2 view, 2 twice; 3 only saves; 4 was only shown something; session 5 views as a visitor; nobody views.
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at) VALUES
  (1, 1, 6, 'view', now() - interval '3 days'), (1, 2, NULL, 'view', now() - interval '1 day'), (3, 2, NULL, 'view', now()), (1, 3, NULL, 'save', now()), (2, 4, NULL, 'impression', now()),
  (99, NULL, 5, 'view', now() - interval '40 days'), (3, NULL, NULL, 'view', now()), (3, NULL, NULL, 'save', now()), (99, 4, NULL, 'progress', now());

CREATE FUNCTION pg_temp.members(rule jsonb) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
  PERFORM define_cohort('tap', rule);
  RETURN ARRAY(SELECT viewer_keys(cohort('tap')));
END $$;
CREATE TEMP TABLE meaning (n int GENERATED ALWAYS AS IDENTITY, rule text, members bigint[]);
INSERT INTO meaning (rule, members) VALUES
  ('{"did": "view"}', '{-5,1,2}'), ('{"did": "view", "atLeast": 1}', '{-5,1,2}'), ('{"did": "view", "at_least": 2}', '{2}'), ('{"did": "view", "atLeast": 1000000000}', '{}'), ('{"did": "view", "atLeast": 2.0}', '{2}'), ('{"did": "view", "atLeast": 2e0}', '{2}'),
  ('{"did": "save"}', '{3}'), ('{"did": "impression"}', '{4}'), ('{"did": "progress"}', '{4}'), ('{"did": "share"}', '{}'), ('{"did": "complete"}', '{}'),
  ('{"did": "view", "content": 1}', '{1,2}'), ('{"did": "view", "content": "3"}', '{2}'), ('{"did": "view", "content": 99}', '{}'), ('{"did": "progress", "content": 99}', '{}'), ('{"did": "view", "content": 9223372036854775807}', '{}'),
  ('{"did": "view", "creator": 7}', '{1,2}'), ('{"did": "view", "creator": 7, "atLeast": 2}', '{}'), ('{"did": "impression", "creator": 7}', '{4}'), ('{"did": "view", "creator": 999}', '{}'), ('{"did": "save", "creator": "7.0"}', NULL),
  ('{"did": "view", "within": "2 days"}', '{2}'), ('{"did": "view", "within": "3 days"}', '{1,2}'), ('{"did": "view", "within": "2 days 23:59:59.999999"}', '{2}'), ('{"did": "view", "within": "P40D"}', '{-5,1,2}'), ('{"did": "view", "within": "1 month"}', '{1,2}'), ('{"did": "view", "within": "1 microsecond"}', '{2}'),
  ('{"did": "view", "within": "178000000 years"}', '{-5,1,2}'), ('{"did": "view", "within": "@ 2 days"}', '{2}'), ('{"did": "save", "within": "1 second"}', '{3}'),
  ('{"attribute": "country", "is": "AE"}', '{1,2,9}'), ('{"attribute": "country", "is": ["SA", "AE", "SA"]}', '{1,2,3,9}'), ('{"attribute": "country", "is": "ae"}', '{}'), ('{"attribute": "gender", "is": "m"}', '{3,9}'), ('{"attribute": "city", "is": "Straße"}', '{2}'), ('{"attribute": "city", "is": ""}', '{3}'),
  ('{"attribute": "region", "is": "x"}', '{}'), ('{"attribute": "language", "is": ["x", "y"]}', '{}'), ('{"attribute": "birthYear", "from": 1985, "to": 1990}', '{1,2}'), ('{"attribute": "birth_year", "from": 1990}', '{1,9}'), ('{"attribute": "birthYear", "to": 1985}', '{2}'), ('{"attribute": "birthYear", "from": 1990, "to": 1990}', '{1}'),
  -- Not: of everybody who has viewed, and whoever a condition holds for.
  ('{"not": {"did": "view"}}', '{}'), ('{"not": {"did": "save"}}', '{-5,1,2}'), ('{"not": {"not": {"did": "save"}}}', '{3}'), ('{"not": {"attribute": "country", "is": "AE"}}', '{-5}'), ('{"not": {"not": {"attribute": "country", "is": "AE"}}}', '{1,2,9}'),
  ('{"all": [{"did": "impression"}, {"not": {"did": "view"}}]}', '{4}'), ('{"all": [{"not": {"did": "view"}}, {"did": "impression"}]}', '{4}'), ('{"any": [{"did": "save"}, {"not": {"did": "view", "creator": 7}}]}', '{-5,3}'),
  ('{"not": {"all": [{"did": "view"}, {"did": "save"}]}}', '{-5,1,2,3}'), ('{"not": {"any": [{"did": "view"}, {"did": "save"}]}}', '{}'), ('{"any": [{"not": {"did": "view"}}, {"not": {"did": "save"}}]}', '{-5,1,2,3}'), ('{"all": [{"not": {"did": "view", "content": 3}}, {"not": {"did": "view", "content": 1}}]}', '{-5}'),
  ('{"all": [{"did": "view"}]}', '{-5,1,2}'), ('{"any": [{"did": "view"}]}', '{-5,1,2}'), ('{"all": [{"did": "view"}, {"attribute": "country", "is": "AE"}, {"attribute": "gender", "is": "f"}]}', '{1}'), ('{"any": [{"did": "save"}, {"did": "impression"}, {"attribute": "birthYear", "from": 2000}]}', '{3,4,9}'),
  ('{"all": [{"any": [{"did": "view", "content": 1}, {"did": "save"}]}, {"not": {"all": [{"did": "view", "atLeast": 2}, {"attribute": "country", "is": "AE"}]}}]}', '{1,3}');
SELECT is(pg_temp.members(rule::jsonb), members, rule) FROM meaning WHERE members IS NOT NULL ORDER BY n;
-- After a refresh the same, and where IntervalStyle would read signs otherwise.
CALL explore_analytics.install();
SELECT explore_analytics.rebuild() \g /dev/null
SET LOCAL intervalstyle = 'sql_standard';
SELECT is(pg_temp.members(rule::jsonb), members, 'from rollups: ' || rule) FROM meaning WHERE members IS NOT NULL ORDER BY n;
SELECT is(pg_temp.members('{"did": "view", "within": "-1 day +72:00"}'), '{2}', 'signs are those of each part');
RESET intervalstyle;
-- The same predicate, viewer by viewer.
CREATE FUNCTION pg_temp.exported(rule jsonb) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
  PERFORM define_cohort('tap', rule);
  RETURN ARRAY(SELECT u FROM generate_series(1, 12) u WHERE explore_analytics.export_viewer(u) -> 'cohorts' ? 'tap');
END $$;
SELECT is(pg_temp.exported(rule::jsonb), array_remove(members, -5), 'export_viewer: ' || rule) FROM meaning WHERE members IS NOT NULL ORDER BY n;
INSERT INTO explore_feed_sessions (id, user_id) VALUES (5, 12);
SELECT is(pg_temp.exported('{"did": "view", "within": "41 days"}'), '{1,2,12}', 'export_viewer: what a visitor did who is known by the session');
SELECT is(explore_analytics.forget_viewer(12), 1::bigint, 'who is forgotten ...');
SELECT is(pg_temp.members('{"did": "view"}'), '{1,2}', '... is in no cohort any more');

-- ---------------------------------------------------------------------------------------------------
-- What is no rule: the error, the place, a hint
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.refusal(query text, role name DEFAULT current_user, me text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
  hint text;
BEGIN
  PERFORM set_config('explore_analytics.user_id', me, true);
  PERFORM set_config('role', role, true);
  EXECUTE query;
  PERFORM set_config('role', 'none', true);
  RETURN 'fine';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(' ', SQLSTATE, nullif(detail, ''), SQLERRM) || CASE WHEN hint = '' THEN ' (no hint)' ELSE '' END;
END $$;
CREATE TEMP TABLE wrong (n int GENERATED ALWAYS AS IDENTITY, rule text, told text);
INSERT INTO wrong (rule, told) VALUES
  ('null', '22023 / a rule must be an object, not null'), ('true', '22023 / a rule must be an object, not true'), ('"did"', '22023 / a rule must be an object, not "did"'), ('1.5', '22023 / a rule must be an object, not 1.5'), ('[]', '22023 / a rule must be an object, not an array'),
  ('{}', '22023 / a rule must say what it asks for'), ('{"Did": "view"}', '22023 / a rule must say what it asks for'), ('{"content": 1}', '22023 / a rule must say what it asks for'),
  ('{"did": "view", "all": []}', '22023 / a rule has one of "all" and "did", not both'), ('{"all": [{"did": "view"}], "content": 3}', '22023 / key "content" is unknown beside "all"'),
  ('{"all": {"did": "view"}}', '22023 /all "all" must be an array, not an object'), ('{"any": "view"}', '22023 /any "any" must be an array, not "view"'), ('{"all": []}', '22023 /all "all" must have rules in it'), ('{"any": []}', '22023 /any "any" must have rules in it'), ('{"any": null}', '22023 /any "any" must be an array, not null'),
  ('{"all": [{"did": "view"}, 7]}', '22023 /all/1 a rule must be an object, not 7'), ('{"all": [[]]}', '22023 /all/0 a rule must be an object, not an array'), ('{"not": [{"did": "view"}]}', '22023 /not a rule must be an object, not an array'), ('{"not": null}', '22023 /not a rule must be an object, not null'),
  ('{"did": "viewed"}', '22023 /did "did" must be an engagement type, not "viewed"'), ('{"did": "View"}', '22023 /did "did" must be an engagement type, not "View"'), ('{"did": 1}', '22023 /did "did" must be an engagement type, not 1'), ('{"did": ["view"]}', '22023 /did "did" must be an engagement type, not an array'), ('{"did": ""}', '22023 /did "did" must be an engagement type, not ""'),
  ('{"did": "view", "content": 1, "creator": 7}', '22023 /creator "content" and "creator" must not both be given'), ('{"did": "view", "content": 0}', '22023 /content "content" must be an id, not 0'), ('{"did": "view", "content": -1}', '22023 /content "content" must be an id, not -1'), ('{"did": "view", "content": 1.5}', '22023 /content "content" must be an id, not 1.5'),
  ('{"did": "view", "content": "one"}', '22023 /content "content" must be an id, not "one"'), ('{"did": "view", "content": " 1"}', '22023 /content "content" must be an id, not " 1"'), ('{"did": "view", "creator": 9223372036854775808}', '22023 /creator "creator" must be an id, not 9223372036854775808'), ('{"did": "view", "content": null}', '22023 /content "content" must be an id, not null'), ('{"did": "view", "content": [1]}', '22023 /content "content" must be an id, not an array'),
  ('{"did": "view", "atLeast": 0}', '22023 /atLeast "atLeast" must be a number from 1 to 1000000000, not 0'), ('{"did": "view", "at_least": 1000000001}', '22023 /atLeast "atLeast" must be a number from 1 to 1000000000, not 1000000001'), ('{"did": "view", "atLeast": "2"}', '22023 /atLeast "atLeast" must be a number from 1 to 1000000000, not "2"'), ('{"did": "view", "atLeast": 1.5}', '22023 /atLeast "atLeast" must be a number from 1 to 1000000000, not 1.5'),
  ('{"did": "view", "atLeast": 1, "at_least": 1}', '22023 / "atLeast" and "at_least" are the same'), ('{"did": "view", "atleast": 1}', '22023 / key "atleast" is unknown beside "did"'), ('{"did": "view", "since": "2025-01-01"}', '22023 / key "since" is unknown beside "did"'),
  ('{"did": "view", "within": "soon"}', '22023 /within "within" must be an interval, not "soon"'), ('{"did": "view", "within": ""}', '22023 /within "within" must be an interval, not ""'), ('{"did": "view", "within": 7}', '22023 /within "within" must be an interval, not 7'), ('{"did": "view", "within": "0 days"}', '22023 /within "within" must be longer than nothing, not "0 days"'),
  ('{"did": "view", "within": "-7 days"}', '22023 /within "within" must be longer than nothing, not "-7 days"'), ('{"did": "view", "within": "999999999999 years"}', '22023 /within "within" must be an interval, not "999999999999 years"'), ('{"did": "view", "within": null}', '22023 /within "within" must be an interval, not null'),
  ('{"attribute": "age", "is": "x"}', '22023 /attribute "attribute" must be one of a viewer''s, not "age"'), ('{"attribute": "user_id", "is": "1"}', '22023 /attribute "attribute" must be one of a viewer''s, not "user_id"'), ('{"attribute": null, "is": "1"}', '22023 /attribute "attribute" must be one of a viewer''s, not null'), ('{"attribute": "city"}', '22023 / "city" needs "is"'), ('{"attribute": "city", "is": 1}', '22023 /is "is" must be a text, not 1'),
  ('{"attribute": "city", "is": null}', '22023 /is "is" must be a text, not null'), ('{"attribute": "city", "is": []}', '22023 /is "is" must have a text in it'), ('{"attribute": "city", "is": ["x", 2]}', '22023 /is/1 "is" must be a text, not 2'), ('{"attribute": "city", "is": {}}', '22023 /is "is" must be a text, not an object'), ('{"attribute": "city", "is": "x", "to": 1}', '22023 / "city" needs "is", and takes no "from" and "to"'),
  ('{"attribute": "birthYear"}', '22023 / "birthYear" needs "from" or "to"'), ('{"attribute": "birthYear", "is": 1990}', '22023 / "birthYear" needs "from" or "to", and takes no "is"'), ('{"attribute": "birthYear", "from": "1990"}', '22023 /from "from" must be a year, not "1990"'), ('{"attribute": "birthYear", "from": 1990.5}', '22023 /from "from" must be a year, not 1990.5'), ('{"attribute": "birthYear", "to": null}', '22023 /to "to" must be a year, not null'),
  ('{"attribute": "birthYear", "from": 1990, "to": 1989}', '22023 / "to" 1989 is before "from" 1990'), ('{"attribute": "city", "is": "x", "atLeast": 2}', '22023 / key "atLeast" is unknown beside "attribute"'), ('{"did": "view", "is": "x"}', '22023 / key "is" is unknown beside "did"'),
  ('{"not": {"any": [{"did": "view"}, {"all": [{"did": "save", "within": "x"}]}]}}', '22023 /not/any/1/all/0/within "within" must be an interval, not "x"'), ('{"did": "view", "\"\\": 1}', '22023 / key ""\" is unknown beside "did"'),
  ('{"did": "' || repeat('ä', 100) || '"}', '22023 /did "did" must be an engagement type, not "' || repeat('ä', 30) || '..."'), ('{"did": "view", "content": 1' || repeat('0', 500) || '}', '22023 /content "content" must be an id, not 1' || repeat('0', 59) || '...');
SELECT is(pg_temp.refusal(format('SELECT define_cohort(''wrong'', %L)', rule)), told, left(rule, 100)) FROM wrong ORDER BY n;
SELECT is_empty('SELECT FROM explore_analytics.cohorts WHERE name = ''wrong''', 'none of them was kept');

-- Limits
CREATE FUNCTION pg_temp.nested(depth int, inner_rule text DEFAULT '{"did": "view"}') RETURNS text LANGUAGE sql AS $$ SELECT repeat('{"not": ', depth - 1) || inner_rule || repeat('}', depth - 1) $$;
CREATE FUNCTION pg_temp.wide(rules int, part text DEFAULT '{"did": "save"}') RETURNS text LANGUAGE sql AS $$ SELECT '{"any": [' || array_to_string(array_fill(part, ARRAY[rules - 1]), ', ') || ']}' $$;
SELECT is(pg_temp.members(pg_temp.nested(31)::jsonb), '{1,2}', '31 deep');
SELECT is(pg_temp.members(pg_temp.nested(32)::jsonb), '{}', '32 deep');
SELECT is(pg_temp.refusal(format('SELECT define_cohort(''wrong'', %L)', pg_temp.nested(33))), '54000 ' || repeat('/not', 32) || ' a rule is at most 32 deep', '33 deep');
SELECT alike(pg_temp.refusal(format('SELECT define_cohort(''wrong'', %L)', pg_temp.nested(3000))), '54000 %', '3,000 deep');
SELECT is(pg_temp.members(pg_temp.wide(1000)::jsonb), '{3}', '1,000 rules');
SELECT is(pg_temp.refusal(format('SELECT define_cohort(''wrong'', %L)', pg_temp.wide(1001))), '54000 /any/999 a rule has at most 1000 rules and values in it', '1,001 rules');
SELECT is(pg_temp.members(jsonb_build_object('attribute', 'country', 'is', to_jsonb(ARRAY(SELECT 'c' || n FROM generate_series(1, 998) n) || '{AE}'))), '{1,2,9}', '999 values');
SELECT is(pg_temp.refusal(format('SELECT define_cohort(''wrong'', %L)', jsonb_build_object('attribute', 'country', 'is', to_jsonb(ARRAY(SELECT 'c' || n FROM generate_series(1, 1000) n))))), '54000 /is/999 a rule has at most 1000 rules and values in it', '1,000 values');
SELECT alike(pg_temp.refusal(format('SELECT define_cohort(''wrong'', %L)', jsonb_build_object('attribute', 'city', 'is', repeat('x', 70000)))), '54000 a rule has at most 65536 bytes, not 70%', 'more than 64 kB');
SELECT is(pg_temp.members(jsonb_build_object('attribute', 'city', 'is', repeat('x', 65000))), '{}', 'not quite 64 kB');

-- Names
SELECT is(pg_temp.refusal($$SELECT define_cohort(NULL, '{"did": "view"}')$$), '22004 name must not be null', 'define_cohort: NULL');
SELECT is(pg_temp.refusal('SELECT cohort(NULL)'), '22004 name must not be null', 'cohort: NULL');
SELECT is(pg_temp.refusal('SELECT * FROM cohort_metrics(NULL)'), '22004 name must not be null', 'cohort_metrics: NULL');
SELECT is(pg_temp.refusal($$SELECT define_cohort('', '{"did": "view"}')$$), '22023 name must not be empty', 'an empty name');
SELECT is(pg_temp.refusal($$SELECT define_cohort(repeat('é', 64), '{"did": "view"}')$$), '22023 name "' || repeat('é', 30) || '" is too long', '64 characters');
SELECT is(pg_temp.refusal($$SELECT define_cohort(repeat('é', 63), '{"did": "view"}')$$), 'fine', '63 characters, whatever bytes an encoding makes of them');
SELECT is((SELECT cardinality(cohort(repeat('é', 63)))), 2::bigint, 'which are found again');
SELECT is(pg_temp.refusal($$SELECT define_cohort(E' "\\''; \n', '{"did": "view"}')$$), 'fine', 'any characters');
SELECT is((SELECT cardinality(cohort(E' "\\''; \n'))), 2::bigint, 'which find it again');
SELECT is(pg_temp.refusal($$SELECT cohort('no such')$$), '42704 cohort "no such" does not exist', 'no such cohort');
SELECT is(pg_temp.refusal($$SELECT * FROM cohort_metrics('no such')$$), '42704 cohort "no such" does not exist', 'nor numbers of it');
SELECT is(pg_temp.refusal($$SELECT define_cohort('no such', NULL)$$), '42704 cohort "no such" does not exist', 'nor can it be removed');

-- ---------------------------------------------------------------------------------------------------
-- Numbers
-- ---------------------------------------------------------------------------------------------------
SELECT define_cohort('all', '{"any": [{"did": "view"}, {"did": "save"}, {"did": "impression"}]}') \g /dev/null
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed) VALUES (1, 1, 'view', 1500, true), (1, 1, 'share', 0, true), (1, 3, 'click', 250, false), (1, 3, 'skip', 0, false), (1, 8, 'click', 0, false);
SELECT results_eq($$SELECT * FROM cohort_metrics('all')$$, $$VALUES (4::bigint, 2::bigint, 1.75::float8, 0.4375::float8, 25::float8, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint, 75::float8, 20::float8)$$, 'cohort_metrics: all time, all members, nobody else');
SELECT results_eq($$SELECT total_views, unique_viewers, saves FROM cohort_metrics('all', now() - interval '1 day', now())$$, 'VALUES (1::bigint, 1::bigint, 0::bigint)', 'a range is half open');
SELECT results_eq($$SELECT total_views, unique_viewers, total_watch_time, completion_rate, average_engagement_score FROM cohort_metrics('all', '2031-01-01', '2031-01-01')$$, 'VALUES (0::bigint, 0::bigint, 0::float8, 0::float8, 0::float8)', 'an empty range');
SELECT results_eq($$SELECT * FROM cohort_metrics('all', NULL, NULL)$$, $$SELECT * FROM cohort_metrics('all')$$, 'NULL bounds are open');
SELECT is(pg_temp.refusal($$SELECT * FROM cohort_metrics('all', '2025-02-01', '2025-01-01')$$), '22023 end_date 2025-01-01 00:00:00+00 is before start_date 2025-02-01 00:00:00+00', 'end before start');
SELECT is(pg_temp.refusal($$SELECT * FROM cohort_metrics('all', '-infinity')$$), '22008 a range cannot end at infinity', 'an infinite bound');
SELECT results_eq($$SELECT n.* FROM (VALUES ('all'), ('tap')) c(name), cohort_metrics(c.name) n$$, $$SELECT * FROM cohort_metrics('all') UNION ALL SELECT * FROM cohort_metrics('tap')$$, 'of several in one query');
SELECT ok(cohort('all') @> cohort('tap') AND cardinality(cohort('all') & viewers(platform_summary())) = 2, 'members are a set like any other');

-- ---------------------------------------------------------------------------------------------------
-- Whose it is
-- ---------------------------------------------------------------------------------------------------
SELECT is(pg_temp.refusal($$SELECT define_cohort('of one', '{"did": "view"}')$$, 'ea_tap_c_one'), 'fine', 'who may define, defines');
SELECT results_eq($$SELECT name, owner::text COLLATE "default", rule, defined_at FROM explore_analytics.cohorts WHERE name = 'of one'$$, $$VALUES ('of one', 'ea_tap_c_one', '{"did": "view"}'::jsonb, now())$$, 'and owns it');
SELECT is(pg_temp.refusal(query, role), 'fine', role || ' may: ' || query)
FROM unnest(ARRAY['ea_tap_c_one', 'ea_tap_c_friend', 'ea_tap_c_owner', session_user]::name[]) role, unnest(ARRAY[$$SELECT cohort('of one')$$, $$SELECT * FROM cohort_metrics('of one')$$, $$SELECT define_cohort('of one', '{"did": "save"}')$$]) query;
SELECT is((SELECT owner FROM explore_analytics.cohorts WHERE name = 'of one'), 'ea_tap_c_one', 'it stays its owner''s, whoever changes it');
SELECT is((SELECT rule FROM explore_analytics.cohorts WHERE name = 'of one'), '{"did": "save"}', 'and is another now');
SELECT is(pg_temp.refusal(format(query, name), 'ea_tap_c_two'), format('42501 permission denied for cohort "%s"', name), 'somebody else: ' || format(query, name))
FROM unnest(ARRAY['of one', 'tap']) name, unnest(ARRAY['SELECT cohort(%L)', 'SELECT * FROM cohort_metrics(%L)', 'SELECT define_cohort(%L, ''{"did": "view"}'')', 'SELECT define_cohort(%L, NULL)']) query;
SELECT is(pg_temp.refusal(format(query, 'nobody''s'), 'ea_tap_c_two'), '42501 permission denied for cohort "nobody''s"', 'the same words where there is none: ' || query) FROM unnest(ARRAY['SELECT cohort(%L)', 'SELECT * FROM cohort_metrics(%L)', 'SELECT define_cohort(%L, NULL)']) query;
SELECT is(pg_temp.refusal($$SELECT define_cohort('of one', NULL)$$, 'ea_tap_c_one'), 'fine', 'the owner removes it');
SELECT is(pg_temp.refusal($$SELECT define_cohort('of one', '{"did": "view"}')$$, 'ea_tap_c_two'), 'fine', 'whose name is free then');
SELECT is(pg_temp.refusal($$SELECT cohort('of one')$$, 'ea_tap_c_one'), '42501 permission denied for cohort "of one"', 'and somebody else''s');
-- Who sees one creator, or has no grant.
GRANT EXECUTE ON FUNCTION define_cohort, cohort, cohort_metrics TO ea_tap_c_reads, ea_tap_c_sees;
SELECT is(pg_temp.refusal(query, 'ea_tap_c_reads', me), '42501 permission denied for cohorts', format('held to an identity (%s): %s', me, query))
FROM unnest(ARRAY['', '7']) me, unnest(ARRAY[$$SELECT cohort('tap')$$, $$SELECT cohort('nobody''s')$$, $$SELECT cohort(NULL)$$, $$SELECT * FROM cohort_metrics('tap')$$, $$SELECT define_cohort('mine', '{"did": "view"}')$$, $$SELECT define_cohort('mine', '7')$$]) query;
SELECT is(pg_temp.refusal($$SELECT define_cohort('of sees', '{"did": "view"}')$$, 'ea_tap_c_sees'), 'fine', 'who sees everything and has the grant of the functions alone');
REVOKE EXECUTE ON FUNCTION define_cohort, cohort, cohort_metrics FROM ea_tap_c_sees;
SELECT alike(pg_temp.refusal($$SELECT cohort('of sees')$$, 'ea_tap_c_sees'), '42501 permission denied for function cohort%', 'an analyst without it');
-- A role that is gone.
SELECT define_cohort('left behind', '{"did": "view"}') \g /dev/null
UPDATE explore_analytics.cohorts SET owner = 'ea_tap_c_gone' WHERE name = 'left behind';
SELECT is(pg_temp.refusal($$SELECT cohort('left behind')$$, 'ea_tap_c_one'), '42501 permission denied for cohort "left behind"', 'of a role that is gone: nobody''s');
SELECT is(pg_temp.refusal($$SELECT cohort('left behind')$$, 'ea_tap_c_owner'), 'fine', 'but the owner''s of the tables');

-- ---------------------------------------------------------------------------------------------------
-- Untyped parameters, plans that are kept, tables made anew
-- ---------------------------------------------------------------------------------------------------
PREPARE define AS SELECT define_cohort($1, $2);
EXECUTE define('prepared', '{"did": "save"}') \g /dev/null
PREPARE ask AS SELECT ARRAY(SELECT viewer_keys(cohort($1)));
CREATE TEMP TABLE asked AS EXECUTE ask('prepared');
SELECT is((SELECT array_agg FROM asked AS a(array_agg)), '{3}', 'parameters without types');
EXECUTE define('prepared', NULL) \g /dev/null
SELECT is((SELECT count(*) FROM explore_analytics.cohorts WHERE name = 'prepared'), 0::bigint, 'NULL removes');
SELECT is((SELECT provolatile FROM pg_proc WHERE proname = 'cohort'), 's', 'cohort is stable');
CREATE TEMP TABLE before AS SELECT * FROM explore_analytics.cohorts;
CALL explore_analytics.uninstall();
SELECT bag_eq('TABLE explore_cohorts', 'TABLE before', 'uninstall() keeps the rules');
CALL explore_analytics.install('ea_tap_c_owner');
SELECT bag_eq('TABLE explore_analytics.cohorts', 'TABLE before', 'install() takes them back');
SELECT is(pg_temp.members('{"did": "save"}'), '{3}', 'and they can be asked');
DROP TABLE explore_analytics.cohorts;
SELECT is(pg_temp.refusal($$SELECT cohort('tap')$$), '55000 table explore_analytics.cohorts does not exist', 'without the table');
SELECT is(explore_analytics.export_viewer(1) -> 'cohorts', '[]', 'an export says what there is');
CALL explore_analytics.install();
SELECT is(pg_temp.members('{"did": "save"}'), '{3}', 'install() makes it anew');
SELECT throws_ok($$INSERT INTO explore_analytics.cohorts (name, owner, rule) VALUES ('', 'x', '{}')$$, '23514', NULL, 'the table holds names alone');
SELECT lives_ok($$INSERT INTO explore_analytics.cohorts (name, owner, rule) VALUES (repeat('é', 40), 'x', '{"did": "view"}')$$, 'of any length in bytes, as a dump of another encoding may have them');
-- A rule that was put there by other means.
UPDATE explore_analytics.cohorts SET rule = '{"did": "nothing"}';
SELECT is(pg_temp.refusal($$SELECT cohort('tap')$$), '22023 /did "did" must be an engagement type, not "nothing"', 'a rule that somebody wrote into the table');
DELETE FROM explore_analytics.cohorts;
SELECT define_cohort('good', '{"did": "view"}'), define_cohort('years', '{"attribute": "birthYear", "from": 1985}') \g /dev/null
INSERT INTO explore_analytics.cohorts (name, owner, rule) VALUES ('bad', 'x', '{"did": "nothing"}'), ('deep', 'x', pg_temp.nested(40)::jsonb), ('large', 'x', pg_temp.wide(1001)::jsonb);
SET LOCAL client_min_messages = error;
SELECT is(explore_analytics.export_viewer(1) -> 'cohorts', '["good", "years"]', 'an export leaves out what is no rule, and goes on');
RESET client_min_messages;
SET LOCAL client_min_messages = warning;
DELETE FROM explore_analytics.cohorts WHERE name NOT IN ('years');
SELECT is(explore_analytics.export_viewer(1) -> 'cohorts', '["years"]', 'by attributes alone');
SELECT is(explore_analytics.export_viewer(3) -> 'cohorts', '[]', 'nor is somebody else in it');

-- ---------------------------------------------------------------------------------------------------
-- Many viewers, many conditions, little memory
-- ---------------------------------------------------------------------------------------------------
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1 + g % 3, 1000 + (g::bigint * 7919) % 1000003, (ARRAY['view', 'save'])[1 + g % 2]::engagement_type, now() - g * interval '1 second' FROM generate_series(1, 200000) g;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1, 1000 + (g::bigint * 7919) % 1000003, 'save', now() - interval '1 day' FROM generate_series(1, 200000, 5) g;
CREATE FUNCTION pg_temp.many(kind text, at_least int) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_agg(jsonb_build_object('did', kind, 'atLeast', at_least, 'within', format('%s seconds', 150000 - 1000 * n))) FROM generate_series(1, 60) n $$;
SELECT define_cohort('viewed', jsonb_build_object('any', pg_temp.many('view', 1))), define_cohort('saved', jsonb_build_object('all', pg_temp.many('save', 1))), define_cohort('twice', jsonb_build_object('any', pg_temp.many('save', 2))),
  define_cohort('all of it', jsonb_build_object('not', jsonb_build_object('any', pg_temp.many('view', 1) || pg_temp.many('save', 1) || pg_temp.many('save', 2)))),
  define_cohort('nobody', '{"attribute": "city", "is": "Nowhere"}') \g /dev/null
CREATE TEMP TABLE did AS SELECT user_id, engagement_type::text AS kind, created_at FROM explore_engagements WHERE user_id IS NOT NULL;
CREATE TEMP TABLE many_members AS
SELECT 'viewed' AS name, array_agg(DISTINCT user_id ORDER BY user_id) AS members FROM did WHERE kind = 'view' AND created_at >= now() - interval '149000 seconds'
UNION ALL SELECT 'saved', array_agg(DISTINCT user_id ORDER BY user_id) FROM did WHERE kind = 'save' AND created_at >= now() - interval '90000 seconds'
UNION ALL SELECT 'twice', array_agg(user_id ORDER BY user_id) FROM (SELECT user_id FROM did WHERE kind = 'save' AND created_at >= now() - interval '149000 seconds' GROUP BY 1 HAVING count(*) >= 2) x
UNION ALL SELECT 'all of it', array_agg(DISTINCT user_id ORDER BY user_id) FROM did d WHERE NOT EXISTS (SELECT FROM did o WHERE o.user_id = d.user_id AND o.kind IN ('view', 'save') AND o.created_at >= now() - interval '149000 seconds') AND d.kind = 'view';
SELECT cmp_ok(min(cardinality(members)), '>', 10000, 'sets that no 64 kB hold') FROM many_members;
SET LOCAL work_mem = '64kB';
SELECT is(md5(ARRAY(SELECT viewer_keys(cohort(name)))::text), md5(members::text), 'in 64 kB: ' || name) FROM many_members;
SET LOCAL work_mem = '64MB';
SELECT is(md5(ARRAY(SELECT viewer_keys(cohort(name)))::text), md5(members::text), 'in 64 MB: ' || name) FROM many_members;
CREATE FUNCTION pg_temp.blocks(query text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
  RETURN (plan #>> '{0,Plan,Shared Hit Blocks}')::int + (plan #>> '{0,Plan,Shared Read Blocks}')::int;
END $$;
SELECT cmp_ok(pg_temp.blocks($$SELECT FROM cohort_metrics('viewed')$$), '>', 1000, 'numbers of somebody take a look at the events');
SELECT cmp_ok(pg_temp.blocks($$SELECT FROM cohort_metrics('nobody')$$), '<', 200, 'those of nobody do not');
-- Cancelled while what is in temporary files is counted.
SET LOCAL work_mem = '64kB';
CREATE FUNCTION pg_temp.seconds(query text, OUT seconds float8, OUT state text) LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz := clock_timestamp();
BEGIN
  BEGIN
    EXECUTE query;
    state := 'fine';
  EXCEPTION WHEN query_canceled THEN
    state := 'cancelled';
  END;
  seconds := extract(epoch FROM clock_timestamp() - began);
END $$;
CREATE TEMP TABLE whole AS SELECT * FROM pg_temp.seconds($$SELECT cohort('twice')$$);
SELECT set_config('statement_timeout', (seconds * 600)::int::text, true) FROM whole \g /dev/null
CREATE TEMP TABLE cut AS SELECT * FROM pg_temp.seconds($$SELECT cohort('twice')$$);
SET LOCAL statement_timeout = 0;
SELECT is(cut.state, 'cancelled', 'a count is cancelled') FROM cut;
SELECT cmp_ok(cut.seconds, '<', whole.seconds * 0.85, 'in time') FROM cut, whole;
SELECT * FROM finish();
ROLLBACK;
