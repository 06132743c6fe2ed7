"""Rows whose plan was lost while they were asked about."""

import asyncio

import pytest

from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.errors import RateLimited, VideoGone, VideoNotKnown
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from tests.fakes.clock import FakeClock, settle
from tests.fakes.video_api import READY, WAITING, FakeVideoApi, Outcome
from tests.services.conftest import Run, ref

FAILED = VideoAnswer(status_code=8)
ENDINGS = [FAILED, VideoGone("Deleted.", code=500064), VideoNotKnown("Not known.", code=500047)]


async def end_and_check_again(
    ending: Outcome, answer: Outcome, library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller
) -> None:
    """A row that ended, and about which a question of two seconds is under way."""
    await library.add(["7"], account="default")
    api.script("7", ending)
    await clock.advance(100)
    api.script("7", answer)
    api.delay_s = 2
    poller.check_now([ref("7")])
    await clock.advance(1)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_row_found_open_after_the_list_was_replaced_meanwhile_is_followed(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run, ending: Outcome
) -> None:
    run()
    await end_and_check_again(ending, WAITING, library, api, clock, poller)

    await library.swap(lambda: None)
    asked = len(api.asked)
    await clock.advance(60)

    assert len(api.asked) - asked >= 5


async def test_a_row_found_open_after_it_was_removed_and_put_back_meanwhile_is_followed(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    run()
    await end_and_check_again(FAILED, WAITING, library, api, clock, poller)

    await library.put_back(await library.remove([ref("7")]))
    asked = len(api.asked)
    await clock.advance(60)

    assert len(api.asked) - asked >= 5


async def test_a_row_found_ready_after_the_list_was_replaced_meanwhile_has_its_second_look(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    run()
    await end_and_check_again(FAILED, READY, library, api, clock, poller)

    await library.swap(lambda: None)
    await clock.advance(120)

    video = library.get(ref("7"))
    assert video is not None
    assert (video.status, video.second_look_done) == (VideoStatus.READY, True)


async def test_whoever_waits_for_a_row_is_not_left_waiting_when_the_list_is_replaced(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["1", "2"], account="default")
    api.script("1", FAILED)
    run()
    await clock.advance(20)
    api.script("2", RateLimited("Fewer.", retry_after_s=30))
    await clock.advance(6)
    waiting = asyncio.ensure_future(poller.check(ref("1")))
    await settle()

    await library.swap(lambda: None)
    await settle()

    assert waiting.done()
