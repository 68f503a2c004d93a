# A private directory, a log, and the promise that nothing stays behind.
# Sourced by tools/demo and tools/test; expects $root, the top of the tree.
# shellcheck shell=bash

# Whatever the caller has set for other servers and other builds must not reach ours.
clean_environment() {
    local name
    for name in $(compgen -e); do
        case $name in
            PG* | PSQL* | PAGER | MAKE* | MFLAGS | DESTDIR | CDPATH | LANGUAGE | LC_* | TMPDIR | \
                CC | CXX | CFLAGS | CXXFLAGS | CPPFLAGS | LDFLAGS | COPT | LD_PRELOAD | PERL5OPT)
                unset "$name"
                ;;
        esac
    done
    export LANG=C.UTF-8 LC_ALL=C.UTF-8 PGCLIENTENCODING=UTF8 TMPDIR=/tmp PAGER=cat
    umask 022
}

# session_begin NAME: makes $work (readable by the server's user) and $log.
session_begin() {
    clean_environment
    session_name=explore_analytics-$1
    child='' leftovers=() server_pid='' keep_work='' shown_end='' ending='' was_interrupted=''
    # Where the reader is, whatever is redirected when a signal comes.
    exec 8>&1 9>&2
    work=$(mktemp -d "/tmp/$session_name.XXXXXX")
    chmod 755 "$work"
    trap session_end EXIT
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
    trap 'interrupted 129' HUP
    trap 'interrupted 141' PIPE
    log=$work/log
    : >"$log"
}

interrupted() {
    [[ -z $ending ]] || return 0
    trap '' INT TERM HUP PIPE
    was_interrupted=yes
    exit "$1"
}

session_end() {
    local status=$?
    ending=yes
    set +e
    trap '' INT TERM HUP PIPE
    trap - EXIT
    exec 1>&8 2>&9
    [[ $status != 141 ]] || exec >/dev/null 2>&1
    [[ -z $was_interrupted ]] || progress_abandon
    stop_child
    if [[ $status != 0 && -z $was_interrupted && -z $shown_end ]]; then
        show_log_end "$log"
    fi
    if [[ -z $keep_work ]]; then
        server_stop
        rm -rf --one-file-system "$work" "${leftovers[@]}"
    fi
    [[ -z $was_interrupted || -n ${told_inside:-} ]] || say "interrupted; nothing was left behind"
    exit "$status"
}

# The last lines of a log, and a copy that outlives $work.
show_log_end() {
    local copy
    shown_end=yes
    [[ -s $1 ]] || return 0
    copy=$(mktemp "/tmp/$session_name-log.XXXXXX")
    cat "$1" >"$copy"
    {
        echo
        echo "The last lines of the log (all of it: $copy):"
        tail -n 40 "$copy" | sed 's/^/  | /'
    } >&2
}

# die MESSAGE...: for mistakes of the caller; no log.
die() {
    progress_abandon
    shown_end=yes
    printf '%s\n' "$@" | sed '/^$/d' >&2
    exit 1
}

# After a die in a subshell.
give_up() {
    step_open='' shown_end=yes
    exit 1
}

# run COMMAND...: output to the log, progress meanwhile, signals served at once.
# The command gets its own process group, so that it can be ended as a whole.
run() {
    local status=0
    set -m
    "$@" </dev/null >>"$log" 2>&1 8>&- 9>&- &
    child=$!
    set +m
    while kill -0 "$child" 2>/dev/null; do
        progress_tick
        sleep 0.1
    done
    wait "$child" || status=$?
    child=''
    return "$status"
}

stop_child() {
    [[ -n $child ]] || return 0
    if [[ -n ${child_is_apt:-} ]]; then
        # apt-get finishes what dpkg is doing before it gives up; dpkg must not be cut short.
        kill -INT "$child" 2>/dev/null
    else
        kill -TERM -- "-$child" 2>/dev/null
    fi
    wait "$child" 2>/dev/null
    child=''
}
