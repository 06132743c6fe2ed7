"""The settings of a run: changed at once, written a moment later, the latest alone, one write at a time."""

import asyncio
from dataclasses import replace
from typing import Any

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import Trouble
from pixverse_desktop.core.ports import Clock, SettingsStore
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.tasks import TaskNursery

_WRITE_AFTER_S = 0.3


class Preferences:
    """Owns the settings. A slider that is being dragged makes one write, not a hundred."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: SettingsStore,
        clock: Clock,
        announcer: Announcer,
        nursery: TaskNursery,
    ) -> None:
        self._settings = settings
        self._written = settings
        self._store = store
        self._clock = clock
        self._announcer = announcer
        self._nursery = nursery
        self._writer: asyncio.Task[None] | None = None

    @property
    def now(self) -> Settings:
        """The settings as they are."""
        return self._settings

    def change(self, **changes: Any) -> None:  # noqa: ANN401 - the settings' own types
        """Change some settings, named as in ``Settings``."""
        self._settings = replace(self._settings, **changes)
        if self._writer is None or self._writer.done():
            self._writer = self._nursery.start(self._write_later(), name="settings")

    async def aclose(self) -> None:
        """Write what was not written yet. Call it when the nursery has ended."""
        await self._write()

    async def _write_later(self) -> None:
        while self._settings != self._written:
            await self._clock.sleep(_WRITE_AFTER_S)
            if not await self._write():
                return

    async def _write(self) -> bool:
        wanted = self._settings
        if wanted == self._written:
            return True
        try:
            await asyncio.to_thread(self._store.save, wanted)
        except StoreFailed as error:
            self._announcer.announce(Trouble(str(error)))
            return False
        self._written = wanted
        return True
