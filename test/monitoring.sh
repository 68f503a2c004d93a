#!/bin/bash
# examples/monitoring with the real exporter: the role of role.sql, queries.yaml scraped over HTTP. What the
# metrics say is what health_check() and rollup_status say, when all is well and with faults planted; the fix
# that health_check() names is run, and the metrics are well again.
#   test/monitoring.sh DIRECTORY EXPORTER
# DIRECTORY is scratch; EXPORTER is the program prometheus-postgres-exporter; the server is the one that PGHOST, PGPORT,
# PGUSER and PGPASSWORD name, with pg_cron in its database and explore_analytics in none of that name.
# Prints a line for every check, "ok ..." or "FAIL ..."; status 1 when one failed.
set -euo pipefail

scratch=$1 exporter=$2
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
examples=$source/examples/monitoring
metrics=$scratch/metrics
role=ea_monitor_$$ owner=ea_monitored_$$ password=monitor-$$
exporter_pid='' writer_pid='' port='' prepared=''

export PGOPTIONS='-c client_min_messages=warning -c timezone=UTC' LC_ALL=C.UTF-8
unset PGDATABASE

. "$source/test/checks.sh"
. "$source/tools/lib/port.sh"
ask() { sql "$database" "$@"; }
as_monitor() { PGPASSWORD=$password PGUSER=$role ask "$@"; }

exporter_stop() {
    [[ -n $exporter_pid ]] || return 0
    kill "$exporter_pid" 2>/dev/null || true
    wait "$exporter_pid" 2>/dev/null || true
    exporter_pid=''
}

clean() {
    exporter_stop
    [[ -z $writer_pid ]] || kill "$writer_pid" 2>/dev/null || true
    [[ -z $prepared ]] || ask -c "ROLLBACK PREPARED '$prepared'" >/dev/null 2>&1 || true
    [[ -z ${database:-} ]] || ask >/dev/null 2>&1 <<SQL || true
DELETE FROM cron.job_run_details WHERE jobid IN (SELECT jobid FROM cron.job WHERE jobname LIKE 'explore\_analytics:%');
CALL explore_analytics.uninstall(true);
DROP EXTENSION explore_analytics CASCADE;
DROP POLICY IF EXISTS "explore_analytics $role" ON cron.job_run_details;
DROP POLICY IF EXISTS "explore_analytics $role" ON cron.job;
DROP OWNED BY $role, $owner;
DROP ROLE $role, $owner;
SQL
}
trap clean EXIT
trap 'exit 143' TERM INT HUP

# Its own collectors, of which each version has others, are no concern of ours.
mapfile -t without < <("$exporter" --help 2>&1 | tr -s '\n ' '  ' |
    grep -oE -- '--(\[no-\])?collector\.[a-z_]+ [^-]*default: enabled' | sed -E 's/^.*collector\.([a-z_]+) .*/--no-collector.\1/')

# A fresh exporter for each scrape: it keeps what health_check() said for a minute. One that finds its port taken
# ends, and the next one has another.
scrape() {
    local tries
    : >"$metrics"
    for _ in 1 2 3; do
        port=$(free_port)
        DATA_SOURCE_NAME="host=$PGHOST port=$PGPORT user=$role password=$password dbname=$database sslmode=disable" \
            "$exporter" --web.listen-address="127.0.0.1:$port" --extend.query-path="$examples/queries.yaml" \
            --disable-default-metrics --disable-settings-metrics "${without[@]}" \
            >"$scratch/exporter.log" 2>&1 &
        exporter_pid=$!
        for ((tries = 0; tries < 3000; tries++)); do
            if curl -sf -m 300 -o "$metrics" "http://127.0.0.1:$port/metrics" || ! kill -0 "$exporter_pid" 2>/dev/null; then break; fi
            sleep 0.1
        done
        exporter_stop
        [[ ! -s $metrics ]] || break
    done
}

value() { # METRIC [LABEL_VALUE]
    sed -nE "s/^$1\{(check_name=\"${2:-}\",)?server=[^}]*\} (.*)$/\2/p" "$metrics"
}
health() { value explore_analytics_health_status "$1"; }

