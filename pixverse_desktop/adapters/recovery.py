"""What to do at the start with a list that is damaged: nothing is deleted, as much as possible comes back."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.migrations import MIGRATIONS, migrate, schema_version
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.identifiers import check_id
from pixverse_desktop.core.retention import BackupReason
from pixverse_desktop.core.video import Video, VideoStatus

Record = dict[str, Any]

_VIDEO_COLUMNS = tuple(field.name for field in fields(Video))
_MARK_COLUMNS = ("account", "video_id", "tags", "rating", "is_rejected", "note", "batch")
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY_TIMEOUT_S = 5.0
_STATUSES = frozenset(status.value for status in VideoStatus)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was done about a damaged list.

    Attributes:
        aside: where the damaged file is kept.
        backup_made_at: when the restored backup was made, or empty if there was none.
        restored: videos that came back from the backup.
        rescued: further videos that could still be read from the damaged file.
    """

    aside: Path
    backup_made_at: str
    restored: int
    rescued: int

    def words(self) -> str:
        """What happened, for the person."""
        day, _, time = self.backup_made_at.partition("T")
        made_at = f"{day} {time.replace('-', ':')} UTC"
        came = f"{self.restored} videos came back from the backup of {made_at}"
        parts = [came if self.backup_made_at else "there was no backup to restore"]
        if self.rescued:
            parts.append(f"{self.rescued} more could be read from the damaged file")
        return (
            f"The list was damaged: {', and '.join(parts)}. Ids added since may be missing. "
            f"The damaged file is kept as {self.aside.name}."
        )


def make_ready(library: Path, backups: BackupFolder, *, now_s: float) -> Recovery | None:
    """Before a list is opened: mend it if it is damaged, back it up if it is about to be migrated.

    A list that cannot be looked into for another reason, such as its folder's permissions, is left
    for its opening to complain of. Raises ``StoreFailed``.
    """
    try:
        if not library.exists() or (library.stat().st_size == 0 and not backups.all()):
            return None
        if is_damaged(library):
            return _recover(library, backups, now_s)
        with closing(_open_to_read(library)) as connection:
            version = schema_version(connection)
    except (sqlite3.Error, OSError) as error:
        raise StoreFailed(f"The list could not be read: {error}. Check the folder’s permissions.") from error
    if 0 < version < len(MIGRATIONS):
        backups.make(BackupReason.MIGRATION, now_s=now_s)
    return None


def is_damaged(library: Path) -> bool:
    """Whether SQLite finds something wrong with a file; one that is busy or locked away is not damaged."""
    if library.stat().st_size == 0:
        return True
    try:
        with closing(_open_to_read(library)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
            return True
        raise


def _recover(library: Path, backups: BackupFolder, now_s: float) -> Recovery:
    aside = backups.set_aside(now_s=now_s)
    backup = backups.put_newest_good_in_place()
    rescued = _rescue(aside, library)
    return Recovery(
        aside=aside,
        backup_made_at=backup.name.made_at if backup else "",
        restored=backup.videos if backup else 0,
        rescued=rescued,
    )


def _rescue(damaged: Path, library: Path) -> int:
    """Copy what rows can still be read and are not in the list; how many. Their marks come with them."""
    videos = _readable(damaged, "videos", _VIDEO_COLUMNS, "position", " WHERE removed_at_s IS NULL")
    if not videos:
        return 0
    marks = _readable(damaged, "marks", _MARK_COLUMNS, "account, video_id", "")
    os.close(os.open(library, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(library, isolation_level=None)) as connection:
        migrate(connection)
        connection.execute("BEGIN IMMEDIATE")
        rescued = _insert(connection, "videos", videos, _is_video)
        _insert(connection, "marks", marks, _is_key)
        connection.execute("COMMIT")
    return rescued


def _insert(
    connection: sqlite3.Connection, table: str, records: Sequence[Record], is_usable: Callable[[Record], bool]
) -> int:
    """Insert one by one what the list does not have and can use; how many."""
    count = 0
    for record in filter(is_usable, records):
        names, places = ", ".join(record), ", ".join("?" * len(record))
        statement = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})"
        with suppress(sqlite3.IntegrityError, sqlite3.InterfaceError):  # a value of another type, or none
            count += connection.execute(statement, tuple(record.values())).rowcount
    return count


def _is_key(record: Record) -> bool:
    video_id = record["video_id"]
    return isinstance(record["account"], str) and isinstance(video_id, str) and check_id(video_id) == video_id


def _is_video(record: Record) -> bool:
    return _is_key(record) and record["status"] in _STATUSES


def _readable(
    damaged: Path, table: str, columns: Sequence[str], order: str, condition: str
) -> Sequence[Record]:
    """Every row that SQLite still reads, from the front and, past a broken page, from the back."""
    found: dict[tuple[Any, Any], Record] = {}
    backwards = ", ".join(f"{column} DESC" for column in order.split(", "))
    for way in (order, backwards):
        statement = f"SELECT {', '.join(columns)} FROM {table}{condition} ORDER BY {way}"
        for row in _rows_until_broken(damaged, statement):
            record = dict(zip(columns, row, strict=True))
            found.setdefault((record["account"], record["video_id"]), record)
    return list(found.values())


def _rows_until_broken(damaged: Path, statement: str) -> Iterator[tuple[Any, ...]]:
    with suppress(sqlite3.Error), closing(_open_to_read(damaged)) as connection:
        connection.text_factory = _decoded
        yield from connection.execute(statement)


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")


def _open_to_read(path: Path) -> sqlite3.Connection:
    """Without any writing: closing it leaves every byte as it was."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_TIMEOUT_S)
