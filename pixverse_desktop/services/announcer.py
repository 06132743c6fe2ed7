"""How news travels upwards: one place that knows who listens."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from pixverse_desktop.core.events import Event

Listener = Callable[[Event], None]

_MOST_TOLD_AT_ONCE = 10_000
_T = TypeVar("_T")

_log = logging.getLogger(__name__)


class Announcer:
    """Tells every listener every event, in the order of subscription, on the caller's thread.

    A listener that raises is a defect of ours: it is logged and reported, and keeps nobody else from hearing.
    """

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for each event until the returned function is called."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def announce(self, event: Event) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception as error:
                _log.exception("A listener failed on %s", type(event).__name__)
                self._report(error)

    async def announce_in_pieces(self, news: Callable[[tuple[_T, ...]], Event], rows: tuple[_T, ...]) -> None:
        """Tell of many rows with turns for others in between: all at once would hold a window for seconds.

        To be done before the next change is made, so that news come in the order of the changes.
        """
        for first in range(0, len(rows), _MOST_TOLD_AT_ONCE):
            if first:
                await asyncio.sleep(0)
            self.announce(news(rows[first : first + _MOST_TOLD_AT_ONCE]))
