#!/bin/bash
# Databases of released versions: ALTER EXTENSION UPDATE and install() make of them what a fresh installation is, and
# every number stays. test/update/VERSION has what the real library of that version left (test/update/make_fixture).
#   test/update.sh [DIRECTORY]
# The server is the one that PGHOST, PGPORT, PGUSER and PGPASSWORD name, and has the scripts
# test/update/*/explore_analytics--*.sql beside those of the extension; DIRECTORY is a scratch directory.
# Prints a line for every check, "ok ..." or "FAIL ..."; status 1 when one failed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
scratch=${1:-}
own_scratch=''
if [[ -z $scratch ]]; then scratch=$(mktemp -d /tmp/explore_analytics-update.XXXXXX) own_scratch=yes; fi
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd -P)

prefix=ea_update_$$
export PGOPTIONS="-c timezone=UTC -c client_min_messages=warning"
export PGCLIENTENCODING=UTF8 LC_ALL=C.UTF-8
. "$here/checks.sh"

made=()
database() { # NAME [TEMPLATE]
    psql -X -q -d postgres -v ON_ERROR_STOP=1 -c "CREATE DATABASE ${prefix}_$1 TEMPLATE ${2:-template0}" >>"$scratch/log" 2>&1
    made+=("${prefix}_$1")
}

# The roles of the fixtures are the server's.
drop_roles() {
    sql postgres -c "SELECT format('DROP ROLE %I;', r.rolname) FROM pg_roles r WHERE r.rolname ~ '^ea_update_'" 2>>"$scratch/log" |
        psql -X -q -d postgres >>"$scratch/log" 2>&1
}

drop_databases() {
    local name
    for name in "${made[@]}"; do psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" >>"$scratch/log" 2>&1; done
    made=()
}

cleanup() {
    local status=$?
    set +e
    drop_databases
    drop_roles
    [[ -z $own_scratch ]] || rm -rf "$scratch"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

in_schema() { # SCHEMA FILE: a file of the fixture, for that schema
    sed "s/\<public\>/$1/g" "$2"
}

load() { # DATABASE SCHEMA
    in_schema "$2" "$fixture/database.sql" | sql "$1" -f -
}

fresh() { # DATABASE SCHEMA
    sql "$1" -c "CREATE SCHEMA IF NOT EXISTS $2" -c "CREATE EXTENSION explore_analytics SCHEMA $2" -c "CALL explore_analytics.install('ea_update_owner')"
}

same_answers() { # WHAT DATABASE SCHEMA
    in_schema "$3" "$fixture/answers.txt" >"$scratch/answers.wanted"
    in_schema "$3" "$fixture/questions.sql" | sql "$2" -v home="$3" -f - >"$scratch/answers" 2>&1 || true
    same_file "$1: every answer is what $version gave" "$scratch/answers.wanted" "$scratch/answers"
}

# The privileges of roles: all that were, and no others but the owner's on what is new, and on what the daily views read now.
same_privileges() { # WHAT DATABASE SCHEMA
    sql "$2" -f "$here/update/privileges.sql" >"$scratch/privileges" 2>&1 || true
    in_schema "$3" "$scratch/privileges.$version" | LC_ALL=C sort >"$scratch/privileges.wanted"
    same "$1: no role has lost a privilege" '' "$(LC_ALL=C sort "$scratch/privileges" | LC_ALL=C comm -23 "$scratch/privileges.wanted" -)"
    same "$1: no role has gained one" '' "$(LC_ALL=C sort "$scratch/privileges" | LC_ALL=C comm -13 "$scratch/privileges.wanted" - | grep -v -e ': ea_update_owner EXECUTE with grant option$' -e '^routine explore_analytics.daily_numbers(' || true)"
}

same_catalogue() { # WHAT DATABASE SCHEMA
    sql "$2" -f "$here/update/catalogue.sql" >"$scratch/catalogue" 2>&1 || true
    same_file "$1: the catalogue is that of a fresh installation" "$scratch/catalogue.$3" "$scratch/catalogue"
}

# From November on, which the raw table has.
counts_differ() { # DATABASE SCHEMA
    PGOPTIONS="$PGOPTIONS -c search_path=$2" differences "$1" "platform_summary('2024-11-01+00')" "explore_engagements WHERE created_at >= '2024-11-01+00'"
}

# Recording, by the roles that may, and the ids that INSERT gives.
recording="$(cat <<'SQL'
SET SESSION AUTHORIZATION ea_update_app;
SELECT record_engagement(5, 'save', user_id => 1003, created_at => '2025-01-05 10:00+00', event_id => '00000000-0000-4000-8000-00000000d00d');
SELECT record_engagement(6, 'complete', user_id => 1003, session_id => 7, created_at => '2025-01-05 10:01+00');
SELECT b.received, b.recorded, b.duplicates, b.rejected FROM record_engagement_batch((
  SELECT jsonb_agg(jsonb_build_object('contentId', 1 + i % 12, 'userId', 2000 + i % 90, 'sessionId', 61, 'engagementType', (ARRAY['view', 'save', 'share', 'click', 'skip', 'complete', 'impression'])[1 + i % 7],
    'watchTime', i % 20, 'createdAt', CASE WHEN i % 10 = 0 THEN '2025-07-01 00:00+00' ELSE '2024-11-02 00:00+00' END::timestamptz + i * interval '1 minute', 'eventId', md5('later ' || i)::uuid))
  FROM generate_series(1, 210) i)) b;
SELECT create_session(1001, '{"deviceType": "phone"}') > 62, close_session(61, '2025-01-19 12:00+00');
RESET SESSION AUTHORIZATION;
SET ROLE ea_update_owner;
INSERT INTO explore_content (creator_id, title) VALUES (101, 'New');
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT max(id), 1001, 'view', '2025-01-10+00' FROM explore_content;
SQL
)"
record() { # DATABASE SCHEMA
    PGOPTIONS="$PGOPTIONS -c search_path=$2" sql "$1" <<<"$recording"
}
recorded=$'duplicate\nduplicate\n210|210|0|0\nt|3600'

