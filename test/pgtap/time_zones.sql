-- Buckets of metric_series() wherever clocks were set, and by whatever. The calendar is made by looking at the clock
-- every minute: a day, week or month begins when it first shows it, an hour each time that it shows a full hour or is
-- set forward over one.
\set QUIET 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(13);

CREATE TABLE looked (zone text, since timestamptz, days integer, step interval, buckets text[]);
-- By hours, half hours, 20 and 40 minutes, three, seven, ten hours and a day; at midnight, a minute after it, and at the
-- turn of a month.
INSERT INTO looked SELECT v.zone, v.day::timestamptz - interval '3 days', 6, '1 minute', '{hour,day}' FROM (VALUES
  ('Antarctica/Casey', '2023-03-09 00:00+00'), ('Antarctica/Casey', '2010-03-05 00:00+00'), ('Antarctica/Casey', '2018-03-11 00:00+00'), ('Antarctica/Casey', '2016-10-22 00:00+00'),
  ('Antarctica/Davis', '2009-10-18 00:00+00'), ('Antarctica/Davis', '2010-03-11 00:00+00'), ('Antarctica/Vostok', '1994-02-01 00:00+00'), ('Antarctica/Vostok', '1994-11-01 00:00+00'),
  ('Antarctica/Troll', '2025-03-30 00:00+00'), ('Antarctica/Troll', '2025-10-26 00:00+00'), ('Antarctica/Macquarie', '2010-04-04 00:00+00'), ('America/Resolute', '1947-08-31 00:00+00'),
  ('Pacific/Apia', '2011-12-30 00:00+00'), ('Pacific/Apia', '1950-01-01 00:00+00'), ('Pacific/Fakaofo', '2011-12-30 00:00+00'), ('Pacific/Kwajalein', '1993-08-21 00:00+00'), ('Pacific/Kwajalein', '1969-10-01 00:00+00'),
  ('Pacific/Kiritimati', '1979-10-01 00:00+00'), ('Pacific/Kiritimati', '1995-01-01 00:00+00'), ('Pacific/Niue', '1964-07-01 00:00+00'), ('Pacific/Tongatapu', '1961-01-01 00:00+00'), ('Pacific/Rarotonga', '1991-03-03 00:00+00'),
  ('Pacific/Nauru', '1979-02-10 00:00+00'), ('Pacific/Norfolk', '2015-10-04 00:00+00'), ('Pacific/Bougainville', '2014-12-28 00:00+00'),
  ('Australia/Lord_Howe', '2025-04-06 00:00+00'), ('Australia/Lord_Howe', '2025-10-05 00:00+00'), ('Asia/Pyongyang', '2015-08-15 00:00+00'), ('Asia/Pyongyang', '2018-05-05 00:00+00'),
  ('Asia/Kathmandu', '1986-01-01 00:00+00'), ('Asia/Singapore', '1982-01-01 00:00+00'), ('Asia/Singapore', '1945-09-12 00:00+00'), ('Asia/Kuala_Lumpur', '1941-09-01 00:00+00'), ('Asia/Colombo', '2006-04-15 00:00+00'), ('Asia/Tehran', '2022-09-22 00:00+00'),
  ('Asia/Khandyga', '2011-09-13 00:00+00'), ('Asia/Magadan', '2014-10-26 00:00+00'), ('America/Caracas', '2007-12-09 00:00+00'), ('America/Caracas', '2016-05-01 00:00+00'), ('America/Guyana', '1975-08-01 00:00+00'),
  ('America/St_Johns', '1988-04-03 00:00+00'), ('America/St_Johns', '1988-10-30 00:00+00'), ('America/St_Johns', '2006-10-29 00:00+00'), ('America/Sao_Paulo', '2018-02-18 00:00+00'), ('America/Sao_Paulo', '2018-11-04 00:00+00'),
  ('America/Havana', '2025-11-02 00:00+00'), ('America/Montevideo', '1974-01-13 00:00+00'), ('America/Iqaluit', '1999-10-31 00:00+00'), ('America/Danmarkshavn', '1996-01-01 00:00+00'), ('America/Nuuk', '2023-10-29 00:00+00'),
  ('Europe/Warsaw', '1944-10-04 00:00+00'), ('Europe/Volgograd', '2020-12-27 00:00+00'), ('Europe/London', '1941-05-04 00:00+00'), ('Africa/Accra', '1940-09-01 00:00+00'), ('Africa/Juba', '2021-02-01 00:00+00'), ('Asia/Gaza', '2010-03-27 00:00+00'), ('Asia/Gaza', '2011-04-01 00:00+00')) v(zone, day);
