#!/bin/bash
# Hostile functions, operators, casts, types and relations, planted in public, in the caller's pg_temp and in a
# schema of the user's own, before CREATE EXTENSION, before install() and before every call: none of them ever runs.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

export PGOPTIONS="$PGOPTIONS -c search_path=pg_catalog,pg_temp"
cluster_new hijack "$EA_STAGE" 'fsync = off' "shared_preload_libraries = 'pg_cron'" "cron.database_name = 'public_call'" \
    'cron.use_background_workers = on' 'max_worker_processes = 20'
calls=0 moments=0 places=0 planted=0 unexpected=0 hijacks=0

# One role plants, one owns the tables, one has every grant there is.
q hijack -c 'CREATE ROLE torture_mallory LOGIN' -c 'CREATE ROLE torture_owner LOGIN' -c 'CREATE ROLE torture_app LOGIN'

database() { # NAME TEMPLATE
    q hijack -c "CREATE DATABASE $1 TEMPLATE $2" -c "GRANT ALL ON DATABASE $1 TO torture_app, torture_mallory"
}
extension() { # DATABASE SEARCH_PATH
    q hijack -d "$1" -c "SET search_path = $2" -c 'CREATE EXTENSION explore_analytics SCHEMA public'
    q hijack -d "$1" -f "$here/security_calls.sql"
}
install() { # DATABASE SEARCH_PATH
    q hijack -d "$1" -c "SET search_path = $2" -c "CALL explore_analytics.install('torture_owner')"
    q hijack -d "$1" -f "$here/security_feed.sql" >/dev/null
}
# What a place is called in a search path, and who plants there.
declare -A path=([public]=public [own]=torture_app [temp]=pg_temp)
plant() { # DATABASE PLACE WHAT...
    local role=torture_mallory
    [[ $2 != own ]] || role=torture_app
    local statements=() what
    for what in "${@:3}"; do
        case $what in
            routines) statements+=(-c "SELECT canary.plant_routines('${path[$2]}')") ;;
            names) statements+=(-c "SELECT canary.plant_names('${path[$2]}', $([[ $2 == own ]] && echo true || echo false))") ;;
            namesakes) statements+=(-c "SELECT canary.plant_namesakes('${path[$2]}', 'public')") ;;
        esac
    done
    q hijack -d "$1" -U "$role" "${statements[@]}" >/dev/null
}

