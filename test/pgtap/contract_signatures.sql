-- The functions as they are promised: names, order and types of arguments and results, defaults,
-- volatility, parallel label. A change here breaks somebody's application.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install();
BEGIN;
SELECT no_plan();

-- Short spellings of types, so that the promises below read like documentation.
CREATE FUNCTION pg_temp.short(type oid) RETURNS text LANGUAGE sql AS $$
  SELECT replace(replace(format_type(type, NULL), 'timestamp with time zone', 'timestamptz'), 'double precision', 'float8')
$$;
-- "name type = default, ..." of the arguments.
CREATE FUNCTION pg_temp.arguments(f oid) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(concat_ws(' ', CASE WHEN a.mode = 'v' THEN 'VARIADIC' END, nullif(a.name, ''), pg_temp.short(a.type),
           '= ' || regexp_replace(replace(pg_get_function_arg_default(f, a.place::int), 'double precision', 'float8'), '::(timestamp with time zone|[a-z0-9_]+(\[\])?)$', '')), ', ' ORDER BY a.n), '')
  FROM (SELECT n, row_number() OVER (ORDER BY n) AS place, t.type, coalesce(p.proargmodes[n], 'i') AS mode, p.proargnames[n] AS name
        FROM pg_proc p, unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY t(type, n)
        WHERE p.oid = f AND coalesce(p.proargmodes[n], 'i') IN ('i', 'b', 'v')) a
$$;
-- "name type, ..." of the result columns, or the type of a plain result.
CREATE FUNCTION pg_temp.results(f oid) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce((SELECT string_agg(concat_ws(' ', p.proargnames[n], pg_temp.short(type)), ', ' ORDER BY n)
                   FROM unnest(p.proallargtypes) WITH ORDINALITY t(type, n) WHERE p.proargmodes[n] IN ('t', 'o', 'b')),
                  concat_ws(' ', CASE WHEN p.proretset THEN 'setof' END, pg_temp.short(p.prorettype)))
  FROM pg_proc p WHERE p.oid = f
$$;
-- Labels: volatility and parallel safety; "strict" where NULL gives NULL unasked.
CREATE FUNCTION pg_temp.labels(f oid) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', CASE provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
                   CASE proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END, CASE WHEN proisstrict THEN 'strict' END)
  FROM pg_proc WHERE oid = f
$$;

CREATE TEMP TABLE promise (n int GENERATED ALWAYS AS IDENTITY, name text, kind text, arguments text, results text, labels text);

-- Recording
INSERT INTO promise (name, kind, arguments, results, labels) VALUES
  ('public.record_engagement_batch', 'f', $$engagements jsonb, on_error text = 'skip'$$,
   'received integer, recorded integer, duplicates integer, rejected integer, errors jsonb', 'volatile unsafe'),
  ('public.record_engagement_body', 'f', $$body text, on_error text = 'skip'$$,
   'received integer, recorded integer, duplicates integer, rejected integer, errors jsonb', 'volatile unsafe'),
  ('public.record_engagement', 'f', 'content_id bigint, engagement_type text, user_id bigint = NULL, session_id bigint = NULL, watch_time float8 = NULL, '
   'completed boolean = false, created_at timestamptz = now(), event_id uuid = NULL, metadata jsonb = NULL', 'text', 'volatile unsafe'),
  ('public.create_session', 'f', $$user_id bigint = NULL, attributes jsonb = '{}'$$, 'bigint', 'volatile unsafe'),
  ('public.identify_session', 'f', 'session_id bigint, user_id bigint', 'bigint', 'volatile unsafe'),
  ('public.close_session', 'f', 'session_id bigint, ended_at timestamptz = now()', 'float8', 'volatile unsafe'),
  ('public.close_idle_sessions', 'f', $$idle interval = '00:30:00'$$, 'bigint', 'volatile unsafe');

