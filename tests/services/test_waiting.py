import asyncio
from itertools import pairwise

import pytest

from pixverse_desktop.services.waiting import in_turns, wait_for_news
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


async def test_very_many_are_done_with_turns_for_others() -> None:
    done: list[int] = []
    seen: list[int] = []
    working = asyncio.ensure_future(in_turns(range(1000), done.append))

    while not working.done():
        await asyncio.sleep(0)
        seen.append(len(done))

    assert done == list(range(1000))
    assert max(later - earlier for earlier, later in pairwise([0, *seen])) < 300
