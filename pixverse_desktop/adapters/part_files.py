"""A clip while it is written: beside its place, checked, flushed, and only then given its name."""

import contextlib
import errno
import filecmp
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixverse_desktop.adapters.part_claims import (
    MAX_NUMBERED,
    Claim,
    numbered,
    open_new,
    record_of,
    remove_part,
    write_record,
)
from pixverse_desktop.core.containers import CutShort, NotAClip, check_whole
from pixverse_desktop.core.errors import ClipCutShort, ClipRefused, FolderUnusable
from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion, HalfClip
from pixverse_desktop.core.video import VideoRef

_IS_WINDOWS = sys.platform == "win32"


class DiskPartFile:
    """The ``PartFile`` port: ``NAME.part``, and ``NAME.part.json`` that says whose it is and how far."""

    def __init__(self, claim: Claim, folder: Path, name: str, ref: VideoRef, *, reserve_bytes: int) -> None:
        self._path = claim.path
        self._file = os.fdopen(claim.handle, "r+b", buffering=0)
        self._folder = folder
        self._name = name
        self._ref = ref
        self._reserve_bytes = reserve_bytes
        self._version = claim.half.version if claim.half else UNKNOWN_VERSION
        self._written_bytes = claim.half.held_bytes if claim.half else 0
        self._is_over = False
        self._guard = threading.Lock()

    @property
    def half(self) -> HalfClip | None:
        """What is there to go on from."""
        if not (self._written_bytes and self._version.can_be_resumed):
            return None
        return HalfClip(self._ref, self._version, self._written_bytes)

    def start(self, version: ClipVersion, begins_at: int) -> None:
        """Take the file from its byte ``begins_at`` on."""
        with self._guarded() as is_open:
            if not is_open:
                return
            if begins_at not in (0, self._written_bytes):
                raise ValueError(f"{begins_at} is not where {self._written_bytes} bytes end")
            if os.fstat(self._file.fileno()).st_nlink > 1:  # a finished clip by another name
                self._take_a_new_file()
            self._version = version
            self._written_bytes = begins_at
            if begins_at:
                os.fsync(self._file.fileno())
            # The record before the file: at no moment may it promise bytes of another version.
            write_record(self._path, HalfClip(self._ref, version, begins_at), is_durable=begins_at > 0)
            self._file.truncate(begins_at)
            self._file.seek(begins_at)
            self._check_room()

    def write(self, data: bytes | bytearray) -> None:
        """Append ``data``."""
        with self._guarded() as is_open:
            rest = memoryview(data) if is_open else memoryview(b"")
            while rest:
                count = self._file.write(rest)
                self._written_bytes += count
                rest = rest[count:]

    def sync(self) -> None:
        """Flush what was written, and then the record that says so."""
        with self._guarded() as is_open:
            if is_open:
                self._check_room()  # others write to the disk too, and not every server says how much comes
                if self.half is not None:
                    self._sync()

    def finish(self) -> Path:
        """Check, flush, and give the final name."""
        with self._guarded() as is_open:
            if not is_open:
                raise ClipCutShort("The transfer was ended.")
            self._check_length()
            self._check_boxes()
            self._sync(is_durable=False)
            if _IS_WINDOWS:  # it renames no open file; elsewhere the lock holds until the name is given
                self._file.close()
            final = _give_name(self._path, self._folder, self._name)
            self._is_over = True
            with contextlib.suppress(OSError):
                record_of(self._path).unlink()  # last: until then a killed run can be ended from it
            self._file.close()
            flush_folder(self._folder)
            return final

    def keep(self) -> None:
        """End here, for the next try to go on."""
        if self.half is None:
            self.abandon()
            return
        with contextlib.suppress(FolderUnusable), self._guarded() as is_open:
            self._is_over = True
            try:
                if is_open:
                    self._sync()  # where it fails, the record still says what was safe before
            finally:
                self._file.close()

    def abandon(self) -> None:
        """Remove what was written; once it is over the name may be somebody else's, and is left alone."""
        with self._guard:
            if self._is_over:
                return
            self._is_over = True
            with contextlib.suppress(OSError):
                remove_part(self._path, self._file.fileno())
            self._file.close()
            if _IS_WINDOWS:  # it removes no open file
                with contextlib.suppress(OSError):
                    self._path.unlink()

    @contextmanager
    def _guarded(self) -> Iterator[bool]:
        """One call at a time; whether the file is still open."""
        with self._guard, in_our_words(self._folder):
            yield not self._is_over

    def _take_a_new_file(self) -> None:
        """Put an empty file in the place of this one, locked before it is there: the name is never free."""
        new = self._path.with_name(self._path.name + ".new")
        new.unlink(missing_ok=True)  # a kill left it: nobody but us has the lock
        handle = open_new(new)
        if handle is None:
            raise FolderUnusable(f"Another program took {new.name} just now. Try again.")
        empty = os.fdopen(handle, "r+b", buffering=0)
        try:
            os.replace(new, self._path)
        except OSError:
            empty.close()
            raise
        self._file.close()  # and not before: until then the name is ours by its lock
        self._file = empty

    def _sync(self, *, is_durable: bool = True) -> None:
        """Flush the file, and then say so in the record."""
        os.fsync(self._file.fileno())
        if self.half is not None:
            write_record(self._path, self.half, is_durable=is_durable)

    def _check_room(self) -> None:
        needed_bytes = max(0, (self._version.total_bytes or 0) - self._written_bytes) + self._reserve_bytes
        free_bytes = shutil.disk_usage(self._folder).free
        if free_bytes < needed_bytes:
            raise FolderUnusable(
                f"The clip cannot be written to {self._folder}: it needs {_size(needed_bytes)} of "
                f"free space, and the disk has {_size(free_bytes)}. Free some space and try again."
            )

    def _check_length(self) -> None:
        total_bytes = self._version.total_bytes
        if total_bytes is None or self._written_bytes == total_bytes:
            return
        if self._written_bytes > total_bytes:
            self._version = UNKNOWN_VERSION
        raise ClipCutShort(f"The transfer broke off: {self._written_bytes} of {total_bytes} bytes came.")

    def _check_boxes(self) -> None:
        def read_at(offset: int, size: int) -> bytes:
            self._file.seek(offset)
            return self._file.read(size)

        try:
            check_whole(read_at, self._written_bytes)
        except NotAClip as error:
            raise ClipRefused(f"This is no clip: {error}.") from error
        except CutShort as error:
            self._version = UNKNOWN_VERSION  # what is there is wrong, and more of it would not mend that
            raise ClipCutShort(f"The clip came incomplete: {error}.") from error


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1_000_000 else f"{size_bytes // 1000} kB"


def _give_name(part: Path, folder: Path, name: str) -> Path:
    """Rename ``part`` to the first free name; a file that is there already with equal bytes is the result."""
    for number in range(1, MAX_NUMBERED):
        final = folder / numbered(name, number)
        if take_name(part, final):
            return final
        if final.is_file() and filecmp.cmp(part, final, shallow=False):
            part.unlink()
            return final
    raise FolderUnusable(f"There are too many files called {name}. Choose another folder.")


def take_name(part: Path, final: Path) -> bool:
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


def flush_folder(folder: Path) -> None:
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
def in_our_words(folder: Path, what: str = "The clip") -> Iterator[None]:
    """Turn what the system says of ``folder`` into a sentence. Raises ``FolderUnusable``."""
    try:
        yield
    except OSError as error:
        reason = _WORDS.get(error.errno or 0, f"{error.strerror or error}. Choose another folder")
        raise FolderUnusable(f"{what} cannot be written to {folder}: {reason}.") from error
