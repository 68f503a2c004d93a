#!/bin/bash
# Queries made up by sqlsmith from the catalogue, run by a role with every grant: no crash, no internal error.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

command -v sqlsmith >/dev/null || { note 'sqlsmith is not installed'; exit 1; }
cluster_new sqlsmith "$EA_STAGE" 'fsync = off' 'log_error_verbosity = verbose' "log_line_prefix = '%p %e '" 'log_min_error_statement = error' \
    'statement_timeout = 3000' 'lock_timeout = 1000' 'track_functions = all'
log=$base/sqlsmith/log
q sqlsmith -c 'CREATE ROLE torture_owner LOGIN' -c 'CREATE ROLE torture_app LOGIN' -c 'CREATE DATABASE smith'
smith() { q sqlsmith -d smith "$@"; }
smith -c 'CREATE EXTENSION explore_analytics' -c "CALL explore_analytics.install('torture_owner')"
smith -f "$here/security_feed.sql" >/dev/null
smith -c "INSERT INTO public.explore_engagements (content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at)
    SELECT 1 + n % 3, 1 + n % 500, CASE WHEN n % 3 = 0 THEN 1 + n % 2 END, (enum_range(NULL::public.engagement_type))[1 + n % 7], n % 60000, n % 3 = 0, '2025-01-01 00:00+00'::timestamptz + n * interval '29 minutes'
    FROM generate_series(1, 4000) n" -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()' \
    -c "INSERT INTO public.explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1 + n % 3, n, 'view', '2025-03-20 00:00+00' FROM generate_series(1, 50) n"

# sqlsmith takes any function of pg_proc that gives the type it wants, except those that return sets. The role has a
# pg_proc of its own, first in its path, with our routines (those that return sets behind functions that return text)
# and what pg_catalog does with the same types; and a table with columns of all of these, to begin with.
smith -c 'CREATE SCHEMA play AUTHORIZATION torture_app' -c 'ALTER ROLE torture_app SET search_path = play, pg_catalog, public'
smith -U torture_app -c 'CREATE TABLE play.value (n bigint, i integer, s smallint, t text, b boolean, f double precision, at timestamptz, d date, e public.engagement_type, summary public.engagement_summary, viewers public.viewer_set, body jsonb, ids bigint[], gap interval, u uuid, raw bytea)' \
    -c "INSERT INTO play.value SELECT n, n, n, (ARRAY['views', 'day', 'UTC', 'view', 'week', 'skip', 'month', 'all', 'engagement_score'])[1 + n % 9], n % 2 = 0, n / 2.0, '2025-03-01 00:00+00'::timestamptz + n * interval '1 day', date '2025-03-01' + n::integer,
          (enum_range(NULL::public.engagement_type))[1 + n % 7], public.engagement_agg('view', n, n::integer, true), public.viewer_set_agg(n), jsonb_build_array(jsonb_build_object('contentId', n, 'engagementType', 'view', 'userId', n)), ARRAY[n, 2], n * interval '1 hour', NULL, decode('0000000000000000', 'hex')
        FROM generate_series(1, 12) n GROUP BY n" \
    -c 'INSERT INTO play.value DEFAULT VALUES' -f "$here/security_smith.sql" >/dev/null

# EA_SEED begins elsewhere.
queries=$(either 200 5000) seed=${EA_SEED:-0} made=0 failed_queries=0 crashes=0 called=0
# A run ends when the server has gone, or in a time: another seed goes on.
runs=$base/runs
mkdir -p "$runs"
chmod 777 "$runs"
last=$((seed + 60))
while ((made < queries && seed < last && crashes == 0)); do
    seed=$((seed + 1))
    part=$((queries - made < 500 ? queries - made : 500))
    (cd "$runs" && timeout 600 sqlsmith --target="host=$base/sqlsmith port=5511 dbname=smith user=torture_app" --seed="$seed" --max-queries="$part" \
        --exclude-catalog --dump-all-queries >"$runs/queries.$seed" 2>"$runs/said.$seed" 9>&-) || true
    made=$((made + $(grep -cE '^(select|insert|update|delete|merge|with)|^SELECT' "$runs/queries.$seed" || true)))
    crashes=$(grep -cE 'terminated by signal|PANIC|TRAP:|server process .* exited with exit code [^01]' "$log" || true)
done
smith -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()'
complaints=$(smith -c 'SELECT count(*) FROM explore_analytics.verify()')
complaints=$((complaints + $(smith -c 'SELECT count(*) FROM explore_analytics.check_ledger()')))

# Internal errors. PostgreSQL has a few of its own. One is excused only while a statement raises the very same
# message in a database that has never seen the extension:
#   support functions of its aggregates, called as functions
excuses=('aggregate function called in non-aggregate context|SELECT int4_avg_combine(ARRAY[1, 2]::bigint[], ARRAY[1, 2]::bigint[])')
excused='no such message'
for excuse in "${excuses[@]}"; do
    said=$(q sqlsmith -v VERBOSITY=verbose -c "${excuse#*|}" 2>&1 || true)
    if grep -q "XX000: ${excuse%%|*}" <<<"$said"; then excused+="|${excuse%%|*}"; else note "no excuse any more: $excuse"; fi
done
errors=$(grep -E '^[0-9]+ XX[0-9A-Z]{3} (ERROR|FATAL|PANIC): ' "$log" || true)
internal=$(grep -vE "$excused" <<<"$errors" | grep -c . || true)
internal_excused=$(($(grep -cE "$excused" <<<"$errors" || true) - ${#excuses[@]}))
if ((internal > 0)); then grep -vE "$excused" <<<"$errors" | sed -E 's/^[0-9]+ //' | cut -c1-300 | sort | uniq -c | sort -rn | head -n 10 >&2; fi
succeeded=$((made - $(grep -cE '^[0-9]+ [0-9A-Z]{5} ERROR' "$log" || true)))
called=$(smith -c "SELECT count(DISTINCT f.funcid) FROM pg_stat_user_functions f JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = f.funcid AND d.deptype = 'e'")
callings=$(smith -c "SELECT coalesce(sum(f.calls), 0) FROM pg_stat_user_functions f JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = f.funcid AND d.deptype = 'e'")
restarts=$(grep -c 'database system was not properly shut down' "$log" || true)
crashes=$((crashes + restarts))
result sqlsmith "crashes == 0 && internal == 0 && complaints == 0 && made >= queries && succeeded > made / 10 && called >= $(either 20 60)" queries="$made" succeeded="$succeeded" our_functions="$called" our_calls="$callings" \
    crashes="$crashes" internal_errors="$internal" excused="$internal_excused" verify_rows="$complaints"
if [[ -n ${EA_KEEP:-} ]]; then cp "$log" "$base/log.sqlsmith"; fi
finish
