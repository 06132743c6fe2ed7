"""A scripted PixVerse that remembers who asked what, and when."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.video import Balance

CLIP_URL = "https://media.pixverse.ai/openapi%2Fa.mp4"
WAITING = VideoAnswer(status_code=5, prompt="a fox")
READY = VideoAnswer(status_code=1, url=CLIP_URL, prompt="a fox")

Outcome = VideoAnswer | PixverseError


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: when it was asked, by the monotonic clock, and about whom."""

    at_s: float
    video_id: str


class FakeVideoApi:
    """The ``VideoApi`` port. An id without a script waits for ever.

    Attributes:
        asked: every question about a video, oldest first.
        delay_s: how long an answer about a video takes.
        gate: every answer waits for it to be opened, where set.
        outage: what every question fails with, while set.
        decide: answers instead of the scripts, where set.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scripts: dict[str, list[Outcome]] = {}
        self.asked: list[Asked] = []
        self.balances_asked = 0
        self.balance: Balance | PixverseError = Balance(1200, 300)
        self.delay_s = 0.0
        self.gate: asyncio.Event | None = None
        self.outage: PixverseError | None = None
        self.decide: Callable[[str], Outcome] | None = None
        self.in_flight = 0
        self.most_in_flight = 0

    def script(self, video_id: str, *outcomes: Outcome) -> None:
        """Answer with these one after another; the last one for ever."""
        self._scripts[video_id] = list(outcomes)

    def times_of(self, video_id: str) -> list[float]:
        """When this id was asked about."""
        return [asked.at_s for asked in self.asked if asked.video_id == video_id]

    def gaps_of(self, video_id: str) -> list[float]:
        """Seconds between the questions about this id, to the millisecond."""
        times = self.times_of(video_id)
        return [round(later - earlier, 3) for earlier, later in itertools.pairwise(times)]

    def counts(self) -> Counter[str]:
        """How often each id was asked about."""
        return Counter(asked.video_id for asked in self.asked)

    async def get_video_result(self, video_id: str) -> VideoAnswer:
        self.asked.append(Asked(self._clock.monotonic_s(), video_id))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if self.delay_s:
                await self._clock.sleep(self.delay_s)
            if self.gate is not None:
                await self.gate.wait()
        finally:
            self.in_flight -= 1
        outcome = self.outage or self._outcome(video_id)
        if isinstance(outcome, PixverseError):
            raise outcome
        return outcome

    async def get_account_balance(self) -> Balance:
        self.balances_asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.balance, PixverseError):
            raise self.balance
        return self.balance

    def _outcome(self, video_id: str) -> Outcome:
        if self.decide is not None:
            return self.decide(video_id)
        script = self._scripts.get(video_id, [WAITING])
        return script.pop(0) if len(script) > 1 else script[0]
