"""Comparing clips side by side and in one picture, as a person does it."""

import gc
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtMultimedia import QMediaPlayer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from pixverse_desktop.simulator import Place, Simulation, SimulatorServer, faults, stories
from pixverse_desktop.ui.compare_pane import ComparePane
from pixverse_desktop.ui.compare_window import CompareWindow
from pixverse_desktop.ui.frame_view import FrameView
from pixverse_desktop.ui.lanes import Lane
from pixverse_desktop.ui.together import PlayedTogether
from pixverse_desktop.ui.wipe_view import WipeView
from tests.ui.conftest import OpenDesk, sample_clips
from tests.ui.desk import Desk, is_close, turns, until
from tests.ui.lives import BLUE, GREEN, ONE, RED, THREE, TWO, life, ready
from tests.ui.numbered_clips import make_clip, number_of

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def server(simulation: Simulation, tmp_path: Path) -> Iterator[SimulatorServer]:
    """A service with clips that count, beside those of one colour."""
    clips = sample_clips()
    clips["tall.mp4"] = make_tall(tmp_path / "tall.mp4").read_bytes()
    clips["count.mp4"] = make_clip(tmp_path / "count.mp4", fps=24, frames=48).read_bytes()
    with SimulatorServer(simulation, clips) as serving:
        yield serving


def make_tall(path: Path) -> Path:
    source = ["-f", "lavfi", "-i", "testsrc2=size=180x320:rate=24:duration=2"]
    command = ["ffmpeg", "-loglevel", "error", "-y", *source, "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(path)], check=True)
    return path


def window(desk: Desk) -> CompareWindow | None:
    tops = QApplication.topLevelWidgets()
    return next((top for top in tops if isinstance(top, CompareWindow) and top.isVisible()), None)


def panes(desk: Desk) -> list[ComparePane]:
    """The panes in sight."""
    found = window(desk)
    return [] if found is None else found.findChildren(ComparePane)


def views(desk: Desk) -> list[FrameView]:
    return [view for pane in panes(desk) for view in pane.findChildren(FrameView) if view.isVisible()]


def numbers(desk: Desk) -> list[int]:
    """The numbers in the pictures, as they are painted."""
    return [number_of(view.image()) for view in views(desk) if view.has_picture]


def said(pane: ComparePane) -> str:
    labels = [label.text() for label in pane.findChildren(QLabel) if label.isVisible()]
    buttons = [button.text() for button in pane.findChildren(QAbstractButton) if button.isVisible()]
    return "\n".join(labels + buttons)


def is_bold(pane: ComparePane, words: str) -> bool:
    return next(label for label in pane.findChildren(QLabel) if label.text() == words).font().bold()


def wipe(desk: Desk) -> WipeView:
    found = window(desk)
    assert found is not None
    return found.findChildren(WipeView)[0]


def drag(widget: QWidget, place: QPoint) -> None:
    """Move the mouse with its button held, which ``QTest.mouseMove`` does with Qt's loop inside asyncio's."""
    seen, shown = QPointF(place), QPointF(widget.mapToGlobal(place))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, seen, shown, Qt.MouseButton.NoButton, left, none)
    QApplication.sendEvent(widget, event)


async def compare(desk: Desk, *video_ids: str) -> list[ComparePane]:
    """Select rows and press C."""
    await until(lambda: all(desk.status(video_id) == "Ready" for video_id in video_ids))
    await desk.select(*video_ids)
    await desk.press(Qt.Key.Key_C)
    await until(lambda: (found := window(desk)) is not None and found.isActiveWindow())
    return panes(desk)


async def counting(desk: Desk) -> list[ComparePane]:
    """Compare two clips that count, and wait until both do."""
    found = await compare(desk, ONE, TWO)
    await until(lambda: len(numbers(desk)) == 2 and min(numbers(desk)) > 2)
    return found


async def counted(desk: Desk, number: int) -> None:
    """Wait until both clips show this frame."""
    await until(lambda: numbers(desk) == [number, number])


