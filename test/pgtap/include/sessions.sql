-- Runs the rows of the table public.probe (n int, login name, options text, body text) as a client would, each
-- in a connection of its own unless `login` is NULL, which goes on in the one before. Leaves in public.heard
-- (n, shown, told) what the client got as results and as messages, with every detail, hint and context.
\set probe_dir `mktemp -d /tmp/explore_analytics-probes.XXXXXX`
\set probe_script :probe_dir/script.sh
SELECT CASE WHEN login IS NOT NULL THEN CASE WHEN row_number() OVER w = 1 THEN '' ELSE E'ea_end\n' END
         || format(E'PGUSER=''%s'' PGOPTIONS=''%s'' psql -X -q -A -t -d "$EA_DATABASE" -v VERBOSITY=verbose -v SHOW_CONTEXT=always -f - <<''ea_end''\n', login, options) ELSE '' END
       || format(E'\\echo @@probe %s@@\n\\warn @@probe %1$s@@\n%s', n, body) || CASE WHEN row_number() OVER w = count(*) OVER () THEN E'\nea_end' ELSE '' END
FROM public.probe WINDOW w AS (ORDER BY n) ORDER BY n \g (format=unaligned tuples_only=on) :probe_script
\set probe_ran `cd :'probe_dir' && EA_DATABASE=:'DBNAME' sh script.sh >shown 2>told`
\set probe_shown `cat :'probe_dir'/shown`
\set probe_told `cat :'probe_dir'/told`
\set probe_removed `rm -rf :'probe_dir'`
DROP TABLE IF EXISTS public.heard;
CREATE TABLE public.heard AS
SELECT p.n, coalesce(s.words, '') AS shown, coalesce(t.words, 'no connection') AS told
FROM public.probe p
LEFT JOIN (SELECT (regexp_match(part, '^(\d+)@@'))[1]::int AS n, regexp_replace(part, '^\d+@@\n?', '') AS words FROM regexp_split_to_table(:'probe_shown', '@@probe ') part) s USING (n)
LEFT JOIN (SELECT (regexp_match(part, '(\d+)@@'))[1]::int AS n, regexp_replace(part, '^[^@]*\d+@@\n?', '') AS words FROM regexp_split_to_table(:'probe_told', '@@probe ') part) t USING (n);