-- The summary value
INSERT INTO promise (name, kind, arguments, results, labels) VALUES
  ('public.engagement_agg', 'a', 'engagement_type, viewer_key bigint, watch_time_ms integer, completed boolean', 'engagement_summary', 'immutable safe'),
  ('public.rollup', 'a', 'engagement_summary', 'engagement_summary', 'immutable safe'),
  ('public.viewer_set_agg', 'a', 'viewer_key bigint', 'viewer_set', 'immutable safe'),
  ('public.engagement_score', 'a', 'engagement_type, completed boolean', 'float8', 'immutable safe'),
  ('public.engagement_score', 'f', 'views bigint, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint', 'float8', 'immutable safe'),
  ('public.cardinality', 'f', 'viewers viewer_set', 'bigint', 'immutable safe strict'),
  ('public.viewer_keys', 'f', 'viewers viewer_set', 'setof bigint', 'immutable safe strict'),
  ('public.to_roaring', 'f', 'viewers viewer_set', 'bytea', 'immutable safe strict'),
  ('public.from_roaring', 'f', 'roaring bytea', 'viewer_set', 'immutable safe strict'),
  ('public.viewers', 'f', 'summary engagement_summary', 'viewer_set', 'immutable safe strict'),
  ('public.content_summary', 'f', 'content_id bigint, start_date timestamptz = NULL, end_date timestamptz = NULL', 'engagement_summary', 'stable restricted'),
  ('public.creator_summary', 'f', 'creator_id bigint, start_date timestamptz = NULL, end_date timestamptz = NULL', 'engagement_summary', 'stable restricted'),
  ('public.platform_summary', 'f', 'start_date timestamptz = NULL, end_date timestamptz = NULL', 'engagement_summary', 'stable restricted');
INSERT INTO promise (name, kind, arguments, results, labels)
SELECT 'public.' || a, 'f', 'summary engagement_summary', t, 'immutable safe strict'
FROM (VALUES ('bigint', ARRAY['views', 'unique_viewers', 'unidentified_views', 'completions', 'saves', 'shares', 'clicks', 'skips', 'impressions', 'total_engagements']),
             ('float8', ARRAY['total_watch_time', 'average_watch_time', 'completion_rate', 'engagement_rate', 'save_rate', 'share_rate', 'click_rate', 'skip_rate', 'engagement_score'])) k(t, names),
     unnest(names) a;

