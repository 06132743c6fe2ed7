"""A key that is refused, by PixVerse or by a page, and a key that is told to rest."""

import asyncio

import pytest

from pixverse_desktop.core.budget import RequestBudget
from pixverse_desktop.core.errors import KeyRefused, PixverseError, RateLimited, ServiceUnreachable
from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_api import WAITING, FakeVideoApi, Outcome
from tests.services.conftest import Run

PAGE = KeyRefused("PixVerse does not accept this key.", code=403, is_certain=False)
SILENCE = ServiceUnreachable("PixVerse cannot be reached.")


async def add(library: Library, count: int) -> None:
    """Add so many ids."""
    await library.add([str(number) for number in range(1, count + 1)], account="default")


def asked_since(api: FakeVideoApi, at_s: float) -> list[int]:
    """The seconds after ``at_s`` at which something was asked."""
    return [round(asked.at_s - at_s) for asked in api.asked if asked.at_s >= at_s]


# Trying again.


async def test_a_person_need_not_wait_for_the_next_try_of_a_key_that_a_page_refused(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller, heard: Heard
) -> None:
    await add(library, 3)
    api.outage = PAGE
    run()
    await clock.advance(1300)
    api.outage, asked = None, len(api.asked)

    poller.check_now([])
    told = heard.of(ConnectionChanged)[-1].kind
    await clock.advance(10)

    assert told is ConnectionKind.IDLE
    assert len(api.asked) > asked + 1
    assert poller.connection.kind is ConnectionKind.ONLINE


@pytest.mark.parametrize(("before", "after", "waits_s"), [(SILENCE, PAGE, 60), (PAGE, SILENCE, 5)])
async def test_one_trouble_after_another_is_waited_for_from_the_beginning(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    run: Run,
    poller: Poller,
    before: PixverseError,
    after: PixverseError,
    waits_s: int,
) -> None:
    await add(library, 3)
    api.outage = before
    run()
    await clock.advance(1200)
    kind, api.outage = poller.connection.kind, after

    while poller.connection.kind is kind:
        await clock.advance(0.1)
    changed_s = clock.monotonic_s()
    await clock.advance(70)

    assert abs(asked_since(api, changed_s)[0] - waits_s) <= 1


# A page that refuses one row.


async def test_one_row_that_a_page_always_refuses_does_not_stop_the_account(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 5)
    api.decide = lambda video_id: PAGE if video_id == "1" else WAITING

    run()
    await clock.advance(600)

    assert ConnectionKind.KEY_REFUSED not in {event.kind for event in heard.of(ConnectionChanged)}
    assert min(len(api.times_of(each)) for each in "2345") >= 110
    assert 5 <= len(api.times_of("1")) <= 20


async def test_a_lone_row_that_a_page_refuses_twice_is_the_accounts_trouble(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 1)
    run()
    await clock.advance(12)
    api.outage = PAGE

    await clock.advance(4)
    once = poller.connection.kind
    await clock.advance(10)

    assert once is ConnectionKind.ONLINE
    assert poller.connection.kind is ConnectionKind.KEY_REFUSED


@pytest.mark.parametrize("count", [1, 2, 30])
async def test_an_account_that_pages_alone_answer_is_refused_at_once(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller, count: int
) -> None:
    await add(library, count)
    api.outage = PAGE

    run()
    await clock.advance(0.5)

    assert poller.connection.kind is ConnectionKind.KEY_REFUSED


async def test_of_refusals_under_way_together_the_first_is_told_and_no_other(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 4)
    api.delay_s = 1
    for video_id in "1234":
        api.script(video_id, KeyRefused(f"Refused, and this is answer {video_id}.", code=10001))

    run()
    await clock.advance(30)

    assert len(api.asked) == 4
    assert [event.kind for event in heard.of(ConnectionChanged)] == ["idle", "key_refused"]


