-- Objects of misleading names, planted in public before CREATE EXTENSION and before install(), first in
-- everybody's search path: the extension, its install script and its jobs never run one of them.
\set QUIET on
SET client_min_messages = warning;

-- ---------------------------------------------------------------------------------------------------
-- The plants. Each notes down that it ran, and then does what the real one does.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE public.canary (stage text, what text);
CREATE FUNCTION public.sing(what text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF coalesce(current_setting('hostile.stage', true), '') <> '' THEN
    INSERT INTO public.canary VALUES (current_setting('hostile.stage'), what);
  END IF;
END $$;
CREATE TABLE public.plant (n serial, kind text, identity text);
CREATE FUNCTION public.plant_function(name text, arguments text, result text, expression text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  made oid;
BEGIN
  EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', name, arguments, result,
    format('BEGIN PERFORM public.sing(%L); %s; END', name || '(' || arguments || ')',
      CASE WHEN result = 'void' THEN 'RETURN' WHEN result LIKE 'SETOF%' THEN 'RETURN QUERY SELECT ' || expression ELSE 'RETURN ' || expression END));
  SELECT max(p.oid) INTO made FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname = plant_function.name;
  INSERT INTO public.plant (kind, identity) VALUES ('FUNCTION', made::regprocedure::text);
END $$;

-- The functions of pg_catalog that SQL of this kind calls, with the very same arguments.
DO $$
DECLARE
  f record;
BEGIN
  FOR f IN
    SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result, p.pronargs
    FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND p.provariadic = 0
      AND p.proname IN ('now', 'clock_timestamp', 'statement_timestamp', 'quote_ident', 'quote_literal', 'quote_nullable', 'replace', 'regexp_replace', 'regexp_match', 'to_regclass', 'to_regtype', 'to_char',
        'pg_get_expr', 'pg_get_userbyid', 'pg_get_constraintdef', 'pg_get_serial_sequence', 'pg_get_indexdef', 'format_type', 'date_trunc', 'date_part', 'extract', 'timezone', 'age',
        'has_function_privilege', 'has_table_privilege', 'has_schema_privilege', 'current_setting', 'current_database', 'length', 'substring', 'left', 'right', 'lower', 'upper', 'strpos', 'position', 'split_part',
        'isfinite', 'generate_series', 'make_interval', 'abs', 'round', 'floor', 'random', 'concat_ws', 'setval', 'nextval', 'lpad', 'btrim', 'starts_with', 'jsonb_array_length', 'hashtext',
        'obj_description', 'col_description', 'regexp_split_to_array', 'string_to_array', 'array_to_string', 'to_timestamp', 'encode', 'decode', 'md5', 'int8', 'int4', 'text', 'timestamptz', 'date', 'name', 'float8', 'numeric', 'bool')
      AND NOT EXISTS (SELECT FROM pg_type t WHERE t.typtype = 'p' AND t.typname NOT IN ('void') AND (t.oid = ANY (p.proargtypes::oid[]) OR t.oid = p.prorettype))
      AND p.proallargtypes IS NULL
  LOOP
    BEGIN
      PERFORM public.plant_function(f.proname, f.arguments, f.result,
        format('pg_catalog.%I(%s)', f.proname, (SELECT string_agg('$' || n, ', ' ORDER BY n) FROM generate_series(1, f.pronargs) n)));
    EXCEPTION WHEN duplicate_function OR syntax_error THEN NULL;
    END;
  END LOOP;
END $$;
-- Names and arguments that pg_catalog does not have, or has only for any type: these match better.
SELECT FROM public.plant_function('format', 'text, regprocedure', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2])');
SELECT FROM public.plant_function('format', 'text, regprocedure, name', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2::pg_catalog.text, $3])');
SELECT FROM public.plant_function('format', 'text, name', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2])');
SELECT FROM public.plant_function('format', 'text, text', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2])');
SELECT FROM public.plant_function('format', 'text, text, text', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2, $3])');
SELECT FROM public.plant_function('format', 'text, text, text, text', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2, $3, $4])');
SELECT FROM public.plant_function('format', 'text, text, regclass, name', 'text', 'pg_catalog.format($1, VARIADIC ARRAY[$2, $3::pg_catalog.text, $4::pg_catalog.text])');
SELECT FROM public.plant_function('coalesce', 'bigint, bigint', 'bigint', '$1');
SELECT FROM public.plant_function('greatest', 'timestamptz, timestamptz', 'timestamptz', '$1');
SELECT FROM public.plant_function('unnest', 'bigint[]', 'SETOF bigint', 'pg_catalog.unnest($1)');
SELECT FROM public.plant_function('unnest', 'text[]', 'SETOF text', 'pg_catalog.unnest($1)');
SELECT FROM public.plant_function('unnest', 'timestamptz[]', 'SETOF timestamptz', 'pg_catalog.unnest($1)');
SELECT FROM public.plant_function('array_length', 'timestamptz[], integer', 'integer', 'pg_catalog.array_length($1, $2)');
SELECT FROM public.plant_function('cardinality', 'bigint[]', 'integer', 'pg_catalog.cardinality($1)');
SELECT FROM public.plant_function('to_jsonb', 'bigint', 'jsonb', 'pg_catalog.to_jsonb($1)');
SELECT FROM public.plant_function('to_jsonb', 'text', 'jsonb', 'pg_catalog.to_jsonb($1)');
SELECT FROM public.plant_function('jsonb_build_object', 'text, bigint', 'jsonb', 'pg_catalog.to_jsonb($2)');
SELECT FROM public.plant_function('width_bucket', 'timestamptz, timestamptz[]', 'integer', 'pg_catalog.width_bucket($1, $2)');
SELECT FROM public.plant_function('count_step', 'bigint', 'bigint', '$1 OPERATOR(pg_catalog.+) 1');
SELECT FROM public.plant_function('max_step', 'timestamptz, timestamptz', 'timestamptz', '$2');
SELECT FROM public.plant_function('sum_step', 'bigint, bigint', 'bigint', '$1 OPERATOR(pg_catalog.+) $2');
CREATE AGGREGATE public.count(*) (SFUNC = public.count_step, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE public.max(timestamptz) (SFUNC = public.max_step, STYPE = timestamptz);
CREATE AGGREGATE public.min(timestamptz) (SFUNC = public.max_step, STYPE = timestamptz);
CREATE AGGREGATE public.sum(bigint) (SFUNC = public.sum_step, STYPE = bigint, INITCOND = '0');
INSERT INTO public.plant (kind, identity) VALUES ('AGGREGATE', 'public.count(*)'), ('AGGREGATE', 'public.max(timestamptz)'), ('AGGREGATE', 'public.min(timestamptz)'), ('AGGREGATE', 'public.sum(bigint)');
-- Operators: those of pg_catalog, and such as it does not have.
CREATE FUNCTION public.plant_operator(name text, l text, r text, result text, expression text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  f text := 'op_' || (SELECT count(*) FROM public.plant);
BEGIN
  PERFORM public.plant_function(f, l || ', ' || r, result, expression);
  EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.%I)', name, l, r, f);
  INSERT INTO public.plant (kind, identity) VALUES ('OPERATOR', format('public.%s(%s, %s)', name, l, r));
END $$;
DO $$
DECLARE
  o record;
BEGIN
  FOR o IN
    SELECT oprname, oprleft::regtype::text AS l, oprright::regtype::text AS r, oprresult::regtype::text AS result FROM pg_operator
    WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprname IN ('=', '<>', '<', '<=', '>', '>=', '||', '+', '-', '*', '/', '%', '~', '~~', '->', '->>', '@>', '&', '|')
      AND oprleft = ANY ('{oid,name,text,"\"char\"",int2,int4,int8,bool,timestamptz,timestamp,date,interval,jsonb,float8,numeric,uuid}'::regtype[])
      AND oprright = ANY ('{oid,name,text,"\"char\"",int2,int4,int8,bool,timestamptz,timestamp,date,interval,jsonb,float8,numeric,uuid}'::regtype[])
  LOOP
    PERFORM public.plant_operator(o.oprname, o.l, o.r, o.result, format('$1 OPERATOR(pg_catalog.%s) $2', o.oprname));
  END LOOP;
  FOR o IN SELECT * FROM (VALUES ('oid', 'regnamespace'), ('regnamespace', 'oid'), ('oid', 'regclass'), ('regclass', 'oid'), ('oid', 'regtype'), ('regtype', 'oid'), ('regtype', 'regtype'), ('oid', 'regprocedure'), ('regnamespace', 'regnamespace')) v(l, r) LOOP
    PERFORM public.plant_operator('=', o.l, o.r, 'boolean', '$1::pg_catalog.oid OPERATOR(pg_catalog.=) $2::pg_catalog.oid');
    PERFORM public.plant_operator('<>', o.l, o.r, 'boolean', '$1::pg_catalog.oid OPERATOR(pg_catalog.<>) $2::pg_catalog.oid');
  END LOOP;
  PERFORM public.plant_operator('||', 'text', 'regclass', 'text', '$1 OPERATOR(pg_catalog.||) $2::pg_catalog.text');
  PERFORM public.plant_operator('||', 'text', 'name', 'text', '$1 OPERATOR(pg_catalog.||) $2::pg_catalog.text');
END $$;
-- Types that anything turns into, and that turn into anything.
CREATE TYPE public.chameleon AS (anything text);
SELECT FROM public.plant_function('as_chameleon', 'text', 'public.chameleon', 'ROW($1)::public.chameleon');
SELECT FROM public.plant_function('as_chameleon', 'bigint', 'public.chameleon', 'ROW($1::pg_catalog.text)::public.chameleon');
SELECT FROM public.plant_function('as_chameleon', 'regprocedure', 'public.chameleon', 'ROW($1::pg_catalog.text)::public.chameleon');
SELECT FROM public.plant_function('as_text', 'public.chameleon', 'text', '($1).anything');
CREATE CAST (text AS public.chameleon) WITH FUNCTION public.as_chameleon(text) AS IMPLICIT;
CREATE CAST (bigint AS public.chameleon) WITH FUNCTION public.as_chameleon(bigint) AS IMPLICIT;
CREATE CAST (regprocedure AS public.chameleon) WITH FUNCTION public.as_chameleon(regprocedure) AS IMPLICIT;
CREATE CAST (public.chameleon AS text) WITH FUNCTION public.as_text(public.chameleon) AS IMPLICIT;
SELECT FROM public.plant_function('format', 'text, public.chameleon', 'text', '$1');
SELECT FROM public.plant_function('quote_ident', 'public.chameleon', 'text', '($1).anything');
SELECT FROM public.plant_operator('=', 'public.chameleon', 'public.chameleon', 'boolean', 'true');
-- Relations of the session's own.
CREATE TEMPORARY TABLE explore_content (id bigint, creator_id bigint);
CREATE TEMPORARY TABLE explore_engagements (id bigint);
CREATE TEMPORARY TABLE event_keys (event_id uuid);
CREATE TEMPORARY TABLE pg_extension (extname name, extnamespace oid);

-- The canary does sing.
SET search_path = public, pg_catalog;
SET hostile.stage = 'control';
SELECT count(*), max(now()), format('%s', 'x'::text), 1::bigint = 1::bigint, 1::oid = 'public'::regnamespace, 'a'::text || 'b'::text FROM pg_catalog.pg_database \g /dev/null

-- ---------------------------------------------------------------------------------------------------
-- CREATE EXTENSION, install(), and every function, with public first in the path
-- ---------------------------------------------------------------------------------------------------
\set errors ''
\set ON_ERROR_STOP 0
SET hostile.stage = 'create extension';
CREATE EXTENSION explore_analytics;
\set errors :errors :ERROR
SET hostile.stage = 'install';
CALL explore_analytics.install();
\set errors :errors :ERROR
CALL explore_analytics.install(NULL);
\set errors :errors :ERROR
SET hostile.stage = 'exercise';
INSERT INTO public.explore_content (id, creator_id, title) VALUES (1, 7, 'one'), (2, 7, 'two'), (3, 8, 'three');
\set errors :errors :ERROR
INSERT INTO public.explore_discovery_videos (id, content_id, duration_ms) VALUES (11, 1, 10000), (12, 2, 20000);
\set errors :errors :ERROR
INSERT INTO public.explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed) VALUES (1, 5, 'view', 1000, true), (1, 6, 'view', 2000, false), (2, 5, 'save', 0, false);
\set errors :errors :ERROR
SELECT public.create_session(5, '{"country": "AE", "shoe": "left"}') AS session \gset
\set errors :errors :ERROR
SELECT public.record_engagement_batch('[{"contentId": 1, "engagementType": "view", "userId": 5, "sessionId": 1, "watchTime": 1.5, "completed": true, "createdAt": "2026-01-01T00:00:00Z", "eventId": "00000000-0000-4000-8000-000000000001"}, {"contentId": 99, "engagementType": "view"}, {"contentId": 1, "engagementType": "save", "userId": 5}, {"contentId": 1, "engagementType": "complete", "userId": 5, "sessionId": 1}]', 'skip') \g /dev/null
\set errors :errors :ERROR
SELECT public.record_engagement(2, 'click', 5, 1, 2.5, false, '2026-01-02 00:00+00', '00000000-0000-4000-8000-000000000002', '{}') \g /dev/null
\set errors :errors :ERROR
SELECT public.session_analytics(1) \g /dev/null
\set errors :errors :ERROR
SELECT public.close_session(1, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.close_idle_sessions('1 hour') \g /dev/null
\set errors :errors :ERROR
SELECT public.views(public.content_summary(1, NULL, NULL)), public.views(public.creator_summary(7, NULL, NULL)), public.unique_viewers(public.platform_summary(NULL, NULL)) \g /dev/null
\set errors :errors :ERROR
SELECT public.video_analytics(11, NULL, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.videos_analytics('{11,12}', NULL, NULL, 7) \g /dev/null
\set errors :errors :ERROR
SELECT public.creator_analytics(7, NULL, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.aggregated_metrics('week', NULL, NULL), public.aggregated_metrics('week', 7, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.creator_dashboard(7, 'month', NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.metric_series('views', NULL, NULL, 'day', 'Asia/Dubai', NULL, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.metric_series('sessions', NULL, NULL, 'hour', 'UTC', NULL, 7) \g /dev/null
\set errors :errors :ERROR
SELECT public.metric_series('new_viewers', NULL, NULL, 'month', 'UTC', 1, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.top_videos('views', NULL, NULL, NULL, 10, 0) \g /dev/null
\set errors :errors :ERROR
SELECT public.live_metrics(5, NULL, NULL, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.live_metrics(5, 7, NULL, pg_catalog.now()) \g /dev/null
\set errors :errors :ERROR
SELECT public.concurrent_viewers(NULL, NULL, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.concurrent_viewers(1, '1 hour', '2026-01-01 01:00+00') \g /dev/null
\set errors :errors :ERROR
SELECT public.trending_content('400 days', '1 day', 10, pg_catalog.now()) \g /dev/null
\set errors :errors :ERROR
SELECT public.funnel(ARRAY['view', 'save'], '2026-01-01', '2026-01-08', '1 day', 'same_content', 7) \g /dev/null
\set errors :errors :ERROR
SELECT public.attribution('view', ARRAY['view', 'save'], '2026-01-01', '2026-01-08', 'time_decay', '1 day', '1 day', 'source', NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.attribution('view', ARRAY['view', 'save'], NULL, NULL, 'markov', '1 day', '1 day', 'creator', 7) \g /dev/null
\set errors :errors :ERROR
SELECT public.attribution_weights('time_decay', ARRAY['2026-01-01+00', '2026-01-02+00']::pg_catalog.timestamptz[], '2026-01-08+00', '1 day'), public.path_attribution('[{"path": ["a", "b"], "conversions": 2, "nulls": 1}]', 'markov') \g /dev/null
\set errors :errors :ERROR
SELECT public.metric_trend('views', '2026-01-01', '2026-01-08', 'day', 'Asia/Dubai', NULL, 7) \g /dev/null
\set errors :errors :ERROR
SELECT public.metric_trend('sessions', '2026-01-01', '2026-01-08', 'day', 'UTC', 1, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.metric_forecast('views', '2026-01-01', '2026-01-08', 'day', 'Asia/Dubai', 3, 'auto', NULL, 7) \g /dev/null
\set errors :errors :ERROR
SELECT public.viewer_retention('2026-01-01', '2026-01-08', 'day', 'Asia/Dubai', 3, 'recurring', 7, '2026-01-12'), public.viewer_retention('2026-01-01', '2026-01-08', 'week', 'UTC', 2, 'first_time', NULL, NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.viewer_lifecycle('2026-01-01', '2026-01-08', 'day', 'Asia/Dubai', NULL), public.viewer_lifecycle('2026-01-01', '2026-01-08', 'week', 'UTC', 7), public.stickiness('2026-01-08', 'Asia/Dubai', NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.benchmark_creator(7, 'views', NULL, NULL, 'area', 1), public.benchmark_creator(7, 'unique_viewers', '2026-01-01', '2026-01-08', 'platform'), public.suspicious_viewers('2026-01-01', '2026-01-08'), public.suspicious_viewers(NULL, NULL, 7, 1, 1) \g /dev/null
SELECT public.compare_video(11, NULL, NULL, 'creator'), public.compare_video(11, NULL, NULL, 'category'), public.compare_video(11, '2026-01-01', '2026-01-02', 'previous') \g /dev/null
\set errors :errors :ERROR
SELECT public.retention_curve(11, NULL, NULL, 3), public.audience_breakdown('gender', '2026-01-01', '2026-01-08', NULL, 7, 5), public.audience_breakdown('city', '2026-01-01', '2026-01-08', 1, NULL, 1) \g /dev/null
\set errors :errors :ERROR
SELECT public.define_cohort('hostile', '{"all": [{"any": [{"did": "view"}, {"did": "view", "atLeast": 2}, {"did": "save", "creator": 7}]}, {"not": {"attribute": "city", "is": "Nowhere"}}, {"not": {"attribute": "birthYear", "from": 2001}}, {"did": "view", "within": "1000000 days"}]}') \g /dev/null
\set errors :errors :ERROR
SELECT public.define_cohort('hostile too', '{"all": [{"did": "save", "content": 11}, {"did": "view", "creator": 7, "atLeast": 2}]}') \g /dev/null
\set errors :errors :ERROR
SELECT public.cohort('hostile'), public.cohort('hostile too'), public.cohort_metrics('hostile', NULL, NULL), public.cohort_metrics('hostile too', '2026-01-01', '2026-01-08') \g /dev/null
\set errors :errors :ERROR
SELECT public.create_boost_campaign(1, 10, 'ZAR', 0.1, 0.2, '2026-01-01', NULL, 5, 'Europe/Madrid', 50, 'click', 3, '1 day') AS campaign \gset
\set errors :errors :ERROR
SELECT public.charge_boost(:campaign, '00000000-0000-0000-0000-000000000001', 'impression', NULL, NULL, '2026-01-02'), public.charge_boost(:campaign, '00000000-0000-0000-0000-000000000002', 'click', 1, NULL, '2026-01-02'), public.charge_boost(:campaign, '00000000-0000-0000-0000-000000000003', 'click', 2, NULL, '2026-01-02') \g /dev/null
\set errors :errors :ERROR
SELECT public.credit_boost(:campaign, '00000000-0000-0000-0000-000000000001', NULL, 'why'), public.set_boost_budget(:campaign, 12), public.stop_boost_campaign(:campaign) \g /dev/null
\set errors :errors :ERROR
SELECT public.campaign_analytics(:campaign, '2026-01-01', '2026-02-01', '2026-03-01'), public.boost_revenue('2026-01-01', NULL, 'day', 'Europe/Madrid', 7) \g /dev/null
\set errors :errors :ERROR
SELECT public.define_experiment('hostile', ARRAY['a', 'b'], ARRAY[0.4, 0.6]::float8[], 'seed', 1, 0.05, 5000) \g /dev/null
\set errors :errors :ERROR
SELECT public.assign_variant('hostile', '1'), public.experiment_bucket('seed', '1') \g /dev/null
\set errors :errors :ERROR
SELECT public.record_exposure('hostile', 1, NULL, NULL, '2026-01-02'), public.record_exposure('hostile', 1, NULL, NULL, '2026-01-01'), public.record_exposure('hostile', 2, NULL, 'b', '2026-01-01') \g /dev/null
\set errors :errors :ERROR
SELECT public.define_experiment('hostile results', '{a,b}'), public.record_exposure('hostile results', 1, NULL, 'a', '2026-01-02'), public.record_exposure('hostile results', 2, NULL, 'b', '2026-01-02') \g /dev/null
\set errors :errors :ERROR
SELECT public.experiment_results('hostile results', '{any_save,views,total_watch_time,completion_rate}', 'welch', true, '1 day', '1 day', 0.9, 'bh', '2026-01-08') \g /dev/null
\set errors :errors :ERROR
SELECT explore_analytics.export_viewer(1) \g /dev/null
\set errors :errors :ERROR
SELECT public.define_cohort('hostile too', NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.compare_periods('views', '2026-01-01', '2026-01-08', 7), public.compare_periods('sessions', '2026-01-01', '2026-01-08', NULL) \g /dev/null
\set errors :errors :ERROR
SELECT public.batch_update_engagement_scores(true) \g /dev/null
\set errors :errors :ERROR
SELECT explore_analytics.ensure_partitions('2024-01-01', '2024-02-01') \g /dev/null
\set errors :errors :ERROR
SELECT explore_analytics.prune_keys() \g /dev/null
\set errors :errors :ERROR
TABLE public.explore_video_daily \g /dev/null
\set errors :errors :ERROR
TABLE public.explore_creator_daily \g /dev/null
\set errors :errors :ERROR
TABLE public.explore_platform_daily \g /dev/null
\set errors :errors :ERROR
TABLE public.explore_leaderboard \g /dev/null
\set errors :errors :ERROR
SELECT public.cardinality(public.viewers(public.engagement_agg('view', 1, 2, true))) \g /dev/null
\set errors :errors :ERROR
CREATE ROLE hostile_reader;
SELECT explore_analytics.grant_access('hostile_reader', 'read') \g /dev/null
\set errors :errors :ERROR
-- What pg_cron would run.
SET hostile.stage = 'jobs';
\o /dev/null
SELECT command FROM explore_analytics.jobs('0 * * * *', '* * * * *') WHERE pg_catalog.strpos(command, 'cron.') OPERATOR(pg_catalog.=) 0 \gexec
\o
\set errors :errors :ERROR
-- Fewer arguments than ours, as in a call that leaves some to their defaults. The server may find that
-- ambiguous and refuse; it must not run them.
RESET hostile.stage;
SELECT FROM public.plant_function('creator_summary', 'bigint', 'text', 'NULL');
SELECT FROM public.plant_function('creator_summary', 'bigint, timestamptz', 'text', 'NULL');
SELECT FROM public.plant_function('content_summary', 'bigint', 'text', 'NULL');
SELECT FROM public.plant_function('content_summary', 'bigint, timestamptz', 'text', 'NULL');
SELECT FROM public.plant_function('platform_summary', '', 'text', 'NULL');
SELECT FROM public.plant_function('platform_summary', 'timestamptz', 'text', 'NULL');
SELECT FROM public.plant_function('aggregated_metrics', 'text', 'text', 'NULL');
SELECT FROM public.plant_function('aggregated_metrics', 'text, bigint', 'text', 'NULL');
SELECT FROM public.plant_function('creator_dashboard', '', 'jsonb', 'NULL');
SELECT FROM public.plant_function('creator_dashboard', 'bigint', 'jsonb', 'NULL');
SELECT FROM public.plant_function('batch_update_engagement_scores', '', 'bigint', '0');
SELECT FROM public.plant_function('close_idle_sessions', '', 'bigint', '0');
SET hostile.stage = 'fewer arguments';
DO $$
DECLARE
  call text;
BEGIN
  FOR call IN
    VALUES ('SELECT public.creator_dashboard(7, ''month'', NULL)'), ('SELECT public.creator_dashboard(7, ''all'', NULL)'), ('SELECT public.creator_analytics(7, NULL, NULL)'),
      ('SELECT public.metric_series(''views'', NULL, NULL, ''day'', ''UTC'', NULL, 7)'), ('SELECT public.top_videos(''views'', NULL, NULL, 7, 10, 0)')
    UNION ALL SELECT command FROM explore_analytics.jobs('0 * * * *', '* * * * *')
      WHERE pg_catalog.strpos(command, 'cron.') OPERATOR(pg_catalog.=) 0 AND pg_catalog.strpos(command, 'CALL') OPERATOR(pg_catalog.=) 0
  LOOP
    BEGIN
      EXECUTE call;
    EXCEPTION WHEN ambiguous_function THEN
      NULL;
    END;
  END LOOP;
END $$;
SET hostile.stage = 'uninstall';
BEGIN;
CALL explore_analytics.uninstall(true);
\set errors :errors :ERROR
COMMIT;
SET hostile.stage = 'install again';
CALL explore_analytics.install();
\set errors :errors :ERROR
\set ON_ERROR_STOP 1
RESET hostile.stage;
RESET search_path;
DROP OWNED BY hostile_reader;
DROP ROLE hostile_reader;

-- ---------------------------------------------------------------------------------------------------
-- What sang. The plants go first: nothing can depend on one, and pgTAP must not call them either.
-- ---------------------------------------------------------------------------------------------------
DROP TABLE pg_temp.explore_content, pg_temp.explore_engagements, pg_temp.event_keys, pg_temp.pg_extension;
CREATE TEMPORARY TABLE kept (identity text, reason text);
DO $$
DECLARE
  p record;
BEGIN
  DROP CAST (text AS public.chameleon);
  DROP CAST (bigint AS public.chameleon);
  DROP CAST (regprocedure AS public.chameleon);
  DROP CAST (public.chameleon AS text);
  FOR p IN SELECT * FROM public.plant ORDER BY kind = 'FUNCTION', n LOOP
    BEGIN
      EXECUTE pg_catalog.concat('DROP ', p.kind, ' ', p.identity);
    EXCEPTION WHEN dependent_objects_still_exist THEN
      INSERT INTO kept VALUES (p.identity, SQLERRM);
    END;
  END LOOP;
  DROP TYPE public.chameleon;
END $$;

BEGIN;
SELECT plan(18);
SELECT cmp_ok((SELECT count(*) FROM public.plant), '>=', 400::bigint, 'enough was planted');
SELECT cmp_ok((SELECT count(DISTINCT what) FROM public.canary WHERE stage = 'control'), '>=', 7::bigint, 'the canary sings when a plant runs');
SELECT is_empty('SELECT * FROM kept', 'nothing depends on a plant');
SELECT unalike(:'errors'::text, '%true%', 'every statement of the exercise succeeded');
SELECT is_empty(format($$SELECT DISTINCT what FROM public.canary WHERE stage = %L$$, stage), 'no plant ran: ' || stage)
FROM unnest(ARRAY['create extension', 'install', 'exercise', 'jobs', 'fewer arguments', 'uninstall', 'install again']) stage;
SELECT has_view('public', 'explore_' || v, 'the views are still there: ' || v) FROM unnest(ARRAY['video_daily', 'leaderboard']) v;

-- A function, a type or a schema of the very name is not taken over either.
DROP EXTENSION explore_analytics CASCADE;
CREATE FUNCTION public.current_creator_id() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
SELECT throws_ok('CREATE EXTENSION explore_analytics', '55000', NULL, 'a function of somebody''s with our very signature is not replaced');
DROP FUNCTION public.current_creator_id();
CREATE TYPE public.engagement_type AS ENUM ('view');
SELECT throws_ok('CREATE EXTENSION explore_analytics', '42710', NULL, 'nor a type of ours adopted');
DROP TYPE public.engagement_type;
CREATE SCHEMA explore_analytics;
SELECT throws_ok('CREATE EXTENSION explore_analytics', '42P06', NULL, 'nor a schema of that name');
DROP SCHEMA explore_analytics;
SELECT lives_ok('CREATE EXTENSION explore_analytics', 'without them it is created');
SELECT is((SELECT count(*) FROM public.canary WHERE stage <> 'control'), 0::bigint, 'the canary is silent to the end');

SELECT * FROM finish();
ROLLBACK;
