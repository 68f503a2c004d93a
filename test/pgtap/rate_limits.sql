-- Rate limits of recording: a batch passes whole or not at all, who is charged for what, and changes of the
-- table. What must hold whether limits are shared or each connection counts by itself.
\set QUIET 1
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
BEGIN;
SELECT plan(110);

-- Levels outlive a limit: each part has roles and sessions of its own.
CREATE ROLE ea_tap_boss SUPERUSER;
DO $$ BEGIN
  FOR i IN 1..9 LOOP
    EXECUTE format('CREATE ROLE ea_tap_%s', i);
    PERFORM explore_analytics.grant_access('ea_tap_' || i, 'record');
  END LOOP;
END $$;
INSERT INTO explore_content (id, creator_id) VALUES (1, 1);
INSERT INTO explore_feed_sessions (id) SELECT generate_series(11, 30);

CREATE TYPE pg_temp.outcome AS (state text, message text, detail text, hint text);
CREATE FUNCTION pg_temp.said(role name, query text) RETURNS pg_temp.outcome LANGUAGE plpgsql AS $$
DECLARE
  o pg_temp.outcome;
BEGIN
  PERFORM set_config('role', role, true);
  EXECUTE query;
  PERFORM set_config('role', 'none', true);
  o.state := 'fine';
  RETURN o;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS o.message = MESSAGE_TEXT, o.detail = PG_EXCEPTION_DETAIL, o.hint = PG_EXCEPTION_HINT;
  o.state := SQLSTATE;
  RETURN o;
END $$;
CREATE FUNCTION pg_temp.state(role name, query text) RETURNS text LANGUAGE sql AS 'SELECT (pg_temp.said(role, query)).state';
-- A batch of n views of the sessions, in turn.
CREATE FUNCTION pg_temp.views(n int, VARIADIC sessions int[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT format('SELECT * FROM record_engagement_batch(%L)', coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('contentId', 1, 'engagementType', 'view',
    'sessionId', sessions[1 + i % greatest(cardinality(sessions), 1)]))), '[]')) FROM generate_series(0, n - 1) i
$$;
-- Without preloading each connection has its share; these limits are as many times as large.
SELECT CASE WHEN shared THEN 1 ELSE current_setting('explore_analytics.expected_backends')::int END AS share, slots > 500 AS slots, used >= 0 AS used FROM explore_analytics.rate_limit_status \gset
CREATE FUNCTION pg_temp.limits(VARIADIC rows text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE explore_analytics.rate_limits;
  IF rows <> '{}' THEN
    EXECUTE 'INSERT INTO explore_analytics.rate_limits VALUES ' || array_to_string(rows, ', ');
    UPDATE explore_analytics.rate_limits SET events_per_second = events_per_second * (SELECT share FROM share), burst = burst * (SELECT share FROM share);
  END IF;
END $$;
CREATE TEMP TABLE share AS SELECT :share AS share;
CREATE FUNCTION pg_temp.events() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM explore_engagements';

SELECT ok(:'slots' AND :'used', 'the status is there before any limit');

-- ---------------------------------------------------------------------------------------------------
-- The table
-- ---------------------------------------------------------------------------------------------------
SELECT is_empty('TABLE explore_analytics.rate_limits', 'there are no limits at first');
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(50)), 'fine', 'then everything passes');
SELECT is(pg_temp.state(current_user, 'INSERT INTO explore_analytics.rate_limits (scope, name, events_per_second, burst) VALUES (' || row_values || ')'), wanted, 'a row: ' || row_values)
FROM (VALUES ($$'role', '*', 1, 1$$, 'fine'), ($$'session', '*', 0.001, 1$$, 'fine'), ($$'role', 'somebody who is not there', 1e9, 1000000000$$, 'fine'),
  ($$'roles', '*', 1, 1$$, '23514'), ($$'Role', 'x', 1, 1$$, '23514'), ($$NULL, 'x', 1, 1$$, '23502'), ($$'role', NULL, 1, 1$$, '23502'), ($$'role', '', 1, 1$$, '23514'),
  ($$'session', '17', 1, 1$$, '23514'), ($$'role', repeat('x', 64), 1, 1$$, '23514'),
  ($$'role', 'x', 0, 1$$, '23514'), ($$'role', 'x', -1, 1$$, '23514'), ($$'role', 'x', 'NaN', 1$$, '23514'), ($$'role', 'x', 'infinity', 1$$, '23514'), ($$'role', 'x', NULL, 1$$, '23502'),
  ($$'role', 'x', 1e10, 1$$, '23514'), ($$'role', 'x', 1, 0$$, '23514'), ($$'role', 'x', 1, -1$$, '23514'), ($$'role', 'x', 1, NULL$$, '23502'),
  ($$'role', 'x', 1, 9223372036854775807$$, '23514'), ($$'role', 'x', 1e-300, 1$$, '23514'), ($$'role', '*', 2, 2$$, '23505')) v(row_values, wanted);
