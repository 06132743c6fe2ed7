"""Removing can be taken back: by Ctrl+Z, by the banner, and from the bin after a restart."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView

from pixverse_desktop.core.marks import rated
from pixverse_desktop.core.video import VideoRef
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.lives import ONE, THREE, TWO

ALL = [ONE, TWO, THREE]


async def remove(desk: Desk, *video_ids: str) -> None:
    await desk.select(*video_ids)
    await desk.press(Qt.Key.Key_Delete)
    await until(lambda: not set(video_ids) & set(desk.ids))


async def in_the_bin(desk: Desk) -> list[str]:
    """Open the bin; its lines from the top down."""
    await desk.choose("Recently removed…")
    await desk.dialog()
    lines = next(desk.visible(QListView)).model()
    return [str(lines.index(place, 0).data()) for place in range(lines.rowCount())]


async def test_a_removal_is_undone_and_done_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE, TWO)

        await desk.control(Qt.Key.Key_Z)
        await until(lambda: sorted(desk.ids) == sorted(ALL))
        await desk.choose("Redo")
        await until(lambda: desk.ids == [THREE])

        assert not desk.action("Redo").isEnabled()


async def test_rows_come_back_with_their_marks(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", ONE)], rated(4))
        await remove(desk, ONE)

        await desk.control(Qt.Key.Key_Z)

        await until(lambda: desk.cell(ONE, "Rating") == "★★★★")


async def test_what_was_removed_in_an_earlier_run_is_put_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", ONE)], rated(4))
        await remove(desk, ONE, TWO)

    async with open_desk(key=None) as again:
        assert not again.action("Undo").isEnabled()
        lines = await in_the_bin(again)
        assert {line.split()[0] for line in lines} == {ONE, TWO}
        await again.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        await again.click("Put back")

        await until(lambda: sorted(again.ids) == sorted(ALL))
        assert again.cell(ONE, "Rating") == "★★★★"
        assert again.dialogs() == []


async def test_one_row_alone_is_put_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE, TWO)
        lines = await in_the_bin(desk)
        await desk.click("Put back")

        await until(lambda: len(desk.ids) == 2)
        assert lines[0].split()[0] in desk.ids


async def test_the_bin_can_be_emptied(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE, TWO)
        await in_the_bin(desk)
        await desk.click("Empty the bin…")
        await desk.dialog()
        await desk.click("Empty the bin")
        await until(lambda: desk.reads("2 erased for good"))

        assert await in_the_bin(desk) == []
        assert desk.reads("Nothing was removed in the last 30 days.")
        assert not desk.button("Put back").isEnabled()
        await desk.click("Close")


async def test_the_button_of_the_banner_undoes_its_own_removal(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE)
        await desk.select(TWO)
        await desk.press(Qt.Key.Key_5)
        await until(lambda: desk.cell(TWO, "Rating") == "★★★★★")

        await desk.click("Undo")

        await until(lambda: ONE in desk.ids)
        assert desk.cell(TWO, "Rating") == "★★★★★"


async def test_the_bin_is_emptied_only_when_that_is_meant(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE, TWO)
        await in_the_bin(desk)
        await desk.click("Empty the bin…")
        await desk.dialog()
        assert desk.reads("This cannot be undone")
        await desk.press(Qt.Key.Key_Return)

        assert desk.dialogs() == []
        assert len(await in_the_bin(desk)) == 2
        await desk.press(Qt.Key.Key_Escape)


async def test_after_the_bin_is_emptied_no_removal_can_be_undone(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE)
        await in_the_bin(desk)
        await desk.click("Empty the bin…")
        await desk.dialog()
        await desk.click("Empty the bin")
        await until(lambda: desk.reads("1 erased for good"))

        await until(lambda: not desk.action("Undo").isEnabled())
        assert desk.ids == [TWO, THREE]
