import asyncio
import itertools
import logging

import pytest

from pixverse_desktop.core.answers import PAGE_FOR_KNOWN, VideoAnswer
from pixverse_desktop.core.errors import (
    CreditsUsedUp,
    KeyRefused,
    PixverseError,
    RequestRefused,
    ServiceBusy,
    VideoGone,
    VideoModerated,
    VideoNotKnown,
)
from pixverse_desktop.core.events import BalanceChanged, Trouble, WriteFailed
from pixverse_desktop.core.video import Balance, Video, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import MAX_AT_ONCE, Poller
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_api import CLIP_URL, READY, WAITING, FakeVideoApi
from tests.fakes.video_store import DISK_FULL, FakeVideoStore
from tests.services.conftest import Run, ref

MINUTE_S, HOUR_S = 60.0, 3600.0
NOT_KNOWN = VideoNotKnown("Not known to this key.", code=500047)
BUSY = ServiceBusy("PixVerse is busy.", code=500069)


def row(library: Library, video_id: str = "7") -> Video:
    """The row of an id that must be in the list."""
    video = library.get(ref(video_id))
    assert video is not None
    return video


# How often.


async def test_an_open_video_is_asked_about_at_once_and_every_five_seconds(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    began_s = clock.monotonic_s()

    run()
    await clock.advance(60)

    assert api.times_of("7") == [began_s + 5 * number for number in range(13)]


async def test_a_video_added_later_is_asked_about_at_once(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    run()
    await clock.advance(100)

    await library.add(["7"], account="default")
    await settle()

    assert api.times_of("7") == [clock.monotonic_s()]


async def test_with_nothing_open_nothing_is_asked(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["8"], account="another")

    run()
    await clock.advance(5 * HOUR_S)

    assert api.asked == []


async def test_an_interval_under_three_seconds_is_not_kept(
    library: Library, api: FakeVideoApi, clock: FakeClock, nursery: TaskNursery, announcer: Announcer
) -> None:
    await library.add(["7"], account="default")
    poller = Poller(account="default", api=api, library=library, announcer=announcer, clock=clock,
                    nursery=nursery, interval_s=0.1)  # fmt: skip

    nursery.start(poller.run(), name="poll")
    await clock.advance(31)

    assert set(api.gaps_of("7")) == {3.0}


async def test_many_videos_are_spread_over_the_budget(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    ids = [str(number) for number in range(1, 101)]
    await library.add(ids, account="default")
    began_s = clock.monotonic_s()

    run()
    await clock.advance(100)

    assert max(questions_within(api, 1.0)) <= 6
    assert len(api.asked) == pytest.approx(500, abs=3)
    assert set(api.counts().values()) <= {4, 5, 6}
    assert [asked.video_id for asked in api.asked[:100]] == sorted(ids)
    assert api.asked[99].at_s - began_s < 20.1


def questions_within(api: FakeVideoApi, seconds: float) -> list[int]:
    """For each question, how many were asked in the seconds from it on."""
    times = [asked.at_s for asked in api.asked]
    return [sum(start <= at < start + seconds for at in times) for start in times]


async def test_only_a_few_questions_are_under_way_at_once(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add([str(number) for number in range(1, 31)], account="default")
    api.delay_s = 7

    run()
    await clock.advance(120)

    assert api.most_in_flight == MAX_AT_ONCE
    assert set(api.counts()) == {str(number) for number in range(1, 31)}


async def test_nobody_is_asked_about_again_before_the_answer_came(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.delay_s = 20

    run()
    await clock.advance(90)

    assert api.most_in_flight == 1
    assert set(api.gaps_of("7")) == {25.0}


@pytest.mark.parametrize(
    "answer",
    [
        VideoAnswer(status_code=42),
        VideoAnswer(status_text="soon"),
        VideoAnswer(status_code=1, url=""),
        VideoAnswer(status_code=1, url="https://media.pixverse.ai/a%2Fmedia%2Fdefault.mp4"),
    ],
)
async def test_unknown_codes_and_missing_files_are_asked_about_slowly_and_stay_open(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, answer: VideoAnswer
) -> None:
    await library.add(["7"], account="default")
    api.script("7", answer)

    run()
    await clock.advance(5 * MINUTE_S)

    assert set(api.gaps_of("7")) == {15.0}
    assert row(library).status.is_open


async def test_a_late_video_is_asked_about_every_half_minute(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")

    run()
    await clock.advance(10 * MINUTE_S + 1)
    early = len(api.asked)
    await clock.advance(10 * MINUTE_S)

    assert set(api.gaps_of("7")[: early - 1]) == {5.0}
    assert set(api.gaps_of("7")[early:]) == {30.0}


async def test_a_stalled_video_is_asked_about_ever_more_rarely_and_never_given_up(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", *[WAITING] * 100, WAITING)

    run()
    await clock.advance(2 * HOUR_S + 1)
    before = len(api.asked)
    await clock.advance(100 * HOUR_S)

    gaps = api.gaps_of("7")[before - 1 :]
    assert gaps[0] == 300.0
    assert gaps == sorted(gaps)
    assert gaps[-1] == HOUR_S
    assert row(library).status is VideoStatus.WAITING


async def test_a_video_that_waited_since_an_earlier_run_is_asked_at_once_and_then_as_the_late_one_it_is(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    await clock.advance(11 * MINUTE_S)

    run()
    await clock.advance(61)

    assert api.gaps_of("7") == [30.0, 30.0]


# Ready, and the second look.


async def test_a_finished_video_gets_one_second_look_and_is_never_asked_about_again(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    api.script("7", WAITING, READY)

    run()
    await clock.advance(50 * HOUR_S)

    assert api.gaps_of("7") == [5.0, 90.0]
    assert row(library).second_look_done
    assert heard.statuses("7") == [VideoStatus.WAITING, VideoStatus.READY]


async def test_the_second_look_finds_late_moderation_and_keeps_the_copy(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", READY, VideoAnswer(status_code=7))

    run()
    await clock.advance(100)

    assert row(library).status is VideoStatus.MODERATED
    assert row(library).url == CLIP_URL


async def test_the_second_look_of_an_earlier_run_is_made_up_for_at_its_own_time(
    library: Library, api: FakeVideoApi, clock: FakeClock, announcer: Announcer, nursery: TaskNursery
) -> None:
    await library.add(["7"], account="default")
    api.script("7", READY)
    first = Poller(account="default", api=api, library=library, announcer=announcer, clock=clock,
                   nursery=nursery)  # fmt: skip
    running = nursery.start(first.run(), name="first run")
    await clock.advance(60)
    running.cancel()

    second = Poller(account="default", api=api, library=library, announcer=announcer, clock=clock,
                    nursery=nursery)  # fmt: skip
    nursery.start(second.run(), name="second run")
    await clock.advance(HOUR_S)

    assert api.gaps_of("7") == [90.0]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (VideoAnswer(status_code=7), VideoStatus.MODERATED),
        (VideoAnswer(status_code=8), VideoStatus.FAILED),
        (VideoAnswer(status_code=6), VideoStatus.DELETED),
        (VideoModerated("Blocked.", code=500054), VideoStatus.MODERATED),
        (VideoGone("Deleted.", code=500064), VideoStatus.DELETED),
        (RequestRefused("PixVerse refuses this id.", code=400013), VideoStatus.STOPPED),
    ],
)
async def test_what_has_ended_is_said_in_words_and_not_asked_about_again(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    run: Run,
    outcome: VideoAnswer | PixverseError,
    status: VideoStatus,
) -> None:
    await library.add(["7"], account="default")
    api.script("7", WAITING, outcome)

    run()
    await clock.advance(10 * HOUR_S)

    assert row(library).status is status
    assert row(library).message
    assert len(api.asked) == 2


# Not known, busy, out of credits.


async def test_an_unknown_id_is_tried_a_few_times_within_the_first_minute_and_then_ends(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", NOT_KNOWN)

    run()
    await clock.advance(49)
    before = row(library).status
    await clock.advance(10 * HOUR_S)

    assert before is VideoStatus.WAITING
    assert api.gaps_of("7") == [5.0, 15.0, 30.0]
    assert row(library).status is VideoStatus.NOT_FOUND
    assert row(library).message == "Not known to this key."


async def test_a_record_that_appears_late_goes_on_as_any_other(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", NOT_KNOWN, NOT_KNOWN, WAITING, READY)

    run()
    await clock.advance(60)

    assert api.gaps_of("7") == [5.0, 15.0, 5.0]
    assert row(library).status is VideoStatus.READY


async def test_a_ready_video_stays_ready_when_its_second_look_is_told_that_nobody_knows_it(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", READY, NOT_KNOWN)

    run()
    await clock.advance(HOUR_S)

    assert row(library).status is VideoStatus.READY
    assert len(api.asked) == 5


@pytest.mark.parametrize(("code", "status"), [(404, VideoStatus.WAITING), (500047, VideoStatus.NOT_FOUND)])
async def test_a_page_that_is_not_found_says_nothing_of_a_video_that_was_told_of_before(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, code: int, status: VideoStatus
) -> None:
    await library.add(["7"], account="default")
    api.script("7", WAITING, *[VideoNotKnown("Not known to this key.", code=code)] * 20)
    run()

    await clock.advance(5 * MINUTE_S)

    assert row(library).status is status
    if status is VideoStatus.WAITING:
        assert row(library).message == PAGE_FOR_KNOWN


@pytest.mark.parametrize("status_text", ["queued", ""])
async def test_a_video_told_of_without_a_number_is_known_all_the_same(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, status_text: str
) -> None:
    await library.add(["7"], account="default")
    told = VideoAnswer(status_text=status_text, raw='{"id":7}')
    api.script("7", told, VideoNotKnown("Not known.", code=404))

    run()
    await clock.advance(5 * MINUTE_S)

    assert row(library).status is VideoStatus.UNKNOWN


async def test_a_video_nobody_told_of_ends_by_a_page_that_is_not_found(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", *[VideoNotKnown("Not known to this key.", code=404)] * 20)
    run()

    await clock.advance(5 * MINUTE_S)

    assert row(library).status is VideoStatus.NOT_FOUND


async def test_busy_answers_back_off_and_after_five_the_row_says_so_and_stays_as_it_was(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", WAITING, *[BUSY] * 8, WAITING)

    run()
    await clock.advance(5 + 5 + 10 + 20 + 39)
    early = row(library).message
    await clock.advance(2)
    late = row(library)
    await clock.advance(400)

    assert api.gaps_of("7")[:9] == [5.0, 5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0, 60.0]
    assert early == ""
    assert (late.status, late.message) == (VideoStatus.WAITING, str(BUSY))
    assert row(library).message == ""


async def test_a_good_answer_ends_the_backing_off(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", BUSY, BUSY, BUSY, WAITING, BUSY, WAITING)

    run()
    await clock.advance(60)

    assert api.gaps_of("7")[:6] == [5.0, 10.0, 20.0, 5.0, 5.0, 5.0]


async def test_a_busy_second_look_is_made_up_for_and_the_video_stays_ready(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", READY, *[BUSY] * 4, READY)

    run()
    await clock.advance(HOUR_S)

    assert api.gaps_of("7") == [90.0, 5.0, 10.0, 20.0, 40.0]
    assert (row(library).status, row(library).message) == (VideoStatus.READY, "")


async def test_a_second_look_that_fails_five_times_is_given_up(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", READY, VideoNotKnown("Not found.", code=404))

    run()
    await clock.advance(24 * HOUR_S)

    assert len(api.asked) == 1 + 5
    assert (row(library).status, row(library).second_look_done) == (VideoStatus.READY, True)


async def test_a_missing_file_is_waited_for_by_a_clock_that_nobody_sets(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", VideoAnswer(status_code=1))
    run()
    await clock.advance(20)

    clock.jump(24 * HOUR_S)
    await clock.advance(HOUR_S)
    after_an_hour = row(library).status
    await clock.advance(2 * HOUR_S)

    assert after_an_hour is VideoStatus.WAITING
    assert row(library).status is VideoStatus.STOPPED


async def test_a_question_that_meets_a_defect_of_ours_is_told_and_its_row_backs_off(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    run: Run,
    defects: list[BaseException],
    complaints: list[logging.LogRecord],
) -> None:
    await library.add(["7"], account="default")
    answers: dict[str, VideoAnswer] = {}
    api.decide = answers.__getitem__

    run()
    await clock.advance(60)

    assert api.gaps_of("7") == [5.0, 10.0, 20.0]
    assert [type(defect) for defect in defects] == [KeyError] * 4
    defects.clear()
    complaints.clear()


async def test_used_up_credits_are_told_and_the_asking_goes_on(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    api.script("7", CreditsUsedUp("No credits.", code=500090), READY)

    run()
    await clock.advance(10)

    assert heard.of(Trouble) == [Trouble("No credits.")]
    assert row(library).status is VideoStatus.READY


async def test_used_up_credits_are_told_once_in_whatever_words_and_again_when_there_were_some_meanwhile(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard, announcer: Announcer
) -> None:
    await library.add(["7", "8"], account="default")
    api.script("7", CreditsUsedUp("No credits.", code=500090))
    api.script("8", CreditsUsedUp("Nothing left.", code=500043))
    run()
    await clock.advance(MINUTE_S)
    announcer.announce(BalanceChanged("default", Balance(0, 0)))
    announcer.announce(BalanceChanged("another", Balance(9, 9)))
    await clock.advance(MINUTE_S)
    at_first = len(heard.of(Trouble))

    announcer.announce(BalanceChanged("default", Balance(1, 0)))
    await clock.advance(MINUTE_S)

    assert at_first == 1
    assert len(heard.of(Trouble)) == 2


# Removed, and a disk that fails.


async def test_an_answer_for_a_row_removed_meanwhile_is_dropped(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.delay_s = 4
    api.script("7", READY)
    run()
    await clock.advance(1)

    await library.remove([ref("7")])
    await clock.advance(HOUR_S)

    assert list(library) == []
    assert len(api.asked) == 1


@pytest.mark.parametrize("outcome", [BUSY, NOT_KNOWN, VideoGone("Deleted."), CreditsUsedUp("No credits.")])
async def test_a_failure_for_a_row_removed_meanwhile_is_dropped(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, outcome: PixverseError
) -> None:
    await library.add(["7"], account="default")
    api.delay_s = 4
    api.script("7", outcome)
    run()
    await clock.advance(1)

    await library.remove([ref("7")])
    await clock.advance(HOUR_S)

    assert list(library) == []
    assert len(api.asked) == 1


async def test_a_row_that_could_not_be_written_is_told_and_asked_about_again(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard, store: FakeVideoStore
) -> None:
    await library.add(["7"], account="default")
    api.script("7", READY)
    store.is_failing = True

    run()
    await clock.advance(6)
    while_full = row(library).status
    store.is_failing = False
    await clock.advance(20)

    assert while_full is VideoStatus.WAITING
    assert heard.of(Trouble) == [Trouble(DISK_FULL)]
    assert len(heard.of(WriteFailed)) == 2
    assert row(library).status is VideoStatus.READY
    assert store.row("7") == row(library)


async def test_a_full_disk_is_told_once_for_all_rows_and_again_only_after_it_was_mended(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run, heard: Heard, store: FakeVideoStore
) -> None:
    await library.add([str(number) for number in range(1, 21)], account="default")
    store.is_failing = True
    run()
    await clock.advance(2 * MINUTE_S)
    at_first = heard.of(Trouble)

    store.is_failing = False
    await clock.advance(MINUTE_S)
    api.decide = lambda _: READY
    store.is_failing = True
    await clock.advance(2 * MINUTE_S)

    assert at_first == [Trouble(DISK_FULL)]
    assert heard.of(Trouble) == [Trouble(DISK_FULL)] * 2


@pytest.mark.parametrize("outcome", [VideoGone("Deleted."), NOT_KNOWN])
async def test_an_ending_that_could_not_be_written_is_tried_again(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    run: Run,
    store: FakeVideoStore,
    outcome: PixverseError,
) -> None:
    await library.add(["7"], account="default")
    api.script("7", outcome)
    store.is_failing = True

    run()
    await clock.advance(2 * MINUTE_S)
    while_full = row(library).status
    store.is_failing = False
    await clock.advance(5 * MINUTE_S)

    assert while_full is VideoStatus.WAITING
    assert not row(library).status.is_open


# Whoever wishes it: never twice within three seconds.


async def test_checking_now_waits_for_nothing_but_politeness(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(11 * MINUTE_S + 10)
    asked = len(api.asked)

    poller.check_now([ref("7")])
    await settle()

    assert len(api.asked) == asked + 1
    assert min(api.gaps_of("7")) >= 3


async def test_an_impatient_person_does_not_make_us_impolite(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()

    for _ in range(100):
        poller.check_now([ref("7"), ref("7")])
        await clock.advance(0.1)

    assert set(api.gaps_of("7")) == {3.0}


async def test_an_ended_video_checked_at_once_is_not_asked_about_within_three_seconds(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", VideoAnswer(status_code=8))
    run()
    await clock.advance(1)

    poller.check_now([ref("7")])
    await clock.advance(10)

    assert api.gaps_of("7") == [3.0]


async def test_a_row_removed_and_put_back_is_not_asked_about_within_three_seconds(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(1)

    await library.put_back(await library.remove([ref("7")]))
    await library.remove([ref("7")])
    await library.add(["7"], account="default")
    await clock.advance(4)

    assert api.gaps_of("7") == [3.0]


async def test_a_row_put_back_while_its_question_is_under_way_gets_the_answer(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.delay_s = 4
    api.script("7", READY)
    run()
    await clock.advance(1)

    await library.put_back(await library.remove([ref("7")]))
    await clock.advance(4)

    assert row(library).status is VideoStatus.READY
    assert len(api.asked) == 1


# Check now.


@pytest.mark.parametrize("outcome", [NOT_KNOWN, RequestRefused("No.", code=400013)])
async def test_checking_a_row_that_had_given_up_opens_it_again(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run, outcome: PixverseError
) -> None:
    await library.add(["7"], account="default")
    api.script("7", outcome)
    run()
    await clock.advance(2 * MINUTE_S)
    given_up = row(library).status

    api.script("7", WAITING, READY)
    poller.check_now([ref("7")])
    await clock.advance(10)

    assert not given_up.is_open
    assert row(library).status is VideoStatus.READY
    assert row(library).message == ""


async def test_checking_a_stalled_row_is_asking_as_often_as_in_the_beginning(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(3 * HOUR_S)
    asked = len(api.asked)

    poller.check_now([ref("7")])
    await clock.advance(30)

    assert api.gaps_of("7")[asked:] == [5.0] * 6


async def test_a_failed_video_may_be_asked_about_and_stays_failed(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    api.script("7", VideoAnswer(status_code=8))
    run()
    await clock.advance(MINUTE_S)

    poller.check_now([ref("7")])
    await clock.advance(HOUR_S)

    assert len(api.asked) == 2
    assert row(library).status is VideoStatus.FAILED


async def test_strangers_and_rows_of_other_accounts_are_not_checked(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    (other,) = (await library.add(["8"], account="another")).added
    run()

    poller.check_now([ref("404"), other.ref])
    await clock.advance(MINUTE_S)

    assert api.asked == []


async def test_a_row_reopened_on_a_full_disk_is_told(
    library: Library,
    api: FakeVideoApi,
    clock: FakeClock,
    poller: Poller,
    run: Run,
    heard: Heard,
    store: FakeVideoStore,
) -> None:
    await library.add(["7"], account="default")
    api.script("7", RequestRefused("No.", code=400013))
    run()
    await clock.advance(10)
    store.is_failing = True

    poller.check_now([ref("7")])
    await settle()

    assert heard.of(Trouble)[0] == Trouble(DISK_FULL)
    assert row(library).status is VideoStatus.STOPPED


async def test_a_check_returns_when_the_answer_is_in_the_list(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(1)
    api.script("7", READY)

    checking = asyncio.ensure_future(poller.check(ref("7")))
    await clock.advance(1.9)
    early = checking.done()
    await clock.advance(0.2)

    assert not early
    assert checking.done()
    assert row(library).status is VideoStatus.READY


@pytest.mark.parametrize("outcome", [BUSY, NOT_KNOWN])
async def test_a_check_returns_when_it_failed(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run, outcome: PixverseError
) -> None:
    await library.add(["7"], account="default")
    api.script("7", outcome)
    run()

    checking = asyncio.ensure_future(poller.check(ref("7")))
    await clock.advance(4)

    assert checking.done()


async def test_checks_of_the_same_row_share_one_question(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(4)
    asked = len(api.asked)

    checking = asyncio.gather(*(poller.check(ref("7")) for _ in range(3)))
    await clock.advance(0)

    assert checking.done()
    assert len(api.asked) == asked + 1


async def test_a_check_of_a_row_that_cannot_be_asked_about_returns_at_once(
    library: Library, clock: FakeClock, poller: Poller, run: Run
) -> None:
    (other,) = (await library.add(["8"], account="another")).added
    run()

    checking = asyncio.gather(poller.check(ref("404")), poller.check(other.ref))
    await clock.advance(1)

    assert checking.done()


async def test_a_check_returns_when_the_row_is_removed(
    library: Library, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(1)
    checking = asyncio.ensure_future(poller.check(ref("7")))
    await settle()

    await library.remove([ref("7")])
    await settle()

    assert checking.done()


async def test_a_check_without_a_key_returns_at_once(
    library: Library, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    poller.use(None)
    run()

    checking = asyncio.ensure_future(poller.check(ref("7")))
    await clock.advance(1)

    assert checking.done()


async def test_checks_return_when_the_key_is_removed(
    library: Library, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(1)
    checking = asyncio.ensure_future(poller.check(ref("7")))
    await settle()

    poller.use(None)
    await settle()

    assert checking.done()


async def test_checks_of_all_rows_return_when_the_key_is_refused(
    library: Library, api: FakeVideoApi, clock: FakeClock, poller: Poller, run: Run
) -> None:
    await library.add(["7", "8"], account="default")
    run()
    await clock.advance(1)
    api.outage = KeyRefused("Not accepted.", code=10001)

    checking = asyncio.gather(poller.check(ref("7")), poller.check(ref("8")))
    await clock.advance(5)

    assert checking.done()
    assert len(api.asked) == 3


async def test_a_jump_of_the_wall_clock_hurries_nobody(
    library: Library, api: FakeVideoApi, clock: FakeClock, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(20)

    clock.jump(-30 * 86400)
    await clock.advance(60)

    assert set(api.gaps_of("7")) == {5.0}


# Another list.


async def test_after_the_list_was_replaced_the_rows_of_the_new_one_are_asked_about(
    library: Library, api: FakeVideoApi, clock: FakeClock, store: FakeVideoStore, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(60)
    asked = len(api.times_of("7"))
    now_s = clock.now_s()

    await library.swap(
        lambda: store.replace_with(
            [Video(video_id="8", added_at_s=now_s), Video(video_id="9", added_at_s=now_s, account="another")]
        )
    )
    await clock.advance(60)

    assert len(api.times_of("7")) == asked
    assert len(api.times_of("8")) >= 12
    assert api.times_of("9") == []
    assert row(library, "8").status is VideoStatus.WAITING


async def test_a_row_that_both_lists_have_is_not_asked_about_sooner_than_politeness_allows(
    library: Library, api: FakeVideoApi, clock: FakeClock, store: FakeVideoStore, run: Run
) -> None:
    await library.add(["7"], account="default")
    (video,) = library
    run()
    await clock.advance(1)

    for _ in range(5):
        await library.swap(lambda: store.replace_with([video]))
        await clock.advance(0.1)
    await clock.advance(10)

    times = api.times_of("7")
    assert len(times) >= 3
    assert all(later - earlier >= 3 for earlier, later in itertools.pairwise(times))


async def test_whoever_waits_for_a_row_that_the_new_list_lacks_is_not_left_waiting(
    library: Library, api: FakeVideoApi, clock: FakeClock, store: FakeVideoStore, poller: Poller, run: Run
) -> None:
    await library.add(["7"], account="default")
    run()
    await clock.advance(1)
    waiting = asyncio.ensure_future(poller.check(ref("7")))
    await settle()
    assert not waiting.done()

    await library.swap(lambda: store.replace_with([]))
    await clock.advance(10)

    assert waiting.done()
