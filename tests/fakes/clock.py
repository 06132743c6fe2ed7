"""Time that passes only when told, so that hours cost milliseconds and no test ever sleeps."""

import asyncio
import heapq
import math
from itertools import count

START_S = 1_788_249_600.0  # 2026-09-01, by the wall clock
_QUIET_LIMIT = 100_000


class FakeClock:
    """The ``Clock`` port, moved by hand."""

    def __init__(self) -> None:
        self._monotonic_s = 100.0
        self._wall_ahead_s = START_S - self._monotonic_s
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now_s(self) -> float:
        return self._monotonic_s + self._wall_ahead_s

    def monotonic_s(self) -> float:
        return self._monotonic_s

    async def sleep(self, duration_s: float) -> None:
        if duration_s <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # The smallest nap moves time, or a waiter for less than a rounding error would spin for ever.
        until_s = max(self._monotonic_s + duration_s, math.nextafter(self._monotonic_s, math.inf))
        heapq.heappush(self._sleepers, (until_s, next(self._numbers), woken))
        await woken

    async def advance(self, duration_s: float) -> None:
        """Let time pass: sleepers wake in order, each when the loop has nothing left to do."""
        until_s = self._monotonic_s + duration_s
        await settle()
        while self._sleepers and self._sleepers[0][0] <= until_s:
            at_s, _, woken = heapq.heappop(self._sleepers)
            if woken.done():
                continue
            self._monotonic_s = at_s
            woken.set_result(None)
            await settle()
        self._monotonic_s = until_s
        await settle()

    def jump(self, duration_s: float) -> None:
        """Set the wall clock alone, as a person or a time server does."""
        self._wall_ahead_s += duration_s


async def settle() -> None:
    """Return when the loop has nothing left to do but to wait."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public tells
    for _ in range(_QUIET_LIMIT):
        await asyncio.sleep(0)
        if not ready:
            return
    raise AssertionError("the loop does not come to rest")