async def test_c_shows_the_selected_clips_side_by_side(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id, clip in ((ONE, "01-red.mp4"), (TWO, "02-green.mp4"), (THREE, "03-blue.mp4")):
        simulation.add(ready(video_id, clip))

    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        found = await compare(desk, ONE, TWO, THREE)
        await until(lambda: len(views(desk)) == 3)

        for pane, video_id, colour in zip(found, (ONE, TWO, THREE), (RED, GREEN, BLUE), strict=True):
            assert video_id in said(pane)
            picture = pane.view.grab().toImage()
            assert is_close(picture.pixelColor(picture.rect().center()), colour, 6)
        assert found[0].y() == found[1].y() < found[2].y()


async def test_they_are_in_step_within_one_frame(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "count.mp4"))
    apart: set[int] = set()
    seen: set[int] = set()

    async with open_desk(ids=[ONE, TWO]) as desk:
        await counting(desk)

        def look(turn: list[int]) -> None:
            one, other = numbers(desk)
            turn.append(one)
            apart.add(abs(one - other))
            seen.update((one, other))

        painted: list[int] = []
        views(desk)[1].painted.connect(lambda: look(painted))
        await until(lambda: sum(after < before for before, after in pairwise(painted)) >= 2)

    assert apart <= {0, 1}
    assert len(seen) > 40


async def test_rows_without_a_clip_are_not_compared(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))
    simulation.add(life(TWO, stories.moderated(0)))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        await desk.select(ONE, TWO)
        await until(lambda: desk.action("Play or pause").isEnabled())
        assert not desk.action("Compare").isEnabled()
        await desk.press(Qt.Key.Key_C)

        assert window(desk) is None


async def test_steps_and_space_are_for_all(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "count.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await counting(desk)
        assert desk.is_playing()
        await desk.press(Qt.Key.Key_Space)
        await until(lambda: desk.shows_icon("Play or pause", "play"))
        one, other = numbers(desk)
        assert abs(one - other) <= 1
        await desk.press(Qt.Key.Key_Left)
        await until(lambda: desk.reads(" · "))
        await desk.press(Qt.Key.Key_Left)
        await counted(desk, 0)
        for expected in (1, 2, 3):
            await desk.press(Qt.Key.Key_Period)
            await counted(desk, expected)
        await desk.press(Qt.Key.Key_Comma)
        await counted(desk, 2)
        assert desk.reads("0:00 / 0:02 · 3")

        await desk.press(Qt.Key.Key_BracketLeft)
        assert desk.button("Usual speed").text().startswith("0")
        await desk.press(Qt.Key.Key_Backspace)
        assert not desk.has_button("Usual speed")
        await desk.press(Qt.Key.Key_Space)
        await until(lambda: min(numbers(desk)) > 5)


async def test_what_differs_is_told_word_by_word(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE, prompt="a red paper boat drifts down the gutter at dusk <slowly>"))
    simulation.add(ready(TWO, prompt="a red paper kite drifts down the gutter at dusk <slowly>"))
    simulation.add(ready(THREE, prompt="a red paper boat drifts down the gutter at dusk <slowly>"))

    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        first, second, third = await compare(desk, ONE, TWO, THREE)

        assert "<b><u>boat</u></b>" in said(first)
        assert "<b><u>kite</u></b>" in said(second)
        assert "gutter" not in said(second)
        assert "<u>" not in said(third)


async def test_a_click_chooses_the_clip_that_is_marked(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "count.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        first, second = await counting(desk)
        await desk.press(Qt.Key.Key_2)
        await until(lambda: "★★" in said(first))
        QTest.mouseClick(second.view, Qt.MouseButton.LeftButton)
        assert [is_bold(pane, video_id) for pane, video_id in ((first, ONE), (second, TWO))] == [False, True]
        await desk.press(Qt.Key.Key_4)
        await desk.press(Qt.Key.Key_X)
        await until(lambda: "Rejected" in said(second))

        assert "★★★★" in said(second)
        assert "Rejected" not in said(first)
        assert (desk.cell(ONE, "Rating"), desk.cell(TWO, "Rating")) == ("★★", "★★★★")
        assert second.accessibleName() == f"Clip 2 of 2, {TWO}, 4 of 5 stars, Rejected"

        await desk.control(Qt.Key.Key_Z)
        await until(lambda: "Rejected" not in said(second))
        await desk.control(Qt.Key.Key_Z)
        await until(lambda: "★" not in said(second))
        assert "★★" in said(first)


async def test_tab_chooses_the_next_clip(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id))

    async with open_desk(ids=[ONE, TWO]) as desk:
        first, second = await compare(desk, ONE, TWO)
        await desk.press(Qt.Key.Key_Tab)
        await desk.press(Qt.Key.Key_5)

        await until(lambda: "★★★★★" in said(second))
        assert "★" not in said(first)


