from dataclasses import replace

import pytest

from pixverse_desktop.core.pace import MIN_INTERVAL_S, FixedPace
from pixverse_desktop.core.schedule import (
    LATE_AFTER_S,
    SECOND_LOOK_AFTER_S,
    STALLED_AFTER_S,
    PollHistory,
    after_answer,
    after_fault,
    after_not_known,
    after_silence,
    began_at_s,
    checked,
    earliest_allowed_s,
    first_plan,
    interval_for,
    seen_duration_s,
    spread_of,
    wants_second_look,
    with_creation,
)
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus

WAITING = Video(video_id="7", added_at_s=0.0)
UNKNOWN = replace(WAITING, status=VideoStatus.UNKNOWN, status_code=42)
NO_FILE = replace(WAITING, status_code=1, no_file_since_s=5.0)
READY = replace(WAITING, status=VideoStatus.READY, url="https://h/a.mp4", ended_at_s=60.0)
HISTORY = PollHistory(next_at_s=0.0, began_at_s=40.0)
FIVE = FixedPace(5.0)


@pytest.mark.parametrize(
    ("video", "waited_s", "interval_s", "expected_s"),
    [
        (WAITING, 0, 5, 5),
        (WAITING, LATE_AFTER_S - 1, 5, 5),
        (WAITING, LATE_AFTER_S, 5, 30),
        (WAITING, STALLED_AFTER_S - 1, 5, 30),
        (WAITING, STALLED_AFTER_S, 5, 300),
        (WAITING, 24 * 3600, 5, 3600),
        (WAITING, 300 * 3600, 5, 3600),
        (WAITING, 0, 60, 60),
        (WAITING, LATE_AFTER_S, 60, 60),
        (WAITING, STALLED_AFTER_S, 7200, 7200),
        (UNKNOWN, 0, 5, 15),
        (NO_FILE, 0, 5, 15),
        (UNKNOWN, LATE_AFTER_S, 5, 30),
        (NO_FILE, STALLED_AFTER_S, 5, 300),
        (WAITING, 0, 0.1, MIN_INTERVAL_S),
        (WAITING, 0, -5, MIN_INTERVAL_S),
    ],
)
def test_the_interval_grows_with_age_and_doubt(
    video: Video, waited_s: float, interval_s: float, expected_s: float
) -> None:
    assert interval_for(video, waited_s=waited_s, interval_s=interval_s) == expected_s


def test_a_good_answer_forgets_earlier_faults() -> None:
    troubled = replace(HISTORY, faults=3, unknown_answers=2, transport_faults=4)

    after = after_answer(troubled, WAITING, at_s=50.0, pace=FIVE)

    assert after == replace(HISTORY, next_at_s=55.0, open_at_s=50.0)


def test_a_job_is_as_old_as_its_creation_says() -> None:
    made = replace(WAITING, added_at_s=1000.0, created_at_s=940.0)

    assert began_at_s(made, at_s=50.0, now_s=1010.0) == 50.0 - 70.0


@pytest.mark.parametrize("created_at_s", [None, 1500.0, 1000.0 - 25 * 3600])
def test_a_creation_that_cannot_be_believed_is_left_out_of_account(created_at_s: float | None) -> None:
    made = replace(WAITING, added_at_s=1000.0, created_at_s=created_at_s)

    assert began_at_s(made, at_s=50.0, now_s=1010.0) == 40.0


@pytest.mark.parametrize("now_s", [-1e9, 900.0])
def test_a_clock_set_back_makes_no_row_younger_than_new(now_s: float) -> None:
    assert began_at_s(replace(WAITING, added_at_s=1000.0), at_s=50.0, now_s=now_s) == 50.0


def test_the_beginning_is_reckoned_once_so_that_no_set_clock_moves_it() -> None:
    made = replace(WAITING, added_at_s=1000.0, created_at_s=990.0)

    told = with_creation(HISTORY, made, at_s=50.0, now_s=1010.0)

    assert told.began_at_s == 30.0
    assert with_creation(told, made, at_s=60.0, now_s=1010.0 + 86_400) == told


def test_a_ready_row_is_looked_at_again_after_its_pause() -> None:
    after = after_answer(HISTORY, READY, at_s=50.0, pace=FIVE)

    assert after.next_at_s == 50.0 + SECOND_LOOK_AFTER_S


def test_the_spread_moves_one_question_and_is_used_up() -> None:
    first = after_answer(replace(HISTORY, spread=0.2), WAITING, at_s=50.0, pace=FIVE)
    second = after_answer(first, WAITING, at_s=first.next_at_s, pace=FIVE)

    assert (first.next_at_s, second.next_at_s) == (56.0, 61.0)


