# The suites of tools/test. Each leaves its counts in suite_passed, suite_failed and suite_skipped,
# and what went wrong in suite_complaints.
# shellcheck shell=bash

# The longest first: they run side by side.
all_suites=(torture oracle unit isolation pgtap update regress restore docs monitoring clients package lint)
results='' total_passed=0 total_failed=0 total_skipped=0

# run_suite NAME: suite_took is in tenths of a second.
run_suite() {
    local name=$1 since=$EPOCHREALTIME
    suite_passed=0 suite_failed=0 suite_skipped=0 suite_note='' suite_complaints=()
    suite_gauge_total=0
    log=$work/logs/$name.log
    : >"$log"
    case $name in
        unit | lint) "suite_$name" || true ;;
        *) if lane_server; then "suite_$name" || true; else complain 'no server'; fi ;;
    esac
    if ((suite_passed + suite_failed + suite_skipped == 0)); then
        complain "no test was executed"
    fi
    suite_took=$(((${EPOCHREALTIME/[.,]/} - ${since/[.,]/}) / 100000))
}

complain() { # MESSAGE: one failed test
    suite_failed=$((suite_failed + 1))
    suite_complaints+=("$1")
}

# One step for every file of a suite moves the bar.
suite_gauge() {
    ((suite_gauge_total > 0)) && echo "$((suite_passed + suite_failed)) $suite_gauge_total"
}

# Counts the lines "ok ..." and "FAIL ..." that a script printed.
count_lines() { # FILE
    local line
    while IFS= read -r line; do
        case $line in
            'ok'*) suite_passed=$((suite_passed + 1)) ;;
            'FAIL'*) complain "$line" ;;
            'not run '*) suite_complaints+=("$line") ;;
        esac
    done <"$1"
}

make_variable() {
    make -C "$work/src" -s --no-print-directory PG_CONFIG="$pg_config" \
        --eval="ea_print: ; @echo \$($1)" ea_print 2>>"$log"
}