# Every metric of the health check is what the function tells the same role.
agrees() { # STATE
    same "$1: every check is exported as health_check() has it" \
        "$(as_monitor -F ' ' -c "SELECT check_name, CASE status WHEN 'OK' THEN 0 WHEN 'WARN' THEN 1 WHEN 'FAIL' THEN 2 END
            FROM explore_analytics.health_check() ORDER BY check_name COLLATE \"C\"")" \
        "$(sed -nE 's/^explore_analytics_health_status\{check_name="([a-z_]+)",.*\} (.*)$/\1 \2/p' "$metrics" | sort)"
    same "$1: rollup metrics are those of rollup_status" \
        "$(ask -F ' ' -c 'SELECT tail_events, (failed_at IS NOT NULL)::integer, delta_events FROM explore_analytics.rollup_status')" \
        "$(value explore_analytics_rollup_tail_events) $(value explore_analytics_rollup_refresh_failed) $(value explore_analytics_rollup_delta_events)"
}

# A fault that is there: one check shows it with a status, its fix is run, and it is gone.
fault() { # STATE CHECK STATUS [FINDING_CONTAINS]
    local fix
    scrape
    same "$1: $2" "$3" "$(health "$2")"
    agrees "$1"
    fix=$(ask -c "SELECT fix FROM explore_analytics.health_check() WHERE check_name = '$2'")
    if [[ -z $fix ]]; then
        fail "$1: no fix"
    elif ! ask <<<"$fix" >>"$scratch/fixes" 2>&1; then
        fail "$1: the fix fails: $fix: $(tail -n 1 "$scratch/fixes")"
    fi
    scrape
    same "$1, mended: $2" 0 "$(health "$2")"
}

database=postgres
database=$(ask -c "SELECT current_setting('cron.database_name')")
mkdir -p "$scratch"
if [[ -n $(ask -c "SELECT 1 FROM pg_extension WHERE extname = 'explore_analytics'") ]]; then
    database=''
    echo 'FAIL explore_analytics is in use in the database of pg_cron'
    exit 1
fi

# ---- all is well ------------------------------------------------------------------------------------------
# Jobs at a time that is far away, with a run of each on record: pg_cron itself shall not start any meanwhile.
ask >/dev/null <<SQL
CREATE ROLE $owner;
CREATE EXTENSION explore_analytics;
CALL explore_analytics.install('$owner');
INSERT INTO explore_content (creator_id, title) VALUES (7, 'Garden villa');
INSERT INTO explore_engagements (content_id, user_id, engagement_type) SELECT 1, g, 'view' FROM generate_series(1, 200) g;
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores();
SELECT explore_analytics.schedule_jobs();
UPDATE cron.job SET schedule = to_char(now() - interval '1 hour', 'FMMI FMHH24 * * *') WHERE jobname LIKE 'explore\_analytics:%';
INSERT INTO cron.job_run_details (jobid, database, username, command, status, return_message, start_time, end_time)
SELECT jobid, database, username, command, 'succeeded', '1 row', now() - interval '1 hour', now() - interval '59 minutes'
FROM cron.job WHERE jobname LIKE 'explore\_analytics:%';
SQL
ask -v role="$role" -f "$examples/role.sql" >/dev/null
ask -c "ALTER ROLE $role PASSWORD '$password'"

scrape
if [[ ! -s $metrics ]]; then
    fail "the exporter tells nothing: $(tail -n 1 "$scratch/exporter.log")"
    exit 1
fi
agrees 'all is well'
same 'all is well: every check says so' '' \
    "$(sed -nE 's/^explore_analytics_health_status\{check_name="([a-z_]+)",.* [^0]$/\1/p' "$metrics" | grep -v server_release || true)"
same 'the exporter has no error to tell' '0 1' "$(sed -nE 's/^pg_exporter_last_scrape_error (.*)$/\1/p' "$metrics") $(sed -nE 's/^pg_up(\{.*\})? (.*)$/\2/p' "$metrics")"
same 'the exporter logs no error' '' "$(grep -m 1 'level=error' "$scratch/exporter.log" || true)"

# The role can see, and can do nothing.
for call in 'TABLE explore_engagements' 'TABLE explore_analytics.rollup_state' 'CALL explore_analytics.refresh()' \
    'SELECT explore_analytics.rebuild()' 'SELECT explore_analytics.unschedule_jobs()' 'SELECT platform_summary()' \
    "UPDATE cron.job SET active = false"; do
    if as_monitor -c "$call" >/dev/null 2>"$scratch/refused"; then fail "the exporter's role may $call"
    elif grep -q 'permission denied' "$scratch/refused"; then ok "the exporter's role may not: $call"
    else fail "the exporter's role: $call: $(head -n 1 "$scratch/refused")"; fi
done

