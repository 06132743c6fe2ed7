"""Videos as rows of the list's file. A large list is read column by column, not row by row."""

import sqlite3
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import repeat
from operator import attrgetter
from typing import Any

from pixverse_desktop.core.video import Video, VideoRef, VideoStatus

Work = tuple[str, Iterable[Sequence[Any]]]

_COLUMNS = tuple(field.name for field in fields(Video))
_ROW_OF = attrgetter(*_COLUMNS)
# Times no calendar has are told by SQLite in passing: asking of each in Python costs twice as much.
_TIMES = ("added_at_s", "created_at_s", "modified_at_s", "ended_at_s", "no_file_since_s")
_LAST_TIME_S = 253_402_300_799.0  # the end of the year 9999
_HAS_ODD_TIME = " OR ".join(f"{name} NOT BETWEEN 0.0 AND {_LAST_TIME_S}" for name in _TIMES)

SELECT = f"SELECT {', '.join(_COLUMNS)}, {_HAS_ODD_TIME} FROM videos"
"""What ``videos_of`` reads, of all rows until a condition is added."""

ERASE_REMOVED = "DELETE FROM videos WHERE removed_at_s IS NOT NULL"
REMOVED = "SELECT account, video_id FROM videos WHERE removed_at_s IS NOT NULL"

_UPSERT = (
    f"INSERT INTO videos ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT (account, video_id) DO UPDATE SET removed_at_s = NULL, "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in ("account", "video_id"))
)
# A row moves with its number, so that it keeps its place in the order of adding.
_MOVE = (
    f"UPDATE videos SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE account = ? AND video_id = ?"
)
_MAKE_ROOM = "DELETE FROM videos WHERE account = ? AND video_id = ? AND removed_at_s IS NOT NULL"

_ROWS_A_PIECE = 1024  # few enough to stay near the processor
_STATUSES = {status.value: status for status in VideoStatus}
_ACCOUNT, _VIDEO_ID, _STATUS, _LOOKED, _AUDIO = map(
    _COLUMNS.index, ("account", "video_id", "status", "second_look_done", "has_audio")
)
_TIME_PLACES = tuple(map(_COLUMNS.index, _TIMES))
_SLOTS = tuple(getattr(Video, name).__set__ for name in _COLUMNS)
_SET_REF = Video.ref.__set__  # type: ignore[attr-defined]  # a slot too, but no field


def upsert(videos: Iterable[Video]) -> Work:
    """The statement, with its rows, that writes ``videos``; one that was removed is back with it."""
    return _UPSERT, map(_ROW_OF, videos)


def move(moves: Iterable[tuple[VideoRef, Video]]) -> list[Work]:
    """The statements that put each video in the place of the row that is named with it."""
    pairs = tuple(moves)
    return [
        (_MAKE_ROOM, [after.ref for _, after in pairs]),
        (_MOVE, [(*_ROW_OF(after), *before) for before, after in pairs]),
    ]


def videos_of(cursor: sqlite3.Cursor) -> list[Video]:
    """The videos of a ``SELECT``. A damaged cell costs its own value and no more.

    Slot by slot, and each for many rows at once: over a large list that takes a quarter of the time of the
    constructor, and a start spends most of its time here.
    """
    videos: list[Video] = []
    while rows := cursor.fetchmany(_ROWS_A_PIECE):
        videos += _videos(list(zip(*rows, strict=True)))
    return videos


def _videos(columns: list[Sequence[Any]]) -> list[Video]:
    """The videos of some rows, which come column by column, the last telling of odd times."""
    if any(columns.pop()):
        for place in _TIME_PLACES:
            columns[place] = list(map(_in_calendar, columns[place]))
    columns[_STATUS] = [_STATUSES.get(word, VideoStatus.UNKNOWN) for word in columns[_STATUS]]
    columns[_LOOKED] = [cell == 1 for cell in columns[_LOOKED]]
    columns[_AUDIO] = [None if cell is None else cell == 1 for cell in columns[_AUDIO]]
    refs = map(VideoRef, columns[_ACCOUNT], columns[_VIDEO_ID])
    videos: list[Video] = list(map(object.__new__, repeat(Video, len(columns[_STATUS]))))
    for set_slot, column in zip((*_SLOTS, _SET_REF), (*columns, refs), strict=True):
        deque(map(set_slot, videos, column), maxlen=0)
    return videos


def _in_calendar(time_s: float | None) -> float | None:
    return None if time_s is None else max(0.0, min(time_s, _LAST_TIME_S))