suite_unit() {
    local tests
    run cmake -S "$work/src" -B "$work/unit" -DEA_SANITIZE=ON &&
        run cmake --build "$work/unit" -j "$jobs" || { complain 'the core does not build'; return 1; }
    ! grep -q 'libroaring not found' "$log" || suite_complaints+=('not run roaring_oracle_test.cpp: libroaring is not installed')
    run env ASAN_OPTIONS=detect_leaks=1 ctest --test-dir "$work/unit" -j "$jobs" --output-on-failure || true
    tests=$(sed -nE 's/^ *[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+).*/\1 \2/p' "$log" | tail -n 1)
    [[ -n $tests ]] || return 1
    suite_passed=$((${tests#* } - ${tests% *}))
    while IFS= read -r line; do complain "$line"; done < <(
        sed -n '/^The following tests FAILED:/,$ s/^[[:space:]]*[0-9]* - //p' "$log")
    ((suite_failed >= ${tests% *})) || suite_failed=${tests% *}
}

suite_lint() {
    local status=0
    run make -C "$work/src" --no-print-directory PG_CONFIG="$pg_config" COPT=-Werror lint || status=$?
    count_lines "$log"
    if ((status != 0 && suite_failed == 0)); then complain 'make lint failed'; fi
    if ((status == 0 && suite_passed + suite_failed == 0)); then suite_passed=1; fi
}

# PostgreSQL 15 says "test x ... ok", later ones speak TAP.
count_regress() { # STATUS
    local line before=$((suite_failed))
    suite_passed=$(grep -cE '(\.\.\. ok |^ok [0-9])' "$log" || true)
    while IFS= read -r line; do complain "$line"; done < <(
        sed -nE 's/^(test)? *([a-z0-9_]+) +\.\.\. FAILED.*/\2/p; s/^not ok [0-9]+ +[-+] ([a-z0-9_]+).*/\1/p' "$log")
    if (($1 != 0 && suite_failed == before)); then complain "$(tail -n 1 "$log")"; fi
    [[ ! -s $2/regression.diffs ]] || cp "$2/regression.diffs" "$work/logs/$3.diffs"
}

suite_regress() {
    local tests file status=0 options
    tests=$(make_variable REGRESS)
    for file in "$work"/src/sql/*.sql; do
        file=$(basename "$file" .sql)
        [[ $file == '*' || " $tests " == *" $file "* ]] || complain "$file is not in REGRESS of the Makefile"
    done
    [[ -n $tests ]] || return 1
    read -ra tests <<<"$tests"
    read -ra options <<<"$(make_variable REGRESS_OPTS)"
    suite_gauge_total=0
    mkdir -p "$work/out/regress"
    run env -C "$work/src" "${pgxs%/makefiles/*}/test/regress/pg_regress" --bindir="$bindir" "${options[@]}" \
        --inputdir="$work/src" --outputdir="$work/out/regress" --dbname=contrib_regression "${tests[@]}" || status=$?
    count_regress "$status" "$work/out/regress" regress
}

suite_isolation() {
    local tests=() options file status=0
    for file in "$work"/src/test/isolation/specs/*.spec; do
        [[ ! -e $file ]] || tests+=("$(basename "$file" .spec)")
    done
    [[ ${#tests[@]} != 0 ]] || return 1
    read -ra options <<<"$(make_variable ISOLATION_OPTS)"
    mkdir -p "$work/out/isolation"
    run env -C "$work/src" "${pgxs%/makefiles/*}/test/isolation/pg_isolation_regress" --bindir="$bindir" \
        "${options[@]}" --inputdir="$work/src/test/isolation" --outputdir="$work/out/isolation" \
        --dbname=isolation_regression "${tests[@]}" || status=$?
    count_regress "$status" "$work/out/isolation" isolation
}

# A fresh database; the extension is there unless the file brings it itself.
fresh_database() { # NAME FILE
    local template=installed
    if grep -qiE '^[[:space:]]*CREATE EXTENSION .*explore_analytics' "$2"; then template=template0; fi
    psql -X -q -v ON_ERROR_STOP=1 -d postgres -c "CREATE DATABASE $1 TEMPLATE $template" >>"$log" 2>&1
}

drop_database() {
    psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $1 WITH (FORCE)" >>"$log" 2>&1 || true
}

suite_pgtap() {
    local files=("$work"/src/test/pgtap/*.sql) file name database assertions=0 count output=$work/out/pgtap
    [[ -e ${files[0]} ]] || return 1
    suite_gauge_total=${#files[@]}
    for file in "${files[@]}"; do
        name=$(basename "$file" .sql)
        database=pgtap_${name//[^a-z0-9]/_}
        fresh_database "$database" "$file" || { complain "$name: no database"; continue; }
        psql -X -q -d "$database" -c 'CREATE EXTENSION IF NOT EXISTS pgtap' >>"$log" 2>&1 || true
        : >"$output"
        if run_into "$output" pg_prove --psql-bin "$bindir/psql" -d "$database" --verbose "$file" &&
            grep -q '^Result: PASS' "$output"; then
            suite_passed=$((suite_passed + 1))
        else
            complain "$name: $(grep -E '^(not ok|psql:.*ERROR|# Looks like)' "$output" | head -n 1)"
        fi
        count=$(sed -nE 's/^Files=[0-9]+, Tests=([0-9]+).*/\1/p' "$output" | tail -n 1)
        assertions=$((assertions + ${count:-0}))
        cat "$output" >>"$log"
        drop_database "$database"
    done
    suite_note="$assertions assertions"
}

# run_into FILE COMMAND...: run in the tree, with the output apart from the log.
run_into() {
    run env -C "$work/src" bash -c 'out=$1; shift; exec "$@" >"$out" 2>&1' run_into "$@"
}

suite_oracle() {
    local files=("$work"/src/test/oracle/*.sql) file name database output=$work/out/oracle checks=0 status
    [[ -e ${files[0]} ]] || return 1
    suite_gauge_total=${#files[@]}
    for file in "${files[@]}"; do
        name=$(basename "$file" .sql) status=0
        database=oracle_${name//[^a-z0-9]/_}
        fresh_database "$database" "$file" || { complain "$name: no database"; continue; }
        run_into "$output" psql -X -qAt -v ON_ERROR_STOP=1 -P pager=off -d "$database" -f "$file" || status=$?
        checks=$((checks + $(grep -c '^ok' "$output" || true)))
        if grep -q '^FAIL' "$output"; then
            complain "$name: $(grep -m 1 '^FAIL' "$output")"
        elif ((status != 0)); then
            complain "$name: $(grep -m 1 'ERROR' "$output" || tail -n 1 "$output")"
        elif ! grep -q '^ok' "$output"; then
            complain "$name: it checked nothing"
        else
            suite_passed=$((suite_passed + 1))
        fi
        { echo "== $name"; cat "$output"; } >>"$log"
        drop_database "$database"
    done
    suite_note="$checks checks"
}

# The slow suite tools/torture in a short form, except what needs a slow build of its own.
suite_torture() {
    local values=(-v mutants=3000 -v file="$work/out/mutant.bin" -v trials=1000) short=yes name
    run_value_scripts value_mutants value_trials
    suite_experiments
    suite_campaigns
    # Their servers find the extension by a setting of Debian's packages.
    is_debian || { suite_note='rollups: only on Debian'; return 0; }
    suite_gauge_total=$((6 + ${#rollup_scripts[@]} + ${#boost_scripts[@]} + ${#security_scripts[@]}))
    build_wait_points || { complain 'the build with points to wait at failed'; return 1; }
    for name in "${rollup_scripts[@]}" soak; do suite_rollup_script "$name"; done
    for name in "${boost_scripts[@]}"; do suite_boost_script "$name"; done
    for name in "${security_scripts[@]}"; do suite_security_script "$name"; done
}

# Simulated experiments, by ${seed:-1}; the short form makes fewer and looks half as often.
suite_experiments() {
    local values name
    local -A wanted=([aa]=2000 [few]=1000 [power]=1000) short_wanted=([aa]=50 [few]=50 [power]=60)
    for name in ${1:-aa few power}; do
        values=(-v seed="${seed:-1}" -v experiments="${wanted[$name]}" -v every=1)
        [[ -z ${short:-} ]] || values=(-v seed="${seed:-1}" -v experiments="${short_wanted[$name]}" -v every=2)
        run_value_scripts "experiments_$name"
    done
}

# Simulated boost campaigns, likewise.
suite_campaigns() {
    local experiments=600 values
    [[ -z ${short:-} ]] || experiments=40
    values=(-v seed="${seed:-1}" -v experiments="$experiments")
    run_value_scripts campaigns_lift
}

# Attacks on what benchmark_creator tells; their short form is in test/pgtap too.
suite_benchmark() {
    local sequences=32 values
    [[ -z ${short:-} ]] || sequences=4
    values=(-v seed="${seed:-1}" -v worlds=32 -v sequences="$sequences")
    run_value_scripts benchmark_attacks
}

# One test/torture/security_NAME.sh each.
security_scripts=(static hijack adopted injection sqlsmith limits erase)
# tools/torture only: one test/torture/upgrade_NAME.sh each, and the servers they go through.
upgrade_scripts=(dump in_place)
upgrade_majors=(15 17 18)
rollup_scripts=(guards crash wait_points retention worker live logins traffic standby stalled cancel dump migrate logical storage vacuum memory)

# One test/torture/boost_NAME.sh each.
boost_scripts=(crash standby)

# A second library beside the first, in which tests can hold a refresh, and few events fill shelves: four files are compiled anew.
build_wait_points() {
    cp -a "$work/src/." "$work/wait_src" &&
        touch "$work"/wait_src/src/keep/{refresh,compact,retention,delta_rows}.cpp &&
        run make -C "$work/wait_src" -j"$jobs" PG_CONFIG="$pg_config" with_llvm=no 'COPT=-Werror -DEA_WAIT_POINTS -DEA_SHELF_BYTES=60 -DEA_SHELF_ROWS=3' &&
        run make -C "$work/wait_src" PG_CONFIG="$pg_config" with_llvm=no 'COPT=-Werror -DEA_WAIT_POINTS -DEA_SHELF_BYTES=60 -DEA_SHELF_ROWS=3' DESTDIR="$work/wait_stage" install
}

# run_rollup_script NAME OUTPUT ARGUMENT...: test/torture/rollup_NAME.sh, on servers of its own.
run_rollup_script() { run_own_servers rollup "$@"; }

# run_own_servers FAMILY NAME OUTPUT ARGUMENT...
run_own_servers() {
    local script=$1_$2 output=$3
    local scratch=$work/$script
    shift 3
    mkdir -p "$scratch" "$work/out"
    chmod 755 "$scratch"
    run env -u PGHOST -u PGUSER -u PGPASSWORD EA_BINDIR="$bindir" EA_STAGE="$work/stage" EA_WAIT_STAGE="$work/wait_stage" EA_SOURCE="$work/src" \
        EA_WORK="$scratch" EA_SHORT="${short:-}" EA_JOBS="$jobs" EA_SECONDS="${seconds:-}" bash -c 'out=$1; shift; exec bash "$@" >"$out" 2>&1' torture "$output" "$work/src/test/torture/$script.sh" "$@"
}

suite_rollup_script() { suite_own_servers rollup rollups "$1"; }
suite_boost_script() { suite_own_servers boost boost "$1"; }
suite_security_script() { suite_own_servers security security "$1"; }
suite_upgrade_script() { suite_own_servers upgrade upgrade "$1"; }

# suite_own_servers FAMILY TITLE NAME: passed when every figure is good.
suite_own_servers() {
    local output=$work/out/$1_$3 status=0
    run_own_servers "$1" "$3" "$output" || status=$?
    { echo "== $1_$3"; cat "$output"; } >>"$log"
    results+=$(grep '^RESULT' "$output" || true)$'\n'
    if ((status == 0)) && grep -q '^RESULT' "$output"; then
        suite_passed=$((suite_passed + 1))
    else
        complain "$2, $3: $(grep -m 1 'bad figures' "$output" || tail -n 1 "$output")"
    fi
    rm -rf "$work/$1_$3"
}

# run_value_scripts NAME...: test/torture/NAME.sql, each in a database of its own, with the psql
# variables in values; prints of the form RESULT go to results.
run_value_scripts() {
    local name output=$work/out/torture status
    suite_gauge_total=$#
    for name in "$@"; do
        status=0
        psql -X -q -v ON_ERROR_STOP=1 -d postgres -c "CREATE DATABASE torture_$name" >>"$log" 2>&1 &&
            psql -X -q -v ON_ERROR_STOP=1 -d "torture_$name" -c 'CREATE EXTENSION explore_analytics' >>"$log" 2>&1 || status=1
        ((status != 0)) || run_into "$output" psql -X -qAt -d "torture_$name" "${values[@]}" -f "test/torture/$name.sql" || status=$?
        { echo "== $name"; cat "$output"; } >>"$log"
        results+=$(grep '^RESULT' "$output" || true)$'\n'
        if ((status == 0)) && grep -q "^ok $name" "$output"; then
            suite_passed=$((suite_passed + 1))
        else
            complain "$name: $(grep -m 1 -E 'FAIL|ERROR|server closed' "$output" || echo "status $status")"
        fi
        drop_database "torture_$name"
    done
}

suite_restore() { suite_of_script restore; }
suite_update() { suite_of_script update; }

suite_of_script() { # NAME ARGUMENT...: test/NAME.sh
    local status=0
    run env -C "$work/src" bash "test/$1.sh" "$work/out/$1" "${@:2}" || status=$?
    count_lines "$log"
    if ((status != 0 && suite_failed == 0)); then complain "test/$1.sh: $(tail -n 1 "$log")"; fi
}

suite_package() {
    local tool
    for tool in perl zip unzip; do
        command -v "$tool" >/dev/null || { suite_skipped=1 suite_note="SKIPPED: $tool is not installed"; return 0; }
    done
    suite_of_script package "$root"
}

suite_docs() {
    local status=0 not_run
    docs_template || { complain 'test/docs_fixture.sql does not load'; return 1; }
    run "$work/src/tools/lib/run_doc_examples" "$work/src" docs_template "$work/logs/docs" || status=$?
    count_lines "$log"
    not_run=$(grep -c '^not run ' "$log" || true)
    ((not_run == 0)) || suite_note="$not_run not run"
    if ((status != 0 && suite_failed == 0)); then complain "$(tail -n 1 "$log")"; fi
}

# The extension with the fixture of the documentation, once.
docs_template() {
    [[ -z $(psql -X -At -d postgres -c "SELECT 1 FROM pg_database WHERE datname = 'docs_template'") ]] || return 0
    psql -X -q -v ON_ERROR_STOP=1 -d postgres -c 'CREATE DATABASE docs_template TEMPLATE installed' >>"$log" 2>&1 || return 1
    [[ -e $work/src/test/docs_fixture.sql ]] || return 0
    run psql -X -q -v ON_ERROR_STOP=1 -d docs_template -f "$work/src/test/docs_fixture.sql"
}

suite_clients() {
    local directory=$work/clients status=0 install=install passed failed
    cp -r "$work/src/examples/typescript" "$directory"
    [[ -e $directory/package.json ]] || { complain 'there is no examples/typescript/package.json'; return 1; }
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        skip_clients 'node and npm are not installed'
        return 0
    fi
    [[ ! -e $directory/package-lock.json ]] || install=ci
    if ! run env -C "$directory" HOME="$work" npm "$install" --no-audit --no-fund --loglevel=warn; then
        if grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network' "$log"; then
            skip_clients 'the npm registry cannot be reached'
        else
            complain "npm $install failed"
        fi
        return 0
    fi
    docs_template || { complain 'test/docs_fixture.sql does not load'; return 1; }
    psql -X -q -d postgres -c 'CREATE DATABASE clients TEMPLATE docs_template' >>"$log" 2>&1
    run env -C "$directory" HOME="$work" PGDATABASE=clients \
        DATABASE_URL="postgresql://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/clients" npm test || status=$?
    passed=$(sed -nE 's/^(#|ℹ) pass ([0-9]+)$/\2/p' "$log" | tail -n 1)
    failed=$(sed -nE 's/^(#|ℹ) fail ([0-9]+)$/\2/p' "$log" | tail -n 1)
    suite_passed=${passed:-$((status == 0 ? 1 : 0))}
    if ((${failed:-0} > 0)); then
        suite_complaints+=("npm test: $failed failed")
        suite_failed=$failed
    elif ((status != 0)); then
        complain "npm test: status $status"
    fi
}

# examples/monitoring with Debian's exporter: the package is unpacked, not installed, so that no service starts.
suite_monitoring() {
    local exporter skipped=''
    exporter=$(command -v prometheus-postgres-exporter || true)
    if [[ -z $exporter ]] && is_debian; then
        mkdir -p "$work/exporter"
        fetch_exporter || { [[ $EUID == 0 && -z ${EXPLORE_IN_ROOT:-} ]] && run apt-get -q update && fetch_exporter; } || skipped='its package cannot be fetched'
        exporter=$work/exporter/usr/bin/prometheus-postgres-exporter
    fi
    [[ -n $exporter ]] || skipped='it is not installed'
    command -v curl >/dev/null || skipped='curl is not installed'
    if [[ -n $skipped ]]; then
        suite_skipped=1
        suite_note="SKIPPED: prometheus-postgres-exporter: $skipped"
        return 0
    fi
    suite_of_script monitoring "$exporter"
}

fetch_exporter() {
    run env -C "$work/exporter" apt-get -q -o APT::Sandbox::User=root download prometheus-postgres-exporter &&
        run dpkg -x "$work"/exporter/prometheus-postgres-exporter_*.deb "$work/exporter"
}

skip_clients() {
    suite_skipped=1
    suite_note="SKIPPED: $1"
}