-- Analytics
INSERT INTO promise (name, kind, arguments, results, labels) VALUES
  ('public.video_analytics', 'f', 'video_id bigint, start_date timestamptz = NULL, end_date timestamptz = NULL',
   'video_id bigint, content_id bigint, total_views bigint, unique_viewers bigint, total_watch_time float8, average_watch_time float8, completion_rate float8, '
   'completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint, engagement_rate float8, average_engagement_score float8', 'stable restricted'),
  ('public.videos_analytics', 'f', 'video_ids bigint[] = NULL, start_date timestamptz = NULL, end_date timestamptz = NULL, creator_id bigint = NULL',
   'video_id bigint, content_id bigint, total_views bigint, unique_viewers bigint, total_watch_time float8, average_watch_time float8, completion_rate float8, '
   'completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint, engagement_rate float8, average_engagement_score float8', 'stable restricted'),
  ('public.creator_analytics', 'f', 'creator_id bigint = NULL, start_date timestamptz = NULL, end_date timestamptz = NULL',
   'creator_id bigint, total_videos bigint, total_views bigint, unique_viewers bigint, total_watch_time float8, average_completion_rate float8, '
   'total_saves bigint, total_shares bigint, total_clicks bigint, engagement_rate float8, top_performing_videos jsonb', 'stable restricted'),
  ('public.session_analytics', 'f', 'session_id bigint',
   'session_id bigint, user_id bigint, duration float8, videos_viewed bigint, completions bigint, saves bigint, shares bigint, clicks bigint, '
   'average_watch_time float8, engagement_rate float8', 'stable restricted'),
  ('public.aggregated_metrics', 'f', 'period text, creator_id bigint = NULL, as_of timestamptz = NULL',
   'period text, total_views bigint, total_unique_viewers bigint, total_watch_time float8, average_session_duration float8, total_sessions bigint, '
   'average_completion_rate float8, total_engagements bigint, engagement_rate float8', 'stable restricted'),
  ('public.creator_dashboard', 'f', $$creator_id bigint = NULL, period text = 'month', as_of timestamptz = NULL$$, 'jsonb', 'stable restricted'),
  ('public.my_analytics_dashboard', 'f', $$period text = 'month', as_of timestamptz = NULL$$, 'jsonb', 'stable restricted'),
  ('public.metric_series', 'f', 'metric text, start_date timestamptz = NULL, end_date timestamptz = NULL, '
   'bucket text = ''day'', time_zone text = ''UTC'', content_id bigint = NULL, creator_id bigint = NULL',
   'bucket_start timestamptz, bucket_end timestamptz, value float8', 'stable restricted'),
  ('public.top_videos', 'f', 'metric text = ''engagement_score'', start_date timestamptz = NULL, end_date timestamptz = NULL, '
   'creator_id bigint = NULL, n integer = 10, min_views bigint = 0',
   'rank bigint, video_id bigint, content_id bigint, title text, value float8, views bigint, completion_rate float8', 'stable restricted'),
  ('public.live_metrics', 'f', 'minutes integer = 60, creator_id bigint = NULL, content_id bigint = NULL, as_of timestamptz = now()', 'minute timestamptz, views bigint, unique_viewers bigint, watch_time float8', 'stable restricted'),
  ('public.concurrent_viewers', 'f', 'content_id bigint = NULL, within interval = ''00:05:00'', as_of timestamptz = NULL', 'bigint', 'stable restricted'),
  ('public.trending_content', 'f', 'within interval = ''24:00:00'', half_life interval = ''06:00:00'', n integer = 20, as_of timestamptz = now()', 'rank bigint, content_id bigint, title text, score float8', 'stable restricted'),
  ('public.compare_video', 'f', 'video_id bigint, start_date timestamptz = NULL, end_date timestamptz = NULL, baseline text = ''creator''',
   'metric text, value float8, baseline_mean float8, baseline_median float8, delta_percent float8, percentile float8, z float8, p_value float8, peers bigint', 'stable restricted'),
  ('public.retention_curve', 'f', 'video_id bigint, start_date timestamptz = NULL, end_date timestamptz = NULL, bins integer = 100', 'bin integer, from_seconds float8, to_seconds float8, elapsed_ratio float8, audience_watch_ratio float8', 'stable restricted'),
  ('public.audience_breakdown', 'f', 'dimension text, start_date timestamptz = NULL, end_date timestamptz = NULL, content_id bigint = NULL, creator_id bigint = NULL, min_group integer = 5',
   'value text, viewers bigint, views bigint, watch_time float8, completion_rate float8, share_percent float8', 'stable restricted'),
  ('public.compare_periods', 'f', 'metric text, start_date timestamptz, end_date timestamptz, creator_id bigint = NULL', 'current_value float8, previous_value float8, delta_percent float8, p_value float8', 'stable restricted'),
  ('public.benchmark_creator', 'f', 'creator_id bigint = NULL, metric text = ''engagement_rate'', start_date timestamptz = NULL, end_date timestamptz = NULL, peers text = ''category'', min_peers integer = 5',
   'metric text, value float8, percentile float8, rank bigint, p25 float8, median float8, p75 float8, share_percent float8, peers bigint', 'stable restricted'),
  ('public.suspicious_viewers', 'f', 'start_date timestamptz = NULL, end_date timestamptz = NULL, creator_id bigint = NULL, max_views_per_minute integer = 30, max_same_content_per_day integer = 50',
   'viewer_key bigint, user_id bigint, session_id bigint, reasons text[], events bigint, views bigint, peak_per_minute bigint, contents bigint', 'stable restricted'),
  ('public.define_cohort', 'f', 'name text, rule jsonb', 'void', 'volatile unsafe'),
  ('public.cohort', 'f', 'name text', 'viewer_set', 'stable restricted'),
  ('public.cohort_metrics', 'f', 'name text, start_date timestamptz = NULL, end_date timestamptz = NULL',
   'total_views bigint, unique_viewers bigint, total_watch_time float8, average_watch_time float8, completion_rate float8, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint, '
   'engagement_rate float8, average_engagement_score float8', 'stable restricted'),
  ('public.define_experiment', 'f', 'name text, variants text[], weights float8[] = NULL, seed text = NULL, coverage float8 = 1, alpha float8 = 0.05, tuning float8 = 5000', 'void', 'volatile unsafe'),
  ('public.create_boost_campaign', 'f', 'content_id bigint, budget numeric, currency text, cost_per_impression numeric = 0, cost_per_click numeric = 0, starts_at timestamptz = now(), ends_at timestamptz = NULL, daily_budget numeric = NULL, time_zone text = ''UTC'', holdout_percent float8 = 0, conversion text = ''click'', conversion_value numeric = NULL, within interval = ''7 days''', 'bigint', 'volatile unsafe'),
  ('public.set_boost_budget', 'f', 'campaign_id bigint, budget numeric', 'void', 'volatile unsafe'),
  ('public.stop_boost_campaign', 'f', 'campaign_id bigint', 'void', 'volatile unsafe'),
  ('public.charge_boost', 'f', 'campaign_id bigint, event_id uuid, kind text, user_id bigint = NULL, session_id bigint = NULL, charged_at timestamptz = now()', 'status text, amount numeric, budget_left numeric', 'volatile unsafe'),
  ('public.campaign_analytics', 'f', 'campaign_id bigint, start_date timestamptz = NULL, end_date timestamptz = NULL, as_of timestamptz = NULL', 'campaign_id bigint, status text, currency text, budget numeric, spend numeric, budget_left numeric, impressions bigint, clicks bigint, click_rate float8, viewers bigint, views bigint, conversions bigint, cost_per_mille numeric, cost_per_click numeric, cost_per_view numeric, cost_per_conversion numeric, roas numeric, held_out bigint, incremental_conversions float8, incremental_lower float8, incremental_upper float8, lift_percent float8, p_value float8, srm_p_value float8', 'stable restricted'),
  ('public.boost_revenue', 'f', 'start_date timestamptz = NULL, end_date timestamptz = NULL, bucket text = ''month'', time_zone text = ''UTC'', creator_id bigint = NULL', 'bucket_start timestamptz, bucket_end timestamptz, currency text, charges numeric, credits numeric, revenue numeric', 'stable restricted'),
  ('public.credit_boost', 'f', 'campaign_id bigint, event_id uuid = NULL, amount numeric = NULL, reason text = NULL', 'numeric', 'volatile unsafe'),
  ('public.assign_variant', 'f', 'name text, unit text', 'text', 'stable restricted'),
  ('public.record_exposure', 'f', 'experiment text, user_id bigint = NULL, session_id bigint = NULL, variant text = NULL, exposed_at timestamptz = now()', 'text', 'volatile unsafe'),
  ('public.experiment_results', 'f', 'name text, metrics text[], method text = ''sequential'', cuped boolean = true, lookback interval = ''14 days'', within interval = NULL, winsorize float8 = NULL, correction text = ''holm'', as_of timestamptz = NULL',
   'metric text, variant text, units bigint, mean float8, diff float8, lower float8, upper float8, p_value float8, p_adjusted float8, lift_percent float8, lift_lower_percent float8, lift_upper_percent float8, '
   'chance_to_beat float8, expected_loss float8, theta float8, variance_reduction_percent float8, srm_p_value float8, multiple_exposures bigint, warnings text[]', 'stable restricted'),
  ('public.metric_trend', 'f', 'metric text, start_date timestamptz = NULL, end_date timestamptz = NULL, '
   'bucket text = ''day'', time_zone text = ''UTC'', content_id bigint = NULL, creator_id bigint = NULL',
   'n bigint, slope float8, intercept float8, r2 float8, p_value float8, sen_slope float8, mk_z float8, mk_p float8, direction text', 'stable restricted'),
  ('public.metric_forecast', 'f', 'metric text, start_date timestamptz = NULL, end_date timestamptz = NULL, '
   'bucket text = ''day'', time_zone text = ''UTC'', horizon integer = 14, method text = ''auto'', content_id bigint = NULL, creator_id bigint = NULL',
   'bucket_start timestamptz, forecast float8, lower float8, upper float8, method text, mase float8', 'stable restricted'),
  ('public.viewer_retention', 'f', 'start_date timestamptz = NULL, end_date timestamptz = NULL, bucket text = ''week'', time_zone text = ''UTC'', periods integer = 12, '
   'kind text = ''first_time'', creator_id bigint = NULL, as_of timestamptz = NULL',
   'cohort timestamptz, period integer, cohort_size bigint, retained bigint, rate float8, lower float8, upper float8', 'stable restricted'),
  ('public.viewer_lifecycle', 'f', 'start_date timestamptz = NULL, end_date timestamptz = NULL, bucket text = ''day'', time_zone text = ''UTC'', creator_id bigint = NULL',
   'bucket_start timestamptz, new_viewers bigint, returning_viewers bigint, resurrecting_viewers bigint, dormant_viewers bigint', 'stable restricted'),
  ('public.stickiness', 'f', 'as_of timestamptz = NULL, time_zone text = ''UTC'', creator_id bigint = NULL', 'dau bigint, wau bigint, mau bigint, ratio float8', 'stable restricted'),
  ('public.funnel', 'f', 'steps text[], start_date timestamptz = NULL, end_date timestamptz = NULL, within interval = ''24:00:00'', scope text = ''any'', creator_id bigint = NULL',
   'step integer, name text, viewers bigint, rate_from_start float8, rate_from_previous float8, dropped bigint, median_seconds float8', 'stable restricted'),
  ('public.attribution', 'f', 'conversion text = ''click'', touches text[] = ''{view}'', start_date timestamptz = NULL, end_date timestamptz = NULL, model text = ''linear'', lookback interval = ''30 days'', half_life interval = ''7 days'', key text = ''content'', creator_id bigint = NULL',
   'key text, touches bigint, conversions float8, share_percent float8', 'stable restricted'),
  ('public.attribution_weights', 'f', 'model text, touched_at timestamptz[], converted_at timestamptz, half_life interval = ''7 days''', 'float8[]', 'immutable safe'),
  ('public.path_attribution', 'f', 'paths jsonb, model text = ''markov''', 'key text, conversions float8, removal_effect float8', 'immutable safe'),
  ('public.window_funnel', 'a', 'within interval, mode text, at timestamptz, VARIADIC conditions boolean[]', 'integer', 'immutable safe'),
  ('public.batch_update_engagement_scores', 'f', 'everything boolean = false', 'bigint', 'volatile unsafe'),
  ('public.current_creator_id', 'f', '', 'bigint', 'stable safe');

