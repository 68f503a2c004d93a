#!/bin/bash
# Each guard of refresh, compaction and reading, provoked on purpose; what tools/torture mutants takes out is missed here.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new guards "$EA_WAIT_STAGE" 'fsync = off'
install_torture guards
note 'the guards are provoked'
cases=0 bad=0
expect() { # WHAT WANTED FOUND
    cases=$((cases + 1))
    [[ $2 != "$3" ]] || return 0
    note "$1: $3, not $2"
    bad=$((bad + 1))
    [[ -z ${EA_FIRST_ONLY:-} ]] || exit 1
}
right() { # WHAT: readers see the truth, and so does verify()
    local before=$mismatches found
    check guards "${2:-2}"
    found=$((mismatches - before + $(half_states guards) + $(verify_rows guards)))
    mismatches=$before
    expect "$1" 0 "$found"
}
refresh() { state_of guards 'SET lock_timeout = 100' 'CALL explore_analytics.refresh()'; }
put() { q guards -c "SELECT torture.put(VARIADIC ARRAY(SELECT generate_series($1, $2)))" >/dev/null; }

# waiting POINT STATEMENT: a session that stands at the point, until go.
waiting() {
    hold guards BEGIN "SELECT pg_advisory_xact_lock(234, $1)"
    PGHOST=$base/guards psql -X -qAt -c "$2" >"$base/said" 2>&1 9>&- &
    sleeper=$!
    poll guards "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 234 AND objid = $1 AND NOT granted" || bad=$((bad + 1))
}
go() {
    release
    wait "$sleeper" || true
    expect "$1" '' "$(cat "$base/said")"
}

put 1 3000
right 'nothing in rollups'
expect 'refresh' 00000 "$(refresh)"
right 'everything in rollups'
put 3001 3200
right 'rollups and a tail' 6
expect 'refresh' 00000 "$(refresh)"
right 'deltas' 6
q guards -c 'CALL explore_analytics.compact()'
expect 'no delta is left' 0 "$(q guards -c 'SELECT count(*) FROM explore_analytics.rollup_deltas')"
right 'compacted' 8
expect 'nothing new is counted again' 00000 "$(refresh)"
right 'refreshed twice'

# A writer that has not ended; refused twice, so that its epoch is not the last one.
hold guards BEGIN 'SELECT torture.put(4000, 4001)'
expect 'a writer is waited for' 55P03 "$(refresh)"
expect 'and so is one of an older epoch' 55P03 "$(refresh)"
right 'beside a writer'
printf '%s;\n' COMMIT '\echo done' >&9
poll guards 'SELECT count(*) = 2 FROM explore_engagements WHERE content_id > 0 AND (metadata -> '"'k'"')::bigint BETWEEN 4000 AND 4001'
release
right 'the writer has ended'
expect 'refresh' 00000 "$(refresh)"
right 'its rows are in rollups'

# Its epoch is first asked for below a savepoint that is rolled back.
hold guards BEGIN 'SAVEPOINT s' 'SELECT torture.put(4010)' 'ROLLBACK TO s' 'SELECT torture.put(4011)'
expect 'a savepoint does not let go of the epoch' 55P03 "$(refresh)"
release
hold guards BEGIN 'SELECT torture.put(4020)'
printf '%s;\n' "PREPARE TRANSACTION 'guard'" >&9
poll guards "SELECT count(*) = 1 FROM pg_prepared_xacts"
release
expect 'a prepared transaction is waited for' 55P03 "$(refresh)"
q guards -c "COMMIT PREPARED 'guard'"
expect 'refresh' 00000 "$(refresh)"
right 'the prepared row is in rollups'

# A writer commits while refresh waits for it.
hold guards BEGIN 'SELECT torture.put(4030, 4031)'
PGHOST=$base/guards psql -X -qAt -c 'SET lock_timeout = 300000' -c 'CALL explore_analytics.refresh()' >"$base/said" 2>&1 9>&- &
sleeper=$!
poll guards "SELECT count(*) = 1 FROM explore_analytics.refresh_progress WHERE phase LIKE 'waiting%'"
printf '%s;\n' COMMIT >&9
release
wait "$sleeper" || true
expect 'refresh waited' '' "$(cat "$base/said")"
right 'rows committed while refresh waited'

# Two at once, one of them prepared: refresh waits for both, whichever ends first.
for first in prepared open; do
    q guards -c 'BEGIN' -c 'SELECT torture.put(4032)' -c "PREPARE TRANSACTION 'guard'" >/dev/null
    expect 'the first of two is waited for' 55P03 "$(refresh)"
    hold guards BEGIN 'SELECT torture.put(4033, 4034)'
    PGHOST=$base/guards psql -X -qAt -c 'SET lock_timeout = 300000' -c 'CALL explore_analytics.refresh()' >"$base/said" 2>&1 9>&- &
    sleeper=$!
    poll guards "SELECT count(*) = 1 FROM explore_analytics.refresh_progress WHERE phase LIKE 'waiting%'"
    if [[ $first == prepared ]]; then q guards -c "COMMIT PREPARED 'guard'"; else printf '%s;\n' COMMIT >&9 && release; fi
    sleep 0.3
    if [[ $first == open ]]; then q guards -c "COMMIT PREPARED 'guard'"; else printf '%s;\n' COMMIT >&9 && release; fi
    wait "$sleeper" || true
    expect 'refresh waited for two' '' "$(cat "$base/said")"
    right "the $first one of two ended first"
    q guards -c 'DELETE FROM explore_engagements WHERE (metadata -> '"'k'"')::bigint BETWEEN 4032 AND 4034' -c 'SELECT explore_analytics.rebuild()' >/dev/null
