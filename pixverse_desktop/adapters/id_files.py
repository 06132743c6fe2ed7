"""Files that people hand us ids in, and those we write for them."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from pixverse_desktop.core.errors import FolderUnusable, InputUnreadable

_MAX_BYTES = 256 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024


def read_id_file(path: Path) -> bytes:
    """The whole of a file.

    Raises:
        InputUnreadable: it cannot be read, is far too large, or no file that has an end.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputUnreadable(f"{path} is a folder. Name a file with ids in it.")
        if not stat.S_ISREG(mode):  # a pipe or a device may never end, and opening it may wait for ever
            raise InputUnreadable(f"{path} is not an ordinary file. To read a pipe, give - and pipe it in.")
        with path.open("rb") as file:
            return read_stream(file, str(path))
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be read: {error.strerror or error}.") from error


def read_stream(stream: BinaryIO, name: str) -> bytes:
    """What a stream holds. Raises ``InputUnreadable`` when it goes on and on."""
    data = bytearray()
    while chunk := stream.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > _MAX_BYTES:
            raise InputUnreadable(f"{name} is too large for a list of ids. Split it.")
    return bytes(data)


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
