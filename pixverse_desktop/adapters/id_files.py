"""Files that people hand us ids in, and those we write for them."""

import os
from pathlib import Path

from pixverse_desktop.core.errors import FolderUnusable, InputUnreadable

_MAX_BYTES = 256 * 1024 * 1024


def read_id_file(path: Path) -> bytes:
    """The whole of a file. Raises ``InputUnreadable`` when it cannot be read or is far too large."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputUnreadable(f"{path} is too large for a list of ids. Split it.")
        return path.read_bytes()
    except IsADirectoryError as error:
        raise InputUnreadable(f"{path} is a folder. Name a file with ids in it.") from error
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be read: {error.strerror or error}.") from error


def write_text_file(path: Path, text: str) -> None:
    """Write a whole file, or leave what was there. Raises ``FolderUnusable``."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise FolderUnusable(f"{path} cannot be written: {error.strerror or error}.") from error
