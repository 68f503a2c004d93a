#!/bin/bash
# Run by pg_virtualenv: writes down how to connect, then holds the server up
# until told to stop or until the process that wanted it is gone.
#   hold_server.sh DIRECTORY OWNER_PID
set -eu
directory=$1
owner=$2
trap '' INT HUP
{
    for name in PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE; do
        printf 'export %s=%q\n' "$name" "${!name}"
    done
} >"$directory/env.part"
chmod 600 "$directory/env.part"
mv "$directory/env.part" "$directory/env"
while [[ ! -e $directory/stop ]]; do
    [[ -e $directory/keep ]] || kill -0 "$owner" 2>/dev/null || break
    sleep 0.2
done
