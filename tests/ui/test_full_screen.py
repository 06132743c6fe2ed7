"""The full screen: the list is gone through and judged in it, and its buttons come with the mouse."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pixverse_desktop.simulator import Simulation, stories
from pixverse_desktop.ui.full_screen import FullScreen
from tests.ui import mouse
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, is_close, middle_of, turns, until
from tests.ui.lives import BLUE, GREEN, ONE, RED, THREE, TWO, life, ready


def full_screen() -> FullScreen | None:
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    return next((top for top in tops if isinstance(top, FullScreen)), None)


async def filled(desk: Desk, colour: str = RED) -> FullScreen:
    """Wait for the clip, and fill the screen with it."""
    await until(lambda: desk.sees_colour(colour))
    await until(desk.is_playing)
    desk.table.setFocus()
    await desk.press(Qt.Key.Key_F)
    window = full_screen()
    assert window is not None
    await until(window.isActiveWindow)
    return window


def sees(window: QWidget, colour: str) -> bool:
    return is_close(middle_of(window.grab().toImage()), colour, 6)


def words(window: QWidget) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


async def press(window: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window, key)
        await turns()


async def three_ready(desk: Desk, simulation: Simulation) -> None:
    for video_id, clip in ((ONE, "01-red.mp4"), (TWO, "02-green.mp4"), (THREE, "03-blue.mp4")):
        simulation.add(ready(video_id, clip))
    await until(lambda: {desk.status(each) for each in (ONE, TWO, THREE)} == {"Ready"})
    await desk.select(ONE)


async def test_up_and_down_follow_the_order_of_the_list_and_say_which_clip_it_is(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await three_ready(desk, simulation)
        window = await filled(desk)
        assert f"1 / 3   {ONE}" in words(window)

        await press(window, Qt.Key.Key_Down)
        await until(lambda: sees(window, GREEN))
        assert f"2 / 3   {TWO}" in words(window)
        await press(window, Qt.Key.Key_PageDown, Qt.Key.Key_Down)
        await until(lambda: sees(window, BLUE))
        assert f"3 / 3   {THREE}" in words(window)
        await press(window, Qt.Key.Key_Up)
        await until(lambda: sees(window, GREEN))

        await press(window, Qt.Key.Key_Escape)
        await until(lambda: full_screen() is None)
        assert desk.selected == [TWO]
        await until(lambda: desk.sees_colour(GREEN))
        assert desk.button("Play or pause").isVisible()


async def test_what_a_search_hides_is_passed_over(open_desk: OpenDesk, simulation: Simulation) -> None:
    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await three_ready(desk, simulation)
        for video_id in (ONE, THREE):
            await desk.select(video_id)
            await desk.press(Qt.Key.Key_4)
        await desk.type("rating:4", into="Search")
        await until(lambda: sorted(desk.ids) == sorted([ONE, THREE]))
        await desk.select(ONE)
        window = await filled(desk)

        await press(window, Qt.Key.Key_Down)

        await until(lambda: sees(window, BLUE))


async def test_a_clip_is_rated_and_rejected_there_alone_and_it_can_be_undone(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await three_ready(desk, simulation)
        window = await filled(desk)
        desk.table.selectAll()
        shown = desk.window.player.video
        assert shown is not None

        await press(window, Qt.Key.Key_4, Qt.Key.Key_X)

        marks = desk.engine.library.marks
        await until(lambda: marks(shown.ref).is_rejected)
        assert marks(shown.ref).rating == 4
        assert [marks(video.ref).rating for video in desk.engine.library].count(4) == 1
        await until(lambda: "★★★★   Rejected" in words(window))
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not marks(shown.ref).is_rejected)
        assert desk.window.player.view.scale == 0


async def test_a_clip_that_no_longer_fits_the_search_stays_until_one_goes_on(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await three_ready(desk, simulation)
        await desk.type("rating:0", into="Search")
        await until(lambda: len(desk.ids) == 3)
        await desk.select(ONE)
        window = await filled(desk)

        await press(window, Qt.Key.Key_5)
        mouse.move(window, QPoint(5, 5))
        mouse.move(window, QPoint(9, 9))
        assert desk.has_button("Loop")
        await until(
            lambda: not desk.has_button("Loop")
        )  # two seconds, after which a list without hands settles
        mouse.move(window, QPoint(19, 19))
        await until(lambda: not desk.has_button("Loop"))

        assert sees(window, RED)
        assert desk.ids == [ONE, TWO, THREE]
        await press(window, Qt.Key.Key_Down)
        await until(lambda: sees(window, GREEN))


async def test_buttons_and_pointer_come_with_the_mouse_and_go_by_themselves(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        window = await filled(desk)
        view = desk.window.player.view
        assert not desk.has_button("Loop")
        assert view.cursor().shape() is Qt.CursorShape.BlankCursor

        mouse.move(view, QPoint(50, 50))  # comes under the pointer without having moved
        assert not desk.has_button("Loop")
        mouse.move(view, QPoint(60, 60))
        assert view.cursor().shape() is Qt.CursorShape.ArrowCursor
        assert words(window)
        await desk.click("Loop")
        assert not desk.window.player.playback.is_looping

        await until(lambda: not desk.has_button("Loop"))
        assert view.cursor().shape() is Qt.CursorShape.BlankCursor


async def test_tab_leads_to_the_buttons(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        window = await filled(desk)

        await press(window, Qt.Key.Key_Tab)

        assert desk.has_button("Loop")
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.accessibleName() == "Position"
        QTest.keyClick(focus, Qt.Key.Key_Escape)
        await until(lambda: full_screen() is None)


async def test_a_video_without_a_clip_says_so_there_too(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))
    simulation.add(life(TWO, stories.moderated(0)))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.status(TWO) == "Moderated")
        await desk.select(ONE)
        window = await filled(desk)

        await press(window, Qt.Key.Key_Down)

        await until(lambda: "Blocked by PixVerse’s moderation." in words(window))


async def test_shift_and_space_is_a_quick_look_from_the_list(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))
    held = Qt.KeyboardModifier.ShiftModifier

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.sees_colour(RED))
        desk.table.setFocus()
        await desk.press(Qt.Key.Key_Space, held)
        window = full_screen()
        assert window is not None

        QTest.keyClick(window, Qt.Key.Key_Space, held)

        await until(lambda: full_screen() is None)
        assert desk.window.player.controls.isVisible()


async def test_closing_the_full_screen_brings_the_player_back(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        window = await filled(desk)

        window.close()

        await until(lambda: full_screen() is None)
        await until(lambda: desk.sees_colour(RED))
        assert desk.button("Loop").isVisible()


async def test_what_became_of_a_snapshot_is_told_there(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        window = await filled(desk)

        await press(window, Qt.Key.Key_S)

        await until(lambda: "copied. Once there is a folder" in words(window))
