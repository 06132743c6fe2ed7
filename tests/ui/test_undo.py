"""What can be undone is named, nothing is undone that changed nothing, and what was undone is said."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video, VideoRef
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


@pytest.mark.parametrize("turns", range(6))
async def test_the_window_can_close_while_something_is_undone(open_desk: OpenDesk, turns: int) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_5)
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.ids == [THREE])
        desk.window.commands.undo_stack.undo()
        for _ in range(turns):
            await asyncio.sleep(0)

        desk.window.commands.undo_stack.undo()


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


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Nothing can be written while there is something in this list."""
    signs: list[bool] = []
    put, put_marks, remove = SqliteVideoStore.put, SqliteVideoStore.put_marks, SqliteVideoStore.remove

    def look() -> None:
        if signs:
            raise StoreFailed("The disk is full.")

    async def put_if_there_is_room(
        store: SqliteVideoStore, videos: Sequence[Video], marks: Mapping[VideoRef, Marks]
    ) -> None:
        look()
        await put(store, videos, marks)

    async def mark_if_there_is_room(store: SqliteVideoStore, marks: Mapping[VideoRef, Marks]) -> None:
        look()
        await put_marks(store, marks)

    async def remove_if_there_is_room(
        store: SqliteVideoStore, refs: Sequence[VideoRef], *, at_s: float
    ) -> None:
        look()
        await remove(store, refs, at_s=at_s)

    monkeypatch.setattr(SqliteVideoStore, "put", put_if_there_is_room)
    monkeypatch.setattr(SqliteVideoStore, "put_marks", mark_if_there_is_room)
    monkeypatch.setattr(SqliteVideoStore, "remove", remove_if_there_is_room)
    return signs


async def failed(desk: Desk) -> None:
    await until(lambda: desk.reads("The disk is full."))
    await desk.nothing_under_way("do")
    await desk.nothing_under_way("undo")


async def test_what_could_not_be_undone_can_be_undone_later(
    open_desk: OpenDesk, full_disk: list[bool]
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await press_until_done(desk, Qt.Key.Key_3, Qt.Key.Key_5)

        full_disk.append(True)
        await desk.control(Qt.Key.Key_Z)
        await failed(desk)
        assert desk.cell(ONE, "Rating") == "★★★★★"
        assert await offered(desk, "Undo", "Undo Rate")
        assert not desk.action("Redo").isEnabled()

        full_disk.clear()
        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.cell(ONE, "Rating") == "★★★")


async def test_a_removal_undone_in_vain_and_done_again_is_still_undone(
    open_desk: OpenDesk, full_disk: list[bool]
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await press_until_done(desk, Qt.Key.Key_Delete)
        full_disk.append(True)
        desk.window.commands.undo_stack.undo()
        desk.window.commands.undo_stack.redo()  # before it is known that the first was in vain
        await failed(desk)
        full_disk.clear()

        await desk.control(Qt.Key.Key_Z)

        await until(lambda: desk.ids == ALL)


async def test_several_undone_in_vain_are_all_there_to_be_undone(
    open_desk: OpenDesk, full_disk: list[bool]
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await press_until_done(desk, Qt.Key.Key_3, Qt.Key.Key_5)
        full_disk.append(True)
        desk.window.commands.undo_stack.undo()
        desk.window.commands.undo_stack.undo()
        await failed(desk)
        full_disk.clear()

        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.cell(ONE, "Rating") == "★★★")
        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.cell(ONE, "Rating") == "")


async def test_a_removal_that_cannot_be_written_is_not_said(
    open_desk: OpenDesk, full_disk: list[bool]
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        said: list[str] = []
        desk.window.commands.news.connect(lambda words, *_: said.append(words))
        await desk.select(ONE)
        full_disk.append(True)
        await desk.press(Qt.Key.Key_Delete)
        await failed(desk)

        assert said == ["The disk is full."]
        assert desk.ids == ALL


async def test_what_the_button_brought_back_is_not_said_to_be_undone_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        said: list[str] = []
        desk.window.commands.news.connect(lambda words, *_: said.append(words))
        row = desk.engine.library.get(VideoRef("default", ONE))
        assert row is not None
        await desk.select(ONE)
        await press_until_done(desk, Qt.Key.Key_Delete)
        await desk.engine.library.put_back([row])
        said.clear()

        await desk.control(Qt.Key.Key_Z)
        await desk.nothing_under_way("undo")

        assert desk.ids == ALL
        assert said == []
