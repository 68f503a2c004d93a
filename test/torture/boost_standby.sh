#!/bin/bash
# The primary dies under eight chargers and its standby takes over, again and again; the next standby is made of it.
# Synchronous: what was acknowledged is there. Asynchronous: what the standby had not received is gone, as PostgreSQL says of
# it; nothing is over or twice all the same, and a client that sends again what it was told of has it back, once.
# In every other cycle from the first, and in all of those that are asynchronous, the connection between the two hangs before the death.
. "$(dirname "${BASH_SOURCE[0]}")/boost_lib.sh"

load_seconds=$(either 0.8 1.5) primary=left standby=right
cluster_new left "$EA_STAGE" 'fsync = off' 'wal_level = replica' 'max_wal_senders = 4' 'deadlock_timeout = 100ms' 'hot_standby_feedback = on' 'max_standby_streaming_delay = -1'
clusters+=(right)

make_standby() { # SYNCHRONOUS: a copy of the primary, which waits for it if that is wanted
    rm -rf "${base:?}/$standby"
    mkdir -p "$base/$standby"
    [[ $EUID != 0 ]] || chown postgres "$base/$standby"
    q $primary -c 'ALTER SYSTEM RESET synchronous_standby_names' -c 'SELECT pg_reload_conf()' >/dev/null
    "${as[@]}" "$EA_BINDIR/pg_basebackup" -h "$base/$primary" -U postgres -D "$base/$standby/data" -R -X stream -c fast >"$base/backup.log" 2>&1
    printf '%s\n' "unix_socket_directories = '$base/$standby'" | "${as[@]}" tee -a "$base/$standby/data/postgresql.conf" >/dev/null
    cluster_start $standby
    [[ -z $1 ]] || q $primary -c "ALTER SYSTEM SET synchronous_standby_names = '*'" -c 'SELECT pg_reload_conf()' >/dev/null
    poll $primary "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '${1:-async}'"
}

fail_over() { # HANG: the primary dies, the standby is the next
    local sender='' killer=''
    if [[ -n $1 ]]; then
        sender=$(q $primary -c 'SELECT pid FROM pg_stat_replication')
        kill -STOP "$sender"
        sleep 0.3
        (sleep 0.2; kill -9 "$sender") 9>&- &
        killer=$!
    fi
    cluster_kill $primary
    [[ -z $killer ]] || wait "$killer"
    "${as[@]}" "$EA_BINDIR/pg_ctl" -D "$base/$standby/data" -w promote >>"$base/$standby/pg_ctl.log"
    read -r primary standby <<<"$standby $primary"
}

# What the new primary never received: the journal gets another word for it, and the client sends the charges again.
send_unsent_again() {
    load_journal $primary
    q $primary -F $'\t' -c 'SELECT l.word, l.id, l.campaign FROM torture.lost l' >"$journal/unsent"
    q $primary -F $'\t' -c "SELECT 'small', NULL, campaign FROM torture.journal j WHERE word = 'small' AND NOT EXISTS (SELECT FROM explore_boost_campaigns WHERE campaign_id = j.campaign)" >>"$journal/unsent"
    unsent=$((unsent + $(grep -cE '^(charged|held_out)' "$journal/unsent" || true)))
    awk -F '\t' -v OFS='\t' 'NR == FNR { if ($1 ~ /^(charged|held_out|duplicate)$/) gone[$1, $2, $3] = 1; next }
        ($1, $2, $3) in gone && !seen[$2]++ { print $2, $3, $4, $6, $7 }' "$journal/unsent" "$journal/all" >"$journal/again"
    local file
    for file in "$journal"/journal.*; do
        awk -F '\t' -v OFS='\t' 'NR == FNR { gone[$1, $2, $3] = 1; next } ($1, $2, $3) in gone { $1 = "unsent" } { print }' "$journal/unsent" "$file" >"$journal/rewritten"
        mv "$journal/rewritten" "$file"
    done
    chargers $primary "$cycle" 60 0 charge_boost 1
    chargers_end
}

# rounds NAME COUNT SYNCHRONOUS
rounds() {
    local hang faults_there=0
    unsent=0 gone=0 complaints=0
    for ((cycle = 1; cycle <= $2; cycle++)); do
        make_standby "$3"
        chargers $primary "$cycle" 60 0
        under_load "$cycle" "$load_seconds"
        faults_there=$((faults_there + $(q $standby -c 'SELECT torture.faults()')))
        hang=yes
        [[ -z $3 || $((cycle % 2)) == 1 ]] || hang=''
        fail_over "$hang"
        chargers_end
        [[ -n $3 ]] || send_unsent_again
        judge $primary
        [[ -n $3 ]] || short=0    # a campaign may have been gone by charges that are
        if ((cycle % 10 == 0)); then note "$1, cycle $cycle of $2:$(figures)"; fi
        if bad; then break; fi
    done
    gone=$(q $primary -c "SELECT count(*) FROM torture.journal WHERE word = 'gone'")
    if bad; then broken=1; else broken=0; fi
    read -ra all <<<"$(figures)"
    # Without anything unsent the asynchronous form would show nothing; the same happens to the synchronous one, which loses none.
    result "$1" "broken + faults_there == 0 && cycle > $2 && acknowledged >= $2 * 150 && $([[ -n $3 ]] && echo 'gone == 0' || echo 'unsent > 0')" \
        cycles=$((cycle - 1)) unsent="$unsent" of_unsent_campaigns="$gone" on_the_standby="$faults_there" "${all[@]}"
}

install_boost $primary
rounds boost_standby "$(either 1 50)" sync
q $primary -c 'ALTER SYSTEM RESET synchronous_standby_names' -c 'SELECT pg_reload_conf()' -c 'CREATE DATABASE asynchronous' >/dev/null
export PGDATABASE=asynchronous
install_boost $primary
rounds boost_standby_async "$(either 1 50)" ''
finish
