"""The list in one SQLite file: written whole before anybody is told, by one thread of its own."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pixverse_desktop.adapters import attempt_rows, mark_rows, save_rows, video_rows
from pixverse_desktop.adapters.list_file import decoded
from pixverse_desktop.adapters.migrations import MIGRATIONS, migrate, refuse_newer, schema_version
from pixverse_desktop.adapters.opening import connect, copy_in_memory, list_uri, open_reader
from pixverse_desktop.adapters.video_rows import videos_of
from pixverse_desktop.core.attempts import AttemptRun
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import Account, Video, VideoRef

FILE_NAME = "library.sqlite3"

_MOST_SOUGHT = 1000  # rows asked for one by one; more are looked up among all that were removed
_ERASE_REMOVED = (
    attempt_rows.ERASE_REMOVED,
    save_rows.ERASE_REMOVED,
    mark_rows.ERASE_REMOVED,
    video_rows.ERASE_REMOVED,
)

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
        await self._run(lambda: self._write_all([video_rows.upsert(kept), *mark_rows.marking(marks)]))

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
        await self._run(lambda: self._write_all(mark_rows.marking(marks)))

    async def move(self, moves: Iterable[tuple[VideoRef, Video]]) -> None:
        """Move rows with their marks and their order in one transaction."""
        pairs = tuple(moves)
        work: list[tuple[str, Iterable[Sequence[Any]]]] = [
            *video_rows.move(pairs),
            (mark_rows.MOVE, [(*after.ref, *before) for before, after in pairs]),
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
        return self._read(videos_of, f"{video_rows.SELECT} WHERE removed_at_s IS NULL ORDER BY position")

    def _find_removed(self, refs: Sequence[VideoRef]) -> list[Video]:
        statement = f"{video_rows.SELECT} WHERE removed_at_s IS NOT NULL AND account = ? AND video_id = ?"
        if len(refs) > _MOST_SOUGHT:  # the bin is small beside a large import
            gone = {VideoRef(*row) for row in self._db.execute(video_rows.REMOVED)}
            refs = [ref for ref in refs if ref in gone]
        return [video for ref in refs for video in self._read(videos_of, statement, ref)]

    def _load_marks(self) -> dict[VideoRef, Marks]:
        return self._read(mark_rows.marks_of, mark_rows.SELECT)

    def _load_removed(self, since_s: float) -> list[Video]:
        statement = f"{video_rows.SELECT} WHERE removed_at_s >= ? ORDER BY removed_at_s DESC, position"
        return self._read(videos_of, statement, (since_s,))

    def _erase_removed(self) -> int:
        count = self._db.execute("SELECT count(*) FROM videos WHERE removed_at_s IS NOT NULL").fetchone()[0]
        self._write_all([(statement, [()]) for statement in _ERASE_REMOVED])
        return int(count)

    def _accounts(self) -> list[Account]:
        statement = "SELECT name, base_url FROM accounts ORDER BY name"
        return self._read(lambda cursor: [Account(*row) for row in cursor], statement)

    def _read(self, make: Callable[[sqlite3.Cursor], _T], statement: str, values: Sequence[Any] = ()) -> _T:
        """What ``make`` makes of the rows.

        Text that is no UTF-8 is rare, and a decoder of our own costs a third of a start's time: it
        comes in only where SQLite's has failed.
        """
        try:
            return make(self._db.execute(statement, values))
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
        self._db.text_factory = decoded
        try:
            return make(self._db.execute(statement, values))
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