SELECT is(pg_temp.state('ea_tap_1', query), '42501', 'a recorder may not: ' || query)
FROM unnest(ARRAY['TABLE explore_analytics.rate_limits', 'DELETE FROM explore_analytics.rate_limits', 'TABLE explore_analytics.rate_limit_status']) query;
SELECT pg_temp.limits() \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- A role
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.limits($$('role', 'ea_tap_1', 0.00025, 10)$$) \g /dev/null
SELECT pg_temp.events() AS before, allowed_events, refused_events, refused_batches FROM explore_analytics.rate_limit_status \gset
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(0)), 'fine', 'an empty batch costs nothing');
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(6)), 'fine', '6 of 10');
SELECT is(pg_temp.events() - :before, 6::bigint, 'are stored');
CREATE TEMP TABLE refused AS SELECT o.* FROM pg_temp.said('ea_tap_1', pg_temp.views(5)) o;
SELECT is(state, '53400', 'and 5 more are refused') FROM refused;
SELECT is(message, format('rate limit of role "ea_tap_1" exceeded: 5 events, %s a second allowed', 0.00025::float8 * :share), 'the message names the role, the events and the limit') FROM refused;
SELECT matches(detail, '^retry_after_ms=[0-9]+$', 'the detail is for programs') FROM refused;
SELECT ok(substring(detail FROM '\d+')::int BETWEEN 3990000 AND 4000000, 'one event short at one in 4000 seconds: 4000 seconds') FROM refused;
SELECT matches(hint, 'after that many milliseconds', 'the hint says what to do') FROM refused;
SELECT is(pg_temp.events() - :before, 6::bigint, 'nothing of it is stored');
SELECT is(pg_temp.state('ea_tap_1', format('SELECT * FROM record_engagement_batch(%L, %L)', '[{"contentId": 1, "engagementType": "view"}, {"contentId": 99}, 3, {}, {}]', on_error)), '53400', 'on_error => ' || on_error || ': refused as a whole')
FROM unnest(ARRAY['skip', 'abort']) on_error;
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(3)), 'fine', 'refused batches cost nothing: 3 pass');
SELECT is(pg_temp.state('ea_tap_1', $$SELECT record_engagement(1, 'view')$$), 'fine', 'and one');
SELECT is(pg_temp.state('ea_tap_1', $$SELECT record_engagement(1, 'view')$$), '53400', 'which was the tenth');
SELECT is((pg_temp.said('ea_tap_1', $$SELECT record_engagement(1, 'view')$$)).message, format('rate limit of role "ea_tap_1" exceeded: 1 event, %s a second allowed', 0.00025::float8 * :share), 'one event is one event');
SELECT is(pg_temp.state('ea_tap_1', 'SELECT create_session()'), '53400', 'a new session counts as an event');
SELECT is(pg_temp.state('ea_tap_1', 'SELECT identify_session(11, 12)'), '53400', 'so does a login');
SELECT is(pg_temp.state('ea_tap_1', 'SELECT close_session(11)'), 'fine', 'its end does not');
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(0)), 'fine', 'nothing always passes');
SELECT is(pg_temp.state('ea_tap_2', pg_temp.views(100)), 'fine', 'other roles are not concerned');
SELECT is((SELECT (allowed_events - :allowed_events, refused_events - :refused_events, refused_batches - :refused_batches) FROM explore_analytics.rate_limit_status),
  (10::bigint, (5 + 5 + 5 + 1 + 1 + 1 + 1)::bigint, 7::bigint), 'the status counts what came under a limit');

