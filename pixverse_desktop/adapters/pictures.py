"""Pictures beside clips: new files, never in the place of another."""

import os
from pathlib import Path

from pixverse_desktop.adapters.part_claims import MAX_NUMBERED, numbered
from pixverse_desktop.adapters.part_files import in_our_words
from pixverse_desktop.core.errors import FolderUnusable


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
