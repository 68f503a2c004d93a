# Suites side by side. A lane is a process with a server and a scratch directory of its own, so that a suite may
# make what roles and databases it likes; it takes the next suite that no lane has taken.
# shellcheck shell=bash

# run_suites LANES SUITE...: shows each result as it comes, and adds them up.
run_suites() {
    local lanes=$1 name running
    local -A shown=()
    shift
    mkdir -p "$work/taken" "$work/results"
    set -m
    all_lanes "$lanes" "$@" </dev/null >>"$log" 2>&1 8>&- 9>&- &
    child=$!
    set +m
    while kill -0 "$child" 2>/dev/null || [[ ${#shown[@]} != "$#" ]]; do
        running=''
        for name in "$@"; do
            if [[ -n ${shown[$name]:-} ]]; then continue; fi
            if [[ -e $work/results/$name ]] || ! kill -0 "$child" 2>/dev/null; then
                shown[$name]=yes
                show_result "$name"
            elif [[ -e $work/taken/$name ]]; then
                running+=" $name"
            fi
        done
        lanes_title="running:$running"
        [[ -z $running ]] || lanes_tick
        sleep 0.2
    done
    wait "$child" || true
    child=''
}

# On a terminal the line that moves says which suites are running.
lanes_tick() {
    if [[ -z ${step_open:-} ]]; then step_title=$lanes_title step_gauge='' step_since=$EPOCHREALTIME step_open=yes step_ticks=0; fi
    step_title=$lanes_title
    progress_tick
}

all_lanes() { # LANES SUITE...
    local lanes=$1 lane pids=()
    shift
    trap 'kill "${pids[@]}" 2>/dev/null; wait; exit 143' TERM INT HUP
    for ((lane = 1; lane <= lanes; lane++)); do
        (run_lane "$lane" "$@") &
        pids+=($!)
    done
    wait "${pids[@]}" || true
}

run_lane() { # NUMBER SUITE...
    local number=$1 name top=$work
    shift
    work=$top/lane$number log=$top/logs/lane$number.log
    child='' server_pid='' tty='' quiet=yes step_open='' lane_failed=''
    mkdir -p "$work/out"
    chmod 755 "$work"
    chmod 777 "$work/out"
    for name in src stage logs; do ln -s "$top/$name" "$work/$name"; done
    trap 'exit 143' TERM INT HUP
    trap end_lane EXIT
    for name in "$@"; do
        mkdir "$top/taken/$name" 2>/dev/null || continue
        run_suite "$name"
        ((suite_failed == 0)) || lane_failed=yes
        {
            echo "$suite_passed $suite_failed $suite_skipped $suite_took"
            echo "$suite_note"
            if [[ ${#suite_complaints[@]} != 0 ]]; then printf '%s\n' "${suite_complaints[@]}"; fi
        } >"$work/result"
        mv "$work/result" "$top/results/$name"
    done
}

end_lane() {
    set +e
    trap '' TERM INT HUP
    trap - EXIT
    stop_child
    if [[ -n $lane_failed && -n $server_pid ]]; then
        mkdir -p "$work/kept" && keep_server_log "$work/kept" && mv "$work/kept/server.log" "$work/logs/server_$(basename "$work").log"
    fi
    server_stop
    rm -rf "$work"
}

# lane_server: the server of this lane with database installed, made when the first suite wants it.
lane_server() {
    [[ -z $server_pid ]] || return 0
    server_start shared_preload_libraries=pg_cron cron.database_name=postgres \
        cron.use_background_workers=on max_wal_size=4GB max_prepared_transactions=10 &&
        psql -X -q -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION pg_cron' -c 'CREATE DATABASE installed' >>"$log" 2>&1 &&
        psql -X -q -v ON_ERROR_STOP=1 -d installed -c 'CREATE EXTENSION explore_analytics' \
            -c 'CALL explore_analytics.install()' >>"$log" 2>&1
}

show_result() { # NAME
    local took=0 line note='' complaints=()
    suite_passed=0 suite_failed=1 suite_skipped=0
    if [[ -e $work/results/$1 ]]; then
        { read -r suite_passed suite_failed suite_skipped took; IFS= read -r note; mapfile -t complaints; } <"$work/results/$1"
    else
        complaints=('its lane ended before it')
    fi
    step=$((step + 1)) step_open=''
    line="$suite_passed passed, $suite_failed failed"
    ((suite_skipped == 0)) || line+=", $suite_skipped skipped"
    [[ -z $tty ]] || printf '\r\e[K'
    printf '[%d/%d] %s: %s (%d.%d s%s)\n' "$step" "$steps" "$1" "$line" $((took / 10)) $((took % 10)) "${note:+, $note}"
    for line in "${complaints[@]}"; do printf '      %s\n' "$line"; done
    ((suite_failed == 0)) || failed_suites+=("$1")
    total_passed=$((total_passed + suite_passed))
    total_failed=$((total_failed + suite_failed))
    total_skipped=$((total_skipped + suite_skipped))
}
