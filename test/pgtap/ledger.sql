-- The ledger: what belongs to the extension, word for word, and what install() makes. Something that is
-- missing here was added by mistake; something that is missing there was lost.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION explore_analytics;
CREATE TABLE public.relations_before AS
  SELECT oid FROM pg_class;
CALL explore_analytics.install();
BEGIN;
SELECT plan(11);

-- An array type comes with its elements; since 17 it is a member, too.
CREATE TEMP VIEW member AS
SELECT d.classid, d.objid, d.objsubid, i.type || ' ' || replace(i.identity, 'pg_catalog.', '') AS entry
FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'explore_analytics',
     LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
WHERE d.deptype = 'e' AND NOT (d.classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type t WHERE t.typarray = d.objid));
CREATE TEMP TABLE ledger AS SELECT entry FROM unnest(string_to_array($ledger$
aggregate public.engagement_agg(public.engagement_type,bigint,integer,boolean)
aggregate public.engagement_score(public.engagement_type,boolean)
aggregate public.rollup(public.engagement_summary)
aggregate public.viewer_set_agg(bigint)
aggregate public.window_funnel(interval,text,timestamp with time zone,boolean[])
function explore_analytics.active_days()
function explore_analytics.adopt_table(text)
function explore_analytics.as_owner(name,text,text)
function explore_analytics.attach_month(date)
function explore_analytics.attach_partition(date)
function explore_analytics.audit(text,text,text)
function explore_analytics.begin_rollups(boolean)
function explore_analytics.bring_back(bigint,bigint)
function explore_analytics.boost_faults(timestamp with time zone)
function explore_analytics.bucket_bounds(timestamp with time zone,timestamp with time zone,text)
function explore_analytics.check_ledger()
function explore_analytics.checks()
function explore_analytics.checks_of_jobs()
function explore_analytics.checks_of_rollups()
function explore_analytics.checks_of_tables()
function explore_analytics.content_counters(bigint[],timestamp with time zone,timestamp with time zone)
function explore_analytics.content_summaries(bigint[],timestamp with time zone,timestamp with time zone)
function explore_analytics.contents_to_rescore()
function explore_analytics.current_epoch()
function explore_analytics.daily_conditions(internal)
function explore_analytics.daily_numbers(smallint,date,date,timestamp with time zone,timestamp with time zone,date[],bigint,bigint[],bigint,integer)
function explore_analytics.day_summary(smallint,bigint,timestamp with time zone,public.engagement_summary)
function explore_analytics.default_partition()
function explore_analytics.doors()
function explore_analytics.drop_partition(regclass,bigint)
function explore_analytics.drop_retired_indexes(regclass)
function explore_analytics.empty_rollups(text)
function explore_analytics.ensure_partitions(date,date)
function explore_analytics.export_viewer(bigint)
function explore_analytics.exclude_traffic(bigint,bigint,text)
function explore_analytics.forget_viewer(bigint)
function explore_analytics.first_month(timestamp with time zone)
function explore_analytics.fill_leaderboard()
function explore_analytics.forget_sessions()
function explore_analytics.grant_access(name,text)
function explore_analytics.has_strays(date)
function explore_analytics.health_check()
function explore_analytics.grant_doors(name,text[])
function explore_analytics.hold_to_2000(regclass)
function explore_analytics.home()
function explore_analytics.in_home(text)
function explore_analytics.index_is_good(regclass,regclass)
function explore_analytics.install_keys()
function explore_analytics.install_owner(name)
function explore_analytics.install_partitions()
function explore_analytics.install_rate_limits()
function explore_analytics.install_replica_identities()
function explore_analytics.install_rollup_indexes(text)
function explore_analytics.install_rollups()
function explore_analytics.install_status_views()
function explore_analytics.install_table(text)
function explore_analytics.install_triggers()
function explore_analytics.install_truncate_guard(regclass)
function explore_analytics.install_trust()
function explore_analytics.install_views()
function explore_analytics.jobs(text,text)
function explore_analytics.keep_entry()
function explore_analytics.layout_access()
function explore_analytics.layout_columns()
function explore_analytics.layout_constraints()
function explore_analytics.layout_content_triggers()
function explore_analytics.layout_daily_numbers()
function explore_analytics.layout_indexes()
function explore_analytics.layout_kept()
function explore_analytics.layout_roles()
function explore_analytics.layout_rollup_columns()
function explore_analytics.is_counted(public.engagement_type)
function explore_analytics.layout_rollup_indexes()
function explore_analytics.layout_rollups()
function explore_analytics.layout_status_columns()
function explore_analytics.layout_status_views()
function explore_analytics.layout_tables()
function explore_analytics.layout_triggers()
function explore_analytics.layout_trust()
function explore_analytics.layout_trust_columns()
function explore_analytics.layout_version()
function explore_analytics.layout_view_columns()
function explore_analytics.layout_views()
function explore_analytics.load_while_planning(internal)
function explore_analytics.local_day(timestamp with time zone,text)
function explore_analytics.lock_sessions(bigint[])
function explore_analytics.lost_rollups()
function explore_analytics.make_partitions(date,date)
function explore_analytics.may_read(bigint,bigint)
function explore_analytics.metric_value(text,public.engagement_summary)
function explore_analytics.migrate_rollups()
function explore_analytics.missing_relations()
function explore_analytics.month_start(date)
function explore_analytics.note_creators()
function explore_analytics.note_limits()
function explore_analytics.note_sessions()
function explore_analytics.offending_column(regclass,text)
function explore_analytics.older_views(bigint[])
function explore_analytics.owner_checks(interval)
function explore_analytics.prune_keys()
function explore_analytics.raw_partitions()
function explore_analytics.rate_limit_counters()
function explore_analytics.put_aside()
function explore_analytics.put_identity(jsonb)
function explore_analytics.reads_without_identity()
function explore_analytics.rebuild(timestamp with time zone,timestamp with time zone)
function explore_analytics.refuse_change()
function explore_analytics.refuse_truncate()
function explore_analytics.relations()
function explore_analytics.release_type()
function explore_analytics.require_cron()
function explore_analytics.require_good_ledger()
function explore_analytics.require_installed()
function explore_analytics.restore_traffic(bigint,bigint)
function explore_analytics.run_checks(boolean,boolean,interval)
function explore_analytics.schedule_gap(text)
function explore_analytics.schedule_jobs(text,text)
function explore_analytics.sees_all()
function explore_analytics.sees_every_creator()
function explore_analytics.sequences_behind()
function explore_analytics.set_identity(name,bigint)
function explore_analytics.tail_days(smallint)
function explore_analytics.uninstall_rollups()
function explore_analytics.viewer_digest(bigint)
function explore_analytics.take_back()
function explore_analytics.unschedule_jobs()
function explore_analytics.verify(timestamp with time zone,timestamp with time zone)
function explore_analytics.version()
function explore_analytics.wait_for_rollups(date,date)
function explore_analytics.write_audit(jsonb)
function explore_analytics.wrong_triggers()
function public.aggregated_metrics(text,bigint,timestamp with time zone)
function public.assign_variant(text,text)
function public.attribution(text,text[],timestamp with time zone,timestamp with time zone,text,interval,interval,text,bigint)
function public.attribution_weights(text,timestamp with time zone[],timestamp with time zone,interval)
function public.audience_breakdown(text,timestamp with time zone,timestamp with time zone,bigint,bigint,integer)
function public.average_watch_time(public.engagement_summary)
function public.bar(double precision,double precision,integer)
function public.batch_update_engagement_scores(boolean)
function public.benchmark_creator(bigint,text,timestamp with time zone,timestamp with time zone,text,integer)
function public.cardinality(public.viewer_set)
function public.charge_boost(bigint,uuid,text,bigint,bigint,timestamp with time zone)
function public.chance_to_beat(double precision,double precision,double precision)
function public.click_rate(public.engagement_summary)
function public.clicks(public.engagement_summary)
function public.close_idle_sessions(interval)
function public.close_session(bigint,timestamp with time zone)
function public.cohort(text)
function public.cohort_metrics(text,timestamp with time zone,timestamp with time zone)
function public.compare_periods(text,timestamp with time zone,timestamp with time zone,bigint)
function public.compare_video(bigint,timestamp with time zone,timestamp with time zone,text)
function public.completion_rate(public.engagement_summary)
function public.completions(public.engagement_summary)
function public.concurrent_viewers(bigint,interval,timestamp with time zone)
function public.confidence_sequence(double precision,double precision,bigint,double precision,double precision)
function public.content_summary(bigint,timestamp with time zone,timestamp with time zone)
function public.boost_revenue(timestamp with time zone,timestamp with time zone,text,text,bigint)
function public.campaign_analytics(bigint,timestamp with time zone,timestamp with time zone,timestamp with time zone)
function public.create_boost_campaign(bigint,numeric,text,numeric,numeric,timestamp with time zone,timestamp with time zone,numeric,text,double precision,text,numeric,interval)
function public.credit_boost(bigint,uuid,numeric,text)
function public.set_boost_budget(bigint,numeric)
function public.stop_boost_campaign(bigint)
function public.create_session(bigint,jsonb)
function public.creator_analytics(bigint,timestamp with time zone,timestamp with time zone)
function public.creator_dashboard(bigint,text,timestamp with time zone)
function public.creator_summary(bigint,timestamp with time zone,timestamp with time zone)
function public.current_creator_id()
function public.define_cohort(text,jsonb)
function public.define_experiment(text,text[],double precision[],text,double precision,double precision,double precision)
function public.engagement_agg_step(public.engagement_summary,public.engagement_type,bigint,integer,boolean)
function public.engagement_rate(public.engagement_summary)
function public.engagement_score(bigint,bigint,bigint,bigint,bigint,bigint)
function public.engagement_score(public.engagement_summary)
function public.engagement_score_final(public.engagement_summary)
function public.engagement_score_step(public.engagement_summary,public.engagement_type,boolean)
function public.engagement_summary_add(public.engagement_summary,public.engagement_summary)
function public.engagement_summary_final(public.engagement_summary)
function public.engagement_summary_in(cstring)
function public.engagement_summary_out(public.engagement_summary)
function public.engagement_summary_recv(internal)
function public.engagement_summary_send(public.engagement_summary)
function public.engagement_summary_step(public.engagement_summary,public.engagement_summary)
function public.experiment_bucket(text,text)
function public.experiment_results(text,text[],text,boolean,interval,interval,double precision,text,timestamp with time zone)
function public.forecast(double precision[],integer,text,integer,double precision,double precision,double precision,double precision)
function public.from_roaring(bytea)
function public.identify_session(bigint,bigint)
function public.funnel(text[],timestamp with time zone,timestamp with time zone,interval,text,bigint)
function public.impressions(public.engagement_summary)
function public.live_metrics(integer,bigint,bigint,timestamp with time zone)
function public.metric_forecast(text,timestamp with time zone,timestamp with time zone,text,text,integer,text,bigint,bigint)
function public.metric_series(text,timestamp with time zone,timestamp with time zone,text,text,bigint,bigint)
function public.metric_trend(text,timestamp with time zone,timestamp with time zone,text,text,bigint,bigint)
function public.my_analytics_dashboard(text,timestamp with time zone)
function public.p_adjust(double precision[],text)
function public.path_attribution(jsonb,text)
function public.platform_summary(timestamp with time zone,timestamp with time zone)
function public.record_engagement(bigint,text,bigint,bigint,double precision,boolean,timestamp with time zone,uuid,jsonb)
function public.record_engagement_batch(jsonb,text)
function public.record_engagement_body(text,text)
function public.record_exposure(text,bigint,bigint,text,timestamp with time zone)
function public.retention_curve(bigint,timestamp with time zone,timestamp with time zone,integer)
function public.sample_size(double precision,double precision,double precision,double precision,double precision)
function public.save_rate(public.engagement_summary)
function public.saves(public.engagement_summary)
function public.session_analytics(bigint)
function public.shade(double precision,double precision,integer)
function public.share_rate(public.engagement_summary)
function public.shares(public.engagement_summary)
function public.skip_rate(public.engagement_summary)
function public.skips(public.engagement_summary)
function public.sparkline(double precision[])
function public.srm_test(bigint[],double precision[])
function public.stickiness(timestamp with time zone,text,bigint)
function public.suspicious_viewers(timestamp with time zone,timestamp with time zone,bigint,integer,integer)
function public.to_roaring(public.viewer_set)
function public.top_videos(text,timestamp with time zone,timestamp with time zone,bigint,integer,bigint)
function public.total_engagements(public.engagement_summary)
function public.total_watch_time(public.engagement_summary)
function public.trending_content(interval,interval,integer,timestamp with time zone)
function public.two_proportion_test(bigint,bigint,bigint,bigint,double precision)
function public.unidentified_views(public.engagement_summary)
function public.unique_viewers(public.engagement_summary)
function public.video_analytics(bigint,timestamp with time zone,timestamp with time zone)
function public.videos_analytics(bigint[],timestamp with time zone,timestamp with time zone,bigint)
function public.viewer_keys(public.viewer_set)
function public.viewer_lifecycle(timestamp with time zone,timestamp with time zone,text,text,bigint)
function public.viewer_retention(timestamp with time zone,timestamp with time zone,text,text,integer,text,bigint,timestamp with time zone)
function public.viewer_set_agg_final(public.engagement_summary)
function public.viewer_set_agg_step(public.engagement_summary,bigint)
function public.viewer_set_contains(public.viewer_set,public.viewer_set)
function public.viewer_set_difference(public.viewer_set,public.viewer_set)
function public.viewer_set_eq(public.viewer_set,public.viewer_set)
function public.viewer_set_has(public.viewer_set,bigint)
function public.viewer_set_in(cstring)
function public.viewer_set_intersection(public.viewer_set,public.viewer_set)
function public.viewer_set_out(public.viewer_set)
function public.viewer_set_recv(internal)
function public.viewer_set_send(public.viewer_set)
function public.viewer_set_union(public.viewer_set,public.viewer_set)
function public.viewers(public.engagement_summary)
function public.views(public.engagement_summary)
function public.welch_test(bigint,double precision,double precision,bigint,double precision,double precision,double precision)
function public.wilson_interval(bigint,bigint,double precision)
function public.window_funnel_combine(internal,internal)
function public.window_funnel_deserialize(bytea,internal)
function public.window_funnel_final(internal)
function public.window_funnel_serialize(internal)
function public.window_funnel_step(internal,interval,text,timestamp with time zone,boolean[])
operator public.&(public.viewer_set,public.viewer_set)
operator public.+(public.engagement_summary,public.engagement_summary)
operator public.-(public.viewer_set,public.viewer_set)
operator public.=(public.viewer_set,public.viewer_set)
operator public.@>(public.viewer_set,bigint)
operator public.@>(public.viewer_set,public.viewer_set)
operator public.|(public.viewer_set,public.viewer_set)
procedure explore_analytics.apply_retention(interval)
procedure explore_analytics.compact()
procedure explore_analytics.create_roles(text)
procedure explore_analytics.install(name)
procedure explore_analytics.refresh(bigint)
procedure explore_analytics.run_forever(interval)
procedure explore_analytics.uninstall(boolean)
schema explore_analytics
type public.engagement_summary
type public.engagement_type
type public.viewer_set
$ledger$, E'\n')) entry WHERE entry <> '';

