"""Waiting for news or for time to pass, whichever comes first, under the program's own clock."""

import asyncio
from typing import Any

from pixverse_desktop.core.ports import Clock


async def wait_for_news(news: asyncio.Event, clock: Clock, delay_s: float | None) -> bool:
    """Return when ``news`` is set, or after ``delay_s`` if that is not None; whether there is news."""
    waiters: list[asyncio.Future[Any]] = [asyncio.ensure_future(news.wait())]
    if delay_s is not None:
        waiters.append(asyncio.ensure_future(clock.sleep(delay_s)))
    try:
        done, _ = await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)
    return waiters[0] in done
