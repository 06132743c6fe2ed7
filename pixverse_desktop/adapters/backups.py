"""Copies of the list that were whole when they were made, and what to do when the list itself is not."""

import contextlib
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from pixverse_desktop.adapters.list_file import (
    SIDE_FILES,
    copy_list,
    is_damaged,
    is_sound,
    move_files,
    new_private_file,
    open_to_read,
    put_in_place,
    size_of,
    use_wal,
)
from pixverse_desktop.adapters.migrations import MIGRATIONS, schema_version
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.retention import Backup, BackupName, BackupReason, expendable

_NAME = re.compile(
    r"library-(?P<at>\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})-(?P<reason>[a-z-]+?)(?:-\d+)?\.sqlite3\Z"
)
_STAMP = "%Y-%m-%dT%H-%M-%S"
_FORGOTTEN_AFTER_S = 3600.0


class BackupFolder:
    """The backups of one list. Blocking; call it off the loop. Raises ``StoreFailed``."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._library = library.resolve()  # a link to a list stays one, whatever takes the list's place
        self._folder = folder

    def make(self, reason: BackupReason, *, now_s: float) -> Path | None:
        """Copy the list as it is, check the copy, and let older ones go; None where there is no list yet."""
        made = self._make(reason, now_s)
        self._let_go(now_s)
        return made

    def _make(self, reason: BackupReason, now_s: float) -> Path | None:
        with _in_our_words():
            if not self._library.exists():
                return None
            self._clear_half_made()
            final = self._free_name(reason, now_s)
            part = final.with_suffix(".part")
            new_private_file(part)
            try:
                copy_list(self._library, part)
                if not is_sound(part):
                    raise StoreFailed("The list could not be backed up: the copy is damaged.")
                os.replace(part, final)
            finally:
                part.unlink(missing_ok=True)
        return final

    def has_made(self, reason: BackupReason, *, now_s: float) -> bool:
        """Whether a backup for ``reason`` was made on the day of ``now_s``."""
        today = datetime.fromtimestamp(now_s, UTC).date()
        return any(each.reason is reason and each.day == today for each in self._names())

    def all(self) -> list[Backup]:
        """Every backup that can be read, the newest first."""
        found = []
        for name in sorted(self._names(), reverse=True):
            path = self._folder / name.name
            if (videos := count_videos(path)) is not None:
                found.append(Backup(name, path, videos))
        return found

    def restore(self, backup: Path, *, now_s: float) -> Path | None:
        """Put ``backup`` in the list's place; the list must be closed.

        What was there is backed up first, or set aside if it is damaged; returns where it is.
        """
        if not is_restorable(backup):
            raise StoreFailed("This backup is damaged or of a newer program, and was not restored.")
        with _in_our_words():
            part = self._library.with_suffix(".restoring")
            new_private_file(part)
            try:
                copy_list(backup, part)
                use_wal(part)
                before = self._keep_former(now_s)
                put_in_place(part, self._library)
            finally:
                part.unlink(missing_ok=True)
        self._let_go(now_s)  # not before: the one to restore may be among those that go
        return before

    def _keep_former(self, now_s: float) -> Path | None:
        try:
            return self._make(BackupReason.RESTORE, now_s)
        except StoreFailed:
            if not is_damaged(self._library):
                raise
            return self.set_aside(now_s=now_s)

    def set_aside(self, *, now_s: float) -> Path:
        """Move a damaged list, with its side files, out of the way; never deletes it."""
        aside = self.free_aside(now_s=now_s)
        with _in_our_words():
            move_files(self._library, aside)
        return aside

    def free_aside(self, *, now_s: float) -> Path:
        """A name beside the list for a damaged one, which nothing has yet."""
        stem = f"{self._library.stem}.damaged-{_stamp(now_s)}"
        names = (self._library.with_name(f"{stem}{each}.sqlite3") for each in _numbers())
        return next(path for path in names if not _is_taken(path))

    def newest_aside(self) -> Path | None:
        """The damaged list that was set aside last, if there is any."""
        asides = self._library.parent.glob(f"{self._library.stem}.damaged-*.sqlite3")
        return max((path for path in asides if size_of(path)), default=None)

    def restorable(self, *, now_s: float) -> Iterator[Backup]:
        """Those backups that are whole lists, the newest first.

        One dated later than now was made under a wrong clock; it may be older than all, and comes last.
        """
        now = _stamp(now_s)
        for backup in sorted(self.all(), key=lambda each: each.name.made_at > now):
            if is_restorable(backup.path):
                yield backup

    def _let_go(self, now_s: float) -> None:
        today = datetime.fromtimestamp(now_s, UTC).date()
        for name in expendable(self._names(), today):
            with contextlib.suppress(OSError):
                (self._folder / name.name).unlink()

    def _names(self) -> list[BackupName]:
        with _in_our_words():
            entries = [entry.name for entry in os.scandir(self._folder)] if self._folder.exists() else []
        return [name for name in map(_name_of, entries) if name is not None]

    def _free_name(self, reason: BackupReason, now_s: float) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        first = f"library-{_stamp(now_s)}-{reason.value}"
        names = (self._folder / f"{first}{each}.sqlite3" for each in _numbers())
        return next(path for path in names if not path.exists())

    def _clear_half_made(self) -> None:
        """Remove what killed programs left; a backup that another thread is making is younger."""
        for part in self._folder.glob("library-*.part*"):
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > _FORGOTTEN_AFTER_S:
                    part.unlink()


def is_restorable(path: Path) -> bool:
    """Whether a file is a whole list that this program can open."""
    if count_videos(path) is None or not is_sound(path):
        return False
    with closing(open_to_read(path)) as connection:
        return 0 < schema_version(connection) <= len(MIGRATIONS)


def count_videos(path: Path) -> int | None:
    """How many videos a list has, or None if it cannot be read."""
    try:
        with closing(open_to_read(path)) as connection:
            row = connection.execute("SELECT count(*) FROM videos WHERE removed_at_s IS NULL").fetchone()
            return int(row[0])
    except (sqlite3.Error, OSError):
        return None


def _numbers() -> Iterator[str]:
    """What tells several files of one second apart."""
    return ("" if number == 1 else f"-{number}" for number in count(1))


def _is_taken(path: Path) -> bool:
    return any(Path(f"{path}{suffix}").exists() for suffix in ("", *SIDE_FILES))


def _stamp(now_s: float) -> str:
    return datetime.fromtimestamp(now_s, UTC).strftime(_STAMP)


def _name_of(name: str) -> BackupName | None:
    match = _NAME.match(name)
    if match is None or match["reason"] not in set(BackupReason):
        return None
    try:
        datetime.strptime(match["at"], _STAMP)
    except ValueError:  # a day no calendar has
        return None
    return BackupName(match["at"], BackupReason(match["reason"]), name)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreFailed(f"The backup could not be made or restored: {error}.") from error