-- Bad arguments are refused for what they are, and cost nothing.
SELECT pg_temp.limits($$('role', 'ea_tap_2', 0.00025, 2)$$) \g /dev/null
SELECT is(pg_temp.state('ea_tap_2', query), wanted, 'before any charge: ' || left(query, 50))
FROM (VALUES ($$SELECT record_engagement(1, 'like')$$, '22P02'), ($$SELECT record_engagement(-1, 'view')$$, '22023'), ($$SELECT * FROM record_engagement_batch('{}')$$, '22023'),
  ($$SELECT * FROM record_engagement_body('{}')$$, '22023'), ($$SELECT * FROM record_engagement_body('[{}, {}, {}, ]')$$, '22P02'),
  (pg_temp.views(10001), '54000'), ($$SELECT create_session(1, '[]')$$, '22023')) v(query, wanted);
SELECT is((pg_temp.said('ea_tap_2', pg_temp.views(2 * :share + 1))).detail, 'retry_after_ms=never', 'more than the burst never passes');
SELECT matches((pg_temp.said('ea_tap_2', pg_temp.views(2 * :share + 1))).hint, format('at most %s\.', 2 * :share), 'the hint says how many do');
SELECT is(pg_temp.state('ea_tap_2', pg_temp.views(2)), 'fine', 'the whole burst is left');
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(100)), 'fine', 'whose row is gone is free at once');

-- The level stays when the limit changes, but not as a debt that it could not have made.
SELECT pg_temp.limits($$('role', 'ea_tap_1', 1000, 10000)$$) \g /dev/null
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(1)), '53400', 'the debt of a stricter limit is a full one of this');
SELECT ok(substring((pg_temp.said('ea_tap_1', pg_temp.views(1))).detail FROM '\d+')::int <= 100000, 'and no hour');

-- Items that are no good are items received.
SELECT pg_temp.limits($$('role', 'ea_tap_3', 0.00025, 3)$$) \g /dev/null
SELECT is(pg_temp.state('ea_tap_3', $$SELECT * FROM record_engagement_batch('[{}, 5]')$$), 'fine', 'two items without an event');
SELECT is(pg_temp.state('ea_tap_3', $$SELECT * FROM record_engagement_body('[{"contentId": 99, "engagementType": "view", "metadata": "\u0000"}]')$$), 'fine', 'and a third one, in a text');
SELECT is(pg_temp.state('ea_tap_3', pg_temp.views(1)), '53400', 'are charged like any others');
-- What is rolled back stays charged.
SELECT pg_temp.limits($$('role', 'ea_tap_4', 0.00025, 3)$$) \g /dev/null
SAVEPOINT s;
SELECT is(pg_temp.state('ea_tap_4', pg_temp.views(3)), 'fine', 'recorded ...');
ROLLBACK TO s;
SELECT is(pg_temp.state('ea_tap_4', pg_temp.views(1)), '53400', '... and rolled back: it was charged');

