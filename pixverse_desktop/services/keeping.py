"""Backups of the list: daily, after large imports, at the end of a run that changed anything, and back."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import (
    Event,
    Trouble,
    VideosAdded,
)
from pixverse_desktop.core.ports import Backups, Clock
from pixverse_desktop.core.retention import Backup, BackupReason
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery

LARGE_IMPORT = 100
_LOOK_EVERY_S = 3600.0

_log = logging.getLogger(__name__)


class ListKeeper:
    """Makes backups when they are due, and restores one when a person wishes."""

    def __init__(
        self, *, library: Library, backups: Backups, clock: Clock, announcer: Announcer, nursery: TaskNursery
    ) -> None:
        self._library = library
        self._backups = backups
        self._clock = clock
        self._announcer = announcer
        self._nursery = nursery
        self._changes = library.changes
        self._told = ""
        self._unsubscribe = announcer.subscribe(self._on_event)

    async def run(self) -> None:
        """Make the daily backup, every day this runs."""
        while True:
            if len(self._library):
                await self._make(BackupReason.DAILY)
            await self._clock.sleep(_LOOK_EVERY_S)

    async def all(self) -> Sequence[Backup]:
        """Every backup that can be read, the newest first."""
        return await asyncio.to_thread(self._backups.all)

    async def restore(self, backup: Path) -> None:
        """Put a backup in the list's place; the list of now is backed up first. Raises ``StoreFailed``."""
        now_s = self._clock.now_s()
        await self._library.swap(lambda: self._restore(backup, now_s))

    async def aclose(self) -> None:
        """Stop listening; make a backup if anything changed in this run."""
        self._unsubscribe()
        if self._library.changes != self._changes:
            await self._make(BackupReason.EXIT)

    def _restore(self, backup: Path, now_s: float) -> None:
        self._backups.restore(backup, now_s=now_s)

    async def _make(self, reason: BackupReason) -> None:
        """A backup that fails is told once, and keeps nothing from going on."""
        now_s = self._clock.now_s()
        try:
            await asyncio.to_thread(lambda: self._make_if_due(reason, now_s))
            self._told = ""
        except StoreFailed as error:
            _log.warning("No backup was made: %s", error)
            if self._told != str(error):
                self._told = str(error)
                self._announcer.announce(Trouble(self._told))

    def _make_if_due(self, reason: BackupReason, now_s: float) -> None:
        if reason is not BackupReason.DAILY or not self._backups.has_made(reason, now_s=now_s):
            self._backups.make(reason, now_s=now_s)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, VideosAdded) and len(event.videos) >= LARGE_IMPORT:
            self._nursery.start(self._make(BackupReason.IMPORT), name="backup after import")
