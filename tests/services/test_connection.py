"""What silence, refusals and pauses mean for an account as a whole."""

import itertools

import pytest

from pixverse_desktop.core.errors import (
    KeyRefused,
    PixverseError,
    RateLimited,
    ServiceBusy,
    ServiceUnreachable,
)
from pixverse_desktop.core.events import ConnectionKind
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_api import READY, WAITING, FakeVideoApi
from tests.services.conftest import Run, ref

SILENCE = ServiceUnreachable("PixVerse cannot be reached. Check the network connection.")
REFUSED = KeyRefused("PixVerse does not accept this key.", code=10001)


async def add(library: Library, count: int) -> list[str]:
    """Add so many ids."""
    ids = [str(number) for number in range(1, count + 1)]
    await library.add(ids, account="default")
    return ids


def kinds(heard: Heard) -> list[str]:
    return [kind for kind, _ in heard.connections()]


# Too many questions.


async def test_too_many_questions_pause_the_whole_key_for_as_long_as_the_service_asks(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 3)
    began_s = clock.monotonic_s()
    api.script("1", RateLimited("PixVerse asks for fewer questions.", retry_after_s=40), WAITING)

    run()
    await clock.advance(39.9)
    while_paused = list(api.asked)
    await clock.advance(10)

    assert [asked.video_id for asked in while_paused] == ["1"]
    assert api.asked[1].at_s == began_s + 40
    assert heard.connections()[:3] == [("idle", 0.0), ("paused", 40.0), ("online", 0.0)]


async def test_a_short_pause_does_not_make_us_ask_twice_within_three_seconds(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 1)
    api.script("1", *[RateLimited("Fewer.", retry_after_s=0.5)] * 3, WAITING)

    run()
    await clock.advance(30)

    assert min(api.gaps_of("1")) >= 3.0


async def test_a_row_that_is_always_refused_does_not_starve_the_others(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 4)
    api.script("1", *[RateLimited("Fewer.")] * 50)

    run()
    await clock.advance(300)

    assert min(len(api.times_of(each)) for each in ("2", "3", "4")) >= 3


async def test_a_service_that_names_no_pause_is_left_alone_longer_each_time(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 1)
    api.script("1", *[RateLimited("Fewer.")] * 7, WAITING)

    run()
    await clock.advance(1000)

    assert api.gaps_of("1")[:8] == [10.0, 20.0, 40.0, 80.0, 120.0, 120.0, 120.0, 5.0]


async def test_a_refusal_halves_the_budget_and_good_answers_earn_it_back(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 100)
    api.script("1", *[RateLimited("Fewer.", retry_after_s=3)] * 2, WAITING)

    run()
    await clock.advance(7)
    began_at = len(api.asked)
    await clock.advance(10)
    slowly = len(api.asked) - began_at
    await clock.advance(100)
    later = len(api.asked)
    await clock.advance(10)

    assert 12 <= slowly <= 40
    assert len(api.asked) - later == pytest.approx(50, abs=2)


async def test_an_answer_to_a_question_from_before_the_pause_does_not_end_it(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 2)
    api.delay_s = 1
    api.script("1", RateLimited("Fewer.", retry_after_s=40), WAITING)

    run()
    await clock.advance(30)

    assert api.counts() == {"1": 1, "2": 1}
    assert poller.connection.kind is ConnectionKind.PAUSED


async def test_the_longest_of_several_pauses_is_kept(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 3)
    api.delay_s = 2
    for video_id, retry_after_s in (("1", 40.0), ("2", 1.0), ("3", 5.0)):
        api.script(video_id, RateLimited("Fewer.", retry_after_s=retry_after_s), WAITING)

    run()
    await clock.advance(41)

    assert len(api.asked) == 3


async def test_checking_now_does_not_end_a_pause_the_service_asked_for(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 1)
    api.script("1", RateLimited("Fewer.", retry_after_s=40), WAITING)
    run()
    await clock.advance(10)

    poller.check_now([ref("1")])
    await clock.advance(29)

    assert len(api.asked) == 1


# Nobody there.


