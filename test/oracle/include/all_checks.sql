-- Every number of a world of :events random events, in :state, against plain SQL written from the
-- definitions. Each check compares both ways (EXCEPT ALL) and prints a line "ok ..." or "FAIL ...".
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET timezone = 'UTC';
\ir draft.sql
\ir draft_edges.sql
\set load state_ :state .sql
\ir :load
\ir loaded.sql
\if :{?identify}
\ir identify.sql
\endif
\if :{?exclude}
\ir exclude.sql
\endif
\if :{?retain}
\ir retain.sql
\endif
\ir definitions.sql
\ir check_answers.sql
\ir check_series.sql
\ir check_ranges.sql
\ir check_time.sql
\ir check_trends.sql
\ir check_viewer_retention.sql
\ir check_funnel.sql
\ir check_cohort.sql
\ir check_compare.sql
\ir check_benchmark.sql
\ir check_audience.sql
\ir check_experiments.sql
\ir check_attribution.sql
\ir check_campaigns.sql
\ir check_ranking.sql
\ir check_rollups.sql
