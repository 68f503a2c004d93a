-- Statistics of numbers: they see their arguments only. diff is b - a, a the control; fractions are 0..1.
CREATE OR REPLACE FUNCTION @extschema@.wilson_interval(successes bigint, n bigint, level double precision DEFAULT 0.95,
    OUT lower double precision, OUT upper double precision)
  AS 'MODULE_PATHNAME', 'ea_wilson_interval' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.wilson_interval(bigint, bigint, double precision) IS
  'Bounds of a proportion, fractions 0..1, of successes in n trials: the score interval (Wilson 1927). NULL without trials, or where successes or n is NULL; level NULL is 0.95. Error 22023: successes or n negative, successes over n, level not between 0 and 1.';

CREATE OR REPLACE FUNCTION @extschema@.welch_test(n_a bigint, mean_a double precision, variance_a double precision,
    n_b bigint, mean_b double precision, variance_b double precision, level double precision DEFAULT 0.95,
    OUT diff double precision, OUT se double precision, OUT t double precision, OUT df double precision,
    OUT lower double precision, OUT upper double precision, OUT p_value double precision)
  AS 'MODULE_PATHNAME', 'ea_welch_test' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.welch_test(bigint, double precision, double precision, bigint, double precision, double precision, double precision) IS
  'The difference of two means, b - a, in their unit, with variances (var_samp) that may differ: t test of Welch 1947 with the degrees of freedom of Satterthwaite 1946, two-sided; bounds at level. All NULL under two units a side, without variance, or where an argument but level is NULL (0.95). Error 22023: n or a variance negative, a number not finite, level not between 0 and 1.';

CREATE OR REPLACE FUNCTION @extschema@.two_proportion_test(successes_a bigint, n_a bigint, successes_b bigint, n_b bigint, level double precision DEFAULT 0.95,
    OUT diff double precision, OUT lower double precision, OUT upper double precision, OUT z double precision, OUT p_value double precision)
  AS 'MODULE_PATHNAME', 'ea_two_proportion_test' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.two_proportion_test(bigint, bigint, bigint, bigint, double precision) IS
  'The difference of two proportions, b - a, as a fraction -1..1: z of the pooled proportion, two-sided, NULL where all or none succeeded; bounds by method 10 of Newcombe 1998, from the Wilson bounds of both, also with no successes. All NULL without trials on a side, or where an argument but level is NULL (0.95). Error 22023: a count negative, successes over n, level not between 0 and 1.';

CREATE OR REPLACE FUNCTION @extschema@.srm_test(observed bigint[], weights double precision[] DEFAULT NULL,
    OUT chi2 double precision, OUT df double precision, OUT p_value double precision)
  AS 'MODULE_PATHNAME', 'ea_srm_test' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.srm_test(bigint[], double precision[]) IS
  'Sample ratio mismatch: the chi-squared test (Pearson 1900) of units by variant against weights of any sum, NULL: equal ones. df is the number of positive weights - 1; units at a weight of 0 give Infinity and p 0, no units 0 and p 1. observed NULL gives NULL. Error 22023: arrays of other lengths, more dimensions, NULL elements, negative or not finite ones; observed empty; weights without a sum.';

CREATE OR REPLACE FUNCTION @extschema@.confidence_sequence(diff double precision, se double precision, n bigint,
    alpha double precision DEFAULT 0.05, tuning double precision DEFAULT 5000,
    OUT lower double precision, OUT upper double precision, OUT p_value double precision)
  AS 'MODULE_PATHNAME', 'ea_confidence_sequence' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.confidence_sequence(double precision, double precision, bigint, double precision, double precision) IS
  'Bounds of a difference that hold at every look at once, with probability 1 - alpha, and a p value to go with them: the asymptotic confidence sequence of Waudby-Smith et al. 2023, narrowest near tuning units. diff and se in one unit, n units of both sides. NULL where n or se is 0, or diff, se or n is NULL; alpha NULL is 0.05, tuning 5000. Error 22023: se or n negative, tuning not positive, alpha not between 0 and 1, a number not finite.';

CREATE OR REPLACE FUNCTION @extschema@.chance_to_beat(diff double precision, se double precision, level double precision DEFAULT 0.95,
    OUT chance double precision, OUT expected_loss double precision, OUT lower double precision, OUT upper double precision)
  AS 'MODULE_PATHNAME', 'ea_chance_to_beat' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.chance_to_beat(double precision, double precision, double precision) IS
  'Under a flat prior and a normal estimate, diff with standard error se: the chance 0..1 that b is better, what shipping b loses on average where it is not (in the unit of diff), and the bounds that hold diff with probability level. NULL where se is 0, or diff or se is NULL; level NULL is 0.95. Error 22023: se negative, a number not finite, level not between 0 and 1.';

CREATE OR REPLACE FUNCTION @extschema@.p_adjust(p_values double precision[], method text DEFAULT 'holm') RETURNS double precision[]
  AS 'MODULE_PATHNAME', 'ea_p_adjust' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.p_adjust(double precision[], text) IS
  'p values 0..1 of many questions, adjusted for their number, each in its place, as R''s p.adjust: holm (Holm 1979), bh (Benjamini and Hochberg 1995), bonferroni, none. NULL elements stay and are not counted; p_values NULL gives NULL, method NULL is holm. Error 22023: unknown method, a p value outside of 0..1, more than one dimension.';

CREATE OR REPLACE FUNCTION @extschema@.sample_size(mean_a double precision, mean_b double precision, variance double precision DEFAULT NULL,
    power double precision DEFAULT 0.8, alpha double precision DEFAULT 0.05) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_sample_size' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.sample_size(double precision, double precision, double precision, double precision, double precision) IS
  'Units a variant needs, rounded up, for a two-sided test at alpha to find the difference with probability power. variance NULL: mean_a and mean_b are proportions 0..1, as R''s power.prop.test; otherwise means of that variance, 2 * variance * (z(1 - alpha/2) + z(power))^2 / (mean_b - mean_a)^2. NULL where the means are equal, variance is 0, or a mean is NULL; power NULL is 0.8, alpha 0.05. Error 22023: a proportion outside of 0..1, variance negative, power or alpha not between 0 and 1, a number not finite; 22003: more units than a bigint holds.';
