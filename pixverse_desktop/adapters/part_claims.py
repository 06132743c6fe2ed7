"""Which unfinished file a download may write to: its own, a new one, and never anybody else's."""

import contextlib
import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pixverse_desktop.adapters.locks import lock_handle
from pixverse_desktop.core.half_clips import HalfClip, from_record, to_record
from pixverse_desktop.core.video import VideoRef

PART_SUFFIX = ".part"
RECORD_SUFFIX = ".part.json"
MAX_NUMBERED = 10_000
_MAX_RECORD_BYTES = 16 * 1024
# A pipe of the name must not hold us up, nor a link lead us elsewhere.
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A part file that is locked for us.

    Attributes:
        handle: the open file; whoever closes it lets go of the lock.
        half: what is in it to go on from, or None.
    """

    path: Path
    handle: int
    half: HalfClip | None


def claim_part(folder: Path, name: str, ref: VideoRef) -> Claim | None:
    """The part that an ended try left of ``ref``'s clip, or a new one; None if all names are taken."""
    for path in _candidates(folder, name, ref):
        found = _claim(path, ref)
        if found is not None:
            return found
    return None


def open_new(path: Path) -> int | None:
    """A file that was not there, open and locked; None if another run was quicker."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, 0o666)
    except FileExistsError:
        return None
    if not lock_handle(handle):
        os.close(handle)
        return None
    return handle


def remove_idle_part(path: Path) -> None:
    """Remove a part file and its record, unless a download of this run or another is writing to it."""
    try:
        handle = os.open(path, os.O_RDWR | _FLAGS)
    except FileNotFoundError:
        remove_record(path)
        return
    try:
        if lock_handle(handle):
            remove_part(path, handle)
    finally:
        os.close(handle)


def remove_parts_of(folder: Path, refs: Collection[VideoRef]) -> None:
    """Remove the parts of these clips that nobody is writing to; what cannot be removed stays."""
    with os.scandir(folder) as entries:
        records = [folder / each.name for each in entries if each.name.endswith(RECORD_SUFFIX)]
    for record in records:
        kept = _read(record)
        if kept is not None and kept.ref in refs:
            with contextlib.suppress(OSError):
                remove_idle_part(record.with_suffix(""))


def numbered(name: str, number: int) -> str:
    """``name`` for the ``number``-th file of that name: ``clip.mp4``, ``clip (2).mp4`` …"""
    if number == 1:
        return name
    stem, suffix = os.path.splitext(name)
    return f"{stem} ({number}){suffix}"


def record_of(part: Path) -> Path:
    """Where the record of a part file is kept."""
    return part.with_name(part.name + ".json")


def write_record(part: Path, half: HalfClip, *, is_durable: bool = True) -> None:
    """Let the record of a part file say this, in one step; only its owner may see it.

    One that ``is_durable`` survives a power cut, and costs a flush; any survives the death of the program.
    """
    record = record_of(part)
    new = record.with_name(record.name + ".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _FLAGS, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(to_record(half))
        if is_durable:
            file.flush()
            os.fsync(file.fileno())
    os.replace(new, record)


def remove_part(part: Path, handle: int) -> None:
    """Remove a part file that is open and locked, and its record.

    The record goes first: once the name is free another run may write a record of its own. The file
    is emptied before, since nobody would touch one that has bytes and no record.
    """
    if os.fstat(handle).st_nlink == 1:  # otherwise it is a finished clip by another name
        os.truncate(handle, 0)
    remove_record(part)
    part.unlink()


def remove_record(part: Path) -> None:
    """Remove the record of a part file, and what a kill left of a newer one."""
    record = record_of(part)
    record.unlink(missing_ok=True)
    record.with_name(record.name + ".new").unlink(missing_ok=True)


def _candidates(folder: Path, name: str, ref: VideoRef) -> Iterator[Path]:
    """Parts that may be this video's, by whatever name they were begun; then the names a new one may have."""
    with os.scandir(folder) as entries:
        records = [
            each.name for each in entries if each.name.endswith(RECORD_SUFFIX) and ref.video_id in each.name
        ]
    yield from (folder / record.removesuffix(".json") for record in sorted(records))
    for number in range(1, MAX_NUMBERED):
        yield folder / (numbered(name, number) + PART_SUFFIX)


def _claim(path: Path, ref: VideoRef) -> Claim | None:
    """``path`` open and locked, or None where it is being written or not this video's.

    What was opened may have become a finished clip before the lock was ours, or be one under a second
    name, left by a run that died between the two. Neither is written to.
    """
    _join_again(path, ref)
    while _is_free_for(path, ref):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _FLAGS, 0o666)
        if not lock_handle(handle):
            os.close(handle)
            return None
        names = _names_left(handle, path)
        half = _half_of(path, handle, ref)
        is_ours = _is_free_for(path, ref)  # before the lock it may have become another's
        if is_ours and (names == 1 or (names > 1 and half is not None and half.is_complete)):
            return Claim(path, handle, half)
        try:
            if is_ours and names > 1:
                remove_record(path)
                path.unlink()
        except PermissionError:  # Windows removes no open file
            return None
        finally:
            os.close(handle)
    return None


def _join_again(path: Path, ref: VideoRef) -> None:
    """Give a finished clip its unfinished name back, where a run died before it removed the record."""
    if os.path.lexists(path) or not os.path.lexists(record_of(path)):
        return
    with contextlib.suppress(OSError):
        final = path.with_name(path.name.removesuffix(PART_SUFFIX))
        handle = os.open(final, os.O_RDONLY | _FLAGS)
        try:
            # Whoever is just finishing it removes the record before it lets go of the lock.
            kept = _half_of(path, handle, ref) if lock_handle(handle) else None
            if kept is not None and kept.is_complete and kept.held_bytes == os.fstat(handle).st_size:
                os.link(final, path, follow_symlinks=False)
        finally:
            os.close(handle)


def _is_free_for(path: Path, ref: VideoRef) -> bool:
    """Whether a part is ``ref``'s by its record.

    Without a record nothing is anybody's but an empty file, and a second name of a finished one.
    """
    if os.path.lexists(record_of(path)):
        kept = _read(record_of(path))
        return kept is not None and kept.ref == ref
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and (found.st_size == 0 or found.st_nlink > 1)


def _half_of(path: Path, handle: int, ref: VideoRef) -> HalfClip | None:
    """What the record says is in the open file, if it can be true."""
    kept = _read(record_of(path))
    if kept is None or kept.ref != ref or not 0 < kept.held_bytes <= os.fstat(handle).st_size:
        return None
    return kept


def _read(record: Path) -> HalfClip | None:
    try:
        handle = os.open(record, os.O_RDONLY | _FLAGS)
    except OSError:
        return None
    try:
        return from_record(os.read(handle, _MAX_RECORD_BYTES).decode(errors="replace"))
    except OSError:  # a folder, or a pipe
        return None
    finally:
        os.close(handle)


def _names_left(handle: int, path: Path) -> int:
    """How many names the open file has, or 0 if ``path`` is none of them any more."""
    opened = os.fstat(handle)
    try:
        is_there = os.path.samestat(opened, path.lstat())
    except FileNotFoundError:
        return 0
    return max(1, opened.st_nlink) if is_there else 0
