"""Several clips as one: what is seen of each is of the same moment, by the numbers drawn into the frames."""

import subprocess
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


@pytest.fixture(scope="module")
def with_sound(clip: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Clips of two seconds whose sound is longer, or begins before the pictures do."""
    folder = tmp_path_factory.mktemp("sound")

    def make(*, sound_s: float, picture_from_s: float = 0.0) -> Path:
        path = folder / f"{sound_s}-{picture_from_s}.mp4"
        sound = ["-f", "lavfi", "-i", f"sine=duration={sound_s}"]
        picture = ["-itsoffset", str(picture_from_s), "-i", str(clip())]
        streams = ["-map", "1:v", "-map", "0:a", "-c:v", "copy", "-c:a", "aac"]
        subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-y", *sound, *picture, *streams, str(path)], check=True
        )
        return path

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
    seen = at_rest(play(clip(24), clip(24)), 5)
    seen.wait_for(5, 5)

    for step, number in ((1, 6), (1, 7), (-1, 6), (-1, 5), (-1, 4), (3, 7), (-5, 2)):
        seen.together.step(step)
        seen.wait_for(number, number)

    assert seen.together.frame_number == 3


def test_steps_of_other_frame_rates_are_those_of_the_fastest_and_stay_in_step(
    play: Callable[..., Seen], clip: Make
) -> None:
    seen = at_rest(play(clip(24), clip(60, 120)))
    seen.wait_for(0, 0)

    for fast in range(1, 31):
        seen.together.step(1)
        seen.wait_for(fast * 24 // 60, fast)
    for fast in range(29, 20, -1):
        seen.together.step(-1)
        seen.wait_for(fast * 24 // 60, fast)


def test_a_step_at_an_end_stays_there(play: Callable[..., Seen], clip: Make, qtbot: QtBot) -> None:
    seen = at_rest(play(clip(frames=24), clip(frames=48)), 22)
    seen.together.seek(46 * 1000 // 24 + 1)
    seen.wait_for(23, 46)

    seen.together.step(1)
    seen.wait_for(23, 47)
    seen.together.step(1)
    seen.together.step(-1)
    seen.wait_for(23, 46)
    seen.together.step(-22)
    seen.wait_for(23, 24)
    seen.together.step(-2)
    seen.wait_for(22, 22)
    seen.together.step(-40)
    seen.wait_for(0, 0)
    seen.together.step(-1)
    seen.together.step(1)
    seen.wait_for(1, 1)


def test_a_step_from_the_end_without_a_loop_goes_back(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(), clip())
    seen.together.set_looping(False)
    seen.wait_until(lambda: not seen.together.is_playing)

    seen.together.step(-1)
    seen.wait_for(46, 46)
    seen.together.step(3)
    seen.wait_for(47, 47)


def test_a_step_while_they_play_rests_beside_what_is_seen(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(), clip())
    seen.wait_until(lambda: min(seen.numbers) > 10)
    former = seen.numbers

    seen.together.step(-1)

    seen.wait_for(*(number - 1 for number in former))


def test_after_steps_they_play_on_from_the_same_moment(play: Callable[..., Seen], clip: Make) -> None:
    seen = at_rest(play(clip(24), clip(30, 60)))
    for _ in range(15):
        seen.together.step(1)
    seen.wait_for(12, 15)
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
    seen.wait_for(23, 35)


def test_without_a_loop_all_rest_at_their_ends_and_begin_again(
    play: Callable[..., Seen], clip: Make, qtbot: QtBot
) -> None:
    seen = play(clip(frames=24), clip(frames=48))
    seen.together.set_looping(False)

    seen.wait_until(lambda: not seen.together.is_playing)
    seen.wait_for(23, 47)

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


def test_sound_that_is_longer_than_the_pictures_holds_nobody_up(
    play: Callable[..., Seen], clip: Make, with_sound: Make
) -> None:
    seen = at_rest(play(with_sound(sound_s=3), clip(frames=96)))

    seen.together.seek(2800)
    seen.wait_for(47, 67)
    seen.together.step(-1)
    seen.wait_for(47, 66)
    seen.together.seek(1000)
    seen.wait_for(24, 24)
    seen.looks.clear()
    seen.together.toggle()
    seen.wait_until(lambda: seen.numbers[1] > 60)

    assert set(range(48, 60)) & {other for one, other in seen.looks if one == 47}


def test_pictures_that_begin_after_the_sound_are_waited_for(
    play: Callable[..., Seen], clip: Make, with_sound: Make
) -> None:
    seen = play(clip(frames=96), with_sound(sound_s=3, picture_from_s=0.5))

    seen.wait_until(lambda: seen.numbers[0] > 30)
    assert all(one == 0 or abs(one - other - 12) <= 1 for one, other in seen.looks if other > 0)
    seen.together.toggle()
    seen.together.seek(0)
    seen.wait_for(0, 0)


def test_a_pause_at_the_seam_of_the_loop_is_a_pause(
    play: Callable[..., Seen], clip: Make, qtbot: QtBot
) -> None:
    seen = play(clip(), clip())
    players = seen.together.findChildren(Playback)

    def pause_at_seam() -> None:
        if seen.together.is_playing and all(player.is_playing for player in players):
            seen.together.toggle()

    for player in players:
        player.ended.connect(pause_at_seam)
    seen.wait_until(lambda: not seen.together.is_playing)
    seen.wait_until(lambda: not any(player.is_playing for player in players))
    seen.wait_for(0, 0)


def test_one_that_is_loaded_again_begins_anew(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(frames=48), clip(frames=24))
    seen.wait_until(lambda: seen.numbers[1] == 23 and seen.numbers[0] > 26)

    seen.together.leave_out(1)
    seen.together.load(1, clip(frames=72))
    seen.wait_until(lambda: max(seen.numbers) < 10)
    seen.looks.clear()
    seen.wait_until(lambda: seen.numbers == [47, 71])

    assert all(abs(one - other) <= 1 for one, other in seen.looks if one != 47 and other > 0)


def test_the_last_of_many_wishes_is_followed(play: Callable[..., Seen], clip: Make) -> None:
    seen = at_rest(play(clip(), clip()))

    for number in range(1, 41):
        seen.together.seek(number * 1000 // 24 + 1)
        assert seen.together.position_ms == number * 1000 // 24 + 1

    seen.wait_for(40, 40)


def test_a_place_is_where_they_are_sent_while_one_is_not_there_yet(
    play: Callable[..., Seen], clip: Make, qtbot: QtBot
) -> None:
    together = PlayedTogether(2, Settings())
    seen = Seen(together, 2, qtbot)
    together.load(0, clip())
    seen.wait_for(0, -1)

    together.seek(501)
    seen.wait_for(12, -1)
    together.seek(751)
    seen.wait_for(18, -1)

    together.unload()
    together.deleteLater()


def test_a_place_that_was_just_wished_for_is_played_from(play: Callable[..., Seen], clip: Make) -> None:
    seen = play(clip(), clip())
    seen.together.set_looping(False)
    seen.wait_until(lambda: not seen.together.is_playing)
    seen.wait_for(47, 47)
    seen.looks.clear()

    seen.together.seek(1001)
    seen.together.toggle()
    seen.wait_until(lambda: 30 < min(seen.numbers) < 40)

    assert min(number for look in seen.looks for number in look) >= 24


def test_clips_that_do_not_tell_their_length_are_in_step(
    play: Callable[..., Seen], clip: Make, tmp_path: Path
) -> None:
    endless = tmp_path / "endless.mkv"
    command = ["ffmpeg", "-loglevel", "error", "-i", str(clip()), "-c", "copy", "-live", "1", str(endless)]
    subprocess.run(command, check=True)
    seen = play(clip(), endless)
    seen.wait_until(lambda: min(seen.numbers) > 2)
    _, late = seen.together.findChildren(Playback)

    late.pause()  # as a decoder that has too much to do
    seen.wait_until(lambda: not seen.together.findChildren(Playback)[0].is_playing)
    late.play()
    seen.wait_until(lambda: min(seen.numbers) > 30)

    assert seen.most_apart <= 1
