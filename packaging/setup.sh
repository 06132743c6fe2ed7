#!/usr/bin/env bash
# Makes .venv and, on Debian and Ubuntu, the few system packages the program needs.
#   packaging/setup.sh run     what is needed to run the program
#   packaging/setup.sh test    that, and what the tests need (Xvfb, ffmpeg, a keyring service ...)
#   packaging/setup.sh bench   that, and the peers that the benchmarks measure against
# PYTHON=/path/to/python3.12 chooses the Python. A second run with nothing changed returns at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode="${1:-run}"
venv=.venv
stamp=$venv/.setup-stamp

# Shared libraries that PySide6's wheels expect of the system: Core, Gui, Network, Multimedia, xcb, Wayland.
# "a|b" are two names of one package: Debian 13 and Ubuntu 24.04 renamed some to ...t64.
runtime_packages=(
    libpulse0 libegl1 libgl1 libdbus-1-3 libfontconfig1 libfreetype6 "libglib2.0-0|libglib2.0-0t64"
    libgssapi-krb5-2 libbrotli1 libzstd1
    libx11-6 libx11-xcb1 libxext6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0
    libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0
    libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xinerama0
    libxcb-xkb1 libwayland-client0 libwayland-cursor0 libwayland-egl1
    fonts-dejavu-core fonts-droid-fallback
)
# "command:package" for the tests.
test_tools=(
    Xvfb:xvfb xauth:xauth xdotool:xdotool ffmpeg:ffmpeg gnome-keyring-daemon:gnome-keyring
    "dbus-run-session:dbus-daemon|dbus" "nginx:nginx-light|nginx" curl:curl aria2c:aria2
)

bench_tools=(mpv:mpv)

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

# --- system packages ---------------------------------------------------------------------------------

installed_packages() {
    # `|| true`: dpkg-query ends with 1 when it does not know one of the names.
    dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p' || true
}