def test_rows_spread_evenly_over_a_round_and_the_same_way_in_every_run() -> None:
    spreads = sorted(spread_of(VideoRef("a", str(number)), only_later=False) for number in range(1000))

    assert spreads[0] == pytest.approx(-0.4, abs=0.02)
    assert spreads[-1] == pytest.approx(0.4, abs=0.02)
    assert sum(spreads) / 1000 == pytest.approx(0.0, abs=0.02)
    assert spread_of(VideoRef("a", "7"), only_later=False) == spread_of(VideoRef("b", "7"), only_later=False)
    assert spread_of(VideoRef("a", "7"), only_later=True) >= 0


def test_a_timely_row_checked_by_a_person_keeps_its_age() -> None:
    troubled = replace(HISTORY, faults=3, transport_faults=1)

    assert checked(troubled, at_s=60.0) == replace(HISTORY, next_at_s=60.0)


@pytest.mark.parametrize("history", [None, HISTORY])
def test_a_late_or_ended_row_checked_by_a_person_is_waited_for_anew(history: PollHistory | None) -> None:
    renewed = checked(history, at_s=5000.0)

    assert (renewed.age_s(5000.0), renewed.was_renewed) == (0.0, True)


def test_a_clip_took_as_long_as_lies_between_the_last_two_questions() -> None:
    watched = replace(HISTORY, knows_creation=True, open_at_s=90.0)

    assert seen_duration_s(watched, at_s=100.0) == 55.0


@pytest.mark.parametrize(
    "history",
    [
        replace(HISTORY, knows_creation=True),
        replace(HISTORY, open_at_s=90.0),
        replace(HISTORY, knows_creation=True, open_at_s=90.0, was_renewed=True),
    ],
)
def test_who_did_not_watch_from_a_known_beginning_saw_no_duration(history: PollHistory) -> None:
    assert seen_duration_s(history, at_s=100.0) is None


@pytest.mark.parametrize(
    ("video", "wanted"),
    [
        (READY, True),
        (replace(READY, second_look_done=True), False),
        (replace(READY, ended_at_s=None), False),
        (WAITING, False),
        (replace(READY, status=VideoStatus.MODERATED), False),
    ],
)
def test_only_a_ready_row_is_owed_one_second_look(video: Video, wanted: bool) -> None:
    assert wants_second_look(video) is wanted


def test_passing_faults_back_off_up_to_a_minute() -> None:
    history, pauses = HISTORY, []
    for _ in range(7):
        history = after_fault(history, at_s=100.0, interval_s=5.0)
        pauses.append(history.next_at_s - 100.0)

    assert pauses == [5, 10, 20, 40, 60, 60, 60]
    assert history.faults == 7


def test_a_stalled_row_is_asked_no_more_often_for_being_refused() -> None:
    history = replace(HISTORY, began_at_s=-STALLED_AFTER_S)

    assert after_fault(history, at_s=0.0, interval_s=5.0).next_at_s == 300.0


def test_how_long_a_file_has_been_missing_is_taken_from_an_earlier_run() -> None:
    waiting = replace(WAITING, no_file_since_s=900.0)
    history = first_plan(waiting, at_s=50.0, now_s=1000.0)

    assert history is not None
    assert history.no_file_for_s(60.0) == 110.0


def test_silence_backs_off_on_its_own_count() -> None:
    history = after_silence(replace(HISTORY, faults=3), at_s=100.0, interval_s=5.0)
    history = after_silence(history, at_s=100.0, interval_s=5.0)

    assert history.next_at_s == 110.0
    assert (history.faults, history.transport_faults) == (3, 2)


def test_a_back_off_is_never_shorter_than_the_interval() -> None:
    assert after_fault(HISTORY, at_s=0.0, interval_s=300.0).next_at_s == 300.0
    assert after_silence(HISTORY, at_s=0.0, interval_s=300.0).next_at_s == 300.0


def test_an_unknown_video_is_tried_a_few_times_in_its_first_minute() -> None:
    history: PollHistory | None = HISTORY
    at_s, tries = 0.0, 0
    while history is not None:
        history = after_not_known(history, at_s=at_s, interval_s=5.0)
        tries += 1
        at_s = history.next_at_s if history else at_s

    assert tries == 4
    assert 30.0 <= at_s <= 60.0


def test_no_row_may_be_asked_about_twice_within_the_shortest_interval() -> None:
    assert earliest_allowed_s(None) == 0.0
    assert earliest_allowed_s(100.0) == 100.0 + MIN_INTERVAL_S
