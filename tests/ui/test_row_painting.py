"""Rows as they are painted: each text inside its own cell, wherever its column lies."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.events import MarksChanged, SavePhase, SaveProgressed, VideosChanged
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel
from tests.ui.rows import row

PROMPT = "a very long tale of a paper boat that drifts along all the rivers there are, down to the sea"
HERD = [
    row(100, prompt=PROMPT, status=VideoStatus.READY, saved_bytes=12_345_678),
    row(101, prompt="夜の海辺を走る小さな電車"),
    row(102, prompt="boat"),
]
REJECTED = Marks(is_rejected=True)


class Shown:
    """A table and what is said of its rows."""

    def __init__(self) -> None:
        self.marks = NO_MARKS
        self.model = VideoTableModel(lambda: 1_788_249_599.0, marks_of=lambda _: self.marks)
        self.table = VideoTable(self.model)

    def cell(self, column: Column, place: int = 0) -> QRect:
        return self.table.visualRect(self.model.index(place, column))

    def picture(self, column: Column, place: int = 0) -> QImage:
        return self.table.viewport().grab(self.cell(column, place)).toImage()


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    shown = Shown()
    qtbot.addWidget(shown.table)
    shown.table.resize(900, 300)
    shown.model.reset(HERD)
    with qtbot.waitExposed(shown.table):
        shown.table.show()
    yield shown
    shown.model.reset([])


def has_ink(picture: QImage, left: int, right: int) -> bool:
    ground = picture.pixelColor(1, 1)
    inner = range(1, picture.height() - 2)
    return any(picture.pixelColor(x, y) != ground for x in range(left, right) for y in inner)


def test_a_reject_is_struck_out_inside_its_own_cells(shown: Shown) -> None:
    before = {column: shown.picture(column) for column in Column}

    shown.marks = REJECTED
    shown.model.on_event(MarksChanged(refs=(HERD[0].ref,)))

    changed = {column for column in Column if shown.picture(column) != before[column]}
    assert changed == {Column.VIDEO_ID, Column.PROMPT}
    line = theme.colours().muted
    picture = shown.picture(Column.PROMPT)
    struck = [y for y in range(picture.height()) if is_line(picture, y, QColor(line))]
    assert len(struck) == 1
    assert abs(struck[0] - picture.height() / 2) < 4


def is_line(picture: QImage, y: int, colour: QColor) -> bool:
    return all(picture.pixelColor(x, y) == colour for x in range(15, 60))


@pytest.mark.parametrize("width", [48, 60, 120, 400])
@pytest.mark.parametrize("place", [0, 1])
def test_a_text_stays_inside_its_column(shown: Shown, width: int, place: int) -> None:
    shown.table.setColumnWidth(Column.PROMPT, width)

    picture = shown.picture(Column.PROMPT, place)

    assert has_ink(picture, 0, width)
    assert not has_ink(picture, 0, 9)
    assert not has_ink(picture, width - 9, width)


@pytest.mark.parametrize(("width", "tells_speed"), [(110, False), (260, True)])
def test_the_speed_of_a_save_is_told_whole_or_not_at_all(shown: Shown, width: int, tells_speed: bool) -> None:
    shown.table.setColumnWidth(Column.STATUS, width)
    pictures = []
    for speed_bytes_s in (111_000.0, 888_000.0):
        shown.model.on_event(
            SaveProgressed(HERD[0].ref, SavePhase.RECEIVING, 25, 100, speed_bytes_s=speed_bytes_s)
        )
        pictures.append(shown.picture(Column.STATUS))

    assert (pictures[0] != pictures[1]) == tells_speed


@pytest.mark.parametrize("phase", [SavePhase.HELD, SavePhase.FAILED])
def test_what_is_not_saved_has_an_icon_of_its_own(shown: Shown, phase: SavePhase) -> None:
    before = shown.model.icon(0).pixmap(18).toImage()

    shown.model.on_event(SaveProgressed(HERD[0].ref, phase, message="The disk is full."))

    warning = theme.icon("warning", theme.colours().bad)
    assert before != shown.model.icon(0).pixmap(18).toImage() == warning.pixmap(18).toImage()


def test_figures_end_at_the_right_edge(shown: Shown) -> None:
    width = shown.cell(Column.SIZE).width()

    assert has_ink(shown.picture(Column.SIZE), width - 14, width)
    assert not has_ink(shown.picture(Column.SIZE), 0, 14)


def test_a_column_looks_the_same_wherever_it_lies(shown: Shown) -> None:
    header = shown.table.horizontalHeader()
    before = {column: shown.picture(column) for column in (Column.STATUS, Column.PROMPT, Column.SIZE)}

    header.moveSection(header.visualIndex(Column.SIZE), 0)
    shown.table.setColumnHidden(Column.VIDEO_ID, True)
    header.resizeSection(Column.PROMPT, before[Column.PROMPT].width())

    assert {column: shown.picture(column) for column in before} == before


def test_what_is_scrolled_sideways_is_painted_where_it_came_to(shown: Shown, qtbot: QtBot) -> None:
    before = shown.picture(Column.STATUS)
    shown.table.setColumnWidth(Column.PROMPT, 900)

    bar = shown.table.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    bar.setValue(100)

    assert shown.cell(Column.STATUS).left() < 100
    assert shown.picture(Column.STATUS) == before


def test_a_double_click_on_an_edge_fits_the_longest_text_in_sight(shown: Shown) -> None:
    header = shown.table.horizontalHeader()
    shown.table.setColumnWidth(Column.VIDEO_ID, 60)
    longer = replace(HERD[1], style="the style of a painter of rivers")
    shown.table.setColumnHidden(Column.STYLE, False)
    shown.model.on_event(VideosChanged(((HERD[1], longer),)))
    shown.table.setColumnWidth(Column.STYLE, 60)
    shown.table.scrollTo(shown.model.index(0, Column.STYLE))

    edge = QPoint(header.sectionViewportPosition(Column.STYLE) + 60 - 1, header.height() // 2)
    QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=edge)

    text_width = QFontMetrics(shown.table.font()).horizontalAdvance(longer.style)
    assert text_width < shown.table.columnWidth(Column.STYLE) < text_width + 40
