# A database with everything in it, and its way from server to server. Run as root, in a mount namespace of its own:
# there the extension is installed where each server has its files, as a package would, over copies of these
# directories. The environment is that of rollup_lib.sh; EA_STAGE has builds for all servers.
# shellcheck shell=bash
[[ -n ${EA_OWN_MOUNTS:-} ]] || EA_OWN_MOUNTS=yes exec unshare --mount bash "$0" "$@"
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

restore=$here/../restore
owner=upgrade_owner reader=upgrade_reader recorder=upgrade_recorder
bin_of() { echo "/usr/lib/postgresql/$1/bin"; }

install_for() { # MAJOR...
    local major directory copy
    for major in "$@"; do
        for directory in "$("$(bin_of "$major")/pg_config" --pkglibdir)" "$("$(bin_of "$major")/pg_config" --sharedir)/extension"; do
            copy=$base/installed$directory
            mkdir -p "$copy"
            cp -a "$directory/." "$copy/"
            cp -a "$EA_STAGE$directory/." "$copy/"
            mount --bind "$copy" "$directory"
        done
    done
}

release_of() { "$(bin_of "$1")/postgres" --version | sed -E 's/^[^0-9]*([0-9.]+).*/\1/'; }

# server_new NAME MAJOR: with pg_cron, whose jobs live in database feed; it is left without them, see quiet.
server_new() {
    EA_BINDIR=$(bin_of "$2") cluster_new "$1" '' 'fsync = off' "cron.database_name = 'feed'" 'cron.use_background_workers = on' "shared_preload_libraries = 'pg_cron'"
    cluster_stop "$1"
}
quiet() { EA_BINDIR=$(bin_of "$2") cluster_start "$1" '-c shared_preload_libraries='; }   # quiet NAME MAJOR: no jobs
lively() { EA_BINDIR=$(bin_of "$2") cluster_start "$1"; }

roles() { # NAME
    q "$1" -c "CREATE ROLE $owner" -c "CREATE ROLE $reader" -c "CREATE ROLE $recorder"
}

# The database feed: the fixture of the test of restores, values in a table of the user's own, and the jobs.
fill() { # NAME, lively
    q "$1" -c 'CREATE DATABASE feed'
    ask "$1" -v schema=feed -v owner="$owner" -v reader="$reader" -v recorder="$recorder" -f "$restore/fill.sql" >/dev/null
    ask "$1" >/dev/null <<'SQL'
CREATE TABLE own AS
  SELECT c.id, content_summary(c.id) AS s, viewers(content_summary(c.id)) AS v, ARRAY[content_summary(c.id), creator_summary(c.creator_id)] AS a
  FROM explore_content c;
CREATE TABLE own_parted (id bigint, v viewer_set) PARTITION BY RANGE (id);
CREATE TABLE own_first PARTITION OF own_parted FOR VALUES FROM (0) TO (1000);
INSERT INTO own_parted SELECT id, v FROM own;
CREATE VIEW own_view AS SELECT id, views(s), cardinality(v & viewers(a[2])) AS both_ways FROM own;
CREATE EXTENSION pg_cron;
SELECT explore_analytics.schedule_jobs();
SQL
}

ask() { # NAME ARGUMENT...: as the users of feed do
    PGOPTIONS='-c search_path=feed -c timezone=UTC -c client_min_messages=warning' PGDATABASE=feed q "$@"
}

# 15.20 and 17.12 mark every column of a new table, which pg_dump of earlier releases hands on and earlier servers refuse,
# whatever the table. Where only the old server knows these marks, they are taken away first.
marks=0
knows_marks() { grep -qa pg_attver "$(bin_of "$1")/pg_dump"; }
take_marks() { # NAME OLD NEW
    marks=0
    if ! knows_marks "$2" || knows_marks "$3"; then return 0; fi
    marks=$(ask "$1" -c "WITH u AS (UPDATE pg_attribute SET attoptions = (SELECT array_agg(o) FROM unnest(attoptions) o WHERE NOT starts_with(o, 'pg_attver='))
        WHERE attrelid >= 16384 AND attoptions::text LIKE '%pg_attver=%' RETURNING 1) SELECT count(*) FROM u")
}

