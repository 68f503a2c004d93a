\pset tuples_only on
\pset format unaligned
SELECT format(E'  %s requests with %s events: %s recorded, %s duplicates recognised, %s refused\n',
              demo.num(count(*)), demo.num(sum(received)), demo.num(sum(recorded)),
              demo.num(sum(duplicates)), demo.num(sum(rejected)))
FROM demo.answers;

SELECT '  ' || rpad(code, 22) || lpad(demo.num(count(*)), 6) || '  for example: ' || min(message)
FROM demo.answers a, jsonb_to_recordset(a.errors) AS e (code text, message text)
GROUP BY code ORDER BY count(*) DESC, code;
