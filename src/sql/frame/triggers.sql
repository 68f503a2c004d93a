-- Our triggers, as data: definitions as pg_get_triggerdef() writes them, so that a trigger of that name which is another,
-- from an older version or by hand, is found by comparing.
CREATE OR REPLACE FUNCTION explore_analytics.layout_triggers()
RETURNS TABLE (place text, trigger_name text, definition text, fires text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
VALUES
  ('content', 'explore_analytics_content_inserted', 'AFTER INSERT ON %s REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_creators()', 'ALWAYS'),
  ('content', 'explore_analytics_content_deleted', 'AFTER DELETE ON %s REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_creators()', 'ALWAYS'),
  -- Not UPDATE OF: that looks at what the statement names, and another trigger may change more.
  ('content', 'explore_analytics_content_moved', 'AFTER UPDATE ON %s FOR EACH ROW WHEN (((old.creator_id <> new.creator_id) OR (old.id <> new.id))) EXECUTE FUNCTION explore_analytics.note_creators()', 'ALWAYS'),
  ('content', 'explore_analytics_content_truncated', 'AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_creators()', 'ALWAYS'),
  -- A subscription applies changes row by row and fires no triggers for statements.
  ('content', 'explore_analytics_applied_content', 'AFTER INSERT OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION explore_analytics.note_creators()', 'REPLICA'),
  ('sessions', 'explore_analytics_sessions_inserted', 'AFTER INSERT ON %s REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_sessions()', 'ALWAYS'),
  ('sessions', 'explore_analytics_sessions_deleted', 'AFTER DELETE ON %s REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_sessions()', 'ALWAYS'),
  ('sessions', 'explore_analytics_session_changed', 'AFTER UPDATE ON %s FOR EACH ROW WHEN (((old.session_end IS DISTINCT FROM new.session_end) OR (old.session_start <> new.session_start) OR (old.id <> new.id))) EXECUTE FUNCTION explore_analytics.note_sessions()', 'ALWAYS'),
  ('sessions', 'explore_analytics_sessions_truncated', 'AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_sessions()', 'ALWAYS'),
  ('sessions', 'explore_analytics_applied_session', 'AFTER INSERT OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION explore_analytics.note_sessions()', 'REPLICA'),
  ('events', 'explore_analytics_no_truncate', 'BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate()', 'ALWAYS'),
  ('audit log', 'audit_log_append_only', 'BEFORE DELETE OR UPDATE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_change()', 'ALWAYS'),
  ('ledger', 'explore_analytics_append_only', 'BEFORE DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_change()', 'ALWAYS'),
  ('ledger', 'explore_analytics_forget_only', 'BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION explore_analytics.keep_entry()', 'ALWAYS'),
  -- By row, for a subscription.
  ('rate limits', 'limits_changed', 'AFTER INSERT OR DELETE OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION explore_analytics.note_limits()', 'ALWAYS'),
  ('rate limits', 'limits_truncated', 'AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_limits()', 'ALWAYS')
$$;
COMMENT ON FUNCTION explore_analytics.layout_triggers() IS
  'The triggers install() makes: of explore_content, which note creators whose contents change; of explore_feed_sessions, which note changes of sessions; of the events and each of their partitions; of the audit log, the ledger of boost campaigns and the rate limits.';

CREATE OR REPLACE FUNCTION explore_analytics.wrong_triggers()
RETURNS TABLE (relation regclass, trigger_name text, definition text, fires text, notes boolean, fault text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off AS $$
  WITH place(place, relation) AS (
    SELECT 'content', to_regclass(format('%I.explore_content', explore_analytics.home()))
    UNION ALL
    SELECT 'sessions', to_regclass(format('%I.explore_feed_sessions', explore_analytics.home()))
    UNION ALL
    SELECT 'events', p.relid FROM to_regclass(format('%I.explore_engagements', explore_analytics.home())) e, pg_partition_tree(e) p
    UNION ALL    -- an ordinary table is no tree
    SELECT 'events', c.oid FROM pg_class c WHERE c.oid = to_regclass(format('%I.explore_engagements', explore_analytics.home())) AND c.relkind = 'r'
    UNION ALL
    SELECT 'audit log', to_regclass('explore_analytics.audit_log')
    UNION ALL
    SELECT 'ledger', to_regclass(format('%I.explore_boost_ledger', explore_analytics.home()))
    UNION ALL
    SELECT 'rate limits', to_regclass('explore_analytics.rate_limits')
  ), wanted AS (
    SELECT p.relation, l.trigger_name, format('CREATE TRIGGER %I ', l.trigger_name) || format(l.definition, p.relation) AS definition, l.fires, l.place IN ('content', 'sessions') AS notes
    FROM place p JOIN explore_analytics.layout_triggers() l ON l.place = p.place WHERE p.relation IS NOT NULL
  )
  SELECT w.*, CASE WHEN t.oid IS NULL THEN 'is missing' WHEN pg_get_triggerdef(t.oid) <> w.definition THEN 'is another' ELSE 'does not always fire' END
  FROM wanted w LEFT JOIN pg_trigger t ON t.tgrelid = w.relation AND t.tgname = w.trigger_name
  WHERE t.oid IS NULL OR pg_get_triggerdef(t.oid) <> w.definition OR t.tgenabled::text <> left(w.fires, 1)
$$;
COMMENT ON FUNCTION explore_analytics.wrong_triggers() IS
  'Internal: triggers of ours that are missing, another than they should be, or disabled. notes: they note changes that rollups must know of.';

-- True when contents may have changed unseen before.
CREATE OR REPLACE FUNCTION explore_analytics.install_triggers() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unwatched boolean := false;
  item record;
BEGIN
  FOR item IN SELECT * FROM explore_analytics.wrong_triggers() LOOP
    IF item.fault <> 'is missing' THEN
      EXECUTE format('DROP TRIGGER %I ON %s', item.trigger_name, item.relation);
      RAISE NOTICE 'replaced trigger % of table %: it %', item.trigger_name, item.relation, item.fault;
    END IF;
    EXECUTE item.definition;
    EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', item.relation, item.fires, item.trigger_name);
    unwatched := unwatched OR item.definition LIKE '%note_creators()';
  END LOOP;
  RETURN unwatched;
END $$;
COMMENT ON FUNCTION explore_analytics.install_triggers() IS 'Internal: makes the triggers that are missing, and replaces those that are another or disabled.';

-- For a new partition, by jobs too, which between an update and install() may call what was there before.
CREATE OR REPLACE FUNCTION explore_analytics.install_truncate_guard(relation regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER explore_analytics_no_truncate BEFORE TRUNCATE ON %s
    FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate()', relation);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER explore_analytics_no_truncate', relation);
END $$;
COMMENT ON FUNCTION explore_analytics.install_truncate_guard(regclass) IS 'Internal: keeps raw events from being truncated while rollups count them; as layout_triggers() has it.';
