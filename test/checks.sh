# What the scripts of test/ have in common: lines "ok ..." and "FAIL ...". Expects $scratch.
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

# differences DATABASE ANSWER EVENTS: every count of a summary against plain SQL over events; no row where they agree.
differences() {
    sql "$1" <<SQL
WITH told AS (
  SELECT views(s), unique_viewers(s), completions(s), saves(s), shares(s), clicks(s), skips(s), impressions(s), round(total_watch_time(s) * 1000)::bigint FROM $2 s
), plain AS (
  SELECT count(*) FILTER (WHERE engagement_type = 'view'), count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view'),
    count(*) FILTER (WHERE engagement_type = 'complete' OR engagement_type = 'view' AND completed), count(*) FILTER (WHERE engagement_type = 'save'),
    count(*) FILTER (WHERE engagement_type = 'share'), count(*) FILTER (WHERE engagement_type = 'click'), count(*) FILTER (WHERE engagement_type = 'skip'),
    count(*) FILTER (WHERE engagement_type = 'impression'), sum(watch_time_ms)::bigint
  FROM $3
)
SELECT 'functions', * FROM (TABLE told EXCEPT TABLE plain) t UNION ALL SELECT 'plain SQL', * FROM (TABLE plain EXCEPT TABLE told) p;
SQL
}
