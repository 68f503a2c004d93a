# Events coming in: batches from pgbench, and questions meanwhile.
# shellcheck shell=bash

types=(view view impression view view skip view impression view)
rare=(click save complete share click)
load_ids=(Q1 Q2 Q3 Q4 Q5 Q6)

# batch_script KIND ITEMS: a pgbench script that stores ITEMS events: ours, ids (ours with event ids) or plain.
# Contents are as popular as in the feed; users and visits are drawn evenly.
batch_script() {
    local kind=$1 items=$2 i type text rows=()
    for ((i = 0; i < items; i++)); do
        type=${types[i % 10]:-${rare[i / 10 % 5]}}
        cat <<EOT
\\set c$i 993 + int(8 * exp(random(0, 1000000) * 0.00000874))
\\set u$i random(1, 1000000)
\\set s$i random(1, $sessions)
\\set w$i random(1, 60)
EOT
        [[ $kind != ids ]] || printf '\\set e%d random(10000000, 99999999)\n\\set f%d random(100000000000, 999999999999)\n' "$i" "$i"
        if [[ $kind == plain ]]; then
            rows+=("(:c$i, :u$i, :s$i, '$type', :w$i * 1000, $([[ $((i % 5)) == 0 ]] && echo true || echo false))")
            continue
        fi
        text="{\"contentId\": :c$i, \"engagementType\": \"$type\", \"userId\": :u$i, \"sessionId\": :s$i"
        [[ $type != view ]] || text+=", \"watchTime\": :w$i, \"completed\": $([[ $((i % 5)) == 0 ]] && echo true || echo false)"
        [[ $kind != ids ]] || text+=", \"eventId\": \":e$i-0000-4000-8000-:f$i\""
        rows+=("$text}")
    done
    local IFS=,
    if [[ $kind == plain ]]; then
        echo "INSERT INTO plain.events (content_id, user_id, session_id, engagement_type, watch_time_ms, completed) VALUES ${rows[*]};"
    else
        echo "SELECT recorded FROM record_engagement_body('[${rows[*]}]');"
    fi
}

write_scripts() {
    local kind
    sessions=$(sql -At -c 'SELECT max(id) FROM explore_feed_sessions')
    for kind in plain ours ids; do batch_script $kind 50 >"$work/batch.$kind"; done
    batch_script ours 10 >"$work/batch.ten"
    sql -c 'ALTER SYSTEM SET autovacuum = on' -c 'SELECT pg_reload_conf()' >>"$log"
}

# The log says why.
broken() { echo "$1" >>"$log"; return 1; }

stored_by_now() { sql -At -c "SELECT last_value FROM $(sql -At -c "SELECT pg_get_serial_sequence('explore_engagements', 'id')")"; }

measure_batches() {
    local kind turn before
    declare -A rates=([plain]='' [ours]='' [ids]='')
    write_scripts
    for turn in 1 2 3; do
        for kind in plain ours ids; do
            before=$(stored_by_now)
            run bash -c 'exec "$1" -n -c 4 -j 2 -T "$2" -f "$3" >"$4"' pgbench "$bindir/pgbench" "$seconds" \
                "$work/batch.$kind" "$work/pgbench.out"
            rates[$kind]+=" $(awk '/^tps/ { print $3 * 50 }' "$work/pgbench.out")"
            [[ $kind == plain ]] || (($(stored_by_now) - before > 40 * $(awk '/^number of transactions actually/ { print $NF }' "$work/pgbench.out"))) ||
                broken "Batches of kind $kind were refused."
        done
    done
    for kind in plain ours ids; do
        # shellcheck disable=SC2086
        rates[$kind]=$(printf '%s\n' ${rates[$kind]} | sort -g | sed -n 2p)
    done
    record I2 'Batches of 50 from 4 clients' events/s "${rates[plain]}" "${rates[ours]}" "$(ratio "${rates[ours]}" "${rates[plain]}")" '' ''
    record I2 'The same with event ids' events/s "${rates[plain]}" "${rates[ids]}" "$(ratio "${rates[ids]}" "${rates[plain]}")" '' ''
    step_note="plain ${rates[plain]}, ours ${rates[ours]}, with event ids ${rates[ids]} events/s"
}

# background COMMAND...: sets background_pid.
background() {
    setsid "$@" </dev/null >>"$log" 2>&1 3>&- 8>&- 9>&- &
    background_pid=$!
}

load_gauge() { echo "$(grep -c . "$work/load.tsv") $((${#load_ids[@]} * 4)) $load_now"; }

# The medians of the questions, ours alone, as lines: rate id ms.
questions_at() { # RATE
    local id
    load_now=$1
    for id in "${load_ids[@]}"; do
        ask "$id" --ways ours
        printf '%s\t%s\t%s\n' "$1" "$id" "$ours" >>"$work/load.tsv"
    done
}

# under_load EVENTS_PER_SECOND|full: with writers and the refresh running.
under_load() {
    local refresher writers limit=() since before script=ten
    if [[ $1 == full ]]; then script=ours; else limit=(-R $(($1 / 10))); fi
    background psql -X -q -c "CALL explore_analytics.run_forever('1 second')"
    refresher=$background_pid
    background "$bindir/pgbench" -n -c 4 -j 1 -T 36000 "${limit[@]}" -f "$work/batch.$script"
    writers=$background_pid
    sleep 3
    before=$(stored_by_now) since=$EPOCHREALTIME
    questions_at "$1"
    kill -0 "$writers" || broken 'The writers have stopped.'
    kill -0 "$refresher" || broken 'The refresh has stopped.'
    achieved[$1]=$(awk -v n=$(($(stored_by_now) - before)) -v a="$since" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d", n / (b - a) }')
    sql -c "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" >>"$log"
    wait "$writers" "$refresher" || true
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CALL explore_analytics.refresh()'
}

measure_under_load() {
    local rate id calm loaded
    declare -gA achieved=([0]=0)
    : >"$work/load.tsv"
    load_now=quiet
    [[ -e $work/batch.ten ]] || write_scripts
    run psql -X -q -v ON_ERROR_STOP=1 -c 'CALL explore_analytics.refresh()'
    questions_at 0
    for rate in 2000 10000 full; do under_load $rate; done
    for id in "${load_ids[@]}"; do
        calm=$(load_ms 0 "$id")
        loaded=$(load_ms 2000 "$id")
        record W "$id at 2,000 events/s, times as slow as quiet" ratio '' "$(ratio "$loaded" "$calm")" '' '' ''
    done
    step_note="at most ${achieved[full]} events/s came in"
}

load_ms() { awk -v rate="$1" -v id="$2" '$1 == rate && $2 == id { print $3 }' "$work/load.tsv"; }
