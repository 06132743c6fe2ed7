"""Kills a program that downloads twenty clips, 200 times; all end whole, and little comes twice."""

import os
import subprocess
import sys


def main() -> None:
    """Run the torture of the tests with 200 kills."""
    print("\ntorture of saving, 200 kills")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "tests/e2e/test_killed_downloads.py",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "PIXVERSE_SAVING_KILLS": "200", "PIXVERSE_SAVING_CLIPS": "20"}
    sys.exit(subprocess.run([*command, "-o", "timeout=1800"], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
