# Servers of their own for the torture of rollups, and what all of its scripts ask.
# Wanted in the environment: EA_BINDIR (the server's programs), EA_STAGE (where the extension is staged),
# EA_WAIT_STAGE (the same, built with EA_WAIT_POINTS), EA_WORK (a scratch directory that the server's user
# may enter), EA_SHORT (empty for the whole test). Each script prints lines RESULT name key=value ...
# and ends with status 1 when a figure is bad.
# shellcheck shell=bash
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tools/lib/stage.sh disable=SC1091
. "$here/../../tools/lib/stage.sh"
base=$EA_WORK
as=()
[[ $EUID != 0 ]] || as=(runuser -u postgres --)
clusters=() failed=0
export PGCLIENTENCODING=UTF8 LC_ALL=C.UTF-8 PGUSER=postgres PGDATABASE=postgres PGPORT=5511
export PGOPTIONS='-c timezone=UTC -c client_min_messages=warning'

note() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
short() { [[ -n ${EA_SHORT:-} ]]; }
either() { if short; then echo "$1"; else echo "$2"; fi; }   # either SHORT WHOLE

# result NAME CONDITION key=value...: the line, and whether its figures are good.
result() {
    local name=$1 condition=$2
    shift 2
    printf 'RESULT %s %s\n' "$name" "$*"
    if ! (($condition)); then
        note "bad figures: $name $*"
        failed=1
    fi
}

settings_of() { # DIRECTORY STAGE: empty where the extension is installed
    [[ -z $2 ]] || stage_settings "$EA_BINDIR/pg_config" "$2" | sed "s/=\(.*\)/ = '\1'/"
    cat <<EOT
port = 5511
listen_addresses = ''
unix_socket_directories = '$1'
max_prepared_transactions = 20
shared_buffers = '64MB'
max_wal_size = '2GB'
log_min_messages = warning
log_lock_waits = off
log_statement = none
log_min_error_statement = panic
EOT
}

# cluster_new NAME STAGE SETTING...: a server in $base/NAME, started; SETTING is a line of postgresql.conf.
cluster_new() {
    local name=$1 stage=$2 directory=$base/$1
    shift 2
    rm -rf "$directory"
    mkdir -p "$directory"
    [[ $EUID != 0 ]] || chown postgres "$directory"
    "${as[@]}" "$EA_BINDIR/initdb" -D "$directory/data" -k -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >"$directory/initdb.log"
    { settings_of "$directory" "$stage"; printf '%s\n' "$@"; } | "${as[@]}" tee -a "$directory/data/postgresql.conf" >/dev/null
    clusters+=("$name")
    cluster_start "$name"
}

cluster_start() { # NAME [OPTIONS]
    local try
    for ((try = 0; try < 100; try++)); do
        if "${as[@]}" "$EA_BINDIR/pg_ctl" -D "$base/$1/data" -l "$base/$1/log" -w -t 300 -o "${2:-}" start >>"$base/$1/pg_ctl.log" 2>&1 9>&-; then return 0; fi
        sleep 0.2
    done
    note "server $1 does not start"
    tail -n 5 "$base/$1/log" >&2
    return 1
}
cluster_stop() { "${as[@]}" "$EA_BINDIR/pg_ctl" -D "$base/$1/data" -m "${2:-fast}" -w stop >>"$base/$1/pg_ctl.log" 2>&1; }

# cluster_kill NAME: kill -9 of the server alone; its processes notice by themselves. Returns when all are gone.
cluster_kill() {
    local server process children
    server=$(head -n 1 "$base/$1/data/postmaster.pid")
    children=$(pgrep -P "$server" || true)
    kill -9 "$server"
    for process in $server $children; do
        while kill -0 "$process" 2>/dev/null; do sleep 0.02; done
    done
}

