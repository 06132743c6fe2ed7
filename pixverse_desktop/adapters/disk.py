"""Folders that take clips: opening, copying, trimming and naming, on a real file system."""

import contextlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pathvalidate import sanitize_filename

from pixverse_desktop.adapters.part_claims import (
    MAX_NUMBERED,
    PART_SUFFIX,
    RECORD_SUFFIX,
    claim_part,
    numbered,
    remove_idle_part,
    remove_parts_of,
)
from pixverse_desktop.adapters.part_files import DiskPartFile, in_our_words
from pixverse_desktop.adapters.sidecars import write_record_beside
from pixverse_desktop.core.containers import CutShort, NotAClip, check_whole, is_whole_mp4
from pixverse_desktop.core.copies import CopyFault
from pixverse_desktop.core.errors import FolderUnusable
from pixverse_desktop.core.half_clips import ClipVersion
from pixverse_desktop.core.names import NameRoom
from pixverse_desktop.core.video import VideoRef

_RESERVE_BYTES = 64 * 1024 * 1024
_RESERVED_SHARE = 20  # of a small disk no more than one part in so many
_WINDOWS_PATH_CHARS = 259
_RECORD = "What is known of the clip"


class DiskFolders:
    """The ``ClipFolders`` port over the real file system.

    ``reserve_bytes`` is what a download leaves free; if not given, a little that fits the disk.
    """

    def __init__(self, *, reserve_bytes: int | None = None) -> None:
        self._reserve_bytes = reserve_bytes

    def begin(self, folder: Path, name: str, ref: VideoRef) -> DiskPartFile:
        """Open a partial file for ``name``."""
        place = folder / name
        folder, name = place.parent, place.name
        with in_our_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            reserve_bytes = self._reserve(folder)
            claim = claim_part(folder, name, ref)
        if claim is None:
            raise FolderUnusable(f"There are too many unfinished files called {name}. Choose another folder.")
        return DiskPartFile(claim, folder, name, ref, reserve_bytes=reserve_bytes)

    def _reserve(self, folder: Path) -> int:
        if self._reserve_bytes is not None:
            return self._reserve_bytes
        return min(_RESERVE_BYTES, shutil.disk_usage(folder).total // _RESERVED_SHARE)

    def copy(self, source: Path, folder: Path, name: str, ref: VideoRef) -> Path:
        """Copy a whole clip."""
        part = self.begin(folder, name, ref)
        try:
            with in_our_words(folder), source.open("rb") as original:
                part.start(ClipVersion(total_bytes=os.fstat(original.fileno()).st_size), 0)
                while data := original.read(1024 * 1024):
                    part.write(data)
            return part.finish()
        finally:
            part.abandon()

    def room(self, folder: Path) -> NameRoom:
        """How long names may be in a folder."""
        there = next((each for each in (folder, *folder.parents) if each.is_dir()), Path("/"))
        above_bytes = len(os.fsencode(folder)) + 1
        if not hasattr(os, "pathconf"):
            return NameRoom(path_bytes=_WINDOWS_PATH_CHARS - above_bytes)
        try:
            limits = [os.pathconf(there, name) for name in ("PC_NAME_MAX", "PC_PATH_MAX")]
        except OSError:
            return NameRoom()
        return NameRoom(limits[0], limits[1] - 1 - above_bytes)

    def write_beside(self, clip: Path, record: str, is_ours: Callable[[str], bool]) -> Path:
        """Write ``record`` beside a clip."""
        with in_our_words(clip.parent, _RECORD):
            return write_record_beside(clip, record, is_ours)

    def fault_of(self, path: Path, size_bytes: int) -> CopyFault | None:
        """What is wrong with a copy, or None."""
        try:
            with path.open("rb") as file:
                found_bytes = os.fstat(file.fileno()).st_size
                if size_bytes and found_bytes != size_bytes:
                    return CopyFault.SHORT if found_bytes < size_bytes else CopyFault.CHANGED
                check_whole(lambda offset, size: _read_at(file, offset, size), found_bytes)
        except (FileNotFoundError, NotADirectoryError):
            return CopyFault.GONE
        except OSError:
            return CopyFault.UNREADABLE
        except (NotAClip, CutShort):
            return CopyFault.NOT_A_CLIP
        return None

    def files_below(self, folder: Path) -> Iterator[tuple[Path, int]]:
        """Every ordinary file in a folder and those below it, with its size in bytes."""
        for where, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                path = Path(where, name)
                with contextlib.suppress(OSError):
                    found = path.lstat()
                    if stat.S_ISREG(found.st_mode):
                        yield path, found.st_size

    def is_whole(self, path: Path, size_bytes: int) -> bool:
        """Whether ``path`` is a file of that size."""
        try:
            found = path.stat()
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size == (size_bytes or found.st_size or 1)

    def size_of(self, path: Path) -> int:
        """The size of a file in bytes."""
        with in_our_words(path.parent):
            return path.stat().st_size

    def whole_clips(self, folder: Path, name: str) -> Sequence[Path]:
        """The whole clips in ``folder`` under ``name``, or under it with a number."""
        found: list[Path] = []
        for number in range(1, MAX_NUMBERED):
            path = folder / numbered(name, number)
            if not os.path.lexists(path):
                break
            if _is_whole_clip(path):
                found.append(path)
        return found

    def drop_parts(self, folder: Path, refs: Iterable[VideoRef]) -> None:
        """Remove what ended tries left of these clips."""
        with contextlib.suppress(OSError):
            remove_parts_of(folder, frozenset(refs))

    def trim(self, folder: Path, limit_bytes: int) -> None:
        """Remove the oldest files of ``folder``, never the newest; what cannot be removed stays."""
        kept_bytes = 0
        with contextlib.suppress(OSError):
            entries = [(entry.stat(), Path(entry.path)) for entry in os.scandir(folder) if entry.is_file()]
            newest_first = sorted(entries, key=lambda item: item[0].st_mtime, reverse=True)
            for place, (status, path) in enumerate(newest_first):
                kept_bytes += status.st_size
                if place and kept_bytes > limit_bytes:
                    with contextlib.suppress(OSError):
                        _remove_if_idle(path)

    def discard(self, path: Path) -> None:
        """Remove a file of our own, if it is there."""
        with contextlib.suppress(OSError):
            path.unlink()

    def clean(self, component: str) -> str:
        """``component`` without what Linux, macOS or Windows refuses in a file name."""
        return str(sanitize_filename(component, platform="universal", replacement_text=" ", max_len=4096))


def _read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)


def _is_whole_clip(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return is_whole_mp4(partial(_read_at, file), os.fstat(file.fileno()).st_size)
    except OSError:
        return False


def _remove_if_idle(path: Path) -> None:
    """Remove a file; a part goes with its record, and not while it is being written."""
    if path.name.endswith(PART_SUFFIX):
        remove_idle_part(path)
    elif not path.name.endswith((RECORD_SUFFIX, RECORD_SUFFIX + ".new")):
        path.unlink()
