"""Kills a program that changes the list at 200 random moments; what it had acknowledged must be there."""

import os
import subprocess
import sys


def main() -> None:
    """Run the torture of the tests with 200 kills."""
    print("\ntorture, 200 kills")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "tests/adapters/test_torture.py",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "PIXVERSE_TORTURE_KILLS": "200"}
    sys.exit(subprocess.run([*command, "-o", "timeout=900"], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
