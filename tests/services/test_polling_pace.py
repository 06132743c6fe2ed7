"""The learned pace, the rows in focus, sleep, and what is told of each question, by the whole poller."""

import itertools
import math
import random
from collections.abc import Sequence

import pytest

from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.budget import RequestBudget
from pixverse_desktop.core.durations import ENOUGH
from pixverse_desktop.core.errors import RateLimited, ServiceBusy, ServiceUnreachable
from pixverse_desktop.core.events import AttemptMade
from pixverse_desktop.core.schedule import LATE_WORDS
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_api import CLIP_URL, READY, FakeVideoApi
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import Run, ref

HOUR_S, DAY_S = 3600.0, 86_400.0


def past(clock: FakeClock, durations_s: Sequence[float]) -> list[Video]:
    """Rows of clips that took so long, an hour ago."""
    began_s = clock.now_s() - HOUR_S
    return [
        Video(
            video_id=str(10_000 + number),
            added_at_s=began_s,
            status=VideoStatus.READY,
            url=CLIP_URL,
            created_at_s=began_s,
            modified_at_s=began_s + duration_s,
            ended_at_s=began_s + duration_s + 2,
            second_look_done=True,
        )
        for number, duration_s in enumerate(durations_s)
    ]


@pytest.fixture
async def minutes(library: Library, store: FakeVideoStore, clock: FakeClock) -> None:
    """Fill the list with clips that took about a minute."""
    chance = random.Random(1)
    store.replace_with(past(clock, [math.exp(chance.gauss(math.log(60), 0.3)) for _ in range(200)]))
    await library.open()


def born(clock: FakeClock, ago_s: float = 0.0) -> VideoAnswer:
    return VideoAnswer(status_code=5, created_at_s=clock.now_s() - ago_s)


async def test_a_list_with_a_past_asks_rarely_while_nothing_can_be_ready_and_often_when_it_may_be(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, minutes: None
) -> None:
    await library.add(["7"], account="default")
    api.script("7", born(clock))

    run()
    await clock.advance(100)

    gaps = api.gaps_of("7")
    assert 20 < gaps[0] <= 40
    assert min(gaps) == 3.0
    assert len(api.asked) < 20


async def test_the_age_counts_from_the_creation_and_not_from_the_adding(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, minutes: None
) -> None:
    await library.add(["7"], account="default")
    api.script("7", born(clock, ago_s=70))

    run()
    await clock.advance(30)

    assert set(api.gaps_of("7")) == {3.0}


