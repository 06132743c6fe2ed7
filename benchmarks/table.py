"""The table with 100,000 rows: sort, filter, changes, scrolling; side by side with a proxy model."""

import resource
import statistics
import time
from dataclasses import replace
from itertools import count

from PySide6.QtCore import QSortFilterProxyModel
from PySide6.QtWidgets import QApplication

from benchmarks.figures import ROWS, Figures, finish, many_videos, milliseconds
from pixverse_desktop.core.events import VideosChanged
from pixverse_desktop.core.query import parse_query
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.theme import apply_theme
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel


def main() -> None:
    """Measure."""
    app = QApplication([])
    apply_theme(app)
    videos = many_videos()
    model = VideoTableModel(time.time)
    table = VideoTable(model)
    table.resize(1000, 700)
    table.show()
    model.reset(videos)
    app.processEvents()
    figures = Figures(f"table, {ROWS:,} rows")

    sort_ms = _sort_ms(model)
    figures.add("sort by prompt", sort_ms, 150, "ms")
    words = iter(["b", "bo", "boa", "boat", "boat d", "boat du", "boat dus"])
    figures.add(
        "filter, a keystroke", milliseconds(lambda: model.set_query(parse_query(next(words))), 7), 50, "ms"
    )
    model.set_query(parse_query(""))
    figures.add("200 changed rows, with repaint", _changes_ms(app, model, videos), 16, "ms")
    figures.add("scrolling, a frame", _scroll_ms(app, table), 16, "ms")
    figures.add("select all, with repaint", _select_all_ms(app, table), 50, "ms")
    proxy_sort_ms, proxy_filter_ms = _proxy_ms(model)
    figures.add("QSortFilterProxyModel: sort, times slower", proxy_sort_ms / sort_ms, 100, "×", at_least=True)
    print(f"  (the proxy: sort {proxy_sort_ms:,.0f} ms, filter {proxy_filter_ms:,.0f} ms)")
    figures.add(
        "memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 400, "MB"
    )
    table.close()
    finish(figures)


def _sort_ms(model: VideoTableModel) -> float:
    """From the order of adding each time: a list that is sorted already is sorted sooner."""
    spans = []
    for _ in range(5):
        model.sort(-1)
        spans.append(milliseconds(lambda: model.sort(Column.PROMPT), 1))
    model.sort(-1)
    return statistics.median(spans)


def _changes_ms(app: QApplication, model: VideoTableModel, videos: list) -> float:  # type: ignore[type-arg]
    """What a burst of 200 changes costs the window's thread, repainting all rows in sight included."""
    bursts = [
        [
            (video, replace(video, status=VideoStatus.READY, message=f"change {burst}"))
            for video in videos[:200]
        ]
        for burst in range(5)
    ]
    costs = []
    for changes in bursts:
        began = time.perf_counter()
        for change in changes:
            model.on_event(VideosChanged((change,)))
        told = time.perf_counter()
        time.sleep(0.05)  # the repaint is gathered for some 30 ms, in which the thread is free
        woken = time.perf_counter()
        app.processEvents()
        costs.append((told - began + time.perf_counter() - woken) * 1000)
    return statistics.median(costs)


def _scroll_ms(app: QApplication, table: VideoTable) -> float:
    places = count()

    def scroll() -> None:
        table.verticalScrollBar().setValue(next(places) * 1000 * 38)
        app.processEvents()

    return milliseconds(scroll, 30)


def _select_all_ms(app: QApplication, table: VideoTable) -> float:
    def select() -> None:
        table.clearSelection()
        table.selectAll()
        app.processEvents()

    return milliseconds(select)


def _proxy_ms(model: VideoTableModel) -> tuple[float, float]:
    """The same sort and a filter through a proxy, once each: it is that slow."""
    model.sort(-1)
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(model)
    proxy.setFilterKeyColumn(Column.PROMPT)
    sort_ms = milliseconds(lambda: proxy.sort(Column.PROMPT), 1)
    filter_ms = milliseconds(lambda: proxy.setFilterFixedString("boat"), 1)
    return sort_ms, filter_ms


if __name__ == "__main__":
    main()
