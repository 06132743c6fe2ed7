"""What can be undone is named, nothing is undone that changed nothing, and what was undone is said."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.lives import ONE, THREE, TWO

ALL = [ONE, TWO, THREE]


async def press_until_done(desk: Desk, *keys: Qt.Key) -> None:
    for key in keys:
        await desk.press(key)
        await desk.nothing_under_way("do")
        await desk.nothing_under_way("undo")


async def offered(desk: Desk, name: str, expected: str) -> bool:
    await until(lambda: desk.action(name).text().replace("&", "") == expected)
    return desk.action(name).isEnabled()


async def test_the_menu_says_what_would_be_undone_and_done_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_5)
        assert await offered(desk, "Undo", "Undo Rate 2 videos")
        await desk.press(Qt.Key.Key_Delete)
        assert await offered(desk, "Undo", "Undo Remove 2 videos")

        await desk.control(Qt.Key.Key_Z)

        assert await offered(desk, "Undo", "Undo Rate 2 videos")
        assert await offered(desk, "Redo", "Redo Remove 2 videos")


async def test_it_is_said_what_was_undone_and_what_was_done_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_Delete)

        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.reads("Undone: remove 2 videos"))
        await desk.choose("Redo")
        await until(lambda: desk.reads("Done again: remove 2 videos"))

        assert desk.ids == [THREE]


async def test_what_is_done_for_the_first_time_is_not_done_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        QTest.keyClick(desk.table, Qt.Key.Key_5)
        desk.window.commands.undo_stack.undo()  # before the mark is written

        await until(lambda: desk.reads("Undone: rate"))
        assert not desk.reads("Done again")


@pytest.mark.parametrize("key", [Qt.Key.Key_5, Qt.Key.Key_0])
async def test_what_changes_nothing_is_not_undone(open_desk: OpenDesk, key: Qt.Key) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await press_until_done(desk, Qt.Key.Key_X, key)
        taken_back = "Undo Rate" if key == Qt.Key.Key_5 else "Undo Reject"
        assert await offered(desk, "Undo", taken_back)

        await press_until_done(desk, key, key)

        assert await offered(desk, "Undo", taken_back)
        assert desk.window.commands.undo_stack.count() == (2 if key == Qt.Key.Key_5 else 1)


async def test_quick_keys_that_change_nothing_are_not_undone_either(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        for key in (Qt.Key.Key_5, Qt.Key.Key_5, Qt.Key.Key_5, Qt.Key.Key_X):
            QTest.keyClick(desk.table, key)  # before the first is written
        await until(lambda: desk.cell(ONE, "Rating") == "★★★★★")
        await desk.nothing_under_way("do")

        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.reads("Undone: reject"))
        await desk.control(Qt.Key.Key_Z)

        await until(lambda: desk.cell(ONE, "Rating") == "")
        assert not desk.action("Undo").isEnabled()


async def test_removing_twice_is_undone_once(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        QTest.keyClick(desk.table, Qt.Key.Key_Delete)
        QTest.keyClick(desk.table, Qt.Key.Key_Delete)  # before the row is gone
        await until(lambda: desk.ids == [TWO, THREE])
        await desk.nothing_under_way("do")

        await desk.control(Qt.Key.Key_Z)

        await until(lambda: sorted(desk.ids) == sorted(ALL))
        await until(lambda: not desk.action("Undo").isEnabled())


async def test_the_keyboard_page_names_the_key_and_not_what_would_be_undone(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_5)
        assert await offered(desk, "Undo", "Undo Rate")

        await desk.press(Qt.Key.Key_F1)
        await desk.dialog()

        assert "Undo" in desk.words()
        await desk.press(Qt.Key.Key_Escape)
