"""Small pictures of clips as plain files, which outlive the run and never take more than their share."""

import contextlib
import os
import re
import stat
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from pixverse_desktop.core.video import VideoRef

LIMIT_BYTES = 200 * 1024 * 1024
_KEPT_SHARE = (
    0.9  # of the limit, after the oldest have gone, so that it is not each new one that looks at all
)
_DIGITS = 40
_OURS = re.compile(rf"[0-9a-f]{{{_DIGITS}}}\.(jpg|\d+\.new)")


class PosterFiles:
    """The ``PosterCache`` port over a folder. May be called from several threads, and by several processes.

    A file's name is a digest: accounts are free text of any length. Files of other names are not touched.
    """

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._lock = Lock()
        self._used_bytes: int | None = None  # not looked at yet

    def get(self, ref: VideoRef, clip_bytes: int) -> bytes | None:
        """The picture, or None."""
        path = self._path(ref, clip_bytes)
        try:
            picture = path.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):  # the folder may be one that can only be read
            os.utime(path)
        return picture

    def put(self, ref: VideoRef, clip_bytes: int, picture: bytes) -> None:
        """Keep a picture."""
        path = self._path(ref, clip_bytes)
        with self._lock, contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_whole(path, picture)
            if self._used_bytes is not None:
                self._used_bytes += len(picture)
            self._trim()

    def _path(self, ref: VideoRef, clip_bytes: int) -> Path:
        digest = sha256(f"{ref.account}\0{ref.video_id}\0{clip_bytes}".encode()).hexdigest()
        return self._folder / f"{digest[:_DIGITS]}.jpg"

    def _trim(self) -> None:
        """Remove the oldest until the rest fits, if there is too much."""
        if self._used_bytes is not None and self._used_bytes <= self._limit_bytes:
            return
        files = [file for entry in os.scandir(self._folder) if (file := _as_ours(entry)) is not None]
        used_bytes = sum(file.size_bytes for file in files)
        wanted_bytes = self._limit_bytes * _KEPT_SHARE if used_bytes > self._limit_bytes else used_bytes
        for file in sorted(files):
            if used_bytes <= wanted_bytes:
                break
            with contextlib.suppress(FileNotFoundError):  # another process was quicker
                os.unlink(file.path)
            used_bytes -= file.size_bytes
        self._used_bytes = used_bytes


class _File(NamedTuple):
    asked_for_ns: int
    size_bytes: int
    path: str


def _as_ours(entry: os.DirEntry[str]) -> _File | None:
    """A file that was made here, or None for any other."""
    if _OURS.fullmatch(entry.name) is None:
        return None
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    is_file = stat.S_ISREG(status.st_mode)
    return _File(status.st_mtime_ns, status.st_size, entry.path) if is_file else None


def _write_whole(path: Path, picture: bytes) -> None:
    """Write a file under its name only when it is whole, whoever else writes the same one."""
    unfinished = path.with_suffix(f".{os.getpid()}.new")
    try:
        unfinished.write_bytes(picture)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
