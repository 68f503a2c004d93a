#!/bin/bash
# Viewers are erased while five kinds of writers write about them until the last moment, refreshes, compactions,
# rebuilds and moves of contents go on, and a reader compares numbers. Some erasures are killed, some go down with
# the server. Afterwards no column of the database names one of them, and the rollups are those of the rest.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

viewers=$(either 300 4000) events=$(either 5000 60000) victims=$(either 10 60)
cluster_new erase "$EA_STAGE" "fsync = $(either off on)" 'autovacuum_naptime = 1s' 'deadlock_timeout = 200ms'
install_torture erase
q erase -v viewers="$viewers" -v events="$events" -v victims="$victims" -f "$here/security_erase.sql" >/dev/null
q erase -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()'

# Sessions in the background.
rm -f "$base"/{out,err}.*
declare -A started=()
round=0
background() { # NAME, script on the standard input
    cat >"$base/script.$1"
    PGHOST=$base/erase psql -X -qAt -v VERBOSITY=sqlstate -f "$base/script.$1" >>"$base/out.$1" 2>>"$base/err.$1" 9>&- &
    started[$1]=$!
}
writer() { # KIND
    local n
    for ((n = 1; n <= 4000; n++)); do
        printf "SELECT torture.write('%s', %d) \\\\g /dev/null\nSELECT pg_sleep(0.01 * random()) \\\\g /dev/null\n" "$1" $((round * 10000 + n))
    done
}
# Whoever holds back an erasure at a table keeps refreshes from being there first.
refresher() {
    local n
    echo 'SET lock_timeout = 1000;'
    for ((n = 1; n <= 4000; n++)); do
        echo 'SELECT pg_advisory_lock(4711) \g /dev/null'
        if ((n % 25 == 0)); then
            echo "SELECT explore_analytics.rebuild(now() - interval '3 days', now()) \\g /dev/null"
        elif ((n % 11 == 0)); then
            echo "UPDATE explore_content SET creator_id = 1 + $n % 7 WHERE id = 1 + $n % 32;"
        elif ((n % 5 == 0)); then
            echo 'CALL explore_analytics.compact();'
        else
            echo 'CALL explore_analytics.refresh();'
        fi
        echo 'SELECT pg_advisory_unlock(4711) \g /dev/null'
        echo 'SELECT pg_sleep(0.02) \g /dev/null'
    done
}
checker() {
    local n
    for ((n = 1; n <= 2000; n++)); do printf "SELECT 'C', t.* FROM torture.totals(1) t;\nSELECT pg_sleep(0.2) \\\\g /dev/null\n"; done
}
writer_kinds=(batch plain session rows)
start_all() {
    local kind
    round=$((round + 1))
    for kind in "${writer_kinds[@]}"; do writer "$kind" | background "$kind"; done
    refresher | background refresher
    checker | background checker
}
# The sessions are gone when their processes on the server are.
stop_all() {
    kill "${started[@]}" 2>/dev/null || true
    wait "${started[@]}" 2>/dev/null || true
    q erase -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" >/dev/null
    poll erase "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
}

erase_script() { # VIEWER: with patience, while others look on
    printf "SET lock_timeout = '300s';\nSELECT explore_analytics.forget_viewer(%s);\n" "$1"
}
# erase VIEWER: until it has succeeded; what is in its way ends.
erased=0 waited=0
erase() {
    local try state
    for ((try = 0; try < 50; try++)); do
        state=$(state_of erase "SET lock_timeout = '5s'" "SELECT explore_analytics.forget_viewer($1)")
        case $state in
            00000) erased=$((erased + 1)); return 0 ;;
            55P03 | 40P01) waited=$((waited + 1)) ;;
            *) note "erasure of $1: $state"; return 1 ;;
        esac
    done
    note "erasure of $1: never"
    return 1
}
# late VIEWER NUMBER: somebody writes about the viewer by plain SQL, events or everything but events, and commits
# while the erasure waits.
late=0
late() {
    local own=$((2600000000000 + $2)) session
    if (($2 % 12 == 5)); then
        hold erase BEGIN "INSERT INTO explore_feed_sessions (id, user_id) VALUES ($own, $1)" "INSERT INTO torture.sessions VALUES ($1, $own)" \
            "INSERT INTO explore_saved_properties VALUES ($1, $((1000 + $2)))" "DELETE FROM explore_viewers WHERE user_id = $1" "INSERT INTO explore_viewers (user_id) VALUES ($1)"
    else
        hold erase BEGIN "INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1 + i % 34, $1, 'view' FROM generate_series(1, 40) i"
    fi
    erase_script "$1" | PGHOST=$base/erase psql -X -qAt -v ON_ERROR_STOP=1 >/dev/null 2>"$base/err.erase" 9>&- &
    session=$!
    poll erase "SELECT count(*) = 1 FROM explore_analytics.refresh_progress WHERE command = 'forget' AND phase = 'waiting for writers'" || return 1
    echo 'COMMIT;' >&9
    release
    if wait "$session"; then late=$((late + 1)); else return 1; fi
    [[ $(q erase -c "SELECT torture.left_of($1)") == 0 ]]
}
pid_of_erasure() { q erase -c "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT explore_analytics.forget_viewer($1)%' AND state = 'active' AND pid <> pg_backend_pid()"; }

