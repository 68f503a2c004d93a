-- Functions that reach the tables, and everything of administration, are nobody's until granted.
-- Pure functions, those that views evaluate as their reader, and harmless look-ups stay public.
DO $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT d.signature FROM explore_analytics.doors() d
    UNION
    SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'explore_analytics'::regnamespace AND p.proname NOT IN
        ('sees_all', 'version', 'metric_value', 'home', 'require_installed', 'require_cron', 'jobs', 'current_epoch', 'rate_limit_counters',
         'checks', 'checks_of_rollups', 'checks_of_tables', 'checks_of_jobs', 'schedule_gap', 'run_checks')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', item.signature);
  END LOOP;
END $$;
