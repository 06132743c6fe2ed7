"""A clip plays before it is whole, and from the file once it is, without a jump between."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.simulator import Place, Simulation, SimulatorServer, faults
from pixverse_desktop.simulator.faults import Fault
from tests.ui.conftest import OpenDesk, sample_clips
from tests.ui.desk import Desk, mime, turns, until
from tests.ui.lives import ONE, TWO, ready
from tests.ui.numbered_clips import make_clip, number_of

FRAMES = 120
FPS = 24


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Five seconds, with the index at the end."""
    path = tmp_path_factory.mktemp("clips") / "numbered.mp4"
    return make_clip(path, fps=FPS, frames=FRAMES, width=640, picture="testsrc2").read_bytes()


@pytest.fixture
def server(simulation: Simulation, numbered: bytes) -> Iterator[SimulatorServer]:
    with SimulatorServer(simulation, sample_clips() | {"numbered.mp4": numbered}) as serving:
        yield serving


class Seen:
    """The numbers of the frames that were painted, in their order."""

    def __init__(self, desk: Desk) -> None:
        self._view = desk.window.player.view
        self.numbers: list[int] = []
        self._view.painted.connect(self._note)

    def _note(self) -> None:
        number = number_of(self._view.image())
        if not self.numbers or self.numbers[-1] != number:
            self.numbers.append(number)

    @property
    def jumps(self) -> list[tuple[int, int]]:
        """Where another frame came than one of the next few; the seam of the loop is none."""
        pairs = zip(self.numbers, self.numbers[1:], strict=False)
        return [
            (one, other)
            for one, other in pairs
            if not (0 < other - one <= 6 or (one >= FRAMES - 8 and other <= 6))
        ]


def paced(fault: Fault, bytes_per_s: int) -> Fault:
    """The same, at this pace."""
    return lambda request, whole: replace(fault(request, whole), bytes_per_s=bytes_per_s)


def whole_copies(where: Places) -> list[Path]:
    return list(where.clips_cache.glob("*.mp4"))


