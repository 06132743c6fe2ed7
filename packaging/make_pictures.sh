#!/usr/bin/env bash
# Makes the pictures of the README anew, with the program's own demo: packaging/make_pictures.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/setup.sh run
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for appearance in light dark; do
    mkdir -p "$work/$appearance"
    printf '{"appearance": "%s"}\n' "$appearance" >"$work/$appearance/settings.json"
    # 1 is a good end: one demo clip is moderated and one fails, on purpose.
    QT_QPA_PLATFORM=offscreen .venv/bin/pixverse-desktop --demo --data-dir "$work/$appearance" \
        --save-to "$work/$appearance/clips" --screenshot "docs/images/window-$appearance.png" \
        --exit-when-done 2>/dev/null || [ $? = 1 ]
done
echo "pictures: docs/images/window-light.png, docs/images/window-dark.png"
