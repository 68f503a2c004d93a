\pset tuples_only on
\pset format unaligned
SELECT format('  pg_cron ran job %s at %s in %s ms: %s (%s)', d.jobid,
              to_char(d.start_time AT TIME ZONE 'UTC', 'HH24:MI:SS'),
              demo.num(extract(epoch FROM d.end_time - d.start_time)::float8 * 1000), d.status, d.return_message)
FROM cron.job_run_details d WHERE d.runid = demo.recall('run')::bigint;
SELECT '  the job: ' || regexp_replace(d.command, '\s+', ' ', 'g')
FROM cron.job_run_details d WHERE d.runid = demo.recall('run')::bigint;
SELECT format(E'  stored scores that changed: %s of %s\n', demo.num(count(*) FILTER (WHERE c.engagement_score IS DISTINCT FROM b.engagement_score)),
              demo.num(count(*)))
FROM explore_content c LEFT JOIN demo.scores_before b USING (id);
SELECT '  the leaderboard now';
SELECT format('  %s%s  %s  %s views  %s', rpad(rank || '.', 4), lpad(demo.num(engagement_score, 1), 5),
              bar(engagement_score, max(engagement_score) OVER (), 20), lpad(demo.num(views), 7), title)
FROM explore_leaderboard ORDER BY rank LIMIT 3;
