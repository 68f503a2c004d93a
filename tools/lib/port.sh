# A port nobody listens on.
# shellcheck shell=bash

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}
