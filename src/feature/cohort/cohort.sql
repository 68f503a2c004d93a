CREATE OR REPLACE FUNCTION @extschema@.define_cohort(name text, rule jsonb) RETURNS void
  AS 'MODULE_PATHNAME', 'ea_define_cohort' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.define_cohort(text, jsonb) IS
  'Names a rule about viewers, or gives a name of one''s own another rule; rule NULL removes it. A rule is an object: {"all": [rules]}, {"any": [rules]}, {"not": rule}, {"did": type, "content" or "creator": id, "atLeast": n, "within": interval}, {"attribute": column of explore_viewers, "is": text or texts} or {"attribute": "birthYear", "from": year, "to": year}. For roles that see everything; a cohort is its definer''s. No such rule: error 22023, the place in DETAIL; name empty or over 63 characters: 22023, NULL: 22004; a rule over 64 kB, 32 deep or of 1,000 parts: 54000; somebody else''s name: 42501.';

CREATE OR REPLACE FUNCTION @extschema@.cohort(name text) RETURNS @extschema@.viewer_set
  AS 'MODULE_PATHNAME', 'ea_cohort' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION @extschema@.cohort(text) IS
  'The viewers who meet the rule of a cohort now, own rows of the transaction included. "within" ends nowhere and begins so long before now(). "not" is of everybody with a view and of whoever a condition of the rule holds for. NULL: error 22004; not yours: 42501, also where there is none, which is 42704 for superusers and the owner of the tables; what others than views did before the oldest raw events: 55000.';

CREATE OR REPLACE FUNCTION @extschema@.cohort_metrics(name text, start_date timestamptz DEFAULT NULL, end_date timestamptz DEFAULT NULL)
  RETURNS TABLE (total_views bigint, unique_viewers bigint, total_watch_time double precision, average_watch_time double precision,
    completion_rate double precision, completions bigint, saves bigint, shares bigint, clicks bigint, skips bigint,
    engagement_rate double precision, average_engagement_score double precision)
  AS 'MODULE_PATHNAME', 'ea_cohort_metrics' LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 1;
COMMENT ON FUNCTION @extschema@.cohort_metrics(text, timestamptz, timestamptz) IS
  'Numbers of all events in [start_date, end_date) by the viewers who are in a cohort now; NULL bounds are open. unique_viewers is exact; watch times in seconds; rates in percent; average_engagement_score 0..100. Errors as of cohort(); end before start: 22023; start_date before the oldest raw events: 55000.';
