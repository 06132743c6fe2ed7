#!/usr/bin/env bash
# `make run`: opens the program; with no display, does the same job headless and leaves the result in build/demo/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program=.venv/bin/pixverse-desktop
out=build/demo

display_opens() { # asked of Qt itself, in a process of its own, since Qt aborts when it cannot
    ulimit -S -c 0
    .venv/bin/python -c '
import sys
from PySide6.QtGui import QGuiApplication
sys.exit(QGuiApplication([]).platformName() in {"offscreen", "minimal", "vnc"})
'
} >/dev/null 2>&1

display_named() {
    [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} || $(uname) == Darwin ]]
}

has_key() {
    [[ -n ${PIXVERSE_API_KEY:-} ]] || "$program" key list >/dev/null 2>&1
}

run_in_window() {
    if has_key; then exec "$program"; fi
    echo "run: no key is stored yet, so this is the built-in demo service. Store one in the window or with '$program key set'."
    exec "$program" --demo
}

run_headless() {
    local code=0 clips
    rm -rf "$out"
    mkdir -p "$out"
    QT_QPA_PLATFORM=offscreen "$program" --demo --data-dir "$out/data" --save-to "$out/clips" \
        --screenshot "$out/window.png" --exit-when-done || code=$?
    # One demo clip is stopped by moderation and one fails, on purpose: 1 is what a good run ends with.
    clips=$(find "$out/clips" -name '*.mp4' -size +0 2>/dev/null | wc -l | tr -d ' ')
    if [[ $code -gt 1 || ! -s $out/window.png || $clips -lt 5 ]]; then
        echo "run: the headless demo did not finish: exit code $code, $clips clips in $out/clips (5 or more expected), window picture $(
            [[ -s $out/window.png ]] && echo written || echo missing)" >&2
        exit 1
    fi
    echo "run: done. $clips clips are in $out/clips/, the window's picture is $out/window.png."
}

packaging/setup.sh run
if ! display_named; then
    echo "run: no display here, so the demo runs headless."
    run_headless
elif ! display_opens; then
    echo "run: the display (${WAYLAND_DISPLAY:-${DISPLAY:-none}}) cannot be opened, so the demo runs headless."
    run_headless
else
    run_in_window
fi
