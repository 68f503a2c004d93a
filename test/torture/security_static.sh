#!/bin/bash
# What can be read off the catalogue and the sources, in the spirit of pgspot: fixed search paths, nothing that a
# path decides, nothing that executes a text it is given, grants. Each rule is proved by breaking it.
. "$(dirname "${BASH_SOURCE[0]}")/rollup_lib.sh"

cluster_new static "$EA_STAGE" 'fsync = off'
q static -c 'CREATE DATABASE whole'
q static -d whole -c 'CREATE EXTENSION explore_analytics' -c 'CALL explore_analytics.install()' -f "$here/security_static.sql"

# In the statements of C++: names behind FROM, JOIN, INTO, UPDATE and TABLE that have no schema and are not defined
# there, and calls into the schema where others may make functions with arguments of no type.
unqualified_in() { # FILE
    local text name
    text=$(grep -vE '^ *//|#include' "$1" | tr '\n' ' ' | sed -E 's/"[[:space:]\\]*"//g; s/extract\([a-z]+ FROM//g')
    grep -oE '\{s\}\.[a-z_]+\([^()]*\bNULL\b[^:][^()]*\)' <<<"$text" | sed "s|^|${1##*/}: untyped NULL in |" || true
    while read -r name; do
        [[ $name =~ ^(x|s|e|c|v|o|n|b|set)$ ]] || grep -qE "\b$name (\([a-z_, ]*\) )?AS (MATERIALIZED )?\(" <<<"$text" || echo "${1##*/}: $name without a schema"
    done < <(grep -oE '\b(FROM|JOIN|INTO|UPDATE|TABLE) +(ONLY +)?[a-z_]+\b[.(]?' <<<"$text" | sed -E 's/.* //' | grep -vE '[.(]$' | sort -u)
}
relations() { local file; for file in $(grep -lrE 'pg::Statement' "$1/src" --include='*.cpp' --include='*.hpp'); do unqualified_in "$file"; done; }

findings() { # DATABASE: rules that are broken, one a line
    q static -d "$1" -c 'SELECT * FROM spot.findings ORDER BY 1'
}
source_findings() { # TREE
    relations "$1"
    grep -nE 'OR REPLACE|IF NOT EXISTS' "$1"/src/sql/once/*.sql || true
    grep -qE '^CREATE SCHEMA explore_analytics;' "$1/src/sql/once/schema.sql" || echo 'the schema is not made by a plain CREATE SCHEMA'
    head -n 5 "$1/src/sql/once/schema.sql" | grep -qE '^SET LOCAL search_path = pg_catalog, pg_temp;' || echo 'the install script does not begin with a search path'
    # Which of both a backslash is depends on a setting of the caller's.
    grep -nE '\\' "$1"/src/sql/*/*.sql "$1"/src/feature/*/*.sql | grep -vE "COMMENT ON|E'" || true
    grep -nE '@extschema@' "$1"/src/sql/*/*.sql "$1"/src/feature/*/*.sql | grep -E "'[^']*@extschema@[^']*'" || true
    grep -nE 'SECURITY DEFINER' "$1"/src/sql/*/*.sql "$1"/src/feature/*/*.sql || true
}
found=$(findings whole; source_findings "$EA_SOURCE")
count=0
if [[ -n $found ]]; then
    count=$(wc -l <<<"$found")
    head -n 20 <<<"$found" >&2
fi
objects=$(q static -d whole -c 'SELECT count(*) FROM spot.routine')
statements=$(grep -rh --include='*.cpp' '/\* explore_analytics:' "$EA_SOURCE/src" | wc -l)

mutants=0 missed=0
mutant() { # WHAT STATEMENT
    mutants=$((mutants + 1))
    q static -c 'CREATE DATABASE mutant TEMPLATE whole'
    q static -d mutant -c "SET check_function_bodies = off" -c "$2" >/dev/null
    [[ -n $(findings mutant) ]] || { note "not found: $1"; missed=$((missed + 1)); }
    q static -c 'DROP DATABASE mutant'
}
mutant 'no search path' 'ALTER FUNCTION explore_analytics.relations() RESET search_path'
mutant 'another search path' 'ALTER FUNCTION explore_analytics.relations() SET search_path = pg_catalog, public'
mutant 'pg_temp first' 'ALTER FUNCTION explore_analytics.relations() SET search_path = pg_catalog'
mutant 'SECURITY DEFINER' 'ALTER FUNCTION explore_analytics.relations() SECURITY DEFINER'
mutant 'granted to everybody' 'GRANT EXECUTE ON FUNCTION explore_analytics.make_partitions(date, date) TO PUBLIC'
mutant 'a table granted' 'GRANT SELECT ON public.explore_engagements TO PUBLIC'
mutant 'another owner' 'CREATE ROLE somebody; ALTER FUNCTION explore_analytics.relations() OWNER TO somebody'
mutant 'the schema open to all' 'GRANT CREATE ON SCHEMA explore_analytics TO PUBLIC'
mutant 'a relation without its schema' "CREATE OR REPLACE FUNCTION explore_analytics.release_type() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN PERFORM 1 FROM explore_content; END'"
mutant 'a function without its schema' "CREATE OR REPLACE FUNCTION explore_analytics.release_type() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN PERFORM in_home(''x''); END'"
mutant 'a type without its schema' "CREATE OR REPLACE FUNCTION explore_analytics.release_type() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'DECLARE x engagement_type; BEGIN END'"
mutant 'an untyped literal beside a namesake' "CREATE OR REPLACE FUNCTION explore_analytics.release_type() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS 'BEGIN EXECUTE explore_analytics.in_home(''SELECT {s}.creator_summary(7, NULL, NULL)''); END'"
copy=$base/copy
broken() { # WHAT FILE SED: in a copy of the sources
    mutants=$((mutants + 1))
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r "$EA_SOURCE/src" "$copy/"
    sed -i -E "$3" "$copy/src/$2"
    [[ -n $(source_findings "$copy") ]] || { note "not found: $1"; missed=$((missed + 1)); }
}
broken 'a statement of C++ with an unqualified table' feature/rescore/door.cpp 's/DELETE FROM explore_analytics\.rescores/DELETE FROM rescores/'
broken 'an untyped NULL in C++' keep/retention.cpp 's/NULL::bigint/NULL/'
broken 'CREATE SCHEMA IF NOT EXISTS' sql/once/schema.sql 's/CREATE SCHEMA /CREATE SCHEMA IF NOT EXISTS /'
broken 'no search path in the script' sql/once/schema.sql 's/SET LOCAL search_path.*//'
rm -rf "$copy"
result static 'count == 0 && missed == 0 && objects > 50 && statements > 10' routines="$objects" statements="$statements" findings="$count" mutants="$mutants" missed="$missed"
finish
