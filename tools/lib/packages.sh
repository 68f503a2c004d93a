# The packages the commands need, and what is there without them.
# shellcheck shell=bash

pg_major=15
pg_minimum=15.20
demo_packages=(postgresql-15 postgresql-15-cron postgresql-server-dev-15 g++ make)
test_packages=(postgresql-15-pgtap libtap-parser-sourcehandler-pgtap-perl libgtest-dev cmake
    libroaring-dev sqlsmith)

is_debian() {
    local id=''
    [[ -r ${EXPLORE_OS_RELEASE:-/etc/os-release} ]] || return 1
    # shellcheck disable=SC1090
    id=$(. "${EXPLORE_OS_RELEASE:-/etc/os-release}" && echo "${ID:-} ${VERSION_ID:-}")
    [[ $id == 'debian 12' ]]
}

package_version() {
    dpkg-query -W -f='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null |
        sed -n 's/^installed //p' || true
}

missing_packages() {
    local package version
    for package in "$@"; do
        version=$(package_version "$package")
        if [[ -z $version ]]; then
            echo "$package"
        elif [[ $package == postgresql-15 ]] &&
            dpkg --compare-versions "$version" lt "$pg_minimum"; then
            echo "$package"
        fi
    done
}

# need_packages PACKAGE...: installs what is missing, or says how to.
need_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    pg_config=/usr/lib/postgresql/$pg_major/bin/pg_config
    if [[ ${#missing[@]} == 0 ]]; then
        step_note='all there'
        return 0
    fi
    if [[ $EUID != 0 ]]; then
        die "Packages are missing. As root:" \
            "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    fi
    if [[ " ${missing[*]} " == *' postgresql-15 '* && -n $(package_version postgresql-15) ]] &&
        pg_lsclusters -h 2>/dev/null | grep -qw online; then
        die "postgresql-15 $(package_version postgresql-15) is installed, $pg_minimum or later is needed." \
            "An upgrade restarts the running clusters of this machine, so it is left to you:" \
            "  apt-get update && apt-get install postgresql-15"
    fi
    local created=''
    if [[ -z $(package_version postgresql-15) && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
        created='; wrote create_main_cluster = false to /etc/postgresql-common/createcluster.conf, so no cluster was made'
    fi
    local apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
        apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold)
    child_is_apt=yes
    run "${apt[@]}" update || echo 'apt-get update failed; going on with the lists at hand' >>"$log"
    run "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
    child_is_apt=''
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} == 0 ]] ||
        die "The archives of this machine have no ${missing[*]} (postgresql-15 must be $pg_minimum or later;" \
            "is bookworm-security among the sources of apt?)"
    step_note="installed$created"
}

# On other systems: whatever pg_config leads to, if it is all there.
need_tools() {
    local tool lacking=() directory
    pg_config=${EXPLORE_PG_CONFIG:-$(command -v pg_config || true)}
    for tool in g++ make tar; do
        command -v "$tool" >/dev/null || lacking+=("$tool")
    done
    if [[ -z $pg_config ]]; then
        lacking+=("pg_config and the server headers of PostgreSQL $pg_major")
    else
        directory=$("$pg_config" --bindir)
        for tool in postgres initdb pg_ctl psql; do
            [[ -x $directory/$tool ]] || lacking+=("$tool (in $directory)")
        done
        [[ -e $("$pg_config" --pgxs) ]] || lacking+=("the server headers and PGXS of $pg_config")
        [[ $("$pg_config" --version) =~ \ ([0-9]+) ]] && pg_major=${BASH_REMATCH[1]}
        ((pg_major >= 15)) || lacking+=("PostgreSQL 15 or later (found: $("$pg_config" --version))")
        [[ -e $("$pg_config" --sharedir)/extension/pg_cron.control ]] || lacking+=(pg_cron)
    fi
    [[ ${#lacking[@]} == 0 ]] || die "This is not Debian 12, so nothing is installed for you. What is missing here:" \
        "$(printf '  - %s\n' "${lacking[@]}")" \
        "Needed: PostgreSQL 15 or later with its headers (pg_config in the path), pg_cron, g++ with C++20, make."
    if [[ $EUID == 0 ]] && ! id postgres >/dev/null 2>&1; then
        die "A server does not run as root, and there is no user postgres: run this as a normal user."
    fi
    step_note="not Debian 12: using $("$pg_config" --version) as found"
}

# packages_for PACKAGE...
packages_for() {
    if is_debian; then
        need_packages "$@"
    else
        need_tools
    fi
}