# The jobs by which that version, or this one, was scheduled; pg_cron's own log is not there.
run_jobs() { # DATABASE FILE
    local job
    while IFS= read -r job; do [[ $job == *' cron.'* ]] || sql "$1" -c "$job" || return 1; done <"$2"
}

# From old data on: DATABASE SCHEMA WHAT
goes_on() {
    same "$3: recording goes on" "$recorded" "$(record "$1" "$2" 2>&1 || true)"
    same "$3: the functions count what plain SQL counts" '' "$(counts_differ "$1" "$2" 2>&1 || true)"
    in_schema "$2" "$fixture/jobs.sql" >"$scratch/jobs"
    check "$3: the jobs of $version run" run_jobs "$1" "$scratch/jobs"
    check "$3: a refresh and a compaction" sql "$1" -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()'
    same "$3: the functions still count what plain SQL counts" '' "$(counts_differ "$1" "$2" 2>&1 || true)"
    same "$3: the rollups hold what the raw table holds" 0 \
        "$(sql "$1" -c "SELECT (SELECT count(*) FROM explore_analytics.verify()) + (SELECT count(*) FROM explore_analytics.check_ledger())" 2>&1 || true)"
}

# Everything that must hold once install() was called: DATABASE SCHEMA WHAT
as_fresh() {
    same_catalogue "$3" "$1" "$2"
    same_answers "$3" "$1" "$2"
    same_privileges "$3" "$1" "$2"
    same "$3: install() again says nothing" '' "$(PGOPTIONS='-c client_min_messages=notice' sql "$1" -c 'CALL explore_analytics.install()' 2>&1 || true)"
    same_catalogue "$3: after that" "$1" "$2"
    goes_on "$1" "$2" "$3"
    sql "$1" -c "SELECT command FROM explore_analytics.jobs('0 * * * *', '* * * * *')" >"$scratch/jobs"
    check "$3: the jobs of this version run" run_jobs "$1" "$scratch/jobs"
    same "$3: nothing fails in health_check()" '' "$(sql "$1" -c "SELECT check_name, detail FROM explore_analytics.health_check() WHERE status = 'FAIL'" 2>&1 || true)"
    same "$3: a login of the map sees its own" "102|$(sql "$1" -c "SELECT $2.views($2.creator_summary(102))")|0" \
        "$(PGOPTIONS="$PGOPTIONS -c search_path=$2" sql "$1" -c 'SET SESSION AUTHORIZATION ea_update_agent' -c 'SET ROLE ea_update_reader' \
            -c 'SELECT current_creator_id(), views(creator_summary(102)), (SELECT count(*) FROM explore_creator_daily WHERE creator_id <> 102)' 2>&1 || true)"
    same_catalogue "$3: at the end" "$1" "$2"
}

# Between ALTER EXTENSION UPDATE and install(): what asks, records or works all the same, or says what to do.
plain_refusals() { # DATABASE
    {
        in_schema public "$fixture/questions.sql" | grep -v ON_ERROR_STOP
        printf 'RESET ALL;\nSET search_path = public;\n%s\n' "$recording"
        printf "RESET ROLE;\nSET explore_analytics.user_id = '102';\n"
        grep -v ' cron\.' "$fixture/jobs.sql" | sed 's/$/;/'
        sql "$1" -c "SELECT command || ';' FROM explore_analytics.jobs('0 * * * *', '* * * * *') WHERE command !~ ' cron[.]'"
        sql "$1" -c "SELECT format('SELECT %s.%I(%s);', p.pronamespace::regnamespace, p.proname, CASE WHEN p.proname ~ '_traffic$' THEN 'user_id => 1004' END) FROM explore_analytics.doors() d JOIN pg_proc p ON p.oid = d.signature
            WHERE p.prokind = 'f' AND p.pronargs = p.pronargdefaults AND p.proname !~ 'schedule'"
        echo "SELECT explore_analytics.forget_viewer(1004); CALL explore_analytics.apply_retention('40 years'); SELECT explore_analytics.grant_access('ea_update_app', 'read');"
        echo '\echo end'
    } >"$scratch/everything.sql"
    psql -X -qAt -v VERBOSITY=verbose -v home=public -d "$1" -f "$scratch/everything.sql" >"$scratch/worked" 2>"$scratch/refusals" || true
    [[ $(tail -n 1 "$scratch/worked") == end ]] || echo 'it came to no end'
    (($(wc -l <"$scratch/worked") > 50)) || echo 'hardly anything works'
    grep -q 'ERROR:  55000' "$scratch/refusals" || echo 'nothing is refused'
    grep -E 'ERROR:|FATAL:|PANIC:|server closed' "$scratch/refusals" | grep -v 'ERROR:  55000' || true
    # What retention has taken from the fixture is no matter of install().
    (($(grep 'ERROR:' "$scratch/refusals" | grep -vc 'raw events before') == $(grep -c 'HINT: .*CALL explore_analytics.install();' "$scratch/refusals"))) || echo 'an error without the hint'
}

