-- define_cohort, cohort and cohort_metrics: viewers by a rule. Every edge is in test/pgtap/cohort.sql.
SET timezone = 'UTC';
SET extra_float_digits = 0;
\pset null '-'
BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5421, 5961, 'One'), (5422, 5961, 'Two'), (5423, 5962, 'Other');
INSERT INTO explore_viewers (user_id, birth_year, gender, country) VALUES (5971, 1988, 'f', 'XA'), (5972, 1991, 'm', 'XA'), (5973, NULL, NULL, 'XB'), (5979, 1991, 'f', 'XA');
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at) VALUES
  (5421, 5971, NULL, 'view', 8000, true, '2003-05-01 10:00+00'), (5421, 5971, NULL, 'view', 2000, false, '2003-05-02 10:00+00'), (5422, 5971, NULL, 'save', 0, false, '2003-05-02 10:01+00'),
  (5421, 5972, NULL, 'view', 3000, false, '2003-05-02 11:00+00'), (5423, 5972, NULL, 'click', 0, false, '2003-05-02 11:01+00'), (5423, 5973, NULL, 'impression', 0, false, '2003-05-03 10:00+00'),
  (5423, NULL, 5981, 'view', 5000, false, '2003-05-03 12:00+00'), (5423, NULL, NULL, 'view', 5000, false, '2003-05-03 12:00+00');
CREATE FUNCTION pg_temp.members(rule jsonb) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
  PERFORM define_cohort('regress', rule);
  RETURN ARRAY(SELECT viewer_keys(cohort('regress')));
END $$;
SELECT r AS rule, pg_temp.members(r::jsonb) AS members FROM unnest(ARRAY[
  '{"did": "view", "creator": 5961}', '{"did": "view", "content": 5421, "atLeast": 2}', '{"did": "save", "content": "5422"}', '{"did": "impression", "creator": 5962}', '{"did": "view", "creator": 5961, "within": "7 days"}',
  '{"attribute": "country", "is": "XA"}', '{"attribute": "country", "is": ["XA", "XB"]}', '{"attribute": "birthYear", "from": 1990, "to": 1995}',
  '{"all": [{"did": "view", "creator": 5961}, {"not": {"did": "save"}}]}', '{"any": [{"did": "click", "content": 5423}, {"did": "view", "content": 5423}]}', '{"all": [{"attribute": "country", "is": "XA"}, {"not": {"did": "view"}}]}']) r;

-- What they did, in all and in a range.
SELECT define_cohort('regress', '{"any": [{"attribute": "country", "is": "XA"}, {"did": "view", "creator": 5962}]}');
SELECT * FROM cohort_metrics('regress') \gx
SELECT total_views, unique_viewers, total_watch_time, saves, clicks FROM cohort_metrics('regress', '2003-05-02 10:00+00', '2003-05-03 12:00+00');
SELECT total_views, unique_viewers, completion_rate FROM cohort_metrics('regress', '2003-05-03', '2003-05-03');
SELECT name, rule FROM explore_analytics.cohorts WHERE name = 'regress';
-- The one who has been here is told so, and forgotten.
SELECT explore_analytics.export_viewer(5971) -> 'cohorts' AS cohorts;
SELECT explore_analytics.forget_viewer(5971);
SELECT explore_analytics.export_viewer(5971) -> 'cohorts' AS cohorts, viewer_keys(cohort('regress'));
-- A rule that is none stands in no export's way.
UPDATE explore_analytics.cohorts SET rule = '{"did": "nothing"}' WHERE name = 'regress';
SELECT explore_analytics.export_viewer(5971) -> 'cohorts' AS cohorts;
SELECT define_cohort('regress', NULL);
SELECT count(*) FROM explore_analytics.cohorts WHERE name = 'regress';
ROLLBACK;

-- Errors say where, and what to do.
SELECT define_cohort('regress', '{"all": [{"did": "view"}, {"any": [{"did": "view", "within": "soon"}]}]}');
SELECT define_cohort('regress', '{"did": "view", "times": 3}');
SELECT define_cohort('regress', '{"attribute": "shoe", "is": "44"}');
SELECT define_cohort('', '{"did": "view"}');
SELECT define_cohort(NULL, '{"did": "view"}');
SELECT cohort('no such cohort');
SELECT * FROM cohort_metrics('no such cohort');
