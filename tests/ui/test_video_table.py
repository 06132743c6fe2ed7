"""The table: what is painted anew when rows change."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.events import VideosAdded, VideosChanged, VideosRemoved
from pixverse_desktop.core.query import parse_query
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
def table(qtbot: QtBot) -> Iterator[VideoTable]:
    model = VideoTableModel(lambda: 1_788_249_599.0)
    table = VideoTable(model)
    qtbot.addWidget(table)
    table.resize(800, 400)
    model.reset(HERD)
    with qtbot.waitExposed(table):
        table.show()
    yield table
    model.reset([])  # nothing is left to be painted


@pytest.fixture
def painted(table: VideoTable, qtbot: QtBot) -> Painted:
    watcher = Painted(table.viewport())
    table.viewport().installEventFilter(watcher)
    table.repaint()
    qtbot.wait(1)  # what the showing has asked for is painted
    watcher.region = QRegion()
    return watcher


def model_of(table: VideoTable) -> VideoTableModel:
    model = table.model()
    assert isinstance(model, VideoTableModel)
    return model


def selected(table: VideoTable) -> list[str]:
    return [video.video_id for video in table.selected_videos()]


def change(table: VideoTable, *places: int) -> None:
    model = model_of(table)
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


def test_rows_that_change_are_painted_also_when_a_hidden_row_is_removed_meanwhile(
    table: VideoTable, painted: Painted, qtbot: QtBot
) -> None:
    model = model_of(table)
    model.set_query(parse_query("-150"))
    table.repaint()

    with qtbot.waitSignal(model.dataChanged):
        change(table, 2)
        model.on_event(VideosRemoved((HERD[50],)))

    qtbot.waitUntil(lambda: painted.region.contains(rect_of(table, 2)))


def test_the_outline_of_the_cursor_leaves_the_whole_row(
    table: VideoTable, painted: Painted, qtbot: QtBot
) -> None:
    table.setFocus()
    table.selectRow(1)
    qtbot.wait(1)
    painted.region = QRegion()

    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.wait(1)

    assert painted.region.contains(rect_of(table, 1))
    assert painted.region.contains(rect_of(table, 2))


def test_everything_selected_and_one_more_row_are_not_moved_cell_by_cell(table: VideoTable) -> None:
    model = model_of(table)
    table.selectAll()

    model.on_event(VideosAdded((row(999),)))

    assert model.moves_by_reset()
    assert len(selected(table)) == len(HERD)


def test_a_row_is_shown_alone_whatever_keys_are_held(table: VideoTable) -> None:
    table.selectRow(1)
    window = table.window().windowHandle()
    QTest.keyPress(window, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)

    table.show_video(HERD[7].ref)

    QTest.keyRelease(window, Qt.Key.Key_Control)
    assert selected(table) == [HERD[7].video_id]


@pytest.mark.parametrize("place", [5, 150])
def test_the_selected_row_stays_in_sight_when_a_search_is_cleared_or_rows_are_sorted(
    table: VideoTable, place: int
) -> None:
    model = model_of(table)
    table.show_video(HERD[place].ref)
    model.set_query(parse_query(HERD[place].video_id))

    model.set_query(parse_query(""))
    after_search = table.viewport().rect().intersects(table.visualRect(table.currentIndex()))
    model.sort(Column.VIDEO_ID, Qt.SortOrder.DescendingOrder)

    assert selected(table) == [HERD[place].video_id]
    assert after_search
    assert table.viewport().rect().intersects(table.visualRect(table.currentIndex()))


def test_another_list_is_shown_in_the_order_that_was_chosen(table: VideoTable) -> None:
    model = model_of(table)
    model.sort(Column.VIDEO_ID, Qt.SortOrder.DescendingOrder)

    model.reset([row(1), row(3), row(2)])

    assert [model.video(place).video_id for place in range(3)] == ["3", "2", "1"]


@pytest.mark.parametrize(("key", "is_moved"), [(None, True), (Qt.Key.Key_3, False), (Qt.Key.Key_Down, False)])
def test_a_key_is_a_hand_on_the_table_under_which_no_row_moves(
    table: VideoTable, key: Qt.Key | None, is_moved: bool
) -> None:
    ticker = next(timer for timer in table.findChildren(QTimer) if timer.interval() == 1000)
    ticker.stop()
    table.sortByColumn(Column.PROMPT, Qt.SortOrder.AscendingOrder)
    change(table, 2)
    ticker.timeout.emit()

    if key is not None:
        QTest.keyClick(table, key)
    ticker.timeout.emit()

    assert (table.model().index(199, Column.PROMPT).data() == "bear 2") is is_moved
