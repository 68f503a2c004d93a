#!/bin/bash
# Who may see what, and who can be forged: the probes of test/pgtap/security_matrix.sql and identity.sql, which
# tools/test runs with the other pgTAP files, with their figures.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new access "$EA_STAGE" 'fsync = off'
export PGHOST=$base/access
for file in security_matrix identity; do
    q access -c "CREATE DATABASE $file"
    (cd "$EA_SOURCE" && "$EA_BINDIR/psql" -X -A -t -d "$file" -f "test/pgtap/$file.sql") >"$base/$file.out" 2>&1 || true
    asserted=$(grep -c '^ok ' "$base/$file.out" || true)
    missed=$(grep -c '^not ok ' "$base/$file.out" || true)
    grep -E '^not ok ' "$base/$file.out" | head -n 5 >&2 || true
    figures=$(sed -n 's/^# RESULT [a-z]* //p' "$base/$file.out")
    # shellcheck disable=SC2086
    result "${file/security_matrix/access}" "missed == 0 && asserted > 10 && $(sed -E 's/.*(canaries_seen|forged)=([0-9]+).*/\2/' <<<"${figures:-forged=1}") == 0" $figures assertions="$asserted" failed="$missed"
done
finish