missing_libraries() {
    local names=() have entry name found
    for entry in "${runtime_packages[@]}"; do IFS='|' read -ra name <<<"$entry"; names+=("${name[@]}"); done
    have=" $(installed_packages "${names[@]}" | tr '\n' ' ') "
    for entry in "${runtime_packages[@]}"; do
        found=
        for name in ${entry//|/ }; do [[ $have == *" $name "* ]] && found=1; done
        [[ $found ]] || printf '%s\n' "$entry"
    done
}

missing_tools() {
    local entry
    [[ $mode != bench ]] || test_tools+=("${bench_tools[@]}")
    for entry in "${test_tools[@]}"; do has "${entry%%:*}" || printf '%s\n' "${entry#*:}"; done
}

known_name() { # the first of "a|b" that this release has; the first of all where none is known
    local name
    for name in ${1//|/ }; do
        if apt-cache show --no-all-versions "$name" >/dev/null 2>&1; then printf '%s\n' "$name"; return; fi
    done
    printf '%s\n' "${1%%|*}"
}

as_root() {
    if [[ $(id -u) == 0 ]]; then env "$@"; else sudo -n env "$@"; fi
}

may_install() {
    [[ $(id -u) == 0 ]] || { has sudo && sudo -n true 2>/dev/null; }
}

stop_nginx_service() { # the tests start an nginx of their own; the service that comes with the package is not wanted
    { has systemctl && as_root systemctl disable --quiet --now nginx; } >/dev/null 2>&1 9>&- ||
        as_root service nginx stop >/dev/null 2>&1 9>&- || true
}

apt_install() { # fails, with one line, where it cannot
    local entry packages=()
    if may_install; then as_root apt-get update -qq >/dev/null || say "the package lists could not be renewed; trying with the old ones"; fi
    for entry in "$@"; do packages+=("$(known_name "$entry")"); done
    if ! may_install; then
        say "missing system packages; get them with:  sudo apt-get install ${packages[*]}"
        return 1
    fi
    say "installing ${packages[*]}"
    # 9>&-: a service that a package starts must not inherit the lock.
    as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null 9>&- ||
        { say "apt-get could not install them; try:  sudo apt-get install ${packages[*]}"; return 1; }
    [[ " ${packages[*]}" != *" nginx"* ]] || stop_nginx_service
}

system_packages() {
    local missing=()
    if ! has apt-get || ! has dpkg-query; then
        [[ -e $stamp ]] || say "no apt here: system libraries are left as they are"
        [[ $mode != run ]] || return 0
        mapfile -t missing < <(missing_tools)
        [[ ${#missing[@]} == 0 ]] || die "the tests need these (Debian's names), please install them: ${missing[*]%%|*}"
        return 0
    fi
    mapfile -t missing < <(missing_libraries; [[ $mode == run ]] || missing_tools)
    [[ ${#missing[@]} == 0 ]] && return
    apt_install "${missing[@]}" && return
    [[ $mode == run ]] || exit 1
}

# --- Python --------------------------------------------------------------------------------------------

usable_python() { # it runs (a pyenv shim may not), is new enough and complete
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 &&
        "$1" -c 'import ensurepip, venv, sqlite3, ssl' >/dev/null 2>&1
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 /usr/bin/python3}; do
        if usable_python "$candidate"; then printf '%s\n' "$candidate"; return; fi
    done
    return 1
}

need_python() {
    find_python && return
    [[ -z ${PYTHON:-} ]] || die "PYTHON=$PYTHON does not run, is older than 3.11, or lacks venv, sqlite3 or ssl"
    if has apt-get && has dpkg-query; then
        if may_install; then apt_install python3-venv && find_python && return; fi
        die "no usable Python 3.11 or newer with venv; get one (Debian 12, Ubuntu 24.04 or newer: sudo apt-get install python3-venv) or name it with PYTHON=..."
    fi
    die "no usable Python 3.11 or newer with venv; install one or name it with PYTHON=..."
}

kept_venv() { # a moved folder or another PYTHON wants a new .venv ...
    [[ -e $stamp && $(sed -n 1p "$stamp") == "$PWD" ]] &&
        [[ -z ${PYTHON:-} || $(sed -n 2p "$stamp") == "$PYTHON" ]] &&
        "$venv/bin/python" -c '' 2>/dev/null
}

contents() { # ... anything else only an install into it
    cat pyproject.toml constraints.txt packaging/setup.sh | cksum
}

venv_install() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check -c constraints.txt "$@" ||
        die "the Python packages could not be installed; pip says why above (no network?)"
}

python_environment() {
    local python
    if ! kept_venv; then
        python=$(need_python)
        say "making $venv with $("$python" --version)"
        "$python" -m venv --clear "$venv"
        printf '%s\n' "$PWD" "$python" >"$stamp"
    elif [[ $(sed -n 3p "$stamp") == "$(contents)" ]]; then
        return
    fi
    say "installing into $venv"
    # What builds the project is pinned too, so it is installed beforehand and not by pip on the side.
    venv_install hatchling editables
    venv_install --no-build-isolation --editable '.[dev]'
    starts_at_all
    python=$(sed -n 2p "$stamp")
    printf '%s\n' "$PWD" "$python" "$(contents)" >"$stamp"
}

starts_at_all() {
    local complaint
    complaint=$("$venv/bin/python" -c 'import PySide6.QtWidgets, PySide6.QtMultimedia' 2>&1) && return
    die "Qt cannot be loaded: $(tail -n 1 <<<"$complaint") (a system library is missing)"
}

# --- the work ------------------------------------------------------------------------------------------

[[ $mode == run || $mode == test || $mode == bench ]] || die "usage: packaging/setup.sh run|test|bench"
exec 9<packaging/setup.sh
if has flock; then flock 9; fi # two at once would build the same folder
system_packages
python_environment
