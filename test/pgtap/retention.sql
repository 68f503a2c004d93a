-- Retention and who may apply it; partitions made by hand; what a partition that cannot be dropped leaves behind;
-- an events table that is not partitioned. The tables belong to a role that is no superuser.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
DO $$
DECLARE
  role regrole;
BEGIN
  FOR role IN SELECT oid FROM pg_roles WHERE rolname LIKE 'ea\_retention\_%' LOOP
    EXECUTE format('DROP OWNED BY %s CASCADE', role);
    EXECUTE format('DROP ROLE %s', role);
  END LOOP;
END $$;
CREATE ROLE ea_retention_owner;
CREATE ROLE ea_retention_operator;
CREATE ROLE ea_retention_reader;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install('ea_retention_owner');
SELECT explore_analytics.grant_access('ea_retention_operator', 'operate') \g /dev/null
SELECT explore_analytics.grant_access('ea_retention_reader', 'read') \g /dev/null
SELECT plan(34);

SELECT explore_analytics.ensure_partitions('2009-02-01', '2009-03-31') \g /dev/null
-- By hand: everything before February, and a partition of its own schema that is cut again.
CREATE SCHEMA elsewhere AUTHORIZATION ea_retention_owner;
CREATE TABLE explore_engagements_old PARTITION OF explore_engagements FOR VALUES FROM (MINVALUE) TO ('2009-02-01 00:00+00');
CREATE TABLE elsewhere.april PARTITION OF explore_engagements FOR VALUES FROM ('2009-04-01 00:00+00') TO ('2009-05-01 00:00+00') PARTITION BY LIST (engagement_type);
CREATE TABLE elsewhere.april_views PARTITION OF elsewhere.april FOR VALUES IN ('view');
CREATE TABLE elsewhere.april_others PARTITION OF elsewhere.april DEFAULT;
CALL explore_analytics.install();
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'one of 7'), (2, 8, 'one of 8');
INSERT INTO explore_feed_sessions (id, session_start) SELECT n, '2009-01-01 00:00+00'::timestamptz + n * interval '1 day' FROM generate_series(1, 120) n;
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + n % 2, n % 90 + 1, n / 10 + 1, (ARRAY['view', 'view', 'save'])[1 + n % 3]::engagement_type, n, '2009-01-01 00:00+00'::timestamptz + n * interval '2 hours 30 minutes' FROM generate_series(1, 1180) n;
CREATE VIEW answers AS
SELECT 'content' AS what, id, content_summary(id, s, e)::text AS answer FROM (VALUES (1), (2)) c(id), (VALUES (NULL::timestamptz, NULL::timestamptz), ('2009-01-15 03:04+00', '2009-04-02 07:00+00'), ('2009-03-31+00', NULL)) r(s, e)
UNION ALL SELECT 'session', id, session_analytics(id)::text FROM explore_feed_sessions
UNION ALL SELECT 'sessions', c, metric_series('sessions', creator_id => c)::text FROM (VALUES (7), (8)) v(c);
CREATE TABLE before AS TABLE answers;
CREATE FUNCTION still_good(what text) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT bag_eq('TABLE answers', 'TABLE before', what || ': every answer is what it was')
  UNION ALL SELECT is_empty('SELECT * FROM explore_analytics.verify()', what || ': verify() finds nothing')
  UNION ALL SELECT is_empty('SELECT * FROM explore_analytics.check_ledger()', what || ': the ledger agrees')
$$;
-- How many days are kept: so many that partitions which end by this date go.
CREATE FUNCTION keeping(since timestamptz) RETURNS interval LANGUAGE sql STABLE RETURN now() - since;

-- ---------------------------------------------------------------------------------------------------
-- Who may
-- ---------------------------------------------------------------------------------------------------
SET ROLE ea_retention_reader;
\set ON_ERROR_STOP 0
CALL explore_analytics.apply_retention('20 years');
\set state :SQLSTATE
\set ON_ERROR_STOP 1
RESET ROLE;
SELECT is(:'state'::text, '42501', 'a reader may not apply retention');
SELECT ok(NOT has_function_privilege('public', 'explore_analytics.apply_retention(interval)', 'EXECUTE'), 'nor may everybody');
SELECT ok(has_function_privilege('ea_retention_operator', 'explore_analytics.apply_retention(interval)', 'EXECUTE'), 'an operator may');
SELECT is_empty($$SELECT t FROM unnest(ARRAY['dropped_partitions', 'session_rollups']) t, unnest(ARRAY['ea_retention_reader', 'ea_retention_operator', 'public']) r
  WHERE has_table_privilege(r, 'explore_analytics.' || t, 'SELECT, INSERT, UPDATE, DELETE')$$, 'the tables are granted to nobody');
SELECT is_empty($$SELECT relation FROM explore_analytics.relations() WHERE owner <> 'ea_retention_owner'$$, 'and belong to the owner');
SELECT is_empty($$SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'explore_analytics'::regnamespace AND p.proname IN ('drop_partition', 'raw_partitions', 'first_month')
  AND has_function_privilege('ea_retention_operator', p.oid, 'EXECUTE')$$, 'what drops partitions is nobody''s to call');