-- Statistics
INSERT INTO promise (name, kind, arguments, results, labels) VALUES
  ('public.wilson_interval', 'f', 'successes bigint, n bigint, level float8 = 0.95', 'lower float8, upper float8', 'immutable safe'),
  ('public.welch_test', 'f', 'n_a bigint, mean_a float8, variance_a float8, n_b bigint, mean_b float8, variance_b float8, level float8 = 0.95',
   'diff float8, se float8, t float8, df float8, lower float8, upper float8, p_value float8', 'immutable safe'),
  ('public.two_proportion_test', 'f', 'successes_a bigint, n_a bigint, successes_b bigint, n_b bigint, level float8 = 0.95',
   'diff float8, lower float8, upper float8, z float8, p_value float8', 'immutable safe'),
  ('public.srm_test', 'f', 'observed bigint[], weights float8[] = NULL', 'chi2 float8, df float8, p_value float8', 'immutable safe'),
  ('public.confidence_sequence', 'f', 'diff float8, se float8, n bigint, alpha float8 = 0.05, tuning float8 = 5000', 'lower float8, upper float8, p_value float8', 'immutable safe'),
  ('public.chance_to_beat', 'f', 'diff float8, se float8, level float8 = 0.95', 'chance float8, expected_loss float8, lower float8, upper float8', 'immutable safe'),
  ('public.experiment_bucket', 'f', 'seed text, unit text', 'float8', 'immutable safe strict'),
  ('public.p_adjust', 'f', $$p_values float8[], method text = 'holm'$$, 'float8[]', 'immutable safe'),
  ('public.sample_size', 'f', 'mean_a float8, mean_b float8, variance float8 = NULL, power float8 = 0.8, alpha float8 = 0.05', 'bigint', 'immutable safe'),
  ('public.forecast', 'f', $$series float8[], horizon integer, method text = 'auto', season integer = NULL, alpha float8 = NULL, beta float8 = NULL, gamma float8 = NULL, level float8 = 0.95$$,
   'step integer, forecast float8, lower float8, upper float8', 'immutable safe');

