"""Waiting: for news or for time to pass, for a row to be asked about; and letting others have their turn."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.video import VideoRef

_MOST_IN_A_TURN = 250

_T = TypeVar("_T")


async def in_turns(things: Iterable[_T], deed: Callable[[_T], None]) -> None:
    """Do something to each, with turns for others in between: very many at once would hold a window."""
    for place, thing in enumerate(things, 1):
        deed(thing)
        if place % _MOST_IN_A_TURN == 0:
            await asyncio.sleep(0)


async def wait_for_news(news: asyncio.Event, clock: Clock, delay_s: float | None) -> bool:
    """Return when ``news`` is set, or after ``delay_s`` if that is not None; whether there is news.

    For one waiter at a time, which looks at everything anew afterwards. It is woken for every question
    that is asked, so it makes one task and not two: in Qt's loop each turn of a task costs a timer.
    """
    if delay_s is None or news.is_set():
        return await news.wait()
    is_time_over = False

    def ring(_: asyncio.Future[None]) -> None:
        nonlocal is_time_over
        is_time_over = not news.is_set()
        news.set()

    alarm = asyncio.ensure_future(clock.sleep(delay_s))
    alarm.add_done_callback(ring)
    try:
        await news.wait()
    finally:
        alarm.remove_done_callback(ring)
        alarm.cancel()
        await asyncio.gather(alarm, return_exceptions=True)
    if is_time_over:
        news.clear()
    return not is_time_over


class Waiters:
    """Those who wait until a row was asked about, or cannot be."""

    def __init__(self) -> None:
        self._waiting: defaultdict[VideoRef, list[asyncio.Future[None]]] = defaultdict(list)

    def __iter__(self) -> Iterator[VideoRef]:
        """The rows that are waited for."""
        return iter(tuple(self._waiting))

    def wait_for(self, ref: VideoRef) -> asyncio.Future[None]:
        """What is done as soon as the waiting for ``ref`` ends."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[ref].append(ended)
        return ended

    def end(self, refs: Iterable[VideoRef]) -> None:
        """Let nobody wait for these any longer."""
        for ref in refs:
            for ended in self._waiting.pop(ref, []):
                if not ended.done():
                    ended.set_result(None)
