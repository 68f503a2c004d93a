-- What there is about one viewer: taken away, or handed over.
CREATE OR REPLACE FUNCTION explore_analytics.forget_viewer(user_id bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_forget_viewer' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.forget_viewer(bigint) IS
  'Removes a viewer: events, also excluded ones and anonymous ones of the viewer''s sessions, sessions, saves, exposures, profile, keys and rollups, and returns the number of events removed. Entries of the ledger of boost campaigns stay, without saying who it was. Numbers become what they would be without the viewer; of months whose raw rows are gone viewers are one fewer and counters stay. No cohort has the viewer any more. Waits for recordings under way for lock_timeout (0: 2 s), then gives up with 55P03, nothing changed. Logged with a digest of the id. NULL: 22004; not READ COMMITTED: 25001.';

CREATE OR REPLACE FUNCTION explore_analytics.export_viewer(user_id bigint) RETURNS jsonb
  AS 'MODULE_PATHNAME', 'ea_export_viewer' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION explore_analytics.export_viewer(bigint) IS
  'Everything stored about a viewer: profile, sessions, engagements (watch time in seconds), olderViews (views of months whose raw rows are gone), savedProperties, cohorts (names of those, of whomever, that the viewer is in now) and exposures (experiment, variant, exposedAt; also of the viewer''s sessions before somebody logged in), excluded and excludedEngagements (that the viewer, or a session, does not count, and the events set aside) and boosts (campaignId, eventId, entry, kind, sessionId, chargedAt: what was charged for the viewer, or held out). Ids are numbers up to 2^53 - 1, strings beyond. Logged with a digest of the id. NULL: 22004.';

CREATE OR REPLACE FUNCTION explore_analytics.viewer_digest(user_id bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to('explore_analytics viewer ' || user_id, 'UTF8')), 'hex')
$$;
COMMENT ON FUNCTION explore_analytics.viewer_digest(bigint) IS
  'What the audit log says instead of a viewer''s id. Whoever knows an id can look for it; whoever tries all ids finds them, so the log is granted to nobody.';

CREATE OR REPLACE FUNCTION explore_analytics.older_views(viewer_keys bigint[])
  RETURNS TABLE (content_id bigint, created_at timestamptz, viewer_key bigint, watch_time_ms integer, completed boolean)
  AS 'MODULE_PATHNAME', 'ea_older_views' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 100;
COMMENT ON FUNCTION explore_analytics.older_views(bigint[]) IS
  'Internal: views of some viewers that the rollups hold from before the months of the raw table.';
