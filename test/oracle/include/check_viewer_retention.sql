-- Who comes back, by distinct viewers of buckets of the calendar that check_series.sql has made.
-- ---------------------------------------------------------------------------------------------------
CREATE TABLE oracle.numbered_bucket AS SELECT zone, bucket, s, e, row_number() OVER (PARTITION BY zone, bucket ORDER BY s) AS i FROM oracle.bucket;
CREATE INDEX ON oracle.numbered_bucket (zone, bucket, s);
CREATE TABLE oracle.retention_scope AS
SELECT creator_id, min(at) AS first_event FROM (SELECT creator_id, at FROM oracle.event WHERE creator_id IN (1, 55, 66, 9007199254740993) UNION ALL SELECT NULL, at FROM oracle.event) e GROUP BY 1;
-- Views that have a viewer, with the first one of that viewer in the scope, of all time.
CREATE TABLE oracle.retention_view AS
SELECT s.creator_id, e.viewer, e.at, min(e.at) OVER (PARTITION BY s.creator_id, e.viewer) AS first
FROM oracle.retention_scope s JOIN oracle.event e ON s.creator_id IS NULL OR e.creator_id = s.creator_id WHERE e.is_view AND e.viewer IS NOT NULL;
CREATE INDEX ON oracle.retention_view (creator_id, at);
ANALYZE oracle.retention_view;
CREATE TABLE oracle.retention_case AS
SELECT row_number() OVER () AS n, c.creator_id, k.*, greatest(coalesce(k.s, c.first_event), '2000-01-01 00:00+00') AS since, coalesce(k.e, k.as_of) AS until
FROM oracle.retention_scope c, (VALUES
  ('UTC', 'week', timestamptz '2025-09-01 00:00+00', timestamptz '2026-01-01 00:00+00', 13, timestamptz '2026-02-02 00:00+00'),
  -- Cut at both ends; as_of on the border of a bucket, and a microsecond before it.
  ('UTC', 'day', '2025-10-03 05:06:07.000008+00', '2025-10-12 13:00+00', 9, '2025-10-17 00:00+00'), ('UTC', 'day', '2025-10-03 05:06:07.000008+00', '2025-10-12 13:00+00', 9, '2025-10-16 23:59:59.999999+00'),
  -- as_of inside the range, before it, and on its start; ends that are open; no bucket as a whole.
  ('America/New_York', 'day', '2025-10-25 00:00+00', '2025-11-10 00:00+00', 5, '2025-11-02 05:00+00'), ('UTC', 'day', '2025-10-10 00:00+00', '2025-10-13 00:00+00', 2, '2025-10-05 00:00+00'), ('UTC', 'week', '2025-10-08 00:00+00', NULL, 4, '2025-10-08 00:00:00.000001+00'),
  ('Europe/Berlin', 'month', NULL, '2025-12-10 09:00+00', 12, '2026-03-20 00:00+00'), ('Asia/Kolkata', 'week', NULL, NULL, 3, '2025-12-18 18:30+00'), ('UTC', 'month', '2025-11-03 00:00+00', '2025-11-20 00:00+00', 3, '2026-02-01 00:00+00'),
  -- Days and hours of every length.
  ('Australia/Lord_Howe', 'day', '2025-09-28 00:00+00', '2025-10-09 00:00+00', 7, '2025-10-30 00:00+00'), ('Antarctica/Troll', 'day', '2025-10-20 00:00+00', '2025-10-30 00:00+00', 4, '2025-11-20 00:00+00'), ('America/Havana', 'week', '2025-10-20 00:00+00', '2025-11-20 00:00+00', 4, '2025-12-20 00:00+00'),
  ('Australia/Lord_Howe', 'hour', '2025-10-04 08:00+00', '2025-10-05 02:00+00', 40, '2025-10-06 11:15+00'), ('UTC', 'hour', '2025-10-10 09:30+00', '2025-10-10 15:10+00', 30, '2025-10-11 20:00+00')) k(zone, bucket, s, e, periods, as_of)