-- '*': every role without a row of its own, superusers excepted.
SELECT pg_temp.limits($$('role', '*', 0.00025, 2)$$, $$('role', 'ea_tap_6', 0.00025, 1)$$) \g /dev/null
SELECT is(pg_temp.state('ea_tap_5', pg_temp.views(2)), 'fine', '*: its burst');
SELECT is(pg_temp.state('ea_tap_5', pg_temp.views(1)), '53400', '*: and no more');
SELECT is(pg_temp.state('ea_tap_6', pg_temp.views(1)), 'fine', 'each role has a level of its own');
SELECT is(pg_temp.state('ea_tap_6', pg_temp.views(1)), '53400', 'and a row of its own if there is one');
SELECT is(pg_temp.state('ea_tap_boss', pg_temp.views(200)), 'fine', '*: not a superuser');
ALTER ROLE ea_tap_boss NOSUPERUSER;
SELECT explore_analytics.grant_access('ea_tap_boss', 'record') \g /dev/null
SELECT is((pg_temp.said('ea_tap_boss', pg_temp.views(200))).detail, 'retry_after_ms=never', 'who is none any more is held at once');
ALTER ROLE ea_tap_boss SUPERUSER;
SELECT is(pg_temp.state('ea_tap_boss', pg_temp.views(200)), 'fine', 'and free again');
SELECT pg_temp.limits($$('role', 'ea_tap_boss', 0.00025, 1)$$) \g /dev/null
SELECT is((pg_temp.said('ea_tap_boss', pg_temp.views(9 * :share))).detail, 'retry_after_ms=never', 'a row with the name holds a superuser, too');
-- A limit follows a name.
SELECT pg_temp.limits($$('role', 'ea_tap_later', 1, 1)$$) \g /dev/null
SELECT is(pg_temp.state('ea_tap_5', pg_temp.views(9 * :share)), 'fine', 'a row for a name that is not taken');
ALTER ROLE ea_tap_5 RENAME TO ea_tap_later;
SELECT is((pg_temp.said('ea_tap_later', pg_temp.views(9 * :share))).detail, 'retry_after_ms=never', 'holds who takes it');
-- Charged is the role in force.
CREATE FUNCTION public.ea_tap_record(text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN EXECUTE $1; END';
SELECT is(pg_temp.state('ea_tap_later', format('SELECT ea_tap_record(%L)', pg_temp.views(9 * :share))), 'fine', 'SECURITY DEFINER: the definer is charged');

-- ---------------------------------------------------------------------------------------------------
-- A session
-- ---------------------------------------------------------------------------------------------------
SELECT pg_temp.limits($$('session', '*', 0.00025, 4)$$) \g /dev/null
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(100)), 'fine', 'events outside of sessions are free');
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(8, 11, 12)), 'fine', 'four of each session');
SELECT is((pg_temp.said('ea_tap_2', pg_temp.views(1, 11))).message, format('rate limit of session 11 exceeded: 1 event, %s a second allowed', 0.00025::float8 * :share), 'a session is the same, whoever records');
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(4, 13, 13, 13, 12)), '53400', 'a session that has had enough stops the batch');
SELECT is(pg_temp.state('ea_tap_1', pg_temp.views(4, 13)), 'fine', 'and the others were not charged for it');
SELECT is(pg_temp.state('ea_tap_1', $$SELECT record_engagement(1, 'view', session_id => 13)$$), '53400', 'record_engagement() charges the session, too');
SELECT is(pg_temp.state('ea_tap_1', $$SELECT * FROM record_engagement_batch('[{"contentId": 1, "engagementType": "view", "sessionId": -13}, {"contentId": 1, "engagementType": "view", "sessionId": "x"}]')$$), 'fine',
  'ids that are none are nobody''s');
SELECT ok(substring((pg_temp.said('ea_tap_1', pg_temp.views(3, 11, 12, 11))).detail FROM '\d+')::int BETWEEN 7980000 AND 8000000, 'the time is that of the one that waits longest');
SELECT is((pg_temp.said('ea_tap_1', pg_temp.views(12 * :share, 11, 12, 14))).state, '53400', 'many of a session');
SELECT is(pg_temp.state('ea_tap_1', $$SELECT create_session()$$), 'fine', 'a new session is an event of nobody''s session');
-- Both: what a session refuses costs the role nothing, and what the role refuses no session.
SELECT pg_temp.limits($$('session', '*', 0.00025, 4)$$, $$('role', 'ea_tap_7', 0.00025, 6)$$) \g /dev/null
SELECT is((pg_temp.said('ea_tap_7', pg_temp.views(5, 13))).message ~ '^rate limit of session 13 ', true, 'both: the session refuses');
SELECT is(pg_temp.state('ea_tap_7', pg_temp.views(4, 15)), 'fine', 'both: four pass');
SELECT is((pg_temp.said('ea_tap_7', pg_temp.views(3, 16))).message ~ '^rate limit of role "ea_tap_7" ', true, 'both: the role refuses');
SELECT is(pg_temp.state('ea_tap_7', pg_temp.views(2, 16)), 'fine', 'both: the six of the role');
SELECT pg_temp.limits($$('session', '*', 0.00025, 4)$$) \g /dev/null
SELECT is(pg_temp.state('ea_tap_7', pg_temp.views(3, 16)), '53400', 'both: the session has been charged two');
SELECT is(pg_temp.state('ea_tap_7', pg_temp.views(2, 16)), 'fine', 'both: and not five');

