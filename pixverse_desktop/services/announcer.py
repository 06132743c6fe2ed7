"""How news travels upwards: one place that knows who listens."""

import logging
from collections.abc import Callable

from pixverse_desktop.core.events import Event

Listener = Callable[[Event], None]

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