-- Text graphics
INSERT INTO promise (name, kind, arguments, results, labels) VALUES
  ('public.bar', 'f', 'value float8, max float8, width integer = 20', 'text', 'stable safe'),
  ('public.sparkline', 'f', 'series float8[]', 'text', 'stable safe');

-- Operation
INSERT INTO promise (name, kind, arguments, results, labels) VALUES
  ('explore_analytics.install', 'p', 'owner name = NULL', '', 'volatile unsafe'),
  ('explore_analytics.uninstall', 'p', 'drop_data boolean = false', '', 'volatile unsafe'),
  ('explore_analytics.unschedule_jobs', 'f', '', NULL, 'volatile unsafe'),
  ('explore_analytics.schedule_jobs', 'f', $$rescore text = '0 * * * *', refresh text = '* * * * *'$$, NULL, 'volatile unsafe'),
  ('explore_analytics.grant_access', 'f', 'role name, may text', NULL, 'volatile unsafe'),
  ('explore_analytics.create_roles', 'p', $$prefix text = 'explore'$$, '', 'volatile unsafe'),
  ('explore_analytics.set_identity', 'f', 'login name, creator_id bigint', NULL, 'volatile unsafe'),
  ('explore_analytics.ensure_partitions', 'f', 'from_date date, to_date date', NULL, 'volatile unsafe'),
  ('explore_analytics.refresh', 'p', 'min_rows bigint = 0', '', 'volatile unsafe'),
  ('explore_analytics.compact', 'p', '', '', 'volatile unsafe'),
  ('explore_analytics.run_forever', 'p', $$pause interval = '00:00:01'$$, '', 'volatile unsafe'),
  ('explore_analytics.apply_retention', 'p', 'keep interval', '', 'volatile unsafe'),
  ('explore_analytics.verify', 'f', 'start_date timestamptz = NULL, end_date timestamptz = NULL',
   'scope text, id bigint, range_start timestamptz, range_end timestamptz, problem text, stored bigint, raw bigint', 'stable unsafe'),
  ('explore_analytics.rebuild', 'f', 'start_date timestamptz = NULL, end_date timestamptz = NULL', 'bigint', 'volatile unsafe'),
  ('explore_analytics.check_ledger', 'f', '', 'low bigint, high bigint, recorded bigint, found bigint', 'stable restricted'),
  ('explore_analytics.require_good_ledger', 'f', '', 'void', 'stable unsafe'),
  ('explore_analytics.exclude_traffic', 'f', 'user_id bigint = NULL, session_id bigint = NULL, reason text = NULL', 'bigint', 'volatile unsafe'),
  ('explore_analytics.restore_traffic', 'f', 'user_id bigint = NULL, session_id bigint = NULL', 'bigint', 'volatile unsafe'),
  ('explore_analytics.forget_viewer', 'f', 'user_id bigint', 'bigint', 'volatile unsafe'),
  ('explore_analytics.export_viewer', 'f', 'user_id bigint', 'jsonb', 'volatile unsafe'),
  ('explore_analytics.health_check', 'f', '', 'check_name text, status text, detail text, fix text', 'stable restricted'),
  ('explore_analytics.current_epoch', 'f', '', 'bigint', 'stable unsafe');

