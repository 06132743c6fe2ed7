"""Backups are listed, and one of them becomes the list again."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget

from pixverse_desktop.core.marks import rated
from pixverse_desktop.core.video import VideoRef
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.groups import groups
from tests.ui.lives import ONE, THREE, TWO


async def lines(desk: Desk) -> list[str]:
    """Open the dialog; its lines from the top down."""
    await desk.choose("Restore backup…")
    await desk.dialog()
    shown = next(desk.visible(QListWidget))
    return [shown.item(place).text() for place in range(shown.count())]


async def test_without_a_backup_the_dialog_says_so(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, is_polling=False) as desk:
        assert await lines(desk) == []
        assert desk.reads("There is no backup yet.")
        assert not desk.button("Restore").isEnabled()
        await desk.click("Cancel")


async def test_a_run_that_changed_the_list_leaves_a_backup(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE, TWO], is_polling=False):
        pass

    async with open_desk(key=None, is_polling=False) as again:
        shown = await lines(again)

        assert any("2 videos" in line and "at the end of a run" in line for line in shown)
        await again.press(Qt.Key.Key_Escape)


async def test_a_backup_becomes_the_list_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE, TWO], is_polling=False) as desk:
        await desk.engine.library.mark([VideoRef("default", ONE)], rated(5))

    async with open_desk(key=None, is_polling=False) as again:
        await again.engine.library.add([THREE], account="default")
        await again.select(ONE)
        await again.press(Qt.Key.Key_Delete)
        await until(lambda: again.ids == [TWO, THREE])
        await until(lambda: again.action("Undo").isEnabled())

        assert "2 videos" in (await lines(again))[0]
        await again.click("Restore")

        await until(lambda: again.reads("The backup is restored: 2 videos."))
        assert sorted(again.ids) == sorted([ONE, TWO])
        assert again.cell(ONE, "Rating") == "★★★★★"
        await until(lambda: groups(again)["All"] == "2")
        await until(lambda: again.reads("2 videos   ·"))
        assert not again.action("Undo").isEnabled()


async def test_the_list_before_a_restore_can_come_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE], is_polling=False):
        pass

    async with open_desk(key=None, is_polling=False) as again:
        await again.engine.library.add([TWO], account="default")
        await lines(again)
        await again.click("Restore")
        await until(lambda: again.ids == [ONE])

        shown = await lines(again)
        assert any("2 videos" in line and "before a restore" in line for line in shown)
        await again.press(Qt.Key.Key_Escape)
