# Servers of other majors than this system has: a Debian that serves them, in a directory of its own, made
# once by debootstrap from the mirrors of this machine's apt, kept, and entered with chroot.
# shellcheck shell=bash

roots=${EXPLORE_ROOTS:-/var/tmp/explore_analytics-roots}

# The releases a root draws from: it is the first of them, what that lacks comes from the others.
root_releases() { # MAJOR
    case $1 in
        15) echo bookworm ;;
        17) echo trixie ;;
        18) echo sid forky trixie bookworm ;;
    esac
}

# What the suites need beside the packages of packages.sh.
root_tools=(ca-certificates curl nodejs npm procps)

# take_server ARGUMENT...: the major that --server names to server, the other arguments to arguments.
take_server() {
    server='' arguments=()
    while [[ $# -gt 0 ]]; do
        if [[ $1 == --server ]]; then
            server=${2:-}
            [[ -n $(root_releases "$server") ]] || { echo "tools/${0##*/}: --server wants 15, 17 or 18" >&2; exit 2; }
            shift
        else
            arguments+=("$1")
        fi
        shift
    done
    # This system's own needs no root.
    if is_debian && [[ $server == "$pg_major" ]]; then server=''; fi
}

# in_root PROGRAM ARGUMENT...: a program of the tree, in a root that has $server; with its exit status. The
# directory root_share, if there is one, is /mnt there; root_packages are packages beside the usual ones.
root_packages=()
in_root() {
    local status=0
    session_begin server
    packages_of "$server"
    progress_begin 1 "${quiet:-}"
    step 'a root with PostgreSQL '"$server" root_gauge
    ready_root "$server" "${root_tools[@]}" "${demo_packages[@]}" "${test_packages[@]}" "${root_packages[@]}"
    copy_tree
    step_done
    told_inside=yes
    run_inside "$work/src/$1" "${@:2}" || status=$?
    shown_end=yes
    exit "$status"
}

# That a server cannot be had here is no failure.
no_root() { # REASON
    progress_abandon
    shown_end=yes
    printf 'tools/%s: %s: %s\n' "${0##*/}" "${without_root:-PostgreSQL $server cannot be had here}" "$1" >&2
    exit 77
}

# ready_root NAME PACKAGE...: a root of the release of $server, with these packages. Leaves its directory in
# root_directory; it is locked until the next one, or as long as this process lives.
ready_root() {
    local name=$1
    shift
    read -ra releases <<<"$(root_releases "$server")"
    root_directory=$roots/$name-${releases[0]}
    [[ -z ${EXPLORE_IN_ROOT:-} ]] || no_root 'this is a root already'
    [[ $EUID == 0 ]] || no_root 'chroot wants root'
    own_directory "$roots"
    exec 7>"$root_directory.lock"
    if ! flock -n 7 && wait_for_lock -s && root_has "$root_directory" "$@"; then
        step_note='in use, so taken as it is'
    else
        wait_for_lock
        rm -rf --one-file-system "$root_directory".part.*
        run inside / true || no_root "unshare and chroot are refused: $(tail -n 1 "$log")"
        fill_root "$root_directory" "$@" || make_root "$@"
    fi
    # Others may run in it meanwhile, but none change it.
    wait_for_lock -s
    [[ -e $root_directory ]] || no_root 'the root was not made'
}

wait_for_lock() { # [-s]
    while ! flock -n "$@" 7; do
        progress_tick
        sleep 0.2
    done
}

own_directory() { # DIRECTORY
    [[ -e $1 || -L $1 ]] || mkdir -m 755 "$1" 2>>"$log" || no_root "$1 cannot be made"
    [[ ! -L $1 && -d $1 && $(stat -c '%u' "$1") == 0 && -z $(find "$1" -maxdepth 0 -perm /022) ]] ||
        no_root "$1 is not a directory which only root may write"
}

# A root that is there is kept until the new one is whole.
make_root() { # PACKAGE...
    local part=$root_directory.part.$$ mirror tried='' http_proxy=${http_proxy:-}
    eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
    leftovers+=("$part")
    if [[ ! -x /usr/sbin/debootstrap ]]; then
        run_apt install -y --no-install-recommends debootstrap ||
            { run_apt update && run_apt install -y --no-install-recommends debootstrap; } ||
            no_root 'debootstrap is not installed, and cannot be'
    fi
    while IFS= read -r mirror; do
        tried=$mirror
        rm -rf --one-file-system "$part"
        # Its mounts end with it.
        run env http_proxy="$http_proxy" unshare --mount \
            debootstrap --force-check-gpg --variant=minbase --include=ca-certificates "${releases[0]}" "$part" "$mirror" || continue
        write_sources "$part" "$mirror"
        fill_root "$part" "$@" || no_root "its packages cannot be had: $(why_not_filled)"
        rm -rf --one-file-system "$root_directory"
        mv "$part" "$root_directory"
        step_note='made'
        return 0
    done < <(mirrors '^[a-z]+$')
    rm -rf --one-file-system "$part"
    [[ -n $tried ]] || no_root 'the sources of apt name no mirror of Debian'
    no_root "no mirror of apt's sources serves ${releases[0]}: $(grep -E '^E:' "$log" | tail -n 1)"
}

# mirrors PATTERN: where apt's sources have main of releases whose names match.
mirrors() {
    local component release address
    apt-get indextargets --format "\$(COMPONENT) \$(RELEASE) \$(REPO_URI)" 'Created-By: Packages' 2>>"$log" |
        while read -r component release address; do
            [[ $component == main && $release =~ $1 ]] || continue
            case $address in
                # A list of mirrors, as images for clouds have it.
                mirror+file:*) sed -nE 's/^(https?:[^[:space:]]+).*/\1/p' "${address#mirror+file:}" ;;
                http:* | https:*) echo "$address" ;;
            esac
        done | awk '!seen[$0]++'
}