async def test_the_line_has_the_first_clip_on_its_left(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE, "01-red.mp4"))
    simulation.add(ready(TWO, "03-blue.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await compare(desk, ONE, TWO)
        await until(lambda: len(views(desk)) == 2)
        await desk.press(Qt.Key.Key_W)

        def colours(*shares: float) -> list[str]:
            """Which clip is seen at these parts of the picture's width."""
            image = wipe(desk).grab().toImage()
            height = image.height() * 2 // 5
            pixels = [image.pixelColor(round(image.width() * share), height) for share in shares]
            return [
                "red" if is_close(pixel, RED, 6) else "blue" if is_close(pixel, BLUE, 6) else ""
                for pixel in pixels
            ]

        assert colours(0.3, 0.45, 0.55, 0.7) == ["red", "red", "blue", "blue"]

        view = wipe(desk)
        middle = view.rect().center()
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
        drag(view, QPoint(round(view.width() * 0.65), middle.y()))
        QTest.mouseRelease(
            view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.width() * 0.65), middle.y())
        )
        assert colours(0.3, 0.6, 0.7) == ["red", "red", "blue"]

        for _ in range(15):
            await desk.press(Qt.Key.Key_Left, SHIFT)
        assert colours(0.3, 0.6, 0.7) == ["red", "blue", "blue"]

        await desk.click("One picture with a line between")
        assert len(views(desk)) == 2
        assert not wipe(desk).isVisible()


