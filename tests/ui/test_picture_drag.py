"""Pulling the picture out of the player: the clip, or with Alt the frame, for another program."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QDrag, QHelpEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import Simulation
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, is_close, middle_of, turns, until
from tests.ui.lives import ONE, RED, TWO, ready
from tests.ui.test_player import playing

NONE, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
START = QPoint(60, 50)
REF = VideoRef("default", ONE)


def send(desk: Desk, kind: QEvent.Type, place: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    """Let the mouse do something over the picture, with its left button."""
    view = desk.view()
    assert view is not None
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    buttons = none if kind is QEvent.Type.MouseButtonRelease else left
    seen, shown = QPointF(place), QPointF(view.mapToGlobal(place))
    QApplication.sendEvent(view, QMouseEvent(kind, seen, shown, button, buttons, held))


def press(desk: Desk, held: Qt.KeyboardModifier = NONE) -> None:
    send(desk, QEvent.Type.MouseButtonPress, START, held)


def pull(desk: Desk, by: int, held: Qt.KeyboardModifier = NONE) -> None:
    send(desk, QEvent.Type.MouseMove, START + QPoint(by, 0), held)


def let_go(desk: Desk, by: int, held: Qt.KeyboardModifier = NONE) -> None:
    send(desk, QEvent.Type.MouseButtonRelease, START + QPoint(by, 0), held)


def carried(desk: Desk) -> QMimeData | None:
    """What hangs at the pointer, or None if nothing is being dragged."""
    view = desk.view()
    assert view is not None
    drags = view.findChildren(QDrag)
    return drags[-1].mimeData() if drags else None


def asks_for_tip(desk: Desk) -> bool:
    """Let the mouse rest on the picture; whether a tool tip comes of it."""
    view = desk.window.player.view
    event = QHelpEvent(QEvent.Type.ToolTip, START, view.mapToGlobal(START))
    event.ignore()
    QApplication.sendEvent(view, event)
    return QToolTip.isVisible()


def files(mime: QMimeData | None) -> list[Path]:
    return [] if mime is None else [Path(url.toLocalFile()) for url in mime.urls()]


@pytest.fixture(autouse=True)
def _a_life(simulation: Simulation) -> None:
    simulation.add(ready(ONE))


async def on_disk(desk: Desk, path: Path) -> None:
    """Let the clip be saved there, as the list has it."""

    def change(video: Video) -> Video:
        return replace(video, saved_path=str(path), saved_bytes=1)

    await desk.engine.library.update(REF, change)
    await turns()


async def shown(desk: Desk) -> None:
    await until(lambda: desk.status(ONE) == "Ready")
    await desk.select(ONE)
    await playing(desk)


async def test_a_saved_clip_goes_out_as_its_file(open_desk: OpenDesk, tmp_path: Path) -> None:
    clip = tmp_path / "my clip.mp4"
    clip.write_bytes((resource_path("clips") / "01-red.mp4").read_bytes())
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)
        await on_disk(desk, clip)

        press(desk)
        pull(desk, QApplication.startDragDistance())

        assert files(carried(desk)) == [clip]
        let_go(desk, 40)
        assert desk.is_playing()


async def test_a_clip_that_is_not_on_disk_goes_out_as_its_address(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)
        address = desk.window.player.video.url if desk.window.player.video else ""
        for path in (None, tmp_path / "gone.mp4"):
            if path is not None:
                await on_disk(desk, path)
            press(desk)
            pull(desk, 40)
            let_go(desk, 40)

            mime = carried(desk)
            assert mime is not None
            assert (mime.text(), mime.hasUrls()) == (address, False)
            assert address.startswith("http")


async def test_a_click_with_an_unsteady_hand_is_a_click(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)

        press(desk)
        pull(desk, QApplication.startDragDistance() - 1)
        let_go(desk, QApplication.startDragDistance() - 1)

        assert carried(desk) is None
        await until(lambda: not desk.is_playing())


@pytest.mark.parametrize("held", [ALT, SHIFT])
async def test_with_alt_the_frame_on_show_goes_out_as_a_picture(
    open_desk: OpenDesk, held: Qt.KeyboardModifier
) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)
        await desk.press(Qt.Key.Key_Space)
        await until(lambda: not desk.is_playing())
        number, seen = desk.window.player.playback.frame_number, desk.window.player.view.image()

        press(desk, held)
        await desk.nothing_under_way("lend frame")
        pull(desk, 40, held)
        let_go(desk, 40, held)

        mime = carried(desk)
        assert mime is not None
        (path,) = files(mime)
        assert path.name == f"{ONE}_frame{number}.png"
        assert QImage(str(path)).convertToFormat(seen.format()) == seen
        assert mime.hasImage()
        assert is_close(middle_of(mime.imageData()), RED, 6)
        assert not desk.is_playing()


async def test_a_frame_that_is_still_being_written_is_waited_for(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)

        press(desk, ALT)
        pull(desk, 40, ALT)  # no time went by
        assert carried(desk) is None
        await desk.nothing_under_way("lend frame")
        pull(desk, 41, ALT)

        assert len(files(carried(desk))) == 1


async def test_a_frame_that_no_disk_takes_goes_out_without_a_file(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)
        desk.where.lent_pictures.rmdir()
        desk.where.lent_pictures.write_text("no folder")

        press(desk, ALT)
        await until(lambda: desk.reads("The picture cannot be written to"))
        pull(desk, 40, ALT)

        mime = carried(desk)
        assert mime is not None
        assert (mime.hasImage(), mime.hasUrls()) == (True, False)


async def test_where_the_picture_can_be_dragged_to_is_told_while_it_rests(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)
        view = desk.window.player.view
        assert "Drag the picture" in view.accessibleDescription()

        asked_while_playing = asks_for_tip(desk)
        await desk.press(Qt.Key.Key_Space)
        await until(lambda: not desk.is_playing())

        assert (asked_while_playing, asks_for_tip(desk)) == (False, True)
        QToolTip.hideText()
        assert "for this frame" in view.toolTip()


def _entries(menu: QMenu, words: str) -> list[QAction]:
    return [each for each in menu.actions() if each.text().replace("&", "") == words]


async def test_a_right_click_on_the_picture_opens_the_menu_of_the_video(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    clip = tmp_path / "a.mp4"
    clip.write_bytes((resource_path("clips") / "01-red.mp4").read_bytes())
    async with open_desk(ids=[ONE, TWO]) as desk:
        await shown(desk)
        await on_disk(desk, clip)
        view = desk.window.player.view
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(view, QContextMenuEvent(reason, START, view.mapToGlobal(START)))
        await until(desk.menus)
        (first,) = desk.menus()
        next(each for each in first.actions() if "More for this" in each.text()).trigger()
        first.close()
        await until(lambda: any(_entries(menu, "Show in folder") for menu in desk.menus()))

        (menu,) = desk.menus()
        (entry,) = _entries(menu, "Show in folder")
        assert entry.isEnabled()
        menu.close()


async def test_a_picture_that_is_cut_off_is_moved_by_the_hand_and_not_carried_away(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await shown(desk)
        view = desk.window.player.view
        await desk.press(Qt.Key.Key_Z)
        await until(lambda: view.is_cut)
        assert view.cursor().shape() is Qt.CursorShape.OpenHandCursor

        press(desk)
        pull(desk, QApplication.startDragDistance() + 5)

        assert carried(desk) is None
        assert view.cursor().shape() is Qt.CursorShape.ClosedHandCursor
        let_go(desk, 40)
        assert view.cursor().shape() is Qt.CursorShape.OpenHandCursor
        assert desk.is_playing()