# Backgrounds that are left, then the servers.
end_clusters() {
    local status=$? name process
    set +e
    for process in $(jobs -p); do kill "$process" 2>/dev/null; done
    for name in "${clusters[@]}"; do
        cluster_stop "$name" immediate 2>/dev/null
        rm -rf "${base:?}/$name/data"
    done
    exit "$status"
}
trap end_clusters EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# q CLUSTER ARGUMENT...: psql, bare rows.
q() {
    local name=$1
    shift
    PGHOST=$base/$name psql -X -qAt -v ON_ERROR_STOP=1 "$@"
}

# state_of CLUSTER STATEMENT...: the SQLSTATE that stops them, 00000 when all succeed.
state_of() {
    local said name=$1 statements=() statement
    shift
    for statement in "$@"; do statements+=(-c "$statement"); done
    if said=$(q "$name" -v VERBOSITY=sqlstate "${statements[@]}" 2>&1); then echo 00000; else sed -nE 's/.*(ERROR|FATAL): +([0-9A-Z]{5}).*/\2/p' <<<"$said" | tail -n 1; fi
}

# poll CLUSTER QUERY [TRIES]: until it says t; five minutes at least, or so many twentieths of a second.
poll() {
    local try
    for ((try = 0; try < ${3:-6000}; try++)); do
        if [[ $(q "$1" -c "$2" 2>/dev/null) == t ]]; then return 0; fi
        sleep 0.05
    done
    note "waited in vain: $2"
    return 1
}

# The extension, contents and the questions in database postgres of a cluster.
install_torture() { # CLUSTER
    q "$1" -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()' -f "$here/rollup_checks.sql" \
        -c 'CALL explore_analytics.install()' >/dev/null    # again: it sets sequences behind the ids just loaded
}

# check CLUSTER [RANDOM_RANGES]: adds to checks and mismatches; says what differs. A second argument asks random ranges.
checks=0 mismatches=0
check() {
    local found
    found=$(q "$1" -c "SELECT * FROM torture.totals(${2:-3})") || found='0|1|no answer'
    count_check "$found"
}
count_check() { # CHECKS|MISMATCHES|WHAT
    local made=${1%%|*} rest=${1#*|}
    checks=$((checks + made))
    mismatches=$((mismatches + ${rest%%|*}))
    [[ ${rest%%|*} == 0 ]] || note "differs: ${rest#*|}"
}
# Counts the lines "C|checks|mismatches|what" that a session left in a file.
count_file() {
    local line
    while IFS= read -r line; do count_check "${line#C|}"; done < <(grep '^C|' "$1" || true)
}

# What verify() finds, and indexes that lack rows of their tables.
verify_rows() { q "$1" -c 'SELECT (SELECT count(*) FROM explore_analytics.verify()) + torture.index_faults()'; }
# Figures that only a half-finished refresh can leave; 0 is good.
half_states() { q "$1" -c 'SELECT torture.half_states()'; }

# hold CLUSTER STATEMENT...: a session that runs them and stays, in a transaction; its input is descriptor 9. One at a time.
hold() {
    local name=$1 pipe=$base/$1/pipe.$RANDOM$RANDOM
    shift
    mkfifo "$pipe"
    PGHOST=$base/$name psql -X -qAt -v ON_ERROR_STOP=1 <"$pipe" >"$pipe.out" 2>&1 9>&- &
    holder=$!
    exec 9>"$pipe"
    rm "$pipe"
    printf '%s;\n' "$@" "\\echo holding" >&9
    while ! grep -q '^holding' "$pipe.out"; do
        if ! kill -0 "$holder" 2>/dev/null; then
            note "no session: $(tail -n 1 "$pipe.out")"
            return 1
        fi
        sleep 0.01
    done
}
release() { # ends the session of the last hold, by ROLLBACK
    exec 9>&-
    wait "$holder" || true
}

microseconds() { echo "${EPOCHREALTIME/[.,]/}"; }
finish() { exit "$failed"; }
