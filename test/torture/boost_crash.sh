#!/bin/bash
# Eight chargers, five campaigns; the server is killed under them, again and again. Not a cent over, lost or doubled. Then
# the same of chargers by plain SQL that lack a guard each, which must be noticed, and of one that lacks none.
. "$(dirname "${BASH_SOURCE[0]}")/boost_lib.sh"

cycles=$(either 2 50) load_seconds=$(either 1 2)
# Processes die here, not the machine: what was written is there, flushed or not.
cluster_new crash "$EA_STAGE" "fsync = $(either off on)" 'deadlock_timeout = 100ms'

# cycles_of COUNT CALL: stops at the first that finds something.
cycles_of() {
    for ((cycle = 1; cycle <= $1; cycle++)); do
        chargers crash "$cycle" 60 1 "$2"
        under_load "$cycle" "$load_seconds"
        cluster_kill crash
        chargers_end
        cluster_start crash
        judge crash
        if ((cycle % 10 == 0)); then note "cycle $cycle of $1:$(figures)"; fi
        if bad; then break; fi
    done
}

# begin DATABASE: one of its own, of which the first is the pattern.
begin() {
    PGDATABASE=postgres q crash -c "CREATE DATABASE $1 TEMPLATE fresh" >/dev/null
    export PGDATABASE=$1
    new_journal
}

q crash -c 'CREATE DATABASE fresh' >/dev/null
PGDATABASE=fresh install_boost crash
begin real
cycles_of "$cycles" charge_boost
# What the last death has left without an answer.
if ! bad; then
    chargers crash "$cycle" 1 0
    chargers_end
    judge crash
fi
if bad; then broken=1; else broken=0; fi
read -ra all <<<"$(figures)"
result boost_crash "broken == 0 && cycle > cycles && acknowledged >= cycles * 150 && unanswered >= cycles && snapshots >= cycles * 10" cycles=$((cycle - 1)) "${all[@]}"

mapfile -t calls < <(either $'with_all\nwithout_lock\nwithout_day' $'with_all\nwithout_lock\nwithout_once\nwithout_day\nwithout_flush')
for call in "${calls[@]}"; do
    complaints=0
    begin "$call"
    # An asynchronous commit is written within three times wal_writer_delay, or with so many others.
    [[ $call != without_flush ]] || q crash -c "ALTER DATABASE $call SET synchronous_commit = off" -c "ALTER SYSTEM SET wal_writer_delay = '10s'" \
        -c "ALTER SYSTEM SET wal_writer_flush_after = '1GB'" -c 'SELECT pg_reload_conf()' >/dev/null
    cycles_of "$(either 1 4)" "torture.$call"
    said=$(figures)
    if bad; then found=1; else found=0; fi
    if [[ $call == with_all ]]; then wanted=0; else wanted=1; fi
    read -ra all <<<"$said"
    result boost_plain "found == wanted && acknowledged > 0" charger="$call" noticed="$found" cycles="$cycle" "${all[@]}"
done
finish
