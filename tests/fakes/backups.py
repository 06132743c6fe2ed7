"""Backups that are only remembered, and can be told to fail."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.retention import Backup, BackupName, BackupReason

NO_ROOM = "The backup could not be made or restored: the disk is full."


class FakeBackups:
    """The ``Backups`` port.

    Attributes:
        made: why each backup was made, and when.
        restored: each backup that was put in the list's place.
        is_failing: while true, everything raises ``StoreFailed``.
        on_restore: what restoring does to the list.
    """

    def __init__(self) -> None:
        self.made: list[tuple[BackupReason, float]] = []
        self.restored: list[Path] = []
        self.is_failing = False
        self.on_restore: Callable[[], None] = lambda: None

    @property
    def reasons(self) -> list[BackupReason]:
        """Why each backup was made."""
        return [reason for reason, _ in self.made]

    def make(self, reason: BackupReason, *, now_s: float) -> Path | None:
        self._may_fail()
        self.made.append((reason, now_s))
        return Path(_name(reason, now_s))

    def has_made(self, reason: BackupReason, *, now_s: float) -> bool:
        self._may_fail()
        return any(each is reason and _day(at_s) == _day(now_s) for each, at_s in self.made)

    def all(self) -> Sequence[Backup]:
        self._may_fail()
        return [
            Backup(BackupName(_day(at_s), reason, _name(reason, at_s)), Path(_name(reason, at_s)), 1)
            for reason, at_s in reversed(self.made)
        ]

    def restore(self, backup: Path, *, now_s: float) -> Path | None:
        before = self.make(BackupReason.RESTORE, now_s=now_s)
        self.restored.append(backup)
        self.on_restore()
        return before

    def _may_fail(self) -> None:
        if self.is_failing:
            raise StoreFailed(NO_ROOM)


def _day(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).date().isoformat()


def _name(reason: BackupReason, at_s: float) -> str:
    return f"{at_s}-{reason}"
