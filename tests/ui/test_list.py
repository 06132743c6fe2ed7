"""What a person does with rows: remove, undo, copy, sort, open, check."""

import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from pixverse_desktop.simulator import Simulation, SimulatorServer, stories
from tests.ui.conftest import KEY, OpenDesk
from tests.ui.desk import Desk, clipboard_text, until
from tests.ui.lives import ONE, THREE, TWO, life, ready

ALL = [ONE, TWO, THREE]


async def test_delete_removes_the_selected_rows(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await desk.select(ONE, THREE)
        await desk.press(Qt.Key.Key_Delete)

        await until(lambda: desk.ids == [TWO])
        assert desk.reads("2 removed from the list")


async def test_after_a_removal_the_neighbour_is_selected(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await desk.select(TWO)
        await desk.press(Qt.Key.Key_Delete)

        await until(lambda: desk.ids == [ONE, THREE])
        assert desk.selected in ([ONE], [THREE])
        assert desk.reads(desk.selected[0])


async def test_ctrl_z_brings_removed_rows_back_one_removal_at_a_time(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        assert not desk.action("Undo").isEnabled()
        for video_id in (ONE, THREE):
            await desk.select(video_id)
            await desk.press(Qt.Key.Key_Delete)
            await until(partial(_is_gone, desk, video_id))

        await desk.control(Qt.Key.Key_Z)
        await until(lambda: sorted(desk.ids) == sorted([TWO, THREE]))
        await desk.control(Qt.Key.Key_Z)
        await until(lambda: sorted(desk.ids) == sorted(ALL))
        assert not desk.action("Undo").isEnabled()


def _is_gone(desk: Desk, video_id: str) -> bool:
    return video_id not in desk.ids


async def test_the_button_of_the_banner_brings_rows_back(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready())

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready" and desk.selected == [ONE])
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.ids == [])
        await desk.click("Undo")

        await until(lambda: desk.status(ONE) == "Ready")
        assert desk.cell(ONE, "Prompt") == "a paper boat"
        await until(lambda: desk.reads("Undone: remove 1 video"))


async def test_a_removal_outlives_the_window_and_so_does_its_undoing(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.ids == [THREE])

    async with open_desk() as again:
        assert again.ids == [THREE]


async def test_ctrl_c_copies_the_selected_ids_one_a_line(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await desk.control(Qt.Key.Key_A)
        await desk.control(Qt.Key.Key_C)

        assert clipboard_text() == "\n".join(ALL)


async def test_what_is_copied_for_support_holds_neither_key_nor_address(
    open_desk: OpenDesk, simulation: Simulation, server: SimulatorServer
) -> None:
    simulation.add(ready())

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        await desk.choose("Copy details for support")
        await until(clipboard_text)

        text = clipboard_text()
        assert f"video_id: {ONE}" in text
        assert "status: ready (1)" in text
        assert re.search(r"Ai-trace-id: [0-9a-f-]{32,}", text)
        assert KEY not in text
        assert "http" not in text
        await until(lambda: desk.reads("and no key"))


async def test_what_needs_a_row_is_grey_without_one(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        for name in ("Copy ids", "Copy details for support", "Remove from list", "Save", "Show in folder"):
            assert not desk.action(name).isEnabled(), name


async def test_a_click_on_a_title_sorts_up_then_down_then_as_added(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        for expected in ([TWO, THREE, ONE], [ONE, THREE, TWO], ALL):
            header = desk.table.horizontalHeader()
            QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))

            assert desk.ids == expected


async def test_sorting_keeps_what_is_selected(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await desk.select(ONE, TWO)
        header = desk.table.horizontalHeader()
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))

        assert sorted(desk.selected) == sorted([ONE, TWO])


async def test_a_right_click_offers_what_can_be_done(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await desk.select(ONE)
        middle = desk.table.visualRect(desk.table.model().index(0, 0)).center()
        desk.table.customContextMenuRequested.emit(middle)  # offscreen makes no menu event of a click
        menu = desk.menus()[0]

        offered = {action.text().replace("&", "") for action in menu.actions() if action.text()}
        menu.close()
        assert {"Save", "Copy ids", "Remove from list", "Check now"} <= offered


async def test_check_now_asks_about_the_selected_row(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(life(ONE, stories.failed(0)))

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Failed")
        simulation.add(ready())
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_F5)

        await until(lambda: desk.status(ONE) == "Ready")


class Opened(QObject):
    """In the place of the system's programs for files."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.paths.append(url.toLocalFile())


@pytest.fixture
def opened() -> Iterator[Opened]:
    catcher = Opened()
    QDesktopServices.setUrlHandler("file", catcher, "open")  # type: ignore[arg-type]  # the stub is wrong
    yield catcher
    QDesktopServices.unsetUrlHandler("file")


async def _saved(desk: Desk, folder: Path) -> Path:
    folder.mkdir()
    desk.window.commands.choose_folder(folder)
    await until(lambda: desk.status(ONE) == "Saved")
    await desk.select(ONE)
    return next(folder.iterdir())


async def test_a_double_click_opens_a_saved_clip(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, opened: Opened
) -> None:
    simulation.add(ready())

    async with open_desk(ids=[ONE]) as desk:
        saved = await _saved(desk, tmp_path / "clips")
        middle = desk.table.visualRect(desk.table.model().index(0, 0)).center()
        QTest.mouseDClick(desk.table.viewport(), Qt.MouseButton.LeftButton, pos=middle)

        await until(lambda: opened.paths == [str(saved)])


async def test_the_folder_of_a_saved_clip_is_shown(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, opened: Opened
) -> None:
    simulation.add(ready())

    async with open_desk(ids=[ONE]) as desk:
        saved = await _saved(desk, tmp_path / "clips")
        await until(lambda: desk.action("Show in folder").isEnabled())
        await desk.click("Show in folder")

        assert opened.paths == [str(saved.parent)]


async def test_the_folder_is_shown_by_its_key_from_the_gallery_and_from_the_player(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, opened: Opened
) -> None:
    simulation.add(ready())
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

    async with open_desk(ids=[ONE]) as desk:
        saved = await _saved(desk, tmp_path / "clips")
        await until(lambda: desk.action("Show in folder").isEnabled())
        await desk.click("Gallery")
        for widget in (desk.window.page.views.gallery, desk.button("Play or pause")):
            widget.setFocus()
            await desk.press(Qt.Key.Key_O, held)

        assert opened.paths == [str(saved.parent)] * 2


async def test_a_folder_that_is_gone_is_told(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, opened: Opened
) -> None:
    simulation.add(ready())

    async with open_desk(ids=[ONE]) as desk:
        saved = await _saved(desk, tmp_path / "clips")
        await until(lambda: desk.action("Show in folder").isEnabled())
        shutil.rmtree(saved.parent)
        await desk.click("Show in folder")

        assert opened.paths == []
        assert desk.reads(f"The folder {saved.parent} is not there any more.")


async def test_closing_asks_the_owner_first(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        asked: list[bool] = []
        desk.window.close_requested.connect(lambda: asked.append(True))
        await desk.control(Qt.Key.Key_Q)

        assert asked == [True]
        assert desk.window.isVisible()


async def test_a_news_can_be_closed(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.reads("1 removed from the list"))
        await desk.click("Close this message")

        assert not desk.reads("1 removed from the list")