-- ---------------------------------------------------------------------------------------------------
-- Changes of the table in a running session
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION pg_temp.held() RETURNS boolean LANGUAGE sql AS $$ SELECT pg_temp.state('ea_tap_8', pg_temp.views(2000)) = '53400' $$;
SELECT pg_temp.limits() \g /dev/null
SELECT ok(NOT pg_temp.held(), 'no row');
INSERT INTO explore_analytics.rate_limits VALUES ('role', 'ea_tap_8', 1, 10);
SELECT ok(pg_temp.held(), 'INSERT');
UPDATE explore_analytics.rate_limits SET events_per_second = 1e6, burst = 1000000;
SELECT ok(NOT pg_temp.held(), 'UPDATE');
UPDATE explore_analytics.rate_limits SET burst = 10;
SAVEPOINT s;
DELETE FROM explore_analytics.rate_limits;
SELECT ok(NOT pg_temp.held(), 'DELETE');
ROLLBACK TO s;
SELECT ok(pg_temp.held(), 'ROLLBACK TO SAVEPOINT');
SET LOCAL session_replication_role = replica;
DELETE FROM explore_analytics.rate_limits;
SELECT ok(NOT pg_temp.held(), 'DELETE where triggers of others do not fire');
RESET session_replication_role;
INSERT INTO explore_analytics.rate_limits VALUES ('role', 'ea_tap_8', 1, 10);
SELECT ok(pg_temp.held(), 'INSERT again');
TRUNCATE explore_analytics.rate_limits;
SELECT ok(NOT pg_temp.held(), 'TRUNCATE');
INSERT INTO explore_analytics.rate_limits VALUES ('role', 'ea_tap_8', 1, 10);
CALL explore_analytics.install();
SELECT ok(pg_temp.held(), 'install() again leaves the limits alone');
DROP TRIGGER limits_changed ON explore_analytics.rate_limits;
DROP TRIGGER limits_truncated ON explore_analytics.rate_limits;
CALL explore_analytics.install();
DELETE FROM explore_analytics.rate_limits;
SELECT ok(NOT pg_temp.held(), 'triggers that are gone are made anew');
INSERT INTO explore_analytics.rate_limits VALUES ('role', 'ea_tap_8', 1, 10);
SELECT ok(pg_temp.held(), 'and tell');
CALL explore_analytics.uninstall();
CALL explore_analytics.install();
SELECT ok(pg_temp.held(), 'limits outlive uninstall() and hold after the next install()');
ALTER TABLE explore_analytics.rate_limits ADD COLUMN note text, DROP COLUMN burst;
SELECT is((pg_temp.said('ea_tap_8', pg_temp.views(1))).message, 'table explore_analytics.rate_limits has no column burst of type bigint', 'a table that was changed is refused');
ALTER TABLE explore_analytics.rate_limits ADD COLUMN burst bigint DEFAULT 10;
SELECT ok(pg_temp.held(), 'the order of the columns does not matter');
DROP TABLE explore_analytics.rate_limits;
SELECT ok(NOT pg_temp.held(), 'without the table there are no limits');
CALL explore_analytics.install();
INSERT INTO explore_analytics.rate_limits VALUES ('role', 'ea_tap_8', 1, 10);
SELECT ok(pg_temp.held(), 'until it is there again');
SELECT * FROM finish();
ROLLBACK;