: >"$scratch/log"
now=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$here/../explore_analytics.control")
for fixture in "$here"/update/[0-9]*/; do
    fixture=${fixture%/} version=$(basename "$fixture")
    old=${prefix}_old updated=${prefix}_updated restored=${prefix}_restored elsewhere=${prefix}_elsewhere again=${prefix}_again
    drop_roles || true
    check "$version: the roles" sql postgres -f "$fixture/roles.sql"
    for schema in public feed; do
        database "fresh_$schema"
        check "a fresh installation in schema $schema" fresh "${prefix}_fresh_$schema" "$schema"
        sql "${prefix}_fresh_$schema" -f "$here/update/catalogue.sql" >"$scratch/catalogue.$schema" 2>>"$scratch/log" || true
    done

    # The old script with the new library: what a server has after the package was upgraded.
    database old
    check "$version: its script runs with the library of $now" sql "$old" -c "CREATE EXTENSION explore_analytics VERSION '$version'"
    check "$version: its dump loads" load "$old" public
    sql "$old" -f "$here/update/privileges.sql" >"$scratch/privileges.$version" 2>>"$scratch/log" || true
    same_answers "$version, not updated yet" "$old" public
    same "$version, not updated yet: health_check() says what to do" "FAIL|ALTER EXTENSION explore_analytics UPDATE TO '$now';" \
        "$(sql "$old" -c "SELECT status, fix FROM explore_analytics.health_check() WHERE check_name = 'library'" 2>&1 || true)"

    database updated "$old"
    check "$version updated" sql "$updated" -c 'ALTER EXTENSION explore_analytics UPDATE'
    same "$version updated: health_check() says what to do next" 'FAIL|CALL explore_analytics.install();' \
        "$(sql "$updated" -c "SELECT status, fix FROM explore_analytics.health_check() WHERE check_name = 'layout'" 2>&1 || true)"
    database between "$updated"
    same "$version updated: what does not work before install() says so" '' "$(plain_refusals "${prefix}_between")"
    check "$version updated: install()" sql "$updated" -c 'CALL explore_analytics.install()'
    # A dump of it must hold all of it, what users were granted included.
    pg_dump -d "$updated" >"$scratch/updated.sql"
    as_fresh "$updated" public "$version updated"

    database again
    check "$version updated, dumped, restored" sql "$again" -f "$scratch/updated.sql"
    as_fresh "$again" public "$version updated, dumped, restored"

    # Somebody has added a label: ours come before it.
    database labelled "$old"
    check "$version with a label of somebody: updated" sql "${prefix}_labelled" \
        -c "ALTER TYPE engagement_type ADD VALUE 'like'" -c 'ALTER EXTENSION explore_analytics UPDATE' -c 'CALL explore_analytics.install()'
    same "$version with a label of somebody: it is the last" "$(sql "${prefix}_fresh_public" -c 'SELECT enum_range(NULL::engagement_type)' | sed 's/}$/,like}/')" \
        "$(sql "${prefix}_labelled" -c 'SELECT enum_range(NULL::engagement_type)' 2>&1 || true)"

    # In another schema, with what may be done before, and in one transaction.
    database elsewhere
    check "$version in schema feed" sql "$elsewhere" -c 'CREATE SCHEMA feed' -c "CREATE EXTENSION explore_analytics SCHEMA feed VERSION '$version'"
    check "$version in schema feed: its dump loads" load "$elsewhere" feed
    same_answers "$version in schema feed, not updated yet" "$elsewhere" feed
    if [[ -e $fixture/before.sql ]]; then
        check "$version in schema feed: what may be done before" sql "$elsewhere" -f <(in_schema feed "$fixture/before.sql")
    fi
    check "$version in schema feed: updated and installed in one transaction" sql "$elsewhere" \
        -c 'BEGIN' -c 'ALTER EXTENSION explore_analytics UPDATE' -c 'CALL explore_analytics.install()' -c 'COMMIT'
    as_fresh "$elsewhere" feed "$version in schema feed"

    # The old dump where the old version is not.
    database restored
    check "$version restored into $now" load "$restored" public
    check "$version restored into $now: install()" sql "$restored" -c 'CALL explore_analytics.install()'
    as_fresh "$restored" public "$version restored into $now"

    goes_on "$old" public "$version, not updated yet"
    drop_databases
done
exit "$failed"
