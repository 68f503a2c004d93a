#!/bin/bash
# Eight kinds of writers, a refresher and a checker; the server is killed under them, again and again.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"
. "$here/rollup_writers.sh"

cycles=$(either 5 50) load_seconds=$(either 1.5 2.2)
cluster_new crash "$EA_STAGE" 'fsync = on'
install_torture crash

# start KIND SCRIPT...: a session in the background; its output in $base/out.KIND
sessions=()
start() {
    local kind=$1
    shift
    "$@" >"$base/script.$kind"
    PGHOST=$base/crash psql -X -qAt -v VERBOSITY=terse -f "$base/script.$kind" >"$base/out.$kind" 2>"$base/err.$kind" &
    sessions+=($!)
}

# Keys from the sessions' output into the table, once the server is up again.
store_keys() {
    awk '/^[AN] / { for (i = 2; i <= NF; i++) print $i "\t" ($1 == "A" ? "t" : "f") }' "$base"/out.* >"$base/keys"
    q crash -c "\\copy torture.acknowledged FROM '$base/keys'"
}

# Those of even numbers are committed, the others rolled back, long after their session and their server are gone.
resolve_prepared() {
    local key verb
    while read -r _ key; do
        if ((key % 20)); then verb=COMMIT; else verb=ROLLBACK; fi
        q crash -c "$verb PREPARED 'key $key'" \
            -c "INSERT INTO torture.acknowledged VALUES ($key, '$verb' = 'COMMIT'), ($key + 1, '$verb' = 'COMMIT')"
    done
}

refused=0 complaints=0 blocked=0 orphans=0
for ((cycle = 1; cycle <= cycles; cycle++)); do
    sessions=()
    rm -f "$base"/out.* "$base"/err.*
    number=0
    for kind in "${writer_kinds[@]}"; do
        number=$((number + 1))
        start "$kind" writer_script "$kind" $((cycle * 1000000 + number * 100000)) 400
    done
    start refresher refresher_script 400
    start checker checker_script 400 0.4
    sleep "$load_seconds"
    cluster_kill crash
    wait "${sessions[@]}" || true
    cluster_start crash
    for kind in "${writer_kinds[@]}" refresher checker; do
        count_file "$base/out.$kind"
        said=$(unexpected "$base/err.$kind")
        [[ -z $said ]] || { note "$kind: $(head -n 1 <<<"$said")"; complaints=$((complaints + 1)); }
    done
    check crash
    mapfile -t left < <(q crash -c 'SELECT gid FROM pg_prepared_xacts')
    if ((${#left[@]} > 0)); then
        # Their epochs are held through the crash: refresh must not pass them.
        state=$(state_of crash 'SET lock_timeout = 50' 'CALL explore_analytics.refresh()')
        blocked=$((blocked + 1))
        [[ $state == 55P03 ]] || { note "refresh passed a prepared transaction: $state"; refused=$((refused + 1)); }
        check crash 1
    fi
    store_keys
    ((${#left[@]} == 0)) || printf '%s\n' "${left[@]}" | resolve_prepared
    # A retry of the last batches: the server may or may not have them, the client does not know.
    last=$(awk '/^A / { k = $2 } END { print k + 0 }' "$base/out.batch")
    if ((last > 0)); then
        writer_script batch $((last + 10)) 2 0 >"$base/script.retry"
        q crash -f "$base/script.retry" | awk '/^A / { for (i = 2; i <= NF; i++) print $i "\tt" }' >"$base/keys"
        q crash -c "\\copy torture.acknowledged FROM '$base/keys'"
    fi
    q crash -c 'CALL explore_analytics.refresh()'
    check crash
    orphans=$((orphans + $(half_states crash)))
    found=$(q crash -c 'SELECT * FROM torture.keys()')
    IFS='|' read -r acked lost double resurrected <<<"$found"
    if ((cycle % 10 == 0 || lost + double + resurrected + mismatches > 0)); then note "cycle $cycle of $cycles: $acked keys, $checks checks, $mismatches mismatches, $lost lost, $double double, $resurrected resurrected"; fi
    ((lost + double + resurrected + mismatches + orphans == 0)) || break
done
q crash -c 'CALL explore_analytics.compact()'
check crash
verified=$(verify_rows crash)
result crash "cycle > cycles && checks >= cycles * 8 && blocked > 0 && mismatches + lost + double + resurrected + verified + orphans + refused + complaints == 0" \
    cycles=$((cycle > cycles ? cycles : cycle)) checks="$checks" mismatches="$mismatches" acked="$acked" acked_lost="$lost" double="$double" resurrected="$resurrected" \
    prepared_blocked="$blocked" passed_prepared="$refused" half_states="$orphans" verify_rows="$verified" complaints="$complaints"
finish
