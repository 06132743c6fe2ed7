"""Runs the benchmarks, all or those named: `python -m benchmarks [table] [polling] …`."""

import os
import subprocess
import sys
from pathlib import Path

NAMES = (
    "table",
    "gallery",
    "wall",
    "deeds",
    "start",
    "bulk",
    "ids",
    "polling",
    "asking",
    "saving",
    "stepping",
    "opening",
    "leaks",
    "scrubbing",
    "compare",
    "torture",
    "saving_torture",
)
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run each in a process of its own, so that none warms the others' caches; 1 if one misses its mark."""
    names = sys.argv[1:] or list(NAMES)
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    missed = [
        name
        for name in names
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, env=environment, check=False
        ).returncode
    ]
    print(f"missed: {', '.join(missed)}" if missed else "every figure is within its mark")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
