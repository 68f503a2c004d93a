#!/bin/bash
# pg_upgrade: 15 to 17 to 18, and 15 to 18 at once.
. "$(dirname "${BASH_SOURCE[0]}")/upgrade_lib.sh"

install_for 15 17 18
first=$(either 17 15)
server_new "at$first" "$first"
lively "at$first" "$first"
roles "at$first"
fill "at$first"
job_runs "at$first" >/dev/null
cluster_stop "at$first"

# upgrade FROM TO NAME: leaves the old cluster as it was.
upgrade() {
    local rc=0 old=$base/$1 new=$base/$3 major_of_old=${1: -2}
    quiet "$1" "$major_of_old"
    state "$1" "$base/before"
    take_marks "$1" "$major_of_old" "$2"
    cluster_stop "$1"
    server_new "$3" "$2"
    mkdir -p "$base/run.$3"
    chown postgres "$base/run.$3"
    env -C "$base/run.$3" "${as[@]}" "$(bin_of "$2")/pg_upgrade" -b "$(bin_of "$major_of_old")" -B "$(bin_of "$2")" \
        -d "$old/data" -D "$new/data" -s "$base/run.$3" -p 5512 -P 5513 -U postgres >"$base/upgrade.log" 2>&1 || { rc=$?; tail -n 8 "$base/upgrade.log" >&2; }
    moved "pg_upgrade_${major_of_old}_$2" "$(release_of "$major_of_old")" "$base/before" "$3" "$2" "$rc"
}

short || upgrade at15 17 at17
upgrade at17 18 at18
short || upgrade at15 18 direct18
finish
