"""Frame by frame: each frame is the one it should be, by the number drawn into it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtMultimedia import QVideoFrame
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.stepping import frame_number
from tests.ui.numbered_clips import make_clip, number_of

FRAMES = 60


class Watched:
    """A playback and the frame it shows last."""

    def __init__(self, playback: Playback, qtbot: QtBot) -> None:
        self.playback = playback
        self.numbers: list[int] = []
        self.frame = QVideoFrame()
        self._qtbot = qtbot
        playback.frame_ready.connect(self._on_frame)

    def _on_frame(self, frame: QVideoFrame) -> None:
        self.frame = QVideoFrame(frame)
        self.numbers.append(number_of(frame.toImage()))

    @property
    def number(self) -> int:
        return self.numbers[-1] if self.numbers else -1

    def wait_for(self, number: int) -> None:
        self._qtbot.waitUntil(lambda: self.number == number, timeout=10_000)

    def step(self, by: int) -> None:
        count = len(self.numbers)
        self.playback.step(by)
        self._qtbot.waitUntil(lambda: len(self.numbers) >= count + abs(by), timeout=10_000)

    def seek(self, number: int, fps: int) -> None:
        self.playback.seek(number * 1000 // fps + 1)
        self.wait_for(number)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    made: dict[str, Path] = {}
    folder = tmp_path_factory.mktemp("clips")

    def make(fps: int, *, has_sound: bool = False) -> Path:
        name = f"{fps}-{has_sound}.mp4"
        if name not in made:
            made[name] = make_clip(folder / name, fps=fps, frames=FRAMES, has_sound=has_sound)
        return made[name]

    return make


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    playback = Playback(Settings())
    yield Watched(playback, qtbot)
    playback.unload()
    playback.deleteLater()


def paused(watched: Watched, clip: Path, qtbot: QtBot) -> Watched:
    """Load a clip and stop it at its first frame."""
    watched.playback.load(clip)
    qtbot.waitUntil(lambda: watched.number >= 0, timeout=10_000)
    if watched.playback.is_playing:
        watched.playback.toggle()
    watched.playback.seek(0)
    watched.wait_for(0)
    watched.numbers.clear()
    watched.numbers.append(0)
    return watched


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_each_step_forward_is_the_next_frame(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot, fps: int
) -> None:
    paused(watched, clip(fps), qtbot)

    for _ in range(FRAMES - 1):
        watched.step(1)

    assert watched.numbers == list(range(FRAMES))


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_each_step_back_is_the_frame_before(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot, fps: int
) -> None:
    paused(watched, clip(fps), qtbot).seek(FRAMES - 10, fps)
    watched.numbers.clear()

    for _ in range(FRAMES - 10):
        watched.step(-1)

    assert watched.numbers == list(range(FRAMES - 11, -1, -1))


def test_steps_turn_round_anywhere(watched: Watched, clip: Callable[..., Path], qtbot: QtBot) -> None:
    paused(watched, clip(30), qtbot).seek(20, 30)
    watched.numbers.clear()

    for by in (1, 1, -1, -1, -1, 1, -1, -1, 1, 1, 1, 1):
        watched.step(by)

    assert watched.numbers == [21, 22, 21, 20, 19, 20, 19, 18, 19, 20, 21, 22]


def test_many_steps_at_once_are_all_gone(watched: Watched, clip: Callable[..., Path], qtbot: QtBot) -> None:
    paused(watched, clip(24), qtbot)

    for _ in range(10):
        watched.playback.step(1)
    watched.wait_for(10)
    for _ in range(7):
        watched.playback.step(-1)
    watched.wait_for(3)

    assert watched.numbers == [*range(11), *range(9, 2, -1)]


def test_a_step_over_the_end_is_the_first_frame_of_a_loop(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot
) -> None:
    paused(watched, clip(30), qtbot).seek(FRAMES - 2, 30)
    watched.numbers.clear()

    for _ in range(4):
        watched.step(1)

    assert watched.numbers == [FRAMES - 1, 0, 1, 2]


def test_without_a_loop_a_step_over_the_end_stays(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot
) -> None:
    watched.playback.set_looping(False)
    paused(watched, clip(30), qtbot).seek(FRAMES - 2, 30)
    watched.numbers.clear()

    watched.step(1)
    told = watched.playback.state_changed
    with qtbot.waitSignals([told, told], timeout=10_000):  # it runs, and comes to the end
        watched.playback.step(1)
    watched.step(-1)

    assert watched.numbers == [FRAMES - 1, FRAMES - 2]


def test_playing_goes_on_from_the_frame_that_was_stepped_to(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot
) -> None:
    paused(watched, clip(24), qtbot).seek(30, 24)
    for _ in range(8):
        watched.step(-1)
    watched.numbers.clear()

    watched.playback.toggle()
    qtbot.waitUntil(lambda: len(watched.numbers) > 5, timeout=10_000)

    assert watched.numbers[0] in (22, 23)
    assert watched.numbers == sorted(watched.numbers)


def test_the_place_told_is_that_of_the_frame_shown(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot
) -> None:
    paused(watched, clip(25), qtbot)

    for _ in range(5):
        watched.step(1)

    assert watched.playback.position_ms == 200
    assert frame_number(watched.frame) == 6
    assert not watched.playback.is_playing


def test_stepping_is_silent_and_leaves_the_sound_as_it_was(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot
) -> None:
    watched.playback.set_muted(False)
    paused(watched, clip(30, has_sound=True), qtbot)

    for _ in range(20):
        watched.step(1)

    assert watched.numbers == list(range(21))
    assert not watched.playback.is_muted


def test_a_step_in_the_middle_of_playing_pauses(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot
) -> None:
    watched.playback.load(clip(24))
    qtbot.waitUntil(lambda: watched.number > 5, timeout=10_000)
    before = watched.number

    watched.step(1)

    assert watched.number >= before + 1
    assert not watched.playback.is_playing
    now = watched.number
    watched.step(-1)
    assert watched.number == now - 1


@pytest.mark.parametrize("fps", [24, 30])
def test_at_the_seam_of_a_loop_no_frame_is_missing_or_doubled(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot, fps: int
) -> None:
    watched.playback.load(clip(fps))

    qtbot.waitUntil(lambda: watched.numbers.count(3) >= 3, timeout=20_000)

    seams = [place for place, number in enumerate(watched.numbers) if number == 0][1:]
    assert len(seams) >= 2
    for seam in seams:
        assert watched.numbers[seam - 3 : seam + 3] == [FRAMES - 3, FRAMES - 2, FRAMES - 1, 0, 1, 2]


def test_a_section_plays_in_a_loop_until_it_is_given_up(
    watched: Watched, clip: Callable[..., Path], qtbot: QtBot
) -> None:
    told: list[tuple[int, int]] = []
    watched.playback.section_changed.connect(lambda *times_ms: told.append(times_ms))
    paused(watched, clip(30), qtbot).seek(10, 30)
    watched.playback.mark_section()
    watched.seek(20, 30)
    watched.playback.mark_section()
    watched.numbers.clear()

    watched.playback.toggle()
    qtbot.waitUntil(lambda: watched.numbers.count(12) >= 3, timeout=20_000)

    assert told[-1] == (333, 700)
    assert set(watched.numbers) == set(range(10, 21))
    watched.playback.mark_section()
    qtbot.waitUntil(lambda: watched.number > 25, timeout=20_000)
    assert told[-1] == (-1, -1)
