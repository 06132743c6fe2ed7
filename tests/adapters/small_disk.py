"""A real file system of two megabytes: as root a tmpfs of its own, otherwise the fixture fails in words."""

import subprocess
from pathlib import Path

_SIZE = "2m"


class SmallDisk:
    """A mounted tmpfs that can be filled, freed and made read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def mount(self) -> None:
        """Mount it, where this user may."""
        self.folder.mkdir()
        _run("mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(self.folder))

    def unmount(self) -> None:
        """Unmount it, whatever still is in it."""
        _run("umount", "-l", str(self.folder))

    def fill(self) -> None:
        """Leave no byte free."""
        with self._ballast.open("wb", buffering=0) as file:
            for size in (65_536, 4096, 1):
                try:
                    while file.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink()

    def make_read_only(self) -> None:
        """Let nobody write any more, not even root."""
        _run("mount", "-o", "remount,ro", str(self.folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PermissionError(f"{' '.join(command)}: {done.stderr.strip()}")