async def test_network_loss_is_one_state_with_one_probe_that_backs_off(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 50)
    api.delay_s = 0.01
    run()
    await clock.advance(30)
    went_at = len(api.asked)
    api.outage = SILENCE

    await clock.advance(400)

    lost = [asked.at_s for asked in api.asked[went_at:]]
    gaps = [round(later - earlier, 1) for earlier, later in itertools.pairwise(lost)]
    assert gaps[1:8] == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]
    assert len(lost) <= 12
    assert kinds(heard)[:3] == ["idle", "online", "offline"]
    assert set(kinds(heard)[3:]) == {"offline"}
    assert [seconds for kind, seconds in heard.connections() if kind == "offline"][:6] == [
        5.0, 10.0, 20.0, 40.0, 60.0, 60.0,
    ]  # fmt: skip


async def test_what_was_lost_with_the_network_changes_no_video(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 5)
    run()
    await clock.advance(10)
    before = list(library)
    api.outage = SILENCE

    await clock.advance(3600)

    assert list(library) == before


async def test_all_is_asked_about_again_as_soon_as_one_probe_is_answered(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    ids = await add(library, 10)
    api.outage = SILENCE
    run()
    await clock.advance(300)
    api.outage = None
    for video_id in ids:
        api.script(video_id, READY)

    await clock.advance(64)

    assert poller.connection.kind is ConnectionKind.ONLINE
    assert {video.status for video in library} == {VideoStatus.READY}


async def test_a_person_need_not_wait_for_the_next_probe(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 1)
    api.outage = SILENCE
    run()
    await clock.advance(100)
    api.outage = None
    asked = len(api.asked)

    poller.check_now([ref("1")])
    await settle()

    assert len(api.asked) == asked + 1
    assert poller.connection.kind is ConnectionKind.ONLINE


async def test_one_id_that_never_gets_an_answer_does_not_stop_the_others(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    ids = await add(library, 5)
    api.delay_s = 0.05
    api.script("1", SILENCE)

    run()
    await clock.advance(301)

    assert all(len(api.times_of(video_id)) > 55 for video_id in ids[1:])
    assert "offline" not in kinds(heard)
    assert 5 < len(api.times_of("1")) < 12


async def test_one_silent_question_of_a_lone_id_is_a_hiccup_and_shows_nothing(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 1)
    api.script("1", SILENCE, WAITING)

    run()
    await clock.advance(6)

    assert kinds(heard) == ["idle", "online"]
    assert api.gaps_of("1") == [5.0]


async def test_a_lone_id_that_stays_silent_after_the_first_back_off_is_an_absent_network(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 1)
    api.script("1", SILENCE, SILENCE, WAITING)

    run()
    await clock.advance(16)

    assert heard.connections() == [("idle", 0.0), ("offline", 10.0), ("online", 0.0)]
    assert api.gaps_of("1") == [5.0, 10.0]


async def test_questions_lost_together_count_as_one_loss(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 20)
    api.outage = SILENCE
    api.delay_s = 20

    run()
    await clock.advance(21)

    assert [pair for pair in heard.connections() if pair[0] == "offline"] == [("offline", 5.0)]


async def test_while_nobody_is_there_one_question_at_a_time_is_enough(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 20)
    api.outage = SILENCE
    api.delay_s = 10
    run()
    await clock.advance(12)
    api.most_in_flight = 0

    await clock.advance(600)

    assert api.most_in_flight == 1


async def test_a_second_loss_begins_with_a_short_wait_again(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 1)
    api.script("1", *[SILENCE] * 4, WAITING, *[SILENCE] * 2, WAITING)

    run()
    await clock.advance(200)

    waits = [seconds for kind, seconds in heard.connections() if kind == "offline"]
    assert waits == [10.0, 20.0, 40.0, 10.0]


@pytest.mark.parametrize("error", [ServiceBusy("Busy."), ServiceBusy("A page.", code=502)])
async def test_a_busy_service_is_not_an_absent_one(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard, error: PixverseError
) -> None:
    await add(library, 2)
    api.script("1", error)
    api.script("2", error)

    run()
    await clock.advance(600)

    assert kinds(heard) == ["idle", "online"]


# The key.


async def test_a_refused_key_stops_everything_and_fails_no_video(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 10)
    before = list(library)
    api.script("1", REFUSED)

    run()
    await clock.advance(24 * 3600)

    assert len(api.asked) == 1
    assert list(library) == before
    assert kinds(heard) == ["idle", "key_refused"]


async def test_questions_under_way_when_the_key_is_refused_tell_it_once(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 10)
    api.delay_s = 2
    for video_id in ("1", "10", "2", "3"):
        api.script(video_id, REFUSED)

    run()
    await clock.advance(3600)

    assert len(api.asked) == 4
    assert kinds(heard) == ["idle", "key_refused"]


async def test_another_key_makes_everything_go_on(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 3)
    api.script("1", REFUSED)
    run()
    await clock.advance(60)
    mended = FakeVideoApi(clock)

    poller.use(mended)
    await clock.advance(9)

    assert set(mended.counts()) == {"1", "2", "3"}
    assert set(mended.counts().values()) <= {2, 3}  # each at its own place in the round
    assert poller.connection.kind is ConnectionKind.ONLINE


async def test_another_key_at_once_does_not_make_us_ask_twice_within_three_seconds(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 1)
    api.script("1", REFUSED)
    run()
    await clock.advance(1)
    (first_s,) = api.times_of("1")

    api.script("1", WAITING)
    poller.use(api)
    await clock.advance(5)

    assert api.times_of("1")[1] == first_s + 3


async def test_a_late_refusal_of_the_former_key_does_not_stop_the_new_one(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 3)
    api.delay_s = 5
    for video_id in ("1", "2", "3"):
        api.script(video_id, REFUSED)
    run()
    await clock.advance(1)
    mended = FakeVideoApi(clock)

    poller.use(mended)
    await clock.advance(30)

    assert poller.connection.kind is ConnectionKind.ONLINE
    assert min(mended.counts().values()) >= 3


@pytest.mark.parametrize("error", [SILENCE, RateLimited("Fewer.", retry_after_s=60)])
async def test_what_befell_the_former_connection_is_not_held_against_the_new_one(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller, error: PixverseError
) -> None:
    await add(library, 3)
    api.delay_s = 1
    for video_id in ("1", "2", "3"):
        api.script(video_id, error)
    run()
    await clock.advance(0.9)
    mended = FakeVideoApi(clock)

    poller.use(mended)
    await clock.advance(5)

    assert poller.connection.kind is ConnectionKind.ONLINE
    assert mended.counts() == {"1": 1, "2": 1, "3": 1}


async def test_without_a_key_nothing_is_asked_and_that_is_said(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
    heard: Heard,
) -> None:
    await add(library, 3)
    poller = Poller(
        account="default", api=None, library=library, announcer=announcer, clock=clock, nursery=nursery
    )

    nursery.start(poller.run(), name="poll")
    await clock.advance(3600)
    without = (kinds(heard), list(api.asked))
    poller.use(api)
    await clock.advance(5)

    assert without == (["key_missing"], [])
    assert set(api.counts()) == {"1", "2", "3"}
    assert kinds(heard) == ["key_missing", "idle", "online"]


async def test_a_removed_key_ends_the_asking(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 3)
    run()
    await clock.advance(10)
    asked = len(api.asked)

    poller.use(None)
    await clock.advance(3600)

    assert len(api.asked) == asked
    assert poller.connection.kind is ConnectionKind.KEY_MISSING


async def test_a_refusal_that_comes_after_the_key_was_removed_is_not_news(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, poller: Poller
) -> None:
    await add(library, 1)
    api.delay_s = 5
    api.script("1", REFUSED)
    run()
    await clock.advance(1)

    poller.use(None)
    await clock.advance(30)

    assert poller.connection.kind is ConnectionKind.KEY_MISSING


# Refused by a page.


async def test_a_key_that_a_page_refuses_is_told_once_and_tried_again_ever_more_slowly(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await add(library, 3)
    api.outage = KeyRefused("PixVerse does not accept this key.", code=403, is_certain=False)
    began_s = clock.monotonic_s()

    run()
    await clock.advance(2 * 3600)
    asked_after_s = [round(asked.at_s - began_s) for asked in api.asked]
    api.outage = None
    await clock.advance(3600)

    assert asked_after_s[0] < 1
    assert asked_after_s[-4:] == [60, 360, 1260, 4860]
    assert len(asked_after_s) <= 4 + 3  # what was under way when the first refusal came
    assert kinds(heard) == ["idle", "key_refused", "online"]


async def test_a_key_that_pixverse_refuses_is_not_tried_again(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await add(library, 1)
    api.outage = REFUSED

    run()
    await clock.advance(24 * 3600)

    assert len(api.asked) == 1
