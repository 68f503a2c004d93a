# The parts of the demo that do more than show something.
# shellcheck shell=bash

show() { # FILE OUTPUT_HEADING
    heading "$2"
    local text
    text=$(sql -f "$work/src/tools/lib/$1")
    [[ -n $quiet ]] || printf '%s\n' "$text"
}

state_file() {
    local directory
    if [[ $EUID == 0 ]]; then directory=/run; else directory=${XDG_RUNTIME_DIR:-${HOME:-/tmp}/.cache}; fi
    mkdir -p "$directory"
    echo "$directory/explore_analytics-demo"
}

# kept_server: true while the server of an earlier --keep is up; sets kept_work and kept_pid.
kept_server() {
    local file
    file=$(state_file)
    [[ -f $file && -O $file ]] || return 1
    { read -r kept_pid && read -r kept_work && read -r kept_line; } <"$file"
    [[ $kept_work == /tmp/explore_analytics-demo.* && -O $kept_work ]] || return 1
    kill -0 "$kept_pid" 2>/dev/null && grep -qa pg_virtualenv "/proc/$kept_pid/cmdline" 2>/dev/null
}

stop_kept() {
    local waited=0
    if ! kept_server; then
        [[ -z ${kept_work:-} || $kept_work != /tmp/explore_analytics-demo.* ]] || rm -rf "$kept_work"
        rm -f "$(state_file)"
        say "No demo server is up."
        return 0
    fi
    : >"$kept_work/server/stop"
    while kill -0 "$kept_pid" 2>/dev/null && ((waited < 300)); do
        sleep 0.1
        waited=$((waited + 1))
    done
    if ((waited >= 300)); then
        say "The demo server (process $kept_pid) does not stop." >&2
        return 1
    fi
    rm -rf "$kept_work"
    rm -f "$(state_file)"
    say "The demo server is stopped and its files are gone."
}

keep_server() {
    : >"$work/server/keep"
    chmod 700 "$work/server"
    rm -rf "$work/src" "$work/feed" "$work/feed_generator" "$work"/*.sql "$work"/load.messages
    keep_work=yes
    local line="psql 'postgresql://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/$PGDATABASE'"
    (umask 077 && printf '%s\n' "$server_pid" "$work" "$line" >"$(state_file)")
    heading "The server stays up"
    say "  connect:  $line" "  stop:     tools/demo --stop"
}

make_feed() {
    run g++ -std=c++20 -O2 -ffp-contract=off -o "$work/feed_generator" "$work"/src/bench/generator/*.cpp
    mkdir -p "$work/feed"
    run "$work/feed_generator" --seed "$seed" --events "$events" --end now --out "$work/feed"
}

# Runs the rescore by pg_cron and waits for it: a minute, or what a slow machine makes of it.
cron_rescore() {
    local deadline=$((SECONDS + 300)) run='' status
    sql -At >>"$log" 2>&1 <<'SQL'
CREATE TABLE demo.scores_before AS SELECT id, engagement_score FROM explore_content;
SELECT * FROM explore_analytics.schedule_jobs(rescore => '* * * * *');
SELECT jobid, schedule, command, jobname FROM cron.job;
SQL
    cron_gauge_since=$SECONDS
    cron_gauge_whole=$((62 - 10#$(date +%S)))
    while ((SECONDS < deadline)); do
        run=$(sql -At -F ' ' -c "SELECT d.runid, d.status FROM cron.job_run_details d JOIN cron.job j USING (jobid)
            WHERE (j.jobname LIKE '%rescore%' OR d.command LIKE '%batch_update_engagement_scores%')
              AND d.status IN ('succeeded', 'failed') ORDER BY d.runid LIMIT 1")
        [[ -z $run ]] || break
        for _ in 1 2 3 4 5; do
            progress_tick
            sleep 0.1
        done
    done
    if [[ -z $run ]]; then
        sql -c 'TABLE cron.job' -c 'TABLE cron.job_run_details' >>"$log" 2>&1
        return 1
    fi
    status=${run#* }
    sql -At -c "INSERT INTO demo.remembered VALUES ('run', '${run%% *}')" \
        -c 'SELECT explore_analytics.unschedule_jobs()' >>"$log"
    [[ $status == succeeded ]]
}

cron_gauge() {
    local passed=$((SECONDS - cron_gauge_since))
    local left=$((passed < cron_gauge_whole ? cron_gauge_whole - passed : 0))
    echo "$passed $cron_gauge_whole about $left s to go"
}