-- ---------------------------------------------------------------------------------------------------
-- What it sees, and drops
-- ---------------------------------------------------------------------------------------------------
SELECT results_eq($$SELECT partition_name COLLATE "C", range_start, range_end FROM explore_analytics.raw_partitions() WHERE range_end < '2010-01-01' ORDER BY range_start$$,
  $$VALUES ('explore_engagements_old' COLLATE "C", '-infinity'::timestamptz, '2009-02-01 00:00+00'::timestamptz), ('explore_engagements_2009_02', '2009-02-01 00:00+00', '2009-03-01 00:00+00'),
    ('explore_engagements_2009_03', '2009-03-01 00:00+00', '2009-04-01 00:00+00'), ('elsewhere.april', '2009-04-01 00:00+00', '2009-05-01 00:00+00')$$, 'partitions of any make are seen');
SET datestyle = 'SQL, DMY';
SET timezone = 'Asia/Kathmandu';
SELECT is((SELECT count(*) FROM explore_analytics.raw_partitions() WHERE range_end IN ('2009-02-01 00:00+00'::timestamptz, '2009-03-01 00:00+00', '2009-04-01 00:00+00', '2009-05-01 00:00+00')), 4::bigint, 'and their bounds, whatever a session''s dates look like');
SET ROLE ea_retention_operator;
CALL explore_analytics.apply_retention(public.keeping('2009-03-31 00:00+00'));
RESET ROLE;
RESET timezone;
RESET datestyle;
SELECT bag_eq('SELECT partition_name, range_start, dropped_at IS NOT NULL FROM explore_analytics.dropped_partitions',
  $$VALUES ('explore_engagements_old', '-infinity'::timestamptz, true), ('explore_engagements_2009_02', '2009-02-01 00:00+00', true)$$, 'an operator drops what is old enough');
SELECT bag_eq($$SELECT login, role, action, subject, row_count FROM explore_analytics.audit_log WHERE action <> 'grant_access'$$,
  $$SELECT session_user, 'ea_retention_operator'::name, 'apply_retention', partition_name, event_count FROM explore_analytics.dropped_partitions$$, 'the audit log says who dropped what');
SELECT still_good('after the first two');
SELECT is((SELECT min(created_at) FROM explore_engagements), '2009-03-01 01:30+00'::timestamptz, 'no older row is left');

-- ---------------------------------------------------------------------------------------------------
-- A partition that cannot be dropped: taken over, nothing lost
-- ---------------------------------------------------------------------------------------------------
CREATE VIEW clings AS SELECT * FROM explore_engagements_2009_03;
\set ON_ERROR_STOP 0
CALL explore_analytics.apply_retention(keeping('2009-05-01 00:00+00'));
\set state :SQLSTATE
\set ON_ERROR_STOP 1
SELECT is(:'state'::text, '2BP01', 'a view on the partition keeps it from being dropped');
SELECT bag_eq('SELECT partition_name, dropped_at IS NOT NULL FROM explore_analytics.dropped_partitions',
  $$VALUES ('explore_engagements_old', true), ('explore_engagements_2009_02', true), ('explore_engagements_2009_03', false), ('elsewhere.april', false)$$, 'it is taken over, as is the next');
SELECT still_good('taken over and not dropped');
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (1, 119, 'impression', '2009-03-03 00:00+00');
CALL explore_analytics.refresh();
TRUNCATE before;
INSERT INTO before TABLE answers;
SELECT still_good('with a late event in it');
SELECT explore_analytics.rebuild() > 0 AS rebuilt \g /dev/null
SELECT still_good('rebuilt');
DROP VIEW clings;
CALL explore_analytics.apply_retention(keeping('2009-05-01 00:00+00'));
SELECT is((SELECT count(*) FROM explore_analytics.dropped_partitions WHERE dropped_at IS NULL), 0::bigint, 'without the view it is dropped');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'elsewhere'::regnamespace AND relkind IN ('r', 'p')), 0::bigint, 'the one that was cut again with its parts');
SELECT still_good('all dropped');

-- ---------------------------------------------------------------------------------------------------
-- Neither lost by mistake nor kept for ever
-- ---------------------------------------------------------------------------------------------------
SELECT throws_ok('CALL explore_analytics.uninstall()', '55000', NULL, 'uninstall() would lose the only copy');
SELECT lives_ok('CALL explore_analytics.install()', 'install() again is fine');
DROP VIEW answers;
CALL explore_analytics.uninstall(true);
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'explore_analytics'::regnamespace AND relkind = 'r'), 0::bigint, 'uninstall(true) drops that too');

-- ---------------------------------------------------------------------------------------------------
-- A table that is not partitioned
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE explore_engagements (id bigint PRIMARY KEY, content_id bigint NOT NULL, created_at timestamptz NOT NULL);
CALL explore_analytics.install();
\set ON_ERROR_STOP 0
CALL explore_analytics.apply_retention('20 years');
\set state :SQLSTATE
\set ON_ERROR_STOP 1
SELECT is(:'state'::text, '55000', 'a table that is not partitioned is left alone');
SELECT * FROM finish();
DROP SCHEMA elsewhere CASCADE;
DROP OWNED BY ea_retention_owner, ea_retention_operator, ea_retention_reader CASCADE;
DROP ROLE ea_retention_owner, ea_retention_operator, ea_retention_reader;
