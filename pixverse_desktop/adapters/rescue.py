"""Brings into a list what another file of one still holds, however damaged that file is."""

import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from pixverse_desktop.adapters.list_file import decoded, open_to_read, size_of
from pixverse_desktop.core.identifiers import check_id
from pixverse_desktop.core.video import Video, VideoStatus

Record = Mapping[str, Any]

_STATUSES = frozenset(status.value for status in VideoStatus)
_KEY = ("account", "video_id")
_BARE_NAMES = tuple(field.name for field in fields(Video))
_MOST_PROBES = 4000  # a second or two, also where thousands of pages are broken
_SMALLEST_ROW_BYTES = 50
_LAST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class _Table:
    """A table of the list.

    Attributes:
        number: the column that is the row number, or empty.
        key: the columns by which two files mean the same row.
    """

    name: str
    columns: tuple[str, ...]
    number: str
    key: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """What is copied: two files may count the same rows differently."""
        return tuple(each for each in self.columns if each != self.number or self.key == (self.number,))


def merge(source: Path, target: sqlite3.Connection, *, is_newer: bool, now_s: float) -> int:
    """Copy what ``source`` has; how many videos are in the list now that were not in it before.

    Every table of the list is copied, of whatever version ``source`` is. Where both have a row, a
    ``source`` that is newer has the better one, if it makes sense. An id of which nothing else can be
    read waits as if it had just been added.
    """
    try:
        wreck = _Wreck(source)
    except sqlite3.Error:  # it is not there
        return 0
    before = _listed(target)
    target.execute("BEGIN IMMEDIATE")
    with closing(wreck):
        for table in _tables(target):
            inserter = _Inserter(target, table, is_newer=is_newer, now_s=now_s)
            for record in wreck.records(table, _refs(target) if table.key == _KEY else ()):
                inserter.insert(record)
    target.execute("COMMIT")
    return len(_listed(target) - before)


