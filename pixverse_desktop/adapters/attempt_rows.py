"""Attempts as rows of the list's file: one a video, its runs as JSON, read and written together."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from pixverse_desktop.core.attempts import AttemptRun, folded
from pixverse_desktop.core.video import VideoRef

Work = tuple[str, Sequence[Sequence[Any]]]

ERASE_REMOVED = (
    "DELETE FROM attempts WHERE (account, video_id) IN "
    "(SELECT account, video_id FROM videos WHERE removed_at_s IS NOT NULL)"
)
_SELECT = "SELECT runs FROM attempts WHERE account = ? AND video_id = ?"
_UPSERT = "INSERT OR REPLACE INTO attempts (account, video_id, last_at_s, runs) VALUES (?, ?, ?, ?)"
_PRUNE_OLD = "DELETE FROM attempts WHERE last_at_s < ?"
_PRUNE_MANY = (
    "DELETE FROM attempts WHERE last_at_s < "
    "(SELECT last_at_s FROM attempts ORDER BY last_at_s DESC LIMIT 1 OFFSET ?)"
)


def load(connection: sqlite3.Connection, ref: VideoRef) -> tuple[AttemptRun, ...]:
    """What is kept of a video, the last at the end. A damaged cell counts as empty."""
    row = connection.execute(_SELECT, ref).fetchone()
    try:
        return () if row is None else tuple(_run(*cells) for cells in json.loads(row[0]))
    except (ValueError, TypeError):
        return ()


def upsert(connection: sqlite3.Connection, attempts: Mapping[VideoRef, Sequence[AttemptRun]]) -> Work:
    """The statement, with its rows, that adds ``attempts`` to what is kept."""
    rows = []
    for ref, runs in attempts.items():
        kept = folded(load(connection, ref), runs)
        rows.append((*ref, kept[-1].last_at_s, json.dumps([_cells(run) for run in kept], ensure_ascii=False)))
    return _UPSERT, rows


def prune(before_s: float, most_videos: int) -> list[Work]:
    """The statements that keep the table from growing without end."""
    return [(_PRUNE_OLD, [(before_s,)]), (_PRUNE_MANY, [(most_videos - 1,)])]


def _cells(run: AttemptRun) -> tuple[Any, ...]:
    return (run.first_at_s, run.last_at_s, run.times, run.code, run.outcome, run.trace_ids)


def _run(
    first_at_s: float, last_at_s: float, times: int, code: int | None, outcome: str, trace_ids: list[str]
) -> AttemptRun:
    return AttemptRun(first_at_s, last_at_s, times, code, outcome, tuple(trace_ids))
