#!/bin/bash
# The background worker: it runs where it is asked for, and goes when it is not, when its database is wanted, or when what
# it works on is gone; a server with nothing to do writes nothing; the owner of the tables gains no rights by it.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

preload="shared_preload_libraries = 'explore_analytics'"
cluster_new worker "$EA_STAGE" 'fsync = off' 'wal_level = replica' 'max_wal_senders = 4' 'autovacuum_naptime = 1s' "$preload"
cases=0 bad=0
say() { # GOOD WHAT: one case
    cases=$((cases + 1))
    if [[ $1 != yes ]]; then
        note "not so: $2"
        bad=$((bad + 1))
    fi
}
so() { # CLUSTER QUERY WHAT [TRIES]: becomes true
    if poll "$1" "$2" "${4:-400}"; then say yes "$3"; else say no "$3"; fi
}
in_database() { PGDATABASE=$1 "${@:2}"; }
running="SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname ="
none="SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname ="
put() { q worker -c "SELECT torture.put(VARIADIC ARRAY(SELECT generate_series($1, $2)))" >/dev/null; }
worker_pid() { q worker -d postgres -c "SELECT pid FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname = '$1'"; }
health() { q "$1" -c "SELECT status || ': ' || detail FROM explore_analytics.health_check() WHERE check_name = 'refresh_worker'"; }

# ---- two databases that ask, one that does not ---------------------------------------------------------------------
for name in one two quiet; do
    q worker -d postgres -c "CREATE DATABASE $name"
    in_database $name install_torture worker
    PGDATABASE=$name put 1 2000
done
says=$(in_database one health worker)
[[ $says == 'OK: explore_analytics.refresh_interval asks for none' ]] && say yes || say no "health, off: $says"
q worker -d postgres -c "ALTER DATABASE one SET explore_analytics.refresh_interval = '200ms'" -c "ALTER DATABASE two SET explore_analytics.refresh_interval = '1s'"
in_database one health worker | grep -q '^WARN: explore_analytics.refresh_interval is 200ms, and no worker runs' && say yes || say no 'health: asked for, not yet there'
q worker -d postgres -c 'SELECT pg_reload_conf()' >/dev/null
rolled_up='SELECT tail_events = 0 FROM explore_analytics.rollup_status'
for name in one two; do
    PGDATABASE=$name so worker "$rolled_up" "the events of $name are rolled up" 200
    so worker "$running '$name'" "one worker in $name"
done
in_database one health worker | grep -q '^OK: it refreshes every 200ms, as process [0-9]' && say yes || say no 'health: running'
so worker "$none 'quiet'" 'none in the third'
[[ $(q worker -d quiet -c 'SELECT tail_events FROM explore_analytics.rollup_status') == 2000 ]] && say yes || say no 'the third waits'
so worker "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname = 'one' AND application_name = 'explore_analytics refresh' AND xact_start IS NULL" 'it idles outside of transactions'
said=$(PGDATABASE=one PGOPTIONS='-c client_min_messages=notice' q worker -c "CALL explore_analytics.run_forever('1 second')" 2>&1)
[[ $said == *'another session runs run_forever() already'* ]] && say yes || say no "run_forever() beside it: $said"

# ---- what it writes is known to autovacuum, while it goes on -----------------------------------------------------------
pid=$(worker_pid one)
for ((turn = 0; turn < 30; turn++)); do
    PGDATABASE=one put $((10000 + turn * 100)) $((10000 + turn * 100 + 99))
    sleep 0.1
done
PGDATABASE=one so worker "SELECT sum(n_tup_ins) > 100 AND sum(n_dead_tup + n_mod_since_analyze) + sum(vacuum_count + autovacuum_count) > 0 FROM pg_stat_user_tables WHERE relname LIKE 'rollup!_%' ESCAPE '!'" 'its statistics arrive'
PGDATABASE=one so worker "SELECT sum(autovacuum_count) > 0 FROM pg_stat_user_tables WHERE schemaname = 'explore_analytics' AND relname LIKE 'rollup!_%' ESCAPE '!'" 'autovacuum follows'
[[ $(worker_pid one) == "$pid" ]] && say yes || say no 'it is still the same process'
in_database one check worker