class _Wreck:
    """A file that may be broken anywhere: whatever cannot be read is left out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = open_to_read(path)
        self._connection.text_factory = decoded

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def records(self, table: _Table, refs: Sequence[tuple[str, str]]) -> list[Record]:
        """Every row that can be read, in the order of the table; ``refs`` are ids it may have rows of."""
        present, _ = self.scan(f"PRAGMA table_info({table.name})")
        names = {row[1] for row in present}
        columns = tuple(each for each in table.columns if each in names)
        if not {*table.key, *filter(None, [table.number])} <= names:
            return []
        reader = _TableReader(self, table, columns)
        return reader.by_number() if table.number else reader.by_key(refs)

    @cached_property
    def highest_number(self) -> int:
        """A row number that no table goes far beyond: a bound for searching."""
        used, _ = self.scan("SELECT max(seq) FROM sqlite_sequence")
        known = [row[0] for row in used if isinstance(row[0], int)]
        return max([size_of(self._path) // _SMALLEST_ROW_BYTES, *known]) + 1

    def scan(self, statement: str, values: Sequence[Any] = ()) -> tuple[list[Any], bool]:
        """The rows up to a broken page, and whether there was one."""
        rows: list[Any] = []
        try:
            rows.extend(self._connection.execute(statement, tuple(values)))  # keeps what came before the page
        except (sqlite3.Error, OverflowError):
            return rows, True
        return rows, False


class _TableReader:
    """Reads one table of a wreck."""

    def __init__(self, wreck: _Wreck, table: _Table, columns: Sequence[str]) -> None:
        self._wreck = wreck
        self._table = table
        self._columns = columns
        self._select = f"SELECT {', '.join(columns)} FROM {table.name}"

    def by_number(self) -> list[Record]:
        """Row by row, and past broken pages; then what only the index of the key still knows."""
        number = self._table.number
        found = {record[number]: record for record in map(self._record, self._between_breaks())}
        known = {tuple(record[each] for each in self._table.key) for record in found.values()}
        for *key, row_number in self._indexed_keys():
            if tuple(key) not in known:
                found.setdefault(
                    row_number, {number: row_number, **dict(zip(self._table.key, key, strict=True))}
                )
        return [found[each] for each in sorted(found, key=_as_number)]

    def by_key(self, refs: Sequence[tuple[str, str]]) -> list[Record]:
        """From the front, from the back, and, between two breaks, one by one for each of ``refs``."""
        rows, is_broken = self._wreck.scan(f"{self._select} ORDER BY {', '.join(self._table.key)}")
        if is_broken:
            backwards = ", ".join(f"{each} DESC" for each in self._table.key)
            rows += self._wreck.scan(f"{self._select} ORDER BY {backwards}")[0]
            condition = " AND ".join(f"{each} = ?" for each in self._table.key)
            for ref in refs:
                rows += self._wreck.scan(f"{self._select} WHERE {condition}", ref)[0]
        return [self._record(row) for row in rows]

    def _between_breaks(self) -> Iterator[Any]:
        """Rows from the front and from the back of every stretch, which is halved where both ends break."""
        place = self._columns.index(self._table.number)
        number = self._table.number
        stretch = f"{self._select} WHERE {number} > ? AND {number} < ? ORDER BY {number}"
        stretches = deque([(-_LAST_NUMBER, _LAST_NUMBER)])
        for _ in range(_MOST_PROBES):
            if not stretches:
                return
            front, back = stretches.popleft()
            rows, is_broken = self._wreck.scan(stretch, (front, back))
            yield from rows
            if is_broken:
                front = rows[-1][place] if rows else front
                rows, _ = self._wreck.scan(f"{stretch} DESC", (front, back))
                yield from rows
                back = rows[-1][place] if rows else min(back, self._wreck.highest_number)
                stretches += _halves(max(front, 0), back)

    def _indexed_keys(self) -> list[Any]:
        """The keys, with the row numbers, of the index that keeps them apart: it has pages of its own."""
        names = ", ".join((*self._table.key, self._table.number))
        index = f"sqlite_autoindex_{self._table.name}_1"
        statement = f"SELECT {names} FROM {self._table.name} INDEXED BY {index} ORDER BY "
        rows, is_broken = self._wreck.scan(statement + ", ".join(self._table.key))
        if is_broken:
            rows += self._wreck.scan(statement + ", ".join(f"{each} DESC" for each in self._table.key))[0]
        return rows

    def _record(self, row: Sequence[Any]) -> Record:
        return dict(zip(self._columns, row, strict=True))


class _Inserter:
    """Puts records into one table of the list, each judged by itself."""

    def __init__(self, target: sqlite3.Connection, table: _Table, *, is_newer: bool, now_s: float) -> None:
        self._target = target
        self._table = table
        self._is_newer = is_newer
        self._now_s = now_s

    def insert(self, record: Record) -> None:
        """Insert a row, or replace a worse one; one that the list cannot take leaves its id."""
        is_video = self._table.name == "videos"
        if "video_id" in record and not _is_key(record):
            return
        if is_video and "status" not in record:
            self._insert_bare(record)
            return
        is_better = self._is_newer and _makes_sense(record)
        if is_video and record["status"] not in _STATUSES:
            record = {**record, "status": VideoStatus.UNKNOWN.value}
        try:
            self._execute({name: record[name] for name in self._table.kept if name in record}, is_better)
        except (sqlite3.IntegrityError, sqlite3.InterfaceError):  # a value of another type, or none
            if is_video:
                self._insert_bare(record)

    def _insert_bare(self, record: Record) -> None:
        video = Video(account=record["account"], video_id=record["video_id"], added_at_s=self._now_s)
        self._execute(dict(zip(_BARE_NAMES, astuple(video), strict=True)), is_better=False)

    def _execute(self, record: Record, is_better: bool) -> None:
        changed = [name for name in record if name not in self._table.key]
        update = f"UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in changed)}"
        self._target.execute(
            f"INSERT INTO {self._table.name} ({', '.join(record)}) VALUES ({', '.join('?' * len(record))}) "
            f"ON CONFLICT ({', '.join(self._table.key)}) DO {update if is_better and changed else 'NOTHING'}",
            tuple(record.values()),
        )


def _tables(target: sqlite3.Connection) -> list[_Table]:
    """The list's tables, the videos first: other tables may be asked for by their ids."""
    statement = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    names = sorted((name for (name,) in target.execute(statement)), key=lambda name: (name != "videos", name))
    return [_table(target, name) for name in names]


def _table(target: sqlite3.Connection, name: str) -> _Table:
    info = target.execute(f"PRAGMA table_info({name})").fetchall()
    key = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
    types = {row[1]: row[2] for row in info}
    number = key[0] if len(key) == 1 and types[key[0]] == "INTEGER" else ""
    for _, index, is_unique, origin, *_ in target.execute(f"PRAGMA index_list({name})").fetchall():
        if number and is_unique and origin == "u":
            key = tuple(row[2] for row in target.execute(f"PRAGMA index_info({index})"))
    return _Table(name, tuple(types), number, key)


def _halves(front: int, back: int) -> list[tuple[int, int]]:
    """The numbers between two, as two stretches that leave none out; none where there is but one."""
    middle = (front + back) // 2
    return [(front, middle + 1), (middle, back)] if back - front > 2 else []


def _listed(target: sqlite3.Connection) -> set[Any]:
    return set(target.execute("SELECT account, video_id FROM videos WHERE removed_at_s IS NULL"))


def _refs(target: sqlite3.Connection) -> list[Any]:
    return target.execute("SELECT account, video_id FROM videos").fetchall()


def _is_key(record: Record) -> bool:
    video_id = record["video_id"]
    return isinstance(record["account"], str) and isinstance(video_id, str) and check_id(video_id) == video_id


def _makes_sense(record: Record) -> bool:
    is_text_whole = all("\ufffd" not in value for value in record.values() if isinstance(value, str))
    return is_text_whole and record.get("status", VideoStatus.WAITING) in _STATUSES


def _as_number(number: object) -> int:
    return number if isinstance(number, int) else _LAST_NUMBER