WHERE (k.s IS NOT NULL OR c.first_event > '2024-12-20 00:00+00') AND (:every = 1 OR c.creator_id IS NULL OR k.bucket IN ('week', 'hour'));
CREATE TABLE oracle.retention_cohort AS
SELECT k.n, kind, b.i, b.s, k.periods, m.viewer
FROM oracle.retention_case k CROSS JOIN unnest(ARRAY['first_time', 'recurring']) kind JOIN oracle.numbered_bucket b ON (b.zone, b.bucket) = (k.zone, k.bucket) AND b.s < k.until AND b.e > k.since AND k.since < k.until
LEFT JOIN LATERAL (SELECT DISTINCT viewer FROM oracle.retention_view v WHERE v.creator_id IS NOT DISTINCT FROM k.creator_id AND v.at >= greatest(b.s, k.since) AND v.at < least(b.e, k.until, k.as_of) AND (kind = 'recurring' OR v.at = v.first)) m ON true;
CREATE TABLE oracle.retention_there AS
SELECT DISTINCT k.n, b.i, v.viewer FROM oracle.retention_case k JOIN oracle.numbered_bucket b ON (b.zone, b.bucket) = (k.zone, k.bucket) AND b.e <= k.as_of AND b.e > k.since
JOIN oracle.retention_view v ON v.creator_id IS NOT DISTINCT FROM k.creator_id AND v.at >= b.s AND v.at < b.e;
CREATE INDEX ON oracle.retention_there (n, i, viewer);
ANALYZE oracle.retention_there;
CREATE TABLE oracle.retention_cell AS
SELECT c.n, c.kind, c.s AS cohort, p AS period, count(c.viewer) AS size, CASE WHEN bool_and(coalesce(b.e <= k.as_of, false)) THEN count(t.viewer) END AS retained
FROM oracle.retention_cohort c JOIN oracle.retention_case k USING (n) CROSS JOIN LATERAL generate_series(0, c.periods - 1) p
LEFT JOIN oracle.numbered_bucket b ON (b.zone, b.bucket) = (k.zone, k.bucket) AND b.i = c.i + p LEFT JOIN oracle.retention_there t ON (t.n, t.i, t.viewer) = (c.n, c.i + p, c.viewer) GROUP BY 1, 2, 3, 4;
CREATE TABLE oracle.retention_matrix AS SELECT k.n, kind, r.* FROM oracle.retention_case k, unnest(ARRAY['first_time', 'recurring']) kind, viewer_retention(k.s, k.e, k.bucket, k.zone, k.periods, kind, k.creator_id, k.as_of) WITH ORDINALITY r;
SELECT oracle.holds('cohorts of nobody, of few, of many; cells that are 0, open, in between: ' || count(*), count(*) FILTER (WHERE size = 0) > 20 AND count(*) FILTER (WHERE size > 100) > 20 AND count(*) FILTER (WHERE retained IS NULL) > 50
  AND count(*) FILTER (WHERE retained = 0 AND size > 0) > 20 AND count(*) FILTER (WHERE retained BETWEEN 1 AND size - 1) > 200 AND count(*) FILTER (WHERE period = 0 AND retained <> size) = 0) FROM oracle.retention_cell;
SELECT oracle.same('viewer_retention: cohorts and who comes back, of both kinds', $$SELECT n, kind, cohort, period, cohort_size, retained, ordinality FROM oracle.retention_matrix$$,
  $$SELECT n, kind, cohort, period, size, retained, row_number() OVER (PARTITION BY n, kind ORDER BY cohort, period) FROM oracle.retention_cell$$);
SELECT oracle.near('viewer_retention: rates and their bounds', $$SELECT format('%s %s %s %s', n, kind, cohort, period), ARRAY[rate, lower, upper] FROM oracle.retention_matrix$$,
  $$SELECT format('%s %s %s %s', n, kind, cohort, period), ARRAY[CASE WHEN retained IS NULL THEN NULL WHEN size = 0 THEN 0 ELSE 100 * p END, 100 * (middle - half), 100 * (middle + half)], 100
    FROM oracle.retention_cell, LATERAL (SELECT nullif(size, 0)::float8 AS m, retained / nullif(size, 0)::float8 AS p, 1.959963984540054 ^ 2 AS z2) a,
    LATERAL (SELECT (p + z2 / (2 * m)) / (1 + z2 / m) AS middle, sqrt(greatest(z2 * (p * (1 - p) / m + z2 / (4 * m * m)), 0)) / (1 + z2 / m) AS half) w$$);

