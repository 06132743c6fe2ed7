"""The table: what is painted anew when rows change."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent, QRegion
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.events import VideosChanged
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel
from tests.ui.rows import row

HERD = [row(number) for number in range(100, 300)]


class Painted(QObject):
    """What of a widget has been painted since ``clear``."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


@pytest.fixture
def table(qtbot: QtBot) -> VideoTable:
    model = VideoTableModel(lambda: 1_788_249_599.0)
    table = VideoTable(model)
    qtbot.addWidget(table)
    table.resize(800, 400)
    model.reset(HERD)
    with qtbot.waitExposed(table):
        table.show()
    return table


@pytest.fixture
def painted(table: VideoTable, qtbot: QtBot) -> Painted:
    watcher = Painted(table.viewport())
    table.viewport().installEventFilter(watcher)
    table.repaint()
    qtbot.wait(1)  # what the showing has asked for is painted
    watcher.region = QRegion()
    return watcher


def change(table: VideoTable, *places: int) -> None:
    model = table.model()
    assert isinstance(model, VideoTableModel)
    for place in places:
        model.on_event(VideosChanged(((HERD[place], replace(HERD[place], prompt=f"bear {place}")),)))


def rect_of(table: VideoTable, place: int) -> QRect:
    return QRect(0, table.rowViewportPosition(place), table.viewport().width(), table.rowHeight(place))


def test_a_row_that_changed_is_painted_and_no_other(
    table: VideoTable, painted: Painted, qtbot: QtBot
) -> None:
    change(table, 2, 150)

    qtbot.waitUntil(lambda: not painted.region.isEmpty())

    assert painted.region.boundingRect() == rect_of(table, 2)


def test_nothing_is_painted_for_rows_out_of_sight(table: VideoTable, painted: Painted, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.model().dataChanged):
        change(table, 120, 150)
    qtbot.wait(0)

    assert painted.region.isEmpty()


def test_running_times_are_painted_each_second(table: VideoTable, painted: Painted, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not painted.region.isEmpty())

    left, width = table.columnViewportPosition(Column.ELAPSED), table.columnWidth(Column.ELAPSED)
    assert painted.region.boundingRect() == QRect(left, 0, width, table.viewport().height())


def test_rows_changed_out_of_sight_are_as_they_are_now_once_in_sight(table: VideoTable, qtbot: QtBot) -> None:
    top = rect_of(table, 150).top()
    table.verticalScrollBar().setValue(top)
    before = table.viewport().grab(rect_of(table, 150)).toImage()
    table.verticalScrollBar().setValue(0)
    with qtbot.waitSignal(table.model().dataChanged):
        change(table, 150)

    table.verticalScrollBar().setValue(top)

    assert table.viewport().grab(rect_of(table, 150)).toImage() != before
