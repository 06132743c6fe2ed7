"""Waiting for news or for time to pass, whichever comes first, under the program's own clock."""

import asyncio

from pixverse_desktop.core.ports import Clock


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
