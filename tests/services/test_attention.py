from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from pixverse_desktop.core.attempts import Attempt
from pixverse_desktop.core.events import AttemptMade, ConnectionChanged, ConnectionKind
from pixverse_desktop.core.notices import Notice, Summary
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.attention import (
    CATCH_UP_LIMIT_S,
    COLLECT_S,
    OFFLINE_AFTER_S,
    REPLACE_AFTER_S,
    Attention,
)
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock, settle
from tests.fakes.notifier import FakeNotifier
from tests.services.conftest import ref

READY, FAILED, STOPPED = VideoStatus.READY, VideoStatus.FAILED, VideoStatus.STOPPED
ONLINE = ConnectionChanged("default", ConnectionKind.ONLINE)
OFFLINE = ConnectionChanged("default", ConnectionKind.OFFLINE, "No answer.")
REFUSED = ConnectionChanged("default", ConnectionKind.KEY_REFUSED, "Refused.")


def in_words(summary: Summary) -> Notice:
    """Words plain enough to compare."""
    counts = [f"{count} {ending.value}" for ending, count in summary.counts().items()]
    return Notice(", ".join([*counts, *(each.kind.value for each in summary.troubles)]))


class Bench:
    """A person who looks elsewhere, and what reaches them."""

    def __init__(
        self, library: Library, announcer: Announcer, clock: FakeClock, nursery: TaskNursery
    ) -> None:
        self.is_in_front = False
        self.settings = Settings()
        self.notifier = FakeNotifier()
        self.numbers: list[int] = []
        self._library = library
        self._announcer = announcer
        self._clock = clock
        self.attention = Attention(
            library=library,
            announcer=announcer,
            clock=clock,
            nursery=nursery,
            notifier=self.notifier,
            settings=lambda: self.settings,
            is_in_front=lambda: self.is_in_front,
            in_words=in_words,
            show_number=self.numbers.append,
        )

    async def end(self, *video_ids: str, status: VideoStatus = READY) -> None:
        """Let rows end, adding them where they are new."""
        await self._library.add(video_ids, account="default")
        for video_id in video_ids:
            await self._library.update(ref(video_id), lambda video: replace(video, status=status))

    def tell(self, *events: ConnectionChanged) -> None:
        for event in events:
            self._announcer.announce(event)

    def ask(self, *video_ids: str) -> None:
        for video_id in video_ids:
            attempt = Attempt(ref(video_id), self._clock.now_s(), 5, "waiting", "t")
            self._announcer.announce(AttemptMade(attempt))

    @property
    def titles(self) -> list[str]:
        return self.notifier.titles


@pytest.fixture
async def bench(
    library: Library, announcer: Announcer, clock: FakeClock, nursery: TaskNursery
) -> AsyncIterator[Bench]:
    bench = Bench(library, announcer, clock, nursery)
    yield bench
    await nursery.aclose()
    bench.attention.close()


async def test_a_burst_is_one_summary(bench: Bench, clock: FakeClock) -> None:
    await bench.end("1", "2", "3")
    await bench.end("4", status=FAILED)
    await clock.advance(COLLECT_S - 0.1)
    assert bench.titles == []

    await clock.advance(60)

    assert bench.titles == ["3 ready, 1 failed"]


async def test_while_more_come_the_summary_grows_and_takes_the_place_of_the_former(
    bench: Bench, clock: FakeClock
) -> None:
    for number in range(40):  # one a second
        await bench.end(str(number))
        await clock.advance(1)
    await clock.advance(60)

    assert bench.titles[-1] == "40 ready"
    assert len(bench.titles) <= 2 + 40 / REPLACE_AFTER_S
    assert bench.notifier.now is not None


async def test_nothing_is_told_while_the_window_is_in_front(bench: Bench, clock: FakeClock) -> None:
    bench.is_in_front = True

    await bench.end("1", "2")
    bench.tell(REFUSED)
    await clock.advance(60)

    assert bench.titles == []
    assert bench.numbers == []


async def test_a_window_that_came_to_the_front_meanwhile_needs_no_summary(
    bench: Bench, clock: FakeClock
) -> None:
    await bench.end("1")
    bench.is_in_front = True
    bench.attention.seen()
    await clock.advance(60)

    assert bench.titles == []


async def test_looking_withdraws_the_summary_and_begins_anew(bench: Bench, clock: FakeClock) -> None:
    await bench.end("1", "2")
    await clock.advance(COLLECT_S)

    bench.is_in_front = True
    bench.attention.seen()
    await settle()
    assert bench.notifier.now is None
    bench.is_in_front = False
    await bench.end("3")
    await clock.advance(60)

    assert bench.titles == ["2 ready", "1 ready"]