# interrupt VIEWER PLACE kill|crash: an erasure that is stopped when it has come to a lock on PLACE, and undone.
killed=0 crashed=0 undone_badly=0
interrupt() {
    local process before after
    if [[ $2 == writers ]]; then
        hold erase "SELECT 1" BEGIN "SELECT torture.write('plain', 1)" || return 1
    else
        hold erase 'SELECT pg_advisory_lock(4711)' BEGIN "LOCK TABLE $2 IN SHARE MODE" || return 1
    fi
    erase_script "$1" >"$base/script.erase"
    PGHOST=$base/erase psql -X -qAt -f "$base/script.erase" >"$base/out.erase" 2>"$base/err.erase" 9>&- &
    local session=$!
    if [[ $2 == writers ]]; then
        poll erase "SELECT count(*) = 1 FROM explore_analytics.refresh_progress WHERE command = 'forget' AND phase = 'waiting for writers'" || return 1
    else
        poll erase "SELECT count(*) = 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND l.relation = '$2'::regclass AND a.query LIKE '%forget_viewer($1)%'" || return 1
    fi
    before=$(q erase -c "SELECT torture.left_of($1)")
    if [[ $3 == crash ]]; then
        cluster_stop erase immediate
        crashed=$((crashed + 1))
    else
        process=$(pid_of_erasure "$1")
        [[ -n $process ]] || { note "the erasure of $1 is not there: $(cat "$base/err.erase")"; return 1; }
        q erase -c "SELECT pg_terminate_backend($process)" >/dev/null
        killed=$((killed + 1))
    fi
    wait "$session" || true
    release
    if [[ $3 == crash ]]; then
        wait "${started[@]}" 2>/dev/null || true
        cluster_start erase
        start_all
    else
        poll erase "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $process"
    fi
    after=$(q erase -c "SELECT torture.left_of($1)")
    if [[ -z $before || $before == 0 || $before != "$after" ]]; then
        note "$3 of the erasure of $1 at $2: $before, then $after"
        undone_badly=$((undone_badly + 1))
    fi
}

start_all
places=(writers explore_analytics.rollup_totals explore_analytics.rollup_ledger explore_analytics.audit_log explore_analytics.creator_changes)
mapfile -t list < <(q erase -c 'SELECT viewer FROM torture.people WHERE victim IS NOT NULL ORDER BY victim')
n=0
for victim in "${list[@]}"; do
    n=$((n + 1))
    q erase -c "UPDATE torture.people SET open = false WHERE viewer = $victim"
    if ((n % 12 == 6)); then
        interrupt "$victim" "${places[1 + n / 12 % 4]}" crash
    elif ((n % 3 == 1)); then
        interrupt "$victim" "${places[n / 3 % 5]}" kill
    elif ((n % 6 == 2)); then
        # Wherever it happens to be.
        erase_script "$victim" | PGHOST=$base/erase psql -X -qAt >/dev/null 2>&1 9>&- &
        session=$!
        sleep "0.0$((n * 7 % 10))"
        process=$(pid_of_erasure "$victim")
        [[ -z $process ]] || q erase -c "SELECT pg_terminate_backend($process)" >/dev/null 2>&1
        wait "$session" || true
    elif ((n % 6 == 3)); then
        state_of erase BEGIN "SET lock_timeout = '5s'" "SELECT explore_analytics.forget_viewer($victim)" ROLLBACK >/dev/null
    elif ((n % 6 == 5)) && late "$victim" "$n"; then
        erased=$((erased + 1))
        continue
    fi
    erase "$victim"
