# What test/restore.sh and test/update.sh have in common: lines "ok ..." and "FAIL ...". Expects $scratch.
# shellcheck shell=bash
failed=0

ok() { printf 'ok %s\n' "$*"; }
fail() { printf 'FAIL %s\n' "$*"; failed=1; }

# check WHAT COMMAND...: the command's status decides.
check() {
    local what=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        ok "$what"
    else
        fail "$what: $(grep -m 1 -iE 'error|fatal' "$scratch/said" | cut -c1-200 || true)"
    fi
    cat "$scratch/said" >>"$scratch/log"
}

same() { # WHAT WANTED FOUND
    if [[ $2 == "$3" ]]; then ok "$1"; else fail "$1: $3, not $2"; fi
}

same_file() { # WHAT WANTED FOUND
    if [[ ! -s $2 || ! -s $3 ]]; then
        fail "$1: nothing to compare"
    elif cmp -s "$2" "$3"; then
        ok "$1 ($(wc -l <"$2") lines)"
    else
        fail "$1: $(diff "$2" "$3" | sed -n 2p | cut -c1-200)"
    fi
}

sql() { # DATABASE ARGUMENT...
    local database=$1
    shift
    psql -X -qAt -v ON_ERROR_STOP=1 -P pager=off -d "$database" "$@"
}