-- Where it matters, weeks and months as well.
INSERT INTO looked SELECT zone, since - interval '80 days', 160, '15 minutes', '{week,month}' FROM looked
WHERE (zone, since) IN (('Pacific/Apia', '2011-12-27 00:00+00'), ('Pacific/Kwajalein', '1969-09-28 00:00+00'), ('Pacific/Kwajalein', '1993-08-18 00:00+00'), ('Antarctica/Casey', '2010-03-02 00:00+00'),
  ('Antarctica/Vostok', '1994-01-29 00:00+00'), ('America/St_Johns', '1988-10-27 00:00+00'), ('America/Guyana', '1975-07-29 00:00+00'), ('Africa/Juba', '2021-01-29 00:00+00'));
-- And each change of sixty years in zones where people live, which go by quarters of an hour.
INSERT INTO looked
SELECT zone, date_trunc('day', d, 'UTC') - interval '2 days', 5, '15 minutes', '{hour,day}'
FROM (SELECT zone, d, d AT TIME ZONE zone - d AT TIME ZONE 'UTC' AS ahead, lead(d AT TIME ZONE zone - d AT TIME ZONE 'UTC') OVER (PARTITION BY zone ORDER BY d) AS ahead_then
      FROM unnest(ARRAY['America/New_York', 'America/Los_Angeles', 'America/Santiago', 'America/Asuncion', 'Europe/Berlin', 'Europe/Lisbon', 'Europe/Moscow', 'Africa/Casablanca', 'Africa/Cairo', 'Asia/Beirut', 'Asia/Amman',
                        'Asia/Gaza', 'Asia/Kolkata', 'Asia/Dubai', 'Australia/Adelaide', 'Pacific/Auckland', 'Pacific/Chatham', 'UTC']) zone,
           generate_series(timestamptz '1975-01-01 00:00+00', timestamptz '2037-12-31 00:00+00', '1 day') d) x
WHERE ahead <> ahead_then AND NOT (zone = 'Asia/Gaza' AND d BETWEEN '2010-03-01' AND '2011-05-01');    -- at a minute past midnight: above

