-- Memory that runs out at the n-th allocation of the library, n = 1..points (psql -v points=N), in every
-- function that allocates; the library must have been built with -DEA_FAULT_INJECTION. What must hold:
-- error 53200 or success, the same answers afterwards, and no memory kept.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE TABLE event AS
SELECT i % 40 AS g, (enum_range(NULL::engagement_type))[1 + i % 7] AS type, (i * 7919::bigint) % 90001 AS viewer, i % 1000 AS ms
FROM generate_series(1, 30000) i;
CREATE TABLE part AS SELECT g, engagement_agg(type, viewer, ms, true) AS summary FROM event GROUP BY g;

CREATE FUNCTION scenario() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  whole engagement_summary;
  everybody viewer_set;
  digest text;
BEGIN
  SELECT engagement_agg(e.type, e.viewer, e.ms, false) INTO whole FROM event e;
  SELECT rollup(p.summary) + whole INTO whole FROM part p;
  digest := md5(whole::text);
  SELECT viewer_set_agg(e.viewer) | viewers(whole) INTO everybody FROM event e WHERE e.g < 3;
  digest := digest || md5((everybody & viewers(whole))::text) || md5((everybody - from_roaring(to_roaring(everybody)))::text);
  digest := digest || (SELECT count(*) FROM viewer_keys(everybody)) || (everybody::text::viewer_set = everybody)::text;
  SELECT digest || engagement_score(e.type, true) INTO digest FROM event e WHERE e.g = 1;
  RETURN digest;
END $$;

CREATE FUNCTION with_fault(n int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  digest text;
BEGIN
  PERFORM set_config('explore_analytics.fail_allocation', n::text, false);
  digest := scenario();
  PERFORM set_config('explore_analytics.fail_allocation', '0', false);
  RETURN digest;
EXCEPTION WHEN out_of_memory THEN
  PERFORM set_config('explore_analytics.fail_allocation', '0', false);
  RETURN 'out of memory';
END $$;

-- An error inside every callback: a type of engagement that is unknown, a NULL, an overflow, a cancel.
CREATE FUNCTION with_error(way int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  CASE way % 4
    WHEN 0 THEN PERFORM engagement_agg(CASE WHEN e.ms = 999 THEN NULL ELSE e.type END, e.viewer, e.ms, true) FROM event e;
    WHEN 1 THEN PERFORM engagement_agg(e.type, e.viewer, CASE WHEN e.ms = 999 THEN -1 ELSE 0 END, true) FROM event e;
    WHEN 2 THEN PERFORM rollup(CASE WHEN p.g = 39 THEN ('x' || p.summary::text)::engagement_summary ELSE p.summary END) FROM part p;
    ELSE PERFORM viewer_set_agg(e.viewer / (e.ms - 999)) FROM event e;
  END CASE;
  RETURN 'no error';
EXCEPTION WHEN null_value_not_allowed OR invalid_parameter_value OR invalid_text_representation OR invalid_binary_representation OR division_by_zero THEN
  RETURN 'error';
END $$;

SELECT with_fault(0), with_fault(1), with_fault(5), with_error(0), with_error(1), with_error(2), with_error(3) \gset first_
-- Asked in the same words before and after, so that the question itself takes the same.
CREATE FUNCTION held() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts $$;
CREATE TABLE outcome (n int, result text);
CREATE TABLE error_outcome (n int, result text);
SELECT held() AS ignored \gset
SELECT held() AS before \gset
INSERT INTO outcome SELECT n, with_fault(n) FROM generate_series(1, :points) n;
INSERT INTO error_outcome SELECT n, with_error(n) FROM generate_series(1, :points / 10) n;
SELECT held() AS after \gset
SELECT with_fault(0) AS right \gset
SELECT format('RESULT value_faults points=%s out_of_memory=%s same_answer=%s wrong=%s errors=%s grown_kB=%s', count(*),
  count(*) FILTER (WHERE result = 'out of memory'), count(*) FILTER (WHERE result = :'right'),
  count(*) FILTER (WHERE result NOT IN ('out of memory', :'right')),
  (SELECT count(*) FROM error_outcome WHERE result = 'error'), (:after - :before) / 1024)
FROM outcome;
SELECT CASE WHEN count(*) FILTER (WHERE result NOT IN ('out of memory', :'right')) = 0
                 AND count(*) FILTER (WHERE result = 'out of memory') > 0
                 AND NOT EXISTS (SELECT FROM error_outcome WHERE result <> 'error')
                 AND :after - :before < 512 * 1024
            THEN 'ok value_faults' ELSE 'FAIL value_faults' END
FROM outcome;
