-- Statements over raw events that are left to the planner may be run by several processes, also where somebody has added
-- types that count as nothing: as auto_explain shows them.
\set QUIET 1
SET client_min_messages = warning;
SELECT plan(7);

INSERT INTO explore_content (id, creator_id) SELECT n, 1 FROM generate_series(1, 50) n;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at)
SELECT 1 + i % 50, 1 + i % 5000, 'view', 1000, '2025-02-01'::timestamptz + i * interval '5 seconds' FROM generate_series(1, 210000) i;
ANALYZE explore_engagements;
SELECT count(*) AS workers FROM pg_settings WHERE name = 'max_parallel_workers_per_gather' AND setting::int > 0 \gset
SELECT is(:workers, 1, 'this server has parallel queries');

SELECT $$PGOPTIONS='-c parallel_setup_cost=0 -c parallel_tuple_cost=0 -c min_parallel_table_scan_size=0 -c client_min_messages=log -c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_nested_statements=on -c auto_explain.log_level=notice' psql -X -A -t -d $$ || quote_literal(current_database()) || $$ -c 'SELECT views(platform_summary()), unique_viewers(platform_summary())' 2>&1$$ AS command \gset
\setenv COMMAND :command
\set told `sh -c "$COMMAND"`
SELECT matches(:'told'::text, 'tail \*/.*Gather.*Parallel .*explore_engagements', 'a long tail is read by several processes');
SELECT matches(:'told'::text, '\n210000[|]5000$', 'and answered');

ALTER TYPE engagement_type ADD VALUE 'like';
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, 9000 + i, 'like', '2025-02-03' FROM generate_series(1, 3) i;
\set told `sh -c "$COMMAND"`
SELECT matches(:'told'::text, 'tail \*/.*Gather.*Parallel .*explore_engagements', 'also beside a type that counts as nothing');
SELECT matches(:'told'::text, '\n210000[|]5000$', 'which counts as nothing');

-- One that is not committed cannot be named.
BEGIN;
SAVEPOINT s;
ALTER TYPE engagement_type ADD VALUE 'boo';
RELEASE s;
SELECT views(platform_summary()) AS counted \gset
ROLLBACK;
SELECT is(:counted, 210000, 'a type added in this transaction, and in a part of it');
-- And once it is.
BEGIN;
ALTER TYPE engagement_type ADD VALUE 'boo';
SELECT views(platform_summary()) AS counted \gset
COMMIT;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 9000, 'boo', '2025-02-03');
SELECT is(views(platform_summary()), :counted::bigint, 'a type added in a transaction that asked');
SELECT * FROM finish();
