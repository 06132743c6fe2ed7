import asyncio

import pytest

from pixverse_desktop.services.waiting import wait_for_news
from tests.fakes.clock import FakeClock, settle


@pytest.mark.parametrize("delay_s", [None, 5.0])
async def test_news_end_the_waiting_at_once(clock: FakeClock, delay_s: float | None) -> None:
    news = asyncio.Event()
    waiting = asyncio.ensure_future(wait_for_news(news, clock, delay_s))
    await settle()
    assert not waiting.done()

    news.set()

    assert await waiting is True


async def test_time_ends_the_waiting_when_there_is_no_news(clock: FakeClock) -> None:
    waiting = asyncio.ensure_future(wait_for_news(asyncio.Event(), clock, 5.0))
    await clock.advance(4.9)
    assert not waiting.done()

    await clock.advance(0.1)

    assert await waiting is False


async def test_without_a_delay_only_news_end_it(clock: FakeClock) -> None:
    waiting = asyncio.ensure_future(wait_for_news(asyncio.Event(), clock, None))
    await clock.advance(1e6)
    assert not waiting.done()

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
