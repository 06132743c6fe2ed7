"""What is to be saved, as rows of the list's file."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import VideoRef

Work = tuple[str, Sequence[Sequence[Any]]]

ERASE_REMOVED = (
    "DELETE FROM saves WHERE (account, video_id) IN "
    "(SELECT account, video_id FROM videos WHERE removed_at_s IS NOT NULL)"
)
_SELECT = (
    "SELECT account, video_id, folder, queued_at_s, reason, is_over FROM saves "
    "ORDER BY queued_at_s, account, video_id"
)
_UPSERT = (
    "INSERT OR REPLACE INTO saves (account, video_id, folder, queued_at_s, reason, is_over) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
_DELETE = "DELETE FROM saves WHERE account = ? AND video_id = ?"


def load(connection: sqlite3.Connection) -> list[QueuedSave]:
    """All of them, the earliest first."""
    return [
        QueuedSave(VideoRef(account, video_id), folder, queued_at_s, reason, bool(is_over))
        for account, video_id, folder, queued_at_s, reason, is_over in connection.execute(_SELECT)
    ]


def change(kept: Iterable[QueuedSave], dropped: Iterable[VideoRef]) -> list[Work]:
    """The statements that add or replace some and forget others."""
    rows = [(*save.ref, save.folder, save.queued_at_s, save.reason, int(save.is_over)) for save in kept]
    return [(_UPSERT, rows), (_DELETE, [tuple(ref) for ref in dropped])]
