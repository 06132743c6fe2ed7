"""Small pictures of clips as plain files, which outlive the run and never take more than their share."""

import contextlib
import os
from hashlib import sha256
from pathlib import Path
from threading import Lock

from pixverse_desktop.core.video import VideoRef

LIMIT_BYTES = 200 * 1024 * 1024
_KEPT_SHARE = (
    0.9  # of the limit, after the oldest have gone, so that it is not each new one that looks at all
)
_SUFFIX = ".jpg"


class PosterFiles:
    """The ``PosterCache`` port over a folder of our own. May be called from several threads.

    The name of a file is a digest: accounts are free text of any length.
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
            os.utime(path)
        except OSError:
            return None
        return picture

    def put(self, ref: VideoRef, clip_bytes: int, picture: bytes) -> None:
        """Keep a picture."""
        path = self._path(ref, clip_bytes)
        with self._lock, contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".new")
            unfinished.write_bytes(picture)
            unfinished.replace(path)
            if self._used_bytes is not None:
                self._used_bytes += len(picture)
            self._trim()

    def _path(self, ref: VideoRef, clip_bytes: int) -> Path:
        digest = sha256(f"{ref.account}\0{ref.video_id}\0{clip_bytes}".encode()).hexdigest()
        return self._folder / f"{digest[:40]}{_SUFFIX}"

    def _trim(self) -> None:
        """Remove the oldest until the rest fits, if there is too much."""
        if self._used_bytes is not None and self._used_bytes <= self._limit_bytes:
            return
        files = [(entry.stat(), entry.path) for entry in os.scandir(self._folder)]
        used_bytes = sum(status.st_size for status, _ in files)
        wanted_bytes = self._limit_bytes * _KEPT_SHARE if used_bytes > self._limit_bytes else used_bytes
        for status, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
            if used_bytes <= wanted_bytes:
                break
            os.unlink(path)
            used_bytes -= status.st_size
        self._used_bytes = used_bytes