async def test_it_plays_before_it_is_whole_and_goes_on_from_the_file(
    open_desk: OpenDesk, simulation: Simulation, where: Places, numbered: bytes
) -> None:
    simulation.add(ready(ONE, "numbered.mp4"))
    simulation.inject(faults.slow(len(numbered) // 3), place=Place.MEDIA)

    async with open_desk() as desk:
        seen = Seen(desk)
        await desk.drop(mime(ONE))
        await until(lambda: seen.numbers)
        assert whole_copies(where) == []
        assert desk.is_playing()
        assert not desk.slider("Position").isEnabled()

        await until(lambda: whole_copies(where))
        await until(lambda: desk.slider("Position").isEnabled())
        count = len(seen.numbers)
        await until(lambda: len(seen.numbers) > count + FRAMES)
        assert desk.is_playing()
        assert seen.jumps == []


async def test_it_can_rest_before_it_is_whole_and_rests_there_after(
    open_desk: OpenDesk, simulation: Simulation, where: Places, numbered: bytes
) -> None:
    simulation.add(ready(ONE, "numbered.mp4"))
    simulation.inject(faults.slow(len(numbered) // 2), place=Place.MEDIA)

    async with open_desk() as desk:
        seen = Seen(desk)
        await desk.drop(mime(ONE))
        await until(lambda: len(seen.numbers) > 5)
        desk.table.setFocus()
        await desk.press(Qt.Key.Key_Space)
        await until(lambda: not desk.is_playing())
        rests_at = seen.numbers[-1]

        await until(lambda: desk.slider("Position").isEnabled())
        assert abs(seen.numbers[-1] - rests_at) <= 1
        assert desk.shows_icon("Play or pause", "play")
        rests_at = seen.numbers[-1]
        await desk.press(Qt.Key.Key_Period)
        await until(lambda: seen.numbers[-1] == rests_at + 1)


async def test_turning_away_lets_go_of_it(
    open_desk: OpenDesk, simulation: Simulation, numbered: bytes
) -> None:
    simulation.add(ready(ONE, "numbered.mp4"))
    simulation.add(ready(TWO))

    async with open_desk(ids=[TWO]) as desk:
        await until(lambda: desk.status(TWO) == "Ready")
        simulation.inject(faults.slow(len(numbered) // 10), place=Place.MEDIA, video_id=ONE)
        seen = Seen(desk)
        await desk.drop(mime(ONE))
        await until(lambda: desk.status(ONE) == "Ready")
        await desk.select(ONE)
        await until(lambda: not desk.slider("Position").isEnabled() and desk.is_playing())
        await desk.select(TWO)
        await until(lambda: desk.sees_colour("#C8323C"))
        assert seen.numbers
        assert desk.slider("Position").isEnabled()


async def test_a_line_that_stands_still_makes_it_rest_and_not_skip(
    open_desk: OpenDesk, simulation: Simulation, where: Places, numbered: bytes
) -> None:
    """At a third of the speed it is played at, it runs out of frames again and again."""
    simulation.add(ready(ONE, "numbered.mp4"))
    simulation.inject(faults.slow(len(numbered) // 9), place=Place.MEDIA)

    async with open_desk() as desk:
        seen = Seen(desk)
        await desk.drop(mime(ONE))
        await until(lambda: len(seen.numbers) > FRAMES // 2)
        assert whole_copies(where) == []
        assert seen.jumps == []


async def test_a_download_that_fails_on_the_way_has_words_and_a_way_on(
    open_desk: OpenDesk, simulation: Simulation, numbered: bytes
) -> None:
    """Its beginning does not play on over them."""
    simulation.add(ready(ONE, "numbered.mp4"))
    simulation.inject(paced(faults.cut(0.5), len(numbered) // 4), place=Place.MEDIA)
    simulation.inject(faults.slow(len(numbered)), place=Place.MEDIA)  # its index, asked for by itself
    simulation.inject(faults.bare(400), place=Place.MEDIA, times=None)

    async with open_desk() as desk:
        seen = Seen(desk)
        await desk.drop(mime(ONE))
        await until(lambda: seen.numbers)
        await until(lambda: desk.has_button("Retry"))
        count = len(seen.numbers)
        await turns(50)
        assert len(seen.numbers) == count
        assert not desk.button("Play or pause").isEnabled()

        simulation.mend()
        await desk.click("Retry")
        await until(lambda: len(seen.numbers) > count + 5)
        await until(lambda: desk.slider("Position").isEnabled())


async def test_a_stream_that_ends_before_the_clip_makes_way_for_how_much_is_here(
    open_desk: OpenDesk, simulation: Simulation, numbered: bytes
) -> None:
    """After a break another file is at the address: what came before is not the beginning of it."""
    pace = len(numbered) // 4
    simulation.add(ready(ONE, "numbered.mp4"))
    for part in (faults.cut(0.5), faults.slow(len(numbered)), faults.changed_etag()):
        simulation.inject(paced(part, pace), place=Place.MEDIA)

    async with open_desk() as desk:
        seen = Seen(desk)
        await desk.drop(mime(ONE))
        await until(lambda: seen.numbers)
        await until(lambda: desk.reads("Fetching the clip…"))
        await until(lambda: desk.slider("Position").isEnabled() and desk.is_playing())


async def test_a_frame_copied_from_a_stream_bears_its_own_number_and_keys_wait_for_the_file(
    open_desk: OpenDesk, simulation: Simulation, numbered: bytes
) -> None:
    simulation.add(ready(ONE, "numbered.mp4"))
    simulation.inject(faults.slow(len(numbered) // 4), place=Place.MEDIA)

    async with open_desk() as desk:
        seen = Seen(desk)
        await desk.drop(mime(ONE))
        await until(lambda: len(seen.numbers) > 5)
        desk.table.setFocus()
        await desk.press(Qt.Key.Key_Space)
        await until(lambda: not desk.is_playing())
        rests_at = seen.numbers[-1]

        await desk.press(Qt.Key.Key_S)
        await until(lambda: desk.reads(f"Frame {rests_at + 1} copied"))
        desk.table.setFocus()
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Period, Qt.Key.Key_A):
            await desk.press(key)
        await until(lambda: desk.slider("Position").isEnabled())
        assert seen.numbers[-1] == rests_at