-- One function answers to a name: an overload would make a call with an untyped literal ambiguous.
-- engagement_score is three things by contract: of counts, of a summary, of raw rows.
SELECT is((SELECT count(*)::int FROM pg_proc p WHERE p.pronamespace || '.' || p.proname = q.ns || '.' || q.name),
          CASE q.name WHEN 'engagement_score' THEN 3 ELSE 1 END, format('%s.%s exists, %s', q.schema, q.name, CASE q.name WHEN 'engagement_score' THEN 'three times' ELSE 'once' END))
FROM (SELECT DISTINCT split_part(name, '.', 1) AS schema, split_part(name, '.', 1)::regnamespace::oid AS ns, split_part(name, '.', 2) AS name FROM promise) q ORDER BY q.schema, q.name;

CREATE TEMP VIEW found AS
SELECT p.*, f.oid AS f FROM promise p
JOIN pg_proc f ON f.pronamespace = split_part(p.name, '.', 1)::regnamespace AND f.proname = split_part(p.name, '.', 2) AND f.prokind = p.kind::"char"
  AND (p.name <> 'public.engagement_score' OR p.kind = 'a' OR (f.pronargs = 1) = (p.arguments LIKE 'summary%'));
-- The contract gives ensure_partitions no defaults; the jobs want some.
SELECT is(CASE WHEN name = 'explore_analytics.ensure_partitions' THEN replace(pg_temp.arguments(f), ' = NULL', '') ELSE pg_temp.arguments(f) END,
          arguments, name || ': arguments, types and defaults') FROM found ORDER BY n;
SELECT is(pg_temp.results(f), results, name || ': results and types') FROM found WHERE results <> '' ORDER BY n;
SELECT is(pg_temp.labels(f), labels, name || ': volatility and parallel label') FROM found ORDER BY n;
SELECT is((SELECT count(*) FROM found), (SELECT count(*) FROM promise), 'every promise was looked at');