# ---- with nothing to do ------------------------------------------------------------------------------------------------
# idles DATABASE WHO ROUNDS: while so many rounds pass in it, no transaction id is taken and nothing is written. Autovacuum
# is off, and what the server writes about itself is left out: checkpoints, and which transactions run.
idle_rounds=0 idle_records=0
idles() {
    local from upto xid xid_after rounds records=0 commits="SELECT xact_commit FROM pg_stat_database WHERE datname = '$1'"
    q worker -d postgres -c CHECKPOINT
    IFS='|' read -r from xid < <(q worker -d postgres -c 'SELECT pg_current_wal_insert_lsn(), pg_snapshot_xmax(pg_current_snapshot())')
    rounds=$(q worker -d postgres -c "$commits")
    sleep "$idle_seconds"
    IFS='|' read -r upto xid_after < <(q worker -d postgres -c 'SELECT pg_current_wal_insert_lsn(), pg_snapshot_xmax(pg_current_snapshot())')
    rounds=$(($(q worker -d postgres -c "$commits") - rounds))
    if [[ $from != "$upto" ]]; then
        q worker -d postgres -c 'SELECT pg_switch_wal()' >/dev/null
        records=$("${as[@]}" "$EA_BINDIR/pg_waldump" -p "$base/worker/data/pg_wal" -s "$from" -e "$upto" 2>/dev/null | grep -vcE 'rmgr: (Standby|XLOG) ' || true)
    fi
    idle_rounds=$((idle_rounds + rounds)) idle_records=$((idle_records + records))
    [[ $xid == "$xid_after" && $records == 0 && $rounds -ge $3 ]] && say yes || say no "$2 idle: $rounds rounds, transaction ids $xid to $xid_after, $records records"
}
idle_seconds=$(either 5 20)
q worker -d postgres -c 'ALTER SYSTEM SET autovacuum = off' -c 'SELECT pg_reload_conf()' >/dev/null
sleep 6
idles one 'the worker' $((idle_seconds * 2))

# ---- the procedure, for those who cannot preload -----------------------------------------------------------------------
PGHOST=$base/worker PGDATABASE=quiet psql -X -q -c "CALL explore_analytics.run_forever('1 millisecond')" >/dev/null 2>&1 &
PGDATABASE=quiet so worker "$rolled_up" 'run_forever() refreshes'
runner=$(q worker -d quiet -c "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL explore!_analytics.run!_forever%' ESCAPE '!'")
memory() { awk '/^VmRSS/ { print $2 }' "/proc/$runner/status"; }
sleep 6
PGDATABASE=quiet so worker "SELECT sum(n_tup_ins) > 100 FROM pg_stat_user_tables WHERE relname LIKE 'rollup!_%' ESCAPE '!'" 'its statistics arrive' 40
before=$(memory)
idles quiet 'run_forever()' $((idle_seconds * 100))
leaked=$(($(memory) - before))
((leaked <= 64)) && say yes || say no "run_forever() leaks $leaked kB"
lines() { grep -c "\[$runner\].* refresh low=" "$base/worker/log" || true; }
q worker -d postgres -c 'ALTER SYSTEM SET explore_analytics.log_jobs = off' -c 'SELECT pg_reload_conf()' >/dev/null
sleep 0.5
told=$(lines)
PGDATABASE=quiet put 70000 70010
PGDATABASE=quiet so worker "$rolled_up" 'it goes on after a reload'
[[ $told -gt 0 && $(lines) == "$told" ]] && say yes || say no 'run_forever() reads the settings anew'
q worker -d postgres -c "SELECT pg_cancel_backend($runner)" -c 'ALTER SYSTEM RESET autovacuum' -c 'ALTER SYSTEM RESET explore_analytics.log_jobs' -c 'SELECT pg_reload_conf()' >/dev/null

# ---- failures are written down, and it goes on ---------------------------------------------------------------------------
q worker -d one -c 'ALTER TABLE explore_analytics.rollup_ledger ADD CONSTRAINT broken CHECK (event_count <> 1) NOT VALID'
PGDATABASE=one put 30000 30000
PGDATABASE=one so worker "SELECT failure_code = '23514' FROM explore_analytics.rollup_status" 'a failure is written down'
q worker -d one -c 'ALTER TABLE explore_analytics.rollup_ledger DROP CONSTRAINT broken'
PGDATABASE=one so worker "SELECT failed_at IS NULL AND tail_events = 0 FROM explore_analytics.rollup_status" 'it has gone on after that'
[[ $(worker_pid one) == "$pid" ]] && say yes || say no 'the same process after a failure'
q worker -d one -c 'ALTER TABLE explore_analytics.rollup_deltas RENAME TO lost'
PGDATABASE=one so worker "SELECT count(*) = 1 FROM explore_analytics.job_failures WHERE job = 'refresh' AND failure_code = '55000'" 'a lost table is written down'
[[ $(worker_pid one) == "$pid" ]] && say yes || say no 'the same process without a table'
q worker -d one -c 'ALTER TABLE explore_analytics.lost RENAME TO rollup_deltas'
PGDATABASE=one put 30001 30001
PGDATABASE=one so worker "SELECT failed_at IS NULL AND tail_events = 0 FROM explore_analytics.rollup_status" 'it goes on when the table is back'