CREATE TABLE oracle.lifecycle_state AS
SELECT k.n, b.s, greatest(b.s, k.since) AS cut_from, v.viewer, bool_or(v.at >= greatest(b.s, k.since) AND v.at < least(b.e, k.until)) AS inside, bool_or(v.at < b.s) AS before, min(v.first) AS first
FROM oracle.retention_case k JOIN oracle.numbered_bucket b ON (b.zone, b.bucket) = (k.zone, k.bucket) AND b.s < k.until AND b.e > k.since AND k.since < k.until
JOIN oracle.numbered_bucket p ON (p.zone, p.bucket, p.i) = (b.zone, b.bucket, b.i - 1)
LEFT JOIN oracle.retention_view v ON v.creator_id IS NOT DISTINCT FROM k.creator_id AND v.at >= p.s AND v.at < b.e WHERE k.e IS NOT NULL GROUP BY 1, 2, 3, 4;
SELECT oracle.same('viewer_lifecycle: new, returning, resurrecting, dormant', $$SELECT k.n, l.* FROM oracle.retention_case k, viewer_lifecycle(k.s, k.e, k.bucket, k.zone, k.creator_id) WITH ORDINALITY l WHERE k.e IS NOT NULL$$,
  $$SELECT n, s, count(*) FILTER (WHERE inside AND first >= cut_from), count(*) FILTER (WHERE inside AND before), count(*) FILTER (WHERE inside AND NOT before AND first < cut_from), -count(*) FILTER (WHERE before AND NOT inside), row_number() OVER (PARTITION BY n ORDER BY s)
    FROM oracle.lifecycle_state GROUP BY n, s$$);
SELECT oracle.holds('in each of the four states are some', count(*) FILTER (WHERE inside AND first >= cut_from) > 100 AND count(*) FILTER (WHERE inside AND before) > 100 AND count(*) FILTER (WHERE inside AND NOT before AND first < cut_from) > 100 AND count(*) FILTER (WHERE before AND NOT inside) > 100
  AND count(*) FILTER (WHERE inside AND first >= s AND first < cut_from) > 0) FROM oracle.lifecycle_state;
SELECT oracle.same('viewer_lifecycle adds up to viewers and new viewers of metric_series', $$SELECT k.n, l.bucket_start, l.new_viewers, l.new_viewers + l.returning_viewers + l.resurrecting_viewers FROM oracle.retention_case k, viewer_lifecycle(k.s, k.e, k.bucket, k.zone, k.creator_id) l WHERE k.e IS NOT NULL$$,
  $$SELECT k.n, a.bucket_start, a.value::bigint, b.value::bigint FROM oracle.retention_case k, metric_series('new_viewers', k.s, k.e, k.bucket, k.zone, creator_id => k.creator_id) a JOIN LATERAL metric_series('unique_viewers', k.s, k.e, k.bucket, k.zone, creator_id => k.creator_id) b USING (bucket_start) WHERE k.e IS NOT NULL$$);

