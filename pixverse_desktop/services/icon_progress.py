"""How far all saving is, on the program's icon."""

import asyncio

from pixverse_desktop.core.desktop_ports import Notifier
from pixverse_desktop.core.saves import SavingOverview
from pixverse_desktop.services.tasks import TaskNursery


class IconProgress:
    """Tells the desktop one share after another, the latest alone; nothing while saving is at rest."""

    def __init__(self, notifier: Notifier, nursery: TaskNursery) -> None:
        self._notifier = notifier
        self._nursery = nursery
        self._wanted: float | None = None
        self._told: float | None = None
        self._teller: asyncio.Task[None] | None = None

    def show_saving(self, saving: SavingOverview) -> None:
        """Show how it stands, in whole percents; nothing more once the nursery has ended."""
        is_at_rest = saving.is_paused or not saving.waiting
        self._wanted = None if is_at_rest else round(saving.share, 2)
        is_telling = self._teller is not None and not self._teller.done()
        if self._wanted != self._told and not is_telling and not self._nursery.is_closed:
            self._teller = self._nursery.start(self._tell(), name="icon progress")

    async def _tell(self) -> None:
        while self._told != self._wanted:
            self._told = self._wanted
            await self._notifier.show_progress(self._told)