done

# Session by session: one that wrote before a refresh writes again after it.
q guards -c 'SELECT torture.put(4040)' -c 'CALL explore_analytics.refresh()' -c 'SELECT torture.put(4041)' -c 'CALL explore_analytics.refresh()' -c 'SELECT torture.put(4042)' >/dev/null
right 'one session writes, refreshes, writes'
expect 'refresh' 00000 "$(refresh)"
right 'and all of it is in rollups'

# Two at a time, rows in between, at each point.
for point in 1 2 3 4 5 6; do
    put $((5000 + point * 10)) $((5000 + point * 10 + 3))
    waiting "$point" 'CALL explore_analytics.refresh()'
    expect "a second refresh at point $point is busy" busy "$(q guards -c "SET client_min_messages = notice; SET statement_timeout = 60000" -c 'CALL explore_analytics.refresh()' 2>&1 | grep -oE 'busy' | head -n 1 || true)"
    expect "a compaction at point $point is busy" busy "$(q guards -c "SET client_min_messages = notice; SET statement_timeout = 60000" -c 'CALL explore_analytics.compact()' 2>&1 | grep -oE 'busy' | head -n 1 || true)"
    # What is not busy waits in vain, here and at every other point.
    ((bad == 0)) || exit 1
    put $((5100 + point * 10)) $((5100 + point * 10 + 2))
    check guards 1
    expect "readers at point $point" 0 "$mismatches"
    go "refresh from point $point on"
    right "after point $point"
done
waiting 7 'CALL explore_analytics.compact()'
check guards 2
expect 'readers during a compaction' 0 "$mismatches"
go 'compaction'
right 'after the compaction'

# Contents that move, go and come late, before and after a refresh.
q guards -c 'UPDATE explore_content SET creator_id = 7 WHERE id < 6' -c 'INSERT INTO explore_content (id, creator_id) VALUES (33, 2), (34, 3)' -c 'DELETE FROM explore_content WHERE id = 32'
right 'contents moved'
expect 'refresh' 00000 "$(refresh)"
right 'moved contents in rollups'
expect 'no note is left' 0 "$(q guards -c 'SELECT count(*) FROM explore_analytics.creator_changes')"
# Nobody saw which: all creators are made anew.
q guards -c 'ALTER TABLE explore_content DISABLE TRIGGER USER' -c 'UPDATE explore_content SET creator_id = 8 WHERE id BETWEEN 6 AND 12' \
    -c 'ALTER TABLE explore_content ENABLE TRIGGER USER' -c 'INSERT INTO explore_analytics.creator_changes (creator_id, content_id) VALUES (0, 0)'
right 'contents moved unseen'
expect 'refresh' 00000 "$(refresh)"
right 'creators were made anew'

expect 'above read committed' 25001 "$(state_of guards "SET default_transaction_isolation = 'repeatable read'" 'CALL explore_analytics.refresh()')"
expect 'in a transaction' 25001 "$(state_of guards BEGIN 'CALL explore_analytics.refresh()')"
expect 'in a function' 25001 "$(state_of guards "DO 'BEGIN PERFORM torture.put(9001); CALL explore_analytics.refresh(); END'")"
expect 'truncation' 0A000 "$(state_of guards 'TRUNCATE explore_engagements')"
expect 'the epoch goes on' t "$(q guards -c 'SELECT last_value > low FROM explore_analytics.epoch_seq, explore_analytics.rollup_state')"
# A snapshot from before a refresh and a compaction sees what it saw.
q guards -c 'SELECT torture.put(6000, 6001)' >/dev/null
hold guards 'BEGIN ISOLATION LEVEL REPEATABLE READ' 'SELECT count(*) FROM explore_engagements'
put 6010 6015
expect 'refresh' 00000 "$(refresh)"
q guards -c 'CALL explore_analytics.compact()'
output=$(readlink -f /proc/$holder/fd/1)
printf '%s;\n' "SELECT 'C', t.* FROM torture.totals(4) t" '\echo asked' >&9
for ((try = 0; try < 15000; try++)); do
    ! grep -q asked "$output" || break
    sleep 0.02
done
expect 'an old snapshot can be asked' asked "$(grep -o asked "$output" || true)"
count_file "$output"
expect 'an old snapshot' 0 "$mismatches"
release
right 'at the end' 4

# Sessions that begin to write at every moment of a refresh.
echo "INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1 + :client_id, 7, 'view');" >"$base/insert.sql"
PGHOST=$base/guards "$EA_BINDIR/pgbench" -n -f "$base/insert.sql" -c 6 -j 1 -T "$(either 3 10)" >"$base/pgbench" 2>&1 &
writer=$!
while kill -0 "$writer" 2>/dev/null; do q guards -v ON_ERROR_STOP=0 -c 'CALL explore_analytics.refresh()' 2>/dev/null; done
expect 'refresh' 00000 "$(refresh)"
right 'after the race'

result guards "bad == 0 && cases >= 60" cases="$cases" checks="$checks" bad="$bad"
finish
