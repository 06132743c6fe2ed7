"""Pictures as new files, never in the place of another: beside clips, and for a while for other programs."""

import contextlib
import os
from operator import itemgetter
from pathlib import Path

from pixverse_desktop.adapters.part_claims import MAX_NUMBERED, numbered
from pixverse_desktop.adapters.part_files import in_our_words
from pixverse_desktop.core.errors import FolderUnusable

_MOST_LENT = 20


class LentPictures:
    """Pictures that other programs are given. They may read them late, so the last ones stay."""

    def __init__(self, folder: Path, most: int = _MOST_LENT) -> None:
        self._folder = folder
        self._most = most

    def write(self, name: str, data: bytes) -> Path:
        """Write a picture of this name, and let go of the oldest. Raises ``FolderUnusable``."""
        path = write_picture(self._folder, name, data)
        with contextlib.suppress(OSError):  # what cannot be removed now is removed after the next
            self._remove_oldest(path)
        return path

    def _remove_oldest(self, newest: Path) -> None:
        others = [(path.stat().st_mtime_ns, path) for path in self._folder.glob("*.png") if path != newest]
        for _, path in sorted(others, key=itemgetter(0), reverse=True)[self._most - 1 :]:
            path.unlink(missing_ok=True)


def write_picture(folder: Path, name: str, data: bytes) -> Path:
    """Write a new file of this name, or of a numbered one if it is taken. Raises ``FolderUnusable``."""
    with in_our_words(folder, "The picture"):
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder / numbered(name, number) for number in range(1, MAX_NUMBERED)):
            try:
                _write_new(path, data)
            except FileExistsError:
                continue
            return path
    raise FolderUnusable(f"There are too many files called {name} in {folder}.")


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
