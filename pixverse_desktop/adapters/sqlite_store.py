"""The list in one SQLite file: written whole before anybody is told, by one thread of its own."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pixverse_desktop.adapters import attempt_rows, save_rows
from pixverse_desktop.adapters.list_file import decoded
from pixverse_desktop.adapters.migrations import MIGRATIONS, migrate, refuse_newer, schema_version
from pixverse_desktop.adapters.opening import connect, copy_in_memory, list_uri, open_reader
from pixverse_desktop.core.attempts import AttemptRun
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.marks import MAX_RATING, NO_MARKS, Marks
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import Account, Video, VideoRef, VideoStatus

FILE_NAME = "library.sqlite3"

_COLUMNS = tuple(field.name for field in fields(Video))
_ROW_OF = attrgetter(*_COLUMNS)
# Times no calendar has are told by SQLite in passing: asking of each in Python costs twice as much.
_TIMES = ("added_at_s", "created_at_s", "modified_at_s", "ended_at_s", "no_file_since_s")
_LAST_TIME_S = 253_402_300_799.0  # the end of the year 9999
_HAS_ODD_TIME = " OR ".join(f"{name} NOT BETWEEN 0.0 AND {_LAST_TIME_S}" for name in _TIMES)
_SELECT = f"SELECT {', '.join(_COLUMNS)}, {_HAS_ODD_TIME} FROM videos"
_UPSERT = (
    f"INSERT INTO videos ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT (account, video_id) DO UPDATE SET removed_at_s = NULL, "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in ("account", "video_id"))
)

_SELECT_MARKS = "SELECT account, video_id, tags, rating, is_rejected, note, batch FROM marks"
# Ids come as one JSON array: over a hundred thousand rows that takes half the time of one statement each.
_UPSERT_MARKS = (
    "INSERT OR REPLACE INTO marks (account, video_id, tags, rating, is_rejected, note, batch) "
    "SELECT ?, value, ?, ?, ?, ?, ? FROM json_each(?)"
)
_DELETE_MARKS = "DELETE FROM marks WHERE account = ? AND video_id IN (SELECT value FROM json_each(?))"
# A row moves with its number, so that it keeps its place in the order of adding.
_MOVE = (
    f"UPDATE videos SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE account = ? AND video_id = ?"
)
_MAKE_ROOM = "DELETE FROM videos WHERE account = ? AND video_id = ? AND removed_at_s IS NOT NULL"
_MOVE_MARKS = "UPDATE OR REPLACE marks SET account = ?, video_id = ? WHERE account = ? AND video_id = ?"
_REMOVED = "SELECT account, video_id FROM videos WHERE removed_at_s IS NOT NULL"
_MOST_SOUGHT = 1000  # rows asked for one by one; more are looked up among all that were removed
_ERASE_REMOVED = (
    attempt_rows.ERASE_REMOVED,
    save_rows.ERASE_REMOVED,
    "DELETE FROM marks WHERE (account, video_id) IN "
    "(SELECT account, video_id FROM videos WHERE removed_at_s IS NOT NULL)",
    "DELETE FROM videos WHERE removed_at_s IS NOT NULL",
)

_UNKNOWN = VideoStatus.UNKNOWN
_STATUSES = {status.value: status for status in VideoStatus}
_STATUS, _LOOKED, _AUDIO = map(_COLUMNS.index, ("status", "second_look_done", "has_audio"))
_TIME_PLACES = tuple(map(_COLUMNS.index, _TIMES))
_SLOTS = tuple(getattr(Video, name).__set__ for name in _COLUMNS)
_SET_REF = Video.ref.__set__  # type: ignore[attr-defined]  # a slot too, but no field

_NOTHING_MARKED: Mapping[VideoRef, Marks] = MappingProxyType({})

_T = TypeVar("_T")


class SqliteVideoStore:
    """The ``VideoStore`` port over ``library.sqlite3``.

    WAL lets readers read while we write. ``synchronous=FULL`` makes each commit survive a power cut:
    an id that was shown is never lost, at the price of one flush a change, paid on the store's own
    thread. A guest writes while another program owns the list: it never makes or migrates it.
    """

    def __init__(self, path: Path, *, read_only: bool = False, is_guest: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._is_guest = is_guest
        self._is_wanted = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open the file, making or migrating it. Raises ``StoreFailed`` or ``StoreTooNew``."""
        await self._run(self._open)

    async def aclose(self) -> None:
        """Close the file and end the thread."""
        try:
            await self._run(self._end)
        finally:
            self._worker.shutdown()

    async def load(self) -> Sequence[Video]:
        """All rows of the list in the order of their adding."""
        return await self._run(self._load)

    async def put(self, videos: Iterable[Video], marks: Mapping[VideoRef, Marks] = _NOTHING_MARKED) -> None:
        """Write rows, and marks, in one transaction."""
        kept = tuple(videos)
        await self._run(lambda: self._write_all([(_UPSERT, map(_ROW_OF, kept)), *_marking(marks)]))

    async def find_removed(self, refs: Iterable[VideoRef]) -> Sequence[Video]:
        """Those of ``refs`` that were taken off the list."""
        wanted = list(refs)
        return await self._run(lambda: self._find_removed(wanted))

    async def remove(self, refs: Iterable[VideoRef], *, at_s: float) -> None:
        """Take rows off the list; their facts stay in the file."""
        rows = [(at_s, ref.account, ref.video_id) for ref in refs]
        statement = "UPDATE videos SET removed_at_s = ? WHERE account = ? AND video_id = ?"
        await self._run(lambda: self._write(statement, rows))

    async def swap(self, work: Callable[[], None]) -> None:
        """Close the list and do ``work`` on its files; the next call opens it again."""

        def swap() -> None:
            self._close()
            work()

        await self._run(swap)  # whoever asks next opens it again, then or, on a full disk, later

    async def load_marks(self) -> Mapping[VideoRef, Marks]:
        """What a person said of each row that has any mark."""
        return await self._run(self._load_marks)

    async def put_marks(self, marks: Mapping[VideoRef, Marks]) -> None:
        """Write marks in one transaction; an empty mark leaves no row behind."""
        await self._run(lambda: self._write_all(_marking(marks)))

    async def move(self, moves: Iterable[tuple[VideoRef, Video]]) -> None:
        """Move rows with their marks and their order in one transaction."""
        pairs = tuple(moves)
        work: list[tuple[str, Sequence[Sequence[Any]]]] = [
            (_MAKE_ROOM, [after.ref for _, after in pairs]),
            (_MOVE, [(*_ROW_OF(after), *before) for before, after in pairs]),
            (_MOVE_MARKS, [(*after.ref, *before) for before, after in pairs]),
        ]
        await self._run(lambda: self._write_all(work))

    async def load_removed(self, *, since_s: float) -> Sequence[Video]:
        """Rows taken off the list at ``since_s`` or later, the last one first."""
        return await self._run(lambda: self._load_removed(since_s))

    async def erase_removed(self) -> int:
        """Forget every removed row for good, with its marks."""
        return await self._run(self._erase_removed)

    async def attempts(self, ref: VideoRef) -> Sequence[AttemptRun]:
        """What the questions about a video came to, the last at the end."""
        return await self._run(lambda: attempt_rows.load(self._db, ref))

    async def put_attempts(self, attempts: Mapping[VideoRef, Sequence[AttemptRun]]) -> None:
        """Add these to what is kept of each video, in one transaction."""
        await self._run(lambda: self._write(*attempt_rows.upsert(self._db, attempts)))

    async def prune_attempts(self, *, before_s: float, most_videos: int) -> None:
        """Forget the attempts that ended before ``before_s``, and the oldest beyond ``most_videos``."""
        await self._run(lambda: self._write_all(attempt_rows.prune(before_s, most_videos)))

    async def saves(self) -> Sequence[QueuedSave]:
        """What is to be saved, or was given up, the earliest first."""
        return await self._run(lambda: save_rows.load(self._db))

    async def put_saves(self, kept: Iterable[QueuedSave], dropped: Iterable[VideoRef]) -> None:
        """Add or replace some and forget others, in one transaction."""
        work = save_rows.change(kept, dropped)
        await self._run(lambda: self._write_all(work))

    async def views(self) -> Mapping[str, str]:
        """Saved searches by name."""
        return await self._run(lambda: dict(self._read(tuple, "SELECT name, query FROM views ORDER BY name")))

    async def put_view(self, name: str, query: str) -> None:
        """Add or replace a saved search."""
        statement = "INSERT OR REPLACE INTO views (name, query) VALUES (?, ?)"
        await self._run(lambda: self._write(statement, [(name, query)]))

    async def remove_view(self, name: str) -> None:
        """Forget a saved search."""
        await self._run(lambda: self._write("DELETE FROM views WHERE name = ?", [(name,)]))

    async def accounts(self) -> Sequence[Account]:
        """The accounts known by name."""
        return await self._run(self._accounts)

    async def put_account(self, account: Account) -> None:
        """Add or replace an account's public half."""
        statement = "INSERT OR REPLACE INTO accounts (name, base_url) VALUES (?, ?)"
        await self._run(lambda: self._write(statement, [(account.name, account.base_url)]))

    async def remove_account(self, name: str) -> None:
        """Forget an account's public half."""
        await self._run(lambda: self._write("DELETE FROM accounts WHERE name = ?", [(name,)]))

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, _translated, work)

    def _open(self) -> None:
        self._is_wanted = True
        if self._read_only:
            self._open_to_read()
        elif self._is_guest:
            self._open_as_guest()
        else:
            self._open_as_owner()

    def _open_as_owner(self) -> None:
        # SQLite gives the side files the mode of the main one, so this one decides for all.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        self._connection = connect(self._path)
        self._connection.execute("PRAGMA synchronous = FULL")
        refuse_newer(schema_version(self._connection))  # before WAL, which writes into the file
        self._connection.execute(
            "PRAGMA journal_mode = WAL"
        )  # before migrating: no journal a reader trips over
        migrate(self._connection)

    def _open_as_guest(self) -> None:
        self._connection = connect(list_uri(self._path, "mode=rw"))
        self._connection.execute("PRAGMA synchronous = FULL")
        version = schema_version(self._connection)
        refuse_newer(version)
        if version < len(MIGRATIONS):
            raise StoreFailed(
                "This list is of an older version. Start PixVerse Desktop once to bring it up to date, then "
                "try again."
            )

    def _open_to_read(self) -> None:
        """A list nobody has made yet reads as an empty one, and is not made by reading.

        An older list is read as it would be after its migrations, which happen to a copy in memory.
        """
        self._connection = open_reader(self._path) if self._path.exists() else connect(":memory:")
        if schema_version(self._connection) < len(MIGRATIONS):
            self._connection = copy_in_memory(self._connection)
        migrate(self._connection)

    def _end(self) -> None:
        self._is_wanted = False
        self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _load(self) -> list[Video]:
        return self._read(_video, f"{_SELECT} WHERE removed_at_s IS NULL ORDER BY position")

    def _find_removed(self, refs: Sequence[VideoRef]) -> list[Video]:
        statement = f"{_SELECT} WHERE removed_at_s IS NOT NULL AND account = ? AND video_id = ?"
        if len(refs) > _MOST_SOUGHT:  # the bin is small beside a large import
            gone = {VideoRef(*row) for row in self._db.execute(_REMOVED)}
            refs = [ref for ref in refs if ref in gone]
        return [video for ref in refs for video in self._read(_video, statement, ref)]

    def _load_marks(self) -> dict[VideoRef, Marks]:
        shared: dict[tuple[Any, ...], Marks] = {}  # a hundred thousand rows tagged alike share one value
        marks: dict[VideoRef, Marks] = {}
        for account, video_id, *row in self._read(tuple, _SELECT_MARKS):
            key = tuple(row)
            if key not in shared:
                shared[key] = _marks(*key)
            marks[VideoRef(account, video_id)] = shared[key]
        return marks

    def _load_removed(self, since_s: float) -> list[Video]:
        statement = f"{_SELECT} WHERE removed_at_s >= ? ORDER BY removed_at_s DESC, position"
        return self._read(_video, statement, (since_s,))

    def _erase_removed(self) -> int:
        count = self._db.execute("SELECT count(*) FROM videos WHERE removed_at_s IS NOT NULL").fetchone()[0]
        self._write_all([(statement, [()]) for statement in _ERASE_REMOVED])
        return int(count)

    def _accounts(self) -> list[Account]:
        return self._read(lambda row: Account(*row), "SELECT name, base_url FROM accounts ORDER BY name")

    def _read(self, make: Callable[[Any], _T], statement: str, values: Sequence[Any] = ()) -> list[_T]:
        """What ``make`` makes of each row.

        Text that is no UTF-8 is rare, and a decoder of our own costs a third of a start's time: it
        comes in only where SQLite's has failed.
        """
        try:
            return [make(row) for row in self._db.execute(statement, values)]
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
        self._db.text_factory = decoded
        try:
            return [make(row) for row in self._db.execute(statement, values)]
        finally:
            self._db.text_factory = str

    def _write(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self._write_all([(statement, rows)])

    def _write_all(self, work: Sequence[tuple[str, Iterable[Sequence[Any]]]]) -> None:
        """Do all of ``work`` in one transaction, or none of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for statement, rows in work:
                self._db.executemany(statement, rows)
        except BaseException:
            if self._db.in_transaction:  # SQLite has ended it by itself when the disk is full
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None and self._is_wanted:
            self._open()
        if self._connection is None:
            raise StoreFailed("The list is not open.")
        return self._connection


def _translated(work: Callable[[], _T]) -> _T:
    try:
        return work()
    except (sqlite3.Error, OSError, UnicodeError) as error:  # the last: a path that is no UTF-8
        raise StoreFailed(
            f"The list could not be read or written: {error}. Nothing in memory is lost; "
            "free some space or check the folder’s permissions, then go on."
        ) from error


def _marking(marks: Mapping[VideoRef, Marks]) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """What to write; rows marked alike share one value, and are written by one statement."""
    groups: dict[tuple[str, int], tuple[Marks, list[str]]] = {}
    for (account, video_id), each in marks.items():
        group = groups.get((account, id(each)))
        if group is None:
            group = groups[account, id(each)] = (each, [])
        group[1].append(video_id)
    kept: list[tuple[Any, ...]] = []
    dropped: list[tuple[Any, ...]] = []
    for (account, _), (each, video_ids) in groups.items():
        if each == NO_MARKS:
            dropped.append((account, json.dumps(video_ids)))
        else:
            kept.append((account, *_mark_row(each), json.dumps(video_ids)))
    return [(_UPSERT_MARKS, kept), (_DELETE_MARKS, dropped)]


def _mark_row(marks: Marks) -> tuple[Any, ...]:
    tags = json.dumps(marks.tags, ensure_ascii=False)
    return (tags, marks.rating, int(marks.is_rejected), marks.note, marks.batch)


def _marks(tags: str, rating: int, is_rejected: int, note: str, batch: str) -> Marks:
    return Marks(_tags(tags), max(0, min(rating, MAX_RATING)), bool(is_rejected), note, batch)


def _tags(text: str) -> tuple[str, ...]:
    """The tags of a row; a damaged cell costs its own tags and no more."""
    try:
        return tuple(str(tag) for tag in json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return ()


def _video(row: Sequence[Any]) -> Video:
    """A row as a video; slot by slot, which takes half the time of the constructor over a large list."""
    values = list(row)
    if values[-1]:
        _mend_times(values)
    values[_STATUS] = _STATUSES.get(row[_STATUS], _UNKNOWN)  # of a damaged cell
    values[_LOOKED] = row[_LOOKED] == 1
    values[_AUDIO] = None if row[_AUDIO] is None else row[_AUDIO] == 1
    video: Video = object.__new__(Video)
    for set_slot, value in zip(_SLOTS, values, strict=False):  # but for the last, which is no slot's
        set_slot(video, value)
    _SET_REF(video, tuple.__new__(VideoRef, (video.account, video.video_id)))
    return video


def _mend_times(values: list[Any]) -> None:
    """Bring times of a damaged cell into the calendar."""
    for place in _TIME_PLACES:
        if values[place] is not None:
            values[place] = max(0.0, min(values[place], _LAST_TIME_S))
