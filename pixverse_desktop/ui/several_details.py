"""Details of several selected videos: found out at once for a few, beside the window for very many."""

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from pixverse_desktop.core.ports import Clock
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.details import DetailsPanel, SeveralValues
from pixverse_desktop.ui.row_list import Row
from pixverse_desktop.ui.row_selection import Span, selected_spans
from pixverse_desktop.ui.several_words import gathering, prompts_of, values_of
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel

_MOST_AT_ONCE = 200  # rows: some milliseconds
_AT_A_TIME = 5_000  # rows taken up in one go, during which the window waits
_AGAIN_AFTER_MS = 300
_MANY_AGAIN_AFTER_MS = 2_000  # looking through very many takes a part of a second


class SeveralDetails(QObject):
    """Keeps the details in step with a selection of several rows, and with what happens to those."""

    def __init__(
        self, table: VideoTable, panel: DetailsPanel, clock: Clock, nursery: TaskNursery, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._panel = panel
        self._clock = clock
        self._nursery = nursery
        self._asked = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.follow)

    def follow(self) -> bool:
        """Show what the selected rows have in common; False where there are not several."""
        self._again.stop()
        self._asked += 1
        count = self._table.selected_count()
        if count < 2 or self._nursery.is_closed:
            return False
        model, spans = self._table.model(), selected_spans(self._table.selectionModel())
        assert isinstance(model, VideoTableModel)
        if count <= _MOST_AT_ONCE:
            self._show(_found_out(model.shown, spans, self._clock.now_s(), lambda: True))
        else:
            self._panel.show_count(count)
            self._nursery.start(self._find_out(model.shown, spans, self._asked), name="details of many")
        return True

    def follow_later(self) -> None:
        """Look through them again after a change, a moment after the first of many."""
        if not self._again.isActive() and (count := self._table.selected_count()) > 1:
            self._again.start(_AGAIN_AFTER_MS if count <= _MOST_AT_ONCE else _MANY_AGAIN_AFTER_MS)

    async def _find_out(self, shown: Sequence[Row], spans: Sequence[Span], asked: int) -> None:
        """Rows may come and go beside this; then it is found out again."""
        now_s = self._clock.now_s()
        try:
            values = await asyncio.to_thread(_found_out, shown, spans, now_s, lambda: self._asked == asked)
        except asyncio.CancelledError:  # the program ends, and would wait for the thread
            self._asked += 1
            raise
        if self._asked == asked:
            self._show(values)

    def _show(self, values: SeveralValues | None) -> None:
        if values is not None:
            self._panel.show_several(values)


def _found_out(
    shown: Sequence[Row], spans: Sequence[Span], now_s: float, goes_on: Callable[[], bool]
) -> SeveralValues | None:
    rows: list[Row] = []
    for first, last in spans:
        for begin in range(first, last + 1, _AT_A_TIME):
            rows += shown[begin : min(begin + _AT_A_TIME, last + 1)]
    summary = gathering(now_s).summary(rows, goes_on)
    return None if summary is None else SeveralValues(summary.rows, prompts_of(summary), values_of(summary))
