"""Dragging through a clip: frames are seen on the way, and the last is exact, by the number drawn into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QAbstractSlider, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.player_controls import PlayerControls
from pixverse_desktop.ui.scrubbing import Scrubber
from pixverse_desktop.ui.stepping import frame_end_us
from tests.ui import mouse
from tests.ui.numbered_clips import make_clip, number_of

FPS = 25
FRAMES = 100


class Dragged:
    """A row of controls in a window, the frames that were shown, and a hand on the slider."""

    def __init__(self, clip: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        self.window.resize(640, 200)
        self.playback = Playback(Settings())
        self.controls = PlayerControls(self.playback, 70, self.window)
        self.controls.setGeometry(0, 150, 640, 44)
        self.controls.setEnabled(True)
        self.window.show()
        self.numbers: list[int] = []
        self.last = QVideoFrame()
        self.playback.frame_ready.connect(self._on_frame)
        self.playback.load(clip)
        self.slider = next(
            one for one in self.window.findChildren(QAbstractSlider) if one.accessibleName() == "Position"
        )

    def _on_frame(self, frame: QVideoFrame) -> None:
        self.last = QVideoFrame(frame)
        self.numbers.append(number_of(frame.toImage()))

    def wait_for(self, number: int) -> None:
        self.qtbot.waitUntil(lambda: self.numbers[-1:] == [number], timeout=20_000)

    def place(self, share: float) -> QPoint:
        return QPoint(round(7 + share * (self.slider.width() - 14)), self.slider.height() // 2)

    def close(self) -> None:
        self.playback.unload()
        self.playback.deleteLater()
        self.window.close()
        self.window.deleteLater()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "numbered.mp4"
    return make_clip(path, fps=FPS, frames=FRAMES, has_sound=True)


@pytest.fixture
def dragged(clip: Path, qtbot: QtBot) -> Iterator[Dragged]:
    one = Dragged(clip, qtbot)
    yield one
    one.close()


def test_a_drag_shows_frames_on_the_way_and_rests_at_the_slider(dragged: Dragged) -> None:
    qtbot, slider = dragged.qtbot, dragged.slider
    qtbot.waitUntil(lambda: dragged.numbers.count(5) >= 2, timeout=20_000)  # the whole clip came by
    dragged.playback.pause()
    dragged.playback.seek(1)
    dragged.wait_for(0)
    dragged.numbers.clear()

    mouse.press(slider, dragged.place(0))
    for part in range(1, 61):  # with no time for the player on the way
        mouse.move(slider, dragged.place(part / 75), is_held=True)
    seen = list(dragged.numbers)
    mouse.release(slider, dragged.place(60 / 75))
    wanted = slider.value() * FPS // 1000
    dragged.wait_for(wanted)

    assert len(seen) >= 20
    assert seen == sorted(seen)
    assert dragged.last.startTime() <= slider.value() * 1000 < frame_end_us(dragged.last)
    assert not dragged.playback.is_playing


def test_without_any_frame_at_hand_seeks_follow_the_hand_one_at_a_time(dragged: Dragged) -> None:
    qtbot, slider = dragged.qtbot, dragged.slider
    qtbot.waitUntil(lambda: bool(dragged.numbers), timeout=20_000)
    dragged.playback.pause()
    dragged.numbers.clear()

    mouse.press(slider, dragged.place(0.1))
    for part in range(2, 10):
        mouse.move(slider, dragged.place(part / 10), is_held=True)
        dragged.numbers.clear()
        qtbot.waitUntil(lambda: bool(dragged.numbers), timeout=20_000)
    mouse.release(slider, dragged.place(0.9))

    dragged.wait_for(slider.value() * FPS // 1000)


def frame_at(number: int) -> QVideoFrame:
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(0)
    frame = QVideoFrame(image)
    frame.setStartTime(number * 40_000)
    frame.setEndTime((number + 1) * 40_000)
    return frame


def test_one_seek_is_under_way_at_a_time_and_the_last_wish_follows_it(qtbot: QtBot) -> None:
    owner = QObject()
    scrubber, asked_ms = Scrubber(owner), list[int]()
    scrubber.seek_wanted.connect(asked_ms.append)
    scrubber.begin(frame_at(0))

    for position_ms in (100, 900, 1700, 2500):
        scrubber.want(position_ms)
    assert asked_ms == [100]
    assert scrubber.take(frame_at(2), 4000)
    assert asked_ms == [100, 2500]
    scrubber.settle()
    active = [scrubber.is_active]
    assert scrubber.take(frame_at(62), 4000)
    active.append(scrubber.is_active)

    assert asked_ms == [100, 2500]
    assert active == [True, False]
    owner.deleteLater()


def test_a_player_that_gives_no_frame_does_not_hold_up_the_hand(qtbot: QtBot) -> None:
    owner = QObject()
    scrubber, asked_ms = Scrubber(owner), list[int]()
    scrubber.seek_wanted.connect(asked_ms.append)
    scrubber.begin(None)

    scrubber.want(100)
    scrubber.want(900)

    qtbot.waitUntil(lambda: asked_ms == [100, 900], timeout=10_000)
    scrubber.stop()
    owner.deleteLater()


@pytest.mark.parametrize("number", [0, 1, 24, 50, 51, 98, 99])
def test_the_first_moment_of_a_frame_shows_that_frame(dragged: Dragged, number: int) -> None:
    dragged.qtbot.waitUntil(lambda: bool(dragged.numbers), timeout=20_000)
    dragged.playback.pause()

    dragged.playback.begin_scrub()
    dragged.playback.scrub(number * 1000 // FPS)
    dragged.playback.end_scrub()

    dragged.wait_for(number)


def test_the_very_end_shows_the_last_frame(dragged: Dragged) -> None:
    dragged.qtbot.waitUntil(lambda: bool(dragged.numbers), timeout=20_000)
    dragged.playback.pause()

    mouse.press(dragged.slider, dragged.place(0.5))
    mouse.move(dragged.slider, dragged.place(1.2), is_held=True)
    mouse.release(dragged.slider, dragged.place(1.2))

    dragged.wait_for(FRAMES - 1)
    assert dragged.playback.frame_number == FRAMES


def test_what_played_is_silent_while_it_is_held_and_plays_on_from_there(dragged: Dragged) -> None:
    qtbot, slider = dragged.qtbot, dragged.slider
    qtbot.waitUntil(lambda: len(dragged.numbers) > 3, timeout=20_000)
    mouse.press(slider, dragged.place(0.5))
    mouse.move(slider, dragged.place(0.6), is_held=True)

    assert (dragged.playback.is_playing, dragged.playback.will_play) == (False, True)
    dragged.numbers.clear()
    mouse.release(slider, dragged.place(0.6))

    assert (dragged.playback.is_playing, dragged.playback.will_play) == (True, True)
    qtbot.waitUntil(lambda: dragged.numbers[-1:] > [65], timeout=20_000)
    assert 59 <= dragged.numbers[0] <= 61


def test_a_step_while_a_hand_holds_what_played_rests(dragged: Dragged) -> None:
    dragged.qtbot.waitUntil(lambda: len(dragged.numbers) > 3, timeout=20_000)
    told: list[bool] = []
    mouse.press(dragged.slider, dragged.place(0.5))
    dragged.playback.state_changed.connect(lambda _: told.append(dragged.playback.will_play))

    dragged.playback.step(1)

    assert told[-1:] == [False]
    mouse.release(dragged.slider, dragged.place(0.5))
    assert not dragged.playback.will_play


def test_a_step_after_a_drag_is_the_next_frame(dragged: Dragged) -> None:
    dragged.qtbot.waitUntil(lambda: dragged.numbers.count(5) >= 2, timeout=20_000)
    dragged.playback.pause()
    mouse.drag(dragged.slider, dragged.place(0.2), dragged.place(0.7))
    number = dragged.slider.value() * FPS // 1000
    dragged.wait_for(number)
    dragged.qtbot.waitUntil(lambda: dragged.playback.position_ms == dragged.slider.value())

    dragged.playback.step(1)

    dragged.wait_for(number + 1)


def test_the_time_stands_over_the_pointer(dragged: Dragged) -> None:
    dragged.qtbot.waitUntil(lambda: bool(dragged.numbers), timeout=20_000)
    dragged.playback.pause()

    mouse.move(dragged.slider, dragged.place(0.5))

    tips = [tip for tip in dragged.window.findChildren(QLabel) if tip.objectName() == "hint"]
    assert [tip.text() for tip in tips] == ["2.00 s"]
    tip = tips[0]
    over = dragged.slider.mapTo(dragged.window, dragged.place(0.5))
    assert abs(tip.geometry().center().x() - over.x()) <= 2
    assert tip.geometry().bottom() < over.y()
    mouse.move(dragged.slider, QPoint(dragged.slider.width() // 2, -40))
    assert not tip.isVisible()


def test_a_clip_that_ended_is_dragged_too(dragged: Dragged) -> None:
    dragged.playback.set_looping(False)
    with dragged.qtbot.waitSignal(dragged.playback.ended, timeout=20_000):
        pass

    mouse.drag(dragged.slider, dragged.place(0.9), dragged.place(0.3))

    dragged.wait_for(dragged.slider.value() * FPS // 1000)
    assert not dragged.playback.is_playing


def test_the_wheel_goes_through_the_clip(dragged: Dragged) -> None:
    dragged.qtbot.waitUntil(lambda: bool(dragged.numbers), timeout=20_000)
    dragged.playback.pause()
    dragged.playback.seek(1)
    dragged.wait_for(0)

    mouse.wheel(dragged.slider, QPoint(20, 5), steps=1)

    dragged.qtbot.waitUntil(lambda: dragged.numbers[-1] > 0, timeout=20_000)