SELECT is_empty('SELECT entry FROM member EXCEPT SELECT entry FROM ledger', 'every member of the extension is in the ledger');
SELECT is_empty('SELECT entry FROM ledger EXCEPT SELECT entry FROM member', 'every entry of the ledger is a member of the extension');
SELECT is_empty($$SELECT entry FROM member WHERE classid = 'pg_class'::regclass$$, 'no relation is a member: tables are the user''s data');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace)
  AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'explore_analytics'))$$,
  'neither table nor view, index or sequence depends on the extension as a member');
SELECT is((SELECT extconfig FROM pg_extension WHERE extname = 'explore_analytics'), NULL, 'no configuration tables either');

-- What install() makes; partitions by month stand under one name.
CREATE TEMP TABLE made AS
SELECT DISTINCT CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
         WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index' WHEN 'I' THEN 'partitioned index' END || ' '
       || regexp_replace(n.nspname || '.' || c.relname, '_\d{4}_\d\d', '_YYYY_MM') AS entry
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid NOT IN (TABLE public.relations_before) AND c.oid <> 'public.relations_before'::regclass AND n.nspname IN ('public', 'explore_analytics');
SELECT bag_eq($$SELECT entry FROM made WHERE entry !~ '^(index|partitioned index) '$$, $$VALUES
  ('partitioned table public.explore_engagements'), ('table public.explore_engagements_YYYY_MM'), ('table public.explore_engagements_default'),
  ('sequence public.explore_engagements_id_seq'),
  ('table public.explore_content'), ('sequence public.explore_content_id_seq'),
  ('table public.explore_discovery_videos'), ('sequence public.explore_discovery_videos_id_seq'),
  ('table public.explore_feed_sessions'), ('sequence public.explore_feed_sessions_id_seq'),
  ('table public.explore_saved_properties'), ('table public.explore_exposures'), ('table public.explore_excluded_engagements'), ('table public.explore_boost_campaigns'), ('sequence public.explore_boost_campaigns_campaign_id_seq'), ('table public.explore_boost_ledger'), ('table public.explore_viewers'),
  ('view public.explore_video_daily'), ('view public.explore_creator_daily'), ('view public.explore_platform_daily'), ('view public.explore_leaderboard'),
  ('table explore_analytics.event_keys'), ('table explore_analytics.viewing_keys'),
  ('sequence explore_analytics.epoch_seq'), ('table explore_analytics.rollup_state'), ('table explore_analytics.rollup_totals'), ('table explore_analytics.rollup_buckets'),
  ('table explore_analytics.rollup_deltas'), ('table explore_analytics.rollup_ledger'), ('table explore_analytics.creator_changes'), ('table explore_analytics.rescores'), ('table explore_analytics.job_failures'),
  ('table explore_analytics.dropped_partitions'), ('table explore_analytics.session_rollups'), ('table explore_analytics.session_changes'), ('table explore_analytics.idle_runs'),
  ('table explore_analytics.rate_limits'), ('view explore_analytics.rate_limit_status'),
  ('table explore_analytics.audit_log'), ('sequence explore_analytics.audit_log_id_seq'), ('table explore_analytics.identities'), ('table explore_analytics.cohorts'), ('table explore_analytics.experiments'), ('table explore_analytics.excluded_viewers'), ('table explore_analytics.boost_days'),
  ('view explore_analytics.rollup_status'), ('view explore_analytics.refresh_progress'), ('view explore_analytics.epoch_holders')$$,
  'install() makes these relations and no others');
