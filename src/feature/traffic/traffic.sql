-- Traffic that should not count.
CREATE OR REPLACE FUNCTION explore_analytics.exclude_traffic(user_id bigint DEFAULT NULL, session_id bigint DEFAULT NULL, reason text DEFAULT NULL) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_exclude_traffic' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.exclude_traffic(bigint, bigint, text) IS
  'Takes what a viewer did (a user, or the anonymous visitor of a session) out of every number: its events go to explore_excluded_engagements, and so does what the recording functions get of it from now on, reported as recorded. Returns how many events went. Called again: takes what plain INSERT and COPY have brought since, and keeps the reason unless another is given. Months whose raw rows are gone stay as they are, with a notice; apply_retention() deletes what was set aside of months that it drops. Of a session that has a user only the visitor that it was goes, and a notice names the user who counts. Waits for recordings under way for lock_timeout (0: 2 s), then gives up with 55P03, nothing changed. Logged with a digest of the id. Not one of user_id and session_id, an id that is not positive, or a reason of more than 1000 characters: 22023; not READ COMMITTED: 25001.';

CREATE OR REPLACE FUNCTION explore_analytics.restore_traffic(user_id bigint DEFAULT NULL, session_id bigint DEFAULT NULL) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_restore_traffic' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.restore_traffic(bigint, bigint) IS
  'Brings back what exclude_traffic() took out, and what was recorded of the viewer since; from now on the viewer counts. Returns how many events came back; 0 for a viewer who is not excluded. Of a session that has logged in meanwhile they are the user''s. What apply_retention() has deleted meanwhile does not come back. Waits and errors as of exclude_traffic().';

-- Of one viewer, and there of what was recorded in one session, if one is given. Columns that somebody has added to events get
-- back what they held, and their defaults where they were not there. With the settings that their values were written in.
CREATE OR REPLACE FUNCTION explore_analytics.bring_back(viewer_key bigint, of_session bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET lc_monetary = 'C' SET xmloption = 'content' AS $$
DECLARE
  events regclass := format('%I.explore_engagements', explore_analytics.home())::regclass;
  ours constant text := 'content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata';
  moved bigint := 0;
  step bigint;
  item record;
  taken text;
  given text;
BEGIN
  FOR item IN EXECUTE explore_analytics.in_home(
    'SELECT x.id IS NOT NULL AS numbered, k.names, count(*) AS events FROM {s}.explore_excluded_engagements x,'
    ' LATERAL (SELECT coalesce(array_agg(n ORDER BY n), ''{}'') AS names FROM jsonb_object_keys(coalesce(x.extra, ''{}'')) n) k'
    ' WHERE coalesce(x.user_id, -x.session_id) = $1 AND ($2 IS NULL OR x.session_id = $2) GROUP BY 1, 2 ORDER BY 1 DESC, 2') USING viewer_key, of_session
  LOOP
    SELECT coalesce(string_agg(format(', %I', a.attname), '' ORDER BY a.attnum), ''), coalesce(string_agg(format(', (x.extra ->> %L)::%s', a.attname, format_type(a.atttypid, -1)), '' ORDER BY a.attnum), '')
    INTO taken, given FROM pg_attribute a WHERE a.attrelid = events AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attname = ANY (item.names);
    IF item.numbered THEN
      taken := ', id' || taken;
      given := ', x.id' || given;
    END IF;
    EXECUTE format(explore_analytics.in_home(
      'WITH x AS MATERIALIZED (DELETE FROM {s}.explore_excluded_engagements x WHERE coalesce(x.user_id, -x.session_id) = $1 AND ($2 IS NULL OR x.session_id = $2)'
      '   AND (x.id IS NOT NULL) = $3 AND ARRAY(SELECT n FROM jsonb_object_keys(coalesce(x.extra, ''{}'')) n ORDER BY n) = $4 RETURNING x.*)'
      ' INSERT INTO %1$s (%2$s%3$s) OVERRIDING SYSTEM VALUE SELECT x.%5$s%4$s FROM x'
      ' ORDER BY x.excluded_at, x.id, x.created_at'), events, ours, taken, given, replace(ours, ', ', ', x.'))
    USING viewer_key, of_session, item.numbered, item.names;
    GET DIAGNOSTICS step = ROW_COUNT;
    IF step <> item.events THEN
      RAISE EXCEPTION 'a trigger keeps % of % events from coming back', item.events - step, item.events USING ERRCODE = 'triggered_action_exception',
        HINT = 'Look at the triggers of explore_engagements.';
    END IF;
    moved := moved + step;
  END LOOP;
  RETURN moved;
END $$;
COMMENT ON FUNCTION explore_analytics.bring_back(bigint, bigint) IS 'Internal: moves excluded events of a viewer back among the events.';