# ---- the owner of the tables, who is no superuser, arms them ---------------------------------------------------------------
q worker -d two -c 'CREATE ROLE plain_owner' -c "CALL explore_analytics.install('plain_owner')" -c 'GRANT CREATE ON SCHEMA public TO plain_owner' \
    -c "CREATE TABLE ran_as (who text); GRANT ALL ON ran_as TO PUBLIC" -c 'SET ROLE plain_owner' \
    -c "CREATE FUNCTION arm() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN INSERT INTO public.ran_as SELECT current_user; RETURN NULL; END \$\$" \
    -c 'CREATE CONSTRAINT TRIGGER arm AFTER INSERT ON explore_analytics.rollup_ledger DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION arm()' >/dev/null
PGDATABASE=two put 40000 40010
PGDATABASE=two so worker "SELECT failure_code = '42501' FROM explore_analytics.rollup_status" 'a deferred trigger of the owner is refused'
q worker -d two -c 'DROP TRIGGER arm ON explore_analytics.rollup_ledger' \
    -c 'CREATE TRIGGER arm AFTER INSERT ON explore_analytics.rollup_ledger FOR EACH ROW EXECUTE FUNCTION arm()'
PGDATABASE=two so worker "$rolled_up" 'without it, it goes on'
[[ $(q worker -d two -c 'SELECT DISTINCT who FROM ran_as') == plain_owner ]] && say yes || say no 'a trigger of the owner runs as the owner'

# ---- ended, and started again ----------------------------------------------------------------------------------------------
q worker -d postgres -c "SELECT pg_terminate_backend($pid)" >/dev/null
so worker "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'explore_analytics refresh' AND datname = 'one' AND pid <> $pid" 'after pg_terminate_backend it comes back' 600
q worker -d postgres -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'explore_analytics launcher'" >/dev/null
so worker "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'explore_analytics launcher'" 'the launcher comes back' 600
so worker "$running 'one'" 'and starts workers anew, one for each database' 600

# ---- settings ----------------------------------------------------------------------------------------------------------------
q worker -d postgres -c "ALTER DATABASE two RESET explore_analytics.refresh_interval"
so worker "$none 'two'" 'ALTER DATABASE ... RESET ends it'
q worker -d postgres -c "ALTER DATABASE two SET explore_analytics.refresh_interval = '1s'" -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$running 'two'" 'ALTER DATABASE ... SET starts it' 600
q worker -d postgres -c "ALTER DATABASE two SET explore_analytics.refresh_interval = 0"
so worker "$none 'two'" 'ALTER DATABASE ... = 0 ends it'
q worker -d postgres -c "ALTER SYSTEM SET explore_analytics.refresh_interval = '500ms'" -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$running 'quiet'" 'ALTER SYSTEM starts it where the database says nothing'
so worker "$none 'two'" 'and not where the database says no'
PGDATABASE=quiet so worker "$rolled_up" 'the third is rolled up'
q worker -d postgres -c "ALTER SYSTEM SET explore_analytics.refresh_interval = '1h'" -c 'SELECT pg_reload_conf()' >/dev/null
sleep 1
PGDATABASE=quiet put 80000 80010
q worker -d postgres -c "ALTER SYSTEM SET explore_analytics.refresh_interval = '500ms'" -c 'SELECT pg_reload_conf()' >/dev/null
PGDATABASE=quiet so worker "$rolled_up" 'an hour of waiting ends with a reload'
q worker -d postgres -c 'ALTER SYSTEM RESET explore_analytics.refresh_interval' -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$none 'quiet'" 'and ends with the next reload'