# state NAME FILE: all that is said, and all that is stored.
state() {
    {
        ask "$1" -f "$restore/questions.sql" -f "$restore/rows.sql"
        ask "$1" -c 'SELECT * FROM own ORDER BY id' -c 'SELECT * FROM own_parted ORDER BY id' -c 'SELECT * FROM own_view ORDER BY id' \
            -c 'SELECT jobid, schedule, command, database, username, active, jobname FROM cron.job ORDER BY jobid' \
            -c "SELECT * FROM explore_analytics.audit_log ORDER BY id" -c 'SELECT * FROM explore_analytics.identities ORDER BY login'
    } >"$2"
}

# moved WHAT OLD_RELEASE FILE_BEFORE NAME MAJOR RC: the server, stopped, has the database now. Says how it is and lets it live on.
moved() {
    local what=$1 release=$2 before=$3 name=$4 major=$5 rc=$6 lines differ verified ledger failing tail jobs recounted grown
    quiet "$name" "$major"
    state "$name" "$base/after.$name"
    lines=$(wc -l <"$before")
    differ=$(diff "$before" "$base/after.$name" | grep -c '^[<>]' || true)
    ((differ == 0)) || note "$what: $(diff "$before" "$base/after.$name" | head -n 4 | cut -c1-200)"
    verified=$(ask "$name" -c 'SELECT count(*) FROM explore_analytics.verify()')
    ledger=$(ask "$name" -c 'SELECT count(*) FROM explore_analytics.check_ledger()')
    cluster_stop "$name"
    # New events, as many as the job waits for: it brings them into the rollups.
    lively "$name" "$major"
    ask "$name" -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1 + g % 20, 5000 + g, 'view' FROM generate_series(1, 1000) g"
    jobs=$(job_runs "$name" 'AND (SELECT tail_events = 0 FROM explore_analytics.rollup_status)')
    tail=$(ask "$name" -c 'SELECT tail_events FROM explore_analytics.rollup_status')
    recounted=$(ask "$name" -c 'CALL explore_analytics.install()' -c 'CALL explore_analytics.compact()' \
        -c 'SELECT (SELECT count(*) FROM explore_analytics.verify()) + (SELECT count(*) FROM explore_analytics.check_ledger())')
    grown=$(ask "$name" -c "SELECT views(platform_summary()) - $(sed -nE 's/^platform\|1\|([0-9]+)\|.*/\1/p' "$before")")
    failing=$(ask "$name" -c "SELECT count(*) FROM explore_analytics.health_check() WHERE status = 'FAIL' AND check_name <> 'server_release'")
    ((failing == 0)) || ask "$name" -c "SELECT check_name, detail FROM explore_analytics.health_check() WHERE status = 'FAIL'" >&2
    cluster_stop "$name"
    result upgrade "rc == 0 && lines > 5000 && differ + verified + ledger + tail + recounted + failing == 0 && grown == 1000 && jobs > 0" \
        "way=$what" "from=$release" "to=$(release_of "$major")" marks_taken="$marks" rc="$rc" lines="$lines" differing="$differ" verify_rows="$verified" ledger_rows="$ledger" runs_of_jobs="$jobs" \
        tail_events="$tail" new_views="$grown" verify_rows_later="$recounted" failing_checks="$failing"
}

# job_runs NAME [AND CONDITION]: waits until the refresh has run (and so on) since the server started, and says how many
# of our jobs have; 0 when it waited in vain.
job_runs() {
    local since="FROM cron.job_run_details d JOIN cron.job j USING (jobid) WHERE d.status = 'succeeded' AND d.start_time > pg_postmaster_start_time()"
    if PGDATABASE=feed poll "$1" "SELECT EXISTS (SELECT $since AND j.jobname = 'explore_analytics:refresh') ${2:-}" 6000; then
        ask "$1" -c "SELECT count(*) $since AND j.jobname LIKE 'explore\_analytics:%'"
    else
        echo 0
    fi
}