async def test_what_was_told_is_what_a_click_leads_to(bench: Bench, clock: FakeClock) -> None:
    await bench.end("1", "2")
    await bench.end("3", status=STOPPED)
    await clock.advance(60)

    assert list(bench.attention.unseen.endings) == [ref("1"), ref("2"), ref("3")]


async def test_each_kind_can_be_switched_off(bench: Bench, clock: FakeClock) -> None:
    bench.settings = Settings(notifies_ready=False)
    await bench.end("1")
    await clock.advance(60)
    assert bench.titles == []

    await bench.end("2", status=FAILED)
    await clock.advance(60)
    assert bench.titles == ["1 failed"]
    assert list(bench.attention.unseen.endings) == [ref("2")]

    bench.settings = Settings(notifies_ready=False, notifies_failed=False, notifies_connection=False)
    bench.attention.refresh()
    bench.tell(REFUSED)
    await bench.end("3", status=FAILED)
    await clock.advance(60)

    assert bench.titles == ["1 failed"]
    assert bench.notifier.now is None


async def test_the_first_round_after_a_start_is_one_summary(
    bench: Bench, library: Library, clock: FakeClock
) -> None:
    many = [str(number) for number in range(30)]
    await library.add(many, account="default")
    bench.tell(ONLINE)
    for video_id in many[:20]:  # four seconds apart: a slow service
        bench.ask(video_id)
        await bench.end(video_id)
        await clock.advance(2)
    assert bench.titles == []

    bench.ask(*many[20:])
    await clock.advance(60)

    assert bench.titles == ["20 ready"]


async def test_a_round_that_does_not_end_holds_nothing_back_for_ever(
    bench: Bench, library: Library, clock: FakeClock
) -> None:
    await library.add(["1", "2"], account="default")
    bench.tell(ONLINE)
    await bench.end("1")

    await clock.advance(CATCH_UP_LIMIT_S + COLLECT_S)

    assert bench.titles == ["1 ready"]


async def test_a_reconnect_is_no_storm(bench: Bench, library: Library, clock: FakeClock) -> None:
    many = [str(number) for number in range(8)]
    await library.add(many, account="default")
    bench.tell(ONLINE)
    bench.ask(*many)
    bench.tell(OFFLINE, replace(OFFLINE, retry_in_s=10), ONLINE)
    for video_id in many:
        bench.ask(video_id)
        await bench.end(video_id)
        await clock.advance(4)
    await clock.advance(60)

    assert bench.titles == ["8 ready"]


async def test_a_refused_key_is_told_soon_and_once(bench: Bench, clock: FakeClock) -> None:
    bench.tell(ONLINE, REFUSED, REFUSED)
    await clock.advance(COLLECT_S)
    bench.tell(REFUSED)
    await clock.advance(600)

    assert bench.titles == ["key_refused"]


async def test_a_short_outage_is_not_told(bench: Bench, clock: FakeClock) -> None:
    for _ in range(5):
        bench.tell(OFFLINE)
        await clock.advance(OFFLINE_AFTER_S / 2)
        bench.tell(ONLINE)
        await clock.advance(1)
    await clock.advance(600)

    assert bench.titles == []


async def test_an_outage_that_lasts_is_told_and_taken_back_when_it_is_over(
    bench: Bench, clock: FakeClock
) -> None:
    bench.tell(ONLINE, OFFLINE, replace(OFFLINE, retry_in_s=20))
    await clock.advance(OFFLINE_AFTER_S + COLLECT_S)
    assert bench.titles == ["offline"]

    bench.tell(ONLINE)
    await settle()

    assert bench.notifier.now is None
    assert len(bench.titles) == 1


async def test_a_row_that_was_removed_is_told_no_more(
    bench: Bench, library: Library, clock: FakeClock
) -> None:
    await bench.end("1")
    await clock.advance(COLLECT_S)
    await library.remove([ref("1")])
    await settle()

    assert bench.notifier.now is None
    assert bench.numbers == [1, 0]


async def test_the_number_counts_what_ended_since_the_person_looked(bench: Bench) -> None:
    await bench.end("1")
    await bench.end("2", status=FAILED)
    bench.attention.seen()
    await bench.end("3")

    assert bench.numbers == [1, 2, 0, 1]


async def test_the_number_can_be_switched_off_and_on(bench: Bench) -> None:
    await bench.end("1")
    bench.settings = Settings(shows_badge=False)
    bench.attention.refresh()
    await bench.end("2")
    bench.settings = Settings()
    bench.attention.refresh()

    assert bench.numbers == [1, 0, 2]


async def test_the_end_of_the_program_leaves_no_number(bench: Bench, nursery: TaskNursery) -> None:
    await bench.end("1")

    await nursery.aclose()
    bench.attention.close()

    assert bench.numbers == [1, 0]
