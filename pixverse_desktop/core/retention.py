"""Which backups to keep: pure arithmetic over their days and reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

DAYS_KEPT = 14
_ALWAYS_KEPT = 3


class BackupReason(StrEnum):
    """Why a backup was made; part of its file name."""

    DAILY = "daily"
    MIGRATION = "before-update"
    IMPORT = "after-import"
    EXIT = "at-exit"
    RESTORE = "before-restore"


_NEVER_OVERTAKEN = (BackupReason.MIGRATION, BackupReason.RESTORE)  # each holds a list no later one has


@dataclass(frozen=True, slots=True, order=True)
class BackupName:
    """A backup's name taken apart: when it was made, to the second in UTC, and why."""

    made_at: str
    reason: BackupReason
    name: str

    @property
    def day(self) -> date:
        """The day it was made."""
        return date.fromisoformat(self.made_at[:10])


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that can be read.

    Attributes:
        videos: how many videos are in its list.
    """

    name: BackupName
    path: Path
    videos: int


def expendable(backups: Iterable[BackupName], today: date) -> list[BackupName]:
    """The backups that may go: older than ``DAYS_KEPT``, or overtaken by a later one of its kind and day.

    The newest few stay however old they are, so that a program not used for a month loses none; and the
    newest ``DAYS_KEPT`` daily ones, so that one start with the clock set to another year does neither.
    """
    newest_first = sorted(backups, reverse=True)
    kept = set(newest_first[:_ALWAYS_KEPT])
    dailies = [backup for backup in newest_first if backup.reason is BackupReason.DAILY]
    not_old = set(dailies[:DAYS_KEPT])
    seen: set[tuple[date, BackupReason]] = set()
    gone: list[BackupName] = []
    for backup in newest_first:
        kind = (backup.day, backup.reason)
        is_overtaken = kind in seen and backup.reason not in _NEVER_OVERTAKEN
        is_old = backup.day < today - timedelta(days=DAYS_KEPT) and backup not in not_old
        if backup not in kept and (is_old or is_overtaken):
            gone.append(backup)
        seen.add(kind)
    return gone
