"""Columns are hidden, shown, moved and resized, and remembered by name."""

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from pixverse_desktop.adapters.places import Places
from tests.ui import mouse
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns, until
from tests.ui.lives import ONE, THREE, TWO

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


def edge_of(desk: Desk, title: str) -> QPoint:
    header, column = desk.table.horizontalHeader(), number(desk, title)
    return QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) - 1, 10)


def drag_edge(desk: Desk, title: str, by: int) -> None:
    header, edge = desk.table.horizontalHeader().viewport(), edge_of(desk, title)
    mouse.drag(header, edge, edge + QPoint(by, 0))


def width_of(desk: Desk, title: str) -> int:
    return desk.table.columnWidth(number(desk, title))


def is_filled(desk: Desk) -> bool:
    """Whether the columns take just the room there is."""
    return desk.table.horizontalHeader().length() == desk.table.viewport().width()


async def resize(desk: Desk, width: int) -> None:
    desk.window.resize(width, 700)
    await until(lambda: desk.window.width() == width)
    await turns()


async def sort_by(desk: Desk, title: str, clicks: int = 1) -> None:
    header = desk.table.horizontalHeader()
    for _ in range(clicks):
        middle = QPoint(header.sectionViewportPosition(number(desk, title)) + 30, 10)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)
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
        drag_edge(desk, "Video id", 31)
        width = desk.table.columnWidth(0)
        await toggle(desk, "Video id")

    async with open_desk(key=None) as again:
        assert "Video id" not in titles(again)
        await toggle(again, "Video id")

        assert again.table.columnWidth(0) == width


async def test_the_prompts_get_the_spare_room_of_any_window(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await resize(desk, 1800)
        wide = width_of(desk, "Prompt")
        assert is_filled(desk)

        await toggle(desk, "Size")
        assert is_filled(desk)
        assert width_of(desk, "Prompt") > wide
        drag_edge(desk, "Video id", 50)
        assert is_filled(desk)
        await resize(desk, 700)

        assert width_of(desk, "Prompt") == 176
        assert not is_filled(desk)


async def test_a_width_of_the_prompts_is_kept_and_comes_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        drag_edge(desk, "Prompt", -60)
        width = width_of(desk, "Prompt")
        await resize(desk, 1800)
        assert width_of(desk, "Prompt") == width

    async with open_desk(key=None) as again:
        await resize(again, 1500)
        assert width_of(again, "Prompt") == width
        await toggle(again, "Prompt")

    async with open_desk(key=None) as once_more:
        await toggle(once_more, "Prompt")
        assert width_of(once_more, "Prompt") == width


async def test_prompts_nobody_sized_get_the_room_of_the_next_window_too(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await resize(desk, 1800)
        wide = width_of(desk, "Prompt")

    async with open_desk(key=None) as again:
        await resize(again, 1600)

        assert is_filled(again)
        assert width_of(again, "Prompt") < wide


async def test_a_double_click_on_their_edge_gives_the_prompts_the_spare_room_again(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await resize(desk, 1800)
        drag_edge(desk, "Prompt", -60)
        assert not is_filled(desk)

        header = desk.table.horizontalHeader().viewport()
        QTest.mouseDClick(header, Qt.MouseButton.LeftButton, pos=edge_of(desk, "Prompt"))

        assert is_filled(desk)


async def test_the_order_of_rows_comes_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE, TWO, THREE]) as desk:
        await desk.select(TWO)
        await desk.press(Qt.Key.Key_3)
        await until(lambda: desk.cell(TWO, "Rating") == "★★★")
        await toggle(desk, "Rating")
        await sort_by(desk, "Video id", clicks=2)
        await sort_by(desk, "Rating", clicks=2)
        assert desk.ids == [TWO, ONE, THREE]

    async with open_desk(key=None) as again:
        assert again.ids == [TWO, ONE, THREE]
        header = again.table.horizontalHeader()
        assert header.sortIndicatorSection() == number(again, "Rating")
        assert header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        await sort_by(again, "Rating")  # the third click: as added

    async with open_desk(key=None) as once_more:
        assert once_more.ids == [ONE, TWO, THREE]
        assert once_more.table.horizontalHeader().sortIndicatorSection() == -1


async def test_names_that_nobody_knows_are_no_obstacle(open_desk: OpenDesk, where: Places) -> None:
    settings = QSettings(str(where.window_file), QSettings.Format.IniFormat)
    for name, value in (("place/mood", 0), ("shown/mood", 1), ("column/mood", 90), ("shown/tags", 1)):
        settings.setValue(name, value)
    settings.setValue("place/status", 0)
    settings.setValue("sorting", "mood:up status:sideways status")
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
