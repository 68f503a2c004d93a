CREATE OR REPLACE FUNCTION @extschema@.record_engagement_batch(
    engagements jsonb, on_error text DEFAULT 'skip',
    OUT received integer, OUT recorded integer, OUT duplicates integer, OUT rejected integer, OUT errors jsonb)
  RETURNS SETOF record AS 'MODULE_PATHNAME', 'ea_record_engagement_batch'
  LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.record_engagement_batch(jsonb, text) IS
  'Records a JSON array of engagements (or an object with key engagements), at most 10,000 (54000). Keys in camelCase or snake_case: contentId, engagementType, userId, sessionId, watchTime (seconds), completed, createdAt, eventId, metadata. on_error: skip (bad items are listed in errors) or abort (all or nothing). A repeated eventId is a duplicate.';

CREATE OR REPLACE FUNCTION @extschema@.record_engagement_body(
    body text, on_error text DEFAULT 'skip',
    OUT received integer, OUT recorded integer, OUT duplicates integer, OUT rejected integer, OUT errors jsonb)
  RETURNS SETOF record AS 'MODULE_PATHNAME', 'ea_record_engagement_body'
  LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.record_engagement_body(text, text) IS
  'record_engagement_batch() for the text of a request body, faster, and what a web server should call: only text that is not JSON is refused (22P02), and more than 64 MB (54000); an item with half a surrogate pair, a NUL character or a number out of range anywhere in it is one bad item (invalid_value).';

CREATE OR REPLACE FUNCTION @extschema@.record_engagement(
    content_id bigint, engagement_type text, user_id bigint DEFAULT NULL, session_id bigint DEFAULT NULL,
    watch_time double precision DEFAULT NULL, completed boolean DEFAULT false,
    created_at timestamptz DEFAULT now(), event_id uuid DEFAULT NULL, metadata jsonb DEFAULT NULL)
  RETURNS text AS 'MODULE_PATHNAME', 'ea_record_engagement' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.record_engagement(bigint, text, bigint, bigint, double precision, boolean, timestamptz, uuid, jsonb) IS
  'Records one engagement: recorded or duplicate. watch_time in seconds. User defaults to the session''s user, then to the current user. Errors: 23503 unknown content or session, 22P02 unknown type, 22004 NULL id or type, 22023 bad value, 22003 overflow, 22008 infinite time.';
