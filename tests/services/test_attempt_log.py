import logging

import pytest

from pixverse_desktop.core.attempts import Attempt
from pixverse_desktop.core.events import AttemptMade
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.attempt_log import KEPT_S, WRITE_AFTER_S, AttemptLog
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import ref


class Asking:
    """A poller's announcements."""

    def __init__(self, announcer: Announcer, clock: FakeClock) -> None:
        self._announcer = announcer
        self._clock = clock
        self.count = 0

    def __call__(self, video_id: str = "7", outcome: str = "waiting", code: int | None = 5) -> None:
        self.count += 1
        attempt = Attempt(ref(video_id), self._clock.now_s(), code, outcome, f"trace-{self.count}")
        self._announcer.announce(AttemptMade(attempt))


@pytest.fixture
def ask(announcer: Announcer, clock: FakeClock) -> Asking:
    return Asking(announcer, clock)


@pytest.fixture
def log(store: FakeVideoStore, clock: FakeClock, announcer: Announcer, nursery: TaskNursery) -> AttemptLog:
    return AttemptLog(store, clock=clock, announcer=announcer, nursery=nursery)


async def outcomes(log: AttemptLog, video_id: str = "7") -> list[tuple[str, int]]:
    return [(run.outcome, run.times) for run in await log.of(ref(video_id))]


async def test_attempts_are_there_at_once_each_video_its_own(log: AttemptLog, ask: Asking) -> None:
    ask("7")
    ask("7")
    ask("8", "no answer", None)

    assert await outcomes(log) == [("waiting", 2)]
    assert await outcomes(log, "8") == [("no answer", 1)]
    assert await outcomes(log, "9") == []


async def test_ten_seconds_of_questions_are_one_write(
    log: AttemptLog, ask: Asking, store: FakeVideoStore, clock: FakeClock
) -> None:
    for number in range(40):
        ask(str(number % 4))
    await clock.advance(WRITE_AFTER_S - 1)
    assert store.writes == 0

    await clock.advance(1)

    assert store.writes == 1
    assert await outcomes(log, "3") == [("waiting", 10)]


async def test_nothing_new_writes_nothing(log: AttemptLog, store: FakeVideoStore, clock: FakeClock) -> None:
    await clock.advance(3600)
    await log.aclose()

    assert store.writes == 0


async def test_what_is_written_and_what_is_new_are_read_as_one(
    log: AttemptLog, ask: Asking, clock: FakeClock
) -> None:
    ask()
    await clock.advance(WRITE_AFTER_S)
    ask()
    ask(outcome="ready", code=1)

    assert await outcomes(log) == [("waiting", 2), ("ready", 1)]


async def test_the_end_of_a_run_writes_what_is_left_and_the_next_run_has_it(
    log: AttemptLog,
    ask: Asking,
    store: FakeVideoStore,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
) -> None:
    ask()
    await nursery.aclose()
    await log.aclose()
    ask()  # heard by nobody any more

    again = AttemptLog(store, clock=clock, announcer=announcer, nursery=nursery)

    assert await outcomes(again) == [("waiting", 1)]


async def test_a_full_disk_is_complained_of_once_and_costs_nothing(
    log: AttemptLog,
    ask: Asking,
    store: FakeVideoStore,
    clock: FakeClock,
    complaints: list[logging.LogRecord],
) -> None:
    store.is_failing = True
    for _ in range(3):
        ask()
        await clock.advance(WRITE_AFTER_S)
    assert ["not written" in record.getMessage() for record in complaints] == [True]
    complaints.clear()
    assert await outcomes(log) == [("waiting", 3)]

    store.is_failing = False
    await log.aclose()

    assert [run.times for run in await store.attempts(ref("7"))] == [3]


async def test_attempts_of_long_ago_are_forgotten(
    log: AttemptLog,
    ask: Asking,
    store: FakeVideoStore,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
) -> None:
    ask("7")
    await log.aclose()
    await clock.advance(KEPT_S + 1)
    again = AttemptLog(store, clock=clock, announcer=announcer, nursery=nursery)

    ask("8")
    await clock.advance(WRITE_AFTER_S)

    assert await outcomes(again, "7") == []
    assert await outcomes(again, "8") == [("waiting", 1)]
