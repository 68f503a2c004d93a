-- Functions that reach the tables, and everything of administration, are nobody's until granted.
-- Pure functions, those that views evaluate as their reader, and harmless look-ups stay public.
-- Functions that an update finds have been through this. A REVOKE in a script makes what is granted by then the
-- extension's own privileges, which pg_dump leaves out: it would lose what users have granted since.
DO $$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT w.signature FROM (
      SELECT d.signature FROM explore_analytics.doors() d
      UNION
      SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p
      WHERE p.pronamespace = 'explore_analytics'::regnamespace AND p.proname NOT IN
          ('sees_all', 'may_read', 'version', 'layout_version', 'metric_value', 'home', 'require_installed', 'require_cron', 'jobs', 'current_epoch', 'is_counted', 'rate_limit_counters',
           'checks', 'checks_of_rollups', 'checks_of_tables', 'checks_of_jobs', 'schedule_gap', 'run_checks')) w
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_init_privs i WHERE i.classoid = 'pg_catalog.pg_proc'::regclass AND i.objoid = w.signature)
  LOOP
    EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', item.signature);
  END LOOP;
END $$;
