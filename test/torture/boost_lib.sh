# What the torture of boost campaigns shares: chargers, their journal outside of the server, and what must hold afterwards.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

complaints=0

# The client, which outlives the servers.
"${CXX:-g++}" -std=c++20 -Wall -Wextra -Werror -I"$("$EA_BINDIR/pg_config" --includedir)" -L"$("$EA_BINDIR/pg_config" --libdir)" \
    "$here/boost_charger.cpp" -o "$base/charger" -lpq -lpthread

# install_boost CLUSTER: the extension and the questions in its database PGDATABASE; the journal begins.
install_boost() {
    q "$1" -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()' -f "$here/boost_checks.sql" -f "$here/boost_plain.sql" >/dev/null
    new_journal
}
new_journal() {
    journal=$base/journal late=0 snapshots=0 torn=0
    rm -rf "$journal"
    mkdir -p "$journal"
}

# chargers CLUSTER CYCLE SECONDS KILLS [CALL [REPLAY]]: in the background, as $charger.
chargers() {
    PGHOST=$base/$1 "$base/charger" "$journal" "$2" "$3" "$4" "${5:-charge_boost}" torture.faults "${6:-0}" >"$journal/said" 2>"$journal/err" 9>&- &
    charger=$!
}
# under_load CYCLE SECONDS: so long, and until some hundred answers are in the journal.
under_load() {
    local turn
    sleep "$2"
    for ((turn = 0; turn < 300 && $(grep -cE '^(charged|held_out)' "$journal/journal.$1" 2>/dev/null || true) + 0 < 150; turn++)); do sleep 0.1; done
}
# Waits for them, and adds up what they have seen.
chargers_end() {
    local said=(0 1 0 0)
    wait "$charger" || true
    read -ra said <"$journal/said" || true
    late=$((late + said[0])) complaints=$((complaints + said[1])) snapshots=$((snapshots + said[2])) torn=$((torn + said[3]))
    [[ ! -s $journal/err ]] || note "$(head -n 3 "$journal/err")"
}

# load_journal CLUSTER: the files into a table, all of them.
load_journal() {
    cat "$journal"/journal.* >"$journal/all"
    q "$1" -c 'TRUNCATE torture.journal' -c "\\copy torture.journal FROM '$journal/all' WITH (NULL '')" -c 'ANALYZE torture.journal' >/dev/null
}

# judge CLUSTER: what has been acknowledged, and what of it is wrong; all but the first two must be 0.
judge() {
    local found verified
    load_journal "$1"
    found=$(q "$1" -c 'SELECT * FROM torture.verdict()') || found='0|0|1|1|1|1|1|1'
    IFS='|' read -r acknowledged unanswered lost doubled invented faults short misheld <<<"$found"
    verified=$(q "$1" -c 'SELECT count(*) FROM explore_analytics.verify()') || verified=1
    verify_rows=$verified
}
bad() { ((lost + doubled + invented + faults + short + misheld + verify_rows + late + torn + complaints > 0)); }
figures() {
    printf ' %s' "acknowledged=$acknowledged" "unanswered=$unanswered" "snapshots=$snapshots" "torn=$torn" "over_or_unequal=$faults" "lost=$lost" "doubled=$doubled" \
        "invented=$invented" "too_few=$short" "held_out_wrongly=$misheld" "after_stop=$late" "verify_rows=$verify_rows" "complaints=$complaints"
}
