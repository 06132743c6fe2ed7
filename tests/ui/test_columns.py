"""Columns are hidden, shown, moved and resized, and remembered by name."""

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from pixverse_desktop.adapters.places import Places
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns
from tests.ui.lives import ONE

USUAL = ["Video id", "Status", "Prompt", "Size", "Created", "Elapsed"]


def titles(desk: Desk) -> list[str]:
    """The titles in sight, from left to right."""
    header, model = desk.table.horizontalHeader(), desk.table.model()
    places = [header.logicalIndex(at) for at in range(header.count())]
    return [
        str(model.headerData(at, Qt.Orientation.Horizontal))
        for at in places
        if not header.isSectionHidden(at)
    ]


def number(desk: Desk, title: str) -> int:
    model = desk.table.model()
    all_titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    return all_titles.index(title)


def menu(desk: Desk) -> QMenu:
    desk.table.horizontalHeader().customContextMenuRequested.emit(QPoint(40, 10))
    return desk.menus()[0]


async def toggle(desk: Desk, *names: str) -> None:
    for name in names:
        opened = menu(desk)
        next(action for action in opened.actions() if action.text() == name).trigger()
        opened.close()
        await turns()


async def test_the_menu_of_the_header_lists_every_column(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        opened = menu(desk)

        assert [action.text() for action in opened.actions() if action.isChecked()] == USUAL
        assert {"Rating", "Tags", "Seed", "Batch", "Note"} <= {action.text() for action in opened.actions()}
        opened.close()


async def test_columns_that_were_chosen_come_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await toggle(desk, "Tags", "Size", "Elapsed")
        expected = ["Video id", "Status", "Prompt", "Created", "Tags"]
        assert titles(desk) == expected

    async with open_desk(key=None) as again:
        assert titles(again) == expected


async def test_the_order_of_columns_comes_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        header = desk.table.horizontalHeader()
        header.moveSection(0, 3)
        expected = ["Status", "Prompt", "Size", "Video id", "Created", "Elapsed"]
        assert titles(desk) == expected

    async with open_desk(key=None) as again:
        assert titles(again) == expected


async def test_the_width_of_a_column_comes_back_even_if_it_was_hidden_meanwhile(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        header = desk.table.horizontalHeader()
        edge = QPoint(header.sectionViewportPosition(0) + header.sectionSize(0) - 1, 10)
        QTest.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=edge)
        QTest.mouseMove(header.viewport(), edge + QPoint(31, 0))
        QTest.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=edge + QPoint(31, 0))
        width = desk.table.columnWidth(0)
        await toggle(desk, "Video id")

    async with open_desk(key=None) as again:
        assert "Video id" not in titles(again)
        await toggle(again, "Video id")

        assert again.table.columnWidth(0) == width


async def test_names_that_nobody_knows_are_no_obstacle(open_desk: OpenDesk, where: Places) -> None:
    settings = QSettings(str(where.window_file), QSettings.Format.IniFormat)
    for name, value in (("place/mood", 0), ("shown/mood", 1), ("column/mood", 90), ("shown/tags", 1)):
        settings.setValue(name, value)
    settings.setValue("place/status", 0)
    settings.sync()

    async with open_desk(key=None, ids=[ONE]) as desk:
        assert sorted(titles(desk)) == sorted([*USUAL, "Tags"])
        assert titles(desk)[0] == "Status"


async def test_the_last_column_cannot_be_hidden(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await toggle(desk, *USUAL)

        assert titles(desk) == ["Elapsed"]


async def test_a_memory_with_every_column_hidden_shows_one(open_desk: OpenDesk, where: Places) -> None:
    async with open_desk(key=None, ids=[ONE]):
        pass
    settings = QSettings(str(where.window_file), QSettings.Format.IniFormat)
    settings.beginGroup("shown")
    for name in settings.childKeys():
        settings.setValue(name, 0)
    settings.endGroup()
    settings.sync()

    async with open_desk(key=None) as desk:
        assert titles(desk) == ["Video id"]