async def test_a_page_takes_nothing_back_of_what_pixverse_refused_for_certain(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 4)
    api.delay_s = 1
    api.script("1", KeyRefused("Refused.", code=10001))
    for video_id in "234":
        api.script(video_id, PAGE)

    run()
    await clock.advance(7200)

    assert len(api.asked) == 4


# One pause a key.


class Sharers:
    """Two accounts with one key."""

    def __init__(
        self, library: Library, announcer: Announcer, clock: FakeClock, nursery: TaskNursery
    ) -> None:
        self.api, self.budget = FakeVideoApi(clock), RequestBudget()
        self.pollers = {
            name: Poller(
                account=name,
                api=None,
                library=library,
                announcer=announcer,
                clock=clock,
                nursery=nursery,
            )
            for name in ("default", "studio")
        }
        for poller in self.pollers.values():
            poller.use(self.api, self.budget)
            nursery.start(poller.run(), name="poll")


@pytest.fixture
async def sharers(library: Library, announcer: Announcer, clock: FakeClock, nursery: TaskNursery) -> Sharers:
    await library.add(["1"], account="default")
    await library.add(["2"], account="studio")
    return Sharers(library, announcer, clock, nursery)


def refuse_once(video_id: str, error: PixverseError, api: FakeVideoApi) -> None:
    """Let the next question about ``video_id`` fail, and every other be answered."""
    left = [error]

    def decide(asked: str) -> Outcome:
        return left.pop() if left and asked == video_id else WAITING

    api.decide = decide


async def test_a_pause_is_for_the_key_and_every_account_that_has_it_says_so(
    sharers: Sharers, clock: FakeClock, heard: Heard
) -> None:
    refuse_once("1", RateLimited("Fewer.", retry_after_s=60), sharers.api)
    await clock.advance(5.5)
    asked = len(sharers.api.asked)

    await clock.advance(40)

    assert len(sharers.api.asked) == asked
    for name, poller in sharers.pollers.items():
        assert poller.connection.kind is ConnectionKind.PAUSED
        assert poller.connection.retry_in_s == pytest.approx(19, abs=1)
        told = [event.kind for event in heard.of(ConnectionChanged) if event.account == name]
        assert told[-1] is ConnectionKind.PAUSED
    await clock.advance(30)
    assert {poller.connection.kind for poller in sharers.pollers.values()} == {ConnectionKind.ONLINE}


async def test_the_same_key_once_more_does_not_end_its_pause(sharers: Sharers, clock: FakeClock) -> None:
    refuse_once("1", RateLimited("Fewer.", retry_after_s=60), sharers.api)
    await clock.advance(5.5)
    asked = len(sharers.api.asked)

    sharers.pollers["default"].use(sharers.api, sharers.budget)
    await clock.advance(40)

    assert len(sharers.api.asked) == asked
    assert sharers.pollers["default"].connection.kind is ConnectionKind.PAUSED


async def test_questions_refused_together_halve_the_budget_once(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 10)
    api.delay_s, api.outage = 1.0, RateLimited("Fewer.")

    run()
    await clock.advance(3)
    pause_s, api.outage, api.delay_s = poller.connection.retry_in_s, None, 0.0
    asked = len(api.asked)
    await clock.advance(12)

    assert asked == 4
    assert 7 <= pause_s <= 10
    assert len(api.asked) - asked >= 8  # two and a half a second, for the four that are left of them


async def test_other_questions_with_the_key_have_their_turn_among_those_about_videos(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 100)
    run()
    await clock.advance(10)
    asked = len(api.asked)

    turns = [asyncio.ensure_future(poller.has_turn()) for _ in range(3)]
    await clock.advance(10)

    assert [turn.result() for turn in turns] == [True, True, True]
    assert len(api.asked) - asked in (46, 47, 48)


@pytest.mark.parametrize("error", [RateLimited("Fewer.", retry_after_s=60), KeyRefused("No.", code=10001)])
async def test_nothing_else_is_asked_with_a_key_that_rests_or_is_refused(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller, error: PixverseError
) -> None:
    await add(library, 1)
    api.outage = error
    run()
    await settle()

    assert not await poller.has_turn()