# ---- what the rules ask for is there ------------------------------------------------------------------------
cp "$metrics" "$scratch/well"
expressions=$(sed -nE 's/^ *expr: (.*)$/\1/p' "$examples/alerts.yml")
asked=$(grep -oE '\b(explore_analytics|pg)_[a-z_]+' <<<"$(sed -E 's/"[^"]*"//g' <<<"$expressions")" | sort -u)
[[ $(wc -l <<<"$asked") -ge 5 ]] || fail 'alerts.yml: the rules were not found'
for name in $asked; do
    if grep -qE "^$name(\{| )" "$scratch/well"; then ok "alerts.yml: $name is exported"; else fail "alerts.yml: $name is not exported"; fi
done
for check in $(grep -oE 'check_name=~?"[^"]*"' <<<"$expressions" | sed -E 's/.*"(.*)"/\1/; s/\|/ /g'); do
    if [[ -n $(health "$check") ]]; then ok "alerts.yml: there is a check $check"; else fail "alerts.yml: there is no check $check"; fi
done
if command -v promtool >/dev/null; then
    if promtool check rules "$examples/alerts.yml" >"$scratch/promtool" 2>&1; then ok 'promtool accepts alerts.yml'; else fail "promtool: $(tail -n 1 "$scratch/promtool")"; fi
elif python3 -c 'import yaml' 2>/dev/null; then
    if python3 - "$examples/alerts.yml" >"$scratch/yaml" 2>&1 <<'PY'
import sys, yaml
rules = [rule for group in yaml.safe_load(open(sys.argv[1]))["groups"] for rule in group["rules"]]
assert len({rule["alert"] for rule in rules}) == len(rules) >= 10, "names"
for rule in rules:
    assert rule["expr"] and rule["labels"]["severity"] and rule["annotations"]["summary"], rule
PY
    then ok 'alerts.yml is YAML, and every rule is complete'; else fail "alerts.yml: $(tail -n 1 "$scratch/yaml")"; fi
else
    echo 'not run alerts.yml as a whole: neither promtool nor python3-yaml is installed'
fi

# ---- faults -------------------------------------------------------------------------------------------------
ask -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) VALUES (1, 1, 'view', '2001-02-03'), (1, 1, 'view', '2001-05-06')"
fault 'events in the default partition' default_partition 1

ask -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type, epoch) VALUES (1, 1, 'view', 1)"
fault 'an event with an old epoch' ledger 2
ask -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type, epoch) VALUES (1, 1, 'view', 1000000)"
fault 'an event with an epoch to come' future_epochs 1

ask -c 'CALL explore_analytics.refresh()' \
    -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT 1, g, 'view', now() - interval '1 hour' FROM generate_series(1, 1000) g" \
    -c "UPDATE explore_analytics.rollup_state SET refreshed_at = now() - interval '1 hour'"
scrape
same 'refreshes stopped: events that wait' 1000 "$(value explore_analytics_rollup_tail_events | cut -d. -f1)"
lag=$(value explore_analytics_rollup_lag_seconds)
if ((${lag%%.*} >= 3600)); then ok 'refreshes stopped: the lag'; else fail "refreshes stopped: the lag is '$lag'"; fi
fault 'refreshes stopped' refresh_lag 2

# A transaction that writes and does not end; the refresh gives up. Its age is made larger through the view.
prepared=ea_monitor_$$
ask -c 'BEGIN' -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, 1, 'view')" -c "PREPARE TRANSACTION '$prepared'"
ask -c "SET lock_timeout = '50ms'" -c 'CALL explore_analytics.refresh()' >/dev/null 2>"$scratch/refused" || true
grep -q 'still writing' "$scratch/refused" && ok 'a writer that does not end: the refresh gives up' || fail 'a writer that does not end: the refresh succeeds'
scrape
same 'a writer that does not end: refresh_failed' 1 "$(value explore_analytics_rollup_refresh_failed)"
if [[ $(value explore_analytics_rollup_oldest_writer_seconds) == 0 ]]; then fail 'a writer that does not end: no age'; else ok 'a writer that does not end: its age'; fi
same 'a writer that does not end: last_refresh' 1 "$(health last_refresh)"
definition=$(ask -c "SELECT pg_get_viewdef('explore_analytics.epoch_holders')")
ask -c "CREATE OR REPLACE VIEW explore_analytics.epoch_holders AS SELECT h.epoch, h.pid, h.gid, h.since - interval '2 minutes' AS since FROM (${definition%;}) h"
fault 'a writer that does not end, for two minutes' blockers 1
ask -c "CREATE OR REPLACE VIEW explore_analytics.epoch_holders AS $definition"
prepared=''
fault 'a refresh that gave up' last_refresh 1