async def test_a_clip_that_cannot_be_played_has_words_and_the_other_plays(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE, "count.mp4"))
    simulation.add(ready(TWO, "hollow.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        first, second = await compare(desk, ONE, TWO)
        await until(lambda: len(numbers(desk)) == 1 and min(numbers(desk)) > 2)
        await until(lambda: "This clip cannot be played here. It may still be saved." in said(second))
        assert first.has_picture
        assert not desk.button("One picture with a line between").isEnabled()

        simulation.add(ready(TWO, "count.mp4"))
        await desk.click("Retry")
        await until(lambda: len(numbers(desk)) == 2 and min(numbers(desk)) > 2)
        one, other = numbers(desk)
        assert abs(one - other) <= 1


async def test_closing_while_fetching_leaves_nothing(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "long.mp4"))
    simulation.inject(faults.slow(200_000), place=Place.MEDIA)

    async with open_desk(ids=[ONE, TWO]) as desk:
        await compare(desk, ONE, TWO)
        await until(lambda: desk.reads("Fetching the clip… ") or desk.reads("One moment…"))
        players = len(desk.window.findChildren(QMediaPlayer))
        await desk.press(Qt.Key.Key_Escape)
        await until(lambda: window(desk) is None)
        await turns()

        for video_id in (ONE, TWO):
            await desk.nothing_under_way(f"compare {video_id}")
        await until(lambda: len(desk.window.findChildren(QMediaPlayer)) == players - 2)


async def test_escape_closes_and_the_list_has_the_keys_again(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await compare(desk, ONE, TWO)
        await desk.press(Qt.Key.Key_Escape)
        await until(lambda: window(desk) is None)

        assert desk.selected == [ONE, TWO]


async def test_the_program_ends_with_the_window_open(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "count.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await counting(desk)

    assert window(desk) is None


async def test_stars_and_reject_can_be_clicked(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id))

    async with open_desk(ids=[ONE, TWO]) as desk:
        first, second = await compare(desk, ONE, TWO)
        stars = next(label for label in second.findChildren(QLabel) if "☆" in label.text())
        QTest.mouseClick(
            stars, Qt.MouseButton.LeftButton, pos=QPoint(stars.width() // 2, stars.height() // 2)
        )
        await until(lambda: "★★★☆☆" in said(second))
        reject = next(button for button in second.findChildren(QAbstractButton) if button.text() == "Reject")
        QTest.mouseClick(reject, Qt.MouseButton.LeftButton)
        await until(lambda: "Rejected" in said(second))

        assert "★" not in said(first)
        assert desk.cell(TWO, "Rating") == "★★★"


async def test_digits_that_need_shift_are_digits(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id))

    async with open_desk(ids=[ONE, TWO]) as desk:
        first, _ = await compare(desk, ONE, TWO)
        await desk.press(Qt.Key.Key_3, SHIFT)
        await until(lambda: "★★★☆" in said(first))
        await desk.press(Qt.Key.Key_X, SHIFT)
        await desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
        await desk.press(Qt.Key.Key_2)
        await until(lambda: "★★☆☆" in said(first))

        assert "Rejected" not in said(first)


async def test_a_row_that_leaves_the_list_is_told_and_may_come_back(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id))

    async with open_desk(ids=[ONE, TWO]) as desk:
        first, second = await compare(desk, ONE, TWO)
        await until(lambda: len(views(desk)) == 2)
        await desk.press(Qt.Key.Key_2)
        await until(lambda: "★★☆" in said(first))
        refs = [video.ref for video in desk.engine.library if video.video_id == ONE]
        removed = await desk.engine.library.remove(refs)

        await until(lambda: "No longer in the list" in said(first))
        assert "★" not in said(first)
        assert "No longer in the list" not in said(second)
        assert first.accessibleName() == f"Clip 1 of 2, {ONE}, No longer in the list"
        assert len(views(desk)) == 2

        await desk.engine.library.put_back(removed)
        await until(lambda: "★★☆" in said(first))


async def test_the_clip_behind_rests_even_if_it_comes_later(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "count.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await counting(desk)
        player = desk.window.player
        await until(lambda: player.view.has_picture)

        assert not player.playback.is_playing


async def test_the_same_clips_are_compared_in_one_window(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await compare(desk, ONE, TWO)
        first = window(desk)
        desk.window.activateWindow()
        await until(desk.window.isActiveWindow)
        await desk.choose("Compare")
        await until(lambda: window(desk) is not None and not desk.window.isActiveWindow())

        found = [top for top in QApplication.topLevelWidgets() if isinstance(top, CompareWindow)]
        assert found == [first]


async def test_enter_shows_the_chosen_clip_in_the_list(open_desk: OpenDesk, simulation: Simulation) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await compare(desk, ONE, TWO)
        await desk.press(Qt.Key.Key_Tab)
        await desk.press(Qt.Key.Key_Return)
        await until(desk.window.isActiveWindow)

        assert desk.selected == [TWO]


async def test_retry_keeps_its_clip_chosen(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE, "hollow.mp4"))
    simulation.add(ready(TWO, "count.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        first, second = await compare(desk, ONE, TWO)
        await until(lambda: "This clip cannot be played here. It may still be saved." in said(first))
        QTest.mouseClick(second.view, Qt.MouseButton.LeftButton)
        simulation.add(ready(ONE, "count.mp4"))
        await desk.click("Retry")
        await until(lambda: len(numbers(desk)) == 2)
        await desk.press(Qt.Key.Key_3)
        await until(lambda: "★★★" in said(first))

        assert "★" not in said(second)


async def test_there_is_nothing_to_play_where_no_clip_can_be(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "hollow.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        found = await compare(desk, ONE, TWO)
        words = "This clip cannot be played here. It may still be saved."
        await until(lambda: all(words in said(pane) for pane in found))

        assert not desk.button("Play or pause").isEnabled()


async def test_the_line_is_a_slider_for_keys_and_for_those_who_hear_it(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE, "01-red.mp4"))
    simulation.add(ready(TWO, "03-blue.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await compare(desk, ONE, TWO)
        await until(lambda: len(views(desk)) == 2)
        await desk.press(Qt.Key.Key_Left, SHIFT)  # there is no line to be moved yet
        await desk.press(Qt.Key.Key_W)
        view = wipe(desk)
        spoken = QAccessible.queryAccessibleInterface(view)
        assert spoken.role() is QAccessible.Role.Slider
        assert view.accessibleDescription() == "Line at 50 %"

        view.setFocus()
        for _ in range(10):
            await desk.press(Qt.Key.Key_Left)
        assert view.accessibleDescription() == "Line at 30 %"
        image = view.grab().toImage()
        height = image.height() * 2 // 5
        assert is_close(image.pixelColor(round(image.width() * 0.4), height), BLUE, 6)
        assert is_close(image.pixelColor(round(image.width() * 0.2), height), RED, 6)
        await desk.press(Qt.Key.Key_2)
        await until(lambda: "★★☆" in said(panes(desk)[0]))


async def test_portrait_clips_stand_in_one_row(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    for video_id in (ONE, TWO, THREE):
        simulation.add(ready(video_id, "tall.mp4"))

    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        found = await compare(desk, ONE, TWO, THREE)
        await until(lambda: len(views(desk)) == 3)
        current = window(desk)
        assert current is not None
        current.resize(1000, 700)

        await until(lambda: len({pane.y() for pane in found}) == 1)
        assert found[0].x() < found[1].x() < found[2].x()


async def test_opening_and_closing_leaves_no_window_behind(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    for video_id in (ONE, TWO):
        simulation.add(ready(video_id, "count.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        for number in range(4):
            await compare(desk, ONE, TWO)
            if number % 2:
                await until(lambda: len(numbers(desk)) == 2)
            await desk.press(Qt.Key.Key_Escape)
            await until(lambda: window(desk) is None)
            desk.window.activateWindow()
            await until(desk.window.isActiveWindow)
        await until(lambda: gc.collect() is not None and not left_behind())

        assert len(desk.window.findChildren(QMediaPlayer)) == 1


def left_behind() -> list[object]:
    return [one for one in gc.get_objects() if type(one) in (CompareWindow, PlayedTogether, Lane)]
