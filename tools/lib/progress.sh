# What the reader sees while work goes on.
# On a terminal a line that moves; elsewhere one plain line per step.
# shellcheck shell=bash

progress_begin() { # TOTAL_STEPS QUIET
    steps=$1 step=0 quiet=$2 step_open='' step_title='' step_gauge=''
    tty='' bold='' dim='' plain=''
    if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
        tty=yes
        if [[ -z ${NO_COLOR:-} ]]; then
            bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
        fi
    fi
}

# step TITLE [GAUGE]: GAUGE is a command that prints "done total", and a remark if it has one; no bar when total is 0.
step() {
    step_done
    step=$((step + 1)) step_title=$1 step_gauge=${2:-} step_since=$EPOCHREALTIME step_note=''
    step_open=yes step_ticks=0
    [[ -z $quiet ]] || return 0
    if [[ -n $tty ]]; then progress_tick; else printf '[%d/%d] %s ... ' "$step" "$steps" "$1"; fi
}

step_seconds() {
    local now=$EPOCHREALTIME
    local tenths=$(((${now/[.,]/} - ${step_since/[.,]/}) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

step_done() {
    [[ -n $step_open ]] || return 0
    step_open=''
    [[ -z $quiet ]] || return 0
    local note=${step_note:+, $step_note}
    if [[ -n $tty ]]; then
        printf '\r\e[K[%d/%d] %-38s %s%s\n' "$step" "$steps" "$step_title" "$(step_seconds)" "$note"
    else
        printf '%s%s\n' "$(step_seconds)" "$note"
    fi
}

progress_abandon() {
    [[ -n ${step_open:-} ]] || return 0
    step_open=''
    [[ -n $quiet ]] || echo >&2
}

progress_tick() {
    [[ -n ${tty:-} && -n ${step_open:-} && -z $quiet ]] || return 0
    local shown='' done_now total remark
    step_ticks=$((step_ticks + 1))
    if [[ -n $step_gauge && $((step_ticks % 4)) == 1 ]]; then
        read -r done_now total remark <<<"$($step_gauge 2>/dev/null || true)" || true
        step_bar=${remark:-}
        [[ -z ${total:-} || ${total:-0} == 0 ]] || step_bar="$(bar "$done_now" "$total")${remark:+  $remark}"
    fi
    [[ -z $step_gauge ]] || shown=${step_bar:-}
    printf '\r\e[K[%d/%d] %-38s %s%s  %s%s' "$step" "$steps" "$step_title" "$dim" \
        "$(step_seconds)" "$shown" "$plain"
}

bar() { # DONE TOTAL
    local width=24 full line=''
    full=$(($1 >= $2 ? width : $1 * width / $2))
    printf -v line '%*s' "$full" ''
    line=${line// /█}
    printf -v shown '%*s' $((width - full)) ''
    printf '%s%s %3d%%' "$line" "${shown// /░}" $(($1 >= $2 ? 100 : $1 * 100 / $2))
}

heading() {
    [[ -z $quiet ]] || return 0
    printf '\n%s%s%s\n' "${bold:-}" "$1" "${plain:-}"
}

say() {
    printf '%s\n' "$@"
}