CREATE TABLE shown AS
SELECT l.zone, l.since, k.bucket, c.at, c.at AT TIME ZONE l.zone AS local, date_trunc(k.bucket, c.at AT TIME ZONE l.zone) AS label
FROM looked l, unnest(l.buckets) k(bucket), generate_series(l.since, l.since + l.days * interval '1 day', l.step) c(at);
CREATE TABLE calendar AS
SELECT zone, since, bucket, at AS s, lead(at) OVER (PARTITION BY zone, since, bucket ORDER BY at) AS e, local, label
FROM (SELECT s.*, max(label) OVER w AS latest, lag(label) OVER (PARTITION BY zone, since, bucket ORDER BY at) AS before
      FROM shown s WINDOW w AS (PARTITION BY zone, since, bucket ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) x
WHERE CASE bucket WHEN 'hour' THEN local = label OR label > before ELSE label > latest END;
-- Of the first days nobody has looked at what was before, and the last bucket has no end.
DELETE FROM calendar c USING looked l WHERE l.zone = c.zone AND l.since = c.since AND (c.s < l.since + interval '25 hours' OR c.e IS NULL);

SELECT cmp_ok(count(*), '>', 1200::bigint, 'clocks were set in more than a thousand of the times looked at') FROM looked WHERE step = '15 minutes';
SELECT cmp_ok(count(*), '>', 150000::bigint, 'the calendar has many buckets') FROM calendar;
-- That the test tests what it says.
SELECT set_has($$SELECT DISTINCT (extract(epoch FROM (local - lag_local) - (at - lag_at)) / 60)::integer FROM (
    SELECT at, local, lag(local) OVER w AS lag_local, lag(at) OVER w AS lag_at FROM shown WHERE bucket = 'hour' WINDOW w AS (PARTITION BY zone, since ORDER BY at)) x WHERE local - lag_local <> at - lag_at$$,
  'VALUES (-1380), (-180), (-120), (-60), (-30), (15), (20), (30), (40), (60), (90), (120), (180), (420), (1440)', 'clocks were set by these minutes');
SELECT set_has($$SELECT DISTINCT (extract(epoch FROM e - s) / 3600)::numeric(4, 2) FROM calendar WHERE bucket = 'day'$$,
  'VALUES (21.00), (22.00), (23.00), (23.50), (24.00), (24.50), (25.00), (26.00), (27.00), (47.00)', 'local days have these hours');

CREATE TABLE answered AS
SELECT c.zone, c.since, c.bucket, m.bucket_start AS s, m.bucket_end AS e
FROM (SELECT zone, since, bucket, min(s) AS s, max(e) AS e FROM calendar GROUP BY 1, 2, 3) c, metric_series('views', c.s, c.e, c.bucket, c.zone) m;
SELECT bag_eq(format('SELECT zone, since, s, e FROM answered WHERE bucket = %L', b), format('SELECT zone, since, s, e FROM calendar WHERE bucket = %L', b), b || 's are those of the clock')
FROM unnest(ARRAY['hour', 'day', 'week', 'month']) b;

-- What follows from it, told without the calendar.
SELECT is_empty($$SELECT * FROM answered WHERE bucket = 'hour' AND e - s >= interval '2 hours'$$, 'no hour lasts two');
SELECT is_empty($$SELECT * FROM (SELECT *, s - interval '1 second' AS before FROM answered WHERE bucket = 'hour') x
  WHERE e - s <> interval '1 hour' AND e AT TIME ZONE zone - before AT TIME ZONE zone = e - before$$, 'and none is of another length where no clock was set');
SELECT results_eq($$SELECT (bucket_start AT TIME ZONE 'Antarctica/Casey')::time, bucket_end - bucket_start FROM metric_series('views', '2023-03-08 12:00+00', '2023-03-08 21:00+00', 'hour', 'Antarctica/Casey')$$,
  $$SELECT h::time, interval '1 hour' FROM unnest(ARRAY['23:00', '00:00', '01:00', '02:00', '00:00', '01:00', '02:00', '03:00', '04:00']) h$$, 'three hours that come twice are six of an hour');
-- Every zone there is: buckets adjoin, cover the range, and start when the clock shows what they are called.
SELECT is_empty($$
  SELECT z.name, k.bucket FROM pg_timezone_names z,
    (VALUES ('hour', timestamptz '2023-03-01 00:10+00', timestamptz '2023-04-05 00:00+00'), ('day', '2005-01-01 00:00+00', '2013-01-01 00:00+00'), ('month', '1850-01-01 00:00+00', '2450-01-01 00:00+00')) k(bucket, s, e),
    LATERAL (SELECT *, lead(m.bucket_start) OVER (ORDER BY m.bucket_start) AS following FROM metric_series('views', k.s, k.e, k.bucket, z.name) m) m
  WHERE z.name ~ '^(Africa|America/[A-I]|Antarctica|Asia|Etc|Europe/[I-W]|Pacific)'
  GROUP BY z.name, k.bucket, k.s, k.e
  HAVING min(m.bucket_start) > k.s OR max(m.bucket_end) < k.e OR bool_or(m.following <> m.bucket_end) OR bool_or(m.bucket_end <= m.bucket_start)$$, 'in every zone buckets adjoin and cover the range');
SELECT is(count(*), 1000000::bigint, 'a million hours are answered') FROM metric_series('views', timestamptz '2000-01-01 00:00+00', timestamptz '2000-01-01 00:00+00' + interval '1000000 hours', 'hour', 'Europe/Berlin');
SELECT * FROM finish();
