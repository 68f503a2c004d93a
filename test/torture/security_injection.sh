#!/bin/bash
# 200 payloads through every text argument, as superuser and as a role with every grant, in a schema of a plain
# name and in one of a hostile name: nothing is executed, nothing is left behind, and every error is about the argument.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new injection "$EA_STAGE" 'fsync = off' "shared_preload_libraries = 'pg_cron'" "cron.database_name = 'plain'" \
    'cron.use_background_workers = on' 'max_worker_processes = 20' 'max_locks_per_transaction = 256'
q injection -c 'CREATE ROLE torture_owner LOGIN' -c 'CREATE ROLE torture_app LOGIN' -c 'CREATE DATABASE plain' -c 'CREATE DATABASE weird' -c 'CREATE EXTENSION IF NOT EXISTS plpgsql'
executed=0 unclean=0 calls=0 arguments=0 changed=0
every=$(either 9 1)
file=$base/injection/pwned

drop_all() { # DATABASE ROLE
    local said=$base/said.$1.$2
    {
        echo 'SET search_path = pg_catalog, pg_temp;'
        echo 'CREATE TEMPORARY TABLE before AS SELECT name, setting FROM pg_settings;'
        echo "CALL bomb.drop_all($every);"
        # What a payload did to the session would show here.
        echo "SELECT 'setting ' || s.name || ' = ' || s.setting FROM pg_settings s JOIN before b USING (name) WHERE s.setting IS DISTINCT FROM b.setting UNION ALL SELECT 'channel ' || pg_listening_channels() UNION ALL SELECT 'role ' || current_user WHERE current_user <> '$2';"
    } | PGHOST=$base/injection psql -X -qAt -v ON_ERROR_STOP=1 -U "$2" -d "$1" >"$said" 2>"$said.errors" || {
        note "$1 as $2: $(grep -m 1 -E 'ERROR|FATAL|closed' "$said.errors")"
        unclean=$((unclean + 1))
    }
    if grep -q 'pwned' "$said.errors"; then note "a notification arrived: $(grep -m 1 pwned "$said.errors")"; executed=$((executed + 1)); fi
    while read -r line; do
        note "$1 as $2 changed: $line"
        changed=$((changed + 1))
    done <"$said"
}

for database in plain weird; do
    q injection -d $database -c 'CREATE EXTENSION explore_analytics' -c "CALL explore_analytics.install('torture_owner')"
    [[ $database != plain ]] || q injection -d plain -c 'CREATE EXTENSION pg_cron' -c 'GRANT USAGE ON SCHEMA cron TO torture_app, torture_owner'
    # schedule_jobs() makes these, so they are there before.
    [[ $database != plain ]] || q injection -d plain -c 'SELECT explore_analytics.schedule_jobs()' -c 'SELECT explore_analytics.unschedule_jobs()' >/dev/null
    q injection -d $database -f "$here/security_feed.sql" >/dev/null
    if [[ $database == weird ]]; then
        # No extension can be created in such a schema, but a schema can be given such a name.
        q injection -d weird -c "ALTER SCHEMA public RENAME TO \"we{s}ird 'x' \"\"y\"\" \$1 %s \\\"" -c 'CREATE SCHEMA public'
        short || every=3
    fi
    q injection -d $database -f "$here/security_calls.sql" -v file="$file" -f "$here/security_payloads.sql" -f "$here/security_injection.sql"
    q injection -d $database -c 'CREATE TABLE bomb.before AS SELECT thing FROM bomb.world' -c 'CREATE TABLE bomb.jobs_before AS SELECT 1 AS none' \
        -c "DELETE FROM bomb.before WHERE thing LIKE 'relation bomb.before%'"
    drop_all $database postgres
    drop_all $database torture_app
    # Everything still works, whoever owns it now.
    home=$(q injection -d $database -c 'SELECT explore_analytics.home()')
    q injection -d $database -c "CALL explore_analytics.install('torture_owner')" -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()' || unclean=$((unclean + 1))
    [[ $(q injection -d $database -c 'SELECT count(*) FROM explore_analytics.verify()' -c 'SELECT count(*) FROM explore_analytics.check_ledger()' | tr '\n' ' ') == '0 0 ' ]] || { note "$database: verify() or check_ledger() complains"; unclean=$((unclean + 1)); }
    while read -r line; do
        note "$database: $line"
        changed=$((changed + 1))
    done < <(q injection -d $database -c "SELECT coalesce('gone: ' || b.thing, 'new: ' || w.thing) FROM bomb.before b FULL JOIN bomb.world w USING (thing) WHERE (b.thing IS NULL OR w.thing IS NULL) AND coalesce(b.thing, w.thing) !~ ' bomb\\.|role .*_(owner|writer|reader|analyst|job)falsefalsefalse\$'")   # those of create_roles()
    executed=$((executed + $(q injection -d $database -c "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM bomb.booms")))
    calls=$((calls + $(q injection -d $database -c 'SELECT count(*) FROM bomb.outcome')))
    arguments=$((arguments + $(q injection -d $database -c 'SELECT count(DISTINCT (caller, routine, argument)) FROM bomb.outcome')))
    unclean=$((unclean + $(q injection -d $database -c 'SELECT count(*) FROM bomb.outcome WHERE bomb.unclean(state, message)')))
    q injection -d $database -c "SELECT routine || ' ' || argument || ' ' || state || ' x' || count(*) || ': ' || min(left(message, 200)) || ' / payload ' || min(payload) || ' / ' || left(min(context), 200)
        FROM bomb.outcome WHERE bomb.unclean(state, message) GROUP BY routine, argument, state ORDER BY 1 LIMIT 20" >&2
done
# Jobs are ours, with schedules that cron accepts, and run what we wrote.
strange=$(q injection -d plain -c "SELECT count(*) FROM cron.job j WHERE j.jobname NOT LIKE 'explore\\_analytics:%' OR j.command NOT IN (SELECT command FROM explore_analytics.jobs('* * * * *', '* * * * *'))")
((strange == 0)) || { note "$strange jobs are not ours"; executed=$((executed + strange)); }
[[ ! -e $file && -z $(find "$base" -name 'pwned*' -print -quit) ]] || { note 'a file was written'; executed=$((executed + 1)); }
payloads=$(q injection -d plain -c 'SELECT count(*) FROM bomb.payload')
result injection 'executed == 0 && unclean == 0 && changed == 0 && payloads == 200 && arguments > 40' payloads="$payloads" arguments="$arguments" calls="$calls" executed="$executed" unclean="$unclean" changed="$changed"

# It would be noticed: a function that executes what it is given.
q injection -d plain -c "CREATE OR REPLACE FUNCTION explore_analytics.in_home(statement text) RETURNS text LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS 'BEGIN EXECUTE statement; RETURN NULL; END'" \
    -c 'SET search_path = pg_catalog, pg_temp' -c "CALL bomb.drop_all(1, 'in_home')" >/dev/null
booms=$(q injection -d plain -c "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM bomb.booms")
states=$(q injection -d plain -c "SELECT count(*) FROM bomb.outcome WHERE routine LIKE '%in_home%' AND bomb.unclean(state, message)")
result injection_mutant 'booms > 0 && states > 0' executed="$booms" unclean="$states"
finish