-- Named arguments, in any order.
SELECT lives_ok($$SELECT * FROM metric_series(time_zone => 'Asia/Dubai', metric => 'views', creator_id => 1, end_date => '2025-02-01', start_date => '2025-01-01', bucket => 'week')$$, 'arguments can be named');

-- What shares names between arguments and results cannot be plpgsql.
SELECT is_empty($$SELECT f::regproc FROM pg_temp.found JOIN pg_proc p ON p.oid = f JOIN pg_language l ON l.oid = p.prolang
  WHERE l.lanname NOT IN ('c', 'sql', 'internal') AND name LIKE 'public.%'$$, 'the functions of the extension''s schema are in C or SQL');
SELECT is_empty($$
  SELECT p.oid::regprocedure, t.typname
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'explore_analytics' AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
  JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.pronamespace = 'public'::regnamespace,
  LATERAL (SELECT p.prorettype AS type UNION SELECT a FROM unnest(p.proallargtypes) WITH ORDINALITY x(a, n) WHERE p.proargmodes[n] IN ('t', 'o', 'b')) c
  JOIN pg_type t ON t.oid = c.type
  WHERE t.typtype IN ('c', 'r', 'm') OR t.oid = 'interval'::regtype$$, 'no public function returns interval, range or composite columns');
SELECT is_empty($$SELECT name FROM pg_temp.found JOIN pg_proc p ON p.oid = f
  WHERE p.proisstrict AND (arguments ~ '(content_id|creator_id|video_id|session_id|user_id|period|metric|engagements|start_date)' )$$,
  'no function that reads or writes tables is STRICT: a NULL id is an error, a NULL option its default');

-- The operators.
SELECT has_operator('engagement_summary', '+', 'engagement_summary', 'engagement_summary', 'summary + summary');
SELECT has_operator('viewer_set', o, 'viewer_set', 'viewer_set', 'viewer_set ' || o || ' viewer_set') FROM unnest(ARRAY['|', '&', '-']) o;
SELECT has_operator('viewer_set', o, 'viewer_set', 'boolean', 'viewer_set ' || o || ' viewer_set') FROM unnest(ARRAY['@>', '=']) o;
SELECT is((SELECT oprcom FROM pg_operator WHERE oprname = '+' AND oprleft = 'engagement_summary'::regtype), (SELECT oid FROM pg_operator WHERE oprname = '+' AND oprleft = 'engagement_summary'::regtype), '+ is its own commutator');
SELECT enum_has_labels('engagement_type', ARRAY['view', 'save', 'share', 'click', 'skip', 'complete', 'impression', 'progress']);
SELECT is_empty($$SELECT aggfnoid FROM pg_aggregate WHERE aggfnoid IN (SELECT f FROM pg_temp.found WHERE kind = 'a') AND (aggcombinefn = 0 OR aggfinalmodify <> 'r' OR aggmfinalmodify <> 'r')$$,
  'every aggregate can combine, and its final function only reads');

