#!/bin/bash
# pg_dump of each newer server, into that server: 15, 17, 18.
. "$(dirname "${BASH_SOURCE[0]}")/upgrade_lib.sh"

mapfile -t majors < <(either '17 18' '15 17 18' | tr ' ' '\n')
install_for "${majors[@]}"
from=${majors[0]}
server_new "from$from" "$from"
lively "from$from" "$from"
roles "from$from"
fill "from$from"
job_runs "from$from" >/dev/null
cluster_stop "from$from"
for major in "${majors[@]:1}"; do
    rc=0
    quiet "from$from" "$from"
    state "from$from" "$base/before"
    take_marks "from$from" "$from" "$major"
    PGHOST=$base/from$from "$(bin_of "$major")/pg_dump" -Fc -f "$base/dump" feed || rc=$?
    cluster_stop "from$from"
    server_new "from$major" "$major"
    lively "from$major" "$major"
    roles "from$major"
    q "from$major" -c 'CREATE DATABASE feed TEMPLATE template0'
    # pg_cron beforehand: releases differ in the schema it may be in. In one transaction: no job starts before all is there.
    PGDATABASE=feed q "from$major" -c 'CREATE EXTENSION pg_cron'
    PGHOST=$base/from$major "$(bin_of "$major")/pg_restore" --exit-on-error --single-transaction -d feed "$base/dump" >"$base/restore.log" 2>&1 || { rc=$?; tail -n 3 "$base/restore.log" >&2; }
    cluster_stop "from$major"
    moved "dump_${from}_$major" "$(release_of "$from")" "$base/before" "from$major" "$major" "$rc"
    from=$major
done
finish
