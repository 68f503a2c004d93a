#!/bin/bash
# Run inside a bare root, which it changes: installs a package, and gives a file of SQL to a new cluster.
#   try_package.sh PACKAGE_FILE MAJOR SQL_FILE OUTPUT
# Status 77: the server cannot be fetched.
set -eu
export DEBIAN_FRONTEND=noninteractive PGCLUSTER=$2/bare
apt-get -q -y install --download-only "postgresql-$2" || exit 77
apt-get -q -y install "$1"
# A port would be the machine's.
pg_createcluster "$2" bare -o listen_addresses=
pg_ctlcluster "$2" bare start
status=0
runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -P pager=off -f "$3" >"$4" || status=$?
pg_ctlcluster "$2" bare stop -m fast
exit "$status"
