#!/bin/bash
# A refresh is held at each of its six wait points and killed there: its process by kill -9 (which restarts the
# server), by pg_terminate_backend(), or the whole server by an immediate restart. A seventh point lies in compact().
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

rounds=$(either 1 17) half=0 kills=0 compact_kills=0 key=1 verified=0 survivors=0
cluster_new points "$EA_WAIT_STAGE" 'fsync = off'
install_torture points
q points -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(9000000, 9003000)))' -c 'CALL explore_analytics.refresh()' >/dev/null

write_some() { # a few rows, and a content that moves
    key=$((key + 10))
    q points -c "SELECT torture.put($key, $((key + 1)), $((key + 2)))" -c "UPDATE explore_content SET creator_id = 1 + $key / 10 % 7 WHERE id = 1 + $key / 10 % 32" >/dev/null
}

# settle STATEMENT...: after that, what readers see, half states and verify(), in one session.
settle() {
    local found=() statement statements=()
    for statement in "$@"; do statements+=(-c "$statement"); done
    mapfile -t found < <(q points "${statements[@]}" -c 'SELECT * FROM torture.totals(1)' -c 'SELECT torture.half_states()' -c 'SELECT count(*) FROM explore_analytics.verify()')
    count_check "${found[0]:-0|1|no answer}"
    half=$((half + ${found[1]:-1}))
    verified=$((verified + ${found[2]:-1}))
}

# kill_at POINT WAY STATEMENT
kill_at() {
    local point=$1 way=$2 pid
    local there="SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 234 AND objid = $point AND objsubid = 2 AND NOT granted"
    write_some
    hold points BEGIN "SELECT pg_advisory_xact_lock(234, $point)"
    PGHOST=$base/points psql -X -qAt -c "$3" >"$base/said" 2>&1 9>&- &
    local refresher=$!
    poll points "SELECT count(*) = 1 FROM ($there) t" || { note "nobody comes to point $point: $(cat "$base/said")"; return 1; }
    pid=$(q points -c "$there")
    # Writers go on while it stands there, and everybody reads the truth.
    write_some
    count_check "$(q points -c 'SELECT * FROM torture.totals(0)')"
    case $way in
        kill)
            kill -9 "$pid"
            wait "$refresher" || true
            ;;
        terminate)
            q points -c "SELECT pg_terminate_backend($pid, 5000)" >/dev/null
            wait "$refresher" || true
            ;;
        restart)
            cluster_stop points immediate
            wait "$refresher" || true
            cluster_start points
            ;;
    esac
    release
    poll points 'SELECT true'
    grep -qE 'terminat|closed the connection' "$base/said" || { note "$way at $point: the refresh lived on: $(cat "$base/said")"; survivors=$((survivors + 1)); }
    settle
}

for ((round = 1; round <= rounds; round++)); do
    for point in 1 2 3 4 5 6; do
        for way in kill terminate restart; do
            kill_at "$point" "$way" 'CALL explore_analytics.refresh()'
            kills=$((kills + 1))
            # Every other time nobody refreshes in between: the next one finds two failures in a row.
            if ((kills % 2)); then
                settle 'CALL explore_analytics.refresh()'
            fi
        done
    done
    kill_at 7 "$( ((round % 2)) && echo kill || echo terminate)" 'CALL explore_analytics.compact()'
    compact_kills=$((compact_kills + 1))
    if ((round % 4 == 0)); then note "$kills kills, $checks checks, $mismatches mismatches"; fi
done
settle 'CALL explore_analytics.refresh()' 'CALL explore_analytics.compact()'
result wait_points "kills >= rounds * 18 && mismatches + half + verified + survivors == 0 && checks > kills * 8" \
    points=6 kills="$kills" compact_kills="$compact_kills" checks="$checks" mismatches="$mismatches" half_states="$half" verify_rows="$verified" survivors="$survivors"
finish