# A session that writes and does not end: the fix ends it.
mkfifo "$scratch/writer"
ask <"$scratch/writer" >"$scratch/writer.out" 2>&1 &
writer_pid=$!
exec 7>"$scratch/writer"
echo "BEGIN; INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, 1, 'view'); SELECT 'writing';" >&7
until grep -q writing "$scratch/writer.out" || ! kill -0 "$writer_pid" 2>/dev/null; do sleep 0.05; done
ask -c "CREATE OR REPLACE VIEW explore_analytics.epoch_holders AS SELECT h.epoch, h.pid, h.gid, h.since - interval '11 minutes' AS since FROM (${definition%;}) h"
fault 'a session that does not end' blockers 2
exec 7>&-
wait "$writer_pid" || true
writer_pid=''
ask -c "CREATE OR REPLACE VIEW explore_analytics.epoch_holders AS $definition"

# pg_cron: silent, failing, and with a job that is off.
run="(SELECT max(runid) FROM cron.job_run_details d JOIN cron.job j USING (jobid) WHERE j.jobname = 'explore_analytics:refresh')"
ask -c "UPDATE cron.job_run_details SET start_time = now() - interval '20 days', end_time = now() - interval '20 days' WHERE runid = $run"
scrape
same 'a silent job: jobs_silent' 2 "$(health jobs_silent)"
agrees 'a silent job'
ask -c "UPDATE cron.job_run_details SET start_time = now(), end_time = now(), status = 'failed', return_message = 'ERROR:  planted' WHERE runid = $run"
scrape
same 'a failing job: job_runs, and no silence' '2 0' "$(health job_runs) $(health jobs_silent)"
agrees 'a failing job'
ask -c "UPDATE cron.job_run_details SET status = 'succeeded' WHERE runid = $run"
ask -c "UPDATE cron.job SET active = false WHERE jobname = 'explore_analytics:refresh'"
fault 'a job that is off' jobs 1

# ---- one line in the log for every refresh and job -------------------------------------------------------------
viewer=918273645
ask -c "INSERT INTO explore_engagements (content_id, user_id, engagement_type) VALUES (1, $viewer, 'view')"
logged() { # SETTING: what the jobs put into the log
    PGOPTIONS='-c client_min_messages=log' ask -c "SET explore_analytics.log_jobs = $1" -c 'CALL explore_analytics.refresh()' -c 'CALL explore_analytics.compact()' \
        -c 'SELECT explore_analytics.rebuild()' -c 'SELECT batch_update_engagement_scores()' -c 'SELECT explore_analytics.ensure_partitions()' \
        -c 'SELECT explore_analytics.prune_keys()' -c 'SELECT close_idle_sessions()' -c 'SELECT explore_analytics.require_good_ledger()' \
        2>&1 >/dev/null | sed -n 's/^LOG:  //p'
}
logged on >"$scratch/lines"
number='[0-9]+' boolean='(true|false)'
for line in "refresh low=$number high=$number events=1 waited_ms=$number took_ms=$number rollup_rows=$number rollup_bytes=$number" \
    "compact keys=$number took_ms=$number" "rebuild low=$number everything=true events=$number rollup_rows=$number rollup_bytes=$number took_ms=$number" \
    "batch_update_engagement_scores low=$number everything=$boolean changed=$number busy=$number took_ms=$number" "ensure_partitions made=0 took_ms=$number" \
    "prune_keys events=0 viewings=0 took_ms=$number" "close_idle_sessions closed=0 took_ms=$number" "check_ledger differences=0 took_ms=$number"; do
    same "the log: ${line%% *}" 1 "$(grep -cE "^explore_analytics $line$" "$scratch/lines" || true)"
done
same 'the log: nothing else, and no viewer' '8 0' "$(wc -l <"$scratch/lines") $(grep -c "$viewer" "$scratch/lines" || true)"
same 'the log: nothing with log_jobs = off' '' "$(logged off)"
# Before the library is loaded anybody can SET anything; what was set then is refused when it is.
same 'the log: not everybody may turn it off' 'on' "$(as_monitor -c 'SET explore_analytics.log_jobs = off' -c 'SELECT explore_analytics.version()' -c 'SHOW explore_analytics.log_jobs' 2>>"$scratch/refused" | tail -n 1)"

scrape
agrees 'in the end'
same 'in the end: every check is well' '' \
    "$(sed -nE 's/^explore_analytics_health_status\{check_name="([a-z_]+)",.* [^0]$/\1/p' "$metrics" | grep -v server_release || true)"
exit "$failed"
