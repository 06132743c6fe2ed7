"""Texts of the list in letters of any size: dots instead of half a letter, and rows that are high enough."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pixverse_desktop.simulator import Simulation
from pixverse_desktop.ui.letters import Letters
from tests.ui.conftest import OpenDesk
from tests.ui.desk import until
from tests.ui.lives import ONE, ready

TEXTS = ["WWWWWWWWWW", "iiiiiiiiii", "a paper boat", "夜の海辺を走る小さな電車", "★★★★★", "— – …", ""]


@pytest.fixture
def large_letters(qapp: QApplication) -> Iterator[QFontMetrics]:
    """Every letter at 20 points."""
    former, font = qapp.font(), qapp.font()
    font.setPointSize(20)
    qapp.setFont(font)
    yield QFontMetrics(font)
    qapp.setFont(former)


@pytest.mark.parametrize("size_pt", [7, 9, 11, 20, 32])
@pytest.mark.parametrize("text", TEXTS)
def test_what_does_not_fit_ends_in_dots_and_what_fits_is_whole(size_pt: int, text: str) -> None:
    font = QFont()
    font.setPointSize(size_pt)
    letters, metrics = Letters(font), QFontMetrics(font)
    whole = metrics.horizontalAdvance(text)

    for width in (whole + 1, whole * 2):  # a width is rounded
        assert letters.fitted(text, Qt.TextElideMode.ElideRight, width) == text
    for width in range(metrics.horizontalAdvance("…"), whole, 7):
        shortened = letters.fitted(text, Qt.TextElideMode.ElideRight, width)
        assert shortened.endswith("…")
        assert metrics.horizontalAdvance(shortened) <= width


async def test_rows_and_columns_grow_with_the_letters(
    open_desk: OpenDesk, large_letters: QFontMetrics
) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        assert desk.table.rowHeight(0) > large_letters.height() + 10
        assert desk.table.columnWidth(0) > 250


async def test_rows_follow_letters_that_grow_while_the_window_is_open(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        former, font = desk.table.font(), desk.table.font()
        before = desk.table.rowHeight(0)

        font.setPointSize(30)
        desk.table.setFont(font)
        assert desk.table.rowHeight(0) > before
        desk.table.setFont(former)

        assert desk.table.rowHeight(0) == before


async def test_a_double_click_on_an_edge_makes_a_column_as_wide_as_its_texts(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready())

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        header = desk.table.horizontalHeader()
        header.resizeSection(0, 60)
        QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(58, 10))

        room = desk.table.columnWidth(0) - desk.table.fontMetrics().horizontalAdvance(ONE)
        assert 0 < room < 40
