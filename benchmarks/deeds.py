"""How long the window stands still for a deed on 100,000 rows: the longest gap of its loop, all included."""

import asyncio
import gc
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer
from PySide6.QtWidgets import QDialog

from benchmarks.desk import keep_videos, open_window, run
from benchmarks.figures import ROWS, Figures, finish, many_videos
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.library import Library
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.main_window import MainWindow
from pixverse_desktop.ui.video_table import VideoTable

_QUIET_S = 1.0
_SETTLED_S = 5.0  # longer than a table waits for a hand to be taken off it
_TICK_MS = 2
_DOWN = Qt.SortOrder.DescendingOrder
_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Figures(f"the window stands still for, {ROWS:,} rows")
        run(_measure(figures, Path(folder)))
    finish(figures)


async def _measure(figures: Figures, data: Path) -> None:
    await keep_videos(data, many_videos())
    async with open_window(data, "http://127.0.0.1:9", "key-of-the-benchmark") as (engine, window):
        window.resize(1280, 800)
        await asyncio.sleep(_QUIET_S)
        gc.freeze()  # as the program does once it is open
        stalls = _Stalls(figures)
        await _measure_orders(stalls, window)
        await _measure_changes(stalls, window, engine.library)
        await _measure_all(stalls, window)


async def _measure_orders(stalls: "_Stalls", window: MainWindow) -> None:
    table, search = window.page.table, window.page.search
    table.selectRow(5)
    await stalls.of("sort by prompt", lambda: table.sortByColumn(Column.PROMPT, _DOWN), 250)
    await stalls.of("sort by status", lambda: table.sortByColumn(Column.STATUS, _DOWN), 350)
    await stalls.of("a key in the search field", lambda: search.setText("b"), 100)
    await stalls.of("one more", lambda: search.setText("bo"), 100)
    await stalls.of("the search cleared", lambda: search.setText(""), 100)


async def _measure_changes(stalls: "_Stalls", window: MainWindow, library: Library) -> None:
    table = window.page.table
    refs = [video.ref for video in list(library)[1000:1200]]
    change = _changing(library, refs)
    await stalls.of("200 changes, the order settled after", change, 300, lasts_s=_SETTLED_S)
    table.selectionModel().select(_every_other_row(table, 10_000), _SELECT)
    await asyncio.sleep(_QUIET_S)
    await stalls.of("the same with 5,000 rows selected", change, 400, lasts_s=_SETTLED_S)


async def _measure_all(stalls: "_Stalls", window: MainWindow) -> None:
    """Deeds on every row at once."""
    actions, table, model = window.actions_, window.page.table, window.page.model
    await stalls.of("select all", actions.select_all.trigger, 120)
    await stalls.of("copy all rows", actions.copy_rows.trigger, 400, lasts_s=_SETTLED_S)
    await stalls.of("gather all rows for a drag", lambda: model.mime_of(table.selected_videos()), 300)
    await stalls.of("rate all", actions.ratings[4].trigger, 500, lasts_s=2)
    await stalls.of("remove all", actions.remove.trigger, 600, until=lambda: model.total == 0)
    await stalls.of("open the bin with all", actions.bin.trigger, 500, lasts_s=2)
    for dialog in window.findChildren(QDialog):
        dialog.close()
    await stalls.of("undo the removal of all", actions.undo.trigger, 1000, until=lambda: model.total == ROWS)


def _changing(library: Library, refs: Sequence[VideoRef]) -> Callable[[], object]:
    """Gives rows another prompt and message, each in a transaction of its own, as answers do."""
    rounds = count()

    async def change() -> None:
        number = next(rounds)
        for ref in refs:
            await library.update(ref, lambda video: replace(video, prompt=f"{number} {video.prompt}"))

    return lambda: asyncio.ensure_future(change())


def _every_other_row(table: VideoTable, below: int) -> QItemSelection:
    model, last = table.model(), len(Column) - 1
    selection = QItemSelection()
    for row in range(0, below, 2):
        selection.select(model.index(row, 0), model.index(row, last))
    return selection


class _Stalls:
    """Measures by a timer of 2 ms: how much later than that it came, at the most."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._late_ms: list[float] = []
        self._last_s = time.perf_counter()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)

    async def of(
        self,
        name: str,
        deed: Callable[[], object],
        mark_ms: float,
        *,
        lasts_s: float = _QUIET_S,
        until: Callable[[], bool] = lambda: True,
    ) -> None:
        """The longest stall from the beginning of ``deed`` to ``lasts_s`` after it, or longer, ``until``."""
        await asyncio.sleep(_QUIET_S)
        self._late_ms.clear()
        self._last_s = time.perf_counter()
        self._timer.start()
        deed()
        await asyncio.sleep(lasts_s)
        while not until():  # noqa: ASYNC110 - the window tells nobody when it has done a deed
            await asyncio.sleep(0.1)
        await asyncio.sleep(_QUIET_S)
        self._timer.stop()
        self._figures.add(name, max(self._late_ms), mark_ms, "ms")

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self._late_ms.append((now_s - self._last_s) * 1000 - _TICK_MS)
        self._last_s = now_s


if __name__ == "__main__":
    main()