# call DATABASE ROLE PLACE WARM: every call as the role, with the place first in its path; in pg_temp the role
# plants by itself first. WARM: once before that, so that there are plans made without the plants.
call() {
    local database=$1 role=$2 place=$3 warm=$4 list=$base/calls.$1.$2.sql said=$base/said.$1.$2 line state text
    q hijack -d "$database" -c "SELECT torture.calls('$role', 'public')" >"$list"
    {
        echo '\set VERBOSITY verbose'
        [[ -z $warm ]] || echo "\\i $list"
        if [[ $place == temp ]]; then
            echo "SELECT canary.plant_names('pg_temp', true);"
        fi
        echo "SET search_path = ${path[$place]}, public, pg_catalog;"
        echo "\\i $list"
    } >"$base/session.sql"
    chmod a+r "$list" "$base/session.sql"
    PGHOST=$base/hijack psql -X -qAt -U "$role" -d "$database" -f "$base/session.sql" >/dev/null 2>"$said" 9>&- || true
    calls=$((calls + $(grep -cE '^(SELECT|CALL|TABLE|INSERT|TRUNCATE)' "$list") * (${#warm} > 0 ? 2 : 1)))
    # Every other error than those a line allows means that something did not run to its end.
    while IFS=: read -r line state; do
        text=$(sed -n "${line}p" "$list")
        if [[ " ${text##*-- may } " != *" $state "* || $text != *'-- may '* ]]; then
            unexpected=$((unexpected + 1))
            note "$database as $role: $state from ${text:0:100}"
            grep -m 1 -F "sql:$line: ERROR:" "$said" >&2 || true
        fi
    done < <(sed -nE "s|^psql:$list:([0-9]+): ERROR:  ([0-9A-Z]{5}): .*|\1:\2|p; s|^psql:$list:([0-9]+): (server closed).*|\1:\2|p" "$said")
}

# heard DATABASE WHAT: songs are hijacks.
heard() {
    local songs
    songs=$(q hijack -d "$1" -c 'SELECT canary.count()')
    ((songs == 0)) || note "$1, $2: $(q hijack -d "$1" -c "SELECT string_agg(DISTINCT what || ' as ' || who, ', ') FROM canary.song")"
    hijacks=$((hijacks + songs))
    moments=$((moments + 1))
}

# The canary, and a place to plant in.
q hijack -c 'CREATE DATABASE canaries'
q hijack -d canaries -f "$here/security_plants.sql" -c 'GRANT CREATE ON SCHEMA public TO torture_mallory' \
    -c 'CREATE SCHEMA torture_app AUTHORIZATION torture_app'
database extended canaries
extension extended pg_catalog,pg_temp
database installed extended
install installed pg_catalog,pg_temp

roles=(postgres torture_owner torture_app)
for place in public own temp; do
    places=$((places + 1))
    note "$place, before CREATE EXTENSION"
    database "${place}_extension" canaries
    if [[ $place == temp ]]; then
        q hijack -d temp_extension -c "SELECT canary.plant_names('pg_temp', true)" -c 'SET search_path = pg_temp, public, pg_catalog' \
            -c 'CREATE EXTENSION explore_analytics SCHEMA public' -c "CALL explore_analytics.install('torture_owner')" >/dev/null
        q hijack -d temp_extension -f "$here/security_calls.sql" -f "$here/security_feed.sql" >/dev/null
    else
        plant "${place}_extension" "$place" routines names
        extension "${place}_extension" "${path[$place]}, public, pg_catalog"
        install "${place}_extension" "${path[$place]}, public, pg_catalog"
    fi
    heard "${place}_extension" 'before CREATE EXTENSION'
    short || for role in "${roles[@]}"; do call "${place}_extension" "$role" "$place" ''; done
    heard "${place}_extension" 'before CREATE EXTENSION, called'

    note "$place, before install()"
    database "${place}_install" extended
    if [[ $place == temp ]]; then
        q hijack -d temp_install -c "SELECT canary.plant_names('pg_temp', true)" -c 'SET search_path = pg_temp, public, pg_catalog' \
            -c "CALL explore_analytics.install('torture_owner')" >/dev/null
        q hijack -d temp_install -f "$here/security_feed.sql" >/dev/null
    else
        plant "${place}_install" "$place" routines names namesakes
        install "${place}_install" "${path[$place]}, public, pg_catalog"
    fi
    heard "${place}_install" 'before install()'
    short || for role in "${roles[@]}"; do call "${place}_install" "$role" "$place" ''; done
    heard "${place}_install" 'before install(), called'

    note "$place, before every call"
    database "${place}_call" installed
    [[ $place != public ]] || q hijack -d public_call -c 'CREATE EXTENSION pg_cron' -c 'GRANT USAGE ON SCHEMA cron TO torture_app, torture_owner'
    [[ $place == temp ]] || plant "${place}_call" "$place" routines names namesakes
    for role in torture_app torture_owner postgres; do call "${place}_call" "$role" "$place" warm; done
    heard "${place}_call" 'before every call'
done
# Settings of the caller's that change what SQL means change nothing of ours: neither what install() makes nor an answer.
heard_settings() {
    local definitions="SELECT md5(string_agg(d, chr(10) ORDER BY d)) FROM (SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace)
        UNION ALL SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.connamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND c.conname !~ 'pkey'
        UNION ALL SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace IN ('public'::regnamespace, 'explore_analytics'::regnamespace) AND c.relname !~ 'default|[0-9]'
        UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal) d(d)"
    local plain strange options=$PGOPTIONS
    plain=$(q hijack -d installed -c "$definitions")
    database settings canaries
    export PGOPTIONS="$PGOPTIONS -c standard_conforming_strings=off -c quote_all_identifiers=on -c transform_null_equals=on -c array_nulls=off -c row_security=off -c DateStyle=German -c IntervalStyle=sql_standard -c timezone=Pacific/Apia -c escape_string_warning=off -c backslash_quote=on -c xmloption=document -c default_transaction_deferrable=on -c plpgsql.extra_errors=all"
    extension settings pg_catalog,pg_temp
    install settings pg_catalog,pg_temp
    strange=$(PGOPTIONS=$options q hijack -d settings -c "$definitions")
    local role
    for role in torture_app torture_owner postgres; do call settings "$role" public ''; done
    export PGOPTIONS=$options
    moments=$((moments + 1))
    [[ $plain == "$strange" ]] || { note 'settings of the caller change what install() makes'; unexpected=$((unexpected + 1)); }
}
note 'settings'
heard_settings

planted=$(q hijack -d public_call -c "SELECT count(*) FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid WHERE n.nspname = 'public' AND d.refclassid = 'pg_namespace'::regclass" )
result hijack 'hijacks == 0 && unexpected == 0 && places == 3 && planted > 3000 && calls > 500' places="$places" moments=3 stages="$moments" planted="$planted" calls="$calls" unexpected="$unexpected" hijacks="$hijacks"

# It would be heard: a function that lost its search path, one with the hostile schema first, an operator that
# is left to the path in a view, an untyped literal beside a namesake.
mutants=0 missed=0
mutant() { # WHAT PLACE ROLE STATEMENT...: statements that make the extension worse, in a copy; then all calls
    local before after role=$3 place=$2 what=$1
    shift 3
    database mutant "${place}_install"
    q hijack -d mutant "$@" >/dev/null
    before=$(q hijack -d mutant -c 'SELECT canary.count()')
    call mutant "$role" "$place" '' 2>/dev/null
    after=$(q hijack -d mutant -c 'SELECT canary.count()')
    mutants=$((mutants + 1))
    ((after > before)) || { note "not heard: $what"; missed=$((missed + 1)); }
    q hijack -c 'DROP DATABASE mutant WITH (FORCE)'
}
kept=$unexpected
mutant 'a function without a search path' public postgres -c 'ALTER FUNCTION explore_analytics.make_partitions(date, date) RESET search_path'
mutant 'a path that begins with a schema of a user' own postgres -c 'ALTER FUNCTION explore_analytics.grant_access(name, text) SET search_path = torture_app, pg_catalog'
mutant 'a path that leaves pg_temp first' temp postgres -c 'ALTER FUNCTION explore_analytics.relations() SET search_path = pg_catalog'
short || mutant 'an untyped literal' public torture_app -c "CREATE OR REPLACE FUNCTION public.current_creator_id() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN PERFORM public.creator_summary(7, NULL, NULL); RETURN NULL; END'"
unexpected=$kept
result hijack_mutants 'missed == 0' mutants="$mutants" missed="$missed"
finish
