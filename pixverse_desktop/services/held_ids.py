"""Ids that came in while the list could not be written: in memory, and on a shelf where one takes them."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.ports import IdShelf
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.library import Library

_log = logging.getLogger(__name__)


class HeldIds:
    """Keeps what the list cannot take yet, so that an end of the program does not lose it."""

    def __init__(self, shelf: IdShelf) -> None:
        self._shelf = shelf
        self._held: dict[VideoRef, None] = {}
        self._is_shelved = True
        self._turn = asyncio.Lock()

    @property
    def refs(self) -> tuple[VideoRef, ...]:
        """What is held, in the order of its coming."""
        return tuple(self._held)

    @property
    def is_safe(self) -> bool:
        """Whether the program may end: nothing is held, or a file holds it too."""
        return not self._held or self._is_shelved

    async def hold(self, refs: Iterable[VideoRef]) -> bool:
        """Hold ``refs``; whether they are in a file now too."""
        self._held.update(dict.fromkeys(refs))
        await self._put()
        return self._is_shelved

    async def let_go(self, refs: Iterable[VideoRef]) -> None:
        """Forget what the list has taken."""
        for ref in refs:
            self._held.pop(ref, None)
        await self._put()

    async def take_up(self, library: Library) -> int:
        """Add what an earlier run left on the shelf to the list; how many it took.

        If the list still cannot take them, they stay held for the next run.
        """
        left = await asyncio.to_thread(self._shelf.read)
        self._held.update(dict.fromkeys(left))
        try:
            await _add(left, library)
        except StoreFailed as error:
            _log.warning("Held ids could not be added: %s", error)
            return 0
        if left:
            await self.let_go(left)
        return len(left)

    async def _put(self) -> None:
        async with self._turn:
            self._is_shelved = await asyncio.to_thread(self._shelf.put, tuple(self._held))


async def _add(refs: Sequence[VideoRef], library: Library) -> None:
    for account in dict.fromkeys(ref.account for ref in refs):
        await library.add([ref.video_id for ref in refs if ref.account == account], account=account)