-- Months around now: three back, this one, three ahead; names and bounds agree.
SELECT results_eq($$SELECT c.relname::text COLLATE "C" FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'explore_engagements'::regclass ORDER BY 1$$,
  $$SELECT ('explore_engagements_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + m * interval '1 month', 'YYYY_MM')) COLLATE "C" FROM generate_series(-3, 3) m
    UNION ALL SELECT 'explore_engagements_default' ORDER BY 1$$, 'the partitions: three months back, this one, three ahead, and a default one');
-- Every access path of the events serves every partition: content, user, session, time, epoch.
SELECT is_empty($$
  SELECT p.inhrelid::regclass, wanted FROM pg_inherits p, unnest(ARRAY['content_id, created_at', 'user_id %', 'session_id', 'created_at', 'epoch']) wanted
  WHERE p.inhparent = 'explore_engagements'::regclass AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = p.inhrelid AND i.indisvalid AND pg_get_indexdef(i.indexrelid) LIKE '%(' || wanted || ')%')$$,
  'every partition has the five access paths');
SELECT isnt_empty($$SELECT 1 FROM pg_class WHERE relpersistence = 'p' AND oid = 'explore_engagements_default'::regclass$$, 'events are logged');

-- DROP EXTENSION must not take the data along silently.
SELECT throws_ok('DROP EXTENSION explore_analytics', '2BP01', NULL, 'DROP EXTENSION is refused while the tables use its type');
SELECT is((SELECT extversion FROM pg_extension WHERE extname = 'explore_analytics'), explore_analytics.version(), 'library and extension are of one version');
SELECT * FROM finish();
ROLLBACK;
