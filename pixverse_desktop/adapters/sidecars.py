"""What is known of a clip, written beside it: whole or not at all, and never over anybody else's file."""

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from pixverse_desktop.adapters.part_claims import MAX_NUMBERED, numbered
from pixverse_desktop.adapters.part_files import flush_folder, take_name
from pixverse_desktop.core.errors import FolderUnusable

_SUFFIX = ".json"
_MOST_BYTES = 4 * 1024 * 1024


def write_record_beside(clip: Path, record: str, is_ours: Callable[[str], bool]) -> Path:
    """Write ``record`` as ``NAME.json``, or the first numbered name that is free or ours; where it is."""
    new = clip.with_name(f".{secrets.token_hex(8)}.new")
    try:
        _write(new, record)
        final = _give_name(new, clip.with_suffix(_SUFFIX), is_ours)
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
    flush_folder(clip.parent)
    return final


def _write(path: Path, record: str) -> None:
    # A folder's name need not be UTF-8; the escape of a byte that is not is good JSON.
    with path.open("x", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.write(record)
        file.flush()
        os.fsync(file.fileno())


def _give_name(new: Path, wanted: Path, is_ours: Callable[[str], bool]) -> Path:
    for number in range(1, MAX_NUMBERED):
        final = wanted.with_name(numbered(wanted.name, number))
        if take_name(new, final):
            return final
        if is_ours(_text_of(final)):
            os.replace(new, final)
            return final
    raise FolderUnusable(f"There are too many files called {wanted.name}. Choose another folder.")


def _text_of(path: Path) -> str:
    """The text of an ordinary file of sensible size; else nothing, which is no record of ours."""
    with contextlib.suppress(OSError):
        found = path.lstat()
        if stat.S_ISREG(found.st_mode) and found.st_size <= _MOST_BYTES:
            return path.read_text(encoding="utf-8", errors="replace")
    return ""
