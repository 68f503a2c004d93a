# A throw-away server on a port of its own, and the extension staged for it.
# shellcheck shell=bash

# shellcheck source=tools/lib/stage.sh disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
# shellcheck source=tools/lib/port.sh disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/port.sh"

# A copy of the tree: the repository may be unreadable to the server's user,
# and nothing is ever written into it.
copy_tree() {
    mkdir -p "$work/src"
    tar -C "$root" --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.bc' --exclude='*.d' \
        --exclude=node_modules --exclude=./build --exclude=./results -cf - . |
        tar -C "$work/src" --no-same-owner -xf -
    chmod -R a+rX "$work/src"
}

build_gauge() {
    local made wanted
    made=$(find "$work/src/src" -name '*.o' | wc -l)
    wanted=$(find "$work/src/src" -name '*.cpp' | wc -l)
    echo "$made $wanted"
}

# build_extension [MAKE_ARGUMENT...]: compiles in $work/src, installs below $work/stage.
build_extension() {
    mkdir -p "$work/stage"
    run make -C "$work/src" -j"$jobs" PG_CONFIG="$pg_config" with_llvm=no "$@" || return 1
    run make -C "$work/src" PG_CONFIG="$pg_config" with_llvm=no "$@" DESTDIR="$work/stage" install
}

# server_start SETTING=VALUE...: sets PGHOST and the rest.
server_start() {
    local attempt
    for attempt in 1 2 3; do
        rm -rf "$work/server"
        mkdir -p "$work/server"
        cp "$work/src/tools/lib/hold_server.sh" "$work/server/"
        if is_debian; then debian_server "$@"; else plain_server "$@"; fi
        while [[ ! -e $work/server/env ]] && kill -0 "$server_pid" 2>/dev/null; do
            progress_tick
            sleep 0.1
        done
        if [[ -e $work/server/env ]]; then
            # shellcheck disable=SC1091
            . "$work/server/env"
            return 0
        fi
        wait "$server_pid" || true
        server_pid=''
        echo "attempt $attempt: no server" >>"$log"
    done
    return 1
}

# Detached from the terminal: Ctrl-C is for this script, which then stops the server itself.
debian_server() {
    local setting options=()
    while IFS= read -r setting; do options+=(-o "$setting"); done < <(
        (($# == 0)) || printf '%s\n' "$@"
        stage_settings "$pg_config" "$work/stage")
    PGPORT=$(free_port) setsid pg_virtualenv -t -v "$pg_major" -c '-e UTF8 --locale=C.UTF-8' \
        "${options[@]}" \
        bash "$work/server/hold_server.sh" "$work/server" $$ </dev/null >>"$log" 2>&1 8>&- 9>&- &
    server_pid=$!
}

# Elsewhere: the programs and libraries are copied, with the extension among them,
# and the server runs from the copy; PostgreSQL finds its files relative to itself.
plain_server() {
    local setting as=() port bin share lib
    bin=$("$pg_config" --bindir) share=$("$pg_config" --sharedir) lib=$("$pg_config" --pkglibdir)
    port=$(free_port)
    if [[ $EUID == 0 ]]; then as=(runuser -u postgres --); fi
    mkdir -p "$work/copy$bin" "$work/copy$share" "$work/copy$lib" "$work/server/home"
    cp -L "$bin"/{postgres,initdb,pg_ctl} "$work/copy$bin/"
    cp -rL "$share/." "$work/copy$share/"
    cp -rL "$lib/." "$work/copy$lib/" 2>>"$log" || true
    cp -r "$work/stage/." "$work/copy/"
    [[ $EUID != 0 ]] || chown postgres "$work/server/home"
    {
        echo '#!/bin/bash'
        echo 'set -eu'
        printf 'as=(%s) bin=%q home=%q server=%q\n' "${as[*]}" "$work/copy$bin" "$work/server/home" "$work/server"
        # shellcheck disable=SC2016
        echo '"${as[@]}" "$bin/initdb" -N -U postgres -A trust -E UTF8 --locale=C -D "$home/data"'
        for setting in "$@" "port=$port" "listen_addresses=127.0.0.1" "unix_socket_directories=" fsync=off; do
            # shellcheck disable=SC2016
            printf 'echo %q | "${as[@]}" tee -a "$home/data/postgresql.conf" >/dev/null\n' \
                "${setting%%=*} = '${setting#*=}'"
        done
        # shellcheck disable=SC2016
        {
            echo 'trap '\''"${as[@]}" "$bin/pg_ctl" -D "$home/data" -m immediate stop'\'' EXIT'
            echo '"${as[@]}" "$bin/pg_ctl" -D "$home/data" -w -l "$home/log" start || { cat "$home/log"; exit 1; }'
        }
        printf 'export PGHOST=127.0.0.1 PGPORT=%s PGUSER=postgres PGPASSWORD=none PGDATABASE=postgres\n' "$port"
        printf 'bash "$server/hold_server.sh" "$server" %s\n' "$$"
    } >"$work/server/plain.sh"
    chmod 755 "$work/server/plain.sh"
    (cd "$work/server" && exec setsid bash plain.sh) </dev/null >>"$log" 2>&1 8>&- 9>&- &
    server_pid=$!
}

# keep_server_log DIRECTORY: what our server had to say, while it is up.
keep_server_log() {
    local file
    [[ -n ${server_pid:-} && -n ${PGPORT:-} ]] || return 0
    file=$(psql -X -At -c "SELECT current_setting('data_directory')" 2>/dev/null) || return 0
    file=${file%/data/*}/log
    cat "$file"/*.log >"$1/server.log" 2>/dev/null || true
}

server_stop() {
    local waited=0 processes process
    [[ -n $server_pid ]] || return 0
    # Its processes may outlive the one that started it by a moment: they are waited for, too.
    processes=$(sql -At -c 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()' \
        -c "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)" 2>/dev/null || true)
    : >"$work/server/stop"
    while kill -0 "$server_pid" 2>/dev/null && ((waited < 600)); do
        sleep 0.1
        waited=$((waited + 1))
    done
    ((waited < 600)) || echo "the server (process $server_pid) does not stop" >&2
    for process in $processes; do
        while kill -0 "$process" 2>/dev/null && ((waited < 620)); do
            sleep 0.1
            waited=$((waited + 1))
        done
    done
    server_pid=''
}

# psql without the reader's own settings; errors stop it.
sql() {
    psql -X -q -v ON_ERROR_STOP=1 -P pager=off "$@" 2>>"$log"
}
