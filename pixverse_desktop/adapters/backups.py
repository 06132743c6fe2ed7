"""Copies of the list that were whole when they were made, and what to do when the list itself is not."""

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pixverse_desktop.adapters.migrations import MIGRATIONS, schema_version
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.retention import Backup, BackupName, BackupReason, expendable

_NAME = re.compile(
    r"library-(?P<at>\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})-(?P<reason>[a-z-]+?)(?:-\d+)?\.sqlite3\Z"
)
_NUMBERS = tuple(f"-{number}" for number in range(2, 1000))  # for several of one second
_STAMP = "%Y-%m-%dT%H-%M-%S"
_SIDE_FILES = ("-wal", "-shm", "-journal")


class BackupFolder:
    """The backups of one list. Blocking; call it off the loop. Raises ``StoreFailed``."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._library = library
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
            final = self._free_name(reason, now_s)
            part = final.with_suffix(".part")
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            try:
                _copy(self._library, part)
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
        """Put ``backup`` in the list's place; the list must be closed. What was there is backed up first."""
        if not is_restorable(backup):
            raise StoreFailed("This backup is damaged or of a newer program, and was not restored.")
        before = self._make(BackupReason.RESTORE, now_s)
        self._put_in_place(backup)
        self._let_go(now_s)  # not before: the one to restore may be among those that go
        return before

    def set_aside(self, *, now_s: float) -> Path:
        """Move a damaged list, with its side files, out of the way; never deletes it."""
        stamp = _stamp(now_s)
        stem = f"{self._library.stem}.damaged-{stamp}"
        with _in_our_words():
            asides = (self._library.with_name(f"{stem}{each}.sqlite3") for each in ("", *_NUMBERS))
            aside = next(path for path in asides if not path.exists())
            for suffix in ("", *_SIDE_FILES):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{self._library}{suffix}", f"{aside}{suffix}")
        return aside

    def put_newest_good_in_place(self) -> Backup | None:
        """Put the newest sound backup where no list is; None if there is none."""
        for backup in self.all():
            if is_restorable(backup.path):
                self._put_in_place(backup.path)
                return backup
        return None

    def _put_in_place(self, backup: Path) -> None:
        part = self._library.with_suffix(".restoring")
        with _in_our_words():
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            _copy(backup, part)
            for suffix in _SIDE_FILES:
                Path(f"{self._library}{suffix}").unlink(missing_ok=True)
            os.replace(part, self._library)

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
        names = (f"{first}{each}.sqlite3" for each in ("", *_NUMBERS))
        return next(self._folder / name for name in names if not (self._folder / name).exists())


def is_sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    try:
        with closing(_open_to_read(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except (sqlite3.Error, OSError):
        return False


def is_restorable(path: Path) -> bool:
    """Whether a file is a whole list that this program can open."""
    if count_videos(path) is None or not is_sound(path):
        return False
    with closing(_open_to_read(path)) as connection:
        return 0 < schema_version(connection) <= len(MIGRATIONS)


def count_videos(path: Path) -> int | None:
    """How many videos a list has, or None if it cannot be read."""
    try:
        with closing(_open_to_read(path)) as connection:
            row = connection.execute("SELECT count(*) FROM videos WHERE removed_at_s IS NULL").fetchone()
            return int(row[0])
    except (sqlite3.Error, OSError):
        return None


def _open_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)


def _copy(source: Path, target: Path) -> None:
    with closing(_open_to_read(source)) as reading, closing(sqlite3.connect(target)) as writing:
        writing.execute("PRAGMA synchronous = FULL")
        reading.backup(writing)  # in one go: under WAL nobody waits for it, and no writer makes it start anew
        writing.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


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
