-- Experiments: who is assigned what, who was shown it, and what came of it.
CREATE OR REPLACE FUNCTION @extschema@.experiment_bucket(seed text, unit text) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ea_experiment_bucket' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.experiment_bucket(text, text) IS
  'The bucket of a unit, one of the 10,000 from 0 to 0.9999 in steps of 0.0001, the same on every machine and in every encoding: h(h(seed || unit)::text) mod 10000 / 10000, where h is the 32-bit FNV-1a hash over UTF-16 code units, as in the JavaScript SDK of GrowthBook with hashVersion 2. NULL: NULL. Text that is not UTF-8 in a database of encoding SQL_ASCII: error 22021.';

CREATE OR REPLACE FUNCTION @extschema@.define_experiment(name text, variants text[], weights double precision[] DEFAULT NULL, seed text DEFAULT NULL,
    coverage double precision DEFAULT 1, alpha double precision DEFAULT 0.05, tuning double precision DEFAULT 5000) RETURNS void
  AS 'MODULE_PATHNAME', 'ea_define_experiment' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.define_experiment(text, text[], double precision[], text, double precision, double precision, double precision) IS
  'Defines an experiment, or replaces the definition of one that has no exposure yet. variants: 2 to 100 names of 1 to 63 characters, first the control; weights: the share of each, sum 1 within 1e-6, NULL: equal; seed: what is hashed with a unit, NULL: the name; coverage: 0..1, the share of each variant''s units that takes part; alpha: chance of a false alarm; tuning: number of units at which sequential results are sharpest. Once there is an exposure, coverage may grow, which moves nobody, and all else is error 55000. The same values again change nothing. For roles with grant_access(role, ''define''). NULL name: 22004; a transaction that records an exposure to it, or defines it too, has not ended within lock_timeout (0: 2 s): 55P03, nothing changed; else 22023.';

CREATE OR REPLACE FUNCTION @extschema@.assign_variant(name text, unit text) RETURNS text
  AS 'MODULE_PATHNAME', 'ea_assign_variant' LANGUAGE C STABLE PARALLEL RESTRICTED COST 10;
COMMENT ON FUNCTION @extschema@.assign_variant(text, text) IS
  'The variant of a unit, such as a user id as text; NULL outside the coverage. The first variant i with start <= experiment_bucket(seed, unit) < start + coverage * weight, where start is the sum of the weights before. Nothing is stored: who is asked again gets the same answer, as long as the definition stays. NULL name or unit: error 22004; unit empty: 22023; unknown experiment: P0002.';

CREATE OR REPLACE FUNCTION @extschema@.record_exposure(experiment text, user_id bigint DEFAULT NULL, session_id bigint DEFAULT NULL, variant text DEFAULT NULL,
    exposed_at timestamptz DEFAULT now()) RETURNS text
  AS 'MODULE_PATHNAME', 'ea_record_exposure' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.record_exposure(text, bigint, bigint, text, timestamptz) IS
  'Records that somebody was shown a variant, and returns it: variant, or where that is NULL what assign_variant() says of the user id, else of the session id; NULL, and nothing stored, outside the coverage. User defaults to the session''s user, then to the current user. Of each viewer and variant the earliest time is kept, in one row; an exposure that is known writes nothing. Errors: P0002 unknown experiment, 23503 unknown session, 22004 NULL experiment or nobody, 22023 unknown variant, an id that is not positive, a time before 2000 or more than a day ahead, 22008 infinite time, 53400 rate limited.';
