"""Thousands of hours with an unreliable world and a restless person: what always holds."""

import os
import random
from collections import deque

import pytest

from pixverse_desktop.core.answers import VideoAnswer, status_of
from pixverse_desktop.core.budget import DEFAULT_RATE_PER_S
from pixverse_desktop.core.errors import (
    CreditsUsedUp,
    KeyRefused,
    PixverseError,
    RateLimited,
    RequestRefused,
    ServiceBusy,
    ServiceUnreachable,
    VideoGone,
    VideoModerated,
    VideoNotKnown,
)
from pixverse_desktop.core.events import Event, VideosChanged
from pixverse_desktop.core.pace import MIN_INTERVAL_S
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import MAX_AT_ONCE, Poller
from tests.fakes.clock import FakeClock
from tests.fakes.video_api import READY, WAITING, FakeVideoApi, Outcome
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import Run, ref

HOURS = 500
RUNS = int(os.environ.get("PIXVERSE_LONG_RUNS", "8"))
IDS = [str(number) for number in range(1, 9)]
_ROUNDING_S = 1e-6

OUTCOMES: list[tuple[int, Outcome]] = [
    (300, WAITING),
    (20, VideoAnswer(status_code=42)),
    (20, VideoAnswer(status_code=1, url="")),
    (20, VideoAnswer(status_text="soon")),
    (4, READY),
    (1, VideoAnswer(status_code=7)),
    (1, VideoAnswer(status_code=8)),
    (1, VideoAnswer(status_code=6)),
    (40, ServiceBusy("Busy.")),
    (40, ServiceUnreachable("Offline.")),
    (20, VideoNotKnown("Not known.")),
    (10, RateLimited("Fewer.", retry_after_s=1)),
    (10, RateLimited("Fewer.")),
    (5, CreditsUsedUp("No credits.")),
    (1, RequestRefused("No.")),
    (1, VideoGone("Deleted.")),
    (1, VideoModerated("Blocked.")),
    (2, KeyRefused("Not accepted.")),
]
_ENDED_BY: dict[type[PixverseError], VideoStatus] = {
    VideoNotKnown: VideoStatus.NOT_FOUND,
    RequestRefused: VideoStatus.STOPPED,
    VideoGone: VideoStatus.DELETED,
    VideoModerated: VideoStatus.MODERATED,
}
_UNDECIDED = (VideoStatus.NOT_FOUND, VideoStatus.STOPPED)


class World:
    """Answers at random, and watches that no status changes without its reason."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._last: dict[str, Outcome] = {}
        self.wrongs: list[str] = []

    def decide(self, video_id: str) -> Outcome:
        weights = [weight for weight, _ in OUTCOMES]
        (_, outcome) = self._dice.choices(OUTCOMES, weights)[0]
        self._last[video_id] = outcome
        return outcome

    def on_event(self, event: Event) -> None:
        for before, after in event.changes if isinstance(event, VideosChanged) else ():
            was_reopened = before.status in _UNDECIDED and after.status is VideoStatus.WAITING
            if before.status is not after.status and not was_reopened:
                self._check(after.video_id, after.status)

    def _check(self, video_id: str, status: VideoStatus) -> None:
        last = self._last[video_id]
        if isinstance(last, VideoAnswer):
            no_file = status is VideoStatus.STOPPED and last.status_code == 1
            if status is not status_of(last) and not no_file:
                self.wrongs.append(f"{video_id} became {status} by {last}")
        elif _ENDED_BY.get(type(last)) is not status:
            self.wrongs.append(f"{video_id} became {status} by {last!r}")


async def live(dice: random.Random, library: Library, poller: Poller, api: FakeVideoApi) -> None:
    """Do one of the things a restless person does."""
    one = ref(dice.choice(IDS))
    match dice.randrange(6):
        case 0:
            await library.remove([one])
        case 1:
            await library.put_back(await library.remove([one]))
        case 2 | 3:
            poller.check_now([one])
        case 4:
            poller.use(api)
        case _:
            await library.add(IDS, account="default")


@pytest.mark.parametrize("seed", range(RUNS))
async def test_whatever_happens_the_promises_hold(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    poller: Poller,
    run: Run,
    announcer: Announcer,
    store: FakeVideoStore,
    seed: int,
) -> None:
    dice = random.Random(seed)
    world = World(dice)
    announcer.subscribe(world.on_event)
    api.decide = world.decide
    await library.add(IDS, account="default")
    run()

    until_s = clock.monotonic_s() + HOURS * 3600
    while clock.monotonic_s() < until_s:
        api.delay_s = dice.choice([0, 0, 0.05, 4, 25])
        for _ in range(dice.choice([1, 1, 1, 5])):
            await live(dice, library, poller, api)
            await clock.advance(dice.choice([0, 0.5, 2, 10]))
        clock.jump(dice.choice([0, 0, 0, 0, 0, -86_400, 3600, 86_400]))  # set, or asleep
        poller.focus([ref(dice.choice(IDS))])
        await clock.advance(dice.expovariate(1 / 3000))

    assert world.wrongs == []
    assert api.most_in_flight <= MAX_AT_ONCE
    assert all(min(api.gaps_of(each), default=9.0) >= MIN_INTERVAL_S - 0.001 for each in IDS)
    assert budget_broken_at(api) == []
    assert len(api.asked) > HOURS
    assert list(library) == sorted_by_adding(await store.load(), library)


def budget_broken_at(api: FakeVideoApi) -> list[float]:
    """The moments at which more had been asked in the last second than the key may."""
    broken: list[float] = []
    recent: deque[float] = deque()
    for asked in api.asked:
        recent.append(asked.at_s)
        while recent[0] < asked.at_s - 1.0 + _ROUNDING_S:
            recent.popleft()
        if len(recent) > DEFAULT_RATE_PER_S:
            broken.append(asked.at_s)
    return broken


def sorted_by_adding(rows: object, library: Library) -> list[object]:
    """The rows of the store in the order of the list in memory, which undoing may have changed."""
    assert isinstance(rows, list)
    order = {video.ref: place for place, video in enumerate(library)}
    return sorted(rows, key=lambda video: order.get(video.ref, -1))


def test_the_random_answers_hold_every_kind() -> None:
    kinds = {type(outcome) for _, outcome in OUTCOMES}

    assert {VideoAnswer, *_ENDED_BY, ServiceBusy, ServiceUnreachable, RateLimited, KeyRefused} <= kinds
