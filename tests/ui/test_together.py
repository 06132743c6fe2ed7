"""Several clips as one: what is seen of each is of the same moment, by the numbers drawn into the frames."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtMultimedia import QVideoFrame
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.stepping import frame_end_us
from pixverse_desktop.ui.together import PlayedTogether
from tests.ui.numbered_clips import make_clip, number_of

Make = Callable[..., Path]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Make:
    folder = tmp_path_factory.mktemp("clips")

    def make(fps: int = 24, frames: int = 48, *, has_sound: bool = False) -> Path:
        path = folder / f"{fps}-{frames}-{has_sound}.mp4"
        return path if path.exists() else make_clip(path, fps=fps, frames=frames, has_sound=has_sound)

    return make


class Seen:
    """What is shown of each clip, looked at whenever all that is due is shown."""

    def __init__(self, together: PlayedTogether, count: int, qtbot: QtBot) -> None:
        self.together = together
        self.frames = [QVideoFrame() for _ in range(count)]
        self.looks: list[list[int]] = []
        self.most_apart = 0.0
        self._qtbot = qtbot
        together.frame_ready.connect(self._on_frame)

    def _on_frame(self, number: int, frame: QVideoFrame) -> None:
        self.frames[number] = QVideoFrame(frame)

    @property
    def numbers(self) -> list[int]:
        return [number_of(frame.toImage()) if frame.isValid() else -1 for frame in self.frames]

    def look(self) -> None:
        """Note what is shown, and by how many frames the clips are apart."""
        if all(frame.isValid() for frame in self.frames) and (numbers := self.numbers) not in self.looks[-1:]:
            self.looks.append(numbers)
            starts = [frame.startTime() for frame in self.frames]
            longest = max(frame_end_us(frame) - frame.startTime() for frame in self.frames)
            self.most_apart = max(self.most_apart, (max(starts) - min(starts)) / longest)

    def wait_for(self, *numbers: int) -> None:
        self.wait_until(lambda: self.numbers == list(numbers))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        def look() -> bool:
            self.look()
            return condition()

        self._qtbot.waitUntil(look, timeout=20_000)

    def seams(self) -> int:
        firsts = [look[0] for look in self.looks]
        return sum(after < before for before, after in pairwise(firsts))


@pytest.fixture
def play(qtbot: QtBot) -> Iterator[Callable[..., Seen]]:
    made: list[PlayedTogether] = []

    def load(*paths: Path) -> Seen:
        together = PlayedTogether(len(paths), Settings())
        made.append(together)
        seen = Seen(together, len(paths), qtbot)
        for number, path in enumerate(paths):
            together.load(number, path)
        return seen

    yield load
    for together in made:
        together.unload()
        together.deleteLater()


def at_rest(seen: Seen, number: int = 0, fps: int = 24) -> Seen:
    """Pause, and go to a frame."""
    seen.wait_until(lambda: min(seen.numbers) > 0)
    seen.together.toggle()
    seen.together.seek(number * 1000 // fps + 1)
    seen.wait_until(lambda: seen.frames[0].isValid() and seen.numbers[0] == number)
    return seen


@pytest.mark.parametrize("count", [2, 4])
def test_they_are_in_step_over_the_seams_of_the_loop(
    play: Callable[..., Seen], clip: Make, count: int
) -> None:
    seen = play(*[clip()] * count)

    seen.wait_until(lambda: seen.seams() >= 2)

    assert seen.most_apart <= 1
    assert {number for look in seen.looks for number in look} == set(range(48))


def test_a_player_that_is_late_is_waited_for(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(), clip())
    seen.wait_until(lambda: min(seen.numbers) > 2)
    ahead, late = seen.together.findChildren(Playback)

    late.pause()  # as a decoder that has too much to do
    seen.wait_until(lambda: not ahead.is_playing)
    late.play()
    seen.wait_until(lambda: seen.seams() >= 1)

    assert seen.most_apart <= 1


def test_the_shorter_one_waits_at_its_last_frame(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(frames=24), clip(frames=48))

    seen.wait_until(lambda: seen.numbers == [23, 47])
    seen.wait_until(lambda: max(seen.numbers) < 10)
    seen.wait_until(lambda: min(seen.numbers) > 10)

    assert abs(seen.numbers[0] - seen.numbers[1]) <= 1
    assert all(abs(one - other) <= 1 for one, other in seen.looks if one != 23)


@pytest.mark.parametrize("others", [[30], [60], [25, 30, 60]])
def test_those_of_other_frame_rates_show_the_same_moment(
    play: Callable[..., Seen], clip: Make, others: list[int]
) -> None:
    seen = play(clip(24, 48), *(clip(fps, 2 * fps) for fps in others))

    seen.wait_until(lambda: seen.seams() >= 1)

    assert seen.most_apart <= 1


def test_a_pause_keeps_what_is_seen(play: Callable[..., Seen], clip: Make, qtbot: QtBot) -> None:
    seen = play(clip(), clip())
    seen.wait_until(lambda: min(seen.numbers) > 10)
    former = seen.numbers

    seen.together.toggle()
    with qtbot.waitSignals([seen.together.frame_ready] * 2, timeout=10_000):
        pass

    assert seen.numbers == former
    assert not seen.together.is_playing


def test_each_step_is_one_frame_of_each(play: Callable[..., Seen], clip: Make) -> None:
    seen = at_rest(play(clip(24), clip(24), clip(30, 60)), 5)
    seen.wait_for(5, 5, 6)

    for step, numbers in ((1, (6, 6, 7)), (1, (7, 7, 8)), (-1, (6, 6, 7)), (-1, (5, 5, 6)), (-1, (4, 4, 5))):
        seen.together.step(step)
        seen.wait_for(*numbers)

    assert seen.together.frame_number == 5


def test_a_step_while_they_play_rests_beside_what_is_seen(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(), clip())
    seen.wait_until(lambda: min(seen.numbers) > 10)
    former = seen.numbers

    seen.together.step(-1)

    seen.wait_for(*(number - 1 for number in former))


def test_after_steps_they_play_on_from_the_same_moment(play: Callable[..., Seen], clip: Make) -> None:
    seen = at_rest(play(clip(24), clip(30, 60)))
    for _ in range(12):
        seen.together.step(1)
    seen.wait_for(12, 12)
    seen.looks.clear()
    seen.most_apart = 0

    seen.together.toggle()
    seen.wait_until(lambda: seen.numbers[0] > 20)

    moments = [(one / 24, other / 30) for one, other in seen.looks[2:]]
    assert all(abs(one - other) <= 1 / 24 for one, other in moments)


def test_a_place_beyond_a_shorter_clip_is_its_last_frame(play: Callable[..., Seen], clip: Make) -> None:
    seen = at_rest(play(clip(frames=24), clip(frames=48)))

    seen.together.seek(36 * 1000 // 24 + 1)
    seen.wait_for(23, 36)
    seen.together.step(-1)
    seen.wait_for(22, 35)


def test_without_a_loop_all_rest_at_their_ends_and_begin_again(
    play: Callable[..., Seen], clip: Make, qtbot: QtBot
) -> None:
    seen = play(clip(frames=24), clip(frames=48))
    seen.together.set_looping(False)

    seen.wait_until(lambda: not seen.together.is_playing)
    assert seen.numbers == [23, 47]

    seen.together.toggle()
    seen.wait_until(lambda: max(seen.numbers) < 10)
    seen.wait_until(lambda: min(seen.numbers) > 10)
    assert abs(seen.numbers[0] - seen.numbers[1]) <= 1


def test_speed_is_that_of_all(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(), clip())
    seen.together.set_rate(4.0)

    seen.wait_until(lambda: seen.seams() >= 3)

    assert seen.most_apart <= 1


@pytest.mark.qt_log_ignore("Could not open media")
def test_one_that_cannot_be_played_is_left_out(play: Callable[..., Seen], clip: Make, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    failed: list[int] = []

    seen = play(clip(), broken)
    seen.together.failed.connect(failed.append)
    seen.wait_until(lambda: seen.numbers[0] > 10)

    assert failed == [1]


def test_nothing_plays_before_all_are_there(play: Callable[..., Seen], clip: Make, qtbot: QtBot) -> None:
    together = PlayedTogether(2, Settings())
    seen = Seen(together, 2, qtbot)
    together.load(0, clip())
    seen.wait_until(lambda: seen.numbers == [0, -1])
    assert seen.numbers == [0, -1]

    together.leave_out(1)
    seen.wait_until(lambda: seen.numbers[0] > 3)
    together.load(1, clip())  # it came after all: both begin anew
    seen.wait_until(lambda: min(seen.numbers) > 3)

    assert abs(seen.numbers[0] - seen.numbers[1]) <= 1
    together.unload()
    together.deleteLater()


def test_only_the_chosen_one_is_heard(play: Callable[..., Seen], clip: Make) -> None:
    seen = at_rest(play(clip(has_sound=True), clip(has_sound=True)))
    together = seen.together

    def heard() -> list[bool]:
        return [not playback.is_muted for playback in together.findChildren(Playback)]

    assert heard() == [False, False]
    together.set_muted(False)
    assert heard() == [True, False]
    together.hear(1)
    assert heard() == [False, True]
