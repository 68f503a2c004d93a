-- An internal state travels between workers as bytes.
CREATE OR REPLACE FUNCTION @extschema@.window_funnel_step(internal, interval, text, timestamptz, boolean[])
  RETURNS internal AS 'MODULE_PATHNAME', 'ea_window_funnel_step' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.window_funnel_step(internal, interval, text, timestamptz, boolean[]) IS 'Internal: adds a row to the state of window_funnel().';
CREATE OR REPLACE FUNCTION @extschema@.window_funnel_combine(internal, internal)
  RETURNS internal AS 'MODULE_PATHNAME', 'ea_window_funnel_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.window_funnel_combine(internal, internal) IS 'Internal: adds one state of window_funnel() to another.';
CREATE OR REPLACE FUNCTION @extschema@.window_funnel_serialize(internal)
  RETURNS bytea AS 'MODULE_PATHNAME', 'ea_window_funnel_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.window_funnel_serialize(internal) IS 'Internal: the state of window_funnel() as bytes.';
CREATE OR REPLACE FUNCTION @extschema@.window_funnel_deserialize(bytea, internal)
  RETURNS internal AS 'MODULE_PATHNAME', 'ea_window_funnel_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.window_funnel_deserialize(bytea, internal) IS 'Internal: the state of window_funnel() from bytes.';
CREATE OR REPLACE FUNCTION @extschema@.window_funnel_final(internal)
  RETURNS integer AS 'MODULE_PATHNAME', 'ea_window_funnel_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.window_funnel_final(internal) IS 'Internal: the answer of window_funnel().';

CREATE OR REPLACE AGGREGATE @extschema@.window_funnel(within interval, mode text, at timestamptz, VARIADIC conditions boolean[]) (
  SFUNC = @extschema@.window_funnel_step, STYPE = internal, SSPACE = 160,
  COMBINEFUNC = @extschema@.window_funnel_combine, SERIALFUNC = @extschema@.window_funnel_serialize, DESERIALFUNC = @extschema@.window_funnel_deserialize,
  FINALFUNC = @extschema@.window_funnel_final, FINALFUNC_MODIFY = READ_ONLY, PARALLEL = SAFE);
COMMENT ON AGGREGATE @extschema@.window_funnel(interval, text, timestamptz, VARIADIC boolean[]) IS
  'How many of the conditions (up to 32), in their order and from the first on, rows met within so long after the row of the first (inclusive), in the order of at: the best chain over all starts, 0 over nothing. Rows of one time serve conditions in their order, one row several of them. mode: empty or NULL; once: a row serves one; increase: each is met later than the one before; order: a row between, without any of the conditions up to the next, ends the chain; dedup: a row that meets again what was met, but the first, ends it. A row with at NULL is ignored, a condition NULL is false; within and mode must be the same in all rows of a group. A month is 30 days, a year 365.25. Error 22004: within NULL; 22023: within not positive, unknown mode, conditions too many or not in one dimension.';

CREATE OR REPLACE FUNCTION @extschema@.funnel(steps text[], start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL,
    within interval DEFAULT '24 hours', scope text DEFAULT 'any', creator_id bigint DEFAULT NULL)
  RETURNS TABLE (step integer, name text, viewers bigint, rate_from_start double precision, rate_from_previous double precision, dropped bigint, median_seconds double precision)
  AS 'MODULE_PATHNAME', 'ea_funnel' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 4;
COMMENT ON FUNCTION @extschema@.funnel(text[], timestamptz, timestamptz, interval, text, bigint) IS
  'How many viewers got how far: one row for each of 1 to 32 steps, which are engagement types and may repeat. A viewer''s chain begins with an event of the first step in [start_date, end_date); each next step is a later event by (created_at, id), at most within after the first (inclusive), also after end_date. The chain that gets furthest counts, of several the one that begins first, with its earliest continuation. scope: any; same_content or same_session: all of a chain is on one content, in one session. creator_id: contents now of that creator; NULL: the platform, for a reader the own contents. Events without a viewer take no part. rate_from_start, rate_from_previous: percent of the viewers of the first step and of the one before, 0 of nobody, 100 at the first; dropped: viewers of the step before that did not come; median_seconds since the step before, NULL at the first and of nobody. A month is 30 days, a year 365.25. Error 22004: steps or one of them NULL; 22023: no or too many steps, unknown step or scope, within not positive, end before start; 22008: infinite date; 42501: not yours; 55000: retention has taken raw events of the range.';