# Its packages come as those of this machine do: over its proxy, as old as it takes them.
write_sources() { # DIRECTORY MIRROR
    local release security
    security=$(mirrors '^[a-z]+-security$' | head -n 1)
    for release in "${releases[@]}"; do
        echo "deb $2 $release main"
        case $release in
            sid | forky) ;;
            *) [[ -z $security ]] || echo "deb $security $release-security main" ;;
        esac
    done >"$1/etc/apt/sources.list"
    {
        apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Retries|https?::Proxy) ' || true
        echo 'APT::Install-Recommends "false";'
    } >"$1/etc/apt/apt.conf.d/90explore_analytics"
    mkdir -p "$1/etc/postgresql-common"
    echo 'create_main_cluster = false' >"$1/etc/postgresql-common/createcluster.conf"
    printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
    chmod 755 "$1/usr/sbin/policy-rc.d"
}

# The newest packages; when they cannot be had, those that are there. Status 1: not all that are needed.
fill_root() { # DIRECTORY PACKAGE...
    local directory=$1
    shift
    [[ -e $directory ]] || return 1
    own_directory "$directory"
    # What this machine has, and the root must: names of hosts, trusted certificates. A link there may lead to our own.
    cp -L --remove-destination /etc/resolv.conf /etc/hosts "$directory/etc/" 2>>"$log" || true
    cp -r /usr/local/share/ca-certificates/. "$directory/usr/local/share/ca-certificates/" 2>>"$log" || true
    run inside "$directory" update-ca-certificates && run inside "$directory" dpkg --configure -a || return 1
    if run inside "$directory" "${apt[@]}" update && run inside "$directory" "${apt[@]}" -y dist-upgrade &&
        run inside "$directory" "${apt[@]}" -y install "$@"; then
        run inside "$directory" "${apt[@]}" clean
        step_note='its packages are current'
    else
        step_note='its packages are as they were, newer ones could not be fetched'
    fi
    root_has "$directory" "$@"
}

# root_has DIRECTORY PACKAGE...: as missing_packages finds them there; those it does not are in $work/packages.
root_has() {
    [[ -e $1 ]] || return 1
    run inside "$1" bash -c "$(declare -f package_version missing_packages)
        pg_major=$pg_major pg_minimum=$pg_minimum
        missing_packages \"\${@:2}\" >\"\$1\"" root_has "$work/packages" "${@:2}" && [[ ! -s $work/packages ]]
}

why_not_filled() {
    if grep -q '^E:' "$log"; then
        grep '^E:' "$log" | tail -n 1
    elif [[ -s $work/packages ]]; then
        echo "no $(paste -sd ' ' "$work/packages"), or older than $pg_minimum (are the security updates among the sources of apt?)"
    else
        tail -n 1 "$log"
    fi
}

root_gauge() {
    echo "0 0 $(tail -n 1 "$log" | tr -cd '[:print:]' | cut -c1-50)"
}

# inside ROOT COMMAND...: a world of its own, whose processes and mounts end with the command, and the command with
# us. For the background: it replaces the shell.
inside() {
    exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child bash -c '
        trap : INT TERM HUP
        root=$1 share=$2
        shift 2
        mount --bind "$root" "$root" && mount -t proc proc "${root%/}/proc" && mount --rbind /dev "${root%/}/dev" && mount --rbind /tmp "${root%/}/tmp" || exit 125
        [ -z "$share" ] || mount --bind -o ro "$share" "$root/mnt" || exit 125
        chroot "$root" env -u EXPLORE_OS_RELEASE -u EXPLORE_PG_CONFIG PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root EXPLORE_IN_ROOT=yes "$@"
        exit $?' inside "$1" "${root_share:-}" "${@:2}"
}

# Like run, but the output is for the reader.
run_inside() {
    local status=0
    set -m
    inside "$root_directory" "$@" </dev/null >&8 2>&9 8>&- 9>&- &
    child=$!
    set +m
    wait "$child" || status=$?
    child=''
    return "$status"
}
