"""What a person said of videos, as rows of the list's file."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from pixverse_desktop.core.marks import MAX_RATING, NO_MARKS, Marks
from pixverse_desktop.core.video import VideoRef

SELECT = "SELECT account, video_id, tags, rating, is_rejected, note, batch FROM marks"
ERASE_REMOVED = (
    "DELETE FROM marks WHERE (account, video_id) IN "
    "(SELECT account, video_id FROM videos WHERE removed_at_s IS NOT NULL)"
)
MOVE = "UPDATE OR REPLACE marks SET account = ?, video_id = ? WHERE account = ? AND video_id = ?"
# Ids come as one JSON array: over a hundred thousand rows that takes half the time of one statement each.
_UPSERT_MARKS = (
    "INSERT OR REPLACE INTO marks (account, video_id, tags, rating, is_rejected, note, batch) "
    "SELECT ?, value, ?, ?, ?, ?, ? FROM json_each(?)"
)
_DELETE_MARKS = "DELETE FROM marks WHERE account = ? AND video_id IN (SELECT value FROM json_each(?))"


def marks_of(cursor: sqlite3.Cursor) -> dict[VideoRef, Marks]:
    """The marks of a ``SELECT``. A hundred thousand rows tagged alike share one value."""
    shared: dict[tuple[Any, ...], Marks] = {}
    marks: dict[VideoRef, Marks] = {}
    for account, video_id, *row in cursor:
        key = tuple(row)
        if key not in shared:
            shared[key] = _marks(*key)
        marks[VideoRef(account, video_id)] = shared[key]
    return marks


def marking(marks: Mapping[VideoRef, Marks]) -> list[tuple[str, list[tuple[Any, ...]]]]:
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
