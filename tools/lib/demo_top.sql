\pset tuples_only on
\pset format unaligned
SELECT '  ' || rpad('', 4) || rpad('score', 29) || lpad('views', 7) || lpad('completed', 11) || '  title';
SELECT format('  %s%s  %s  %s%s  %s', rpad(rank || '.', 4), lpad(demo.num(value, 1), 5),
              bar(value, max(value) OVER (), 20), lpad(demo.num(views), 7),
              lpad(demo.num(completion_rate, 1) || ' %', 11), title)
FROM top_videos('engagement_score', demo.as_of() - interval '30 days', demo.as_of(), n => 10, min_views => demo.recall('min_views')::bigint)
ORDER BY rank;