-- The tables: columns and types, as far as the contract names them.
CREATE TEMP TABLE promised_column (relation text, columns text);
INSERT INTO promised_column VALUES
  ('explore_content', 'id bigint, creator_id bigint, content_type text, title text, category text, area text, country text, tags text[], created_at timestamptz, updated_at timestamptz, view_count bigint, engagement_score float8, is_active boolean'),
  ('explore_discovery_videos', 'id bigint, content_id bigint, duration_ms integer, video_url text, thumbnail_url text, created_at timestamptz, total_views bigint, total_watch_time_ms bigint, completion_rate float8, save_count bigint, share_count bigint, click_count bigint, scored_at timestamptz'),
  ('explore_engagements', 'id bigint, content_id bigint, user_id bigint, session_id bigint, engagement_type engagement_type, watch_time_ms integer, completed boolean, created_at timestamptz, event_id uuid, metadata jsonb, epoch bigint'),
  ('explore_feed_sessions', 'id bigint, user_id bigint, session_start timestamptz, session_end timestamptz, device_type text, platform text, app_version text, country text, region text, city text, traffic_source text, attributes jsonb'),
  ('explore_saved_properties', 'user_id bigint, content_id bigint, saved_at timestamptz'),
  ('explore_boost_campaigns', 'campaign_id bigint, content_id bigint, creator_id bigint, budget numeric, currency text, cost_per_impression numeric, cost_per_click numeric, starts_at timestamptz, ends_at timestamptz, daily_budget numeric, time_zone text, holdout_percent float8, conversion text, conversion_value numeric, within interval, created_at timestamptz, stopped_at timestamptz, spend numeric'),
  ('explore_boost_ledger', 'campaign_id bigint, event_id uuid, entry text, kind text, amount numeric, user_id bigint, session_id bigint, charged_at timestamptz, recorded_at timestamptz, reason text'),
  ('explore_exposures', 'experiment text, viewer_key bigint, variant text, exposed_at timestamptz'),
  ('explore_excluded_engagements', 'id bigint, content_id bigint, user_id bigint, session_id bigint, engagement_type engagement_type, watch_time_ms integer, completed boolean, created_at timestamptz, event_id uuid, metadata jsonb, epoch bigint, reason text, excluded_at timestamptz'),
  ('explore_viewers', 'user_id bigint, birth_year integer, gender text, country text, region text, city text, language text, created_at timestamptz'),
  ('explore_video_daily', 'day date, bucket timestamptz, video_id bigint, content_id bigint, creator_id bigint, title text, category text, area text, views bigint, unique_viewers bigint, watch_time float8, completions bigint, completion_rate float8, saves bigint, save_rate float8, shares bigint, clicks bigint, skips bigint, impressions bigint, engagement_rate float8, engagement_score float8'),
  ('explore_creator_daily', 'day date, bucket timestamptz, creator_id bigint, views bigint, unique_viewers bigint, watch_time float8, completions bigint, completion_rate float8, saves bigint, save_rate float8, shares bigint, clicks bigint, skips bigint, impressions bigint, engagement_rate float8, engagement_score float8'),
  ('explore_platform_daily', 'day date, bucket timestamptz, views bigint, unique_viewers bigint, watch_time float8, completions bigint, completion_rate float8, saves bigint, save_rate float8, shares bigint, clicks bigint, skips bigint, impressions bigint, engagement_rate float8, engagement_score float8'),
  ('explore_leaderboard', 'rank bigint, content_id bigint, video_id bigint, creator_id bigint, title text, views bigint, completion_rate float8, engagement_score float8, scored_at timestamptz');
SELECT is((SELECT string_agg(attname || ' ' || pg_temp.short(atttypid), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = relation::regclass AND attnum > 0 AND NOT attisdropped
             AND position(', ' || attname || ' ' IN ', ' || columns) > 0), columns, relation || ': columns and types') FROM promised_column;
SELECT is((SELECT string_agg(attname || ' ' || pg_get_expr(adbin, adrelid), ', ' ORDER BY attnum) FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
           WHERE attrelid = 'explore_engagements'::regclass AND attname IN ('watch_time_ms', 'completed', 'created_at') AND attnotnull), 'watch_time_ms 0, completed false, created_at now()', 'explore_engagements: defaults and NOT NULL');
SELECT is((SELECT array_agg(attrelid::regclass::text ORDER BY attrelid::regclass::text) FROM pg_attribute WHERE attidentity = 'd' AND attrelid::regclass::text LIKE 'explore\_%' AND attname = 'id' AND attrelid IN (SELECT oid FROM pg_class WHERE NOT relispartition)),
  ARRAY['explore_content', 'explore_discovery_videos', 'explore_engagements', 'explore_feed_sessions'], 'identity columns are GENERATED BY DEFAULT');
SELECT is((SELECT relkind::text FROM pg_class WHERE oid = 'explore_engagements'::regclass), 'p', 'explore_engagements is partitioned');
SELECT is_empty($$SELECT conname FROM pg_constraint WHERE conrelid = 'explore_engagements'::regclass AND contype IN ('p', 'u', 'f')$$, 'explore_engagements has no primary key, unique or foreign key');
SELECT is((SELECT relkind::text FROM pg_class WHERE oid = relation::regclass), 'v', relation || ' is a plain view') FROM promised_column WHERE relation ~ '(daily|leaderboard)$';
SELECT ok((SELECT 'security_barrier=true' = ANY (reloptions) FROM pg_class WHERE oid = relation::regclass), relation || ' is a security_barrier view') FROM promised_column WHERE relation ~ '(daily|leaderboard)$';
SELECT is_empty($$SELECT relname FROM pg_class WHERE relkind = 'm'$$, 'behind the leaderboard: no materialized view');
SELECT * FROM finish();
ROLLBACK;