# ---- databases that are wanted -----------------------------------------------------------------------------------------------
so worker "$running 'one'" 'the first still runs'
[[ $(state_of worker 'CREATE DATABASE copy TEMPLATE one') == 00000 ]] && say yes || say no 'CREATE DATABASE ... TEMPLATE'
q worker -d postgres -c "ALTER DATABASE copy SET explore_analytics.refresh_interval = '100ms'" -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$running 'copy'" 'a copy has a worker, too' 600
[[ $(state_of worker 'ALTER DATABASE copy RENAME TO copied') == 00000 ]] && say yes || say no 'ALTER DATABASE ... RENAME'
q worker -d postgres -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$running 'copied'" 'under its new name, too' 600
[[ $(state_of worker 'DROP DATABASE copied') == 00000 ]] && say yes || say no 'DROP DATABASE'
q worker -d postgres -c "CREATE DATABASE forced TEMPLATE two" -c "ALTER DATABASE forced SET explore_analytics.refresh_interval = '100ms'" -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$running 'forced'" 'another one' 600
[[ $(state_of worker 'DROP DATABASE forced WITH (FORCE)') == 00000 ]] && say yes || say no 'DROP DATABASE ... WITH (FORCE)'

# ---- what it works on goes, and comes again ----------------------------------------------------------------------------------
q worker -d postgres -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$running 'one'" 'the first is there again' 600
q worker -d one -c 'DROP SCHEMA torture CASCADE' -c 'CALL explore_analytics.uninstall()' >/dev/null
so worker "$none 'one'" 'uninstall() ends it'
q worker -d one -c 'CALL explore_analytics.install()' -c 'SELECT pg_reload_conf()' >/dev/null
so worker "$running 'one'" 'install() starts it'
PGDATABASE=one so worker "$rolled_up" 'and it rolls everything up'
[[ $(q worker -d one -c 'SELECT count(*) FROM explore_analytics.verify()') == 0 ]] && say yes || say no 'verify() after that'
q worker -d one -c 'DROP EXTENSION explore_analytics CASCADE' >/dev/null
so worker "$none 'one'" 'DROP EXTENSION ends it'

# ---- restarts, a crash, and a standby ------------------------------------------------------------------------------------------
q worker -d postgres -c 'DROP DATABASE one' -c "ALTER DATABASE two SET explore_analytics.refresh_interval = '200ms'"
cluster_stop worker
cluster_start worker
so worker "$running 'two'" 'it starts with the server'
cluster_kill worker
PGDATABASE=two cluster_start worker
PGDATABASE=two put 50000 50500
PGDATABASE=two so worker "$rolled_up" 'and after a crash'
mkdir -p "$base/standby"
[[ $EUID != 0 ]] || chown postgres "$base/standby"
"${as[@]}" "$EA_BINDIR/pg_basebackup" -h "$base/worker" -U postgres -D "$base/standby/data" -R -X stream -c fast >"$base/backup.log" 2>&1
printf '%s\n' "unix_socket_directories = '$base/standby'" | "${as[@]}" tee -a "$base/standby/data/postgresql.conf" >/dev/null
clusters+=(standby)
cluster_start standby
sleep 2
so standby "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type LIKE 'explore!_analytics %' ESCAPE '!'" 'nothing of it runs on a standby'
[[ $(in_database two health standby) == 'OK: it runs on the primary' ]] && say yes || say no 'health on a standby'
cluster_kill worker
"${as[@]}" "$EA_BINDIR/pg_ctl" -D "$base/standby/data" -w promote >>"$base/standby/pg_ctl.log"
q standby -d two -c 'SELECT torture.put(VARIADIC ARRAY(SELECT generate_series(60000, 60500)))' >/dev/null
so standby "$running 'two'" 'after a promotion it runs'
PGDATABASE=two so standby "$rolled_up" 'and refreshes'
in_database two check standby
verified=$(in_database two verify_rows standby)

# ---- not preloaded ----------------------------------------------------------------------------------------------------------
cluster_stop standby
"${as[@]}" sed -i "s/^shared_preload_libraries.*//" "$base/standby/data/postgresql.conf"
cluster_start standby
in_database two health standby | grep -q '^FAIL: .* the server has not loaded the library' && say yes || say no 'health: not preloaded'

crashed=$(cat "$base/worker/log" "$base/standby/log" | grep -cE 'terminated by signal|PANIC|server process .* was terminated' || true)
result worker "bad + mismatches + verified + crashed == 0 && checks > 0" cases="$cases" bad="$bad" checks="$checks" mismatches="$mismatches" verify_rows="$verified" \
    idle_rounds="$idle_rounds" idle_records="$idle_records" leaked_kb="$leaked" crashes="$crashed"
finish
