"""How many rows fit each saved search, counted in slices between two frames."""

from collections.abc import Mapping
from datetime import UTC, datetime

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from pixverse_desktop.core.query import parse_query
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tally import Tally

_ROWS_AT_ONCE = 100
_SLICE_MS = 6
_BEGIN_AFTER_MS = 400
_REST = 10  # of the time that passes while the list changes, at most a tenth or so goes into counting


class ViewCounter(QObject):
    """Counts anew a moment after the list changed.

    Signals:
        counted(object): how many rows fit, by the names of the searches.
    """

    counted = Signal(object)

    def __init__(self, library: Library, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._views: dict[str, str] = {}
        self._tally: Tally | None = None
        self._is_stale = False
        self._spent_ms = 0
        self._begin = QTimer(self)
        self._begin.setSingleShot(True)
        self._begin.setInterval(_BEGIN_AFTER_MS)
        self._begin.timeout.connect(self._start)
        self._slice = QTimer(self)
        self._slice.timeout.connect(self._advance)

    def set_views(self, views: Mapping[str, str]) -> None:
        """Count these searches from now on."""
        self._views = dict(views)
        self._begin.setInterval(0)
        self._tally = None
        self._slice.stop()
        if views:
            self._begin.start()

    def recount_later(self) -> None:
        """The list changed."""
        self._is_stale = True
        if self._views and self._tally is None and not self._begin.isActive():
            self._begin.start()

    def _start(self) -> None:
        zone = datetime.now().astimezone().tzinfo or UTC
        queries = {name: parse_query(query, zone) for name, query in self._views.items()}
        self._tally, self._is_stale, self._spent_ms = Tally(self._library, queries), False, 0
        self._slice.start(1)

    def _advance(self) -> None:
        if self._tally is None:
            return
        clock = QElapsedTimer()
        clock.start()
        is_done = self._tally.advance(_ROWS_AT_ONCE)
        while not is_done and clock.elapsed() < _SLICE_MS:
            is_done = self._tally.advance(_ROWS_AT_ONCE)
        self._spent_ms += clock.elapsed()
        if is_done:
            self._finish(self._tally)

    def _finish(self, tally: Tally) -> None:
        self._slice.stop()
        self._tally = None
        self._begin.setInterval(max(_BEGIN_AFTER_MS, self._spent_ms * _REST))
        self.counted.emit(tally.counts)
        if self._is_stale:
            self._begin.start()
