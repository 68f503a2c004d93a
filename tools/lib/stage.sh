# How a server finds an extension that was installed below a directory of its own (DESTDIR).
# shellcheck shell=bash

# stage_settings PG_CONFIG DIRECTORY: lines SETTING=VALUE.
stage_settings() {
    local library share major
    library=$("$1" --pkglibdir) share=$("$1" --sharedir) major=$("$1" --version)
    [[ $major =~ \ ([0-9]+) ]] && major=${BASH_REMATCH[1]}
    # Debian's own setting until 17, then PostgreSQL's.
    if ((major < 18)); then
        echo "extension_destdir=$2"
    else
        echo "extension_control_path=$2$share:\$system"
    fi
    echo "dynamic_library_path=$2$library:$library"
}
