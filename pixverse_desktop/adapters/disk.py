"""Folders that take clips: opening, copying, trimming and naming, on a real file system."""

import contextlib
import os
import shutil
import stat
from pathlib import Path

from pathvalidate import sanitize_filename

from pixverse_desktop.adapters.part_claims import PART_SUFFIX, RECORD_SUFFIX, claim_part, remove_idle_part
from pixverse_desktop.adapters.part_files import DiskPartFile, in_our_words
from pixverse_desktop.core.errors import FolderUnusable
from pixverse_desktop.core.half_clips import ClipVersion
from pixverse_desktop.core.video import VideoRef

_RESERVE_BYTES = 64 * 1024 * 1024
_RESERVED_SHARE = 20  # of a small disk no more than one part in so many


class DiskFolders:
    """The ``ClipFolders`` port over the real file system.

    ``reserve_bytes`` is what a download leaves free; if not given, a little that fits the disk.
    """

    def __init__(self, *, reserve_bytes: int | None = None) -> None:
        self._reserve_bytes = reserve_bytes

    def begin(self, folder: Path, name: str, ref: VideoRef) -> DiskPartFile:
        """Open a partial file for ``name``."""
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


def _remove_if_idle(path: Path) -> None:
    """Remove a file; a part goes with its record, and not while it is being written."""
    if path.name.endswith(PART_SUFFIX):
        remove_idle_part(path)
    elif not path.name.endswith((RECORD_SUFFIX, RECORD_SUFFIX + ".new")):
        path.unlink()
