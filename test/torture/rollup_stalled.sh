#!/bin/bash
# A writer idle in its transaction holds an epoch: refresh gives up in time and says who it is, other writers do not
# notice, answers stay exact. And a dump while everything goes on: nobody waits for it.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

seconds=$(either 8 60)
cluster_new stalled "$EA_STAGE" 'fsync = off' 'autovacuum = off'
install_torture stalled
q stalled -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(1, 20000)))' -c 'CALL explore_analytics.refresh()' >/dev/null

cat >"$base/writer.sql" <<'SQL'
\set content random(1, 32)
\set viewer random(1, 500)
INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, completed) VALUES (:content, :viewer, 'view', 1000, false), (:content, :viewer, 'save', 0, false);
SQL

# writers SECONDS NAME: two of them at a fixed rate; prints the 99th percentile of their transactions in microseconds.
writers() {
    (cd "$base" && PGHOST=$base/stalled "$EA_BINDIR/pgbench" -n -f writer.sql -c 2 -j 1 -R 150 -T "$1" -l --log-prefix="$2" >"$2.said" 2>&1)
    # Column 3 of a log of a fixed rate counts from the scheduled start; column 7 is the delay before it.
    cat "$base/$2".[0-9]* | awk '{ print $3 - $7 }' | sort -n | awk '{ v[NR] = $1 } END { print v[int(NR * 0.99) + 1] + 0 }'
}

# refreshes SECONDS: one after the other, two at least; the longest in milliseconds, and their SQLSTATEs, in $base/refreshes
refreshes() {
    local until=$((EPOCHSECONDS + $1)) since state longest=0 n=0 good=0 refused=0 took
    while ((EPOCHSECONDS < until || n < 2)); do
        since=$(microseconds)
        state=$(state_of stalled 'CALL explore_analytics.refresh()')
        took=$((($(microseconds) - since) / 1000))
        n=$((n + 1))
        ((took <= longest)) || longest=$took
        case $state in 00000) good=$((good + 1)) ;; 55P03) refused=$((refused + 1)) ;; *) note "refresh: $state" ;; esac
        sleep 0.3
    done
    echo "$n $good $refused $longest" >"$base/refreshes"
}

# The same load with nobody in the way, refreshes succeeding.
refreshes "$seconds" &
refresher=$!
usual=$(writers "$seconds" usual)
wait "$refresher"
read -r n_usual good_usual refused_usual longest_usual <"$base/refreshes"

hold stalled BEGIN 'SELECT torture.put(777)'
pid=$(q stalled -c 'SELECT pid FROM explore_analytics.epoch_holders')
refreshes "$seconds" &
refresher=$!
(until ! kill -0 "$refresher" 2>/dev/null; do q stalled -c "SELECT 'C', t.* FROM torture.totals(1) t"; sleep 1; done >"$base/checks") &
checker=$!
beside=$(writers "$seconds" beside)
wait "$refresher" "$checker"
read -r n good refused longest <"$base/refreshes"
count_file "$base/checks"
named=$(q stalled -c "SELECT failure_code = '55P03' AND failure LIKE 'Process $pid%' FROM explore_analytics.rollup_status")
release
q stalled -c 'CALL explore_analytics.refresh()'
check stalled
recovered=$(q stalled -c 'SELECT failed_at IS NULL AND tail_events = 0 FROM explore_analytics.rollup_status')
verified=$(verify_rows stalled)
ratio=$(awk -v a="$beside" -v b="$usual" 'BEGIN { printf "%.2f", a / (b ? b : 1) }')
# A short run on a busy machine has too few transactions for a percentile: it is only said.
slow=0
short || awk -v r="$ratio" -v us="$beside" 'BEGIN { exit !(r > 1.1 && us > 5000) }' && slow=1
short && slow=0
# It waits 2 seconds for the writer; the rest is what any refresh takes on this machine; all of it several times over.
limit=$((5 * (2000 + longest_usual)))
result stalled_writer "good == 0 && refused == n && n > 1 && good_usual == n_usual && longest <= limit && slow == 0 && mismatches + verified == 0 && $([[ $named$recovered == tt ]] && echo 1 || echo 0)" \
    refreshes="$n" refused="$refused" refresh_max_ms="$longest" usual_max_ms="$longest_usual" writer_p99_us="$beside" usual_p99_us="$usual" writer_p99_ratio="$ratio" \
    refused_without="$refused_usual" checks="$checks" mismatches="$mismatches" verify_rows="$verified" blocker_named="$named" recovered="$recovered"

# pg_dump takes its locks and holds them; a writer, a refresh or a compaction that waits for any of it would show.
rounds=$(either 3 20) blocked=0 dumps=0 went=0
q stalled -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(100001, 160000)))' >/dev/null
(writers $((rounds * 2)) dumped >/dev/null) &
writer=$!
(while kill -0 "$writer" 2>/dev/null; do
    q stalled -v ON_ERROR_STOP=0 -c 'CALL explore_analytics.refresh()' -c "CALL explore_analytics.compact()" >>"$base/refreshed" 2>&1
    sleep 0.1
done) &
refresher=$!
while kill -0 "$writer" 2>/dev/null; do
    PGHOST=$base/stalled "$EA_BINDIR/pg_dump" -Fc -Z 0 -f "$base/dump" postgres &
    dump=$!
    while kill -0 "$dump" 2>/dev/null; do
        found=$(q stalled -c "SELECT count(*) FROM pg_stat_activity w, unnest(pg_blocking_pids(w.pid)) b JOIN pg_stat_activity d ON d.pid = b WHERE d.application_name = 'pg_dump'")
        blocked=$((blocked + found)) went=$((went + 1))
        sleep 0.02
    done
    wait "$dump" && dumps=$((dumps + 1))
done
wait "$writer" "$refresher"
errors=$(grep -c ERROR "$base/refreshed" || true)
check stalled
result dump_beside "blocked == 0 && dumps >= 1 && went > dumps && errors == 0 && mismatches == 0" \
    blocked_writers="$blocked" dumps="$dumps" looks="$went" refresh_errors="$errors" mismatches="$mismatches"
finish
