# The packages the commands need, and what is there without them.
# shellcheck shell=bash

# 12, 13 and so on; nothing on testing and unstable. Status 1: not a Debian.
debian_version() {
    [[ -r ${EXPLORE_OS_RELEASE:-/etc/os-release} ]] || return 1
    # shellcheck disable=SC1090
    (. "${EXPLORE_OS_RELEASE:-/etc/os-release}" && [[ ${ID:-} == debian ]] && echo "${VERSION_ID:-}")
}

is_debian() { # 12 or later
    local version
    version=$(debian_version) && { [[ -z $version ]] || ((version >= 12)); }
}

# The server this system has: a release has one of its own, testing and unstable the newest that apt offers.
own_major() {
    local major version
    version=$(debian_version) || version=12
    case $version in
        12) echo 15; return ;;
        13) echo 17; return ;;
    esac
    for major in 18 17 16; do
        if [[ -n $(package_version "postgresql-$major") ]] ||
            apt-cache policy "postgresql-$major" 2>/dev/null | grep -q '^ *Candidate: [0-9]'; then
            echo "$major"
            return
        fi
    done
    echo 18
}

package_version() {
    dpkg-query -W -f='${db:Status-Status} ${Version}\n' "$1" 2>/dev/null |
        sed -n 's/^installed //p' || true
}

# packages_of MAJOR: their names, and the first minor release with the fixes this extension counts on.
packages_of() {
    pg_major=$1
    case $1 in
        15) pg_minimum=15.20 ;;
        17) pg_minimum=17.12 ;;
        *) pg_minimum=$1 ;;
    esac
    demo_packages=("postgresql-$1" "postgresql-$1-cron" "postgresql-server-dev-$1" g++ make libsimdjson-dev libboost-math-dev)
    test_packages=("postgresql-$1-pgtap" libtap-parser-sourcehandler-pgtap-perl libgtest-dev cmake
        libroaring-dev sqlsmith perl unzip zip)
}

missing_packages() {
    local package version
    for package in "$@"; do
        version=$(package_version "$package")
        if [[ -z $version ]]; then
            echo "$package"
        elif [[ $package == "postgresql-$pg_major" ]] &&
            dpkg --compare-versions "$version" lt "$pg_minimum"; then
            echo "$package"
        fi
    done
}

# run_apt ARGUMENT...: apt-get, which asks nothing and is let finish what it does.
apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
    apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold)
run_apt() {
    local status=0
    child_is_apt=yes
    run "${apt[@]}" "$@" || status=$?
    child_is_apt=''
    return "$status"
}

# While it is there, the package of a server makes no cluster, and so starts none.
no_cluster=/etc/postgresql-common/createcluster.d/explore_analytics.conf

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
    if [[ " ${missing[*]} " == *" postgresql-$pg_major "* && -n $(package_version "postgresql-$pg_major") ]] &&
        pg_lsclusters -h 2>/dev/null | grep -qw online; then
        die "postgresql-$pg_major $(package_version "postgresql-$pg_major") is installed, $pg_minimum or later is needed." \
            "An upgrade restarts the running clusters of this machine, so it is left to you:" \
            "  apt-get update && apt-get install postgresql-$pg_major"
    fi
    # A root is changed from outside only, where it is locked.
    [[ -z ${EXPLORE_IN_ROOT:-} ]] || die "The root lacks ${missing[*]}."
    local kept=''
    if [[ " ${missing[*]} " == *" postgresql-$pg_major "* && -z $(package_version "postgresql-$pg_major") ]]; then
        kept=', no cluster was made'
        leftovers+=("$no_cluster")
        mkdir -p "${no_cluster%/*}"
        echo 'create_main_cluster = false' >"$no_cluster"
    fi
    run_apt update || echo 'apt-get update failed; going on with the lists at hand' >>"$log"
    run_apt install -y --no-install-recommends "${missing[@]}"
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} == 0 ]] ||
        die "The archives of this machine have no ${missing[*]} (postgresql-$pg_major must be $pg_minimum or later;" \
            "are the security updates among the sources of apt?)"
    if [[ -n $kept ]]; then
        rm "$no_cluster"
        rmdir --ignore-fail-on-non-empty "${no_cluster%/*}"
    fi
    step_note="installed$kept"
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
    [[ ${#lacking[@]} == 0 ]] || die "This is not Debian 12 or later, so nothing is installed for you. What is missing here:" \
        "$(printf '  - %s\n' "${lacking[@]}")" \
        "Needed: PostgreSQL 15 or later with its headers (pg_config in the path), pg_cron, g++ with C++20, make, simdjson, Boost.Math."
    if [[ $EUID == 0 ]] && ! id postgres >/dev/null 2>&1; then
        die "A server does not run as root, and there is no user postgres: run this as a normal user."
    fi
    step_note="not Debian: using $("$pg_config" --version) as found"
}

# packages_for PACKAGE...
packages_for() {
    if is_debian; then
        need_packages "$@"
    else
        need_tools
    fi
}

packages_of "$(own_major)"