CREATE TABLE oracle.stickiness_case AS
SELECT row_number() OVER () AS n, c.creator_id, m.at, z.zone, d.s AS day, w.s AS week, o.s AS month
FROM oracle.retention_scope c, oracle.moment m, (SELECT DISTINCT zone FROM oracle.bucket) z JOIN LATERAL (SELECT s, i FROM oracle.numbered_bucket b WHERE b.zone = z.zone AND b.bucket = 'day') d ON true
JOIN oracle.numbered_bucket w ON (w.zone, w.bucket, w.i) = (z.zone, 'day', d.i - 6) JOIN oracle.numbered_bucket o ON (o.zone, o.bucket, o.i) = (z.zone, 'day', d.i - 29)
WHERE d.s < m.at AND m.at BETWEEN '2025-01-20 00:00+00' AND '2026-04-01 00:00+00' AND d.i = (SELECT max(i) FROM oracle.numbered_bucket l WHERE (l.zone, l.bucket) = (z.zone, 'day') AND l.s < m.at);
CREATE TABLE oracle.stickiness_answer AS
SELECT n, count(DISTINCT viewer) FILTER (WHERE v.at >= day) AS dau, count(DISTINCT viewer) FILTER (WHERE v.at >= week) AS wau, count(DISTINCT viewer) AS mau
FROM oracle.stickiness_case k LEFT JOIN oracle.retention_view v ON v.creator_id IS NOT DISTINCT FROM k.creator_id AND v.at >= k.month AND v.at < k.at GROUP BY 1;
SELECT oracle.holds('days, weeks and months differ: ' || count(*), count(*) FILTER (WHERE dau > 0 AND dau < wau AND wau < mau) > 10) FROM oracle.stickiness_answer;
SELECT oracle.same('stickiness of moments in every zone', $$SELECT k.n, t.* FROM oracle.stickiness_case k, stickiness(k.at, k.zone, k.creator_id) t$$, $$SELECT n, dau, wau, mau, CASE WHEN mau = 0 THEN 0 ELSE dau::float8 / mau END FROM oracle.stickiness_answer$$);
-- Now, with rows of this transaction, of the rest of the day and of tomorrow.
BEGIN;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at)
SELECT 1 + n % 30, 700000 + n * n % 97, 'view', now() - (n - 6) * interval '5 hours' FROM generate_series(0, 300) n;
CREATE TABLE oracle.retention_view_now AS SELECT e.viewer, e.at, min(at) OVER (PARTITION BY viewer) AS first FROM (SELECT coalesce(user_id, -session_id) AS viewer, created_at AS at FROM oracle.raw WHERE engagement_type = 'view') e WHERE viewer IS NOT NULL;
SELECT oracle.same('viewer_retention now, to the end of today', $$SELECT cohort, period, cohort_size, retained FROM viewer_retention(now() - interval '20 days', bucket => 'day', periods => 5)$$,
  $$SELECT d, p, count(c.viewer), CASE WHEN d + (p + 1) * interval '1 day' <= now() THEN count(c.viewer) FILTER (WHERE EXISTS (SELECT FROM oracle.retention_view_now v WHERE v.viewer = c.viewer AND v.at >= d + p * interval '1 day' AND v.at < d + (p + 1) * interval '1 day')) END
    FROM generate_series(date_trunc('day', now() - interval '20 days'), date_trunc('day', now()), interval '1 day') d CROSS JOIN generate_series(0, 4) p
    LEFT JOIN (SELECT DISTINCT viewer, first FROM oracle.retention_view_now) c ON c.first >= greatest(d, now() - interval '20 days') AND c.first < d + interval '1 day' GROUP BY 1, 2$$);
SELECT oracle.same('viewer_lifecycle now, to the end of today', $$SELECT bucket_start, new_viewers, returning_viewers + resurrecting_viewers FROM viewer_lifecycle(now() - interval '20 days')$$,
  $$SELECT d, count(DISTINCT viewer) FILTER (WHERE first >= greatest(d, now() - interval '20 days')), count(DISTINCT viewer) FILTER (WHERE first < greatest(d, now() - interval '20 days'))
    FROM generate_series(date_trunc('day', now() - interval '20 days'), date_trunc('day', now()), interval '1 day') d LEFT JOIN oracle.retention_view_now v ON v.at >= greatest(d, now() - interval '20 days') AND v.at < d + interval '1 day' GROUP BY 1$$);
SELECT oracle.same('stickiness now, without an upper bound', $$SELECT dau, wau, mau FROM stickiness()$$, $$SELECT count(DISTINCT viewer) FILTER (WHERE at >= date_trunc('day', now())), count(DISTINCT viewer) FILTER (WHERE at >= date_trunc('day', now()) - interval '6 days'), count(DISTINCT viewer) FROM oracle.retention_view_now WHERE at >= date_trunc('day', now()) - interval '29 days'$$);
SELECT oracle.same('stickiness as of now() ends with it', $$SELECT dau, wau, mau FROM stickiness(now())$$, $$SELECT count(DISTINCT viewer) FILTER (WHERE at >= date_trunc('day', now())), count(DISTINCT viewer) FILTER (WHERE at >= date_trunc('day', now()) - interval '6 days'), count(DISTINCT viewer) FROM oracle.retention_view_now WHERE at >= date_trunc('day', now()) - interval '29 days' AND at <= now()$$);
ROLLBACK;
