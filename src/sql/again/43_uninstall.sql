CREATE OR REPLACE PROCEDURE explore_analytics.uninstall(drop_data boolean DEFAULT false)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home text := explore_analytics.home();
  item record;
BEGIN
  PERFORM explore_analytics.require_installed();
  IF to_regclass('cron.job') IS NOT NULL THEN
    PERFORM explore_analytics.unschedule_jobs();
  END IF;
  PERFORM explore_analytics.uninstall_rollups();
  FOR item IN SELECT * FROM explore_analytics.relations() r WHERE r.role IN ('view', 'status', 'derived', 'key', 'rollup', 'trust')
              ORDER BY r.role IN ('view', 'status') DESC, r.relation = to_regclass('explore_analytics.epoch_holders') LOOP
    EXECUTE format('DROP %s %s', item.kind, item.relation);
  END LOOP;
  IF coalesce(drop_data, false) THEN
    FOR item IN SELECT * FROM explore_analytics.layout_tables() LOOP
      PERFORM explore_analytics.ddl(format('DROP TABLE {s}.%I', item.table_name));
    END LOOP;
  ELSE
    PERFORM explore_analytics.ddl('ALTER TABLE {s}.explore_engagements ALTER COLUMN engagement_type TYPE text');
  END IF;
END $$;
COMMENT ON PROCEDURE explore_analytics.uninstall(boolean) IS
  'Drops our views, keys, rollups and jobs and turns engagement_type into text, so that DROP EXTENSION leaves the data alone; install() adopts the tables again. drop_data: drops the tables too. Never commits by itself.';
