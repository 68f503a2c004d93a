CREATE OR REPLACE FUNCTION explore_analytics.release_type() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT c.table_name, c.column_name FROM explore_analytics.layout_columns() c WHERE c.column_type = '{s}.engagement_type' LOOP
    EXECUTE explore_analytics.in_home(format('ALTER TABLE IF EXISTS {s}.%I ALTER COLUMN %I TYPE text', item.table_name, item.column_name));
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.release_type() IS 'Internal: turns the types of events into text, so that they outlive the extension.';

CREATE OR REPLACE PROCEDURE explore_analytics.uninstall(drop_data boolean DEFAULT false)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home text := explore_analytics.home();
  owner name := (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', home)));
  item record;
BEGIN
  PERFORM explore_analytics.require_installed();
  IF NOT coalesce(drop_data, false) THEN
    PERFORM explore_analytics.as_owner(owner, 'put_aside');
  END IF;
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    PERFORM explore_analytics.unschedule_jobs();
  END IF;
  -- Before the events, as refreshes do.
  IF to_regclass('explore_analytics.rollup_state') IS NOT NULL THEN
    LOCK TABLE explore_analytics.rollup_state IN EXCLUSIVE MODE;
  END IF;
  PERFORM explore_analytics.uninstall_rollups();
  FOR item IN SELECT * FROM explore_analytics.relations() r WHERE r.role IN ('view', 'status', 'derived', 'key', 'rollup', 'trust')
              ORDER BY r.role IN ('view', 'status') DESC, r.relation = to_regclass('explore_analytics.epoch_holders') LOOP
    EXECUTE format('DROP %s %s', item.kind, item.relation);
  END LOOP;
  IF coalesce(drop_data, false) THEN
    FOR item IN SELECT * FROM explore_analytics.layout_tables() LOOP
      EXECUTE explore_analytics.in_home(format('DROP TABLE {s}.%I', item.table_name));
    END LOOP;
  ELSE
    PERFORM explore_analytics.as_owner(owner, 'release_type');
  END IF;
END $$;
COMMENT ON PROCEDURE explore_analytics.uninstall(boolean) IS
  'Drops our views, keys, rollups and jobs and turns engagement_type into text, so that DROP EXTENSION leaves the data alone; install() adopts the tables again. The audit log, the identities of logins, the rules of cohorts, the definitions of experiments, the list of excluded viewers and the days of boost campaigns stay as explore_audit_log, explore_identities, explore_cohorts, explore_experiments, explore_excluded_viewers and explore_boost_days. drop_data: drops the tables and these, too. Error 55000 without drop_data where raw events were dropped, which only the rollups remember. Never commits by itself.';
