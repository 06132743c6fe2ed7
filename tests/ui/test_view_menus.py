"""Columns and order by the menu, for those who do not use the mouse."""

from typing import cast

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns
from tests.ui.lives import ONE, THREE, TWO

ALL = [ONE, TWO, THREE]


def entries(desk: Desk, *path: str) -> dict[str, QAction]:
    """The entries of a menu of the menu bar, opened as its keys open it."""
    found = {action.text().replace("&", ""): action for action in desk.window.menuBar().actions()}
    for name in path:
        menu = cast(QMenu, found[name].menu())
        menu.aboutToShow.emit()
        found = {action.text().replace("&", ""): action for action in menu.actions() if action.text()}
    return found


async def test_a_column_is_shown_and_hidden_by_the_menu(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        tags = entries(desk, "View", "Columns")["Tags"]
        header = desk.table.horizontalHeader()
        before = header.hiddenSectionCount()
        assert not tags.isChecked()

        tags.trigger()
        assert header.hiddenSectionCount() == before - 1
        assert entries(desk, "View", "Columns")["Tags"].isChecked()
        tags.trigger()

        assert header.hiddenSectionCount() == before


async def test_the_list_is_sorted_by_the_menu(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        assert entries(desk, "View", "Sort by")["Order of adding"].isChecked()
        assert not entries(desk, "View", "Sort by")["Descending"].isEnabled()

        entries(desk, "View", "Sort by")["Video id"].trigger()
        assert desk.ids == [TWO, THREE, ONE]
        entries(desk, "View", "Sort by")["Descending"].trigger()
        assert desk.ids == [ONE, THREE, TWO]
        shown = entries(desk, "View", "Sort by")
        assert [name for name, action in shown.items() if action.isChecked()] == ["Descending", "Video id"]
        shown["Order of adding"].trigger()
        await turns()

        assert desk.ids == ALL
