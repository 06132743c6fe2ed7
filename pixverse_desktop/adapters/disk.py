"""Clips on disk: written beside their place, checked, flushed, and only then given their name."""

import contextlib
import errno
import filecmp
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pathvalidate import sanitize_filename

from pixverse_desktop.adapters.locks import lock_handle
from pixverse_desktop.core.containers import CutShort, NotAClip, check_whole
from pixverse_desktop.core.errors import ClipCutShort, ClipRefused, FolderUnusable

PART_SUFFIX = ".part"
_MAX_NUMBERED = 10_000
_IS_WINDOWS = sys.platform == "win32"
_EXTRA_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class DiskFolders:
    """The ``ClipFolders`` port over the real file system."""

    def begin(self, folder: Path, name: str) -> "DiskPartFile":
        """Open a partial file for ``name``."""
        with _in_our_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return DiskPartFile(folder, name)

    def copy(self, source: Path, folder: Path, name: str) -> Path:
        """Copy a whole clip."""
        part = self.begin(folder, name)
        try:
            with _in_our_words(folder), source.open("rb") as original:
                while data := original.read(1024 * 1024):
                    part.write(data)
            return part.finish(None)
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
        with _in_our_words(path.parent):
            return path.stat().st_size

    def trim(self, folder: Path, limit_bytes: int) -> None:
        """Remove the oldest files of ``folder``, never the newest; what cannot be removed stays."""
        kept_bytes = 0
        with contextlib.suppress(OSError):
            entries = [(entry.stat(), entry) for entry in os.scandir(folder) if entry.is_file()]
            newest_first = sorted(entries, key=lambda item: item[0].st_mtime, reverse=True)
            for place, (status, entry) in enumerate(newest_first):
                kept_bytes += status.st_size
                if place and kept_bytes > limit_bytes and not entry.name.endswith(PART_SUFFIX):
                    with contextlib.suppress(OSError):
                        os.unlink(entry.path)

    def discard(self, path: Path) -> None:
        """Remove a file of our own, if it is there."""
        with contextlib.suppress(OSError):
            path.unlink()

    def clean(self, component: str) -> str:
        """``component`` without what Linux, macOS or Windows refuses in a file name."""
        return str(sanitize_filename(component, platform="universal", replacement_text=" ", max_len=4096))


class DiskPartFile:
    """The ``PartFile`` port: ``NAME.part`` beside ``NAME``, never one of somebody else's."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._written_bytes = 0
        self._is_over = False
        self._path, self._file = _open_new(folder, name)

    def write(self, data: bytes) -> None:
        """Append ``data``."""
        with _in_our_words(self._folder):
            self._file.write(data)
        self._written_bytes += len(data)

    def finish(self, expected_bytes: int | None) -> Path:
        """Check, flush, and give the final name."""
        if expected_bytes is not None and self._written_bytes != expected_bytes:
            raise ClipCutShort(
                f"The transfer broke off: {self._written_bytes} of {expected_bytes} bytes came."
            )
        with _in_our_words(self._folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._check()
            if _IS_WINDOWS:  # it renames no open file; elsewhere the lock holds until the name is given
                self._file.close()
            final = _give_name(self._path, self._folder, self._name)
            self._is_over = True
            self._file.close()
            _flush_folder(self._folder)
        return final

    def abandon(self) -> None:
        """Remove what was written; once it is over the name may be somebody else's, and is left alone."""
        if self._is_over:
            return
        self._is_over = True
        steps = (
            (self._file.close, self._path.unlink) if _IS_WINDOWS else (self._path.unlink, self._file.close)
        )
        for step in steps:
            with contextlib.suppress(OSError):
                step()

    def _check(self) -> None:
        def read_at(offset: int, size: int) -> bytes:
            self._file.seek(offset)
            return self._file.read(size)

        try:
            check_whole(read_at, self._written_bytes)
        except NotAClip as error:
            raise ClipRefused(f"This is no clip: {error}.") from error
        except CutShort as error:
            raise ClipCutShort(f"The clip came incomplete: {error}.") from error


def _open_new(folder: Path, name: str) -> tuple[Path, BinaryIO]:
    """``NAME.part``, emptied if an ended run left it behind; numbered while another run writes to it."""
    for number in range(1, _MAX_NUMBERED):
        path = folder / (numbered(name, number) + PART_SUFFIX)
        handle = _claim(path)
        if handle is not None:
            os.truncate(handle, 0)
            return path, os.fdopen(handle, "r+b")
    raise FolderUnusable(f"There are too many unfinished files called {name}. Choose another folder.")


def _claim(path: Path) -> int | None:
    """``path`` open and locked, or None while another run writes to it.

    What was opened may have become a finished clip before the lock was ours, or be one under a second
    name, left by a run that died between the two. Neither is emptied.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _EXTRA_FLAGS, 0o666)
        is_locked = lock_handle(handle)
        names = _names_left(handle, path) if is_locked else 0
        if names == 1:
            return handle
        try:
            if names > 1:
                path.unlink()
        except OSError:  # Windows removes no open file
            return None
        finally:
            os.close(handle)
        if not is_locked:
            return None


def _names_left(handle: int, path: Path) -> int:
    """How many names the open file has, or 0 if ``path`` is none of them any more."""
    opened = os.fstat(handle)
    try:
        is_there = os.path.samestat(opened, path.lstat())
    except FileNotFoundError:
        return 0
    return max(1, opened.st_nlink) if is_there else 0


def numbered(name: str, number: int) -> str:
    """``name`` for the ``number``-th file of that name: ``clip.mp4``, ``clip (2).mp4`` …"""
    if number == 1:
        return name
    stem, suffix = os.path.splitext(name)
    return f"{stem} ({number}){suffix}"


def _give_name(part: Path, folder: Path, name: str) -> Path:
    """Rename ``part`` to the first free name; a file that is there already with equal bytes is the result."""
    for number in range(1, _MAX_NUMBERED):
        final = folder / numbered(name, number)
        if _take_name(part, final):
            return final
        if final.is_file() and filecmp.cmp(part, final, shallow=False):
            part.unlink()
            return final
    raise FolderUnusable(f"There are too many files called {name}. Choose another folder.")


def _take_name(part: Path, final: Path) -> bool:
    """Give ``part`` the name ``final`` unless that is taken; never replaces anything."""
    try:
        os.link(part, final)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links: the next best thing, with a tiny gap
        if os.path.lexists(final):
            return False
        os.rename(part, final)
        return True
    part.unlink()
    return True


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


_WORDS = {
    errno.ENOSPC: "the disk is full. Free some space and try again",
    errno.EDQUOT: "the disk quota is used up. Free some space and try again",
    errno.EROFS: "it is read-only. Choose another folder",
    errno.EACCES: "this program may not write there. Choose another folder",
    errno.EPERM: "this program may not write there. Choose another folder",
    errno.ENOENT: "it is gone. Choose another folder",
    errno.ENOTDIR: "it is not a folder. Choose another one",
    errno.EEXIST: "it is not a folder. Choose another one",
    errno.ENAMETOOLONG: "its path is too long. Choose a shorter one",
}


@contextmanager
def _in_our_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = _WORDS.get(error.errno or 0, f"{error.strerror or error}. Choose another folder")
        raise FolderUnusable(f"The clip cannot be written to {folder}: {reason}.") from error
