from dataclasses import replace

import pytest

from pixverse_desktop.core.durations import (
    ENOUGH,
    ENOUGH_OF_A_KIND,
    Durations,
    told_duration_s,
    usual_duration_s,
)
from pixverse_desktop.core.pace import CALM_INTERVAL_S, FixedPace
from pixverse_desktop.core.video import Video, VideoStatus

NOON_S = 1_788_264_000.0
PLAIN = FixedPace(5.0)
MANY = ENOUGH_OF_A_KIND
WAITING = Video(video_id="7", added_at_s=NOON_S, created_at_s=NOON_S)
READY = replace(WAITING, status=VideoStatus.READY, modified_at_s=NOON_S + 60, ended_at_s=NOON_S + 64)


def after(*videos: Video) -> Durations:
    durations = Durations()
    for video in videos:
        durations.learn(video)
    return durations


def test_a_clip_took_from_its_creation_to_its_last_change() -> None:
    assert told_duration_s(READY) == 60.0


@pytest.mark.parametrize(
    "video",
    [
        WAITING,
        replace(READY, status=VideoStatus.FAILED),
        replace(READY, created_at_s=None),
        replace(READY, modified_at_s=None),
        replace(READY, modified_at_s=NOON_S),  # never touched since
        replace(READY, modified_at_s=NOON_S + 200),  # touched after we had seen it finished
    ],
)
def test_times_that_cannot_be_honest_tell_nothing(video: Video) -> None:
    assert told_duration_s(video) is None


def test_until_enough_clips_are_known_the_pace_is_the_plain_one() -> None:
    assert after(*[READY] * (ENOUGH - 1)).pace_for(WAITING, unlearned=PLAIN) is PLAIN
    assert after(*[READY] * ENOUGH).pace_for(WAITING, unlearned=PLAIN) is not PLAIN


def test_a_clip_that_was_watched_needs_no_time_of_change() -> None:
    watched = replace(READY, modified_at_s=None)

    assert after(*[watched] * ENOUGH).pace_for(WAITING, unlearned=PLAIN) is not PLAIN


@pytest.mark.parametrize(
    "video",
    [
        replace(READY, modified_at_s=None, added_at_s=READY.ended_at_s or 0.0),  # finished when it was added
        replace(READY, modified_at_s=None, ended_at_s=NOON_S + 86_400),  # found the next day
        replace(READY, modified_at_s=NOON_S + 1, ended_at_s=NOON_S + 1),
        replace(READY, status=VideoStatus.MODERATED),
    ],
)
def test_what_says_nothing_about_rendering_is_not_learned_from(video: Video) -> None:
    assert after(*[video] * 100).pace_for(WAITING, unlearned=PLAIN) is PLAIN


def test_what_was_seen_counts_where_the_times_do_not_tell() -> None:
    durations = Durations()
    for _ in range(ENOUGH):
        durations.learn(replace(READY, modified_at_s=None, added_at_s=NOON_S + 63), seen_s=60.0)

    assert durations.pace_for(WAITING, unlearned=PLAIN) is not PLAIN


def test_a_kind_that_is_known_well_enough_has_a_pace_of_its_own() -> None:
    slow = replace(READY, credits=90, modified_at_s=NOON_S + 300, ended_at_s=NOON_S + 300)
    durations = after(*[replace(READY, credits=15)] * MANY, *[slow] * MANY)

    quick_pace = durations.pace_for(replace(WAITING, credits=15), unlearned=PLAIN)
    slow_pace = durations.pace_for(replace(WAITING, credits=90), unlearned=PLAIN)

    assert quick_pace.gap_s(55.0) < CALM_INTERVAL_S < slow_pace.gap_s(55.0)


def test_a_kind_that_is_hardly_known_falls_back_to_all_clips() -> None:
    durations = after(*[READY] * ENOUGH, replace(READY, credits=90))

    rare = replace(WAITING, credits=90, created_at_s=NOON_S + 6 * 3600)

    assert durations.pace_for(rare, unlearned=PLAIN) is durations.pace_for(
        replace(rare, credits=None), unlearned=PLAIN
    )


def test_the_latest_clips_count_and_a_faster_service_is_learned() -> None:
    quick = replace(READY, modified_at_s=NOON_S + 15, ended_at_s=NOON_S + 20)
    durations = after(*[READY] * 200)
    before_s = durations.pace_for(WAITING, unlearned=PLAIN).gap_s(2.0)

    for _ in range(200):
        durations.learn(quick)

    assert durations.pace_for(WAITING, unlearned=PLAIN).gap_s(2.0) < 0.6 * before_s


def took(seconds: float) -> Video:
    return replace(READY, modified_at_s=NOON_S + seconds, ended_at_s=NOON_S + seconds + 4)


def test_what_is_usual_is_the_middle_of_what_the_last_clips_took() -> None:
    assert usual_duration_s([took(50), WAITING, took(70), took(500), took(60), took(40)]) == 60
    assert usual_duration_s([*[took(30)] * 60, *[took(90)] * 500]) == 30


def test_of_two_clips_nothing_is_usual_and_what_was_late_does_not_count() -> None:
    assert usual_duration_s([took(50), took(60)]) is None
    assert usual_duration_s([took(50), took(60), took(7200)]) is None
