-- What the rollups hold, whether they are right, and what they are for: the same question both ways, timed.
\pset tuples_only on
\pset format unaligned
CREATE FUNCTION demo.milliseconds(question text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
  best float8;
BEGIN
  FOR turn IN 1 .. 5 LOOP
    started := clock_timestamp();
    EXECUTE question;
    best := least(best, 1000 * extract(epoch FROM clock_timestamp() - started));
  END LOOP;
  RETURN best;
END $$;
WITH status AS (SELECT * FROM explore_analytics.rollup_status),
timed (n, label, ours, plain) AS (
  SELECT 1, 'platform, all time, unique viewers',
    demo.milliseconds('SELECT unique_viewers(platform_summary())'),
    demo.milliseconds($$SELECT count(DISTINCT coalesce(user_id, -session_id)) FROM explore_engagements WHERE engagement_type = 'view'$$)
  UNION ALL SELECT 2, 'creator, all time, unique viewers',
    demo.milliseconds(format('SELECT unique_viewers(creator_summary(%s))', demo.recall('creator'))),
    demo.milliseconds(format($$SELECT count(DISTINCT coalesce(user_id, -session_id)) FROM explore_engagements
      WHERE engagement_type = 'view' AND content_id IN (SELECT id FROM explore_content WHERE creator_id = %s)$$, demo.recall('creator')))
)
SELECT line FROM (
  SELECT 0, '  ' || demo.num((SELECT sum(event_count) FROM explore_analytics.rollup_ledger)) || ' events in the rollups, '
    || demo.num(tail_events) || ' still read from the raw table; ' || demo.num(rollup_bytes / 1048576.0, 1) || ' MB' FROM status
  UNION ALL SELECT 1, '  verify(): ' || demo.num((SELECT count(*) FROM explore_analytics.verify())) || ' differences from the raw rows'
  UNION ALL SELECT 2, ''
  UNION ALL SELECT 3, '  ' || rpad('', 40) || lpad('extension', 14) || lpad('plain SQL', 14)
  UNION ALL SELECT 3 + n, '  ' || rpad(label, 40) || lpad(demo.num(ours, 2) || ' ms', 14) || lpad(demo.num(plain, 2) || ' ms', 14) FROM timed
) AS all_lines (n, line) ORDER BY n;