done
stop_all

for name in "${writer_kinds[@]}" refresher checker; do count_file "$base/out.$name"; done
complaints=$(cat "$base"/err.{batch,plain,session,rows,refresher,checker} | grep -E 'ERROR|FATAL' | grep -cvE '57P0[1-3]|40P01|55P03' || true)
# The latest events of the one who stays are to be in deltas.
q erase -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT i, torture.viewer(2), 'view' FROM generate_series(1, 20) i" -c 'CALL explore_analytics.refresh()' -c ANALYZE
sought=$(q erase -c 'SELECT torture.want()')
# Somebody who is still there must be found in raw rows, sessions, saves, profiles, keys, summaries, logs and statistics.
q erase -F ' ' -c 'SELECT * FROM torture.scan()' >"$base/scan"
IFS=' ' read -r tables columns residual seen <<<"$(awk '{ t = $1; sub(/\.[^.]*$/, "", t); tables[t]; n += $2; seen += $3 > 0 } END { print length(tables), NR, n + 0, seen + 0 }' "$base/scan")"
((residual == 0)) || awk '$2 > 0 { print "left: " $1, $2 }' "$base/scan" >&2
unseen=$(q erase -c "SELECT count(*) FROM (VALUES ('explore_engagements_%.user_id'), ('explore_engagements_%.session_id'), ('explore_engagements_%.event_id'), ('explore_engagements_%.metadata'),
    ('explore_feed_sessions.user_id'), ('explore_feed_sessions.attributes'), ('explore_saved_properties.user_id'), ('explore_viewers.user_id'), ('explore_exposures.viewer_key'), ('explore_analytics.viewing_keys.viewer_key'),
    ('explore_analytics.event_keys.event_id'), ('explore_analytics.rollup_totals.summary'), ('explore_analytics.rollup_buckets.summary'), ('explore_analytics.rollup_buckets.events'),
    ('explore_analytics.rollup_deltas.events'), ('pg_stats.%')) p(place)
    WHERE NOT EXISTS (SELECT FROM unnest(string_to_array('$(awk '$3 > 0 { printf "%s ", $1 }' "$base/scan")', ' ')) s WHERE s LIKE p.place)")
IFS='|' read -r decoded differing <<<"$(q erase -c 'SELECT * FROM torture.log_differences()')"
check erase
verified=$(verify_rows erase) ledger=$(q erase -c 'SELECT count(*) FROM explore_analytics.check_ledger()') states=$(half_states erase)
# A rebuild makes the same rollups, byte for byte.
q erase -c 'CALL explore_analytics.compact()' -c 'CREATE TABLE torture.kept AS TABLE torture.stored' -c 'SELECT explore_analytics.rebuild()' >/dev/null
IFS='|' read -r rows bytes <<<"$(q erase -c "SELECT (SELECT count(*) FROM torture.kept), (SELECT count(*) FROM ((TABLE torture.kept EXCEPT ALL TABLE torture.stored) UNION ALL (TABLE torture.stored EXCEPT ALL TABLE torture.kept)) d)")"
logged=$(q erase -c "SELECT count(*) FROM explore_analytics.audit_log a JOIN torture.people p ON a.subject = explore_analytics.viewer_digest(p.viewer) WHERE p.victim IS NOT NULL AND a.action = 'forget_viewer'")
result erase "erased == ${#list[@]} && killed >= erased / 4 && crashed > 0 && late == (erased + 1) / 6 && tables >= 25 && seen >= 15 && sought > 2 * erased && decoded > 0 && rows > 0 && checks > 0 && logged >= erased && residual + unseen + undone_badly + mismatches + differing + bytes + verified + ledger + states + complaints == 0" \
    viewers="$erased" killed="$killed" crashed="$crashed" late="$late" waited="$waited" keys="$sought" tables="$tables" columns="$columns" places_of_another="$seen" residual="$residual" half_erased="$undone_badly" \
    checks="$checks" mismatches="$mismatches" decoded_events="$decoded" log_differences="$differing" rollup_rows="$rows" byte_differences="$bytes" verify_rows="$verified" ledger_rows="$ledger" \
    half_states="$states" unseen="$unseen" complaints="$complaints"
finish