async def test_clips_found_finished_in_this_run_teach_the_pace(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    run()
    for number in range(ENOUGH):
        await library.add([str(number)], account="default")
        api.script(str(number), *[born(clock)] * 12, READY)
        await clock.advance(70)

    await library.add(["7000"], account="default")
    api.script("7000", born(clock))
    await clock.advance(40)

    assert api.gaps_of("0")[:11] == [5.0] * 11
    assert api.gaps_of("7000")[0] > 20


async def test_a_fixed_interval_is_kept_whatever_the_past_teaches(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    nursery: TaskNursery,
    announcer: Announcer,
    minutes: None,
) -> None:
    await library.add(["7"], account="default")
    api.script("7", born(clock))
    poller = Poller(account="default", api=api, library=library, announcer=announcer, clock=clock,
                    nursery=nursery, interval_s=8.0)  # fmt: skip

    nursery.start(poller.run(), name="poll")
    await clock.advance(100)

    assert set(api.gaps_of("7")) == {8.0}


@pytest.mark.parametrize("interval_s", [None, 5.0])
async def test_rows_added_together_drift_apart_and_none_is_asked_too_often(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    nursery: TaskNursery,
    announcer: Announcer,
    interval_s: float | None,
) -> None:
    ids = [str(number) for number in range(10)]
    await library.add(ids, account="default")
    poller = Poller(account="default", api=api, library=library, announcer=announcer, clock=clock,
                    nursery=nursery, interval_s=interval_s)  # fmt: skip

    nursery.start(poller.run(), name="poll")
    await clock.advance(5 * 60)

    # A burst of ten takes two seconds, and three seconds of silence follow.
    gaps = [later.at_s - earlier.at_s for earlier, later in itertools.pairwise(api.asked[20:])]
    assert max(gaps) < 2.6
    assert all(set(api.gaps_of(each)[1:]) == {5.0} for each in ids)
    assert min(api.gaps_of(each)[0] for each in ids) >= (3.0 if interval_s is None else 5.0)


async def test_the_row_on_the_screen_is_asked_about_first(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add([str(number) for number in range(100, 200)], account="default")
    poller.focus([ref("150"), VideoRef("another", "101")])

    run()
    await clock.advance(1)

    assert [asked.video_id for asked in api.asked[:3]] == ["150", "100", "101"]


# Sleep and set clocks.


async def test_after_sleep_every_open_row_is_asked_about_once_within_the_budget(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    ids = [str(number) for number in range(30)]
    await library.add(ids, account="default")
    run()
    await clock.advance(2 * HOUR_S + 60)  # stalled: the next question is minutes away
    asked = len(api.asked)

    clock.jump(8 * HOUR_S)
    await clock.advance(300)
    began_s = api.asked[asked].at_s
    await clock.advance(60)

    woken = [each for each in api.asked[asked:] if each.at_s < began_s + 7]
    assert sorted(each.video_id for each in woken) == sorted(ids)
    assert woken[-1].at_s - began_s == pytest.approx(29 / 5, abs=0.3)


async def test_the_second_look_is_not_hurried_by_a_clock_set_forwards(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7", "8"], account="default")
    api.script("7", READY)
    run()
    await clock.advance(1)

    clock.jump(60)
    await clock.advance(200)

    assert api.gaps_of("7") == [90.0]


@pytest.mark.parametrize("jump_s", [DAY_S, -DAY_S])
async def test_a_set_clock_makes_no_row_late_and_stops_no_asking(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, jump_s: float
) -> None:
    await library.add(["7"], account="default")
    api.script("7", born(clock))
    run()
    await clock.advance(20)

    clock.jump(jump_s)
    await clock.advance(60)

    video = library.get(ref("7"))
    assert video is not None
    assert video.message != LATE_WORDS
    assert len(api.times_of("7")) in (17, 18)
    assert min(api.gaps_of("7")) >= 3.0


# What is told of each question.


async def test_each_question_is_told_with_what_came_of_it(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    busy = ServiceBusy("PixVerse is busy.", code=500069)
    busy.trace_id = "trace-2"
    lost = ServiceUnreachable("PixVerse did not answer in time.")
    waiting, strange = VideoAnswer(status_code=5, trace_id="trace-1"), VideoAnswer(status_text="soon")
    api.script("7", waiting, busy, lost, strange, READY)
    began_s = clock.now_s()

    run()
    await clock.advance(40)

    attempts = [event.attempt for event in heard.of(AttemptMade)]
    assert [(each.code, each.outcome, each.trace_id) for each in attempts] == [
        (5, "waiting (5)", "trace-1"),
        (500069, "PixVerse is busy.", "trace-2"),
        (None, "PixVerse did not answer in time.", ""),
        (None, "unknown (soon)", ""),
        (1, "ready (1)", ""),
    ]
    assert attempts[0].at_s == began_s
    assert {each.ref for each in attempts} == {ref("7")}


# Many accounts.


async def test_each_account_has_a_budget_and_a_state_of_its_own(
    library: Library, clock: FakeClock, announcer: Announcer, nursery: TaskNursery
) -> None:
    apis = {name: FakeVideoApi(clock) for name in ("default", "studio", "lab")}
    apis["studio"].script("1", RateLimited("Fewer.", retry_after_s=60))
    pollers = {}
    for name, api in apis.items():
        await library.add([str(number) for number in range(1, 41)], account=name)
        pollers[name] = Poller(account=name, api=api, library=library, announcer=announcer, clock=clock,
                               nursery=nursery)  # fmt: skip
        nursery.start(pollers[name].run(), name=f"poll {name}")

    await clock.advance(10)

    assert [len(api.asked) for api in apis.values()] == [50, 1, 50]
    assert [poller.connection.kind for poller in pollers.values()] == ["online", "paused", "online"]


async def test_accounts_with_one_key_share_its_budget_fairly(
    library: Library, clock: FakeClock, announcer: Announcer, nursery: TaskNursery
) -> None:
    apis, budget = {name: FakeVideoApi(clock) for name in ("default", "studio")}, RequestBudget()
    for name, api in apis.items():
        await library.add([str(number) for number in range(1, 101)], account=name)
        poller = Poller(account=name, api=None, library=library, announcer=announcer, clock=clock,
                        nursery=nursery)  # fmt: skip
        poller.use(api, budget)
        nursery.start(poller.run(), name=f"poll {name}")

    await clock.advance(20)
    both = [len(api.asked) for api in apis.values()]
    await library.remove([video.ref for video in library if video.account == "default"])
    await clock.advance(20)

    assert both == [pytest.approx(50, abs=2)] * 2
    assert sum(both) <= 101
    assert len(apis["studio"].asked) - both[1] == pytest.approx(100, abs=3)


# Many rows.


async def test_thousands_of_rows_added_at_once_are_taken_in_piece_by_piece(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    ids = [str(number) for number in range(100_000, 102_000)]
    run()

    await library.add(ids, account="default")
    removed = ref(ids[1999])
    await library.remove([removed])
    await settle()
    await clock.advance(401)

    assert len(api.counts()) >= 1999
    assert removed.video_id not in api.counts()


async def test_rows_of_another_account_before_its_own_do_not_keep_an_account_waiting(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(map(str, range(1000, 3000)), account="another")
    await library.add(["7"], account="default")

    run()
    await clock.advance(1)

    assert api.times_of("7") != []
